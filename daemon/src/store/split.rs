//! Making one person of several, and several of one, as the user says.

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use super::undo::IS_LEFT;
use super::{Store, audit, contacts, facts, last_change};
use crate::core::assemble::{Card, assemble};
use crate::core::contact::Content;
use crate::core::facts::PersonId;
use crate::error::{Doing, Error, Result};

/// Why a pair is noted that the user split.
const SPLIT: &str = "you split them";

/// Somebody who is shown as part of somebody else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Who is no longer shown.
    pub id: PersonId,
    /// Their name before.
    pub name: String,
    /// When they were merged, in UTC.
    pub at: String,
    /// The file whose import merged them; none if the user did.
    pub file_name: Option<String>,
    /// Why that import took them for one.
    pub reason: Option<String>,
}

/// A card that counts, of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnCard {
    /// Its number.
    pub id: i64,
    /// The file it came in.
    pub file_name: String,
    /// The line in it.
    pub line: u64,
    /// What somebody would be of whom this card alone says something.
    pub content: Content,
}

impl Store {
    /// Who is shown as part of somebody, in the order in which they were merged.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn parts(&self, of: PersonId) -> Result<Vec<Part>> {
        let mut parts = Vec::new();
        for id in contacts::group(&self.conn, of)?.into_iter().filter(|id| *id != of) {
            facts::each_of(
                &self.conn,
                "SELECT contact.name, merged.at, (SELECT file_name FROM import WHERE import.id = merged.import_id), merged.reason
                 FROM merged JOIN contact ON contact.id = loser WHERE loser = ?1",
                [id.0],
                |row| {
                    parts.push(Part {
                        id,
                        name: row.get(0)?,
                        at: row.get(1)?,
                        file_name: row.get(2)?,
                        reason: row.get(3)?,
                    });
                    Ok(())
                },
            )?;
        }
        parts.sort_by(|a, b| (&a.at, a.id).cmp(&(&b.at, b.id)));
        Ok(parts)
    }

    /// The cards that make up somebody, oldest first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn own_cards(&self, of: PersonId) -> Result<Vec<OwnCard>> {
        let mut cards = Vec::new();
        for home in contacts::group(&self.conn, of)? {
            let mut texts: Vec<(i64, String, i64, String)> = Vec::new();
            facts::each_of(
                &self.conn,
                &format!(
                    "SELECT card.id, file_name, line, fields FROM card JOIN import ON import.id = import_id
                     WHERE contact_id = ?1 AND replaced_by IS NULL AND NOT {IS_LEFT}"
                ),
                [home.0],
                |row| {
                    texts.push((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?));
                    Ok(())
                },
            )?;
            for (id, file_name, line, text) in texts {
                let fields = serde_json::from_str(&text).map_err(|error| {
                    Error::internal(format!("card {id} is not as kith wrote it: {error}"))
                })?;
                let content = assemble(&[Card { id, kept: true, behind: 0, gone: None, fields }], &[]);
                cards.push(OwnCard { id, file_name, line: line.cast_unsigned(), content });
            }
        }
        cards.sort_by_key(|card| card.id);
        Ok(cards)
    }

    /// Makes others part of `stays`, as the user says.
    ///
    /// # Errors
    /// If the database cannot be written; nothing is changed then.
    pub fn merge(&mut self, stays: PersonId, others: &[PersonId], now: jiff::Timestamp) -> Result<()> {
        let at = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        self.edit(|tx| {
            for other in others {
                let doing = || format!("merge contact {other} into {stays}");
                tx.execute(
                    "UPDATE review SET decided_at = ?3, decision = 'same' WHERE decision IS NULL
                     AND (contact_id, twin_id) IN (VALUES (?1, ?2), (?2, ?1))",
                    params![other.0, stays.0, at],
                )
                .doing(doing)?;
                tx.execute(
                    "INSERT INTO merged(loser, winner, at) VALUES (?1, ?2, ?3)",
                    params![other.0, stays.0, at],
                )
                .doing(doing)?;
            }
            Ok(())
        })?;
        audit::follow_merges(self)
    }

    /// Makes a part a person of its own again, and notes that the two are different.
    ///
    /// # Errors
    /// If it is no part of anybody, or the database cannot be written; nothing is changed then.
    pub fn split(&mut self, part: PersonId, now: jiff::Timestamp) -> Result<()> {
        let at = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        self.edit(|tx| {
            let doing = || format!("split contact {part} off");
            let winner: i64 = tx
                .query_row("SELECT winner FROM merged WHERE loser = ?1", [part.0], |row| row.get(0))
                .optional()
                .doing(doing)?
                .ok_or_else(|| Error::user(format!("contact {part} is not part of anybody else")))?;
            tx.execute("DELETE FROM merged WHERE loser = ?1", [part.0]).doing(doing)?;
            if review_of(tx, part, PersonId(winner))?.is_some() {
                decide_different(tx, part, PersonId(winner), &at)
            } else {
                insert_different(tx, part, PersonId(winner), (SPLIT, &at)).map(drop)
            }
        })?;
        audit::follow_merges(self)
    }

    /// Makes a person of its own of one of the cards of `person`, and notes
    /// that the two are different; gives the new one.
    ///
    /// # Errors
    /// If the card is not one of at least two of the person, or the database
    /// cannot be written; nothing is changed then.
    pub fn split_card(&mut self, person: PersonId, card: i64, now: jiff::Timestamp) -> Result<PersonId> {
        let cards = self.own_cards(person)?;
        if cards.len() < 2 || !cards.iter().any(|own| own.id == card) {
            return Err(Error::user(format!(
                "card {card} is not one of several that make up contact {person}"
            )));
        }
        let at = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        // With the triggers off: that the new contact was added is no edit, it is what its card says.
        self.own(|tx| {
            let before = last_change(tx)?;
            let new = contacts::insert(tx, &Content::default())?;
            for card in with_replaced(tx, card)? {
                let home: i64 = tx
                    .query_row("SELECT contact_id FROM card WHERE id = ?1", [card], |row| row.get(0))
                    .doing(|| format!("read card {card}"))?;
                log(tx, new, "card.contact_id", card, Some(&home.to_string()), Some(&new.to_string()))?;
                give_card(tx, card, new)?;
            }
            let review = insert_different(tx, new, person, (SPLIT, &at))?;
            for (column, value) in [
                ("contact_id", new.to_string()),
                ("twin_id", person.to_string()),
                ("reason", SPLIT.to_owned()),
                ("withheld", "0".to_owned()),
                ("since", at.clone()),
                ("decided_at", at.clone()),
                ("decision", "different".to_owned()),
            ] {
                log(tx, new, &format!("review.{column}"), review, None, Some(&value))?;
            }
            contacts::shed(tx, person)?;
            contacts::rebuild(tx, new)?;
            contacts::rebuild(tx, person)?;
            tx.execute("UPDATE change SET origin = 'command line', step = ?1 WHERE n > ?1", [before])
                .doing(|| "note who made the change".to_owned())?;
            Ok(new)
        })
    }
}

/// A card and those that it replaced, in whatever number of steps.
fn with_replaced(conn: &Connection, card: i64) -> Result<Vec<i64>> {
    let mut cards = Vec::new();
    facts::each_of(
        conn,
        "WITH RECURSIVE earlier(id) AS (VALUES (?1) UNION SELECT card.id FROM card JOIN earlier ON replaced_by = earlier.id)
         SELECT id FROM earlier ORDER BY id",
        [card],
        |row| {
            cards.push(row.get(0)?);
            Ok(())
        },
    )?;
    Ok(cards)
}

/// Gives a card to a contact, and with it what the user changed of its values.
pub(super) fn give_card(conn: &Connection, card: i64, to: PersonId) -> Result<()> {
    let doing = || format!("give card {card} to contact {to}");
    conn.execute(
        "UPDATE change SET contact_id = ?2 WHERE card_id = ?1
         AND contact_id = (SELECT contact_id FROM card WHERE id = ?1)",
        params![card, to.0],
    )
    .doing(doing)?;
    conn.execute("UPDATE card SET contact_id = ?2 WHERE id = ?1", params![card, to.0]).doing(doing).map(drop)
}

fn log(
    tx: &Transaction<'_>,
    contact: PersonId,
    field: &str,
    item: i64,
    old: Option<&str>,
    new: Option<&str>,
) -> Result<()> {
    tx.execute(
        "INSERT INTO change(contact_id, field, item, old, new) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![contact.0, field, item.to_string(), old, new],
    )
    .doing(|| "log the change".to_owned())
    .map(drop)
}

/// The review of two contacts.
fn review_of(conn: &Connection, a: PersonId, b: PersonId) -> Result<Option<i64>> {
    conn.query_row(
        "SELECT id FROM review WHERE (contact_id, twin_id) IN (VALUES (?1, ?2), (?2, ?1)) LIMIT 1",
        [a.0, b.0],
        |row| row.get(0),
    )
    .optional()
    .doing(|| "look for a review".to_owned())
}

fn decide_different(conn: &Connection, a: PersonId, b: PersonId, at: &str) -> Result<()> {
    conn.execute(
        "UPDATE review SET decided_at = ?3, decision = 'different'
         WHERE (contact_id, twin_id) IN (VALUES (?1, ?2), (?2, ?1))",
        params![a.0, b.0, at],
    )
    .doing(|| "note that they are two people".to_owned())
    .map(drop)
}

/// Notes for ever that two are two people, and why.
pub(super) fn insert_different(
    conn: &Connection,
    newer: PersonId,
    twin: PersonId,
    (why, at): (&str, &str),
) -> Result<i64> {
    conn.execute(
        "INSERT INTO review(contact_id, twin_id, reason, withheld, since, decided_at, decision)
         VALUES (?1, ?2, ?3, 0, ?4, ?4, 'different')",
        params![newer.0, twin.0, why, at],
    )
    .doing(|| "note that they are two people".to_owned())?;
    Ok(conn.last_insert_rowid())
}
