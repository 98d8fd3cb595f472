//! Plain stories with exact days.

use super::*;

/// The first follow-up of the only person, on a calendar that is open every day.
fn next(person: Person, today: Date) -> Option<FollowUp> {
    let mut settings = defaults();
    settings.budget.weekdays =
        [0, 1, 2, 3, 4, 5, 6].map(|offset| Weekday::from_monday_zero_offset(offset).unwrap()).to_vec();
    settings.feed.ahead = 730;
    plan(&facts([person]), &settings, today, &[]).follow_ups.into_iter().next()
}

#[test]
fn the_next_outreach_follows_from_what_happened() {
    for (name, circle, happened, expected) in [
        ("never spoken to", "friends", "", "2026-11-30 keep-in-touch new"),
        ("talked", "friends", "2026-11-03 both", "2027-01-03 keep-in-touch 2026-11-03"),
        ("they wrote", "friends", "2026-11-03 in", "2027-01-03 keep-in-touch 2026-11-03"),
        ("long ago", "family", "2019-11-03 both", "2026-11-30 rekindle 2019-11-03"),
        ("the month ends", "friends", "2026-12-31 both", "2027-02-28 keep-in-touch 2026-12-31"),
        ("an unknown circle", "gone", "2026-11-03 both", "2027-05-03 keep-in-touch 2026-11-03"),
        (
            "an old one entered late",
            "close",
            "2026-11-20 both, 2026-03-01 in",
            "2026-12-18 keep-in-touch 2026-11-20",
        ),
        ("the first try", "close", "2026-11-25 out", "2026-12-09 second-try 2026-11-25"),
        (
            "a try and a talk in one day",
            "close",
            "2026-11-25 out, 2026-11-25 in",
            "2026-12-23 keep-in-touch 2026-11-25",
        ),
        ("they answered", "close", "2026-11-20 out, 2026-11-25 in", "2026-12-23 keep-in-touch 2026-11-25"),
        (
            "several tries in the same days are one",
            "close",
            "2026-11-25 out, 2026-11-27 out",
            "2026-12-11 second-try 2026-11-27",
        ),
        (
            "the second try in time: six weeks",
            "friends",
            "2026-11-10 out, 2026-11-24 out",
            "2027-01-05 second-try 2026-11-24",
        ),
        (
            "no longer than their own interval",
            "close",
            "2026-11-10 out, 2026-11-24 out",
            "2026-12-22 second-try 2026-11-24",
        ),
        (
            "which for the family is that of the second try",
            "family",
            "2026-11-10 out, 2026-11-24 out",
            "2026-12-08 second-try 2026-11-24",
        ),
        (
            "the third a day early",
            "close",
            "2026-09-29 out, 2026-10-13 out, 2026-11-09 out",
            "2026-12-07 second-try 2026-11-09",
        ),
        (
            "the third in time: rest",
            "close",
            "2026-09-29 out, 2026-10-13 out, 2026-11-10 out",
            "2027-01-05 keep-in-touch 2026-11-10",
        ),
        (
            "after the rest the ladder begins anew",
            "close",
            "2026-07-01 out, 2026-07-15 out, 2026-08-26 out, 2026-11-25 out",
            "2026-12-09 second-try 2026-11-25",
        ),
    ] {
        let today = happened
            .split_whitespace()
            .filter_map(|word| word.parse().ok())
            .max()
            .map_or(MONDAY, |last: Date| last.max(MONDAY));
        let found = next(tied(1, circle, happened), today)
            .map(|f| format!("{} {} {}", f.day, f.key.kind, f.key.cycle));
        assert_eq!(found.as_deref(), Some(expected), "{name}");
    }
}

#[test]
fn what_is_dated_tomorrow_has_happened() {
    // Where it was logged the day may have begun before it does here.
    for (name, happened, expected) in [
        ("a talk tomorrow", "2026-01-04 both, 2026-12-01 both", "2027-02-01 keep-in-touch 2026-12-01"),
        ("a try tomorrow", "2026-01-04 both, 2026-12-01 out", "2026-12-15 second-try 2026-12-01"),
        ("the first contact tomorrow", "2026-12-01 both", "2027-02-01 keep-in-touch 2026-12-01"),
        ("the day after", "2026-01-04 both, 2026-12-02 both", "2026-11-30 rekindle 2026-01-04"),
        ("a slip in the year", "2026-01-04 both, 2036-11-30 both", "2026-11-30 rekindle 2026-01-04"),
    ] {
        let found = next(tied(1, "friends", happened), MONDAY)
            .map(|f| format!("{} {} {}", f.day, f.key.kind, f.key.cycle));
        assert_eq!(found.as_deref(), Some(expected), "{name}");
    }
    // It settles what is planned for today, and tomorrow finds nothing else.
    let mut facts = facts((1..=2).map(|id| tied(id, "family", "2026-08-01 both")));
    let before = plan(&facts, &fortnight(), MONDAY, &[]);
    assert_eq!(days(&before), "11-30:1 11-30:2");
    log(&mut facts, PersonId(1), on("2026-12-01"), Direction::Both);
    let after = plan(&facts, &fortnight(), MONDAY, &published(&before));
    assert_eq!((days(&after).as_str(), after.settled.len()), ("11-30:2", 1));
    log(&mut facts, PersonId(2), MONDAY, Direction::Both);
    let evening = plan(&facts, &fortnight(), MONDAY, &publish(&published(&before), &after));
    assert_eq!((days(&evening).as_str(), evening.settled.len()), ("", 1));
}

#[test]
fn reasons_are_sentences_that_stay_true() {
    let at = |birthday: &str, happened: &str| Person {
        birthday: birthday.parse().ok(),
        ..tied(1, "friends", happened)
    };
    let own = Person { ideal: Some(Interval::weeks(1)), ..tied(1, "friends", "2026-11-20 both") };
    for (person, expected) in [
        (at("", ""), "In your address book, with no contact noted yet: a first step."),
        (
            at("", "2026-10-03 both"),
            "You last talked on 3 October 2026; in the circle friends you like to talk every 2 months.",
        ),
        (
            at("", "2026-10-03 both, 2026-10-03 met"),
            "You last met on 3 October 2026; in the circle friends you like to talk every 2 months.",
        ),
        (
            at("", "2026-10-03 in"),
            "You last heard from them on 3 October 2026; in the circle friends you like to talk every 2 months.",
        ),
        (own, "You last talked on 20 November 2026; with them you like to talk every week."),
        (
            tied(1, "gone", "2026-10-03 both"),
            "You last talked on 3 October 2026; with people in no circle you like to talk every 6 months.",
        ),
        (
            at("", "2026-11-01 out"),
            "You reached out on 1 November 2026 and have not heard back; a second, friendly try.",
        ),
        (
            at("1987-11-01", "2026-11-01 out"),
            "You sent them a word for their birthday on 1 November 2026; in the circle friends you like to talk every 2 months.",
        ),
        (
            at("1987-11-01", "2026-08-03 met, 2026-11-01 out"),
            "You last met on 3 August 2026, and sent them a word for their birthday on 1 November 2026; in the circle friends you like to talk every 2 months.",
        ),
        (
            at("1987-11-01", "2026-10-01 out, 2026-11-01 out"),
            "You reached out for their birthday on 1 November 2026 and have not heard back; a third, friendly try.",
        ),
        (
            at("", "2026-10-01 out, 2026-11-01 out"),
            "You reached out on 1 November 2026 and have not heard back; a third, friendly try.",
        ),
        (
            at("", "2026-11-01 out, 2026-11-08 out"),
            "You last reached out on 8 November 2026 and have not heard back; another friendly try.",
        ),
        (
            at("", "2026-11-08 out, 2026-11-08 out"),
            "You reached out on 8 November 2026 and have not heard back; a second, friendly try.",
        ),
        (
            at("", "2026-10-01 out, 2026-11-01 out, 2026-11-08 out"),
            "You last reached out on 8 November 2026 and have not heard back; another friendly try.",
        ),
        (
            at("", "2026-03-01 out, 2026-04-01 out, 2026-06-01 out, 2026-11-01 out"),
            "You last reached out on 1 November 2026 and have not heard back; another friendly try.",
        ),
        (
            at("", "2026-08-01 out, 2026-09-01 out, 2026-11-01 out"),
            "You last reached out on 1 November 2026 and have not heard back; after a rest, a fresh hello.",
        ),
        (
            at("1987-01-12", "2026-08-01 out, 2026-09-01 out, 2026-11-01 out"),
            "You last reached out on 1 November 2026 and have not heard back; after a rest, a fresh hello. Birthday: turns 40 on 12 January 2027.",
        ),
        (
            at("--12-12", "2026-10-03 both"),
            "You last talked on 3 October 2026; in the circle friends you like to talk every 2 months. Birthday on 12 December 2026.",
        ),
    ] {
        let birthday_only = |f: &FollowUp| f.key.kind.is_outreach();
        let found = next(person, MONDAY).filter(birthday_only).map(|f| f.reason);
        assert_eq!(found.as_deref(), Some(expected));
    }
}

#[test]
fn a_birthday_near_takes_the_outreach_with_it() {
    let born = |birthday: &str| Person {
        birthday: Some(birthday.parse().unwrap()),
        ..tied(1, "close", "2026-11-04 both")
    };
    // Due on Wednesday 2 December.
    for (name, birthday, expected) in [
        ("in the next days", "--12-09", vec!["2026-12-09 1 keep-in-touch 2026-11-04"]),
        ("on the 14th day", "--12-16", vec!["2026-12-16 1 keep-in-touch 2026-11-04"]),
        (
            "a day later",
            "--12-17",
            vec!["2026-12-02 1 keep-in-touch 2026-11-04", "2026-12-17 1 birthday 2026"],
        ),
        (
            "at a weekend",
            "--12-12",
            vec!["2026-12-02 1 keep-in-touch 2026-11-04", "2026-12-12 1 birthday 2026"],
        ),
        ("before", "--12-01", vec!["2026-12-01 1 birthday 2026", "2026-12-09 1 keep-in-touch 2026-11-04"]),
    ] {
        assert_eq!(shown(&plan(&facts([born(birthday)]), &defaults(), MONDAY, &[])), expected, "{name}");
    }
    let leap = plan(&facts([born("2000-02-29")]), &defaults(), on("2027-02-01"), &[]);
    assert_eq!(shown(&leap), ["2027-02-01 1 keep-in-touch 2026-11-04", "2027-02-28 1 birthday 2027"]);
}

#[test]
fn comfort_and_pauses_are_honoured() {
    let asked =
        |comfort| Person { comfort, birthday: "--12-08".parse().ok(), ..tied(1, "close", "2026-01-04 both") };
    let outcome = |person: Person, pauses: Vec<Pause>| {
        shown(&plan(&Facts { people: vec![person], pauses, ..Facts::default() }, &defaults(), MONDAY, &[]))
            .join(", ")
    };
    let pause = |person| Pause { person, from: MONDAY, until: on("2026-12-09"), why: Why::Pause };
    for (name, found, expected) in [
        ("never", outcome(asked(Comfort::Never), vec![]), ""),
        (
            "not now",
            outcome(asked(Comfort::NotNow { until: on("2026-12-08") }), vec![]),
            "2026-12-08 1 rekindle 2026-01-04",
        ),
        (
            "not now, past the birthday",
            outcome(asked(Comfort::NotNow { until: on("2026-12-12") }), vec![]),
            "2026-12-14 1 rekindle 2026-01-04",
        ),
        (
            "a pause keeps dates",
            outcome(asked(Comfort::Yes), vec![pause(None)]),
            "2026-12-08 1 birthday 2026, 2026-12-16 1 rekindle 2026-01-04",
        ),
        (
            "a pause of their own",
            outcome(asked(Comfort::Yes), vec![pause(Some(PersonId(1)))]),
            "2026-12-10 1 rekindle 2026-01-04",
        ),
        (
            "of somebody else",
            outcome(asked(Comfort::Yes), vec![pause(Some(PersonId(2)))]),
            "2026-11-30 1 rekindle 2026-01-04, 2026-12-08 1 birthday 2026",
        ),
    ] {
        assert_eq!(found, expected, "{name}");
    }
}

/// Two weeks ahead, no shared places.
fn fortnight() -> Settings {
    let mut settings = defaults();
    settings.feed.ahead = 13;
    settings.budget.shared = 0.0;
    settings
}

#[test]
fn a_week_is_spread_evenly_closest_first() {
    let mut settings = fortnight();
    let mut all = vec![tied(1, "friends", "2026-01-01 both"), tied(2, "family", "2026-11-01 both")];
    all.extend([tied(3, "friends", "2025-01-01 both"), Person { known: 9, ..person(4) }, person(5)]);
    all.push(Person { ideal: Some(Interval::weeks(1)), ..tied(6, "friends", "2026-07-01 both") });
    assert_eq!(
        days(&plan(&facts(all.clone()), &settings, MONDAY, &[])),
        "11-30:3 11-30:6 12-01:2 12-01:1 12-02:4 12-02:5"
    );
    settings.budget.per_day = 1;
    settings.budget.weekdays = vec![Weekday::Wednesday];
    assert_eq!(days(&plan(&facts(all.clone()), &settings, MONDAY, &[])), "12-02:6 12-09:3");
    settings.budget.weekdays.clear();
    assert_eq!(days(&plan(&facts(all), &settings, MONDAY, &[])), "");
}

#[test]
fn newcomers_leave_the_places_that_somebody_will_need() {
    let mut settings = fortnight();
    settings.budget.per_week = 2;
    // Due on Thursday.
    let all = [tied(1, "close", "2026-11-05 both"), person(2), person(3), person(4)];
    assert_eq!(days(&plan(&facts(all), &settings, MONDAY, &[])), "11-30:2 12-03:1 12-07:3 12-08:4");
}

#[test]
fn doing_what_is_planned_brings_nothing_new_that_week() {
    let mut settings = fortnight();
    settings.budget.per_week = 2;
    let mut facts = facts((1..=8).map(|id| tied(id, "family", &format!("2026-08-0{id} both"))));
    let monday = plan(&facts, &settings, MONDAY, &[]);
    assert_eq!(days(&monday), "11-30:1 12-01:2 12-07:3 12-08:4");
    log(&mut facts, PersonId(1), MONDAY, Direction::Both);
    let evening = plan(&facts, &settings, MONDAY, &published(&monday));
    assert_eq!(days(&evening), "12-01:2 12-07:3 12-08:4");
    assert_eq!(evening.settled, [(monday.follow_ups[0].key.clone(), MONDAY)]);
    // Done ahead of its day: its place is time off.
    log(&mut facts, PersonId(3), MONDAY, Direction::Outbound);
    let ahead = plan(&facts, &settings, MONDAY, &publish(&published(&monday), &evening));
    assert_eq!(days(&ahead), "12-01:2 12-08:4");
    // They reached the user: nothing to settle, and nothing to do.
    log(&mut facts, PersonId(2), MONDAY, Direction::Inbound);
    let answered = plan(&facts, &settings, MONDAY, &publish(&publish(&published(&monday), &evening), &ahead));
    assert_eq!((days(&answered).as_str(), answered.settled.len()), ("12-01:5 12-08:4", 0));
}

#[test]
fn a_contact_taken_back_brings_the_follow_up_back() {
    let mut facts = facts([tied(1, "family", "2026-08-01 both")]);
    let first = plan(&facts, &fortnight(), MONDAY, &[]);
    log(&mut facts, PersonId(1), MONDAY, Direction::Both);
    let done = plan(&facts, &fortnight(), MONDAY, &published(&first));
    let rows = publish(&published(&first), &done);
    facts.people[0].interactions.pop();
    assert_eq!(plan(&facts, &fortnight(), MONDAY, &rows), first);
}

#[test]
fn what_was_missed_is_placed_again_without_a_pile() {
    let mut settings = fortnight();
    settings.budget.per_week = 2;
    let full = facts((1..=8).map(|id| tied(id, "family", &format!("2026-08-0{id} both"))));
    let monday = plan(&full, &settings, MONDAY, &[]);
    assert_eq!(days(&monday), "11-30:1 12-01:2 12-07:3 12-08:4");
    let tuesday = plan(&full, &settings, on("2026-12-01"), &published(&monday));
    assert_eq!(days(&tuesday), "12-01:1 12-01:2 12-07:3 12-08:4 12-14:5");
    // All of the week missed: each takes the place of the least urgent, who moves on.
    let next = plan(&full, &settings, on("2026-12-07"), &published(&monday));
    assert_eq!(days(&next), "12-07:1 12-08:2 12-14:3 12-14:4");
}

#[test]
fn a_changed_fact_finds_its_place() {
    let mut settings = fortnight();
    settings.budget.per_week = 2;
    let mut all: Vec<Person> =
        (1..=6).map(|id| tied(id, "friends", &format!("2026-08-0{id} both"))).collect();
    all.push(person(7));
    let mut facts = facts(all);
    let before = plan(&facts, &settings, MONDAY, &[]);
    assert_eq!(days(&before), "11-30:1 12-01:2 12-07:3 12-08:4");
    // Assigned to the family: closer than all, and the least urgent makes way.
    facts.people[5].circle = Some("family".to_owned());
    let assigned = plan(&facts, &settings, MONDAY, &published(&before));
    assert_eq!(days(&assigned), "11-30:6 12-01:2 12-07:1 12-08:3");
}

#[test]
fn a_smaller_budget_keeps_the_most_urgent() {
    let mut settings = fortnight();
    let all = facts([
        tied(1, "friends", "2026-08-01 both"),
        tied(2, "family", "2026-08-01 both"),
        tied(3, "close", "2026-08-01 both"),
    ]);
    let before = plan(&all, &settings, MONDAY, &[]);
    assert_eq!(days(&before), "11-30:2 11-30:3 12-01:1");
    settings.budget.per_week = 1;
    settings.feed.ahead = 20;
    assert_eq!(days(&plan(&all, &settings, MONDAY, &published(&before))), "11-30:2 12-07:3 12-14:1");
}

#[test]
fn a_weekly_contact_forgotten_for_a_year_is_one_follow_up() {
    let weekly = Person { ideal: Some(Interval::weeks(1)), ..tied(1, "friends", "2025-11-01 both") };
    let all = facts([weekly, tied(2, "friends", "2026-09-01 both"), tied(3, "family", "2026-11-01 both")]);
    assert_eq!(days(&plan(&all, &fortnight(), MONDAY, &[])), "11-30:3 11-30:1 12-01:2");
}

#[test]
fn who_comes_nearer_takes_free_places_before_those_of_others() {
    let mut book = facts((1..=14).map(|id| Person { known: 99 - u32::try_from(id).unwrap(), ..person(id) }));
    let before = plan(&book, &defaults(), MONDAY, &[]);
    assert_eq!(
        days(&before),
        "11-30:1 11-30:2 12-01:3 12-01:4 12-02:5 12-02:6 12-03:7 12-03:8 12-04:9 12-04:10 12-07:11 12-07:12 12-08:13 12-08:14"
    );
    for (id, circle, happened) in
        [(1, "family", "2026-10-30 both"), (3, "close", "2026-09-30 both"), (7, "friends", "2026-10-30 out")]
    {
        book.people[id - 1] = Person { known: 0, ..tied(i64::try_from(id).unwrap(), circle, happened) };
    }
    let after = plan(&book, &defaults(), MONDAY, &published(&before));
    assert_eq!(
        days(&after),
        "11-30:1 11-30:2 12-01:3 12-01:4 12-02:5 12-02:6 12-03:7 12-03:8 12-04:9 12-04:10 12-07:11 12-07:12 12-08:13 12-08:14"
    );
}

#[test]
fn lists_say_from_when_on_somebody_is_wanted() {
    let pause = |person: Option<i64>, from: &str, until: &str, why| Pause {
        person: person.map(PersonId),
        from: on(from),
        until: on(until),
        why,
    };
    let late = || tied(1, "close", "2026-10-01 both");
    let skipped = pause(Some(1), "2026-11-30", "2026-12-27", Why::Skip);
    let not_now = Person { comfort: Comfort::NotNow { until: on("2027-02-01") }, ..late() };
    for (name, person, pauses, due) in [
        ("late", late(), vec![], Some("2026-10-29")),
        ("to come", tied(1, "close", "2026-11-23 both"), vec![], Some("2026-12-21")),
        ("skipped", late(), vec![skipped], Some("2026-12-28")),
        ("another skipped", late(), vec![Pause { person: Some(PersonId(2)), ..skipped }], Some("2026-10-29")),
        (
            "skipped, and a pause of all after it",
            late(),
            vec![skipped, pause(None, "2026-12-21", "2027-01-03", Why::Pause)],
            Some("2027-01-04"),
        ),
        (
            "a pause to come",
            late(),
            vec![pause(Some(1), "2026-12-01", "2026-12-27", Why::Pause)],
            Some("2026-10-29"),
        ),
        (
            "due in a pause to come",
            tied(1, "close", "2026-11-23 both"),
            vec![pause(Some(1), "2026-12-20", "2026-12-27", Why::Pause)],
            Some("2026-12-28"),
        ),
        ("not now", not_now, vec![], Some("2027-02-01")),
        (
            "waits for a birthday",
            Person { birthday: "--11-05".parse().ok(), ..late() },
            vec![],
            Some("2026-11-05"),
        ),
        ("never", Person { comfort: Comfort::Never, ..late() }, vec![], None),
        ("never spoken to", person(1), vec![skipped], None),
    ] {
        let facts = Facts { people: vec![person], pauses, ..Facts::default() };
        let settings = defaults();
        assert_eq!(Dues::new(&facts, &settings, MONDAY).of(&facts.people[0]), due.map(on), "{name}");
    }
}

#[test]
fn a_budget_too_small_says_what_it_keeps() {
    let mut settings = defaults();
    let all = |count: i64, circle: &str| -> Vec<Person> {
        (0..count).map(|id| tied(id, circle, "2026-10-03 both")).collect()
    };
    let told = |people, settings: &Settings| {
        shortfall(&facts(people), settings, MONDAY).map(|short| short.to_string())
    };
    assert_eq!(told(all(40, "family"), &settings), None);
    assert_eq!(
        told([all(24, "family"), all(1400, "weak-ties")].concat(), &settings).unwrap(),
        "In the long run, if all answer, your budget of 10 a week keeps about 203 of 1424 people within their at-the-latest interval. Somebody in weak-ties comes round about every 8 years. 4 a day and 20 a week would keep 626; so would longer intervals, or fewer people."
    );
    let never = all(1400, "family").into_iter().map(|p| Person { comfort: Comfort::Never, ..p });
    assert_eq!(told(never.collect(), &settings), None);
    settings.budget.per_day = 0;
    assert_eq!(told(all(400, "family"), &settings), None);
}

#[test]
fn waiting_counts_relative_to_the_own_interval_and_more_in_closer_circles() {
    let urgent = |a: Person, b: Person| {
        let facts = facts([a, b]);
        let settings = defaults();
        let rules = Rules::new(&facts, &settings, MONDAY);
        let of = |at: usize| Candidate::of(&facts.people[at], &rules, MONDAY).unwrap();
        of(0).by_urgency(&of(1), number(MONDAY)).is_lt()
    };
    for (name, first, second) in [
        ("as long, closer", tied(2, "family", "2026-11-02 both"), tied(1, "friends", "2026-08-02 both")),
        ("far longer, farther", tied(2, "friends", "2026-01-02 both"), tied(1, "family", "2026-11-15 both")),
        ("no answer yet", tied(2, "close", "2026-11-01 out"), tied(1, "close", "2026-11-01 both")),
        (
            "seldom answers",
            tied(2, "close", "2026-01-01 out, 2026-09-01 both"),
            tied(1, "close", "2026-01-01 out, 2026-03-01 out, 2026-05-01 out, 2026-09-01 both"),
        ),
    ] {
        assert!(urgent(first, second), "{name}");
    }
}
