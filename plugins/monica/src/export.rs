//! The document, read as a stream: contacts and what belongs to them are kept,
//! pictures and settings are passed over without being held.
//!
//! What a contact's addresses are stands at the end of the document, with whom
//! somebody met behind all contacts. So the contacts' own text is held until
//! the end, up to [`MOST_HELD`]; one contact at a time is then taken apart.

use std::collections::HashMap;
use std::fmt;
use std::io::BufRead;

use kith_plugin::Failure;
use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::Value;
use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::json::{property, text};
use crate::source::{Position, Source};

/// The most of a document that is held at one time, in bytes: more than ten
/// thousand contacts, most of which is indentation.
const MOST_HELD: usize = 128 << 20;

/// The largest single value that is read at all.
const LARGEST_VALUE: u64 = 64 << 20;

/// What an export holds that kith uses.
#[derive(Debug, Default)]
pub(crate) struct Export {
    /// The version of Monica that wrote it.
    pub(crate) app_version: Option<String>,
    /// Whether there is an account with its data: whether it is an export at all.
    pub(crate) has_data: bool,
    /// The contact that is the user, by its UUID.
    pub(crate) me: Vec<String>,
    pub(crate) contacts: Vec<Held>,
    pub(crate) relationships: Vec<Relationship>,
    pub(crate) activities: Vec<Activity>,
    /// Kinds of contact fields by their UUID.
    pub(crate) field_types: HashMap<String, FieldType>,
    /// Kinds of life events and of activities by their UUID: `new_job`, `watched_movie_at_home`.
    pub(crate) event_types: HashMap<String, String>,
    /// What kith has no place for: the line, what it is and how many of it.
    pub(crate) left_out: Vec<(u64, String, u64)>,
    held: usize,
}

/// A contact as it stood.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) line: u64,
    pub(crate) text: Box<RawValue>,
}

/// Who somebody is to somebody.
#[derive(Debug)]
pub(crate) struct Relationship {
    /// On whose page the relationship stands.
    pub(crate) contact: String,
    /// Who it is with.
    pub(crate) other: String,
    /// What the other one is to the contact: `child`, `bestfriend`.
    pub(crate) kind: String,
}

/// What the user did with people. Contacts say who took part.
#[derive(Debug)]
pub(crate) struct Activity {
    pub(crate) line: u64,
    pub(crate) uuid: String,
    pub(crate) happened_at: String,
    pub(crate) summary: Option<String>,
    pub(crate) description: Option<String>,
    /// `watched movie at home`.
    pub(crate) kind: Option<String>,
}

/// A kind of contact field.
#[derive(Debug, Default)]
pub(crate) struct FieldType {
    pub(crate) name: Option<String>,
    /// What comes before the value in an address: `mailto:`, `https://facebook.com/`.
    pub(crate) protocol: Option<String>,
    /// `email` or `phone`.
    pub(crate) kind: Option<String>,
}

impl Export {
    /// Reads a document to its end.
    ///
    /// # Errors
    /// If it is not whole, or no JSON, or too large.
    pub(crate) fn read(input: impl BufRead) -> Result<Self, Failure> {
        let position = Position::default();
        position.allow(LARGEST_VALUE);
        let mut export = Self::default();
        let mut parser = serde_json::Deserializer::from_reader(Source::new(input, &position));
        let mut outer = Walk { export: &mut export, position: &position, at: At::Document };
        let read = outer.by_ref().deserialize(&mut parser).and_then(|()| parser.end());
        match read {
            Ok(()) => {
                // Which kinds there are stands behind them.
                for activity in &mut export.activities {
                    let kind = activity.kind.take().and_then(|uuid| export.event_types.get(&uuid));
                    activity.kind = kind.map(|kind| kind.replace('_', " "));
                }
                Ok(export)
            }
            Err(_) if export.held > MOST_HELD => Err(Failure::input(format!(
                "its contacts are more than the {} MiB that kith reads of one export",
                MOST_HELD >> 20
            ))),
            Err(error) => Err(failure(error, &position)),
        }
    }

    /// Takes a value of one of the account's collections.
    fn take(&mut self, kind: &str, line: u64, raw: Box<RawValue>) -> Result<(), &'static str> {
        self.held += raw.get().len();
        if self.held > MOST_HELD {
            return Err("too much");
        }
        if kind == "contact" {
            self.contacts.push(Held { line, text: raw });
            return Ok(());
        }
        // A value whose nesting has no end is none that Monica wrote.
        let value: Value = serde_json::from_str(raw.get()).unwrap_or_default();
        let said = |key: &str| text(property(&value, key));
        match kind {
            "user" => self.me.extend(said("me_contact")),
            "relationship" => {
                if let (Some(contact), Some(other), Some(kind)) =
                    (said("contact_is"), said("of_contact"), said("type"))
                {
                    self.relationships.push(Relationship { contact, other, kind });
                } else {
                    self.left_out.push((line, "relationship without names".to_owned(), 1));
                }
            }
            "activity" => self.activities.push(Activity {
                line,
                uuid: text(&value["uuid"]).unwrap_or_default(),
                happened_at: said("happened_at").unwrap_or_default(),
                summary: said("summary"),
                description: said("description"),
                kind: said("type"),
            }),
            "life_event_type" | "activity_type" => {
                self.event_types
                    .extend(text(&value["uuid"]).zip(said("translation_key").or_else(|| said("name"))));
            }
            _ => {
                if let Some(uuid) = text(&value["uuid"]) {
                    let (name, protocol, kind) = (said("name"), said("protocol"), said("type"));
                    self.field_types.insert(uuid, FieldType { name, protocol, kind });
                }
            }
        }
        Ok(())
    }
}

fn failure(error: serde_json::Error, position: &Position) -> Failure {
    let line = error.line();
    match error.classify() {
        Category::Io if position.is_used_up() => Failure::input(format!(
            "the value in line {} is larger than {} MiB",
            position.line(),
            LARGEST_VALUE >> 20
        )),
        Category::Io => Failure::Io(error.into()),
        Category::Eof => Failure::input(format!("the file ends in line {line}, before the export does"))
            .hint("export again, or wait until the copy of the file is complete"),
        Category::Syntax | Category::Data => {
            Failure::input(format!("the file cannot be read as JSON in line {line}: {error}"))
                .hint("export again: in Monica with Settings, Export data, Export to JSON, or with kith export --format json")
        }
    }
}

/// Where in the document the parser is.
#[derive(Debug, Clone, PartialEq, Eq)]
enum At {
    Document,
    Account,
    /// The collections of the account.
    Collections,
    Collection,
    /// The values of a collection of this kind.
    Values(String),
    Properties,
    Instance,
}

/// Goes through the document, level by level.
struct Walk<'e> {
    export: &'e mut Export,
    position: &'e Position,
    at: At,
}

impl Walk<'_> {
    fn at(&mut self, at: At) -> Walk<'_> {
        Walk { export: self.export, position: self.position, at }
    }

    fn by_ref(&mut self) -> Walk<'_> {
        let at = self.at.clone();
        self.at(at)
    }
}

impl<'de> DeserializeSeed<'de> for Walk<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Walk<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an export of Monica")
    }

    fn visit_map<M: MapAccess<'de>>(mut self, mut map: M) -> Result<(), M::Error> {
        let mut kind = None;
        loop {
            self.position.allow(LARGEST_VALUE);
            let Some(key) = map.next_key::<String>()? else { return Ok(()) };
            let next = match (&self.at, key.as_str()) {
                (At::Document, "app_version") => {
                    self.export.app_version = text(&map.next_value()?);
                    continue;
                }
                (At::Document, "account") => At::Account,
                (At::Account, "data") => At::Collections,
                (At::Account, "properties") => At::Properties,
                (At::Account, "instance") => At::Instance,
                (At::Collection, "type") => {
                    kind = text(&map.next_value()?);
                    continue;
                }
                // Which kind they are is said before them; if not, they are told of as unknown.
                (At::Collection, "values") => At::Values(kind.clone().unwrap_or_default()),
                (At::Properties, "journal_entries") => At::Values("journal entry".to_owned()),
                (At::Instance, "life_event_types") => At::Values("life_event_type".to_owned()),
                (At::Instance, "activity_types") => At::Values("activity_type".to_owned()),
                (At::Instance, "contact_field_types") => At::Values("contact_field_type".to_owned()),
                _ => {
                    self.position.allow(u64::MAX);
                    map.next_value::<IgnoredAny>()?;
                    continue;
                }
            };
            map.next_value_seed(self.at(next))?;
        }
    }

    fn visit_seq<S: SeqAccess<'de>>(mut self, mut seq: S) -> Result<(), S::Error> {
        match self.at.clone() {
            At::Collections => {
                self.export.has_data = true;
                while seq.next_element_seed(self.at(At::Collection))?.is_some() {}
            }
            At::Values(kind) if is_used(&kind) => loop {
                self.position.allow(LARGEST_VALUE);
                let Some((line, raw)) = seq.next_element_seed(Raw(self.position))? else { break };
                self.export.take(&kind, line, raw).map_err(S::Error::custom)?;
            },
            at => {
                let (line, mut count) = (self.position.line(), 0);
                self.position.allow(u64::MAX);
                while seq.next_element::<IgnoredAny>()?.is_some() {
                    count += 1;
                }
                if let At::Values(kind) = at
                    && count > 0
                    && !is_setting(&kind)
                {
                    self.export.left_out.push((line, kind, count));
                }
            }
        }
        Ok(())
    }

    // Anything else in a place of these is not what Monica writes; what is then
    // missing is told of in the end.
    fn visit_unit<E>(self) -> Result<(), E> {
        Ok(())
    }

    fn visit_bool<E>(self, _: bool) -> Result<(), E> {
        Ok(())
    }

    fn visit_u64<E>(self, _: u64) -> Result<(), E> {
        Ok(())
    }

    fn visit_i64<E>(self, _: i64) -> Result<(), E> {
        Ok(())
    }

    fn visit_f64<E>(self, _: f64) -> Result<(), E> {
        Ok(())
    }

    fn visit_str<E>(self, _: &str) -> Result<(), E> {
        Ok(())
    }
}

/// Whether values of this kind are looked at.
fn is_used(kind: &str) -> bool {
    let used = [
        "user",
        "contact",
        "relationship",
        "activity",
        "activity_type",
        "contact_field_type",
        "life_event_type",
    ];
    used.contains(&kind)
}

/// Whether values of this kind are settings of Monica, and nobody's data.
fn is_setting(kind: &str) -> bool {
    kind.starts_with("addressbook") || kind.starts_with("address_book")
}

/// A value as it stands, and in which line it begins.
struct Raw<'p>(&'p Position);

impl<'de> DeserializeSeed<'de> for Raw<'_> {
    type Value = (u64, Box<RawValue>);

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        let line = self.0.line();
        Ok((line, Box::deserialize(deserializer)?))
    }
}
