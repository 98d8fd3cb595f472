//! The calendars there are, by name.

use std::fmt;

/// A calendar that is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Name {
    /// Whom to talk to next, and what the user logged of late.
    FollowUps,
    /// Birthdays.
    Birthdays,
    /// With whom the user was in touch, logged or imported.
    History,
}

impl Name {
    /// Every calendar.
    pub const ALL: [Self; 3] = [Self::FollowUps, Self::Birthdays, Self::History];

    /// The name of its file, and the end of its address: `follow-ups.ics`.
    #[must_use]
    pub fn file(self) -> &'static str {
        match self {
            Self::FollowUps => "follow-ups.ics",
            Self::Birthdays => "birthdays.ics",
            Self::History => "history.ics",
        }
    }

    /// The calendar whose [file](Self::file) has that name.
    #[must_use]
    pub fn of_file(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|calendar| calendar.file() == name)
    }
}

/// Its name in the database: `follow-ups`.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.file().trim_end_matches(".ics"))
    }
}
