//! An export as JSON: all that kith knows, with the names of JSContact (RFC
//! 9553) where it has them.

use std::collections::BTreeMap;
use std::io::Write;

use kith_plugin::Contact;
use serde::Serialize;
use serde_json::{Value, json};

use crate::cli::Done;
use crate::cli::screen::write_json;
use crate::core::contact::Column;
use crate::core::export::{Exported, fields};
use crate::core::facts::PersonId;
use crate::core::memo::Memo;
use crate::error::{Error, Result};
use crate::store::{Logged, Store};

/// Who reads it back.
const IMPORTER: &str = "json";

/// Writes an array, a contact a line.
pub(super) fn write(out: &mut dyn Write, raw: bool, store: &Store, people: &[PersonId]) -> Done {
    let histories = store.histories()?;
    out.write_all(b"[\n")?;
    for (at, &id) in people.iter().enumerate() {
        let exported = store.exported(id, IMPORTER)?;
        let history = histories.get(&id).map(Vec::as_slice).unwrap_or_default();
        let cards = if raw { Some(originals(store, id)?) } else { None };
        let mut text = serde_json::to_string(&row(&exported, id, history, &store.memos(id)?, cards))
            .map_err(|error| fault(&error))?;
        if at + 1 < people.len() {
            text.push(',');
        }
        write_json(&mut *out, &text)?;
    }
    out.write_all(b"]\n")?;
    Ok(())
}

/// A contact: what an importer would say of them, and what kith alone knows. The UID stands first,
/// by which kith knows the file.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'e> {
    #[serde(flatten)]
    said: Contact,
    id: String,
    circle: Option<&'e str>,
    comfort: Option<&'e str>,
    comfort_until: Option<&'e str>,
    ideal: Option<&'e str>,
    latest: Option<&'e str>,
    archived_at: Option<&'e str>,
    #[serde(flatten)]
    preferences: BTreeMap<&'static str, &'e str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    memos: Vec<Value>,
    interactions: Vec<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cards: Option<Value>,
}

/// Preferences with their names.
const PREFERENCES: [(Column, &str); 8] = [
    (Column::Ease, "ease"),
    (Column::Channel, "channel"),
    (Column::Setting, "setting"),
    (Column::BestTime, "bestTime"),
    (Column::Language, "language"),
    (Column::TimeLimit, "timeLimit"),
    (Column::Hesitation, "hesitation"),
    (Column::HowMet, "howMet"),
];

fn row<'e>(
    exported: &'e Exported,
    id: PersonId,
    history: &[Logged],
    memos: &[Memo],
    cards: Option<Value>,
) -> Row<'e> {
    let column = |column| exported.content.column(column);
    Row {
        said: fields(exported),
        id: id.to_string(),
        circle: column(Column::Circle),
        comfort: column(Column::Comfort),
        comfort_until: column(Column::ComfortUntil),
        ideal: column(Column::Ideal),
        latest: column(Column::Latest),
        archived_at: column(Column::ArchivedAt),
        preferences: PREFERENCES.iter().filter_map(|&(of, name)| Some((name, column(of)?))).collect(),
        memos: memos
            .iter()
            .map(|memo| json!({ "kind": memo.kind.to_string(), "what": memo.what, "entered": memo.entered.to_string() }))
            .collect(),
        interactions: history
            .iter()
            .map(|logged| json!({ "day": logged.day.to_string(), "how": logged.how.to_string(), "what": logged.what }))
            .collect(),
        cards,
    }
}

fn originals(store: &Store, id: PersonId) -> Result<Value> {
    let cards = store.originals(id)?;
    Ok(cards.into_iter().map(|(importer, raw)| json!({ "importer": importer, "raw": raw })).collect())
}

fn fault(error: &serde_json::Error) -> Error {
    Error::internal(format!("a contact could not be written as JSON: {error}"))
}
