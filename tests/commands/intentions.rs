//! Promises, asks and offers, and why somebody is planned.

use std::process::Stdio;

use insta::assert_snapshot;
use serde_json::json;

use super::{say, say_afresh, say_when, with_phone};
use crate::support::Home;

/// A home with Anna, who was talked to a month ago, and Bert; nobody else is planned.
fn with_two() -> Home {
    let home = with_phone();
    home.sql("UPDATE contact SET comfort = 'never' WHERE id > 2");
    say(&home, "edit anna --circle friends");
    say(&home, "log anna viola --on 2026-10-20");
    home.file(".config/kith/kith.toml", "[profile]\nlooking_for = 'work in climate tech'\n");
    home
}

#[test]
fn a_promise_is_planned_for_its_day_and_kept() {
    let home = with_two();
    assert_snapshot!(say(&home, "promise anna the article on heat pumps --by friday"), @"
    Your promise to Anna Müller: the article on heat pumps (by 27 November 2026).
    Planned for 27 November 2026.
    ");
    assert_snapshot!(say(&home, "promise bert the recipe --theirs --by friday"), @"
    The promise of Dr. Bert Kern: the recipe (by 27 November 2026).
    Planned for 8 December 2026.
    ");
    assert_snapshot!(say(&home, "promise"), @"
    Your promise to Anna Müller: the article on heat pumps (by 27 November 2026)
    The promise of Dr. Bert Kern: the recipe (by 27 November 2026)
    ");
    assert_snapshot!(say_afresh(&home, "plan --days 60"), @"
    Friday, 27 November 2026
      Keep your promise to Anna Müller: the article on heat pumps
        You promised by 27 November 2026: the article on heat pumps.
    Monday, 30 November 2026
      Congratulate Dr. Bert Kern (turns 41)
        Birthday: turns 41 on 30 November 2026.
    Tuesday, 8 December 2026
      Ask Dr. Bert Kern about what they promised: the recipe
        They promised (by 27 November 2026): the recipe; a gentle question.
    ");
    assert_snapshot!(say(&home, "done anna"), @"
    Logged: on 23 November 2026 you wrote to Anna Müller.
    Planned for 21 December 2026: Call Anna Müller.
    ");
    assert_snapshot!(say(&home, "promise"), @"The promise of Dr. Bert Kern: the recipe (by 27 November 2026)");
    assert_snapshot!(say(&home, "promise bert --kept recipe"), @"The promise of Dr. Bert Kern: the recipe (by 27 November 2026): kept.");
    assert_snapshot!(say(&home, "promise bert --kept"), @"
    Error: nothing is open with Dr. Bert Kern
    Hint: kith promise lists what is
    [exit 1]
    ");
    assert_snapshot!(say_when(&home, "undo"), @"
    Taken back, on DAY at NN:NN, on the command line:
      noted as done the promise of Dr. Bert Kern: the recipe
    kith undo --redo brings it back.
    ");
    assert_eq!(home.json(&["promise"])[0]["what"], "the recipe");
}

#[test]
fn an_ask_waits_until_the_tie_is_warm() {
    let home = with_two();
    assert_snapshot!(say(&home, "ask bert a word with the editor"), @"
    What you ask of Dr. Bert Kern: a word with the editor.
    Before that you are asked to be in touch on 30 November 2026: In your address
    book, with no contact noted yet: a first step. You want to ask for something (a
    word with the editor): a hello without any request comes first. Birthday: turns
    41 on 30 November 2026.
    ");
    assert_snapshot!(say_afresh(&home, "why bert"), @"
    Dr. Bert Kern (id 2)
      Cadence      6 months, at the latest 12 months (of people in no circle)
      State        new: you never talked, as far as is noted
      Clock        no contact is noted; newcomers get what places others leave, best
                   known first
      Birthday     30 November 2026; an outreach near it goes with it, or comes well
                   after it where that day is full
      Considered   what you ask of Dr. Bert Kern (a word with the editor): held back
                   until the tie is warm and nothing is unanswered
      Planned      30 November 2026: In your address book, with no contact noted
                   yet: a first step. You want to ask for something (a word with the
                   editor): a hello without any request comes first. Birthday: turns
                   41 on 30 November 2026. Why that day: it goes with their birthday
                   on that day.
    ");
    say(&home, "log bert hello --called");
    assert_snapshot!(say_afresh(&home, "plan --days 60"), @"
    Monday, 30 November 2026
      Congratulate Dr. Bert Kern (turns 41)
        Birthday: turns 41 on 30 November 2026.
    Tuesday, 8 December 2026
      Ask Dr. Bert Kern: a word with the editor
        You want to ask for something: a word with the editor.
    Monday, 21 December 2026
      Call Anna Müller
        You last talked on 20 October 2026; in the circle friends you like to talk
        every 2 months.
    ");
    assert_snapshot!(say(&home, "ask bert --asked"), @"
    What you ask of Dr. Bert Kern: a word with the editor: asked; note what they
    say: --yes or --no.
    ");
    assert_snapshot!(say(&home, "ask bert --no"), @"
    What you ask of Dr. Bert Kern: a word with the editor; asked on 23 November
    2026: they said no; you asked, and that is what counts.
    ");
    assert_eq!(home.json(&["ask"]), json!([]));
}

#[test]
fn an_offer_goes_with_what_is_due() {
    let home = with_two();
    assert_snapshot!(say(&home, "offer anna the summer party --invite --by 2027-01-15"), @"
    To invite Anna Müller: the summer party (by 15 January 2027).
    Planned for 21 December 2026.
    ");
    assert_snapshot!(say(&home, "offer anna the old camera"), @"
    To send to Anna Müller: the old camera.
    Planned for 23 November 2026.
    ");
    assert_snapshot!(say_afresh(&home, "plan --days 60"), @"
    Monday, 23 November 2026
      Send something to Anna Müller: the old camera
        Something to send: the old camera.
    Monday, 30 November 2026
      Call Dr. Bert Kern
        In your address book, with no contact noted yet: a first step. Birthday:
        turns 41 on 30 November 2026.
    ");
    assert_snapshot!(say(&home, "offer anna --let-go party"), @"To invite Anna Müller: the summer party (by 15 January 2027): let go.");
    assert_snapshot!(say(&home, "offer anna --done"), @"To send to Anna Müller: the old camera: done.");
    assert_snapshot!(say(&home, "offer"), @"Nothing is offered.");
}

#[test]
fn a_meeting_is_thanked_for_unless_it_is_long_ago() {
    let home = with_two();
    say(&home, "log anna lunch --met --on yesterday");
    assert_snapshot!(say_afresh(&home, "plan --days 60"), @"
    Monday, 23 November 2026
      Thank Anna Müller
        You met on 22 November 2026: a short thank-you.
    Monday, 30 November 2026
      Call Dr. Bert Kern
        In your address book, with no contact noted yet: a first step. Birthday:
        turns 41 on 30 November 2026.
    ");
    assert_snapshot!(say(&home, "done anna"), @"
    Logged: on 23 November 2026 you wrote to Anna Müller.
    Planned for 22 January 2027: Call Anna Müller.
    ");
    say(&home, "log bert tea --met --on 2026-11-19");
    assert_snapshot!(say_afresh(&home, "plan --days 60"), @"
    Monday, 30 November 2026
      Congratulate Dr. Bert Kern (turns 41)
        Birthday: turns 41 on 30 November 2026.
    ");
}

#[test]
fn what_came_of_a_talk_is_kept() {
    let home = with_two();
    home.kith(&[
        "log",
        "anna",
        "the job",
        "--went",
        "badly",
        "--learned",
        "not on Mondays",
        "--given",
        "two names",
        "--today",
        super::TODAY,
    ])
    .succeeds();
    assert_snapshot!(say_afresh(&home, "show anna"), @"
    Anna Müller (id 1)
      Organisation  Foundry GmbH
      Department    Casting
      Email         anna.mueller@foundry.example (work)
      Email         anna@example.org (home)
      Phone         +49 170 1111111 (mobile)
      Nickname      Annie
      Birthday      --04-12
      Circle        friends
      Last contact  2026-11-23
      Due           2027-01-23

    History
      2026-11-23  talked the job; went badly; learned: not on Mondays; given: two
                         names
      2026-10-20  talked viola

    Imported from
      phone.vcf, line 1 (vcard, on 2026-11-23)
    ");
    let last = &home.json(&["show", "anna"])["history"][1];
    assert_eq!((&last["went"], &last["learned"]), (&json!("badly"), &json!("not on Mondays")));
    assert_snapshot!(say(&home, "log anna x --went great"), @"
    Error: invalid value 'great' for '--went <HOW>': write well, mixed or badly
    Hint: kith log --help tells more
    [exit 2]
    ");
}

#[test]
fn what_cannot_be_is_refused() {
    let home = with_two();
    for command in [
        "promise anna x --by 2020-01-01",
        "promise anna --kept",
        "promise --kept",
        "promise nobody x",
        "ask anna --yes",
        "ask anna --yes --no",
        "offer anna --done camera",
    ] {
        let said = say(&home, command);
        assert!(said.starts_with("Error: ") && said.contains("[exit "), "{command}: {said}");
    }
    assert_eq!(home.json(&["promise"]), json!([]));
}

#[test]
fn an_answer_to_an_ask_ends_the_waiting() {
    let home = with_two();
    say(&home, "ask anna her van");
    say(&home, "done anna");
    say(&home, "ask anna --yes");
    let why = say_afresh(&home, "why anna");
    assert!(why.contains("last contact on 23 November 2026 (heard)"), "{why}");
    assert_eq!(home.count("SELECT count(*) FROM interaction WHERE what LIKE 'said %'"), 1);
    // They talked that day: nothing else is to be logged.
    say(&home, "log bert news --called");
    say(&home, "ask bert his ladder");
    say(&home, "ask bert --no");
    assert_eq!(home.count("SELECT count(*) FROM interaction WHERE what LIKE 'said %'"), 1);
}

#[test]
fn what_is_noted_is_told_with_the_day_that_serves_it() {
    let home = with_two();
    say(&home, "promise anna the list --by friday");
    assert_snapshot!(say(&home, "ask anna her van"), @"
    What you ask of Anna Müller: her van.
    Planned for 27 November 2026, with what else there is: You promised by 27
    November 2026: the list. You want to ask for something: her van.
    ");
    say(&home, "edit bert --comfort never");
    assert_snapshot!(say(&home, "promise bert the list"), @"
    Your promise to Dr. Bert Kern: the list.
    They are not planned (kith why tells the reason), so neither is this.
    ");
}

#[test]
fn a_promise_waits_with_whom_it_is_made_to_and_that_is_told() {
    let home = with_two();
    say(&home, "promise anna \"the article\" --by 2026-11-27");
    say(&home, "promise anna \"the garden\" --by 2026-12-20");
    assert_snapshot!(say(&home, "snooze anna 2026-12-01"), @"
    Anna Müller is snoozed, back on 1 December 2026.
    What you promised them waits, too: the article.
    Next, on Tuesday, 1 December 2026: Keep your promise to Anna Müller: the
    article.
    ");
    assert_eq!(home.json(&["skip", "bert"])["promises"], json!([]));
    assert_snapshot!(say_afresh(&home, "plan --days 9"), @"
    Monday, 30 November 2026
      Congratulate Dr. Bert Kern (turns 41)
        Birthday: turns 41 on 30 November 2026.
    Tuesday, 1 December 2026
      Keep your promise to Anna Müller: the article
        You promised by 27 November 2026: the article.
    ");
}

#[test]
fn a_letter_before_a_meeting_is_not_its_thanks() {
    for (first, then, thanked) in [
        ("log anna \"on my way\" --wrote", "log anna lunch --met", false),
        ("log anna lunch --met", "log anna \"thanks for today\" --wrote", true),
    ] {
        let home = with_two();
        say(&home, "log anna viola --on 2026-11-02");
        say(&home, first);
        say(&home, then);
        let plan = home.json(&["plan", "--days", "7"]).to_string();
        assert_eq!(!plan.contains("thank-you"), thanked, "{first}, {then}: {plan}");
    }
}

#[test]
fn what_was_asked_is_logged_however_it_is_said() {
    let home = with_two();
    for (begin, did) in [
        ("ask anna a word", "ask anna --asked"),
        ("ask anna another word", "done anna"),
        ("introduce me to bert through anna", "introduce bert --asked"),
    ] {
        say(&home, begin);
        say(&home, did);
        let talks = home.json(&["show", "anna"])["history"].as_array().unwrap().clone();
        let last = talks.last().unwrap();
        assert_eq!((&last["day"], &last["how"]), (&json!("2026-11-23"), &json!("wrote")), "{did}: {last}");
        assert!(last["asked"].is_string(), "{did}: {last}");
        let next = home.json(&["list"])[0]["due"].clone();
        assert_eq!(next, json!("2026-12-07"), "{did}: an answer is waited for");
        // One step takes both back.
        say(&home, "undo");
        assert_eq!(home.json(&["show", "anna"])["history"].as_array().unwrap().len(), talks.len() - 1);
        say(&home, "undo");
    }
}

#[test]
fn what_they_promised_may_be_late_already() {
    let home = with_two();
    assert_snapshot!(say(&home, "promise anna the keys --by \"last friday\" --theirs"), @"
    The promise of Anna Müller: the keys (by 20 November 2026).
    Planned for 23 November 2026.
    ");
    assert_snapshot!(say(&home, "promise anna the keys --by \"last friday\""), @"
    Error: --by: 20 November 2026 has passed
    Hint: leave --by out, or name a day to come
    [exit 2]
    ");
}

#[test]
fn an_offer_joins_a_turn_that_came_long_ago() {
    let home = with_two();
    home.sql("UPDATE interaction SET day = '2026-07-16'");
    assert_snapshot!(say(&home, "offer anna on the new job --congratulate"), @"
    To congratulate Anna Müller: on the new job.
    Planned for 23 November 2026.
    ");
    let next = home.json(&["plan"])[0]["reason"].to_string();
    assert!(next.contains("To congratulate: on the new job.") && next.contains("16 July 2026"), "{next}");
    assert_snapshot!(say(&home, "done anna"), @"
    Logged: on 23 November 2026 you wrote to Anna Müller.
    Next in touch: from 23 January 2027 on.
    ");
    assert_snapshot!(say(&home, "offer"), @"Nothing is offered.");
}

/// It was planned for the day after the pause, without a word.
#[test]
fn a_promise_for_a_day_in_a_pause_is_kept_before_it_or_that_is_told() {
    let home = with_two();
    say(&home, "pause --from 2026-12-21 --until 2027-01-03");
    // 2026-12-19 is a Saturday.
    assert_snapshot!(say(&home, "promise anna the list --by 2026-12-24 --today 2026-12-19"), @"
    Your promise to Anna Müller: the list (by 24 December 2026).
    Planned for 20 December 2026.
    ");
    assert_snapshot!(say(&home, "promise bert the list --by 2026-12-24 --today 2026-12-21"), @"
    Your promise to Dr. Bert Kern: the list (by 24 December 2026).
    Its day is in the pause until 3 January 2027, and no day is left before that.
    Planned for 4 January 2027.
    ");
}

#[test]
fn an_offer_for_which_no_day_is_left_is_told_as_one() {
    let home = with_two();
    say(&home, "log anna letter --wrote");
    say(&home, "pause --until 2027-01-03");
    assert_snapshot!(say(&home, "offer anna the party --invite --by 2026-12-24"), @"
    To invite Anna Müller: the party (by 24 December 2026).
    There is no day left for it: no working day is left until its day. After that,
    on 4 January 2027, you are asked to be in touch: You reached out on 23 November
    2026 and have not heard back; a second, friendly try.
    ");
}

/// A skip lets go what there was, and what comes new is planned.
#[test]
fn what_is_offered_after_a_skip_is_planned() {
    let home = with_two();
    say(&home, "skip anna");
    assert_snapshot!(say(&home, "offer anna the camera"), @"
    To send to Anna Müller: the camera.
    There is no day for it: they are skipped until 22 January 2027; kith pause --end
    has them back.
    ");
    assert_snapshot!(say(&home, "offer anna the tent --today 2026-11-24"), @"
    To send to Anna Müller: the tent.
    Planned for 24 November 2026.
    ");
    assert_snapshot!(say(&home, "why anna --today 2026-11-24"), @"
    Anna Müller (id 1)
      Cadence      2 months, at the latest 4 months (of the circle friends)
      State        warm until 20 February 2027
      Clock        last contact on 20 October 2026 (talked); wanted again from 20
                   December 2026
      Left alone   skipped, back on 23 January 2027
      Birthday     12 April 2027; an outreach near it goes with it, or comes well
                   after it where that day is full
      Considered   to send to Anna Müller (the camera): they are skipped until 22
                   January 2027; kith pause --end has them back
      Considered   to send to Anna Müller (the tent): wanted from 24 November 2026
                   on
      Planned      24 November 2026: Something to send: the tent. Why that day: the
                   first day that is free for them.
    ");
}

/// What several commands say at once is noted once, as if they had come one after another.
#[test]
fn what_is_said_by_several_at_once_is_noted_once() {
    let home = with_two();
    for (line, count) in [
        ("promise anna the list --by 2026-12-01", "intention WHERE kind = 'promise'"),
        ("ask anna her van", "intention WHERE kind = 'ask'"),
        ("offer anna the camera", "intention WHERE kind = 'send'"),
        ("introduce anna to bert", "introduction WHERE by_me"),
        ("introduce bert through anna", "introduction WHERE NOT by_me"),
        ("note anna --interest sailing", "memo"),
        ("tie anna knows bert", "tie"),
    ] {
        let run = || {
            let words = super::words(line);
            home.command()
                .args(words)
                .args(["--today", super::TODAY])
                .stdout(Stdio::null())
                .stderr(Stdio::null())
                .spawn()
        };
        let running: Vec<_> = (0..6).map(|_| run().unwrap()).collect();
        for mut child in running {
            child.wait().unwrap();
        }
        assert_eq!(home.count(&format!("SELECT count(*) FROM {count}")), 1, "{line}");
    }
}
