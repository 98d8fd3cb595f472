//! What approach cards are drawn from.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use rusqlite::params;

use super::{Store, contacts, facts, memos, people};
use crate::core::cadence::Interval;
use crate::core::card::Acquaintance;
use crate::core::contact::Column;
use crate::core::facts::{PersonId, has_happened};
use crate::core::preference::{COLUMNS, Preferences};
use crate::core::talk::{Notes, Talk};
use crate::core::tie;
use crate::error::{Doing, Result};

/// How many contacts of either kind are looked at, the last ones.
const TALKS: i64 = 20;

impl Store {
    /// What is known of these people, as far as it is so by `today`; nothing
    /// of whoever is set to `never`.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn acquaintances(
        &self,
        wanted: &HashSet<PersonId>,
        today: Date,
    ) -> Result<HashMap<PersonId, Acquaintance>> {
        let mut found = HashMap::new();
        let columns = COLUMNS.map(Column::name).join(", ");
        let sql = format!(
            "SELECT id, given_name, circle, ideal, latest, kind = 'organization', {columns} FROM contact
             WHERE comfort <> 'never' AND id IN (SELECT value FROM json_each(?1))"
        );
        facts::each_of(&self.conn, &sql, [facts::json(wanted.iter().copied())], |row| {
            let interval = |at| {
                let text: Option<String> = row.get(at)?;
                Ok::<_, rusqlite::Error>(text.and_then(|text| text.parse::<Interval>().ok()))
            };
            let mut said = Vec::with_capacity(COLUMNS.len());
            for at in 0..COLUMNS.len() {
                said.push(row.get::<_, Option<String>>(6 + at)?);
            }
            let column = |column| said.get(COLUMNS.iter().position(|known| *known == column)?)?.as_deref();
            let known = Acquaintance {
                is_organization: row.get(5)?,
                given_name: row.get(1)?,
                circle: row.get(2)?,
                ideal: interval(3)?,
                latest: interval(4)?,
                by_hand: false,
                labels: Vec::new(),
                preferences: Preferences::read(column),
                ties: Vec::new(),
                memos: Vec::new(),
                talks: Vec::new(),
            };
            found.insert(PersonId(row.get(0)?), known);
            Ok(())
        })?;
        let sql = "SELECT contact_id, name FROM category
                   WHERE contact_id IN (SELECT value FROM json_each(?1)) ORDER BY pref IS NULL, pref, id";
        facts::each_of(&self.conn, sql, [facts::json(found.keys().copied())], |row| {
            if let Some(known) = found.get_mut(&PersonId(row.get(0)?)) {
                known.labels.push(row.get(1)?);
            }
            Ok(())
        })?;
        let mut ties = self.ties_of(found.keys().copied().collect())?;
        for (&person, known) in &mut found {
            known.ties = ties.remove(&person).unwrap_or_default();
            let group = facts::json(contacts::group(&self.conn, person)?.into_iter());
            known.by_hand = people::is_by_hand(&self.conn, &group)?;
            known.memos = memos::of(&self.conn, person, &group)?;
            known.talks = self.talks(&group, today)?;
        }
        Ok(found)
    }

    /// Whom each has ties with, in words. Nobody is named who is set to `never`,
    /// archived or dead.
    fn ties_of(&self, wanted: HashSet<PersonId>) -> Result<HashMap<PersonId, Vec<String>>> {
        let ties = self.ties()?;
        let is_of = |id: &PersonId| wanted.contains(id);
        let near = ties.iter().filter(|tie| is_of(&tie.of) || tie.person.as_ref().is_some_and(is_of));
        let others = near.flat_map(|tie| [Some(tie.of), tie.person]).flatten();
        let mut names: HashMap<PersonId, String> = HashMap::new();
        let sql = format!(
            "SELECT id, name FROM contact WHERE id IN (SELECT value FROM json_each(?1)) AND {}",
            facts::MAY_BE_NAMED
        );
        facts::each_of(&self.conn, &sql, [facts::json(others)], |row| {
            names.insert(PersonId(row.get(0)?), row.get(1)?);
            Ok(())
        })?;
        let told = |id| (id, tie::told_of(id, &ties, &|other| names.get(&other).cloned()));
        Ok(wanted.into_iter().map(told).collect())
    }

    /// The last talks and tries of people who are one, oldest first.
    fn talks(&self, group: &str, today: Date) -> Result<Vec<Talk>> {
        let doing = || "read what was logged".to_owned();
        let mut all = Vec::new();
        for outbound in [false, true] {
            let mut statement = self
                .conn
                .prepare_cached(
                    "SELECT day, how, coalesce(what, ''), went, learned, given, asked, received, id,
                       import_id IS NOT NULL FROM interaction
                     WHERE contact_id IN (SELECT value FROM json_each(?1)) AND (how IN ('wrote', 'tried')) = ?2
                     ORDER BY day DESC, id DESC LIMIT ?3",
                )
                .doing(doing)?;
            let mut rows = statement.query(params![group, outbound, TALKS]).doing(doing)?;
            while let Some(row) = rows.next().doing(doing)? {
                let (day, how): (String, String) = (row.get(0).doing(doing)?, row.get(1).doing(doing)?);
                let (Ok(day), Ok(how)) = (day.parse::<Date>(), how.parse()) else { continue };
                let went: Option<String> = row.get(3).doing(doing)?;
                let notes = Notes {
                    went: went.and_then(|went| went.parse().ok()),
                    learned: row.get(4).doing(doing)?,
                    given: row.get(5).doing(doing)?,
                    asked: row.get(6).doing(doing)?,
                    received: row.get(7).doing(doing)?,
                };
                let number: i64 = row.get(8).doing(doing)?;
                let (what, imported) = (row.get(2).doing(doing)?, row.get(9).doing(doing)?);
                all.push((number, Talk { day, how, what, notes, imported }));
            }
        }
        all.retain(|(_, talk)| has_happened(talk.day, today));
        all.sort_by_key(|(number, talk)| (talk.day, *number));
        Ok(all.into_iter().map(|(_, talk)| talk).collect())
    }
}
