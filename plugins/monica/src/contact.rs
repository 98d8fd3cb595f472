//! From a contact of the export to what it says about somebody.

use kith_plugin::{Address, Contact, Draft, Organization, Relation, add};
use serde_json::Value;

use crate::export::Relationship;
use crate::json::{is_true, of_kind, one_line, property};
use crate::people::special_date;
use crate::{Book, notes, people};

/// Takes from a contact what kith uses, with what others say of it; and what
/// cannot be understood, or has to be done by the user, as warnings.
pub(crate) fn read(contact: &Value, book: &Book<'_>) -> (Contact, Vec<String>) {
    let mut draft = Draft::default();
    let uuid = one_line(&contact["uuid"]);
    people::name(contact, &mut draft);
    people::ways(contact, &book.export.field_types, &mut draft);
    work(contact, &mut draft);
    addresses(contact, &mut draft);
    dates(contact, &mut draft);
    people::tags(contact).for_each(|tag| add(&mut draft.contact.keywords, tag));
    notes::take(contact, &book.export.event_types, &|uuid| book.named(uuid), &mut draft);
    if let Some(uuid) = &uuid {
        for relationship in book.relationships.get(uuid.as_str()).into_iter().flatten() {
            relation(relationship, book, &mut draft);
        }
    }
    if let Some(through) = one_line(property(contact, "first_met_through")) {
        let relation = Some("introduced by".to_owned());
        add(&mut draft.contact.related_to, Relation { name: book.named(&through), relation });
    }
    draft.contact.uid = uuid;
    draft.contact.updated = one_line(&contact["updated_at"]);
    state(contact, &mut draft);
    draft.finish()
}

fn work(contact: &Value, draft: &mut Draft) {
    if let Some(name) = one_line(property(contact, "company")) {
        add(&mut draft.contact.organizations, Organization { name: Some(name), units: Vec::new() });
    }
    if let Some(job) = one_line(property(contact, "job")) {
        add(&mut draft.contact.titles, job);
    }
}

fn addresses(contact: &Value, draft: &mut Draft) {
    for address in of_kind(contact, "address") {
        let parts = ["street", "city", "province", "postal_code", "country"];
        let parts: Vec<String> = parts.iter().filter_map(|key| one_line(property(address, key))).collect();
        if !parts.is_empty() {
            let label = one_line(property(address, "name")).map(|name| {
                let known = ["home", "work"].into_iter().find(|known| name.eq_ignore_ascii_case(known));
                known.map(str::to_owned).unwrap_or(name)
            });
            add(&mut draft.contact.addresses, Address { full: parts.join(", "), label });
        }
    }
}

fn dates(contact: &Value, draft: &mut Draft) {
    for (key, kind) in [("birthdate", "birth"), ("deceased_date", "death"), ("first_met_date", "first met")] {
        let date = property(contact, key);
        let Some((written, read)) = special_date(date) else { continue };
        if is_true(&date["is_age_based"]) && key == "birthdate" {
            add(&mut draft.contact.notes, "The year of birth is estimated from an age".to_owned());
        }
        draft.date(kind.to_owned(), &written, read);
    }
}

/// Somebody's relative. One who has no page of their own in Monica is no record
/// of their own either, so what is known of them is noted here.
fn relation(relationship: &Relationship, book: &Book<'_>, draft: &mut Draft) {
    let other = book.people.get(&relationship.other);
    let kind = match relationship.kind.as_str() {
        "bestfriend" => "best friend".to_owned(),
        "inlovewith" => "in love with".to_owned(),
        "lovedby" => "loved by".to_owned(),
        "ex_husband" => "former spouse".to_owned(),
        kind => kind.replace('_', " "),
    };
    let relative = other.filter(|person| person.is_partial);
    if let Some(born) = relative.and_then(|person| person.born.as_ref()) {
        let name = relative.and_then(|person| person.party.name.as_ref()).unwrap_or(&relationship.other);
        add(&mut draft.contact.notes, format!("{name} ({kind}) was born {born}"));
    }
    let name = book.named(&relationship.other);
    add(&mut draft.contact.related_to, Relation { name, relation: Some(kind) });
}

/// What the user did with the contact in Monica and has to do here.
fn state(contact: &Value, draft: &mut Draft) {
    if is_true(property(contact, "is_dead")) {
        if !draft.contact.anniversaries.iter().any(|date| date.kind == "death") {
            add(&mut draft.contact.notes, "Has died".to_owned());
        }
        draft
            .warnings
            .push("Monica says that they have died: kith archive NAME takes them out of the plan".to_owned());
    } else if !property(contact, "is_active").is_null() && !is_true(property(contact, "is_active")) {
        draft
            .warnings
            .push("Monica has them archived: kith archive NAME takes them out of the plan".to_owned());
    }
}
