//! A contact's content as a function of its cards and the user's own changes.
//!
//! This is the function f of docs/database.md: `contact` and its lists are a
//! cache of it. Cards come together in an order that depends on what they say
//! and not on when they came, so that the order of imports does not matter;
//! the user's own changes lie on top, in the order they were made.

use std::cmp::Reverse;

use kith_plugin::{Contact, Kind, Name, NameComponentKind};

use super::contact::{COLUMNS, Column, Content, Item, LISTS, List};
use super::date::Birthday;
use super::identity::{birthday, is_person, name_of as own_name};
use super::{phone, tie};

/// Changes with every change of what [`assemble`] gives for the same input:
/// a database assembled by another version is assembled anew before anything
/// in it is taken for an edit.
pub const VERSION: u32 = 7;

/// A current card of a contact.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// Its number in the database.
    pub id: i64,
    /// Whether it is from an address book that the user keeps (a vCard), not a list that a service made.
    pub kept: bool,
    /// How often the user said that whose card it is becomes part of somebody else, up to who is shown:
    /// what the one that stays says comes first.
    pub behind: u32,
    /// When the file went that it stood in, for a card that is no longer there (UTC). What such
    /// cards say counts only where no other says who somebody is: they are in the archive then.
    pub gone: Option<String>,
    /// What it says.
    pub fields: Contact,
}

/// One of the user's own changes, from the change log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Its number in the log.
    pub n: i64,
    /// A column's or list's name, or `list.label`, `list.pref`.
    pub field: String,
    /// The value of the list that a label or preference belongs to.
    pub item: Option<String>,
    /// What it was: a list's value that the user took away, even if a card has it.
    pub old: Option<String>,
    /// What it is now: a list's value that the user added.
    pub new: Option<String>,
}

/// Puts a contact together from its cards and the user's own changes, oldest first.
#[must_use]
pub fn assemble(cards: &[Card], changes: &[Change]) -> Content {
    let mut content = Content::default();
    let ordered = ordered(cards);
    if !ordered.is_empty() {
        union(&mut content, &ordered);
    }
    if ordered.iter().all(|card| card.gone.is_some()) {
        content.set(Column::ArchivedAt, cards.iter().filter_map(|card| card.gone.clone()).max());
    }
    for change in changes {
        apply(&mut content, change);
    }
    content
}

/// The cards that count, in the order in which they come together, which they
/// alone decide. One that is gone counts only where nothing else says who somebody is.
pub fn ordered(cards: &[Card]) -> Vec<&Card> {
    let mut ordered: Vec<&Card> = cards.iter().filter(|card| card.gone.is_none()).collect();
    if ordered.is_empty() {
        ordered.extend(cards);
    }
    ordered.sort_by_cached_key(|card| precedence(card));
    ordered
}

/// Of these cards, in order, the one whose name is shown: that of the one that stays of a merge; a
/// name as the user wrote it, before one that a service knows; and an address in the place of a name last.
pub fn named<'c>(cards: &[&'c Card]) -> Option<&'c Card> {
    cards
        .iter()
        .min_by_key(|card| {
            let fields = &card.fields;
            (own_name(fields).is_empty(), name_of(fields).is_none(), card.behind, !card.kept)
        })
        .copied()
}

/// Who stays of a merge first, then the newest revision (RFC 6350 section 6.7.4; undated ones last), then
/// those that say more, then by content: any order that the cards and the user's merges alone decide.
fn precedence(card: &Card) -> (u32, Reverse<String>, Reverse<usize>, String) {
    let json = serde_json::to_string(&card.fields).unwrap_or_default();
    (card.behind, Reverse(revision(&card.fields).unwrap_or_default()), Reverse(json.len()), json)
}

/// When a record was revised, as digits that are in order.
#[must_use]
pub fn revision(fields: &Contact) -> Option<String> {
    let digits = |at: &String| at.chars().filter(char::is_ascii_digit).collect::<String>();
    fields.updated.as_ref().map(digits).filter(|digits| !digits.is_empty())
}

fn union(content: &mut Content, cards: &[&Card]) {
    // The names stay together: parts of one card's name beside the whole of another's would mislead.
    let named = named(cards).map(|card| &card.fields);
    content.set(
        Column::Name,
        named.and_then(shown_name).or_else(|| cards.iter().find_map(|c| shown_name(&c.fields))),
    );
    let part = |kind| named.and_then(|named| component(named, kind));
    content.set(Column::GivenName, part(NameComponentKind::Given));
    content.set(Column::FamilyName, part(NameComponentKind::Surname));
    content.set(
        Column::Organization,
        cards.iter().find_map(|card| card.fields.organizations.iter().find_map(|o| o.name.clone())),
    );
    content.set(Column::Title, cards.iter().find_map(|card| card.fields.titles.first().cloned()));
    content.set(Column::Birthday, born(cards).map(|b| b.to_string()));
    content.set(Column::Note, notes(cards));
    if !cards.iter().any(|card| is_person(&card.fields)) {
        content.set(Column::Kind, Some("organization".to_owned()));
    }
    for list in LISTS {
        let items: Vec<Item> = cards.iter().flat_map(|card| items(card, list)).collect();
        let ambiguous: Vec<String> = match list {
            List::Phone => {
                let numbers: Vec<&str> = items.iter().map(|item| item.value.as_str()).collect();
                phone::ambiguous(&numbers).into_iter().map(str::to_owned).collect()
            }
            _ => Vec::new(),
        };
        for item in items {
            add(content.list_mut(list), list, item, &ambiguous);
        }
    }
}

/// The birthday: of whom stays of a merge, one with its year before one without.
fn born(cards: &[&Card]) -> Option<Birthday> {
    let known: Vec<(u32, Birthday)> =
        cards.iter().filter_map(|card| Some((card.behind, birthday(&card.fields)?))).collect();
    let (stays, first) = known.first()?;
    let with_year = |born: &&(u32, Birthday)| born.1.year().is_some();
    let own = known.iter().find(|born| born.0 == *stays && with_year(born));
    // Whoever becomes part of them may know the year of the same day.
    let more = || known.iter().find(|born| with_year(born) && !born.1.contradicts(*first));
    own.or_else(more).map(|(_, born)| *born).or(Some(*first))
}

/// The notes of all cards, each once: one that stands within another, as all
/// of a contact's do in the card of an export, is there already.
fn notes(cards: &[&Card]) -> Option<String> {
    let mut notes: Vec<&str> = Vec::new();
    for note in cards.iter().flat_map(|card| &card.fields.notes) {
        if !notes.iter().any(|known| stands_in(note, known)) {
            notes.retain(|known| !stands_in(known, note));
            notes.push(note);
        }
    }
    (!notes.is_empty()).then(|| notes.join(NOTES))
}

/// What stands between the notes of several cards.
pub(super) const NOTES: &str = "\n\n";

/// Whether a note is one of those that `whole` is joined of.
fn stands_in(note: &str, whole: &str) -> bool {
    whole.match_indices(note).any(|(at, _)| {
        let (before, after) = (&whole[..at], &whole[at + note.len()..]);
        (before.is_empty() || before.ends_with(NOTES)) && (after.is_empty() || after.starts_with(NOTES))
    })
}

pub(super) fn component(contact: &Contact, kind: NameComponentKind) -> Option<String> {
    let parts: Vec<&str> = contact
        .name
        .components
        .iter()
        .filter(|part| part.kind == kind)
        .map(|part| part.value.as_str())
        .collect();
    (!parts.is_empty()).then(|| parts.join(" "))
}

fn name_of(contact: &Contact) -> Option<String> {
    let full = contact.name.full.as_deref().map(str::trim).filter(|full| !full.is_empty()).map(str::to_owned);
    full.or_else(|| {
        let parts: Vec<&str> = contact.name.components.iter().map(|part| part.value.as_str()).collect();
        (!parts.is_empty()).then(|| parts.join(" "))
    })
}

/// The name to show: the name, else a nickname, the organisation, an address, a number.
fn shown_name(contact: &Contact) -> Option<String> {
    name_of(contact)
        .or_else(|| contact.nicknames.first().cloned())
        .or_else(|| contact.organizations.iter().find_map(|o| o.name.clone()))
        .or_else(|| contact.emails.first().map(|email| email.address.clone()))
        .or_else(|| contact.phones.first().map(|phone| phone.number.clone()))
}

/// What is left of a record that no longer counts, where something else needs the name: that, what
/// it is known by, and whether it is a person.
#[must_use]
pub fn name_alone(fields: &Contact) -> Contact {
    Contact {
        uid: fields.uid.clone(),
        kind: (!is_person(fields)).then(|| fields.kind.unwrap_or(Kind::Org)),
        name: Name { full: shown_name(fields), components: fields.name.components.clone() },
        ..Contact::default()
    }
}

fn items(card: &Card, list: List) -> Vec<Item> {
    let fields = &card.fields;
    let item = |value: &str, label: Option<&str>, pref: Option<u8>| Item {
        value: value.to_owned(),
        label: label.map(str::to_owned),
        pref,
        card: Some(card.id),
    };
    match list {
        List::Email => fields.emails.iter().map(|e| item(&e.address, e.label.as_deref(), e.pref)).collect(),
        List::Phone => fields.phones.iter().map(|p| item(&p.number, p.label.as_deref(), p.pref)).collect(),
        List::Address => fields.addresses.iter().map(|a| item(&a.full, a.label.as_deref(), None)).collect(),
        List::Link => {
            let links = fields.links.iter().map(|l| item(&l.uri, l.label.as_deref(), None));
            let profiles = fields.online_services.iter().filter_map(|s| {
                s.uri.as_deref().or(s.user.as_deref()).map(|at| item(at, s.called().as_deref(), None))
            });
            links.chain(profiles).collect()
        }
        List::Nickname => fields.nicknames.iter().map(|name| item(name, None, None)).collect(),
        List::Category => fields.keywords.iter().map(|name| item(name, None, None)).collect(),
        List::Anniversary => fields
            .anniversaries
            .iter()
            // A birthday is a column; one that is not a day of the year stays here.
            .filter(|a| a.kind != "birth" || a.date.parse::<Birthday>().is_err())
            .map(|a| item(&a.date, Some(&a.kind), None))
            .collect(),
        List::Tie => fields.related_to.iter().map(|r| item(&r.name, r.relation.as_deref(), None)).collect(),
    }
}

/// Adds a value, or fills what an equal one lacks. One that may be either of two others is neither.
fn add(items: &mut Vec<Item>, list: List, item: Item, ambiguous: &[String]) {
    let is_alone = |item: &Item| ambiguous.contains(&item.value);
    let same = |known: &&mut Item| known.is_same(&item, list) && is_alone(known) == is_alone(&item);
    match items.iter_mut().find(same) {
        Some(known) => {
            known.label = match (known.label.take(), item.label) {
                // A colleague who is a friend as well is both.
                (Some(known), Some(more)) if list == List::Tie => Some(tie::both(&known, &more)),
                (known, more) => known.or(more),
            };
            known.pref = known.pref.or(item.pref);
        }
        None => items.push(item),
    }
}

fn apply(content: &mut Content, change: &Change) {
    if let Some(column) = COLUMNS.into_iter().find(|column| column.name() == change.field) {
        content.set(column, change.new.clone());
        return;
    }
    let (table, attribute) = change.field.split_once('.').unwrap_or((&change.field, ""));
    let Some(list) = LISTS.into_iter().find(|list| list.table() == table) else {
        return; // Of another table, such as an interaction: not part of a contact's content.
    };
    let items = content.list_mut(list);
    // An anniversary's key has its label in it, and the change names only the date.
    let same = |known: &Item, value: &str| match list {
        List::Anniversary => known.value == value,
        _ => list.is_same((&known.value, None), (value, None)),
    };
    if attribute.is_empty() {
        let spelled = |old: &str| items.iter().position(|known| known.value == old);
        let similar = |old: &str| items.iter().position(|known| same(known, old));
        let at = change.old.as_deref().and_then(|old| spelled(old).or_else(|| similar(old)));
        match (at, &change.new) {
            (Some(at), Some(new)) => {
                items[at] = Item { value: new.clone(), card: None, ..items[at].clone() };
                // Another card may say already what the user corrected this one to.
                let is_twin = |i: &usize| *i != at && list != List::Anniversary && same(&items[*i], new);
                if let Some(twin) = (0..items.len()).find(is_twin) {
                    let Item { label, pref, .. } = items[twin].clone();
                    items[at].label = items[at].label.take().or(label);
                    items[at].pref = items[at].pref.or(pref);
                    items.remove(twin);
                }
            }
            (Some(at), None) => {
                items.remove(at);
            }
            (None, Some(new)) if !items.iter().any(|known| known.value == *new) => {
                match items.iter_mut().find(|known| same(known, new) && list != List::Anniversary) {
                    // The same in another spelling: the user's is shown.
                    Some(known) => known.value.clone_from(new),
                    None => items.push(Item { value: new.clone(), ..Item::default() }),
                }
            }
            (None, _) => {}
        }
        return;
    }
    let place = |value: &str| {
        let spelled = items.iter().rposition(|known| known.value == value);
        spelled.or_else(|| items.iter().rposition(|known| same(known, value)))
    };
    let Some(known) = change.item.as_deref().and_then(place).map(|at| &mut items[at]) else {
        return; // The value it belonged to is gone.
    };
    match attribute {
        "label" => known.label.clone_from(&change.new),
        "pref" => known.pref = change.new.as_deref().and_then(|pref| pref.parse().ok()),
        _ => {}
    }
}

#[cfg(test)]
mod tests;
