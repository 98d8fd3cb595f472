//! Deciding pair by pair on a real terminal.

use insta::assert_snapshot;
use serde_json::json;

use super::{TODAY, import, say, with_phone};
use crate::support::Home;
use crate::support::terminal::{DECISION, on_a_terminal};

fn press(home: &Home, keys: &[&str], width: u16) -> Option<(Option<i32>, String)> {
    on_a_terminal(home.command().args(["review", "--today", TODAY]), width, DECISION, keys)
}

fn decided(home: &Home) -> i64 {
    home.count("SELECT count(*) FROM review WHERE decision IS NOT NULL")
}

#[test]
fn one_key_decides_a_pair() {
    let home = with_phone();
    import(&home, &["google.csv", "Connections.csv"]);
    let Some((code, said)) = press(&home, &["x", "s"], 90) else { return };
    assert_eq!(code, Some(0), "{said}");
    assert_snapshot!(said, @"
    Review 1: the same name
                 Dr. Bert Kern (id 2)                    Bert Kern (id 9)
    Name         Dr. Bert Kern                         = Bert Kern
    Phone        +49 170 2222222
    Organisation                                         Harbour Ltd
    Title                                                Pilot
    Birthday     1985-11-30
    From         phone.vcf                               Connections.csv

    s same · d different · l later · u undo · q quit
    Press s if they are the same person, d if they are different people, l to decide later, u
    to take back the last decision, q to quit.
    Bert Kern and Dr. Bert Kern are one person now (id 2).

    1 decided. Nothing waits any more.
    ");
    assert_eq!(decided(&home), 1);
    assert_eq!(home.json(&["undo"])["undone"], true);
    let (_, said) = press(&home, &["l"], 44).unwrap();
    assert_snapshot!(said, @"
    Review 1: the same name
    Dr. Bert Kern (id 2)
     = Name         Dr. Bert Kern
       Phone        +49 170 2222222
       Birthday     1985-11-30
       From         phone.vcf
    Bert Kern (id 9)
     = Name         Bert Kern
       Organisation Harbour Ltd
       Title        Pilot
       From         Connections.csv

    s same · d different · l later · u undo ·
    q quit
    Later.

    0 decided; 1 pair is left.
    ");
    assert_eq!(decided(&home), 0);
}

#[test]
fn the_terminal_is_as_it_was_whatever_the_way_out() {
    let home = with_phone();
    import(&home, &["google.csv", "Connections.csv"]);
    for (keys, code) in [
        (&["q"][..], 0),
        (&["\u{3}"], 130),
        (&["\u{4}"], 0),
        (&["\u{1b}"], 0),
        (&["\u{1b}[A", "q"], 0),
        (&["SIGTERM"], 143),
        (&["u", "q"], 0),
    ] {
        let Some((ended, said)) = press(&home, keys, 80) else { return };
        assert_eq!(ended, Some(code), "{keys:?}: {said}");
        assert!(!said.contains("NOT AS IT WAS"), "{keys:?}: {said}");
        assert_eq!(decided(&home), 0, "{keys:?}");
    }
}

#[test]
fn keys_that_are_pasted_decide_one_pair_at_most() {
    let home = with_phone();
    import(&home, &["google.csv", "Connections.csv"]);
    let twin = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Emi Ono\r\nEMAIL:emi@other.example\r\nEND:VCARD\r\n";
    let file = home.file("twin.vcf", twin);
    home.json(&["import", "--today", TODAY, file.to_str().unwrap()]);
    let Some((code, said)) = press(&home, &["ddd", "q"], 80) else { return };
    assert_eq!((code, decided(&home)), (Some(0), 1), "{said}");
    // A letter of two bytes is one key.
    let (_, said) = press(&home, &["ü", "q"], 80).unwrap();
    assert_eq!(said.matches("Press s ").count(), 1, "{said}");
}

#[test]
fn the_last_decision_is_taken_back_with_a_key() {
    let home = with_phone();
    import(&home, &["google.csv", "Connections.csv"]);
    let twin = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Emi Ono\r\nEMAIL:emi@other.example\r\nEND:VCARD\r\n";
    let file = home.file("twin.vcf", twin);
    home.json(&["import", "--today", TODAY, file.to_str().unwrap()]);
    let Some((_, said)) = press(&home, &["d", "u", "d", "d"], 80) else { return };
    assert!(said.contains("Taken back; here they are again."), "{said}");
    assert!(said.contains("2 decided. Nothing waits any more."), "{said}");
    assert_eq!(decided(&home), 2);
    assert_eq!(press(&home, &[], 80).unwrap().1.trim(), "Nothing waits to be decided.");
}

#[test]
fn an_import_says_how_many_pairs_wait() {
    let home = Home::new();
    home.file(
        "a.csv",
        "Name,Email\nKatharina Lindqvist,k@a.example\nLindqvist Katharina Maria,k@b.example\n",
    );
    assert_snapshot!(say(&home, "import a.csv"), @"
    a.csv: 2 new, 0 updated, 0 unchanged, 0 in review, 0 skipped

    New
      line 2: Katharina Lindqvist
      line 3: Lindqvist Katharina Maria

    Next:
      kith review                      say who is the same person: 1 pair waits
      kith circle assign close NAME…   say who is close to you
      kith plan                        whom to talk to, and why
    ");
    // It is said when it comes, and not again each time.
    let again = say(&home, "import a.csv");
    assert!(!again.contains("kith review"), "{again}");
    let json = home.json(&["import", "a.csv"]);
    assert_eq!((&json["review"], &json["waiting"]), (&0.into(), &1.into()));
}

fn people(names: &[(&str, &str)]) -> Home {
    let home = Home::new();
    let cards: String = names
        .iter()
        .map(|(name, email)| format!("BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nEMAIL:{email}\nEND:VCARD\n"))
        .collect();
    home.file("people.vcf", cards);
    home.kith(&["import", "people.vcf"]).succeeds();
    home.json(&["review"]);
    home
}

#[test]
fn a_pair_that_waits_no_more_is_offered_nowhere() {
    let home = people(&[
        ("Katharina Brandt", "k@k.example"),
        ("Katherina Brandt", "l@l.example"),
        ("Catharina Brandt", "m@m.example"),
    ]);
    for decide in ["review", "merge"] {
        let reviews = home.json(&["review"]);
        assert!(reviews.as_array().unwrap().len() > 1, "{reviews:#}");
        if decide == "review" {
            say(&home, &format!("review {} --same", reviews[0]["number"]));
        } else {
            say(&home, "merge 1 2");
        }
        let shown: String = ["1", "2", "3"].map(|id| say(&home, &format!("show {id}"))).concat();
        let listed = home.json(&["review"]);
        let numbers: Vec<String> =
            listed.as_array().unwrap().iter().map(|r| r["number"].to_string()).collect();
        for offered in shown.split("kith review ").skip(1) {
            let number: String = offered.chars().take_while(char::is_ascii_digit).collect();
            assert!(numbers.contains(&number), "{decide}: {shown}\n{listed:#}");
        }
        say(&home, "undo");
    }
}

#[test]
fn who_comes_back_from_the_archive_waits_as_before() {
    let home = people(&[("Katharina Brandt", "k@k.example"), ("Katherina Brandt", "l@l.example")]);
    home.sql("UPDATE review SET since = '2026-01-01T00:00:00Z'");
    let before = home.json(&["review"]);
    assert_eq!(before.as_array().unwrap().len(), 1);
    for back in ["undo", "archive 2 --back"] {
        say(&home, "archive 2");
        assert_eq!(home.json(&["review"]), json!([]));
        say(&home, back);
        assert_eq!(home.json(&["review"]), before, "{back}");
    }
}
