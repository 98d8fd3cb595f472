//! Taking an imported batch in: one transaction, before or after, never between.
//!
//! Reading comes first and needs no lock: while the plugin streams, each
//! record's fingerprint is taken ([`Fingerprints`]), so that what says nothing
//! new is passed over without being read again. What is left is decided by
//! [`crate::core::matching`] and written by `taking`.

mod earlier;
mod everybody;
mod folder;
mod found;
mod history;
mod prepared;
mod source;
mod taking;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

use jiff::{Span, Timestamp, Zoned};
use kith_plugin::{Interaction, Place, Record};
use rusqlite::{Connection, OptionalExtension, Transaction};
use sha2::{Digest, Sha256};

use super::differences::{Differences, Field};
use super::{CACHE, CACHE_OF_BULK, Store, facts};
use crate::core::facts::PersonId;
use crate::core::groups::{Groups, Member, member};
use crate::core::imported::NoContact;
use crate::core::matching::Reason;
use crate::core::phone::Region;
use crate::core::settings::Me;
use crate::error::{Doing, Error, Result};

use self::everybody::Everybody;
pub use self::folder::{Followed, Gone};
use self::found::Together;
use self::taking::Merge;
pub(super) use self::taking::{Open, decide_again};

/// The records of a batch, which can be read more than once: those for whose
/// position in the batch the argument has true.
pub type Records<'a> = dyn Fn(Vec<bool>) -> Box<dyn Iterator<Item = Result<Record>> + Send + 'a> + 'a;

/// What was imported.
pub struct Batch<'a> {
    /// The importer's name.
    pub importer: &'a str,
    /// The file's name.
    pub file_name: &'a str,
    /// The archive that the file is in.
    pub archive: Option<&'a str>,
    /// When, in UTC.
    pub at: Timestamp,
    /// The country of telephone numbers that do not say theirs.
    pub home: Option<Region>,
    /// The records.
    pub records: &'a Records<'a>,
    /// Contact that the user had with people, if it holds any.
    pub history: Option<History<'a>>,
    /// The followed folder in which all that happened, if it is one.
    pub folder: Option<Followed<'a>>,
    /// How many things the importer did not take.
    pub skipped: u64,
    /// Is told how far it is; nothing of it counts yet.
    pub tell: &'a dyn Fn(Taking),
}

/// Interactions, and for whom they are.
#[derive(Clone, Copy)]
pub struct History<'a> {
    /// The interactions, from the first.
    pub interactions: &'a Interactions<'a>,
    /// Who the user is.
    pub me: &'a Me,
    /// When and where the user is.
    pub here: &'a Zoned,
}

/// The interactions of a batch, which can be read more than once.
pub type Interactions<'a> = dyn Fn() -> Box<dyn Iterator<Item = Result<Interaction>> + 'a> + 'a;

/// How far the taking in of a batch is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Taking {
    /// What says nothing new is being told from the rest.
    Matching,
    /// The rest is being written.
    Writing {
        /// So many of its records are.
        records: u64,
        /// So many there are.
        of: u64,
    },
}

/// What became of a batch. Every record counts once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Outcome {
    /// People and organisations that were not known.
    pub new: u64,
    /// Records that changed what is known of somebody.
    pub updated: u64,
    /// Records that said nothing new.
    pub unchanged: u64,
    /// Records that may be somebody known and wait to be decided.
    pub review: u64,
    /// How many of the new ones are organisations, not people.
    pub organizations: u64,
    /// How many records contradict what another card says, whatever else became of them.
    pub contradicting: u64,
    /// What became of cards whose files went.
    pub gone: Gone,
    /// What became of each record that was not unchanged; as many as somebody might read.
    pub details: Vec<Detail>,
    /// Of a rehearsal the records that say nothing new; as many as somebody might read.
    pub same: Vec<Detail>,
    /// What became of the interactions.
    pub history: Told,
    /// As what the batch was taken in, if much the same people came in an earlier one.
    pub assumed: Option<Assumed>,
}

/// That a batch was taken for an address book that is exported again, or for another one with much the same people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assumed {
    /// Whether it is that address book again.
    pub is_again: bool,
    /// The last file, or archive, that it came in.
    pub file_name: String,
    /// When that was, in UTC.
    pub at: String,
    /// The imports that brought it, the last one first.
    pub imports: Vec<i64>,
    /// The import that this one is.
    pub import: i64,
    /// How many records took the place of others for that reason alone.
    pub replaced: u64,
    /// How many values went from contacts as these no longer have them.
    pub removed: u64,
    /// How many of the records that the last of these had, of which it has the most, it no longer has.
    pub missing: u64,
}

/// What became of a batch's interactions. Every one counts once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Told {
    /// Those that tell of contact with somebody known.
    pub new: u64,
    /// Those that were told before.
    pub unchanged: u64,
    /// Those that do not count, and why.
    pub no_contact: BTreeMap<NoContact, u64>,
    /// Those with nobody who is known.
    pub unknown: u64,
    /// Who that was, the first hundred, and how often.
    pub strangers: BTreeMap<String, u64>,
    /// Of these with nobody who is known, those of whom the name alone is said, which several have: likewise.
    pub of_several: BTreeMap<String, u64>,
    /// Those of all in which it is not known who is the user, as the configuration does not say.
    pub guessed: u64,
    /// Those that an earlier import, by its number, told of with the day and the month the other way round, which this
    /// one does not: how many entries of it stand on a wrong day.
    pub misread: BTreeMap<i64, u64>,
}

impl Told {
    /// How many interactions there were.
    #[must_use]
    pub fn all(&self) -> u64 {
        self.new + self.unchanged + self.unknown + self.no_contact.values().sum::<u64>()
    }
}

impl Outcome {
    /// Whether nothing of what is known changed.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.new
            + self.updated
            + self.review
            + self.contradicting
            + self.gone.cards
            + self.gone.kept
            + self.history.new
            == 0
    }

    /// The counts of several, without their details.
    #[must_use]
    pub fn sum<'a>(all: impl Iterator<Item = &'a Self>) -> Self {
        all.fold(Self::default(), |sum, one| Self {
            new: sum.new + one.new,
            updated: sum.updated + one.updated,
            unchanged: sum.unchanged + one.unchanged,
            review: sum.review + one.review,
            organizations: sum.organizations + one.organizations,
            contradicting: sum.contradicting + one.contradicting,
            gone: Gone {
                cards: sum.gone.cards + one.gone.cards,
                archived: sum.gone.archived + one.gone.archived,
                kept: sum.gone.kept + one.gone.kept,
            },
            details: Vec::new(),
            same: Vec::new(),
            assumed: None,
            history: Told {
                new: sum.history.new + one.history.new,
                unchanged: sum.history.unchanged + one.history.unchanged,
                unknown: sum.history.unknown + one.history.unknown,
                guessed: sum.history.guessed + one.history.guessed,
                ..Told::default()
            },
        })
    }

    /// The counts as a line of a report; `skipped` is what the importer did not take.
    #[must_use]
    pub fn counts(&self, skipped: u64) -> String {
        let Self { new, updated, unchanged, review, contradicting, .. } = self;
        let contradicting = match contradicting {
            0 => String::new(),
            some => format!(", {some} contradicting"),
        };
        format!(
            "{new} new, {updated} updated, {unchanged} unchanged, {review} in review, {skipped} skipped{contradicting}"
        )
    }
}

/// How many details an outcome keeps.
const MOST_DETAILS: usize = 20_000;

/// What became of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// Where in the batch it stands.
    pub at: Place,
    /// The contact it belongs to now.
    pub person: PersonId,
    /// The contact's name.
    pub name: String,
    /// What happened.
    pub what: What,
    /// What of it could not be understood.
    pub warnings: Vec<String>,
    /// In what it contradicts another card of the contact.
    pub contradicts: Vec<Contradiction>,
}

/// A field of which a record says what cannot be so if another card is right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contradiction {
    /// The field.
    pub field: Field,
    /// What the record says.
    pub says: String,
    /// What others say.
    pub others: Vec<String>,
    /// What counts now.
    pub counts: Option<String>,
}

/// What happened with a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A new contact.
    New {
        /// Whether it is an organisation.
        organization: bool,
        /// In which fields it says anything, beside the name.
        fields: Vec<Field>,
    },
    /// It changed a contact.
    Updated {
        /// Why it was taken for this contact.
        reason: Reason,
        /// What changed.
        differences: Differences,
        /// Who it shows to be the same person, by the number and name they had.
        merged: Vec<(PersonId, String)>,
    },
    /// It says nothing new.
    Unchanged,
    /// It may be somebody known.
    Review {
        /// The probable twin's name.
        twin: String,
        /// What they have in common.
        why: String,
    },
}

/// The fingerprint of a record: equal for equal content from one importer, whatever the file's name.
type Fingerprint = [u8; 16];

/// The fingerprints of a batch's records, taken while they stream.
#[derive(Debug)]
pub struct Fingerprints {
    importer: String,
    all: Vec<Fingerprint>,
    /// Where in the batch each stands.
    places: Vec<Place>,
    /// Who each is to groups.
    members: Vec<Option<Member>>,
    groups: Groups,
    /// Kept for its room.
    fields: Vec<u8>,
}

impl Fingerprints {
    /// None yet, of what this importer says.
    #[must_use]
    pub fn of(importer: &str) -> Self {
        Self {
            importer: importer.to_owned(),
            all: Vec::new(),
            places: Vec::new(),
            members: Vec::new(),
            groups: Groups::default(),
            fields: Vec::new(),
        }
    }

    /// Ends the taking of them: the members of groups are others than without them.
    pub fn end(&mut self) {
        if self.groups.is_empty() {
            return;
        }
        for (print, member) in self.all.iter_mut().zip(&self.members) {
            let mut names = member.iter().flat_map(|member| self.groups.names(*member)).peekable();
            if names.peek().is_some() {
                let whole = names.fold(Sha256::new().chain_update(*print), |hash, name| {
                    hash.chain_update(name).chain_update([0])
                });
                print.iter_mut().zip(whole.finalize()).for_each(|(to, from)| *to = from);
            }
        }
    }

    /// The groups among the records so far.
    #[must_use]
    pub fn groups(&self) -> &Groups {
        &self.groups
    }

    /// Takes the next record's.
    ///
    /// # Errors
    /// If it cannot be written as JSON, which is a fault of kith.
    pub fn add(&mut self, record: &Record) -> Result<()> {
        self.fields.clear();
        serde_json::to_writer(&mut self.fields, &record.contact).map_err(|error| not_json(&error))?;
        let whole = Sha256::new()
            .chain_update(&self.importer)
            .chain_update([0])
            .chain_update(&self.fields)
            .chain_update([0])
            .chain_update(&record.raw)
            .finalize();
        let mut half = Fingerprint::default();
        half.iter_mut().zip(whole).for_each(|(to, from)| *to = from);
        self.all.push(half);
        self.places.push(record.at);
        self.members.push(member(&record.contact));
        self.groups.note(&record.contact);
        Ok(())
    }
}

fn not_json(error: &serde_json::Error) -> Error {
    Error::internal(format!("a record cannot be written as JSON: {error}"))
}

/// Batches that are taken in together, whole or not at all.
pub struct Sitting<'a> {
    tx: &'a Transaction<'a>,
    rehearse: bool,
    /// What is known of everybody after the last batch.
    everybody: RefCell<Option<Everybody>>,
    /// None of its batches takes the place of what another of them says.
    together: RefCell<Together>,
}

impl Sitting<'_> {
    /// Takes a batch in, after those before it. `prints` are those of all its records, in their order.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn take_in(&self, batch: &Batch<'_>, prints: &Fingerprints) -> Result<Outcome> {
        let mut everybody = self.everybody.take();
        let mut together = self.together.borrow_mut();
        let merge = Merge::begin(self.tx, batch, prints, self.rehearse, &mut everybody, &mut together)?;
        let (outcome, handed_on) = merge.run()?;
        // With the cards that went from a folder their values did.
        self.everybody.replace(handed_on.or(everybody).filter(|_| batch.folder.is_none()));
        Ok(outcome)
    }

    /// When an archive is imported: its files have one moment, which tells them from those of any
    /// other import of an archive of that name. The next second that is free, as whole ones are written.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn moment_of(&self, archive: &str, now: Timestamp) -> Result<Timestamp> {
        let mut taken = BTreeSet::new();
        facts::each_of(self.tx, "SELECT DISTINCT at FROM import WHERE archive = ?1", [archive], |row| {
            taken.insert(row.get::<_, String>(0)?);
            Ok(())
        })?;
        let is_free = |at: &Timestamp| !taken.contains(&written(*at));
        let seconds = std::iter::successors(Some(now), |at| at.checked_add(Span::new().seconds(1)).ok());
        Ok(seconds.take(taken.len() + 1).find(is_free).unwrap_or(now))
    }
}

/// A moment as the database has it.
fn written(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

impl Store {
    /// Runs `work`, which takes batches in, in one transaction; of a rehearsal nothing stays.
    ///
    /// # Errors
    /// Those of `work`, or if the database cannot be written; nothing of any batch is in it then.
    pub fn take_in<T>(&mut self, rehearse: bool, work: impl FnOnce(&Sitting<'_>) -> Result<T>) -> Result<T> {
        self.set_cache(CACHE_OF_BULK)?;
        let done = self.own_if(|tx| {
            let together = RefCell::new(Together::begin(tx)?);
            let sitting = Sitting { tx, rehearse, everybody: RefCell::default(), together };
            Ok((work(&sitting)?, !rehearse))
        });
        self.set_cache(CACHE)?;
        self.give_memory_back()?;
        done
    }
}

/// A card that a record equals.
#[derive(Debug, Clone, Copy)]
struct Same {
    card: i64,
    source: i64,
    has_uid: bool,
}

/// The current card with this fingerprint.
fn card_with(conn: &Connection, print: &Fingerprint) -> Result<Option<Same>> {
    conn.prepare_cached(
        "SELECT id, source_id, uid IS NOT NULL FROM card WHERE hash = ?1 AND replaced_by IS NULL LIMIT 1",
    )
    .and_then(|mut s| {
        s.query_row([print.as_slice()], |row| {
            Ok(Same { card: row.get(0)?, source: row.get(1)?, has_uid: row.get(2)? })
        })
        .optional()
    })
    .doing(|| "look for a card".to_owned())
}
