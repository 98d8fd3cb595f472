//! What is read of an export, whole, cut off or damaged.

// A test that cannot go on ends.
#![allow(clippy::unwrap_used)]

use kith_plugin::{InteractionKind, Message, serve};
use kith_plugin_json::Json;
use proptest::prelude::*;

const ADA: &str = r#"{"uid":"u1","name":{"full":"Ada, [\"] Love}lace"},"emails":[{"address":"ada@example.org","pref":1}],"id":"7","circle":"close","comfort":"yes","comfortUntil":null,"ideal":null,"latest":null,"archivedAt":null,"interactions":[{"day":"2026-01-02","how":"tried","what":"tea"},{"day":"soon","how":"met","what":""}]}"#;
const BOB: &str = r#"{"uid":"u2","name":{"full":"Bob"},"interactions":[]}"#;

fn answer(file: &[u8]) -> Vec<Message> {
    let header =
        format!("{{\"kind\":\"file\",\"protocol\":1,\"fileName\":\"kith.json\",\"bytes\":{}}}\n", file.len());
    let input = [header.as_bytes(), file].concat();
    let mut output = Vec::new();
    serve(&mut Json, input.as_slice(), &mut output).unwrap();
    let lines = output.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
    lines.skip(1).map(|line| serde_json::from_slice(line).unwrap()).collect()
}

fn told(file: &str) -> Vec<String> {
    let line = |message: Message| match message {
        Message::Contact(record) => {
            let name = record.contact.name.full.unwrap_or_default();
            format!("{} {name} {}", record.at.line, record.warnings.join("; ")).trim_end().to_owned()
        }
        Message::Interaction(one) => {
            format!("{:?} {} {:?}", one.kind, one.when, one.subject.unwrap_or_default())
        }
        Message::Skipped { at, reason } => format!("{} - {reason}", at.line),
        Message::Done { notes, .. } => format!("{} notes", notes.len()),
        Message::Failed { reason, .. } => format!("failed: {reason}"),
        other => format!("{other:?}"),
    };
    answer(file.as_bytes()).into_iter().map(line).collect()
}

#[test]
fn an_export_is_read_contact_by_contact() {
    let warning = "1 × entry of the history has no day or way that kith knows and stays in the original only";
    let ada = format!("2 Ada, [\"] Love}}lace {warning}");
    assert_eq!(
        told(&format!("[\n{ADA},\n{BOB}\n]\n")),
        [ada.as_str(), "Attempt 2026-01-02 \"tea\"", "3 Bob", "1 notes"]
    );
    assert_eq!(told("\u{feff}[]"), ["0 notes"]);
}

#[test]
fn a_bad_contact_costs_no_other() {
    for (name, file, expected) in [
        (
            "no contact",
            format!("[\n{BOB},\n7\n,{BOB}]"),
            &["2 Bob", "3 - what stands here is no contact", "4 Bob", "0 notes"][..],
        ),
        (
            "another shape",
            format!("[{{\"emails\":1}},{BOB}]"),
            &[
                "1 - the contact is not written as kith writes contacts: invalid type: integer `1`, expected a sequence",
                "1 Bob",
                "0 notes",
            ],
        ),
        (
            "nobody",
            format!("[{{\"uid\":\"x\"}},{BOB}]"),
            &["1 - the contact has no name, organisation, email address or phone number", "1 Bob", "0 notes"],
        ),
        (
            "no end",
            format!("[{BOB}"),
            &["1 Bob", "1 - the file ends here, before the export does", "0 notes"],
        ),
        (
            "more",
            format!("[{BOB}]\n{BOB}"),
            &["1 Bob", "2 - what stands behind the end of the export is not read", "0 notes"],
        ),
        (
            "another file",
            "{\"version\":1}".to_owned(),
            &["failed: the file is no export of kith: it is no array"],
        ),
        ("another array", "[1,2]".to_owned(), &["failed: the file is JSON, but no export of kith"]),
        (
            "a table",
            "Name,Email\nBob,b@example.org\n".to_owned(),
            &["failed: the file is no export of kith: it is no array"],
        ),
    ] {
        assert_eq!(told(&file), expected, "{name}");
    }
}

#[test]
fn every_way_of_being_in_touch_is_read() {
    use InteractionKind::{Attempt, Call, Meeting, Message as Wrote, Talk};
    for (how, kind, by_me) in [
        ("met", Meeting, true),
        ("talked", Talk, true),
        ("called", Call, true),
        ("wrote", Wrote, true),
        ("heard", Wrote, false),
        ("tried", Attempt, true),
    ] {
        let file = format!(
            "[{{\"name\":{{\"full\":\"Bob\"}},\"interactions\":[{{\"day\":\"2026-01-02\",\"how\":\"{how}\",\"what\":\"\"}}]}}]"
        );
        let found = answer(file.as_bytes()).into_iter().find_map(|message| match message {
            Message::Interaction(one) => Some((one.kind, one.from.unwrap().me)),
            _ => None,
        });
        assert_eq!(found, Some((kind, by_me)), "{how}");
    }
}

proptest! {
    #[test]
    fn of_a_file_cut_off_anywhere_nobody_is_taken_by_half(at in any::<prop::sample::Index>()) {
        let file = format!("[\n{ADA},\n{BOB}\n]\n");
        let cut = &file.as_bytes()[..1 + at.index(file.len() - 1)];
        for message in answer(cut) {
            if let Message::Contact(record) = message {
                prop_assert!(record.raw == ADA || record.raw == BOB);
            }
        }
    }

    #[test]
    fn anything_is_answered(file in prop_oneof![
        prop::collection::vec(any::<u8>(), 0..200),
        "[\\[\\]{}\",:a0 \\\\\n]{0,80}".prop_map(|text| format!("[{text}").into_bytes()),
    ]) {
        let said = answer(&file);
        let ends = matches!(said.last(), Some(Message::Done { .. } | Message::Failed { .. }));
        prop_assert!(ends);
    }
}
