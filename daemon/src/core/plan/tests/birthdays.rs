//! Outreaches near a birthday: on it, or clear of it.

use super::*;

/// A month ahead, with a place for everybody.
fn month() -> Settings {
    let mut settings = defaults();
    settings.feed.ahead = 29;
    settings
}

fn born(birthday: &str, person: Person) -> Person {
    Person { birthday: Some(birthday.parse().unwrap()), ..person }
}

#[test]
fn nobody_is_asked_for_twice_around_a_birthday() {
    let late = || tied(1, "friends", "2026-01-04 both");
    let every = |text: &str| Person { ideal: text.parse().ok(), ..late() };
    for (name, person, today, expected) in [
        ("late, days before", born("--12-03", late()), "2026-11-30", "2026-12-03"),
        ("late, a week before", born("--12-07", late()), "2026-11-30", "2026-12-07"),
        ("late, more than a week before", born("--12-08", late()), "2026-11-30", "2026-11-30"),
        ("late, a day after", born("--11-29", late()), "2026-11-30", "2026-12-07"),
        ("late, a week after", born("--11-23", late()), "2026-11-30", "2026-12-01"),
        ("late, before one at a weekend", born("--12-05", late()), "2026-11-30", "2026-12-14"),
        ("a newcomer days before", born("--12-03", person(1)), "2026-11-30", "2026-12-03"),
        ("a newcomer a day after", born("1990-11-29", person(1)), "2026-11-30", "2026-12-07"),
        ("a newcomer before one at a weekend", born("--12-05", person(1)), "2026-11-30", "2026-12-14"),
        ("over the turn of the year", born("--01-02", late()), "2026-12-29", "2027-01-11"),
        ("a year that has just ended", born("--12-30", late()), "2027-01-04", "2027-01-07"),
        ("29 February in a common year", born("2000-02-29", late()), "2027-02-24", "2027-03-08"),
        ("29 February in a leap year", born("2000-02-29", late()), "2028-02-24", "2028-02-29"),
        ("due just after", born("--12-01", tied(1, "close", "2026-11-04 both")), "2026-11-30", "2026-12-09"),
        ("every two weeks, four days before", born("--12-04", every("2w")), "2026-11-30", "2026-11-30"),
        ("every two weeks, three days before", born("--12-03", every("2w")), "2026-11-30", "2026-12-03"),
        ("every two weeks, three days after", born("--11-27", every("2w")), "2026-11-30", "2026-12-01"),
        ("every three days, the day before", born("--12-01", every("3d")), "2026-11-30", "2026-11-30"),
    ] {
        let made = plan(&facts([person]), &month(), on(today), &[]);
        let asked: Vec<String> = outreaches(&made).map(|f| f.day.to_string()).collect();
        assert_eq!(asked, [expected], "{name}: {:?}", shown(&made));
    }
}

#[test]
fn no_birthday_is_waited_for_longer_than_one_would_be_in_touch() {
    // Due on Tuesday 1 December.
    let weekly = Person { ideal: Some(Interval::weeks(1)), ..tied(1, "friends", "2026-11-24 both") };
    for (birthday, expected) in [("--12-08", "2026-12-08"), ("--12-09", "2026-12-01")] {
        let made = plan(&facts([born(birthday, weekly.clone())]), &month(), MONDAY, &[]);
        assert_eq!(outreaches(&made).next().unwrap().day, on(expected), "{birthday}");
    }
}

#[test]
fn a_birthday_in_a_pause_is_still_kept_clear_of() {
    let pauses =
        vec![Pause { person: None, from: on("2026-12-02"), until: on("2026-12-04"), why: Why::Pause }];
    let people = vec![born("--12-03", tied(1, "friends", "2026-01-04 both"))];
    let made = plan(&Facts { people, pauses, ..Facts::default() }, &month(), MONDAY, &[]);
    assert_eq!(shown(&made), ["2026-12-03 1 birthday 2026", "2026-12-11 1 rekindle 2026-01-04"]);
}

#[test]
fn a_birthday_missed_or_full_leaves_the_week_after_it_alone() {
    let mut settings = month();
    settings.budget.per_day = 1;
    let one = facts([born("--12-03", tied(1, "friends", "2026-01-04 both"))]);
    let monday = plan(&one, &settings, MONDAY, &[]);
    assert_eq!(days(&monday), "12-03:1");
    assert_eq!(days(&plan(&one, &settings, on("2026-12-04"), &published(&monday))), "12-11:1");
    // From that day on the family may be asked for, too.
    let mut both = one;
    let comfort = Comfort::NotNow { until: on("2026-12-03") };
    both.people.push(Person { comfort, ..tied(2, "family", "2026-10-01 both") });
    let full = plan(&both, &settings, MONDAY, &[]);
    assert_eq!(
        outreaches(&full).map(|f| (f.key.person.0, f.day)).collect::<Vec<_>>(),
        [(2, on("2026-12-03")), (1, on("2026-12-11"))]
    );
}

#[test]
fn who_rests_is_asked_for_on_their_birthday_or_well_after_it() {
    // Three tries; the rest ends with the birthday, on a Monday and on a Saturday.
    for (birthday, expected) in [("--01-11", "2027-01-11"), ("--01-09", "2027-01-18")] {
        let resting = tied(1, "friends", "2026-08-01 out, 2026-09-01 out, 2026-11-01 out");
        let made = plan(&facts([born(birthday, resting)]), &month(), on("2027-01-04"), &[]);
        let asked = outreaches(&made).next().unwrap();
        assert_eq!(asked.day, on(expected));
        assert!(asked.reason.contains("not heard back; after a rest, a fresh hello."), "{}", asked.reason);
    }
}

#[test]
fn who_was_greeted_on_their_birthday_need_not_be_again() {
    let born = |happened: &str| born("--11-30", tied(1, "friends", happened));
    for (name, happened, congratulates) in [
        ("nothing yet", "2026-11-03 both", true),
        ("wrote on the day", "2026-11-03 both, 2026-11-30 out", false),
        ("talked on the day", "2026-11-30 both", false),
        ("heard from them only", "2026-11-30 in", true),
        ("wrote the day before", "2026-11-29 out", true),
        ("wrote a year ago", "2025-11-30 out, 2026-11-03 both", true),
    ] {
        let made = plan(&facts([born(happened)]), &month(), MONDAY, &[]);
        let asked = made.follow_ups.iter().any(|f| f.day == MONDAY && f.key.kind == Kind::Birthday);
        assert_eq!(asked, congratulates, "{name}: {:?}", shown(&made));
    }
    // It settles this birthday and no later one.
    let mut settings = month();
    settings.feed.ahead = 400;
    let made = plan(&facts([born("2026-11-03 both, 2026-11-30 out")]), &settings, MONDAY, &[]);
    let birthdays = made.follow_ups.iter().filter(|f| f.key.kind == Kind::Birthday);
    assert_eq!(birthdays.map(|f| f.day).collect::<Vec<_>>(), [on("2027-11-30")]);
}

#[test]
fn what_was_put_off_does_not_hide_a_later_birthday() {
    let alone = |from, why| Pause { person: Some(PersonId(1)), from, until: on("2026-12-20"), why };
    for (name, pause, congratulates) in [
        ("a pause", alone(MONDAY, Why::Pause), false),
        ("put off before", alone(MONDAY, Why::Snooze), true),
        ("let go before", alone(MONDAY, Why::Skip), true),
        ("put off on the day", alone(on("2026-12-03"), Why::Snooze), false),
        ("let go on the day", alone(on("2026-12-03"), Why::Skip), false),
    ] {
        let people = vec![born("--12-03", tied(1, "friends", "2026-11-20 both"))];
        let made = plan(&Facts { people, pauses: vec![pause], ..Facts::default() }, &month(), MONDAY, &[]);
        let asked = made.follow_ups.iter().any(|f| f.key.kind == Kind::Birthday);
        assert_eq!(asked, congratulates, "{name}: {:?}", shown(&made));
    }
}

#[test]
fn a_day_is_not_all_birthdays() {
    let born = |person: Person| Person { birthday: "--12-08".parse().ok(), ..person };
    let mut people: Vec<Person> =
        (1..=40).map(|id| born(Person { known: u32::try_from(id).unwrap(), ..person(id) })).collect();
    let mut settings = defaults();
    settings.budget.per_week = 0;
    let congratulated = |people: &[Person]| -> Vec<i64> {
        let plan = plan(&facts(people.to_vec()), &settings, MONDAY, &[]);
        let all = plan.follow_ups.iter().filter(|f| f.key.kind == Kind::Birthday);
        all.map(|f| f.key.person.0).collect()
    };
    // Three a day is the budget: those who are known best.
    assert_eq!(congratulated(&people), [38, 39, 40]);
    // The others are in their calendar only, and that is said.
    let facts_of_all = facts(people.clone());
    let made = plan(&facts_of_all, &settings, MONDAY, &[]);
    assert_eq!(made.left_to_calendar.len(), 37);
    let said = |id| {
        let points = why(&facts_of_all, &settings, MONDAY, &made, PersonId(id)).unwrap();
        points.into_iter().find(|(about, _)| *about == "Birthday").unwrap().1
    };
    assert!(
        said(7).ends_with("the plan has 3 at most: so it is in the calendar of birthdays only"),
        "{}",
        said(7)
    );
    assert!(!said(39).contains("only"), "{}", said(39));
    people[4].interactions = tied(5, "", "2026-11-20 both").interactions;
    assert_eq!(congratulated(&people), [5, 39, 40], "who was spoken to, first");
    // Nobody of a closer circle is left out for others, however many they are.
    for person in people.iter_mut().skip(20) {
        person.circle = Some("friends".to_owned());
    }
    let all: Vec<i64> = (21..=40).collect();
    assert_eq!(congratulated(&people), all);
}

#[test]
fn those_who_were_congratulated_today_are_counted() {
    let born = |id: i64| Person { birthday: "--11-30".parse().ok(), ..person(id) };
    let mut facts = facts((1..=9).map(born));
    let birthdays = |facts: &Facts| {
        let made = plan(facts, &defaults(), MONDAY, &[]);
        made.follow_ups.iter().filter(|f| f.key.kind == Kind::Birthday && f.day == MONDAY).count()
    };
    let before = birthdays(&facts);
    log(&mut facts, PersonId(1), MONDAY, Direction::Outbound);
    log(&mut facts, PersonId(9), MONDAY, Direction::Outbound);
    assert_eq!((before, birthdays(&facts)), (3, 1));
}
