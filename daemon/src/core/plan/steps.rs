//! Steps towards goals, and hellos on occasions: with whom, and from which day on.
//!
//! They are spread over the days of the goal or occasion once and for all, by who the
//! people are and never by what happened with others: so nobody's day moves when
//! somebody else was reached, and tomorrow's steps are today's.

use std::cmp::Reverse;
use std::collections::HashMap;

use jiff::Span;
use jiff::civil::Date;

use super::rules::Rules;
use super::standing::{Standing, last_contact, last_outreach};
use super::wish::{For, Wish};
use crate::core::date::number;
use crate::core::facts::{Comfort, Facts, Person, PersonId};
use crate::core::goal::{Counts, Goal, talks};
use crate::core::occasion::Occasion;
use crate::core::state::State;

/// The next step with each person, an occasion's if it comes first.
pub(super) fn all<'a>(facts: &'a Facts, rules: &Rules<'_>, today: Date) -> HashMap<PersonId, Wish<'a>> {
    let mut steps: HashMap<PersonId, Wish<'_>> = HashMap::new();
    let mut add = |person, step: Wish<'a>| {
        let known = steps.entry(person).or_insert(step);
        if (step.wanted, step.kind(), step.cycle()) < (known.wanted, known.kind(), known.cycle()) {
            *known = step;
        }
    };
    for goal in facts.goals.iter().filter(|goal| goal.ended.is_none() && goal.counts.has_steps()) {
        of_goal(goal, facts, today).into_iter().for_each(|(person, step)| add(person, step));
    }
    for occasion in &facts.occasions {
        of_occasion(occasion, facts, rules, today).into_iter().for_each(|(person, step)| add(person, step));
    }
    steps
}

/// The steps that a goal has: with each of its people in turn, those first whom
/// the user knows best; round after round where they are fewer than it counts.
/// With twice as many as it counts if there are so many, for not everybody answers.
fn of_goal<'a>(goal: &'a Goal, facts: &Facts, today: Date) -> Vec<(PersonId, Wish<'a>)> {
    if goal.among.is_everybody() {
        return Vec::new();
    }
    let is_asked =
        |person: &&Person| goal.among.people.contains(&person.id) && person.comfort.allows(goal.until);
    let mut people: Vec<&Person> = facts.people.iter().filter(is_asked).collect();
    people.sort_by_key(|person| (Reverse(person.known), person.id));
    let talked: Vec<_> =
        talks(facts, today).filter(|deed| goal.among.people.contains(&deed.person)).collect();
    if goal.reached_on(&goal.counted(talked.iter().copied())).is_some() {
        return Vec::new();
    }
    let mut times: HashMap<PersonId, Vec<Date>> = HashMap::new();
    for deed in talked.iter().filter(|deed| (goal.from..=goal.until).contains(&deed.day)) {
        let days = times.entry(deed.person).or_default();
        if !days.contains(&deed.day) {
            days.push(deed.day);
        }
    }
    let wanted = usize::try_from(goal.number).unwrap_or(usize::MAX);
    let slots = match goal.counts {
        Counts::People => people.len().min(2 * wanted),
        _ => people.len().clamp(wanted, 2 * wanted),
    };
    let days = number(goal.until) - number(goal.from) + 1;
    let steps = people.iter().enumerate().filter_map(|(rank, person)| {
        let talked = times.get(&person.id).map_or(0, Vec::len);
        if goal.counts == Counts::People && talked > 0 {
            return None;
        }
        let slot = rank + talked * people.len();
        let after =
            i64::try_from(slot).ok()?.checked_mul(days)? / i64::try_from(slots).ok().filter(|n| *n > 0)?;
        let wanted = goal.from.checked_add(Span::new().try_days(after).ok()?).ok()?;
        let step = Wish { what: For::Goal(goal, talked), wanted, until: Some(goal.until) };
        (slot < slots).then_some((person.id, step))
    });
    steps.collect()
}

/// The hellos of an occasion: as many people as its days have places for, closer
/// circles first, spread by their numbers. Who was tried and has not answered
/// waits; who rests after three tries does not, unless it was lately. Whom the user
/// reached on one of its days, or talked to, was greeted.
fn of_occasion<'a>(
    occasion: &'a Occasion,
    facts: &Facts,
    rules: &Rules<'_>,
    today: Date,
) -> Vec<(PersonId, Wish<'a>)> {
    let (first, last) = (occasion.first(), occasion.last());
    let greeted = |person: &Person| {
        let is_greeted = last_outreach(person, today) >= Some(first);
        if is_greeted || matches!(person.comfort, Comfort::Never) || !person.comfort.allows(first) {
            return None;
        }
        let circle = rules.circle(person);
        let cadence = person.cadence_within(rules.circles[circle].cadence);
        let standing = Standing::of(person, cadence, today);
        let rests = match standing {
            Standing::Waiting { .. } => return None,
            Standing::Resting { since, .. } => {
                if cadence.ideal.after(since) > first {
                    return None;
                }
                true
            }
            Standing::New | Standing::InTouch { .. } => false,
        };
        let state = State::on(occasion.day, last_contact(person, today), cadence);
        occasion.people.is(state, rests).then_some((circle, Reverse(person.known), person.id))
    };
    let mut people: Vec<_> = facts.people.iter().filter_map(greeted).collect();
    people.sort_unstable();
    people.truncate((rules.steps_a_week() * usize::from(occasion.days)).div_ceil(7));
    let day = |id: PersonId| {
        first.saturating_add(Span::new().days(id.0.rem_euclid(i64::from(occasion.days.max(1)))))
    };
    let step = |id| Wish { what: For::Occasion(occasion), wanted: day(id), until: Some(last) };
    people.into_iter().map(|(.., id)| (id, step(id))).collect()
}
