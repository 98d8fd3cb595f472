//! Who comes before whom, and who makes way for whom.

use std::cmp::{Ordering, Reverse};

use jiff::civil::Date;

use super::candidate::Candidate;
use super::pace::ORDINARY;
use super::rules::Class;
use crate::core::preference::Ease;

/// One ideal interval of waiting.
pub(super) const RATIO: i64 = 1000;

/// See [`Candidate::queue_key`].
pub(super) type QueueKey = (Option<Ease>, i64, Option<Date>, Reverse<u32>, i64);

impl Candidate<'_> {
    /// Whether they may take the other's place on a day, being the more urgent: who is of a closer
    /// class, has to come by an earlier last day, or is the newcomer of a closer circle.
    ///
    /// Nobody else makes way: people would take each other's places back and forth.
    pub(super) fn outranks(&self, other: &Self, day: i64) -> bool {
        match (self.class(day), other.class(day)) {
            (Class::Wished, Class::Wished) => self.of_use < other.of_use,
            (Class::Newcomer, Class::Newcomer) => {
                self.circle < other.circle && self.by_urgency(other, day).is_lt()
            }
            (mine, theirs) => mine < theirs && self.by_urgency(other, day).is_lt(),
        }
    }

    /// Who comes first on the day numbered `day` (`Less` is more urgent): while
    /// the user practises, the easier one; else whose waiting is more
    /// [pressing](Self::pressing), in a circle that is who waits longer relative
    /// to their own ideal interval; among newcomers who is known better.
    pub(super) fn by_urgency(&self, other: &Self, day: i64) -> Ordering {
        match (self.class(day), other.class(day)) {
            (Class::Circle(mine), Class::Circle(theirs)) => {
                let waits = |who: &Self, by: &Self| (day - who.since) * by.interval();
                (self.ease.cmp(&other.ease))
                    .then_with(|| other.pressing(day).cmp(&self.pressing(day)))
                    // Before the circle: of circles with one interval, none goes
                    // without for the sake of its name.
                    .then_with(|| waits(other, self).cmp(&waits(self, other)))
                    .then_with(|| mine.cmp(&theirs))
                    .then_with(|| (self.due, self.person.id).cmp(&(other.due, other.person.id)))
            }
            (mine, theirs) => mine.cmp(&theirs).then_with(|| self.queue_key(day).cmp(&other.queue_key(day))),
        }
    }

    /// How pressing it is: the waiting relative to the own ideal interval, as
    /// far as it counts, times the weight of the circle.
    fn pressing(&self, day: i64) -> i64 {
        let waiting = (day - self.since).saturating_mul(10_000 * RATIO) / self.interval().max(1);
        waiting.clamp(0, self.most_waiting) * self.weight
    }

    /// Their ideal interval in ten-thousandths of a day, as long as it counts
    /// for who comes first.
    pub(super) fn interval(&self) -> i64 {
        i64::try_from(self.cadence.ideal.myriadays()).unwrap_or(i64::MAX).saturating_mul(self.pace) / ORDINARY
    }

    /// Their class on that day and interval; newcomers queue together, and so do
    /// those with whom something is meant to be done. In a queue the order of
    /// urgency, that of [`Self::queue_key`], is the same on every day.
    pub(super) fn queue(&self, day: i64) -> (Class, i64) {
        match self.class(day) {
            class @ Class::Circle(_) => (class, self.interval()),
            class => (class, 0),
        }
    }

    /// The order among people of one queue.
    pub(super) fn queue_key(&self, day: i64) -> QueueKey {
        let id = self.person.id.0;
        match self.class(day) {
            Class::Newcomer => {
                let circle = i64::try_from(self.circle).unwrap_or(i64::MAX);
                (self.ease, circle, None, Reverse(self.person.known), id)
            }
            // What the user means to do has its own time, however hard it is: what has a last day
            // comes first, the earliest.
            Class::Wished => (None, self.of_use, self.due, Reverse(0), id),
            Class::Step => {
                let from = self.step_days().map_or(self.from, |(first, _)| first);
                (None, from, self.due, Reverse(0), id)
            }
            Class::Circle(_) => (self.ease, self.since, self.due, Reverse(0), id),
        }
    }
}
