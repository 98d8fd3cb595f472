//! An export as JSON: all that kith knows, with the names of JSContact (RFC
//! 9553) where it has them.

use std::io::Write;

use serde_json::{Value, json};

use crate::cli::Done;
use crate::cli::screen::write_json;
use crate::core::contact::Column;
use crate::core::export::{Exported, fields};
use crate::core::facts::PersonId;
use crate::core::memo::Memo;
use crate::error::{Error, Result};
use crate::store::{Logged, Store};

/// Writes an array, one contact at a time.
pub(super) fn write(out: &mut dyn Write, raw: bool, store: &Store, people: &[PersonId]) -> Done {
    let histories = store.histories()?;
    write!(out, "[")?;
    for (at, &id) in people.iter().enumerate() {
        let exported = store.exported(id, "vcard")?;
        let history = histories.get(&id).map(Vec::as_slice).unwrap_or_default();
        let mut contact = contact(&exported, id, history, &store.memos(id)?)?;
        if raw {
            contact["cards"] = originals(store, id)?;
        }
        out.write_all(if at == 0 { b"\n" } else { b",\n" })?;
        let text = serde_json::to_string_pretty(&contact).map_err(|error| fault(&error))?;
        write_json(&mut *out, &text)?;
    }
    writeln!(out, "]")?;
    Ok(())
}

/// What an importer would say of somebody, and what kith alone knows.
fn contact(exported: &Exported, id: PersonId, history: &[Logged], memos: &[Memo]) -> Result<Value> {
    let mut value = serde_json::to_value(fields(exported)).map_err(|error| fault(&error))?;
    let column = |column| exported.content.column(column);
    value["id"] = json!(id.to_string());
    value["circle"] = json!(column(Column::Circle));
    value["comfort"] = json!(column(Column::Comfort));
    value["comfortUntil"] = json!(column(Column::ComfortUntil));
    value["ideal"] = json!(column(Column::Ideal));
    value["latest"] = json!(column(Column::Latest));
    value["archivedAt"] = json!(column(Column::ArchivedAt));
    value["ease"] = json!(column(Column::Ease));
    value["channel"] = json!(column(Column::Channel));
    value["setting"] = json!(column(Column::Setting));
    value["bestTime"] = json!(column(Column::BestTime));
    value["language"] = json!(column(Column::Language));
    value["timeLimit"] = json!(column(Column::TimeLimit));
    value["hesitation"] = json!(column(Column::Hesitation));
    value["howMet"] = json!(column(Column::HowMet));
    value["memos"] = memos
        .iter()
        .map(|memo| json!({ "kind": memo.kind.to_string(), "what": memo.what, "entered": memo.entered.to_string() }))
        .collect();
    value["interactions"] = history
        .iter()
        .map(|logged| json!({ "day": logged.day.to_string(), "how": logged.how.to_string(), "what": logged.what }))
        .collect();
    Ok(value)
}

fn originals(store: &Store, id: PersonId) -> Result<Value> {
    let cards = store.originals(id)?;
    Ok(cards.into_iter().map(|(importer, raw)| json!({ "importer": importer, "raw": raw })).collect())
}

fn fault(error: &serde_json::Error) -> Error {
    Error::internal(format!("a contact could not be written as JSON: {error}"))
}
