//! A week is neither all birthdays nor all ties that have been quiet for long;
//! and the easy ones come first while the user practises.

use super::*;
use crate::core::preference::Ease;
use crate::core::settings::Temperament;

fn week() -> Settings {
    let mut settings = defaults();
    settings.feed.ahead = 4;
    settings
}

/// So many people in a circle, with what happened with each, numbered from `first` on.
fn some(first: i64, count: i64, circle: &str, happened: &str) -> Vec<Person> {
    (first..first + count).map(|id| tied(id, circle, happened)).collect()
}

/// How many ordinary and shared places of the plan go to those with numbers from 100 on.
fn quiet(people: Vec<Person>, settings: &Settings) -> (usize, usize, usize) {
    let made = plan(&facts(people), settings, MONDAY, &[]);
    let count = |is: &dyn Fn(&FollowUp) -> bool| outreaches(&made).filter(|f| is(f)).count();
    let is_quiet = |f: &FollowUp| f.key.person.0 >= 100;
    (count(&|f| is_quiet(f) && !f.shared), count(&|f| is_quiet(f) && f.shared), count(&|f| !is_quiet(f)))
}

/// A promise on a day without places made the week count as longer by one.
#[test]
fn what_is_owed_on_a_free_day_makes_no_room_for_quiet_ties() {
    let mut settings = week();
    settings.budget.per_day = 1;
    settings.budget.weekdays = vec![Weekday::Tuesday, Weekday::Friday];
    let quiet = || some(100, 2, "family", "2024-01-01 both");
    let promise = |by: &str| Intention {
        id: 7,
        person: PersonId(1),
        aim: Aim::Promise,
        what: "the list".to_owned(),
        by: Some(on(by)),
        entered: on("2026-11-29"),
        ended: None,
    };
    // The only other who waits is a newcomer; the promise is to somebody who was just talked to.
    let people = [quiet(), vec![person(2), tied(1, "friends", "2026-11-28 both")]].concat();
    for (name, promises, expected) in [
        ("nothing is owed", vec![], "12-01:100 12-04:2"),
        ("on a day without places", vec![promise("2026-12-02")], "12-01:100 12-02:1 12-04:2"),
        ("on one with a place", vec![promise("2026-12-01")], "12-01:1 12-04:100"),
    ] {
        let facts = Facts { intentions: promises, ..facts(people.clone()) };
        let made = plan(&facts, &settings, MONDAY, &[]);
        assert_eq!(days(&made), expected, "{name}");
        invariants::mixed(&facts, &settings, MONDAY, &made);
    }
}

#[test]
fn half_of_a_week_at_most_rekindles_quiet_ties_while_others_wait() {
    let long_ago = || some(100, 20, "friends", "2024-01-01 both");
    let with = |others: Vec<Person>| [long_ago(), others].concat();
    let mut deep = week();
    deep.profile.temperament = Temperament::Deep;
    for (name, people, settings, expected) in [
        ("nobody else", long_ago(), week(), (10, 0, 0)),
        ("others are due", with(some(1, 20, "friends", "2026-09-01 both")), week(), (4, 0, 6)),
        ("two others are due", with(some(1, 2, "friends", "2026-09-01 both")), week(), (8, 0, 2)),
        ("newcomers wait", with((1..=20).map(person).collect()), week(), (4, 0, 6)),
        (
            "for few deep talks newcomers have no other places",
            with((1..=20).map(person).collect()),
            deep,
            (8, 0, 2),
        ),
        (
            "who was away for a season just picks up again",
            [some(100, 20, "family", "2026-08-20 both"), some(1, 20, "friends", "2026-09-01 both")].concat(),
            week(),
            (8, 0, 2),
        ),
        (
            "what is meant to be done has its own places",
            with(some(1, 1, "friends", "2026-11-29 both")),
            week(),
            (10, 0, 0),
        ),
    ] {
        assert_eq!(quiet(people, &settings), expected, "{name}");
    }
}

#[test]
fn why_tells_of_the_half() {
    let all = [some(100, 20, "friends", "2024-01-01 both"), some(1, 20, "friends", "2026-09-01 both")];
    let facts = facts(all.concat());
    let made = plan(&facts, &week(), MONDAY, &[]);
    let told = |id: i64| why(&facts, &week(), MONDAY, &made, PersonId(id)).unwrap().pop().unwrap().1;
    let half = "4 of a week's 10 places at most go to ties that have been quiet for long";
    assert!(told(119).contains(half), "{}", told(119));
    assert!(!told(1).contains("quiet"), "{}", told(1));
}

#[test]
fn a_week_of_birthdays_leaves_its_places_to_others() {
    let born = |id: i64| Person {
        birthday: Some(format!("--12-0{}", (id - 1) % 4 + 1).parse().unwrap()),
        ..tied(id, "friends", "2026-11-20 both")
    };
    let mut people: Vec<Person> = (1..=20).map(born).collect();
    people.extend(some(100, 20, "friends", "2026-09-01 both"));
    let made = plan(&facts(people), &week(), MONDAY, &[]);
    assert_eq!(made.follow_ups.iter().filter(|f| f.key.kind == Kind::Birthday).count(), 20);
    assert_eq!(outreaches(&made).count(), 10);
}

#[test]
fn easy_ones_come_first_while_the_user_practises() {
    let of = |id: i64, ease: Option<Ease>, happened: &str| Person { ease, ..tied(id, "friends", happened) };
    let people = || {
        vec![
            of(1, Some(Ease::Hard), "2026-04-01 both"),
            of(2, None, "2026-07-01 both"),
            of(3, Some(Ease::Moderate), "2026-07-10 both"),
            of(4, Some(Ease::Easy), "2026-09-01 both"),
            Person { ease: Some(Ease::Hard), known: 9, ..person(5) },
            Person { ease: Some(Ease::Easy), ..person(6) },
        ]
    };
    let mut one_a_day = defaults();
    one_a_day.budget.per_day = 1;
    one_a_day.budget.shared = 0.0;
    one_a_day.feed.ahead = 7;
    let mut practice = one_a_day.clone();
    practice.profile.practice = true;
    let made = |settings: &Settings| plan(&facts(people()), settings, MONDAY, &[]);
    assert_eq!(days(&made(&one_a_day)), "11-30:1 12-01:2 12-02:3 12-03:4 12-04:5 12-07:6");
    let practised = made(&practice);
    assert_eq!(days(&practised), "11-30:4 12-01:2 12-02:3 12-03:1 12-04:6 12-07:5");
    assert!(practised.follow_ups[0].reason.ends_with("An easy talk to practise with."));
    assert!(practised.follow_ups[3].reason.ends_with("A harder one: to try is what counts."));
    assert!(made(&one_a_day).follow_ups.iter().all(|f| !f.reason.contains("practise")));
    // Another order is another plan: what was published is not continued.
    let terms = |settings: &Settings| Terms::of(&facts(people()), settings, MONDAY).to_string();
    assert_ne!(terms(&practice), terms(&one_a_day));

    // What is owed keeps its day, however hard.
    let mut owing = facts(people());
    owing.intentions = vec![Intention {
        id: 1,
        person: PersonId(1),
        aim: Aim::Promise,
        what: "the book".to_owned(),
        by: Some(MONDAY),
        entered: on("2026-11-20"),
        ended: None,
    }];
    assert_eq!(
        days(&plan(&owing, &practice, MONDAY, &[])),
        "11-30:1 12-01:4 12-02:2 12-03:3 12-04:6 12-07:5"
    );
}

/// Of 30 people never spoken to 11 and more were not reached in half a year: who became due took all the places
/// of a week that had been full of them, also those that are there to be shared.
#[test]
fn people_never_spoken_to_get_their_turn_whoever_becomes_due() {
    let circles = [("family", 8), ("close", 10), ("friends", 20), ("weak-ties", 12), ("others", 10)];
    let circles = circles.into_iter().flat_map(|(circle, count)| std::iter::repeat_n(circle, count));
    let people = circles.zip(1..).map(|(circle, id)| match id % 2 {
        0 => Person { circle: Some(circle.to_owned()), ..person(id) },
        _ => tied(id, circle, "2026-06-01 both"),
    });
    let (mut facts, settings) = (facts(people), defaults());
    let mut rows = Vec::new();
    let (mut reached, mut distant) = (std::collections::BTreeMap::new(), [0; 26]);
    for (on, week) in (0..182).map(|day| (Interval::days(day).after(MONDAY), usize::from(day / 7))) {
        let made = plan(&facts, &settings, on, &rows);
        for (nth, today) in outreaches(&made).filter(|f| f.day == on).enumerate() {
            let person = today.key.person;
            let is_new = today.key.cycle == "new";
            distant[week] += usize::from(is_new || ["weak-ties", "others"].contains(&today.circle.as_str()));
            if is_new {
                reached.entry(person).or_insert(on);
            }
            // Every other one answers.
            let answers = (nth + usize::from(on.day().unsigned_abs())).is_multiple_of(2);
            log(&mut facts, person, on, if answers { Direction::Both } else { Direction::Outbound });
        }
        let evening = plan(&facts, &settings, on, &publish(&rows, &made));
        rows = publish(&publish(&rows, &made), &evening);
    }
    assert_eq!(reached.len(), 30, "{reached:?}\n{distant:?}");
}
