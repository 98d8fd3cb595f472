//! A contact's content as a function of its cards and the user's own changes.
//!
//! This is the function f of docs/database.md: `contact` and its lists are a
//! cache of it. Cards come together in an order that depends on what they say
//! and not on when they came, so that the order of imports does not matter;
//! the user's own changes lie on top, in the order they were made.

use std::cmp::Reverse;

use kith_plugin::{Contact, Kind, Name, NameComponentKind};

use super::contact::{COLUMNS, Column, Content, Item, LISTS, List};
use super::identity::{birthday, is_person};
use super::tie;

/// Changes with every change of what [`assemble`] gives for the same input:
/// a database assembled by another version is assembled anew before anything
/// in it is taken for an edit.
pub const VERSION: u32 = 4;

/// A current card of a contact.
#[derive(Debug, Clone, PartialEq)]
pub struct Card {
    /// Its number in the database.
    pub id: i64,
    /// Whether it is from an address book that the user keeps (a vCard), not a list that a service made.
    pub kept: bool,
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

/// Of these cards, in order, the one whose name is shown: a name as the user
/// wrote it, before one that a service knows.
pub fn named<'c>(cards: &[&'c Card]) -> Option<&'c Card> {
    cards.iter().min_by_key(|card| (name_of(&card.fields).is_none(), !card.kept)).copied()
}

/// Newest revision first (RFC 6350 section 6.7.4; undated ones last), then
/// those that say more, then by content: any order that the cards alone decide.
fn precedence(card: &Card) -> (Reverse<String>, Reverse<usize>, String) {
    let json = serde_json::to_string(&card.fields).unwrap_or_default();
    let digits = card.fields.updated.iter().flat_map(|at| at.chars()).filter(char::is_ascii_digit).collect();
    (Reverse(digits), Reverse(json.len()), json)
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
    let birthdays = || cards.iter().filter_map(|card| birthday(&card.fields));
    let born = birthdays().find(|b| b.year().is_some()).or_else(|| birthdays().next());
    content.set(Column::Birthday, born.map(|b| b.to_string()));
    content.set(Column::Note, notes(cards));
    if !cards.iter().any(|card| is_person(&card.fields)) {
        content.set(Column::Kind, Some("organization".to_owned()));
    }
    for card in cards {
        for list in LISTS {
            for item in items(card, list) {
                add(content.list_mut(list), list, item);
            }
        }
    }
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
                s.uri.as_deref().or(s.user.as_deref()).map(|at| item(at, s.service.as_deref(), None))
            });
            links.chain(profiles).collect()
        }
        List::Nickname => fields.nicknames.iter().map(|name| item(name, None, None)).collect(),
        List::Category => fields.keywords.iter().map(|name| item(name, None, None)).collect(),
        List::Anniversary => fields
            .anniversaries
            .iter()
            // A birthday is a column; one that is not a day of the year stays here.
            .filter(|a| a.kind != "birth" || a.date.parse::<super::date::Birthday>().is_err())
            .map(|a| item(&a.date, Some(&a.kind), None))
            .collect(),
        List::Tie => fields.related_to.iter().map(|r| item(&r.name, r.relation.as_deref(), None)).collect(),
    }
}

/// Adds a value, or fills what an equal one lacks.
fn add(items: &mut Vec<Item>, list: List, item: Item) {
    let key = list.key(&item.value, item.label.as_deref());
    match items.iter_mut().find(|known| list.key(&known.value, known.label.as_deref()) == key) {
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
        _ => list.key(&known.value, None) == list.key(value, None),
    };
    if attribute.is_empty() {
        let at = change.old.as_deref().and_then(|old| items.iter().position(|known| same(known, old)));
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
    let Some(known) =
        change.item.as_deref().and_then(|value| items.iter_mut().rev().find(|k| same(k, value)))
    else {
        return; // The value it belonged to is gone.
    };
    match attribute {
        "label" => known.label.clone_from(&change.new),
        "pref" => known.pref = change.new.as_deref().and_then(|pref| pref.parse().ok()),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_plugin::{Anniversary, Email, Organization, Relation};

    fn card(id: i64, name: &str, emails: &[&str]) -> Card {
        Card {
            id,
            kept: false,
            gone: None,
            fields: Contact {
                name: Name { full: Some(name.into()), components: vec![] },
                emails: emails
                    .iter()
                    .map(|a| Email { address: (*a).into(), label: None, pref: None })
                    .collect(),
                ..Contact::default()
            },
        }
    }

    fn change(field: &str, old: Option<&str>, new: Option<&str>) -> Change {
        Change { n: 0, field: field.into(), item: None, old: old.map(Into::into), new: new.map(Into::into) }
    }

    fn emails(content: &Content) -> Vec<&str> {
        content.list(List::Email).iter().map(|item| item.value.as_str()).collect()
    }

    #[test]
    fn a_contact_is_the_union_of_its_cards_in_any_order() {
        let mut one = card(1, "Anna Müller", &["anna@a.example", "ANNA@b.example"]);
        one.fields.organizations = vec![Organization { name: Some("Acme".into()), units: vec![] }];
        let two = card(2, "Anna Müller", &["anna@b.example", "anna@c.example"]);
        let content = assemble(&[one.clone(), two.clone()], &[]);
        assert_eq!(content, assemble(&[two, one], &[]));
        assert_eq!(content.column(Column::Organization), Some("Acme"));
        assert_eq!(emails(&content), ["anna@a.example", "ANNA@b.example", "anna@c.example"]);
    }

    #[test]
    fn the_name_shown_is_the_users_own() {
        let service = card(1, "Camille Anne Moreau", &["a@a.example", "b@a.example"]);
        let own = Card { kept: true, ..card(2, "Dr. Camille Moreau", &[]) };
        for cards in [[service.clone(), own.clone()], [own, service]] {
            assert_eq!(assemble(&cards, &[]).column(Column::Name), Some("Dr. Camille Moreau"));
        }
    }

    #[test]
    fn a_card_that_went_counts_only_where_there_is_no_other() {
        let gone = |id, name, emails, at: &str| Card { gone: Some(at.into()), ..card(id, name, emails) };
        let there = card(1, "Anna Bell", &["anna@a.example"]);
        let early = gone(2, "Anna Bell", &["anna@b.example"], "2026-01-01T00:00:00Z");
        let late = gone(3, "A. Bell", &["anna@c.example"], "2026-02-01T00:00:00Z");
        let content = assemble(&[there.clone(), early.clone(), late.clone()], &[]);
        assert_eq!(content, assemble(&[there], &[]));
        assert_eq!(content.column(Column::ArchivedAt), None);
        let content = assemble(&[early, late], &[]);
        assert_eq!(content.column(Column::ArchivedAt), Some("2026-02-01T00:00:00Z"));
        assert_eq!(emails(&content).len(), 2);
        let back = change("archived_at", Some("2026-02-01T00:00:00Z"), None);
        let of = |changes: &[Change]| assemble(&[gone(2, "Anna", &[], "2026-02-01T00:00:00Z")], changes);
        assert_eq!(of(&[back]).column(Column::ArchivedAt), None, "the user took them back");
        assert_eq!(of(&[]).column(Column::Name), Some("Anna"));
    }

    #[test]
    fn the_fuller_birthday_wins() {
        let born = |id, date: &str| {
            let mut card = card(id, "Anna", &[]);
            card.fields.anniversaries = vec![Anniversary { kind: "birth".into(), date: date.into() }];
            card
        };
        for cards in
            [[born(1, "--04-12"), born(2, "1985-04-12")], [born(1, "1985-04-12"), born(2, "--04-12")]]
        {
            assert_eq!(assemble(&cards, &[]).column(Column::Birthday), Some("1985-04-12"));
        }
    }

    #[test]
    fn somebody_related_stands_once_with_all_that_is_said_of_them() {
        let related = |id, name: &str, relation: Option<&str>| {
            let mut card = card(id, "Anna", &[]);
            card.fields.related_to =
                vec![Relation { name: name.into(), relation: relation.map(str::to_owned) }];
            card
        };
        let [one, two] =
            [related(1, "Jonas Müller", Some("spouse")), related(2, "jonas muller", Some("friend"))];
        let nameless = related(3, "Bert", None);
        let tie = |content: &Content| {
            let items = content.list(List::Tie).iter();
            items.map(|item| (item.value.clone(), item.label.clone())).collect::<Vec<_>>()
        };
        let content = assemble(&[one.clone(), two.clone(), nameless.clone()], &[]);
        assert_eq!(content, assemble(&[nameless, two, one.clone()], &[]));
        let both = ("Jonas Müller".to_owned(), Some("spouse, friend".to_owned()));
        assert_eq!(tie(&content), [both, ("Bert".to_owned(), None)]);
        let relation = Change {
            item: Some("Jonas Müller".into()),
            ..change("tie.label", Some("spouse"), Some("former spouse"))
        };
        let content = assemble(&[one], &[relation, change("tie", None, Some("Zoë"))]);
        let told = [("Jonas Müller", Some("former spouse")), ("Zoë", None)];
        assert_eq!(tie(&content), told.map(|(name, label)| (name.to_owned(), label.map(str::to_owned))));
    }

    #[test]
    fn own_changes_lie_on_top_of_cards() {
        let cards = [card(1, "Anna Muller", &["old@a.example", "gone@a.example"])];
        let changes = [
            change("name", Some("Anna Muller"), Some("Anna Müller")),
            change("email", Some("old@a.example"), Some("new@a.example")),
            change("email", Some("gone@a.example"), None),
            change("email", None, Some("more@a.example")),
            Change { item: Some("more@a.example".into()), ..change("email.label", None, Some("work")) },
            change("interaction.what", None, Some("not a contact's")),
        ];
        let content = assemble(&cards, &changes);
        assert_eq!(content.column(Column::Name), Some("Anna Müller"));
        assert_eq!(emails(&content), ["new@a.example", "more@a.example"]);
        assert_eq!(content.list(List::Email)[1].label.as_deref(), Some("work"));
        assert_eq!(content.list(List::Email)[0].card, None);
        // A corrected card does not bring back what the user took away.
        let later = assemble(&[card(9, "A. Muller", &["gone@a.example", "old@a.example"])], &changes);
        assert_eq!(emails(&later), ["new@a.example", "more@a.example"]);
        assert_eq!(later.column(Column::Name), Some("Anna Müller"));
    }

    #[test]
    fn what_an_export_joined_is_there_once_when_it_comes_back() {
        let noted = |id, notes: &[&str]| {
            let mut card = card(id, "Anna", &[]);
            card.fields.notes = notes.iter().map(|note| (*note).to_owned()).collect();
            card
        };
        for (cards, expected) in [
            ([noted(1, &["one"]), noted(2, &["one\n\ntwo"])], "one\n\ntwo"),
            ([noted(1, &["one", "two"]), noted(2, &["one\n\ntwo"])], "one\n\ntwo"),
            ([noted(1, &["two\n\nthree"]), noted(2, &["one\n\ntwo\n\nthree"])], "one\n\ntwo\n\nthree"),
            // Part of a note is no note.
            ([noted(1, &["one"]), noted(2, &["one and two"])], "one and two\n\none"),
        ] {
            assert_eq!(assemble(&cards, &[]).column(Column::Note), Some(expected), "{cards:?}");
        }
    }

    #[test]
    fn what_another_card_says_already_is_not_there_twice_after_a_correction() {
        let cards = [card(1, "Anna", &["old@a.example"]), card(2, "Anna", &["NEW@a.example"])];
        let changes = [change("email", Some("old@a.example"), Some("new@a.example"))];
        assert_eq!(emails(&assemble(&cards, &changes)), ["new@a.example"]);
    }

    #[test]
    fn somebody_without_a_card_is_what_the_user_said() {
        let content = assemble(&[], &[change("name", None, Some("Zoë"))]);
        assert_eq!(content.column(Column::Name), Some("Zoë"));
        assert_eq!(content.column(Column::Comfort), Some("yes"));
    }

    #[test]
    fn the_shown_name_is_the_first_of_what_a_card_has() {
        use kith_plugin::{NameComponent, Phone};
        let part = |kind, value: &str| NameComponent { kind, value: value.into() };
        let mut all = card(1, "Ada King", &["ada@a.example"]);
        all.fields.name.components =
            vec![part(NameComponentKind::Given, "Ada"), part(NameComponentKind::Surname, "Lovelace")];
        all.fields.nicknames = vec!["Countess".into()];
        all.fields.organizations = vec![Organization { name: Some("Engines".into()), units: vec![] }];
        all.fields.phones = vec![Phone { number: "030 123456".into(), label: None, pref: None }];
        type TakeAway = fn(&mut Contact);
        let without: [(&str, TakeAway); 6] = [
            ("Ada King", |contact| contact.name.full = Some("  ".into())),
            ("Ada Lovelace", |contact| contact.name.components.clear()),
            // Whoever is called something by their friends is known by that.
            ("Countess", |contact| contact.nicknames.clear()),
            ("Engines", |contact| contact.organizations.clear()),
            ("ada@a.example", |contact| contact.emails.clear()),
            ("030 123456", |contact| contact.phones.clear()),
        ];
        for (expected, take_away) in without {
            assert_eq!(assemble(&[all.clone()], &[]).column(Column::Name), Some(expected));
            take_away(&mut all.fields);
        }
        assert_eq!(assemble(&[all], &[]).column(Column::Name), Some(""));
    }
}
