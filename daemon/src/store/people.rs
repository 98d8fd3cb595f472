//! People for those who look at them: listing, finding, showing, editing.

use std::collections::{HashMap, HashSet};

use rusqlite::{Connection, params};

use super::{Store, contacts, facts};
use crate::core::contact::{Column, Content, List};
use crate::core::facts::PersonId;
use crate::core::feed::{Details, People};
use crate::core::identity::email_key;
use crate::core::name::fold;
use crate::error::{Doing, Error, Result};

/// A contact in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its number.
    pub id: PersonId,
    /// What it says.
    pub content: Content,
}

/// Which contacts are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter<'a> {
    /// Part of a name, an address, an organisation, a circle or a number; everybody if empty.
    pub query: &'a str,
    /// Archived ones too.
    pub archived: bool,
}

/// What calendars and plans show of people.
#[derive(Debug, Default)]
pub struct Shown {
    /// Everybody who was asked for.
    pub all: People,
    /// Those whose birthdays are shown.
    pub celebrating: People,
}

/// A card of a contact, as `kith show` tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced {
    /// The importer.
    pub importer: String,
    /// The file it came in.
    pub file_name: String,
    /// The line in it.
    pub line: u64,
    /// When it was imported, in UTC.
    pub at: String,
}

impl Store {
    /// Lists contacts by name.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn list(&self, filter: Filter<'_>) -> Result<Vec<Listed>> {
        let words = fold(filter.query);
        let query = filter.query.trim().to_lowercase();
        let mut listed = Vec::new();
        for id in live_ids(&self.conn, filter.archived)? {
            let content = contacts::read(&self.conn, id)?;
            if query.is_empty() || matches(&content, &words, &query) {
                listed.push(Listed { id, content });
            }
        }
        listed.sort_by_cached_key(|l| (fold(l.content.column(Column::Name).unwrap_or_default()), l.id));
        Ok(listed)
    }

    /// Finds whom a word on the command line means: an exact id first, then an
    /// exact email address, an exact name or nickname, then part of a name.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn find(&self, query: &str) -> Result<Vec<Listed>> {
        let listed = |id| Ok::<_, Error>(Listed { id, content: contacts::read(&self.conn, id)? });
        let all = live_ids(&self.conn, true)?;
        if let Ok(number) = query.trim().parse().map(PersonId)
            && all.contains(&number)
        {
            return Ok(vec![listed(number)?]);
        }
        let folded = fold(query);
        let email = email_key(query);
        let (mut exact, mut part) = (Vec::new(), Vec::new());
        for (id, name, archived) in names(&self.conn)? {
            let rank = if email.contains('@') {
                None
            } else {
                let name = fold(&name);
                if name == folded {
                    Some(true)
                } else {
                    (!folded.is_empty() && has_words(&name, &folded)).then_some(false)
                }
            };
            match rank {
                Some(true) => exact.push((id, archived)),
                Some(false) => part.push((id, archived)),
                None => {}
            }
        }
        if email.contains('@') {
            for (id, address) in values(&self.conn, List::Email)? {
                if email_key(&address) == email && !exact.iter().any(|(known, _)| *known == id) {
                    exact.push((id, false));
                }
            }
        } else {
            for (id, nickname) in values(&self.conn, List::Nickname)? {
                if fold(&nickname) == folded && !exact.iter().any(|(known, _)| *known == id) {
                    exact.push((id, false));
                }
            }
        }
        let found = if exact.is_empty() { part } else { exact };
        // An archived one is meant only if nobody else is.
        let living: Vec<PersonId> =
            found.iter().filter(|(_, archived)| !archived).map(|(id, _)| *id).collect();
        let chosen = if living.is_empty() { found.into_iter().map(|(id, _)| id).collect() } else { living };
        chosen.into_iter().filter(|id| all.contains(id)).map(listed).collect()
    }

    /// One contact.
    ///
    /// # Errors
    /// If there is none, or the database cannot be read.
    pub fn contact(&self, id: PersonId) -> Result<Content> {
        contacts::read(&self.conn, contacts::resolve(&self.conn, id)?)
    }

    /// What calendars show of people: of those whose birthdays are shown, and of others.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn details(
        &self,
        celebrating: impl Iterator<Item = PersonId>,
        others: impl Iterator<Item = PersonId>,
    ) -> Result<Shown> {
        let celebrating: HashSet<PersonId> = celebrating.collect();
        let mut wanted: HashSet<PersonId> = others.collect();
        wanted.extend(&celebrating);
        let mut preferred = [List::Phone, List::Email].map(|_| HashMap::new());
        for (list, found) in [List::Phone, List::Email].into_iter().zip(&mut preferred) {
            let sql = format!(
                "SELECT contact_id, \"{}\" FROM {} ORDER BY pref IS NULL, pref, id",
                list.value_column(),
                list.table()
            );
            facts::each(&self.conn, &sql, |row| {
                let id = PersonId(row.get(0)?);
                if wanted.contains(&id) && !found.contains_key(&id) {
                    found.insert(id, row.get::<_, String>(1)?);
                }
                Ok(())
            })?;
        }
        let [mut phones, mut emails] = preferred;
        let mut shown = Shown::default();
        facts::each(&self.conn, "SELECT id, name, organization, title, birthday FROM contact", |row| {
            let id = PersonId(row.get(0)?);
            if !wanted.contains(&id) {
                return Ok(());
            }
            let details = Details {
                name: row.get(1)?,
                phone: phones.remove(&id),
                email: emails.remove(&id),
                organization: row.get(2)?,
                title: row.get(3)?,
                birthday: row.get::<_, Option<String>>(4)?.and_then(|text| text.parse().ok()),
            };
            if celebrating.contains(&id) {
                shown.celebrating.insert(id, details.clone());
            }
            shown.all.insert(id, details);
            Ok(())
        })?;
        Ok(shown)
    }

    /// The cards a contact is made of.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn cards(&self, id: PersonId) -> Result<Vec<Sourced>> {
        let doing = || "read the cards of a contact".to_owned();
        let mut all = Vec::new();
        for home in contacts::group(&self.conn, id)? {
            let cards: Vec<Sourced> = self
                .conn
                .prepare_cached(
                    "SELECT card.importer, import.file_name, card.line, import.at FROM card JOIN import ON import.id = import_id
                     WHERE contact_id = ?1 AND replaced_by IS NULL ORDER BY card.id",
                )
                .doing(doing)?
                .query_map([home.0], |row| {
                    Ok(Sourced {
                        importer: row.get(0)?,
                        file_name: row.get(1)?,
                        line: row.get::<_, i64>(2)?.cast_unsigned(),
                        at: row.get(3)?,
                    })
                })
                .and_then(Iterator::collect)
                .doing(doing)?;
            all.extend(cards);
        }
        Ok(all)
    }

    /// Changes columns of a contact and adds or removes list values, as the user's own edit.
    ///
    /// # Errors
    /// If a value is not allowed, or the database cannot be written; nothing is changed then.
    pub fn change(
        &mut self,
        id: PersonId,
        columns: &[(Column, Option<String>)],
        lists: &[ListEdit],
    ) -> Result<()> {
        let doing = || format!("change contact {id}");
        self.edit("command line", |tx| {
            for (column, value) in columns {
                tx.execute(
                    &format!("UPDATE contact SET {} = ?2 WHERE id = ?1", column.name()),
                    params![id.0, value.as_deref().or_else(|| column.default())],
                )
                .doing(doing)?;
            }
            for edit in lists {
                edit.make(tx, id)?;
            }
            Ok(())
        })
    }
}

/// A value to add to a contact's list or to take from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListEdit {
    /// Which list.
    pub list: List,
    /// The value.
    pub value: String,
    /// Whether to add it.
    pub add: bool,
}

impl ListEdit {
    fn make(&self, conn: &Connection, id: PersonId) -> Result<()> {
        let doing = || format!("change contact {id}");
        let (table, column) = (self.list.table(), self.list.value_column());
        let key = self.list.key(&self.value, None);
        let have: Vec<(i64, String)> = conn
            .prepare(&format!("SELECT id, \"{column}\" FROM {table} WHERE contact_id = ?1"))
            .doing(doing)?
            .query_map([id.0], |row| Ok((row.get(0)?, row.get(1)?)))
            .and_then(Iterator::collect)
            .doing(doing)?;
        let same: Vec<i64> =
            have.iter().filter(|(_, v)| self.list.key(v, None) == key).map(|(id, _)| *id).collect();
        if self.add {
            if same.is_empty() {
                conn.execute(
                    &format!("INSERT INTO {table}(contact_id, \"{column}\") VALUES (?1, ?2)"),
                    params![id.0, self.value],
                )
                .doing(doing)?;
            }
            return Ok(());
        }
        if same.is_empty() {
            return Err(Error::user(format!("there is no {table} {:?} to remove", self.value)));
        }
        for row in same {
            conn.execute(&format!("DELETE FROM {table} WHERE id = ?1"), [row]).doing(doing)?;
        }
        Ok(())
    }
}

/// Contacts that stand for themselves; archived ones only if asked for.
fn live_ids(conn: &Connection, archived: bool) -> Result<Vec<PersonId>> {
    let mut ids = contacts::ids(conn)?;
    if !archived {
        let live: HashSet<PersonId> =
            names(conn)?.into_iter().filter(|(_, _, archived)| !archived).map(|(id, ..)| id).collect();
        ids.retain(|id| live.contains(id));
    }
    Ok(ids)
}

fn names(conn: &Connection) -> Result<Vec<(PersonId, String, bool)>> {
    let doing = || "read the names".to_owned();
    conn.prepare_cached("SELECT id, name, archived_at IS NOT NULL FROM contact ORDER BY id")
        .doing(doing)?
        .query_map([], |row| Ok((PersonId(row.get(0)?), row.get(1)?, row.get(2)?)))
        .and_then(Iterator::collect)
        .doing(doing)
}

fn values(conn: &Connection, list: List) -> Result<Vec<(PersonId, String)>> {
    let doing = || "look for a person".to_owned();
    let winners = facts::winners(conn)?;
    conn.prepare(&format!("SELECT contact_id, \"{}\" FROM {} ORDER BY id", list.value_column(), list.table()))
        .doing(doing)?
        .query_map([], |row| {
            let id: i64 = row.get(0)?;
            Ok((PersonId(winners.get(&id).copied().unwrap_or(id)), row.get(1)?))
        })
        .and_then(Iterator::collect)
        .doing(doing)
}

/// Whether every word of `query` begins a word of `name`, or the query stands somewhere in it.
fn has_words(name: &str, query: &str) -> bool {
    name.contains(query) || query.split(' ').all(|word| name.split(' ').any(|part| part.starts_with(word)))
}

fn matches(content: &Content, words: &str, query: &str) -> bool {
    let folded = |column| fold(content.column(column).unwrap_or_default());
    (!words.is_empty()
        && [Column::Name, Column::Organization, Column::Circle].iter().any(|&c| has_words(&folded(c), words)))
        || [List::Email, List::Phone, List::Nickname, List::Category]
            .iter()
            .any(|&list| content.list(list).iter().any(|item| item.value.to_lowercase().contains(query)))
}
