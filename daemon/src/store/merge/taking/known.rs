//! What of a batch is known, and which address book it is: found out before
//! anything of it is taken in.

use std::collections::HashSet;

use kith_plugin::{Contact, Place, Record};
use rusqlite::{OptionalExtension, params};

use super::super::earlier::{Difference, Earlier};
use super::super::prepared::ahead;
use super::super::source::{Book, Likeness, Recognised, Votes, is_named_alike};
use super::super::{Assumed, Fingerprint, Fingerprints};
use super::{Merge, insert_id};
use crate::core::facts::PersonId;
use crate::core::identity::{Identity, is_counted, profile_of};
use crate::core::maker;
use crate::core::matching::Mark;
use crate::error::{Doing, Result};
use crate::store::facts;

/// With no more namesakes, and no more of their cards, a record is compared.
const FEW: usize = 16;

/// A record that says what a card of the address book says under another UID.
pub(super) struct Copy {
    /// Which one of the records that are not known.
    at: usize,
    place: Place,
    card: i64,
    source: i64,
    name_key: String,
}

impl Merge<'_, '_> {
    /// Looks every record up by its fingerprint; counts how many stood in which address book.
    pub(super) fn look_up(&mut self, prints: &Fingerprints) -> Result<Votes> {
        let mut votes = Votes::default();
        let mut unknown: HashSet<Fingerprint> = HashSet::new();
        for (print, place) in prints.all.iter().zip(&prints.places) {
            let same = self.equal(print, place.part)?;
            self.unknown.push(same.is_none());
            match same {
                Some(same) => {
                    self.present.insert(same.card);
                    votes.add(same.source, if same.has_uid { Likeness::Uid } else { Likeness::Same });
                    self.unchanged(*place, same.card)?;
                }
                None => {
                    self.prints.push(*print);
                    if !unknown.insert(*print) {
                        self.doubles.insert(*print);
                    }
                }
            }
        }
        Ok(votes)
    }

    /// Reads the records that are not known for what they say together, and for where they stood before.
    pub(super) fn look_through(&mut self, votes: &mut Votes) -> Result<Vec<Copy>> {
        self.known = self
            .tx
            .query_row("SELECT count(*) FROM source WHERE importer = ?1", [self.batch.importer], |row| {
                row.get(0)
            })
            .doing(|| "read the address books".to_owned())?;
        let records = (self.batch.records)(self.unknown.clone());
        let known = self.known;
        let identified = |record: Record| {
            let identity = Identity::of_record(&record.contact);
            // Without earlier cards there is nothing to compare the rest with.
            let uid_alone = |record: Record| Record {
                contact: Contact { uid: record.contact.uid, ..Contact::default() },
                ..Record::default()
            };
            Ok((identity, if known { record } else { uid_alone(record) }))
        };
        let mut at = 0;
        let mut copies = Vec::new();
        // A card is the copy of one record.
        let mut copied = HashSet::new();
        ahead(records, identified, |(identity, record)| {
            if self.known {
                let mut sources: Vec<(i64, Likeness)> = Vec::new();
                let copy = self.look_for(&record, &identity, &copied, |source, likeness| {
                    match sources.iter_mut().find(|(known, _)| *known == source) {
                        Some((_, strongest)) => *strongest = likeness.max(*strongest),
                        None => sources.push((source, likeness)),
                    }
                })?;
                sources.into_iter().for_each(|(source, likeness)| votes.add(source, likeness));
                if let Some(card) = copy {
                    copied.insert(card.id);
                    let name_key = identity.name.key().to_owned();
                    copies.push(Copy { at, place: record.at, card: card.id, source: card.source, name_key });
                }
            }
            at += 1;
            self.everybody.index.share(&identity);
            self.repeats.note(record.contact.uid.as_deref(), &identity);
            Ok(())
        })?;
        self.everybody.index.end_sharing();
        Ok(copies)
    }

    /// Takes copies for what they are: unchanged, like records that are equal to their cards.
    pub(super) fn set_aside(&mut self, mut copies: Vec<Copy>) -> Result<()> {
        copies.retain(|copy| copy.source == self.source);
        let places: HashSet<usize> = copies.iter().map(|copy| copy.at).collect();
        let mut places_left = (0..self.prints.len()).map(|at| !places.contains(&at));
        for unknown in self.unknown.iter_mut().filter(|unknown| **unknown) {
            *unknown = places_left.next().unwrap_or(true);
        }
        let mut at = 0..;
        self.prints.retain(|_| at.next().is_none_or(|at| !places.contains(&at)));
        for copy in copies {
            self.present.insert(copy.card);
            self.repeats.forget_name(&copy.name_key);
            self.unchanged(copy.place, copy.card)?;
        }
        Ok(())
    }

    /// Recognises the address book, or begins a new one; a followed folder is known by its path.
    pub(super) fn find_source(&mut self, votes: Votes) -> Result<()> {
        if self.batch.folder.is_some() {
            return Ok(());
        }
        let found = votes.recognise(self.unknown.len(), |source| self.book(source))?;
        self.source = match found {
            Recognised::Again(source, vote) => {
                (self.recognised, self.renumbered) = (true, vote.is_renumbered());
                source
            }
            Recognised::Beside(_) | Recognised::New => insert_id(
                self.tx,
                "INSERT INTO source(importer, name) VALUES (?1, ?2)",
                params![self.batch.importer, self.batch.file_name],
            )?,
        };
        if let Recognised::Again(source, _) | Recognised::Beside(source) = found {
            self.outcome.assumed = self.assumed(source)?;
        }
        Ok(())
    }

    /// What is to be said of the address book as which, or beside which, the batch is taken in.
    fn assumed(&self, source: i64) -> Result<Option<Assumed>> {
        let mut assumed = None;
        facts::each_of(
            self.tx,
            "SELECT id, coalesce(archive, file_name), at FROM import WHERE source_id = ?1 AND undone_at IS NULL ORDER BY id DESC",
            [source],
            |row| {
                let assumed = assumed.get_or_insert(Assumed {
                    file_name: row.get(1)?,
                    at: row.get(2)?,
                    imports: Vec::new(),
                    is_again: self.recognised,
                    import: 0,
                    replaced: 0,
                    removed: 0,
                    missing: 0,
                });
                assumed.imports.push(row.get(0)?);
                Ok(())
            },
        )?;
        Ok(assumed)
    }

    /// Says what became of the address book that the batch was taken for.
    pub(super) fn end_assumption(&mut self) -> Result<()> {
        let Some(mut assumed) = self.outcome.assumed.take_if(|assumed| assumed.is_again) else {
            return Ok(());
        };
        // Who left it in an earlier export was told of then.
        let last = self.last_export(self.source)?.map(|(import, _)| import);
        let found = last.map(|import| self.found_by(import)).transpose()?;
        assumed.import = self.import;
        let (mut cards, mut here, mut gone) = (0, HashSet::new(), Vec::new());
        facts::each_of(
            self.tx,
            "SELECT id, import_id, contact_id, uid IS NULL FROM card
             WHERE source_id = ?1 AND replaced_by IS NULL AND gone_at IS NULL",
            [self.source],
            |row| {
                let (card, import) = (row.get(0)?, row.get(1)?);
                let who = (row.get::<_, i64>(2)?, row.get::<_, bool>(3)?);
                if self.present.contains(&card) || self.together.has(card, import) {
                    cards += 1;
                    here.insert(who);
                } else if last == Some(import) || found.as_ref().is_none_or(|found| found.has(card)) {
                    cards += 1;
                    gone.push(who);
                }
                Ok(())
            },
        )?;
        // Who got a UID meanwhile, or lost it, is in it, though not by the record that had none, or had it.
        gone.retain(|(person, has_no_uid)| !here.contains(&(*person, !has_no_uid)));
        let missing = gone.len() as u64;
        // Of a file with a part of the address book nobody expects the rest.
        assumed.missing = if missing * 2 < cards { missing } else { 0 };
        self.outcome.assumed = Some(assumed);
        Ok(())
    }

    /// What is to be known of an address book to recognise it: of its last export.
    fn book(&self, source: i64) -> Result<Book> {
        let doing = || "read an address book".to_owned();
        let name: String = self
            .tx
            .prepare_cached("SELECT name FROM source WHERE id = ?1")
            .and_then(|mut s| s.query_row([source], |row| row.get(0)))
            .doing(doing)?;
        // Who left it in an earlier export has a card here yet, and says nothing of whether this is the next one.
        let cards: i64 = match self.last_export(source)? {
            Some((_, records)) => records,
            None => self
                .tx
                .prepare_cached("SELECT count(*) FROM card WHERE source_id = ?1 AND replaced_by IS NULL")
                .and_then(|mut s| s.query_row([source], |row| row.get(0)))
                .doing(doing)?,
        };
        Ok(Book {
            cards: usize::try_from(cards).unwrap_or(usize::MAX),
            is_named_alike: is_named_alike(&name, self.batch.file_name),
        })
    }

    /// The last import before this sitting that brought an address book as a whole, and how many records that had;
    /// none of a followed folder, whose imports have what changed. Less than half of what the most had is a part.
    fn last_export(&self, source: i64) -> Result<Option<(i64, i64)>> {
        self.tx
            .prepare_cached(
                "WITH export AS (
                    SELECT import.id, new + updated + unchanged + review AS records
                    FROM import JOIN source ON source.id = source_id
                    WHERE source_id = ?1 AND import.id <= ?2 AND undone_at IS NULL AND source.folder IS NULL)
                 SELECT id, records FROM export
                 WHERE records * 2 >= (SELECT max(records) FROM export) ORDER BY id DESC LIMIT 1",
            )
            .and_then(|mut s| {
                s.query_row([source, self.together.since], |row| Ok((row.get(0)?, row.get(1)?))).optional()
            })
            .doing(|| "read the exports of an address book".to_owned())
    }

    /// Tells `found` of the address books in which a record that changed
    /// stood before, and of those in which somebody stood who is like it;
    /// gives the card, none of `copied`, that the record is a copy of.
    fn look_for(
        &self,
        record: &Record,
        identity: &Identity,
        copied: &HashSet<i64>,
        mut found: impl FnMut(i64, Likeness),
    ) -> Result<Option<Earlier>> {
        let contact = &record.contact;
        let uid = contact.uid.as_deref().filter(|uid| !is_counted(uid));
        if let Some(uid) = uid {
            let cards = Earlier::with_uid(self.tx, self.batch.importer, uid)?;
            let mut known = false;
            for card in cards {
                if !self.is_somebody_elses(&card, identity, Mark::Uid)? {
                    found(card.source, Likeness::Uid);
                    known = true;
                }
            }
            if known {
                return Ok(None);
            }
        }
        if let Some(profile) = profile_of(contact) {
            for card in Earlier::with_profile(self.tx, self.batch.importer, &profile)? {
                if (card.lasting_uid().is_none() || uid.is_none())
                    && !self.is_somebody_elses(&card, identity, Mark::Profile)?
                {
                    let original = card.said(self.tx)?.1;
                    let likeness = match (maker::is_same(&original, &record.raw), uid) {
                        (true, _) => Likeness::Same,
                        (false, None) if !maker::is_another(&original, &record.raw) => Likeness::Alike,
                        (false, _) => Likeness::Foreign,
                    };
                    found(card.source, likeness);
                }
            }
        }
        let namesakes = self.everybody.index.namesakes(&identity.name);
        let mut compared = 0;
        for id in namesakes {
            // A name alone says nothing: two files with one "Anna" each are not one address book.
            let has_key = self.everybody.index.has_key_of(*id, identity);
            let may_be_copy = uid.is_some() && identity.has_no_keys() && namesakes.len() <= FEW;
            if !has_key && namesakes.len() <= FEW {
                self.find_namesake(*id, (identity, contact.uid.as_deref()), copied, &mut found)?;
            }
            if !has_key && !may_be_copy {
                continue;
            }
            for card in self.cards_of(*id)?.into_iter().filter(|card| card.name_key == identity.name.key()) {
                let (copy, other) = match (card.lasting_uid(), uid) {
                    (None, None) if has_key => (Likeness::Same, Likeness::Alike),
                    (Some(_), Some(_)) => (Likeness::Copy, Likeness::OtherUid),
                    (None, Some(_)) | (Some(_), None) if has_key => {
                        found(card.source, Likeness::Foreign);
                        continue;
                    }
                    _ => continue,
                };
                if self.present.contains(&card.id) || copied.contains(&card.id) {
                    continue;
                }
                compared += 1;
                let difference =
                    if compared > FEW { Difference::Fields } else { card.compare(self.tx, record)? };
                if has_key {
                    let likeness = match difference {
                        Difference::More if copy == Likeness::Same => Likeness::Grown,
                        Difference::Maker if copy == Likeness::Same => Likeness::Foreign,
                        Difference::Fields | Difference::More | Difference::Maker => other,
                        Difference::Original | Difference::None => copy,
                    };
                    found(card.source, likeness);
                }
                if difference == Difference::None && copy == Likeness::Copy {
                    return Ok(Some(card));
                }
            }
        }
        Ok(None)
    }

    /// Tells `found` of the address books in which somebody stood under a record's name with whom it has nothing
    /// in common, though both can be reached.
    fn find_namesake(
        &self,
        id: PersonId,
        (identity, uid): (&Identity, Option<&str>),
        copied: &HashSet<i64>,
        found: &mut impl FnMut(i64, Likeness),
    ) -> Result<()> {
        if identity.has_no_keys() {
            return Ok(());
        }
        for card in self.cards_of(id)?.into_iter().filter(|card| card.name_key == identity.name.key()) {
            let is_same_uid = uid.is_some() && card.uid.as_deref() == uid;
            let is_there = is_same_uid || self.present.contains(&card.id) || copied.contains(&card.id);
            if !is_there && !card.identity(self.tx)?.has_no_keys() {
                found(card.source, Likeness::Namesake);
            }
        }
        Ok(())
    }
}
