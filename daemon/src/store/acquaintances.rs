//! What approach cards are drawn from.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use rusqlite::params;

use super::contacts::GROUPS;
use super::{Store, facts, memos};
use crate::core::cadence::Interval;
use crate::core::card::Acquaintance;
use crate::core::contact::Column;
use crate::core::facts::{PersonId, has_happened};
use crate::core::preference::{COLUMNS, Preferences};
use crate::core::talk::{Notes, Talk};
use crate::core::tie;
use crate::error::Result;

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
            "SELECT id, given_name, circle, ideal, latest, kind = 'organization', family_name, {columns} FROM contact
             WHERE comfort <> 'never' AND id IN (SELECT value FROM json_each(?1))"
        );
        facts::each_of(&self.conn, &sql, [facts::json(wanted.iter().copied())], |row| {
            let interval = |at| {
                let text: Option<String> = row.get(at)?;
                Ok::<_, rusqlite::Error>(text.and_then(|text| text.parse::<Interval>().ok()))
            };
            let mut said = Vec::with_capacity(COLUMNS.len());
            for at in 0..COLUMNS.len() {
                said.push(row.get::<_, Option<String>>(7 + at)?);
            }
            let column = |column| said.get(COLUMNS.iter().position(|known| *known == column)?)?.as_deref();
            let known = Acquaintance {
                is_organization: row.get(5)?,
                given_name: row.get(1)?,
                family_name: row.get(6)?,
                circle: row.get(2)?,
                ideal: interval(3)?,
                latest: interval(4)?,
                by_hand: true,
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
        for (person, ties) in self.ties_of(found.keys().copied().collect())? {
            if let Some(known) = found.get_mut(&person) {
                known.ties = ties;
            }
        }
        let people = facts::json(found.keys().copied());
        let sql = format!("{GROUPS} SELECT DISTINCT grp.winner FROM grp JOIN card ON contact_id = grp.id");
        facts::each_of(&self.conn, &sql, [&people], |row| {
            if let Some(known) = found.get_mut(&PersonId(row.get(0)?)) {
                known.by_hand = false;
            }
            Ok(())
        })?;
        let noted: Vec<PersonId> = found.keys().copied().collect();
        memos::each_of(&self.conn, noted.into_iter(), |memo| {
            if let Some(known) = found.get_mut(&memo.person) {
                known.memos.push(memo);
            }
        })?;
        self.each_talk(&people, |person, talk| {
            if let Some(known) = found.get_mut(&person)
                && has_happened(talk.day, today)
            {
                known.talks.push(talk);
            }
        })?;
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

    /// The last talks and tries of each of these people (a [`facts::json`]), oldest first.
    fn each_talk(&self, people: &str, mut take: impl FnMut(PersonId, Talk)) -> Result<()> {
        let sql = format!(
            "{GROUPS} SELECT * FROM
             (SELECT day, how, coalesce(what, ''), went, learned, given, asked, received, import_id IS NOT NULL,
                grp.winner, row_number() OVER
                  (PARTITION BY grp.winner, how IN ('wrote', 'tried') ORDER BY day DESC, interaction.id DESC) AS nth,
                interaction.id AS id
              FROM grp JOIN interaction ON contact_id = grp.id)
             WHERE nth <= ?2 ORDER BY day, id"
        );
        facts::each_of(&self.conn, &sql, params![people, TALKS], |row| {
            let (day, how) = (row.get_ref(0)?.as_str()?, row.get_ref(1)?.as_str()?);
            let (Ok(day), Ok(how)) = (day.parse::<Date>(), how.parse()) else { return Ok(()) };
            let went: Option<String> = row.get(3)?;
            let notes = Notes {
                went: went.and_then(|went| went.parse().ok()),
                learned: row.get(4)?,
                given: row.get(5)?,
                asked: row.get(6)?,
                received: row.get(7)?,
            };
            let talk = Talk { day, how, what: row.get(2)?, notes, imported: row.get(8)? };
            take(PersonId(row.get(9)?), talk);
            Ok(())
        })
    }
}
