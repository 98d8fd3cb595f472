//! What is known of everybody: who is called how, and whose which address and
//! which number is.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use super::Reason;
use super::sharing::Sharing;
use crate::core::date::Birthday;
use crate::core::facts::PersonId;
use crate::core::identity::Identity;
use crate::core::name::{Extent, PersonName};
use crate::core::phone::{self, Region};

/// What is known of everybody, for finding whom a record means.
///
/// There may be a hundred thousand people with four addresses and numbers each, so of these, and of
/// names, only a hash is kept. Of a million two have the same by chance once in tens of millions of
/// imports, nobody can bring it about, as each index hashes in its own way, and then the names still
/// have to agree.
#[derive(Debug, Default)]
pub struct Index {
    pub(super) people: HashMap<PersonId, Known>,
    /// Whose an address or a number is.
    owners: HashMap<Key, Ids>,
    names: HashMap<Key, Ids>,
    /// Who turned out to be somebody else, and who that is.
    joined: HashMap<PersonId, PersonId>,
    /// Where the user is.
    home: Option<Region>,
    /// What the batch's records share.
    sharing: Sharing,
    hasher: RandomState,
}

/// The hash of a name, an address or a number.
pub(super) type Key = u64;

/// What is hashed.
#[derive(Debug, Clone, Copy, Hash)]
enum Of {
    Name,
    Email,
    Phone,
}

/// People, in order; of most names, addresses and numbers there is one.
#[derive(Debug)]
enum Ids {
    One(PersonId),
    Several(Vec<PersonId>),
}

impl Ids {
    fn as_slice(&self) -> &[PersonId] {
        match self {
            Self::One(id) => std::slice::from_ref(id),
            Self::Several(ids) => ids,
        }
    }

    /// Adds somebody; there may be thousands with one name or number.
    fn add(&mut self, id: PersonId) {
        match self {
            Self::One(only) if *only == id => {}
            Self::One(only) => *self = Self::Several(vec![id.min(*only), id.max(*only)]),
            Self::Several(ids) => {
                if let Err(at) = ids.binary_search(&id) {
                    ids.insert(at, id);
                }
            }
        }
    }
}

/// Adds somebody to those of a name, an address or a number.
fn note(all: &mut HashMap<Key, Ids>, key: Key, id: PersonId) {
    all.entry(key).and_modify(|ids| ids.add(id)).or_insert(Ids::One(id));
}

/// Somebody.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// One of their names; most have no other.
    name: Option<PersonName>,
    other_names: Vec<PersonName>,
    pub(super) birthday: Option<Birthday>,
    pub(super) person: bool,
    /// Whether they have an address of their own.
    pub(super) has_email: bool,
}

impl Known {
    pub(super) fn names(&self) -> impl Iterator<Item = &PersonName> {
        self.name.iter().chain(&self.other_names)
    }

    fn has(&self, name: &PersonName) -> bool {
        self.names().any(|known| known == name)
    }

    /// Whether it is known how they are called.
    pub(super) fn is_named(&self) -> bool {
        self.names().any(|name| !name.is_empty())
    }

    /// Whether somebody is called that, whole.
    pub(super) fn is_called(&self, name: &PersonName) -> bool {
        self.names().any(|known| known.is_same(name))
    }

    /// Whether two have a name in common that says so much of who it is.
    pub(super) fn share_name(&self, other: &Self, extent: Extent) -> bool {
        self.names().any(|name| name.extent() == extent && other.is_called(name))
    }

    /// Their names without those that are short for another of them.
    fn full_names(&self) -> impl Iterator<Item = &PersonName> {
        let is_short = |short: &PersonName| {
            self.names().any(|full| full.key().len() > short.key().len() && !full.contradicts(short))
        };
        self.names().filter(move |name| self.other_names.is_empty() || !is_short(name))
    }

    /// How much the name says that they have in common with a record; none if they have none.
    pub(super) fn name_in_common(&self, identity: &Identity) -> Option<Extent> {
        let common = identity.names().filter(|name| self.is_called(name)).map(PersonName::extent);
        common.max()
    }

    /// Whether none of a record's names can be theirs. Who is known as Anna and as Anna Kern is not
    /// Anna Amsel; who was Anna Amsel and is Anna Kern, is both.
    pub(super) fn is_named_otherwise(&self, identity: &Identity) -> bool {
        self.name.is_some()
            && self.name_in_common(identity).is_none()
            && identity.names().all(|name| self.full_names().all(|known| known.contradicts(name)))
    }

    /// Whether nothing of a record's names is in any of theirs.
    pub(super) fn is_unlike(&self, identity: &Identity) -> bool {
        let mut named = self.names().filter(|known| !known.is_empty()).peekable();
        named.peek().is_some() && named.all(|known| identity.names().all(|name| known.is_unlike(name)))
    }

    /// Whether two cannot be one by their names.
    pub(super) fn contradicts(&self, other: &Self) -> bool {
        self.name.is_some()
            && other.name.is_some()
            && self.full_names().all(|name| other.full_names().all(|theirs| theirs.contradicts(name)))
    }

    /// Whether two birthdays say that somebody is somebody else.
    pub(super) fn is_born_otherwise(&self, birthday: Option<Birthday>) -> bool {
        matches!((self.birthday, birthday), (Some(a), Some(b)) if a.contradicts(b))
    }

    /// Adds a name.
    fn call(&mut self, name: PersonName) {
        match &self.name {
            None => self.name = Some(name),
            Some(_) if !self.has(&name) => self.other_names.push(name),
            Some(_) => {}
        }
    }
}

/// What is known of an address or a number of a record.
pub(super) struct Common {
    /// Which of the two.
    pub(super) reason: Reason,
    /// Who has it, in order.
    pub(super) owners: Vec<PersonId>,
    /// Whether records of the batch share it although their names contradict.
    pub(super) shared: bool,
}

impl Common {
    /// Whose it is, if it is one person's alone.
    pub(super) fn only_owner(&self) -> Option<PersonId> {
        match self.owners.as_slice() {
            [only] if !self.shared => Some(*only),
            _ => None,
        }
    }
}

impl Index {
    /// Of nobody yet, for a user whose telephone is in this country.
    #[must_use]
    pub fn at(home: Option<Region>) -> Self {
        Self { home, ..Self::default() }
    }

    /// Makes room for so many records more.
    pub fn expect(&mut self, records: usize) {
        self.people.reserve(records);
        self.names.reserve(records);
        self.owners.reserve(records * 2);
    }

    /// Adds a contact, or what another record says about it.
    pub fn add(&mut self, id: PersonId, identity: &Identity, person: bool) {
        for key in self.values_of(identity) {
            note(&mut self.owners, key, id);
        }
        identity.names().for_each(|name| self.call(id, name.clone()));
        let known = self.people.entry(id).or_default();
        known.birthday = known.birthday.or(identity.birthday);
        known.person |= person;
        known.has_email |= !identity.emails.is_empty();
    }

    /// Adds a name under which somebody is known.
    pub fn call(&mut self, id: PersonId, name: PersonName) {
        let key = self.key(Of::Name, name.key());
        let known = self.people.entry(id).or_default();
        if known.has(&name) {
            return;
        }
        if !name.is_empty() {
            note(&mut self.names, key, id);
        }
        known.call(name);
    }

    /// Takes it that two are one: whoever was the one is the other from now on.
    pub fn join(&mut self, loser: PersonId, winner: PersonId) {
        let lost = self.people.remove(&loser).unwrap_or_default();
        self.joined.insert(loser, winner);
        let known = self.people.entry(winner).or_default();
        lost.name.into_iter().chain(lost.other_names).for_each(|name| known.call(name));
        known.birthday = known.birthday.or(lost.birthday);
        known.person |= lost.person;
        known.has_email |= lost.has_email;
    }

    /// Who somebody is now.
    pub(super) fn standing(&self, mut id: PersonId) -> PersonId {
        while let Some(winner) = self.joined.get(&id) {
            id = *winner;
        }
        id
    }

    /// Begins a batch: what the records of the one before shared says nothing of this one.
    pub fn begin_batch(&mut self) {
        self.sharing = Sharing::default();
    }

    /// Takes a record of the batch into account before any is decided: which
    /// addresses and numbers records share although their names contradict, so
    /// that the order of the records does not matter.
    pub fn share(&mut self, identity: &Identity) {
        let values = self.values_of(identity);
        self.sharing.note(identity, values.into_iter());
    }

    /// Takes it that all records of the batch were taken into account.
    pub fn end_sharing(&mut self) {
        self.sharing.end();
    }

    /// Everybody with the record's name.
    #[must_use]
    pub fn namesakes(&self, name: &PersonName) -> &[PersonId] {
        self.names.get(&self.key(Of::Name, name.key())).map_or(&[], Ids::as_slice)
    }

    /// Whether somebody known has one of the record's addresses or numbers.
    #[must_use]
    pub fn has_key_of(&self, id: PersonId, identity: &Identity) -> bool {
        self.in_common(id, identity).is_some()
    }

    /// Which of the record's addresses or numbers somebody known has.
    #[must_use]
    pub fn in_common<'a>(&self, id: PersonId, identity: &'a Identity) -> Option<(Reason, &'a str)> {
        let mut values = self.found(identity);
        let theirs = values.find(|(.., values, _)| values.iter().any(|owners| self.is_among(id, owners)));
        theirs.map(|(reason, said, ..)| (reason, said))
    }

    /// Whether somebody is among these, who are in order.
    fn is_among(&self, id: PersonId, ids: &[PersonId]) -> bool {
        ids.binary_search(&id).is_ok()
            || !self.joined.is_empty() && ids.iter().any(|other| self.standing(*other) == id)
    }

    /// Somebody who has one of the record's addresses or numbers, whatever the
    /// names; the first one, if several have it.
    #[must_use]
    pub fn owner(&self, identity: &Identity) -> Option<(PersonId, Reason)> {
        self.found(identity).find_map(|(reason, _, values, _)| {
            let owner = values.iter().filter_map(|owners| owners.first()).min();
            owner.map(|owner| (*owner, reason))
        })
    }

    /// Everybody with one of the record's names, addresses or numbers.
    pub fn alike(&self, identity: &Identity) -> impl Iterator<Item = PersonId> {
        let named = identity.names().flat_map(|name| self.namesakes(name)).map(|id| self.standing(*id));
        named.chain(self.values(identity).flat_map(|common| common.owners))
    }

    /// Each of a record's addresses and numbers that somebody has.
    pub(super) fn values(&self, identity: &Identity) -> impl Iterator<Item = Common> {
        self.found(identity).filter_map(|(reason, _, values, shared)| {
            let owners = values.iter().copied().flatten().map(|owner| self.standing(*owner));
            let mut owners: Vec<PersonId> = owners.collect();
            owners.sort_unstable();
            owners.dedup();
            (!owners.is_empty()).then_some(Common { reason, owners, shared })
        })
    }

    /// Each of a record's addresses and numbers, with whose it is in each of the
    /// ways in which it may be written, and whether records of the batch share it
    /// although their names contradict.
    fn found<'a>(
        &self,
        identity: &'a Identity,
    ) -> impl Iterator<Item = (Reason, &'a str, Vec<&[PersonId]>, bool)> {
        let owners = |key: Key| self.owners.get(&key).map(Ids::as_slice);
        let emails = identity.emails.iter().map(move |email| {
            let key = self.key(Of::Email, email);
            (Reason::Email, email.as_str(), owners(key).into_iter().collect(), self.sharing.has(key))
        });
        let phones = identity.phones.iter().filter_map(move |number| {
            let keys = phone::Keys::of(number, self.home)?;
            let key = |key: &String| self.key(Of::Phone, key);
            let values = keys.found_under().iter().filter_map(|written| owners(key(written))).collect();
            // Those who share it may write it in other ways.
            let shared = keys.kept_under().iter().any(|written| self.sharing.has(key(written)));
            Some((Reason::Phone, number.as_str(), values, shared))
        });
        emails.chain(phones)
    }

    /// The keys of a record's addresses and numbers under which they are kept.
    fn values_of(&self, identity: &Identity) -> Vec<Key> {
        let numbers = identity.phones.iter().filter_map(|number| phone::Keys::of(number, self.home));
        let phones = numbers.flat_map(|keys| keys.kept_under()).map(|key| self.key(Of::Phone, &key));
        identity.emails.iter().map(|email| self.key(Of::Email, email)).chain(phones).collect()
    }

    fn key(&self, of: Of, text: &str) -> Key {
        self.hasher.hash_one((of, text))
    }
}
