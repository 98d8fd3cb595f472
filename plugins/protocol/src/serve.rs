//! The plugin's side of the contract for authors in Rust.

use std::fmt;
use std::io::{self, BufRead, BufWriter, Read, Write};

use base64::prelude::{BASE64_STANDARD, Engine as _};

use crate::{Counts, Interaction, Message, PROTOCOL, PartHeader, PartKind, Place, Record, Suggestion};

/// How many bytes are written at once: as many as a pipe holds.
const BUFFER: usize = 64 << 10;

/// How many bytes of a part pass between two progress lines.
const PROGRESS_EVERY: u64 = 1 << 20;

/// An importer: turns the bytes of a part into records.
pub trait Importer {
    /// The importer's name, as in its manifest.
    const NAME: &'static str;

    /// Reads one part to its end and writes what it holds to `out`.
    ///
    /// # Errors
    /// [`Failure::Input`] if the part as a whole cannot be read; a single bad
    /// record is [`Output::skipped`] instead. [`Failure::Io`] if a pipe broke.
    fn import(&mut self, part: &mut Part<'_>, out: &mut Output<'_>) -> Result<(), Failure>;

    /// Is asked once all parts of a batch are read: for what it tells of all of them together.
    fn end(&mut self, _out: &mut Output<'_>) {}
}

/// Why a batch could not be read.
#[derive(Debug)]
pub enum Failure {
    /// The input is not what this importer reads; told to the user.
    Input {
        /// Why.
        reason: String,
        /// What to do about it.
        hint: Option<String>,
        /// A file that would make a difference if the user had it.
        suggestion: Option<Suggestion>,
    },
    /// Reading from or writing to kith failed.
    Io(io::Error),
}

impl Failure {
    /// A failure of the input, for the user's eyes.
    pub fn input(reason: impl Into<String>) -> Self {
        Self::Input { reason: reason.into(), hint: None, suggestion: None }
    }

    /// That there is nothing in the file.
    #[must_use]
    pub fn empty() -> Self {
        Self::input("the file is empty").hint("export it again and check that the program wrote something")
    }

    /// The same failure with advice.
    #[must_use]
    pub fn hint(self, advice: impl Into<String>) -> Self {
        match self {
            Self::Input { reason, suggestion, .. } => {
                Self::Input { reason, hint: Some(advice.into()), suggestion }
            }
            io => io,
        }
    }

    /// The same failure with a file that would make a difference if the user had it.
    #[must_use]
    pub fn suggest(self, file_name: impl Into<String>, text: impl Into<String>) -> Self {
        match self {
            Self::Input { reason, hint, .. } => {
                let suggestion = Suggestion { file_name: file_name.into(), text: text.into() };
                Self::Input { reason, hint, suggestion: Some(suggestion) }
            }
            io => io,
        }
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Input { reason, .. } => f.write_str(reason),
            Self::Io(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for Failure {}

/// How much of a part is looked at to tell what it is, in bytes.
const HEAD: u64 = 512;

/// One part of a batch: its header, and its bytes through [`Read`] and [`BufRead`].
pub struct Part<'a> {
    header: PartHeader,
    index: u32,
    body: io::Take<&'a mut dyn BufRead>,
}

impl Part<'_> {
    /// What kith says about the part.
    #[must_use]
    pub fn header(&self) -> &PartHeader {
        &self.header
    }

    /// The place of a line of this part, for records and skipped ones.
    #[must_use]
    pub fn place(&self, line: u64) -> Place {
        Place { part: self.index, line }
    }

    /// The encoding that the user stated for text, by a label as the web has
    /// them (`windows-1252`), if they did: the option `encoding`.
    #[must_use]
    pub fn stated_encoding(&self) -> Option<&str> {
        self.header.options.get("encoding").and_then(|label| label.as_str())
    }

    /// Reads the beginning of the part, which tells what kind of file it is: some hundred bytes.
    ///
    /// # Errors
    /// If the part is empty, or cannot be read.
    pub fn head(&mut self) -> Result<Vec<u8>, Failure> {
        let mut head = Vec::new();
        self.by_ref().take(HEAD).read_to_end(&mut head)?;
        if head.is_empty() { Err(Failure::empty()) } else { Ok(head) }
    }

    /// How many of the part's bytes have been read.
    #[must_use]
    pub fn read_so_far(&self) -> u64 {
        self.header.bytes - self.body.limit()
    }
}

impl Read for Part<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.body.read(buffer)
    }
}

impl BufRead for Part<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.body.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        self.body.consume(amount);
    }
}

/// Where an importer writes what it found.
pub struct Output<'a> {
    writer: &'a mut dyn Write,
    /// The line that is being written.
    line: Vec<u8>,
    counts: Counts,
    notes: Vec<String>,
    progress: u64,
}

impl Output<'_> {
    /// Writes one record.
    ///
    /// # Errors
    /// If kith no longer reads.
    pub fn contact(&mut self, record: Record) -> io::Result<()> {
        self.counts.contact += 1;
        self.line(&Message::Contact(Box::new(record)))
    }

    /// Writes that the user was in touch with others.
    ///
    /// # Errors
    /// If kith no longer reads.
    pub fn interaction(&mut self, interaction: Interaction) -> io::Result<()> {
        self.counts.interaction += 1;
        self.line(&Message::Interaction(Box::new(interaction)))
    }

    /// Writes a file that was within the part, from where `bytes` is.
    ///
    /// # Errors
    /// If kith no longer reads, or `bytes` cannot be read.
    pub fn part(&mut self, at: Place, file_name: &str, bytes: &mut impl Read) -> io::Result<()> {
        /// Bytes in one message.
        const PIECE: u64 = 48 << 10;
        self.counts.part += 1;
        let mut piece = Vec::new();
        loop {
            piece.clear();
            bytes.take(PIECE).read_to_end(&mut piece)?;
            let more = piece.len() as u64 == PIECE;
            let data = BASE64_STANDARD.encode(&piece);
            self.line(&Message::Part { at, file_name: file_name.to_owned(), data, more })?;
            if !more {
                return Ok(());
            }
        }
    }

    /// Writes that something was not taken, where it stands and why.
    ///
    /// # Errors
    /// If kith no longer reads.
    pub fn skipped(&mut self, at: Place, reason: impl Into<String>) -> io::Result<()> {
        self.counts.skipped += 1;
        self.line(&Message::Skipped { at, reason: reason.into() })
    }

    /// Tells the user something about the input as a whole, once it is read.
    pub fn note(&mut self, note: impl Into<String>) {
        self.notes.push(note.into());
    }

    /// Tells how many bytes of the part have been read; writes a line only now
    /// and then, so it may be called for every record.
    ///
    /// # Errors
    /// If kith no longer reads.
    pub fn progress(&mut self, bytes: u64) -> io::Result<()> {
        if bytes < self.progress.saturating_add(PROGRESS_EVERY) {
            return Ok(());
        }
        self.progress = bytes;
        self.line(&Message::Progress { bytes })?;
        // Behind it there may be nothing to write for long.
        self.writer.flush()
    }

    /// Writes that a part of several could not be read.
    fn failed(&mut self, at: Place, why: &Message) -> io::Result<()> {
        match why {
            Message::Failed { reason, .. } => self.skipped(at, reason.as_str()),
            _ => Ok(()),
        }
    }

    fn line(&mut self, message: &Message) -> io::Result<()> {
        self.line.clear();
        serde_json::to_writer(&mut self.line, message)?;
        self.line.push(b'\n');
        self.writer.write_all(&self.line)
    }
}

/// Speaks the protocol: reads parts from `input` until it ends, gives each to
/// the importer, and writes the answer to `output`.
///
/// # Errors
/// If a pipe breaks or `input` is not what PROTOCOL.md says. What is wrong
/// with the user's file is an answer to kith (`failed`), not an error here.
pub fn serve<I: Importer>(importer: &mut I, mut input: impl BufRead, output: impl Write) -> io::Result<()> {
    let mut output = BufWriter::with_capacity(BUFFER, output);
    let mut out = Output {
        writer: &mut output,
        line: Vec::new(),
        counts: Counts::default(),
        notes: Vec::new(),
        progress: 0,
    };
    out.line(&Message::Hello { name: I::NAME.to_owned(), protocols: vec![PROTOCOL] })?;
    out.writer.flush()?;
    let mut index = 0;
    // Of the parts that could not be read the first, and whether another could.
    let (mut failure, mut any) = (None, false);
    let last = loop {
        let Some(header) = read_header(&mut input)? else {
            match failure {
                Some((_, failed)) if !any => break failed,
                Some((place, failed)) => out.failed(place, &failed)?,
                None => {}
            }
            importer.end(&mut out);
            break Message::Done { counts: out.counts, notes: std::mem::take(&mut out.notes) };
        };
        if header.kind == PartKind::Unknown {
            let reason = "it is sent in a way that this importer does not know".to_owned();
            break Message::Failed { reason, hint: None, suggestion: None };
        }
        let bytes = header.bytes;
        let mut part = Part { header, index, body: (&mut input as &mut dyn BufRead).take(bytes) };
        out.progress = 0;
        match importer.import(&mut part, &mut out) {
            Ok(()) => any = true,
            // One bad file of several costs no neighbour; if none is good, the first says why.
            Err(Failure::Input { reason, hint, suggestion }) => {
                let failed = Message::Failed { reason, hint, suggestion };
                match failure {
                    None => failure = Some((part.place(0), failed)),
                    Some(_) => out.failed(part.place(0), &failed)?,
                }
            }
            Err(Failure::Io(error)) => return Err(error),
        }
        // An importer may stop early (a trailer it does not need); the next header comes after the rest.
        io::copy(&mut part, &mut io::sink())?;
        if part.body.limit() > 0 {
            return Err(io::Error::new(
                io::ErrorKind::UnexpectedEof,
                format!("the input ended {} bytes before the part did", part.body.limit()),
            ));
        }
        index += 1;
    };
    out.line(&last)?;
    out.writer.flush()
}

fn read_header(input: &mut dyn BufRead) -> io::Result<Option<PartHeader>> {
    /// A header is a name and a few settings; more is not one.
    const LONGEST: u64 = 1 << 20;
    let mut line = Vec::new();
    if (&mut *input).take(LONGEST).read_until(b'\n', &mut line)? == 0 {
        return Ok(None);
    }
    serde_json::from_slice(&line).map(Some).map_err(|error| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            format!("the header of a part is not as specified: {error}"),
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Contact;

    /// One record a line, the line being the uid; `bad` is skipped, `stop` fails.
    struct Lines;

    impl Importer for Lines {
        const NAME: &'static str = "lines";

        fn import(&mut self, part: &mut Part<'_>, out: &mut Output<'_>) -> Result<(), Failure> {
            let mut text = String::new();
            part.read_to_string(&mut text)?;
            for (at, line) in (1..).zip(text.lines()) {
                match line {
                    "bad" => out.skipped(part.place(at), "it says bad")?,
                    "stop" => return Err(Failure::input("it says stop").hint("remove the line")),
                    uid => out.contact(Record {
                        at: part.place(at),
                        contact: Contact { uid: Some(uid.to_owned()), ..Contact::default() },
                        ..Record::default()
                    })?,
                }
            }
            Ok(())
        }
    }

    fn answer(input: &str) -> io::Result<String> {
        let mut output = Vec::new();
        serve(&mut Lines, input.as_bytes(), &mut output)?;
        Ok(String::from_utf8(output).unwrap())
    }

    const HEAD: &str = r#"{"kind":"file","protocol":1,"fileName":"x","bytes":"#;

    #[test]
    fn two_parts_are_one_batch() {
        let said = answer(&format!("{HEAD}6}}\na\nbad\n{HEAD}1}}\nb")).unwrap();
        assert_lines(
            &said,
            &[
                r#"{"type":"hello","name":"lines","protocols":[1]}"#,
                r#"{"type":"contact","at":{"line":1},"contact":{"uid":"a"}}"#,
                r#"{"type":"skipped","at":{"line":2},"reason":"it says bad"}"#,
                r#"{"type":"contact","at":{"part":1,"line":1},"contact":{"uid":"b"}}"#,
                r#"{"type":"done","counts":{"contact":2,"skipped":1}}"#,
            ],
        );
    }

    /// Reads all there is, says how far it is, and waits for kith to have heard that.
    struct Silent<'a>(&'a std::cell::RefCell<Vec<u8>>);

    impl Importer for Silent<'_> {
        const NAME: &'static str = "silent";

        fn import(&mut self, part: &mut Part<'_>, out: &mut Output<'_>) -> Result<(), Failure> {
            io::copy(part, &mut io::sink())?;
            out.progress(part.read_so_far())?;
            let heard = String::from_utf8(self.0.borrow().clone()).unwrap();
            assert!(heard.ends_with("{\"type\":\"progress\",\"bytes\":1048576}\n"), "{heard}");
            Ok(())
        }
    }

    struct Shared<'a>(&'a std::cell::RefCell<Vec<u8>>);

    impl Write for Shared<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn progress_is_told_at_once() {
        let heard = std::cell::RefCell::default();
        let input = format!("{HEAD}1048576}}\n{}", "x".repeat(1 << 20));
        serve(&mut Silent(&heard), input.as_bytes(), Shared(&heard)).unwrap();
    }

    #[test]
    fn a_failure_is_the_last_line() {
        let said = answer(&format!("{HEAD}4}}\nstop")).unwrap();
        assert_lines(
            &said,
            &[
                r#"{"type":"hello","name":"lines","protocols":[1]}"#,
                r#"{"type":"failed","reason":"it says stop","hint":"remove the line"}"#,
            ],
        );
    }

    #[test]
    fn a_bad_part_of_several_costs_no_neighbour() {
        let said = answer(&format!("{HEAD}4}}\nstop{HEAD}1}}\nb{HEAD}4}}\nstop")).unwrap();
        assert_lines(
            &said,
            &[
                r#"{"type":"hello","name":"lines","protocols":[1]}"#,
                r#"{"type":"contact","at":{"part":1,"line":1},"contact":{"uid":"b"}}"#,
                r#"{"type":"skipped","at":{"part":2,"line":0},"reason":"it says stop"}"#,
                r#"{"type":"skipped","at":{"line":0},"reason":"it says stop"}"#,
                r#"{"type":"done","counts":{"contact":1,"skipped":2}}"#,
            ],
        );
        let said = answer(&format!("{HEAD}4}}\nstop{HEAD}4}}\nstop")).unwrap();
        assert!(
            said.ends_with(
                "{\"type\":\"failed\",\"reason\":\"it says stop\",\"hint\":\"remove the line\"}\n"
            ),
            "{said}"
        );
    }

    #[test]
    fn a_part_of_another_kind_is_a_failure() {
        let said = answer(&format!("{}4}}\nstop", HEAD.replace("file\"", "folder\""))).unwrap();
        assert!(
            said.ends_with(
                "{\"type\":\"failed\",\"reason\":\"it is sent in a way that this importer does not know\"}\n"
            ),
            "{said}"
        );
    }

    #[test]
    fn input_that_ends_within_a_part_is_an_error() {
        let error = answer(&format!("{HEAD}99}}\na")).unwrap_err();
        assert!(error.to_string().contains("98 bytes before"), "{error}");
    }

    #[test]
    fn a_header_that_is_no_header_is_an_error() {
        let error = answer("BEGIN:VCARD\n").unwrap_err();
        assert!(error.to_string().contains("header"), "{error}");
    }

    fn assert_lines(said: &str, expected: &[&str]) {
        assert_eq!(said.lines().collect::<Vec<_>>(), expected);
    }
}
