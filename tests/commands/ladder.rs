//! Writing without an answer: a second try, a third, a rest, and again.

use super::{planned, say};
use crate::support::Home;

/// The due day that `kith list` gives on a day.
fn due(home: &Home, today: &str) -> String {
    let list = home.json(&["list", "--today", today]);
    list[0]["due"].as_str().unwrap_or("none").to_owned()
}

/// The first follow-up planned from a day on.
fn first(home: &Home, today: &str) -> (String, String) {
    let (day, _, kind) = planned(home, today, "400").remove(0);
    (day, kind)
}

fn home() -> Home {
    let home = Home::new();
    say(&home, "circle set close --ideal 4w --latest 8w");
    home.sql("INSERT INTO contact(name, circle) VALUES ('Anna Müller', 'close')");
    home
}

fn log(home: &Home, how: &str, day: &str) {
    home.kith(&["log", "anna", "a word", how, "--today", day]).succeeds();
}

#[test]
fn silence_is_met_with_patience() {
    let home = home();
    assert_eq!(due(&home, "2027-01-04"), "none", "never spoken to");
    // All of these are Mondays.
    log(&home, "--wrote", "2027-01-04");
    assert_eq!(due(&home, "2027-01-04"), "2027-01-18", "14 days");
    assert_eq!(first(&home, "2027-01-04"), ("2027-01-18".into(), "second-try".into()));
    log(&home, "--tried", "2027-01-18");
    assert_eq!(due(&home, "2027-01-18"), "2027-02-15", "one ideal interval, which is less than 6 weeks");
    assert_eq!(first(&home, "2027-01-18"), ("2027-02-15".into(), "second-try".into()));
    log(&home, "--wrote", "2027-02-15");
    assert_eq!(due(&home, "2027-02-15"), "2027-04-12", "one at-the-latest interval");
    assert_eq!(first(&home, "2027-02-15"), ("2027-04-12".into(), "keep-in-touch".into()));
    // Nobody rests for ever: the ladder begins again.
    log(&home, "--wrote", "2027-04-12");
    assert_eq!(first(&home, "2027-04-12"), ("2027-04-26".into(), "second-try".into()));
    // An answer starts the clock anew.
    log(&home, "--heard", "2027-04-28");
    assert_eq!(due(&home, "2027-04-28"), "2027-05-26");
    assert_eq!(first(&home, "2027-04-28"), ("2027-05-26".into(), "keep-in-touch".into()));
}

#[test]
fn a_rest_ends_early_for_an_occasion() {
    let home = home();
    home.sql("UPDATE contact SET birthday = '--03-29'");
    for day in ["2027-01-04", "2027-01-18", "2027-02-15"] {
        log(&home, "--wrote", day);
    }
    assert_eq!(due(&home, "2027-02-15"), "2027-03-29");
    assert_eq!(first(&home, "2027-02-15"), ("2027-03-29".into(), "keep-in-touch".into()));
}

#[test]
fn a_try_before_its_time_is_the_same_try() {
    let home = home();
    log(&home, "--wrote", "2027-01-04");
    log(&home, "--wrote", "2027-01-06");
    assert_eq!(due(&home, "2027-01-06"), "2027-01-20");
    // One that was forgotten is entered late: what came after it counts.
    home.kith(&["log", "anna", "a word", "--wrote", "--on", "2026-12-01", "--today", "2027-01-07"])
        .succeeds();
    assert_eq!(due(&home, "2027-01-07"), "2027-02-03", "it was the second try already");
}

#[test]
fn a_talk_dated_tomorrow_has_happened() {
    let home = home();
    // Logged where the day had begun, read again after a flight west.
    home.sql("INSERT INTO interaction(contact_id, day, how) VALUES (1, '2027-01-05', 'talked')");
    assert_eq!(due(&home, "2027-01-03"), "none");
    assert_eq!(due(&home, "2027-01-04"), "2027-02-02");
    assert_eq!(first(&home, "2027-01-04"), ("2027-02-02".into(), "keep-in-touch".into()));
    let last = |today| home.json(&["list", "--today", today])[0]["last_contact"].clone();
    assert_eq!((last("2027-01-03"), last("2027-01-04")), (serde_json::Value::Null, "2027-01-05".into()));
}

#[test]
fn both_ways_is_a_talk() {
    for (how, next) in [
        // Who is of an address book is not met for the first time.
        ("--met", "2027-02-01"),
        ("--called", "2027-02-01"),
        ("--heard", "2027-02-01"),
        ("--wrote", "2027-01-18"),
        ("--tried", "2027-01-18"),
    ] {
        let home = home();
        log(&home, how, "2027-01-04");
        assert_eq!(due(&home, "2027-01-04"), next, "{how}");
    }
    let home = home();
    home.kith(&["log", "anna", "a word", "--today", "2027-01-04"]).succeeds();
    assert_eq!(due(&home, "2027-01-04"), "2027-02-01", "without a flag they talked");
}
