//! Contacts that might be one person, and what the user decided.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, OptionalExtension, params};

use super::suspicions::pairs_of;
use super::{Store, audit, facts, suspicions};
use crate::core::facts::PersonId;
use crate::error::{Doing, Error, Result};

/// Two contacts that might be one person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// Its number.
    pub id: i64,
    /// The newer contact.
    pub newer: (PersonId, String),
    /// The one that was there before.
    pub twin: (PersonId, String),
    /// Why they might be one, in words.
    pub reason: String,
    /// The same for programs ([`crate::core::suspicion::Evidence::code`]).
    pub codes: Vec<String>,
    /// How likely that is, to 100.
    pub strength: u8,
    /// Whether the newer one is not planned until it is decided.
    pub withheld: bool,
    /// Since when it waits, in UTC.
    pub since: String,
}

/// What the user decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// They are one person.
    Same,
    /// They are two; never asked again.
    Different,
}

impl Store {
    /// What waits to be decided: first those who are withheld from the plan,
    /// then the strongest suspicion, of equally strong ones the oldest. Who was
    /// merged into somebody since is that somebody.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn reviews(&self) -> Result<Vec<Review>> {
        open(&self.conn, &facts::winners(&self.conn)?)
    }

    /// How many pairs whose names are alike come as soon as some of those that wait are decided.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn reviews_to_come(&self) -> Result<u64> {
        suspicions::more(&self.conn)
    }

    /// Decides a review.
    ///
    /// # Errors
    /// If there is no such review waiting, or the database cannot be written.
    pub fn decide(&mut self, id: i64, decision: Decision, now: jiff::Timestamp) -> Result<Review> {
        let Some(review) = self.reviews()?.into_iter().find(|review| review.id == id) else {
            return Err(Error::user(format!("there is no review {id} that waits"))
                .hint("kith review lists those that do"));
        };
        let at = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let word = match decision {
            Decision::Same => "same",
            Decision::Different => "different",
        };
        self.edit(|tx| {
            tx.execute(
                "UPDATE review SET decision = ?2, decided_at = ?3 WHERE id = ?1",
                params![id, word, at],
            )
            .doing(|| "note the decision".to_owned())?;
            if decision == Decision::Same {
                tx.execute(
                    // With its reason: that the two are one does not say that the name of either stays.
                    "INSERT INTO merged(loser, winner, at, reason) VALUES (?1, ?2, ?3, ?4)",
                    params![review.newer.0.0, review.twin.0.0, at, review.reason],
                )
                .doing(|| "merge the two".to_owned())?;
            }
            Ok(())
        })?;
        audit::follow_merges(self)?;
        Ok(review)
    }
}

/// The pairs that wait, as [`Store::reviews`] has them.
pub(super) fn open(conn: &Connection, winners: &HashMap<i64, i64>) -> Result<Vec<Review>> {
    let mut reviews: Vec<Review> = Vec::new();
    let apart = pairs_of(conn, "SELECT contact_id, twin_id FROM review WHERE decision = 'different'")?;
    let mut pairs = HashSet::new();
    let sql = "SELECT id, contact_id, twin_id, reason, codes, strength, withheld, since FROM review
                   WHERE decision IS NULL AND strength > 0 ORDER BY withheld DESC, strength DESC, id";
    facts::each(conn, sql, |row| {
        let who = |at| {
            let id: i64 = row.get(at)?;
            Ok::<_, rusqlite::Error>((PersonId(winners.get(&id).copied().unwrap_or(id)), String::new()))
        };
        let codes: String = row.get(4)?;
        let (newer, twin) = (who(1)?, who(2)?);
        let pair = (newer.0.min(twin.0), newer.0.max(twin.0));
        if newer.0 != twin.0 && !apart.contains(&pair) && pairs.insert(pair) {
            reviews.push(Review {
                id: row.get(0)?,
                newer,
                twin,
                reason: row.get(3)?,
                codes: codes.split_whitespace().map(str::to_owned).collect(),
                strength: row.get(5)?,
                withheld: row.get(6)?,
                since: row.get(7)?,
            });
        }
        Ok(())
    })?;
    let mut shown = Vec::with_capacity(reviews.len());
    for mut review in reviews {
        if let (Some(newer), Some(twin)) = (standing(conn, review.newer.0)?, standing(conn, review.twin.0)?) {
            (review.newer.1, review.twin.1) = (newer, twin);
            shown.push(review);
        }
    }
    Ok(shown)
}

/// The name of somebody who is not archived.
fn standing(conn: &Connection, id: PersonId) -> Result<Option<String>> {
    conn.prepare_cached("SELECT name FROM contact WHERE id = ?1 AND archived_at IS NULL")
        .and_then(|mut statement| statement.query_row([id.0], |row| row.get(0)).optional())
        .doing(|| "read what waits for a review".to_owned())
}
