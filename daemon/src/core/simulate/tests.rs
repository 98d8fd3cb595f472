//! Days that are played.

use jiff::civil::date;

use super::*;
use crate::core::facts::Person;
use crate::core::facts::samples::tied;

const MONDAY: Date = date(2026, 11, 30);

fn facts(circles: &[&str]) -> (Facts, Vec<Habits>) {
    let person = |(circle, id): (&&str, i64)| tied(id, circle, "2026-01-04 both");
    let people: Vec<Person> = circles.iter().zip(1..).map(person).collect();
    let habits = vec![Habits { answers: 0.6, comes: 0.001, meets: 0.002 }; people.len()];
    (Facts { people, ..Facts::default() }, habits)
}

fn played(seed: u64, customs: Customs, days: u32) -> Record {
    let (facts, habits) = facts(&["family", "friends", "friends", "colleagues", "weak-ties"]);
    let settings = Settings::parse("").unwrap();
    let simulation = Simulation {
        settings: &settings,
        habits: &habits,
        customs,
        chance: Chance(seed),
        today: MONDAY,
        days,
    };
    play(facts, simulation, &mut Ours::default())
}

const ORDINARY: Customs = Customs { does: 0.9, promises: 0.3, asks: 0.1, away: None };

#[test]
fn a_seed_gives_the_same_days() {
    assert_eq!(played(1, ORDINARY, 200), played(1, ORDINARY, 200));
    assert_ne!(played(1, ORDINARY, 200), played(2, ORDINARY, 200));
}

#[test]
fn a_year_keeps_a_few_people_in_touch() {
    let mut in_touch = 0.0;
    for seed in 0..5 {
        let record = played(seed, ORDINARY, 365);
        assert_eq!((record.dormant, record.weeks.len(), record.cold_asks), (3, 53, 0));
        assert_eq!(record.rekindled, 3, "{record:?}");
        in_touch += record.in_touch(|_| true) / 5.0;
        assert!(record.kept <= record.promises && record.thanked <= record.meetings);
    }
    // Over all of them: of five people one who does not answer is much.
    assert!(in_touch > 0.6, "{in_touch}");
}

#[test]
fn who_never_had_a_turn_is_new_in_the_end() {
    let (mut facts, habits) = facts(&["family", "colleagues"]);
    facts.people.iter_mut().for_each(|person| person.interactions.clear());
    let mut settings = Settings::parse("").unwrap();
    settings.budget.per_week = 0;
    let habits: Vec<Habits> = habits.into_iter().map(|h| Habits { comes: 0.0, meets: 0.0, ..h }).collect();
    let simulation = Simulation {
        settings: &settings,
        habits: &habits,
        customs: ORDINARY,
        chance: Chance(1),
        today: MONDAY,
        days: 30,
    };
    let record = play(facts, simulation, &mut Ours::default());
    assert_eq!(record.circles.iter().map(|circle| circle.new[1]).sum::<u32>(), 2);
}

#[test]
fn who_is_away_is_asked_for_nothing() {
    let away = Some((date(2026, 12, 28), date(2027, 2, 21)));
    let record = played(1, Customs { away, ..ORDINARY }, 120);
    let asked: Vec<u32> = record.weeks.iter().map(|week| week.asked).collect();
    assert!(asked[4..12].iter().all(|&asked| asked == 0), "{asked:?}");
    assert!(asked[12] > 0, "{asked:?}");
}

#[test]
fn shared_places_stay_shared_while_the_days_are_lived() {
    let book = [
        ("family", 12),
        ("close", 18),
        ("friends", 120),
        ("colleagues", 200),
        ("weak-ties", 40),
        ("others", 20),
    ];
    let circles: Vec<&str> =
        book.iter().flat_map(|&(name, count)| std::iter::repeat_n(name, count)).collect();
    let (mut facts, habits) = facts(&circles);
    facts.people.iter_mut().rev().take(20).for_each(|person| person.interactions.clear());
    let settings = Settings::parse("").unwrap();
    for answers in [0.0, 0.5, 1.0] {
        let habits: Vec<Habits> = habits.iter().map(|_| Habits { answers, comes: 0.0, meets: 0.0 }).collect();
        let simulation = Simulation {
            settings: &settings,
            habits: &habits,
            customs: Customs { does: 1.0, promises: 0.0, asks: 0.0, away: None },
            chance: Chance(1),
            today: MONDAY,
            days: 26 * 7,
        };
        let record = play(facts.clone(), simulation, &mut Ours::default());
        let asked = |name: &str| record.circles.iter().find(|circle| circle.name == name).unwrap().asked;
        // Two places a week, in turn for these, and for colleagues in weeks in which they have no other.
        assert!(asked("weak-ties") >= 6 && asked("others") >= 12, "{answers}: {record:?}");
    }
}

#[test]
fn a_congratulation_is_counted_apart() {
    let (mut facts, _) = facts(&["family"]);
    facts.people[0].birthday = "--12-16".parse().ok();
    facts.people[0].interactions.clear();
    let mut settings = Settings::parse("").unwrap();
    settings.budget.per_week = 0;
    let simulation = Simulation {
        settings: &settings,
        habits: &[Habits { answers: 0.0, comes: 0.0, meets: 0.0 }],
        customs: Customs { does: 1.0, promises: 0.0, asks: 0.0, away: None },
        chance: Chance(1),
        today: MONDAY,
        days: 28,
    };
    let record = play(facts, simulation, &mut Ours::default());
    let congratulated: Vec<u32> = record.weeks.iter().map(|week| week.congratulated).collect();
    assert_eq!(congratulated, [0, 0, 1, 0]);
    assert_eq!((record.done, record.circles[0].new[1]), (0, 1));
}

#[test]
fn a_week_is_counted_as_the_budget_counts_it() {
    let (facts, _) = facts(&["friends"; 60]);
    // Nobody is met: thanks are owed whatever the budget.
    let habits = vec![Habits { answers: 0.5, comes: 0.0, meets: 0.0 }; facts.people.len()];
    let mut settings = Settings::parse("").unwrap();
    (settings.budget.per_day, settings.budget.per_week) = (2, 4);
    let customs = Customs { does: 1.0, promises: 0.0, asks: 0.0, away: None };
    for day in MONDAY.series(jiff::Span::new().days(1)).take(7) {
        let simulation = Simulation {
            settings: &settings,
            habits: &habits,
            customs,
            chance: Chance(1),
            today: day,
            days: 28,
        };
        let record = play(facts.clone(), simulation, &mut Ours::default());
        assert!(record.weeks.iter().all(|week| week.asked <= 4), "from {day}: {:?}", record.weeks);
        assert_eq!(record.weeks.iter().map(|week| week.days).sum::<u32>(), 28, "from {day}");
        let (first, rest) = record.weeks.split_first().unwrap();
        assert!(
            first.from == day && rest.iter().all(|week| week.from.weekday() == MONDAY.weekday()),
            "from {day}"
        );
    }
}
