//! Who is who: whether a record is somebody known, somebody new, or somebody
//! to be reviewed.
//!
//! An address or a number makes two one
//!
//! - if they have one name: also where others share it, as a couple shares a
//!   number, unless each then has addresses of their own, and none the same. One
//!   word is a name here if no such addresses speak against it; a name with an
//!   initial is none. Never by a number if their birthdays contradict;
//! - if the one's name may be short for the other's, by an address that nobody
//!   else has. A number is a household's, or a firm's: then the user is asked;
//! - if one has no name, by an address or a number that nobody else has.
//!
//! So what a number joins depends on the two alone, and hardly on who else
//! came before.

mod known;
mod sharing;

use super::facts::PersonId;
use super::identity::Identity;
use super::name::{Extent, PersonName};

pub use self::known::Index;
use self::known::{Common, Known};
pub use self::sharing::Names;

/// Why a record was taken for somebody known; told to the user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// The same record: its UID.
    Uid,
    /// The same profile at a service.
    Profile,
    /// The same record of an address book that was imported before.
    SameRecord,
    /// The same email address.
    Email,
    /// The same telephone number.
    Phone,
}

impl std::fmt::Display for Reason {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Uid => "the same UID",
            Self::Profile => "the same profile address",
            Self::SameRecord => "the same record of this address book",
            Self::Email => "the same email address",
            Self::Phone => "the same telephone number",
        })
    }
}

/// Whom a record means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// Somebody not known yet.
    New,
    /// Somebody known.
    Known {
        /// Who.
        person: PersonId,
        /// Why.
        reason: Reason,
        /// Others that the record shows to be the same person.
        also: Vec<PersonId>,
        /// Others that share a key but contradict: listed for review, planned all the same.
        doubtful: Vec<PersonId>,
    },
    /// Somebody new who may be somebody known: kept, and not planned until decided, unless it is a shared
    /// profile that says so.
    Review {
        /// The probable twin.
        twin: PersonId,
        /// What they have in common.
        alike: Alike,
    },
}

/// What makes a twin of somebody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alike {
    /// The whole name.
    Name,
    /// A telephone number, and a name that may be short for the other's.
    Number,
    /// A profile's address, where the names, the birthdays or all addresses contradict.
    Profile,
}

/// What the database knows about a record's identity beyond names, addresses and numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Keys {
    /// Whose card has the record's UID.
    pub uid: Option<PersonId>,
    /// Whose card has the record's profile address.
    pub profile: Option<PersonId>,
    /// Whose card has it, too, and is perhaps somebody else's: several may share a profile.
    pub doubtful_profile: Option<PersonId>,
    /// Whose card an earlier export of the same address book had under this name.
    pub same_record: Option<PersonId>,
}

/// What a record and a card have in common that may make them one, whatever the names: programs
/// give it to several people.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// A UID that other programs count to, too: it proves nothing.
    Counted,
    /// Another UID: it proves that they are one unless the names contradict.
    Uid,
    /// A profile's address, which a couple or a firm may share: it proves that they are one unless the
    /// names or the birthdays contradict, whatever else is the same.
    Profile,
    /// A file, or a place in the same address book: it proves that they are one if anything of the
    /// names is the same.
    Place,
}

/// Whom an address or a number shows a record to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shown {
    Is(PersonId),
    /// Two at once: one by each of its names.
    Both(PersonId, PersonId),
    MayBe(PersonId),
    Nobody,
}

impl Index {
    /// Decides whom a record means.
    #[must_use]
    pub fn decide(&self, identity: &Identity, person: bool, keys: Keys) -> Verdict {
        let mut found: Vec<(PersonId, Reason)> = Vec::new();
        let mut perhaps: Vec<PersonId> = Vec::new();
        let mut find = |id: PersonId, reason| {
            if !found.iter().any(|(known, _)| *known == id) {
                found.push((id, reason));
            }
        };
        keys.uid.into_iter().for_each(|id| find(id, Reason::Uid));
        keys.profile.into_iter().for_each(|id| find(id, Reason::Profile));
        keys.same_record.into_iter().for_each(|id| find(id, Reason::SameRecord));
        for common in self.values(identity) {
            match self.shown_by(&common, identity) {
                Shown::Is(id) => find(id, common.reason),
                Shown::Both(one, other) => [one, other].into_iter().for_each(|id| find(id, common.reason)),
                Shown::MayBe(id) => perhaps.push(id),
                Shown::Nobody => {}
            }
        }
        let mut found = found.into_iter();
        if let Some((person, reason)) = found.next() {
            let (also, mut doubtful): (Vec<PersonId>, Vec<PersonId>) =
                found.map(|(id, _)| id).partition(|&id| {
                    let may_be_one = !self.contradict(person, id) || self.has_names_of(person, id, identity);
                    may_be_one && !self.is_named_otherwise(id, identity)
                });
            for id in perhaps.into_iter().chain(keys.doubtful_profile) {
                if id != person && !also.contains(&id) && !doubtful.contains(&id) {
                    doubtful.push(id);
                }
            }
            return Verdict::Known { person, reason, also, doubtful };
        }
        if !person {
            return Verdict::New;
        }
        // The one that was there first.
        let of_name = self.same_named(identity).next().map(|twin| (twin, Alike::Name));
        let is_person = |id: &PersonId| self.people.get(id).is_some_and(|known| known.person);
        let of_number = || perhaps.into_iter().find(is_person).map(|twin| (twin, Alike::Number));
        let of_profile = || keys.doubtful_profile.filter(is_person).map(|twin| (twin, Alike::Profile));
        of_name
            .or_else(of_number)
            .or_else(of_profile)
            .map_or(Verdict::New, |(twin, alike)| Verdict::Review { twin, alike })
    }

    fn shown_by(&self, common: &Common, identity: &Identity) -> Shown {
        let is_phone = common.reason == Reason::Phone;
        let only_owner = common.only_owner();
        let mut of_name = common.owners.iter().filter(|id| {
            let Some(known) = self.people.get(id) else { return false };
            !(is_phone && known.is_born_otherwise(identity.birthday))
                && match known.name_in_common(identity) {
                    Some(Extent::Whole) => only_owner.is_some() || !self.has_other_addresses(**id, identity),
                    Some(Extent::Word) => !self.has_other_addresses(**id, identity),
                    Some(Extent::Initials) | None => false,
                }
        });
        if let Some(first) = of_name.next() {
            return match (of_name.next(), of_name.next()) {
                (None, _) => Shown::Is(*first),
                (Some(other), None) if self.has_names_of(*first, *other, identity) => {
                    Shown::Both(*first, *other)
                }
                _ => Shown::Nobody,
            };
        }
        let may_be =
            |id: &PersonId| !self.is_named_otherwise(*id, identity) && !self.is_born_otherwise(*id, identity);
        let both_are_named = |id: &PersonId| {
            identity.names().any(|name| !name.is_empty()) && self.people.get(id).is_some_and(Known::is_named)
        };
        match only_owner.filter(may_be) {
            Some(id) if is_phone && both_are_named(&id) => Shown::MayBe(id),
            Some(id) => Shown::Is(id),
            None => Shown::Nobody,
        }
    }

    /// Who else somebody is shown to be, now that `whole` is what is known of
    /// them: who has one of their names and one of their addresses or numbers.
    #[must_use]
    pub fn also(&self, id: PersonId, whole: &Identity) -> Option<PersonId> {
        let one = self.people.get(&id)?;
        self.values(whole).find_map(|common| {
            let others = || common.owners.iter().copied().filter(|other| *other != id);
            let is_between_two = !common.shared && others().count() == 1;
            others().find(|other| {
                let Some(known) = self.people.get(other) else { return false };
                let have_one_name = known.share_name(one, Extent::Whole)
                    && (is_between_two || !self.has_other_addresses(*other, whole))
                    || known.share_name(one, Extent::Word)
                        && !self.has_other_addresses(*other, whole)
                        && !known.contradicts(one);
                have_one_name && !(common.reason == Reason::Phone && known.is_born_otherwise(one.birthday))
            })
        })
    }

    /// The people of one of a record's whole names whom nothing tells apart from it,
    /// those that were there first in front.
    pub fn same_named(&self, identity: &Identity) -> impl Iterator<Item = PersonId> {
        let mut named: Vec<PersonId> = identity
            .names()
            .flat_map(|name| self.namesakes(name))
            .map(|id| self.standing(*id))
            .filter(|id| {
                self.people
                    .get(id)
                    .is_some_and(|known| known.person && !known.is_born_otherwise(identity.birthday))
            })
            .collect();
        if identity.whole.is_some() {
            named.sort_unstable();
            named.dedup();
        }
        named.into_iter()
    }

    /// Who has this name, if that is one person and no more.
    #[must_use]
    pub fn only_one_named(&self, name: &PersonName) -> Option<PersonId> {
        let mut named = self.namesakes(name).iter().map(|id| self.standing(*id));
        let first = named.next()?;
        let is_person = self.people.get(&first).is_some_and(|known| known.person);
        (is_person && named.all(|other| other == first)).then_some(first)
    }

    /// Whether several people have this name.
    #[must_use]
    pub fn are_several(&self, name: &PersonName) -> bool {
        let mut named = self.namesakes(name).iter().map(|id| self.standing(*id));
        named.next().is_some_and(|first| named.any(|other| other != first))
    }

    /// Whether a record is not somebody's although it has the `mark` of a card of theirs: where
    /// that proves too little for their names, an address, a number or the birthday is to be the same.
    #[must_use]
    pub fn is_somebody_else(&self, id: PersonId, identity: &Identity, mark: Mark) -> bool {
        let id = self.standing(id);
        self.people.get(&id).is_some_and(|known| {
            let is_doubtful = match mark {
                Mark::Profile => {
                    return known.is_named_otherwise(identity) || known.is_born_otherwise(identity.birthday);
                }
                Mark::Counted => true,
                Mark::Uid => known.is_named_otherwise(identity),
                Mark::Place => known.is_unlike(identity),
            };
            let born_then = known.birthday.is_some()
                && identity.birthday.is_some()
                && !known.is_born_otherwise(identity.birthday);
            is_doubtful && !born_then && !self.has_key_of(id, identity)
        })
    }

    /// Whether somebody is called as a record is.
    #[must_use]
    pub fn has_name_of(&self, id: PersonId, identity: &Identity) -> bool {
        let known = self.people.get(&self.standing(id));
        known.is_some_and(|known| known.name_in_common(identity).is_some())
    }

    /// Whether somebody is called as a record is, or both have a name that says whom it means.
    #[must_use]
    pub fn has_telling_name(&self, id: PersonId, identity: &Identity) -> bool {
        let known = self.people.get(&self.standing(id));
        known.is_some_and(|known| {
            let is_telling = |name: &PersonName| !name.is_half();
            known.name_in_common(identity).is_some()
                || identity.names().any(is_telling) && known.names().any(is_telling)
        })
    }

    /// Whether a name is known of both, somebody and a record.
    #[must_use]
    pub fn are_named(&self, id: PersonId, identity: &Identity) -> bool {
        let known = self.people.get(&self.standing(id));
        known.is_some_and(Known::is_named) && identity.names().any(|name| !name.is_empty())
    }

    /// Whether nothing of a record's name is in any of somebody's.
    #[must_use]
    pub fn is_unlike(&self, id: PersonId, identity: &Identity) -> bool {
        self.people.get(&self.standing(id)).is_some_and(|known| known.is_unlike(identity))
    }

    /// Whom one reaches at these addresses and numbers, whatever the name with
    /// them: before an address stands what its owner, or their program, likes.
    /// Of those who share one it is who has the whole name.
    #[must_use]
    pub fn reached(&self, identity: &Identity) -> Option<PersonId> {
        self.values(identity).find_map(|common| {
            let is_whole = identity.name.extent() == Extent::Whole;
            let is_called =
                |id: &PersonId| self.people.get(id).is_some_and(|it| it.is_called(&identity.name));
            let named = |id: &&PersonId| is_whole && is_called(id);
            let mut of_name = common.owners.iter().filter(named);
            let only = of_name.next().filter(|_| of_name.next().is_none());
            only.copied().or_else(|| common.only_owner())
        })
    }

    /// Whom somebody means who writes down this name with these addresses and
    /// numbers: who has one of them, unless the name is another one.
    #[must_use]
    pub fn meant(&self, identity: &Identity) -> Option<PersonId> {
        let known = self.decide(identity, true, Keys::default());
        if let Verdict::Known { person, .. } | Verdict::Review { twin: person, alike: Alike::Number } = known
        {
            return Some(person);
        }
        None
    }

    /// Whether a record calls somebody whole by the names of two, one the name of each.
    fn has_names_of(&self, one: PersonId, other: PersonId, identity: &Identity) -> bool {
        let called = |id: PersonId| {
            let known = self.people.get(&id);
            identity
                .names()
                .map(move |name| name.extent() == Extent::Whole && known.is_some_and(|it| it.is_called(name)))
        };
        let by_name: Vec<(bool, bool)> = called(one).zip(called(other)).collect();
        by_name.contains(&(true, false)) && by_name.contains(&(false, true))
    }

    /// Whether both have addresses of their own, and none is the same.
    fn has_other_addresses(&self, id: PersonId, identity: &Identity) -> bool {
        let mut common = self.values(identity).filter(|common| common.reason == Reason::Email);
        self.people.get(&id).is_some_and(|known| known.has_email)
            && !identity.emails.is_empty()
            && !common.any(|common| common.owners.contains(&id))
    }

    /// Whether the names cannot be one person's. A wrong year in one export must
    /// not make two of somebody who has one address: birthdays do not count here.
    fn is_named_otherwise(&self, id: PersonId, identity: &Identity) -> bool {
        self.people.get(&id).is_some_and(|known| known.is_named_otherwise(identity))
    }

    fn is_born_otherwise(&self, id: PersonId, identity: &Identity) -> bool {
        self.people.get(&id).is_some_and(|known| known.is_born_otherwise(identity.birthday))
    }

    fn contradict(&self, a: PersonId, b: PersonId) -> bool {
        match (self.people.get(&a), self.people.get(&b)) {
            (Some(a), Some(b)) => a.contradicts(b),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;
