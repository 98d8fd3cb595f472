//! What the user learned of a person, and what they could do for each other.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::facts::PersonId;
use super::word;

/// Something the user noted of a person, for the next talk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Memo {
    /// Its number: `memo.id` in the database.
    pub id: i64,
    /// Of whom.
    pub person: PersonId,
    /// What kind of thing it is.
    pub kind: Kind,
    /// What, in the user's words: `sailing`.
    pub what: String,
    /// When it was noted.
    pub entered: Date,
}

/// What kind of thing is noted of a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// What they like.
    Interest,
    /// Who is close to them.
    Family,
    /// What they need or look for.
    Need,
    /// Whom they know.
    Knows,
    /// What the user could offer them.
    Offer,
    /// What the user wants to learn from them.
    Learn,
}

impl Kind {
    /// Every one, with its name in the database and in JSON.
    pub const NAMES: [(Self, &str); 6] = [
        (Self::Interest, "interest"),
        (Self::Family, "family"),
        (Self::Need, "need"),
        (Self::Knows, "knows"),
        (Self::Offer, "offer"),
        (Self::Learn, "learn"),
    ];

    /// What stands before it where it is shown.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Interest => "Interests",
            Self::Family => "Family",
            Self::Need => "Needs",
            Self::Knows => "Knows",
            Self::Offer => "To offer",
            Self::Learn => "To learn",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(word::of(&Self::NAMES, self))
    }
}

impl FromStr for Kind {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        word::named(&Self::NAMES, text).ok_or(Unknown)
    }
}

/// A text that this version does not know as a kind of memo.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown;

/// What a memo is called: `what Anna needs`.
#[must_use]
pub fn of(kind: Kind, name: &str) -> String {
    match kind {
        Kind::Interest => format!("what interests {name}"),
        Kind::Family => format!("of the family of {name}"),
        Kind::Need => format!("what {name} needs"),
        Kind::Knows => format!("whom {name} knows"),
        Kind::Offer => format!("what you could offer {name}"),
        Kind::Learn => format!("what you want to learn from {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_one_name_each() {
        for (kind, name) in Kind::NAMES {
            assert_eq!((kind.to_string().as_str(), name.parse()), (name, Ok(kind)));
        }
        assert_eq!("poem".parse::<Kind>(), Err(Unknown));
    }
}
