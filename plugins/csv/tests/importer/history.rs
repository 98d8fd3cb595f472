//! LinkedIn's messages.csv and Invitations.csv: interactions, and no text.

use kith_plugin::{Message, Party};
use proptest::prelude::*;

use crate::{answer, answer_in_chunks};

const HEADER: &str = "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER,ATTACHMENTS";
const INVITATIONS: &str = "From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl";

const IDA: &str = "Ida Ich,https://www.linkedin.com/in/ida";
const ADA: &str = "Ada Lovelace,https://www.linkedin.com/in/ada";
const BOB: &str = "\"Bob B, PhD\",https://www.linkedin.com/in/bob";

fn row(from: &str, to: &str, date: &str) -> String {
    format!("2-abc,,{from},{to},{date},,\"secret, and\nmore \"\"secret\"\"\",INBOX,\n")
}

/// What comes out, a line each.
fn told(messages: &[Message]) -> Vec<String> {
    let who = |party: &Party| {
        let own = party.me.then(|| "me".to_owned());
        let said = || party.name.iter().chain(&party.profiles).cloned().collect::<Vec<_>>().join(" ");
        own.unwrap_or_else(said).replace("https://www.linkedin.com", "")
    };
    let words = |message: &Message| match message {
        Message::Interaction(it) => {
            let to: Vec<String> = it.to.iter().map(who).collect();
            Some(format!(
                "{}: {} {} > {}",
                it.at.line,
                it.when,
                who(it.from.as_ref().unwrap()),
                to.join("; ")
            ))
        }
        Message::Skipped { at, reason } => Some(format!("{}: skipped, {reason}", at.line)),
        Message::Contact(_) | Message::Failed { .. } => Some(format!("{message:?}")),
        _ => None,
    };
    messages.iter().filter_map(words).collect()
}

fn of_messages(rows: &[String]) -> Vec<String> {
    told(&answer(format!("{HEADER}\n{}", rows.concat())))
}

#[test]
fn an_interaction_a_day_and_direction_comes_out_at_its_earliest() {
    let rows = [
        row(ADA, IDA, "2026-07-02 08:00:00 UTC"),
        row(ADA, IDA, "2026-07-01 11:00:00 UTC"),
        row(IDA, ADA, "2026-07-01 10:30:00 UTC"),
        row(ADA, IDA, "2026-07-01 10:00:00 UTC"),
        row(BOB, IDA, "2026-06-30 09:00:00 UTC"),
    ];
    assert_eq!(
        of_messages(&rows),
        [
            "2: 2026-07-02T08:00:00Z Ada Lovelace /in/ada > me",
            "4: 2026-07-01T10:00:00Z Ada Lovelace /in/ada > me",
            "6: 2026-07-01T10:30:00Z me > Ada Lovelace /in/ada",
            "10: 2026-06-30T09:00:00Z Bob B, PhD /in/bob > me",
        ]
    );
}

#[test]
fn who_the_user_is_is_told_by_who_has_part_in_all() {
    let one = row(IDA, ADA, "2026-07-01 10:00:00 UTC");
    let two = row(BOB, IDA, "2026-07-01 10:00:00 UTC");
    let ada_and_bob =
        "\"Ada Lovelace,Bob\",\"https://www.linkedin.com/in/ada,https://www.linkedin.com/in/bob/\"";
    let commas = ada_and_bob.replace(",Bob", ", PhD,Bob");
    for (name, rows, expected) in [
        (
            "one partner",
            vec![one.clone()],
            vec!["2: 2026-07-01T10:00:00Z Ida Ich /in/ida > Ada Lovelace /in/ada"],
        ),
        (
            "two partners",
            vec![one, two.clone()],
            vec![
                "2: 2026-07-01T10:00:00Z me > Ada Lovelace /in/ada",
                "4: 2026-07-01T10:00:00Z Bob B, PhD /in/bob > me",
            ],
        ),
        (
            "several at once",
            vec![two, row(IDA, ada_and_bob, "2026-07-01 10:00:00 UTC")],
            vec![
                "2: 2026-07-01T10:00:00Z Bob B, PhD /in/bob > Ida Ich /in/ida",
                "4: 2026-07-01T10:00:00Z Ida Ich /in/ida > Ada Lovelace /in/ada; Bob /in/bob/",
            ],
        ),
        (
            "names with commas",
            vec![row(IDA, &commas, "2026-07-01 10:00:00 UTC")],
            vec!["2: 2026-07-01T10:00:00Z Ida Ich /in/ida > /in/ada; /in/bob/"],
        ),
        (
            "an older export without the receivers' profiles",
            vec![row(IDA, "Ada Lovelace,", "2026-07-01 10:00:00 UTC")],
            vec!["2: 2026-07-01T10:00:00Z Ida Ich /in/ida > Ada Lovelace"],
        ),
    ] {
        assert_eq!(of_messages(&rows), expected, "{name}");
    }
}

#[test]
fn what_nobody_wrote_to_the_user_is_left_out_and_told() {
    let good = row(IDA, ADA, "2026-07-01 10:00:00 UTC");
    for (name, row, expected) in [
        ("spam", good.replace("INBOX", "SPAM"), "0: skipped, 1 row of spam"),
        (
            "archived",
            good.replace("INBOX", "ARCHIVE"),
            "2: 2026-07-01T10:00:00Z Ida Ich /in/ida > Ada Lovelace /in/ada",
        ),
        ("draft", good.replace(",\n", ",,Yes\n"), "0: skipped, 1 row of drafts"),
        ("the folder of drafts", good.replace("INBOX", "Drafts"), "0: skipped, 1 row of drafts"),
        (
            "drafts told by either",
            [good.replace("INBOX", "DRAFT"), good.replace(",\n", ",,Yes\n")].concat(),
            "0: skipped, 2 rows of drafts",
        ),
        (
            "no draft",
            good.replace(",\n", ",,No\n"),
            "2: 2026-07-01T10:00:00Z Ida Ich /in/ida > Ada Lovelace /in/ada",
        ),
        (
            "no date",
            good.replace("2026-07-01", "secret").replace(",\n", ",,\n"),
            "2: skipped, its date is not as in such a file, so that it counts for nobody",
        ),
        (
            "more cells than the header",
            good.replace("Ada Lovelace", "Ada, PhD").replace(",\n", ",,\n"),
            "2: skipped, it has more cells than the header, so that they stand in the wrong columns: perhaps a separator \
             stands in a cell without quotation marks",
        ),
        (
            "fewer cells than the header",
            format!("2-abc,,{IDA}\n"),
            "2: skipped, it has fewer cells than the header, and it cannot be told which are missing",
        ),
        (
            "no sender",
            row(",", ADA, "2026-07-01 10:00:00 UTC").replace(",\n", ",,\n"),
            "2: skipped, it does not say who wrote to whom",
        ),
        (
            "no receiver",
            row(IDA, ",", "2026-07-01 10:00:00 UTC").replace(",\n", ",,\n"),
            "2: skipped, it does not say who wrote to whom",
        ),
    ] {
        assert_eq!(told(&answer(format!("{HEADER},IS MESSAGE DRAFT\n{row}"))), [expected], "{name}");
    }
}

#[test]
fn invitations_say_who_asked_whom() {
    let urls = "https://www.linkedin.com/in/ida,https://www.linkedin.com/in/ada";
    for (name, row, expected) in [
        (
            "by the user",
            format!("Ida Ich,Ada Lovelace,\"7/8/26, 3:43 PM\",\"secret\",OUTGOING,{urls}"),
            "2: 2026-07-08 me > Ada Lovelace /in/ada",
        ),
        (
            "a narrow blank",
            format!("Ida Ich,Ada Lovelace,\"7/8/26, 3:43\u{202f}PM\",,OUTGOING,{urls}"),
            "2: 2026-07-08 me > Ada Lovelace /in/ada",
        ),
        (
            "to the user",
            format!("Ida Ich,Ada Lovelace,\"12/31/25, 12:01 AM\",secret,INCOMING,{urls}"),
            "2: 2025-12-31 Ida Ich /in/ida > me",
        ),
        (
            "nobody knows",
            format!("Ida Ich,Ada Lovelace,\"7/8/26, 3:43 PM\",secret,,{urls}"),
            "2: skipped, it does not say who asked whom",
        ),
        (
            "another date",
            format!("Ida Ich,Ada Lovelace,8.7.26 15:43,secret,OUTGOING,{urls}"),
            "2: skipped, its date is not as in such a file, so that it counts for nobody",
        ),
    ] {
        assert_eq!(told(&answer(format!("{INVITATIONS}\r\n{row}\r\n"))), [expected], "{name}");
    }
}

#[test]
fn a_day_is_the_same_whatever_else_the_next_export_has() {
    let uids = |rows: &[String]| -> Vec<String> {
        let messages = answer(format!("{HEADER}\n{}", rows.concat()));
        messages
            .into_iter()
            .filter_map(|message| match message {
                Message::Interaction(it) => it.uid,
                _ => None,
            })
            .collect()
    };
    let first = [row(ADA, IDA, "2026-07-01 10:00:00 UTC")];
    let renamed = ADA.replace("Lovelace", "King").replace("/ada", "/Ada/");
    let second = [
        row(BOB, IDA, "2026-07-03 10:00:00 UTC"),
        row(&renamed, IDA, "2026-07-01 20:00:00 UTC"),
        row(&renamed, IDA, "2026-07-01 10:00:00 UTC"),
    ];
    assert_eq!(uids(&second)[1..], uids(&first));
}

proptest! {
    #[test]
    fn nothing_that_was_written_comes_out(
        cells in proptest::collection::vec("\"?secret[,\"\n]{0,2}", 0..4),
        folder in "(INBOX|SPAM|\")?",
        chunk in 1_usize..40,
    ) {
        let file = format!(
            "{HEADER}\n2-abc,,{ADA},{IDA},2026-07-01 10:00:00 UTC,,\"{}\",{folder},\n{}",
            cells.concat().replace('"', "\"\""), row(IDA, BOB, "2026-07-01 10:00:00 UTC"),
        );
        let said = format!("{:?}", answer_in_chunks(file.as_bytes(), chunk));
        prop_assert!(!said.contains("secret"), "{}", said);
    }
}
