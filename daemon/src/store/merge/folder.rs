//! A batch that is what happened in a followed folder: cards are known by
//! their file as well, and a file that goes takes its card with it.
//!
//! A card that went is put in the place of the one that stood in the file: the
//! same, but for the day on which it went. So taking the import back lets the
//! earlier card count again, like any that was replaced; and whoever is said to
//! be somebody by such cards alone is in the archive, and not forgotten
//! ([`crate::core::assemble`]).

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::{OptionalExtension, params};

use super::earlier::Earlier;
use super::prepared::Prepared;
use super::taking::{Merge, insert_id};
use super::{Fingerprint, Same, card_with};
use crate::core::facts::PersonId;
use crate::core::matching::Mark;
use crate::core::vdir::Known;
use crate::error::{Doing, Result};
use crate::inbox::Stamp;
use crate::store::contacts;

/// What happened in a followed folder.
#[derive(Debug, Clone, Copy)]
pub struct Followed<'a> {
    /// Its path.
    pub path: &'a str,
    /// The file of each part of the batch.
    pub files: &'a [String],
    /// The parts of which the importer did not take all, and why: what stood in them before stays.
    pub partly: &'a BTreeMap<u32, String>,
    /// Files that have another name: the old one, and the new one.
    pub moved: &'a [(String, String)],
    /// Files that are gone.
    pub gone: &'a BTreeSet<String>,
    /// What is known from now on of the files that were read.
    pub known: &'a BTreeMap<String, Known<Stamp>>,
}

/// What became of the cards that were in files, and are there no longer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Gone {
    /// How many no longer count.
    pub cards: u64,
    /// How many people had nothing else, and are in the archive.
    pub archived: u64,
    /// How many stay as they are: nothing else says who somebody is of whom the user noted something.
    pub kept: u64,
}

impl Merge<'_, '_> {
    /// The file that a part of the batch is, in a followed folder.
    fn file(&self, part: u32) -> Option<&str> {
        let at = usize::try_from(part).ok()?;
        self.batch.folder?.files.get(at).map(String::as_str)
    }

    /// The file that a card stands in.
    pub(super) fn file_of(&self, card: &Prepared) -> Option<&str> {
        self.file(card.at.part)
    }

    /// Finds the address book that the folder is, or begins it; and follows its files to their new names.
    pub(super) fn enter_folder(&mut self) -> Result<()> {
        let Some(folder) = self.batch.folder else { return Ok(()) };
        let found = self
            .tx
            .query_row("SELECT id FROM source WHERE folder = ?1", [folder.path], |row| row.get(0))
            .optional()
            .doing(|| "look for the folder's address book".to_owned())?;
        self.source = match found {
            Some(source) => source,
            None => insert_id(
                self.tx,
                "INSERT INTO source(importer, name, folder) VALUES (?1, ?2, ?2)",
                params![self.batch.importer, folder.path],
            )?,
        };
        // By way of a name that no file has, as two may have exchanged theirs.
        for aside in [true, false] {
            for (old, new) in folder.moved {
                let waiting = format!("//{new}");
                let (from, to) = if aside { (old, &waiting) } else { (&waiting, new) };
                self.tx
                    .prepare_cached("UPDATE card SET file = ?3 WHERE source_id = ?1 AND file = ?2")
                    .and_then(|mut s| s.execute(params![self.source, from, to]))
                    .doing(|| "follow a file to its new name".to_owned())?;
            }
        }
        Ok(())
    }

    /// The current card that a record equals: in a followed folder that of its own file. One
    /// that was imported before the folder was followed becomes that.
    pub(super) fn equal(&self, print: &Fingerprint, part: u32) -> Result<Option<Same>> {
        let Some(file) = self.file(part) else { return card_with(self.tx, print) };
        let found = |sql: &str, values: &[&dyn rusqlite::ToSql]| {
            self.tx
                .prepare_cached(sql)
                .and_then(|mut s| s.query_row(values, |row| row.get::<_, i64>(0)).optional())
                .doing(|| "look for a card of a file".to_owned())
        };
        let own = found(
            "SELECT id FROM card WHERE hash = ?1 AND source_id = ?2 AND file = ?3 AND replaced_by IS NULL LIMIT 1",
            &[&print.as_slice(), &self.source, &file],
        )?;
        let card = match own {
            Some(card) => Some(card),
            None => found(
                "SELECT id FROM card WHERE hash = ?1 AND (file IS NULL OR file LIKE '/%') AND replaced_by IS NULL LIMIT 1",
                &[&print.as_slice()],
            )?,
        };
        if let (None, Some(card)) = (own, card) {
            self.tx
                .prepare_cached("UPDATE card SET source_id = ?2, file = ?3 WHERE id = ?1")
                .and_then(|mut s| s.execute(params![card, self.source, file]))
                .doing(|| "note the file of a card".to_owned())?;
        }
        Ok(card.map(|card| Same { card, source: self.source, has_uid: false }))
    }

    /// Whose the card is that stands in a record's file, if there is one and nothing says that the
    /// record is another.
    pub(super) fn in_its_file(&self, card: &Prepared) -> Result<Option<PersonId>> {
        let Some(file) = self.file_of(card) else { return Ok(None) };
        let mut earlier = Vec::new();
        for known in Earlier::in_file(self.tx, self.source, file)? {
            if self.is_same_place(&known, card) && self.may_be_of(&known, card, Mark::Place)? {
                earlier.push(known);
            }
        }
        // A file is to hold one card; of several, it is the one of that name.
        if earlier.len() > 1 {
            earlier.retain(|earlier| earlier.name_key == card.identity.name.key());
        }
        if earlier.len() == 1 { self.owner(&earlier) } else { Ok(None) }
    }

    /// Whether a record is the later form of a card by the file that both stand in.
    pub(super) fn is_same_place(&self, earlier: &Earlier, card: &Prepared) -> bool {
        earlier.source == self.source
            && earlier.file.as_deref().is_some_and(|file| self.file_of(card) == Some(file))
            // Another record of the file has that one.
            && !self.is_in_batch(earlier)
            && !matches!((&earlier.uid, &card.uid), (Some(a), Some(b)) if a != b)
    }

    /// Whether a record may take the place of a card: not of one that the batch
    /// has as well, or one of the two were lost and the next import would
    /// exchange them; and one in a file that is there has its place for itself.
    pub(super) fn may_replace(&self, earlier: &Earlier, card: &Prepared) -> bool {
        if self.is_in_batch(earlier) {
            return false;
        }
        let Some(file) = earlier.file.as_ref().filter(|_| !earlier.gone) else { return true };
        let is_gone = |folder: Followed<'_>| earlier.source == self.source && folder.gone.contains(file);
        self.is_same_place(earlier, card) || self.batch.folder.is_some_and(is_gone)
    }

    /// Whether a card is one of this batch's records, or of one that is taken in with it.
    pub(super) fn is_in_batch(&self, card: &Earlier) -> bool {
        self.present.contains(&card.id) || self.together.has(card.id, card.import)
    }

    /// Lets the cards go that are no longer in their files, and notes what is known of the files.
    pub(super) fn leave_folder(&mut self) -> Result<()> {
        let Some(folder) = self.batch.folder else { return Ok(()) };
        let mut left: Vec<Earlier> = Vec::new();
        for file in folder.gone {
            left.extend(Earlier::in_file(self.tx, self.source, file)?);
        }
        for (part, file) in (0_u32..).zip(folder.files) {
            if !folder.partly.contains_key(&part) {
                let cards = Earlier::in_file(self.tx, self.source, file)?.into_iter();
                left.extend(cards.filter(|card| !self.is_in_batch(card)));
            }
        }
        for card in left.into_iter().filter(|card| !card.gone) {
            self.let_go(&card)?;
        }
        self.note_files(folder)
    }

    fn let_go(&mut self, card: &Earlier) -> Result<()> {
        let doing = || "let a card go".to_owned();
        let person = contacts::resolve(self.tx, PersonId(card.home))?;
        let (mut others, mut noted) = (false, false);
        for home in contacts::group(self.tx, person)? {
            let (cards, own): (bool, bool) = self
                .tx
                .prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM card WHERE contact_id = ?1 AND replaced_by IS NULL AND gone_at IS NULL AND id <> ?2),
                            EXISTS (SELECT 1 FROM change WHERE contact_id = ?1 AND undone IS NULL AND field NOT LIKE 'review.%'
                                    AND field NOT LIKE 'merged.%' AND field NOT LIKE 'card.%')
                         OR EXISTS (SELECT 1 FROM interaction WHERE contact_id = ?1 AND import_id IS NULL)
                         OR EXISTS (SELECT 1 FROM pause WHERE contact_id = ?1)
                         OR EXISTS (SELECT 1 FROM introduction WHERE through_id = ?1)",
                )
                .and_then(|mut s| s.query_row([home.0, card.id], |row| Ok((row.get(0)?, row.get(1)?))))
                .doing(doing)?;
            others |= cards;
            noted |= own;
        }
        if !others && noted {
            self.outcome.gone.kept += 1;
            return self
                .tx
                // No file has such a name: it says which one it was.
                .execute("UPDATE card SET file = '/' || ltrim(file, '/') WHERE id = ?1", [card.id])
                .doing(doing)
                .map(drop);
        }
        let mut hash: Vec<u8> = self
            .tx
            .query_row("SELECT hash FROM card WHERE id = ?1", [card.id], |row| row.get(0))
            .doing(doing)?;
        // It equals no record: what comes back is new.
        hash.iter_mut().for_each(|byte| *byte = !*byte);
        let number = insert_id(
            self.tx,
            "INSERT INTO card(contact_id, source_id, import_id, importer, uid, profile, name_key, hash, said, line, fields, raw, file, gone_at)
             SELECT contact_id, source_id, ?2, importer, uid, profile, name_key, ?3, said, line, fields, raw, file, ?4
             FROM card WHERE id = ?1",
            params![card.id, self.import, hash, self.at],
        )?;
        self.tx.execute("UPDATE card SET replaced_by = ?2 WHERE id = ?1", [card.id, number]).doing(doing)?;
        contacts::rebuild(self.tx, person)?;
        self.outcome.gone.cards += 1;
        self.outcome.gone.archived += u64::from(!others);
        Ok(())
    }

    fn note_files(&self, folder: Followed<'_>) -> Result<()> {
        let doing = || "note the folder's files".to_owned();
        let forget = |name: &str| {
            self.tx
                .prepare_cached("DELETE FROM vdir_file WHERE source_id = ?1 AND name = ?2")
                .and_then(|mut s| s.execute(params![self.source, name]))
                .doing(doing)
        };
        for name in folder.gone.iter().chain(folder.moved.iter().map(|(old, _)| old)) {
            forget(name)?;
        }
        let problems: BTreeMap<&str, &str> = (0_u32..)
            .zip(folder.files)
            .filter_map(|(part, file)| Some((file.as_str(), folder.partly.get(&part)?.as_str())))
            .collect();
        for (name, Known { stamp, hash }) in folder.known {
            forget(name)?;
            let Stamp { inode, size, modified: (seconds, nanos) } = stamp;
            self.tx
                .prepare_cached(
                    "INSERT INTO vdir_file(source_id, name, inode, size, modified_s, modified_ns, hash, problem)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                )
                .and_then(|mut s| {
                    s.execute(params![
                        self.source,
                        name,
                        inode.cast_signed(),
                        size.cast_signed(),
                        seconds,
                        nanos,
                        hash.as_slice(),
                        problems.get(name.as_str())
                    ])
                })
                .doing(doing)?;
        }
        Ok(())
    }
}
