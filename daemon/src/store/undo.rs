//! Taking steps back, and bringing them back.
//!
//! A step is what one command did, what another program wrote in one go, or
//! one import. Taking it back leaves no trace in what people are: its changes
//! stay in the log and count no longer, its cards are put aside, and contacts
//! are assembled without them. So whatever was changed later stays, and a
//! field follows its cards again. Every row that is touched is first put aside
//! as it was ([`journal`]); bringing a step back puts those rows there again,
//! which is exact as long as nothing else was changed since. What a step did
//! beside the database is [`beside`].

mod again;
mod beside;
mod choose;
mod edits;
mod history;
mod imported;
mod journal;
mod left;
mod others;
mod told;

use std::collections::BTreeSet;

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, params};

use self::beside::Beside;
pub use self::beside::{Rewrite, Rewriter};
use self::history::Past;
pub(super) use self::history::{IS_STEP, steps_of_imports};
pub(super) use self::journal::Journal;
pub(super) use self::left::{IS_LEFT, replace as replace_left};
use self::told::{name, stays, told};
use super::{Store, audit, contacts};
use crate::core::account::account;
use crate::core::facts::PersonId;
use crate::core::phone::Region;
use crate::error::{Doing, Error, Result};

/// What names a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StepId {
    /// Edits: the number of the first change.
    Edits(i64),
    /// An import: its number; of an archive the first of its files'.
    Import(i64),
}

impl std::fmt::Display for StepId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Edits(number) => write!(f, "{number}"),
            Self::Import(number) => write!(f, "import {number}"),
        }
    }
}

impl std::str::FromStr for StepId {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let (kind, number): (fn(i64) -> Self, &str) = match text.strip_prefix("import ") {
            Some(number) => (Self::Import, number),
            None => (Self::Edits, text),
        };
        number.parse().map(kind).map_err(|_| {
            Error::usage(format!("{text:?} is not the number of a step")).hint(
                "kith undo --list shows the last steps with their numbers: kith undo 17; \
                 kith imports every import: kith undo import 3",
            )
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
    /// What was done, in words; of a step that was just taken back, what of it was.
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
    pub kept: Vec<Kept>,
    /// What was done later and stays: of edits what of them it keeps, of an import what other
    /// imports said, too, and what was changed of its people; in words.
    pub stays: Vec<String>,
}

/// Somebody who stays although what brought them was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Who.
    pub id: PersonId,
    /// Their name.
    pub name: String,
    /// What of the user's own needs them, in words; nothing of edits.
    pub why: Vec<String>,
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
    /// A rehearsal changes nothing. `rewrite` is asked to change kith.toml; `home` is the country of
    /// telephone numbers that do not say theirs.
    ///
    /// # Errors
    /// If there is none, if later changes build on all of it, if the file was
    /// changed since, or if the database cannot be written; nothing is changed then.
    pub fn undo(
        &mut self,
        which: Option<StepId>,
        now: Timestamp,
        home: Option<Region>,
        rewrite: Rewriter<'_>,
        rehearse: bool,
    ) -> Result<Undone> {
        // Merges made by hand are part of what is taken back.
        audit::follow_merges(self)?;
        let at = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        self.own_if(|tx| {
            let past = choose::to_undo(tx, which, rewrite)?;
            tx.execute(
                "INSERT INTO undone(at, import_id, after_change, after_import)
                 SELECT ?1, ?2, (SELECT coalesce(max(n), 0) FROM change), (SELECT coalesce(max(id), 0) FROM import)",
                params![at, past.import().map(|import| import.id)],
            )
            .doing(|| "note what is taken back".to_owned())?;
            let undone = tx.last_insert_rowid();
            let mut journal = Journal::new(tx, undone);
            let later = past.import().map(|import| imported::later(tx, &import.parts)).transpose()?;
            // Step by step it goes back to what was before; a step that is named goes alone.
            let alone = past.import().filter(|_| which.is_some());
            let said = alone.map(|import| again::Said::by(tx, &import.parts)).transpose()?;
            let others = alone.map(|import| others::leave_to_them(&mut journal, &import.parts)).transpose()?;
            let opened = said.map(|said| said.open(&mut journal, home)).transpose()?.flatten();
            let kept = match &past {
                Past::Edits(span) => match edits::take_back(&mut journal, span) {
                    Err(error) if which.is_none() && error.advice() == Some(edits::LATER_FIRST) => {
                        return Err(choose::or_the_one_before(tx, &past, error)?);
                    }
                    kept => kept?,
                },
                Past::Import(import) => imported::take_back(&mut journal, &import.parts, &at)?,
            };
            if let Some(opened) = opened {
                opened.decide(&mut journal, home)?;
            }
            let kept = match &past {
                Past::Edits(_) => {
                    let named = |id| Ok(Kept { id, name: contacts::name(tx, id)?, why: Vec::new() });
                    kept.into_iter().map(named).collect::<Result<_>>()?
                }
                Past::Import(_) => left::kept(tx, &kept)?,
            };
            let contacts = journal.removed();
            let stays = match (&past, later) {
                (Past::Edits(span), _) => stays(tx, span, undone)?,
                (Past::Import(_), later) => {
                    let mut stays = others.unwrap_or_default();
                    stays.extend(account(&later.unwrap_or_default(), &|id| name(tx, id)));
                    stays
                }
            };
            let beside = Beside::of(tx, &past)?;
            let step = told(tx, &past.taken_back_by(undone))?;
            if let Some(beside) = beside {
                beside.take_back(rewrite, rehearse)?;
            }
            Ok((Undone { step, contacts, kept, stays }, !rehearse))
        })
    }

    /// Brings back what was taken back last. A rehearsal changes nothing.
    /// `rewrite` is asked to change kith.toml.
    ///
    /// # Errors
    /// If there is nothing, if something was changed since, if it was deleted
    /// where it was put aside, or if the database cannot be written; nothing
    /// is changed then.
    pub fn redo(&mut self, now: Timestamp, rewrite: Rewriter<'_>, rehearse: bool) -> Result<Undone> {
        let at = now.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        self.own_if(|tx| {
            let (undone, past) = choose::to_redo(tx)?;
            let step = told(tx, &past)?;
            if journal::is_forgotten(tx, undone)? {
                return Err(Error::user(
                    "it cannot be brought back: what there was is deleted from the table put_aside",
                )
                .hint("what was imported can be imported again: kith import FILE"));
            }
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
            if let Some(beside) = Beside::of(tx, &past)? {
                beside.bring_back(rewrite, rehearse)?;
            }
            let step = Step { undone: false, ..step };
            let (kept, stays) = (Vec::new(), Vec::new());
            Ok((Undone { step, contacts: restored.came_back, kept, stays }, !rehearse))
        })
    }
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
        if left::is_all(tx, id)? && !has_anything(tx, id)? {
            journal
                .keys("SELECT id FROM card WHERE contact_id = ?1", id.0)?
                .into_iter()
                .try_for_each(|card| journal.remove("card", card))?;
            journal.remove_contact(id)?;
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
    asked(conn, "SELECT EXISTS (SELECT 1 FROM merged WHERE loser = ?1 OR winner = ?1)", id)
        .and_then(|is_merged| Ok(is_merged || is_noted(conn, id)?))
}

/// The same, but for whom they are one with.
fn is_noted(conn: &Connection, id: PersonId) -> Result<bool> {
    asked(
        conn,
        "SELECT EXISTS (SELECT 1 FROM change WHERE contact_id = ?1 AND undone IS NULL AND field NOT LIKE 'review.%'
                        AND field NOT LIKE 'merged.%' AND field NOT LIKE 'card.%')
             OR EXISTS (SELECT 1 FROM interaction WHERE contact_id = ?1)
             OR EXISTS (SELECT 1 FROM pause WHERE contact_id = ?1)
             OR EXISTS (SELECT 1 FROM introduction WHERE through_id = ?1)",
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
