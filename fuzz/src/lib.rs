//! What holds of every importer, whatever it is given.
//!
//! A fuzz target gives some bytes to an importer by way of [`answer`], which
//! panics if the answer is not as PROTOCOL.md says, and then states what holds
//! of its own format besides.

mod rules;

use std::io::BufReader;

use kith_plugin::{Counts, Importer, Message, PROTOCOL, Record, serve};
use serde_json::{Value, json};

/// What an importer said of a file, in its order, with neither its hello nor its progress.
#[derive(Debug)]
pub struct Answer {
    /// Contacts, interactions, pieces of files, and what was skipped.
    pub messages: Vec<Message>,
    /// Whether it ended with `done`.
    pub done: bool,
}

impl Answer {
    /// Its contacts.
    pub fn contacts(&self) -> impl Iterator<Item = &Record> {
        self.messages.iter().filter_map(|message| match message {
            Message::Contact(record) => Some(&**record),
            _ => None,
        })
    }

    /// Whether a contact has this name.
    pub fn names(&self, name: &str) -> bool {
        self.contacts().any(|record| record.contact.name.full.as_deref() == Some(name))
    }
}

/// Has an importer read a file of this name.
///
/// # Panics
/// If the answer breaks a rule of the protocol, or is another when the same
/// bytes come in other pieces.
pub fn answer<I: Importer + Default>(file_name: &str, file: &[u8]) -> Answer {
    let whole = said::<I>(file_name, file, 64 << 10);
    let piece = 1 + file.len() % 61;
    assert!(said::<I>(file_name, file, piece) == whole, "another answer in pieces of {piece} bytes");
    check::<I>(&whole, file)
}

/// The bytes of an answer, to a file that comes in pieces of this size.
fn said<I: Importer + Default>(file_name: &str, file: &[u8], piece: usize) -> Vec<u8> {
    let header = json!({
        "kind": "file",
        "protocol": PROTOCOL,
        "fileName": file_name,
        "bytes": file.len(),
        "options": {
            "me": { "name": "Ida Ims", "emails": ["ida@example.org"], "phones": ["+49 30 1234567"] },
            "today": "2026-11-22",
            "reads": ["vcf", "csv", "ldif", "txt"],
        },
    });
    let input = [format!("{header}\n").as_bytes(), file].concat();
    let mut output = Vec::new();
    serve(&mut I::default(), BufReader::with_capacity(piece, input.as_slice()), &mut output)
        .expect("a file that is whole is answered");
    output
}

/// Checks an answer against the protocol.
fn check<I: Importer>(said: &[u8], file: &[u8]) -> Answer {
    let most = 1 + file.split(|byte| matches!(byte, b'\n' | b'\r')).count() as u64;
    let said = std::str::from_utf8(said).expect("the answer is UTF-8");
    assert!(said.ends_with('\n'), "the last line has no end");
    let mut lines = said.lines().map(|line| {
        let value: Value = serde_json::from_str(line).expect("each line is JSON");
        let message: Message = serde_json::from_str(line).expect("each line is a message");
        // What is read back and written again is the same: nothing of it is lost on the way.
        assert_eq!(serde_json::to_value(&message).expect("a message is JSON"), value);
        rules::check(&value, most);
        message
    });
    match lines.next() {
        Some(Message::Hello { name, protocols }) => {
            assert!(name == I::NAME && protocols.contains(&PROTOCOL));
        }
        other => panic!("it begins with {other:?}"),
    }
    let (mut counts, mut messages, mut end) = (Counts::default(), Vec::new(), None);
    for message in lines {
        assert!(end.is_none(), "something follows the end: {message:?}");
        match &message {
            Message::Contact(_) => counts.contact += 1,
            Message::Interaction(_) => counts.interaction += 1,
            Message::Part { more, .. } => counts.part += u64::from(!more),
            Message::Skipped { .. } => counts.skipped += 1,
            Message::Progress { .. } => continue,
            Message::Done { counts: told, .. } => {
                assert_eq!(*told, counts, "it miscounted");
                end = Some(true);
            }
            Message::Failed { .. } => end = Some(false),
            other => panic!("something unexpected: {other:?}"),
        }
        messages.push(message);
    }
    messages.pop();
    Answer { messages, done: end.expect("it ends with done or failed") }
}
