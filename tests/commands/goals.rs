//! Goals, occasions, small wins and the weekly review.

use insta::assert_snapshot;
use serde_json::json;

use super::{say, say_afresh, say_when, with_phone};
use crate::support::Home;

/// A home with Anna, who was talked to a month ago, and Bert, both friends; nobody else is planned.
fn with_two() -> Home {
    let home = with_phone();
    home.sql("UPDATE contact SET comfort = 'never' WHERE id > 2");
    say(&home, "circle assign friends anna bert");
    say(&home, "log anna viola --on 2026-10-20");
    home
}

#[test]
fn a_goal_is_made_planned_and_reached() {
    let home = with_two();
    assert_snapshot!(say(&home, "goal \"2 talks about climate tech\" --circle friends --until 2026-12-20 --why \"I want to change jobs\" --supporter anna"), @"
    2 talks about climate tech – I want to change jobs (by 20 December 2026).
    It needs 0.5 a week; you have room for 5.
    The first step: Anna Müller, on 23 November 2026.
    ");
    assert_snapshot!(say(&home, "goal"), @"
    2 talks about climate tech – I want to change jobs (by 20 December 2026)
      0 of 2, in good time. Next: Anna Müller, on 23 November 2026.
    ");
    assert_snapshot!(say_afresh(&home, "plan --days 60"), @"
    Monday, 23 November 2026
      Call Anna Müller
        A step towards your goal (by 20 December 2026): 2 talks about climate tech.
    Monday, 30 November 2026
      Congratulate Dr. Bert Kern (turns 41)
        Birthday: turns 41 on 30 November 2026.
    Tuesday, 8 December 2026
      Call Dr. Bert Kern
        A step towards your goal (by 20 December 2026): 2 talks about climate tech.
    ");
    assert_snapshot!(say_afresh(&home, "why bert"), @"
    Dr. Bert Kern (id 2)
      Cadence      2 months, at the latest 4 months (of the circle friends)
      State        new: you never talked, as far as is noted
      Clock        no contact is noted; newcomers get what places others leave, best
                   known first
      Birthday     30 November 2026; an outreach near it goes with it, or comes well
                   after it where that day is full
      Considered   a step towards your goal (2 talks about climate tech): wanted
                   from 7 December 2026 on
      Planned      8 December 2026: A step towards your goal (by 20 December 2026):
                   2 talks about climate tech. Why that day: the days near their
                   birthday on 30 November 2026 are kept clear.
    ");
    say(&home, "log anna \"heat pumps\" --called");
    say(&home, "log bert wind --met");
    assert_snapshot!(say(&home, "goal"), @"
    2 talks about climate tech – I want to change jobs (by 20 December 2026)
      2 of 2: reached on 23 November 2026. Well done!
    ");
    assert_snapshot!(say(&home, "goal --note climate"), @"
    Hello Anna,

    I set myself a goal: 2 talks about climate tech (I want to change jobs), by 20
    December 2026. So far it is 2 of 2.
    What I learned: …
    What comes next: …

    Thank you for asking about it now and then.
    ");
    assert_snapshot!(say(&home, "wins"), @"2026-11-23  Goal reached: 2 talks about climate tech");
    assert_snapshot!(say(&home, "goal --reached climate"), @"2 talks about climate tech: reached. Well done!");
    assert_snapshot!(say_when(&home, "undo"), @"
    Taken back, on DAY at NN:NN, on the command line:
      noted as reached the goal 2 talks about climate tech
    kith undo --redo brings it back.
    ");
    assert_snapshot!(say(&home, "goal --let-go poems"), @r#"
    Error: no goal has "poems" in it
    Hint: kith goal lists those there are
    [exit 1]
    "#);
    assert_eq!(home.json(&["goal", "--today", super::TODAY])[0]["done"], json!(2));
}

#[test]
fn more_than_was_wanted_is_told_as_such() {
    let home = with_two();
    say(&home, "goal \"1 talk with a friend\" --until 2026-12-20");
    say(&home, "log anna \"heat pumps\" --called");
    say(&home, "log bert wind --met");
    assert_snapshot!(say(&home, "goal"), @"
    1 talk with a friend (by 20 December 2026)
      2, with a goal of 1: reached on 23 November 2026. Well done!
    ");
    let note = say(&home, "goal --note talk").replace('\n', " ");
    assert!(note.contains("So far it is 2, with a goal of 1."), "{note}");
}

/// Somebody who is due anyway is a step, and what is wanted later does not make
/// too much of what was said to fit.
#[test]
fn a_goal_knows_its_steps_and_keeps_its_room() {
    let home = with_two();
    say(&home, "log anna viola --on 2026-08-20");
    say(&home, "log bert chess --on 2026-08-20");
    say(&home, "goal \"2 people\" --circle friends --from 2026-11-23 --until 2027-03-31");
    let plan = say_afresh(&home, "plan");
    assert!(plan.contains("A step towards your goal (by 31 March 2027): 2 people"), "{plan}");
    assert_snapshot!(say(&home, "goal"), @"
    2 people (by 31 March 2027)
      0 of 2, in good time. Next: Anna Müller, on 23 November 2026.
    ");
    say(&home, "goal \"500 conversations.\" --circle friends --until 2027-03-31");
    assert_snapshot!(say(&home, "goal"), @"
    2 people (by 31 March 2027)
      0 of 2, in good time. Next: Anna Müller, on 23 November 2026.
    500 conversations (by 31 March 2027)
      0 of 500. It is more than there is room for, and that is fine: a smaller
      number, or a later day, is kinder to you. Next: Anna Müller, on 23 November
      2026.
    ");
    let plan = say_afresh(&home, "plan --days 60");
    assert!(plan.contains("500 conversations.") && !plan.contains(": 500 conversations\n"), "{plan}");
}

#[test]
fn a_goal_is_small_or_told_kindly() {
    let home = with_two();
    assert_snapshot!(say(&home, "goal \"Meet everybody\" --until 2026-12-20"), @r#"
    Error: goal: say how many: --number, from 1 to 10000
    Hint: small and realistic is best: kith goal "12 conversations in climate tech" --until 2027-03-31
    [exit 2]
    "#);
    assert_snapshot!(say(&home, "goal \"90 conversations\" --until 2026-12-20"), @"
    90 conversations (by 20 December 2026).
    It needs 22.5 a week, and you have room for 5: a smaller number, or a later day,
    is kinder to you.
    Talks with anybody count. With --circle or --query the plan would have steps.
    ");
    assert_snapshot!(say(&home, "goal --let-go 90"), @"90 conversations: let go. You can take it up again at any time.");
    assert_snapshot!(say(&home, "goal \"5 asks\" --until 2026-12-20"), @"
    5 asks (by 20 December 2026).
    It needs 1.3 a week; you have room for 5.
    What you note counts by itself: kith ask, kith offer, kith log.
    ");
    assert_snapshot!(say_afresh(&home, "goal --today 2026-12-14"), @"
    5 asks (by 20 December 2026)
      0 of 5. It goes slower than you meant it to, and that is fine. A smaller next
      step: one this week, however small.
    ");
    assert_snapshot!(say_afresh(&home, "goal --today 2026-12-24"), @"
    5 asks (by 20 December 2026)
      0 of 5. Its time is over: kith goal --end 2
    ");
    assert_snapshot!(say(&home, "goal --end asks"), @"5 asks: let go. You can take it up again at any time.");
    assert_snapshot!(say(&home, "goal"), @"You have no goal. A small one helps to begin: kith goal --help has examples.");
}

#[test]
fn an_ask_needs_a_sentence_first() {
    let home = with_two();
    assert_snapshot!(say(&home, "ask anna a word"), @r#"
    Error: first say what you are looking for: whoever is asked for something wants to know
    Hint: kith goal "12 conversations in climate tech" --until "in 3 months" says it, or looking_for in the section [profile] of kith.toml
    [exit 1]
    "#);
    assert_snapshot!(say(&home, "occasion \"New Year\""), @r#"
    Error: first say what you are looking for: a greeting asks for nothing, and whoever answers may ask what you are doing
    Hint: kith goal "12 conversations in climate tech" --until "in 3 months" says it, or looking_for in the section [profile] of kith.toml
    [exit 1]
    "#);
    home.file(".config/kith/kith.toml", "[profile]\nlooking_for = 'work in climate tech'\n");
    assert_snapshot!(say(&home, "ask anna a word"), @"
    What you ask of Anna Müller: a word.
    Planned for 23 November 2026.
    ");
}

#[test]
fn an_occasion_is_a_reason_to_say_hello() {
    let home = with_two();
    home.file(".config/kith/kith.toml", "[profile]\nlooking_for = 'work in climate tech'\n");
    home.sql("UPDATE interaction SET day = '2025-10-20'");
    // Anna rests after three tries.
    for day in ["2026-03-01", "2026-03-20", "2026-10-10"] {
        say(&home, &format!("log anna hello --wrote --on {day}"));
    }
    assert_snapshot!(say(&home, "occasion \"New Year\" --people dormant --days 10 --yearly"), @"
    New Year on 1 January 2027, each year: the dormant, from 27 December 2026 to 5
    January 2027.
    1 hello is planned so far. Whose turn comes well before it keeps that turn.
    You are looking for: work in climate tech.
    ");
    assert_snapshot!(say(&home, "occasion \"Harbour festival\""), @r#"
    Error: occasion: say when "Harbour festival" is: --on DATE
    Hint: New Year and Christmas are known
    [exit 2]
    "#);
    assert_snapshot!(say(&home, "occasion"), @"
    New Year on 1 January 2027, each year: the dormant, from 27 December 2026 to 5
    January 2027
    ");
    assert_snapshot!(say_afresh(&home, "plan --days 60"), @"
    Monday, 30 November 2026
      Call Dr. Bert Kern
        In your address book, with no contact noted yet: a first step. Birthday:
        turns 41 on 30 November 2026.
    Monday, 28 December 2026
      Say hello to Anna Müller: New Year
        New Year (1 January 2027) is an occasion to say hello.
    ");
    assert_snapshot!(say(&home, "occasion --forget year"), @"New Year: forgotten.");
    assert_snapshot!(say_when(&home, "undo"), @"
    Taken back, on DAY at NN:NN, on the command line:
      forgot the occasion New Year on 1 January 2027
    kith undo --redo brings it back.
    ");
    assert_eq!(home.json(&["occasion"])[0]["name"], "New Year");
}

#[test]
fn the_week_is_looked_back_at() {
    let home = with_two();
    assert_snapshot!(say(&home, "review-week"), @"
    Looking back, since 17 November 2026
      Nothing is noted. A quiet week is no debt: nothing has piled up.

    Ahead, until 30 November 2026
      2026-11-30  Call Dr. Bert Kern

    Giving and asking, since 23 August 2026
      Nothing is noted yet. An easy beginning: what could you send somebody this
      week? kith offer
    ");
    say(&home, "goal \"3 conversations\" --until 2026-12-20");
    say(&home, "promise anna the article --by friday");
    say(&home, "log bert hello --wrote --on 2026-10-30");
    say(&home, "log bert \"the harbour\" --called --on 2026-11-20 --received \"two names\"");
    say(&home, "ask bert a flat");
    say(&home, "ask bert --asked");
    say(&home, "promise anna --kept");
    home.sql("INSERT INTO anniversary(contact_id, date, label) VALUES (1, '2016-11-25', 'wedding')");
    assert_snapshot!(say_afresh(&home, "review-week"), @"
    Looking back, since 17 November 2026
      2026-11-20  You called Dr. Bert Kern: the harbour; received: two names
      2026-11-23  You wrote to Dr. Bert Kern: asked: a flat

    Small wins
      2026-11-20  Dr. Bert Kern answered after a silence
      2026-11-23  Kept your promise to Anna Müller: the article
      2026-11-23  Asked Dr. Bert Kern: a flat
      You asked for something once: that is brave.

    Ahead, until 30 November 2026
      2026-11-25  Congratulate Anna Müller: wedding
      2026-11-30  Congratulate Dr. Bert Kern (turns 41)

    Goals
      3 conversations (by 20 December 2026)
        0 of 3, in good time.

    Waiting for you
      You asked Dr. Bert Kern on 23 November 2026: a flat. What did they say? kith
      ask PERSON --yes or --no

    Giving and asking, since 23 August 2026
      You asked for something once and received something once. What could you do
      for one of them? Asking how you could help is the best way to find out.
    ");
    assert_snapshot!(say(&home, "wins --since 2026-11-21"), @"
    2026-11-23  Kept your promise to Anna Müller: the article
    2026-11-23  Asked Dr. Bert Kern: a flat
    You asked for something once: that is brave.
    ");
    // A no is an ask all the same.
    say(&home, "ask bert --no");
    assert_snapshot!(say(&home, "wins --since 2026-11-23"), @"
    2026-11-23  Kept your promise to Anna Müller: the article
    2026-11-23  Asked Dr. Bert Kern, brave although they said no: a flat
    You asked for something once and heard a no: that is brave, and keeps the fear
    away.
    ");
    let week = home.json(&["review-week"]);
    assert_eq!((&week["asks_made"], &week["asks_refused"]), (&1.into(), &1.into()));
    assert_snapshot!(say(&home, "wins --since 2026-11-24"), @"
    Nothing is noted since 24 November 2026 that counts as one; a word to somebody
    you like may be the next (kith due).
    ");
}
