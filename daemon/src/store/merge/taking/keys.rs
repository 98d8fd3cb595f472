//! Whose a record is by what else it is called: its UID, its profile, its file, and its place in an
//! address book that is exported again.

use std::collections::BTreeSet;

use super::super::Fingerprint;
use super::super::earlier::{Earlier, is_only_renamed};
use super::super::not_json;
use super::super::prepared::Prepared;
use super::Merge;
use crate::core::assemble::revision;
use crate::core::facts::PersonId;
use crate::core::identity::{Identity, is_counted};
use crate::core::matching::{Keys, Mark};
use crate::core::name::Extent;
use crate::error::Result;
use crate::store::{contacts, export, undo};

impl Merge<'_, '_> {
    /// Whom the database knows by what the record is called elsewhere, and by its place.
    pub(super) fn keys(&self, card: &Prepared, print: &Fingerprint) -> Result<Keys> {
        let Prepared { uid, identity, profile, .. } = card;
        let mut keys = Keys::default();
        let uid = uid.as_deref().filter(|uid| !self.repeats.is_faulty(uid));
        // In an importer's first batch only the batch itself can have had it.
        if let Some(uid) = uid.filter(|uid| self.known || self.repeats.is_repeated(uid)) {
            keys.uid = self.shown_by_uid(uid, card)?;
        }
        if let Some(uid) = uid.filter(|_| keys.uid.is_none()) {
            keys.uid = export::person(self.tx, &self.namespace, uid)?;
        }
        if let Some(profile) = profile {
            self.look_for_profile(profile, card, &mut keys)?;
        }
        keys.same_record = match self.in_its_file(card)? {
            None => self.was_at(print)?.map(|home| contacts::resolve(self.tx, home)).transpose()?,
            known => known,
        };
        if self.recognised && !identity.name.is_empty() && self.repeats.is_single(identity.name.key()) {
            let mut earlier = Vec::new();
            for id in self.everybody.index.namesakes(&identity.name) {
                for card in self.cards_of(*id)? {
                    if self.continues(&card, uid, identity)? {
                        earlier.push(card);
                    }
                }
            }
            // Two address books of one household look like one that was exported again, and each has a Mama.
            if let [only] = earlier.as_slice()
                && let theirs = only.identity(self.tx)?
                && !theirs.is_told_apart(identity)
                && (identity.name.extent() == Extent::Whole || !theirs.has_nothing_of(identity))
            {
                keys.same_record = self.owner(&earlier)?;
            }
        }
        Ok(keys)
    }

    /// Whose a card of this content was when its import was taken back, if they are there yet.
    pub(super) fn was_at(&self, print: &Fingerprint) -> Result<Option<PersonId>> {
        let home = if self.everybody.put_aside { undo::home_of(self.tx, print)? } else { None };
        home.map(|id| Ok(contacts::exists(self.tx, id)?.then_some(id))).transpose().map(Option::flatten)
    }

    /// Whether a record is the later form of a card by its place alone: the
    /// only one of its name in the same address book, which no longer has the
    /// card itself. Another UID is another record, unless all are new each time
    /// or neither says anything by which two of one name could be told apart.
    pub(super) fn continues(&self, card: &Earlier, uid: Option<&str>, identity: &Identity) -> Result<bool> {
        let key = identity.name.key();
        if !(self.recognised
            && card.source == self.source
            && card.name_key == key
            && self.repeats.is_single(key)
            && !self.is_in_batch(card))
        {
            return Ok(false);
        }
        let earlier = card.lasting_uid();
        match (earlier, uid.filter(|uid| !is_counted(uid))) {
            (None, None) => Ok(true),
            _ if earlier.is_some_and(|earlier| self.repeats.has_uid(earlier)) => Ok(false),
            (Some(_), Some(_)) if self.renumbered => Ok(true),
            _ => Ok(identity.is_name_alone() && card.identity(self.tx)?.is_name_alone()),
        }
    }

    /// Whose card of this importer has a record's UID: whose name it may be, its own address book's first; else who
    /// may have been renamed. Of several who have one UID nobody became somebody else by it.
    fn shown_by_uid(&self, uid: &str, card: &Prepared) -> Result<Option<PersonId>> {
        let key = card.identity.name.key();
        let mut earlier = Earlier::with_uid(self.tx, self.batch.importer, uid)?;
        earlier.sort_by_key(|earlier| (earlier.source != self.source, earlier.name_key != key));
        let mut book = BTreeSet::new();
        for earlier in &earlier {
            let person = contacts::resolve(self.tx, PersonId(earlier.home))?;
            if !self.is_somebody_elses(earlier, &card.identity, Mark::Uid)? {
                return Ok(Some(person));
            }
            if earlier.source == self.source {
                book.insert(person);
            }
        }
        let mut renamed = BTreeSet::new();
        for earlier in &earlier {
            let person = contacts::resolve(self.tx, PersonId(earlier.home))?;
            let is_faulty = book.len() > 1 && self.everybody.index.is_unlike(person, &card.identity);
            if !is_faulty && self.may_be_of(earlier, card, Mark::Uid)? {
                renamed.insert(person);
            }
        }
        Ok(renamed.pop_first().filter(|_| renamed.is_empty()))
    }

    /// Whom a profile's address shows a record to be. Of several who share it, it is who has the name;
    /// and nobody by itself where the names, the birthdays or all addresses contradict, or where half a name
    /// is all that one of the two has: whose that is would depend on who came first.
    fn look_for_profile(&self, profile: &str, card: &Prepared, keys: &mut Keys) -> Result<()> {
        let index = &self.everybody.index;
        let mut owners = Vec::new();
        for earlier in Earlier::with_any_profile(self.tx, profile)? {
            let person = contacts::resolve(self.tx, PersonId(earlier.home))?;
            let is_elsewhere = (earlier.source != self.source || self.is_in_batch(&earlier))
                && earlier.identity(self.tx)?.is_reached_elsewhere(&card.identity);
            let is_of_book = earlier.source == self.source && self.may_replace(&earlier, card);
            let is_telling = index.has_telling_name(person, &card.identity);
            let is_proven = !is_elsewhere
                && (is_of_book || is_telling || !index.are_named(person, &card.identity))
                && self.may_be_of(&earlier, card, Mark::Profile)?;
            owners.push((person, is_proven, is_telling));
        }
        let is_shared = owners.windows(2).any(|two| two[0].0 != two[1].0);
        let is_only = |person: &PersonId| {
            owners
                .iter()
                .all(|(other, is_proven, is_telling)| other == person || !(*is_proven && *is_telling))
        };
        let proven = owners.iter().find(|(person, is_proven, is_telling)| {
            *is_proven
                && (!is_shared
                    || index.has_name_of(*person, &card.identity)
                    || *is_telling && is_only(person))
        });
        keys.profile = proven.map(|(person, ..)| *person);
        if keys.profile.is_none() {
            let mut others = owners.into_iter().map(|(person, ..)| person);
            keys.doubtful_profile = others.find(|person| !index.is_unlike(*person, &card.identity));
        }
        Ok(())
    }

    /// Whether a card with a record's UID, profile or file is the same person's. In the same address
    /// book a married name proves nothing against it, nor does another name alone.
    pub(in super::super) fn may_be_of(&self, earlier: &Earlier, card: &Prepared, mark: Mark) -> Result<bool> {
        if !self.is_somebody_elses(earlier, &card.identity, mark)? {
            return Ok(true);
        }
        if earlier.source != self.source || !self.may_replace(earlier, card) {
            return Ok(false);
        }
        // Whom the file has yet under the old name got another number in it.
        if self.repeats.has_name(&earlier.name_key) {
            return Ok(false);
        }
        let person = contacts::resolve(self.tx, PersonId(earlier.home))?;
        if !self.everybody.index.is_unlike(person, &card.identity) {
            return Ok(true);
        }
        let record = serde_json::from_str(&card.fields).map_err(|error| not_json(&error))?;
        Ok(is_only_renamed(&earlier.said(self.tx)?.0, &record))
    }

    /// Whether a card with a record's UID, profile or file is of somebody else.
    pub(in super::super) fn is_somebody_elses(
        &self,
        earlier: &Earlier,
        identity: &Identity,
        mark: Mark,
    ) -> Result<bool> {
        let is_counted =
            mark == Mark::Uid && earlier.source != self.source && earlier.lasting_uid().is_none();
        if !is_counted && mark != Mark::Profile && earlier.name_key == identity.name.key() {
            return Ok(false);
        }
        let person = contacts::resolve(self.tx, PersonId(earlier.home))?;
        Ok(self.everybody.index.is_somebody_else(
            person,
            identity,
            if is_counted { Mark::Counted } else { mark },
        ))
    }

    /// The card of somebody's with a record's UID that is of a later revision than the record: what was exported
    /// before, and is imported after it. What is in a followed folder is what is meant, whatever its revision.
    pub(super) fn newer_revision(&self, id: PersonId, card: &Prepared) -> Result<Option<i64>> {
        let uid = card.uid.as_deref().filter(|uid| !is_counted(uid) && !self.repeats.is_faulty(uid));
        let (Some(uid), Some(revised), None) = (uid, &card.revised, self.batch.folder) else {
            return Ok(None);
        };
        for earlier in Earlier::with_uid(self.tx, self.batch.importer, uid)? {
            if contacts::resolve(self.tx, PersonId(earlier.home))? == id && self.may_replace(&earlier, card) {
                let theirs = revision(&earlier.said(self.tx)?.0);
                if theirs.is_some_and(|theirs| theirs > *revised && !theirs.starts_with(revised.as_str())) {
                    return Ok(Some(earlier.id));
                }
            }
        }
        Ok(None)
    }

    /// Whose card of this importer has a UID, if that is one record's own.
    pub(in super::super) fn with_uid(&self, uid: &str) -> Result<Option<PersonId>> {
        if self.repeats.is_faulty(uid) {
            return Ok(None);
        }
        self.owner(&Earlier::with_uid(self.tx, self.batch.importer, uid)?)
    }

    pub(in super::super) fn owner(&self, cards: &[Earlier]) -> Result<Option<PersonId>> {
        cards.first().map(|card| contacts::resolve(self.tx, PersonId(card.home))).transpose()
    }
}
