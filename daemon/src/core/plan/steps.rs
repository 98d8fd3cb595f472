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

/// What goals and occasions ask for.
#[derive(Debug, Clone, Default)]
pub(super) struct Steps<'a> {
    /// The next step with each person, an occasion's if it comes first.
    pub(super) next: HashMap<PersonId, Wish<'a>>,
    /// The occasions that are for somebody, whatever they are reached for in their days.
    pub(super) occasions: HashMap<PersonId, Vec<&'a Occasion>>,
}

/// All steps.
pub(super) fn all<'a>(facts: &'a Facts, rules: &Rules<'_>, today: Date) -> Steps<'a> {
    let mut steps = Steps::default();
    let mut add = |person, step: Wish<'a>| {
        let known = steps.next.entry(person).or_insert(step);
        if (step.wanted, step.kind(), step.cycle()) < (known.wanted, known.kind(), known.cycle()) {
            *known = step;
        }
    };
    for goal in facts.goals.iter().filter(|goal| goal.ended.is_none() && goal.counts.has_steps()) {
        of_goal(goal, facts, today).into_iter().for_each(|(person, step)| add(person, step));
    }
    for occasion in &facts.occasions {
        let people = greeted(occasion, facts, rules, today);
        hellos(occasion, &people, rules).for_each(|(person, step)| add(person, step));
        for one in people {
            steps.occasions.entry(one.id).or_default().push(occasion);
        }
    }
    // Their order in the facts says nothing.
    steps.occasions.values_mut().for_each(|all| all.sort_by_key(|occasion| (occasion.day, occasion.id)));
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
        let step = Wish { what: For::Goal(goal, talked), wanted, until: Some(goal.until), along: None };
        (slot < slots).then_some((person.id, step))
    });
    steps.collect()
}

/// Somebody whom an occasion is for.
struct Greeted {
    id: PersonId,
    /// The order in which they are greeted.
    rank: (usize, Reverse<u32>, PersonId),
    /// Whether it is an occasion to bring them forward: who was tried and has not answered waits;
    /// who rests after three tries does not, unless it was lately.
    is_free: bool,
}

/// Those whom an occasion is for. Whom the user reached on one of its days, or talked to, was greeted.
fn greeted(occasion: &Occasion, facts: &Facts, rules: &Rules<'_>, today: Date) -> Vec<Greeted> {
    let first = occasion.first();
    let greeted = |person: &Person| {
        let is_greeted = last_outreach(person, today) >= Some(first);
        if is_greeted || matches!(person.comfort, Comfort::Never) || !person.comfort.allows(first) {
            return None;
        }
        let circle = rules.circle(person);
        let cadence = person.cadence_within(rules.circles[circle].cadence);
        let (rests, is_free) = match Standing::of(person, cadence, today) {
            Standing::Waiting { .. } => (false, false),
            Standing::Resting { since, .. } => (true, cadence.ideal.after(since) <= first),
            Standing::New | Standing::InTouch { .. } | Standing::Thought { .. } => (false, true),
        };
        let state = State::on(occasion.day, last_contact(person, today), cadence);
        let rank = (circle, Reverse(person.known), person.id);
        occasion.people.is(state, rests).then_some(Greeted { id: person.id, rank, is_free })
    };
    facts.people.iter().filter_map(greeted).collect()
}

/// The hellos of an occasion: as many people as its days have places for, closer
/// circles first, spread by their numbers.
fn hellos<'a>(
    occasion: &'a Occasion,
    people: &[Greeted],
    rules: &Rules<'_>,
) -> impl Iterator<Item = (PersonId, Wish<'a>)> {
    let (first, last) = (occasion.first(), occasion.last());
    let mut free: Vec<_> = people.iter().filter(|one| one.is_free).map(|one| one.rank).collect();
    free.sort_unstable();
    free.truncate((rules.steps_a_week() * usize::from(occasion.days)).div_ceil(7));
    free.into_iter().map(move |(.., id)| {
        let after = id.0.rem_euclid(i64::from(occasion.days.max(1)));
        let wanted = first.saturating_add(Span::new().days(after));
        (id, Wish { what: For::Occasion(occasion), wanted, until: Some(last), along: None })
    })
}
