//! What came after an import that is taken back: whom its records were taken for may rest on what that
//! import said. So it is decided again, as if that one had never been; what the user decided stays.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use kith_plugin::Contact;
use rusqlite::Connection;

use super::journal::Journal;
use super::{IS_LEFT, has_anything, has_name, is_noted};
use crate::core::facts::PersonId;
use crate::core::identity::Identity;
use crate::core::matching::Index;
use crate::core::phone::Region;
use crate::error::{Doing, Result};
use crate::store::merge::{Open, decide_again};
use crate::store::{contacts, facts, identities};

/// What the cards of an import say of whom.
pub(super) struct Said<'a> {
    /// Its number, or those of an archive's files.
    parts: &'a [i64],
    homes: BTreeSet<PersonId>,
    cards: Vec<Keys>,
}

/// What of a card may show that somebody is somebody.
struct Keys {
    identity: Identity,
    uid: Option<String>,
    profile: Option<String>,
}

/// The cards that came later, by their numbers.
type AllLater = HashMap<i64, Later>;

/// A card that came later.
struct Later {
    home: PersonId,
    import: i64,
    replaced_by: Option<i64>,
}

impl<'a> Said<'a> {
    /// What the cards of an import say, or of an archive's files; before it is taken back.
    pub(super) fn by(conn: &Connection, parts: &'a [i64]) -> Result<Self> {
        let mut said = Self { parts, homes: BTreeSet::new(), cards: Vec::new() };
        let any: bool = conn
            .query_row(
                "SELECT EXISTS (SELECT 1 FROM import WHERE id > ?1 AND undone_at IS NULL)",
                [said.last()],
                |row| row.get(0),
            )
            .doing(|| "look for later imports".to_owned())?;
        if !any {
            return Ok(said);
        }
        for part in parts {
            facts::each_of(
                conn,
                "SELECT contact_id, uid, profile, fields FROM card WHERE import_id = ?1",
                [part],
                |row| {
                    said.homes.insert(PersonId(row.get(0)?));
                    said.cards.extend(Keys::of(row, 1)?);
                    Ok(())
                },
            )?;
        }
        Ok(said)
    }

    fn last(&self) -> i64 {
        self.parts.iter().copied().max().unwrap_or_default()
    }

    /// Lets whatever came later and has to do with what the import says count for nothing, before that one
    /// is taken back.
    pub(super) fn open(self, journal: &mut Journal<'_>, region: Option<Region>) -> Result<Option<Opened>> {
        let parts = self.parts;
        let Some((homes, later)) = self.later(journal.tx, region)? else { return Ok(None) };
        homes.iter().try_for_each(|home| journal.note_contact(*home))?;
        let imports = open(journal, parts, &homes, &later)?;
        settle(journal, &homes)?;
        Ok(Some(Opened { homes, imports }))
    }

    /// The cards that came later of everybody who has anything in common with what the import said, or
    /// with another of these cards; and the homes of all of these people.
    fn later(
        self,
        conn: &Connection,
        region: Option<Region>,
    ) -> Result<Option<(BTreeSet<PersonId>, AllLater)>> {
        if self.homes.is_empty() {
            return Ok(None);
        }
        let last = self.last();
        let mut index = Index::at(region);
        identities::fill(conn, &mut index)?;
        let mut people: BTreeSet<PersonId> = BTreeSet::new();
        let mut homes: BTreeSet<PersonId> = BTreeSet::new();
        let mut later = AllLater::new();
        let mut open = self.cards;
        let mut found: BTreeSet<PersonId> = self.homes;
        loop {
            for id in std::mem::take(&mut found) {
                let person = contacts::resolve(conn, id)?;
                if people.insert(person) {
                    for home in contacts::group(conn, person)? {
                        if contacts::exists(conn, home)? {
                            homes.insert(home);
                            read_later(conn, home, last, &mut later, &mut open)?;
                        }
                    }
                }
            }
            let Some(keys) = open.pop() else { break };
            found.extend(index.alike(&keys.identity));
            for (column, value) in [("uid", &keys.uid), ("profile", &keys.profile)] {
                let Some(value) = value else { continue };
                let sql = format!("SELECT contact_id FROM card WHERE {column} = ?1");
                facts::each_of(conn, &sql, [value], |row| {
                    found.insert(PersonId(row.get(0)?));
                    Ok(())
                })?;
            }
        }
        // What is replaced by what is not decided again stays replaced.
        loop {
            let before = later.len();
            let there: HashSet<i64> = later.keys().copied().collect();
            later.retain(|_, card| card.replaced_by.is_none_or(|by| there.contains(&by)));
            if later.len() == before {
                break;
            }
        }
        Ok((!later.is_empty()).then_some((homes, later)))
    }
}

/// What came later, and counts for nothing until it is decided.
pub(super) struct Opened {
    homes: BTreeSet<PersonId>,
    imports: Vec<(i64, Vec<Open>)>,
}

impl Opened {
    /// Decides again, now that the import is taken back.
    pub(super) fn decide(self, journal: &mut Journal<'_>, region: Option<Region>) -> Result<()> {
        let Self { mut homes, imports } = self;
        decide_again(journal, &imports, region, &mut homes)?;
        let mut there = BTreeSet::new();
        for id in homes {
            if !contacts::exists(journal.tx, id)? {
                continue;
            }
            // Whose cards are all somebody else's is nobody any more.
            if has_name(journal.tx, id)? || has_anything(journal.tx, id)? {
                there.insert(id);
            } else {
                journal.remove_contact(id)?;
            }
        }
        settle(journal, &there)?;
        there.into_iter().try_for_each(|id| journal.note_added(id))
    }
}

impl Keys {
    /// Of a row with a card's UID, profile and fields from a column on.
    fn of(row: &rusqlite::Row<'_>, at: usize) -> rusqlite::Result<Option<Self>> {
        let contact: Option<Contact> = serde_json::from_str(row.get_ref(at + 2)?.as_str()?).ok();
        let (uid, profile) = (row.get(at)?, row.get(at + 1)?);
        Ok(contact.map(|contact| Self { identity: Identity::of_record(&contact), uid, profile }))
    }
}

/// Reads the cards of a home that came after an import, but for those that the user gave to somebody.
fn read_later(
    conn: &Connection,
    home: PersonId,
    import: i64,
    later: &mut AllLater,
    open: &mut Vec<Keys>,
) -> Result<()> {
    facts::each_of(
        conn,
        &format!(
            "SELECT id, import_id, replaced_by, uid, profile, fields FROM card
             WHERE contact_id = ?1 AND import_id > ?2 AND gone_at IS NULL AND NOT {IS_LEFT}
               AND NOT EXISTS (SELECT 1 FROM change WHERE field = 'card.contact_id' AND undone IS NULL
                               AND contact_id = card.contact_id AND item = CAST(card.id AS TEXT))"
        ),
        (home.0, import),
        |row| {
            later.insert(row.get(0)?, Later { home, import: row.get(1)?, replaced_by: row.get(2)? });
            open.extend(Keys::of(row, 3)?);
            Ok(())
        },
    )
}

/// Lets cards count for nothing until they are decided again, and nothing of what their imports showed:
/// gives them by import, in the order in which they came.
fn open(
    journal: &mut Journal<'_>,
    parts: &[i64],
    homes: &BTreeSet<PersonId>,
    later: &AllLater,
) -> Result<Vec<(i64, Vec<Open>)>> {
    let tx = journal.tx;
    let mut imports: BTreeMap<i64, BTreeMap<i64, Open>> = BTreeMap::new();
    // All at once: who replaces a card is no key to find it by.
    let mut replaced: HashMap<i64, Vec<i64>> = HashMap::new();
    facts::each(tx, "SELECT id, replaced_by FROM card WHERE replaced_by IS NOT NULL ORDER BY id", |row| {
        replaced.entry(row.get(1)?).or_default().push(row.get(0)?);
        Ok(())
    })?;
    let mut gone: HashSet<i64> = HashSet::new();
    for &part in parts {
        gone.extend(journal.keys("SELECT id FROM card WHERE import_id = ?1", part)?);
    }
    for (&card, of) in later {
        let mut replaces = replaced.remove(&card).unwrap_or_default();
        // What a card replaced that goes is the same record: it does not come back beside this one.
        let mut at = 0;
        while let Some(card) = replaces.get(at) {
            if gone.contains(card) {
                replaces.extend(replaced.remove(card).unwrap_or_default());
            }
            at += 1;
        }
        let cards = imports.entry(of.import).or_default();
        cards.insert(card, Open { card, home: of.home, replaces });
    }
    for open in imports.values().flat_map(BTreeMap::values) {
        for card in open.replaces.iter().chain([&open.card]) {
            journal.note("card", *card)?;
            let sql = if later.contains_key(card) {
                // By itself: so it is none of those that count, and it comes back when it is decided.
                "UPDATE card SET replaced_by = id WHERE id = ?1"
            } else {
                "UPDATE card SET replaced_by = NULL WHERE id = ?1"
            };
            tx.prepare_cached(sql).and_then(|mut s| s.execute([*card])).doing(|| "open a card".to_owned())?;
        }
    }
    let mut spoken_for = BTreeSet::new();
    for home in homes {
        for (table, sql) in [
            ("merged", "SELECT loser, import_id, winner FROM merged WHERE loser = ?1"),
            ("review", "SELECT id, import_id, NULL FROM review WHERE contact_id = ?1 AND decision IS NULL"),
        ] {
            let mut rows: Vec<(i64, Option<i64>, Option<i64>)> = Vec::new();
            facts::each_of(tx, sql, [home.0], |row| {
                rows.push((row.get(0)?, row.get(1)?, row.get(2)?));
                Ok(())
            })?;
            for (row, import, winner) in rows {
                if import.is_none_or(|import| !imports.contains_key(&import)) {
                    continue;
                }
                // What the user noted of somebody of whom nothing else is left is of the one they became.
                let stays = match winner.map(PersonId) {
                    Some(winner) => {
                        is_noted_alone(tx, parts, *home)?
                            || is_noted_alone(tx, parts, winner)? && spoken_for.insert(winner)
                    }
                    None => false,
                };
                if !stays {
                    journal.remove(table, row)?;
                }
            }
        }
    }
    let cards = |cards: BTreeMap<i64, Open>| cards.into_values().collect();
    Ok(imports.into_iter().map(|(import, of)| (import, cards(of))).collect())
}

/// Whether the user noted something of somebody of whom only these imports have cards.
fn is_noted_alone(conn: &Connection, parts: &[i64], id: PersonId) -> Result<bool> {
    let mut imports: BTreeSet<i64> = BTreeSet::new();
    facts::each_of(conn, "SELECT DISTINCT import_id FROM card WHERE contact_id = ?1", [id.0], |row| {
        imports.insert(row.get(0)?);
        Ok(())
    })?;
    Ok(imports.iter().all(|import| parts.contains(import)) && is_noted(conn, id)?)
}

/// Makes contacts what they should be; all are shed before one is rebuilt.
fn settle(journal: &Journal<'_>, homes: &BTreeSet<PersonId>) -> Result<()> {
    homes.iter().try_for_each(|id| contacts::shed(journal.tx, *id))?;
    homes.iter().try_for_each(|id| contacts::settle(journal.tx, *id))
}
