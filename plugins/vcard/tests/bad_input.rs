//! Input that is broken, hostile or merely unusual.

mod support;

use proptest::prelude::*;

use support::{card, import, import_in_pieces, record};

fn names(answer: &support::Answer) -> Vec<(u64, &str)> {
    answer.records.iter().map(|r| (r.at.line, r.contact.name.full.as_deref().unwrap_or_default())).collect()
}

#[test]
fn files_that_hold_no_vcard_are_refused() {
    for (file, expected) in [
        (&b""[..], "the file is empty"),
        (b"\xEF\xBB\xBF\r\n", "the file holds no vCard: it looks like nothing but blank lines"),
        (
            b"Here it is:\n  BEGIN:VCARD\n  FN:Ada\n  END:VCARD\n",
            "the file holds no vCard: its lines are indented, and none begins with BEGIN:VCARD",
        ),
        (b"<!DOCTYPE html>\n<p>Log in</p>", "the file holds no vCard: it looks like a web page"),
        (b"PK\x03\x04\x14\0\0\0", "the file holds no vCard: it looks like a zip archive"),
        (b"\x7FELF\x01\x02\r\r\0\0", "the file holds no vCard: it looks like binary data, not text"),
    ] {
        let answer = import(file);
        assert!(answer.records.is_empty() && answer.skipped.is_empty());
        assert_eq!(answer.failed.unwrap().0, expected);
    }
}

#[test]
fn a_profile_whose_service_is_nothing_has_none() {
    for profile in ["X-SOCIALPROFILE;type=;x=y:https://example.org/a", "IMPP:://example.org/a"] {
        let record = record(card(format!("VERSION:3.0\r\nFN:Anna Amsel\r\n{profile}")));
        let services: Vec<_> = record.contact.online_services.iter().map(|one| &one.service).collect();
        assert_eq!(services, [&None], "{profile}");
    }
}

#[test]
fn one_bad_card_does_not_hurt_its_neighbours() {
    let good = |name: &str| card(format!("VERSION:3.0\r\nFN:{name}"));
    let file = [
        good("First"),
        b"some stray words\r\nand more\r\n".to_vec(),
        card("VERSION:3.0\r\nX-NOTHING:here"),
        good("Second"),
        b"BEGIN:VCARD\r\nVERSION:3.0\r\nFN:No end\r\nEMAIL:x@example.org\r\n".to_vec(),
        card(b"FN:Garbage \xFF\xFE\0\r\nTEL;TYPE=\"never closed:1\r\nADR;;;=:::\r\nEMAIL:nobody"),
        card("VERSION:2.1\r\nFN:Boss\r\nAGENT:\r\nBEGIN:VCARD\r\nFN:Agent\r\nEND:VCARD\r\nTEL:1"),
        good("Third"),
    ]
    .concat();
    let answer = import(file);
    let reasons: Vec<_> = answer.skipped.iter().map(|(line, reason)| (*line, reason.as_str())).collect();
    assert_eq!(
        reasons,
        [
            (5, "the text here is outside of any card"),
            (7, "the card has no name, organisation, email address or phone number")
        ]
    );
    let found = names(&answer);
    assert_eq!([found[0], found[1], found[2]], [(1, "First"), (11, "Second"), (15, "No end")]);
    assert_eq!([found[4], found[5]], [(25, "Boss"), (34, "Third")]);
    assert_eq!(
        answer.records[2].warnings,
        ["its END:VCARD is missing; the card ends where the next one begins"]
    );
    assert!(
        answer.records[3]
            .warnings
            .contains(&"“nobody” is no email address and stays in the original only".into())
    );
    assert_eq!(answer.records[4].contact.phones[0].number, "1");
    assert!(answer.records[4].raw.contains("FN:Agent"));
}

#[test]
fn a_card_that_the_end_of_the_file_cuts_off_is_not_taken() {
    let reason = "the card is cut off at the end of the file; \
                  export again, or wait until the copy of the file is complete";
    let whole = card("VERSION:3.0\r\nFN:Ada\r\nEMAIL:ada@example.org\r\nTEL:+44 20 7946 0000");
    let before = card("VERSION:3.0\r\nFN:First");
    // Wherever the copy pauses: from behind the card's beginning to within its last word.
    for length in "BEGIN:VCARD".len()..whole.len() - "\r\n".len() {
        let answer = import([&before, &whole[..length]].concat());
        let cut = String::from_utf8_lossy(&whole[..length]);
        assert_eq!(names(&answer), [(1, "First")], "{cut:?}");
        assert_eq!(answer.skipped, [(5, reason.to_owned())], "{cut:?}");
    }
    for line_end in ["", "\r", "\r\n"] {
        let whole = [whole.trim_ascii_end(), line_end.as_bytes()].concat();
        assert_eq!(names(&import(&whole)), [(1, "Ada")], "with {line_end:?} at the end");
    }
}

#[test]
fn the_original_is_kept_as_it_stood() {
    let text = "BEGIN:VCARD\nVERSION:3.0\nFN:Zo\n ë\nX-UNKNOWN;A=b:c\nPHOTO:AA\n AA\nEND:VCARD\n";
    assert_eq!(record(text).raw, text);
    let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    assert_eq!(record(wide).raw, text);
    assert_eq!(record(format!("\u{feff}{text}")).raw, text);
}

#[test]
fn values_are_cleaned() {
    let said = record(card(
        "VERSION:3.0\r\nFN:  Ada\u{0}\\nLovelace \r\nNICKNAME:,Ada, Ada ,\r\nTEL: \r\nTEL:1\r\nTEL: 1 \r\n\
         EMAIL:a@example.org\r\nEMAIL:A@Example.org\r\nTITLE:\r\nURL:x\r\nURL:x\r\nNOTE:same\r\nNOTE:same",
    ));
    assert_eq!(said.warnings, ["control characters were left out; they stay in the original only"]);
    let said = said.contact;
    assert_eq!(said.name.full.as_deref(), Some("Ada Lovelace"));
    assert_eq!((said.nicknames.as_slice(), said.titles.len()), (&["Ada".to_owned()][..], 0));
    assert_eq!((said.phones.len(), said.emails.len(), said.links.len(), said.notes.len()), (1, 1, 1, 1));
}

#[test]
fn cards_made_to_take_long_do_not() {
    let repeated = |line: &str| line.repeat(300_000 / line.len());
    for (name, lines) in [
        ("blank lines", format!("FN:a\n{}TEL:1", repeated("\n"))),
        (
            "soft breaks behind an open quote",
            format!("FN:a\nNOTE;QUOTED-PRINTABLE;X=\":b=\n{}", repeated("b=\n")),
        ),
        ("folds that hide the colon", format!("FN:a\nNOTE;X=\n{}", repeated(" b=\n"))),
        (
            "agents",
            format!("FN:a\n{}{}TEL:1", "AGENT:\nBEGIN:VCARD\n".repeat(10_000), "END:VCARD\n".repeat(10_000)),
        ),
        ("values", format!("FN:a\nCATEGORIES:{}", (0..60_000).map(|n| format!("{n},")).collect::<String>())),
        ("numbers", (0..40_000).map(|n| format!("TEL:{n}\n")).collect()),
        ("labels", (0..10_000).map(|n| format!("i{n}.TEL:{n}\ni{n}.X-ABLabel:x\n")).collect()),
    ] {
        let answer = import(card(format!("VERSION:2.1\n{lines}")));
        assert_eq!((answer.records.len(), answer.failed), (1, None), "{name}");
        let most = answer.records[0].contact.phones.len().max(answer.records[0].contact.keywords.len());
        assert!(most <= 1000, "{name}");
        let warned = answer.records[0].warnings.iter().any(|warning| warning.contains("more than 1000"));
        assert_eq!(warned, most == 1000, "{name}");
    }
}

/// Lines of cards, good and bad, for the generators below.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        &b"BEGIN:VCARD"[..],
        b"END:VCARD",
        b"AGENT:",
        b"AGENT:BEGIN:VCARD",
        b"VERSION:2.1",
        b"FN:Ada",
        b"N;CHARSET=SHIFT_JIS;QUOTED-PRINTABLE:=95=5C;=",
        b"TEL;CELL:1",
        b"BDAY:--0230",
        b"item1.X-ABLabel:_$!<Home>!$_",
        b"item1.EMAIL:a@example.org",
        b"ADR;LABEL=\"^n:;;;;;;,,",
        b"\xEF\xBB\xBFBEGIN:VCARD",
        b"\r",
        b"\n",
        b"\r\n",
        b" ",
        b"=",
    ])
    .prop_map(<[u8]>::to_vec);
    prop_oneof![4 => known, 1 => prop::collection::vec(any::<u8>(), 0..8)]
}

fn folded(line: &str, every: usize, fold: &str) -> Vec<u8> {
    let chunks: Vec<&[u8]> = line.as_bytes().chunks(every).collect();
    chunks.join(fold.as_bytes())
}

proptest! {
    #[test]
    fn any_bytes_end_in_done_or_failed_whatever_the_pieces(
        parts in prop::collection::vec(pieces(), 0..40), piece in 1_usize..20
    ) {
        let file = parts.concat();
        prop_assert_eq!(import_in_pieces(&file, piece), import(&file));
    }

    #[test]
    fn as_many_cards_come_out_as_went_in(
        cards in prop::collection::vec(("[\\PC&&[^\\\\,;\\s]]{1,30}", "[0-9]{3,12}"), 1..12),
        end in prop::sample::select(vec!["\r\n", "\n", "\r"]),
        every in 9_usize..40,
        indent in prop::sample::select(vec![" ", "\t"]),
        piece in 1_usize..100,
    ) {
        let fold = format!("{end}{indent}");
        let mut file = Vec::new();
        for (name, phone) in &cards {
            for line in ["VERSION:4.0", &format!("FN:x{name}"), &format!("TEL;TYPE=work:{phone}")] {
                if line.starts_with("VERSION") {
                    file.extend_from_slice(format!("BEGIN:VCARD{end}").as_bytes());
                }
                file.extend_from_slice(&folded(line, every, &fold));
                file.extend_from_slice(end.as_bytes());
            }
            file.extend_from_slice(format!("END:VCARD{end}").as_bytes());
        }
        let answer = import_in_pieces(&file, piece);
        prop_assert_eq!(&answer.failed, &None);
        prop_assert_eq!(&answer.skipped, &vec![]);
        let found: Vec<_> = answer
            .records
            .iter()
            .map(|r| (r.contact.name.full.clone().unwrap_or_default(), r.contact.phones[0].number.clone()))
            .collect();
        let expected: Vec<_> = cards.iter().map(|(name, phone)| (format!("x{name}"), phone.clone())).collect();
        prop_assert_eq!(found, expected);
    }
}
