//! What Monica knows and kith has no field for: it becomes notes of the contact.

use std::collections::HashMap;

use kith_plugin::{Draft, add};
use serde_json::Value;

use crate::json::{collections, day, is_true, one_line, property, text};

/// Adds notes of all that a contact has and kith has no field for. `event_types`
/// are the kinds of life events by their UUID; `named` names somebody by theirs.
pub(crate) fn take(
    contact: &Value,
    event_types: &HashMap<String, String>,
    named: &dyn Fn(&str) -> String,
    draft: &mut Draft,
) {
    for (key, title) in [("description", ""), ("food_preferences", "Food: ")] {
        if let Some(said) = text(property(contact, key)) {
            add(&mut draft.contact.notes, format!("{title}{said}"));
        }
    }
    if let Some(days) = property(contact, "stay_in_touch_frequency").as_u64().filter(|days| *days > 0) {
        add(&mut draft.contact.notes, format!("Stay in touch: every {days} days"));
    }
    let birthday = day(&property(contact, "birthdate")["date"]);
    for (kind, values) in collections(contact) {
        let note: &dyn Fn(&Value) -> Option<String> = match kind {
            "note" => &note,
            "reminder" => &reminder,
            "task" => &task,
            "gift" => &|present| gift(present, named),
            "debt" => &debt,
            "pet" => &pet,
            "life_event" => &|event| life_event(event, event_types),
            // What these say is elsewhere in the contact, or told of on its own.
            "contact_field" | "address" | "call" | "conversation" | "activity" => continue,
            kind => {
                let (number, kind) = (values.len(), kind.replace('_', " "));
                let kept = if kind == "photo" || kind == "document" {
                    "kith keeps none"
                } else {
                    "kith does not know these"
                };
                draft
                    .warnings
                    .push(format!("{number} × {kind} in Monica: {kept}, and they stay in the original only"));
                continue;
            }
        };
        // Monica makes a reminder of each birthday, which kith does by itself.
        let is_birthday = |value: &Value| {
            kind == "reminder"
                && !is_true(property(value, "delible"))
                && birthday.is_some()
                && day(property(value, "initial_date")) == birthday
        };
        for value in values.into_iter().filter(|value| !is_birthday(value)) {
            match note(value) {
                Some(note) => add(&mut draft.contact.notes, note),
                None => draft.warnings.push(format!(
                    "a {} says nothing that kith can read and stays in the original only",
                    kind.replace('_', " ")
                )),
            }
        }
    }
}

/// `2024-02-18: the text`.
fn note(note: &Value) -> Option<String> {
    let body = text(property(note, "body"))?;
    Some(match day(&note["created_at"]) {
        Some(day) => format!("{day}: {body}"),
        None => body,
    })
}

/// `Reminder from 2024-02-18, every 2 weeks: title. Description`.
fn reminder(reminder: &Value) -> Option<String> {
    let said = sentence(reminder, &["title", "description"])?;
    let number = property(reminder, "frequency_number").as_u64().unwrap_or(1);
    let every = match one_line(property(reminder, "frequency_type")).as_deref() {
        None | Some("one_time") => String::new(),
        Some(unit) if number == 1 => format!(", every {unit}"),
        Some(unit) => format!(", every {number} {unit}s"),
    };
    let from = day(property(reminder, "initial_date")).map(|day| format!(" from {day}")).unwrap_or_default();
    let over = if is_true(property(reminder, "inactive")) { " (over)" } else { "" };
    Some(format!("Reminder{from}{every}{over}: {said}"))
}

/// `To do: title. Description`.
fn task(task: &Value) -> Option<String> {
    let said = sentence(task, &["title", "description"])?;
    let state = match (is_true(property(task, "completed")), day(property(task, "completed_at"))) {
        (true, Some(day)) => format!("Done on {day}"),
        (true, None) => "Done".to_owned(),
        (false, _) => "To do".to_owned(),
    };
    Some(format!("{state}: {said}"))
}

/// `Gift (offered, 2024-02-18, 20, for Tim): name. Comment. Address`.
fn gift(gift: &Value, named: &dyn Fn(&str) -> String) -> Option<String> {
    let said = sentence(gift, &["name", "comment", "url"])?;
    let recipient = one_line(property(gift, "recipient")).map(|uuid| format!("for {}", named(&uuid)));
    let details = [
        one_line(property(gift, "status")),
        day(property(gift, "date")),
        one_line(property(gift, "amount")),
        recipient,
    ];
    Some(format!("Gift{}: {said}", in_brackets(details)))
}

/// `You owe them 20 EUR (complete)`.
fn debt(debt: &Value) -> Option<String> {
    let amount = one_line(property(debt, "amount"))?;
    let currency = one_line(property(debt, "currency")).map(|unit| format!(" {unit}")).unwrap_or_default();
    let who = if is_true(property(debt, "in_debt")) { "You owe them" } else { "They owe you" };
    let reason = one_line(property(debt, "reason")).map(|reason| format!(": {reason}")).unwrap_or_default();
    let status = one_line(property(debt, "status"));
    Some(format!("{who} {amount}{currency}{}{reason}", in_brackets([status])))
}

/// `Pet: Rex (dog)`.
fn pet(pet: &Value) -> Option<String> {
    let (name, category) = (one_line(property(pet, "name")), one_line(property(pet, "category")));
    match (name, category) {
        (Some(name), category) => Some(format!("Pet: {name}{}", in_brackets([category]))),
        (None, Some(category)) => Some(format!("Pet: {category}")),
        (None, None) => None,
    }
}

/// `2024-02-18, new job: name. Note`.
fn life_event(event: &Value, types: &HashMap<String, String>) -> Option<String> {
    let kind = one_line(property(event, "type"))
        .and_then(|uuid| types.get(&uuid))
        .map(|kind| kind.replace('_', " "));
    let head: Vec<String> = [day(property(event, "happened_at")), kind].into_iter().flatten().collect();
    match (head.join(", "), sentence(event, &["name", "note", "specific_information"])) {
        (head, Some(said)) if head.is_empty() => Some(said),
        (head, Some(said)) => Some(format!("{head}: {said}")),
        (head, None) => (!head.is_empty()).then_some(head),
    }
}

/// What these properties say, one after the other.
fn sentence(value: &Value, keys: &[&str]) -> Option<String> {
    let said: Vec<String> = keys.iter().filter_map(|key| text(property(value, key))).collect();
    (!said.is_empty()).then(|| said.join(". "))
}

fn in_brackets<const N: usize>(details: [Option<String>; N]) -> String {
    let details: Vec<String> = details.into_iter().flatten().collect();
    if details.is_empty() { String::new() } else { format!(" ({})", details.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_kith_has_no_field_for_becomes_a_note() {
        for (kind, properties, expected) in [
            ("note", json!({"body": "likes\r\nnumbers"}), "2024-01-16: likes\nnumbers"),
            (
                "reminder",
                json!({"title": "Send card", "description": "the blue one", "initial_date": "2024-01-23T00:00:00.000000Z",
                       "frequency_type": "year", "frequency_number": 1, "delible": true, "inactive": false}),
                "Reminder from 2024-01-23, every year: Send card. the blue one",
            ),
            (
                "reminder",
                json!({"title": "Call", "frequency_type": "week", "frequency_number": 2, "inactive": true}),
                "Reminder, every 2 weeks (over): Call",
            ),
            ("reminder", json!({"title": "Once", "frequency_type": "one_time"}), "Reminder: Once"),
            ("task", json!({"title": "Return the book"}), "To do: Return the book"),
            (
                "task",
                json!({"title": "Return", "completed": true, "completed_at": "2024-02-01T10:00:00Z"}),
                "Done on 2024-02-01: Return",
            ),
            (
                "gift",
                json!({"name": "Atlas", "comment": "a big one", "status": "offered", "date": "2024-01-15", "amount": "20.00"}),
                "Gift (offered, 2024-01-15, 20.00): Atlas. a big one",
            ),
            ("gift", json!({"name": "Kite", "recipient": "t"}), "Gift (for t's name): Kite"),
            (
                "debt",
                json!({"amount": 20, "currency": "EUR", "status": "inprogress", "in_debt": true}),
                "You owe them 20 EUR (inprogress)",
            ),
            (
                "debt",
                json!({"amount": 20.5, "in_debt": false, "reason": "lunch"}),
                "They owe you 20.5: lunch",
            ),
            ("pet", json!({"name": "Rex", "category": "dog"}), "Pet: Rex (dog)"),
            ("pet", json!({"category": "dog"}), "Pet: dog"),
            (
                "life_event",
                json!({"name": "New job", "note": "at last", "specific_information": "in Bonn", "happened_at": "2020-05-01T00:00:00Z"}),
                "2020-05-01: New job. at last. in Bonn",
            ),
            (
                "life_event",
                json!({"type": "j", "happened_at": "2020-05-01T00:00:00Z"}),
                "2020-05-01, new job",
            ),
        ] {
            let value = json!({"created_at": "2024-01-16T09:15:00.000000Z", "properties": properties});
            let contact = json!({"data": [{"type": kind, "values": [value]}]});
            let mut draft = Draft::default();
            let types = HashMap::from([("j".to_owned(), "new_job".to_owned())]);
            take(&contact, &types, &|uuid| format!("{uuid}'s name"), &mut draft);
            assert_eq!(
                (draft.contact.notes.as_slice(), draft.warnings.len()),
                (&[expected.to_owned()][..], 0)
            );
        }
    }

    #[test]
    fn nothing_is_passed_over_in_silence_but_the_reminder_of_the_birthday() {
        let contact = json!({
            "properties": {
                "description": "tall", "food_preferences": "no nuts", "stay_in_touch_frequency": 60,
                "birthdate": {"date": "1985-04-12T00:00:00.000000Z"}
            },
            "data": [
                {"type": "reminder", "values": [
                    {"properties": {"title": "Wish", "initial_date": "1985-04-12T00:00:00.000000Z", "delible": false}},
                    {"properties": {"title": "Bake", "initial_date": "1985-04-12T00:00:00.000000Z", "delible": true}}
                ]},
                {"type": "pet", "values": [{}]},
                {"type": "photo", "values": ["a", "b"]},
                {"type": "work_of_art", "values": [{}]},
                {"type": "call", "values": [{}]}
            ]
        });
        let mut draft = Draft::default();
        take(&contact, &HashMap::new(), &str::to_owned, &mut draft);
        assert_eq!(
            draft.contact.notes,
            ["tall", "Food: no nuts", "Stay in touch: every 60 days", "Reminder from 1985-04-12: Bake"]
        );
        assert_eq!(
            draft.warnings,
            [
                "a pet says nothing that kith can read and stays in the original only",
                "2 × photo in Monica: kith keeps none, and they stay in the original only",
                "1 × work of art in Monica: kith does not know these, and they stay in the original only"
            ]
        );
    }
}
