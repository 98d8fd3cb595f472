//! Gives files to the importer as kith does, and reads its answer.

// Each test binary uses its own part of this module, which is all for tests.
#![allow(dead_code, clippy::unwrap_used)]

use std::io::{BufReader, Read};

use kith_plugin::{Contact, Message, Record, serve};
use kith_plugin_vcard::VCard;

/// What the importer said about a file.
#[derive(Debug, PartialEq)]
pub(crate) struct Answer {
    pub(crate) records: Vec<Record>,
    /// Line and reason.
    pub(crate) skipped: Vec<(u64, String)>,
    /// Reason and hint; `None` after `done`.
    pub(crate) failed: Option<(String, Option<String>)>,
    /// What is said of the file as a whole.
    pub(crate) notes: Vec<String>,
}

/// The answer to a file that is read in pieces of `piece` bytes.
pub(crate) fn import_in_pieces(file: &[u8], piece: usize) -> Answer {
    let header = format!(
        "{{\"kind\":\"file\",\"protocol\":1,\"fileName\":\"contacts.vcf\",\"bytes\":{}}}\n",
        file.len()
    );
    let input = BufReader::with_capacity(piece, header.as_bytes().chain(file));
    let mut output = Vec::new();
    serve(&mut VCard::default(), input, &mut output).unwrap();
    let said = String::from_utf8(output).unwrap();
    let mut lines = said.lines().map(|line| serde_json::from_str::<Message>(line).unwrap());
    assert!(matches!(lines.next(), Some(Message::Hello { .. })));
    let mut answer = Answer { records: Vec::new(), skipped: Vec::new(), failed: None, notes: Vec::new() };
    let mut ended = false;
    for message in lines {
        assert!(!ended, "something after the end: {message:?}");
        match message {
            Message::Contact(record) => answer.records.push(*record),
            Message::Skipped { at, reason } => answer.skipped.push((at.line, reason)),
            Message::Progress { .. } => {}
            Message::Done { counts, notes } => {
                answer.notes = notes;
                assert_eq!(counts.contact, answer.records.len() as u64);
                assert_eq!(counts.skipped, answer.skipped.len() as u64);
                ended = true;
            }
            Message::Failed { reason, hint, .. } => {
                answer.failed = Some((reason, hint));
                ended = true;
            }
            other => panic!("unexpected: {other:?}"),
        }
    }
    assert!(ended, "neither done nor failed");
    answer
}

/// The answer to a file.
pub(crate) fn import(file: impl AsRef<[u8]>) -> Answer {
    import_in_pieces(file.as_ref(), 64 * 1024)
}

/// The only record of a file in which nothing is skipped.
pub(crate) fn record(file: impl AsRef<[u8]>) -> Record {
    let mut answer = import(file);
    assert_eq!((answer.records.len(), &answer.skipped[..], &answer.failed), (1, &[][..], &None));
    answer.records.remove(0)
}

/// The contact of a card with these lines, which must read without a warning.
pub(crate) fn contact(lines: impl AsRef<[u8]>) -> Contact {
    let record = record(card(lines));
    assert_eq!(record.warnings, [""; 0]);
    record.contact
}

/// A card with these lines.
pub(crate) fn card(lines: impl AsRef<[u8]>) -> Vec<u8> {
    [b"BEGIN:VCARD\r\n", lines.as_ref(), b"\r\nEND:VCARD\r\n"].concat()
}
