//! Who is who: whether a record is somebody known, somebody new, or somebody
//! to be reviewed.

use std::collections::HashMap;

use super::facts::PersonId;
use super::identity::Identity;
use super::name::PersonName;
use super::phone::{self, Region};

/// What is known of everybody, for finding whom a record means.
#[derive(Debug, Default)]
pub struct Index {
    people: HashMap<PersonId, Known>,
    emails: HashMap<String, Value>,
    phones: HashMap<String, Value>,
    /// In order.
    names: HashMap<String, Vec<PersonId>>,
    /// Who turned out to be somebody else, and who that is.
    joined: HashMap<PersonId, PersonId>,
    /// Where the user is.
    home: Option<Region>,
    /// The names of the batch's records.
    batch: Vec<PersonName>,
}

#[derive(Debug, Default)]
struct Known {
    identity: Identity,
    person: bool,
}

impl Known {
    fn join(&mut self, person: bool, identity: &Identity) {
        self.person |= person;
        // Of several names the fullest one contradicts most reliably.
        if self.identity.name.key().len() < identity.name.key().len() {
            self.identity.name = identity.name.clone();
        }
        self.identity.birthday = self.identity.birthday.or(identity.birthday);
    }
}

/// An address or a number.
#[derive(Debug, Default)]
struct Value {
    /// Whose it is, in order.
    owners: Vec<PersonId>,
    /// Where in the batch's names the first record with it is.
    first: Option<usize>,
    /// Whether records of the batch share it although their names contradict.
    shared: bool,
}

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
    /// Somebody new who has the name of somebody known: kept, and not planned until decided.
    Review {
        /// The probable twin.
        twin: PersonId,
    },
}

/// What the database knows about a record's identity beyond names, addresses and numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Keys {
    /// Whose card has the record's UID.
    pub uid: Option<PersonId>,
    /// Whose card has the record's profile address.
    pub profile: Option<PersonId>,
    /// Whose card an earlier export of the same address book had under this name.
    pub same_record: Option<PersonId>,
}

impl Index {
    /// Of nobody yet, for a user whose telephone is in this country.
    #[must_use]
    pub fn at(home: Option<Region>) -> Self {
        Self { home, ..Self::default() }
    }

    /// Makes room for so many records more.
    pub fn expect(&mut self, records: usize) {
        self.batch.reserve(records);
        self.people.reserve(records);
        self.names.reserve(records);
        self.emails.reserve(records);
        self.phones.reserve(records);
    }

    /// Adds a contact, or what another record says about it.
    pub fn add(&mut self, id: PersonId, identity: &Identity, person: bool) {
        let phones = self.kept_under(identity);
        for (of, values) in [(&mut self.emails, &identity.emails), (&mut self.phones, &phones)] {
            for value in values {
                match of.get_mut(value) {
                    Some(known) => note(&mut known.owners, id),
                    None => {
                        of.insert(value.clone(), Value { owners: vec![id], ..Value::default() });
                    }
                }
            }
        }
        let key = identity.name.key();
        if !key.is_empty() {
            note(self.names.entry(key.to_owned()).or_default(), id);
        }
        self.people.entry(id).or_default().join(person, identity);
    }

    /// Takes it that two are one: whoever was the one is the other from now on.
    pub fn join(&mut self, loser: PersonId, winner: PersonId) {
        let lost = self.people.remove(&loser).unwrap_or_default();
        self.joined.insert(loser, winner);
        self.people.entry(winner).or_default().join(lost.person, &lost.identity);
    }

    /// Who somebody is now.
    fn standing(&self, mut id: PersonId) -> PersonId {
        while let Some(winner) = self.joined.get(&id) {
            id = *winner;
        }
        id
    }

    /// Takes a record of the batch into account before any is decided: which
    /// addresses and numbers records share although their names contradict, so
    /// that the order of the records does not matter.
    pub fn share(&mut self, identity: &Identity) {
        let this = self.batch.len();
        self.batch.push(identity.name.clone());
        let phones = self.kept_under(identity);
        for (of, values) in [(&mut self.emails, &identity.emails), (&mut self.phones, &phones)] {
            for value in values {
                let value = of.entry(value.clone()).or_default();
                let first = *value.first.get_or_insert(this);
                value.shared |= self.batch[first].contradicts(&identity.name);
            }
        }
    }

    /// Everybody with the record's name.
    #[must_use]
    pub fn namesakes(&self, name: &PersonName) -> &[PersonId] {
        self.names.get(name.key()).map_or(&[], Vec::as_slice)
    }

    /// Whether nobody else has this name.
    #[must_use]
    pub fn is_only_one_named(&self, id: PersonId, name: &PersonName) -> bool {
        self.namesakes(name).iter().all(|other| self.standing(*other) == id)
    }

    /// Whether somebody known has one of the record's addresses or numbers.
    #[must_use]
    pub fn has_key_of(&self, id: PersonId, identity: &Identity) -> bool {
        self.in_common(id, identity).is_some()
    }

    /// Which of the record's addresses or numbers somebody known has.
    #[must_use]
    pub fn in_common<'a>(&self, id: PersonId, identity: &'a Identity) -> Option<(Reason, &'a str)> {
        let has = |common: &Common<'_>| common.values.iter().any(|value| self.is_among(id, &value.owners));
        self.values(identity).find(|(.., common)| has(common)).map(|(reason, said, _)| (reason, said))
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
        self.values(identity).find_map(|(reason, _, common)| {
            let owner = common.values.iter().filter_map(|value| value.owners.first()).min();
            owner.map(|owner| (*owner, reason))
        })
    }

    /// Each of a record's addresses and numbers, with what is known of it.
    fn values<'a>(&self, identity: &'a Identity) -> impl Iterator<Item = (Reason, &'a str, Common<'_>)> {
        let emails = identity.emails.iter().map(|email| {
            let value = self.emails.get(email);
            let common =
                Common { values: value.into_iter().collect(), shared: value.is_some_and(|v| v.shared) };
            (Reason::Email, email.as_str(), common)
        });
        let phones = identity.phones.iter().filter_map(|number| {
            let keys = phone::Keys::of(number, self.home)?;
            let values = keys.found_under().iter().filter_map(|key| self.phones.get(key)).collect();
            // Those who share it may write it in other ways.
            let shared = keys.kept_under().iter().any(|key| self.phones.get(key).is_some_and(|v| v.shared));
            Some((Reason::Phone, number.as_str(), Common { values, shared }))
        });
        emails.chain(phones)
    }

    /// The keys of a record's numbers under which they are kept.
    fn kept_under(&self, identity: &Identity) -> Vec<String> {
        let keys = identity.phones.iter().filter_map(|number| phone::Keys::of(number, self.home));
        keys.flat_map(|keys| keys.kept_under()).collect()
    }

    /// Decides whom a record means.
    #[must_use]
    pub fn decide(&self, identity: &Identity, person: bool, keys: Keys) -> Verdict {
        let mut found: Vec<(PersonId, Reason)> = Vec::new();
        let mut find = |id: PersonId, reason| {
            if !found.iter().any(|(known, _)| *known == id) {
                found.push((id, reason));
            }
        };
        keys.uid.into_iter().for_each(|id| find(id, Reason::Uid));
        keys.profile.into_iter().for_each(|id| find(id, Reason::Profile));
        keys.same_record.into_iter().for_each(|id| find(id, Reason::SameRecord));
        for (reason, _, common) in self.values(identity) {
            if let Some(id) = self.only_owner(&common)
                && !self.is_named_otherwise(id, identity)
            {
                find(id, reason);
            }
        }
        let mut found = found.into_iter();
        if let Some((person, reason)) = found.next() {
            let (also, doubtful) = found
                .map(|(id, _)| id)
                .partition(|&id| !self.contradict(person, id) && !self.is_named_otherwise(id, identity));
            return Verdict::Known { person, reason, also, doubtful };
        }
        // The one that was there first.
        let twin = self.same_named(identity).next().filter(|_| person);
        twin.map_or(Verdict::New, |twin| Verdict::Review { twin })
    }

    /// The people of a record's whole name whom nothing tells apart from it,
    /// those that were there first in front.
    pub fn same_named(&self, identity: &Identity) -> impl Iterator<Item = PersonId> {
        self.namesakes(&identity.name).iter().map(|id| self.standing(*id)).filter(|&id| {
            self.people.get(&id).is_some_and(|known| known.person) && !self.contradicts(id, identity)
        })
    }

    /// Whose an address or a number is, unless several people share it.
    fn only_owner(&self, common: &Common<'_>) -> Option<PersonId> {
        let owners = common.values.iter().flat_map(|value| &value.owners);
        let mut owners = owners.map(|owner| self.standing(*owner));
        let first = owners.next()?;
        (!common.shared && owners.all(|owner| owner == first)).then_some(first)
    }

    /// Whether the names cannot be one person's. A wrong year in one export must
    /// not make two of somebody who has one address: birthdays do not count here.
    fn is_named_otherwise(&self, id: PersonId, identity: &Identity) -> bool {
        self.people.get(&id).is_some_and(|known| known.identity.name.contradicts(&identity.name))
    }

    fn contradicts(&self, id: PersonId, identity: &Identity) -> bool {
        self.people.get(&id).is_some_and(|known| known.identity.contradicts(identity))
    }

    fn contradict(&self, a: PersonId, b: PersonId) -> bool {
        match (self.people.get(&a), self.people.get(&b)) {
            (Some(a), Some(b)) => a.identity.name.contradicts(&b.identity.name),
            _ => false,
        }
    }
}

/// What is known of an address or a number.
struct Common<'a> {
    /// In each of the ways in which it may be written.
    values: Vec<&'a Value>,
    /// Whether records of the batch share it although their names contradict.
    shared: bool,
}

/// Adds somebody to a list that is in order, for there may be thousands with one name or number.
fn note(ids: &mut Vec<PersonId>, id: PersonId) {
    if let Err(at) = ids.binary_search(&id) {
        ids.insert(at, id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(name: &str, emails: &[&str], phones: &[&str], birthday: &str) -> Identity {
        Identity::new(
            PersonName::of_text(name),
            emails.iter().copied(),
            phones.iter().copied(),
            std::iter::empty(),
            birthday.parse().ok(),
        )
    }

    const LANDLINE: &str = "+49 30 1234567";

    fn known() -> Index {
        let mut index = Index::default();
        for (id, name, emails, phones, birthday) in [
            (1, "Anna Müller", &["anna@a.example"][..], &["+49 170 1111111"][..], "1985-04-12"),
            (2, "Bert Müller", &["bert@a.example"], &["+49 170 2222222"], ""),
            (3, "Carla Diaz", &[], &[LANDLINE], ""),
            (4, "David Diaz", &[], &[LANDLINE], ""),
        ] {
            index.add(PersonId(id), &who(name, emails, phones, birthday), true);
        }
        index
    }

    fn is(person: i64, reason: Reason) -> Verdict {
        Verdict::Known { person: PersonId(person), reason, also: vec![], doubtful: vec![] }
    }

    #[test]
    fn who_was_joined_is_one_from_then_on() {
        let mut index = known();
        let carla = who("Carla Diaz", &["carla@a.example"], &[LANDLINE], "");
        index.add(PersonId(5), &carla, true);
        index.join(PersonId(4), PersonId(3));
        let record = who("C. Diaz", &[], &[LANDLINE], "");
        assert_eq!(index.decide(&record, true, Keys::default()), Verdict::New);
        assert!(!index.is_only_one_named(PersonId(5), &carla.name));
        index.join(PersonId(3), PersonId(5));
        assert_eq!(index.decide(&record, true, Keys::default()), is(5, Reason::Phone));
        assert!(index.has_key_of(PersonId(5), &record) && index.is_only_one_named(PersonId(5), &carla.name));
    }

    #[test]
    fn records_find_their_people() {
        let none = Keys::default();
        let cases = [
            ("by email", who("A. Müller", &["ANNA@A.example"], &[], ""), none, is(1, Reason::Email)),
            ("by phone", who("Müller, Anna", &[], &["0170 1111111"], ""), none, is(1, Reason::Phone)),
            ("a nameless address", who("", &["bert@a.example"], &[], ""), none, is(2, Reason::Email)),
            (
                "another name at the address",
                who("Eva Kern", &["anna@a.example"], &[], ""),
                none,
                Verdict::New,
            ),
            (
                "another birthday at the address",
                who("Anna Müller", &["anna@a.example"], &[], "1990-01-01"),
                none,
                is(1, Reason::Email),
            ),
            (
                "a namesake born on another day",
                who("Anna Müller", &[], &[], "1990-01-01"),
                none,
                Verdict::New,
            ),
            ("a shared number", who("C. Diaz", &[], &[LANDLINE], ""), none, Verdict::New),
            ("a name alone", who("Anna Müller", &[], &[], ""), none, Verdict::Review { twin: PersonId(1) }),
            ("half a name", who("Anna", &[], &[], ""), none, Verdict::New),
            (
                "a married name under the same UID",
                who("Anna Kern", &[], &[], ""),
                Keys { uid: Some(PersonId(1)), ..none },
                is(1, Reason::Uid),
            ),
            (
                "an earlier record",
                who("Bert Müller", &["new@b.example"], &[], ""),
                Keys { same_record: Some(PersonId(2)), ..none },
                is(2, Reason::SameRecord),
            ),
        ];
        for (case, record, keys, verdict) in cases {
            assert_eq!(known().decide(&record, true, keys), verdict, "{case}");
        }
    }

    #[test]
    fn an_address_or_a_number_has_an_owner_whatever_the_name() {
        for (record, owner) in [
            (who("Eva Kern", &["anna@a.example"], &[], ""), Some((1, Reason::Email))),
            (who("Eva Kern", &[], &["0170 2222222"], ""), Some((2, Reason::Phone))),
            (who("Eva Kern", &["eva@a.example"], &[LANDLINE], ""), Some((3, Reason::Phone))),
            (who("Anna Müller", &["eva@a.example"], &[], ""), None),
        ] {
            assert_eq!(known().owner(&record), owner.map(|(id, reason)| (PersonId(id), reason)));
        }
    }

    #[test]
    fn a_record_that_bridges_two_people_makes_them_one_unless_they_contradict() {
        let mut index = known();
        index.add(PersonId(5), &who("A. Müller", &["am@work.example"], &[], ""), true);
        let bridge = who("Anna Müller", &["am@work.example", "anna@a.example"], &[], "");
        let Verdict::Known { person, also, .. } = index.decide(&bridge, true, Keys::default()) else {
            panic!()
        };
        assert_eq!((person, also), (PersonId(5), vec![PersonId(1)]));
        let wrong = who("Müller", &["anna@a.example", "bert@a.example"], &[], "");
        let Verdict::Known { also, doubtful, .. } = index.decide(&wrong, true, Keys::default()) else {
            panic!()
        };
        assert_eq!((also, doubtful), (vec![], vec![PersonId(2)]));
    }

    #[test]
    fn what_a_batch_shares_joins_nobody_whatever_the_order() {
        let couple =
            [who("Eva Kern", &[], &["030 7654321"], ""), who("Finn Kern", &[], &["030 7654321"], "")];
        let mut index = Index::default();
        couple.iter().for_each(|record| index.share(record));
        index.add(PersonId(1), &couple[0], true);
        assert_eq!(
            index.decide(&who("E. Kern", &[], &["030 7654321"], ""), true, Keys::default()),
            Verdict::New
        );
    }

    #[test]
    fn a_number_is_the_same_in_full_or_by_its_end() {
        for (home, known, said, joined) in [
            ("", "+49 170 1234567", "0170 1234567", true),
            ("", "0170 1234567", "+43 170 1234567", true),
            ("", "+49 170 1234567", "+43 170 1234567", false),
            ("DE", "0170 1234567", "+43 170 1234567", false),
            ("DE", "030 12345", "+49 30 12345", true),
            ("", "030 12345", "+49 30 12345", false),
        ] {
            let mut index = Index::at(Region::named(home));
            index.add(PersonId(1), &who("Anna Kern", &[], &[known], ""), true);
            let verdict = index.decide(&who("A. Kern", &[], &[said], ""), true, Keys::default());
            let expected = if joined { is(1, Reason::Phone) } else { Verdict::New };
            assert_eq!(verdict, expected, "{known} and {said} in {home:?}");
        }
    }

    #[test]
    fn a_couples_number_joins_nobody_however_it_is_written() {
        let couple =
            [who("Eva Kern", &[], &["030 7654321"], ""), who("Finn Kern", &[], &["+49 30 7654321"], "")];
        for home in ["", "DE"] {
            let mut index = Index::at(Region::named(home));
            couple.iter().for_each(|record| index.share(record));
            index.add(PersonId(1), &couple[0], true);
            for number in ["030 7654321", "+49 30 7654321"] {
                let family = who("Kern", &[], &[number], "");
                assert_eq!(index.decide(&family, true, Keys::default()), Verdict::New, "{number}");
            }
        }
    }

    #[test]
    fn organisations_are_nobodys_twin() {
        let mut index = Index::default();
        index.add(PersonId(1), &who("Hugo Boss", &[], &[], ""), false);
        assert_eq!(index.decide(&who("Hugo Boss", &[], &[], ""), true, Keys::default()), Verdict::New);
    }
}
