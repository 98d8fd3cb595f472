//! Events that are no meeting of the user with somebody.

use std::fmt;

/// Why an event is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LeftOut {
    /// It names nobody else.
    Alone,
    /// It was called off.
    Cancelled,
    /// The user declined.
    Declined,
    /// A whole group was invited.
    Group,
    /// It is one of kith's own follow-ups, read back.
    Own,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Alone => "with nobody else",
            Self::Cancelled => "cancelled",
            Self::Declined => "that you declined",
            Self::Group => "to which a group was invited",
            Self::Own => "of kith's own",
        })
    }
}
