//! A contact of an export, each of its values in a form that the protocol allows.

use kith_plugin::text::{in_one_line, lines, one_line};
use kith_plugin::{
    Address, Contact, Draft, Email, Link, MOST, Name, NameComponent, OnlineService, Organization, Phone,
    Relation, add, add_new, date,
};
use serde_json::Value;

/// What is the user's own, but for the comfort, which everybody has.
const OWN: [&str; 14] = [
    "circle",
    "comfortUntil",
    "ideal",
    "latest",
    "archivedAt",
    "ease",
    "channel",
    "setting",
    "bestTime",
    "language",
    "timeLimit",
    "hesitation",
    "howMet",
    "memos",
];

/// Whether something of the user's own is said of a contact that no record can say.
pub(crate) fn has_own(value: &Value) -> bool {
    OWN.iter().any(|key| !value[*key].is_null())
        || value["comfort"].as_str().is_some_and(|comfort| comfort != "yes")
}

/// Reads a contact, with what of it cannot be understood; or says why it is none.
pub(crate) fn read(value: &Value) -> Result<(Contact, Vec<String>), String> {
    let said: Contact = serde_json::from_value(value.clone())
        .map_err(|error| format!("the contact is not written as kith writes contacts: {error}"))?;
    let mut draft = Draft::default();
    let contact = &mut draft.contact;
    contact.uid = said.uid.and_then(one_line);
    contact.kind = said.kind;
    contact.name = name(said.name);
    texts(&mut contact.nicknames, said.nicknames, one_line);
    texts(&mut contact.titles, said.titles, one_line);
    texts(&mut contact.notes, said.notes, lines);
    texts(&mut contact.keywords, said.keywords, one_line);
    for Organization { name, units } in said.organizations {
        let name = name.and_then(one_line);
        let units: Vec<String> = units.into_iter().take(MOST).filter_map(one_line).collect();
        if name.is_some() || !units.is_empty() {
            add(&mut contact.organizations, Organization { name, units });
        }
    }
    for Email { address, label, pref } in said.emails {
        let Some(address) = one_line(address) else { continue };
        let email = Email { address, label: label.and_then(one_line), pref: preference(pref) };
        add_new(&mut contact.emails, email, |a, b| a.address == b.address);
    }
    for Phone { number, label, pref } in said.phones {
        let Some(number) = one_line(number) else { continue };
        let phone = Phone { number, label: label.and_then(one_line), pref: preference(pref) };
        add_new(&mut contact.phones, phone, |a, b| a.number == b.number);
    }
    for Address { full, label } in said.addresses {
        let Some(full) = in_one_line(full) else { continue };
        add(&mut contact.addresses, Address { full, label: label.and_then(one_line) });
    }
    for Link { uri, label } in said.links {
        let Some(uri) = one_line(uri) else { continue };
        add(&mut contact.links, Link { uri, label: label.and_then(one_line) });
    }
    for OnlineService { service, uri, user, label } in said.online_services {
        let (uri, user) = (uri.and_then(one_line), user.and_then(one_line));
        if uri.is_some() || user.is_some() {
            let (service, label) = (service.and_then(one_line), label.and_then(one_line));
            add(&mut contact.online_services, OnlineService { service, uri, user, label });
        }
    }
    for Relation { name, relation } in said.related_to {
        let Some(name) = one_line(name) else { continue };
        add(&mut contact.related_to, Relation { name, relation: relation.and_then(one_line) });
    }
    contact.updated = said.updated.and_then(one_line);
    for anniversary in said.anniversaries.into_iter().take(MOST) {
        let kind = one_line(anniversary.kind).unwrap_or_else(|| "other".to_owned());
        draft.date(kind, &anniversary.date, date::read(&anniversary.date, None));
    }
    let (contact, warnings) = draft.finish();
    if !contact.is_somebody() {
        return Err("the contact has no name, organisation, email address or phone number".to_owned());
    }
    Ok((contact, warnings))
}

fn name(said: Name) -> Name {
    let parts = said.components.into_iter().take(MOST);
    let part = |part: NameComponent| Some(NameComponent { value: one_line(part.value)?, ..part });
    Name { full: said.full.and_then(one_line), components: parts.filter_map(part).collect() }
}

fn texts(all: &mut Vec<String>, said: Vec<String>, clean: fn(String) -> Option<String>) {
    said.into_iter().filter_map(clean).for_each(|text| add(all, text));
}

fn preference(pref: Option<u8>) -> Option<u8> {
    pref.filter(|pref| (1..=100).contains(pref))
}
