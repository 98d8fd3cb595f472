//! Taking edits back: their changes count no longer, and what they changed is
//! what the log gives without them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use rusqlite::types::Value;
use rusqlite::{Connection, params, params_from_iter};

use super::history::Span;
use super::journal::Journal;
use super::{asked, assemble_anew, left};
use crate::core::facts::PersonId;
use crate::error::{Doing, Error, Result};
use crate::store::triggers::{FACTS, Fact, HASH, key_of};
use crate::store::{contacts, facts, split};

/// A row of one of the [`FACTS`], by its number.
type FactRow = (usize, i64);

/// What to do where only what was changed later keeps a step.
pub(super) const LATER_FIRST: &str =
    "kith undo, without a number, takes back the last step; again, the one before";

/// What a step changed.
#[derive(Default)]
struct Changed {
    /// Contacts whose columns, lists or merges it changed.
    homes: BTreeSet<i64>,
    /// Rows beside the contacts, and whether the step made them.
    facts: BTreeMap<FactRow, bool>,
    /// Whose those rows are.
    owners: HashMap<FactRow, i64>,
    /// Cards that were given to another contact.
    cards: BTreeSet<i64>,
}

/// Takes the changes of a step back; gives the contacts whose part in it stays.
pub(super) fn take_back(journal: &mut Journal<'_>, span: &Span) -> Result<Vec<PersonId>> {
    let (tx, undone) = (journal.tx, journal.undone);
    let mut changed = read(tx, span)?;
    for &owner in changed.owners.values() {
        // Of an import that was taken back, only for this the name may have stayed.
        if left::is_all(tx, PersonId(owner))? {
            changed.homes.insert(owner);
        }
    }
    let mut before = BTreeSet::new();
    for &id in &changed.homes {
        before.insert(contacts::resolve(tx, PersonId(id))?.0);
    }
    let doing = || "take the changes back".to_owned();
    tx.execute(
        "UPDATE change SET undone = ?3 WHERE n BETWEEN ?1 AND ?2 AND undone IS NULL",
        (span.first, span.last, undone),
    )
    .doing(doing)?;
    let mut kept = Vec::new();
    let mut rows = Vec::new();
    for (&row, &made) in &changed.facts {
        // Who made a row and changed it later would lose that.
        if made && is_changed_after(tx, span.last, row)? {
            tx.execute(
                "UPDATE change SET undone = NULL WHERE undone = ?1 AND item = ?2 AND field LIKE ?3 || '.%'",
                params![undone, row.1.to_string(), FACTS[row.0].table],
            )
            .doing(doing)?;
            kept.extend(changed.owners.get(&row).copied().map(PersonId));
        } else {
            rows.push(row);
        }
    }
    restore_facts(journal, &rows)?;
    for &card in &changed.cards {
        move_back(journal, card)?;
    }
    kept.extend(assemble_anew(journal, &changed.homes, &before, |journal, id| {
        journal
            .tx
            .execute(
                "UPDATE change SET undone = NULL WHERE undone = ?1 AND contact_id = ?2
                 AND (instr(field, '.') = 0 OR field LIKE '%.label' OR field LIKE '%.pref')",
                params![journal.undone, id.0],
            )
            .doing(doing)
            .map(drop)
    })?);
    let any: bool = tx
        .query_row("SELECT EXISTS (SELECT 1 FROM change WHERE undone = ?1)", [undone], |row| row.get(0))
        .doing(doing)?;
    if !any {
        return Err(
            Error::user("it cannot be taken back alone: something else builds on it").hint(LATER_FIRST)
        );
    }
    kept.sort_unstable();
    kept.dedup();
    Ok(kept)
}

fn read(conn: &Connection, span: &Span) -> Result<Changed> {
    let mut changed = Changed::default();
    facts::each_of(
        conn,
        "SELECT contact_id, field, item, old, new FROM change
         WHERE n BETWEEN ?1 AND ?2 AND undone IS NULL ORDER BY n",
        (span.first, span.last),
        |row| {
            let contact: Option<i64> = row.get(0)?;
            let field = row.get_ref(1)?.as_str()?.to_owned();
            let item: Option<String> = row.get(2)?;
            let number = |text: Option<String>| text.and_then(|text| text.parse::<i64>().ok());
            let (old, new): (Option<String>, Option<String>) = (row.get(3)?, row.get(4)?);
            let (table, column) = field.split_once('.').unwrap_or((&field, ""));
            let fact = FACTS.iter().position(|fact| fact.table == table);
            match (fact, number(item)) {
                (Some(fact), Some(item)) => {
                    let makes = old.is_none() && FACTS[fact].needs.contains(&column);
                    *changed.facts.entry((fact, item)).or_default() |= makes;
                    changed.owners.extend(contact.map(|contact| ((fact, item), contact)));
                    if table == "merged" {
                        changed.homes.insert(item);
                        if column == "winner" {
                            changed.homes.extend([number(old), number(new)].into_iter().flatten());
                        }
                    }
                }
                (None, Some(card)) if table == "card" => {
                    changed.cards.insert(card);
                    changed.homes.extend([number(old), number(new)].into_iter().flatten());
                }
                _ => changed.homes.extend(contact),
            }
            Ok(())
        },
    )?;
    Ok(changed)
}

fn is_changed_after(conn: &Connection, last: i64, (fact, item): FactRow) -> Result<bool> {
    conn.prepare_cached(
        "SELECT EXISTS (SELECT 1 FROM change WHERE n > ?1 AND item = ?2 AND field LIKE ?3 || '.%' AND undone IS NULL)",
    )
    .and_then(|mut s| {
        s.query_row(params![last, item.to_string(), FACTS[fact].table], |row| row.get(0))
    })
    .doing(|| "read the change log".to_owned())
}

/// What the log gives for the columns of rows: the last value that counts,
/// else what was there before the first change of it.
type Values = HashMap<(String, i64), Option<String>>;

fn values(conn: &Connection, items: impl Iterator<Item = i64>) -> Result<Values> {
    let items: Vec<String> = items.map(|item| item.to_string()).collect();
    let mut values = Values::new();
    facts::each_of(
        conn,
        "SELECT field, item, old, new, undone IS NULL FROM change
         WHERE item IN (SELECT value FROM json_each(?1)) AND instr(field, '.') > 0 ORDER BY n",
        [serde_json::Value::from(items).to_string()],
        |row| {
            let Ok(item) = row.get_ref(1)?.as_str()?.parse() else { return Ok(()) };
            let value = values.entry((row.get(0)?, item));
            let known = match value {
                std::collections::hash_map::Entry::Occupied(known) => known.into_mut(),
                std::collections::hash_map::Entry::Vacant(place) => place.insert(row.get(2)?),
            };
            if row.get(4)? {
                *known = row.get(3)?;
            }
            Ok(())
        },
    )?;
    Ok(values)
}

/// Makes rows beside the contacts what the log gives.
fn restore_facts(journal: &mut Journal<'_>, rows: &[FactRow]) -> Result<()> {
    if rows.is_empty() {
        return Ok(());
    }
    let values = values(journal.tx, rows.iter().map(|(_, item)| *item))?;
    for &(fact, item) in rows {
        restore_fact(journal, &FACTS[fact], item, &values)?;
    }
    for &(fact, loser) in rows {
        if FACTS[fact].table == "merged" && is_in_circle(journal.tx, loser)? {
            return Err(Error::user(
                "it cannot be taken back alone: they were merged the other way round since",
            )
            .hint(LATER_FIRST));
        }
    }
    Ok(())
}

fn restore_fact(journal: &mut Journal<'_>, fact: &Fact, item: i64, values: &Values) -> Result<()> {
    let tx = journal.tx;
    let Fact { table, columns, needs } = fact;
    let key = key_of(table);
    let is_there =
        asked(tx, &format!("SELECT EXISTS (SELECT 1 FROM {table} WHERE {key} = ?1)"), PersonId(item))?;
    let value = |column: &str| values.get(&(format!("{table}.{column}"), item));
    let should_be = needs.iter().all(|column| value(column).map_or(is_there, Option::is_some));
    if !should_be {
        return if is_there { journal.remove(table, item) } else { Ok(()) };
    }
    journal.note(table, item)?;
    let logged: Vec<(&str, &Option<String>)> =
        columns.iter().filter_map(|&column| Some((column, value(column)?))).collect();
    let mark =
        |column: &str, at: usize| if column == HASH { format!("unhex(?{at})") } else { format!("?{at}") };
    let sql = if is_there {
        let set: Vec<String> = logged
            .iter()
            .zip(2..)
            .map(|((column, _), at)| format!("\"{column}\" = {}", mark(column, at)))
            .collect();
        format!("UPDATE {table} SET {} WHERE {key} = ?1", set.join(", "))
    } else {
        let names: Vec<String> = logged.iter().map(|(column, _)| format!(", \"{column}\"")).collect();
        let marks: Vec<String> =
            logged.iter().zip(2..).map(|((column, _), at)| format!(", {}", mark(column, at))).collect();
        format!("INSERT INTO {table}({key}{}) VALUES (?1{})", names.concat(), marks.concat())
    };
    let text = |value: &Option<String>| value.clone().map_or(Value::Null, Value::Text);
    let bound = std::iter::once(Value::Integer(item)).chain(logged.iter().map(|(_, value)| text(value)));
    tx.execute(&sql, params_from_iter(bound)).doing(|| format!("put a row of {table} back")).map(drop)
}

/// Whether following the merges from somebody leads back to them.
fn is_in_circle(conn: &Connection, loser: i64) -> Result<bool> {
    asked(
        conn,
        "WITH RECURSIVE up(id) AS (SELECT winner FROM merged WHERE loser = ?1 UNION SELECT winner FROM merged JOIN up ON loser = up.id)
         SELECT EXISTS (SELECT 1 FROM up WHERE id = ?1)",
        PersonId(loser),
    )
}

/// Gives a card to whom the log says it belongs.
fn move_back(journal: &mut Journal<'_>, card: i64) -> Result<()> {
    let values = values(journal.tx, std::iter::once(card))?;
    let home = values.get(&("card.contact_id".to_owned(), card)).cloned().flatten();
    let Some(home) = home.and_then(|home| home.parse().ok()) else { return Ok(()) };
    journal.note_card(card)?;
    split::give_card(journal.tx, card, PersonId(home))
}
