//! Events that are no meeting of the user with somebody.

use std::collections::BTreeMap;
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

/// How many events were left out, and why.
#[derive(Debug, Clone, Default)]
pub(crate) struct Tally(BTreeMap<LeftOut, u64>);

impl Tally {
    pub(crate) fn count(&mut self, why: LeftOut) {
        *self.0.entry(why).or_default() += 1;
    }

    /// All of it in a sentence, if there is any.
    pub(crate) fn said(&self) -> Option<String> {
        let said: Vec<String> = self.0.iter().map(|(why, times)| format!("{times} {why}")).collect();
        (!said.is_empty()).then(|| format!("events left out: {}", said.join(", ")))
    }
}
