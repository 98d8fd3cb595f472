//! Contacts for an export, with the cards they are made of.

use std::collections::{BTreeSet, HashMap};

use rusqlite::{Connection, params};

use super::undo::IS_LEFT;
use super::{Store, contacts, identities};
use crate::core::assemble::assemble;
use crate::core::contact::COLUMNS;
use crate::core::export::{Exported, Original, person_of_uid, uid_of};
use crate::core::facts::PersonId;
use crate::core::identity::is_counted;
use crate::core::name::fold;
use crate::error::{Doing, Result};

impl Store {
    /// Puts contacts into the order of exports: by name, those of one name by what is known of them, and so
    /// by nothing that depends on when they were imported.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn in_export_order(&self, ids: &[PersonId], importer: &str) -> Result<Vec<PersonId>> {
        let namespace = self.namespace()?;
        let mut named = Vec::with_capacity(ids.len());
        for &id in ids {
            named.push((fold(&contacts::name(&self.conn, id)?), id));
        }
        named.sort();
        let mut ordered = Vec::with_capacity(ids.len());
        for namesakes in named.chunk_by(|(one, _), (other, _)| one == other) {
            if let [(_, only)] = namesakes {
                ordered.push(*only);
                continue;
            }
            let mut keyed = Vec::with_capacity(namesakes.len());
            for &(_, id) in namesakes {
                let known = assemble(&contacts::cards(&self.conn, id)?, &contacts::changes(&self.conn, id)?);
                keyed.push((known.key(), uid(&self.conn, &namespace, id, importer)?, id));
            }
            keyed.sort();
            ordered.extend(keyed.into_iter().map(|(.., id)| id));
        }
        Ok(ordered)
    }

    /// All that an export says of a contact, with the UID by which this
    /// importer would know it again.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn exported(&self, id: PersonId, importer: &str) -> Result<Exported> {
        let cards = contacts::cards(&self.conn, id)?;
        let changes = contacts::changes(&self.conn, id)?;
        let content = assemble(&cards, &changes);
        let own: BTreeSet<_> = COLUMNS
            .into_iter()
            .filter(|column| changes.iter().any(|change| change.field == column.name()))
            .collect();
        let mut raw: HashMap<i64, String> = HashMap::new();
        for card in cards.iter().filter(|card| card.kept) {
            let text = self
                .conn
                .prepare_cached("SELECT raw FROM card WHERE id = ?1")
                .and_then(|mut s| s.query_row([card.id], |row| row.get(0)))
                .doing(|| format!("read the cards of contact {id}"))?;
            raw.insert(card.id, text);
        }
        let originals = cards
            .into_iter()
            .map(|card| Original { vcard: raw.remove(&card.id).unwrap_or_default(), card })
            .collect();
        let uid = uid(&self.conn, &self.namespace()?, id, importer)?;
        Ok(Exported { uid, content, own, originals })
    }
}

impl Store {
    /// The current cards of a contact as they came: who read them, and their text.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn originals(&self, id: PersonId) -> Result<Vec<(String, String)>> {
        let doing = || format!("read the cards of contact {id}");
        let mut all = Vec::new();
        for home in contacts::group(&self.conn, id)? {
            let mut statement = self
                .conn
                .prepare_cached(&format!(
                    "SELECT importer, raw FROM card WHERE contact_id = ?1 AND replaced_by IS NULL AND NOT {IS_LEFT} ORDER BY id",
                ))
                .doing(doing)?;
            let cards = statement.query_map([home.0], |row| Ok((row.get(0)?, row.get(1)?))).doing(doing)?;
            for card in cards {
                all.push(card.doing(doing)?);
            }
        }
        // In an order that does not depend on when they came.
        all.sort();
        Ok(all)
    }
}

/// The UID of a contact for an importer: one that a card of that importer has,
/// so that the record is known again, and of several the same one in whatever
/// order they came; else one of its own.
fn uid(conn: &Connection, namespace: &[u8], id: PersonId, importer: &str) -> Result<String> {
    let doing = || format!("read the cards of contact {id}");
    let mut known: BTreeSet<String> = BTreeSet::new();
    for home in contacts::group(conn, id)? {
        let mut statement = conn
            .prepare_cached(
                "SELECT uid FROM card WHERE contact_id = ?1 AND importer = ?2 AND uid IS NOT NULL AND replaced_by IS NULL",
            )
            .doing(doing)?;
        let uids = statement.query_map(params![home.0, importer], |row| row.get(0)).doing(doing)?;
        for uid in uids {
            known.insert(uid.doing(doing)?);
        }
    }
    for uid in known {
        // One that is counted proves nothing when it comes back, where nothing else does.
        if is_counted(&uid) && identities::reached_at(conn, id)?.has_no_keys() {
            continue;
        }
        if is_of_one(conn, &uid, importer, id)? {
            return Ok(uid);
        }
    }
    Ok(uid_of(namespace, id))
}

/// Whether a UID is nobody else's: some programs give several people one.
fn is_of_one(conn: &Connection, uid: &str, importer: &str, id: PersonId) -> Result<bool> {
    let doing = || "look for a UID".to_owned();
    let mut statement = conn
        .prepare_cached(
            "SELECT DISTINCT contact_id FROM card WHERE uid = ?1 AND importer = ?2 AND replaced_by IS NULL",
        )
        .doing(doing)?;
    let homes: Vec<i64> = statement
        .query_map(params![uid, importer], |row| row.get(0))
        .and_then(Iterator::collect)
        .doing(doing)?;
    for home in homes {
        if contacts::resolve(conn, PersonId(home))? != id {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Who an export of this database gave this UID.
pub(super) fn person(conn: &Connection, namespace: &[u8], uid: &str) -> Result<Option<PersonId>> {
    match person_of_uid(namespace, uid) {
        Some(id) if contacts::exists(conn, id)? => contacts::resolve(conn, id).map(Some),
        _ => Ok(None),
    }
}
