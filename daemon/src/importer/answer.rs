//! What an importer says, checked against the protocol line by line.

use base64::prelude::{BASE64_STANDARD, Engine as _};
use kith_plugin::{Counts, Interaction, Message, Place, Record, Suggestion};

use super::plain;
use super::spool::Skipped;

/// The characters of a reason or a hint that are kept.
const LONGEST_REASON: usize = 500;

/// An importer's answer as far as it was heard.
#[derive(Debug)]
pub(super) struct Answer {
    importer: String,
    protocol: u32,
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
    Contact(Box<Record>),
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
    /// Nothing heard yet from this importer, to which `protocol` is spoken.
    pub(super) fn new(importer: &str, protocol: u32) -> Self {
        Self {
            importer: importer.to_owned(),
            protocol,
            lines: 0,
            greeted: false,
            counts: Counts::default(),
            part: None,
            verdict: None,
        }
    }

    /// How the answer ended, if it has.
    pub(super) fn verdict(&self) -> Option<&Verdict> {
        self.verdict.as_ref()
    }

    /// Hears the next line.
    ///
    /// # Errors
    /// What is wrong with it, for a sentence that begins with the importer's name.
    pub(super) fn hear(&mut self, line: &[u8]) -> Result<Said, String> {
        self.lines += 1;
        let message: Message = serde_json::from_slice(line).map_err(|error| {
            let error = plain(&error.to_string(), LONGEST_REASON);
            format!(
                "wrote something that is not of the protocol, in line {} of its answer ({error})",
                self.lines
            )
        })?;
        if self.verdict.is_some() {
            return Err(format!("wrote line {} after the line that ends its answer", self.lines));
        }
        match (self.greeted, &message) {
            (true, Message::Hello { .. }) => return Err(format!("said hello again in line {}", self.lines)),
            (true, _) | (false, Message::Hello { .. }) => {}
            (false, _) => return Err("did not say hello first".to_owned()),
        }
        match message {
            Message::Hello { name, protocols } => self.greet(&name, &protocols),
            Message::Contact(record) => {
                self.counts.contact += 1;
                self.place(record.at)?;
                Ok(Said::Contact(record))
            }
            Message::Interaction(interaction) => {
                self.counts.interaction += 1;
                self.place(interaction.at)?;
                Ok(Said::Interaction(interaction))
            }
            Message::Part { at, file_name, data, more } => {
                self.place(at)?;
                let begins = self.part.as_ref().is_none_or(|open| *open != file_name);
                if begins && self.part.is_some() {
                    return Err(format!("began a file within another, in line {} of its answer", self.lines));
                }
                self.counts.part += u64::from(!more);
                let bytes = BASE64_STANDARD.decode(&data).map_err(|error| {
                    format!("wrote data that is not base64, in line {} of its answer ({error})", self.lines)
                })?;
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
            Message::Done { .. } if self.part.is_some() => Err("was done within a file".to_owned()),
            Message::Done { counts, notes } => {
                if let Some(difference) = difference(counts, self.counts) {
                    return Err(difference);
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
            _ => {
                Err(format!("wrote a message that kith does not know, in line {} of its answer", self.lines))
            }
        }
    }

    fn greet(&mut self, name: &str, protocols: &[u32]) -> Result<Said, String> {
        if name != self.importer {
            return Err(format!("calls itself {:?}", plain(name, 50)));
        }
        if !protocols.contains(&self.protocol) {
            return Err(format!(
                "speaks version {protocols:?} of the protocol and not version {}, which its manifest promises",
                self.protocol
            ));
        }
        self.greeted = true;
        Ok(Said::Nothing)
    }

    /// A batch is one part; a place in another one is none.
    fn place(&self, at: Place) -> Result<(), String> {
        if at.part == 0 {
            return Ok(());
        }
        Err(format!(
            "names part {} of a file that is one part, in line {} of its answer",
            at.part, self.lines
        ))
    }
}

/// In which kind of lines what was counted is not what was written.
fn difference(counted: Counts, wrote: Counts) -> Option<String> {
    [
        ("records", counted.contact, wrote.contact),
        ("interactions", counted.interaction, wrote.interaction),
        ("files", counted.part, wrote.part),
        ("skipped", counted.skipped, wrote.skipped),
    ]
    .into_iter()
    .find(|(_, counted, wrote)| counted != wrote)
    .map(|(what, counted, wrote)| format!("counted {counted} {what}, but wrote {wrote}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HELLO: &str = r#"{"type":"hello","name":"toy","protocols":[1,2]}"#;
    const CONTACT: &str = r#"{"type":"contact","at":{"line":1},"contact":{"uid":"a"},"raw":"A","new":[]}"#;
    const SKIPPED: &str = r#"{"type":"skipped","at":{"line":2},"reason":"no\tname"}"#;

    fn hear(lines: &[&str]) -> (Answer, Result<Said, String>) {
        let mut answer = Answer::new("toy", 1);
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
            let error = hear(lines).1.unwrap_err();
            assert!(error.contains(says), "{name}: {error}");
        }
    }
}
