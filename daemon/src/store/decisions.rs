//! What the user decided about people: to pause, to put off, to let go, to archive.

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, params};

use super::{Store, contacts, facts};
use crate::core::facts::PersonId;
use crate::core::pause::Why;
use crate::error::{Doing, Result};

/// A time in which somebody, or everybody, is left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Paused {
    /// The number of its row.
    pub id: i64,
    /// For whom; everybody if nobody is named.
    pub person: Option<PersonId>,
    /// The first day.
    pub from: Date,
    /// The last day.
    pub until: Date,
    /// Why.
    pub why: Why,
}

impl Store {
    /// The pauses that are not over on `today`: everybody's first, then by their days.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn pauses(&self, today: Date) -> Result<Vec<Paused>> {
        let winners = facts::winners(&self.conn)?;
        let mut all = Vec::new();
        let sql = "SELECT id, contact_id, from_day, until_day, why FROM pause
                   WHERE until_day >= ?1 ORDER BY contact_id IS NOT NULL, from_day, until_day, id";
        facts::each_of(&self.conn, sql, [today.to_string()], |row| {
            let person = row.get::<_, Option<i64>>(1)?;
            let day = |at| Ok::<_, rusqlite::Error>(row.get_ref(at)?.as_str()?.parse::<Date>());
            let why = row.get_ref(4)?.as_str()?.parse();
            // A day that is none is told by kith check.
            if let (Ok(from), Ok(until), Ok(why)) = (day(2)?, day(3)?, why) {
                let person = person.map(|id| PersonId(winners.get(&id).copied().unwrap_or(id)));
                all.push(Paused { id: row.get(0)?, person, from, until, why });
            }
            Ok(())
        })?;
        Ok(all)
    }

    /// Pauses for somebody, or for everybody, on the days `from` to `until`.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn pause(&mut self, person: Option<PersonId>, from: Date, until: Date) -> Result<()> {
        self.edit(|tx| leave_alone(tx, person, from, until, Why::Pause))
    }

    /// Gives the pause of this number another last day.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn move_end(&mut self, id: i64, until: Date) -> Result<()> {
        self.edit(|tx| {
            tx.execute("UPDATE pause SET until_day = ?2 WHERE id = ?1", params![id, until.to_string()])
                .doing(|| "change the pause".to_owned())
                .map(drop)
        })
    }

    /// Leaves people alone from `today` to a last day each, in the place of
    /// whatever was put off or let go with them before.
    ///
    /// # Errors
    /// If the database cannot be written; nothing is changed then.
    pub fn put_off(&mut self, people: &[(PersonId, Date)], today: Date, why: Why) -> Result<()> {
        self.edit(|tx| {
            for &(person, until) in people {
                let group = facts::json(contacts::group(tx, person)?.into_iter());
                let mut earlier = Vec::new();
                facts::each_of(
                    tx,
                    "SELECT id FROM pause WHERE why <> 'pause' AND until_day >= ?2
                     AND contact_id IN (SELECT value FROM json_each(?1))",
                    params![group, today.to_string()],
                    |row| {
                        earlier.push(row.get(0)?);
                        Ok(())
                    },
                )?;
                end(tx, &earlier, today)?;
                leave_alone(tx, Some(person), today, until, why)?;
            }
            Ok(())
        })
    }

    /// Ends the pauses of these numbers before `today`.
    ///
    /// # Errors
    /// If the database cannot be written; nothing is changed then.
    pub fn end_pauses(&mut self, ids: &[i64], today: Date) -> Result<()> {
        self.edit(|tx| end(tx, ids, today))
    }

    /// Archives people, or brings them back where `at` is none.
    ///
    /// # Errors
    /// If the database cannot be written; nothing is changed then.
    pub fn archive(&mut self, people: &[PersonId], at: Option<Timestamp>) -> Result<()> {
        let at = at.map(|at| at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string());
        self.edit(|tx| {
            people.iter().try_for_each(|person| {
                tx.execute("UPDATE contact SET archived_at = ?2 WHERE id = ?1", params![person.0, at])
                    .doing(|| format!("archive contact {person}"))
                    .map(drop)
            })
        })
    }
}

fn leave_alone(conn: &Connection, person: Option<PersonId>, from: Date, until: Date, why: Why) -> Result<()> {
    conn.execute(
        "INSERT INTO pause(contact_id, from_day, until_day, why) VALUES (?1, ?2, ?3, ?4)",
        params![person.map(|id| id.0), from.to_string(), until.to_string(), why.to_string()],
    )
    .doing(|| "note the pause".to_owned())
    .map(drop)
}

/// Ends pauses on the day before `today`; what had not begun by then is taken back.
fn end(conn: &Connection, ids: &[i64], today: Date) -> Result<()> {
    let yesterday = today.yesterday().unwrap_or(today);
    for id in ids {
        conn.execute("DELETE FROM pause WHERE id = ?1 AND from_day >= ?2", params![id, today.to_string()])
            .and_then(|_| {
                conn.execute(
                    "UPDATE pause SET until_day = ?2 WHERE id = ?1",
                    params![id, yesterday.to_string()],
                )
            })
            .doing(|| "end a pause".to_owned())?;
    }
    Ok(())
}
