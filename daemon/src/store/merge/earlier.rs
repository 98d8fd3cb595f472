//! Cards of earlier imports that a record may replace or belong to, and what
//! of a batch keeps it from replacing them.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{BuildHasher, RandomState};

use kith_plugin::{Contact, Record};
use rusqlite::{Connection, Params, ToSql};

use crate::core::assemble::{Card, assemble};
use crate::core::contact::Content;
use crate::core::facts::PersonId;
use crate::core::identity::{Identity, birthday, email_key, is_counted};
use crate::core::maker;
use crate::core::matching::Names;
use crate::core::phone;
use crate::error::{Doing, Error, Result};

/// A current card that a record may replace or belong to.
pub(super) struct Earlier {
    pub(super) id: i64,
    pub(super) home: i64,
    pub(super) source: i64,
    pub(super) uid: Option<String>,
    pub(super) profile: Option<String>,
    pub(super) name_key: String,
    /// The import that brought it.
    pub(super) import: i64,
    /// The file of a followed folder that it stands in.
    pub(super) file: Option<String>,
    /// Whether it stands for one whose file went.
    pub(super) gone: bool,
}

impl Earlier {
    /// The card's UID, if no other program counts to it.
    pub(super) fn lasting_uid(&self) -> Option<&str> {
        self.uid.as_deref().filter(|uid| !is_counted(uid))
    }

    /// Those of this importer with a UID.
    pub(super) fn with_uid(conn: &Connection, importer: &str, uid: &str) -> Result<Vec<Self>> {
        Self::find(conn, "uid", importer, uid)
    }

    /// Those of any importer with a profile's address.
    pub(super) fn with_any_profile(conn: &Connection, profile: &str) -> Result<Vec<Self>> {
        Self::find_where(conn, "profile = ?1", [profile])
    }

    /// Those of this importer with a profile's address.
    pub(super) fn with_profile(conn: &Connection, importer: &str, profile: &str) -> Result<Vec<Self>> {
        Self::find(conn, "profile", importer, profile)
    }

    /// Those of this importer whose home is a contact.
    pub(super) fn at_home(conn: &Connection, importer: &str, home: PersonId) -> Result<Vec<Self>> {
        Self::find(conn, "contact_id", importer, home.0)
    }

    /// Those that stand in a file of a followed folder.
    pub(super) fn in_file(conn: &Connection, source: i64, file: &str) -> Result<Vec<Self>> {
        Self::find_where(conn, "file = ?1 AND source_id = ?2", (file, source))
    }

    fn find(conn: &Connection, column: &str, importer: &str, value: impl ToSql) -> Result<Vec<Self>> {
        Self::find_where(conn, &format!("{column} = ?1 AND importer = ?2"), (value, importer))
    }

    fn find_where(conn: &Connection, which: &str, values: impl Params) -> Result<Vec<Self>> {
        let doing = || "look for earlier cards".to_owned();
        let sql = format!(
            "SELECT id, contact_id, source_id, uid, profile, name_key, import_id, iif(file LIKE '/%', NULL, file), gone_at IS NOT NULL FROM card
             WHERE {which} AND replaced_by IS NULL ORDER BY id"
        );
        conn.prepare_cached(&sql)
            .doing(doing)?
            .query_map(values, |row| {
                Ok(Self {
                    id: row.get(0)?,
                    home: row.get(1)?,
                    source: row.get(2)?,
                    uid: row.get(3)?,
                    profile: row.get(4)?,
                    name_key: row.get(5)?,
                    import: row.get(6)?,
                    file: row.get(7)?,
                    gone: row.get(8)?,
                })
            })
            .and_then(Iterator::collect)
            .doing(doing)
    }

    /// Who the card says it is.
    pub(super) fn identity(&self, conn: &Connection) -> Result<Identity> {
        self.said(conn).map(|(contact, _)| Identity::of_record(&contact))
    }

    /// What the card says, and its original text.
    pub(super) fn said(&self, conn: &Connection) -> Result<(Contact, String)> {
        let (fields, raw): (String, String) = conn
            .prepare_cached("SELECT fields, raw FROM card WHERE id = ?1")
            .and_then(|mut s| s.query_row([self.id], |row| Ok((row.get(0)?, row.get(1)?))))
            .doing(|| "read an earlier card".to_owned())?;
        let contact = serde_json::from_str(&fields)
            .map_err(|error| Error::internal(format!("card {} is not as kith wrote it: {error}", self.id)))?;
        Ok((contact, raw))
    }

    /// What a record says otherwise than the card, apart from its UID and the
    /// day of its revision: both may be made anew by each export.
    pub(super) fn compare(&self, conn: &Connection, record: &Record) -> Result<Difference> {
        let (card, raw) = self.said(conn)?;
        let original = |raw: &str, contact: &Contact| {
            let marks =
                [&contact.uid, &contact.updated].into_iter().flatten().filter(|mark| !mark.is_empty());
            marks.fold(raw.to_owned(), |raw, mark| raw.replace(mark, ""))
        };
        let said = |contact: &Contact| Contact { uid: None, updated: None, ..contact.clone() };
        let is_same = said(&card) == said(&record.contact);
        Ok(if maker::is_another(&raw, &record.raw) {
            Difference::Maker
        } else if !is_same && content_of(&record.contact).says_all_of(&content_of(&card)) {
            Difference::More
        } else if !is_same {
            Difference::Fields
        } else if original(&raw, &card) != original(&record.raw, &record.contact) {
            Difference::Original
        } else {
            Difference::None
        })
    }
}

/// What a contact is that one card alone says something of.
pub(super) fn content_of(contact: &Contact) -> Content {
    assemble(&[Card { id: 0, kept: true, behind: 0, gone: None, fields: contact.clone() }], &[])
}

/// Whether a record says all that a card says of how somebody is reached, and when they were
/// born: it has another name, and perhaps more.
pub(super) fn is_only_renamed(card: &Contact, record: &Contact) -> bool {
    let has_address =
        |address: &str| record.emails.iter().any(|email| email_key(&email.address) == email_key(address));
    let has_number = |number: &str| record.phones.iter().any(|phone| phone::is_one(&phone.number, number));
    card.emails.iter().all(|email| has_address(&email.address))
        && card.phones.iter().all(|phone| has_number(&phone.number))
        && (birthday(card).is_none() || birthday(card) == birthday(record))
}

/// Where a record and a card differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Difference {
    /// In what they say.
    Fields,
    /// The record says more, and all that the card says; one program wrote them.
    More,
    /// In the program that wrote them, whatever they say.
    Maker,
    /// In what the importer did not understand.
    Original,
    /// Nowhere.
    None,
}

/// Names and UIDs of a batch's records that are not known already, by a hash of each, which only
/// this import knows.
#[derive(Default)]
pub(super) struct Repeats {
    /// How many records have a name.
    names: HashMap<u64, u32>,
    uids: HashMap<u64, Shared>,
    /// The names of the records that had a UID first.
    said: Names,
    hasher: RandomState,
}

/// A UID as the batch has it.
struct Shared {
    /// Whose name the first record with it has.
    first: u32,
    /// Whether several records have it.
    repeated: bool,
    /// Whether records with it have names that contradict: an exporter's fault, not an identity.
    contradict: bool,
}

impl Repeats {
    /// Takes a record into account.
    pub(super) fn note(&mut self, uid: Option<&str>, identity: &Identity) {
        *self.names.entry(self.hasher.hash_one(identity.name.key())).or_default() += 1;
        match uid.map(|uid| self.uids.entry(self.hasher.hash_one(uid))) {
            Some(Entry::Occupied(mut known)) => {
                let known = known.get_mut();
                known.repeated = true;
                known.contradict |= self.said.contradict(known.first, identity);
            }
            Some(Entry::Vacant(place)) => {
                let first = self.said.push(identity);
                place.insert(Shared { first, repeated: false, contradict: false });
            }
            None => {}
        }
    }

    /// Whether contradicting names share a UID in this batch.
    pub(super) fn is_faulty(&self, uid: &str) -> bool {
        self.uid(uid).is_some_and(|shared| shared.contradict)
    }

    /// Whether several records of the batch have this UID.
    pub(super) fn is_repeated(&self, uid: &str) -> bool {
        self.uid(uid).is_some_and(|shared| shared.repeated)
    }

    /// Takes it back that a record has this name.
    pub(super) fn forget_name(&mut self, name_key: &str) {
        if let Some(count) = self.names.get_mut(&self.hasher.hash_one(name_key)) {
            *count -= 1;
        }
    }

    /// Whether a record of the batch has this name.
    pub(super) fn has_name(&self, name_key: &str) -> bool {
        self.names.get(&self.hasher.hash_one(name_key)).is_some_and(|count| *count > 0)
    }

    /// Whether a record of the batch has this UID.
    pub(super) fn has_uid(&self, uid: &str) -> bool {
        self.uid(uid).is_some()
    }

    /// Whether one record of the batch, and no more, has this name.
    pub(super) fn is_single(&self, name_key: &str) -> bool {
        self.names.get(&self.hasher.hash_one(name_key)) == Some(&1)
    }

    fn uid(&self, uid: &str) -> Option<&Shared> {
        self.uids.get(&self.hasher.hash_one(uid))
    }
}
