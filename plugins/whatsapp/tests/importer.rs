//! The importer as kith sees it: a chat in, interactions out.
//!
//! The chats here are written by hand in the forms of the phones; none is a real one.

#![allow(clippy::unwrap_used)]

#[path = "../../protocol/tests/support/transcript.rs"]
mod transcript;

use std::io::BufReader;

use kith_plugin::{Message, Party};
use kith_plugin_whatsapp::{WhatsApp, is_chat};
use proptest::prelude::*;
use transcript::transcripts;

fn output(file_name: &str, chat: &[u8], chunk: usize) -> String {
    output_for("", file_name, chat, chunk)
}

/// The same, for a user who is called so.
fn output_for(own: &str, file_name: &str, chat: &[u8], chunk: usize) -> String {
    let options =
        if own.is_empty() { serde_json::json!({}) } else { serde_json::json!({"me": {"name": own}}) };
    let header = serde_json::json!({"kind": "file", "protocol": 1, "fileName": file_name, "bytes": chat.len(), "options": options});
    let mut input = format!("{header}\n").into_bytes();
    input.extend_from_slice(chat);
    let mut output = Vec::new();
    kith_plugin::serve(&mut WhatsApp, BufReader::with_capacity(chunk, &*input), &mut output).unwrap();
    String::from_utf8(output).unwrap()
}

/// What comes out of a chat, a line each.
fn told(file_name: &str, chat: &str) -> Vec<String> {
    told_to("", file_name, chat)
}

/// The same, for a user who is called so.
fn told_to(own: &str, file_name: &str, chat: &str) -> Vec<String> {
    let output = output_for(own, file_name, chat.as_bytes(), 8192);
    let who = |party: &Party| {
        let own = party.me.then(|| "me".to_owned());
        own.or(party.name.clone()).or(party.phones.first().map(|phone| format!("tel {phone}"))).unwrap()
    };
    let words = |line| match serde_json::from_str(line).unwrap() {
        Message::Interaction(it) => {
            let kind = serde_json::to_value(it.kind).unwrap();
            let to: Vec<String> = it.to.iter().map(who).collect();
            Some(format!(
                "{}: {} {} {} > {}",
                it.at.line,
                it.when,
                kind.as_str().unwrap(),
                who(&it.from.unwrap()),
                to.join(", ")
            ))
        }
        Message::Skipped { at, reason } => Some(format!("{}: skipped, {reason}", at.line)),
        Message::Failed { reason, .. } => Some(format!("failed, {reason}")),
        Message::Done { notes, .. } => notes.first().map(|note| format!("note, {note}")),
        _ => None,
    };
    output.lines().filter_map(words).collect()
}

const ANNA: &str = "WhatsApp Chat with Anna.txt";

#[test]
fn an_interaction_a_day_and_direction_comes_out() {
    let chat = "12/30/24, 9:41 PM - Messages and calls are end-to-end encrypted. Tap to learn more.\n\
                12/30/24, 9:41 PM - Anna: hello\n\
                12/30/24, 9:42 PM - Anna: are you there?\n\
                and: is it true?\n\
                12/30/24, 9:50 PM - Ida: <Media omitted>\n\
                12/31/24, 8:00 AM - Anna: a happy new year: to all\n";
    let expected = [
        "2: 2024-12-30 message Anna > me",
        "5: 2024-12-30 message me > Anna",
        "6: 2024-12-31 message Anna > me",
        "0: skipped, 1 line is no message: notices of WhatsApp, and calls that nobody took",
    ];
    assert_eq!(told(ANNA, chat), expected);
    assert_eq!(told(ANNA, &chat.replace('\n', "\r\n")), expected);
    assert_eq!(told(ANNA, &format!("\u{feff}{chat}")), expected);
    assert_eq!(told(ANNA, chat.trim_end()), expected);
}

#[test]
fn who_the_user_is_is_told_by_whose_chat_it_is() {
    let both = "31.12.24, 9:41 - Ida: hi\n31.12.24, 9:42 - Anna: hi\n";
    let one = "31.12.24, 9:41 - Ida: hi\n";
    let notice =
        "[31.12.24, 9:40:00] Anna: \u{200e}Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.\r\n";
    let iphone =
        "[31.12.24, 9:41:00] Ida: hi\r\n\u{200e}[31.12.24, 9:42:00] Anna: \u{200e}Bild weggelassen\r\n";
    let noticed = "0: skipped, 1 line is no message: notices of WhatsApp, and calls that nobody took";
    for (name, file, chat, expected) in [
        (
            "the chat is called as one of them",
            "WhatsApp-Chat mit Anna.txt",
            both.to_owned(),
            &["1: 2024-12-31 message me > Anna", "2: 2024-12-31 message Anna > me"][..],
        ),
        (
            "in a language that is not known",
            "WhatsApp-samtal við Anna.txt",
            both.to_owned(),
            &["1: 2024-12-31 message me > Anna", "2: 2024-12-31 message Anna > me"],
        ),
        (
            "the file's name says nothing",
            "_chat.txt",
            both.to_owned(),
            &["1: 2024-12-31 message Ida > Anna", "2: 2024-12-31 message Anna > Ida"],
        ),
        (
            "the first line says it",
            "_chat.txt",
            format!("{notice}{iphone}"),
            &["2: 2024-12-31 message me > Anna", "3: 2024-12-31 message Anna > me", noticed],
        ),
        (
            "a picture is no notice",
            "_chat.txt",
            "[31.12.24, 9:41:00] Ida: \u{200e}<attached: 00000012-PHOTO-2024-12-31-09-41-50.jpg>\r\n"
                .to_owned(),
            &["1: 2024-12-31 message Ida > "],
        ),
        ("only the user wrote", ANNA, one.to_owned(), &["1: 2024-12-31 message me > Anna"]),
        (
            "only the other wrote",
            "Chat de WhatsApp con Ida.txt",
            one.to_owned(),
            &["1: 2024-12-31 message Ida > me"],
        ),
        ("one wrote, and nobody knows who", "_chat.txt", one.to_owned(), &["1: 2024-12-31 message Ida > "]),
        (
            "somebody in no address book",
            "WhatsApp Chat with +49 170 1234567.txt",
            both.replace("Anna", "\u{202a}+49\u{a0}170\u{a0}1234567\u{202c}"),
            &[
                "1: 2024-12-31 message me > tel +49 170 1234567",
                "2: 2024-12-31 message tel +49 170 1234567 > me",
            ],
        ),
        (
            "a name with a colon",
            "WhatsApp Chat with Choir_ Anna.txt",
            both.replace("Anna", "Choir: Anna"),
            &["1: 2024-12-31 message me > Choir: Anna", "2: 2024-12-31 message Choir: Anna > me"],
        ),
    ] {
        assert_eq!(told(file, &chat), expected, "{name}");
    }
}

#[test]
fn a_chat_of_two_that_is_called_otherwise_is_no_group() {
    let both = "31.12.24, 9:41 - Ida Noor: hi\n31.12.24, 9:42 - Bert Kern: hi\n";
    let created = "31.12.24, 9:40 - Ida Noor created group \"Bert\"\n";
    let expected = ["1: 2024-12-31 message me > Bert Kern", "2: 2024-12-31 message Bert Kern > me"];
    let group = [
        "0: skipped, the chat is that of a group, in which 2 people wrote: what goes to a group is contact with nobody",
    ];
    for (case, own, file, chat, expected) in [
        ("a part of the name", "", "WhatsApp Chat with Bert.txt", both.to_owned(), &expected[..]),
        ("one is the user", "ida noor", "WhatsApp Chat with Grandpa.txt", both.to_owned(), &expected),
        ("nobody tells who is the user", "", "WhatsApp Chat with Grandpa.txt", both.to_owned(), &group),
        ("the user is neither", "Kim", "WhatsApp Chat with Grandpa.txt", both.to_owned(), &group),
        (
            "both have a part of the name",
            "",
            "WhatsApp Chat with Bert.txt",
            both.replace("Ida Noor", "Bert Noor"),
            &group,
        ),
        (
            "both have it, and one is the user",
            "Bert Noor",
            "WhatsApp Chat with Bert.txt",
            both.replace("Ida Noor", "Bert Noor"),
            &["1: 2024-12-31 message me > Bert Kern", "2: 2024-12-31 message Bert Kern > me"],
        ),
        (
            "a group of that name",
            "Ida Noor",
            "WhatsApp Chat with Bert.txt",
            format!("{created}{both}"),
            &group,
        ),
        (
            "only the other wrote",
            "",
            "WhatsApp Chat with Bert.txt",
            "31.12.24, 9:42 - Bert Kern: hi\n".to_owned(),
            &["1: 2024-12-31 message Bert Kern > me"],
        ),
        (
            "only the user wrote",
            "Bert Noor",
            "WhatsApp Chat with Bert.txt",
            "31.12.24, 9:42 - Bert Noor: hi\n".to_owned(),
            &["1: 2024-12-31 message me > Bert"],
        ),
    ] {
        assert_eq!(told_to(own, file, &chat), expected, "{case}");
    }
}

#[test]
fn of_groups_nothing_comes_out() {
    let group = |people: u32| {
        [format!(
            "0: skipped, the chat is that of a group, in which {people} people wrote: what goes to a group is contact with nobody"
        )]
    };
    let three = "31.12.24, 9:41 - Ida: hi\n31.12.24, 9:42 - Anna: hi\n31.12.24, 9:43 - Bert: hi\n";
    let two = "31.12.24, 9:40 - Bert created group \"Choir\"\n31.12.24, 9:41 - Ida: hi\n31.12.24, 9:42 - Anna: hi\n";
    assert_eq!(told("WhatsApp Chat with Choir.txt", three), group(3));
    assert_eq!(told(ANNA, three), group(3));
    assert_eq!(told("_chat.txt", three), group(3));
    assert_eq!(told("WhatsApp Chat with Choir.txt", two), group(2));
}

#[test]
fn calls_count_where_they_took_place() {
    let chat = "[31.12.24, 9:41:00] Anna: \u{200e}Voice call, \u{200e}5 min\r\n\
                [31.12.24, 9:50:00] Anna: \u{200e}Missed video call, \u{200e}Tap to call back\r\n\
                [31.12.24, 9:51:00] Ida: \u{200e}Voice call, \u{200e}No answer\r\n\
                [31.12.24, 9:52:00] Ida: video call at five?\r\n";
    assert_eq!(
        told("WhatsApp Chat - Anna.txt", chat),
        [
            "1: 2024-12-31 call Anna > me",
            "4: 2024-12-31 message me > Anna",
            "0: skipped, 2 lines are no message: notices of WhatsApp, and calls that nobody took",
        ]
    );
}

#[test]
fn where_nothing_tells_the_order_of_dates_it_is_said() {
    assert_eq!(
        told(ANNA, "5/6/24, 9:41 - Anna: hi\n"),
        [
            "1: 2024-06-05 message Anna > me",
            "note, no date tells whether the day or the month comes first: they were read with the day first",
        ]
    );
    assert_eq!(
        told(ANNA, "13/6/24, 9:41 - Anna: hi\n6/14/24, 9:41 - Anna: copied\n15/6/24, 9:41 - Anna: hi\n"),
        [
            "1: 2024-06-13 message Anna > me",
            "2: skipped, 6, 14, 24 is no date of this chat",
            "3: 2024-06-15 message Anna > me",
        ]
    );
}

#[test]
fn a_chat_with_years_of_another_calendar_says_so() {
    for chat in
        ["۱۴۰۳/۳/۲۴،\u{a0}۹:۴۱ - Anna: hi\n۱۴۰۳/۳/۲۵،\u{a0}۹:۴۱ - Ida: hi\n", "24/9/1445, 9:41 - Anna: hi\n"]
    {
        let said = told(ANNA, chat);
        assert!(
            said.len() == 1
                && said[0].starts_with("failed, its years, such as 14")
                && said[0].contains("a calendar that kith does not know"),
            "{said:?}"
        );
    }
}

#[test]
fn what_is_no_chat_is_refused() {
    assert_eq!(told(ANNA, ""), ["failed, the file is empty"]);
    for (name, text) in
        [("a letter", "Dear Anna,\n1.1.24: I write"), ("a table", "Name,Date\nAnna,31.12.24\n")]
    {
        let said = told(ANNA, text);
        assert!(
            said.len() == 1 && said[0].starts_with("failed, no line of the file begins with a date"),
            "{name}: {said:?}"
        );
        assert!(!is_chat(text.as_bytes()), "{name}");
    }
    assert!(is_chat("\u{feff}\u{200e}[31.12.24, 21:41:05] Anna: hi".as_bytes()));
}

#[test]
fn a_longer_export_says_the_same_of_what_it_had() {
    let first = "31.12.24, 9:41 - Ida: hi\n31.12.24, 9:42 - Anna: hi\n";
    let second = format!("{first}31.12.24, 22:00 - Anna: good night\n01.01.25, 9:00 - Anna: morning\n");
    let (first, second) = (told(ANNA, first), told(ANNA, &second));
    assert_eq!(second[..2], first);
    assert_eq!(second[2..], ["4: 2025-01-01 message Anna > me"]);
}

#[test]
fn the_answers_are_those_of_the_transcripts() {
    for transcript in transcripts("whatsapp-") {
        let mut answer = Vec::new();
        kith_plugin::serve(&mut WhatsApp, &*transcript.sent, &mut answer).unwrap();
        assert_eq!(String::from_utf8(answer).unwrap(), transcript.answer, "{}", transcript.name);
    }
}

#[test]
fn a_line_without_end_is_read_in_little_memory() {
    let long = format!("31.12.24, 9:41 - Anna: {}\n31.12.24, 9:42 - Ida: hi\n", "x".repeat(3 << 20));
    assert_eq!(told(ANNA, &long), ["1: 2024-12-31 message Anna > me", "2: 2024-12-31 message me > Anna"]);
}

proptest! {
    #[test]
    fn no_bytes_are_too_odd(chat in proptest::collection::vec(any::<u8>(), 0..400), name in ".{0,20}") {
        output(&name, &chat, 7);
        let _ = is_chat(&chat);
    }

    #[test]
    fn nothing_that_was_written_comes_out(
        lines in proptest::collection::vec("(\\[?[0-9]{1,4}[./-][0-9]{1,2}[./-][0-9]{1,4},? [0-9]{1,2}:[0-9]{2}( PM)?(\\]| -) )?(Anna|Ida|Bo: b)?:? secret[:, ]{0,2}\\PC{0,20}", 0..12),
        name in "(WhatsApp Chat with Anna|_chat).txt",
        chunk in 1_usize..40,
    ) {
        let chat = lines.join("\n");
        let said = output(&name, chat.as_bytes(), chunk);
        prop_assert_eq!(&said, &output(&name, chat.as_bytes(), 8192));
        // Before a colon it would be a name.
        if !lines.iter().any(|line| line.split_once("secret").is_some_and(|(_, rest)| rest.contains(':'))) {
            prop_assert!(!said.contains("secret"), "{}", said);
        }
    }
}
