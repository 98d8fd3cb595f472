//! What of a published plan is continued when the terms it was made on change.

use super::*;

/// Somebody's own pause, from one day of December to another.
fn own(id: i64, from: i8, until: i8) -> Pause {
    Pause {
        person: Some(PersonId(id)),
        from: date(2026, 12, from),
        until: date(2026, 12, until),
        why: Why::Pause,
    }
}

/// Four weeks ahead, with a place a day.
fn settings() -> Settings {
    let mut settings = defaults();
    settings.feed.ahead = 27;
    settings.budget.per_day = 1;
    settings.budget.shared = 0.0;
    settings
}

/// The plan of a day, when this was published and made on these facts.
fn next(facts: &Facts, today: Date, before: &Plan, made_on: &Facts) -> Plan {
    let made_on = Terms::of(made_on, &settings(), MONDAY).to_string();
    let rows = Terms::of(facts, &settings(), today).continued(Some(&made_on), published(before));
    plan(facts, &settings(), today, &rows)
}

#[test]
fn what_a_pause_of_their_own_put_off_comes_back() {
    let paused = |pauses: Vec<Pause>| Facts { pauses, ..facts([tied(1, "family", "2026-11-01 both")]) };
    let wednesday = on("2026-12-02");
    for (name, before, after, expected) in [
        ("as it was", vec![own(1, 1, 11)], vec![own(1, 1, 11)], "12-14:1"),
        ("lifted", vec![own(1, 1, 11)], vec![], "12-02:1"),
        ("ended early", vec![own(1, 1, 11)], vec![own(1, 1, 7)], "12-08:1"),
        ("begins later", vec![own(1, 1, 11)], vec![own(1, 4, 11)], "12-02:1"),
        ("begins later, on a past day", vec![own(1, 1, 11)], vec![own(1, 2, 11)], "12-14:1"),
        ("one of two", vec![own(1, 1, 9), own(1, 1, 11)], vec![own(1, 1, 11)], "12-14:1"),
        ("one row for two", vec![own(1, 1, 4), own(1, 5, 11)], vec![own(1, 1, 11)], "12-14:1"),
        ("prolonged", vec![own(1, 1, 11)], vec![own(1, 1, 15)], "12-16:1"),
        ("somebody else's", vec![own(1, 1, 11), own(2, 2, 4)], vec![own(1, 1, 11)], "12-14:1"),
    ] {
        let (before, after) = (paused(before), paused(after));
        let tuesday = plan(&before, &settings(), on("2026-12-01"), &[]);
        assert_eq!(days(&tuesday), "12-14:1", "{name}");
        assert_eq!(days(&next(&after, wednesday, &tuesday, &before)), expected, "{name}");
    }
}

#[test]
fn a_pause_after_a_follow_up_did_not_put_it_off() {
    let free = facts([tied(1, "family", "2026-11-01 both")]);
    let before = Facts { pauses: vec![own(1, 20, 23)], ..free.clone() };
    // There was no place sooner.
    let mut monday = plan(&before, &settings(), MONDAY, &[]);
    monday.follow_ups[0].day = on("2026-12-03");
    assert_eq!(days(&next(&free, MONDAY, &monday, &before)), "12-03:1");
}

#[test]
fn others_keep_their_days_when_one_comes_back() {
    let free = facts((1..=6).map(|id| tied(id, "family", &format!("2026-11-0{id} both"))));
    let before = Facts { pauses: vec![Pause { from: MONDAY, ..own(1, 1, 11) }], ..free.clone() };
    let monday = plan(&before, &settings(), MONDAY, &[]);
    assert_eq!(days(&monday), "11-30:2 12-01:3 12-02:4 12-03:5 12-04:6 12-14:1");
    assert_eq!(
        days(&next(&free, MONDAY, &monday, &before)),
        "11-30:2 12-01:3 12-02:4 12-03:5 12-04:6 12-07:1"
    );
}

#[test]
fn a_newcomer_who_may_be_planned_again_comes_back() {
    let not_now = Person { comfort: Comfort::NotNow { until: on("2026-12-14") }, ..person(1) };
    let before = facts([not_now.clone()]);
    let monday = plan(&before, &settings(), MONDAY, &[]);
    assert_eq!(days(&monday), "12-14:1");
    let sooner = facts([Person { comfort: Comfort::NotNow { until: on("2026-12-09") }, ..not_now }]);
    assert_eq!(days(&next(&sooner, MONDAY, &monday, &before)), "12-09:1");
    assert_eq!(days(&next(&facts([person(1)]), MONDAY, &monday, &before)), "11-30:1");
}

#[test]
fn on_other_general_terms_only_what_is_settled_counts() {
    let facts = facts((1..=2).map(|id| tied(id, "family", "2026-08-01 both")));
    let mut rows = published(&plan(&facts, &settings(), MONDAY, &[]));
    rows[1].settled = Some(MONDAY);
    let terms = Terms::of(&facts, &settings(), MONDAY);
    let kept = |before: Option<&str>| terms.continued(before, rows.clone()).len();
    let mut larger = settings();
    larger.budget.per_week += 1;
    let paused = Facts { pauses: vec![Pause { person: None, ..own(1, 3, 4) }], ..facts.clone() };
    for (name, before, expected) in [
        ("the same", Some(terms.to_string()), 2),
        ("none", None, 1),
        ("another budget", Some(Terms::of(&facts, &larger, MONDAY).to_string()), 1),
        ("a general pause", Some(Terms::of(&paused, &settings(), MONDAY).to_string()), 1),
        ("rubbish", Some("rubbish\n1 2 3\n\n1".to_owned()), 1),
        ("rubbish after it", Some(format!("{terms}\nrubbish\n1 2 3\n\n-\n1 2026-12-01")), 2),
    ] {
        assert_eq!(kept(before.as_deref()), expected, "{name}");
    }
}

#[test]
fn of_a_plan_made_while_the_clock_was_ahead_nothing_to_come_is_left() {
    let facts = facts((1..=3).map(|id| tied(id, "family", "2026-08-01 both")));
    let made = |today: &str| Terms::of(&facts, &settings(), on(today)).to_string();
    let mut rows = published(&plan(&facts, &settings(), on("2027-02-01"), &[]));
    rows[0].settled = Some(MONDAY);
    rows[1].settled = Some(on("2027-02-01"));
    let terms = Terms::of(&facts, &settings(), MONDAY);
    for (name, made_on, expected) in [
        ("two months ahead", made("2027-02-01"), 1),
        ("before a flight west", made("2026-12-01"), 2),
        ("today", made("2026-11-30"), 2),
        ("by a version that did not note it", made("2026-11-30").replace("made on 2026-11-30\n", ""), 2),
    ] {
        assert_eq!(terms.continued(Some(&made_on), rows.clone()).len(), expected, "{name}");
    }
}
