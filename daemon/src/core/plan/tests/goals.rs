//! Steps towards goals, occasions, other days of people, and a user's temperament, with exact days.

use super::*;
use crate::core::goal::{Among, Counts, Goal};
use crate::core::occasion::{Greeted, Occasion};
use crate::core::settings::Temperament;

/// Ten conversations in ten weeks from Monday on, with these people.
fn goal(people: std::ops::RangeInclusive<i64>) -> Goal {
    Goal {
        id: 3,
        what: "10 conversations".to_owned(),
        why: None,
        number: 10,
        counts: Counts::Conversations,
        among: Among { circle: Some("x".to_owned()), query: None, people: people.map(PersonId).collect() },
        from: MONDAY,
        until: date(2027, 2, 7),
        supporter: None,
        ended: None,
    }
}

fn new_year(people: Greeted) -> Occasion {
    Occasion { id: 5, name: "New Year".to_owned(), day: date(2027, 1, 1), yearly: true, days: 10, people }
}

fn steps(plan: &Plan, kind: Kind) -> String {
    let of_kind = plan.follow_ups.iter().filter(|f| f.key.kind == kind).cloned().collect();
    days(&Plan { follow_ups: of_kind, ..Plan::default() })
}

#[test]
fn steps_are_spread_over_the_time_of_the_goal() {
    // People never spoken to, and one who was due long ago: each in their turn.
    let people = (1..=9).map(person).chain([tied(10, "weak-ties", "2024-01-01 both")]);
    let facts = Facts { goals: vec![goal(1..=10)], ..facts(people) };
    let made = plan(&facts, &defaults(), MONDAY, &[]);
    let expected = "11-30:1 12-07:2 12-14:3 12-21:4 12-28:5 01-04:6 01-11:7 01-18:8 01-25:9";
    assert_eq!(steps(&made, Kind::Goal), expected, "{made:#?}");
    let first = made.follow_ups.iter().find(|f| f.key.kind == Kind::Goal).unwrap();
    assert_eq!((first.key.cycle.as_str(), first.what.as_deref()), ("3 0", Some("10 conversations")));
    assert_eq!(first.reason, "A step towards your goal (by 7 February 2027): 10 conversations.");

    // Whoever is reached has another turn only where there are fewer people than the goal counts.
    let mut talked = facts;
    log(&mut talked, PersonId(1), MONDAY, Direction::Both);
    let made = plan(&talked, &defaults(), date(2026, 12, 1), &[]);
    assert_eq!(steps(&made, Kind::Goal), expected[8..].trim_start());
}

#[test]
fn nobody_is_asked_for_once_the_goal_is_reached() {
    let mut one = Goal { number: 1, ..goal(1..=5) };
    one.counts = Counts::People;
    let mut facts = Facts { goals: vec![one], ..facts((1..=5).map(person)) };
    assert_ne!(steps(&plan(&facts, &defaults(), MONDAY, &[]), Kind::Goal), "");
    log(&mut facts, PersonId(3), MONDAY, Direction::Both);
    assert_eq!(steps(&plan(&facts, &defaults(), MONDAY, &[]), Kind::Goal), "");
}

#[test]
fn few_people_are_asked_for_again_and_who_does_not_answer_is_left_to_the_ladder() {
    let mut facts = Facts { goals: vec![goal(1..=2)], ..facts([person(1), person(2)]) };
    assert_eq!(steps(&plan(&facts, &defaults(), MONDAY, &[]), Kind::Goal), "11-30:1 12-07:2");
    log(&mut facts, PersonId(1), MONDAY, Direction::Both);
    log(&mut facts, PersonId(2), MONDAY, Direction::Outbound);
    let made = plan(&facts, &defaults(), MONDAY, &[]);
    assert_eq!(shown(&made), ["2026-12-14 1 goal 3 1", "2026-12-14 2 second-try 2026-11-30"]);
}

#[test]
fn steps_take_half_of_a_week_at_most() {
    let mut many = goal(1..=60);
    (many.number, many.until) = (60, MONDAY.saturating_add(jiff::Span::new().days(6)));
    let family = (101..=160).map(|id| tied(id, "family", "2025-01-01 both"));
    let facts = Facts { goals: vec![many], ..facts((1..=60).map(person).chain(family)) };
    let made = plan(&facts, &defaults(), MONDAY, &[]);
    assert_eq!(steps(&made, Kind::Goal).split(' ').count(), 5, "{}", days(&made));
}

#[test]
fn an_occasion_greets_the_dormant_and_ends_a_rest() {
    let rests = "2026-01-01 both, 2026-07-01 out, 2026-07-20 out, 2026-09-20 out";
    let people = [
        tied(1, "colleagues", "2025-01-01 both"),
        tied(2, "colleagues", "2026-11-20 both"),
        tied(3, "colleagues", "2025-01-01 both, 2026-11-20 out"),
        tied(4, "colleagues", rests),
        person(5),
    ];
    let facts = Facts { occasions: vec![new_year(Greeted::Dormant)], ..facts(people) };
    let made = plan(&facts, &defaults(), MONDAY, &[]);
    // Whose turn comes long before it is not kept waiting for it.
    assert_eq!(steps(&made, Kind::Rekindle), "11-30:1");
    assert_eq!(steps(&made, Kind::Occasion), "12-31:4");
    let first = made.follow_ups.iter().find(|f| f.key.kind == Kind::Occasion).unwrap();
    assert_eq!((first.key.cycle.as_str(), first.what.as_deref()), ("5 2027", Some("New Year")));
    assert!(
        first.reason.starts_with("New Year (1 January 2027) is an occasion to say hello."),
        "{}",
        first.reason
    );
    let all = Facts { occasions: vec![new_year(Greeted::New)], ..facts };
    assert_eq!(steps(&plan(&all, &defaults(), MONDAY, &[]), Kind::Occasion), "01-01:5");
}

/// Only a hello of its own named it: neither a second try, nor a promise, nor what was planned before it was noted.
#[test]
fn an_occasion_is_named_in_whatever_is_planned_in_its_days() {
    let today = on("2026-12-20");
    let promise = Intention {
        id: 7,
        person: PersonId(2),
        aim: Aim::Promise,
        what: "the list".to_owned(),
        by: Some(on("2026-12-30")),
        entered: today,
        ended: None,
    };
    let people = [
        tied(1, "colleagues", "2025-01-01 both, 2026-12-16 out"),
        tied(2, "colleagues", "2025-01-01 both"),
        tied(3, "friends", "2026-10-29 both"),
        tied(4, "friends", "2026-10-29 both, 2026-12-16 out"),
    ];
    let before = Facts { intentions: vec![promise], ..facts(people) };
    let rows = published(&plan(&before, &defaults(), today, &[]));
    let named = |people| {
        let facts = Facts { occasions: vec![new_year(people)], ..before.clone() };
        let made = plan(&facts, &defaults(), today, &rows);
        invariants::stands(&facts, &defaults(), today, &rows, &made);
        let said = "New Year (1 January 2027) is an occasion to say hello.";
        for f in &made.follow_ups {
            assert_eq!(f.reason.matches(said).count(), usize::from(f.occasion.is_some()), "{f:?}");
        }
        let named = made.follow_ups.iter().filter(|f| f.occasion.is_some());
        named.map(|f| format!("{} {} {}", f.day, f.key.person, f.key.kind)).collect::<Vec<_>>()
    };
    let dormant = ["2026-12-30 2 promise", "2026-12-30 1 second-try"];
    assert_eq!(named(Greeted::Dormant), dormant, "whom it is for");
    let all = named(Greeted::All);
    assert!(all.contains(&"2026-12-30 4 second-try".to_owned()), "{all:?}");
    assert!(all.iter().any(|line| line.contains(" 3 ")), "{all:?}");
}

#[test]
fn a_thank_you_is_no_step_towards_a_goal_of_talks() {
    let met = Interaction { day: MONDAY, how: How::Met, fresh: true, gift: false };
    let anna = Person { interactions: vec![met], ..tied(1, "friends", "") };
    let facts = Facts { goals: vec![goal(1..=1)], ..facts([anna]) };
    let made = plan(&facts, &defaults(), MONDAY, &[]);
    let first = &made.follow_ups[0];
    assert_eq!(
        (first.key.kind, first.reason.as_str()),
        (Kind::ThankYou, "You met on 30 November 2026: a short thank-you.")
    );
}

/// The step that comes again has the key of the one that was tried, which seemed never to have been done.
#[test]
fn a_step_that_was_tried_used_up_a_place_though_it_comes_again() {
    let mut settings = defaults();
    settings.feed.ahead = 4;
    (settings.budget.per_week, settings.budget.shared) = (2, 0.0);
    let mut facts = Facts { goals: vec![goal(1..=1)], ..facts([tied(1, "friends", "")]) };
    let made = plan(&facts, &settings, MONDAY, &[]);
    assert_eq!(steps(&made, Kind::Goal), "11-30:1");
    log(&mut facts, PersonId(1), MONDAY, Direction::Outbound);
    let rows = published(&made);
    let rows = publish(&rows, &plan(&facts, &settings, MONDAY, &rows));
    log(&mut facts, PersonId(1), on("2026-12-01"), Direction::Inbound);
    facts.people.extend([2, 3].map(|id| tied(id, "family", "2026-11-01 both")));
    let after = plan(&facts, &settings, on("2026-12-02"), &rows);
    assert_eq!(days(&after), "12-02:2", "one of the week's two places is left");
}

/// Where everybody is greeted it was asked for again after each answer.
#[test]
fn who_was_greeted_on_an_occasion_is_not_greeted_again() {
    let today = on("2026-12-31");
    for (happened, greeted) in [
        ("2026-11-01 both", true),
        ("2026-11-01 both, 2026-12-16 in", true),
        // Two weeks after a contact, whoever began it, its days are over.
        ("2026-11-01 both, 2026-12-30 in", false),
        ("2026-11-01 both, 2026-12-26 both", false),
        ("2026-11-01 both, 2026-12-27 both", false),
        ("2026-11-01 both, 2026-12-28 out, 2026-12-29 in", false),
        ("2026-11-01 both, 2026-12-30 met", false),
    ] {
        let people = [tied(5, "friends", happened)];
        let facts = Facts { occasions: vec![new_year(Greeted::All)], ..facts(people) };
        let made = plan(&facts, &defaults(), today, &[]);
        assert_eq!(!steps(&made, Kind::Occasion).is_empty(), greeted, "{happened}: {made:#?}");
    }
}

#[test]
fn an_occasion_greets_no_more_than_its_days_have_places_for() {
    // Family take every place until then.
    let family = (101..=500).map(|id| tied(id, "family", "2026-11-06 both"));
    let people = (1..=90).map(|id| tied(id, "colleagues", "2025-01-01 both"));
    let facts = Facts { occasions: vec![new_year(Greeted::Dormant)], ..facts(people.chain(family)) };
    let mut settings = defaults();
    settings.budget.shared = 0.0;
    let made = plan(&facts, &settings, MONDAY, &[]);
    let greeted = steps(&made, Kind::Occasion);
    assert!((5..=8).contains(&greeted.split(' ').count()), "{greeted}");
    assert!(outreaches(&made).any(|f| f.key.kind == Kind::KeepInTouch), "the others have their turn");
}

#[test]
fn other_days_of_theirs_are_dates() {
    let mut anna = tied(1, "friends", "2026-11-20 both");
    anna.dates = vec![
        ("wedding".to_owned(), "2016-12-05".parse().unwrap()),
        ("first day".to_owned(), "2026-12-07".parse().unwrap()),
        ("name day".to_owned(), "--12-26".parse().unwrap()),
    ];
    let made = plan(&facts([anna.clone()]), &defaults(), MONDAY, &[]);
    assert_eq!(
        shown(&made),
        [
            "2026-12-05 1 date 2026 wedding",
            "2026-12-26 1 date 2026 name day",
            "2027-01-20 1 keep-in-touch 2026-11-20"
        ]
    );
    assert_eq!(made.follow_ups[0].reason, "Each year on this day: wedding (10 years), 5 December 2026.");
    anna.comfort = Comfort::Never;
    assert_eq!(plan(&facts([anna]), &defaults(), MONDAY, &[]), Plan::default());
}

#[test]
fn few_deep_talks_bring_newcomers_in_slowly_and_many_light_ones_share_more() {
    let family = (101..=140).map(|id| tied(id, "family", "2026-08-01 both"));
    let all = facts((1..=40).map(person).chain(family));
    let newcomers = |temperament| {
        let mut settings = defaults();
        settings.profile.temperament = temperament;
        settings.feed.ahead = 27;
        let made = plan(&all, &settings, MONDAY, &[]);
        outreaches(&made).filter(|f| f.due.is_none()).count()
    };
    assert_eq!([Temperament::Any, Temperament::Deep, Temperament::Light].map(newcomers), [8, 8, 16]);
    let alone = facts((1..=40).map(person));
    let newcomers = |temperament| {
        let mut settings = defaults();
        settings.profile.temperament = temperament;
        settings.feed.ahead = 27;
        outreaches(&plan(&alone, &settings, MONDAY, &[])).count()
    };
    assert_eq!([Temperament::Any, Temperament::Deep].map(newcomers), [40, 8]);
}

#[test]
fn a_goal_puts_nobody_off_and_brings_forward_who_gets_no_turn() {
    // Two steps, on the first day and in the middle of the time: 4 January.
    let two = Goal { number: 2, counts: Counts::People, ..goal(1..=2) };
    let due = |id| tied(id, "friends", "2026-09-28 both");
    let facts_of = |people: Vec<Person>| Facts { goals: vec![two.clone()], ..facts(people) };
    let made = plan(&facts_of(vec![due(1), due(2)]), &defaults(), MONDAY, &[]);
    assert_eq!(shown(&made), ["2026-11-30 1 goal 3 0", "2026-11-30 2 keep-in-touch 2026-09-28"]);
    let reason = &made.follow_ups[1].reason;
    assert!(reason.contains("A step towards your goal (by 7 February 2027): 10 conversations."), "{reason}");
    assert_eq!(made.follow_ups[1].what, None);

    let mut settings = defaults();
    settings.budget.shared = 0.0;
    let family = (101..=500).map(|id| tied(id, "family", "2026-10-20 both"));
    let crowd = facts_of([due(1), due(2)].into_iter().chain(family).collect());
    let made = plan(&crowd, &settings, MONDAY, &[]);
    assert_eq!(steps(&made, Kind::Goal), "11-30:1 01-04:2");
    invariants::hold(&crowd, &settings, MONDAY, &[], &made);
    invariants::stands(&crowd, &settings, MONDAY, &[], &made);
}
