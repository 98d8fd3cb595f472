//! What the user wants to reach, and the occasions for a hello.

use std::collections::{BTreeSet, HashMap};

use jiff::civil::Date;
use rusqlite::{Connection, params};

use super::{Filter, Store, facts};
use crate::core::facts::{Comfort, Person, PersonId};
use crate::core::goal::{Act, Among, Deed, Ending, Goal};
use crate::core::intention::{Aim, Intention, Outcome};
use crate::core::occasion::Occasion;
use crate::core::settings::OTHERS;
use crate::error::{Doing, Result};

impl Store {
    /// Notes a goal; gives its number. Its own number, and who its people are, say nothing.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn aim_for(&mut self, goal: &Goal) -> Result<i64> {
        self.edit(|tx| {
            tx.execute(
                "INSERT INTO goal(contact_id, what, why, number, counts, circle, query, from_day, until_day)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
                params![
                    goal.supporter.map(|id| id.0),
                    goal.what,
                    goal.why,
                    goal.number,
                    goal.counts.to_string(),
                    goal.among.circle,
                    goal.among.query,
                    goal.from.to_string(),
                    goal.until.to_string(),
                ],
            )
            .doing(|| "note the goal".to_owned())?;
            Ok(tx.last_insert_rowid())
        })
    }

    /// Ends a goal on that day.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn end_goal(&mut self, id: i64, day: Date, ending: Ending) -> Result<()> {
        self.edit(|tx| {
            tx.execute(
                "UPDATE goal SET ended_on = ?2, outcome = ?3 WHERE id = ?1",
                params![id, day.to_string(), ending.to_string()],
            )
            .doing(|| "end the goal".to_owned())
            .map(drop)
        })
    }

    /// Every goal there was since a day, in the order they were noted; with those of the
    /// `people` with whom it can be reached: nobody whom the user never wants to be asked about.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn goals(&self, people: &[Person], since: Date) -> Result<Vec<Goal>> {
        let winners = facts::winners(&self.conn)?;
        let mut goals = read(&self.conn, &winners)?;
        goals.retain(|goal| goal.ended.map_or(goal.until, |(day, _)| day) >= since);
        for goal in goals.iter_mut().filter(|goal| !people.is_empty() && !goal.among.is_everybody()) {
            let Among { circle, query, .. } = &goal.among;
            let found: Option<BTreeSet<PersonId>> = match query {
                Some(query) => {
                    let listed = self.list(Filter { query, ..Filter::default() })?;
                    Some(listed.into_iter().map(|listed| listed.id).collect())
                }
                None => None,
            };
            let circle = circle.as_deref();
            let is_in = |person: &&Person| {
                person.comfort != Comfort::Never
                    && circle.is_none_or(|name| person.circle.as_deref().unwrap_or(OTHERS) == name)
                    && found.as_ref().is_none_or(|found| found.contains(&person.id))
            };
            goal.among.people = people.iter().filter(is_in).map(|person| person.id).collect();
        }
        Ok(goals)
    }

    /// Notes an occasion.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn note_occasion(&mut self, occasion: &Occasion) -> Result<()> {
        self.edit(|tx| {
            tx.execute(
                "INSERT INTO occasion(name, day, yearly, days, people) VALUES (?1, ?2, ?3, ?4, ?5)",
                params![
                    occasion.name,
                    occasion.day.to_string(),
                    occasion.yearly,
                    occasion.days,
                    occasion.people.to_string()
                ],
            )
            .doing(|| "note the occasion".to_owned())
            .map(drop)
        })
    }

    /// Forgets an occasion.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn forget_occasion(&mut self, id: i64) -> Result<()> {
        self.edit(|tx| {
            tx.execute("DELETE FROM occasion WHERE id = ?1", [id])
                .doing(|| "forget the occasion".to_owned())
                .map(drop)
        })
    }

    /// Every occasion, in the order they were noted.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn occasions(&self) -> Result<Vec<Occasion>> {
        let mut occasions = Vec::new();
        facts::each(
            &self.conn,
            "SELECT id, name, day, yearly, days, people FROM occasion ORDER BY id",
            |row| {
                // What is no date, kith check tells; of people that only a later version knows nobody is greeted.
                if let (Ok(day), Ok(people)) =
                    (row.get_ref(2)?.as_str()?.parse(), row.get_ref(5)?.as_str()?.parse())
                {
                    let (id, name) = (row.get(0)?, row.get(1)?);
                    occasions.push(Occasion {
                        id,
                        name,
                        day,
                        yearly: row.get(3)?,
                        days: row.get(4)?,
                        people,
                    });
                }
                Ok(())
            },
        )?;
        Ok(occasions)
    }

    /// What ended since a day of what the user meant to do, by day.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn ended_intentions(&self, since: Date) -> Result<Vec<Intention>> {
        let winners = facts::winners(&self.conn)?;
        let mut all = Vec::new();
        facts::each_of(
            &self.conn,
            "SELECT id, contact_id, kind, what, entered_on, ended_on, outcome FROM intention
             WHERE ended_on >= ?1 ORDER BY ended_on, id",
            [since.to_string()],
            |row| {
                let contact: i64 = row.get(1)?;
                let person = PersonId(winners.get(&contact).copied().unwrap_or(contact));
                let aim = row.get_ref(2)?.as_str()?.parse::<Aim>();
                let entered = row.get_ref(4)?.as_str()?.parse::<Date>();
                let ended = row.get_ref(5)?.as_str()?.parse::<Date>();
                let outcome: Option<String> = row.get(6)?;
                let outcome = outcome.and_then(|text| text.parse().ok()).unwrap_or(Outcome::Done);
                if let (Ok(aim), Ok(entered), Ok(ended)) = (aim, entered, ended) {
                    let (id, what, ended) = (row.get(0)?, row.get(3)?, Some((ended, outcome)));
                    all.push(Intention { id, person, aim, what, by: None, entered, ended });
                }
                Ok(())
            },
        )?;
        Ok(all)
    }

    /// What the user asked for and gave since a day, and the introductions that were made,
    /// as goals count it; talks are among the facts.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn deeds(&self, since: Date) -> Result<Vec<Deed>> {
        let winners = facts::winners(&self.conn)?;
        let mut deeds: Vec<Deed> = Vec::new();
        let mut asked: Vec<(PersonId, String)> = Vec::new();
        facts::each_of(
            &self.conn,
            "SELECT contact_id, day, given IS NOT NULL, asked FROM interaction
             WHERE day >= ?1 AND (given IS NOT NULL OR asked IS NOT NULL)",
            [since.to_string()],
            |row| {
                let contact: i64 = row.get(0)?;
                let person = PersonId(winners.get(&contact).copied().unwrap_or(contact));
                let what: Option<String> = row.get(3)?;
                if let Ok(day) = row.get_ref(1)?.as_str()?.parse() {
                    let acts = [(row.get(2)?, Act::Gave), (what.is_some(), Act::Asked)];
                    let acts = acts.into_iter().filter(|(is_so, _)| *is_so);
                    deeds.extend(acts.map(|(_, act)| Deed { day, person, act }));
                    asked.extend(what.map(|what| (person, what)));
                }
                Ok(())
            },
        )?;
        for Intention { person, aim, ended, what, .. } in self.ended_intentions(since)? {
            let Some((day, outcome)) = ended.filter(|(_, outcome)| *outcome != Outcome::LetGo) else {
                continue;
            };
            let act = match aim {
                // Asked in a talk, it was asked then, and answered later.
                Aim::Ask if asked.iter().any(|(who, known)| *who == person && *known == what) => continue,
                Aim::Ask => Act::Asked,
                aim if Aim::OFFERS.contains(&aim) && outcome == Outcome::Done => Act::Gave,
                _ => continue,
            };
            deeds.push(Deed { day, person, act });
        }
        for known in self.introductions()? {
            if let (Some(day), Some(person)) = (known.made.filter(|day| *day >= since), known.between.to) {
                deeds.push(Deed { day, person, act: Act::Introduced });
            }
        }
        Ok(deeds)
    }
}

fn read(conn: &Connection, winners: &HashMap<i64, i64>) -> Result<Vec<Goal>> {
    let mut goals = Vec::new();
    let sql = "SELECT id, contact_id, what, why, number, counts, circle, query, from_day, until_day, ended_on, outcome
               FROM goal ORDER BY id";
    facts::each(conn, sql, |row| {
        let day = |at| {
            row.get_ref(at)?.as_str().map(|text| text.parse::<Date>().ok()).map_err(rusqlite::Error::from)
        };
        // What is no date, kith check tells; what only a later version counts cannot be shown.
        if let (Ok(counts), Some(from), Some(until)) = (row.get_ref(5)?.as_str()?.parse(), day(8)?, day(9)?) {
            let ended: Option<String> = row.get(10)?;
            let outcome: Option<String> = row.get(11)?;
            let ending = outcome.and_then(|text| text.parse().ok()).unwrap_or(Ending::Ended);
            let supporter: Option<i64> = row.get(1)?;
            goals.push(Goal {
                id: row.get(0)?,
                what: row.get(2)?,
                why: row.get(3)?,
                number: row.get(4)?,
                counts,
                among: Among { circle: row.get(6)?, query: row.get(7)?, people: BTreeSet::new() },
                from,
                until,
                supporter: supporter.map(|id| PersonId(winners.get(&id).copied().unwrap_or(id))),
                ended: ended.and_then(|text| text.parse().ok()).map(|day| (day, ending)),
            });
        }
        Ok(())
    })?;
    Ok(goals)
}
