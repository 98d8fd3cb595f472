//! In which order the numbers of a column's dates are written.
//!
//! `05/06/1985` alone says nothing. The other values of its column may: where
//! one of them is `13/06/1985`, all are written with the day first. Where none
//! says anything the dialect may, or the language of the header.

use crate::date::{self, DateOrder, Months, Years};
use crate::dialect::Language;

/// The order of a column's dates, and how it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    /// The program always writes them so.
    Fixed(DateOrder),
    /// The values or the dialect tell it.
    Known(DateOrder),
    /// The header is English, which is written in both orders: the American one, and said.
    Assumed(DateOrder),
    /// Nothing tells it, or the values contradict each other.
    Open,
}

/// What the values of a column tell of its order.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Evidence {
    day_first: bool,
    month_first: bool,
    /// With years of two digits; others need no telling.
    year_first: bool,
}

/// What a text says that should be a date.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Reading {
    /// A date, in the protocol's form.
    Date(String),
    /// One that another order would make another.
    Assumed(String),
    /// One of two, and nothing tells which.
    Ambiguous,
    /// That there is none.
    Nothing,
    /// No date that exists.
    NoDate,
}

impl Evidence {
    /// Takes a value into account.
    pub(crate) fn see(&mut self, text: &str) {
        match date::order_shown(text) {
            Some(DateOrder::DayMonthYear) => self.day_first = true,
            Some(DateOrder::MonthDayYear) => self.month_first = true,
            Some(DateOrder::YearMonthDay) => self.year_first = true,
            None => {}
        }
    }

    /// The column's order, if the dialect and the header say this.
    pub(crate) fn order(self, dialect: Option<DateOrder>, header: Option<Language>) -> Order {
        match (self.day_first, self.month_first, self.year_first) {
            (true, false, false) => return Order::Known(DateOrder::DayMonthYear),
            (false, true, false) => return Order::Known(DateOrder::MonthDayYear),
            (false, false, true) => return Order::Known(DateOrder::YearMonthDay),
            (false, false, false) => {}
            _ => return Order::Open,
        }
        match (dialect, header) {
            (Some(order), _) => Order::Known(order),
            (None, Some(Language::De | Language::Fr | Language::Es)) => Order::Known(DateOrder::DayMonthYear),
            (None, Some(Language::En)) => Order::Assumed(DateOrder::MonthDayYear),
            (None, None) => Order::Open,
        }
    }
}

impl Order {
    /// Reads a value of a column whose dates are written in this order.
    pub(crate) fn read(self, text: &str, years: Years, months: &Months) -> Reading {
        if date::is_none(text) {
            return Reading::Nothing;
        }
        let parse = |order| date::parse(text, order, years, months);
        let either = || {
            let all = [DateOrder::DayMonthYear, DateOrder::MonthDayYear, DateOrder::YearMonthDay];
            let mut readings = all.into_iter().filter_map(parse);
            match readings.next() {
                Some(date) if readings.all(|other| other == date) => Reading::Date(date),
                Some(_) => Reading::Ambiguous,
                None => Reading::NoDate,
            }
        };
        match self {
            Self::Fixed(order) => parse(order).map_or(Reading::NoDate, Reading::Date),
            // A value that cannot be of this order is read in the only one that it can be of.
            Self::Known(order) => parse(order).map_or_else(either, Reading::Date),
            Self::Assumed(order) => match (either(), parse(order)) {
                (Reading::Ambiguous, Some(date)) => Reading::Assumed(date),
                (reading, _) => reading,
            },
            Self::Open => either(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use DateOrder::{DayMonthYear, MonthDayYear};

    #[test]
    fn values_tell_then_the_dialect_then_the_language() {
        for (name, values, dialect, header, expected) in [
            ("one value", &["05/06/1985", "13/06/1985"][..], None, None, Order::Known(DayMonthYear)),
            ("against the language", &["6/13/1985"], None, Some(Language::De), Order::Known(MonthDayYear)),
            ("against the dialect", &["6/13/1985"], Some(DayMonthYear), None, Order::Known(MonthDayYear)),
            ("contradiction", &["13/06/1985", "6/13/1985"], Some(DayMonthYear), None, Order::Open),
            ("dialect", &["5/6/1985"], Some(DayMonthYear), Some(Language::En), Order::Known(DayMonthYear)),
            ("German", &["5/6/1985"], None, Some(Language::De), Order::Known(DayMonthYear)),
            ("English", &["5/6/1985"], None, Some(Language::En), Order::Assumed(MonthDayYear)),
            ("dots", &["5.6.1985"], None, Some(Language::En), Order::Known(DayMonthYear)),
            (
                "year of two digits",
                &["85-04-12", "5-6-12"],
                None,
                Some(Language::En),
                Order::Known(DateOrder::YearMonthDay),
            ),
            ("nothing", &["5/6/1985", "1985-04-12", ""], None, None, Order::Open),
        ] {
            let mut evidence = Evidence::default();
            values.iter().for_each(|value| evidence.see(value));
            assert_eq!(evidence.order(dialect, header), expected, "{name}");
        }
    }

    #[test]
    fn readings() {
        let date = |date: &str| Reading::Date(date.to_owned());
        for (text, order, expected) in [
            ("5/6/1985", Order::Known(DayMonthYear), date("1985-06-05")),
            ("5/6/1985", Order::Assumed(MonthDayYear), Reading::Assumed("1985-05-06".to_owned())),
            ("5/5/1985", Order::Assumed(MonthDayYear), date("1985-05-05")),
            ("1985-05-06", Order::Assumed(MonthDayYear), date("1985-05-06")),
            ("5 May 1985", Order::Assumed(MonthDayYear), date("1985-05-05")),
            ("5/6/1985", Order::Open, Reading::Ambiguous),
            ("13/6/85", Order::Open, date("1985-06-13")),
            ("13/6/05", Order::Open, Reading::Ambiguous),
            ("5/6/85", Order::Known(DayMonthYear), date("1985-06-05")),
            ("5/6/05", Order::Assumed(MonthDayYear), Reading::Assumed("2005-05-06".to_owned())),
            ("5/6", Order::Open, Reading::Ambiguous),
            ("5/5/1985", Order::Open, date("1985-05-05")),
            ("13/6/1985", Order::Open, date("1985-06-13")),
            ("6/13/1985", Order::Known(DayMonthYear), date("1985-06-13")),
            ("6/13/1985", Order::Fixed(DayMonthYear), Reading::NoDate),
            ("0/0/00", Order::Open, Reading::Nothing),
            ("00.00.0000", Order::Known(DayMonthYear), Reading::Nothing),
            ("-", Order::Open, Reading::Nothing),
            ("soon", Order::Open, Reading::NoDate),
            ("30.2.1985", Order::Known(DayMonthYear), Reading::NoDate),
        ] {
            assert_eq!(order.read(text, Years::OfBirth, &Months::default()), expected, "{text} {order:?}");
        }
    }
}
