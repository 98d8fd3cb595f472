//! Introductions that the user asks for.

use std::collections::HashMap;

use jiff::civil::Date;
use rusqlite::{Connection, Row, params};

use super::{Store, facts};
use crate::core::facts::PersonId;
use crate::core::introduction::{Between, End, Introduction, Step};
use crate::core::talk::Talk;
use crate::error::{Doing, Result};

/// What can be noted of an introduction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// That a step was done.
    Did(Step),
    /// That they agreed.
    Agreed,
    /// That it was made.
    Made,
    /// That both have heard from the user since.
    Thanked,
    /// That it ended without being made.
    Ended(End),
}

impl Store {
    /// Notes that the user wants to be introduced to somebody by somebody else.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn introduce(
        &mut self,
        to: PersonId,
        through: PersonId,
        what: Option<&str>,
        entered: Date,
    ) -> Result<()> {
        self.edit("command line", |tx| {
            tx.execute(
                "INSERT INTO introduction(contact_id, through_id, what, entered_on) VALUES (?1, ?2, ?3, ?4)",
                params![to.0, through.0, what, entered.to_string()],
            )
            .doing(|| "note the introduction".to_owned())
            .map(drop)
        })
    }

    /// Notes how far an introduction came, on that day. Who agrees, declines or
    /// makes it was heard from: that is logged with it, unless they talked that day.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn note_introduction(&mut self, id: i64, day: Date, noted: Noted) -> Result<()> {
        self.edit("command line", |tx| {
            if matches!(noted, Noted::Agreed | Noted::Made | Noted::Ended(End::Declined)) {
                heard(tx, id, day, noted)?;
            }
            note(tx, id, day, noted)
        })
    }

    /// Logs that the user was in touch with somebody and did with that a step of
    /// an introduction: both or nothing.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn log_step(
        &mut self,
        who: PersonId,
        talk: &Talk,
        entered_on: Date,
        (id, step): (i64, Step),
    ) -> Result<()> {
        self.edit("command line", |tx| {
            super::interactions::log(tx, who, talk, entered_on)?;
            note(tx, id, talk.day, Noted::Did(step))
        })
    }

    /// Every introduction, in the order it was noted.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn introductions(&self) -> Result<Vec<Introduction>> {
        read(&self.conn, &facts::winners(&self.conn)?, Date::MIN, &mut Vec::new())
    }
}

/// Reads the introductions that are under way, or ended on `since` or later, and
/// what of them could not be understood.
pub(super) fn read(
    conn: &Connection,
    winners: &HashMap<i64, i64>,
    since: Date,
    odd: &mut Vec<String>,
) -> Result<Vec<Introduction>> {
    let stands_for = |id: i64| PersonId(winners.get(&id).copied().unwrap_or(id));
    let mut all = Vec::new();
    facts::each(
        conn,
        "SELECT id, contact_id, through_id, what, entered_on, asked_on, agreed_on, sent_on, made_on, hello_on,
           thanked_on, ended_on, outcome FROM introduction ORDER BY id",
        |row| {
            let id: i64 = row.get(0)?;
            let mut day = |at: usize| match day(row, at) {
                Ok(Ok(day)) => Ok(day),
                Ok(Err(())) => {
                    odd.push(format!("introduction {id}: its days are not dates"));
                    Ok(None)
                }
                Err(error) => Err(error),
            };
            let [to, through] = [stands_for(row.get(1)?), stands_for(row.get(2)?)];
            let outcome: Option<String> = row.get(12)?;
            // How it ended only a later version may know: it ended all the same.
            let end = outcome.map_or(End::LetGo, |name| End::named(&name).unwrap_or(End::LetGo));
            let introduction = Introduction {
                id,
                between: Between { to: Some(to), through: Some(through), ..Between::default() },
                what: row.get(3)?,
                entered: day(4)?,
                asked: day(5)?,
                agreed: day(6)?,
                sent: day(7)?,
                made: day(8)?,
                hello: day(9)?,
                thanked: day(10)?,
                ended: day(11)?.map(|day| (day, end)),
                steps: Vec::new(),
            };
            let last = introduction.ended.map(|(day, _)| day).max(introduction.hello.max(introduction.thanked));
            if !introduction.stage().is_over() || last >= Some(since) {
                all.push(introduction);
            }
            Ok(())
        },
    )?;
    for introduction in &mut all {
        let name = |id: Option<PersonId>| -> Result<String> {
            let Some(id) = id else { return Ok(String::new()) };
            let mut name = String::new();
            facts::each_of(conn, "SELECT name FROM contact WHERE id = ?1", [id.0], |row| {
                name = row.get(0)?;
                Ok(())
            })?;
            Ok(if name.is_empty() { "(no name)".to_owned() } else { name })
        };
        introduction.between.to_name = name(introduction.between.to)?;
        introduction.between.through_name = name(introduction.between.through)?;
        introduction.steps = introduction.next();
    }
    Ok(all)
}

/// A day, or that it is none.
fn day(row: &Row<'_>, at: usize) -> rusqlite::Result<Result<Option<Date>, ()>> {
    let text: Option<String> = row.get(at)?;
    Ok(text.map(|text| text.parse().map_err(drop)).transpose())
}

/// Logs that the one who is to make an introduction was heard from.
fn heard(conn: &Connection, id: i64, day: Date, noted: Noted) -> Result<()> {
    let what = match noted {
        Noted::Agreed => "agreed to introduce you to ",
        Noted::Made => "introduced you to ",
        _ => "would rather not introduce you to ",
    };
    conn.execute(
        "INSERT INTO interaction(contact_id, day, how, what, entered_on)
         SELECT through_id, ?2, 'heard', ?3 || (SELECT name FROM contact WHERE id = introduction.contact_id), ?2
         FROM introduction WHERE id = ?1 AND NOT EXISTS (
           SELECT 1 FROM interaction WHERE contact_id = through_id AND day = ?2 AND how NOT IN ('wrote', 'tried'))",
        params![id, day.to_string(), what],
    )
    .doing(|| "log that you heard from them".to_owned())
    .map(drop)
}

fn note(conn: &Connection, id: i64, day: Date, noted: Noted) -> Result<()> {
    let set = match noted {
        Noted::Did(Step::Ask) => "asked_on = coalesce(asked_on, ?2)",
        Noted::Did(Step::Forward) => "sent_on = coalesce(sent_on, ?2)",
        Noted::Did(Step::Hello) => "hello_on = coalesce(hello_on, ?2)",
        Noted::Did(Step::Thanks) => "thanked_on = coalesce(thanked_on, ?2)",
        // Nothing is further than before.
        Noted::Did(Step::Reminder) => return Ok(()),
        Noted::Agreed => "agreed_on = coalesce(agreed_on, ?2)",
        Noted::Made => "made_on = coalesce(made_on, ?2)",
        Noted::Thanked => {
            "made_on = coalesce(made_on, ?2), hello_on = coalesce(hello_on, ?2), thanked_on = coalesce(thanked_on, ?2)"
        }
        Noted::Ended(End::Declined) => "ended_on = ?2, outcome = 'declined'",
        Noted::Ended(End::LetGo) => "ended_on = ?2, outcome = 'let-go'",
    };
    conn.execute(&format!("UPDATE introduction SET {set} WHERE id = ?1"), params![id, day.to_string()])
        .doing(|| "note how far the introduction is".to_owned())
        .map(drop)
}
