//! PROTOCOL.md and the transcripts say what this crate does.

#![allow(clippy::unwrap_used)]

#[path = "support/transcript.rs"]
mod transcript;

use std::io::Read;

use kith_plugin::{Contact, Counts, Failure, Importer, Message, Output, Part, PartHeader, Record};
use serde_json::Value;
use transcript::transcripts;

/// One record a line, the line being the uid; `bad` is skipped, `stop` fails.
struct Lines;

impl Importer for Lines {
    const NAME: &'static str = "lines";

    fn import(&mut self, part: &mut Part<'_>, out: &mut Output<'_>) -> Result<(), Failure> {
        let mut text = String::new();
        part.read_to_string(&mut text)?;
        for (number, line) in (1..).zip(text.lines()) {
            let at = part.place(number);
            match line {
                "bad" => out.skipped(at, "it says bad")?,
                "stop" => return Err(Failure::input("it says stop").hint("remove the line")),
                uid => {
                    let contact = Contact { uid: Some(uid.to_owned()), ..Contact::default() };
                    out.contact(Record { at, contact, ..Record::default() })?;
                }
            }
        }
        Ok(())
    }
}

#[test]
fn the_toy_answers_as_its_transcripts_say() {
    for transcript in transcripts("lines-") {
        let mut answer = Vec::new();
        kith_plugin::serve(&mut Lines, &*transcript.sent, &mut answer).unwrap();
        assert_eq!(String::from_utf8(answer).unwrap(), transcript.answer, "{}", transcript.name);
    }
}

#[test]
fn every_transcript_follows_the_protocol() {
    for transcript in transcripts("") {
        let name = &transcript.name;
        let messages: Vec<Message> = transcript
            .answer
            .lines()
            .map(|line| {
                let message: Message = serde_json::from_str(line).unwrap();
                assert_eq!(serde_json::to_string(&message).unwrap(), line, "{name}");
                message
            })
            .collect();
        let mut written = Counts::default();
        for message in &messages {
            match message {
                Message::Contact(_) => written.contact += 1,
                Message::Interaction(_) => written.interaction += 1,
                Message::Skipped { .. } => written.skipped += 1,
                _ => {}
            }
        }
        assert!(
            matches!(&messages[0], Message::Hello { name: own, .. } if name.starts_with(&**own)),
            "{name}"
        );
        match messages.last() {
            Some(Message::Done { counts, .. }) => assert_eq!(*counts, written, "{name}"),
            Some(Message::Failed { .. }) => {}
            other => panic!("{name} ends with {other:?}"),
        }
        assert_eq!(framed(&transcript.sent), Ok(()), "{name}");
    }
}

/// Whether these bytes are whole parts.
fn framed(mut sent: &[u8]) -> Result<(), String> {
    while !sent.is_empty() {
        let end = sent.iter().position(|&byte| byte == b'\n').ok_or("a header does not end")?;
        let header: PartHeader = serde_json::from_slice(&sent[..end]).map_err(|error| error.to_string())?;
        let body = &sent[end + 1..];
        let length = usize::try_from(header.bytes).map_err(|error| error.to_string())?;
        sent = body.get(length..).ok_or(format!("{} bytes, not {length}", body.len()))?;
    }
    Ok(())
}

const SPECIFICATION: &str = include_str!("../PROTOCOL.md");

#[test]
fn the_examples_of_the_specification_are_understood_in_full() {
    let mut examples = 0;
    for block in SPECIFICATION.split("```json\n").skip(1) {
        let (block, _) = block.split_once("```").unwrap();
        let bare: String =
            block.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
        let example: Value = serde_json::from_str(&bare).unwrap_or_else(|error| panic!("{error}: {bare}"));
        let again = if example.get("type").is_some() {
            serde_json::to_value(serde_json::from_value::<Message>(example.clone()).unwrap()).unwrap()
        } else if example.get("bytes").is_some() {
            serde_json::to_value(serde_json::from_value::<PartHeader>(example.clone()).unwrap()).unwrap()
        } else {
            serde_json::to_value(serde_json::from_value::<Contact>(example.clone()).unwrap()).unwrap()
        };
        assert_eq!(again, without_default_part(example));
        examples += 1;
    }
    assert_eq!(examples, 10);
}

/// The first part is 0, which this crate leaves out.
fn without_default_part(mut example: Value) -> Value {
    if let Some(at) = example.get_mut("at").and_then(Value::as_object_mut) {
        at.remove("part");
    }
    example
}

#[test]
fn the_conversation_of_the_specification_is_a_transcript() {
    let transcript = transcripts("csv-linkedin").remove(0);
    let sent = String::from_utf8(transcript.sent).unwrap();
    let lines = |mark: &str| -> String {
        SPECIFICATION
            .lines()
            .filter_map(|line| line.trim_start().strip_prefix(mark))
            .map(|l| format!("{l}\n"))
            .collect()
    };
    assert_eq!(lines("> ").replace("\\r", "\r"), sent);
    assert_eq!(lines("< "), transcript.answer);
}
