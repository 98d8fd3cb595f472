//! What was logged of a contact.

use kith_plugin::text::one_line;
use kith_plugin::{Contact, Interaction, InteractionKind, MOST, Party, Place, date};
use serde_json::Value;

/// The entries of a contact's history; of one that cannot be read the reason is added to `warnings`.
pub(crate) fn read(
    value: &Value,
    contact: &Contact,
    at: Place,
    warnings: &mut Vec<String>,
) -> Vec<Interaction> {
    let with = Party {
        uid: contact.uid.clone(),
        name: contact.name.full.clone(),
        emails: contact.emails.iter().map(|email| email.address.clone()).collect(),
        phones: contact.phones.iter().map(|phone| phone.number.clone()).collect(),
        ..Party::default()
    };
    let entries = value["interactions"].as_array().into_iter().flatten();
    let (all, bad): (Vec<_>, Vec<_>) = entries.map(|entry| one(entry, &with, at)).partition(Option::is_some);
    if !bad.is_empty() && warnings.len() < MOST {
        warnings.push(format!(
            "{} × entry of the history has no day or way that kith knows and stays in the original only",
            bad.len()
        ));
    }
    all.into_iter().flatten().collect()
}

fn one(entry: &Value, with: &Party, at: Place) -> Option<Interaction> {
    use InteractionKind::{Attempt, Call, Meeting, Message, Talk};
    let day = entry["day"].as_str()?;
    // A day with its year.
    let when = date::read(day, None).ok().filter(|read| read == day && day.len() == 10)?;
    let me = || Party { me: true, ..Party::default() };
    let (kind, by_them) = match entry["how"].as_str()? {
        "met" => (Meeting, false),
        "talked" => (Talk, false),
        "called" => (Call, false),
        "wrote" => (Message, false),
        "heard" => (Message, true),
        "tried" => (Attempt, false),
        _ => return None,
    };
    let (from, to) = if by_them { (with.clone(), me()) } else { (me(), with.clone()) };
    let subject = entry["what"].as_str().and_then(|what| one_line(what.to_owned()));
    Some(Interaction { at, uid: None, kind, when, from: Some(from), to: vec![to], subject })
}
