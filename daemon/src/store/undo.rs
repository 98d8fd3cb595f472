//! Taking steps back, and bringing them back.
//!
//! A step is what one command did, what another program wrote in one go, or
//! one import. Taking it back leaves no trace in what people are: its changes
//! stay in the log and count no longer, its cards are put aside, and contacts
//! are assembled without them. So whatever was changed later stays, and a
//! field follows its cards again. Every row that is touched is first put aside
//! as it was ([`journal`]); bringing a step back puts those rows there again,
//! which is exact as long as nothing else was changed since.

mod edits;
mod history;
mod imported;
mod journal;

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use self::history::{Past, Span};
use self::journal::Journal;
use super::{Store, audit, contacts, facts};
use crate::core::account::{Entry, account};
use crate::core::facts::PersonId;
use crate::error::{Doing, Error, Result};

/// How many changes of a step are read to tell of it.
const TOLD: usize = 2_000;

/// What names a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepId {
    /// Edits: the number of the first change.
    Edits(i64),
    /// An import: its number.
    Import(i64),
}

impl std::fmt::Display for StepId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Edits(number) => write!(f, "{number}"),
            Self::Import(number) => write!(f, "import-{number}"),
        }
    }
}

impl std::str::FromStr for StepId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (kind, number): (fn(i64) -> Self, &str) = match text.strip_prefix("import-") {
            Some(number) => (Self::Import, number),
            None => (Self::Edits, text),
        };
        number.parse().map(kind).map_err(|_| {
            Error::usage(format!("{text:?} is not the number of a step; kith undo --list shows them"))
        })
    }
}

/// A step of the past.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// What names it.
    pub id: StepId,
    /// When, in UTC.
    pub at: String,
    /// By what: `command line`, `database` (another program), or an import's file.
    pub by: String,
    /// Whether it is taken back.
    pub undone: bool,
    /// What was done, in words.
    pub what: Vec<String>,
}

/// What taking a step back, or bringing it back, did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// The step.
    pub step: Step,
    /// How many contacts went, or came back.
    pub contacts: usize,
    /// Whose part in it stayed, as later changes build on it.
    pub kept: Vec<(PersonId, String)>,
}

impl Store {
    /// The last steps, latest first; at most so many.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn steps(&self, most: usize) -> Result<Vec<Step>> {
        let mut past = Vec::new();
        history::each(&self.conn, |step| {
            past.push(step);
            Ok(past.len() < most)
        })?;
        past.iter().map(|past| told(&self.conn, past)).collect()
    }

    /// The step in which a review was decided.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn decided_in(&self, review: i64) -> Result<Option<StepId>> {
        self.conn
            .query_row(
                "SELECT min(n) FROM change WHERE step = (SELECT step FROM change WHERE field = 'review.decision'
                 AND item = ?1 AND undone IS NULL ORDER BY n DESC LIMIT 1)",
                [review.to_string()],
                |row| Ok(row.get::<_, Option<i64>>(0)?.map(StepId::Edits)),
            )
            .doing(|| "look for a decision".to_owned())
    }

    /// Takes back the last step that is not taken back yet, or the one named.
    /// A rehearsal changes nothing.
    ///
    /// # Errors
    /// If there is none, if later changes build on all of it, or if the
    /// database cannot be written; nothing is changed then.
    pub fn undo(&mut self, which: Option<StepId>, now: Timestamp, rehearse: bool) -> Result<Undone> {
        // Merges made by hand are part of what is taken back.
        audit::follow_merges(self)?;
        let at = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        self.own_if(|tx| {
            let past = to_undo(tx, which)?;
            let step = told(tx, &past)?;
            tx.execute(
                "INSERT INTO undone(at, import_id, after_change, after_import)
                 SELECT ?1, ?2, (SELECT coalesce(max(n), 0) FROM change), (SELECT coalesce(max(id), 0) FROM import)",
                params![at, past.import()],
            )
            .doing(|| "note what is taken back".to_owned())?;
            let mut journal = Journal::new(tx, tx.last_insert_rowid());
            let kept = match &past {
                Past::Edits(span) => edits::take_back(&mut journal, span)?,
                Past::Import { id, .. } => imported::take_back(&mut journal, *id, &at)?,
            };
            let named = |id| Ok::<_, Error>((id, contacts::name(tx, id)?));
            let kept = kept.into_iter().map(named).collect::<Result<_>>()?;
            let contacts = journal.removed();
            Ok((Undone { step: Step { undone: true, ..step }, contacts, kept }, !rehearse))
        })
    }

    /// Brings back what was taken back last. A rehearsal changes nothing.
    ///
    /// # Errors
    /// If there is nothing, if something was changed since, or if the database
    /// cannot be written; nothing is changed then.
    pub fn redo(&mut self, now: Timestamp, rehearse: bool) -> Result<Undone> {
        let at = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        self.own_if(|tx| {
            let (undone, past) = to_redo(tx)?;
            let step = told(tx, &past)?;
            let restored = journal::restore(tx, undone)?;
            let doing = || "bring it back".to_owned();
            tx.execute("UPDATE change SET undone = NULL WHERE undone = ?1", [undone]).doing(doing)?;
            tx.execute("UPDATE undone SET redone_at = ?2 WHERE id = ?1", params![undone, at]).doing(doing)?;
            // What this version assembles may differ from what was put aside by an earlier one.
            for id in restored.contacts.iter().copied().map(PersonId) {
                if contacts::exists(tx, id)? {
                    contacts::settle(tx, id)?;
                }
            }
            let step = Step { undone: false, ..step };
            Ok((Undone { step, contacts: restored.came_back, kept: Vec::new() }, !rehearse))
        })
    }
}

/// The step to take back.
fn to_undo(conn: &Connection, which: Option<StepId>) -> Result<Past> {
    let mut found = None;
    history::each(conn, |past| {
        let wanted = match which {
            None => past.undone().is_none(),
            Some(id) => past.id() == id,
        };
        if wanted {
            found = Some(past);
        }
        Ok(!wanted)
    })?;
    match (found, which) {
        (Some(past), _) if past.undone().is_none() => Ok(past),
        (Some(_), _) => Err(Error::user("that step is taken back already")
            .hint("kith undo --redo brings back what was taken back last")),
        (None, Some(id)) => Err(Error::user(format!("there is no step {id}"))
            .hint("kith undo --list shows the last ones with their numbers")),
        (None, None) => Err(Error::user("there is nothing to take back")
            .hint("kith undo --list shows what there was; circles are in kith.toml, and kith circle set changes them")),
    }
}

/// What was taken back last and not brought back, with its number.
fn to_redo(conn: &Connection) -> Result<(i64, Past)> {
    let last: Option<i64> = conn
        .query_row("SELECT max(id) FROM undone WHERE redone_at IS NULL", [], |row| row.get(0))
        .doing(|| "look for what was taken back".to_owned())?;
    let Some(undone) = last else {
        return Err(Error::user("there is nothing to bring back: nothing was taken back")
            .hint("kith undo takes the last change back"));
    };
    let (change, import): (i64, i64) = conn
        .query_row("SELECT after_change, after_import FROM undone WHERE id = ?1", [undone], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .doing(|| "look for what was taken back".to_owned())?;
    let (mut found, mut since) = (None, None);
    history::each(conn, |past| {
        let is_later = match &past {
            Past::Edits(span) => span.last > change,
            Past::Import { id, .. } => *id > import,
        };
        if past.undone() == Some(undone) {
            found = Some(past);
        } else if is_later && past.undone().is_none() {
            since = Some(past);
        }
        Ok(found.is_none() && since.is_none())
    })?;
    match (found, since) {
        (_, Some(since)) => {
            let step = told(conn, &since)?;
            let what = step.what.first().map_or_else(String::new, |what| format!(" ({what})"));
            Err(Error::user(format!("it cannot be brought back: something else was changed since{what}"))
                .hint(format!("take that back first (kith undo {}), then bring this back", step.id)))
        }
        (Some(past), None) => Ok((undone, past)),
        (None, None) => Err(Error::user("it cannot be brought back: its changes are gone from the log")),
    }
}

/// A step in words.
fn told(conn: &Connection, past: &Past) -> Result<Step> {
    let (at, by, what) = match past {
        Past::Edits(span) => {
            let entries = entries(conn, span)?;
            let mut what = account(&entries, &|id| name(conn, id));
            if entries.len() >= TOLD {
                what.push("changed more than can be told".to_owned());
            }
            (span.at.clone(), span.origin.clone(), what)
        }
        Past::Import { at, file_name, what, .. } => (at.clone(), file_name.clone(), vec![what.clone()]),
    };
    Ok(Step { id: past.id(), at, by, undone: past.undone().is_some(), what })
}

fn entries(conn: &Connection, span: &Span) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    facts::each_of(
        conn,
        "SELECT contact_id, field, item, old, new FROM change WHERE n BETWEEN ?1 AND ?2 ORDER BY n LIMIT ?3",
        (span.first, span.last, i64::try_from(TOLD).unwrap_or(i64::MAX)),
        |row| {
            entries.push(Entry {
                contact: row.get::<_, Option<i64>>(0)?.map(PersonId),
                field: row.get(1)?,
                item: row.get(2)?,
                old: row.get(3)?,
                new: row.get(4)?,
            });
            Ok(())
        },
    )?;
    Ok(entries)
}

/// The name of a contact, also of one that is put aside.
fn name(conn: &Connection, id: PersonId) -> String {
    let known = |sql| conn.query_row(sql, [id.0], |row| row.get::<_, Option<String>>(0)).optional();
    let there = known("SELECT name FROM contact WHERE id = ?1");
    let aside = || {
        known(
            "SELECT was ->> '$.name' FROM put_aside WHERE \"table\" = 'contact' AND row_id = ?1 AND was IS NOT NULL ORDER BY id DESC LIMIT 1",
        )
    };
    let found = [there, aside()].into_iter().find_map(|found| found.ok().flatten().flatten());
    found.filter(|name| !name.is_empty()).unwrap_or_else(|| format!("contact {id}"))
}

/// Makes contacts what they should be now, each home and whoever stands for
/// it; `before` are those who stood for them before merges changed. Contacts
/// of which nothing is left go. Gives those that would have had no name and
/// have something of the user's own: they are as they were.
fn assemble_anew(
    journal: &mut Journal<'_>,
    homes: &BTreeSet<i64>,
    before: &BTreeSet<i64>,
    mut spare: impl FnMut(&mut Journal<'_>, PersonId) -> Result<()>,
) -> Result<Vec<PersonId>> {
    let tx = journal.tx;
    let mut kept = Vec::new();
    let mut concerned: BTreeSet<PersonId> = BTreeSet::new();
    for id in homes.iter().copied().map(PersonId) {
        if !contacts::exists(tx, id)? {
            continue;
        }
        if !has_name(tx, id)? {
            if !has_anything(tx, id)? {
                journal.remove_contact(id)?;
                continue;
            }
            spare(journal, id)?;
            kept.push(id);
        }
        concerned.insert(id);
    }
    for id in homes.union(before).copied().map(PersonId) {
        concerned.insert(contacts::resolve(tx, id)?);
    }
    concerned.extend(before.iter().copied().map(PersonId));
    let mut there = Vec::new();
    for id in concerned {
        if contacts::exists(tx, id)? {
            there.push(id);
        }
    }
    // All are shed before one is rebuilt: a row may come back from one to another.
    for &id in &there {
        journal.note_contact(id)?;
        contacts::shed(tx, id)?;
    }
    for &id in &there {
        contacts::settle(tx, id)?;
        journal.note_added(id)?;
    }
    Ok(kept)
}

/// Whether a contact's name is said by a card or by the user.
fn has_name(conn: &Connection, id: PersonId) -> Result<bool> {
    asked(
        conn,
        "SELECT EXISTS (SELECT 1 FROM card WHERE contact_id = ?1)
             OR EXISTS (SELECT 1 FROM change WHERE contact_id = ?1 AND field = 'name' AND undone IS NULL)",
        id,
    )
}

/// Whether the user has said or noted anything of a contact.
fn has_anything(conn: &Connection, id: PersonId) -> Result<bool> {
    asked(
        conn,
        "SELECT EXISTS (SELECT 1 FROM change WHERE contact_id = ?1 AND undone IS NULL AND field NOT LIKE 'review.%'
                        AND field NOT LIKE 'merged.%' AND field NOT LIKE 'card.%')
             OR EXISTS (SELECT 1 FROM merged WHERE loser = ?1 OR winner = ?1)
             OR EXISTS (SELECT 1 FROM interaction WHERE contact_id = ?1)
             OR EXISTS (SELECT 1 FROM pause WHERE contact_id = ?1)",
        id,
    )
}

fn asked(conn: &Connection, sql: &str, id: PersonId) -> Result<bool> {
    conn.prepare_cached(sql)
        .and_then(|mut s| s.query_row([id.0], |row| row.get(0)))
        .doing(|| format!("read what is known of contact {id}"))
}

/// Whether cards are put aside.
pub(super) fn has_cards(conn: &Connection) -> Result<bool> {
    conn.query_row("SELECT EXISTS (SELECT 1 FROM put_aside WHERE hash IS NOT NULL)", [], |row| row.get(0))
        .doing(|| "look for cards that are put aside".to_owned())
}

/// Whose a card of this content was when it was put aside: imported again, it is theirs again.
pub(super) fn home_of(conn: &Connection, hash: &[u8]) -> Result<Option<PersonId>> {
    conn.prepare_cached(
        "SELECT was ->> '$.contact_id' FROM put_aside WHERE hash = ?1 ORDER BY id DESC LIMIT 1",
    )
    .and_then(|mut s| s.query_row([hash], |row| row.get(0).map(PersonId)).optional())
    .doing(|| "look for a card that is put aside".to_owned())
}
