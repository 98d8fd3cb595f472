//! Who everybody is, read for the matching.

use kith_plugin::Contact;
use rusqlite::{Connection, Row, Rows, params};

use super::facts;
use super::undo::IS_LEFT;
use crate::core::facts::PersonId;
use crate::core::identity::{Identity, name_in, name_of, profile_of};
use crate::core::matching::Index;
use crate::core::name::PersonName;
use crate::error::{Doing, Result};

/// Fills an index for matching with everybody there is.
pub(super) fn fill(conn: &Connection, index: &mut Index) -> Result<()> {
    let doing = || "read who everybody is".to_owned();
    let values = |sql| conn.prepare_cached(sql).doing(doing);
    let mut emails = values("SELECT contact_id, address FROM email ORDER BY contact_id")?;
    let mut phones = values("SELECT contact_id, number FROM phone ORDER BY contact_id")?;
    let mut emails = Values::of(emails.query([]).doing(doing)?);
    let mut phones = Values::of(phones.query([]).doing(doing)?);
    facts::each(
        conn,
        // Of whom nothing counts until it is decided again is nobody yet.
        "SELECT id, name, birthday, kind = 'person' FROM contact WHERE id NOT IN (SELECT loser FROM merged)
         AND (name <> '' OR EXISTS (SELECT 1 FROM card WHERE contact_id = contact.id AND replaced_by IS NULL)) ORDER BY id",
        |row| {
            let id = row.get(0)?;
            add(index, row, &emails.of_contact(id)?, &phones.of_contact(id)?)
        },
    )?;
    // What the cards of those call them whom the user, or another card, calls otherwise.
    let winners = facts::winners(conn)?;
    facts::each(
        conn,
        "SELECT contact_id, name_key FROM card WHERE replaced_by IS NULL AND gone_at IS NULL ORDER BY id",
        |row| {
            let home: i64 = row.get(0)?;
            let id = PersonId(winners.get(&home).copied().unwrap_or(home));
            index.call(id, PersonName::of_key(row.get(1)?));
            Ok(())
        },
    )?;
    // And what they call them whole: a contact that one card speaks for is shown as that.
    facts::each(
        conn,
        "WITH several(id) AS (SELECT contact_id FROM card WHERE replaced_by IS NULL AND gone_at IS NULL
                              GROUP BY contact_id HAVING count(*) > 1
                              UNION SELECT loser FROM merged UNION SELECT winner FROM merged
                              UNION SELECT contact_id FROM change WHERE field = 'name' AND undone IS NULL)
         SELECT contact_id, name_key, fields ->> '$.name.full', fields FROM card
         WHERE contact_id IN (SELECT id FROM several) AND replaced_by IS NULL AND gone_at IS NULL
           AND json_valid(fields) AND fields ->> '$.name.full' <> '' ORDER BY id",
        |row| {
            let home: i64 = row.get(0)?;
            let (name_key, full) = (row.get_ref(1)?.as_str()?, row.get_ref(2)?.as_str().unwrap_or_default());
            if PersonName::of_text(full).key() == name_key {
                return Ok(());
            }
            let said = serde_json::from_str(row.get_ref(3)?.as_str()?);
            let whole = said.ok().and_then(|contact| Identity::of_record(&contact).whole);
            let id = PersonId(winners.get(&home).copied().unwrap_or(home));
            whole.into_iter().for_each(|whole| index.call(id, whole));
            Ok(())
        },
    )
}

/// Makes the keys of all cards what this version makes of what the cards say.
pub(super) fn key_cards(conn: &Connection) -> Result<()> {
    let mut others: Vec<(i64, String, Option<String>)> = Vec::new();
    facts::each(
        conn,
        &format!("SELECT id, name_key, profile, fields FROM card WHERE json_valid(fields) AND NOT {IS_LEFT}"),
        |row| {
            let Ok(said) = serde_json::from_str::<Contact>(row.get_ref(3)?.as_str()?) else { return Ok(()) };
            let (name, profile) = (name_of(&said).key().to_owned(), profile_of(&said));
            if (row.get_ref(1)?.as_str()?, row.get::<_, Option<String>>(2)?) != (&name, profile.clone()) {
                others.push((row.get(0)?, name, profile));
            }
            Ok(())
        },
    )?;
    for (card, name, profile) in others {
        conn.prepare_cached("UPDATE card SET name_key = ?2, profile = ?3 WHERE id = ?1")
            .and_then(|mut s| s.execute(params![card, name, profile]))
            .doing(|| format!("make the keys of card {card}"))?;
    }
    Ok(())
}

/// Fills in who one is that was added since the index was filled with everybody, and is known to it by
/// what their card says.
pub(super) fn fill_in(conn: &Connection, index: &mut Index, id: PersonId) -> Result<()> {
    let (emails, phones) = values(conn, id)?;
    facts::each_of(
        conn,
        "SELECT id, name, birthday, kind = 'person' FROM contact WHERE id = ?1",
        [id.0],
        |row| add(index, row, &emails, &phones),
    )
}

fn add(index: &mut Index, row: &Row<'_>, emails: &[String], phones: &[String]) -> rusqlite::Result<()> {
    let identity = Identity::new(
        name_in(&row.get::<_, String>(1)?, phones.iter().map(String::as_str)),
        emails.iter().map(String::as_str),
        phones.iter().map(String::as_str),
        std::iter::empty(),
        row.get::<_, Option<String>>(2)?.and_then(|text| text.parse().ok()),
    );
    index.add(PersonId(row.get(0)?), &identity, row.get(3)?);
    Ok(())
}

/// The addresses and numbers at which somebody can be reached.
pub(super) fn reached_at(conn: &Connection, id: PersonId) -> Result<Identity> {
    let (emails, phones) = values(conn, id)?;
    Ok(Identity::new(
        PersonName::default(),
        emails.iter().map(String::as_str),
        phones.iter().map(String::as_str),
        std::iter::empty(),
        None,
    ))
}

/// Somebody's addresses and numbers.
fn values(conn: &Connection, id: PersonId) -> Result<(Vec<String>, Vec<String>)> {
    let of = |sql| -> Result<Vec<String>> {
        let mut values = Vec::new();
        facts::each_of(conn, sql, [id.0], |row| {
            values.push(row.get(0)?);
            Ok(())
        })?;
        Ok(values)
    };
    Ok((
        of("SELECT address FROM email WHERE contact_id = ?1")?,
        of("SELECT number FROM phone WHERE contact_id = ?1")?,
    ))
}

/// Values of everybody, in the order of their contacts, of whom one is in memory at a time.
struct Values<'s> {
    rows: Rows<'s>,
    /// The one that was read last, and whose it is.
    next: Option<(i64, String)>,
}

impl<'s> Values<'s> {
    fn of(rows: Rows<'s>) -> Self {
        Self { rows, next: Some((i64::MIN, String::new())) }
    }

    /// Those of a contact, which comes after those that were asked for before.
    fn of_contact(&mut self, id: i64) -> rusqlite::Result<Vec<String>> {
        let mut values = Vec::new();
        while let Some((whose, _)) = self.next
            && whose <= id
        {
            let row = self.rows.next()?;
            let row = row.map(|row| Ok::<_, rusqlite::Error>((row.get(0)?, row.get(1)?))).transpose()?;
            let read = std::mem::replace(&mut self.next, row);
            values.extend(read.filter(|_| whose == id).map(|(_, value)| value));
        }
        Ok(values)
    }
}
