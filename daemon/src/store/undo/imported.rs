//! Taking an import back: its cards are put aside, those that they replaced
//! count again, and whoever has nothing else goes. Of whom the user noted
//! something the name stays ([`left`]).

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, params};

use super::journal::Journal;
use super::told::{TOLD, entries_of};
use super::{assemble_anew, has_anything, is_noted, left};
use crate::core::account::Entry;
use crate::core::facts::PersonId;
use crate::error::{Doing, Result};
use crate::store::{contacts, facts};

/// Takes an import back, or those of an archive's files, the last one first; gives the contacts of
/// which only it said what they are called, and of which the user noted something.
pub(super) fn take_back(journal: &mut Journal<'_>, parts: &[i64], at: &str) -> Result<Vec<PersonId>> {
    let mut kept = Vec::new();
    // What one file told of somebody is nothing that the user noted of whom another file brought.
    for &part in parts {
        let interactions = journal.keys("SELECT id FROM interaction WHERE import_id = ?1", part)?;
        interactions.into_iter().try_for_each(|interaction| journal.remove("interaction", interaction))?;
    }
    for &part in parts.iter().rev() {
        kept.append(&mut take_one_back(journal, part, at)?);
    }
    Ok(kept)
}

fn take_one_back(journal: &mut Journal<'_>, import: i64, at: &str) -> Result<Vec<PersonId>> {
    let tx = journal.tx;
    let doing = || "take the import back".to_owned();
    let losers = journal.keys("SELECT loser FROM merged WHERE import_id = ?1", import)?;
    let mut homes: BTreeSet<i64> = losers.iter().copied().collect();
    homes.extend(journal.keys("SELECT winner FROM merged WHERE import_id = ?1", import)?);
    homes.extend(journal.keys("SELECT DISTINCT contact_id FROM card WHERE import_id = ?1", import)?);
    let mut before = BTreeSet::new();
    for &id in &homes {
        before.insert(contacts::resolve(tx, PersonId(id))?.0);
    }
    let reviews = journal.keys("SELECT id FROM review WHERE import_id = ?1 AND decision IS NULL", import)?;
    losers.into_iter().try_for_each(|loser| journal.remove("merged", loser))?;
    reviews.into_iter().try_for_each(|review| journal.remove("review", review))?;
    let mut kept = Vec::new();
    for &id in &homes {
        if is_only_of(journal, import, id)? && has_anything(tx, PersonId(id))? {
            kept.push(PersonId(id));
        }
    }
    let mut cards: HashMap<i64, Option<i64>> = HashMap::new();
    let mut numbers: Vec<i64> = Vec::new();
    facts::each_of(
        tx,
        "SELECT id, replaced_by FROM card WHERE import_id = ?1 ORDER BY id",
        [import],
        |row| {
            cards.insert(row.get(0)?, row.get(1)?);
            numbers.push(row.get(0)?);
            Ok(())
        },
    )?;
    replace_no_longer(journal, import, &cards)?;
    let names = left::that_name(tx, &kept)?;
    for card in numbers {
        if names.contains(&card) {
            left::leave_name(journal, card)?;
        } else {
            journal.remove("card", card)?;
        }
    }
    forget_the_nameless(journal, &mut homes, &mut kept)?;
    journal.note("import", import)?;
    tx.execute("UPDATE import SET undone_at = ?2 WHERE id = ?1", params![import, at]).doing(doing)?;
    assemble_anew(journal, &homes, &before, |_, _| Ok(()))?;
    // What waited for a decision about somebody who is gone.
    let orphans = journal.keys(
        "SELECT id FROM review WHERE decision IS NULL AND id > ?1
         AND (contact_id NOT IN (SELECT id FROM contact) OR twin_id NOT IN (SELECT id FROM contact))",
        0,
    )?;
    orphans.into_iter().try_for_each(|review| journal.remove("review", review))?;
    Ok(kept)
}

/// What the user changed and noted of an import's people since then; `parts` are its numbers.
pub(super) fn later(conn: &Connection, parts: &[i64]) -> Result<Vec<Entry>> {
    let numbers: Vec<String> = parts.iter().map(ToString::to_string).collect();
    entries_of(
        conn,
        "WITH part(id) AS (SELECT value FROM json_each(?1)),
              people(id) AS (SELECT contact_id FROM card WHERE import_id IN (SELECT id FROM part)
                             UNION SELECT winner FROM merged JOIN card ON contact_id = loser
                                   WHERE card.import_id IN (SELECT id FROM part))
         SELECT contact_id, field, item, old, new FROM change
         WHERE n > (SELECT after_change FROM import WHERE id = ?2) AND undone IS NULL
           AND contact_id IN (SELECT id FROM people)
         ORDER BY n LIMIT ?3",
        (format!("[{}]", numbers.join(",")), parts.first(), TOLD),
    )
}

/// Parts those of whom nothing but names is left, all of them, and of none of whom the user noted
/// anything: that they are one is then said of nobody, and they go.
fn forget_the_nameless(
    journal: &mut Journal<'_>,
    homes: &mut BTreeSet<i64>,
    kept: &mut Vec<PersonId>,
) -> Result<()> {
    let tx = journal.tx;
    for id in homes.clone() {
        let person = contacts::resolve(tx, PersonId(id))?;
        let group = contacts::group(tx, person)?;
        let mut is_needed = group.len() < 2;
        for &part in &group {
            is_needed = is_needed || is_noted(tx, part)? || !left::is_all(tx, part)?;
        }
        if !is_needed {
            for part in &group {
                homes.insert(part.0);
                if *part != person {
                    journal.remove("merged", part.0)?;
                }
            }
            kept.retain(|id| !group.contains(id));
        }
    }
    Ok(())
}

/// Whether no other import says what a contact is called. (The user may; but when that is taken back,
/// the name is needed.) The plus signs keep SQLite to the few cards of the contact, from the many of the import.
fn is_only_of(journal: &Journal<'_>, import: i64, id: i64) -> Result<bool> {
    journal
        .tx
        .prepare_cached(
            "SELECT EXISTS (SELECT 1 FROM card WHERE contact_id = ?1 AND +import_id = ?2)
                AND NOT EXISTS (SELECT 1 FROM card WHERE contact_id = ?1 AND +import_id <> ?2)",
        )
        .and_then(|mut s| s.query_row([id, import], |row| row.get(0)))
        .doing(|| "read whose cards they are".to_owned())
}

/// What the cards replaced is replaced by what replaced them, or counts again.
fn replace_no_longer(
    journal: &mut Journal<'_>,
    import: i64,
    cards: &HashMap<i64, Option<i64>>,
) -> Result<()> {
    let mut replaced: Vec<(i64, i64)> = Vec::new();
    // CROSS JOIN: every card once, and not all cards for each one of the import.
    facts::each_of(
        journal.tx,
        "SELECT earlier.id, earlier.replaced_by FROM card AS earlier CROSS JOIN card AS later ON later.id = earlier.replaced_by
         WHERE later.import_id = ?1",
        [import],
        |row| {
            replaced.push((row.get(0)?, row.get(1)?));
            Ok(())
        },
    )?;
    for (earlier, by) in replaced {
        let mut now = Some(by);
        while let Some(next) = now.and_then(|by| cards.get(&by)) {
            now = *next;
        }
        journal.note("card", earlier)?;
        journal
            .tx
            .prepare_cached("UPDATE card SET replaced_by = ?2 WHERE id = ?1")
            .and_then(|mut s| s.execute(params![earlier, now]))
            .doing(|| "let an earlier card count again".to_owned())?;
    }
    Ok(())
}
