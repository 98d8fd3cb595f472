//! Introductions that the user asks for, or makes.

use std::collections::HashMap;

use jiff::civil::Date;
use rusqlite::{Connection, Row, params};

use super::preferred::{Order, candidates};
use super::{Store, facts, interactions};
use crate::core::contact::List;
use crate::core::facts::PersonId;
use crate::core::how::How;
use crate::core::intention::{Aim, Intention};
use crate::core::introduction::{Between, By, End, Introduction, Step};
use crate::core::talk::{Notes, Talk};
use crate::error::{Doing, Result};

/// What can be noted of an introduction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noted {
    /// That a step was done.
    Did(Step),
    /// That [`Between::through`] agreed.
    Agreed,
    /// That [`Between::to`] agreed.
    ToAgreed,
    /// That it was made.
    Made,
    /// That both have heard from the user since.
    Thanked,
    /// That it ended without being made.
    Ended(End),
}

impl Store {
    /// Notes that the user wants to be introduced `to` somebody, by whom the way is
    /// `through`; or to introduce those two to each other. Gives its number; none if that
    /// is under way already.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn introduce(
        &mut self,
        by: By,
        [through, to]: [PersonId; 2],
        what: Option<&str>,
        entered: Date,
    ) -> Result<Option<i64>> {
        let (way, back) = ([Some(through), Some(to)], [Some(to), Some(through)]);
        let is_it = |known: &Introduction| {
            let is_between = known.people() == way || (by == By::Me && known.people() == back);
            !known.stage().is_over() && known.by == by && is_between
        };
        self.edit(|tx| {
            if read(tx, &facts::winners(tx)?, Date::MIN, &mut Vec::new())?.iter().any(is_it) {
                return Ok(None);
            }
            tx.execute(
                "INSERT INTO introduction(by_me, contact_id, through_id, what, entered_on)
                 VALUES (?1, ?2, ?3, ?4, ?5)",
                params![by == By::Me, to.0, through.0, what, entered.to_string()],
            )
            .doing(|| "note the introduction".to_owned())?;
            Ok(Some(tx.last_insert_rowid()))
        })
    }

    /// Notes how far an introduction came, on that day. Whoever of the two (`who`)
    /// agrees, declines or makes it was heard from, whoever was asked or sent something was
    /// written to, and so were both when the user made it: that is logged with it, unless
    /// they were in touch so that day.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn note_introduction(
        &mut self,
        known: &Introduction,
        who: PersonId,
        day: Date,
        noted: Noted,
    ) -> Result<()> {
        self.edit(|tx| {
            for (person, talk) in in_touch(known, who, day, noted) {
                interactions::log_once(tx, person, &talk)?;
            }
            note(tx, known.id, day, noted)
        })
    }

    /// Logs that the user was in touch with somebody and did with that a step of
    /// an introduction: both or nothing. Whoever makes one writes to the other, too.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn log_step(
        &mut self,
        who: PersonId,
        talk: &Talk,
        entered_on: Date,
        (known, step): (&Introduction, Step),
    ) -> Result<()> {
        self.edit(|tx| {
            interactions::log(tx, who, talk, entered_on)?;
            if step == Step::Make {
                let both = in_touch(known, who, talk.day, Noted::Made).into_iter();
                for (other, talk) in both.filter(|(person, _)| *person != who) {
                    interactions::log_once(tx, other, &talk)?;
                }
            }
            note(tx, known.id, talk.day, Noted::Did(step))
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
           thanked_on, ended_on, outcome, by_me, to_asked_on, to_agreed_on, looked_back_on
         FROM introduction ORDER BY id",
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
                by: if row.get(13)? { By::Me } else { By::Them },
                between: Between { to: Some(to), through: Some(through), ..Between::default() },
                what: row.get(3)?,
                entered: day(4)?,
                asked: day(5)?,
                agreed: day(6)?,
                to_asked: day(14)?,
                to_agreed: day(15)?,
                sent: day(7)?,
                made: day(8)?,
                hello: day(9)?,
                thanked: day(10)?,
                looked_back: day(16)?,
                ended: day(11)?.map(|day| (day, end)),
                steps: Vec::new(),
            };
            let done = introduction.hello.max(introduction.thanked).max(introduction.looked_back);
            let last = introduction.ended.map(|(day, _)| day).max(done);
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
        introduction.between.to_email = email(conn, introduction.between.to)?;
        introduction.steps = introduction.next();
    }
    Ok(all)
}

/// Somebody's preferred email address, if they have one.
fn email(conn: &Connection, id: Option<PersonId>) -> Result<Option<String>> {
    let Some(id) = id else { return Ok(None) };
    let mut best = candidates(conn, List::Email, &facts::json(std::iter::once(id)), "1")?;
    Order::of(conn, id).first(List::Email, best.remove(&id))
}

/// A day, or that it is none.
fn day(row: &Row<'_>, at: usize) -> rusqlite::Result<Result<Option<Date>, ()>> {
    let text: Option<String> = row.get(at)?;
    Ok(text.map(|text| text.parse().map_err(drop)).transpose())
}

/// With whom the user was in touch when that is noted, and how.
fn in_touch(known: &Introduction, who: PersonId, day: Date, noted: Noted) -> Vec<(PersonId, Talk)> {
    let Between { to, to_name, through, through_name, .. } = &known.between;
    let heard = |from: PersonId, what: String| (from, Talk::new(day, How::Heard, &what));
    match (known.by, noted) {
        (By::Them, Noted::Agreed | Noted::Made | Noted::Ended(End::Declined)) => {
            let did = match noted {
                Noted::Agreed => "agreed to introduce you to",
                Noted::Made => "introduced you to",
                _ => "would rather not introduce you to",
            };
            through.map(|through| heard(through, format!("{did} {to_name}"))).into_iter().collect()
        }
        (By::Me, Noted::Agreed | Noted::ToAgreed | Noted::Ended(End::Declined)) => {
            let would = match noted {
                Noted::Ended(_) => "would rather not meet",
                _ => "would like to meet",
            };
            let other = if Some(who) == *to { through_name } else { to_name };
            vec![heard(who, format!("{would} {other}"))]
        }
        (By::Me, Noted::Made) => {
            let gave = |(one, other): (Option<PersonId>, &String)| {
                let given = Some(format!("an introduction to {other}"));
                let notes = Notes { given, ..Notes::default() };
                Some((one?, Talk { notes, ..Talk::new(day, How::Wrote, "") }))
            };
            [(*through, to_name), (*to, through_name)].into_iter().filter_map(gave).collect()
        }
        (_, Noted::Did(did @ (Step::Ask | Step::Consent | Step::ConsentTo | Step::Forward))) => {
            let steps = known.steps.iter().filter(|step| step.aim == Aim::Introduction(did));
            steps.map(|step| written(step, day)).collect()
        }
        _ => Vec::new(),
    }
}

/// What the user wrote who did a step.
fn written(step: &Intention, day: Date) -> (PersonId, Talk) {
    let what = || Some(step.what.clone());
    let mut talk = Talk::new(day, How::Wrote, "");
    match step.aim {
        Aim::Introduction(Step::Ask) => talk.notes.asked = what(),
        Aim::Introduction(Step::Forward) => talk.notes.given = what(),
        _ => {}
    }
    (step.person, talk)
}

fn note(conn: &Connection, id: i64, day: Date, noted: Noted) -> Result<()> {
    let set = match noted {
        Noted::Did(Step::Ask | Step::Consent) => "asked_on = coalesce(asked_on, ?2)",
        Noted::Did(Step::Forward) => "sent_on = coalesce(sent_on, ?2)",
        Noted::Did(Step::Hello) => "hello_on = coalesce(hello_on, ?2)",
        Noted::Did(Step::Thanks) => "thanked_on = coalesce(thanked_on, ?2)",
        Noted::Did(Step::ConsentTo) => "to_asked_on = coalesce(to_asked_on, ?2)",
        Noted::Did(Step::LookBack) => "looked_back_on = coalesce(looked_back_on, ?2)",
        // Nothing is further than before.
        Noted::Did(Step::Reminder) => return Ok(()),
        Noted::Agreed => "agreed_on = coalesce(agreed_on, ?2)",
        Noted::ToAgreed => "to_agreed_on = coalesce(to_agreed_on, ?2)",
        Noted::Made | Noted::Did(Step::Make) => "made_on = coalesce(made_on, ?2)",
        Noted::Thanked => {
            "made_on = coalesce(made_on, ?2),
             hello_on = CASE WHEN by_me THEN hello_on ELSE coalesce(hello_on, ?2) END,
             thanked_on = CASE WHEN by_me THEN thanked_on ELSE coalesce(thanked_on, ?2) END,
             looked_back_on = CASE WHEN by_me THEN coalesce(looked_back_on, ?2) ELSE looked_back_on END"
        }
        Noted::Ended(End::Declined) => "ended_on = ?2, outcome = 'declined'",
        Noted::Ended(End::LetGo) => "ended_on = ?2, outcome = 'let-go'",
    };
    conn.execute(&format!("UPDATE introduction SET {set} WHERE id = ?1"), params![id, day.to_string()])
        .doing(|| "note how far the introduction is".to_owned())
        .map(drop)
}
