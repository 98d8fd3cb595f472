//! What became of one record, in words and for programs.

use serde_json::{Value, json};

use crate::core::text;
use crate::store::{Contradiction, Detail, Difference, Field, Said, What};

/// A line is to be read at a glance.
const MOST: usize = 60;

/// What follows a record's name, and what of the contact changed, a line each. With `values` these
/// say from what to what; without them the fields are named behind the name.
pub(super) fn explained(what: &What, values: bool) -> (String, Vec<String>) {
    match what {
        What::New { organization, fields } => {
            let organization = if *organization { " (organisation)" } else { "" };
            let fields = Some(named(fields)).filter(|fields| values && !fields.is_empty());
            (
                format!("{organization}{}", fields.map_or_else(String::new, |fields| format!(": {fields}"))),
                Vec::new(),
            )
        }
        What::Updated { reason, differences, merged } => {
            let mut lines: Vec<String> = merged
                .iter()
                .map(|(id, name)| format!("the same person: {} (id {id})", text::name(name)))
                .collect();
            if values {
                lines.extend(differences.each().iter().map(change));
                return (format!(" (known by {reason})"), lines);
            }
            let removed = Some(named(&differences.removed())).filter(|removed| !removed.is_empty());
            let parts: Vec<String> = Some(named(&differences.updated()))
                .filter(|updated| !updated.is_empty())
                .into_iter()
                .chain(removed.map(|removed| format!("removed: {removed}")))
                .collect();
            let colon = if parts.is_empty() { "" } else { ": " };
            (format!("{colon}{} (known by {reason})", parts.join("; ")), lines)
        }
        What::Unchanged => (String::new(), Vec::new()),
        What::Review { twin, why } => {
            let twin = text::name(twin);
            (format!(" may be {twin}, who was known before: {why}"), Vec::new())
        }
    }
}

/// In what a record contradicts others, a line for each field.
pub(super) fn contradictions(detail: &Detail) -> Vec<String> {
    let quoted = |value: &str| text::cut(value, MOST).into_owned();
    let told = |one: &Contradiction| {
        let others: Vec<String> = one.others.iter().map(|other| quoted(other)).collect();
        let counts = match &one.counts {
            Some(counts) if *counts == one.says => ", and this one counts now".to_owned(),
            Some(counts) if one.others.len() > 1 => format!(", and {} counts", quoted(counts)),
            Some(counts) if one.others.contains(counts) => ", which counts".to_owned(),
            _ => String::new(),
        };
        format!(
            "contradicts: {} {}, elsewhere {}{counts}",
            word_for(one.field),
            quoted(&one.says),
            others.join(" and ")
        )
    };
    detail.contradicts.iter().map(told).collect()
}

/// The record for programs.
pub(super) fn json(detail: &Detail) -> Value {
    let (what, more) = match &detail.what {
        What::New { organization, fields } => {
            ("new", json!({ "organization": organization, "fields": fields }))
        }
        What::Updated { reason, differences, merged } => {
            let said = |said: &Option<Said>| {
                said.as_ref().map(
                    |Said { value, label, pref }| json!({ "value": value, "label": label, "pref": pref }),
                )
            };
            let merged: Vec<Value> =
                merged.iter().map(|(id, name)| json!({ "id": id.to_string(), "name": name })).collect();
            let changes: Vec<Value> = differences
                .each()
                .iter()
                .map(|Difference { field, old, new }| {
                    json!({ "field": field, "old": said(old), "new": said(new) })
                })
                .collect();
            (
                "updated",
                json!({
                    "reason": reason.to_string(),
                    "fields": differences.fields(),
                    "removed": differences.removed(),
                    "changes": changes,
                    "merged": merged,
                }),
            )
        }
        What::Unchanged => ("unchanged", json!({})),
        What::Review { twin, why } => ("review", json!({ "twin": twin, "reason": why })),
    };
    let mut record = json!({
        "what": what,
        "line": detail.at.line,
        "person": detail.person.to_string(),
        "name": detail.name,
        "warnings": detail.warnings,
        "contradicts": detail.contradicts.iter().map(contradiction).collect::<Vec<_>>(),
    });
    if let (Some(record), Value::Object(more)) = (record.as_object_mut(), more) {
        record.extend(more);
    }
    record
}

fn contradiction(one: &Contradiction) -> Value {
    json!({ "field": one.field, "says": one.says, "others": one.others, "counts": one.counts })
}

fn named<'a>(fields: impl IntoIterator<Item = &'a Field>) -> String {
    fields.into_iter().map(|field| word_for(field)).collect::<Vec<_>>().join(", ")
}

/// A field's name in the database as people say it.
fn word_for(field: &str) -> &str {
    match field {
        "given_name" => "given name",
        "family_name" => "family name",
        "organization" => "organisation",
        "anniversary" => "date",
        "tie" => "related person",
        "category" => "label",
        other => other,
    }
}

/// One value that came (`email: + anna@example.org (work)`), went, or became another.
fn change(Difference { field, old, new }: &Difference) -> String {
    let value = |said: &Said| text::cut(&said.value, MOST).into_owned();
    let whole = |said: &Said| match &said.label {
        Some(label) => format!("{} ({})", value(said), text::cut(&text::label(label), MOST)),
        None => value(said),
    };
    let said = match (old, new) {
        (None, Some(new)) => format!("+ {}", whole(new)),
        (Some(old), None) => format!("− {}", whole(old)),
        (Some(old), Some(new)) if whole(old) != whole(new) => format!("{} → {}", whole(old), whole(new)),
        (Some(_), Some(new)) if old.as_ref().and_then(|old| old.pref) != new.pref => match new.pref {
            Some(1) => format!("{}: now the preferred one", whole(new)),
            Some(_) => format!("{}: its place in the order of preference", whole(new)),
            None => format!("{}: no longer a preferred one", whole(new)),
        },
        // The values are longer than what is shown of them.
        (Some(_), Some(new)) => format!("{}: further on", whole(new)),
        (None, None) => String::new(),
    };
    format!("{}: {said}", word_for(field))
}
