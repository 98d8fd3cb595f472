//! What is said after a contact, and of days that passed or are off.

use insta::assert_snapshot;

use super::{say, say_afresh, say_when, with_phone};
use crate::support::Home;

/// A home with Anna, a friend who was talked to a month ago, and Bert; nobody else is planned.
fn with_two() -> Home {
    let home = with_phone();
    home.sql("UPDATE contact SET comfort = 'never' WHERE id > 2");
    say(&home, "edit anna --circle friends");
    say(&home, "log anna viola --on 2026-10-20");
    home
}

/// Text without its ends of lines.
fn flat(said: &str) -> String {
    said.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[test]
fn an_offer_whose_day_has_passed_is_asked_about_once() {
    let home = with_two();
    say(&home, "offer anna \"the winter concert\" --invite --by 2026-12-27");
    let prep = |day: &str| say_afresh(&home, &format!("prep anna --today {day}"));
    assert!(prep("2026-12-21").contains("concert"));
    assert!(!prep("2027-01-22").contains("concert"));
    assert_snapshot!(say(&home, "offer --today 2027-01-22"), @"
    To invite Anna Müller: the winter concert (by 27 December 2026); its day has
    passed
    ");
    let why = flat(&say_afresh(&home, "why anna --today 2027-01-22"));
    let told = "to invite Anna Müller (the winter concert, by 27 December 2026): its day has passed; say that \
                it is done, give it another day, or let it go";
    assert!(why.contains(told), "{why}");
    let asked = |day: &str| {
        let review = flat(&say_afresh(&home, &format!("review-week --today {day}")));
        let json = home.json(&["review-week", "--today", day]);
        assert_eq!(review.contains("winter concert"), json["passed"][0]["what"] == "the winter concert");
        review.contains(
            "To invite Anna Müller: the winter concert (by 27 December 2026); its day has passed. \
                         Let it go: kith offer 1 'the winter concert' --let-go; or give it another day: \
                         kith offer 1 'the winter concert' --invite --by DATE",
        )
    };
    let days = ["2026-12-27", "2026-12-28", "2027-01-03", "2027-01-04"];
    assert_eq!(days.map(asked), [false, true, true, false]);
    assert_snapshot!(say(&home, "offer anna \"the winter concert\" --invite --today 2027-01-22"), @"
    To invite Anna Müller: the winter concert (by 27 December 2026); noted already,
    on 23 November 2026.
    Its day has passed: --by gives it another one.
    ");
    assert_snapshot!(say(&home, "offer anna \"the winter concert\" --invite --by 2027-02-20 --today 2027-01-22"), @"
    To invite Anna Müller: the winter concert (by 20 February 2027); before, its day
    was 27 December 2026.
    Before that you are asked to be in touch on 22 January 2027: You last talked on
    20 October 2026; in the circle friends you like to talk every 2 months.
    ");
    assert_snapshot!(say_when(&home, "undo"), @"
    Taken back, on DAY at NN:NN, on the command line:
      changed to invite Anna Müller: the winter concert (by 20 February 2027)
    kith undo --redo brings it back.
    ");
}

#[test]
fn what_is_said_twice_is_meant_once() {
    let home = with_two();
    say(&home, "promise anna \"the list\"");
    assert_snapshot!(say(&home, "promise anna \"The list.\""), @"
    Your promise to Anna Müller: the list; noted already, on 23 November 2026.
    Planned for 7 December 2026.
    ");
    assert_snapshot!(say(&home, "promise anna \"the list\" --by friday"), @"
    Your promise to Anna Müller: the list (by 27 November 2026); before, it had no
    day.
    Planned for 27 November 2026.
    ");
    say(&home, "promise anna \"the list\" --theirs");
    assert_snapshot!(say(&home, "promise"), @"
    Your promise to Anna Müller: the list (by 27 November 2026)
    The promise of Anna Müller: the list
    ");
    say(&home, "promise anna --kept");
    assert_snapshot!(say(&home, "promise anna \"the list\""), @"
    Your promise to Anna Müller: the list.
    Planned for 7 December 2026.
    ");
}

#[test]
fn what_comes_next_is_what_the_plan_has() {
    let home = with_two();
    say(&home, "promise anna \"to return the bike\" --by 2026-11-23");
    assert_snapshot!(say(&home, "log anna viola --called"), @"
    Logged: on 23 November 2026 you called Anna Müller.
    Noted: viola
    Still open, and planned for 23 November 2026: Keep your promise to Anna Müller:
    to return the bike.
    ");
    say(&home, "promise anna --kept");
    assert_snapshot!(say(&home, "log anna lunch --met"), @"
    Logged: on 23 November 2026 you met Anna Müller.
    Noted: lunch
    A thank-you to Anna Müller is planned for 24 November 2026.
    Next in touch: from 23 January 2027 on.
    ");
    assert_snapshot!(say(&home, "log anna \"a letter\" --wrote --today 2026-11-24"), @"
    Logged: on 24 November 2026 you wrote to Anna Müller.
    Noted: a letter
    If no answer comes, planned for 8 December 2026: Try Anna Müller again.
    ");
    assert_snapshot!(say(&home, "log bert \"the fair\" --met --on 2026-02-02"), @"
    Logged: on 2 February 2026 you met Dr. Bert Kern.
    Noted: the fair
    Planned for 30 November 2026: Call Dr. Bert Kern.
    ");
    home.sql("UPDATE contact SET comfort = 'yes' WHERE id = 3");
    home.file(".config/kith/kith.toml", "[budget]\nper_week = 0\n");
    assert_snapshot!(say(&home, "log 3 \"the old days\" --on 2025-02-02"), @"
    Logged: on 2 February 2025 you talked with Carla Diaz.
    Noted: the old days
    Next in touch: due since 2 August 2025.
    ");
}

#[test]
fn what_an_introduction_needs_next_is_said_after_a_contact() {
    let home = with_two();
    say(&home, "introduce anna --to bert");
    assert_snapshot!(say(&home, "log anna hello --wrote"), @"
    Logged: on 23 November 2026 you wrote to Anna Müller.
    Noted: hello
    Planned for 23 November 2026: Ask Anna Müller whether they would like to meet
    Dr. Bert Kern.
    ");
    assert_snapshot!(say(&home, "log bert lunch --met"), @"
    Logged: on 23 November 2026 you met Dr. Bert Kern.
    Noted: lunch
    A thank-you to Dr. Bert Kern is planned for 24 November 2026.
    ");
    assert_snapshot!(say_afresh(&home, "plan"), @"
    Monday, 23 November 2026
      Ask Anna Müller whether they would like to meet Dr. Bert Kern
        You want to introduce them to Dr. Bert Kern: ask first whether they would
        like it.
    Tuesday, 24 November 2026
      Thank Dr. Bert Kern
        You met on 23 November 2026: a short thank-you. You want to introduce them
        to Anna Müller: ask first whether they would like it.
    Monday, 30 November 2026
      Congratulate Dr. Bert Kern (turns 41)
        Birthday: turns 41 on 30 November 2026.
    ");
}

#[test]
fn a_pause_is_seen_in_the_plan_and_in_the_review() {
    let home = with_two();
    home.sql("UPDATE contact SET birthday = NULL");
    say(&home, "pause --until 2026-12-20");
    assert_snapshot!(say(&home, "plan"), @"
    Nothing planned until 6 December 2026.
    Everybody: paused from 23 November 2026 to 20 December 2026, back on 21 December
    2026.
    ");
    let review = say(&home, "review-week");
    let (_, ahead) = review.split_once("Ahead").unwrap();
    assert_snapshot!(ahead, @"
    , until 30 November 2026
      Nothing is planned.
      Everybody: paused from 23 November 2026 to 20 December 2026, back on 21
      December 2026.

    Giving and asking, since 23 August 2026
      Nothing is noted yet. An easy beginning: what could you send somebody this
      week? kith offer
    ");
    assert_eq!(home.json(&["review-week"])["pauses"][0]["until"], "2026-12-20");
    say(&home, "pause --end");
    say(&home, "pause --from 2026-12-22 --until 2026-12-24");
    assert_snapshot!(say(&home, "plan --days 60"), @"
    Monday, 23 November 2026
      Call Dr. Bert Kern
        In your address book, with no contact noted yet: a first step.
    Monday, 21 December 2026
      Call Anna Müller
        You last talked on 20 October 2026; in the circle friends you like to talk
        every 2 months.

    Everybody: paused from 22 December 2026 to 24 December 2026, back on 25 December
    2026.
    ");
    assert!(!say(&home, "plan --days 7").contains("paused"));
}

#[test]
fn asks_are_counted_once_and_everywhere_alike() {
    let home = with_two();
    home.file(".config/kith/kith.toml", "[profile]\nlooking_for = 'work in climate tech'\n");
    say(&home, "goal \"5 asks\" --until 2026-12-31");
    say(&home, "log anna viola --asked \"a word with the editor\"");
    assert_snapshot!(say(&home, "wins"), @"
    2026-11-23  Asked Anna Müller: a word with the editor
    You asked for something once: that is brave.
    ");
    say(&home, "log bert hello --called");
    say(&home, "ask bert \"for the recipe\"");
    say(&home, "ask bert --asked --today 2026-12-02");
    say(&home, "ask bert --no --today 2026-12-09");
    assert_snapshot!(say(&home, "wins --today 2026-12-09"), @"
    2026-11-23  Asked Anna Müller: a word with the editor
    2026-12-09  Asked Dr. Bert Kern, brave although they said no: for the recipe
    You asked for something twice, once to hear a no: each was brave, and a no keeps
    the fear away.
    ");
    let review = home.json(&["review-week", "--today", "2026-12-09"]);
    assert_eq!((&review["asked"], &review["asks_refused"]), (&2.into(), &1.into()), "{review:#}");
    let goal = say(&home, "goal --today 2026-12-09");
    assert!(goal.contains("2 of 5"), "{goal}");
}

#[test]
fn nobody_who_is_left_alone_supports_a_goal() {
    let home = with_two();
    assert_snapshot!(say(&home, "goal \"5 conversations\" --until 2026-12-31 --supporter 3"), @"
    Error: Carla Diaz cannot support you in a goal: Carla Diaz is set to never
    Hint: name somebody else with --supporter, or leave it out
    [exit 1]
    ");
}
