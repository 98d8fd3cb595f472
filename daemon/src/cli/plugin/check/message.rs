//! What is wrong with a message that kith understands, and that is yet not as the protocol wants it.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use kith_plugin::{Contact, Message, Place};
use serde_json::Value;

use super::batch::Extent;
use super::rule::{self, Rule};

/// How a remark weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Weight {
    /// It is against a *must*.
    Wrong,
    /// kith takes it; it may not be what was meant.
    Advice,
}

/// A remark on one message.
pub(super) type Said = (Weight, String, &'static Rule);

/// Looks at a line of an answer to a batch of these parts, whose options say what somebody reads. A line that is
/// no message has nothing here: the conversation ends with it.
pub(super) fn look(line: &[u8], parts: &[Extent], reads: Option<&[String]>) -> Vec<Said> {
    let Ok(value) = serde_json::from_slice::<Value>(line) else { return Vec::new() };
    let Ok(message) = serde_json::from_value::<Message>(value.clone()) else { return Vec::new() };
    let mut said = Vec::new();
    values("", &value, &mut said);
    if let Ok(known) = serde_json::to_value(&message) {
        unknown_fields("", &value, &known, &mut said);
    }
    match &message {
        Message::Contact(record) => {
            place(record.at, parts, &mut said);
            contact(&record.contact, &mut said);
            if value["contact"].as_object().is_some_and(serde_json::Map::is_empty) {
                said.push((Weight::Wrong, "a contact says nothing at all".to_owned(), &rule::BAD_RECORD));
            }
            if record.raw.is_empty() {
                said.push((Weight::Advice, "a contact has no raw".to_owned(), &rule::RAW));
            }
        }
        Message::Interaction(interaction) => {
            place(interaction.at, parts, &mut said);
            if !is_moment(&interaction.when) {
                let what = format!("when is {:?}, which is no moment", interaction.when);
                said.push((Weight::Wrong, what, &rule::WHEN));
            }
        }
        Message::Part { at, file_name, .. } => {
            place(*at, parts, &mut said);
            if file_name.contains('/') {
                let what = format!("fileName is {file_name:?}");
                said.push((Weight::Wrong, what, &rule::FILE_NAME));
            }
            let ending = file_name.rsplit_once('.').map_or("", |(_, ending)| ending);
            if reads.is_some_and(|reads| !reads.iter().any(|own| own.eq_ignore_ascii_case(ending))) {
                let what = format!("fileName is {file_name:?}, and nobody reads such files");
                said.push((Weight::Wrong, what, &rule::READS));
            }
        }
        Message::Skipped { at, reason } => {
            place(*at, parts, &mut said);
            if reason.trim().is_empty() {
                said.push((Weight::Wrong, "a reason is empty".to_owned(), &rule::REASON));
            }
        }
        Message::Progress { bytes } => {
            let most = parts.iter().map(|part| part.bytes).max().unwrap_or(0);
            if *bytes > most {
                let what = format!("progress is {bytes} bytes of a file of {most}");
                said.push((Weight::Wrong, what, &rule::READ));
            }
        }
        Message::Failed { reason, suggestion, .. } => {
            if reason.trim().is_empty() {
                said.push((Weight::Wrong, "a reason is empty".to_owned(), &rule::WHY));
            }
            let Some(suggestion) = suggestion else { return said };
            let stem = suggestion.file_name.strip_suffix(".toml").unwrap_or_default();
            let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
            if stem.is_empty() || !stem.chars().all(fits) {
                let what = format!("a suggestion is called {:?}", suggestion.file_name);
                said.push((Weight::Wrong, what, &rule::PROPOSAL));
            }
        }
        _ => {}
    }
    said
}

/// `null` anywhere, and empty texts in a contact.
fn values(path: &str, value: &Value, said: &mut Vec<Said>) {
    match value {
        Value::Null => said.push((Weight::Wrong, format!("{path} is null"), &rule::NULL)),
        Value::String(text) if text.is_empty() && path.starts_with("contact.") => {
            said.push((Weight::Wrong, format!("{path} is an empty text"), &rule::EMPTY));
        }
        _ => children(path, value, &mut |path, value| values(path, value, said)),
    }
}

/// Fields that came and are not among those that were understood.
fn unknown_fields(path: &str, came: &Value, known: &Value, said: &mut Vec<Said>) {
    match (came, known) {
        (Value::Object(came), known) => {
            for (key, value) in came {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                match known.get(key) {
                    Some(known) => unknown_fields(&path, value, known, said),
                    // What is as good as absent is not written again.
                    None if is_nothing(value) => {}
                    None => {
                        let what = format!("kith does not know {path}, and ignores it");
                        said.push((Weight::Advice, what, &rule::UNKNOWN_FIELD));
                    }
                }
            }
        }
        (Value::Array(came), Value::Array(known)) => {
            for (came, known) in came.iter().zip(known) {
                unknown_fields(&format!("{path}[]"), came, known, said);
            }
        }
        _ => {}
    }
}

fn is_nothing(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(value) => !value,
        Value::Number(number) => number.as_u64() == Some(0),
        Value::String(text) => text.is_empty(),
        Value::Array(values) => values.is_empty(),
        Value::Object(fields) => fields.values().all(is_nothing),
    }
}

fn children(path: &str, value: &Value, each: &mut dyn FnMut(&str, &Value)) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                each(&path, value);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| each(&format!("{path}[]"), value)),
        _ => {}
    }
}

fn place(at: Place, parts: &[Extent], said: &mut Vec<Said>) {
    // A part that was not sent is a fault, which ends the conversation.
    let Some(part) = usize::try_from(at.part).ok().and_then(|part| parts.get(part)) else { return };
    if at.line > part.lines {
        let what = format!("at is line {} of a file of {}", at.line, part.lines);
        said.push((Weight::Wrong, what, &rule::PLACE));
    }
}

fn contact(contact: &Contact, said: &mut Vec<Said>) {
    for anniversary in &contact.anniversaries {
        if !is_date(&anniversary.date) {
            let what = format!("contact.anniversaries has {:?}, which is no date", anniversary.date);
            said.push((Weight::Wrong, what, &rule::DATES));
        }
    }
    let (emails, phones) =
        (contact.emails.iter().map(|email| email.pref), contact.phones.iter().map(|phone| phone.pref));
    if let Some(pref) = emails.chain(phones).flatten().find(|pref| !(1..=100).contains(pref)) {
        said.push((Weight::Wrong, format!("a pref is {pref}"), &rule::PREFERENCE));
    }
}

/// `1985-04-12`, `--04-12`, `1985-04` or `1985`, and one that exists.
fn is_date(text: &str) -> bool {
    // 2000 was a leap year: without a year, 29 February is a date.
    let whole = match (text.strip_prefix("--"), text.len()) {
        (Some(day), 7) => format!("2000-{day}"),
        (None, 4) => format!("{text}-01-01"),
        (None, 7) => format!("{text}-01"),
        (None, 10) => text.to_owned(),
        _ => return false,
    };
    whole.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') && whole.parse::<Date>().is_ok()
}

/// As `core::imported` reads it.
fn is_moment(text: &str) -> bool {
    text.parse::<Timestamp>().is_ok() || text.parse::<DateTime>().is_ok() || text.parse::<Date>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARTS: [Extent; 1] = [Extent { bytes: 100, lines: 9 }];

    #[test]
    fn what_kith_takes_and_the_protocol_does_not_want_is_named() {
        let contact =
            |fields: &str| format!(r#"{{"type":"contact","at":{{"line":2}},"contact":{fields},"raw":"A"}}"#);
        for (name, line, expected) in [
            ("fine", contact(r#"{"uid":"a","emails":[{"address":"a@b","pref":1}]}"#), &[][..]),
            ("null", contact(r#"{"uid":null}"#), &["contact.uid is null"]),
            ("empty", contact(r#"{"name":{"full":""}}"#), &["contact.name.full is an empty text"]),
            (
                "a name for another",
                contact(r#"{"email":"a@b"}"#),
                &["kith does not know contact.email, and ignores it"],
            ),
            (
                "deep",
                contact(r#"{"phones":[{"number":"1","kind":"x"}]}"#),
                &["kith does not know contact.phones[].kind, and ignores it"],
            ),
            (
                "date",
                contact(r#"{"anniversaries":[{"kind":"birth","date":"1985-02-30"}]}"#),
                &["contact.anniversaries has \"1985-02-30\", which is no date"],
            ),
            ("pref", contact(r#"{"emails":[{"address":"a@b","pref":0}]}"#), &["a pref is 0"]),
            (
                "raw",
                r#"{"type":"contact","at":{"line":1},"contact":{"uid":"a"}}"#.to_owned(),
                &["a contact has no raw"],
            ),
            (
                "place",
                r#"{"type":"skipped","at":{"line":10},"reason":"x"}"#.to_owned(),
                &["at is line 10 of a file of 9"],
            ),
            (
                "progress",
                r#"{"type":"progress","bytes":101}"#.to_owned(),
                &["progress is 101 bytes of a file of 100"],
            ),
            (
                "when",
                r#"{"type":"interaction","at":{},"kind":"call","when":"soon"}"#.to_owned(),
                &["when is \"soon\", which is no moment"],
            ),
            (
                "suggestion",
                r#"{"type":"failed","reason":"x","suggestion":{"fileName":"../x.toml","text":""}}"#
                    .to_owned(),
                &["a suggestion is called \"../x.toml\""],
            ),
            ("nobody", contact("{}"), &["a contact says nothing at all"]),
            (
                "no reason",
                r#"{"type":"skipped","at":{"line":1},"reason":" "}"#.to_owned(),
                &["a reason is empty"],
            ),
            ("no reason to fail", r#"{"type":"failed","reason":""}"#.to_owned(), &["a reason is empty"]),
            ("a table", r#"{"type":"part","at":{},"fileName":"a.CSV","data":""}"#.to_owned(), &[]),
            (
                "a picture",
                r#"{"type":"part","at":{},"fileName":"a.jpg","data":""}"#.to_owned(),
                &["fileName is \"a.jpg\", and nobody reads such files"],
            ),
            ("counts of nothing", r#"{"type":"done","counts":{"interaction":0}}"#.to_owned(), &[]),
            ("no message", "oops".to_owned(), &[]),
        ] {
            let said: Vec<String> = look(line.as_bytes(), &PARTS, Some(&["csv".to_owned()]))
                .into_iter()
                .map(|(_, what, _)| what)
                .collect();
            assert_eq!(said, expected, "{name}");
        }
    }

    #[test]
    fn dates_are_those_of_the_protocol() {
        for date in ["1985-04-12", "--04-12", "--02-29", "1985-04", "1985"] {
            assert!(is_date(date), "{date}");
        }
        for date in
            ["1985-02-29", "--02-30", "1985-13", "85", "12.4.1985", "1985-04-12T00:00", "", "--4-12", "+985"]
        {
            assert!(!is_date(date), "{date}");
        }
    }
}
