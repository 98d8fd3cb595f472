//! Contacts as rows: reading them, and keeping them what their cards and the
//! user's own changes give.

mod said;

use std::sync::LazyLock;

use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, params};

pub(super) use self::said::{assembled, cards, changes};
use super::differences::{Differences, Said};
use crate::core::contact::{COLUMNS, Content, Item, LISTS, List};
use crate::core::facts::PersonId;
use crate::error::{Doing, Result};

/// Every contact that stands for itself, archived ones too.
pub(super) fn ids(conn: &Connection) -> Result<Vec<PersonId>> {
    let doing = || "list the contacts".to_owned();
    let mut statement = conn
        .prepare_cached("SELECT id FROM contact WHERE id NOT IN (SELECT loser FROM merged) ORDER BY id")
        .doing(doing)?;
    statement.query_map([], |row| row.get(0).map(PersonId)).and_then(Iterator::collect).doing(doing)
}

/// Whether there is a contact of that number.
pub(super) fn exists(conn: &Connection, id: PersonId) -> Result<bool> {
    conn.query_row("SELECT count(*) FROM contact WHERE id = ?1", [id.0], |row| row.get(0))
        .doing(|| format!("look for contact {id}"))
}

/// Brings contacts back as archived whose rows are gone although cards of
/// theirs are there: somebody deleted them with the triggers switched off.
pub(super) fn bury_the_deleted(conn: &Connection) -> Result<()> {
    let doing = || "look for contacts that were deleted".to_owned();
    let deleted: Vec<PersonId> = conn
        .prepare("SELECT DISTINCT contact_id FROM card WHERE contact_id NOT IN (SELECT id FROM contact)")
        .doing(doing)?
        .query_map([], |row| row.get(0).map(PersonId))
        .and_then(Iterator::collect)
        .doing(doing)?;
    for id in deleted {
        conn.execute("INSERT INTO contact(id) VALUES (?1)", [id.0]).doing(doing)?;
        conn.execute(
            "INSERT INTO change(contact_id, field, new) VALUES (?1, 'archived_at', strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))",
            [id.0],
        )
        .doing(doing)?;
        settle(conn, id)?;
    }
    Ok(())
}

/// The contact that stands for `id` after all merges.
pub(super) fn resolve(conn: &Connection, id: PersonId) -> Result<PersonId> {
    // UNION, not UNION ALL: a circle made by hand ends.
    conn.prepare_cached(
        "WITH RECURSIVE up(id, depth) AS (VALUES (?1, 0) UNION SELECT winner, depth + 1 FROM merged JOIN up ON loser = up.id WHERE depth < 100)
         SELECT id FROM up ORDER BY depth DESC LIMIT 1",
    )
    .and_then(|mut statement| statement.query_row([id.0], |row| row.get(0)))
    .map(PersonId)
    .doing(|| "follow the merges".to_owned())
}

/// `id` and everybody merged into it.
const GROUP: &str =
    "WITH RECURSIVE grp(id) AS (VALUES (?1) UNION SELECT loser FROM merged JOIN grp ON winner = grp.id)";

/// The same of many ([`facts::json`](super::facts::json)) at once, each with whom they stand for.
pub(super) const GROUPS: &str = "WITH RECURSIVE grp(winner, id) AS
    (SELECT value, value FROM json_each(?1) UNION SELECT grp.winner, loser FROM merged JOIN grp ON merged.winner = grp.id)";

/// `id` and everybody merged into it.
pub(super) fn group(conn: &Connection, id: PersonId) -> Result<Vec<PersonId>> {
    let doing = || "follow the merges".to_owned();
    conn.prepare_cached(&format!("{GROUP} SELECT id FROM grp"))
        .doing(doing)?
        .query_map([id.0], |row| row.get(0).map(PersonId))
        .and_then(Iterator::collect)
        .doing(doing)
}

/// A contact as it is shown: its lists in the order of exports. (Rows are in the order in which they came.)
pub(super) fn shown(conn: &Connection, id: PersonId) -> Result<Content> {
    let mut content = read(conn, id)?;
    content.arrange(&assembled(conn, id)?);
    Ok(content)
}

static SELECT_CONTACT: LazyLock<String> = LazyLock::new(|| {
    let columns: Vec<&str> = COLUMNS.iter().map(|column| column.name()).collect();
    format!("SELECT {} FROM contact WHERE id = ?1", columns.join(", "))
});

static INSERT_CONTACT: LazyLock<String> = LazyLock::new(|| {
    let columns: Vec<&str> = COLUMNS.iter().map(|column| column.name()).collect();
    let marks: Vec<String> = (1..=COLUMNS.len()).map(|n| format!("?{n}")).collect();
    format!("INSERT INTO contact({}) VALUES ({})", columns.join(", "), marks.join(", "))
});

struct ListSql {
    select: String,
    insert: String,
    insert_again: String,
    note_former: String,
    former: String,
    update: String,
    delete: String,
}

static LIST_SQL: LazyLock<Vec<ListSql>> = LazyLock::new(|| {
    LISTS
        .iter()
        .map(|list| {
            let (table, value) = (list.table(), list.value_column());
            ListSql {
                select: format!(
                    "SELECT id, \"{value}\", label, pref, card_id FROM {table} WHERE contact_id = ?1 ORDER BY pref IS NULL, pref, id"
                ),
                insert: format!(
                    "INSERT INTO {table}(contact_id, \"{value}\", label, pref, card_id) VALUES (?1, ?2, ?3, ?4, ?5)"
                ),
                insert_again: format!(
                    "INSERT INTO {table}(contact_id, \"{value}\", label, pref, card_id, id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
                ),
                note_former: format!(
                    "INSERT INTO former(contact_id, \"table\", row_id, value) SELECT contact_id, '{table}', id, \"{value}\" FROM {table} WHERE id = ?1"
                ),
                former: format!(
                    "SELECT row_id FROM former WHERE contact_id = ?1 AND \"table\" = '{table}' AND value = ?2
                     AND row_id NOT IN (SELECT id FROM {table}) ORDER BY n DESC LIMIT 1"
                ),
                update: format!("UPDATE {table} SET \"{value}\" = ?2, label = ?3, pref = ?4, card_id = ?5 WHERE id = ?1"),
                delete: format!("DELETE FROM {table} WHERE id = ?1"),
            }
        })
        .collect()
});

/// What a contact is now, with the row numbers of its lists' items.
struct Rows {
    content: Content,
    ids: Vec<Vec<i64>>,
}

fn rows(conn: &Connection, id: PersonId) -> Result<Rows> {
    let doing = || format!("read contact {id}");
    let mut content = Content::default();
    conn.prepare_cached(&SELECT_CONTACT)
        .and_then(|mut statement| {
            statement.query_row([id.0], |row| {
                for (at, column) in COLUMNS.into_iter().enumerate() {
                    content.set(column, text(row.get_ref(at)?));
                }
                Ok(())
            })
        })
        .doing(doing)?;
    let mut ids = Vec::with_capacity(LISTS.len());
    for (list, sql) in LISTS.into_iter().zip(LIST_SQL.iter()) {
        let mut statement = conn.prepare_cached(&sql.select).doing(doing)?;
        let mut found = statement.query([id.0]).doing(doing)?;
        let mut row_ids = Vec::new();
        while let Some(row) = found.next().doing(doing)? {
            row_ids.push(row.get(0).doing(doing)?);
            content.list_mut(list).push(Item {
                value: row.get(1).doing(doing)?,
                label: row.get(2).doing(doing)?,
                pref: row.get::<_, Option<i64>>(3).doing(doing)?.and_then(|pref| u8::try_from(pref).ok()),
                card: row.get(4).doing(doing)?,
            });
        }
        ids.push(row_ids);
    }
    Ok(Rows { content, ids })
}

fn text(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Text(text) => Some(String::from_utf8_lossy(text).into_owned()),
        _ => None,
    }
}

/// A contact as it stands in the database.
pub(super) fn read(conn: &Connection, id: PersonId) -> Result<Content> {
    rows(conn, id).map(|rows| rows.content)
}

/// Adds a contact, without its lists.
pub(super) fn insert(conn: &Connection, content: &Content) -> Result<PersonId> {
    conn.prepare_cached(&INSERT_CONTACT)
        .and_then(|mut statement| {
            statement.execute(rusqlite::params_from_iter(COLUMNS.map(|c| content.column(c))))
        })
        .doing(|| "add a contact".to_owned())?;
    Ok(PersonId(conn.last_insert_rowid()))
}

/// Adds a contact under a number that is its own from before; none if it is taken.
pub(super) fn insert_again(conn: &Connection, content: &Content, id: PersonId) -> Result<Option<PersonId>> {
    if exists(conn, id)? {
        return Ok(None);
    }
    let doing = || format!("add contact {id} again");
    conn.prepare_cached("INSERT INTO contact(id) VALUES (?1)")
        .and_then(|mut s| s.execute([id.0]))
        .doing(doing)?;
    for column in COLUMNS {
        conn.prepare_cached(&format!("UPDATE contact SET {} = ?2 WHERE id = ?1", column.name()))
            .and_then(|mut s| s.execute(params![id.0, content.column(column)]))
            .doing(doing)?;
    }
    Ok(Some(id))
}

/// Adds the lists of a new contact, as said by one card.
pub(super) fn insert_lists(conn: &Connection, id: PersonId, content: &Content, card: i64) -> Result<()> {
    for (list, sql) in LISTS.into_iter().zip(LIST_SQL.iter()) {
        for item in content.list(list) {
            insert_item(conn, sql, id, item, Some(card))?;
        }
    }
    Ok(())
}

/// Adds a value to a list; one that was there before gets its old number, and so its old place.
fn insert_item_again(conn: &Connection, sql: &ListSql, id: PersonId, item: &Item) -> Result<()> {
    let doing = || "add to a contact".to_owned();
    let former: Option<i64> = conn
        .prepare_cached(&sql.former)
        .and_then(|mut s| s.query_row(params![id.0, item.value], |row| row.get(0)).optional())
        .doing(doing)?;
    let Some(row) = former else { return insert_item(conn, sql, id, item, item.card) };
    conn.prepare_cached(&sql.insert_again)
        .and_then(|mut s| s.execute(params![id.0, item.value, item.label, item.pref, item.card, row]))
        .doing(doing)
        .map(drop)
}

/// Takes a value from a list, noting which row it was.
fn delete_item(conn: &Connection, sql: &ListSql, row: i64) -> Result<()> {
    conn.prepare_cached(&sql.note_former)
        .and_then(|mut s| s.execute([row]))
        .and_then(|_| conn.prepare_cached(&sql.delete)?.execute([row]))
        .doing(|| "take from a contact".to_owned())
        .map(drop)
}

/// The place of the item that is the same value as `wanted`, best in its spelling.
fn same(list: List, have: &[Item], left: &[usize], wanted: &Item) -> Option<usize> {
    let said = |item: &'_ Item| (item.value.clone(), item.label.clone());
    let exact = left.iter().position(|&i| said(&have[i]) == said(wanted));
    exact.or_else(|| left.iter().position(|&i| have[i].is_same(wanted, list)))
}

/// Takes away what a contact's lists should not have. Before several contacts
/// are rebuilt of which one gave a row to another, so that its number is free.
pub(super) fn shed(conn: &Connection, id: PersonId) -> Result<()> {
    let (now, want) = (rows(conn, id)?, assembled(conn, id)?);
    for ((list, sql), ids) in LISTS.into_iter().zip(LIST_SQL.iter()).zip(&now.ids) {
        let have = now.content.list(list);
        let mut left: Vec<usize> = (0..have.len()).collect();
        for item in want.list(list) {
            if let Some(at) = same(list, have, &left, item) {
                left.remove(at);
            }
        }
        left.into_iter().try_for_each(|at| delete_item(conn, sql, ids[at]))?;
    }
    Ok(())
}

fn insert_item(conn: &Connection, sql: &ListSql, id: PersonId, item: &Item, card: Option<i64>) -> Result<()> {
    conn.prepare_cached(&sql.insert)
        .and_then(|mut s| s.execute(params![id.0, item.value, item.label, item.pref, card]))
        .doing(|| "add to a contact".to_owned())
        .map(drop)
}

/// Makes a contact what its cards and changes give, touching only what
/// differs; tells what did.
pub(super) fn rebuild(conn: &Connection, id: PersonId) -> Result<Differences> {
    let (now, want) = (rows(conn, id)?, assembled(conn, id)?);
    apply(conn, id, &now, &want)
}

fn apply(conn: &Connection, id: PersonId, now: &Rows, want: &Content) -> Result<Differences> {
    let doing = || format!("update contact {id}");
    let mut differ = Differences::default();
    for column in COLUMNS.into_iter().filter(|&c| now.content.column(c) != want.column(c)) {
        conn.prepare_cached(&format!("UPDATE contact SET {} = ?2 WHERE id = ?1", column.name()))
            .and_then(|mut s| s.execute(params![id.0, want.column(column)]))
            .doing(doing)?;
        let said = |content: &Content| content.column(column).map(Said::of_column);
        differ.add(column.name(), said(&now.content), said(want));
    }
    for ((list, sql), ids) in LISTS.into_iter().zip(LIST_SQL.iter()).zip(&now.ids) {
        let (have, want) = (now.content.list(list), want.list(list));
        let mut left: Vec<usize> = (0..have.len()).collect();
        let mut missing = Vec::new();
        for item in want {
            let Some(at) = same(list, have, &left, item) else {
                missing.push(item);
                continue;
            };
            let at = left.remove(at);
            if have[at] != *item {
                if (Item { card: item.card, ..have[at].clone() }) != *item {
                    differ.add(list.table(), Some(Said::of_item(&have[at])), Some(Said::of_item(item)));
                }
                conn.prepare_cached(&sql.update)
                    .and_then(|mut s| {
                        s.execute(params![ids[at], item.value, item.label, item.pref, item.card])
                    })
                    .doing(doing)?;
            }
        }
        for at in left {
            differ.add(list.table(), Some(Said::of_item(&have[at])), None);
            delete_item(conn, sql, ids[at])?;
        }
        for item in missing {
            differ.add(list.table(), None, Some(Said::of_item(item)));
            insert_item_again(conn, sql, id, item)?;
        }
    }
    Ok(differ)
}

/// Writes into the log what differs from what cards and log give: edits that
/// no trigger saw. Gives their number.
pub(super) fn adopt(conn: &Connection, id: PersonId) -> Result<usize> {
    let (now, want) = (read(conn, id)?, assembled(conn, id)?);
    let mut adopted = 0;
    let mut log = |field: &str, item: Option<&str>, old: Option<&str>, new: Option<&str>| {
        adopted += 1;
        conn.prepare_cached(
            "INSERT INTO change(contact_id, field, item, old, new) VALUES (?1, ?2, ?3, ?4, ?5)",
        )
        .and_then(|mut s| s.execute(params![id.0, field, item, old, new]))
        .doing(|| "adopt an edit".to_owned())
        .map(drop)
    };
    for column in COLUMNS.into_iter().filter(|&c| now.column(c) != want.column(c)) {
        log(column.name(), None, want.column(column), now.column(column))?;
    }
    for list in LISTS {
        adopt_list(list, now.list(list), want.list(list), &mut log)?;
    }
    Ok(adopted)
}

type Log<'a> = dyn FnMut(&str, Option<&str>, Option<&str>, Option<&str>) -> Result<()> + 'a;

fn adopt_list(list: List, now: &[Item], want: &[Item], log: &mut Log<'_>) -> Result<()> {
    let table = list.table();
    for gone in want.iter().filter(|item| !now.iter().any(|i| i.value == item.value)) {
        log(table, None, Some(&gone.value), None)?;
    }
    for item in now {
        let known = want.iter().find(|i| i.value == item.value);
        if known.is_none() {
            log(table, None, None, Some(&item.value))?;
        }
        let (label, pref) = known.map_or((None, None), |k| (k.label.as_deref(), k.pref));
        if label != item.label.as_deref() {
            log(&format!("{table}.label"), Some(&item.value), label, item.label.as_deref())?;
        }
        if pref != item.pref {
            let text = |pref: Option<u8>| pref.map(|p| p.to_string());
            log(
                &format!("{table}.pref"),
                Some(&item.value),
                text(pref).as_deref(),
                text(item.pref).as_deref(),
            )?;
        }
    }
    Ok(())
}

/// Makes `loser` and `winner` one contact, as an import showed.
pub(super) fn merge(
    conn: &Connection,
    loser: PersonId,
    winner: PersonId,
    at: &str,
    (import, reason): (i64, &str),
) -> Result<Differences> {
    conn.execute(
        "INSERT INTO merged(loser, winner, at, import_id, reason) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![loser.0, winner.0, at, import, reason],
    )
    .doing(|| format!("merge contact {loser} into {winner}"))?;
    settle(conn, loser)?;
    rebuild(conn, winner)
}

/// Makes a contact what it should be after the merges changed: part of
/// another, with nothing left of its own, or itself.
pub(super) fn settle(conn: &Connection, id: PersonId) -> Result<()> {
    let doing = || format!("settle contact {id}");
    let at: Option<String> = conn
        .query_row("SELECT at FROM merged WHERE loser = ?1", [id.0], |row| row.get(0))
        .optional()
        .doing(doing)?;
    let Some(at) = at else { return rebuild(conn, id).map(drop) };
    conn.execute("UPDATE contact SET archived_at = ?2 WHERE id = ?1", params![id.0, at]).doing(doing)?;
    for list in LISTS {
        let (table, value) = (list.table(), list.value_column());
        conn.execute_batch(&format!(
            "INSERT INTO former(contact_id, \"table\", row_id, value) SELECT contact_id, '{table}', id, \"{value}\" FROM {table} WHERE contact_id = {id};
             DELETE FROM {table} WHERE contact_id = {id};"
        ))
        .doing(doing)?;
    }
    Ok(())
}

/// The name of a contact.
pub(super) fn name(conn: &Connection, id: PersonId) -> Result<String> {
    conn.prepare_cached("SELECT name FROM contact WHERE id = ?1")
        .and_then(|mut s| s.query_row([id.0], |row| row.get(0)))
        .doing(|| format!("read contact {id}"))
}
