//! What was read of the user's own calendars.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use rusqlite::{Connection, params};

use super::{Store, facts};
use crate::core::busy::{Minutes, minutes};
use crate::core::facts::Days;
use crate::error::{Doing, Result};

/// What a calendar says of its days.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Says {
    /// When the user is busy.
    Busy,
    /// Which are holidays.
    Days,
}

impl Says {
    /// Its name in the database, and in what importers are asked.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Busy => "busy",
            Self::Days => "days",
        }
    }
}

/// What was read of a calendar, and of which it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KnownCalendar {
    /// Its number.
    pub id: i64,
    /// The file or folder.
    pub path: String,
    /// What was asked of it.
    pub says: Says,
    /// What changes when it is written.
    pub stamp: String,
    /// Where the user was.
    pub zone: String,
    /// The first and the last day that were asked for.
    pub within: (Date, Date),
    /// Why it, or part of it, could not be read.
    pub problem: Option<String>,
}

impl Store {
    /// The calendars that were read, or could not be.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn calendars(&self) -> Result<Vec<KnownCalendar>> {
        let mut known = Vec::new();
        facts::each(
            &self.conn,
            "SELECT id, path, says, stamp, zone, from_day, until_day, problem FROM calendar ORDER BY id",
            |row| {
                let day = |at: usize| -> rusqlite::Result<Date> {
                    Ok(row.get_ref(at)?.as_str()?.parse().unwrap_or(Date::MIN))
                };
                known.push(KnownCalendar {
                    id: row.get(0)?,
                    path: row.get(1)?,
                    says: if row.get_ref(2)?.as_str()? == "days" { Says::Days } else { Says::Busy },
                    stamp: row.get(3)?,
                    zone: row.get(4)?,
                    within: (day(5)?, day(6)?),
                    problem: row.get(7)?,
                });
                Ok(())
            },
        )?;
        Ok(known)
    }

    /// Keeps what was read of a calendar in place of what was; with no days, these stay.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn keep_calendar(
        &mut self,
        known: &KnownCalendar,
        days: Option<&BTreeMap<Date, Vec<Minutes>>>,
    ) -> Result<()> {
        let doing = || format!("note what {} says", known.path);
        let KnownCalendar { id, path, says, stamp, zone, within: (from, until), problem } = known;
        self.own(|tx| {
            let values = params![
                path,
                says.name(),
                stamp,
                zone,
                from.to_string(),
                until.to_string(),
                problem,
                id
            ];
            let changed = tx
                .execute(
                    "UPDATE calendar SET path = ?1, says = ?2, stamp = ?3, zone = ?4, from_day = ?5, until_day = ?6,
                       problem = ?7 WHERE id = ?8",
                    values,
                )
                .doing(doing)?;
            let mut id = *id;
            if changed == 0 {
                tx.execute(
                    "INSERT INTO calendar(path, says, stamp, zone, from_day, until_day, problem)
                     VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
                    params![path, says.name(), stamp, zone, from.to_string(), until.to_string(), problem],
                )
                .doing(doing)?;
                id = tx.last_insert_rowid();
            }
            let Some(days) = days else { return Ok(()) };
            tx.execute("DELETE FROM calendar_day WHERE calendar_id = ?1", [id]).doing(doing)?;
            let mut insert = tx
                .prepare_cached(
                    "INSERT INTO calendar_day(calendar_id, day, from_minute, until_minute) VALUES (?1, ?2, ?3, ?4)",
                )
                .doing(doing)?;
            for (day, parts) in days {
                for (from, until) in parts {
                    insert.execute(params![id, day.to_string(), from, until]).doing(doing)?;
                }
            }
            Ok(())
        })
    }

    /// Forgets a calendar that is not to be read any more.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn forget_calendar(&mut self, id: i64) -> Result<()> {
        self.own(|tx| {
            ["DELETE FROM calendar_day WHERE calendar_id = ?1", "DELETE FROM calendar WHERE id = ?1"]
                .into_iter()
                .try_for_each(|sql| tx.execute(sql, [id]).map(drop))
                .doing(|| "forget a calendar".to_owned())
        })
    }
}

/// What the calendars say of the days from `since` on.
pub(super) fn days(conn: &Connection, since: Date) -> Result<Days> {
    let mut parts: BTreeMap<Date, Vec<Minutes>> = BTreeMap::new();
    let mut holidays = BTreeSet::new();
    facts::each_of(
        conn,
        "SELECT says, day, from_minute, until_minute FROM calendar_day
         JOIN calendar ON calendar.id = calendar_id WHERE day >= ?1",
        [since.to_string()],
        |row| {
            let Ok(day) = row.get_ref(1)?.as_str()?.parse() else { return Ok(()) };
            if row.get_ref(0)?.as_str()? == "days" {
                holidays.insert(day);
            } else {
                parts.entry(day).or_default().push((row.get(2)?, row.get(3)?));
            }
            Ok(())
        },
    )?;
    let busy = parts.into_iter().map(|(day, parts)| (day, minutes(parts))).collect();
    Ok(Days { holidays, busy })
}
