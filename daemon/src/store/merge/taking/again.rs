//! Deciding again whose cards of an import are, once an earlier import was taken back: as it would
//! have been decided had that one never been.
//!
//! The cards are there, so nothing is read anew and nothing is lost: a card stays where it is, goes to
//! somebody else, or becomes somebody of its own, and everything that is touched is put aside first.

use std::collections::{BTreeSet, HashSet};

use jiff::Timestamp;
use kith_plugin::{Contact, Place, Record};
use rusqlite::{OptionalExtension, params};

use super::super::earlier::Repeats;
use super::super::everybody::Everybody;
use super::super::found::{Runs, Together};
use super::super::prepared::Prepared;
use super::super::{Batch, Fingerprint, Outcome};
use super::Merge;
use crate::core::contact::Content;
use crate::core::facts::PersonId;
use crate::core::identity::Identity;
use crate::core::matching::{Alike, Verdict};
use crate::core::phone::Region;
use crate::error::{Doing, Error, Result};
use crate::store::undo::{IS_LEFT, Journal};
use crate::store::{contacts, facts, namespace, split};

/// A card that is decided again: it counts for nothing until it is.
#[derive(Debug)]
pub(in crate::store) struct Open {
    /// Its number.
    pub(in crate::store) card: i64,
    /// Whose it was.
    pub(in crate::store) home: PersonId,
    /// The cards that it replaces, also by way of one that goes with the import that is taken back.
    pub(in crate::store) replaces: Vec<i64>,
}

/// Decides again about cards of imports, each with its number, in their order; `homes` are put aside, and
/// those come to them who are touched as well.
pub(in crate::store) fn decide_again(
    journal: &mut Journal<'_>,
    imports: &[(i64, Vec<Open>)],
    region: Option<Region>,
    homes: &mut BTreeSet<PersonId>,
) -> Result<()> {
    let mut known = None;
    for (import, cards) in imports {
        let everybody = match known.take() {
            Some(everybody) => Everybody::caught_up(everybody, journal.tx)?,
            None => Everybody::read(journal.tx, region)?,
        };
        known = decide_import(journal, *import, cards, (everybody, region), homes)?;
    }
    Ok(())
}

fn decide_import(
    journal: &mut Journal<'_>,
    import: i64,
    cards: &[Open],
    (mut everybody, region): (Everybody, Option<Region>),
    homes: &mut BTreeSet<PersonId>,
) -> Result<Option<Everybody>> {
    let tx = journal.tx;
    let (importer, at, source, recognised): (String, String, i64, bool) = tx
        .query_row(
            "SELECT importer, at, source_id, EXISTS (SELECT 1 FROM import AS earlier WHERE earlier.id < import.id
                    AND earlier.source_id = import.source_id AND earlier.undone_at IS NULL)
             FROM import WHERE id = ?1",
            [import],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
        )
        .doing(|| format!("read import {import}"))?;
    // Where a card was when its import was taken back is no reason here.
    everybody.put_aside = false;
    let batch = Batch {
        importer: &importer,
        file_name: "",
        archive: None,
        at: at.parse().unwrap_or(Timestamp::UNIX_EPOCH),
        home: region,
        records: &|_| Box::new(std::iter::empty()),
        history: None,
        folder: None,
        skipped: 0,
        tell: &|_| {},
    };
    let mut together = Together::of_import(import);
    let mut merge = Merge {
        tx,
        batch: &batch,
        rehearse: false,
        at,
        namespace: namespace(tx)?,
        import,
        source,
        known: true,
        recognised,
        renumbered: false,
        everybody,
        present: HashSet::new(),
        together: &mut together,
        told_again: Runs::default(),
        unknown: Vec::new(),
        prints: Vec::new(),
        doubles: HashSet::new(),
        repeats: Repeats::default(),
        outcome: Outcome::default(),
    };
    merge.look_at_all()?;
    cards.iter().try_for_each(|open| merge.decide_card(journal, open, homes))?;
    Ok(merge.everybody.handed_on())
}

impl Merge<'_, '_> {
    /// Looks at all cards of the import for what they say together.
    fn look_at_all(&mut self) -> Result<()> {
        let mut all: Vec<Contact> = Vec::new();
        facts::each_of(
            self.tx,
            &format!("SELECT fields FROM card WHERE import_id = ?1 AND NOT {IS_LEFT} ORDER BY id"),
            [self.import],
            |row| {
                all.extend(serde_json::from_str::<Contact>(row.get_ref(0)?.as_str()?).ok());
                Ok(())
            },
        )?;
        for contact in all {
            let identity = Identity::of_record(&contact);
            self.everybody.index.share(&identity);
            self.repeats.note(contact.uid.as_deref(), &identity);
        }
        self.everybody.index.end_sharing();
        Ok(())
    }

    fn decide_card(
        &mut self,
        journal: &mut Journal<'_>,
        open: &Open,
        homes: &mut BTreeSet<PersonId>,
    ) -> Result<()> {
        let card = self.card_again(open.card)?;
        let mut keys = self.keys(&card, &Fingerprint::default())?;
        for replaced in &open.replaces {
            if keys.same_record.is_none()
                && let Some(home) = self.home_of(*replaced)?
            {
                keys.same_record = Some(contacts::resolve(self.tx, home)?);
            }
        }
        let was = contacts::resolve(self.tx, open.home)?;
        let verdict = self.everybody.index.decide(&card.identity, card.person, keys);
        match verdict {
            Verdict::Known { person, reason, also, doubtful } if !self.everybody.is_apart(was, person) => {
                touch(journal, homes, person)?;
                touch(journal, homes, was)?;
                self.everybody.change();
                let why = self.why(&card, person, reason);
                if was == person {
                    self.count(open, Some(&why))?;
                } else if self.has_others(open)? {
                    journal.note_card(open.card)?;
                    split::give_card(self.tx, open.card, person)?;
                    self.count(open, Some(&why))?;
                } else {
                    self.count(open, Some(&why))?;
                    if !self.is_merged_by_user(open.home)? {
                        self.join(journal, homes, (was, person), &why)?;
                    }
                }
                contacts::rebuild(self.tx, contacts::resolve(self.tx, person)?)?;
                for other in also {
                    if !self.everybody.is_apart(person, other) {
                        let why = self.why_one(&card, person, other);
                        self.join(journal, homes, (other, person), &why)?;
                    }
                }
                self.everybody.index.add(person, &card.identity, card.person);
                while let Some((loser, why)) = self.shown_as_well(person)? {
                    self.join(journal, homes, (loser, person), &why)?;
                }
                for other in doubtful {
                    self.note_review(
                        journal,
                        (other, person),
                        ("one record has the addresses or numbers of both", "shared-keys"),
                        false,
                    )?;
                }
            }
            verdict => {
                let mut id = was;
                touch(journal, homes, was)?;
                if self.has_others(open)? {
                    id = contacts::insert(self.tx, &Content::default())?;
                    journal.note_new("contact", id.0)?;
                    homes.insert(id);
                    journal.note_card(open.card)?;
                    split::give_card(self.tx, open.card, id)?;
                }
                self.count(open, None)?;
                contacts::rebuild(self.tx, id)?;
                self.everybody.add(id, &card.identity, card.person);
                if let Verdict::Review { twin, alike } = verdict {
                    let (reason, code) = self.likeness(&card, twin, alike);
                    self.note_review(journal, (id, twin), (&reason, &code), alike != Alike::Profile)?;
                }
            }
        }
        Ok(())
    }

    /// Lets a card count again, and not those that it replaces.
    fn count(&self, open: &Open, why: Option<&str>) -> Result<()> {
        let doing = || format!("let card {} count again", open.card);
        self.tx
            .prepare_cached("UPDATE card SET replaced_by = NULL, reason = ?2 WHERE id = ?1")
            .and_then(|mut s| s.execute(params![open.card, why]))
            .doing(doing)?;
        for replaced in &open.replaces {
            self.tx
                .prepare_cached("UPDATE card SET replaced_by = ?2 WHERE id = ?1")
                .and_then(|mut s| s.execute([*replaced, open.card]))
                .doing(doing)?;
        }
        Ok(())
    }

    /// Makes `loser` part of `winner`, as the import shows.
    fn join(
        &mut self,
        journal: &mut Journal<'_>,
        homes: &mut BTreeSet<PersonId>,
        (loser, winner): (PersonId, PersonId),
        why: &str,
    ) -> Result<()> {
        touch(journal, homes, loser)?;
        journal.note("merged", loser.0)?;
        contacts::merge(self.tx, loser, winner, &self.at, (self.import, why))?;
        self.everybody.index.join(loser, winner);
        Ok(())
    }

    fn note_review(
        &mut self,
        journal: &mut Journal<'_>,
        (newer, twin): (PersonId, PersonId),
        (reason, code): (&str, &str),
        withheld: bool,
    ) -> Result<()> {
        if self.review(newer, twin, reason, code, withheld)? {
            journal.note_new("review", self.tx.last_insert_rowid())?;
        }
        Ok(())
    }

    /// Whether another card that counts has the same home.
    fn has_others(&self, open: &Open) -> Result<bool> {
        self.tx
            .prepare_cached(&format!(
                "SELECT EXISTS (SELECT 1 FROM card WHERE contact_id = ?1 AND id <> ?2
                                AND replaced_by IS NULL AND NOT {IS_LEFT})"
            ))
            .and_then(|mut s| s.query_row(params![open.home.0, open.card], |row| row.get(0)))
            .doing(|| "look for the other cards of a contact".to_owned())
    }

    /// Whether the user says whom somebody is part of, which stays so.
    fn is_merged_by_user(&self, id: PersonId) -> Result<bool> {
        self.tx
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM merged WHERE loser = ?1 AND import_id IS NULL)")
            .and_then(|mut s| s.query_row([id.0], |row| row.get(0)))
            .doing(|| "read what the user merged".to_owned())
    }

    /// Whose a card is, if it still says something: it may have gone with the import that is taken back.
    fn home_of(&self, card: i64) -> Result<Option<PersonId>> {
        self.tx
            .prepare_cached(&format!("SELECT contact_id FROM card WHERE id = ?1 AND NOT {IS_LEFT}"))
            .and_then(|mut s| s.query_row([card], |row| row.get(0).map(PersonId)).optional())
            .doing(|| "read whose a card is".to_owned())
    }

    /// A card as the record that it was.
    fn card_again(&self, card: i64) -> Result<Prepared> {
        let (line, fields, raw): (i64, String, String) = self
            .tx
            .prepare_cached("SELECT line, fields, raw FROM card WHERE id = ?1")
            .and_then(|mut s| s.query_row([card], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))))
            .doing(|| format!("read card {card}"))?;
        let contact = serde_json::from_str(&fields)
            .map_err(|error| Error::internal(format!("card {card} is not as kith wrote it: {error}")))?;
        let at = Place { part: 0, line: line.cast_unsigned() };
        Prepared::of(Record { at, contact, raw, warnings: Vec::new() })
    }
}

/// Puts somebody aside before they are touched.
fn touch(journal: &mut Journal<'_>, homes: &mut BTreeSet<PersonId>, id: PersonId) -> Result<()> {
    if homes.insert(id) {
        journal.note_contact(id)?;
    }
    Ok(())
}
