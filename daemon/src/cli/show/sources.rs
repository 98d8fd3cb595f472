//! `kith show --sources`: who says what.

use std::collections::HashMap;
use std::io::Write;

use serde_json::{Map, Value, json};

use super::super::screen::{labelled, out, wrapped};
use super::Done;
use crate::core::account::word_for;
use crate::core::facts::PersonId;
use crate::core::provenance::{Said, Who};
use crate::core::text;
use crate::error::Result;
use crate::store::{Edit, Sourced, Sources, Store};

/// In which column a value stands, and in which who says it.
const VALUE: usize = 20;
const WHO: usize = 22;

/// Where a card comes from, in words.
pub(in crate::cli) fn card(card: &Sourced) -> String {
    let on = card.at.get(..10).unwrap_or(&card.at);
    let file = text::name(&card.file_name);
    // A file of a folder names that already.
    let book = if card.file_name.starts_with(&card.source) {
        String::new()
    } else {
        format!(" of the address book {}", text::name(&card.source))
    };
    format!("{file}, line {}{book} ({}, on {on})", card.line, card.importer)
}

/// The same for programs.
pub(in crate::cli) fn card_json(card: &Sourced) -> Value {
    json!({
        "importer": card.importer,
        "file": card.file_name,
        "line": card.line,
        "imported_at": card.at,
        "source": card.source,
        "reason": card.reason,
    })
}

fn edit(edit: &Edit) -> String {
    let on = edit.at.get(..10).unwrap_or(&edit.at);
    match edit.origin.as_str() {
        "database" => format!("you, in the database (on {on})"),
        origin => format!("you, on the {origin} (on {on})"),
    }
}

fn edit_json(edit: &Edit) -> Value {
    json!({ "by": edit.origin, "at": edit.at })
}

/// Everything that is said of somebody, and by whom.
pub(super) struct Told {
    sources: Sources,
    cards: HashMap<i64, Sourced>,
}

impl Told {
    pub(super) fn of(store: &Store, id: PersonId, cards: &[Sourced]) -> Result<Self> {
        let cards = cards.iter().map(|card| (card.id, card.clone())).collect();
        Ok(Self { sources: store.sources(id)?, cards })
    }

    /// Prints it, field by field.
    pub(super) fn print(&self) -> Done {
        let mut out = out();
        for field in &self.sources.fields {
            let word = word_for(field.name);
            let mut chars = word.chars();
            let label =
                chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect::<String>();
            for said in &field.said {
                let value = said.value.as_deref().unwrap_or("nothing");
                let label_of = said
                    .label
                    .as_ref()
                    .map_or_else(String::new, |label| format!(" ({})", text::label(label)));
                let not = if said.counts { "" } else { ", which does not count" };
                write!(
                    out,
                    "{}",
                    labelled(&format!("  {label}"), VALUE, &format!("{value}{label_of}{not}"))
                )?;
                for who in self.who(said) {
                    write!(out, "{}", wrapped(&who, WHO))?;
                }
            }
        }
        Ok(())
    }

    fn who(&self, said: &Said) -> Vec<String> {
        let by = said.by.iter().filter_map(|who| match who {
            Who::Card(id) => self.cards.get(id).map(card),
            Who::Change(n) => self.sources.edits.get(n).map(edit),
        });
        let over = said.overruled_by.and_then(|n| self.sources.edits.get(&n));
        by.chain(over.map(|by| format!("overruled by {}", edit(by)))).collect()
    }

    /// The same for programs: an array for each field.
    pub(super) fn json(&self) -> Value {
        let who = |who: &Who| match who {
            Who::Card(id) => self.cards.get(id).map(card_json),
            Who::Change(n) => self.sources.edits.get(n).map(edit_json),
        };
        let said = |said: &Said| {
            let over = said.overruled_by.and_then(|n| self.sources.edits.get(&n));
            json!({
                "value": said.value,
                "label": said.label,
                "counts": said.counts,
                "from": said.by.iter().filter_map(who).collect::<Value>(),
                "overruled_by": over.map(edit_json),
            })
        };
        let fields = self.sources.fields.iter();
        Value::Object(
            fields
                .map(|field| (field.name.to_owned(), field.said.iter().map(said).collect()))
                .collect::<Map<_, _>>(),
        )
    }
}
