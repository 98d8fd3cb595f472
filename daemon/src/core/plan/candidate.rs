//! Whom to reach out to next, and from when on: one person at a time,
//! whatever anybody else needs and whatever the budget allows.

use std::cmp::{Ordering, Reverse};

use jiff::civil::Date;

use super::rules::{Class, Rules};
use crate::core::cadence::{Cadence, Interval};
use crate::core::date::{Birthday, number};
use crate::core::facts::{Comfort, Direction, Interaction, Person, has_happened};
use crate::core::follow_up::{Key, Kind};
use crate::core::how::How;

/// After the first try without an answer.
const SECOND_TRY: Interval = Interval::weeks(2);
/// After the second.
const THIRD_TRY: Interval = Interval::weeks(6);
/// For how long an outreach waits for a birthday, so that one contact serves
/// both; no longer than one would be in touch anyway.
const BIRTHDAY_NEAR: Interval = Interval::days(14);
/// How many days before and after a birthday nothing else is asked for with
/// the same person; at most a quarter of their ideal interval.
const BIRTHDAY_CLEAR: u16 = 7;

/// Where things stand with a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tie {
    /// Nothing has happened yet.
    New,
    /// They answered or both talked, and nothing was tried since.
    InTouch {
        /// The last time.
        on: Date,
        /// How; of several ways on that day the one that says most.
        how: How,
    },
    /// The user reached out and waits for an answer.
    Waiting {
        /// The last try.
        since: Date,
        /// Which try comes next.
        next: Try,
        /// On how many days they were tried since the last answer: one before
        /// its time counts here, too, though it is no step towards the next.
        tries: usize,
    },
    /// Three tries without an answer: left alone for a while.
    Resting {
        /// The last try.
        since: Date,
        /// The birthday that ends the rest early.
        occasion: Option<Date>,
    },
}

/// A try after one without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Try {
    Second,
    Third,
}

impl Tie {
    /// Reads the tie off what has [`happened`].
    pub(super) fn of(person: &Person, cadence: Cadence, today: Date) -> Self {
        let past = || happened(person, today);
        let talked = |how: How| how.direction() != Direction::Outbound;
        let restart = past().filter(|i| talked(i.how)).max_by_key(|i| (i.day, Reverse(i.how)));
        let after = restart.map(|i| i.day);
        let mut tries: Vec<Date> =
            past().filter(|i| !talked(i.how) && Some(i.day) > after).map(|i| i.day).collect();
        tries.sort_unstable();
        tries.dedup();
        let start = restart.map_or(Self::New, |last| Self::InTouch { on: last.day, how: last.how });
        let counted = tries.into_iter().zip(1..);
        counted.fold(start, |tie, (day, tries)| tie.tried(day, tries, cadence, person.birthday))
    }

    /// One more try, the one of that number since the last answer: the next
    /// rung if its time had come, else a fresh wait on the same one.
    fn tried(self, day: Date, tries: usize, cadence: Cadence, birthday: Option<Birthday>) -> Self {
        let in_time = self.due(cadence).is_some_and(|due| day >= due);
        let waiting = |next| Self::Waiting { since: day, next, tries };
        match self {
            Self::Waiting { next: Try::Second, .. } if in_time => waiting(Try::Third),
            Self::Waiting { next: Try::Third, .. } if in_time => Self::rest(day, cadence, birthday),
            Self::Waiting { next, .. } => waiting(next),
            Self::Resting { .. } if !in_time => Self::rest(day, cadence, birthday),
            Self::Resting { .. } | Self::InTouch { .. } | Self::New => waiting(Try::Second),
        }
    }

    /// A birthday ends a rest early, though not sooner after the last try than
    /// one would be in touch anyway.
    fn rest(since: Date, cadence: Cadence, birthday: Option<Birthday>) -> Self {
        let occasion = birthday
            .and_then(|birthday| birthday.on_or_after(cadence.ideal.after(since)))
            .filter(|&day| day < cadence.latest.after(since));
        Self::Resting { since, occasion }
    }

    /// From which day on the next outreach is wanted; none for somebody never spoken to.
    pub(super) fn due(self, cadence: Cadence) -> Option<Date> {
        match self {
            Self::New => None,
            Self::InTouch { on, .. } => Some(cadence.ideal.after(on)),
            Self::Waiting { since, next: Try::Second, .. } => Some(SECOND_TRY.after(since)),
            Self::Waiting { since, next: Try::Third, .. } => Some(THIRD_TRY.after(since)),
            Self::Resting { since, occasion } => {
                Some(occasion.unwrap_or_else(|| cadence.latest.after(since)))
            }
        }
    }

    /// The day of the fact that the next outreach springs from.
    pub(super) fn since(self) -> Option<Date> {
        match self {
            Self::New => None,
            Self::InTouch { on: day, .. }
            | Self::Waiting { since: day, .. }
            | Self::Resting { since: day, .. } => Some(day),
        }
    }

    fn kind(self) -> Kind {
        match self {
            Self::Waiting { .. } => Kind::SecondTry,
            Self::New | Self::InTouch { .. } | Self::Resting { .. } => Kind::KeepInTouch,
        }
    }
}

/// What has happened with somebody, as seen on the day `today`.
pub(super) fn happened(person: &Person, today: Date) -> impl Iterator<Item = &Interaction> {
    person.interactions.iter().filter(move |interaction| has_happened(interaction.day, today))
}

/// The cycle of somebody never spoken to.
pub(super) const NEW: &str = "new";

/// The one outreach that a person may be planned for.
#[derive(Debug, Clone)]
pub(super) struct Candidate<'a> {
    pub(super) person: &'a Person,
    pub(super) tie: Tie,
    pub(super) cadence: Cadence,
    /// The place of their circle by closeness.
    pub(super) circle: usize,
    /// As in [`crate::core::follow_up::FollowUp::due`].
    pub(super) due: Option<Date>,
    /// The number of the first day it may be planned for, pauses and birthdays aside.
    pub(super) from: i64,
    /// How many days before and after their birthday it keeps clear of.
    clear: u16,
    /// The number of the day since which they wait; 0 for newcomers.
    since: i64,
}

impl<'a> Candidate<'a> {
    /// The outreach that `person` may be planned for; none if the user never wants one.
    ///
    /// It depends on `today` only through what has happened by then.
    pub(super) fn of(person: &'a Person, rules: &Rules<'_>, today: Date) -> Option<Self> {
        let not_before = match person.comfort {
            Comfort::Never => return None,
            Comfort::NotNow { until } => Some(until),
            Comfort::Yes => None,
        };
        let circle = rules.circle(person);
        let cadence = person.cadence_within(rules.circles[circle].cadence);
        let tie = Tie::of(person, cadence, today);
        let due = tie.due(cadence).map(|due| {
            let due = Some(due).max(not_before).unwrap_or(due);
            let birthday = person.birthday.and_then(|birthday| birthday.on_or_after(due));
            birthday
                .filter(|&day| day <= BIRTHDAY_NEAR.min(cadence.ideal).after(due))
                .filter(|&day| rules.plans_on(day) && rules.celebrates(person, day))
                .unwrap_or(due)
        });
        let from = due.max(not_before).map_or(i64::MIN, number);
        let since = tie.since().map_or(0, number);
        let clear = cadence.ideal.quarter_in_days().min(BIRTHDAY_CLEAR);
        Some(Self { person, tie, cadence, circle, due, from, clear, since })
    }

    /// The number of the next day that may be right, if `day` is too near
    /// their birthday: that one itself, where outreaches are planned on it,
    /// else the first that is clear of it. None if `day` is right.
    ///
    /// So somebody who has waited long waits for the birthday at most, and, if
    /// it has no place for them, as long again.
    pub(super) fn near_birthday(&self, day: Date, rules: &Rules<'_>) -> Option<i64> {
        let birthday = self.person.birthday?.on_or_after(Interval::days(self.clear).before(day))?;
        let clear = i64::from(self.clear);
        let (on, day) = (number(birthday), number(day));
        if on - clear > day || !rules.celebrates(self.person, birthday) {
            return None;
        }
        match on.cmp(&day) {
            Ordering::Equal if rules.plans_on(birthday) => None,
            Ordering::Greater if rules.plans_on(birthday) => Some(on),
            _ => Some(on + clear + 1),
        }
    }

    pub(super) fn key(&self) -> Key {
        let cycle = self.tie.since().map_or_else(|| NEW.to_owned(), |day| day.to_string());
        Key { person: self.person.id, kind: self.tie.kind(), cycle }
    }

    pub(super) fn is_newcomer(&self) -> bool {
        self.tie == Tie::New
    }

    /// Newcomers come after everybody else, whatever their circle.
    pub(super) fn class(&self) -> Class {
        if self.is_newcomer() { Class::Newcomer } else { Class::Circle(self.circle) }
    }

    /// Who comes first on the day numbered `day` (`Less` is more urgent): the
    /// closer circle; in it who waits longer relative to their own ideal
    /// interval; among newcomers who is known better.
    pub(super) fn by_urgency(&self, other: &Self, day: i64) -> Ordering {
        self.class().cmp(&other.class()).then_with(|| {
            if self.is_newcomer() {
                self.queue_key().cmp(&other.queue_key())
            } else {
                let waits = |who: &Self, by: &Self| (day - who.since) * by.interval();
                waits(other, self)
                    .cmp(&waits(self, other))
                    .then_with(|| (self.due, self.person.id).cmp(&(other.due, other.person.id)))
            }
        })
    }

    /// Their ideal interval in ten-thousandths of a day.
    pub(super) fn interval(&self) -> i64 {
        i64::try_from(self.cadence.ideal.myriadays()).unwrap_or(i64::MAX)
    }

    /// Their class and interval; newcomers queue together. In a queue the
    /// order of urgency, that of [`Self::queue_key`], is the same on every day.
    pub(super) fn queue(&self) -> (Class, i64) {
        (self.class(), if self.is_newcomer() { 0 } else { self.interval() })
    }

    /// The order among people of one queue.
    pub(super) fn queue_key(&self) -> (i64, Option<Date>, Reverse<u32>, i64) {
        if self.is_newcomer() {
            (
                i64::try_from(self.circle).unwrap_or(i64::MAX),
                None,
                Reverse(self.person.known),
                self.person.id.0,
            )
        } else {
            (self.since, self.due, Reverse(0), self.person.id.0)
        }
    }
}
