//! Reads the JSON export of Monica 4 (monicahq) for kith.
//!
//! | step | module |
//! |---|---|
//! | the document is read as a stream, and its lines are counted | `source`, `export` |
//! | values are looked into, whatever shape they came in | `json` |
//! | who is who: names, addresses and relationships | `people`, `contact` |
//! | what kith has no field for becomes notes | `notes` |
//! | calls, conversations and activities become interactions | `history` |

mod contact;
mod export;
mod history;
mod json;
mod notes;
mod people;
mod source;

use std::collections::{HashMap, HashSet};
use std::io::{BufReader, Cursor, Read};

use kith_plugin::{Failure, Importer, Output, Part, Place, Record, add, foreign};
use serde_json::Value;

use crate::export::{Activity, Export, Held, Relationship};
use crate::people::People;

/// How much of a file is looked at to tell what it is.
const HEAD: u64 = 512;

/// The largest contact that is taken, in bytes. What kith is told of one is at
/// most three times as long, and a line of the protocol has room for 16 MiB.
const LARGEST_CONTACT: usize = 4 << 20;

/// The importer of Monica's exports.
#[derive(Debug, Clone, Copy, Default)]
pub struct Monica;

impl Importer for Monica {
    const NAME: &'static str = "monica";

    fn import(&mut self, part: &mut Part<'_>, out: &mut Output<'_>) -> Result<(), Failure> {
        let mut head = Vec::new();
        part.by_ref().take(HEAD).read_to_end(&mut head)?;
        if let Some(failure) = no_json(&head) {
            return Err(failure);
        }
        let place = part.place(0);
        let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head);
        let export = Export::read(BufReader::new(Cursor::new(text).chain(part)))?;
        if !export.has_data {
            return Err(no_export(&export));
        }
        Book::new(&export).tell(place, out)
    }
}

/// That a file is no JSON at all, if its beginning shows it.
fn no_json(head: &[u8]) -> Option<Failure> {
    if head.is_empty() {
        return Some(Failure::empty());
    }
    let kind = foreign::looks_like(head).filter(|kind| *kind != "a JSON file")?;
    Some(advise(Failure::input(format!("the file is no JSON: it looks like {kind}"))))
}

fn no_export(export: &Export) -> Failure {
    let reason = match &export.app_version {
        Some(version) => {
            format!("the file is an export of a version of Monica that kith does not read ({version})")
        }
        None => "the file is JSON, but no export of Monica 4, nor of kith".to_owned(),
    };
    advise(Failure::input(reason))
}

fn advise(failure: Failure) -> Failure {
    failure.hint(
        "of JSON kith reads what Monica 4 writes with Settings, Export data, Export to JSON, and what kith export --format json writes; of other versions and programs export the contacts as vCard",
    )
}

/// An export with what its parts say of one another.
struct Book<'e> {
    export: &'e Export,
    people: People,
    /// Names that several people have.
    shared_names: HashSet<String>,
    /// By the contact on whose page they stand.
    relationships: HashMap<&'e str, Vec<&'e Relationship>>,
    activities: HashMap<&'e str, &'e Activity>,
}

impl<'e> Book<'e> {
    fn new(export: &'e Export) -> Self {
        let mut relationships: HashMap<&str, Vec<&Relationship>> = HashMap::new();
        for relationship in &export.relationships {
            relationships.entry(&relationship.contact).or_default().push(relationship);
        }
        let activities =
            export.activities.iter().map(|activity| (activity.uuid.as_str(), activity)).collect();
        let people = people::people(export);
        let mut names = HashSet::new();
        let shared = people.values().filter_map(|person| person.party.name.as_ref());
        let shared_names = shared.filter(|name| !names.insert(*name)).cloned().collect();
        Self { export, people, shared_names, relationships, activities }
    }

    /// What names somebody to whoever is related to them: their name, or their
    /// UUID where that is several people's name and there is a record of theirs.
    fn named(&self, uuid: &str) -> String {
        let name = |person: &&people::Person| person.party.name.clone();
        let clear = |person: &&people::Person| {
            person.is_partial
                || person.party.name.as_ref().is_some_and(|name| !self.shared_names.contains(name))
        };
        self.people.get(uuid).filter(clear).as_ref().and_then(name).unwrap_or_else(|| uuid.to_owned())
    }

    /// Writes all there is.
    fn tell(&self, start: Place, out: &mut Output<'_>) -> Result<(), Failure> {
        let at = |line| Place { line, ..start };
        for held in &self.export.contacts {
            if let Err(reason) = self.tell_contact(held, at(held.line), out)? {
                out.skipped(at(held.line), reason)?;
            }
        }
        let participants = history::participants(&self.people);
        for activity in &self.export.activities {
            let with = participants.get(activity.uuid.as_str()).map_or(&[][..], Vec::as_slice);
            match history::of_activity(activity, with, at(activity.line)) {
                Ok(interaction) => out.interaction(interaction)?,
                Err(reason) => out.skipped(at(activity.line), reason)?,
            }
        }
        let missing = participants.keys().filter(|uuid| !self.activities.contains_key(*uuid)).count();
        if missing > 0 {
            out.skipped(
                start,
                format!("{missing} × activity that contacts took part in is not in the file"),
            )?;
        }
        for (line, kind, count) in &self.export.left_out {
            let kind = if kind.is_empty() { "value of no kind" } else { kind };
            out.skipped(
                at(*line),
                format!("{count} × {}: kith has no place for these", kind.replace('_', " ")),
            )?;
        }
        Ok(())
    }

    /// Writes a contact and the talks with it, or gives the reason why not.
    fn tell_contact(
        &self,
        held: &Held,
        at: Place,
        out: &mut Output<'_>,
    ) -> Result<Result<(), String>, Failure> {
        let original = held.text.get();
        if original.len() > LARGEST_CONTACT {
            return Ok(Err(format!("the contact is larger than {} MiB", LARGEST_CONTACT >> 20)));
        }
        let value: Value = match serde_json::from_str(original) {
            Ok(value @ Value::Object(_)) => value,
            _ => return Ok(Err("the contact is not written as Monica writes contacts".to_owned())),
        };
        let person = people::person(&value, self.export);
        let name = person.party.name.as_deref().unwrap_or("somebody");
        if person.party.me {
            return Ok(Err(format!("{name} is you, as Monica knows")));
        }
        if person.is_partial {
            return Ok(Err(format!(
                "{name} has no page of their own in Monica, and is named with their relatives"
            )));
        }
        let (mut contact, mut warnings) = contact::read(&value, self);
        if !contact.is_somebody() {
            return Ok(
                Err("the contact has no name, organisation, email address or phone number".to_owned()),
            );
        }
        let told = history::of_contact(&value, &person, self, at);
        told.notes.into_iter().for_each(|note| add(&mut contact.notes, note));
        warnings.extend(told.warnings);
        warnings.truncate(kith_plugin::MOST);
        out.contact(Record { at, contact, raw: original.to_owned(), warnings })?;
        for interaction in told.interactions {
            out.interaction(interaction)?;
        }
        Ok(Ok(()))
    }
}
