//! Taking back what was done, whatever did it.

use std::fs;

use insta::assert_snapshot;
use serde_json::json;

use super::{TODAY, import, listed, planned, say, say_when, with_phone};
use crate::support::calendar::events;
use crate::support::terminal::on_a_terminal;
use crate::support::{Home, eventually};

#[test]
fn the_last_step_goes_and_then_the_one_before() {
    let home = with_phone();
    let before = planned(&home, TODAY, "60");
    say(&home, "log anna viola --met");
    say(&home, "edit bert --circle close --add-email bert@new.example");
    home.sql("UPDATE contact SET title = 'Baker' WHERE name = 'Emi Ono'; DELETE FROM contact WHERE name = 'David Diaz'");
    assert_snapshot!(say_when(&home, "undo --dry-run"), @"
    Would be taken back, on DAY at NN:NN, by another program:
      set the title of Emi Ono to Baker
      archived David Diaz
    Nothing was changed.
    ");
    assert_snapshot!(say_when(&home, "undo"), @"
    Taken back, on DAY at NN:NN, by another program:
      set the title of Emi Ono to Baker
      archived David Diaz
    kith undo --redo brings it back.
    ");
    assert_snapshot!(say_when(&home, "undo"), @"
    Taken back, on DAY at NN:NN, on the command line:
      set the circle of Dr. Bert Kern to close
      added the email bert@new.example to Dr. Bert Kern
    kith undo --redo brings it back.
    ");
    assert_snapshot!(say_when(&home, "undo"), @"
    Taken back, on DAY at NN:NN, on the command line:
      logged that you met Anna Müller on 23 November 2026: viola
    kith undo --redo brings it back.
    ");
    assert_eq!(planned(&home, TODAY, "60"), before);
    assert_snapshot!(say_when(&home, "undo --list"), @"
    8          on DAY at NN:NN, by another program (taken back)
               set the title of Emi Ono to Baker, and 1 further change
    6          on DAY at NN:NN, on the command line (taken back)
               set the circle of Dr. Bert Kern to close, and 1 further change
    1          on DAY at NN:NN, on the command line (taken back)
               logged that you met Anna Müller on 23 November 2026: viola
    import 1   on DAY at NN:NN, an import
               imported phone.vcf: 6 new, 1 skipped

    kith undo takes back the first that is not taken back; kith undo NUMBER another one.
    What another program wrote with no more than a second between is one step: its transactions cannot
    be told apart. kith undo NUMBER --dry-run shows all of a step.
    ");
    assert_snapshot!(say_when(&home, "undo --redo"), @"
    Brought back, on DAY at NN:NN, on the command line:
      logged that you met Anna Müller on 23 November 2026: viola
    kith undo takes it back again.
    ");
    assert_eq!(home.json(&["show", "anna"])["history"][0]["what"], "viola");
    assert_snapshot!(say_when(&home, "undo --redo --dry-run"), @"
    Would be brought back, on DAY at NN:NN, on the command line:
      set the circle of Dr. Bert Kern to close
      added the email bert@new.example to Dr. Bert Kern
    Nothing was changed.
    ");
    say(&home, "edit anna --title CTO");
    assert_snapshot!(say_when(&home, "undo --redo"), @"
    Error: it cannot be brought back: something else was changed since (set the title of Anna Müller to CTO)
    Hint: take that back first (kith undo 10), then bring this back
    [exit 1]
    ");
}

#[test]
fn what_cannot_be_taken_back_is_said() {
    let home = Home::new();
    assert_snapshot!(say(&home, "undo"), @"
    Error: there is nothing to take back
    Hint: kith undo --list shows what there was
    [exit 1]
    ");
    assert_snapshot!(say(&home, "undo --redo"), @"
    Error: there is nothing to bring back: nothing was taken back
    Hint: kith undo takes the last change back
    [exit 1]
    ");
    assert_snapshot!(say(&home, "undo --list"), @"Nothing was done yet.");
    assert_snapshot!(say(&home, "undo 12"), @"
    Error: there is no step 12
    Hint: kith undo --list shows the last ones with their numbers
    [exit 1]
    ");
    assert_snapshot!(say(&home, "undo twelve"), @r#"
    Error: "twelve" is not the number of a step
    Hint: kith undo --list shows the last steps with their numbers: kith undo 17; kith imports every import: kith undo import 3
    [exit 2]
    "#);
}

#[test]
fn an_import_goes_and_comes_again() {
    let home = with_phone();
    import(&home, &["google.csv"]);
    say(&home, "edit bert --circle close");
    let people = home.json(&["list"]);
    assert_snapshot!(say_when(&home, "undo import 1"), @"
    Taken back, on DAY at NN:NN, an import:
      imported phone.vcf: 6 new, 1 skipped
    Stays, because of what was done later:
      set the circle of Dr. Bert Kern to close
    4 contacts that nothing else is known of: gone.
    With their name and what is your own, these stay:
      Dr. Bert Kern: in the circle close
    kith undo --redo brings it back.
    ");
    assert_eq!(listed(&home, "Dr. Bert Kern")["circle"], "close");
    say(&home, "undo --redo");
    assert_eq!(home.json(&["list"]), people);
    assert_snapshot!(say_when(&home, "undo import 2"), @"
    Taken back, on DAY at NN:NN, an import:
      imported google.csv: 2 new, 1 updated
    2 contacts that nothing else is known of: gone.
    kith undo --redo brings it back.
    ");
    import(&home, &["google.csv"]);
    assert_eq!(home.json(&["list"]), people, "the same people, with the same numbers");
}

#[test]
fn an_import_goes_whose_people_were_all_worked_with() {
    let home = Home::new();
    home.file(
        "two.vcf",
        "BEGIN:VCARD\nVERSION:3.0\nFN:Ann Bell\nEMAIL:ann@a.example\nTITLE:Pilot\nEND:VCARD\n\
              BEGIN:VCARD\nVERSION:3.0\nFN:Bert Kern\nTEL:+49 30 1234567\nEND:VCARD\n",
    );
    let _ = home.kith(&["import", "two.vcf"]).succeeds();
    say(&home, "edit ann --circle close --add-email own@a.example");
    say(&home, "log bert tea --met");
    assert_snapshot!(say_when(&home, "undo import 1"), @"
    Taken back, on DAY at NN:NN, an import:
      imported two.vcf: 2 new
    Stays, because of what was done later:
      set the circle of Ann Bell to close
      added the email own@a.example to Ann Bell
      logged that you met Bert Kern on 23 November 2026: tea
    With their name and what is your own, these stay:
      Ann Bell: in the circle close; you changed the email
      Bert Kern: one entry in the history
    kith undo --redo brings it back.
    ");
    let ann = home.json(&["show", "ann"]);
    assert_eq!((&ann["title"], &ann["circle"]), (&json!(null), &json!("close")), "{ann:#}");
    assert_eq!(ann["emails"].as_array().map(Vec::len), Some(1), "{ann:#}");
    let _ = home.kith(&["undo", "--redo"]).succeeds();
    assert_eq!(home.json(&["show", "ann"])["title"], "Pilot");
}

#[test]
fn a_running_service_follows() {
    let home = with_phone();
    let service = home.serve();
    let names = || {
        let mut all: Vec<String> = service.events().into_iter().map(|event| event.summary).collect();
        all.sort();
        all
    };
    let before = names();
    let feed = service.feed();
    let _ = home.kith(&["log", "anna", "viola", "--met"]).succeeds();
    eventually("the log is published", || (names() != before).then_some(()));
    let _ = home.kith(&["undo"]).succeeds();
    eventually("what was taken back is published", || (names() == before).then_some(()));
    // Nobody was moved by it.
    let days = |feed: &str| {
        let mut all: Vec<_> = events(feed).into_iter().map(|e| (e.uid, e.day)).collect();
        all.sort();
        all
    };
    assert_eq!(days(&service.feed()), days(&feed));
}

#[test]
fn a_circle_that_was_set_is_taken_back_to_the_byte() {
    let home = with_phone();
    say(&home, "circle assign close anna");
    say(&home, "log anna viola --on \"6 weeks ago\"");
    let text = || fs::read_to_string(home.config()).ok();
    assert_eq!(text(), None);
    say(&home, "circle set climbing --ideal 30d --latest 60d --channel call");
    let first = text();
    say(&home, "circle set close --ideal 1y --latest 1y");
    // What sets nothing else is no step.
    say(&home, "circle set close --ideal 1y --latest 1y");
    let (second, due) = (text(), listed(&home, "Anna Müller")["due"].clone());
    assert_eq!(due, "2027-10-12");
    assert_snapshot!(say_when(&home, "undo --dry-run"), @"
    Would be taken back, on DAY at NN:NN, on the command line:
      set the circle close in kith.toml to 1 year, at the latest 1 year (it was 4 weeks, at the latest 8
      weeks)
    Nothing was changed.
    ");
    assert_eq!(text(), second);
    assert_snapshot!(say_when(&home, "undo"), @"
    Taken back, on DAY at NN:NN, on the command line:
      set the circle close in kith.toml to 1 year, at the latest 1 year (it was 4 weeks, at the latest 8
      weeks)
    kith undo --redo brings it back.
    ");
    assert_eq!((text(), &listed(&home, "Anna Müller")["due"]), (first.clone(), &json!("2026-11-09")));
    assert_snapshot!(say_when(&home, "undo"), @"
    Taken back, on DAY at NN:NN, on the command line:
      made the circle climbing in kith.toml: 30 days, at the latest 60 days, call
    kith undo --redo brings it back.
    ");
    assert_eq!(text(), None);
    for expected in [&first, &second] {
        say(&home, "undo --redo");
        assert_eq!(&text(), expected);
    }
    assert_eq!(listed(&home, "Anna Müller")["due"], due);
}

#[test]
fn a_circle_is_not_taken_back_over_what_was_edited_since() {
    let home = with_phone();
    say(&home, "log anna viola --met");
    say(&home, "log bert flat");
    home.file(
        ".config/kith/kith.toml",
        "[circles.\"book club\"]\nideal = \"5w\"\nlatest = \"7w\"\nchannel = \"meet\"\n",
    );
    assert_snapshot!(say(&home, "circle set \"book club\" --ideal 2w --channel write"), @"
    Circle book club: ideally every 2 weeks, at the latest every 7 weeks; write
    where that is possible.
    --latest was not given and stays as it was.
    Before:
        kith circle set 'book club' --ideal '5 weeks' --latest '7 weeks' --channel meet
    ");
    say(&home, "circle set climbing --ideal 30d --latest 60d");
    let text = fs::read_to_string(home.config()).unwrap() + "# mine\n";
    fs::write(home.config(), &text).unwrap();
    assert_snapshot!(say_when(&home, "undo"), @"
    Error: kith.toml was changed since the circle climbing was set, and what was changed there would be lost
    Hint: delete the section [circles.climbing] there to be without that circle; kith undo 6 takes back what was done before (logged that you talked with Dr. Bert Kern on 23 November 2026: flat)
    [exit 1]
    ");
    assert_snapshot!(say_when(&home, "undo 11"), @"
    Error: kith.toml was changed since the circle book club was set, and what was changed there would be lost
    Hint: kith circle set 'book club' --ideal '5 weeks' --latest '7 weeks' --channel meet sets that circle alone
    [exit 1]
    ");
    assert_eq!(fs::read_to_string(home.config()).unwrap(), text);
    // Past both, on the way that was named, it goes on.
    assert_snapshot!(say_when(&home, "undo 6"), @"
    Taken back, on DAY at NN:NN, on the command line:
      logged that you talked with Dr. Bert Kern on 23 November 2026: flat
    kith undo --redo brings it back.
    ");
    assert_snapshot!(say_when(&home, "undo"), @"
    Taken back, on DAY at NN:NN, on the command line:
      logged that you met Anna Müller on 23 November 2026: viola
    kith undo --redo brings it back.
    ");
    assert_snapshot!(say(&home, "circle set \"book club\" --ideal \"5 weeks\" --latest \"7 weeks\" --channel meet"), @"
    Circle book club: ideally every 5 weeks, at the latest every 7 weeks; meet where
    that is possible.
    Before:
        kith circle set 'book club' --ideal '2 weeks' --latest '7 weeks' --channel write
    ");
}

#[test]
fn an_address_that_was_given_up_does_not_come_back() {
    let home = with_phone();
    say(&home, "log anna viola --met");
    say(&home, "log bert flat");
    say(&home, "feed");
    let old = fs::read_to_string(home.data("feed-token")).unwrap();
    say(&home, "feed --rotate");
    let new = fs::read_to_string(home.data("feed-token")).unwrap();
    assert_snapshot!(say_when(&home, "undo"), @"
    Error: the feed's new address cannot be taken back: the one before was given up for good, and is kept nowhere
    Hint: kith feed shows the address to subscribe to; kith undo 6 takes back what was done before (logged that you talked with Dr. Bert Kern on 23 November 2026: flat)
    [exit 1]
    ");
    assert_snapshot!(say_when(&home, "undo --dry-run"), @"
    Error: the feed's new address cannot be taken back: the one before was given up for good, and is kept nowhere
    Hint: kith feed shows the address to subscribe to; kith undo 6 takes back what was done before (logged that you talked with Dr. Bert Kern on 23 November 2026: flat)
    [exit 1]
    ");
    assert_snapshot!(say_when(&home, "undo 6"), @"
    Taken back, on DAY at NN:NN, on the command line:
      logged that you talked with Dr. Bert Kern on 23 November 2026: flat
    kith undo --redo brings it back.
    ");
    assert_snapshot!(say_when(&home, "undo"), @"
    Taken back, on DAY at NN:NN, on the command line:
      logged that you met Anna Müller on 23 November 2026: viola
    kith undo --redo brings it back.
    ");
    say(&home, "undo --redo");
    say(&home, "undo --redo");
    assert_eq!(home.json(&["show", "anna"])["history"][0]["what"], "viola");
    assert_snapshot!(say_when(&home, "undo --list"), @"
    11         on DAY at NN:NN, on the command line
               made the feed a new address, which stays: the one before was given up
    6          on DAY at NN:NN, on the command line
               logged that you talked with Dr. Bert Kern on 23 November 2026: flat
    1          on DAY at NN:NN, on the command line
               logged that you met Anna Müller on 23 November 2026: viola
    import 1   on DAY at NN:NN, an import
               imported phone.vcf: 6 new, 1 skipped

    kith undo takes back the first that is not taken back; kith undo NUMBER another one.
    ");
    assert_eq!(fs::read_to_string(home.data("feed-token")).unwrap(), new);
    let log = fs::read(home.data("contacts.db")).unwrap();
    for token in [old, new] {
        assert!(
            !log.windows(token.len()).any(|bytes| bytes == token.as_bytes()),
            "no address is in the database"
        );
    }
}

#[test]
fn of_a_step_of_long_ago_it_is_told_what_stays() {
    let home = with_phone();
    home.sql("INSERT INTO contact(name, circle) VALUES ('Dora Lang', 'close'), ('Emil Lang', 'close'); UPDATE contact SET title = 'Baker' WHERE name = 'Emi Ono'");
    say(&home, "log dora tulips");
    say(&home, "edit \"emi ono\" --title Cook");
    assert_snapshot!(say_when(&home, "undo 1 --dry-run"), @"
    Would be taken back, on DAY at NN:NN, by another program:
      added Emil Lang
      set the circle of Emil Lang to close
      set the title of Emi Ono to Baker
    Stays, because of what was done later:
      added Dora Lang
      set the circle of Dora Lang to close
      the title of Emi Ono, which was set again
    Nothing was changed.
    ");
    assert_snapshot!(say_when(&home, "undo 1"), @"
    Taken back, on DAY at NN:NN, by another program:
      added Emil Lang
      set the circle of Emil Lang to close
      set the title of Emi Ono to Baker
    Stays, because of what was done later:
      added Dora Lang
      set the circle of Dora Lang to close
      the title of Emi Ono, which was set again
    kith undo --redo brings it back.
    ");
    assert_eq!(
        (&listed(&home, "Dora Lang")["circle"], &listed(&home, "Emi Ono")["title"]),
        (&json!("close"), &json!("Cook"))
    );
    let done = home.json(&["undo", "--redo"]);
    assert_eq!((&done["stays"], &done["kept"]), (&json!([]), &json!([])));
}

#[test]
fn what_was_deleted_where_it_was_put_aside_is_not_brought_back() {
    let home = with_phone();
    say(&home, "undo");
    home.sql("DELETE FROM put_aside");
    assert_snapshot!(say(&home, "undo --redo"), @"
    Error: it cannot be brought back: what there was is deleted from the table put_aside
    Hint: what was imported can be imported again: kith import FILE
    [exit 1]
    ");
    import(&home, &["phone.vcf"]);
    assert_eq!(listed(&home, "Anna Müller")["name"], "Anna Müller");
}

#[test]
fn the_list_fits_a_terminal() {
    let home = with_phone();
    home.sql("UPDATE contact SET title = 'Baker' WHERE name = 'Emi Ono'; DELETE FROM contact WHERE name = 'David Diaz'");
    for columns in [80, 40] {
        let mut command = home.command();
        command.args(["undo", "--list"]);
        let Some((code, said)) = on_a_terminal(&command, columns, "", &[]) else { return };
        assert_eq!(code, Some(0), "{said}");
        let widest = said.lines().map(|line| line.trim_end().chars().count()).max();
        assert!(widest <= Some(columns.into()), "{said}");
    }
}

#[test]
fn without_a_number_it_always_gets_further() {
    let card = "BEGIN:VCARD\nVERSION:3.0\nFN:Uwe Bach\nEMAIL:uwe@u.example\nORG:Harbour\nEND:VCARD\n";
    for edit in ["--name Zed", "--organization Museum", "--name Zed --circle close", "--add-phone 03012345"] {
        let home = Home::new();
        home.file("uwe.vcf", card);
        home.kith(&["import", "uwe.vcf"]).succeeds();
        let before = say(&home, "export");
        say(&home, "log 1 hi");
        say(&home, &format!("edit 1 {edit}"));
        home.kith(&["undo", "import", "1"]).succeeds();
        for step in ["edit", "log"] {
            let ran = home.kith(&["undo"]).succeeds();
            let name = home.json(&["list"])[0]["name"].clone();
            let expected = if step == "edit" { json!("Uwe Bach") } else { json!(null) };
            assert_eq!(name, expected, "{edit}, {step}: {}", ran.stdout);
        }
        assert!(home.kith(&["undo"]).fails(1).stderr.contains("there is nothing to take back"), "{edit}");
        for _ in 0..3 {
            home.kith(&["undo", "--redo"]).succeeds();
        }
        // And back in the order in which all was done.
        say(&home, "undo");
        say(&home, "undo");
        assert_eq!(say(&home, "export"), before, "{edit}");
    }
}

#[test]
fn what_cannot_be_taken_back_names_the_step_that_can() {
    let home = with_phone();
    say(&home, "log 3 hi");
    say(&home, "edit 3 --name Zed");
    home.kith(&["undo", "import", "1"]).succeeds();
    // As an earlier version left it: nothing but the edit says what they are called.
    home.sql("DELETE FROM card");
    assert_snapshot!(say(&home, "undo"), @"
    Error: it cannot be taken back alone: something else builds on it
    Hint: take back first what was done before (logged that you talked with Zed on 23 November 2026: hi): kith undo 1
    [exit 1]
    ");
    say(&home, "undo 1");
    home.kith(&["undo"]).succeeds();
    assert!(home.kith(&["undo"]).fails(1).stderr.contains("there is nothing to take back"));
}
