//! A contact's fields in the form in which importers say them.

use kith_plugin::text::{in_one_line, lines, one_line};
use kith_plugin::{
    Address, Anniversary, Contact, Email, Kind, Link, Name, NameComponent, NameComponentKind, OnlineService,
    Organization, Phone, Relation, add,
};

use super::Exported;
use crate::core::assemble::{Card, component, named, ordered};
use crate::core::contact::{Column, Item, List};
use crate::core::identity::is_person;

/// What an importer would say of somebody, from whom all formats are written.
///
/// Where the user changed a column, its value alone; else what all of their
/// cards say, also what the column has no room for, such as departments.
#[must_use]
pub fn fields(exported: &Exported) -> Contact {
    let cards: Vec<Card> = exported.originals.iter().map(|original| original.card.clone()).collect();
    let cards = ordered(&cards);
    let content = &exported.content;
    let mut contact = Contact {
        uid: Some(exported.uid.clone()),
        name: name(exported, &cards),
        nicknames: values(exported, List::Nickname).map(|(name, _)| name).collect(),
        organizations: organizations(exported, &cards),
        titles: titles(exported, &cards),
        emails: values(exported, List::Email)
            .map(|(address, item)| Email { address, label: label(item), pref: item.pref })
            .collect(),
        phones: values(exported, List::Phone)
            .map(|(number, item)| Phone { number, label: label(item), pref: item.pref })
            .collect(),
        addresses: sorted(exported, List::Address)
            .filter_map(|item| Some(Address { full: in_one_line(item.value.clone())?, label: label(item) }))
            .collect(),
        anniversaries: anniversaries(exported),
        notes: content.column(Column::Note).and_then(|note| lines(note.to_owned())).into_iter().collect(),
        keywords: values(exported, List::Category).map(|(name, _)| name).collect(),
        related_to: values(exported, List::Tie)
            .map(|(name, item)| Relation { name, relation: label(item) })
            .collect(),
        // Of several cards the newest stands first.
        updated: cards.first().and_then(|card| card.fields.updated.clone()),
        ..Contact::default()
    };
    for (value, item) in values(exported, List::Link) {
        let services = cards.iter().flat_map(|card| &card.fields.online_services);
        let is_it = |s: &&OnlineService| [&s.uri, &s.user].into_iter().flatten().any(|at| *at == item.value);
        let is_so = |s: &&OnlineService| is_it(s) && s.called() == item.label;
        match services.clone().find(is_so).or_else(|| services.clone().find(is_it)) {
            Some(said) => {
                let cleaned =
                    |text: &Option<String>| text.as_deref().and_then(|text| one_line(text.to_owned()));
                // What the user calls it otherwise is one word for both.
                let (service, own) = if said.called() == item.label {
                    (cleaned(&said.service), cleaned(&said.label))
                } else {
                    (label(item), None)
                };
                let (uri, user) = (cleaned(&said.uri), cleaned(&said.user));
                add(&mut contact.online_services, OnlineService { service, uri, user, label: own });
            }
            None => contact.links.push(Link { uri: value, label: label(item) }),
        }
    }
    // A card has to have a name (RFC 6350 section 6.2.1).
    let instead = contact.name.full.is_none().then(|| {
        let organization = contact.organizations.iter().find_map(|organization| organization.name.as_ref());
        let reached = contact.emails.first().map(|email| &email.address);
        let reached = reached.or_else(|| contact.phones.first().map(|phone| &phone.number));
        let parts = contact.name.components.iter().filter(|part| part.kind != NameComponentKind::Title);
        let parts: Vec<&str> = parts.map(|part| part.value.as_str()).collect();
        let whole = (!parts.is_empty()).then(|| parts.join(" "));
        whole.or_else(|| contact.nicknames.first().or(organization).or(reached).cloned())
    });
    contact.name.full = contact.name.full.or(instead.flatten());
    contact.kind = kind(&contact, content.column(Column::Kind), &cards);
    contact
}

/// A name whose parts are not the columns' any more says what these do.
fn name(exported: &Exported, cards: &[&Card]) -> Name {
    let content = &exported.content;
    let column = |column| content.column(column).and_then(|text| one_line(text.to_owned()));
    let mut components = named(cards).map(|card| card.fields.name.components.clone()).unwrap_or_default();
    for (kind, at) in
        [(NameComponentKind::Given, Column::GivenName), (NameComponentKind::Surname, Column::FamilyName)]
    {
        let said = named(cards).and_then(|card| component(&card.fields, kind));
        if said.as_deref() != content.column(at) {
            components.retain(|part| part.kind != kind);
            components.extend(column(at).map(|value| NameComponent { kind, value }));
        }
    }
    components.sort_by_key(|part| part.kind as u8);
    Name { full: column(Column::Name), components }
}

fn organizations(exported: &Exported, cards: &[&Card]) -> Vec<Organization> {
    let said = cards.iter().flat_map(|card| &card.fields.organizations);
    if exported.own.contains(&Column::Organization) {
        let name = exported.content.column(Column::Organization).and_then(|name| one_line(name.to_owned()));
        // Its departments, if a card has them.
        let known = said.clone().find(|known| name.is_some() && known.name == name).cloned();
        let own = || name.clone().map(|name| Organization { name: Some(name), units: Vec::new() });
        return known.or_else(own).into_iter().collect();
    }
    let mut all: Vec<Organization> = Vec::new();
    for organization in said {
        // A sheet has one column for all departments.
        let departments = organization.units.join(", ");
        let is_same = |known: &&mut Organization| {
            known.name == organization.name && known.units.join(", ") == departments
        };
        match all.iter_mut().find(is_same) {
            Some(known) if known.units.len() < organization.units.len() => {
                known.units.clone_from(&organization.units);
            }
            Some(_) => {}
            None => add(&mut all, organization.clone()),
        }
    }
    let whole: Vec<Organization> = all.iter().filter(|known| !known.units.is_empty()).cloned().collect();
    // Without its department it is the same one.
    all.retain(|one| !one.units.is_empty() || whole.iter().all(|known| known.name != one.name));
    all
}

fn titles(exported: &Exported, cards: &[&Card]) -> Vec<String> {
    if exported.own.contains(&Column::Title) {
        let title = exported.content.column(Column::Title);
        return title.and_then(|title| one_line(title.to_owned())).into_iter().collect();
    }
    let mut all = Vec::new();
    cards.iter().flat_map(|card| &card.fields.titles).for_each(|title| add(&mut all, title.clone()));
    all
}

fn anniversaries(exported: &Exported) -> Vec<Anniversary> {
    let birthday = exported.content.column(Column::Birthday).and_then(|date| one_line(date.to_owned()));
    let birthday = birthday.map(|date| Anniversary { kind: "birth".to_owned(), date });
    let others = values(exported, List::Anniversary)
        .map(|(date, item)| Anniversary { kind: label(item).unwrap_or_else(|| "other".to_owned()), date });
    let mut all: Vec<Anniversary> = Vec::new();
    for one in birthday.into_iter().chain(others) {
        // Nobody is born or dies twice; an importer takes the first.
        let once = matches!(one.kind.as_str(), "birth" | "death");
        if !once || all.iter().all(|known| known.kind != one.kind) {
            all.push(one);
        }
    }
    all
}

/// Only what would be judged otherwise is said to be a person.
fn kind(contact: &Contact, column: Option<&str>, cards: &[&Card]) -> Option<Kind> {
    if column == Some("organization") {
        let said = cards.iter().filter_map(|card| card.fields.kind).find(|kind| *kind != Kind::Individual);
        return Some(said.unwrap_or(Kind::Org));
    }
    (!is_person(contact)).then_some(Kind::Individual)
}

/// A list's items, preferred first.
fn sorted(exported: &Exported, list: List) -> impl Iterator<Item = &Item> {
    let mut items: Vec<&Item> = exported.content.list(list).iter().collect();
    items.sort_by_key(|item| (item.pref.is_none(), item.pref));
    items.into_iter()
}

/// The same with the values in one line, none of them empty.
fn values(exported: &Exported, list: List) -> impl Iterator<Item = (String, &Item)> {
    sorted(exported, list).filter_map(|item| Some((one_line(item.value.clone())?, item)))
}

fn label(item: &Item) -> Option<String> {
    item.label.as_deref().and_then(|label| one_line(label.to_owned()))
}
