//! What is said of a contact: by the cards that count, and by the user.

use rusqlite::Connection;

use super::GROUP;
use crate::core::assemble::{Card, Change, assemble};
use crate::core::contact::{COLUMNS, Column, Content};
use crate::core::facts::PersonId;
use crate::error::{Doing, Error, Result};
use crate::store::undo::IS_LEFT;

/// `id` and everybody merged into it, each with how often the user named who stays between. (A circle
/// made by hand ends.)
const RANKED: &str = "WITH RECURSIVE
    up(id, behind) AS (VALUES (?1, 0) UNION
        SELECT loser, behind + (import_id IS NULL AND reason IS NULL) FROM merged JOIN up ON winner = up.id WHERE behind < 100),
    grp(id, behind) AS (SELECT id, min(behind) FROM up GROUP BY id)";

/// The cards that count, of a contact and everybody merged into it. What is left of those whose
/// import was taken back counts where nothing else says what somebody is called.
pub(in crate::store) fn cards(conn: &Connection, id: PersonId) -> Result<Vec<Card>> {
    let doing = || "read the cards of a contact".to_owned();
    let mut statement = conn
        .prepare_cached(&format!(
            "{RANKED} SELECT card.id, importer = 'vcard', fields, gone_at, {IS_LEFT}, behind
             FROM card JOIN grp ON contact_id = grp.id
             WHERE replaced_by IS NULL ORDER BY card.id"
        ))
        .doing(doing)?;
    let mut rows = statement.query([id.0]).doing(doing)?;
    let (mut cards, mut left) = (Vec::new(), Vec::new());
    while let Some(row) = rows.next().doing(doing)? {
        let (card, text): (i64, String) = (row.get(0).doing(doing)?, row.get(2).doing(doing)?);
        let fields = serde_json::from_str(&text)
            .map_err(|error| Error::internal(format!("card {card} is not as kith wrote it: {error}")))?;
        let (kept, gone) = (row.get(1).doing(doing)?, row.get(3).doing(doing)?);
        let behind = row.get(5).doing(doing)?;
        let all = if row.get(4).doing(doing)? { &mut left } else { &mut cards };
        all.push(Card { id: card, kept, behind, gone, fields });
    }
    if left.is_empty() || !cards.is_empty() || is_named_by_user(conn, id)? {
        return Ok(cards);
    }
    Ok(left)
}

/// Whether the user says what somebody is called.
fn is_named_by_user(conn: &Connection, id: PersonId) -> Result<bool> {
    conn.prepare_cached(&format!(
        "{GROUP} SELECT EXISTS (SELECT 1 FROM change JOIN grp ON contact_id = grp.id WHERE field = 'name' AND undone IS NULL)"
    ))
    .and_then(|mut s| s.query_row([id.0], |row| row.get(0)))
    .doing(|| "read who named a contact".to_owned())
}

/// The user's own changes that count, of a contact and everybody merged into
/// it, in the order they are applied.
pub(in crate::store) fn changes(conn: &Connection, id: PersonId) -> Result<Vec<Change>> {
    let doing = || "read the changes of a contact".to_owned();
    // Being archived is the row's own: a duplicate that was archived must not take the person with it.
    // And what was said of a duplicate before the user merged it gives way to what was said of the
    // one it was merged into; what a duplicate was called is no name of the one that stays, if that has one.
    let mut statement = conn
        .prepare_cached(&format!(
            "{GROUP}, earlier(n, field, item, old, new, gives_way, stays) AS (
               SELECT n, field, item, old, new,
                 contact_id <> ?1 AND n < coalesce(
                   (SELECT max(m.n) FROM change AS m WHERE m.contact_id IN (SELECT id FROM grp)
                    AND m.field = 'merged.winner' AND m.item = CAST(change.contact_id AS TEXT)), 0),
                 EXISTS (SELECT 1 FROM merged WHERE loser = change.contact_id AND import_id IS NULL AND reason IS NULL)
               FROM change JOIN grp ON contact_id = grp.id
               WHERE undone IS NULL AND (field <> 'archived_at' OR contact_id = ?1)
               AND (contact_id = ?1 OR field NOT IN ('name', 'given_name', 'family_name') OR NOT {IS_NAMED}))
             SELECT n, field, item, old, new, gives_way AND stays FROM earlier ORDER BY gives_way DESC, n"
        ))
        .doing(doing)?;
    let all: Vec<(Change, bool)> = statement
        .query_map([id.0], |row| {
            let n = row.get(0)?;
            let change =
                Change { n, field: row.get(1)?, item: row.get(2)?, old: row.get(3)?, new: row.get(4)? };
            Ok((change, row.get(5)?))
        })
        .and_then(Iterator::collect)
        .doing(doing)?;
    let has_one =
        |field: &str| COLUMNS.into_iter().find(|column| column.name() == field && is_single(*column));
    if !all.iter().any(|(change, gives_way)| *gives_way && has_one(&change.field).is_some()) {
        return Ok(all.into_iter().map(|(change, _)| change).collect());
    }
    // Nor does it overrule what a card of the one that stays says.
    let own: Vec<Card> = cards(conn, id)?.into_iter().filter(|card| card.behind == 0).collect();
    let stays = assemble(&own, &[]);
    let is_said = |field: &str| has_one(field).is_some_and(|column| stays.column(column).is_some());
    Ok(all
        .into_iter()
        .filter(|(change, gives_way)| !*gives_way || !is_said(&change.field))
        .map(|(change, _)| change)
        .collect())
}

/// Whether cards say of somebody one of these, and no more. (Notes stand beside each other.)
fn is_single(column: Column) -> bool {
    matches!(column, Column::Organization | Column::Title | Column::Birthday)
}

/// Whether a card of a contact's own, or the user, says what they are called.
const IS_NAMED: &str = "(EXISTS (SELECT 1 FROM card WHERE contact_id = ?1 AND replaced_by IS NULL
                  AND gone_at IS NULL AND name_key <> '' AND hash <> x'')
    OR EXISTS (SELECT 1 FROM change WHERE contact_id = ?1 AND field = 'name' AND undone IS NULL))";

/// What a contact should be.
pub(in crate::store) fn assembled(conn: &Connection, id: PersonId) -> Result<Content> {
    Ok(assemble(&cards(conn, id)?, &changes(conn, id)?))
}
