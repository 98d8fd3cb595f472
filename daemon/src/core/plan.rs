//! The plan: whom to reach out to on which of the coming days, and why.
//!
//! [`plan`] is a pure function of the facts, the settings, the day, and what
//! was published before. It works in steps, a module each:
//!
//! 1. `candidate`: the outreach that a person may be planned for, and on
//!    which days it is wanted. Nobody else matters here. It springs from how
//!    things stand with them (`standing`) and from what the user means to do
//!    (`wish`). What is `owed` has its day, and its place is kept for it before
//!    anybody else gets one; what was slept through comes at once (`waking`).
//! 2. `history`: what was published and still stands stays on its day; what
//!    a contact settled uses up its place; what was missed, or may not stay,
//!    moves on to a later day (`agenda`).
//! 3. `fill`: free places of the `schedule` go to the most urgent, who may
//!    take the place of others: what the user means to do, then whoever has
//!    waited longest for their own interval, weighed by how close they are; a
//!    share of each week is for circles that would get none; what nobody needs
//!    goes to people never spoken to.
//! 4. Birthdays and other days that come each year join (`celebration`), and
//!    every follow-up gets its `reason`.
//!
//! With no new fact, tomorrow's plan is today's and the window's new last day:
//! step 2 keeps every follow-up on its day, and step 3 goes on until nothing
//! would change, looking at no day beyond the one it fills except for how many
//! are due by then.

mod agenda;
mod candidate;
mod celebration;
mod fill;
mod history;
mod means;
mod order;
mod owed;
mod pace;
mod reason;
mod rules;
mod rungs;
mod schedule;
mod shortfall;
mod standing;
mod steps;
mod terms;
#[cfg(test)]
mod tests;
mod waking;
mod why;
mod wish;

use jiff::civil::Date;

use self::agenda::Agenda;
use self::candidate::Candidate;
use self::celebration::Celebration;
use self::history::History;
pub use self::means::Obstacle;
use self::owed::{Owed, Owing};
use self::rules::{Class, Rules};
use self::schedule::Schedule;
pub use self::shortfall::{Shortfall, shortfall};
pub(crate) use self::standing::last_contact;
pub use self::terms::Terms;
pub use self::why::{Point, why};
use super::date::number;
use super::facts::{Facts, Pause, Person, PersonId};
use super::follow_up::{FollowUp, Key, Published};
use super::intention::{Aim, Intention};
use super::pause::back_on;
use super::settings::Settings;

/// What is planned, and what is done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Plan {
    /// From today to the window's last day, by day; on a day closer circles
    /// first, newcomers after them, birthdays last.
    pub follow_ups: Vec<FollowUp>,
    /// Open published outreaches that a contact settled, with its day, by
    /// person. What was published, is not planned any more and is not among
    /// these either, was overtaken by a fact: it just goes.
    pub settled: Vec<(Key, Date)>,
    /// Those of today that the user put off, with today's day and as settled: they used up their
    /// places, so that nobody else is asked for instead. What was put off comes again on its own row.
    pub put_off: Vec<Published>,
    /// Whom to congratulate on which day of the window the plan leaves to the calendar of birthdays, as that
    /// day has as many as the user can be asked for; by day.
    pub left_to_calendar: Vec<(Date, PersonId)>,
}

/// Plans from `today` on for the days that `settings` look ahead.
///
/// `published` is what was published before, as far as it is to be continued
/// ([`Terms::continued`]): every open follow-up, and at least those settled
/// ones that were planned for a day of the current week or later, since they
/// use up their places. A follow-up of the plan with the key of a settled one
/// means that the contact was taken back.
#[must_use]
pub fn plan(facts: &Facts, settings: &Settings, today: Date, published: &[Published]) -> Plan {
    let rules = Rules::new(facts, settings, today);
    let mut history = History::new(published);
    let mut candidates = Vec::with_capacity(facts.people.len());
    for person in &facts.people {
        let candidate = Candidate::of(person, &rules, today);
        history.meet(
            person,
            candidate.as_ref().map(|candidate| (candidates.len(), candidate)),
            &rules,
            today,
        );
        candidates.extend(candidate);
    }
    waking::wake(&mut candidates, published, &rules, today);
    let put_off = history.put_off(&candidates, today);
    let mut schedule = Schedule::new(&rules, today, settings.feed.ahead);
    history.spend(&mut schedule, &rules);
    for candidate in &candidates {
        if let Some(at) = candidate.owed.first().and_then(|owed| schedule.index(number(owed.day))) {
            schedule.spend(at, Class::Circle(candidate.circle), false, false);
        }
    }
    let mut settled = std::mem::take(&mut history.settled);
    settled.sort_unstable();
    let served = history.served(&rules, today);
    let mut agenda = Agenda::new(&rules, candidates, schedule);
    history.keep(&mut agenda, today);
    fill::fill(&mut agenda, &served);
    let (follow_ups, left_to_calendar) = follow_ups(&agenda);
    Plan { follow_ups, settled, put_off, left_to_calendar }
}

/// From which day on an outreach to each person is wanted, whatever the budget
/// allows: no [`plan`] of these facts has it earlier.
pub struct Dues<'a> {
    rules: Rules<'a>,
    pauses: &'a [Pause],
    today: Date,
}

impl<'a> Dues<'a> {
    /// As seen on the day `today`.
    #[must_use]
    pub fn new(facts: &'a Facts, settings: &'a Settings, today: Date) -> Self {
        Self { rules: Rules::new(facts, settings, today), pauses: &facts.pauses, today }
    }

    /// The first day on which an outreach to `person` is wanted, or a promise to
    /// them is to be kept; if it has passed, that since which it is. Whoever is left
    /// alone on it, or today, is wanted from the day on which they come back. None for those never
    /// spoken to, and those never to be planned.
    #[must_use]
    pub fn of(&self, person: &Person) -> Option<Date> {
        let candidate = Candidate::of(person, &self.rules, self.today)?;
        let wanted = candidate.wanted();
        let due = wanted.due?;
        let from = due.max(self.today);
        let own = |pause: &&Pause| pause.person.is_none_or(|id| id == person.id);
        let heeded = |pause: &&Pause| wanted.heeds(pause);
        let pauses: Vec<Pause> = self.pauses.iter().filter(own).filter(heeded).copied().collect();
        let back = back_on(&pauses, person.id, from);
        let wanted = back.map(|back| if back == from { due } else { back });
        // A promise is kept whatever the pause.
        let promised = candidate.owed.iter().find(|owed| matches!(owed.what, Owing::Promise(_)));
        wanted.into_iter().chain(promised.map(|owed| owed.day)).min()
    }

    /// Whether the user has reached out to `person` and waits for an answer.
    #[must_use]
    pub fn awaits_answer(&self, person: &Person) -> bool {
        Candidate::of(person, &self.rules, self.today).is_some_and(|candidate| candidate.is_waiting())
    }

    /// Whether a planned outreach to `person` serves what was noted under that
    /// number (of [`crate::core::intention::Intention`]): on its own, or with something else.
    #[must_use]
    pub fn serves(&self, person: &Person, planned: &FollowUp, noted: i64) -> bool {
        Candidate::of(person, &self.rules, self.today)
            .is_some_and(|candidate| candidate.on(number(planned.day)).serves(planned, noted))
    }

    /// What keeps something that the user means to do with `person` from being planned; none if nothing
    /// does, or it is owed.
    #[must_use]
    pub fn obstacle(&self, person: &Person, plan: &Plan, noted: &Intention) -> Option<Obstacle> {
        let candidate = Candidate::of(person, &self.rules, self.today)?;
        means::obstacle(&candidate, &self.rules, plan, noted, self.today)
            .filter(|_| noted.aim != Aim::Promise)
    }

    /// The pause that something promised waits for on the day that it was promised for.
    #[must_use]
    pub fn waits_for(&self, promise: &Intention) -> Option<&Pause> {
        self.rules.waits_for(promise, promise.by?)
    }

    /// What the user means to do with `person` by a day until which `plan` has no room for it,
    /// though there are days left.
    #[must_use]
    pub fn without_room(&self, person: &'a Person, plan: &Plan) -> Vec<&'a Intention> {
        let Some(candidate) = Candidate::of(person, &self.rules, self.today) else { return Vec::new() };
        let obstacle = |noted| means::obstacle(&candidate, &self.rules, plan, noted, self.today);
        let noted = self.rules.intentions(person.id).iter().copied();
        noted.filter(|noted| matches!(obstacle(noted), Some(Obstacle::NoPlace(_)))).collect()
    }

    /// What the user promised `person`, each with the day that it is planned for.
    #[must_use]
    pub fn promises(&self, person: &'a Person) -> Vec<(&'a Intention, Date)> {
        let cadence = person.cadence_within(self.rules.circles[self.rules.circle(person)].cadence);
        let owed = Owed::all(person, &self.rules, cadence, self.today, self.today);
        let promise = |owed: Owed<'a>| match owed.what {
            Owing::Promise(promise) => Some((promise, owed.day)),
            Owing::Step(_) | Owing::Thanks(_) => None,
        };
        owed.into_iter().filter_map(promise).collect()
    }
}

/// What is on the agenda, with birthdays, in order; and the celebrations that are left to their calendar.
fn follow_ups(agenda: &Agenda<'_>) -> (Vec<FollowUp>, Vec<(Date, PersonId)>) {
    let mut found: Vec<(Option<Class>, FollowUp)> = Vec::new();
    let days = &agenda.schedule.days;
    let entries = days.iter().flat_map(|day| day.entries.iter().zip(std::iter::repeat(day.date)));
    for (entry, day) in entries {
        let Some(day) = day else { continue };
        let candidate = agenda.candidates[entry.who].on(number(day));
        let key = candidate.key(day);
        let follow_up = FollowUp {
            what: candidate.words(key.kind).map(str::to_owned),
            key,
            day,
            due: candidate.due,
            circle: agenda.rules.circles[candidate.circle].name.to_owned(),
            shared: entry.shared,
            with: Vec::new(),
            occasion: candidate.occasion_on(day, agenda.rules).cloned(),
            reason: reason::outreach(candidate, agenda.rules, day),
        };
        found.push((Some(entry.class), follow_up));
    }
    let mut celebrations: Vec<Celebration<'_>> = Vec::new();
    for (who, candidate) in agenda.candidates.iter().enumerate() {
        let planned = agenda.day[who].and_then(|at| days[at].date);
        let owed = candidate.owed.first().filter(|owed| planned.is_none() && agenda.is_shown(owed.day));
        let circle = agenda.rules.circles[candidate.circle].name;
        found.extend(owed.map(|owed| {
            let candidate = candidate.on(number(owed.day));
            let follow_up = FollowUp {
                key: Key { person: candidate.person.id, kind: owed.kind(), cycle: owed.cycle() },
                day: owed.day,
                due: Some(owed.due),
                circle: circle.to_owned(),
                shared: false,
                what: owed.what(),
                with: candidate.promised_with(owed),
                occasion: candidate.occasion_on(owed.day, agenda.rules).cloned(),
                reason: reason::owed(candidate, agenda.rules),
            };
            (Some(Class::Wished), follow_up)
        }));
        let outreach = planned.or(owed.map(|owed| owed.day));
        celebrations.extend(celebration::in_window(who, agenda).filter(|on| Some(on.day) != outreach));
    }
    let (closest, left) = celebration::closest(celebrations, agenda);
    found.extend(closest.into_iter().map(|celebration| (None, celebration.follow_up(agenda))));
    let left = left.into_iter().map(|one| (one.day, agenda.candidates[one.who].person.id)).collect();
    found.sort_unstable_by(|(a, x), (b, y)| {
        (x.day, a.is_none(), a, &x.key).cmp(&(y.day, b.is_none(), b, &y.key))
    });
    (found.into_iter().map(|(_, follow_up)| follow_up).collect(), left)
}
