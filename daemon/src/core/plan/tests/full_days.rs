//! Holidays and busy days.

use super::*;

/// Four of the family who are due, all on one Monday that has three places.
fn four() -> Facts {
    facts((1..=4).map(|id| tied(id, "family", "2026-11-01 both")))
}

fn busy(hours: &[(&str, u32)]) -> Days {
    let busy = hours.iter().map(|&(day, hours)| (on(day), hours * 60)).collect();
    Days { busy, ..Days::default() }
}

fn shown_days(facts: &Facts, settings: &Settings, before: &[Published]) -> String {
    days(&plan(facts, settings, MONDAY, before))
}

fn settings() -> Settings {
    let mut settings = defaults();
    settings.feed.ahead = 7;
    settings
}

#[test]
fn a_holiday_is_as_a_weekend() {
    let (mut facts, mut settings) = (four(), settings());
    assert_eq!(shown_days(&facts, &settings, &[]), "11-30:1 11-30:2 12-01:3 12-01:4");
    settings.budget.holidays = vec!["11-30".parse().unwrap(), "2026-12-01".parse().unwrap()];
    assert_eq!(shown_days(&facts, &settings, &[]), "12-02:1 12-02:2 12-02:3 12-03:4");
    // A calendar of holidays says no less, and what is owed is owed all the same.
    settings.budget.holidays.pop();
    facts.days.holidays.insert(on("2026-12-01"));
    facts.people[3].interactions.push(Interaction {
        day: on("2026-11-29"),
        how: How::Met,
        fresh: true,
        gift: false,
    });
    settings.circles.get_mut("family").unwrap().thanks = true;
    assert_eq!(shown_days(&facts, &settings, &[]), "11-30:4 12-02:1 12-02:2 12-02:3");
}

#[test]
fn a_busy_day_has_half_its_places_and_a_full_one_none() {
    let (mut facts, settings) = (four(), settings());
    facts.days = busy(&[("2026-11-30", 7), ("2026-12-01", 4), ("2026-12-02", 3)]);
    assert_eq!(shown_days(&facts, &settings, &[]), "12-01:1 12-01:2 12-02:3 12-02:4");
    let why = why(&facts, &settings, MONDAY, &plan(&facts, &settings, MONDAY, &[]), PersonId(3)).unwrap();
    let planned = &why.last().unwrap().1;
    assert!(
        planned.ends_with(
            "30 November 2026 has no place (7 h busy). 1 December 2026 has half its places (4 h busy)."
        ),
        "{planned}"
    );
}

#[test]
fn what_a_changed_calendar_leaves_no_place_for_moves_to_a_later_day() {
    let (mut facts, settings) = (four(), settings());
    let before = plan(&facts, &settings, MONDAY, &[]);
    let terms = Terms::of(&facts, &settings, MONDAY);
    facts.days = busy(&[("2026-11-30", 5), ("2026-12-01", 9)]);
    facts.days.holidays.insert(on("2026-12-02"));
    let rows = Terms::of(&facts, &settings, MONDAY).continued(Some(&terms.to_string()), published(&before));
    assert_eq!(shown_days(&facts, &settings, &rows), "11-30:1 11-30:2 12-03:3 12-03:4");
    // What moved stays where it is when the meeting is called off.
    let rows = publish(&rows, &plan(&facts, &settings, MONDAY, &rows));
    facts.days = Days::default();
    assert_eq!(shown_days(&facts, &settings, &rows), "11-30:1 11-30:2 12-03:3 12-03:4");
}

/// Nothing moves to an earlier day, but who would be in no plan at all begins anew.
#[test]
fn who_makes_way_and_has_no_later_day_gets_the_first_free_one() {
    let friday = on("2026-12-04");
    let mut settings = settings();
    settings.feed.ahead = 6;
    (settings.budget.per_week, settings.budget.shared) = (1, 0.0);
    settings.budget.weekdays.extend([Weekday::Saturday, Weekday::Sunday]);
    let promise = Intention {
        id: 7,
        person: PersonId(1),
        aim: Aim::Promise,
        what: "the list".to_owned(),
        by: Some(friday),
        entered: on("2026-11-29"),
        ended: None,
    };
    let people = [tied(1, "friends", "2026-11-29 both"), tied(2, "friends", "2026-09-01 both")];
    let facts = Facts { intentions: vec![promise], ..facts(people) };
    let before = plan(&facts, &settings, friday, &[]);
    assert_eq!(days(&before), "12-04:1 12-07:2");
    // The promise was missed, and takes the next week's only place; this week's is free again.
    let saturday = on("2026-12-05");
    let after = plan(&facts, &settings, saturday, &published(&before));
    assert_eq!(days(&after), "12-05:2 12-07:1");
    invariants::missed(&facts, &settings, saturday, &published(&before), &before, &after);
}
