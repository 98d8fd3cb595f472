//! Addresses and numbers that turned out to be shared by two people after a
//! card, which may be either's, was taken for one of them by it.

use std::collections::{BTreeMap, HashMap, HashSet};

use kith_plugin::Contact;
use rusqlite::Connection;

use crate::core::contact::{Column, Content, List};
use crate::core::facts::PersonId;
use crate::core::identity::{Identity, email_key, name_in};
use crate::core::matching::Reason;
use crate::core::name::PersonName;
use crate::core::phone::phone_key;
use crate::core::suspicion::{Evidence, Suspicion};
use crate::error::Result;
use crate::store::{contacts, facts};

/// How strong such a suspicion is: the two are probably not one, but a look is worth it.
const STRENGTH: u8 = 60;

/// Who shares a value with somebody else by which a card of either was, or might have been, taken
/// for one of them: which one depends on who came first.
pub(super) fn suspected(conn: &Connection) -> Result<Vec<Suspicion>> {
    let cards = cards(conn)?;
    let owners = owners(conn, &cards)?;
    let mut of: HashMap<PersonId, Vec<&Identity>> = HashMap::new();
    for card in &cards {
        of.entry(card.person).or_default().push(&card.identity);
    }
    let mut people: HashMap<PersonId, Identity> = HashMap::new();
    let mut found: BTreeMap<(PersonId, PersonId), Suspicion> = BTreeMap::new();
    for card in &cards {
        for (value, key) in &card.values {
            let Some(owners) = owners.get(key).filter(|owners| owners.iter().any(|id| *id != card.person))
            else {
                continue;
            };
            for id in owners.iter().chain([&card.person]) {
                if !people.contains_key(id) {
                    people.insert(*id, who(&contacts::read(conn, *id)?));
                }
            }
            let Some(one) = people.get(&card.person) else { continue };
            for other in owners.iter().filter(|other| **other != card.person) {
                let Some(it) = people.get(other) else { continue };
                // As they are called, or as another card calls them.
                let contradict = || {
                    let said = of.get(&card.person).into_iter().flatten();
                    one.contradicts(it) || said.into_iter().any(|said| said.contradicts(it))
                };
                if !card.identity.contradicts(it) && !card.identity.contradicts(one) && contradict() {
                    let pair = (card.person.min(*other), card.person.max(*other));
                    found.entry(pair).or_insert_with(|| Suspicion {
                        pair,
                        strength: STRENGTH,
                        evidence: vec![Evidence::Shared(value.clone(), card.name.clone())],
                    });
                }
            }
        }
    }
    Ok(found.into_values().collect())
}

/// A card of somebody of whom a card was taken for theirs by an address or a number.
struct OfSeveral {
    person: PersonId,
    identity: Identity,
    /// The name on it.
    name: String,
    /// Its addresses, and the number by which it was taken for theirs, as they are written and as
    /// they are compared. Other numbers may be a household's.
    values: Vec<(String, String)>,
}

fn cards(conn: &Connection) -> Result<Vec<OfSeveral>> {
    let winners = facts::winners(conn)?;
    let stands = |home: i64| PersonId(winners.get(&home).copied().unwrap_or(home));
    let [email, phone] = [Reason::Email, Reason::Phone].map(|reason| format!("{reason}, "));
    let mut joined: HashSet<PersonId> = HashSet::new();
    facts::each_of(
        conn,
        "SELECT contact_id FROM card WHERE replaced_by IS NULL AND gone_at IS NULL
         AND (substr(reason, 1, length(?1)) = ?1 OR substr(reason, 1, length(?2)) = ?2)",
        (&email, &phone),
        |row| {
            joined.insert(stands(row.get(0)?));
            Ok(())
        },
    )?;
    let mut cards = Vec::new();
    if joined.is_empty() {
        return Ok(cards);
    }
    facts::each(
        conn,
        "SELECT contact_id, reason, fields FROM card WHERE replaced_by IS NULL AND gone_at IS NULL ORDER BY id",
        |row| {
            let person = stands(row.get(0)?);
            if !joined.contains(&person) {
                return Ok(());
            }
            let (reason, fields): (Option<String>, String) = (row.get(1)?, row.get(2)?);
            let Ok(contact) = serde_json::from_str::<Contact>(&fields) else { return Ok(()) };
            let identity = Identity::of_record(&contact);
            let number = reason.as_deref().and_then(|reason| reason.strip_prefix(&phone));
            let number = number.and_then(|number| Some((number.to_owned(), phone_key(number)?)));
            let addresses = contact.emails.iter().map(|it| (it.address.clone(), email_key(&it.address)));
            let values = number.into_iter().chain(addresses.filter(|(_, key)| identity.emails.contains(key)));
            cards.push(OfSeveral {
                person,
                values: values.collect(),
                name: contact
                    .name
                    .full
                    .clone()
                    .unwrap_or_else(|| PersonName::of_record(&contact).key().to_owned()),
                identity,
            });
            Ok(())
        },
    )?;
    Ok(cards)
}

/// The people who have each of these values.
fn owners(conn: &Connection, cards: &[OfSeveral]) -> Result<HashMap<String, Vec<PersonId>>> {
    let keys = cards.iter().flat_map(|card| &card.values).map(|(_, key)| key.clone());
    let mut owners: HashMap<String, Vec<PersonId>> = keys.map(|key| (key, Vec::new())).collect();
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
    let numbers: Vec<String> = content.list(List::Phone).iter().map(|item| item.value.clone()).collect();
    Identity::new(
        name_in(content.column(Column::Name).unwrap_or_default(), numbers.iter().map(String::as_str)),
        none(),
        none(),
        none(),
        content.column(Column::Birthday).and_then(|text| text.parse().ok()),
    )
}
