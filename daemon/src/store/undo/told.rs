//! What a step did, in words.

use std::collections::BTreeSet;

use rusqlite::{Connection, OptionalExtension, Params};

use super::super::facts;
use super::Step;
use super::history::{Past, Span};
use crate::core::account::{Entry, account, column_of};
use crate::core::facts::PersonId;
use crate::error::{Doing, Result};

/// How many changes of a step are read to tell of it.
pub(super) const TOLD: u32 = 2_000;

/// A step in words.
pub(super) fn told(conn: &Connection, past: &Past) -> Result<Step> {
    let (at, by, what) = match past {
        Past::Edits(span) => {
            let entries = entries(conn, span, span.undone)?;
            let mut what = account(&entries, &|id| name(conn, id));
            if entries.len() >= TOLD as usize {
                what.push("changed more than can be told".to_owned());
            }
            (span.at.clone(), span.origin.clone(), what)
        }
        Past::Import(import) => (import.at.clone(), import.file_name.clone(), vec![import.what()]),
    };
    Ok(Step { id: past.id(), at, by, undone: past.undone().is_some(), what })
}

/// What of edits stays that were just taken back, in words.
pub(super) fn stays(conn: &Connection, span: &Span, undone: i64) -> Result<Vec<String>> {
    let mut stays = account(&entries(conn, span, None)?, &|id| name(conn, id));
    facts::each_of(
        conn,
        "SELECT DISTINCT contact_id, field FROM change AS taken
         WHERE n BETWEEN ?1 AND ?2 AND undone = ?3 AND instr(field, '.') = 0
         AND EXISTS (SELECT 1 FROM change AS later WHERE later.contact_id = taken.contact_id AND later.n > ?2
                     AND later.field = taken.field AND later.undone IS NULL) LIMIT ?4",
        (span.first, span.last, undone, TOLD),
        |row| {
            let whose = name(conn, PersonId(row.get(0)?));
            stays.extend(column_of(row.get_ref(1)?.as_str()?, &whose));
            Ok(())
        },
    )?;
    Ok(stays)
}

/// The entries of a step that were taken back by `undone`, or count.
fn entries(conn: &Connection, span: &Span, undone: Option<i64>) -> Result<Vec<Entry>> {
    entries_of(
        conn,
        "SELECT contact_id, field, item, old, new FROM change
         WHERE n BETWEEN ?1 AND ?2 AND undone IS ?3 ORDER BY n LIMIT ?4",
        (span.first, span.last, undone, TOLD),
    )
}

/// The entries that a query of the change log gives.
pub(super) fn entries_of(conn: &Connection, sql: &str, values: impl Params) -> Result<Vec<Entry>> {
    let mut entries = Vec::new();
    facts::each_of(conn, sql, values, |row| {
        entries.push(Entry {
            contact: row.get::<_, Option<i64>>(0)?.map(PersonId),
            field: row.get(1)?,
            item: row.get(2)?,
            old: row.get(3)?,
            new: row.get(4)?,
        });
        Ok(())
    })?;
    add_what_is_meant(conn, &mut entries)?;
    Ok(entries)
}

/// Says of an intention that ended, or was changed, which it is.
fn add_what_is_meant(conn: &Connection, entries: &mut Vec<Entry>) -> Result<()> {
    let of = |field: &str| {
        let of: BTreeSet<String> =
            entries.iter().filter(|e| e.field == field).filter_map(|e| e.item.clone()).collect();
        of
    };
    let known = of("intention.kind");
    let changed = ["intention.ended_on", "intention.outcome", "intention.by_day"].map(of);
    let changed: BTreeSet<String> = changed.into_iter().flatten().collect();
    for item in changed.difference(&known) {
        let sql = "SELECT kind, what FROM intention WHERE id = ?1";
        let found: Option<(String, String)> = conn
            .query_row(sql, [item], |row| Ok((row.get(0)?, row.get(1)?)))
            .optional()
            .doing(|| "read what you mean to do".to_owned())?;
        let values = found.into_iter().flat_map(|(kind, what)| [("kind", kind), ("what", what)]);
        entries.extend(values.map(|(column, value)| Entry {
            contact: None,
            field: format!("intention.{column}"),
            item: Some(item.clone()),
            old: Some(value.clone()),
            new: Some(value),
        }));
    }
    add_goals(conn, entries)
}

/// Says of a goal that ended, or was changed, which it is.
fn add_goals(conn: &Connection, entries: &mut Vec<Entry>) -> Result<()> {
    let goals = entries.iter().filter(|entry| entry.field.starts_with("goal."));
    let named =
        |item: &String| entries.iter().any(|e| e.field == "goal.what" && e.item.as_ref() == Some(item));
    let items: BTreeSet<String> =
        goals.filter_map(|entry| entry.item.clone()).filter(|item| !named(item)).collect();
    for item in items {
        let what: Option<String> = conn
            .query_row("SELECT what FROM goal WHERE id = ?1", [&item], |row| row.get(0))
            .optional()
            .doing(|| "read your goals".to_owned())?;
        entries.extend(what.map(|what| Entry {
            contact: None,
            field: "goal.what".to_owned(),
            item: Some(item),
            old: Some(what.clone()),
            new: Some(what),
        }));
    }
    Ok(())
}

/// The name of a contact, also of one that is put aside.
pub(super) fn name(conn: &Connection, id: PersonId) -> String {
    let known = |sql| conn.query_row(sql, [id.0], |row| row.get::<_, Option<String>>(0)).optional();
    let there = known("SELECT name FROM contact WHERE id = ?1");
    let aside = || {
        known(
            "SELECT was ->> '$.name' FROM put_aside WHERE \"table\" = 'contact' AND row_id = ?1 AND was IS NOT NULL ORDER BY id DESC LIMIT 1",
        )
    };
    let found = [there, aside()].into_iter().find_map(|found| found.ok().flatten().flatten());
    found.filter(|name| !name.is_empty()).unwrap_or_else(|| format!("contact {id}"))
}
