//! What happened between the user and people.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use rusqlite::{Connection, params};

use super::{Store, facts};
use crate::core::facts::{Direction, PersonId, has_happened};
use crate::core::feed::Names;
use crate::core::how::How;
use crate::core::talk::{Notes, Talk};
use crate::error::{Doing, Result};

/// Something that happened between the user and somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Logged {
    /// With whom.
    pub person: PersonId,
    /// When.
    pub day: Date,
    /// How.
    pub how: How,
    /// What it was about, in the user's words.
    pub what: String,
    /// Whether it came with an import; the user logged all else.
    pub imported: bool,
    /// What came of it.
    pub notes: Notes,
}

impl Store {
    /// Logs that the user was in touch with people, with all of them or none.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn log(&mut self, who: &[PersonId], talk: &Talk, entered_on: Date) -> Result<()> {
        self.edit(|tx| who.iter().try_for_each(|&id| log(tx, id, talk, entered_on)))
    }

    /// All that happened with somebody, oldest first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn history(&self, of: PersonId) -> Result<Vec<Logged>> {
        let mut all = self.logged(Date::MIN, true)?;
        all.retain(|logged| logged.person == of);
        Ok(all)
    }

    /// All that happened with everybody, each with their own, oldest first.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn histories(&self) -> Result<HashMap<PersonId, Vec<Logged>>> {
        let mut all: HashMap<PersonId, Vec<Logged>> = HashMap::new();
        for logged in self.logged(Date::MIN, true)? {
            all.entry(logged.person).or_default().push(logged);
        }
        Ok(all)
    }

    /// What the user logged since a day, and has happened by `today`, with people
    /// who may be shown: those set to `never`, the archived and the dead are in no calendar.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn done(&self, from: Date, today: Date) -> Result<Vec<Logged>> {
        Ok(self.shown(from, today, false)?.0)
    }

    /// The same, with what was imported, and how the people in it are called.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn happened(&self, from: Date, today: Date) -> Result<(Vec<Logged>, Names)> {
        self.shown(from, today, true)
    }

    fn shown(&self, from: Date, today: Date, imported: bool) -> Result<(Vec<Logged>, Names)> {
        let mut all = self.logged(from, imported)?;
        all.retain(|logged| has_happened(logged.day, today));
        let people: BTreeSet<PersonId> = all.iter().map(|logged| logged.person).collect();
        let mut names = Names::new();
        let sql = format!(
            "SELECT id, name FROM contact WHERE {} AND id IN (SELECT value FROM json_each(?1))",
            facts::MAY_BE_NAMED
        );
        facts::each_of(&self.conn, &sql, [facts::json(people.into_iter())], |row| {
            names.insert(PersonId(row.get(0)?), row.get(1)?);
            Ok(())
        })?;
        all.retain(|logged| names.contains_key(&logged.person));
        Ok((all, names))
    }

    /// What happened from a day on, by day; also what was imported, or only what the user logged.
    fn logged(&self, from: Date, imported: bool) -> Result<Vec<Logged>> {
        let doing = || "read what was logged".to_owned();
        let winners = facts::winners(&self.conn)?;
        let mut statement = self
            .conn
            .prepare_cached(
                "SELECT contact_id, day, how, coalesce(what, ''), import_id IS NOT NULL, went, learned, given, asked, received,
                        hash
                 FROM interaction
                 WHERE day >= ?1 AND (?2 OR import_id IS NULL) ORDER BY day, id",
            )
            .doing(doing)?;
        let mut rows = statement.query((from.to_string(), imported)).doing(doing)?;
        let mut all: Vec<Logged> = Vec::new();
        // Where each interaction that was imported is told of each person first.
        let mut told: HashMap<(PersonId, Vec<u8>), usize> = HashMap::new();
        while let Some(row) = rows.next().doing(doing)? {
            let id: i64 = row.get(0).doing(doing)?;
            let (day, how): (String, String) = (row.get(1).doing(doing)?, row.get(2).doing(doing)?);
            // A day that is none is told by kith check.
            let (Ok(day), Ok(how)) = (day.parse(), how.parse()) else { continue };
            let person = PersonId(winners.get(&id).copied().unwrap_or(id));
            let (what, imported) = (row.get(3).doing(doing)?, row.get(4).doing(doing)?);
            let went: Option<String> = row.get(5).doing(doing)?;
            let notes = Notes {
                went: went.and_then(|went| went.parse().ok()),
                learned: row.get(6).doing(doing)?,
                given: row.get(7).doing(doing)?,
                asked: row.get(8).doing(doing)?,
                received: row.get(9).doing(doing)?,
            };
            let logged = Logged { person, day, how, what, imported, notes };
            // Of two who were both there, and turned out to be one, it is told once. Their rows stay, as they may be
            // taken apart again; and what the user wrote to one of them is shown.
            if let Some(hash) = row.get(10).doing(doing)? {
                match told.entry((person, hash)) {
                    Entry::Occupied(first) if all.get(*first.get()) == Some(&logged) => continue,
                    Entry::Occupied(_) => {}
                    Entry::Vacant(place) => drop(place.insert(all.len())),
                }
            }
            all.push(logged);
        }
        Ok(all)
    }

    /// When each was last in touch with the user, by `today` ([`has_happened`]): both
    /// talked, or they reached the user. Organisations and the archived have it too.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn last_contacts(&self, today: Date) -> Result<HashMap<PersonId, Date>> {
        let winners = facts::winners(&self.conn)?;
        let mut last: HashMap<PersonId, Date> = HashMap::new();
        facts::each(&self.conn, "SELECT contact_id, day, how FROM interaction", |row| {
            let id: i64 = row.get(0)?;
            let (day, how) =
                (row.get_ref(1)?.as_str()?.parse::<Date>(), row.get_ref(2)?.as_str()?.parse::<How>());
            if let (Ok(day), Ok(how)) = (day, how)
                && has_happened(day, today)
                && how.direction() != Direction::Outbound
            {
                let person = PersonId(winners.get(&id).copied().unwrap_or(id));
                last.entry(person).and_modify(|known| *known = day.max(*known)).or_insert(day);
            }
            Ok(())
        })?;
        Ok(last)
    }
}

/// Logs a contact, unless it is noted that they talked that day, or were in touch in that way.
pub(super) fn log_once(conn: &Connection, person: PersonId, talk: &Talk) -> Result<()> {
    let known: bool = conn
        .query_row(
            "SELECT EXISTS (SELECT 1 FROM interaction WHERE contact_id = ?1 AND day = ?2
               AND (how NOT IN ('wrote', 'tried', 'heard') OR how = ?3))",
            params![person.0, talk.day.to_string(), talk.how.to_string()],
            |row| row.get(0),
        )
        .doing(|| "look for what was logged that day".to_owned())?;
    if known { Ok(()) } else { log(conn, person, talk, talk.day) }
}

/// Logs that the user was in touch with somebody.
pub(super) fn log(conn: &Connection, who: PersonId, talk: &Talk, entered_on: Date) -> Result<()> {
    let Talk { day, how, what, notes, .. } = talk;
    let Notes { went, learned, given, asked, received } = notes;
    conn.execute(
        "INSERT INTO interaction(contact_id, day, how, what, entered_on, went, learned, given, asked, received)
         VALUES (?1, ?2, ?3, nullif(?4, ''), ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            who.0,
            day.to_string(),
            how.to_string(),
            what,
            entered_on.to_string(),
            went.map(|went| went.to_string()),
            learned,
            given,
            asked,
            received
        ],
    )
    .doing(|| "note that you were in touch".to_owned())
    .map(drop)
}
