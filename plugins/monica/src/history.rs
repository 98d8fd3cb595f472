//! Contact that the user had with people: calls, conversations, activities.

use std::collections::{BTreeMap, HashMap};

use kith_plugin::{Interaction, InteractionKind, Party, Place};
use serde_json::Value;

use crate::Book;
use crate::export::Activity;
use crate::json::{day, items, moment, of_kind, one_line, property};
use crate::people::{People, Person};

/// How long what an interaction was about may be; the rest becomes a note.
const LONGEST_SUBJECT: usize = 200;

/// What a contact's own part of the export tells.
#[derive(Debug, Default)]
pub(crate) struct Told {
    pub(crate) interactions: Vec<Interaction>,
    /// What was too long for a subject.
    pub(crate) notes: Vec<String>,
    pub(crate) warnings: Vec<String>,
}

/// The user, as one who took part.
fn me() -> Party {
    Party { me: true, ..Party::default() }
}

/// Calls and conversations with a contact, and the last talk if nothing else tells of it.
pub(crate) fn of_contact(contact: &Value, person: &Person, book: &Book<'_>, at: Place) -> Told {
    let mut told = Told::default();
    for call in of_kind(contact, "call") {
        told.call(call, person, at);
    }
    for conversation in of_kind(contact, "conversation") {
        told.conversation(conversation, person, at);
    }
    let activities = person.activities.iter().filter_map(|uuid| book.activities.get(uuid.as_str()));
    let mut days: Vec<Option<String>> = told.interactions.iter().map(|known| day_of(&known.when)).collect();
    for activity in activities {
        days.push(day_of(&activity.happened_at));
        if let (_, Some(note)) = subject(activity.said()) {
            told.notes.push(format!("{}{note}", dated(&activity.happened_at)));
        }
    }
    if let Some(when) = moment(property(contact, "last_talked_to"))
        && !days.contains(&day_of(&when))
    {
        let uid = one_line(&contact["uuid"]).map(|uuid| format!("{uuid}/last_talked_to/{when}"));
        let with = person.party.clone();
        told.interactions.push(Interaction {
            at,
            uid,
            kind: InteractionKind::Call,
            when,
            from: None,
            to: vec![with],
            subject: None,
        });
    }
    told
}

impl Told {
    fn call(&mut self, call: &Value, person: &Person, at: Place) {
        let Some(when) = moment(property(call, "called_at")) else {
            self.warnings
                .push("a call has no date that kith can read and stays in the original only".to_owned());
            return;
        };
        let feelings: Vec<String> =
            items(property(call, "emotions")).into_iter().filter_map(one_line).collect();
        let feelings = (!feelings.is_empty()).then(|| format!("({})", feelings.join(", ")));
        let said = [one_line(property(call, "content")), feelings];
        let (subject, note) = subject(said.into_iter().flatten().collect::<Vec<_>>().join(" "));
        self.notes.extend(note.map(|note| format!("{}{note}", dated(&when))));
        let they_called = crate::json::is_true(property(call, "contact_called"));
        let (from, to) =
            if they_called { (person.party.clone(), me()) } else { (me(), person.party.clone()) };
        self.interactions.push(Interaction {
            at,
            uid: one_line(&call["uuid"]),
            kind: InteractionKind::Call,
            when,
            from: Some(from),
            to: vec![to],
            subject,
        });
    }

    /// One interaction a day and direction.
    fn conversation(&mut self, conversation: &Value, person: &Person, at: Place) {
        let uuid = one_line(&conversation["uuid"]);
        let mut days: BTreeMap<(String, bool), String> = BTreeMap::new();
        let mut undated = 0;
        for message in items(property(conversation, "messages")) {
            let by_me = crate::json::is_true(property(message, "written_by_me"));
            let written = moment(property(message, "written_at"));
            match written.or_else(|| moment(property(conversation, "happened_at"))) {
                Some(when) => {
                    let day = day_of(&when).unwrap_or_else(|| when.clone());
                    days.entry((day, by_me)).or_insert(when);
                }
                None => undated += 1,
            }
        }
        if undated > 0 {
            self.warnings.push(format!(
                "{undated} × message has no date that kith can read and stays in the original only"
            ));
        }
        for ((day, by_me), when) in days {
            let (from, to) = if by_me { (me(), person.party.clone()) } else { (person.party.clone(), me()) };
            let direction = if by_me { "from me" } else { "to me" };
            self.interactions.push(Interaction {
                at,
                uid: uuid.as_ref().map(|uuid| format!("{uuid}/{day}/{direction}")),
                kind: InteractionKind::Message,
                when,
                from: Some(from),
                to: vec![to],
                subject: None,
            });
        }
    }
}

impl Activity {
    /// What it was about.
    fn said(&self) -> String {
        let said = [&self.summary, &self.description].into_iter().flatten();
        let said = said.map(String::as_str).collect::<Vec<_>>().join(": ");
        match &self.kind {
            Some(kind) if said.is_empty() => kind.clone(),
            Some(kind) => format!("{said} ({kind})"),
            None => said,
        }
    }
}

/// Who took part in each activity, by its UUID.
pub(crate) fn participants(people: &People) -> HashMap<&str, Vec<&Person>> {
    // In an order of their own, so that the same bytes give the same answer.
    let mut sorted: Vec<(&String, &Person)> = people.iter().collect();
    sorted.sort_by_key(|(uuid, _)| *uuid);
    let mut participants: HashMap<&str, Vec<&Person>> = HashMap::new();
    for (_, person) in sorted {
        for activity in &person.activities {
            let known = participants.entry(activity).or_default();
            if known.last().is_none_or(|last| !std::ptr::eq(*last, person)) {
                known.push(person);
            }
        }
    }
    participants
}

/// An activity with those who took part, or why it is told of nobody.
pub(crate) fn of_activity(activity: &Activity, with: &[&Person], at: Place) -> Result<Interaction, String> {
    let shown = kith_plugin::text::excerpt(&activity.said());
    let Some(when) = moment(&Value::from(activity.happened_at.as_str())) else {
        return Err(format!("the activity “{shown}” has no date that kith can read"));
    };
    if with.iter().all(|person| person.party.me) {
        return Err(format!("no contact took part in the activity “{shown}” of {when}"));
    }
    Ok(Interaction {
        at,
        uid: Some(activity.uuid.clone()).filter(|uuid| !uuid.is_empty()),
        kind: InteractionKind::Meeting,
        when,
        from: None,
        to: with.iter().map(|person| person.party.clone()).collect(),
        subject: subject(activity.said()).0,
    })
}

/// What something was about: as a subject, and whole where that had to be cut.
fn subject(said: String) -> (Option<String>, Option<String>) {
    let Some(line) = kith_plugin::text::one_line(said.clone()) else { return (None, None) };
    match line.char_indices().nth(LONGEST_SUBJECT) {
        None => (Some(line), None),
        Some((at, _)) => (Some(format!("{}…", line[..at].trim_end())), Some(said)),
    }
}

/// `2024-02-18: `, before a note.
fn dated(when: &str) -> String {
    day_of(when).map(|day| format!("{day}: ")).unwrap_or_default()
}

fn day_of(when: &str) -> Option<String> {
    day(&Value::from(when))
}
