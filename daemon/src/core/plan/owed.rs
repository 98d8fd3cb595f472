//! What is owed to somebody on its day, whatever the budget: a thank-you after
//! a meeting, and what the user promised.

use jiff::civil::Date;

use super::celebration;
use super::rules::Rules;
use super::rungs::Rungs;
use super::standing::{happened, last_outreach};
use crate::core::cadence::{Cadence, Interval};
use crate::core::facts::{Direction, Interaction, Person};
use crate::core::follow_up::Kind;
use crate::core::how::How;
use crate::core::intention::{Aim, Intention};
use crate::core::introduction::Step;

/// How many days after a meeting to say thank you. What is missed is asked for
/// again on the next of these days, then no more: later it would be odd.
const THANKS_AFTER: [u16; 4] = [1, 2, 4, 7];
/// How many days after its day to come back to a promise; then each month,
/// until it is kept or let go.
const PROMISE_AFTER: [u16; 4] = [0, 3, 10, 24];
/// For how long a promise may wait that was made for no day.
const PROMISE_WITHIN: Interval = Interval::weeks(2);

/// What an outreach is owed for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owing<'a> {
    /// What the user promised.
    Promise(&'a Intention),
    /// A step of an introduction.
    Step(&'a Intention),
    /// They met on that day.
    Thanks(Date),
}

/// An outreach that is owed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Owed<'a> {
    pub(super) what: Owing<'a>,
    /// From which day on it is wanted.
    pub(super) due: Date,
    /// The day it is planned for.
    pub(super) day: Date,
}

impl<'a> Owed<'a> {
    /// Everything that is owed to `person`, the next first. What was promised
    /// waits for no comfort: the user gave their word.
    pub(super) fn all(
        person: &'a Person,
        rules: &Rules<'a>,
        cadence: Cadence,
        today: Date,
        not_before: Date,
    ) -> Vec<Self> {
        let from = today.max(not_before);
        let promises = rules.intentions(person.id).iter().filter(|i| i.aim == Aim::Promise);
        let promises =
            promises.filter_map(|promise| Self::promise(promise, rules, rules.not_skipped(promise, today)));
        let mut all: Vec<Self> =
            promises.map(|owed| owed.on_a_celebration(person, rules, cadence, today)).collect();
        all.extend(Self::thanks(person, rules, today, from));
        let steps = rules.intentions(person.id).iter();
        all.extend(
            steps.filter_map(|step| Self::step(step, person, rules, today, rules.not_skipped(step, from))),
        );
        all.sort_by_key(|owed| (owed.day, owed.rank()));
        all
    }

    /// A step of an introduction is owed the day after the one before it, then as a
    /// promise is. Of a hello, and of thanks, any word to them since is one.
    fn step(
        step: &'a Intention,
        person: &Person,
        rules: &Rules<'_>,
        today: Date,
        from: Date,
    ) -> Option<Self> {
        let Aim::Introduction(aim) = step.aim else { return None };
        let is_done = match aim {
            Step::Hello => last_outreach(person, today) >= Some(step.entered),
            // What was sent for it may be of the same day.
            Step::Thanks => last_outreach(person, today) > Some(step.entered),
            Step::Forward | Step::Make => false,
            Step::Ask | Step::Reminder | Step::Consent | Step::ConsentTo | Step::LookBack => true,
        };
        if is_done {
            return None;
        }
        let due = Interval::days(1).after(step.entered);
        let day = Self::rung(step, due, rules, from)?;
        Some(Self { what: Owing::Step(step), due, day })
    }

    /// What was promised for a day in a general pause is asked for on the last working day
    /// before that, or, where these are over, on the last day before it.
    fn promise(promise: &'a Intention, rules: &Rules<'_>, from: Date) -> Option<Self> {
        let due = promised_by(promise);
        let due = rules.last_day_for_promise(promise, due, from).unwrap_or(due);
        let day = Self::rung(promise, due, rules, from)?;
        Some(Self { what: Owing::Promise(promise), due, day })
    }

    /// If they are congratulated a few days before, what was promised is kept
    /// with that: one contact serves both, and the promise is not late.
    fn on_a_celebration(self, person: &Person, rules: &Rules<'_>, cadence: Cadence, today: Date) -> Self {
        let Owing::Promise(promise) = self.what else { return self };
        let near = Interval::days(celebration::clear(cadence)).before(self.day).max(today);
        let is_right = |&day: &Date| {
            let is_open = rules.plans_on(day) && rules.celebrates(person, day);
            is_open && day < self.day && rules.day_for_promise(promise, day) == Some(day)
        };
        let is_greeted = |day: Date| last_outreach(person, today) >= Some(day);
        let days = celebration::from(person, near).filter(|&day| !is_greeted(day));
        let day = days.filter(is_right).min().unwrap_or(self.day);
        Self { day, due: self.due.min(day), ..self }
    }

    /// The next of the days on which to come back to what was due on one.
    fn rung(what: &Intention, due: Date, rules: &Rules<'_>, from: Date) -> Option<Date> {
        let since = rules.waits_since(what, from);
        rules.day_for_promise(what, Rungs::new(due, &PROMISE_AFTER).next(since)?)
    }

    /// A thank-you for the last meeting, if the user has not been in touch since;
    /// not for the first with a new acquaintance, after which a first hello is due.
    fn thanks(person: &Person, rules: &Rules<'_>, today: Date, from: Date) -> Option<Self> {
        let met = to_be_greeted(person, today).filter(|&met| !is_first(person, rules, met, today))?;
        if !rules.circles[rules.circle(person)].thanks {
            return None;
        }
        let day = THANKS_AFTER
            .iter()
            .map(|&days| Interval::days(days).after(met))
            .find(|&day| day >= from && rules.is_free_for_thanks(person.id, met, day))?;
        Some(Self { what: Owing::Thanks(met), due: Interval::days(THANKS_AFTER[0]).after(met), day })
    }

    pub(super) fn kind(&self) -> Kind {
        match self.what {
            Owing::Promise(_) => Kind::Promise,
            Owing::Step(_) => Kind::Introduction,
            Owing::Thanks(_) => Kind::ThankYou,
        }
    }

    /// The fact that it springs from, as in [`crate::core::follow_up::Key::cycle`].
    pub(super) fn cycle(&self) -> String {
        match self.what {
            Owing::Promise(promise) => promise.id.to_string(),
            Owing::Step(step) => step.cycle(),
            Owing::Thanks(met) => met.to_string(),
        }
    }

    /// What is to be done, in the user's words.
    pub(super) fn what(&self) -> Option<String> {
        match self.what {
            Owing::Promise(what) | Owing::Step(what) => Some(what.what.clone()),
            Owing::Thanks(_) => None,
        }
    }

    /// The order of what is owed on one day: of several that a pause brought
    /// forward to it the one that was promised for an earlier day comes first.
    pub(super) fn rank(&self) -> (Kind, Date, Option<Date>, i64) {
        let (by, number) = match self.what {
            Owing::Promise(promise) => (Some(promised_by(promise)), promise.id),
            Owing::Step(step) => (None, step.id),
            Owing::Thanks(_) => (None, 0),
        };
        (self.kind(), self.due, by, number)
    }

    /// Whether one of the days on which to come back to it passed and nobody was
    /// reminded, since it was last `asked` for.
    pub(super) fn slept_through(&self, asked: Date, today: Date) -> bool {
        let next = |since| Rungs::new(self.due, &PROMISE_AFTER).next(since);
        let is_owed = !matches!(self.what, Owing::Thanks(_));
        is_owed && asked.tomorrow().ok().and_then(next).is_some_and(|missed| missed < today)
    }

    pub(super) fn is_promise(&self) -> bool {
        matches!(self.what, Owing::Promise(_))
    }

    /// Whether it was promised for a day before `day`.
    pub(super) fn is_late_on(&self, day: Date) -> bool {
        matches!(self.what, Owing::Promise(promise) if promised_by(promise) < day)
    }

    /// Whether it may be asked for on `day`, as far as pauses go.
    pub(super) fn may_be(&self, day: Date, rules: &Rules<'_>) -> bool {
        match self.what {
            Owing::Promise(what) | Owing::Step(what) => {
                rules.day_for_promise(what, rules.not_skipped(what, day)) == Some(day)
            }
            Owing::Thanks(_) => false,
        }
    }
}

/// The day that a promise was made for.
fn promised_by(promise: &Intention) -> Date {
    promise.by.unwrap_or_else(|| PROMISE_WITHIN.after(promise.entered))
}

/// The first meeting of all with somebody just met, if the user has not been in touch since.
pub(super) fn just_met(person: &Person, rules: &Rules<'_>, today: Date) -> Option<Date> {
    to_be_greeted(person, today).filter(|&met| is_first(person, rules, met, today))
}

/// The last meeting that was noted soon after it, if the user has not been in touch since.
fn to_be_greeted(person: &Person, today: Date) -> Option<Date> {
    let met = happened(person, today).filter(|i| i.how == How::Met && i.fresh).map(|i| i.day).max()?;
    // What was sent on the day itself may have been before: only a thank-you is one.
    let is_thanks = |i: &Interaction| i.day == met && i.gift && i.how.direction() == Direction::Outbound;
    let is_thanked = happened(person, today).any(is_thanks);
    (!is_thanked && last_outreach(person, today) <= Some(met)).then_some(met)
}

/// Whether they met for the first time. An address book, and a circle that is kept, are of people whom the
/// user knows.
fn is_first(person: &Person, rules: &Rules<'_>, met: Date, today: Date) -> bool {
    person.by_hand && !rules.is_inner(person) && happened(person, today).all(|i| i.day >= met)
}
