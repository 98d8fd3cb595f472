//! The days on which to come back to something until it is done: ever less often.

use jiff::Span;
use jiff::civil::Date;

use crate::core::cadence::Interval;

/// So many days after the day it was due, and then each month of the calendar
/// after the last of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Rungs {
    due: Date,
    after: &'static [u16],
}

impl Rungs {
    pub(super) fn new(due: Date, after: &'static [u16]) -> Self {
        Self { due, after }
    }

    /// The first of the days on or after `since`.
    pub(super) fn next(self, since: Date) -> Option<Date> {
        self.early().find(|&day| day >= since).or_else(|| self.month(self.months_until(since)))
    }

    fn early(self) -> impl Iterator<Item = Date> {
        self.after.iter().map(move |&days| Interval::days(days).after(self.due))
    }

    fn month(self, count: i32) -> Option<Date> {
        self.early().last()?.checked_add(Span::new().try_months(count).ok()?).ok()
    }

    /// After how many months, one at least, the first of the monthly days on or after `day` comes.
    fn months_until(self, day: Date) -> i32 {
        let Some(last) = self.early().last() else { return 1 };
        let months = |date: Date| i32::from(date.year()) * 12 + i32::from(date.month());
        let count = (months(day) - months(last)).max(1);
        if self.month(count).is_some_and(|reached| reached < day) { count + 1 } else { count }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn they_come_ever_less_often_then_each_month() {
        let rungs = Rungs::new(date(2026, 12, 7), &[0, 3, 10, 24]);
        for (since, next) in [
            ("2020-01-01", "2026-12-07"),
            ("2026-12-07", "2026-12-07"),
            ("2026-12-08", "2026-12-10"),
            ("2026-12-18", "2026-12-31"),
            ("2027-01-01", "2027-01-31"),
            ("2027-02-01", "2027-02-28"),
            ("2027-02-28", "2027-02-28"),
            ("2027-03-01", "2027-03-31"),
            ("2036-06-30", "2036-06-30"),
        ] {
            let day = |text: &str| text.parse::<Date>().unwrap();
            assert_eq!(rungs.next(day(since)), Some(day(next)), "after {since}");
        }
        for day in [Date::MIN, Date::MAX] {
            let _ = Rungs::new(day, &[0, 7]).next(Date::MAX);
        }
    }
}
