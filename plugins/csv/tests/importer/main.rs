//! The importer as kith sees it: bytes in, messages out.
//!
//! The exports here are reconstructed from descriptions of the formats; none
//! is a raw export.

// clippy.toml allows these in test functions only, not in what they share.
#![allow(clippy::unwrap_used)]

mod bad_input;
mod by_hand;
mod dates;
mod encodings;
mod google;
mod history;
mod linkedin;
mod outlook;
mod own;
mod thunderbird;
mod tiny;
mod transcripts;
mod yahoo;

use std::io::BufReader;

use kith_plugin::{Message, Record};
use kith_plugin_csv::Csv;

/// The answer to a batch of one file, read in pieces of `chunk` bytes.
fn answer_in_chunks(file: &[u8], chunk: usize) -> Vec<Message> {
    answer_with(file, &[], chunk)
}

/// The answer to a batch of one file, for a user with dialect files of these names and texts.
fn answer_with(file: &[u8], own: &[(&str, &str)], chunk: usize) -> Vec<Message> {
    let own: Vec<_> =
        own.iter().map(|(name, text)| serde_json::json!({ "name": name, "text": text })).collect();
    answer_to(file, &serde_json::json!({ "files": own }), chunk)
}

/// The answer to a batch of one file with these options.
fn answer_to(file: &[u8], options: &serde_json::Value, chunk: usize) -> Vec<Message> {
    let header = serde_json::json!({
        "kind": "file",
        "protocol": 1,
        "fileName": "My friends.csv",
        "bytes": file.len(),
        "options": options,
    });
    let mut input = format!("{header}\n").into_bytes();
    input.extend_from_slice(file);
    let mut output = Vec::new();
    kith_plugin::serve(&mut Csv, BufReader::with_capacity(chunk, &*input), &mut output).unwrap();
    let messages: Vec<Message> =
        String::from_utf8(output).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert!(matches!(messages[0], Message::Hello { .. }));
    messages
}

fn answer(file: impl AsRef<[u8]>) -> Vec<Message> {
    answer_in_chunks(file.as_ref(), 8192)
}

/// The records of a file that is read to its end.
fn records(file: impl AsRef<[u8]>) -> Vec<Record> {
    let messages = answer(file);
    assert!(matches!(messages.last(), Some(Message::Done { .. })), "{:?}", messages.last());
    messages
        .into_iter()
        .filter_map(|message| match message {
            Message::Contact(record) => Some(*record),
            _ => None,
        })
        .collect()
}

/// The only record of a file.
fn record(file: impl AsRef<[u8]>) -> Record {
    let mut records = records(file);
    assert_eq!(records.len(), 1);
    records.remove(0)
}

/// What is said of a file as a whole.
fn notes(file: impl AsRef<[u8]>) -> Vec<String> {
    match answer(file).pop() {
        Some(Message::Done { notes, .. }) => notes,
        other => panic!("not read: {other:?}"),
    }
}

/// Line and reason of what was skipped.
fn skipped(messages: &[Message]) -> Vec<(u64, &str)> {
    messages
        .iter()
        .filter_map(|message| match message {
            Message::Skipped { at, reason } => Some((at.line, reason.as_str())),
            _ => None,
        })
        .collect()
}

/// Reason and hint of a file that is refused.
fn refusal(file: impl AsRef<[u8]>) -> (String, String) {
    match answer(file).pop() {
        Some(Message::Failed { reason, hint, .. }) => (reason, hint.unwrap_or_default()),
        other => panic!("not refused: {other:?}"),
    }
}

/// Asserts the fields of the contact that `expected` names; null is an absent one.
#[track_caller]
fn assert_says(case: &str, record: &Record, expected: &serde_json::Value) {
    let contact = serde_json::to_value(&record.contact).unwrap();
    for (field, value) in expected.as_object().unwrap() {
        assert_eq!(contact.get(field).unwrap_or(&serde_json::Value::Null), value, "{case}: {field}");
    }
}

/// A file with one row under a header, from pairs of a name and a cell.
fn sheet(delimiter: &str, cells: &[(&str, &str)]) -> String {
    let quoted = |cell: &str| format!("\"{}\"", cell.replace('"', "\"\""));
    let names: Vec<&str> = cells.iter().map(|(name, _)| *name).collect();
    let row: Vec<String> = cells.iter().map(|(_, cell)| quoted(cell)).collect();
    format!("{}\r\n{}\r\n", names.join(delimiter), row.join(delimiter))
}
