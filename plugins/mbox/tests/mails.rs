//! Mail as programs write it, by what kith is told of it.

#![allow(clippy::unwrap_used)]

use kith_plugin::{Interaction, Message, Party, serve};
use kith_plugin_mbox::Mbox;
use proptest::prelude::*;

/// What is said of a file, a line each.
fn said(file: impl AsRef<[u8]>) -> Vec<String> {
    answer(file.as_ref()).iter().filter_map(words).collect()
}

fn answer(file: &[u8]) -> Vec<Message> {
    let header =
        format!("{{\"kind\":\"file\",\"protocol\":1,\"fileName\":\"m.mbox\",\"bytes\":{}}}\n", file.len());
    let mut output = Vec::new();
    serve(&mut Mbox, [header.as_bytes(), file].concat().as_slice(), &mut output).unwrap();
    let lines = String::from_utf8(output).unwrap();
    lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn words(message: &Message) -> Option<String> {
    let who =
        |party: &Party| [party.name.clone().into_iter().collect(), party.emails.clone()].concat().join(" ");
    match message {
        Message::Interaction(interaction) => {
            let Interaction { at, uid, when, from, to, subject, .. } = &**interaction;
            let from = from.as_ref().map(who).unwrap_or_default();
            let to: Vec<String> = to.iter().map(who).collect();
            let (uid, subject) = (uid.as_deref().unwrap_or("-"), subject.as_deref().unwrap_or("-"));
            Some(format!("{}: {uid} {when} {from} > {} | {subject}", at.line, to.join(", ")))
        }
        Message::Skipped { at, reason } => Some(format!("{}: {reason}", at.line)),
        Message::Failed { reason, .. } => Some(format!("failed: {reason}")),
        _ => None,
    }
}

/// A mail with these fields besides a date, a sender and a receiver.
fn mail(fields: &str) -> String {
    format!(
        "From: a@a.example\nTo: b@b.example\nDate: Mon, 4 Mar 2024 10:00:00 +0100\n{fields}\n\nThe body.\n"
    )
}

#[test]
fn a_mail_is_told_by_its_header() {
    let file = "Return-Path: <anna@a.example>\r\n\
        Received: from mx by mx; Tue, 5 Mar 2024 10:00:00 +0000\r\n\
        Message-ID: <4711@a.example>\r\n\
        Date: Mon, 4 Mar 2024 10:00:00 +0100 (CET)\r\n\
        From: =?utf-8?Q?Anna_B=C3=BChler?= <anna@a.example>\r\n\
        To: \"Doe, Jo\" <jo@d.example>, team: bert@b.example, <carl@c.example>;\r\n\
        Cc: dora@d.example (Dora),\r\n\tJO@d.example\r\n\
        Subject: =?iso-8859-1?Q?Gr=FC=DFe?=\r\n =?iso-8859-1?Q?_aus?= Bern\r\n\
        \r\nFrom: nobody@secret.example\r\nSubject: secret\r\n";
    let expected = "1: <4711@a.example> 2024-03-04T10:00:00+01:00 Anna Bühler anna@a.example > \
        Doe, Jo jo@d.example, bert@b.example, carl@c.example, Dora dora@d.example | Grüße aus Bern";
    assert_eq!(said(file), [expected]);
}

#[test]
fn nothing_of_a_body_is_told() {
    let mark = "From a@a.example Mon Mar  4 10:00:00 2024\n";
    let body = "\nsecret\n\nFrom: secret@s.example\nSubject: secret\n\n>From secret\nFrom secret Mon Mar 4 10:00:00 2024\n\nsecret\n";
    let file = format!("{mark}{}{body}\n{mark}{}", mail("Subject: one"), mail("Subject: two"));
    let said = said(&file);
    assert_eq!(said.len(), 2);
    assert!(said.iter().all(|line| !line.contains("secret")), "{said:?}");
}

#[test]
fn dates_are_read_as_programs_write_them() {
    for (date, expected) in [
        ("Mon, 4 Mar 2024 10:00:00 +0100", "2024-03-04T10:00:00+01:00"),
        ("4 Mar 2024 10:00 -0530", "2024-03-04T10:00:00-05:30"),
        ("Mon, 04 Mar 24 10:00:00 EST", "2024-03-04T10:00:00-05:00"),
        ("4 Mar 99 10:00:00 GMT", "1999-03-04T10:00:00Z"),
        ("Mon, 4 Mar 2024 10:00:00 Z", "2024-03-04T10:00:00Z"),
        ("Mon, 4 Mar 2024 10:00:00 -0000", "2024-03-04T10:00:00Z"),
        ("Mon, 4 Mar 2024 10:00:00", "2024-03-04T10:00:00Z"),
        ("Mon,\n 4 Mar 2024\n 10:00:00 +0000", "2024-03-04T10:00:00Z"),
        ("Mon, 4 Mar (march) 2024 10:00:00 +0000 (UTC)", "2024-03-04T10:00:00Z"),
    ] {
        let said = said(format!("From: a@a.example\nDate: {date}\n\n"));
        assert_eq!(said, [format!("1: - {expected} a@a.example >  | -")], "{date}");
    }
    for date in ["", "yesterday", "99 Mar 2024 10:00:00 +0000", "4 Mrz 2024 10:00:00 +0000"] {
        assert_eq!(
            said(format!("From: a@a.example\nDate: {date}\n\n")),
            ["1: the mail has no date"],
            "{date}"
        );
    }
    let by_postmark = "From - Mon Mar 04 10:00:00 2024\nFrom: a@a.example\n\n";
    assert_eq!(said(by_postmark), ["1: - 2024-03-04T10:00:00Z a@a.example >  | -"]);
}

#[test]
fn addresses_are_read_as_programs_write_them() {
    for (list, expected) in [
        ("b@b.example", "b@b.example"),
        ("<b@b.example>", "b@b.example"),
        ("\"b@b.example\" <b@b.example>", "b@b.example"),
        ("Bert (at work) <b@b.example>", "Bert (at work) b@b.example"),
        ("=?utf-8?B?w4Vzc2E=?= <b@b.example>", "Åssa b@b.example"),
        ("Bert <b@bücher.example>", "Bert b@bücher.example"),
        ("undisclosed-recipients:;", ""),
        ("Bert", ""),
        ("Bert <>", ""),
        ("\"quoted \\\"Bert\\\"\" <b@b.example>", "quoted \"Bert\" b@b.example"),
    ] {
        let file = format!("From: a@a.example\nDate: 4 Mar 2024 10:00:00 +0000\nTo: {list}\n\n");
        assert_eq!(said(file), [format!("1: - 2024-03-04T10:00:00Z a@a.example > {expected} | -")], "{list}");
    }
    assert_eq!(
        said("Date: 4 Mar 2024 10:00:00 +0000\nTo: b@b.example\n\n"),
        ["1: the mail does not say who wrote it"]
    );
    let raw = b"From: a@a.example\nDate: 4 Mar 2024 10:00:00 +0000\nSubject: Gr\xFC\xDFe an M\xFCller\n\n";
    assert_eq!(said(raw), ["1: - 2024-03-04T10:00:00Z a@a.example >  | Grüße an Müller"]);
}

#[test]
fn what_nobody_wrote_to_anybody_is_counted() {
    for (field, expected) in [
        ("List-Id: <l.example>", "1 of mailing lists"),
        ("List-Unsubscribe: <mailto:x@x>", "1 of mailing lists"),
        ("Precedence: Bulk", "1 of mailing lists"),
        ("Auto-Submitted: auto-replied (vacation)", "1 automatic"),
        ("Content-Type: multipart/report; report-type=delivery-status", "1 automatic"),
        ("Return-Path: <>", "1 automatic"),
        ("X-Gmail-Labels: =?UTF-8?Q?Entw=C3=BCrfe,Wichtig?=", "1 not sent"),
        ("X-Status: T", "1 not sent"),
        ("X-Gmail-Labels: Spam", "1 spam"),
        ("X-Spam-Flag: YES", "1 spam"),
        ("X-Spam-Status: Yes, score=9", "1 spam"),
    ] {
        assert_eq!(said(mail(field)), [format!("0: mails left out: {expected}")], "{field}");
    }
    for field in [
        "Auto-Submitted: no",
        "Precedence: first-class",
        "X-Spam-Status: No",
        "X-Gmail-Labels: Inbox,Sent",
        "X-Status: A",
    ] {
        assert_eq!(said(mail(field)).len(), 1, "{field}");
        assert!(said(mail(field))[0].starts_with("1: "), "{field}");
    }
    for (sender, automatic) in [
        ("MAILER-DAEMON@x", true),
        ("no-reply@x.example", true),
        ("Do_Not_Reply+17@x.example", true),
        ("orders.noreply@x.example", true),
        ("bounces@x.example", true),
        ("noreen@x.example", false),
        ("replying@x.example", false),
    ] {
        let said = said(format!("From: {sender}\nDate: 4 Mar 2024 10:00:00 +0000\n\n"));
        assert_eq!(said[0].starts_with("0: "), automatic, "{sender}");
    }
    let mark = "From - Mon Mar 04 10:00:00 2024\n";
    let list = mail("List-Id: x");
    let file = [mark, &list, "\n", mark, &list, "\n", mark, &mail("X-Status: T")].concat();
    assert_eq!(said(file), ["0: mails left out: 2 of mailing lists, 1 not sent"]);
}

#[test]
fn other_files_fail_and_cut_off_mails_are_skipped() {
    for (name, file, expected) in [
        ("empty", "", "the file is empty"),
        ("text", "hello there\n", "the file holds no mail"),
        ("a web page", "<html>\n<a href=\"x:y\">\n", "the file holds no mail"),
    ] {
        assert!(said(file)[0].starts_with(&format!("failed: {expected}")), "{name}: {:?}", said(file));
    }
    let cut = "From: a@a.example\nDate: 4 Mar 2024 10:00:00 +0000\nTo: b@b.ex";
    assert!(said(cut)[0].starts_with("1: the mail is cut off"), "{:?}", said(cut));
    let long = format!("From: a@a.example\nTo: {}b@b.example\n\n", "c@c.example,\n ".repeat(30_000));
    assert_eq!(said(long), ["1: the mail's header is larger than 256 KiB"]);
}

/// Pieces of mails, good and bad.
fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        &b"From a@x Mon Mar  4 10:00:00 2024\n"[..],
        b"From: =?utf-8?Q?a=?= <a@x.example>\r\n",
        b"To: (\\\"<@,;:group:<a@b>;\n",
        b"Date: 99 Xyz 99999 99:99:99 -9999\n",
        b"Date: Mon, 4 Mar 2024 10:00:00 +0100\n",
        b"Message-ID: <>\n",
        b"Subject: =?x?Q?=?= =?utf-8?B?////?=\n",
        b"X-Gmail-Labels: ,\n",
        b"\n",
        b"\r\n",
        b" ",
        b"\xFF",
    ])
    .prop_map(<[u8]>::to_vec);
    prop_oneof![5 => known, 1 => prop::collection::vec(any::<u8>(), 0..8)]
}

proptest! {
    #[test]
    fn any_bytes_end_in_done_or_failed(parts in prop::collection::vec(pieces(), 0..40)) {
        let messages = answer(&parts.concat());
        let ended = matches!(messages.last(), Some(Message::Done { .. } | Message::Failed { .. }));
        prop_assert!(ended);
    }

    #[test]
    fn bodies_never_leak(body in "[a-zA-Z :<>@=?\\n]{0,200}", subject in "[a-z]{1,20}") {
        let file = format!("From - Mon Mar 04 10:00:00 2024\nFrom: a@a.example\nDate: 4 Mar 2024 10:00:00 +0000\nSubject: {subject}\n\n{body}");
        prop_assert_eq!(said(&file), vec![format!("1: - 2024-03-04T10:00:00Z a@a.example >  | {subject}")]);
    }
}
