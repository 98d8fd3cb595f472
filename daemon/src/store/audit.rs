//! Finding edits that no trigger saw, and taking them for what they are: the
//! user's own.
//!
//! A tool may drop or switch off triggers, or rebuild a table. Then the log
//! has no row for what was edited, but the tables differ from what cards and
//! log give. The difference is adopted into the log as `database`.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::{Store, contacts, identities, last_change, meta, migrate, set_meta, triggers};
use crate::core::facts::PersonId;
use crate::core::{assemble, identity};
use crate::error::{Doing, Result};

/// The note in `meta` of the version that made the keys of the cards.
pub(super) const KEYS: &str = "keys_version";

/// Looks at a database that was just opened: if this version compares names
/// and profiles differently, the keys of the cards are made anew; if it assembles
/// contacts differently, they are assembled anew first; merges made by hand
/// are followed; if triggers or schema
/// are not as kith left them, unlogged edits are adopted.
pub(super) fn on_open(store: &mut Store) -> Result<()> {
    follow_merges(store)?;
    let reassemble =
        meta(&store.conn, "assembly_version")?.as_deref() != Some(&assemble::VERSION.to_string());
    let changed =
        meta(&store.conn, "sqlite_schema")? != Some(schema(&store.conn)?) || !triggers_are_ours(&store.conn)?;
    let rekey = meta(&store.conn, KEYS)?.as_deref() != Some(&identity::VERSION.to_string());
    if !reassemble && !changed && !rekey {
        return Ok(());
    }
    store.own(|tx| {
        if rekey {
            identities::key_cards(tx)?;
            set_meta(tx, KEYS, &identity::VERSION.to_string())?;
        }
        if reassemble {
            // What this version gives for the same input is not an edit.
            for id in contacts::ids(tx)? {
                contacts::rebuild(tx, id)?;
            }
            set_meta(tx, "assembly_version", &assemble::VERSION.to_string())?;
        } else if changed {
            adopt(tx)?;
        }
        migrate::create_triggers(tx)?;
        note_schema(tx)
    })
}

/// Follows merges and splits that somebody made in the table `merged` itself.
pub(super) fn follow_merges(store: &mut Store) -> Result<()> {
    let doing = || "follow the merges".to_owned();
    let noted: i64 = meta(&store.conn, "merges_followed")?.and_then(|n| n.parse().ok()).unwrap_or(0);
    let last = last_change(&store.conn)?;
    let mut concerned: BTreeSet<i64> = BTreeSet::new();
    store
        .conn
        .prepare_cached(
            "SELECT contact_id, CAST(old AS INTEGER), CAST(item AS INTEGER) FROM change
             WHERE n > ?1 AND field = 'merged.winner'",
        )
        .and_then(|mut statement| {
            let mut rows = statement.query([noted.max(store.merges_followed)])?;
            while let Some(row) = rows.next()? {
                for at in 0..3 {
                    concerned.extend(row.get::<_, Option<i64>>(at)?);
                }
            }
            Ok(())
        })
        .doing(doing)?;
    if concerned.is_empty() {
        // Not worth a write, but the log need not be read again.
        store.merges_followed = last;
        return Ok(());
    }
    store.own(|tx| {
        // Whom one was part of, who is a part of somebody else, shows nothing: who stands for them does.
        let mut standing = BTreeSet::new();
        for &id in &concerned {
            standing.insert(contacts::resolve(tx, PersonId(id))?.0);
        }
        concerned.append(&mut standing);
        for id in concerned.into_iter().map(PersonId) {
            // A number that is nobody's was somebody's slip.
            if contacts::exists(tx, id)? {
                contacts::settle(tx, id)?;
            }
        }
        set_meta(tx, "merges_followed", &last.to_string())
    })
}

impl Store {
    /// Where the log and kith's own writes stand, to see whether somebody else wrote without a log.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn mark(&self) -> Result<Mark> {
        Ok(Mark {
            changes: last_change(&self.conn)?,
            own_writes: meta(&self.conn, "own_writes")?.and_then(|count| count.parse().ok()).unwrap_or(0),
            own_commits: self.own_commits,
            schema: schema(&self.conn)?,
        })
    }

    /// The mark that `before` becomes by what this connection itself wrote
    /// since: whatever somebody else wrote meanwhile is still to be followed.
    #[must_use]
    pub fn past_own_writes(&self, before: &Mark) -> Mark {
        let own = self.own_commits - before.own_commits;
        Mark { own_writes: before.own_writes + own, own_commits: self.own_commits, ..before.clone() }
    }

    /// Whether nothing was changed since `mark` but what is logged of talks and tries.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn only_talked_since(&self, mark: &Mark) -> Result<bool> {
        let now = self.mark()?;
        let other: bool = self
            .conn
            .prepare_cached(
                "SELECT EXISTS (SELECT 1 FROM change WHERE n > ?1 AND field NOT LIKE 'interaction.%')",
            )
            .and_then(|mut s| s.query_row([mark.changes], |row| row.get(0)))
            .doing(|| "read the change log".to_owned())?;
        // A writer that left no trace may have changed anything.
        let logged = now.changes > mark.changes;
        Ok(logged && !other && now.own_writes == mark.own_writes && now.schema == mark.schema)
    }

    /// Adopts edits that left no row in the log, if anything was written since
    /// `mark` without growing it; gives the new mark.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn adopt_unlogged(&mut self, since: &Mark) -> Result<Mark> {
        follow_merges(self)?;
        let now = self.mark()?;
        let logged = now.changes != since.changes || now.own_writes != since.own_writes;
        if now.schema == since.schema && logged {
            return Ok(now);
        }
        if now.schema == since.schema {
            self.own(|tx| adopt(tx))?;
        } else {
            on_open(self)?;
        }
        self.mark()
    }
}

/// See [`Store::mark`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mark {
    changes: i64,
    own_writes: u64,
    own_commits: u64,
    schema: String,
}

fn adopt(conn: &Connection) -> Result<()> {
    contacts::bury_the_deleted(conn)?;
    let mut adopted = 0;
    for id in contacts::ids(conn)? {
        adopted += contacts::adopt(conn, id)?;
    }
    if adopted > 0 {
        tracing::info!(adopted, "edits made without the change log were adopted");
    }
    Ok(())
}

fn triggers_are_ours(conn: &Connection) -> Result<bool> {
    let mut found = conn
        .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'")
        .doing(|| "read its triggers".to_owned())?;
    let found: std::collections::HashMap<String, String> = found
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .and_then(Iterator::collect)
        .doing(|| "read its triggers".to_owned())?;
    Ok(triggers::all().iter().all(|trigger| found.get(&trigger.name) == Some(&trigger.sql)))
}

/// SQLite's own count of schema changes: it moves when somebody drops a trigger, even if it is put back.
fn schema(conn: &Connection) -> Result<String> {
    let cookie: i64 = conn
        .query_row("PRAGMA schema_version", [], |row| row.get(0))
        .doing(|| "see whether its schema changed".to_owned())?;
    Ok(cookie.to_string())
}

/// Notes that the schema is as kith left it.
pub(super) fn note_schema(conn: &Connection) -> Result<()> {
    set_meta(conn, "sqlite_schema", &schema(conn)?)
}
