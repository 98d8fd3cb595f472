//! What of an import others said as well, which are not taken back: it is theirs
//! from then on, as if they had brought it.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::params;

use super::journal::Journal;
use crate::core::facts::PersonId;
use crate::error::{Doing, Result};
use crate::store::{contacts, facts};

/// Rows from the first to the last that another import found again.
struct Found {
    import: i64,
    source: i64,
    file: String,
    first: i64,
    last: i64,
}

/// What an import's cards were found again by, in words.
type Told = BTreeMap<i64, (String, usize)>;

/// Leaves to other imports what they said, too, of an import, or of those of an archive's files;
/// gives what that is, in words.
pub(super) fn leave_to_them(journal: &mut Journal<'_>, parts: &[i64]) -> Result<Vec<String>> {
    let numbers = format!("[{}]", parts.iter().map(ToString::to_string).collect::<Vec<_>>().join(","));
    let mut told = Told::new();
    // To whom the people of what stays are left.
    let mut heirs: BTreeMap<PersonId, i64> = BTreeMap::new();
    let mut left = rows(journal, "card", &numbers)?;
    for found in found_again(journal, "card", &numbers)? {
        let cards: Vec<i64> = left.range(found.first..=found.last).copied().collect();
        for card in cards {
            left.remove(&card);
            journal.note("card", card)?;
            let home = journal
                .tx
                .prepare_cached(
                    "UPDATE card SET import_id = ?2, source_id = ?3 WHERE id = ?1 RETURNING contact_id",
                )
                .and_then(|mut s| {
                    s.query_row(params![card, found.import, found.source], |row| row.get(0).map(PersonId))
                })
                .doing(|| "leave a card to another import".to_owned())?;
            heirs.insert(contacts::resolve(journal.tx, home)?, found.import);
            told.entry(found.import).or_insert_with(|| (found.file.clone(), 0)).1 += 1;
        }
    }
    let mut of_history = rows(journal, "interaction", &numbers)?;
    for found in found_again(journal, "interaction", &numbers)? {
        let entries: Vec<i64> = of_history.range(found.first..=found.last).copied().collect();
        for entry in entries {
            of_history.remove(&entry);
            give(journal, "interaction", "id", entry, found.import)?;
        }
    }
    // Whom one of the cards that go concerns is no longer known to be one with anybody.
    for card in left {
        let home = journal.keys("SELECT contact_id FROM card WHERE id = ?1", card)?;
        for id in home {
            heirs.remove(&contacts::resolve(journal.tx, PersonId(id))?);
        }
    }
    leave_what_they_show(journal, &numbers, &heirs)?;
    Ok(told
        .into_iter()
        .map(|(import, (file, count))| {
            let them = if count == 1 { "it" } else { "them" };
            format!("{count} of its cards: {file}, imported later, has {them} too (import {import})")
        })
        .collect())
}

/// Leaves to other imports that two are one, or may be, where all their cards are left to these.
fn leave_what_they_show(
    journal: &mut Journal<'_>,
    numbers: &str,
    heirs: &BTreeMap<PersonId, i64>,
) -> Result<()> {
    for (table, key, sql) in [
        (
            "merged",
            "loser",
            "SELECT loser, loser, winner FROM merged WHERE import_id IN (SELECT value FROM json_each(?1))",
        ),
        (
            "review",
            "id",
            "SELECT id, contact_id, twin_id FROM review
             WHERE import_id IN (SELECT value FROM json_each(?1)) AND decision IS NULL",
        ),
    ] {
        let mut shown: Vec<(i64, [i64; 2])> = Vec::new();
        facts::each_of(journal.tx, sql, [numbers], |row| {
            shown.push((row.get(0)?, [row.get(1)?, row.get(2)?]));
            Ok(())
        })?;
        for (row, who) in shown {
            let mut heir = None;
            for id in who {
                heir = heir.or(heirs.get(&contacts::resolve(journal.tx, PersonId(id))?).copied());
            }
            if let Some(import) = heir {
                give(journal, table, key, row, import)?;
            }
        }
    }
    Ok(())
}

fn give(journal: &mut Journal<'_>, table: &'static str, key: &str, row: i64, import: i64) -> Result<()> {
    journal.note(table, row)?;
    journal
        .tx
        .prepare_cached(&format!("UPDATE {table} SET import_id = ?2 WHERE {key} = ?1"))
        .and_then(|mut s| s.execute([row, import]))
        .doing(|| format!("leave a row of {table} to another import"))
        .map(drop)
}

/// The rows that imports brought.
fn rows(journal: &Journal<'_>, table: &str, numbers: &str) -> Result<BTreeSet<i64>> {
    let mut rows = BTreeSet::new();
    let sql = format!("SELECT id FROM {table} WHERE import_id IN (SELECT value FROM json_each(?1))");
    facts::each_of(journal.tx, &sql, [numbers], |row| {
        rows.insert(row.get(0)?);
        Ok(())
    })?;
    Ok(rows)
}

/// What other imports found again that are not taken back, the first of them first.
fn found_again(journal: &Journal<'_>, table: &str, numbers: &str) -> Result<Vec<Found>> {
    let mut found = Vec::new();
    facts::each_of(
        journal.tx,
        "SELECT import.id, source_id, file_name, first_id, last_id FROM found_again JOIN import ON import.id = import_id
         WHERE \"table\" = ?1 AND undone_at IS NULL AND import.id NOT IN (SELECT value FROM json_each(?2))
         ORDER BY import.id, first_id",
        [table, numbers],
        |row| {
            found.push(Found {
                import: row.get(0)?,
                source: row.get(1)?,
                file: row.get(2)?,
                first: row.get(3)?,
                last: row.get(4)?,
            });
            Ok(())
        },
    )?;
    Ok(found)
}
