//! Rows as they were before something was taken back.

use std::collections::{BTreeSet, HashSet};
use std::fmt::Write;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{OptionalExtension, Transaction, params, params_from_iter};
use serde_json::{Map, Number};

use crate::core::contact::{LISTS, List};
use crate::core::facts::PersonId;
use crate::error::{Doing, Error, Result};
use crate::store::facts;
use crate::store::triggers::key_of;

/// The tables beside the lists of which rows may be put aside.
const TABLES: [&str; 13] = [
    "contact",
    "card",
    "interaction",
    "pause",
    "intention",
    "introduction",
    "memo",
    "goal",
    "occasion",
    "review",
    "merged",
    "import",
    "change",
];

/// Puts rows aside before they are touched.
pub(in crate::store) struct Journal<'a> {
    pub(in crate::store) tx: &'a Transaction<'a>,
    /// The number of what is being taken back.
    pub(super) undone: i64,
    noted: HashSet<(&'static str, i64)>,
    removed: usize,
}

impl<'a> Journal<'a> {
    pub(super) fn new(tx: &'a Transaction<'a>, undone: i64) -> Self {
        Self { tx, undone, noted: HashSet::new(), removed: 0 }
    }

    /// How many contacts were removed.
    pub(super) fn removed(&self) -> usize {
        self.removed
    }

    /// Puts a row aside as it is, or that there is none; only the first time.
    pub(in crate::store) fn note(&mut self, table: &'static str, row: i64) -> Result<()> {
        if !self.noted.insert((table, row)) {
            return Ok(());
        }
        let doing = || format!("put aside a row of {table}");
        let sql = format!("SELECT * FROM {table} WHERE {} = ?1", key_of(table));
        let mut hash: Option<Vec<u8>> = None;
        let was = self
            .tx
            .prepare_cached(&sql)
            .and_then(|mut statement| {
                let names: Vec<String> = statement.column_names().map(str::to_owned).collect();
                statement
                    .query_row([row], |found| {
                        let mut was = Map::new();
                        for (at, name) in names.into_iter().enumerate() {
                            let value = found.get_ref(at)?;
                            if let (ValueRef::Blob(bytes), "card", "hash") = (value, table, name.as_str()) {
                                hash = Some(bytes.to_vec());
                            }
                            was.insert(name, as_json(value));
                        }
                        Ok(serde_json::Value::Object(was).to_string())
                    })
                    .optional()
            })
            .doing(doing)?;
        self.tx
            .prepare_cached(
                "INSERT INTO put_aside(undone, \"table\", row_id, hash, was) VALUES (?1, ?2, ?3, ?4, ?5)",
            )
            .and_then(|mut s| s.execute(params![self.undone, table, row, hash, was]))
            .doing(doing)
            .map(drop)
    }

    /// Puts a contact aside with its lists, before it is made anew.
    pub(in crate::store) fn note_contact(&mut self, id: PersonId) -> Result<()> {
        self.note("contact", id.0)?;
        for list in LISTS {
            for row in self.list_rows(list, id)? {
                self.note(list.table(), row)?;
            }
        }
        Ok(())
    }

    /// Notes the rows that a contact's lists have and had not when it was put aside.
    pub(super) fn note_added(&mut self, id: PersonId) -> Result<()> {
        for list in LISTS {
            let table = list.table();
            for row in self.list_rows(list, id)? {
                self.note_new(table, row)?;
            }
        }
        Ok(())
    }

    /// Notes that a row is new.
    pub(in crate::store) fn note_new(&mut self, table: &'static str, row: i64) -> Result<()> {
        if !self.noted.insert((table, row)) {
            return Ok(());
        }
        self.tx
            .prepare_cached("INSERT INTO put_aside(undone, \"table\", row_id) VALUES (?1, ?2, ?3)")
            .and_then(|mut s| s.execute(params![self.undone, table, row]))
            .doing(|| "note a row that is new".to_owned())
            .map(drop)
    }

    /// Puts a card aside before it goes to another contact, with what the user changed of its values.
    pub(in crate::store) fn note_card(&mut self, card: i64) -> Result<()> {
        for change in self.keys("SELECT n FROM change WHERE card_id = ?1", card)? {
            self.note("change", change)?;
        }
        self.note("card", card)
    }

    fn list_rows(&self, list: List, id: PersonId) -> Result<Vec<i64>> {
        self.keys(&format!("SELECT id FROM {} WHERE contact_id = ?1", list.table()), id.0)
    }

    /// Takes a row away.
    pub(super) fn remove(&mut self, table: &'static str, row: i64) -> Result<()> {
        self.note(table, row)?;
        self.tx
            .prepare_cached(&format!("DELETE FROM {table} WHERE {} = ?1", key_of(table)))
            .and_then(|mut s| s.execute([row]))
            .doing(|| format!("take a row of {table} away"))
            .map(drop)
    }

    /// Takes a contact away with its lists: nothing of it is left.
    pub(super) fn remove_contact(&mut self, id: PersonId) -> Result<()> {
        self.note_contact(id)?;
        for list in LISTS {
            for row in self.list_rows(list, id)? {
                self.remove(list.table(), row)?;
            }
        }
        self.removed += 1;
        self.remove("contact", id.0)
    }

    /// The numbers that a query of one number gives.
    pub(super) fn keys(&self, sql: &str, of: i64) -> Result<Vec<i64>> {
        let mut keys = Vec::new();
        facts::each_of(self.tx, sql, [of], |row| {
            keys.push(row.get(0)?);
            Ok(())
        })?;
        Ok(keys)
    }
}

/// What came back.
pub(super) struct Restored {
    /// Whose rows were touched.
    pub(super) contacts: BTreeSet<i64>,
    /// How many contacts were not there.
    pub(super) came_back: usize,
}

/// Whether rows were put aside, and are no longer there: the table may be emptied.
pub(super) fn is_forgotten(tx: &Transaction<'_>, undone: i64) -> Result<bool> {
    tx.query_row(
        "SELECT NOT EXISTS (SELECT 1 FROM put_aside WHERE undone = ?1)
            AND (EXISTS (SELECT 1 FROM undone WHERE id = ?1 AND import_id IS NOT NULL)
              OR EXISTS (SELECT 1 FROM change WHERE undone = ?1
                         AND (contact_id IN (SELECT id FROM contact) OR field IN ('name', 'pause.from_day', 'goal.what', 'occasion.name'))))",
        [undone],
        |row| row.get(0),
    )
    .doing(|| "look for what was put aside".to_owned())
}

/// Puts every row that was put aside there again, and forgets that it was.
pub(super) fn restore(tx: &Transaction<'_>, undone: i64) -> Result<Restored> {
    let doing = || "bring it back".to_owned();
    let mut rows: Vec<(&'static str, i64, Option<String>)> = Vec::new();
    facts::each_of(
        tx,
        "SELECT \"table\", row_id, was FROM put_aside WHERE undone = ?1 ORDER BY id",
        [undone],
        |row| {
            let name = row.get_ref(0)?.as_str()?;
            let known = TABLES.into_iter().chain(LISTS.map(|list| list.table())).find(|table| *table == name);
            if let Some(table) = known {
                rows.push((table, row.get(1)?, row.get(2)?));
            }
            Ok(())
        },
    )?;
    let mut restored = Restored { contacts: BTreeSet::new(), came_back: 0 };
    // All go before one comes: none is in the way of another.
    for (table, row, _) in &rows {
        let sql = format!("DELETE FROM {table} WHERE {} = ?1", key_of(table));
        let there = tx.prepare_cached(&sql).and_then(|mut s| s.execute([row])).doing(doing)? > 0;
        if *table == "contact" {
            restored.contacts.insert(*row);
            restored.came_back += usize::from(!there);
        }
    }
    for (table, _, was) in rows {
        if let Some(was) = was {
            insert(tx, table, &was)?;
        }
    }
    tx.execute("DELETE FROM put_aside WHERE undone = ?1", [undone]).doing(doing)?;
    Ok(restored)
}

fn insert(tx: &Transaction<'_>, table: &str, was: &str) -> Result<()> {
    let not_ours = || {
        Error::user(format!(
            "could not bring a row of {table} back: put_aside was changed by another program"
        ))
    };
    let was: Map<String, serde_json::Value> = serde_json::from_str(was).map_err(|_| not_ours())?;
    let (mut columns, mut marks) = (String::new(), String::new());
    let mut values = Vec::with_capacity(was.len());
    for (at, (name, value)) in was.into_iter().enumerate() {
        let comma = if at == 0 { "" } else { ", " };
        let _ = write!(columns, "{comma}\"{}\"", name.replace('"', "\"\""));
        let _ = write!(marks, "{comma}?{}", at + 1);
        values.push(as_value(value).ok_or_else(not_ours)?);
    }
    tx.prepare_cached(&format!("INSERT INTO {table}({columns}) VALUES ({marks})"))
        .and_then(|mut s| s.execute(params_from_iter(values)))
        .doing(|| format!("bring a row of {table} back"))
        .map(drop)
}

/// A value as JSON; bytes as an object with their hexadecimal digits.
fn as_json(value: ValueRef<'_>) -> serde_json::Value {
    match value {
        ValueRef::Null => serde_json::Value::Null,
        ValueRef::Integer(number) => number.into(),
        ValueRef::Real(number) => Number::from_f64(number).map_or(serde_json::Value::Null, Into::into),
        ValueRef::Text(text) => String::from_utf8_lossy(text).into(),
        ValueRef::Blob(bytes) => {
            let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
            serde_json::json!({ "hex": hex })
        }
    }
}

/// The value that [`as_json`] wrote.
fn as_value(json: serde_json::Value) -> Option<Value> {
    Some(match json {
        serde_json::Value::Null => Value::Null,
        serde_json::Value::Bool(_) | serde_json::Value::Array(_) => return None,
        serde_json::Value::Number(number) => match number.as_i64() {
            Some(whole) => Value::Integer(whole),
            None => Value::Real(number.as_f64()?),
        },
        serde_json::Value::String(text) => Value::Text(text),
        serde_json::Value::Object(object) => {
            let hex = object.get("hex")?.as_str()?;
            let byte = |at: usize| u8::from_str_radix(hex.get(at..at + 2)?, 16).ok();
            Value::Blob((0..hex.len()).step_by(2).map(byte).collect::<Option<_>>()?)
        }
    })
}
