//! Adding people by hand.

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, params};

use super::{Store, contacts, data_version, identities, interactions, split};
use crate::core::contact::{Content, LISTS};
use crate::core::facts::PersonId;
use crate::core::how::How;
use crate::core::matching::Index;
use crate::core::phone::Region;
use crate::core::talk::Talk;
use crate::error::{Doing, Result};

/// Somebody to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomer {
    /// What is known of them.
    pub content: Content,
    /// Those of whom the user said that they are somebody else.
    pub others: Vec<PersonId>,
}

/// Where people were met.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Meeting<'a> {
    /// Those who were known before.
    pub known: Vec<PersonId>,
    /// When.
    pub day: Date,
    /// What it was.
    pub event: &'a str,
    /// The day it is written down.
    pub entered_on: Date,
}

impl Store {
    /// Everybody there is, for finding out whether somebody is known, where
    /// the user's telephone is in this country.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn index(&self, home: Option<Region>) -> Result<Index> {
        let mut index = Index::at(home);
        identities::fill(&self.conn, &mut index)?;
        Ok(index)
    }

    /// Adds people, all or none, and logs the meeting with them, if there was
    /// one, and with those who were known before; gives the numbers of those added.
    ///
    /// If anything was changed since the database had the version `seen`
    /// ([`Store::data_version`]), nothing is done, as one of them may have come
    /// meanwhile, and whoever asks looks again.
    ///
    /// # Errors
    /// If a value is not allowed, or the database cannot be written; nothing is changed then.
    pub fn add_if_unchanged(
        &mut self,
        newcomers: &[Newcomer],
        meeting: Option<&Meeting<'_>>,
        at: Timestamp,
        seen: i64,
    ) -> Result<Option<Vec<PersonId>>> {
        let at = at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        self.edit(|tx| {
            if data_version(tx)? != seen {
                return Ok(None);
            }
            let added =
                newcomers.iter().map(|newcomer| newcomer.add(tx, &at)).collect::<Result<Vec<PersonId>>>()?;
            if let Some(Meeting { known, day, event, entered_on }) = meeting {
                for &person in known.iter().chain(&added) {
                    interactions::log(tx, person, &Talk::new(*day, How::Met, event), *entered_on)?;
                }
            }
            Ok(Some(added))
        })
    }
}

impl Newcomer {
    fn add(&self, conn: &Connection, at: &str) -> Result<PersonId> {
        let id = contacts::insert(conn, &self.content)?;
        for list in LISTS {
            for item in self.content.list(list) {
                let (table, column) = (list.table(), list.value_column());
                conn.execute(
                    &format!("INSERT INTO {table}(contact_id, \"{column}\") VALUES (?1, ?2)"),
                    params![id.0, item.value],
                )
                .doing(|| "add to a contact".to_owned())?;
            }
        }
        for other in &self.others {
            split::insert_different(conn, id, *other, ("you added them as somebody else", at))?;
        }
        Ok(id)
    }
}
