//! The imports there were.

use std::collections::HashMap;

use jiff::Timestamp;
use rusqlite::Row;

use super::undo::{StepId, steps_of_imports};
use super::{Store, facts};
use crate::error::Result;

/// An import as it is looked back on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PastImport {
    /// Its number, by which it is taken back.
    pub number: i64,
    /// When, in UTC.
    pub at: String,
    /// The name of the file; of a followed folder its path.
    pub file: String,
    /// The archive that the file was in.
    pub archive: Option<String>,
    /// The importer's name.
    pub importer: String,
    /// The name of the address book.
    pub address_book: String,
    /// Whether it was what had happened in a followed folder.
    pub followed: bool,
    /// What it did.
    pub counts: Counts,
    /// When it was taken back, in UTC.
    pub undone_at: Option<String>,
    /// The step that it is, or in an archive that all files of it are; none if nothing was changed.
    pub step: Option<StepId>,
}

/// What an import did, in numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// People and organisations that were not known.
    pub new: i64,
    /// Records that changed what was known of somebody.
    pub updated: i64,
    /// Records that said nothing new.
    pub unchanged: i64,
    /// Records that waited to be decided.
    pub review: i64,
    /// What the importer did not take.
    pub skipped: i64,
    /// Interactions that were new.
    pub history: i64,
    /// Cards whose files went.
    pub gone: i64,
}

impl Counts {
    /// Reads [`COUNTS`], the first of which is column `at`.
    pub(super) fn read(row: &Row<'_>, at: usize) -> rusqlite::Result<Self> {
        Ok(Self {
            new: row.get(at)?,
            updated: row.get(at + 1)?,
            unchanged: row.get(at + 2)?,
            review: row.get(at + 3)?,
            skipped: row.get(at + 4)?,
            history: row.get(at + 5)?,
            gone: row.get(at + 6)?,
        })
    }

    /// Those of two imports together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            new: self.new + other.new,
            updated: self.updated + other.updated,
            unchanged: self.unchanged + other.unchanged,
            review: self.review + other.review,
            skipped: self.skipped + other.skipped,
            history: self.history + other.history,
            gone: self.gone + other.gone,
        }
    }
}

/// In words, without what is none: `12 new, 1 in review`.
impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let all = [
            (self.new, "new"),
            (self.updated, "updated"),
            (self.unchanged, "unchanged"),
            (self.review, "in review"),
            (self.skipped, "skipped"),
            (self.history, "in the history"),
            (self.gone, "gone"),
        ];
        let some = all.iter().filter(|(count, _)| *count > 0);
        let said: Vec<String> = some.map(|(count, word)| format!("{count} {word}")).collect();
        f.write_str(if said.is_empty() { "nothing" } else { "" })?;
        f.write_str(&said.join(", "))
    }
}

impl Store {
    /// Every import, newest first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn imports(&self) -> Result<Vec<PastImport>> {
        let mut all = Vec::new();
        let steps = steps_of_imports(&self.conn)?;
        facts::each(
            &self.conn,
            &format!(
                "SELECT import.id, at, file_name, archive, import.importer, source.name, coalesce(source.folder = file_name, 0),
                        undone_at, {COUNTS}
                 FROM import LEFT JOIN source ON source.id = source_id ORDER BY import.id DESC"
            ),
            |row| {
                all.push(past(row, &steps)?);
                Ok(())
            },
        )?;
        Ok(all)
    }
}

impl Store {
    /// What the last import of a file did that was in its place before `since`, or of the files in
    /// that archive; none if there was none, or it changed nothing.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn imported_after(&self, file: &str, since: Timestamp) -> Result<Option<(String, Counts)>> {
        let mut found: Option<(String, Counts)> = None;
        facts::each_of(
            &self.conn,
            &format!(
                "SELECT at, {COUNTS} FROM import WHERE coalesce(archive, file_name) = ?1 AND at > ?2 AND undone_at IS NULL
                 AND new + updated + review + history > 0 ORDER BY id DESC"
            ),
            // Whole seconds are written: one that began in the same second may have been of another file.
            [file, &since.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()],
            |row| {
                let (at, counts): (String, Counts) = (row.get(0)?, Counts::read(row, 1)?);
                found = Some(match found.take() {
                    None => (at, counts),
                    // The files of an archive are imported at one time.
                    Some((last, all)) if last == at => (last, all.and(counts)),
                    Some(last) => last,
                });
                Ok(())
            },
        )?;
        Ok(found)
    }
}

/// The columns that [`Counts::read`] reads.
pub(super) const COUNTS: &str = "new, updated, unchanged, review, skipped, history, gone";

fn past(row: &Row<'_>, steps: &HashMap<i64, StepId>) -> rusqlite::Result<PastImport> {
    let number = row.get(0)?;
    let file: String = row.get(2)?;
    Ok(PastImport {
        number,
        at: row.get(1)?,
        archive: row.get(3)?,
        importer: row.get(4)?,
        address_book: row.get::<_, Option<String>>(5)?.unwrap_or_else(|| file.clone()),
        followed: row.get(6)?,
        undone_at: row.get(7)?,
        step: steps.get(&number).copied(),
        counts: Counts::read(row, 8)?,
        file,
    })
}
