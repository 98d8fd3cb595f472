//! What an importer says, checked against the protocol line by line.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use kith_plugin::{Counts, Interaction, Message, Place, Record, Suggestion};

use super::fault::Fault;
use super::plain;
use super::registry::Origin;
use super::sound;
use super::spool::Skipped;

/// The characters of a reason or a hint that are kept.
const LONGEST_REASON: usize = 500;

/// An importer's answer as far as it was heard.
#[derive(Debug)]
pub(super) struct Answer {
    importer: String,
    protocol: u32,
    parts: u32,
    /// Whether it may be wrong in what only importers of kith's own see to.
    is_foreign: bool,
    lines: u64,
    greeted: bool,
    counts: Counts,
    /// The name of the file of which more is to come.
    part: Option<String>,
    verdict: Option<Verdict>,
}

/// How many notes on the input as a whole are kept.
const MOST_NOTES: usize = 10;

/// How an answer ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Verdict {
    /// With `done` and counts that match.
    Done {
        /// What was written.
        counts: Counts,
        /// What the user should know of the input as a whole.
        notes: Vec<String>,
    },
    /// With `failed`.
    Failed {
        /// Why.
        reason: String,
        /// What to do about it.
        hint: Option<String>,
        /// A file that would make a difference, as it was sent.
        suggestion: Option<Suggestion>,
    },
}

/// What a line says that others need to know.
#[derive(Debug, PartialEq)]
pub(super) enum Said {
    /// Nothing.
    Nothing,
    /// A record.
    Contact {
        /// What it says, as far as it can be.
        record: Box<Record>,
        /// The line to keep instead, if it said more.
        mended: Option<Vec<u8>>,
    },
    /// Contact that the user had with others.
    Interaction(Box<Interaction>),
    /// A piece of a file that was within the input.
    Part {
        /// The name of the file, if the piece is its first.
        begins: Option<String>,
        /// Its next bytes.
        bytes: Vec<u8>,
    },
    /// Something that was not taken.
    Skipped(Skipped),
    /// How many bytes were read.
    Progress(u64),
}

impl Answer {
    /// Nothing heard yet from this importer, to which `protocol` is spoken and so many parts are sent.
    pub(super) fn new(importer: &str, protocol: u32, parts: u32) -> Self {
        Self {
            importer: importer.to_owned(),
            protocol,
            parts,
            is_foreign: false,
            lines: 0,
            greeted: false,
            counts: Counts::default(),
            part: None,
            verdict: None,
        }
    }

    /// The same of an importer that comes from there.
    pub(super) fn by(self, origin: &Origin) -> Self {
        Self { is_foreign: *origin != Origin::BuiltIn, ..self }
    }

    /// Whether it has said hello.
    pub(super) fn greeted(&self) -> bool {
        self.greeted
    }

    /// How the answer ended, if it has.
    pub(super) fn verdict(&self) -> Option<&Verdict> {
        self.verdict.as_ref()
    }

    /// Hears the next line.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(super) fn hear(&mut self, line: &[u8]) -> Result<Said, Fault> {
        self.lines += 1;
        let message: Message = serde_json::from_slice(line).map_err(|error| Fault::NoMessage {
            line: self.lines,
            why: plain(&error.to_string(), LONGEST_REASON),
        })?;
        if self.verdict.is_some() {
            return Err(Fault::AfterTheEnd { line: self.lines });
        }
        match (self.greeted, &message) {
            (true, Message::Hello { .. }) => return Err(Fault::HelloAgain { line: self.lines }),
            (true, _) | (false, Message::Hello { .. }) => {}
            (false, _) => return Err(Fault::NoHello),
        }
        match message {
            Message::Hello { name, protocols } => self.greet(&name, &protocols),
            Message::Contact(record) => {
                self.counts.contact += 1;
                self.place(record.at)?;
                let sound = if self.is_foreign { sound::mended(&record) } else { None };
                let mended = sound.as_ref().and_then(|record| serde_json::to_vec(record).ok());
                Ok(Said::Contact { record: sound.map_or(record, Box::new), mended })
            }
            Message::Interaction(interaction) => {
                self.counts.interaction += 1;
                self.place(interaction.at)?;
                Ok(Said::Interaction(interaction))
            }
            Message::Part { at, file_name, data, more } => {
                self.place(at)?;
                // A folder in it is no folder of the user's.
                let file_name = file_name.rsplit('/').next().unwrap_or_default().to_owned();
                let begins = self.part.as_ref().is_none_or(|open| *open != file_name);
                if begins && self.part.is_some() {
                    return Err(Fault::FileWithinAFile { line: self.lines });
                }
                self.counts.part += u64::from(!more);
                let bytes = BASE64_STANDARD
                    .decode(&data)
                    .map_err(|error| Fault::NotBase64 { line: self.lines, why: error.to_string() })?;
                let begins = begins.then(|| file_name.clone());
                self.part = more.then_some(file_name);
                Ok(Said::Part { begins, bytes })
            }
            Message::Skipped { at, reason } => {
                self.counts.skipped += 1;
                self.place(at)?;
                Ok(Said::Skipped(Skipped { at, reason: plain(&reason, LONGEST_REASON) }))
            }
            Message::Progress { bytes } => Ok(Said::Progress(bytes)),
            Message::Done { .. } if self.part.is_some() => Err(Fault::DoneWithinAFile { line: self.lines }),
            Message::Done { counts, notes } => {
                if counts != self.counts {
                    return Err(Fault::Miscounted { line: self.lines, said: counts, wrote: self.counts });
                }
                let notes = notes.iter().take(MOST_NOTES).map(|note| plain(note, LONGEST_REASON)).collect();
                self.verdict = Some(Verdict::Done { counts, notes });
                Ok(Said::Nothing)
            }
            Message::Failed { reason, hint, suggestion } => {
                self.verdict = Some(Verdict::Failed {
                    reason: plain(&reason, LONGEST_REASON),
                    hint: hint.map(|hint| plain(&hint, LONGEST_REASON)),
                    suggestion,
                });
                Ok(Said::Nothing)
            }
            _ => Err(Fault::OtherType { line: self.lines }),
        }
    }

    fn greet(&mut self, name: &str, protocols: &[u32]) -> Result<Said, Fault> {
        if name != self.importer {
            return Err(Fault::OtherName(plain(name, 50)));
        }
        if !protocols.contains(&self.protocol) {
            return Err(Fault::OtherVersions { spoken: protocols.to_vec(), promised: self.protocol });
        }
        self.greeted = true;
        Ok(Said::Nothing)
    }

    fn place(&self, at: Place) -> Result<(), Fault> {
        if at.part < self.parts {
            return Ok(());
        }
        Err(Fault::NoSuchPart { line: self.lines, part: at.part, parts: self.parts })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::importer::private::Private;

    const HELLO: &str = r#"{"type":"hello","name":"toy","protocols":[1,2]}"#;
    const CONTACT: &str = r#"{"type":"contact","at":{"line":1},"contact":{"uid":"a"},"raw":"A","new":[]}"#;
    const SKIPPED: &str = r#"{"type":"skipped","at":{"line":2},"reason":"no\tname"}"#;

    fn hear(lines: &[&str]) -> (Answer, Result<Said, Fault>) {
        let mut answer = Answer::new("toy", 1, 1);
        let mut said = Ok(Said::Nothing);
        for line in lines {
            said = answer.hear(line.as_bytes());
            if said.is_err() {
                break;
            }
        }
        (answer, said)
    }

    #[test]
    fn an_answer_ends_with_done_or_failed() {
        let done = r#"{"type":"done","counts":{"contact":1,"skipped":1},"notes":["a\tguess"]}"#;
        let (answer, said) = hear(&[HELLO, CONTACT, r#"{"type":"progress","bytes":9}"#, SKIPPED, done]);
        assert_eq!(said, Ok(Said::Nothing));
        assert_eq!(
            answer.verdict(),
            Some(&Verdict::Done {
                counts: Counts { contact: 1, skipped: 1, ..Counts::default() },
                notes: vec!["a guess".into()]
            })
        );

        let (answer, _) = hear(&[HELLO, CONTACT, r#"{"type":"failed","reason":"no cards"}"#]);
        assert_eq!(
            answer.verdict(),
            Some(&Verdict::Failed { reason: "no cards".into(), hint: None, suggestion: None })
        );

        let (_, said) = hear(&[HELLO, SKIPPED]);
        assert_eq!(
            said,
            Ok(Said::Skipped(Skipped { at: Place { part: 0, line: 2 }, reason: "no name".into() }))
        );
    }

    #[test]
    fn what_somebody_elses_importer_says_of_a_record_is_put_right() {
        let line = CONTACT
            .replace(r#"{"uid":"a"}"#, r#"{"uid":"a","anniversaries":[{"kind":"birth","date":"soon"}]}"#);
        let plugin = Origin::Plugin { manifest: "toy.toml".into(), private: Private::default() };
        for (origin, is_mended) in [(Origin::BuiltIn, false), (plugin, true)] {
            let mut answer = Answer::new("toy", 1, 1).by(&origin);
            answer.hear(HELLO.as_bytes()).unwrap();
            let Said::Contact { record, mended } = answer.hear(line.as_bytes()).unwrap() else {
                panic!("no contact")
            };
            assert_eq!(record.contact.anniversaries.is_empty(), is_mended);
            assert_eq!(
                mended.map(|line| serde_json::from_slice(&line).unwrap()),
                is_mended.then_some(*record)
            );
        }
    }

    #[test]
    fn a_files_name_has_no_folders() {
        let part = r#"{"type":"part","at":{"line":0},"fileName":"../../etc/x.vcf","data":""}"#;
        assert_eq!(
            hear(&[HELLO, part]).1,
            Ok(Said::Part { begins: Some("x.vcf".to_owned()), bytes: Vec::new() })
        );
    }

    #[test]
    fn what_the_protocol_does_not_have_is_refused() {
        let done = r#"{"type":"done","counts":{}}"#;
        for (name, lines, says) in [
            ("no hello", &[CONTACT][..], "did not say hello first"),
            ("hello again", &[HELLO, HELLO], "hello again"),
            ("another's name", &[r#"{"type":"hello","name":"imp","protocols":[1]}"#], "calls itself \"imp\""),
            ("version", &[r#"{"type":"hello","name":"toy","protocols":[2]}"#], "version [2]"),
            ("type", &[HELLO, r#"{"type":"poem"}"#], "line 2 of its answer (unknown variant `poem`"),
            ("no JSON", &[HELLO, "Traceback"], "not of the protocol, in line 2"),
            ("empty line", &[HELLO, ""], "not of the protocol"),
            ("too few", &[HELLO, CONTACT, done], "counted 0 records, but wrote 1"),
            ("after done", &[HELLO, done, CONTACT], "line 3 after the line that ends"),
            ("part", &[HELLO, r#"{"type":"skipped","at":{"part":1},"reason":""}"#], "part 1"),
        ] {
            let error = hear(lines).1.unwrap_err().to_string();
            assert!(error.contains(says), "{name}: {error}");
        }
    }
}
