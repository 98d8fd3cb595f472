//! Addresses and numbers that turned out to be shared by two people after a
//! card, which may be either's, was taken for one of them by it.

use std::collections::{BTreeMap, HashMap};

use kith_plugin::Contact;
use rusqlite::Connection;

use crate::core::contact::{Column, Content};
use crate::core::facts::PersonId;
use crate::core::identity::{Identity, email_key, phone_key};
use crate::core::matching::Reason;
use crate::core::name::PersonName;
use crate::core::suspicion::{Evidence, Suspicion};
use crate::error::Result;
use crate::store::{contacts, facts};

/// How strong such a suspicion is: the two are probably not one, but a look is worth it.
const STRENGTH: u8 = 60;

/// Who shares a value with somebody else by which a card of either was taken for one of them.
pub(super) fn suspected(conn: &Connection) -> Result<Vec<Suspicion>> {
    let joined = joined(conn)?;
    let owners = owners(conn, &joined)?;
    let mut people: HashMap<PersonId, Identity> = HashMap::new();
    let mut found: BTreeMap<(PersonId, PersonId), Suspicion> = BTreeMap::new();
    for card in &joined {
        let Some(owners) = owners.get(&card.key).filter(|owners| owners.len() > 1) else { continue };
        for id in owners.iter().chain([&card.person]) {
            if !people.contains_key(id) {
                people.insert(*id, who(&contacts::read(conn, *id)?));
            }
        }
        let Some(one) = people.get(&card.person) else { continue };
        for other in owners.iter().filter(|other| **other != card.person) {
            let Some(it) = people.get(other) else { continue };
            if one.contradicts(it) && !card.identity.contradicts(it) && !card.identity.contradicts(one) {
                let pair = (card.person.min(*other), card.person.max(*other));
                found.entry(pair).or_insert_with(|| Suspicion {
                    pair,
                    strength: STRENGTH,
                    evidence: vec![Evidence::Shared(card.value.clone(), card.name.clone())],
                });
            }
        }
    }
    Ok(found.into_values().collect())
}

/// A card that was taken for somebody's by an address or a number.
struct Joined {
    person: PersonId,
    identity: Identity,
    /// The name on it.
    name: String,
    /// The address or number, as it is written and as it is compared.
    value: String,
    key: String,
}

fn joined(conn: &Connection) -> Result<Vec<Joined>> {
    let winners = facts::winners(conn)?;
    let [email, phone] = [Reason::Email, Reason::Phone].map(|reason| format!("{reason}, "));
    let mut joined = Vec::new();
    facts::each_of(
        conn,
        "SELECT contact_id, reason, fields FROM card WHERE replaced_by IS NULL AND gone_at IS NULL
         AND (substr(reason, 1, length(?1)) = ?1 OR substr(reason, 1, length(?2)) = ?2) ORDER BY id",
        (&email, &phone),
        |row| {
            let (home, reason, fields): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let (value, key) = match (reason.strip_prefix(&email), reason.strip_prefix(&phone)) {
                (Some(address), _) => (address, Some(email_key(address))),
                (_, Some(number)) => (number, phone_key(number)),
                (None, None) => return Ok(()),
            };
            if let (Some(key), Ok(contact)) = (key, serde_json::from_str::<Contact>(&fields)) {
                joined.push(Joined {
                    person: PersonId(winners.get(&home).copied().unwrap_or(home)),
                    identity: Identity::of_record(&contact),
                    name: contact
                        .name
                        .full
                        .clone()
                        .unwrap_or_else(|| PersonName::of_record(&contact).key().to_owned()),
                    value: value.to_owned(),
                    key,
                });
            }
            Ok(())
        },
    )?;
    Ok(joined)
}

/// The people who have each of these values.
fn owners(conn: &Connection, joined: &[Joined]) -> Result<HashMap<String, Vec<PersonId>>> {
    let mut owners: HashMap<String, Vec<PersonId>> =
        joined.iter().map(|card| (card.key.clone(), Vec::new())).collect();
    if owners.is_empty() {
        return Ok(owners);
    }
    for (sql, is_email) in
        [("SELECT contact_id, address FROM email", true), ("SELECT contact_id, number FROM phone", false)]
    {
        let sql = format!(
            "{sql} WHERE contact_id IN (SELECT id FROM contact WHERE kind = 'person' AND archived_at IS NULL
             AND id NOT IN (SELECT loser FROM merged)) ORDER BY contact_id"
        );
        facts::each(conn, &sql, |row| {
            let value: String = row.get(1)?;
            let key = if is_email { Some(email_key(&value)) } else { phone_key(&value) };
            if let Some(owners) = key.and_then(|key| owners.get_mut(&key)) {
                let id = PersonId(row.get(0)?);
                if owners.last() != Some(&id) {
                    owners.push(id);
                }
            }
            Ok(())
        })?;
    }
    Ok(owners)
}

/// By name and birthday.
fn who(content: &Content) -> Identity {
    let none = std::iter::empty;
    Identity::new(
        PersonName::of_text(content.column(Column::Name).unwrap_or_default()),
        none(),
        none(),
        none(),
        content.column(Column::Birthday).and_then(|text| text.parse().ok()),
    )
}
