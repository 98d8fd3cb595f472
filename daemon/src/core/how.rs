//! How the user and a person were in touch.

use std::fmt;
use std::str::FromStr;

use super::facts::Direction;
use super::word;

/// How the user and a person were in touch, what says most about a day first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// They met.
    Met,
    /// They talked, in whatever way.
    Talked,
    /// They talked on the telephone.
    Called,
    /// The user heard from them.
    Heard,
    /// The user wrote to them.
    Wrote,
    /// The user called or visited and found nobody.
    Tried,
}

impl How {
    /// Every way, with its name in the database and on the command line.
    const NAMES: [(Self, &str); 6] = [
        (Self::Met, "met"),
        (Self::Talked, "talked"),
        (Self::Called, "called"),
        (Self::Heard, "heard"),
        (Self::Wrote, "wrote"),
        (Self::Tried, "tried"),
    ];

    /// Who reached whom.
    #[must_use]
    pub fn direction(self) -> Direction {
        match self {
            Self::Met | Self::Talked | Self::Called => Direction::Both,
            Self::Heard => Direction::Inbound,
            Self::Wrote | Self::Tried => Direction::Outbound,
        }
    }
}

/// A sentence's beginning without its subject: `talked with Anna`.
#[must_use]
pub fn in_touch(how: How, name: &str) -> String {
    match how {
        How::Met => format!("met {name}"),
        How::Talked => format!("talked with {name}"),
        How::Called => format!("called {name}"),
        How::Heard => format!("heard from {name}"),
        How::Wrote => format!("wrote to {name}"),
        How::Tried => format!("tried to reach {name}"),
    }
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(word::of(&Self::NAMES, self))
    }
}

impl FromStr for How {
    type Err = UnknownHow;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        word::named(&Self::NAMES, text).ok_or(UnknownHow)
    }
}

/// A text that is not one of the ways to be in touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownHow;
