//! Contacts that might be one person, and what the user decided.

use rusqlite::params;

use super::{Store, audit};
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
    /// Why they might be one.
    pub reason: String,
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
    /// What waits to be decided, oldest first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn reviews(&self) -> Result<Vec<Review>> {
        let doing = || "read what waits for a review".to_owned();
        self.conn
            .prepare_cached(
                "SELECT review.id, newer.id, newer.name, twin.id, twin.name, reason, withheld, since
                 FROM review JOIN contact AS newer ON newer.id = review.contact_id JOIN contact AS twin ON twin.id = twin_id
                 WHERE decision IS NULL AND newer.archived_at IS NULL AND twin.archived_at IS NULL ORDER BY review.id",
            )
            .doing(doing)?
            .query_map([], |row| {
                Ok(Review {
                    id: row.get(0)?,
                    newer: (PersonId(row.get(1)?), row.get(2)?),
                    twin: (PersonId(row.get(3)?), row.get(4)?),
                    reason: row.get(5)?,
                    withheld: row.get(6)?,
                    since: row.get(7)?,
                })
            })
            .and_then(Iterator::collect)
            .doing(doing)
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
        self.edit("command line", |tx| {
            tx.execute(
                "UPDATE review SET decision = ?2, decided_at = ?3 WHERE id = ?1",
                params![id, word, at],
            )
            .doing(|| "note the decision".to_owned())?;
            if decision == Decision::Same {
                tx.execute(
                    "INSERT INTO merged(loser, winner, at) VALUES (?1, ?2, ?3)",
                    params![review.newer.0.0, review.twin.0.0, at],
                )
                .doing(|| "merge the two".to_owned())?;
            }
            Ok(())
        })?;
        audit::follow_merges(self)?;
        Ok(review)
    }
}
