//! How much room a day leaves for outreaches, by what the user's calendars have on it.

use std::fmt;

/// From so many busy minutes on a day has half of its budget.
const HALF: u32 = 4 * 60;
/// From so many on it has none.
const NONE: u32 = 7 * 60;

/// How full a day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Load {
    /// Less than four busy hours: the day's whole budget.
    Light,
    /// Less than seven: half of it, rounded up.
    Half,
    /// Seven or more: none of it.
    Full,
}

impl Load {
    /// The load of a day with so many busy minutes.
    #[must_use]
    pub fn of(minutes: u32) -> Self {
        match minutes {
            ..HALF => Self::Light,
            HALF..NONE => Self::Half,
            NONE.. => Self::Full,
        }
    }

    /// What is left of a day's budget.
    #[must_use]
    pub fn places(self, per_day: usize) -> usize {
        match self {
            Self::Light => per_day,
            Self::Half => per_day.div_ceil(2),
            Self::Full => 0,
        }
    }
}

/// Busy minutes as they are said: `5 h`, `4 h 30 min`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hours(pub u32);

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (hours, minutes) = (self.0 / 60, self.0 % 60);
        match (hours, minutes) {
            (hours, 0) => write!(f, "{hours} h"),
            (0, minutes) => write!(f, "{minutes} min"),
            (hours, minutes) => write!(f, "{hours} h {minutes} min"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_busy_day_has_half_of_its_budget_and_a_full_one_none() {
        for (hours, per_day, places) in [(0.0, 3, 3), (3.9, 3, 3), (4.0, 3, 2), (6.9, 1, 1), (7.0, 3, 0), (24.0, 9, 0)] {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few hours")]
            let minutes = (hours * 60.0) as u32;
            assert_eq!(Load::of(minutes).places(per_day), places, "{hours} hours, {per_day} a day");
        }
        let said = [0, 45, 60, 270].map(|minutes| Hours(minutes).to_string());
        assert_eq!(said, ["0 h", "45 min", "1 h", "4 h 30 min"]);
    }
}
