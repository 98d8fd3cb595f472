//! Two minutes a day: what is due, done, put off, let go.

use insta::assert_snapshot;
use serde_json::json;

use super::{TODAY, planned, say, say_afresh, say_when, with_phone};
use crate::support::{Home, eventually};

/// A home in which Anna is to be called today, and nobody else.
fn with_anna_due() -> Home {
    let home = with_phone();
    home.sql("UPDATE contact SET comfort = 'never' WHERE id > 2");
    say(&home, "edit anna --circle close");
    say(&home, "log bert flat --on 2026-11-20");
    say(&home, "log anna viola --on 2026-10-20");
    home
}

#[test]
fn what_is_due_is_shown_with_its_why() {
    let home = with_anna_due();
    assert_snapshot!(say_afresh(&home, "due"), @"
    Call Anna Müller
      You last talked on 20 October 2026; in the circle close you like to talk every
      4 weeks.
      +49 170 1111111, anna.mueller@foundry.example

    kith done NAME logs it; kith snooze NAME DATE and kith skip NAME put it off.
    ");
    assert_snapshot!(say_afresh(&home, "due --today 2026-11-30"), @"
    Call Anna Müller
      You last talked on 20 October 2026; in the circle close you like to talk every
      4 weeks.
      +49 170 1111111, anna.mueller@foundry.example
    Congratulate Dr. Bert Kern (turns 41)
      Birthday: turns 41 on 30 November 2026.
      +49 170 2222222

    kith done NAME logs it; kith snooze NAME DATE and kith skip NAME put it off.
    ");
    let due = home.json(&["due", "--today", TODAY]);
    let plan = home.json(&["plan", "--days", "1", "--today", TODAY]);
    assert_eq!(due, plan);
    assert_eq!(due[0]["name"], "Anna Müller");
}

#[test]
fn a_day_without_anything_is_told_kindly() {
    let home = with_anna_due();
    assert_snapshot!(say_afresh(&home, "due --today 2026-11-28"), @"
    Nothing for today: the day is yours.
    Next, on Monday, 30 November 2026: Call Anna Müller; Congratulate Dr. Bert Kern
    (turns 41).
    ");
    assert_eq!(home.json(&["due", "--today", "2026-11-28"]), json!([]));
    say(&home, "pause --until 2026-12-06");
    assert_snapshot!(say_afresh(&home, "due"), @"
    Nothing for today: the day is yours.
    You have a pause, and are back on 7 December 2026 (kith pause --end ends it).
    Next, on Monday, 30 November 2026: Congratulate Dr. Bert Kern (turns 41).
    ");
    home.sql("UPDATE contact SET comfort = 'never'");
    assert_snapshot!(say_afresh(&home, "due"), @"
    Nothing for today: the day is yours.
    You have a pause, and are back on 7 December 2026 (kith pause --end ends it).
    Nothing is planned for the days ahead, either.
    ");
}

#[test]
fn what_was_done_is_logged_as_it_was_asked_for() {
    let home = with_anna_due();
    home.sql("DELETE FROM follow_up");
    assert_snapshot!(say(&home, "done anna \"her new job\""), @"
    Logged: on 23 November 2026 you talked with Anna Müller.
    Noted: her new job
    Planned for 21 December 2026: Call Anna Müller.
    ");
    assert_snapshot!(say_afresh(&home, "done anna"), @r#"
    Error: you were in touch with Anna Müller on 23 November 2026, and the next time is planned for 21 December 2026
    Hint: kith log 1 "what you talked about" logs what was not planned
    [exit 1]
    "#);
    let history = home.json(&["show", "anna"])["history"].clone();
    assert_eq!(history[1], json!({ "day": TODAY, "how": "talked", "what": "her new job" }));
    for (set_up, line, how) in [
        ("log emi tea --on 2026-01-01", "done emi --json", "wrote"),
        ("log bert tea --tried --on 2026-11-01", "done bert --json", "tried"),
        ("log emi tea --wrote --on 2026-11-01", "done emi --on yesterday --json", "wrote"),
        ("log 8 tea --on 2026-01-01", "done 8 --json", "talked"),
    ] {
        let home = with_phone();
        home.sql("INSERT INTO contact(id, name) VALUES (8, 'Nobody Reachable')");
        home.sql("UPDATE contact SET comfort = 'never' WHERE id NOT IN (2, 5, 8)");
        say(&home, set_up);
        let done: serde_json::Value = serde_json::from_str(&say_afresh(&home, line)).unwrap();
        assert_eq!(done["how"], how, "{line}");
        assert!(done["uid"].as_str().unwrap().ends_with("@kith.local"));
    }
}

#[test]
fn a_birthday_that_was_done_leaves_the_list() {
    let home = with_phone();
    home.sql("UPDATE contact SET comfort = 'never' WHERE id <> 2");
    say(&home, "log bert flat --on 2026-11-01");
    let bert = || home.json(&["due", "--today", "2026-11-30"]);
    home.sql("DELETE FROM follow_up");
    assert_eq!(bert()[0]["kind"], "birthday");
    // Nobody is congratulated before the day.
    assert_snapshot!(say_afresh(&home, "done bert"), @r#"
    Error: nothing is planned with Dr. Bert Kern
    Hint: kith log 2 "what you talked about" logs what was not planned
    [exit 1]
    "#);
    assert_snapshot!(say_afresh(&home, "done bert --today 2026-11-30"), @"
    Logged: on 30 November 2026 you wrote to Dr. Bert Kern.
    Next in touch: from 1 May 2027 on.
    ");
    assert_eq!(bert(), json!([]));
    assert_snapshot!(say_afresh(&home, "due --today 2026-11-30"), @"
    Nothing for today: the day is yours.
    Nothing is planned for the days ahead, either.
    ");
}

#[test]
fn somebody_is_put_off_and_keeps_the_event() {
    let home = with_anna_due();
    home.sql("DELETE FROM follow_up");
    let uid = home.json(&["due", "--today", TODAY])[0]["uid"].clone();
    assert_snapshot!(say_afresh(&home, "snooze anna friday"), @"
    Anna Müller is snoozed, back on 27 November 2026.
    Next, on Friday, 27 November 2026: Call Anna Müller.
    ");
    home.sql("DELETE FROM follow_up");
    let plan = home.json(&["plan", "--today", TODAY]);
    assert_eq!((&plan[0]["day"], &plan[0]["uid"]), (&json!("2026-11-27"), &uid));
    assert_snapshot!(say_afresh(&home, "snooze anna \"in 2 weeks\""), @"
    Anna Müller is snoozed, back on 7 December 2026.
    Next, on Monday, 7 December 2026: Call Anna Müller.
    ");
    assert_eq!(home.count("SELECT count(*) FROM pause"), 1, "the later word counts");
    assert!(say(&home, "show anna").contains("Left alone    snoozed, back on 7 December 2026"));
    assert_eq!(home.json(&["show", "anna", "--today", TODAY])["pauses"][0]["back"], "2026-12-07");
    // On the day itself, nothing is left of it.
    assert_snapshot!(say(&home, "pause --today 2026-12-07"), @"Nobody is paused, snoozed or skipped.");
    for (line, says) in [
        ("snooze anna today", "snooze: 23 November 2026 is today"),
        ("snooze anna yesterday", "snooze: 22 November 2026 has passed"),
        ("snooze anna someday", "\"someday\" is not a date"),
        (
            "snooze foundry friday",
            "could not snooze Foundry GmbH: nothing is planned with them (an organisation)",
        ),
        ("snooze carla friday", "nothing is planned with them (never)"),
        ("skip carla", "could not skip Carla Diaz: nothing is planned with them (never)"),
        ("snooze diaz friday", "2 people match"),
        ("skip zoe", "nobody matches"),
    ] {
        assert!(say(&home, line).contains(says), "{line}: {}", say(&home, line));
    }
    let snoozed = home.json(&["snooze", "anna", "2026-12-01", "--today", TODAY]);
    assert_eq!((&snoozed["why"], &snoozed["back"]), (&json!("snooze"), &json!("2026-12-01")));
}

#[test]
fn one_follow_up_is_let_go_without_a_contact() {
    let home = with_anna_due();
    assert_snapshot!(say_afresh(&home, "skip anna"), @"
    Anna Müller is skipped, back on 21 December 2026.
    Next, on Monday, 21 December 2026: Call Anna Müller.
    ");
    assert_snapshot!(say(&home, "pause"), @"Anna Müller: skipped, back on 21 December 2026");
    assert_eq!(home.json(&["show", "anna"])["history"].as_array().unwrap().len(), 1);
    let anna: Vec<String> =
        planned(&home, TODAY, "60").into_iter().filter(|f| f.1 == "Anna Müller").map(|f| f.0).collect();
    assert_eq!(anna, ["2026-12-21"], "one ideal interval from today");
    assert_snapshot!(say(&home, "pause --end anna"), @"Anna Müller: no longer skipped (the return was to be on 21 December 2026).");
    assert_eq!(planned(&home, TODAY, "60")[0].1, "Anna Müller");
}

#[test]
fn somebody_may_come_back_later_than_the_plan_reaches() {
    let home = with_phone();
    assert_snapshot!(say_afresh(&home, "skip emi"), @"Emi Ono is skipped, back on 23 May 2027.");
    say(&home, "pause --from 2026-12-01 --until 2027-03-31");
    assert_snapshot!(say_afresh(&home, "snooze anna \"in 2 weeks\""), @"
    Anna Müller is snoozed, back on 7 December 2026.
    There is a pause as well: they come back on 1 April 2027.
    ");
    let skipped = home.json(&["skip", "emi", "--today", TODAY]);
    assert_eq!((&skipped["back"], &skipped["planned"]), (&json!("2027-05-23"), &json!(null)));
}

#[test]
fn everybody_or_somebody_is_left_alone_for_a_while() {
    let home = with_anna_due();
    assert_snapshot!(say(&home, "pause"), @"Nobody is paused, snoozed or skipped.");
    assert_snapshot!(say(&home, "pause --from 2026-12-21 --until 2027-01-03"), @"
    Everybody: paused from 21 December 2026 to 3 January 2027, back on 4 January
    2027.
    ");
    assert_snapshot!(say(&home, "pause anna --until friday"), @"
    Anna Müller: paused from 23 November 2026 to 27 November 2026, back on 28
    November 2026.
    ");
    assert_snapshot!(say_afresh(&home, "snooze bert tomorrow"), @"
    Dr. Bert Kern is snoozed, back on 24 November 2026.
    They are not due before 20 May 2027 anyway.
    Next, on Monday, 30 November 2026: Congratulate Dr. Bert Kern (turns 41).
    ");
    assert_snapshot!(say(&home, "pause"), @"
    Everybody: paused from 21 December 2026 to 3 January 2027, back on 4 January
    2027
    Dr. Bert Kern: snoozed, back on 24 November 2026
    Anna Müller: paused from 23 November 2026 to 27 November 2026, back on 28
    November 2026
    ");
    assert_eq!(planned(&home, TODAY, "3"), [], "nobody is left for these days");
    assert_snapshot!(say(&home, "pause --until 2026-12-24"), @"
    Error: could not pause from 23 November 2026 to 24 December 2026: there is a pause in these days already (paused from 21 December 2026 to 3 January 2027, back on 4 January 2027)
    Hint: end that one first: kith pause --end
    [exit 1]
    ");
    // One that is on becomes longer or shorter in one step.
    assert_snapshot!(say(&home, "pause anna --until 2026-12-04"), @"
    Anna Müller: paused from 23 November 2026 to 4 December 2026, back on 5 December
    2026; longer than before, when the last day was 27 November 2026.
    ");
    assert_snapshot!(say(&home, "pause anna --until 2026-12-04"), @"
    Anna Müller: paused from 23 November 2026 to 4 December 2026, back on 5 December
    2026, as it was.
    ");
    assert_snapshot!(say(&home, "pause anna --until 2026-11-26 --today 2026-11-24"), @"
    Anna Müller: paused from 23 November 2026 to 26 November 2026, back on 27
    November 2026; shorter than before, when the last day was 4 December 2026.
    ");
    assert_snapshot!(say(&home, "pause anna --from today --until 2026-11-27"), @"
    Anna Müller: paused from 23 November 2026 to 27 November 2026, back on 28
    November 2026; longer than before, when the last day was 26 November 2026.
    ");
    assert_eq!(home.count("SELECT count(*) FROM pause WHERE contact_id = 1"), 1);
    say(&home, "pause anna --from 2026-12-07 --until 2026-12-08");
    assert_snapshot!(say(&home, "pause anna --until 2026-12-07"), @"
    Error: could not pause from 23 November 2026 to 7 December 2026: there is a pause in these days already (paused from 7 December 2026 to 8 December 2026, back on 9 December 2026)
    Hint: end that one first: kith pause --end 1
    [exit 1]
    ");
    say(&home, "undo");
    assert_snapshot!(say_when(&home, "undo --dry-run"), @"
    Would be taken back, on DAY at NN:NN, on the command line:
      moved the last day on which Anna Müller is left alone from 26 November 2026 to 27 November 2026
    Nothing was changed.
    ");
    assert_snapshot!(say(&home, "pause --until yesterday"), @"
    Error: --until: 22 November 2026 has passed
    Hint: a pause is for days to come; today is the first it can have
    [exit 2]
    ");
    assert_snapshot!(say(&home, "pause --from friday --until tomorrow"), @"
    Error: --until 24 November 2026 is before --from 27 November 2026; it is the pause's last day
    [exit 2]
    ");
    assert_snapshot!(say(&home, "pause anna"), @"
    Error: pause: say until when: --until DATE, or --end to end a pause
    [exit 2]
    ");
    // Lifted: what comes next where nothing is in force, else what is.
    assert_snapshot!(say(&home, "pause --end"), @"Everybody: no longer paused (the return was to be on 4 January 2027).");
    assert_snapshot!(say(&home, "pause --end"), @"
    Error: there is no pause for everybody
    Hint: kith pause lists who is left alone
    [exit 1]
    ");
    assert_snapshot!(say(&home, "pause --end anna --today 2026-11-25"), @"Anna Müller: no longer paused (the return was to be on 28 November 2026).");
    assert_eq!(
        home.count("SELECT count(*) FROM pause WHERE until_day = '2026-11-24'"),
        1,
        "it was until then"
    );
    assert_snapshot!(say(&home, "pause --end anna --today 2026-11-25"), @"
    Error: Anna Müller is not paused, snoozed or skipped
    Hint: kith pause lists who is left alone
    [exit 1]
    ");
    let pauses = home.json(&["pause", "--today", TODAY]);
    assert_eq!(
        pauses[0],
        json!({ "person": "2", "name": "Dr. Bert Kern", "why": "snooze", "from": TODAY, "until": TODAY, "back": "2026-11-24" })
    );
    assert_eq!(home.json(&["pause", "--until", "2026-12-01", "--today", TODAY])[0]["person"], json!(null));
}

#[test]
fn several_people_are_logged_together() {
    let home = with_phone();
    say(&home, "edit anna --circle close");
    assert_snapshot!(say(&home, "log anna bert \"Dr. Bert Kern\" emi \"dinner at our place\" --met"), @"
    Logged: on 23 November 2026 you met Anna Müller, Dr. Bert Kern and Emi Ono.
    Noted: dinner at our place
    A thank-you to Dr. Bert Kern and Emi Ono is planned for 24 November 2026.
    Planned for 21 December 2026: Call Anna Müller.
    Next in touch: Dr. Bert Kern from 23 May 2027 on and Emi Ono from 23 May 2027
    on.
    ");
    // The last word is the note, also where it names somebody.
    assert_snapshot!(say(&home, "log bert emi \"anna müller\""), @r#"
    Logged: on 23 November 2026 you talked with Dr. Bert Kern and Emi Ono.
    Noted: anna müller
    Anna Müller (id 1) is called so too, and was not logged: the last word is the
    note. If they were there, kith undo, and name what it was about, or "", behind
    the names.
    A thank-you to Dr. Bert Kern and Emi Ono is planned for 24 November 2026.
    Next in touch: from 23 May 2027 on.
    "#);
    say(&home, "undo");
    assert_snapshot!(say(&home, "log bert"), @r#"
    Error: the following required arguments were not provided: <WHAT>
    Hint: <WHAT> is missing: what it was about; "" if there is nothing to note; it is written as kith log [OPTIONS] <PERSON>... <WHAT>; kith log --help tells more
    [exit 2]
    "#);
    assert_snapshot!(say(&home, "log bert emi cinema --met --on yesterday"), @"
    Logged: on 22 November 2026 you met Dr. Bert Kern and Emi Ono.
    Noted: cinema
    A thank-you to Dr. Bert Kern and Emi Ono is planned for 24 November 2026.
    Next in touch: from 23 May 2027 on.
    ");
    assert_eq!(home.count("SELECT count(*) FROM interaction"), 5);
    assert_eq!(
        home.count(
            "SELECT count(DISTINCT step) FROM change WHERE field = 'interaction.how' AND undone IS NULL"
        ),
        2
    );
    assert!(say(&home, "log anna diaz zoe tea").contains("2 people match \"diaz\""));
    assert_eq!(home.count("SELECT count(*) FROM interaction"), 5, "all or none");
    let logged = home.json(&["log", "anna", "bert", "tea"]);
    assert_eq!((&logged[0]["name"], &logged[1]["person"]), (&json!("Anna Müller"), &json!("2")));
}

#[test]
fn a_running_service_follows() {
    let home = with_phone();
    home.sql("UPDATE contact SET comfort = 'never' WHERE id > 1");
    let service = home.serve();
    let planned = || service.events().iter().any(|event| event.is_planned());
    assert!(planned());
    home.kith(&["skip", "anna"]).succeeds();
    eventually("who was skipped is not asked for", || (!planned()).then_some(()));
    home.kith(&["pause", "--end", "anna"]).succeeds();
    eventually("who is not skipped any more is", || planned().then_some(()));
    home.kith(&["archive", "anna"]).succeeds();
    eventually("who is archived is not asked for", || (!planned()).then_some(()));
    home.kith(&["met", "Rust meetup", "Eva Stern"]).succeeds();
    eventually("who was met is in the calendar", || service.feed().contains("Met Eva Stern").then_some(()));
}

#[test]
fn lists_agree_with_what_was_put_off() {
    let home = with_anna_due();
    let due = |home: &Home| super::listed(home, "Anna Müller")["due"].clone();
    assert_eq!(due(&home), "2026-11-17");
    say(&home, "snooze anna \"in 2 weeks\"");
    assert_eq!(due(&home), "2026-12-07");
    assert_snapshot!(say(&home, "list anna"), @"
    ID  NAME         ORGANISATION  CIRCLE           LAST CONTACT  DUE
    1   Anna Müller  Foundry GmbH  close (snoozed)  2026-10-20    2026-12-07
    ");
    say(&home, "skip anna");
    let steps = home.json(&["undo", "--list"]);
    assert_eq!(
        steps[0]["what"],
        json!([
            "skipped Anna Müller, back on 21 December 2026",
            "took back the snooze of Anna Müller, back on 7 December 2026"
        ])
    );
    assert_snapshot!(say(&home, "list anna"), @"
    ID  NAME         ORGANISATION  CIRCLE           LAST CONTACT  DUE
    1   Anna Müller  Foundry GmbH  close (skipped)  2026-10-20    2026-12-21
    ");
    assert!(say(&home, "show anna").contains("Due           2026-12-21"));
    // What was skipped is over, and another try is not.
    assert!(say(&home, "log anna tulips --wrote").contains("lanned for 7 December 2026"));
    say(&home, "pause --end anna");
    say(&home, "pause anna --until 2026-12-31");
    assert_snapshot!(say(&home, "list anna"), @"
    ID  NAME         ORGANISATION  CIRCLE          LAST CONTACT  DUE
    1   Anna Müller  Foundry GmbH  close (paused)  2026-10-20    2027-01-01
    ");
    // On a day after it the mark is gone.
    assert!(!say(&home, "list anna --today 2027-01-01").contains("(paused)"));
}

#[test]
fn of_several_the_one_who_is_planned_now_is_meant() {
    let home = with_anna_due();
    say(&home, "add \"Anna Lund\" --anyway");
    say(&home, "log \"anna lund\" tea --on 2026-11-22");
    for line in ["done anna tea", "snooze anna friday", "skip anna"] {
        let said = say_afresh(&home, line);
        let whom = "Of 2 people who match \"anna\" only Anna Müller (id 1) is planned now.";
        assert!(said.contains(whom), "{line}: {said}");
        assert!(say_afresh(&home, line).contains("2 people match \"anna\":"), "{line}");
        say(&home, "undo");
    }
    let said = say(&home, "snooze bert \"in 0 days\"");
    assert!(said.contains("Hint: name a day to come"), "{said}");
}
