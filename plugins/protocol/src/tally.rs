//! What an importer leaves out on purpose, counted by reason.

use std::collections::BTreeMap;
use std::fmt::Display;

/// How many of what a file holds were left out, by the reason, whose text
/// stands behind a number: `3 of mailing lists`.
#[derive(Debug, Clone)]
pub struct Tally<W>(BTreeMap<W, u64>);

impl<W> Default for Tally<W> {
    fn default() -> Self {
        Self(BTreeMap::new())
    }
}

impl<W: Ord + Display> Tally<W> {
    /// Counts one more that was left out.
    pub fn count(&mut self, why: W) {
        *self.0.entry(why).or_default() += 1;
    }

    /// All of it in a sentence, if there is any; `what` is what is counted, in the plural.
    #[must_use]
    pub fn said(&self, what: &str) -> Option<String> {
        let said: Vec<String> = self.0.iter().map(|(why, times)| format!("{times} {why}")).collect();
        (!said.is_empty()).then(|| format!("{what} left out: {}", said.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_left_out_is_told_by_its_reason() {
        let mut tally = Tally::default();
        assert_eq!(tally.said("mails"), None);
        for why in ["spam", "automatic", "spam"] {
            tally.count(why);
        }
        assert_eq!(tally.said("mails").as_deref(), Some("mails left out: 1 automatic, 2 spam"));
    }
}
