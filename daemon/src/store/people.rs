//! People for those who look at them: listing, finding, showing, editing.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};

use rusqlite::{Connection, params};

use super::preferred::{Order, candidates};
use super::undo::IS_LEFT;
use super::{Store, contacts, facts};
use crate::core::contact::{Column, Content, List};
use crate::core::facts::PersonId;
use crate::core::feed::{Details, People};
use crate::core::identity::email_key;
use crate::core::name::{Fit, fit, fold};
use crate::core::phone::phone_key;
use crate::core::{text, tie};
use crate::error::{Doing, Error, Result};

/// Which telephone numbers may get a short message, by their label.
const MAY_BE_MOBILE: &str = "(trim(coalesce(label, '')) = '' OR label LIKE '%mobil%' OR label LIKE '%cell%'
    OR label LIKE '%handy%' OR label LIKE '%iphone%')";

/// A contact in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its number.
    pub id: PersonId,
    /// What it says.
    pub content: Content,
}

impl Listed {
    /// The name shown, on one line.
    #[must_use]
    pub fn name(&self) -> Cow<'_, str> {
        text::name(self.content.column(Column::Name).unwrap_or_default())
    }
}

/// Which contacts are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Filter<'a> {
    /// Part of a name, an email or postal address, an organisation, a label, a circle or a number;
    /// everybody if empty.
    pub query: &'a str,
    /// Archived ones too.
    pub archived: bool,
}

/// A card of a contact, as `kith show` tells of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sourced {
    /// Its number.
    pub id: i64,
    /// The address book: the name of the first file of it.
    pub source: String,
    /// Why it was taken for this contact; none if the contact began with it.
    pub reason: Option<String>,
    /// The importer.
    pub importer: String,
    /// The file it came in.
    pub file_name: String,
    /// The line in it.
    pub line: u64,
    /// When it was imported, in UTC.
    pub at: String,
}

impl Store {
    /// Lists contacts by name.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn list(&self, filter: Filter<'_>) -> Result<Vec<Listed>> {
        let searched = Searched::new(filter.query);
        let mut listed = Vec::new();
        for id in live_ids(&self.conn, filter.archived)? {
            let content = contacts::read(&self.conn, id)?;
            if searched.text.is_empty() || searched.is_in(&content) {
                listed.push(Listed { id, content });
            }
        }
        listed.sort_by_cached_key(|l| (fold(l.content.column(Column::Name).unwrap_or_default()), l.id));
        Ok(listed)
    }

    /// Finds whom a word on the command line means: an exact id first, then an
    /// exact email address, name or nickname, then the beginning of one, then
    /// part of one. The archived are found by their id alone.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn find(&self, query: &str) -> Result<Vec<Listed>> {
        self.find_among(query, false)
    }

    /// As [`Store::find`], among the archived.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn find_archived(&self, query: &str) -> Result<Vec<Listed>> {
        self.find_among(query, true)
    }

    fn find_among(&self, query: &str, archived: bool) -> Result<Vec<Listed>> {
        let query = query.trim();
        let listed = |id| Ok::<_, Error>(Listed { id, content: contacts::read(&self.conn, id)? });
        let names = names(&self.conn)?;
        if let Some(id) = query.parse().ok().map(PersonId).filter(|id| id.to_string() == query)
            && names.iter().any(|(known, ..)| *known == id)
        {
            // Of somebody merged, the id still names the person.
            return Ok(vec![listed(contacts::resolve(&self.conn, id)?)?]);
        }
        let searched = Searched::new(query);
        let among: HashSet<PersonId> =
            names.iter().filter(|(.., is_archived)| *is_archived == archived).map(|(id, ..)| *id).collect();
        let mut found: BTreeMap<PersonId, Fit> = BTreeMap::new();
        let mut note = |id, how: Option<Fit>| {
            if let Some(how) = how {
                found.entry(id).and_modify(|known| *known = how.max(*known)).or_insert(how);
            }
        };
        for (id, name, _) in &names {
            note(*id, searched.in_name(name));
        }
        for (id, nickname) in values(&self.conn, List::Nickname)? {
            note(id, searched.in_name(&nickname));
        }
        for (id, address) in values(&self.conn, List::Email)? {
            note(id, searched.in_email(&address));
        }
        let standing: HashSet<PersonId> = contacts::ids(&self.conn)?.into_iter().collect();
        found.retain(|id, _| standing.contains(id) && among.contains(id));
        let best = found.values().max().copied();
        found.retain(|_, how| Some(*how) == best);
        found.into_keys().map(listed).collect()
    }

    /// The contact that stands for `id` after all merges.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn stands_for(&self, id: PersonId) -> Result<PersonId> {
        contacts::resolve(&self.conn, id)
    }

    /// One contact.
    ///
    /// # Errors
    /// If there is none, or the database cannot be read.
    pub fn contact(&self, id: PersonId) -> Result<Content> {
        contacts::shown(&self.conn, contacts::resolve(&self.conn, id)?)
    }

    /// What calendars and plans show of people.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn details(&self, wanted: &HashSet<PersonId>) -> Result<People> {
        let mut people = People::new();
        self.add_details(&mut people, wanted)?;
        Ok(people)
    }

    /// The same, for those of the wanted that are not known yet.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn add_details(&self, people: &mut People, wanted: &HashSet<PersonId>) -> Result<()> {
        let mut missing = wanted.iter().copied().filter(|id| !people.contains_key(id)).peekable();
        if missing.peek().is_none() {
            return Ok(());
        }
        let missing = facts::json(missing);
        let mut phones = candidates(&self.conn, List::Phone, &missing, "1")?;
        let mut mobiles = candidates(&self.conn, List::Phone, &missing, MAY_BE_MOBILE)?;
        let mut emails = candidates(&self.conn, List::Email, &missing, "1")?;
        let sql = "SELECT id, name, organization, title, birthday, channel FROM contact
                   WHERE id IN (SELECT value FROM json_each(?1))";
        let mut found = Vec::new();
        facts::each_of(&self.conn, sql, [&missing], |row| {
            let id = PersonId(row.get(0)?);
            let details = Details {
                name: row.get(1)?,
                phone: None,
                mobile: None,
                email: None,
                organization: row.get(2)?,
                title: row.get(3)?,
                birthday: row.get::<_, Option<String>>(4)?.and_then(|text| text.parse().ok()),
                channel: row.get::<_, Option<String>>(5)?.and_then(|text| text.parse().ok()),
            };
            found.push((id, details));
            Ok(())
        })?;
        for (id, details) in found {
            let mut order = Order::of(&self.conn, id);
            let phone = order.first(List::Phone, phones.remove(&id))?;
            let mobile = order.first(List::Phone, mobiles.remove(&id))?;
            let email = order.first(List::Email, emails.remove(&id))?;
            people.insert(id, Details { phone, mobile, email, ..details });
        }
        Ok(())
    }

    /// The cards a contact is made of.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub fn cards(&self, id: PersonId) -> Result<Vec<Sourced>> {
        let doing = || "read the cards of a contact".to_owned();
        let mut all = Vec::new();
        for home in contacts::group(&self.conn, id)? {
            // A slash before the file: it went, and the card stays for what the user noted.
            let cards: Vec<(bool, Sourced)> = self
                .conn
                .prepare_cached(&format!(
                    "SELECT card.importer,
                       import.file_name || iif(file IS NULL, '', '/' || ltrim(file, '/'))
                         || iif(gone_at IS NOT NULL OR file LIKE '/%', ' (gone)', '')
                         || iif({IS_LEFT}, ' (taken back, but for the name)', ''),
                       card.line, import.at, card.id, coalesce(source.name, ''), card.reason, {IS_LEFT} OR gone_at IS NOT NULL
                     FROM card JOIN import ON import.id = import_id LEFT JOIN source ON source.id = card.source_id
                     WHERE contact_id = ?1 AND replaced_by IS NULL ORDER BY card.id",
                ))
                .doing(doing)?
                .query_map([home.0], |row| {
                    let card = Sourced {
                        importer: row.get(0)?,
                        file_name: row.get(1)?,
                        line: row.get::<_, i64>(2)?.cast_unsigned(),
                        at: row.get(3)?,
                        id: row.get(4)?,
                        source: row.get(5)?,
                        reason: row.get(6)?,
                    };
                    Ok((row.get(7)?, card))
                })
                .and_then(Iterator::collect)
                .doing(doing)?;
            all.extend(cards);
        }
        // What is left of a card, or went with its file, says nothing where there is another.
        if all.iter().any(|(left, _)| !left) {
            all.retain(|(left, _)| !left);
        }
        Ok(all.into_iter().map(|(_, card)| card).collect())
    }

    /// Gives a column of several contacts one value, as the user's own edit and one step.
    ///
    /// # Errors
    /// As [`Store::change`].
    pub fn change_all(&mut self, ids: &[PersonId], column: Column, value: Option<&str>) -> Result<()> {
        let value = value.or_else(|| column.default());
        self.edit(|tx| {
            ids.iter().try_for_each(|id| {
                tx.execute(
                    &format!("UPDATE contact SET {} = ?2 WHERE id = ?1", column.name()),
                    params![id.0, value],
                )
                .doing(|| format!("change contact {id}"))
                .map(drop)
            })
        })
    }

    /// Changes columns of a contact and adds or removes list values, as the user's own edit.
    /// What cards say already becomes the user's own, too: no later import changes it.
    ///
    /// # Errors
    /// If a value is not allowed, or the database cannot be written; nothing is changed then.
    pub fn change(
        &mut self,
        id: PersonId,
        columns: &[(Column, Option<String>)],
        lists: &[ListEdit],
    ) -> Result<()> {
        let doing = || format!("change contact {id}");
        self.edit(|tx| {
            for (column, value) in columns {
                let (name, value) = (column.name(), value.as_deref().or_else(|| column.default()));
                if column.is_on_cards() {
                    tx.execute(
                        &format!(
                            "INSERT INTO change(contact_id, field, old, new)
                             SELECT id, '{name}', {name}, {name} FROM contact WHERE id = ?1 AND {name} = ?2
                             AND NOT EXISTS (SELECT 1 FROM change WHERE contact_id = ?1 AND field = '{name}' AND undone IS NULL)"
                        ),
                        params![id.0, value],
                    )
                    .doing(doing)?;
                }
                tx.execute(&format!("UPDATE contact SET {name} = ?2 WHERE id = ?1"), params![id.0, value])
                    .doing(doing)?;
            }
            for edit in lists {
                edit.make(tx, id)?;
            }
            Ok(())
        })
    }
}

/// A value to add to a contact's list or to take from it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListEdit {
    /// Which list.
    pub list: List,
    /// The value.
    pub value: String,
    /// What it is for; of several that are said of one related person each stays.
    pub label: Option<String>,
    /// Whether to add it.
    pub add: bool,
}

impl ListEdit {
    pub(super) fn make(&self, conn: &Connection, id: PersonId) -> Result<()> {
        let doing = || format!("change contact {id}");
        let (table, column) = (self.list.table(), self.list.value_column());
        let have: Vec<(i64, String, Option<String>)> = conn
            .prepare(&format!("SELECT id, \"{column}\", label FROM {table} WHERE contact_id = ?1"))
            .doing(doing)?
            .query_map([id.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .and_then(Iterator::collect)
            .doing(doing)?;
        let mut same: Vec<_> = have.iter().filter(|(_, v, _)| *v == self.value).collect();
        if same.is_empty() {
            same =
                have.iter().filter(|(_, v, _)| self.list.is_same((v, None), (&self.value, None))).collect();
        }
        if self.add {
            return match (same.first(), &self.label) {
                (None, label) => conn.execute(
                    &format!("INSERT INTO {table}(contact_id, \"{column}\", label) VALUES (?1, ?2, ?3)"),
                    params![id.0, self.value, label],
                ),
                (Some((row, _, known)), Some(label)) => {
                    let label = known.as_ref().map_or_else(|| label.clone(), |known| tie::both(known, label));
                    conn.execute(&format!("UPDATE {table} SET label = ?2 WHERE id = ?1"), params![row, label])
                }
                (Some(_), None) => Ok(0),
            }
            .doing(doing)
            .map(drop);
        }
        if same.is_empty() {
            let content = contacts::read(conn, id)?;
            let name = text::name(content.column(Column::Name).unwrap_or_default());
            let noun = self.list.noun();
            let there_is = match have.as_slice() {
                [] => format!("has no {noun} at all"),
                [(_, only, _)] => format!("has only {only}"),
                _ => {
                    format!("has {}", have.iter().map(|(_, v, _)| v.as_str()).collect::<Vec<_>>().join(", "))
                }
            };
            return Err(Error::user(format!(
                "could not take the {noun} {:?} away: {name} (id {id}) {there_is}",
                self.value
            ))
            .hint("nothing was changed"));
        }
        for (row, ..) in same {
            conn.execute(&format!("DELETE FROM {table} WHERE id = ?1"), [row]).doing(doing)?;
        }
        Ok(())
    }
}

/// Contacts that stand for themselves; archived ones only if asked for.
fn live_ids(conn: &Connection, archived: bool) -> Result<Vec<PersonId>> {
    let mut ids = contacts::ids(conn)?;
    if !archived {
        let live: HashSet<PersonId> =
            names(conn)?.into_iter().filter(|(_, _, archived)| !archived).map(|(id, ..)| id).collect();
        ids.retain(|id| live.contains(id));
    }
    Ok(ids)
}

fn names(conn: &Connection) -> Result<Vec<(PersonId, String, bool)>> {
    let doing = || "read the names".to_owned();
    conn.prepare_cached("SELECT id, name, archived_at IS NOT NULL FROM contact ORDER BY id")
        .doing(doing)?
        .query_map([], |row| Ok((PersonId(row.get(0)?), row.get(1)?, row.get(2)?)))
        .and_then(Iterator::collect)
        .doing(doing)
}

fn values(conn: &Connection, list: List) -> Result<Vec<(PersonId, String)>> {
    let doing = || "look for a person".to_owned();
    let winners = facts::winners(conn)?;
    conn.prepare(&format!("SELECT contact_id, \"{}\" FROM {} ORDER BY id", list.value_column(), list.table()))
        .doing(doing)?
        .query_map([], |row| {
            let id: i64 = row.get(0)?;
            Ok((PersonId(winners.get(&id).copied().unwrap_or(id)), row.get(1)?))
        })
        .and_then(Iterator::collect)
        .doing(doing)
}

/// What somebody typed to name a person, in the forms that are compared.
struct Searched {
    text: String,
    folded: String,
    email: String,
    /// The digits, if it is written as a telephone number is.
    digits: Option<String>,
    /// A whole telephone number's key.
    phone: Option<String>,
}

impl Searched {
    fn new(text: &str) -> Self {
        let digits: String = text.chars().filter(char::is_ascii_digit).collect();
        let number = text.chars().all(|c| c.is_ascii_digit() || " +-/().".contains(c));
        Self {
            text: text.trim().to_lowercase(),
            folded: fold(text),
            email: email_key(text),
            // The trunk zero is written only without a country code.
            phone: phone_key(text).filter(|_| number),
            digits: (number && digits.len() >= 3).then(|| digits.trim_start_matches('0').to_owned()),
        }
    }

    fn in_name(&self, name: &str) -> Option<Fit> {
        if self.folded.is_empty() || self.email.contains('@') {
            // Signs alone, or an address, which is nobody's part of a name.
            let whole = !self.text.is_empty() && name.trim().to_lowercase() == self.text;
            return whole.then_some(Fit::Whole);
        }
        fit(name, &self.folded)
    }

    fn in_email(&self, address: &str) -> Option<Fit> {
        if !self.email.contains('@') {
            return None;
        }
        match email_key(address) {
            key if key == self.email => Some(Fit::Whole),
            key if key.starts_with(&self.email) => Some(Fit::Begins),
            key => key.contains(&self.email).then_some(Fit::Within),
        }
    }

    /// Whether a contact has it in anything that a list is searched by.
    fn is_in(&self, content: &Content) -> bool {
        let texts = [Column::Name, Column::Organization, Column::Circle].iter();
        let texts = texts.filter_map(|&column| content.column(column));
        let values = |list| content.list(list).iter().map(|item| item.value.as_str());
        let named = texts.chain(values(List::Nickname)).chain(values(List::Category));
        let in_number = |number: &str| {
            let digits: String = number.chars().filter(char::is_ascii_digit).collect();
            self.digits.as_ref().is_some_and(|searched| digits.contains(searched))
                || self.phone.as_ref().is_some_and(|searched| {
                    // Without its extension a number finds all who are behind it.
                    phone_key(number).is_some_and(|key| {
                        key.strip_prefix(searched)
                            .is_some_and(|rest| rest.is_empty() || rest.starts_with('x'))
                    })
                })
        };
        named.into_iter().chain(values(List::Address)).any(|text| self.in_name(text).is_some())
            || values(List::Email).any(|address| address.to_lowercase().contains(&self.text))
            || values(List::Phone).any(in_number)
    }
}
