//! What is done once nobody waits for anything.

use jiff::Timestamp;

use super::publishing::Kept;
use super::{Keeper, told};
use crate::core::facts::Facts;
use crate::memory;
use crate::store::Store;

impl Keeper {
    /// Looks for people who may be the same since others came; nobody waits for
    /// the calendars any more.
    pub(super) fn look_for_twins(&mut self) {
        if !std::mem::replace(&mut self.looked, true)
            && let Err(error) = self.store.look_for_twins(Timestamp::now())
        {
            // Nothing is lost: kith review looks again.
            tracing::warn!("could not look for people who may be the same");
            tracing::debug!("{error}");
        }
    }

    /// Gives back the memory that was needed for a moment.
    ///
    /// What is kept was read among much that is free by now, and would hold on
    /// to pages that have nothing else in them. So it is read anew, close
    /// together: measured with 10,000 people after an import and fifteen
    /// changes, 21 MB resident each time, where it was 21 to 28.
    pub(super) fn rest(&mut self) {
        let give_back = |store: &Store| {
            told(store.give_memory_back());
            memory::give_back();
        };
        let kept = self.kept.take().map(|kept| Kept { facts: Facts::default(), ..kept });
        give_back(&self.store);
        self.kept = kept.and_then(|kept| {
            // If it cannot be read, the next publication says why.
            let facts = self.store.facts(&self.settings.me, kept.day).ok()?.facts;
            Some(Kept { facts, ..kept })
        });
        give_back(&self.store);
    }
}
