//! Reading what the plan and the matching work on.

use std::collections::{HashMap, HashSet};

use jiff::civil::Date;
use rusqlite::{Connection, Params, Row};

use super::Store;
use crate::core::cadence::Interval;
use crate::core::facts::{Comfort, Facts, Interaction, Pause, Person, PersonId};
use crate::core::how::How;
use crate::core::identity::email_key;
use crate::core::intention::{Aim, Intention, Outcome};
use crate::core::name::PersonName;
use crate::core::pause::Why;
use crate::core::settings::Me;
use crate::error::{Doing, Result};

/// For how many days a record that may be somebody known is withheld from the plan.
const WITHHELD_DAYS: u16 = 30;

/// Within how many days a meeting is noted that is thanked for.
const FRESH_DAYS: u16 = 2;
/// For how many days what ended is still known to the plan: it used up a place of its week.
const ENDED_DAYS: u16 = 7;
/// For how long a goal that is over is kept in mind.
const GOALS_KEPT: Interval = Interval::months(12);

/// What the plan works on, and what in the database could not be understood.
#[derive(Debug, Default)]
pub struct Loaded {
    /// The facts.
    pub facts: Facts,
    /// Values that are not of the form they should have; the plan goes on
    /// without them, and `kith check` shows them.
    pub odd: Vec<String>,
}

impl Store {
    /// Reads the facts for a plan on `today`.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn facts(&self, me: &Me, today: Date) -> Result<Loaded> {
        // One transaction, so that everything read is of one moment.
        let tx = self.conn.unchecked_transaction().doing(|| "read the database".to_owned())?;
        let mut loaded =
            Reader { conn: &tx, winners: winners(&tx)?, loaded: Loaded::default() }.read(me, today)?;
        let facts = &mut loaded.facts;
        let goals = self.goals(&facts.people, GOALS_KEPT.before(today))?;
        (facts.goals, facts.past_goals) = goals.into_iter().partition(|goal| goal.is_running(today));
        let occasions = self.occasions()?;
        facts.occasions = occasions.iter().filter_map(|occasion| occasion.next(today)).collect();
        facts.occasions.retain(|occasion| occasion.is_near(today));
        let mut odd = |table: &str, sql: &str| {
            each(&tx, sql, |row| {
                loaded.odd.push(format!("{table} {}: its days are not dates", row.get::<_, i64>(0)?));
                Ok(())
            })
        };
        odd(
            "goal",
            "SELECT id FROM goal WHERE date(from_day) IS NULL OR date(until_day) IS NULL
             OR (ended_on IS NOT NULL AND date(ended_on) IS NULL)",
        )?;
        odd("occasion", "SELECT id FROM occasion WHERE date(day) IS NULL")?;
        Ok(loaded)
    }

    /// Reads anew who was talked to, into facts that are otherwise still true
    /// ([`Store::only_talked_since`] tells). With 10,000 people this takes a
    /// tenth of the time that [`Store::facts`] takes.
    ///
    /// # Errors
    /// If the database cannot be read; the facts are of no use then.
    pub fn refresh_talks(&self, facts: &mut Facts) -> Result<()> {
        let tx = self.conn.unchecked_transaction().doing(|| "read the database".to_owned())?;
        facts.people.iter_mut().for_each(|person| person.interactions.clear());
        Reader { conn: &tx, winners: winners(&tx)?, loaded: Loaded::default() }
            .interactions(&mut facts.people)
    }
}

/// Of contacts those who may be named to the user unasked: nobody set to `never`,
/// archived or dead.
pub(super) const MAY_BE_NAMED: &str = "comfort <> 'never' AND archived_at IS NULL
    AND id NOT IN (SELECT contact_id FROM anniversary WHERE label = 'death')";

pub(super) fn each(
    conn: &Connection,
    sql: &str,
    take: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
) -> Result<()> {
    each_of(conn, sql, [], take)
}

/// Like [`each`], of a query with values.
pub(super) fn each_of(
    conn: &Connection,
    sql: &str,
    values: impl Params,
    mut take: impl FnMut(&Row<'_>) -> rusqlite::Result<()>,
) -> Result<()> {
    (|| {
        let mut statement = conn.prepare_cached(sql)?;
        let mut rows = statement.query(values)?;
        while let Some(row) = rows.next()? {
            take(row)?;
        }
        Ok::<_, rusqlite::Error>(())
    })()
    .doing(|| "read the database".to_owned())
}

/// People as the value of a query: `id IN (SELECT value FROM json_each(?1))`.
/// However few they are among however many, they are found by the index.
pub(super) fn json(people: impl Iterator<Item = PersonId>) -> String {
    serde_json::Value::from_iter(people.map(|person| person.0)).to_string()
}

/// The contact that stands for each merged one.
pub(super) fn winners(conn: &Connection) -> Result<HashMap<i64, i64>> {
    let mut direct: HashMap<i64, i64> = HashMap::new();
    each(conn, "SELECT loser, winner FROM merged", |row| {
        direct.insert(row.get(0)?, row.get(1)?);
        Ok(())
    })?;
    let resolved = direct.keys().map(|&loser| {
        let mut at = loser;
        // A circle made by hand ends after as many steps as there are merges.
        for _ in 0..direct.len() {
            match direct.get(&at) {
                Some(&winner) => at = winner,
                None => break,
            }
        }
        (loser, at)
    });
    Ok(resolved.collect())
}

struct Reader<'a> {
    conn: &'a Connection,
    winners: HashMap<i64, i64>,
    loaded: Loaded,
}

impl Reader<'_> {
    fn winner(&self, id: i64) -> i64 {
        self.winners.get(&id).copied().unwrap_or(id)
    }

    fn read(mut self, me: &Me, today: Date) -> Result<Loaded> {
        let left_out = self.left_out(me, today)?;
        let own_name = PersonName::of_text(&me.name);
        let (mut known, carded) = self.known()?;
        let not_now = self.not_now()?;
        let mut people: Vec<Person> = Vec::new();
        let mut odd = Vec::new();
        each(
            self.conn,
            "SELECT id, name, circle, comfort, comfort_until, ideal, latest, birthday, ease
             FROM contact WHERE kind = 'person' AND archived_at IS NULL",
            |row| {
                let id: i64 = row.get(0)?;
                let name: String = row.get(1)?;
                if left_out.contains(&id) || (!own_name.is_empty() && own_name == PersonName::of_text(&name))
                {
                    return Ok(());
                }
                let mut odd =
                    |field: &str, error: String| odd.push(format!("contact {id}: {field}: {error}"));
                let until = parsed::<Date>(row, 4)?.unwrap_or_else(|e| {
                    odd("comfort_until", e);
                    None
                });
                let comfort = match row.get_ref(3)?.as_str()? {
                    "yes" => Comfort::Yes,
                    "never" => Comfort::Never,
                    _ => Comfort::NotNow {
                        until: until.or_else(|| not_now.get(&id).copied()).unwrap_or(Date::MAX),
                    },
                };
                let mut interval = |at, field| {
                    parsed::<Interval>(row, at).map(|parsed| {
                        parsed.unwrap_or_else(|e| {
                            odd(field, e);
                            None
                        })
                    })
                };
                let (ideal, latest) = (interval(5, "ideal")?, interval(6, "latest")?);
                if let (Some(ideal), Some(latest)) = (ideal, latest)
                    && latest < ideal
                {
                    odd(
                        "latest",
                        format!("{latest} is shorter than their ideal interval, so {ideal} counts"),
                    );
                }
                let birthday = parsed(row, 7)?.unwrap_or_else(|e| {
                    odd("birthday", e);
                    None
                });
                let ease = parsed(row, 8)?.unwrap_or_else(|e| {
                    odd("ease", e);
                    None
                });
                people.push(Person {
                    id: PersonId(id),
                    name,
                    circle: row.get(2)?,
                    ideal,
                    latest,
                    comfort,
                    birthday,
                    dates: Vec::new(),
                    interactions: Vec::new(),
                    ease,
                    by_hand: !carded.contains(&id),
                    known: known.remove(&id).unwrap_or(0),
                });
                Ok(())
            },
        )?;
        // The service keeps them between its publications.
        people.shrink_to_fit();
        self.loaded.odd = odd;
        self.interactions(&mut people)?;
        self.dates(&mut people)?;
        let (pauses, intentions) = (self.pauses()?, self.intentions(today)?);
        let since = Interval::days(ENDED_DAYS).before(today);
        let introductions =
            super::introductions::read(self.conn, &self.winners, since, &mut self.loaded.odd)?;
        self.loaded.facts = Facts {
            people,
            pauses,
            intentions,
            introductions,
            // The places of this week count from its Monday on.
            days: super::calendars::days(self.conn, since)?,
            ..Facts::default()
        };
        Ok(self.loaded)
    }

    /// Those who are not planned: waiting for a review, dead or maybe so, or the user's own card.
    fn left_out(&self, me: &Me, today: Date) -> Result<HashSet<i64>> {
        let (mut left_out, mut doubtful) = (HashSet::new(), Vec::new());
        each(self.conn, "SELECT contact_id FROM anniversary WHERE label = 'death'", |row| {
            left_out.insert(row.get(0)?);
            Ok(())
        })?;
        // Whoever may be somebody who has died is left alone until that is decided.
        if !left_out.is_empty() {
            for review in super::reviews::open(self.conn, &self.winners)? {
                let pair = [review.newer.0.0, review.twin.0.0];
                if pair.iter().any(|id| left_out.contains(id)) {
                    doubtful.extend(pair);
                }
            }
        }
        left_out.extend(doubtful);
        let since = Interval::days(WITHHELD_DAYS).before(today).to_string();
        each(
            self.conn,
            // Whoever may be somebody set to `never` is left alone until that is decided.
            "SELECT contact_id, since,
               EXISTS (SELECT 1 FROM contact WHERE id = twin_id AND comfort = 'never')
             FROM review WHERE withheld = 1 AND decision IS NULL",
            |row| {
                if row.get_ref(1)?.as_str()? > since.as_str() || row.get(2)? {
                    left_out.insert(row.get(0)?);
                }
                Ok(())
            },
        )?;
        let emails: HashSet<String> = me.emails.iter().map(|email| email_key(email)).collect();
        let mut own = |sql: &str, is_own: &dyn Fn(&str) -> bool| {
            each(self.conn, sql, |row| {
                if is_own(row.get_ref(1)?.as_str()?) {
                    left_out.insert(row.get(0)?);
                }
                Ok(())
            })
        };
        if !emails.is_empty() {
            own("SELECT contact_id, address FROM email", &|address| emails.contains(&email_key(address)))?;
        }
        if !me.phones.is_empty() {
            own("SELECT contact_id, number FROM phone", &|number| me.has_phone(number))?;
        }
        Ok(left_out)
    }

    /// How well people are known: what their cards say, how many address books
    /// have them, and whether the user gave them a label of their own; and whom
    /// an address book has at all.
    fn known(&self) -> Result<(HashMap<i64, u32>, HashSet<i64>)> {
        const SOURCE: u32 = 4;
        const LABEL: u32 = 6;
        let mut known: HashMap<i64, u32> = HashMap::new();
        let (mut last, mut sources) = (None, Vec::new());
        each(
            self.conn,
            "SELECT contact_id, source_id, said FROM card WHERE replaced_by IS NULL ORDER BY contact_id",
            |row| {
                let id: i64 = row.get(0)?;
                if last.replace(id) != Some(id) {
                    sources.clear();
                }
                let source: i64 = row.get(1)?;
                let sum = known.entry(self.winner(id)).or_default();
                if !sources.contains(&source) {
                    sources.push(source);
                    *sum = sum.saturating_add(SOURCE);
                }
                *sum = sum.saturating_add(u32::try_from(row.get::<_, i64>(2)?).unwrap_or(u32::MAX));
                Ok(())
            },
        )?;
        let carded = known.keys().copied().collect();
        each(self.conn, "SELECT DISTINCT contact_id FROM category", |row| {
            let sum = known.entry(row.get(0)?).or_default();
            *sum = sum.saturating_add(LABEL);
            Ok(())
        })?;
        Ok((known, carded))
    }

    /// Until when those are left alone who are `not-now` without a date.
    fn not_now(&self) -> Result<HashMap<i64, Date>> {
        let mut until = HashMap::new();
        each(
            self.conn,
            "SELECT contact_id, max(at) FROM change WHERE field = 'comfort' AND new = 'not-now' AND undone IS NULL
             AND contact_id IN (SELECT id FROM contact WHERE comfort = 'not-now' AND comfort_until IS NULL) GROUP BY contact_id",
            |row| {
                let at: String = row.get(1)?;
                if let Some(day) = at.get(..10).and_then(|day| day.parse::<Date>().ok()) {
                    until.insert(row.get(0)?, Comfort::NOT_NOW.after(day));
                }
                Ok(())
            },
        )?;
        Ok(until)
    }

    fn interactions(&mut self, people: &mut [Person]) -> Result<()> {
        let places: HashMap<i64, usize> =
            people.iter().enumerate().map(|(at, person)| (person.id.0, at)).collect();
        let mut odd = Vec::new();
        // What was noted later happened later: a letter of the same day is the thanks then.
        let sql = "SELECT contact_id, day, how, id, import_id IS NULL, entered_on,
                     given IS NOT NULL OR received IS NOT NULL,
                     CASE WHEN how = 'met' AND import_id IS NULL THEN EXISTS (
                       SELECT 1 FROM interaction AS later WHERE later.contact_id = interaction.contact_id
                         AND later.day = interaction.day AND later.how = 'wrote' AND later.id > interaction.id)
                     ELSE 0 END FROM interaction";
        each(self.conn, sql, |row| {
            let contact = self.winner(row.get(0)?);
            let Some(person) = places.get(&contact).and_then(|&at| people.get_mut(at)) else { return Ok(()) };
            match (row.get_ref(1)?.as_str()?.parse::<Date>(), row.get_ref(2)?.as_str()?.parse::<How>()) {
                (Ok(day), Ok(how)) => {
                    // Only a meeting is thanked for.
                    let is_own = how == How::Met && row.get(4)? && !row.get::<_, bool>(7)?;
                    let fresh = is_own && is_fresh(day, row.get_ref(5)?.as_str()?);
                    person.interactions.push(Interaction { day, how, fresh, gift: row.get(6)? });
                }
                _ => odd.push(format!("interaction {}: its day is not a date", row.get::<_, i64>(3)?)),
            }
            Ok(())
        })?;
        self.loaded.odd.append(&mut odd);
        Ok(())
    }

    /// Days of people that come each year, besides birthdays; not that of their death, nor
    /// when they were first met, or connected by some service.
    fn dates(&self, people: &mut [Person]) -> Result<()> {
        let places: HashMap<i64, usize> =
            people.iter().enumerate().map(|(at, person)| (person.id.0, at)).collect();
        let sql = "SELECT contact_id, date, coalesce(nullif(trim(label), ''), 'anniversary') FROM anniversary
                   WHERE label IS NULL OR lower(label) NOT IN ('death', 'birth', 'connected', 'first met') ORDER BY id";
        each(self.conn, sql, |row| {
            let place = places.get(&row.get(0)?);
            if let Some(person) = place.and_then(|&at| people.get_mut(at))
                && let Ok(day) = row.get_ref(1)?.as_str()?.parse()
            {
                let date = (row.get(2)?, day);
                if !person.dates.contains(&date) {
                    person.dates.push(date);
                }
            }
            Ok(())
        })
    }

    /// What the user means to do, and what ended within the week.
    fn intentions(&mut self, today: Date) -> Result<Vec<Intention>> {
        let mut intentions = Vec::new();
        let mut odd = Vec::new();
        let since = Interval::days(ENDED_DAYS).before(today).to_string();
        each_of(
            self.conn,
            "SELECT id, contact_id, kind, what, by_day, entered_on, ended_on, outcome FROM intention
             WHERE ended_on IS NULL OR ended_on >= ?1",
            [since],
            |row| {
                let id: i64 = row.get(0)?;
                // Of a kind that only a later version knows nothing can be planned.
                let Ok(aim) = row.get_ref(2)?.as_str()?.parse::<Aim>() else { return Ok(()) };
                let person = PersonId(self.winner(row.get(1)?));
                match (parsed(row, 4)?, parsed(row, 5)?, parsed::<Date>(row, 6)?) {
                    (Ok(by), Ok(Some(entered)), Ok(ended_on)) => {
                        let outcome: Option<String> = row.get(7)?;
                        let outcome = outcome.and_then(|text| text.parse().ok()).unwrap_or(Outcome::Done);
                        let ended = ended_on.map(|day| (day, outcome));
                        let what = row.get(3)?;
                        intentions.push(Intention { id, person, aim, what, by, entered, ended });
                    }
                    _ => odd.push(format!("intention {id}: its days are not dates")),
                }
                Ok(())
            },
        )?;
        self.loaded.odd.append(&mut odd);
        Ok(intentions)
    }

    fn pauses(&mut self) -> Result<Vec<Pause>> {
        let mut pauses = Vec::new();
        let mut odd = Vec::new();
        each(self.conn, "SELECT contact_id, from_day, until_day, id, why FROM pause", |row| {
            match (row.get_ref(1)?.as_str()?.parse(), row.get_ref(2)?.as_str()?.parse()) {
                (Ok(from), Ok(until)) => {
                    let person = row.get::<_, Option<i64>>(0)?.map(|id| PersonId(self.winner(id)));
                    // Of a reason that only a later version knows the days count all the same.
                    let why = row.get_ref(4)?.as_str()?.parse().unwrap_or(Why::Pause);
                    pauses.push(Pause { person, from, until, why });
                }
                _ => odd.push(format!("pause {}: its days are not dates", row.get::<_, i64>(3)?)),
            }
            Ok(())
        })?;
        self.loaded.odd.append(&mut odd);
        Ok(pauses)
    }
}

/// Whether something that happened on `day` was noted soon enough to be thanked for.
fn is_fresh(day: Date, entered_on: &str) -> bool {
    entered_on.parse::<Date>().is_ok_and(|entered| Interval::days(FRESH_DAYS).after(day) >= entered)
}

/// A column's text parsed; an empty one is none, and one that cannot be parsed says why.
fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
    row: &Row<'_>,
    at: usize,
) -> rusqlite::Result<Result<Option<T>, String>> {
    let text: Option<String> = row.get(at)?;
    Ok(match text.as_deref().map(str::trim).filter(|text| !text.is_empty()) {
        None => Ok(None),
        Some(text) => text.parse().map(Some).map_err(|error: T::Err| error.to_string()),
    })
}
