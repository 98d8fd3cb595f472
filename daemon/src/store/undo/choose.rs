//! Which step is taken back, and which is brought back.

use std::collections::HashMap;

use rusqlite::Connection;

use super::StepId;
use super::beside::{Beside, Rewriter};
use super::history::{self, Past};
use super::told::told;
use crate::error::{Doing, Error, Result};
use crate::store::facts;

/// The step to take back: the one named, else the last that counts.
pub(super) fn to_undo(conn: &Connection, which: Option<StepId>, rewrite: Rewriter<'_>) -> Result<Past> {
    let Some(id) = which else { return last(conn, rewrite) };
    let mut found = None;
    history::each(conn, |past| {
        let is_it = match (id, past.import()) {
            // Any file of an archive stands for all of it.
            (StepId::Import(number), Some(import)) => import.parts.contains(&number),
            _ => past.id() == id,
        };
        found = is_it.then_some(past);
        Ok(!is_it)
    })?;
    match found {
        Some(past) if past.undone().is_none() => Ok(past),
        Some(_) => Err(Error::user(match id {
            StepId::Edits(number) => format!("step {number} is taken back already"),
            StepId::Import(number) => format!("import {number} is taken back already"),
        })
        .hint("kith undo --redo brings back what was taken back last")),
        None if let StepId::Import(number) = id => Err(no_import(conn, number)?),
        None => Err(Error::user(format!("there is no step {id}"))
            .hint("kith undo --list shows the last ones with their numbers")),
    }
}

/// Why an import that is no step cannot be taken back.
fn no_import(conn: &Connection, number: i64) -> Result<Error> {
    let was_there: bool = conn
        .query_row("SELECT EXISTS (SELECT 1 FROM import WHERE id = ?1)", [number], |row| row.get(0))
        .doing(|| "look for the import".to_owned())?;
    let error = if was_there {
        Error::user(format!(
            "import {number} changed nothing, or nothing of it is left: there is nothing to take back"
        ))
    } else {
        Error::user(format!("there is no import {number}"))
    };
    Ok(error.hint("kith imports shows them with their numbers"))
}

/// The last step that counts. If it cannot be taken back, as it changed more
/// than the database, that is an error which names the last one that can. Once
/// something before it was taken back nevertheless, it is passed over.
fn last(conn: &Connection, rewrite: Rewriter<'_>) -> Result<Past> {
    let after_change = after_change(conn)?;
    let mut found = None;
    let mut barred: Option<(i64, Error)> = None;
    history::each(conn, |past| {
        if let Some(undone) = past.undone() {
            // Was it taken back when what bars the way was there already?
            let knew = |(n, _): &(i64, Error)| after_change.get(&undone).is_some_and(|after| after >= n);
            barred = barred.take().filter(|bar| !knew(bar));
            return Ok(true);
        }
        if let (Past::Edits(span), Some(beside)) = (&past, Beside::of(conn, &past)?)
            && let Err(error) = beside.take_back(rewrite, true)
        {
            barred = barred.take().or(Some((span.last, error)));
            return Ok(true);
        }
        found = Some(past);
        Ok(false)
    })?;
    match (found, barred) {
        (Some(past), None) => Ok(past),
        (Some(before), Some((_, error))) => {
            let step = told(conn, &before)?;
            let what = step.what.first().map_or_else(String::new, |what| format!(" ({what})"));
            let advice = error.advice().map_or_else(String::new, |advice| format!("{advice}; "));
            Err(error.hint(format!("{advice}kith undo {} takes back what was done before{what}", step.id)))
        }
        (None, Some((_, error))) => Err(error),
        (None, None) => {
            Err(Error::user("there is nothing to take back").hint("kith undo --list shows what there was"))
        }
    }
}

/// An error that names the step before one that is the last, and yet cannot be taken back alone.
pub(super) fn or_the_one_before(conn: &Connection, last: &Past, error: Error) -> Result<Error> {
    let (mut passed, mut before) = (false, None);
    history::each(conn, |past| {
        let is_it = past.id() == last.id();
        if passed && past.undone().is_none() {
            before = Some(past);
        }
        passed |= is_it;
        Ok(before.is_none())
    })?;
    let Some(before) = before else { return Ok(error.hint("kith undo --list shows what there was")) };
    let step = told(conn, &before)?;
    let what = step.what.first().map_or_else(String::new, |what| format!(" ({what})"));
    Ok(error.hint(format!("take back first what was done before{what}: kith undo {}", step.id)))
}

/// After which change each undoing was done.
fn after_change(conn: &Connection) -> Result<HashMap<i64, i64>> {
    let mut all = HashMap::new();
    facts::each(conn, "SELECT id, after_change FROM undone", |row| {
        all.insert(row.get(0)?, row.get(1)?);
        Ok(())
    })?;
    Ok(all)
}

/// What was taken back last and not brought back, with its number.
pub(super) fn to_redo(conn: &Connection) -> Result<(i64, Past)> {
    let last: Option<i64> = conn
        .query_row("SELECT max(id) FROM undone WHERE redone_at IS NULL", [], |row| row.get(0))
        .doing(|| "look for what was taken back".to_owned())?;
    let Some(undone) = last else {
        return Err(Error::user("there is nothing to bring back: nothing was taken back")
            .hint("kith undo takes the last change back"));
    };
    let (change, import): (i64, i64) = conn
        .query_row("SELECT after_change, after_import FROM undone WHERE id = ?1", [undone], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .doing(|| "look for what was taken back".to_owned())?;
    let (mut found, mut since) = (None, None);
    history::each(conn, |past| {
        let is_later = match &past {
            Past::Edits(span) => span.last > change,
            Past::Import(later) => later.id > import,
        };
        if past.undone() == Some(undone) {
            found = Some(past);
        } else if is_later
            && past.undone().is_none()
            // That changed nothing which anything could build on.
            && !matches!(Beside::of(conn, &past)?, Some(Beside::Address))
        {
            since = Some(past);
        }
        Ok(found.is_none() && since.is_none())
    })?;
    match (found, since) {
        (_, Some(since)) => {
            let step = told(conn, &since)?;
            let what = step.what.first().map_or_else(String::new, |what| format!(" ({what})"));
            Err(Error::user(format!("it cannot be brought back: something else was changed since{what}"))
                .hint(format!("take that back first (kith undo {}), then bring this back", step.id)))
        }
        (Some(past), None) => Ok((undone, past)),
        (None, None) => Err(Error::user("it cannot be brought back: its changes are gone from the log")),
    }
}
