//! What an importer can do wrong, and why nothing may come of a conversation with it.

use std::fmt;
use std::time::Duration;

use kith_plugin::{Counts, Suggestion};

use crate::error::Error;

/// Why a conversation gave no whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unanswered {
    /// The importer did something wrong.
    Fault(Fault),
    /// The importer answered `failed`: the input is not what it reads.
    Failed {
        /// Why.
        reason: String,
        /// What to do about it.
        hint: Option<String>,
        /// A file that would make a difference, as it was sent.
        suggestion: Option<Suggestion>,
    },
    /// The caller wants it no longer.
    Cancelled,
    /// The file changed while it was read.
    Changed,
    /// Something around it failed: the disk, the kernel.
    Surroundings(Error),
}

impl From<Fault> for Unanswered {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// What an importer did wrong. Shown, it continues a sentence that begins with the importer's name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// A line is not a message.
    NoMessage {
        /// The line of its answer, from 1.
        line: u64,
        /// What is wrong with it.
        why: String,
    },
    /// A message is of a type that the protocol has and this host does not.
    OtherType {
        /// The line of its answer.
        line: u64,
    },
    /// A line behind the one that ends the answer.
    AfterTheEnd {
        /// The line of its answer.
        line: u64,
    },
    /// `hello` a second time.
    HelloAgain {
        /// The line of its answer.
        line: u64,
    },
    /// The first message is another than `hello`.
    NoHello,
    /// It calls itself otherwise than its manifest does.
    OtherName(String),
    /// It does not speak the version that its manifest promises.
    OtherVersions {
        /// Those that it speaks.
        spoken: Vec<u32>,
        /// The one that it was to speak.
        promised: u32,
    },
    /// It names a part that it was not sent.
    NoSuchPart {
        /// The line of its answer.
        line: u64,
        /// The part it names, from 0.
        part: u32,
        /// How many it was sent.
        parts: u32,
    },
    /// It counted otherwise than it wrote.
    Miscounted {
        /// The line of its answer.
        line: u64,
        /// What it says.
        said: Counts,
        /// What it wrote.
        wrote: Counts,
    },
    /// It began a file from within the input before the one before it had ended.
    FileWithinAFile {
        /// The line of its answer.
        line: u64,
    },
    /// The bytes of such a file are not base64.
    NotBase64 {
        /// The line of its answer.
        line: u64,
        /// What is wrong with them.
        why: String,
    },
    /// It said `done` before such a file had ended.
    DoneWithinAFile {
        /// The line of its answer.
        line: u64,
    },
    /// A line of more than so many bytes.
    LongLine(usize),
    /// More than so many bytes of output.
    MuchOutput(u64),
    /// More than so many processes at one time.
    Processes(u32),
    /// More than so many threads at one time, besides the first of each process.
    Threads(u32),
    /// More than so many bytes of memory, all processes together.
    Memory(u64),
    /// It ran for so long.
    Slow(Duration),
    /// It neither read nor wrote for so long.
    Idle(Duration),
    /// It closed its output, and was still there after so long.
    LivedOn(Duration),
    /// A process that it started held its output for so long after it had ended.
    LeftBehind(Duration),
    /// It said `done` and did not read all.
    ReadTooLittle(Last),
    /// It said `done` and then failed.
    FailedAfterDone(Last),
    /// It ended without a last message.
    NotDone(Last),
    /// It ended within a line.
    HalfALine(Last),
}

/// How an importer ended.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Last {
    /// How, in words.
    pub how: String,
    /// Its last line on standard error.
    pub words: Option<String>,
}

impl Fault {
    /// The line of the answer that is wrong, from 1, if it is one.
    #[must_use]
    pub fn line(&self) -> Option<u64> {
        match self {
            Self::NoMessage { line, .. }
            | Self::OtherType { line }
            | Self::AfterTheEnd { line }
            | Self::HelloAgain { line }
            | Self::NoSuchPart { line, .. }
            | Self::FileWithinAFile { line }
            | Self::NotBase64 { line, .. }
            | Self::DoneWithinAFile { line }
            | Self::Miscounted { line, .. } => Some(*line),
            Self::NoHello | Self::OtherName(_) | Self::OtherVersions { .. } => Some(1),
            _ => None,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoMessage { line, why } => {
                write!(f, "wrote something that is not of the protocol, in line {line} of its answer ({why})")
            }
            Self::OtherType { line } => {
                write!(f, "wrote a message that kith does not know, in line {line} of its answer")
            }
            Self::AfterTheEnd { line } => write!(f, "wrote line {line} after the line that ends its answer"),
            Self::HelloAgain { line } => write!(f, "said hello again in line {line}"),
            Self::NoHello => f.write_str("did not say hello first"),
            Self::OtherName(name) => write!(f, "calls itself {name:?}"),
            Self::OtherVersions { spoken, promised } => write!(
                f,
                "speaks version {spoken:?} of the protocol and not version {promised}, which its manifest promises"
            ),
            Self::NoSuchPart { line, part, parts: 1 } => {
                write!(f, "names part {part} of a file that is one part, in line {line} of its answer")
            }
            Self::NoSuchPart { line, part, parts } => {
                write!(f, "names part {part} of {parts}, which count from 0, in line {line} of its answer")
            }
            Self::Miscounted { said, wrote, .. } => {
                let (what, said, wrote) = difference(*said, *wrote).unwrap_or_default();
                write!(f, "counted {said} {what}, but wrote {wrote}")
            }
            Self::FileWithinAFile { line } => {
                write!(f, "began a file within another, in line {line} of its answer")
            }
            Self::NotBase64 { line, why } => {
                write!(f, "wrote data that is not base64, in line {line} of its answer ({why})")
            }
            Self::DoneWithinAFile { .. } => f.write_str("was done within a file"),
            Self::LongLine(most) => write!(f, "wrote a line longer than {} MiB and was ended", most >> 20),
            Self::MuchOutput(most) => write!(f, "wrote more than {} MiB and was ended", most >> 20),
            Self::Processes(most) => write!(f, "had more than {most} processes and was ended"),
            Self::Threads(most) => write!(f, "had more than {most} threads and was ended"),
            Self::Memory(most) => write!(f, "used more than {} MiB of memory and was ended", most >> 20),
            Self::Slow(time) => write!(f, "ran for {} and was ended", Seconds(*time)),
            Self::Idle(time) => {
                write!(f, "neither read nor wrote anything for {} and was ended", Seconds(*time))
            }
            Self::LivedOn(time) => {
                write!(f, "closed its output and lived on for {} and was ended", Seconds(*time))
            }
            Self::LeftBehind(time) => {
                write!(f, "left a process behind that holds its output for {} and was ended", Seconds(*time))
            }
            Self::ReadTooLittle(last) => {
                write!(f, "said that it was done before it had read the whole file{}", Quoted(last))
            }
            Self::FailedAfterDone(last) => {
                write!(f, "said that it was done and then {}{}", last.how, Quoted(last))
            }
            Self::NotDone(last) => {
                write!(f, "{} without saying that it was done{}", last.how, Quoted(last))
            }
            Self::HalfALine(last) => write!(f, "{} in the middle of a line{}", last.how, Quoted(last)),
        }
    }
}

/// A time in seconds, in words.
struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = if self.0 == Duration::from_secs(1) { "second" } else { "seconds" };
        write!(f, "{} {unit}", self.0.as_secs_f64())
    }
}

/// Its last words, behind a sentence.
struct Quoted<'a>(&'a Last);

impl fmt::Display for Quoted<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.words.as_ref().map_or(Ok(()), |words| write!(f, "; its last words were: {words}"))
    }
}

/// In which kind of lines what was counted is not what was written.
fn difference(said: Counts, wrote: Counts) -> Option<(&'static str, u64, u64)> {
    [
        ("records", said.contact, wrote.contact),
        ("interactions", said.interaction, wrote.interaction),
        ("files", said.part, wrote.part),
        ("skipped", said.skipped, wrote.skipped),
    ]
    .into_iter()
    .find(|(_, said, wrote)| said != wrote)
}
