//! Dates as people type them.

use insta::assert_snapshot;

use super::{say, with_phone};

#[test]
fn a_talk_is_logged_on_the_day_it_was() {
    let home = with_phone();
    assert_snapshot!(say(&home, "log anna \"her new job\""), @"
    Logged: on 23 November 2026 you talked with Anna Müller.
    Noted: her new job
    Next in touch: from 23 May 2027 on.
    ");
    assert_snapshot!(say(&home, "log anna lunch --met --on friday"), @"
    Logged: on 20 November 2026 you met Anna Müller.
    Noted: lunch
    Next in touch: from 23 May 2027 on.
    ");
    assert_snapshot!(say(&home, "log bert \"the flat\" --wrote --on \"3 days ago\""), @"
    Logged: on 20 November 2026 you wrote to Dr. Bert Kern.
    Noted: the flat
    If no answer comes, planned for 8 December 2026: Try Dr. Bert Kern again.
    ");
    assert_snapshot!(say(&home, "log bert again --tried --on yesterday"), @"
    Logged: on 22 November 2026 you tried to reach Dr. Bert Kern.
    Noted: again
    If no answer comes, planned for 8 December 2026: Try Dr. Bert Kern again.
    ");
    assert_snapshot!(say(&home, "log carla news --heard --on 2026-11-01"), @"
    Logged: on 1 November 2026 you heard from Carla Diaz.
    Noted: news
    Next in touch: from 1 May 2027 on.
    ");
    assert_snapshot!(say(&home, "log david news --called --on monday"), @"
    Logged: on 23 November 2026 you called David Diaz.
    Noted: news
    Next in touch: from 23 May 2027 on.
    ");
    assert_snapshot!(say(&home, "log foundry order --called"), @"
    Logged: on 23 November 2026 you called Foundry GmbH.
    Noted: order
    ");
    assert_snapshot!(say(&home, "log anna party --on tomorrow"), @r"
    Error: --on: 24 November 2026 has not come yet
    Hint: log what happened; kith plans what is to come
    [exit 2]
    ");
    assert_snapshot!(say(&home, "log anna party --on 2026-12-24"), @r"
    Error: --on: 24 December 2026 has not come yet
    Hint: log what happened; kith plans what is to come
    [exit 2]
    ");
    assert_snapshot!(say(&home, "log anna party --on someday"), @r#"
    Error: --on: "someday" is not a date; write 2026-11-30, today, yesterday, friday, "3 days ago" or "in 2 weeks"
    [exit 2]
    "#);
    assert_snapshot!(say(&home, "log anna party --on 30.11.2026"), @r#"
    Error: --on: "30.11.2026" is not a date; write 2026-11-30, today, yesterday, friday, "3 days ago" or "in 2 weeks"
    [exit 2]
    "#);
    assert_snapshot!(say(&home, "log diaz tea"), @r#"
    Error: 2 people match "diaz":
          3  Carla Diaz (030 1234567)
          4  David Diaz (030 1234567)
    Hint: say more of the name, or give the id
    [exit 1]
    "#);
    assert_snapshot!(say(&home, "log zoe tea"), @r#"
    Error: nobody matches "zoe"
    Hint: kith list shows everybody; part of a name, an email address or an id will do
    [exit 1]
    "#);
    assert_snapshot!(say(&home, "plan --today 2026-13-01"), @r#"
    Error: --today: "2026-13-01" is not a date; write 2026-11-30, today, yesterday, friday, "3 days ago" or "in 2 weeks"
    [exit 2]
    "#);
    let logged = home.json(&["log", "emi", "tea", "--today", "2026-11-23", "--on", "last monday"]);
    assert_eq!(logged["day"], "2026-11-16");
    assert_eq!((&logged["how"], &logged["due"]), (&"talked".into(), &"2027-05-16".into()));
}

#[test]
fn what_is_logged_is_stored_with_its_entry_date() {
    let home = with_phone();
    say(&home, "log anna tea --on \"2 weeks ago\"");
    home.sql(
        "CREATE TABLE seen AS SELECT 1 / (count(*) = 1) AS one FROM interaction
         WHERE day = '2026-11-09' AND entered_on = '2026-11-23' AND how = 'talked' AND what = 'tea'",
    );
    assert!(!say(&home, "check").contains("[exit"));
    let shown = home.json(&["show", "anna", "--today", "2026-11-23"]);
    assert_eq!(shown["last_contact"], "2026-11-09");
}

#[test]
fn a_late_entry_never_moves_the_clock_back() {
    let home = with_phone();
    say(&home, "log anna lunch --met --on 2026-11-20");
    say(&home, "log anna \"what I forgot\" --met --on 2026-10-01");
    say(&home, "log anna \"a letter, long ago\" --wrote --on 2026-10-02");
    let shown = home.json(&["show", "anna", "--today", "2026-11-23"]);
    assert_eq!((&shown["last_contact"], &shown["due"]), (&"2026-11-20".into(), &"2027-05-20".into()));
}

#[test]
fn a_year_that_cannot_be_meant_is_refused() {
    let home = with_phone();
    for (line, says) in [
        (
            "pause --until 9999-12-31",
            "--until: 31 December 9999 is too far away; 23 November 2036 is the last day it can be",
        ),
        ("pause anna --until 2207-01-01", "--until: 1 January 2207 is too far away"),
        ("pause --until \"in 90 years\"", "--until: 23 November 2116 is too far away"),
        ("pause --until 0001-01-01", "--until: 1 January 1 has passed"),
        ("pause --until 2026-11-22", "--until: 22 November 2026 has passed"),
        ("pause --from 2025-12-24 --until 2027-01-01", "--from: 24 December 2025 has passed"),
        (
            "pause --from 9999-12-31 --until 2027-01-01",
            "--until 1 January 2027 is before --from 31 December 9999",
        ),
        ("snooze anna 2207-01-01", "snooze: 1 January 2207 is too far away"),
        ("edit anna --comfort not-now --until 2207-01-01", "--until: 1 January 2207 is too far away"),
        ("log anna tea --on 0001-01-01", "--on: 1 January 1 is more than 100 years ago"),
        ("log anna tea --on 1026-11-22", "--on: 22 November 1026 is more than 100 years ago"),
    ] {
        let said = say(&home, line);
        assert!(
            said.starts_with(&format!("Error: {says}")) && said.ends_with("[exit 2]\n"),
            "{line}: {said}"
        );
    }
    assert_eq!(home.count("SELECT (SELECT count(*) FROM pause) + (SELECT count(*) FROM interaction)"), 0);
    assert_snapshot!(say(&home, "pause --until 2036-11-23"), @"
    Everybody: paused from 23 November 2026 to 23 November 2036, back on 24 November
    2036.
    ");
}

#[test]
fn that_nothing_was_noted_is_said() {
    let home = with_phone();
    assert_snapshot!(say(&home, "log anna bert \" \" --met"), @"
    Logged: on 23 November 2026 you met Anna Müller and Dr. Bert Kern.
    Nothing was noted of what it was about.
    A thank-you to Anna Müller and Dr. Bert Kern is planned for 24 November 2026.
    Next in touch: from 23 May 2027 on.
    ");
    assert_eq!(home.json(&["show", "bert"])["history"][0]["what"], "");
    say(&home, "log emi \"  tea \"");
    assert_eq!(home.count("SELECT count(*) FROM interaction WHERE what = 'tea'"), 1);
}
