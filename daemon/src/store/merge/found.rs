//! What a batch says that was there already: noted for the import, so that to
//! take back the one that brought it takes nothing away that this one says, too.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Transaction, params};

use super::taking::Merge;
use crate::error::{Doing, Result};
use crate::store::facts;

/// Row numbers, in runs of such as follow each other: a file that comes again has the rows of one
/// import, and so one run.
#[derive(Debug, Default)]
pub(super) struct Runs(BTreeMap<i64, i64>);

impl Runs {
    /// Adds a number.
    pub(super) fn add(&mut self, number: i64) {
        if self.has(number) {
            return;
        }
        let last = self.0.remove(&number.saturating_add(1)).unwrap_or(number);
        match self.0.range_mut(..number).next_back() {
            Some((_, end)) if *end == number.saturating_sub(1) => *end = last,
            _ => drop(self.0.insert(number, last)),
        }
    }

    /// Whether a number is in one of them.
    pub(super) fn has(&self, number: i64) -> bool {
        self.0.range(..=number).next_back().is_some_and(|(_, last)| number <= *last)
    }

    /// The first and the last of each, in order.
    fn iter(&self) -> impl Iterator<Item = (i64, i64)> {
        self.0.iter().map(|(first, last)| (*first, *last))
    }
}

/// What belongs to the batches of one sitting.
#[derive(Debug)]
pub(super) struct Together {
    /// The last import before it.
    pub(super) since: i64,
    /// The cards that its batches have unchanged.
    found: Runs,
}

impl Together {
    /// Nothing yet.
    pub(super) fn begin(tx: &Transaction<'_>) -> Result<Self> {
        let since = tx
            .query_row("SELECT coalesce(max(id), 0) FROM import", [], |row| row.get(0))
            .doing(|| "look for the last import".to_owned())?;
        Ok(Self { since, found: Runs::default() })
    }

    /// What came with an import, or after it.
    pub(super) fn of_import(import: i64) -> Self {
        Self { since: import.saturating_sub(1), found: Runs::default() }
    }

    /// Takes it that a batch has a card unchanged.
    pub(super) fn found(&mut self, card: i64) {
        self.found.add(card);
    }

    /// Whether a card is one of its records.
    pub(super) fn has(&self, card: i64, import: i64) -> bool {
        import > self.since || self.found.has(card)
    }
}

impl Merge<'_, '_> {
    /// Notes what the batch says that was there already.
    pub(super) fn note_found(&self) -> Result<()> {
        let mut cards = Runs::default();
        if self.batch.folder.is_some() {
            self.claimed()?.into_iter().for_each(|card| cards.add(card));
        } else {
            let present: BTreeSet<i64> = self.present.iter().copied().collect();
            present.into_iter().for_each(|card| cards.add(card));
        }
        self.note_runs("card", &cards)?;
        self.note_runs("interaction", &self.told_again)
    }

    /// The cards that an import noted.
    pub(super) fn found_by(&self, import: i64) -> Result<Runs> {
        let mut cards = Runs::default();
        facts::each_of(
            self.tx,
            "SELECT first_id, last_id FROM found_again WHERE import_id = ?1 AND \"table\" = 'card'",
            [import],
            |row| {
                (row.get(0)?..=row.get(1)?).for_each(|card| cards.add(card));
                Ok(())
            },
        )?;
        Ok(cards)
    }

    /// The cards of a followed folder that other imports brought: they are noted once. What the folder
    /// brought itself is its own, however often a file is touched.
    fn claimed(&self) -> Result<Vec<i64>> {
        let mut claimed = Vec::new();
        facts::each_of(
            self.tx,
            "SELECT card.id FROM card JOIN import ON import.id = import_id
             WHERE card.source_id = ?1 AND file IS NOT NULL AND import.source_id <> ?1
               AND NOT EXISTS (SELECT 1 FROM found_again JOIN import AS noted ON noted.id = found_again.import_id
                               WHERE noted.source_id = ?1 AND \"table\" = 'card' AND card.id BETWEEN first_id AND last_id)",
            [self.source],
            |row| {
                claimed.push(row.get(0)?);
                Ok(())
            },
        )?;
        claimed.retain(|card| self.present.contains(card));
        Ok(claimed)
    }

    fn note_runs(&self, table: &str, runs: &Runs) -> Result<()> {
        let doing = || "note what was there already".to_owned();
        let mut note = self
            .tx
            .prepare_cached(
                "INSERT INTO found_again(import_id, \"table\", first_id, last_id) VALUES (?1, ?2, ?3, ?4)",
            )
            .doing(doing)?;
        for (first, last) in runs.iter() {
            note.execute(params![self.import, table, first, last]).doing(doing)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn runs_have_what_was_added_and_no_two_of_them_touch(numbers in prop::collection::vec(-20..20_i64, 0..40)) {
            let mut runs = Runs::default();
            numbers.iter().for_each(|number| runs.add(*number));
            let all: BTreeSet<i64> = runs.iter().flat_map(|(first, last)| first..=last).collect();
            prop_assert_eq!(&all, &numbers.iter().copied().collect());
            prop_assert!((-21..21).all(|number| runs.has(number) == all.contains(&number)));
            let ends: Vec<(i64, i64)> = runs.iter().collect();
            prop_assert!(ends.windows(2).all(|two| two[0].1 + 1 < two[1].0));
        }
    }
}
