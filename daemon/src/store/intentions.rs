//! What the user means to do with people.

use jiff::civil::Date;
use rusqlite::{Connection, params};

use super::{Store, facts};
use crate::core::facts::PersonId;
use crate::core::how::How;
use crate::core::intention::{Aim, Intention, Outcome};
use crate::core::talk::Talk;
use crate::core::text;
use crate::error::{Doing, Result};

impl Store {
    /// Notes what the user means to do with somebody. Said twice, it is meant once: what is
    /// open already gets that day, if one is said. Gives its number, and what it was
    /// before, if it was there.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn intend(
        &mut self,
        who: PersonId,
        aim: Aim,
        what: &str,
        by: Option<Date>,
        entered: Date,
    ) -> Result<(i64, Option<Intention>)> {
        let words = |what: &str| text::unended(what).to_lowercase();
        let is_it = |open: &Intention| {
            open.person == who && open.aim == aim && open.ended.is_none() && words(&open.what) == words(what)
        };
        self.edit(|tx| {
            let Some(known) = open(tx)?.into_iter().find(is_it) else {
                tx.execute(
                    "INSERT INTO intention(contact_id, kind, what, by_day, entered_on)
                     VALUES (?1, ?2, ?3, ?4, ?5)",
                    params![who.0, aim.to_string(), what, by.map(|day| day.to_string()), entered.to_string()],
                )
                .doing(|| "note what you mean to do".to_owned())?;
                return Ok((tx.last_insert_rowid(), None));
            };
            if let Some(by) = by.filter(|by| known.by != Some(*by)) {
                tx.execute(
                    "UPDATE intention SET by_day = ?2 WHERE id = ?1",
                    params![known.id, by.to_string()],
                )
                .doing(|| "give what you mean to do another day".to_owned())?;
            }
            Ok((known.id, Some(known)))
        })
    }

    /// Notes how an intention ended, on that day.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn end_intention(&mut self, id: i64, day: Date, outcome: Outcome) -> Result<()> {
        self.edit(|tx| end(tx, id, day, outcome))
    }

    /// Notes that somebody was asked, and logs that they were written to, as `kith done`
    /// does, unless they were in touch that day: both or nothing.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn asked(&mut self, who: PersonId, ask: &Intention, day: Date) -> Result<()> {
        self.edit(|tx| {
            let mut talk = Talk::new(day, How::Wrote, "");
            talk.notes.asked = Some(ask.what.clone());
            super::interactions::log_once(tx, who, &talk)?;
            end(tx, ask.id, day, Outcome::Done)
        })
    }

    /// Notes what somebody answered to what they were asked for, and logs that
    /// they were heard from, unless they talked that day: both or nothing.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn answered(&mut self, who: PersonId, ask: &Intention, day: Date, outcome: Outcome) -> Result<()> {
        self.edit(|tx| {
            if !talked(tx, who, day)? {
                let what = format!("said {outcome}: {}", ask.what);
                super::interactions::log(tx, who, &Talk::new(day, How::Heard, &what), day)?;
            }
            end(tx, ask.id, day, outcome)
        })
    }

    /// Logs that the user was in touch with somebody and did with that what
    /// they meant to: both or nothing.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn log_done(&mut self, who: PersonId, talk: &Talk, entered_on: Date, did: i64) -> Result<()> {
        self.edit(|tx| {
            super::interactions::log(tx, who, talk, entered_on)?;
            end(tx, did, talk.day, Outcome::Done)
        })
    }

    /// What the user means to do, with everybody: what has a day first, by day,
    /// then in the order it was noted. What was asked, and not yet answered, is
    /// among it: it ended with [`Outcome::Done`].
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn intentions(&self) -> Result<Vec<Intention>> {
        open(&self.conn)
    }
}

/// What is open, as [`Store::intentions`] gives it.
fn open(conn: &Connection) -> Result<Vec<Intention>> {
    let winners = facts::winners(conn)?;
    let mut all = Vec::new();
    facts::each(
        conn,
        "SELECT id, contact_id, kind, what, by_day, entered_on, ended_on FROM intention
         WHERE ended_on IS NULL OR (kind = 'ask' AND outcome = 'done')
         ORDER BY by_day IS NULL, by_day, id",
        |row| {
            let day = |at| {
                row.get_ref(at)?
                    .as_str_or_null()
                    .map(|text| text.and_then(|t| t.parse::<Date>().ok()))
                    .map_err(rusqlite::Error::from)
            };
            let contact: i64 = row.get(1)?;
            let person = PersonId(winners.get(&contact).copied().unwrap_or(contact));
            // What only a later version knows, or is no date, kith check tells.
            if let (Ok(aim), Some(entered)) = (row.get_ref(2)?.as_str()?.parse(), day(5)?) {
                let ended = day(6)?.map(|day| (day, Outcome::Done));
                all.push(Intention {
                    id: row.get(0)?,
                    person,
                    aim,
                    what: row.get(3)?,
                    by: day(4)?,
                    entered,
                    ended,
                });
            }
            Ok(())
        },
    )?;
    Ok(all)
}

/// Whether they talked, or the user heard from them, on that day.
fn talked(conn: &Connection, who: PersonId, day: Date) -> Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM interaction WHERE contact_id = ?1 AND day = ?2
               AND how NOT IN ('wrote', 'tried'))";
    let talked = conn.query_row(sql, params![who.0, day.to_string()], |row| row.get(0));
    talked.doing(|| "look at what happened that day".to_owned())
}

fn end(conn: &Connection, id: i64, day: Date, outcome: Outcome) -> Result<()> {
    conn.execute(
        "UPDATE intention SET ended_on = ?2, outcome = ?3 WHERE id = ?1",
        params![id, day.to_string(), outcome.to_string()],
    )
    .doing(|| "note how it ended".to_owned())
    .map(drop)
}
