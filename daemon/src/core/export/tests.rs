//! Cards, whole, as they go out, and that the importers read back what they say.

mod cards;
mod fixed_points;

use std::collections::BTreeSet;

use kith_plugin::{Importer, Message, Record, serve};
use kith_plugin_csv::Csv;
use kith_plugin_vcard::VCard;

use super::{Exported, Original, Version, write_csv, write_vcard};
use crate::core::assemble::{Card, Change, assemble};
use crate::core::contact::COLUMNS;

/// What an importer takes from a file.
fn import(importer: &mut impl Importer, file: &str) -> Vec<Record> {
    let size = file.len();
    let header = format!("{{\"kind\":\"file\",\"protocol\":1,\"fileName\":\"file\",\"bytes\":{size}}}\n");
    let (input, mut output) = (header + file, Vec::new());
    serve(importer, input.as_bytes(), &mut output).unwrap();
    let messages = output.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    let messages = messages.map(|line| serde_json::from_slice::<Message>(line).unwrap());
    messages
        .filter_map(|message| match message {
            Message::Contact(record) => Some(*record),
            Message::Failed { reason, .. } => panic!("{reason}\n{file}"),
            _ => None,
        })
        .collect()
}

/// Somebody whose cards are these, with what the user changed.
fn somebody(cards: Vec<Record>, is_vcard: bool, changes: &[Change]) -> Exported {
    let uid = cards.iter().filter_map(|card| card.contact.uid.clone()).min();
    let originals: Vec<Original> = (1..)
        .zip(cards)
        .map(|(id, record)| Original {
            card: Card { id, kept: is_vcard, behind: 0, gone: None, fields: record.contact },
            vcard: if is_vcard { record.raw } else { String::new() },
        })
        .collect();
    let cards: Vec<Card> = originals.iter().map(|original| original.card.clone()).collect();
    let own: BTreeSet<_> =
        COLUMNS.into_iter().filter(|c| changes.iter().any(|change| change.field == c.name())).collect();
    let uid = uid.unwrap_or_else(|| "own-1".to_owned());
    Exported { uid, content: assemble(&cards, changes), own, originals }
}

/// The same of cards with these lines.
fn with_cards(cards: &[String], changes: &[Change]) -> Exported {
    let file: String = cards.iter().map(|lines| format!("BEGIN:VCARD\r\n{lines}END:VCARD\r\n")).collect();
    somebody(import(&mut VCard::default(), &file), true, changes)
}

fn vcard(exported: &Exported, version: Version) -> String {
    let mut out = Vec::new();
    write_vcard(&mut out, exported, version);
    String::from_utf8(out).unwrap()
}

/// What comes out when an export is the only thing that is known.
fn again(card: &str, version: Version) -> String {
    vcard(&somebody(import(&mut VCard::default(), card), true, &[]), version)
}

/// The same of a sheet.
fn sheet_again(sheet: &str) -> String {
    let all: Vec<Exported> =
        import(&mut Csv, sheet).into_iter().map(|record| somebody(vec![record], false, &[])).collect();
    write_csv(&all)
}
