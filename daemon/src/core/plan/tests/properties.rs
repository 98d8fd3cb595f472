//! Invariants over random facts.

use proptest::prelude::*;

use super::life::{
    Chance, calendar, goals, intentions, introductions, live, occasion, pauses, people, settings,
};
use super::*;

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_fresh_plan_holds_and_stands(seed: u64, count in 1..60_u64, offset in 0..1500_i64) {
        let (facts, settings, today) = world(seed, count, offset);
        holds_and_stands(&facts, &settings, today);
    }

    #[test]
    fn a_plan_after_gifts_holds_and_stands(seed: u64, count in 1..60_u64, offset in 0..1500_i64) {
        let (facts, settings, today) = world_of_gifts(seed, count, offset);
        holds_and_stands(&facts, &settings, today);
    }

    #[test]
    fn what_is_published_can_be_anything(seed: u64, count in 1..20_u64) {
        let chance = &mut Chance(seed);
        let facts = facts(people(chance, count, MONDAY));
        let mut rows = published(&plan(&facts, &settings(chance), MONDAY, &[]));
        for row in &mut rows {
            match chance.below(6) {
                0 => row.day = date(9999, 12, 31),
                1 => row.day = date(-9999, 1, 1),
                2 => row.settled = Some(MONDAY),
                3 => row.key.person = PersonId(-7),
                4 => row.circle = "elsewhere".to_owned(),
                _ => row.key.cycle = "rubbish".to_owned(),
            }
        }
        rows.extend(rows.clone());
        let settings = settings(chance);
        for today in [MONDAY, Date::MIN, Date::MAX] {
            let made = plan(&facts, &settings, today, &rows);
            invariants::hold(&facts, &settings, today, &[], &made);
        }
    }
}

/// On a day that a wedding or birthday is celebrated on, nothing is asked for: an ask waits, and others go ahead.
#[test]
fn nobody_comes_first_by_their_place_in_the_facts() {
    // Two are owed at the same time on waking; two general pauses overlap.
    for (seed, count, offset) in [(11992751182973762709, 49, 0), (17300170003698206993, 49, 1368)] {
        let (facts, settings, today) = world(seed, count, offset);
        holds_and_stands(&facts, &settings, today);
    }
}

#[test]
fn who_waits_with_an_ask_for_a_celebration_is_not_passed_over() {
    let (facts, settings, today) = world(2275770777726627027, 7, 282);
    holds_and_stands(&facts, &settings, today);
}

/// A wedding on a Saturday and a birthday on the Monday after it: that one was passed over where it was
/// looked for from before the wedding on.
#[test]
fn of_two_celebrations_the_one_that_can_be_planned_is_not_passed_over() {
    let (facts, settings, today) = world_of_gifts(17929457241613550395, 51, 980);
    holds_and_stands(&facts, &settings, today);
}

/// Whoever owed something for which no place was left before a new turn of theirs was not counted as waiting.
#[test]
fn who_is_wanted_for_what_comes_later_is_not_passed_over() {
    let (facts, settings, today) = world_of_gifts(18145675139073408528, 15, 198);
    holds_and_stands(&facts, &settings, today);
}

/// The same as [`world`], where a third of all that happened gave or brought something.
fn world_of_gifts(seed: u64, count: u64, offset: i64) -> (Facts, Settings, Date) {
    let (mut facts, settings, today) = world(seed, count, offset);
    let all = facts.people.iter_mut().flat_map(|person| &mut person.interactions);
    all.for_each(|interaction| interaction.gift = interaction.day.day() % 3 == 0);
    (facts, settings, today)
}

/// Random facts about so many people, on a day so long after [`MONDAY`].
fn world(seed: u64, count: u64, offset: i64) -> (Facts, Settings, Date) {
    let chance = &mut Chance(seed);
    let today = MONDAY.saturating_add(jiff::Span::new().days(offset));
    let mut facts = facts(people(chance, count, today));
    facts.pauses = pauses(chance, today);
    facts.intentions = intentions(chance, count, count / 3, today);
    facts.days = calendar(chance, today);
    facts.introductions = introductions(chance, count, count / 5, today);
    facts.goals = goals(chance, count, count % 3, today);
    facts.occasions = occasion(chance, today).into_iter().collect();
    let settings = settings(chance);
    (facts, settings, today)
}

/// Checks what holds of a plan that is made from nothing.
fn holds_and_stands(facts: &Facts, settings: &Settings, today: Date) {
    let fresh = plan(facts, settings, today, &[]);
    invariants::hold(facts, settings, today, &[], &fresh);
    invariants::stands(facts, settings, today, &[], &fresh);
    invariants::mixed(facts, settings, today, &fresh);
    invariants::fair(facts, settings, today, &fresh);
    invariants::ordered(facts, settings, today, &fresh);
}

#[test]
fn years_of_days_hold() {
    for seed in 0..6 {
        let chance = &mut Chance(seed);
        let facts = facts(people(chance, 45, MONDAY));
        let mut settings = settings(chance);
        settings.feed.ahead = settings.feed.ahead.min(33);
        live(chance, facts, settings, MONDAY, 170);
    }
}

#[test]
fn nobody_rests_for_ever_and_newcomers_get_their_turn() {
    let chance = &mut Chance(7);
    let before = facts(people(chance, 40, MONDAY));
    let mut settings = defaults();
    settings.feed.ahead = 20;
    let after = live(chance, before.clone(), settings, MONDAY, 1000);
    for (before, after) in before.people.iter().zip(&after.people) {
        let since = after.interactions.iter().filter(|i| i.day >= MONDAY).count();
        assert!(since > 1 || after.comfort == Comfort::Never, "{before:?} had {since} contacts in 1000 days");
    }
}

#[test]
fn every_circle_is_reached_in_its_turn() {
    // 400 of the family are due: closer than all, they would take every place for 40 weeks.
    for (friends, colleagues, new) in [(5, 0, 0), (5, 5, 0), (6, 3, 4), (0, 0, 8), (1, 12, 2)] {
        let mut all: Vec<Person> = (0..400).map(|id| tied(id, "family", "2025-01-01 both")).collect();
        all.extend((0..friends).map(|id| tied(1000 + id, "friends", "2025-01-01 both")));
        all.extend((0..colleagues).map(|id| tied(2000 + id, "colleagues", "2025-01-01 both")));
        all.extend((0..new).map(|id| person(3000 + id)));
        let mut settings = defaults();
        settings.feed.ahead = 365;
        let made = plan(&facts(all), &settings, MONDAY, &[]);
        let waiting = [friends, colleagues, new].into_iter().filter(|&count| count > 0).count();
        for (count, ids) in [(friends, 1000..2000), (colleagues, 2000..3000), (new, 3000..4000)] {
            let mine: Vec<Date> =
                outreaches(&made).filter(|f| ids.contains(&f.key.person.0)).map(|f| f.day).collect();
            assert_eq!(mine.len(), usize::try_from(count).unwrap());
            // Two shared places a week, taken in turn by the circles that are left out.
            let weeks = (mine.len() * waiting).div_ceil(2);
            let reached = mine.last().map_or(0, |&day| (number(day) - number(MONDAY)) / 7 + 1);
            assert!(
                usize::try_from(reached).unwrap() <= weeks,
                "{count} reached in week {reached} of {weeks}: {}",
                days(&made)
            );
        }
    }
}
