//! In which order the numbers of a chat's dates stand.
//!
//! `05/06/24` could be in May or June. What tells, in this order:
//!
//! 1. dates that exist in one order only: of `31/12/24` the month cannot come first, and nobody writes
//!    the month first with anything but slashes;
//! 2. a chat goes forward: the order in which its dates go back least often;
//! 3. with a bare `AM` or `PM` the month comes first, else the day.
//!
//! Where only the last one told, and it matters, the choice is a guess.

use jiff::civil::Date;

use crate::stamp::Stamp;

/// The first year of WhatsApp.
const FIRST_YEAR: i16 = 2009;

/// The order of the numbers of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// `31.12.24`.
    DayMonthYear,
    /// `12/31/24`.
    MonthDayYear,
    /// `2024-12-31`.
    YearMonthDay,
}

impl Order {
    const ALL: [Self; 3] = [Self::DayMonthYear, Self::MonthDayYear, Self::YearMonthDay];

    /// The date that these numbers are in this order, if they are one.
    pub(crate) fn date(self, [a, b, c]: [u16; 3]) -> Option<Date> {
        let (year, month, day) = match self {
            Self::DayMonthYear => (c, b, a),
            Self::MonthDayYear => (c, a, b),
            Self::YearMonthDay => (a, b, c),
        };
        /// The years of Thailand are counted from the death of the Buddha.
        const BUDDHIST: i16 = 543;
        let year = match i16::try_from(year).ok()? {
            short @ 0..100 => 2000 + short,
            buddhist @ 2500.. => buddhist - BUDDHIST,
            year => year,
        };
        let date = Date::new(year, i8::try_from(month).ok()?, i8::try_from(day).ok()?).ok()?;
        (year >= FIRST_YEAR).then_some(date)
    }
}

/// What the dates of a chat tell of their order.
#[derive(Debug, Default)]
pub(crate) struct Evidence {
    /// For each order, what speaks against it.
    against: [Against; 3],
    american: bool,
    /// Whether it matters for some date if the day or the month is first.
    matters: bool,
}

#[derive(Debug, Default, Clone, Copy)]
struct Against {
    /// How many dates do not exist.
    impossible: u64,
    /// How often a date was before the one before it.
    back: u64,
    last: Option<Date>,
}

impl Evidence {
    /// Takes a date into account, in the order of the chat.
    pub(crate) fn see(&mut self, stamp: Stamp) {
        self.american |= stamp.american;
        self.matters |= stamp.slashes && stamp.date[0] != stamp.date[1];
        for (order, against) in Order::ALL.into_iter().zip(&mut self.against) {
            let is_written = order != Order::MonthDayYear || stamp.slashes;
            match order.date(stamp.date).filter(|_| is_written) {
                None => against.impossible += 1,
                Some(date) => {
                    against.back += u64::from(against.last.is_some_and(|last| date < last));
                    against.last = Some(date);
                }
            }
        }
    }

    /// The order, and whether it is a guess.
    pub(crate) fn order(&self) -> (Order, bool) {
        let [day, month, year] = self.against.map(|against| (against.impossible, against.back));
        if year < day && year < month {
            return (Order::YearMonthDay, false);
        }
        match day.cmp(&month) {
            std::cmp::Ordering::Less => (Order::DayMonthYear, false),
            std::cmp::Ordering::Greater => (Order::MonthDayYear, false),
            std::cmp::Ordering::Equal if self.american => (Order::MonthDayYear, self.matters),
            std::cmp::Ordering::Equal => (Order::DayMonthYear, self.matters),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_tell_then_the_course_of_time_then_the_form() {
        use Order::{DayMonthYear, MonthDayYear, YearMonthDay};
        for (name, dates, form, expected) in [
            ("a day", &["05/06/24", "13/06/24"][..], "D, 9:41 PM - x", (DayMonthYear, false)),
            ("a day behind", &["6/5/24", "6/13/24"], "D, 21:41 - x", (MonthDayYear, false)),
            (
                "forward either way, in America",
                &["01/02/24", "01/03/24", "02/03/24"],
                "D, 9:41 PM - x",
                (MonthDayYear, true),
            ),
            ("back with the day first", &["01/12/24", "02/01/24"], "D, 21:41 - x", (MonthDayYear, false)),
            ("back with the month first", &["12/01/24", "01/02/24"], "D, 9:41 PM - x", (DayMonthYear, false)),
            ("one date, in America", &["5/6/24"], "D, 9:41 PM - x", (MonthDayYear, true)),
            ("one date, in India", &["5/6/24"], "D, 9:41 pm - x", (DayMonthYear, true)),
            ("one date, with dots", &["5.6.24"], "D, 21:41 - x", (DayMonthYear, false)),
            ("one date that is the same", &["5/5/24"], "D, 21:41 - x", (DayMonthYear, false)),
            ("the year first", &["2024-05-06"], "D, 21:41 - x", (YearMonthDay, false)),
            (
                "two digits of the year first",
                &["24/12/31", "25/01/01"],
                "D, 21:41 - x",
                (YearMonthDay, false),
            ),
            (
                "one line that was copied",
                &["13/06/24", "6/14/24", "15/06/24"],
                "D, 21:41 - x",
                (DayMonthYear, false),
            ),
        ] {
            let mut evidence = Evidence::default();
            for date in dates {
                evidence.see(Stamp::of(&form.replace('D', date)).unwrap().0);
            }
            assert_eq!(evidence.order(), expected, "{name}");
        }
    }

    #[test]
    fn numbers_are_dates_or_not() {
        for (order, numbers, expected) in [
            (Order::DayMonthYear, [31, 12, 24], "2024-12-31"),
            (Order::DayMonthYear, [31, 12, 2567], "2024-12-31"),
            (Order::MonthDayYear, [12, 31, 2024], "2024-12-31"),
            (Order::YearMonthDay, [2024, 12, 31], "2024-12-31"),
            (Order::DayMonthYear, [30, 2, 24], ""),
            (Order::DayMonthYear, [1, 1, 8], ""),
            (Order::DayMonthYear, [2024, 12, 31], ""),
            (Order::YearMonthDay, [1403, 10, 11], ""),
        ] {
            let date = order.date(numbers).map(|date| date.to_string()).unwrap_or_default();
            assert_eq!(date, expected, "{numbers:?} {order:?}");
        }
    }
}
