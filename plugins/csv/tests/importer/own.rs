//! Dialect files of the user's own, and the one that is proposed.

use kith_plugin::{Message, Suggestion};
use proptest::prelude::*;
use serde_json::json;

use crate::{answer, answer_with, assert_says, skipped};

const FRIENDS: &str =
    "Who,Reach,Colour,Born\nAda Lovelace,ada@example.org,red,13/12/1815\nBob,bob@example.org,blue,\n";

fn suggestion(file: &str) -> Suggestion {
    match answer(file).pop() {
        Some(Message::Failed { suggestion: Some(suggestion), .. }) => suggestion,
        other => panic!("nothing is suggested: {other:?}"),
    }
}

/// The names of the contacts that a file has for a user with these dialect files.
fn names(file: &str, own: &[(&str, &str)]) -> Vec<String> {
    let contacts = answer_with(file.as_bytes(), own, 8192).into_iter().filter_map(|message| match message {
        Message::Contact(record) => Some(record.contact.name.full.unwrap_or_default()),
        _ => None,
    });
    contacts.collect()
}

#[test]
fn what_is_proposed_reads_the_file_as_it_is() {
    let Suggestion { file_name, text } = suggestion(FRIENDS);
    assert_eq!(file_name, "my-friends.toml");
    assert_eq!(names(FRIENDS, &[(&file_name, &text)]), ["Ada Lovelace", "Bob"]);
    let messages = answer_with(FRIENDS.as_bytes(), &[(&file_name, &text)], 8192);
    let Message::Contact(record) = &messages[1] else { panic!("{messages:?}") };
    assert_eq!(record.contact.emails[0].address, "ada@example.org");
    assert_eq!(record.contact.anniversaries[0].date, "1815-12-13");
}

#[test]
fn the_users_own_dialect_goes_before_shipped_ones() {
    let file = "Name,Notes\nlovelace,Ada\n";
    let own = "name = \"Mine\"\n[[recognise]]\nheaders = [\"Name\", \"Notes\"]\n\
               [[column]]\nto = \"name/full\"\nheaders = [\"Notes\"]\n";
    assert_eq!(names(file, &[]), ["lovelace"]);
    assert_eq!(names(file, &[("mine.toml", own)]), ["Ada"]);
    // Of two, the one that knows the header by more names.
    let vague = own.replace("\"Name\", \"Notes\"", "\"Name\"").replace("[\"Notes\"]", "[\"Name\"]");
    assert_eq!(names(file, &[("a.toml", &vague), ("mine.toml", own)]), ["Ada"]);
}

#[test]
fn an_order_of_dates_can_be_told() {
    let file = "Name,Birthday\nAda,05/06/1985\n";
    let sheet = "name = \"Mine\"\ndate_order = \"day-month-year\"\n[[recognise]]\nheaders = [\"Name\", \"Birthday\"]\n\
        [[column]]\nto = \"name/full\"\nheaders = [\"Name\"]\n[[column]]\nto = \"anniversaries\"\nlabel = \"birth\"\nheaders = [\"Birthday\"]\n";
    let messages = answer_with(file.as_bytes(), &[("mine.toml", sheet)], 8192);
    let Message::Contact(record) = &messages[1] else { panic!("{messages:?}") };
    assert_eq!(record.contact.anniversaries[0].date, "1985-06-05");
    assert!(record.warnings.is_empty());
}

#[test]
fn a_broken_dialect_is_passed_over_and_said() {
    let broken = ("broken.toml", "name = \"x\"\nnmae = 1\n");
    let messages = answer_with(b"Name\nAda\n", &[broken], 8192);
    let said = skipped(&messages);
    assert!(said[0].0 == 0 && said[0].1.contains("broken.toml is wrong: line 2: "), "{said:?}");
    assert!(
        matches!(messages.last(), Some(Message::Done { counts, .. }) if counts.contact == 1 && counts.skipped == 1)
    );
    match answer_with(FRIENDS.as_bytes(), &[broken], 8192).pop() {
        Some(Message::Failed { reason, .. }) => assert!(reason.contains("broken.toml is wrong"), "{reason}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn the_example_of_the_documents_reads_what_it_says() {
    let document = include_str!("../../../../docs/csv.md");
    let example = document.split("```toml\n").nth(1).unwrap().split("```").next().unwrap();
    let file = "The choir\nSinger;Voice;Mail;Mobile 1;Mobile 2;Born;Street;Town\n\
                Ada Lovelace;alto / solo;ada@example.org;+44 1;+44 2;05/06/1985;12 Square;London\n";
    let messages = answer_with(file.as_bytes(), &[("choir.toml", example)], 8192);
    let Message::Contact(record) = &messages[1] else { panic!("{messages:?}") };
    assert_says(
        "choir",
        record,
        &json!({
            "name": {"full": "Ada Lovelace"},
            "keywords": ["alto", "solo"],
            "emails": [{"address": "ada@example.org", "pref": 1}],
            "phones": [{"number": "+44 1", "label": "mobile"}, {"number": "+44 2", "label": "mobile"}],
            "anniversaries": [{"kind": "birth", "date": "1985-06-05"}],
            "addresses": [{"full": "12 Square, London", "label": "home"}],
        }),
    );
    assert_eq!(record.warnings, [""; 0]);
}

/// A name of a column: words of the languages, and anything at all.
fn column_name() -> impl Strategy<Value = String> {
    let known =
        ["Who", "Mail", "Telefon", "Nom", "Nombre", "Born", "Rue", "Ort", "First", "Stadt", "Firma", "URL"];
    prop_oneof![
        3 => proptest::sample::select(known.to_vec()).prop_map(str::to_owned),
        1 => "[a-zA-Zäß ]{0,8}",
        1 => "[ -~é\u{1}\n\"\\\\{}]{0,10}",
        1 => "\\PC{0,6}",
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_proposal_can_be_used_as_it_is(
        names in proptest::collection::vec(column_name(), 1..8),
        cells in proptest::collection::vec("[a-z@.0-9/]{0,6}", 1..8),
    ) {
        let row = |cells: &[String]| {
            let quoted: Vec<String> = cells.iter().map(|c| format!("\"{}\"", c.replace('"', "\"\""))).collect();
            quoted.join(",")
        };
        // One that no dialect knows.
        let names = [vec!["Colour of eyes".to_owned()], names].concat();
        let file = format!("{}\n{}\n", row(&names), row(&cells));
        if let Some(Message::Failed { suggestion: Some(suggestion), .. }) = answer(&file).pop() {
            prop_assert_eq!(kith_plugin_csv::check_dialect("x", &suggestion.text), Ok(()), "{}", suggestion.text);
            let messages = answer_with(file.as_bytes(), &[("x.toml", &suggestion.text)], 8192);
            match messages.last() {
                Some(Message::Done { counts, .. }) => prop_assert_eq!(counts.contact + counts.skipped, 1),
                other => prop_assert!(false, "{:?}\n{}\n{}", other, file, suggestion.text),
            }
        }
    }
}
