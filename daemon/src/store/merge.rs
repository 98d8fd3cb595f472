//! Taking an imported batch in: one transaction, before or after, never between.
//!
//! Reading comes first and needs no lock: while the plugin streams, each
//! record is looked up ([`Seen`]), so that a batch which says nothing new
//! writes one row. What is left is decided by [`crate::core::matching`] and
//! written here.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use kith_plugin::{Contact, Record};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sha2::{Digest, Sha256};

use super::contacts::{self, Field};
use super::{Store, facts};
use crate::core::assemble::{Card, assemble};
use crate::core::contact::{Column, Content};
use crate::core::facts::PersonId;
use crate::core::identity::{Identity, is_person, profile_key};
use crate::core::matching::{Index, Keys, Reason, Verdict};
use crate::core::name::PersonName;
use crate::error::{Doing, Error, Result};

/// The records of a batch, which can be read more than once.
pub type Records<'a> = dyn Fn() -> Result<Box<dyn Iterator<Item = Result<Record>> + 'a>> + 'a;

/// What was imported.
pub struct Batch<'a> {
    /// The importer's name.
    pub importer: &'a str,
    /// The file's name.
    pub file_name: &'a str,
    /// When, in UTC.
    pub at: jiff::Timestamp,
    /// The records.
    pub records: &'a Records<'a>,
    /// How many things the importer did not take.
    pub skipped: u64,
    /// Whether to take everything back at the end.
    pub rehearse: bool,
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
    /// What became of each record that was not unchanged; as many as somebody might read.
    pub details: Vec<Detail>,
}

/// How many details an outcome keeps.
const MOST_DETAILS: usize = 20_000;

/// What became of one record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Detail {
    /// Its line in the file.
    pub line: u64,
    /// The contact it belongs to now.
    pub person: PersonId,
    /// The contact's name.
    pub name: String,
    /// What happened.
    pub what: What,
    /// What of it could not be understood.
    pub warnings: Vec<String>,
}

/// What happened with a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum What {
    /// A new contact.
    New {
        /// Whether it is an organisation.
        organization: bool,
    },
    /// It changed a contact.
    Updated {
        /// Why it was taken for this contact.
        reason: Reason,
        /// The fields that changed.
        fields: Vec<Field>,
    },
    /// It may be somebody known.
    Review {
        /// The probable twin's name.
        twin: String,
    },
}

/// The records of a batch that are known already, looked up while they stream.
#[derive(Debug, Default)]
pub struct Seen {
    /// By the record's position: the card it equals.
    cards: Vec<Option<i64>>,
    own_writes: String,
}

impl Store {
    /// Begins to look records up.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn seen(&self) -> Result<Seen> {
        Ok(Seen { cards: Vec::new(), own_writes: self.meta("own_writes")?.unwrap_or_default() })
    }

    /// Looks the batch's next record up.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn see(&self, seen: &mut Seen, importer: &str, record: &Record) -> Result<()> {
        let fields = fields_of(record)?;
        seen.cards.push(card_with(&self.conn, &hash(importer, &fields, &record.raw))?);
        Ok(())
    }

    /// Takes a batch in, whole or not at all.
    ///
    /// # Errors
    /// If the database cannot be written; nothing of the batch is in it then.
    pub fn take_in(&mut self, batch: &Batch<'_>, mut seen: Seen) -> Result<Outcome> {
        self.own_if(|tx| {
            if super::meta(tx, "own_writes")?.unwrap_or_default() != seen.own_writes {
                // Another import came between: look again, now that nobody can.
                seen.cards.clear();
                for record in (batch.records)()? {
                    let record = record?;
                    let fields = fields_of(&record)?;
                    seen.cards.push(card_with(tx, &hash(batch.importer, &fields, &record.raw))?);
                }
            }
            let outcome = Merge::begin(tx, batch, &seen)?.run(&seen)?;
            Ok((outcome, !batch.rehearse))
        })
    }
}

/// A record's fields as they are stored and hashed.
fn fields_of(record: &Record) -> Result<String> {
    serde_json::to_string(&record.contact)
        .map_err(|error| Error::internal(format!("a record cannot be written as JSON: {error}")))
}

/// A card's content from one importer, whatever the file's name.
fn hash(importer: &str, fields: &str, raw: &str) -> [u8; 16] {
    let whole = Sha256::new()
        .chain_update(importer)
        .chain_update([0])
        .chain_update(fields)
        .chain_update([0])
        .chain_update(raw)
        .finalize();
    let mut half = [0; 16];
    half.iter_mut().zip(whole).for_each(|(to, from)| *to = from);
    half
}

/// The current card with this content.
fn card_with(conn: &Connection, hash: &[u8; 16]) -> Result<Option<i64>> {
    conn.prepare_cached("SELECT id FROM card WHERE hash = ?1 AND replaced_by IS NULL LIMIT 1")
        .and_then(|mut s| s.query_row([hash.as_slice()], |row| row.get(0)).optional())
        .doing(|| "look for a card".to_owned())
}

/// A card that a record may replace or belong to.
struct Earlier {
    id: i64,
    home: i64,
    source: i64,
    uid: Option<String>,
    profile: Option<String>,
    name_key: String,
}

fn earlier_cards(conn: &Connection, condition: &str, importer: &str, value: &str) -> Result<Vec<Earlier>> {
    let doing = || "look for earlier cards".to_owned();
    conn.prepare_cached(&format!(
        "SELECT id, contact_id, source_id, uid, profile, name_key FROM card
         WHERE {condition} = ?1 AND importer = ?2 AND replaced_by IS NULL ORDER BY id"
    ))
    .doing(doing)?
    .query_map((value, importer), |row| {
        Ok(Earlier {
            id: row.get(0)?,
            home: row.get(1)?,
            source: row.get(2)?,
            uid: row.get(3)?,
            profile: row.get(4)?,
            name_key: row.get(5)?,
        })
    })
    .and_then(Iterator::collect)
    .doing(doing)
}

struct Merge<'a, 'b> {
    tx: &'a Transaction<'a>,
    batch: &'a Batch<'b>,
    at: String,
    import: i64,
    source: i64,
    /// Whether the address book was imported before.
    recognised: bool,
    index: Index,
    /// The cards that the batch has unchanged.
    present: HashSet<i64>,
    /// Names and UIDs of the batch's other records.
    names: HashMap<String, u32>,
    uids: HashMap<String, Shared>,
    outcome: Outcome,
}

/// A UID as the batch has it.
struct Shared {
    name: PersonName,
    /// Whether records with it have names that contradict: an exporter's fault, not an identity.
    contradict: bool,
}

impl<'a, 'b> Merge<'a, 'b> {
    fn begin(tx: &'a Transaction<'a>, batch: &'a Batch<'b>, seen: &Seen) -> Result<Self> {
        let at = batch.at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let mut merge = Self {
            tx,
            batch,
            at,
            import: 0,
            source: 0,
            recognised: false,
            index: Index::default(),
            present: seen.cards.iter().copied().flatten().collect(),
            names: HashMap::new(),
            uids: HashMap::new(),
            outcome: Outcome::default(),
        };
        if seen.cards.iter().any(Option::is_none) {
            facts::fill_index(tx, &mut merge.index)?;
        }
        merge.find_source(seen)?;
        merge.import = insert_id(
            tx,
            "INSERT INTO import(at, importer, file_name, source_id, after_change)
             VALUES (?1, ?2, ?3, ?4, (SELECT coalesce(max(n), 0) FROM change))",
            params![merge.at, batch.importer, batch.file_name, merge.source],
        )?;
        Ok(merge)
    }

    /// Recognises the address book: the one that at least half of the records were in before.
    fn find_source(&mut self, seen: &Seen) -> Result<()> {
        let mut votes: HashMap<i64, usize> = HashMap::new();
        let known: bool = self
            .tx
            .query_row("SELECT count(*) FROM source WHERE importer = ?1", [self.batch.importer], |row| {
                row.get(0)
            })
            .doing(|| "read the address books".to_owned())?;
        for (at, record) in (self.batch.records)()?.enumerate() {
            let record = record?;
            if known {
                for source in self.sources_of(&record, seen.cards.get(at).copied().flatten())? {
                    *votes.entry(source).or_default() += 1;
                }
            }
            if seen.cards.get(at).copied().flatten().is_none() {
                let identity = Identity::of_record(&record.contact);
                self.index.share(&identity);
                self.note_repeats(record.contact.uid, identity.name);
            }
        }
        let records = seen.cards.len();
        // Of several equally good ones the oldest.
        let best = votes.into_iter().max_by_key(|&(source, count)| (count, std::cmp::Reverse(source)));
        match best {
            Some((source, count)) if count * 2 >= records => {
                self.source = source;
                self.recognised = true;
            }
            _ => {
                self.source = insert_id(
                    self.tx,
                    "INSERT INTO source(importer, name) VALUES (?1, ?2)",
                    params![self.batch.importer, self.batch.file_name],
                )?;
            }
        }
        Ok(())
    }

    fn note_repeats(&mut self, uid: Option<String>, name: PersonName) {
        *self.names.entry(name.key()).or_default() += 1;
        match uid.map(|uid| self.uids.entry(uid)) {
            Some(Entry::Occupied(mut known)) => {
                let known = known.get_mut();
                known.contradict |= known.name.contradicts(&name);
            }
            Some(Entry::Vacant(place)) => {
                place.insert(Shared { name, contradict: false });
            }
            None => {}
        }
    }

    /// The address books in which a record stood before.
    fn sources_of(&self, record: &Record, card: Option<i64>) -> Result<Vec<i64>> {
        let mut sources: Vec<i64> = Vec::new();
        if let Some(card) = card {
            let source = self
                .tx
                .prepare_cached("SELECT source_id FROM card WHERE id = ?1")
                .and_then(|mut s| s.query_row([card], |row| row.get(0)))
                .doing(|| "read a card".to_owned())?;
            return Ok(vec![source]);
        }
        let identity = Identity::of_record(&record.contact);
        let key = identity.name.key();
        let mut earlier = Vec::new();
        if let Some(uid) = &record.contact.uid {
            earlier.extend(earlier_cards(self.tx, "uid", self.batch.importer, uid)?);
        }
        if let Some(profile) = profile_of(&record.contact) {
            earlier.extend(earlier_cards(self.tx, "profile", self.batch.importer, &profile)?);
        }
        // A name alone recognises nothing: two files with one "Anna" each are not one address book.
        for id in
            self.index.namesakes(&identity.name).iter().filter(|id| self.index.has_key_of(**id, &identity))
        {
            earlier.extend(self.cards_of(*id)?.into_iter().filter(|card| card.name_key == key));
        }
        for card in earlier {
            if !sources.contains(&card.source) {
                sources.push(card.source);
            }
        }
        Ok(sources)
    }

    fn cards_of(&self, id: PersonId) -> Result<Vec<Earlier>> {
        earlier_cards(self.tx, "contact_id", self.batch.importer, &id.to_string())
    }

    fn run(mut self, seen: &Seen) -> Result<Outcome> {
        for (at, record) in (self.batch.records)()?.enumerate() {
            let record = record?;
            if seen.cards.get(at).copied().flatten().is_some() {
                self.outcome.unchanged += 1;
            } else {
                self.take(&record)?;
            }
        }
        self.tx
            .execute(
                "UPDATE import SET new = ?2, updated = ?3, unchanged = ?4, review = ?5, skipped = ?6 WHERE id = ?1",
                params![
                    self.import,
                    self.outcome.new.cast_signed(),
                    self.outcome.updated.cast_signed(),
                    self.outcome.unchanged.cast_signed(),
                    self.outcome.review.cast_signed(),
                    self.batch.skipped.cast_signed()
                ],
            )
            .doing(|| "note the import".to_owned())?;
        Ok(self.outcome)
    }

    fn take(&mut self, record: &Record) -> Result<()> {
        let fields = fields_of(record)?;
        let hash = hash(self.batch.importer, &fields, &record.raw);
        // The same record may stand twice in one file.
        if card_with(self.tx, &hash)?.is_some() {
            self.outcome.unchanged += 1;
            return Ok(());
        }
        let identity = Identity::of_record(&record.contact);
        let person = is_person(&record.contact);
        let profile = profile_of(&record.contact);
        let keys = self.keys(record, &identity, profile.as_deref())?;
        let verdict = self.index.decide(&identity, person, keys);
        let content = assemble(&[Card { id: 0, fields: record.contact.clone() }], &[]);
        let card =
            NewCard { record, fields: &fields, hash: &hash, identity: &identity, profile, content: &content };
        match verdict {
            Verdict::New => {
                let (id, name) = self.add_contact(&card)?;
                self.outcome.new += 1;
                self.outcome.organizations += u64::from(!person);
                self.index.add(id, &identity, person);
                self.detail(record, id, name, What::New { organization: !person });
            }
            Verdict::Review { twin } => {
                let (id, name) = self.add_contact(&card)?;
                self.review(id, twin, "the same name", true)?;
                self.outcome.review += 1;
                self.index.add(id, &identity, person);
                let twin = contacts::name(self.tx, twin)?;
                self.detail(record, id, name, What::Review { twin });
            }
            Verdict::Known { person: id, reason, also, doubtful } => {
                let mut fields = self.add_to(id, &card)?;
                for loser in also {
                    fields.extend(contacts::merge(self.tx, loser, id, &self.at, self.import)?);
                }
                for other in doubtful {
                    self.review(other, id, "one record has the addresses or numbers of both", false)?;
                }
                fields.sort_unstable();
                fields.dedup();
                self.index.add(id, &identity, person);
                if fields.is_empty() {
                    self.outcome.unchanged += 1;
                } else {
                    self.outcome.updated += 1;
                    let name = contacts::name(self.tx, id)?;
                    self.detail(record, id, name, What::Updated { reason, fields });
                }
            }
        }
        Ok(())
    }

    fn keys(&self, record: &Record, identity: &Identity, profile: Option<&str>) -> Result<Keys> {
        let mut keys = Keys::default();
        let uid = record.contact.uid.as_deref().filter(|uid| !self.is_faulty(uid));
        if let Some(uid) = uid {
            keys.uid = self.owner(&earlier_cards(self.tx, "uid", self.batch.importer, uid)?)?;
        }
        if let Some(profile) = profile {
            let owner: Option<i64> = self
                .tx
                .prepare_cached("SELECT contact_id FROM card WHERE profile = ?1 AND replaced_by IS NULL ORDER BY id LIMIT 1")
                .and_then(|mut s| s.query_row([profile], |row| row.get(0)).optional())
                .doing(|| "look for a profile".to_owned())?;
            keys.profile = owner.map(|id| contacts::resolve(self.tx, PersonId(id))).transpose()?;
        }
        if self.recognised && !identity.name.is_empty() {
            let mut earlier = Vec::new();
            for id in self.index.namesakes(&identity.name) {
                earlier.extend(self.cards_of(*id)?.into_iter().filter(|card| self.continues(card, identity)));
            }
            if let [_] = earlier.as_slice() {
                keys.same_record = self.owner(&earlier)?;
            }
        }
        Ok(keys)
    }

    /// Whether contradicting names share a UID in this file.
    fn is_faulty(&self, uid: &str) -> bool {
        self.uids.get(uid).is_some_and(|shared| shared.contradict)
    }

    /// Whether a record is the later form of a card by its place alone: the
    /// only one of its name in the same address book, which no longer has the
    /// card itself (exporters that make new UIDs each time are met here too).
    fn continues(&self, card: &Earlier, identity: &Identity) -> bool {
        let key = identity.name.key();
        self.recognised
            && card.source == self.source
            && card.name_key == key
            && self.names.get(&key) == Some(&1)
            && !self.present.contains(&card.id)
            && !card.uid.as_ref().is_some_and(|uid| self.uids.contains_key(uid))
    }

    fn owner(&self, cards: &[Earlier]) -> Result<Option<PersonId>> {
        cards.first().map(|card| contacts::resolve(self.tx, PersonId(card.home))).transpose()
    }

    fn add_contact(&mut self, card: &NewCard<'_>) -> Result<(PersonId, String)> {
        let id = contacts::insert(self.tx, card.content)?;
        let number = self.insert_card(id, card)?;
        contacts::insert_lists(self.tx, id, card.content, number)?;
        Ok((id, card.content.column(Column::Name).unwrap_or_default().to_owned()))
    }

    /// Adds a card to somebody known, in the place of the earlier one of the same record.
    fn add_to(&mut self, id: PersonId, card: &NewCard<'_>) -> Result<Vec<Field>> {
        let uid = card.record.contact.uid.as_deref().filter(|uid| !self.is_faulty(uid));
        let mut replaced = Vec::new();
        for home in contacts::group(self.tx, id)? {
            replaced.extend(self.cards_of(home)?.into_iter().filter(|earlier| match (&earlier.uid, uid) {
                (Some(a), Some(b)) if a == b => true,
                (None, None) if earlier.profile.is_some() && card.profile.is_some() => {
                    earlier.profile == card.profile
                }
                _ => self.continues(earlier, card.identity),
            }));
        }
        // It takes the home of the one it replaces, so that a merge can be split again.
        let home = replaced.first().map_or(id, |earlier| PersonId(earlier.home));
        let number = self.insert_card(home, card)?;
        for earlier in replaced {
            self.tx
                .prepare_cached("UPDATE card SET replaced_by = ?2 WHERE id = ?1")
                .and_then(|mut s| s.execute([earlier.id, number]))
                .doing(|| "replace a card".to_owned())?;
        }
        contacts::rebuild(self.tx, id)
    }

    fn insert_card(&self, home: PersonId, card: &NewCard<'_>) -> Result<i64> {
        insert_id(
            self.tx,
            "INSERT INTO card(contact_id, source_id, import_id, importer, uid, profile, name_key, hash, said, line, fields, raw)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
            params![
                home.0,
                self.source,
                self.import,
                self.batch.importer,
                card.record.contact.uid,
                card.profile,
                card.identity.name.key(),
                card.hash.as_slice(),
                i64::try_from(card.content.said()).unwrap_or(i64::MAX),
                card.record.at.line.cast_signed(),
                card.fields,
                card.record.raw
            ],
        )
    }

    fn review(&self, newer: PersonId, twin: PersonId, reason: &str, withheld: bool) -> Result<()> {
        self.tx
            .prepare_cached(
                "INSERT INTO review(contact_id, twin_id, reason, withheld, since, import_id)
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6
                 WHERE NOT EXISTS (SELECT 1 FROM review WHERE (contact_id, twin_id) IN ((?1, ?2), (?2, ?1)))",
            )
            .and_then(|mut s| s.execute(params![newer.0, twin.0, reason, withheld, self.at, self.import]))
            .doing(|| "note a review".to_owned())
            .map(drop)
    }

    fn detail(&mut self, record: &Record, person: PersonId, name: String, what: What) {
        if self.outcome.details.len() < MOST_DETAILS {
            self.outcome.details.push(Detail {
                line: record.at.line,
                person,
                name,
                what,
                warnings: record.warnings.clone(),
            });
        }
    }
}

struct NewCard<'a> {
    record: &'a Record,
    fields: &'a str,
    hash: &'a [u8; 16],
    identity: &'a Identity,
    profile: Option<String>,
    content: &'a Content,
}

fn insert_id(tx: &Transaction<'_>, sql: &str, values: impl rusqlite::Params) -> Result<i64> {
    tx.prepare_cached(sql).and_then(|mut s| s.execute(values)).doing(|| "write the import".to_owned())?;
    Ok(tx.last_insert_rowid())
}

/// The profile that identifies a record.
fn profile_of(contact: &Contact) -> Option<String> {
    contact.online_services.iter().filter_map(|service| service.uri.as_deref()).find_map(profile_key)
}
