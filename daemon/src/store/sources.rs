//! Where what is known of people comes from, and where their cards are at odds.

use std::collections::HashMap;

use rusqlite::Connection;

use super::differences::MOST;
use super::merge::Contradiction;
use super::{Store, contacts, facts};
use crate::core::conflict::{Conflict, conflicts};
use crate::core::contact::Column;
use crate::core::export::fields;
use crate::core::facts::PersonId;
use crate::core::provenance::{Field, sources};
use crate::core::text::cut;
use crate::error::Result;

/// One of the user's own changes, by whom and when it was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// `command line`, or `database` for any other program.
    pub origin: String,
    /// When, in UTC.
    pub at: String,
}

/// Everything that is said of somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sources {
    /// Field by field.
    pub fields: Vec<Field>,
    /// The user's changes in them, by their number in the log.
    pub edits: HashMap<i64, Edit>,
}

/// Somebody whose cards contradict each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AtOdds {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// In which fields.
    pub conflicts: Vec<Conflict>,
    /// What counts in each of them.
    pub counts: Vec<Option<String>>,
}

impl Store {
    /// Cards that cannot be read any more, as somebody wrote to them.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn odd_cards(&self) -> Result<Vec<String>> {
        let mut odd = Vec::new();
        facts::each(&self.conn, "SELECT id, contact_id FROM card WHERE NOT json_valid(fields)", |row| {
            let (card, contact): (i64, i64) = (row.get(0)?, row.get(1)?);
            odd.push(format!(
                "card {card} of contact {contact}: what it says is no JSON, so it can be neither shown nor exported \
                 (docs/database.md says how a backup is brought back)"
            ));
            Ok(())
        })?;
        Ok(odd)
    }

    /// Who says what of somebody.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn sources(&self, id: PersonId) -> Result<Sources> {
        let changes = contacts::changes(&self.conn, id)?;
        let whole = fields(&self.exported(id, "vcard")?);
        let fields = sources(&contacts::cards(&self.conn, id)?, &changes, &self.contact(id)?, &whole);
        let mut edits = HashMap::new();
        let numbers = serde_json::Value::from_iter(changes.iter().map(|change| change.n)).to_string();
        let sql = "SELECT n, origin, at FROM change WHERE n IN (SELECT value FROM json_each(?1))";
        facts::each_of(&self.conn, sql, [numbers], |row| {
            edits.insert(row.get(0)?, Edit { origin: row.get(1)?, at: row.get(2)? });
            Ok(())
        })?;
        Ok(Sources { fields, edits })
    }

    /// Everybody there is whose cards contradict each other and the user has not
    /// said what is so; by id.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn at_odds(&self) -> Result<Vec<AtOdds>> {
        let winners = facts::winners(&self.conn)?;
        let mut cards: HashMap<i64, usize> = HashMap::new();
        facts::each(&self.conn, "SELECT contact_id FROM card WHERE replaced_by IS NULL", |row| {
            let home: i64 = row.get(0)?;
            *cards.entry(winners.get(&home).copied().unwrap_or(home)).or_default() += 1;
            Ok(())
        })?;
        let mut several: Vec<i64> =
            cards.into_iter().filter(|(_, count)| *count > 1).map(|(id, _)| id).collect();
        several.sort_unstable();
        let mut all = Vec::new();
        for id in several.into_iter().map(PersonId) {
            all.extend(self.at_odds_about(id)?);
        }
        Ok(all)
    }

    /// The same of one person; none if there is nothing to decide, or they are archived.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn at_odds_about(&self, id: PersonId) -> Result<Option<AtOdds>> {
        let cards = contacts::cards(&self.conn, id)?;
        if conflicts(&cards, &[]).is_empty() {
            return Ok(None);
        }
        let conflicts = conflicts(&cards, &contacts::changes(&self.conn, id)?);
        let content = contacts::read(&self.conn, id)?;
        if conflicts.is_empty() || content.column(Column::ArchivedAt).is_some() {
            return Ok(None);
        }
        let counts = conflicts.iter().map(|c| content.column(c.column).map(str::to_owned)).collect();
        let name = content.column(Column::Name).unwrap_or_default().to_owned();
        Ok(Some(AtOdds { person: id, name, conflicts, counts }))
    }
}

/// In what a card contradicts others of somebody, where the user has not said what is so.
pub(super) fn contradictions(conn: &Connection, id: PersonId, card: i64) -> Result<Vec<Contradiction>> {
    let cards = contacts::cards(conn, id)?;
    if conflicts(&cards, &[]).is_empty() {
        return Ok(Vec::new());
    }
    let content = contacts::read(conn, id)?;
    let mut all = Vec::new();
    for conflict in conflicts(&cards, &contacts::changes(conn, id)?) {
        let (own, others): (Vec<_>, Vec<_>) =
            conflict.values.into_iter().partition(|(_, by)| by.contains(&card));
        let Some((says, _)) = own.into_iter().next() else { continue };
        all.push(Contradiction {
            field: conflict.column.name(),
            says: cut(&says, MOST).into_owned(),
            others: others.iter().map(|(value, _)| cut(value, MOST).into_owned()).collect(),
            counts: content.column(conflict.column).map(|value| cut(value, MOST).into_owned()),
        });
    }
    Ok(all)
}
