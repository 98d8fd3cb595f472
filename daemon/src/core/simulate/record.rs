//! What is counted while days are played.

use jiff::civil::Date;

use crate::core::facts::PersonId;

/// A week, Monday to Sunday as the budget counts it, as far as its days were played.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Week {
    /// The first of its days that was played.
    pub from: Date,
    /// How many of its days were played: all seven, unless it is the first or the last one.
    pub days: u32,
    /// How many people were to be reached.
    pub asked: u32,
    /// How many outreaches were done.
    pub done: u32,
    /// How many were to be congratulated, and not reached beside that: the budget does not count them.
    pub congratulated: u32,
}

/// What became of a circle.
#[derive(Debug, Clone, PartialEq)]
pub struct CircleRecord {
    /// Its name.
    pub name: String,
    /// How many may be planned at all.
    pub people: u32,
    /// How many of them were in touch at the beginning, and at the end: they
    /// talked within their at-the-latest interval.
    pub in_touch: [u32; 2],
    /// How many were never spoken to at the beginning, and at the end.
    pub new: [u32; 2],
    /// The days of all of them together.
    pub days: u64,
    /// The days of these on which they were in touch.
    pub days_in_touch: u64,
    /// How many outreaches were asked for.
    pub asked: u32,
    /// The longest that somebody was neither reached out to nor heard from,
    /// relative to their at-the-latest interval; who was never spoken to does
    /// not count, and what was before the first day neither.
    pub longest_wait: f64,
    /// Who that was, and their wait in days.
    pub longest: Option<(PersonId, i64)>,
}

impl CircleRecord {
    /// The days between two outreaches to one of them, if they go on like
    /// this; none if nobody was asked for.
    #[must_use]
    pub fn turn(&self) -> Option<u64> {
        self.days.checked_div(u64::from(self.asked))
    }
}

/// What became of everything.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// The circles, closest first.
    pub circles: Vec<CircleRecord>,
    /// The weeks, from the first day on.
    pub weeks: Vec<Week>,
    /// How many outreaches were done.
    pub done: u32,
    /// How many ties were dormant at the beginning.
    pub dormant: u32,
    /// How many of these came back: they talked, or wrote.
    pub rekindled: u32,
    /// Outreaches that were not owed, to somebody who had been tried in the two weeks before without an answer.
    pub repeats: u32,
    /// Outreaches that were neither owed nor wished for, to somebody with whom
    /// there was contact less than a quarter of their ideal interval before.
    pub too_soon: u32,
    /// What was asked for, and how much of that of a tie that was not warm, or
    /// of somebody who had not answered.
    pub asks: u32,
    /// See [`Record::asks`].
    pub cold_asks: u32,
    /// Promises whose day came, and how many were kept at most three days after it.
    pub promises: u32,
    /// See [`Record::promises`].
    pub kept: u32,
    /// Meetings to be thanked for, and for how many somebody was, within a week.
    pub meetings: u32,
    /// See [`Record::meetings`].
    pub thanked: u32,
}

impl Record {
    /// The share of days in touch, of the circles that `counts` says.
    #[must_use]
    pub fn in_touch(&self, counts: impl Fn(&CircleRecord) -> bool) -> f64 {
        let circles = self.circles.iter().filter(|circle| counts(circle));
        let (mut days, mut of) = (0, 0);
        for circle in circles {
            (days, of) = (days + circle.days_in_touch, of + circle.days);
        }
        share(days, of)
    }

    /// The longest wait of all.
    #[must_use]
    pub fn longest_wait(&self) -> f64 {
        self.circles.iter().map(|circle| circle.longest_wait).fold(0.0, f64::max)
    }
}

/// A part of a whole, 0 of nothing.
#[expect(clippy::cast_precision_loss, reason = "days of people are far below 2^52")]
fn share(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
