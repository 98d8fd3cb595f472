//! First hellos to people just met: soon, and within the budget.

use super::*;
use std::collections::BTreeMap;

fn met(id: i64) -> Person {
    let interactions = vec![Interaction { day: MONDAY, how: How::Met, fresh: true, gift: false }];
    Person { interactions, ..person(id) }
}

/// How many first hellos there are on each day.
fn hellos(plan: &Plan) -> BTreeMap<String, usize> {
    let mut days = BTreeMap::new();
    for f in plan.follow_ups.iter().filter(|f| f.key.kind == Kind::FirstHello) {
        *days.entry(f.day.to_string()).or_default() += 1;
    }
    days
}

#[test]
fn many_hellos_are_spread_and_so_are_those_that_were_missed() {
    let facts = facts((1..=25).map(met));
    let mut rows = Vec::new();
    for today in ["2026-11-30", "2026-12-04", "2026-12-08"] {
        let made = plan(&facts, &defaults(), on(today), &rows);
        let days = hellos(&made);
        assert_eq!(days.values().sum::<usize>(), 25, "{today}: {days:?}");
        assert!(days.values().all(|&count| count <= 3), "{today}: {days:?}");
        invariants::hold(&facts, &defaults(), on(today), &rows, &made);
        rows = publish(&rows, &made);
    }
}

#[test]
fn a_hello_comes_within_two_days_though_the_week_is_full() {
    let mut settings = defaults();
    settings.budget.per_week = 5;
    let mut facts = facts((2..30).map(|id| tied(id, "family", "2026-01-01 both")));
    let full = plan(&facts, &settings, MONDAY, &[]);
    facts.people.push(met(1));
    let made = plan(&facts, &settings, MONDAY, &published(&full));
    assert_eq!(hellos(&made).into_iter().collect::<Vec<_>>(), [("2026-12-01".to_owned(), 1)]);
    invariants::hold(&facts, &settings, MONDAY, &published(&full), &made);
}

#[test]
fn after_four_weeks_it_is_no_first_hello_any_more() {
    let late = plan(&facts([met(1)]), &defaults(), on("2026-12-29"), &[]);
    assert_eq!(hellos(&late), BTreeMap::new());
}

/// On a Saturday it was wanted from Sunday on: Monday is full of what is meant to be done, and Tuesday of ordinary turns.
#[test]
fn a_hello_waits_no_longer_for_a_weekend() {
    let ask = |id: i64| Intention {
        id,
        person: PersonId(id),
        aim: Aim::Ask,
        what: "advice".to_owned(),
        by: None,
        entered: on("2026-11-01"),
        ended: None,
    };
    let mut facts = facts((2..=8).map(|id| tied(id, "family", "2026-11-10 both")));
    facts.intentions = (2..=4).map(ask).collect();
    let (saturday, mut settings) = (on("2026-11-28"), defaults());
    settings.budget.per_week = 15;
    let full = plan(&facts, &settings, saturday, &[]);
    let mut newcomer = met(1);
    newcomer.interactions[0].day = saturday;
    facts.people.push(newcomer);
    let made = plan(&facts, &settings, saturday, &published(&full));
    assert_eq!(
        hellos(&made).into_iter().collect::<Vec<_>>(),
        [("2026-12-01".to_owned(), 1)],
        "{}",
        days(&full)
    );
}
