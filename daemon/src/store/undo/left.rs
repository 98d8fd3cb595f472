//! What is left of cards whose import was taken back: the name of whoever the
//! user noted something of, and nothing that else only the import said.
//!
//! The card as it was is put aside like all others of the import. In its place
//! stands one that says the name alone; it equals no record, and counts only
//! where nothing else says what somebody is called.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{Connection, params};

use super::journal::Journal;
use super::{Kept, asked};
use crate::core::account::word_for;
use crate::core::assemble::{Card, assemble, name_alone, named, ordered};
use crate::core::contact::Column;
use crate::core::facts::PersonId;
use crate::error::{Doing, Error, Result};
use crate::store::{contacts, facts};

/// Of a row of `card`: whether it is no record, but what is left of one.
pub(in crate::store) const IS_LEFT: &str = "hash = x''";

/// The cards that say what these contacts are called, one of each.
pub(super) fn that_name(conn: &Connection, kept: &[PersonId]) -> Result<BTreeSet<i64>> {
    let mut names = BTreeSet::new();
    for id in kept {
        let mut all: Vec<(bool, Card)> = Vec::new();
        let mut texts: Vec<(i64, bool, bool, String)> = Vec::new();
        facts::each_of(
            conn,
            "SELECT id, replaced_by IS NOT NULL, importer = 'vcard', fields FROM card WHERE contact_id = ?1 ORDER BY id",
            [id.0],
            |row| {
                texts.push((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
                Ok(())
            },
        )?;
        for (id, replaced, kept, text) in texts {
            all.push((replaced, Card { id, kept, behind: 0, gone: None, fields: fields(id, &text)? }));
        }
        // One that was replaced by a card of somebody whom this one is part of.
        if all.iter().any(|(replaced, _)| !replaced) {
            all.retain(|(replaced, _)| !replaced);
        }
        let cards: Vec<Card> = all.into_iter().map(|(_, card)| card).collect();
        names.extend(named(&ordered(&cards)).map(|card| card.id));
    }
    Ok(names)
}

/// Leaves nothing of a card but the name.
pub(super) fn leave_name(journal: &mut Journal<'_>, card: i64) -> Result<()> {
    let doing = || format!("leave the name of card {card}");
    journal.note("card", card)?;
    let text: String = journal
        .tx
        .query_row("SELECT fields FROM card WHERE id = ?1", [card], |row| row.get(0))
        .doing(doing)?;
    let left =
        Card { id: card, kept: false, behind: 0, gone: None, fields: name_alone(&fields(card, &text)?) };
    let text = serde_json::to_string(&left.fields)
        .map_err(|error| Error::internal(format!("a card cannot be written as JSON: {error}")))?;
    let said = i64::try_from(assemble(&[left], &[]).said()).unwrap_or(i64::MAX);
    journal
        .tx
        .prepare_cached(
            "UPDATE card SET fields = ?2, said = ?3, hash = x'', raw = '', profile = NULL WHERE id = ?1",
        )
        .and_then(|mut s| s.execute(params![card, text, said]))
        .doing(doing)
        .map(drop)
}

/// A record that comes again takes the place of what is left of somebody's cards.
pub(in crate::store) fn replace(conn: &Connection, home: PersonId, by: i64) -> Result<()> {
    conn.prepare_cached(&format!(
        "UPDATE card SET replaced_by = ?2 WHERE contact_id = ?1 AND replaced_by IS NULL AND {IS_LEFT}"
    ))
    .and_then(|mut s| s.execute([home.0, by]))
    .doing(|| "replace what is left of a card".to_owned())
    .map(drop)
}

fn fields(card: i64, text: &str) -> Result<kith_plugin::Contact> {
    serde_json::from_str(text)
        .map_err(|error| Error::internal(format!("card {card} is not as kith wrote it: {error}")))
}

/// Whether nothing but what is left of a card says what a contact is called.
pub(super) fn is_all(conn: &Connection, id: PersonId) -> Result<bool> {
    asked(
        conn,
        &format!(
            "SELECT EXISTS (SELECT 1 FROM card WHERE contact_id = ?1 AND {IS_LEFT})
                AND NOT EXISTS (SELECT 1 FROM card WHERE contact_id = ?1 AND NOT {IS_LEFT})
                AND NOT EXISTS (SELECT 1 FROM change WHERE contact_id = ?1 AND field = 'name' AND undone IS NULL)"
        ),
        id,
    )
}

/// Who of these stays although nothing but their name is left, and why; not who is part of
/// somebody with a name of their own.
pub(super) fn kept(conn: &Connection, all: &[PersonId]) -> Result<Vec<Kept>> {
    let mut people = BTreeSet::new();
    for &id in all {
        people.insert(contacts::resolve(conn, id)?);
    }
    let mut kept = Vec::new();
    for id in people {
        let cards: BTreeSet<i64> = contacts::cards(conn, id)?.into_iter().map(|card| card.id).collect();
        let group = contacts::group(conn, id)?;
        let mut counts = false;
        for home in &group {
            facts::each_of(
                conn,
                &format!("SELECT id FROM card WHERE contact_id = ?1 AND {IS_LEFT}"),
                [home.0],
                |row| {
                    counts |= cards.contains(&row.get(0)?);
                    Ok(())
                },
            )?;
        }
        if counts {
            kept.push(Kept { id, name: contacts::name(conn, id)?, why: why(conn, id, &group)? });
        }
    }
    Ok(kept)
}

/// What of the user's own somebody has, in words.
fn why(conn: &Connection, id: PersonId, group: &[PersonId]) -> Result<Vec<String>> {
    let mut changed: BTreeMap<i64, String> = BTreeMap::new();
    let (mut history, mut paused, mut introduces) = (0, false, false);
    for home in group {
        facts::each_of(
            conn,
            "SELECT min(n), field FROM change WHERE contact_id = ?1 AND undone IS NULL
             AND substr(field, 1, instr(field || '.', '.') - 1) NOT IN ('review', 'merged', 'card', 'interaction', 'pause', 'circle')
             GROUP BY field",
            [home.0],
            |row| {
                let field: String = row.get(1)?;
                let (table, _) = field.split_once('.').unwrap_or((&field, ""));
                let word = if table == "archived_at" { "archive" } else { word_for(table) };
                changed.insert(row.get(0)?, word.to_owned());
                Ok(())
            },
        )?;
        facts::each_of(
            conn,
            "SELECT (SELECT count(*) FROM interaction WHERE contact_id = ?1),
                    EXISTS (SELECT 1 FROM pause WHERE contact_id = ?1),
                    EXISTS (SELECT 1 FROM introduction WHERE through_id = ?1)",
            [home.0],
            |row| {
                history += row.get::<_, i64>(0)?;
                paused |= row.get::<_, bool>(1)?;
                introduces |= row.get::<_, bool>(2)?;
                Ok(())
            },
        )?;
    }
    let mut why = Vec::new();
    if let Some(circle) = contacts::read(conn, id)?.column(Column::Circle) {
        why.push(format!("in the circle {circle}"));
    }
    let mut words: Vec<String> = Vec::new();
    for word in changed.into_values() {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    if !words.is_empty() {
        why.push(format!("you changed the {}", words.join(", ")));
    }
    match history {
        0 => {}
        1 => why.push("one entry in the history".to_owned()),
        many => why.push(format!("{many} entries in the history")),
    }
    if paused {
        why.push("a pause".to_owned());
    }
    if introduces {
        why.push("an introduction that they are to make".to_owned());
    }
    if group.len() > 1 {
        why.push("somebody is merged into them".to_owned());
    }
    if why.is_empty() {
        why.push("you noted something, and took it away again".to_owned());
    }
    Ok(why)
}
