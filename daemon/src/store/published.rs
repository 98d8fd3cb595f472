//! The plan and the events as calendars last saw them.

use std::collections::{HashMap, HashSet};

use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, params};

use super::{Store, set_meta};
use crate::core::cadence::Interval;
use crate::core::facts::PersonId;
use crate::core::follow_up::{Key, Published};
use crate::core::plan::Terms;
use crate::core::revision::Revision;
use crate::error::{Doing, Error, Result};

/// For how long a settled follow-up is kept: longer than any budget week or fairness between circles looks back.
const KEPT: Interval = Interval::days(120);

/// Under which key the terms of the published plan are noted.
const TERMS: &str = "plan_terms";

impl Store {
    /// The revisions in which these events were published last, by UID.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn revisions<'a>(&self, uids: impl Iterator<Item = &'a str>) -> Result<HashMap<String, Revision>> {
        revisions(&self.conn, uids)
    }

    /// The plan that was published last, as far as it is to be continued on these terms.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn published_plan(&self, terms: &Terms) -> Result<Vec<Published>> {
        let published = follow_ups(&self.conn)?;
        Ok(terms.continued(self.meta(TERMS)?.as_deref(), published))
    }

    /// Stores what is published now: the whole plan, and the revisions that are new.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn publish(
        &mut self,
        plan: &[Published],
        terms: &Terms,
        revised: &[(String, Revision)],
        today: Date,
    ) -> Result<()> {
        let before: HashMap<Key, Published> =
            follow_ups(&self.conn)?.into_iter().map(|p| (p.key.clone(), p)).collect();
        let now: HashSet<&Key> = plan.iter().map(|new| &new.key).collect();
        let oldest = KEPT.before(today);
        let gone: Vec<&Published> = before
            .values()
            .filter(|old| !now.contains(&old.key) && old.settled.is_none_or(|day| day < oldest))
            .collect();
        let changed: Vec<&Published> = plan.iter().filter(|new| before.get(&new.key) != Some(new)).collect();
        let terms = terms.to_string();
        let on_other_terms = self.meta(TERMS)?.as_ref() != Some(&terms);
        if gone.is_empty() && changed.is_empty() && revised.is_empty() && !on_other_terms {
            return Ok(());
        }
        self.own(|tx| {
            for old in gone {
                delete(tx, &old.key)?;
            }
            for new in changed {
                put(tx, new)?;
            }
            set_meta(tx, TERMS, &terms)?;
            put_revisions(tx, revised)
        })
    }

    /// Stores revisions that are new.
    ///
    /// # Errors
    /// If the database cannot be written.
    pub fn revise(&mut self, revised: &[(String, Revision)]) -> Result<()> {
        if revised.is_empty() {
            return Ok(());
        }
        self.own(|tx| put_revisions(tx, revised))
    }
}

fn follow_ups(conn: &Connection) -> Result<Vec<Published>> {
    let doing = || "read the published plan".to_owned();
    let mut statement = conn
        .prepare_cached(
            "SELECT contact_id, kind, cycle, day, due, circle, shared, settled FROM follow_up ORDER BY id",
        )
        .doing(doing)?;
    let mut rows = statement.query([]).doing(doing)?;
    let mut all = Vec::new();
    while let Some(row) = rows.next().doing(doing)? {
        let date = |at| -> rusqlite::Result<Option<Date>> {
            Ok(row.get::<_, Option<String>>(at)?.and_then(|text| text.parse().ok()))
        };
        let kind: String = row.get(1).doing(doing)?;
        // A kind or a day that this version does not know is planned anew.
        let (Ok(kind), Some(day)) = (kind.parse(), date(3).doing(doing)?) else { continue };
        all.push(Published {
            key: Key { person: PersonId(row.get(0).doing(doing)?), kind, cycle: row.get(2).doing(doing)? },
            day,
            due: date(4).doing(doing)?,
            circle: row.get(5).doing(doing)?,
            shared: row.get(6).doing(doing)?,
            settled: date(7).doing(doing)?,
        });
    }
    Ok(all)
}

fn delete(conn: &Connection, key: &Key) -> Result<()> {
    conn.prepare_cached("DELETE FROM follow_up WHERE contact_id = ?1 AND kind = ?2 AND cycle = ?3")
        .and_then(|mut s| s.execute(params![key.person.0, key.kind.to_string(), key.cycle]))
        .doing(|| "publish the plan".to_owned())
        .map(drop)
}

fn put(conn: &Connection, new: &Published) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO follow_up(contact_id, kind, cycle, day, due, circle, shared, settled) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
         ON CONFLICT(contact_id, kind, cycle) DO UPDATE SET
         day = excluded.day, due = excluded.due, circle = excluded.circle, shared = excluded.shared, settled = excluded.settled",
    )
    .and_then(|mut s| {
        s.execute(params![
            new.key.person.0,
            new.key.kind.to_string(),
            new.key.cycle,
            new.day.to_string(),
            new.due.map(|day| day.to_string()),
            new.circle,
            new.shared,
            new.settled.map(|day| day.to_string())
        ])
    })
    .doing(|| "publish the plan".to_owned())
    .map(drop)
}

fn revisions<'a>(
    conn: &Connection,
    uids: impl Iterator<Item = &'a str>,
) -> Result<HashMap<String, Revision>> {
    let doing = || "read the published events".to_owned();
    // One statement: each one of its own would take and give back the database's locks.
    let uids = serde_json::Value::from_iter(uids).to_string();
    let mut statement = conn
        .prepare_cached(
            "SELECT uid, created_at, revised_at, sequence, hash FROM revision
             WHERE uid IN (SELECT value FROM json_each(?1))",
        )
        .doing(doing)?;
    let mut rows = statement.query([uids]).doing(doing)?;
    let mut all = HashMap::new();
    while let Some(row) = rows.next().doing(doing)? {
        let uid: String = row.get(0).doing(doing)?;
        let time = |at| -> Result<Timestamp> {
            let text: String = row.get(at).doing(doing)?;
            text.parse().map_err(|_| Error::user(format!("the time {text:?} of event {uid} is not a time")))
        };
        let (created, revised) = (time(1)?, time(2)?);
        let revision =
            Revision { created, revised, sequence: row.get(3).doing(doing)?, hash: row.get(4).doing(doing)? };
        all.insert(uid, revision);
    }
    Ok(all)
}

fn put_revisions(conn: &Connection, revised: &[(String, Revision)]) -> Result<()> {
    revised.iter().try_for_each(|(uid, revision)| put_revision(conn, uid, revision))
}

fn put_revision(conn: &Connection, uid: &str, revision: &Revision) -> Result<()> {
    conn.prepare_cached(
        "INSERT INTO revision(uid, created_at, revised_at, sequence, hash) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT(uid) DO UPDATE SET revised_at = excluded.revised_at, sequence = excluded.sequence, hash = excluded.hash",
    )
    .and_then(|mut s| {
        s.execute(params![
            uid,
            revision.created.to_string(),
            revision.revised.to_string(),
            revision.sequence,
            revision.hash.as_slice()
        ])
    })
    .doing(|| "publish an event".to_owned())
    .map(drop)
}
