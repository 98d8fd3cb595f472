//! Input that is no export, damaged, or of somebody else; and what holds for
//! any bytes.

use kith_plugin::Message;
use proptest::prelude::*;

use crate::{answer, answer_in_chunks, answer_to, assert_says, record, refusal, skipped};

const HEADER: &str = "First Name,Last Name,URL,Email Address,Company,Position,Connected On";

/// The characters of a reason or a hint that kith keeps.
const SHOWN: usize = 500;

#[test]
fn refusals_say_what_the_file_is_and_what_to_do() {
    for (name, file, reason, hint) in [
        ("empty", "", "is empty", "export it again"),
        ("blank", "\r\n \n", "is empty", "export it again"),
        ("web page", "<!DOCTYPE html><html><body>Sign in</body></html>", "web page", "sign in"),
        ("archive", "PK\u{3}\u{4}\0\0", "archive", "unpack"),
        ("vCard", "BEGIN:VCARD\nVERSION:3.0\n", "vCards", ".vcf"),
        ("binary", "\u{1}\0\u{2}\0abc\0\0\0\0", "not text", "export"),
        ("no header", "Ada Lovelace,ada@example.org\nBob,bob@example.org\n", "has no header", "column names"),
        ("numbers", "1,2,3\n4,5,6\n", "has no header", "column names"),
        ("unknown header", "Who;Which\nAda;ada@example.org\n", "\"Who, Which\" (2 columns)", "save it under"),
        (
            "unknown header behind a title",
            "My friends\nWho,Where\nAda,ada@example.org\n",
            "\"Who, Where\"",
            "columns below",
        ),
        ("prose", "Dear Ada\nthank you\n", "stands in its columns, \"Dear Ada\"", "docs/csv.md"),
        (
            "messages of the archive, without their columns",
            "CONVERSATION ID,FROM,TO\n1,a,b\n",
            "stands in its columns, \"CONVERSATION ID, FROM, TO\"",
            "docs/csv.md",
        ),
    ] {
        let (said, advice) = refusal(file);
        assert!(said.contains(reason), "{name}: {said}");
        assert!(advice.contains(hint), "{name}: {advice}");
        assert!(said.chars().count() <= SHOWN && advice.chars().count() <= SHOWN, "{name}: {said} {advice}");
    }
}

#[test]
fn a_long_unknown_header_is_cut() {
    let known = format!("{},Phone", vec!["Column"; 499].join(","));
    for (file, end) in
        [(known, "…\" (500 columns)"), (vec!["Column"; 500].join(","), "…\", does not look like")]
    {
        let (said, _) = refusal(file);
        assert!(said.contains(end), "{said}");
        assert!(said.chars().count() <= SHOWN, "{said}");
    }
}

#[test]
fn a_header_without_rows_is_an_empty_address_book() {
    for file in [HEADER.to_owned(), format!("{HEADER}\r\n\r\n")] {
        let messages = answer(file);
        let Some(Message::Done { counts, notes, .. }) = messages.last() else { panic!("{messages:?}") };
        assert_eq!((counts.contact, counts.skipped), (0, 0));
        assert_eq!(
            notes.as_slice(),
            ["there are no people in it: behind the names of the columns the file ends"]
        );
    }
}

#[test]
fn other_encodings() {
    let file = format!("{HEADER}\r\nJürgen,Groß,,,Bäckerei Müller,Geschäftsführer,05 Mar 2024\r\n");
    let utf16: Vec<u8> = file.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let with_mark = [&[0xFF, 0xFE][..], &utf16].concat();
    let latin: Vec<u8> = file.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    for (name, bytes) in [("UTF-16", utf16), ("UTF-16 with mark", with_mark), ("Windows-1252", latin)] {
        let record = record(bytes);
        assert_eq!(record.contact.name.full.as_deref(), Some("Jürgen Groß"), "{name}");
        assert!(record.raw.ends_with("Jürgen,Groß,,,Bäckerei Müller,Geschäftsführer,05 Mar 2024"), "{name}");
    }
}

#[test]
fn damaged_characters_are_said() {
    let file = [HEADER.as_bytes(), "\nZoë,Müller,,,,,\nZo".as_bytes(), b"\xC3,B,,,,,\n"].concat();
    let messages = answer(file);
    let Message::Contact(record) = &messages[2] else { panic!("{messages:?}") };
    assert_eq!(record.warnings, ["some characters are damaged in the file"]);
}

#[test]
fn a_file_that_is_still_being_copied_leaves_nobody_half_named() {
    let whole = "Ada,Lovelace,,ada@example.org,\"Engines\nand, sons\",Analyst,05 Mar 2024";
    let before = format!("{HEADER}\nGrace,Hopper,,,,,\n");
    for length in 1..whole.len() {
        let messages = answer(format!("{before}{}", &whole[..length]));
        let named: Vec<_> = messages
            .iter()
            .filter_map(|message| match message {
                Message::Contact(record) => record.contact.name.full.as_deref(),
                _ => None,
            })
            .collect();
        // From the last separator on, no cell is missing.
        let expected = if whole[..length].matches(',').count() == 7 {
            &["Grace Hopper", "Ada Lovelace"][..]
        } else {
            &["Grace Hopper"]
        };
        assert_eq!(named, expected, "{}", &whole[..length]);
        assert_eq!(skipped(&messages).is_empty(), expected.len() == 2, "{}", &whole[..length]);
        assert!(
            skipped(&messages)
                .iter()
                .take(1)
                .all(|(line, reason)| *line >= 3 && reason.contains("export again"))
        );
    }
    let names_and_more = format!("{HEADER},\nGrace,Hopper,,,,,");
    assert_eq!(record(names_and_more).contact.name.full.as_deref(), Some("Grace Hopper"));
}

/// Text that looks enough like CSV to reach every branch.
fn csv_like() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just(",".to_owned()),
        Just("\"".to_owned()),
        Just("\n".to_owned()),
        Just("\r\n".to_owned()),
        Just("é".to_owned()),
        Just("\"\"".to_owned()),
        "[a-c@1 -]{1,3}",
    ];
    proptest::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_end_in_done_or_failed(bytes in proptest::collection::vec(any::<u8>(), 0..400), header in any::<bool>()) {
        let file = if header { [HEADER.as_bytes(), b"\n", &bytes].concat() } else { bytes };
        let messages = answer(file);
        let ended = matches!(messages.last(), Some(Message::Done { .. } | Message::Failed { .. }));
        prop_assert!(ended);
    }

    #[test]
    fn no_row_is_lost(cells in proptest::collection::vec(("[ a-z\"\n,é]{0,6}", "[a-z@]{0,3}", any::<bool>()), 0..40)) {
        let mut file = format!("{HEADER}\n");
        for (given, email, blank) in &cells {
            file += &format!("\"{}\",,,{email},,,\n", given.replace('"', "\"\""));
            file += if *blank { "\n" } else { "" };
        }
        match answer(file).last() {
            Some(Message::Done { counts, .. }) => prop_assert_eq!(counts.contact + counts.skipped, cells.len() as u64),
            other => prop_assert!(false, "{:?}", other),
        }
    }

    #[test]
    fn the_size_of_reads_does_not_matter(text in csv_like(), chunk in 1_usize..50) {
        let file = format!("{HEADER}\n{text}");
        prop_assert_eq!(answer_in_chunks(file.as_bytes(), chunk), answer(&file));
    }

    #[test]
    fn damage_costs_no_good_row_behind_it(text in csv_like()) {
        let last = "\"Ada\",\"Lovelace\",,,,,";
        let file = format!("{HEADER}\n{text}\n\n{last}\n");
        let messages = answer(&file);
        let found = messages.iter().any(|message| matches!(message, Message::Contact(record) if record.raw.ends_with(last)));
        prop_assert!(found, "{:?} {:?}", file, skipped(&messages));
    }
}

#[test]
fn what_is_no_list_of_people_is_not_proposed_as_one() {
    let licence = "The Licence\n\nPermission is hereby granted, free of charge, to any person obtaining a copy\n\
                   of this software and associated documentation files, to deal in the Software\n\
                   without restriction, including without limitation the rights to use, copy, modify,\n\
                   merge, publish, distribute, and/or sell copies of the Software.\n";
    let readme = "# Tea\n\nA program for tea, and more.\n\n- green\n- black\n\n    make install\n";
    for (name, file, expected) in [
        ("a licence", licence, "the file is no table"),
        ("a readme", readme, "the file is no table"),
        ("colours", "Colour,Size\nRed,10\nBlue,12\n", "the file is no list of people"),
        ("only a header", "Colour,Size\n", "the file is no list of people"),
    ] {
        match answer(file).pop() {
            Some(Message::Failed { reason, suggestion, .. }) => {
                assert!(
                    reason.starts_with(expected) && suggestion.is_none(),
                    "{name}: {reason} {suggestion:?}"
                );
            }
            other => panic!("{name}: {other:?}"),
        }
    }
    for (name, file) in [
        ("a known word", "Voice,Singer,Email\nalto,Ada,\n"),
        ("numbers", "Who,Where\nAda,+49 30 1234567\nBert,+49 30 7654321\n"),
        ("names", "Who,What\nAda Lovelace,x\nCharles Babbage,y\n"),
        ("only a header with a known word", "Singer,Email\n"),
    ] {
        match answer(file).pop() {
            Some(Message::Failed { suggestion, .. }) => assert!(suggestion.is_some(), "{name}"),
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn names_alone_are_people_only_where_somebody_chose_the_file() {
    let archive = |archive: &str| serde_json::json!({ "archive": archive });
    let own = r#"name = "mine"
        recognise = [{ headers = ["Name"] }]
        column = [{ to = "name/full", headers = ["Name"] }]"#;
    let own = serde_json::json!({ "archive": "x.zip", "files": [{ "name": "mine.toml", "text": own }] });
    for (name, file, options, is_read) in [
        ("by itself", "Name\nRust\n", serde_json::json!({}), true),
        ("one of many", "Name\nRust\n", archive("x.zip"), false),
        ("the user's own profile", "First Name,Last Name\nIda,Ich\n", archive("x.zip"), false),
        ("with an address", "Name,Email\nAda,\n", archive("x.zip"), true),
        ("as the user said", "Name\nAda\n", own, true),
    ] {
        match answer_to(file.as_bytes(), &options, 8192).pop() {
            Some(Message::Done { counts, .. }) => assert!(is_read && counts.contact == 1, "{name}"),
            Some(Message::Failed { reason, suggestion, .. }) => {
                assert!(!is_read && reason.contains("no more than a name"), "{name}: {reason}");
                assert!(suggestion.is_none(), "{name}");
            }
            other => panic!("{name}: {other:?}"),
        }
    }
}

#[test]
fn a_tab_in_a_cell_is_a_space_but_in_notes() {
    let said = record("Name,Email,Company,Notes\n\"Ada\tKing\",a@example.org,\"A\tB\",\"e\tf\"\n");
    assert_says(
        "tabs",
        &said,
        &serde_json::json!({
            "name": {"full": "Ada King"},
            "organizations": [{"name": "A B"}],
            "notes": ["e\tf"],
        }),
    );
    assert_eq!(said.warnings, [""; 0]);
}
