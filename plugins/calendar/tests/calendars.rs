//! Calendars as programs write them, by what kith is told of them. All are
//! reconstructed from descriptions of the dialects, none is a raw export.

#![allow(clippy::unwrap_used)]

use kith_plugin::{Interaction, Message, Party, serve};
use kith_plugin_calendar::Calendar;
use proptest::prelude::*;
use serde_json::json;

/// What is said of a file, a line each, on 22 November 2026, to the user `me@i.example`.
fn said_of(file: impl AsRef<[u8]>) -> Vec<String> {
    let options = json!({"me": {"name": "Ida", "emails": ["Me@I.example"]}, "today": "2026-11-22"});
    said(file.as_ref(), &options)
}

fn said(file: &[u8], options: &serde_json::Value) -> Vec<String> {
    let header = json!({
        "kind": "file", "protocol": 1, "fileName": "calendar.ics", "bytes": file.len(), "options": options,
    });
    let mut input = format!("{header}\n").into_bytes();
    input.extend_from_slice(file);
    let mut output = Vec::new();
    serve(&mut Calendar, input.as_slice(), &mut output).unwrap();
    let lines = String::from_utf8(output).unwrap();
    let messages = lines.lines().skip(1).map(|line| serde_json::from_str(line).unwrap());
    messages
        .filter_map(|message| match message {
            Message::Interaction(interaction) => Some(words(&interaction)),
            Message::Skipped { at, reason } => Some(format!("{}: {reason}", at.line)),
            Message::Failed { reason, .. } => Some(format!("failed: {reason}")),
            Message::Done { .. } | Message::Progress { .. } => None,
            other => panic!("{other:?}"),
        })
        .collect()
}

fn words(interaction: &Interaction) -> String {
    let who =
        |party: &Party| [party.name.clone().into_iter().collect(), party.emails.clone()].concat().join(" ");
    let Interaction { at, uid, when, from, to, subject, .. } = interaction;
    let from = from.as_ref().map(who).unwrap_or_default();
    let to: Vec<String> = to.iter().map(who).collect();
    let (uid, subject) = (uid.as_deref().unwrap_or("-"), subject.as_deref().unwrap_or("-"));
    format!("{}: {uid} {when} {from} > {} | {subject}", at.line, to.join(", "))
}

/// A calendar with one event of these lines, with Anna.
fn event(lines: &str) -> String {
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\n{lines}\r\n\
         ATTENDEE:mailto:anna@a.example\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

#[test]
fn meetings_are_told_with_whom_and_when() {
    const GOOGLE: &str = "BEGIN:VCALENDAR\r\nPRODID:-//Google Inc//Google Calendar 70.9054//EN\r\nVERSION:2.0\r\n\
        METHOD:PUBLISH\r\nBEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:STANDARD\r\nTZOFFSETTO:+0100\r\n\
        END:STANDARD\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\nDTSTART:20260301T090000Z\r\nDTEND:20260301T093000Z\r\n\
        UID:g1@google.com\r\nORGANIZER;CN=me@i.example:mailto:me@i.example\r\n\
        ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=Anna Li;X-NUM\r\n\
        \x20-GUESTS=0:mailto:anna@\r\n\x20 a.example\r\n\
        ATTENDEE;CUTYPE=INDIVIDUAL;PARTSTAT=ACCEPTED;CN=me@i.example:mailto:me@i.example\r\n\
        ATTENDEE;CUTYPE=RESOURCE;CN=Room 7:mailto:r7@resource.calendar.google.com\r\n\
        ATTENDEE;CUTYPE=ROOM;CN=Room 8:mailto:r8@i.example\r\n\
        ATTENDEE;PARTSTAT=DECLINED:mailto:bert@b.example\r\n\
        DESCRIPTION:never told\r\nSTATUS:CONFIRMED\r\nSUMMARY:Lunch\\, and\\n more\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    const OUTLOOK: &str = "BEGIN:VCALENDAR\nMETHOD:REQUEST\nBEGIN:VTIMEZONE\nTZID:W. Europe Standard Time\n\
        END:VTIMEZONE\nBEGIN:VEVENT\nORGANIZER;CN=\"Doe; Jo\":MAILTO:jo@d.example\nUID:040000008200E\n\
        ATTENDEE;ROLE=REQ-PARTICIPANT;PARTSTAT=NEEDS-ACTION;RSVP=TRUE;CN=Ida:mailto:me@i.example\n\
        DTSTART;TZID=W. Europe Standard Time:20260701T090000\nSUMMARY;LANGUAGE=de:Gespr\u{e4}ch\nEND:VEVENT\n";
    const APPLE: &str = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:A-1\nDTSTART;VALUE=DATE:20260405\nSUMMARY:Outing\n\
        ORGANIZER;CN=Ida;EMAIL=me@i.example:/123/principal/\n\
        ATTENDEE;CN=Karl;EMAIL=karl@k.example;PARTSTAT=ACCEPTED:/456/principal/\n\
        ATTENDEE;CN=Lea:invalid:nomail\nBEGIN:VALARM\nATTENDEE:mailto:alarm@a.example\nEND:VALARM\nEND:VEVENT\nEND:VCALENDAR\n";
    for (name, file, expected) in [
        (
            "Google",
            GOOGLE.to_owned(),
            "11: g1@google.com 2026-03-01T09:00:00Z me@i.example > Anna Li anna@a.example | Lunch, and more",
        ),
        (
            "Outlook",
            OUTLOOK.to_owned(),
            "6: 040000008200E 2026-07-01T07:00:00Z Doe; Jo jo@d.example > Ida me@i.example | Gespräch",
        ),
        ("Apple", APPLE.to_owned(), "2: A-1 2026-04-05 Ida me@i.example > Karl karl@k.example, Lea | Outing"),
    ] {
        assert_eq!(said_of(&file), [expected], "{name}");
    }
}

#[test]
fn moments_are_read_in_every_zone() {
    let day = |lines: &str| said_of(event(&format!("UID:u\r\n{lines}"))).join("\n");
    for (lines, expected) in [
        ("DTSTART:20260301T090000Z", "2026-03-01T09:00:00Z"),
        ("DTSTART:20260301T090000", "2026-03-01T09:00:00"),
        ("DTSTART;VALUE=DATE:20260301", "2026-03-01"),
        ("DTSTART:20260301", "2026-03-01"),
        ("DTSTART;TZID=America/New_York:20260301T090000", "2026-03-01T14:00:00Z"),
        (
            "DTSTART;TZID=\"/freeassociation.sourceforge.net/Europe/Berlin\":20260701T090000",
            "2026-07-01T07:00:00Z",
        ),
        ("DTSTART;TZID=Tokyo Standard Time:20260301T090000", "2026-03-01T00:00:00Z"),
        ("DTSTART;TZID=Somewhere:20260301T090000", "2026-03-01T09:00:00"),
        ("DTSTART;TZID=Europe/Berlin:20260329T023000", "2026-03-29T02:30:00"),
    ] {
        assert_eq!(day(lines), format!("3: u {expected}  > anna@a.example | -"), "{lines}");
    }
    for lines in ["SUMMARY:no date", "DTSTART:20260230T090000", "DTSTART:tomorrow", "DTSTART:"] {
        assert_eq!(day(lines), "3: the event has no date, or one that cannot be read", "{lines}");
    }
}

#[test]
fn what_is_no_meeting_is_counted() {
    let at = "DTSTART:20260301T090000Z\r\n";
    for (name, lines, expected) in [
        (
            "own",
            "URL:http://127.0.0.1:5484/follow-up/01234567-89ab-cdef-0123-456789abcdef",
            "1 of kith's own",
        ),
        (
            "own, elsewhere",
            "URL:https://kith.example/follow-up/01234567-89ab-cdef-0123-456789abcdef?x",
            "1 of kith's own",
        ),
        ("cancelled", "STATUS:CANCELLED", "1 cancelled"),
        ("declined", "ATTENDEE;PARTSTAT=DECLINED:mailto:ME@i.example", "1 that you declined"),
        ("a group", "ATTENDEE;CUTYPE=GROUP:mailto:all@a.example", "1 to which a group was invited"),
    ] {
        let expected = format!("0: events left out: {expected}");
        assert_eq!(said_of(event(&format!("{at}{lines}"))), [expected], "{name}");
    }
    let url = "URL:http://127.0.0.1/follow-up/soon";
    assert_eq!(said_of(event(&format!("{at}{url}"))).len(), 1);
    let file = "BEGIN:VCALENDAR\nMETHOD:CANCEL\nBEGIN:VEVENT\nDTSTART:20260301\nATTENDEE:mailto:a@a.example\nEND:VEVENT\n\
        END:VCALENDAR\nBEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20260301\nORGANIZER:mailto:o@o.example\nEND:VEVENT\n\
        BEGIN:VEVENT\nDTSTART:20260302\nEND:VEVENT\nEND:VCALENDAR\n";
    assert_eq!(said_of(file), ["0: events left out: 2 with nobody else, 1 cancelled"]);
}

/// The dates of a series, by the day in the uid and the moment.
fn dates(lines: &str) -> String {
    let all = said_of(event(&format!("UID:u\r\n{lines}")));
    let date = |line: &String| {
        let mut words = line.split(' ').skip(1);
        let (uid, when) = (words.next().unwrap(), words.next().unwrap());
        uid.strip_prefix("u/").map_or_else(|| line.clone(), |day| format!("{day} {when}"))
    };
    all.iter().map(date).collect::<Vec<_>>().join(", ")
}

#[test]
fn series_are_followed_up_to_today() {
    for (name, lines, expected) in [
        (
            "endless",
            "DTSTART:20261108T090000Z\r\nRRULE:FREQ=WEEKLY",
            "2026-11-08 2026-11-08T09:00:00Z, 2026-11-15 2026-11-15T09:00:00Z, 2026-11-22 2026-11-22T09:00:00Z",
        ),
        (
            "the clock changes",
            "DTSTART;TZID=Europe/Berlin:20261024T090000\r\nRRULE:FREQ=DAILY;COUNT=2",
            "2026-10-24 2026-10-24T07:00:00Z, 2026-10-25 2026-10-25T08:00:00Z",
        ),
        (
            "until, in UTC",
            "DTSTART;TZID=Europe/Berlin:20261101T090000\r\nRRULE:FREQ=WEEKLY;UNTIL=20261108T080000Z",
            "2026-11-01 2026-11-01T08:00:00Z, 2026-11-08 2026-11-08T08:00:00Z",
        ),
        ("days", "DTSTART;VALUE=DATE:20240229\r\nRRULE:FREQ=YEARLY", "2024-02-29 2024-02-29"),
        (
            "until a day",
            "DTSTART:20261101T090000\r\nRRULE:FREQ=DAILY;UNTIL=20261102",
            "2026-11-01 2026-11-01T09:00:00, 2026-11-02 2026-11-02T09:00:00",
        ),
        (
            "last Friday",
            "DTSTART;VALUE=DATE:20260925\r\nRRULE:FREQ=MONTHLY;BYDAY=-1FR",
            "2026-09-25 2026-09-25, 2026-10-30 2026-10-30",
        ),
        (
            "its start is no date of the rule",
            "DTSTART;VALUE=DATE:20261116\r\nRRULE:FREQ=WEEKLY;BYDAY=TU",
            "2026-11-16 2026-11-16, 2026-11-17 2026-11-17",
        ),
        (
            "called off and added",
            "DTSTART;VALUE=DATE:20261118\r\nRRULE:FREQ=DAILY;COUNT=3\r\nEXDATE;VALUE=DATE:20261119\r\nRDATE;VALUE=DATE:20261101,20271101",
            "2026-11-01 2026-11-01, 2026-11-18 2026-11-18, 2026-11-20 2026-11-20",
        ),
        (
            "added alone, as a period",
            "DTSTART:20261118T090000Z\r\nRDATE;VALUE=PERIOD:20261119T090000Z/PT1H",
            "2026-11-18 2026-11-18T09:00:00Z, 2026-11-19 2026-11-19T09:00:00Z",
        ),
        (
            "by the second",
            "DTSTART:20261122T235900Z\r\nRRULE:FREQ=SECONDLY",
            "2026-11-22 2026-11-22T23:59:00Z, 2026-11-23 2026-11-23T23:59:00Z",
        ),
        ("yet to come", "DTSTART:20270101T090000Z\r\nRRULE:FREQ=DAILY", ""),
        (
            "no interval",
            "DTSTART:20261122T090000Z\r\nRRULE:FREQ=DAILY;INTERVAL=0",
            "2026-11-22 2026-11-22T09:00:00Z, 2026-11-23 2026-11-23T09:00:00Z",
        ),
        (
            "no rule",
            "DTSTART:20261120T090000Z\r\nRRULE:whenever",
            "3: u 2026-11-20T09:00:00Z  > anna@a.example | -",
        ),
        (
            "nonsense",
            "DTSTART:20261120T090000Z\r\nRRULE:FREQ=YEARLY;BYMONTHDAY=99",
            "2026-11-20 2026-11-20T09:00:00Z, 3: the rule by which the event repeats cannot be followed",
        ),
    ] {
        assert_eq!(dates(lines), expected, "{name}");
    }
}

#[test]
fn of_a_long_series_the_latest_dates_are_told() {
    let all = said_of(event("UID:u\r\nDTSTART:19700101T090000Z\r\nRRULE:FREQ=DAILY"));
    assert_eq!(all.len(), 1001);
    assert!(all[999].starts_with("3: u/2026-11-23 "), "{}", all[999]);
    assert_eq!(all[1000], "3: of the dates of the event the first 19781 are left out, of 20781");
}

#[test]
fn what_was_moved_takes_the_place_of_its_date() {
    let file = "BEGIN:VCALENDAR\n\
        BEGIN:VEVENT\nUID:u\nRECURRENCE-ID:20261109T080000Z\nSEQUENCE:3\nDTSTART;TZID=Europe/Berlin:20261110T110000\n\
        ATTENDEE:mailto:anna@a.example\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:u\nDTSTART;TZID=Europe/Berlin:20261102T090000\nRRULE:FREQ=WEEKLY\n\
        ATTENDEE:mailto:anna@a.example\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:u\nRECURRENCE-ID;TZID=Europe/Berlin:20261116T090000\nSTATUS:CANCELLED\n\
        DTSTART;TZID=Europe/Berlin:20261116T090000\nATTENDEE:mailto:anna@a.example\nEND:VEVENT\n\
        BEGIN:VEVENT\nUID:alone\nRECURRENCE-ID;VALUE=DATE:20261103\nATTENDEE:mailto:bert@b.example\nEND:VEVENT\n\
        END:VCALENDAR\n";
    assert_eq!(
        said_of(file),
        [
            "9: u/2026-11-02 2026-11-02T08:00:00Z  > anna@a.example | -",
            "9: u/2026-11-23 2026-11-23T08:00:00Z  > anna@a.example | -",
            "2: u/2026-11-09 2026-11-10T10:00:00Z  > anna@a.example | -",
            "22: alone/2026-11-03 2026-11-03  > bert@b.example | -",
            "0: events left out: 1 cancelled"
        ]
    );
}

#[test]
fn of_several_with_one_uid_the_last_revision_counts() {
    let meeting = |day: &str, revision: &str| {
        format!(
            "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:202603{day}T090000Z\r\n{revision}\r\n\
             ATTENDEE:mailto:anna@a.example\r\nEND:VEVENT\r\n"
        )
    };
    for (what, one, other, expected) in [
        ("a higher number", ("01", "SEQUENCE:0"), ("08", "SEQUENCE:1"), "08"),
        ("before a lower one", ("08", "SEQUENCE:1"), ("01", "SEQUENCE:0"), "08"),
        ("ten after nine", ("08", "SEQUENCE:10"), ("01", "SEQUENCE:9"), "08"),
        ("written later", ("08", "DTSTAMP:20260110T000000Z"), ("01", "DTSTAMP:20260109T000000Z"), "08"),
        (
            "the number before the time",
            ("08", "SEQUENCE:1\r\nDTSTAMP:20260101T000000Z"),
            ("01", "SEQUENCE:0\r\nDTSTAMP:20260201T000000Z"),
            "08",
        ),
        ("neither: the one behind the other", ("01", "CLASS:PUBLIC"), ("08", "CLASS:PUBLIC"), "08"),
    ] {
        let file = format!(
            "BEGIN:VCALENDAR\r\n{}{}END:VCALENDAR\r\n",
            meeting(one.0, one.1),
            meeting(other.0, other.1)
        );
        let said = said_of(file);
        assert!(said.len() == 1 && said[0].contains(&format!("2026-03-{expected}T")), "{what}: {said:?}");
    }
    let called_off = format!(
        "BEGIN:VCALENDAR\r\n{}{}END:VCALENDAR\r\n",
        meeting("01", "SEQUENCE:0"),
        meeting("01", "SEQUENCE:1\r\nSTATUS:CANCELLED")
    );
    assert_eq!(said_of(called_off), ["0: events left out: 1 cancelled"]);
    // A date of a series that was moved twice, and a meeting that became a series.
    let series = "BEGIN:VEVENT\r\nUID:1\r\nDTSTART:20260302T090000Z\r\nRRULE:FREQ=WEEKLY;COUNT=2\r\nSEQUENCE:2\r\n\
                  ATTENDEE:mailto:anna@a.example\r\nEND:VEVENT\r\n";
    let moved = |day: &str, sequence: u8| {
        meeting(day, &format!("RECURRENCE-ID:20260309T090000Z\r\nSEQUENCE:{sequence}"))
    };
    let file = format!(
        "BEGIN:VCALENDAR\r\n{}{series}{}{}END:VCALENDAR\r\n",
        meeting("01", "SEQUENCE:1"),
        moved("11", 4),
        moved("10", 3)
    );
    let days: Vec<String> =
        said_of(file).iter().map(|said| said.split(' ').nth(2).unwrap()[..10].to_owned()).collect();
    assert_eq!(days, ["2026-03-02", "2026-03-11"]);
}

#[test]
fn without_options_a_series_has_its_first_date_alone() {
    let file = event("UID:u\r\nDTSTART:20200101T090000Z\r\nRRULE:FREQ=DAILY");
    assert_eq!(
        said(file.as_bytes(), &json!({})),
        ["3: u/2020-01-01 2020-01-01T09:00:00Z  > anna@a.example | -"]
    );
}

#[test]
fn other_files_fail_and_cut_off_events_are_skipped() {
    for (name, file, expected) in [
        ("empty", "", "failed: the file is empty"),
        (
            "a card",
            "BEGIN:VCARD\nEND:VCARD\n",
            "failed: the file holds no calendar: no line of it says BEGIN:VCALENDAR",
        ),
    ] {
        assert_eq!(said_of(file), [expected], "{name}");
    }
    let file = event("DTSTART:20260301");
    let cut = &file[..file.find("END:VEVENT").unwrap()];
    assert!(said_of(cut)[0].starts_with("3: the event is cut off"), "{:?}", said_of(cut));
    assert!(said_of("BEGIN:VCALENDAR\nEND:VCALENDAR\n").is_empty());
}

#[test]
fn charsets_and_utf_16_are_read() {
    let text = event("DTSTART:20260301\r\nSUMMARY:Gespräch über Äpfel");
    let latin: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let wide: Vec<u8> = format!("\u{feff}{text}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for file in [text.into_bytes(), latin, wide] {
        assert_eq!(said_of(file), ["3: - 2026-03-01  > anna@a.example | Gespräch über Äpfel"]);
    }
}

/// Lines of calendars, good and bad, for the generators below.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        &b"BEGIN:VCALENDAR\r\n"[..],
        b"BEGIN:VEVENT\r\n",
        b"END:VEVENT\r\n",
        b"BEGIN:VTIMEZONE\nTZID:x\nX-LIC-LOCATION:Europe/Berlin\nEND:VTIMEZONE\n",
        b"BEGIN:VALARM\n",
        b"END:VALARM\n",
        b"UID:u\n",
        b"DTSTART:20260301T090000Z\n",
        b"DTSTART;TZID=x:20260301T090000\n",
        b"DTSTART;VALUE=DATE:99991231\n",
        b"DTSTART:00010101T000000\n",
        b"RRULE:FREQ=DAILY;",
        b"RRULE:FREQ=YEARLY;",
        b"RRULE:FREQ=MONTHLY;",
        b"RRULE:FREQ=WEEKLY;",
        b"COUNT=4294967295;",
        b"INTERVAL=65535;",
        b"BYSETPOS=-1,366;",
        b"BYDAY=-53MO,5FR,32767SU;",
        b"BYMONTHDAY=-31,31,-128;",
        b"BYYEARDAY=-366,366;",
        b"BYWEEKNO=53,-53;",
        b"BYHOUR=0,23,255;",
        b"UNTIL=99991231T235959Z\n",
        b"RECURRENCE-ID;RANGE=THISANDFUTURE:20260301T090000Z\n",
        b"EXDATE:20260301T090000Z,20260302\n",
        b"RDATE;VALUE=PERIOD:20260301T090000Z/P99999D\n",
        b"ATTENDEE;PARTSTAT=DECLINED;CN=\"a\":mailto:me@i.example\n",
        b"ATTENDEE:mailto:anna@a.example\n",
        b"ORGANIZER;CN=:x@\n",
        b"\n",
        b" ",
        b"\xFF\xFE",
    ])
    .prop_map(<[u8]>::to_vec);
    prop_oneof![6 => known, 1 => prop::collection::vec(any::<u8>(), 0..8)]
}

proptest! {
    #[test]
    fn any_bytes_end_in_done_or_failed(parts in prop::collection::vec(pieces(), 0..40)) {
        let bare = parts.concat();
        said_of(&bare);
        said_of([b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nDTSTART:20200229T090000\nATTENDEE:mailto:a@a.example\n", &bare[..]].concat());
    }
}

/// The times that a calendar takes, or the days that it names, around the end of November 2026.
fn spans_of(of: &str, file: &str) -> Vec<String> {
    let spans = json!({"of": of, "from": "2026-11-22", "until": "2026-12-31"});
    let options = json!({"me": {"emails": ["me@i.example"]}, "today": "2026-11-22", "spans": spans});
    said(file.as_bytes(), &options)
        .into_iter()
        .map(|line| line.replace(": - ", " ").replace("  >  | -", ""))
        .collect()
}

fn calendar(events: &[&str]) -> String {
    let events: String = events.iter().map(|lines| format!("BEGIN:VEVENT\n{lines}\nEND:VEVENT\n")).collect();
    format!("BEGIN:VCALENDAR\nVERSION:2.0\n{events}END:VCALENDAR\n")
}

#[test]
fn times_that_are_taken_are_told_where_they_are_asked_for() {
    let timed = |more: &str| {
        format!(
            "DTSTART;TZID=Europe/Berlin:20261124T100000\nDTEND;TZID=Europe/Berlin:20261124T113000\n{more}UID:a"
        )
    };
    let taken = "3 2026-11-24T09:00:00Z/2026-11-24T10:30:00Z";
    for (name, lines, expected) in [
        ("a meeting, with nobody", timed(""), &[taken][..]),
        ("for so long", "DTSTART:20261124T090000Z\nDURATION:PT1H30M".to_owned(), &[taken]),
        (
            "where the user is",
            "DTSTART:20261124T090000\nDTEND:20261124T100000".to_owned(),
            &["3 2026-11-24T09:00:00/2026-11-24T10:00:00"],
        ),
        (
            "over midnight",
            "DTSTART:20261124T230000\nDTEND:20261125T010000".to_owned(),
            &["3 2026-11-24T23:00:00/2026-11-25T01:00:00"],
        ),
        ("a moment", "DTSTART:20261124T090000Z".to_owned(), &[]),
        ("it ends before it begins", "DTSTART:20261124T090000Z\nDTEND:20261123T090000Z".to_owned(), &[]),
        ("transparent", timed("TRANSP:TRANSPARENT\n"), &[]),
        ("free, as Outlook says it", timed("X-MICROSOFT-CDO-BUSYSTATUS:FREE\n"), &[]),
        ("cancelled", timed("STATUS:CANCELLED\n"), &[]),
        ("declined", timed("ATTENDEE;PARTSTAT=DECLINED:mailto:me@i.example\n"), &[]),
        ("a day that says nothing", "DTSTART;VALUE=DATE:20261124".to_owned(), &[]),
        (
            "a day that takes time",
            "DTSTART;VALUE=DATE:20261124\nDTEND;VALUE=DATE:20261126\nTRANSP:OPAQUE".to_owned(),
            &["3 2026-11-24/2026-11-26"],
        ),
        ("long ago", "DTSTART:20251124T090000Z\nDURATION:PT1H30M".to_owned(), &[]),
        (
            "one of kith's own",
            timed("URL:http://127.0.0.1:5484/follow-up/00000000-0000-4000-8000-000000000901\n"),
            &[],
        ),
    ] {
        assert_eq!(spans_of("busy", &calendar(&[&lines])), expected, "{name}");
    }
}

#[test]
fn series_take_their_time_on_each_of_their_dates() {
    // Weekly in Berlin, over the change of the clocks; one date moved, one called off.
    let master = "UID:w\nDTSTART;TZID=Europe/Berlin:20261013T100000\nDTEND;TZID=Europe/Berlin:20261013T110000\n\
                  RRULE:FREQ=WEEKLY\nEXDATE;TZID=Europe/Berlin:20261201T100000";
    let moved = "UID:w\nRECURRENCE-ID;TZID=Europe/Berlin:20261208T100000\nDTSTART;TZID=Europe/Berlin:20261209T140000\n\
                 DTEND;TZID=Europe/Berlin:20261209T160000";
    let off = "UID:w\nRECURRENCE-ID;TZID=Europe/Berlin:20261215T100000\nDTSTART;TZID=Europe/Berlin:20261215T100000\nSTATUS:CANCELLED";
    assert_eq!(
        spans_of("busy", &calendar(&[master, moved, off])),
        [
            "3 2026-11-24T09:00:00Z/2026-11-24T10:00:00Z",
            "3 2026-12-22T09:00:00Z/2026-12-22T10:00:00Z",
            "3 2026-12-29T09:00:00Z/2026-12-29T10:00:00Z",
            "10 2026-12-09T13:00:00Z/2026-12-09T15:00:00Z",
        ]
    );
}

#[test]
fn holidays_are_days_whatever_they_say_of_the_time() {
    let christmas = "DTSTART;VALUE=DATE:20201225\nDTEND;VALUE=DATE:20201227\nRRULE:FREQ=YEARLY\nTRANSP:TRANSPARENT\nSUMMARY:Weihnachten";
    let off = "DTSTART;VALUE=DATE:20261224\nSTATUS:CANCELLED";
    let concert = "DTSTART:20261224T190000\nDURATION:PT2H";
    assert_eq!(spans_of("days", &calendar(&[christmas, off, concert])), ["3 2026-12-25/2026-12-27"]);
}
