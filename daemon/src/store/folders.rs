//! The folders that are followed, and what is known of their files.

use std::collections::{BTreeMap, BTreeSet};

use rusqlite::Row;

use super::{Store, facts, meta, set_meta};
use crate::core::vdir::{Hash, Known};
use crate::error::{Doing, Result};
use crate::inbox::Stamp;

/// A folder that is followed, as the database has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FollowedFolder {
    /// How many cards of it count.
    pub cards: u64,
    /// When something of it was last taken in, in UTC.
    pub taken_at: Option<String>,
    /// Files of which nothing, or not all, could be taken, and why.
    pub problems: BTreeMap<String, String>,
}

impl Store {
    /// What is known of a folder's files, by name; nothing of one that is not followed yet.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn known_files(&self, folder: &str) -> Result<BTreeMap<String, Known<Stamp>>> {
        let mut known = BTreeMap::new();
        facts::each_of(
            &self.conn,
            "SELECT vdir_file.name, inode, size, modified_s, modified_ns, hash FROM vdir_file
             JOIN source ON source.id = source_id WHERE folder = ?1",
            [folder],
            |row| {
                known.insert(row.get(0)?, file(row)?);
                Ok(())
            },
        )?;
        Ok(known)
    }

    /// What told a folder from others when there were cards in it; none if that is not known.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn folder_place(&self, folder: &str) -> Result<Option<String>> {
        meta(&self.conn, &place_key(folder))
    }

    /// Notes what tells a folder from others, as there are cards in it.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn note_folder_place(&mut self, folder: &str, place: &str) -> Result<()> {
        self.own(|tx| set_meta(tx, &place_key(folder), place))
    }

    /// The files of a followed folder in which groups stand, whose members may be in any other.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn files_of_groups(&self, folder: &str) -> Result<BTreeSet<String>> {
        let mut files = BTreeSet::new();
        facts::each_of(
            &self.conn,
            "SELECT file FROM card JOIN source ON source.id = source_id
             WHERE folder = ?1 AND file IS NOT NULL AND replaced_by IS NULL AND gone_at IS NULL
               AND instr(fields, '\"kind\":\"group\"') > 0 AND json_array_length(fields, '$.members') > 0",
            [folder],
            |row| {
                files.insert(row.get(0)?);
                Ok(())
            },
        )?;
        Ok(files)
    }

    /// A followed folder; none if nothing of it was taken in yet.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn followed(&self, folder: &str) -> Result<Option<FollowedFolder>> {
        let mut found = None;
        facts::each_of(
            &self.conn,
            "SELECT (SELECT count(*) FROM card WHERE source_id = source.id AND file NOT LIKE '/%' AND replaced_by IS NULL AND gone_at IS NULL),
                    (SELECT max(at) FROM import WHERE source_id = source.id AND undone_at IS NULL)
             FROM source WHERE folder = ?1",
            [folder],
            |row| {
                let cards = row.get::<_, i64>(0)?.cast_unsigned();
                found = Some(FollowedFolder { cards, taken_at: row.get(1)?, ..FollowedFolder::default() });
                Ok(())
            },
        )?;
        let Some(mut found) = found else { return Ok(None) };
        facts::each_of(
            &self.conn,
            "SELECT vdir_file.name, problem FROM vdir_file JOIN source ON source.id = source_id
             WHERE folder = ?1 AND problem IS NOT NULL",
            [folder],
            |row| {
                found.problems.insert(row.get(0)?, row.get(1)?);
                Ok(())
            },
        )?;
        Ok(Some(found))
    }

    /// Follows these folders and no others. What was in others stays, as if it had been imported once.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn follow_only(&mut self, folders: &[String]) -> Result<()> {
        let mut others = Vec::new();
        facts::each(&self.conn, "SELECT id, folder FROM source WHERE folder IS NOT NULL", |row| {
            if !folders.contains(&row.get(1)?) {
                others.push(row.get::<_, i64>(0)?);
            }
            Ok(())
        })?;
        if others.is_empty() {
            return Ok(());
        }
        self.own(|tx| {
            for source in others {
                for sql in [
                    "UPDATE card SET file = NULL WHERE source_id = ?1",
                    "DELETE FROM vdir_file WHERE source_id = ?1",
                    "UPDATE source SET folder = NULL WHERE id = ?1",
                ] {
                    tx.execute(sql, [source]).doing(|| "stop following a folder".to_owned())?;
                }
            }
            Ok(())
        })
    }
}

fn place_key(folder: &str) -> String {
    format!("folder {folder}")
}

fn file(row: &Row<'_>) -> rusqlite::Result<Known<Stamp>> {
    let mut hash = Hash::default();
    hash.iter_mut().zip(row.get_ref(5)?.as_blob()?).for_each(|(to, from)| *to = *from);
    let stamp = Stamp {
        inode: row.get::<_, i64>(1)?.cast_unsigned(),
        size: row.get::<_, i64>(2)?.cast_unsigned(),
        modified: (row.get(3)?, row.get(4)?),
    };
    Ok(Known { stamp, hash })
}
