//! Looking through everybody for who may be the same person, and noting the
//! likeliest for a review. Nobody is withheld from the plan for it, but who
//! may be somebody who has died, and nothing is merged.

mod shared;
mod traces;

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::path::Path;

use rusqlite::{Connection, Transaction, params};

use self::traces::Traces;
use super::{Store, contacts, facts, meta, set_meta};
use crate::core::facts::PersonId;
use crate::core::suspicion::{Groups, Known, Look, Suspicion, strongest_first};
use crate::error::{Doing, Result};

/// So many suspicions wait at most: nobody decides more at once, and what is
/// left comes as soon as these are decided.
const MOST_WAITING: usize = 100;

/// So many people are in memory at a time while they are compared; each of the others is read
/// once for as many.
const MOST_KEPT: usize = 8_192;

/// The strength of a name that two may have by chance.
const BY_CHANCE: u8 = 30;

/// Counts up when others are suspected than before, so that all are looked through anew.
const VERSION: u32 = 4;

/// The note in `meta` of what was there when all were last looked through.
const LOOKED: &str = "suspicions";

/// How many pairs there was no room for, likewise.
const MORE: &str = "suspicions_more";

/// Those of the suspicions that wait and were found here; not of whoever is archived: it waits again, as it
/// was, when they are brought back.
const WAITING: &str = "decision IS NULL AND withheld = 0 AND import_id IS NULL AND codes <> ''
    AND NOT EXISTS (SELECT 1 FROM contact WHERE id IN (contact_id, twin_id) AND archived_at IS NOT NULL
                    AND id NOT IN (SELECT loser FROM merged))";

impl Store {
    /// Looks through everybody, if anything was changed since that was last
    /// done. What is no longer suspected does not wait any more.
    ///
    /// Reading needs no lock; what is found is written in a short transaction.
    ///
    /// # Errors
    /// If the database cannot be read or written.
    pub fn look_for_twins(&mut self, at: jiff::Timestamp) -> Result<()> {
        // One transaction: each statement by itself would lock and unlock the file.
        let reading = self.conn.unchecked_transaction().doing(|| "read the database".to_owned())?;
        let now = state(&reading)?;
        if meta(&reading, LOOKED)?.as_ref() == Some(&now) {
            return Ok(());
        }
        let found = suspected(&reading)?;
        drop(reading);
        let at = at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        self.own(|tx| {
            note(tx, &found, &at)?;
            // What was changed meanwhile is looked at next time.
            set_meta(tx, LOOKED, &now)
        })
    }
}

/// How many pairs more may be one person, and wait for room in the list.
///
/// # Errors
/// If the database cannot be read.
pub(super) fn more(conn: &Connection) -> Result<u64> {
    Ok(meta(conn, MORE)?.and_then(|more| more.parse().ok()).unwrap_or(0))
}

/// What tells whether anything was changed that suspicions depend on.
fn state(conn: &Connection) -> Result<String> {
    conn.query_row(
        "SELECT (SELECT coalesce(max(id), 0) FROM card) || ' ' || (SELECT coalesce(max(n), 0) FROM change)
           || ' ' || (SELECT count(*) || ' ' || count(redone_at) FROM undone)",
        [],
        |row| row.get::<_, String>(0),
    )
    .map(|state| format!("{VERSION} {state}"))
    .doing(|| "see whether anybody was changed".to_owned())
}

/// Everybody who may be somebody else, the strongest suspicion first.
fn suspected(conn: &Connection) -> Result<Vec<Suspicion>> {
    let mut look = Look::default();
    let mut people = Vec::new();
    facts::each(
        conn,
        "SELECT id FROM contact WHERE kind = 'person' AND archived_at IS NULL
         AND id NOT IN (SELECT loser FROM merged) ORDER BY id",
        |row| {
            people.push(PersonId(row.get(0)?));
            Ok(())
        },
    )?;
    let known = |at: usize| -> Result<Known> {
        let id = people.get(at).copied().unwrap_or(PersonId(0));
        Ok(Known::of(id, &contacts::read(conn, id)?))
    };
    let folder = conn.path().and_then(|path| Path::new(path).parent()).unwrap_or(Path::new("."));
    let mut traces = Traces::beside(folder);
    for at in 0..people.len() {
        traces.extend(look.add(&known(at)?))?;
    }
    let mut groups = Groups::default();
    traces.each(|trace| groups.add(trace))?;
    let pairs = groups.pairs();
    let mut suspected = Vec::new();
    for begin in (0..people.len()).step_by(MOST_KEPT) {
        let mut kept: HashMap<usize, Known> = HashMap::new();
        for (first, others) in pairs.with(begin..begin + MOST_KEPT) {
            // Whoever comes first is in no later pair with any of these.
            let first = kept.remove(&first).map_or_else(|| known(first), Ok)?;
            for at in others {
                let other = match kept.entry(at) {
                    Entry::Occupied(other) => other.into_mut(),
                    Entry::Vacant(place) => place.insert(known(at)?),
                };
                suspected.extend(look.compare(&first, other));
            }
        }
    }
    let pairs: HashSet<(PersonId, PersonId)> = suspected.iter().map(|suspicion| suspicion.pair).collect();
    suspected.extend(shared::suspected(conn)?.into_iter().filter(|shared| !pairs.contains(&shared.pair)));
    strongest_first(&mut suspected);
    Ok(suspected)
}

/// Notes what is suspected and was never decided. What is no longer suspected does not wait, but keeps its
/// number and its day: a merge or an edit can be taken back, and then it is as it was.
fn note(tx: &Transaction<'_>, found: &[Suspicion], at: &str) -> Result<()> {
    let winners = facts::winners(tx)?;
    let mut known: Vec<Noted> = Vec::new();
    // Of several that came to be of one pair it is its own that waits, else the first.
    let mut stands: HashMap<(PersonId, PersonId), i64> = HashMap::new();
    facts::each(
        tx,
        &format!("SELECT id, contact_id, twin_id, reason, strength FROM review WHERE {WAITING} ORDER BY id"),
        |row| {
            let (id, of) = (row.get(0)?, (row.get(1)?, row.get(2)?));
            let pair = pair(&winners, of);
            let is_own = pair == (PersonId(of.0.min(of.1)), PersonId(of.0.max(of.1)));
            let first = *stands.entry(pair).or_insert(id);
            stands.insert(pair, if is_own { id } else { first });
            known.push(Noted { id, reason: row.get(3)?, strength: row.get(4)? });
            Ok(())
        },
    )?;
    let noted = pairs_of(tx, "SELECT contact_id, twin_id FROM review")?;
    let still = found.iter().filter(|suspicion| stands.contains_key(&suspicion.pair)).count();
    let mut room = MOST_WAITING.saturating_sub(still);
    let mut more = 0_u64;
    let mut waiting: HashMap<i64, &Suspicion> = HashMap::new();
    for suspicion in found {
        let (older, newer) = suspicion.pair;
        if let Some(id) = stands.get(&suspicion.pair) {
            waiting.insert(*id, suspicion);
        } else if noted.contains(&suspicion.pair) {
        } else if room == 0 {
            more += 1;
        } else {
            let (reason, codes) = (suspicion.reason(), suspicion.codes());
            tx.prepare_cached(
                "INSERT INTO review(contact_id, twin_id, reason, codes, strength, withheld, since)
                 VALUES (?1, ?2, ?3, ?4, ?5, 0, ?6)",
            )
            .and_then(|mut s| s.execute(params![newer.0, older.0, reason, codes, suspicion.strength, at]))
            .doing(|| "note a review".to_owned())?;
            room -= 1;
        }
    }
    set_meta(tx, MORE, &more.to_string())?;
    rank_the_withheld(tx, found, &winners)?;
    for Noted { id, reason, strength } in known {
        let changed = match waiting.get(&id) {
            Some(now) if now.strength == strength && now.reason() == reason => continue,
            Some(now) => tx.execute(
                "UPDATE review SET reason = ?2, codes = ?3, strength = ?4 WHERE id = ?1",
                params![id, now.reason(), now.codes(), now.strength],
            ),
            None => tx.execute("UPDATE review SET strength = 0 WHERE id = ?1 AND strength <> 0", [id]),
        };
        changed.doing(|| "note a review".to_owned())?;
    }
    Ok(())
}

/// What is noted of a pair.
struct Noted {
    id: i64,
    reason: String,
    /// 0 if it is not suspected now.
    strength: u8,
}

/// Two as those who stand for them now, the smaller number first.
fn pair(winners: &HashMap<i64, i64>, (a, b): (i64, i64)) -> (PersonId, PersonId) {
    let [a, b] = [a, b].map(|id| PersonId(winners.get(&id).copied().unwrap_or(id)));
    (a.min(b), a.max(b))
}

/// Notes what else is known of those who wait because of their name alone, so
/// that the likeliest of them come first too.
fn rank_the_withheld(tx: &Transaction<'_>, found: &[Suspicion], winners: &HashMap<i64, i64>) -> Result<()> {
    let found: HashMap<_, _> = found.iter().map(|suspicion| (suspicion.pair, suspicion)).collect();
    let mut waiting = Vec::new();
    facts::each(
        tx,
        "SELECT id, contact_id, twin_id FROM review
         WHERE decision IS NULL AND withheld = 1 AND import_id IS NOT NULL AND codes <> ''",
        |row| {
            waiting.push((row.get::<_, i64>(0)?, pair(winners, (row.get(1)?, row.get(2)?))));
            Ok(())
        },
    )?;
    for (id, pair) in waiting {
        let found = found.get(&pair);
        tx.prepare_cached(
            "UPDATE review SET strength = ?2, codes = coalesce(?3, codes), reason = coalesce(?4, reason)
             WHERE id = ?1 AND (strength, codes) IS NOT (?2, coalesce(?3, codes))",
        )
        .and_then(|mut s| {
            let strength = found.map_or(BY_CHANCE, |suspicion| suspicion.strength);
            s.execute(params![id, strength, found.map(|s| s.codes()), found.map(|s| s.reason())])
        })
        .doing(|| "note a review".to_owned())?;
    }
    Ok(())
}

/// The pairs that a query gives, as those who stand for them now, the smaller number first.
pub(super) fn pairs_of(conn: &Connection, sql: &str) -> Result<HashSet<(PersonId, PersonId)>> {
    let winners = facts::winners(conn)?;
    let mut pairs = HashSet::new();
    facts::each(conn, sql, |row| {
        pairs.insert(pair(&winners, (row.get(0)?, row.get(1)?)));
        Ok(())
    })?;
    Ok(pairs)
}
