//! How a tie stands on a day: new, warm, cooling or dormant.

use std::fmt;

use jiff::civil::Date;

use super::cadence::Cadence;

/// How a tie stands. It is told by the person's own cadence and never by fixed
/// windows: who is spoken to once a year is warm for as long as that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// They never talked, and the user never heard from them.
    New,
    /// Until the at-the-latest interval after the last contact is over.
    Warm,
    /// For as long again.
    Cooling,
    /// After that.
    Dormant,
}

impl State {
    /// How a tie stands on `day`, whose `last` two-way or inbound contact is given.
    #[must_use]
    pub fn on(day: Date, last: Option<Date>, cadence: Cadence) -> Self {
        let Some(last) = last else { return Self::New };
        let warm_until = cadence.latest.after(last);
        if day <= warm_until {
            Self::Warm
        } else if day <= cadence.latest.after(warm_until) {
            Self::Cooling
        } else {
            Self::Dormant
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::New => "new",
            Self::Warm => "warm",
            Self::Cooling => "cooling",
            Self::Dormant => "dormant",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::cadence::Interval;
    use jiff::civil::date;

    #[test]
    fn a_tie_cools_on_its_own_cadence() {
        let monthly = Cadence { ideal: Interval::weeks(2), latest: Interval::months(1) };
        let yearly = Cadence { ideal: Interval::months(6), latest: Interval::months(12) };
        let last = Some(date(2026, 1, 31));
        for (day, cadence, last, state) in [
            (date(2026, 6, 1), monthly, None, State::New),
            (date(2026, 1, 31), monthly, last, State::Warm),
            (date(2026, 2, 28), monthly, last, State::Warm),
            (date(2026, 3, 1), monthly, last, State::Cooling),
            (date(2026, 3, 28), monthly, last, State::Cooling),
            (date(2026, 3, 29), monthly, last, State::Dormant),
            (date(2027, 1, 31), yearly, last, State::Warm),
            (date(2028, 1, 31), yearly, last, State::Cooling),
            (date(2028, 2, 1), yearly, last, State::Dormant),
        ] {
            assert_eq!(State::on(day, last, cadence), state, "on {day}");
        }
    }
}
