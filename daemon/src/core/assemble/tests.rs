//! A contact as a function of its cards and the user's changes, case by case.

use super::*;
use kith_plugin::{Anniversary, Email, Organization, Relation};

fn card(id: i64, name: &str, emails: &[&str]) -> Card {
    Card {
        id,
        kept: false,
        behind: 0,
        gone: None,
        fields: Contact {
            name: Name { full: Some(name.into()), components: vec![] },
            emails: emails.iter().map(|a| Email { address: (*a).into(), label: None, pref: None }).collect(),
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
    for cards in [[born(1, "--04-12"), born(2, "1985-04-12")], [born(1, "1985-04-12"), born(2, "--04-12")]] {
        assert_eq!(assemble(&cards, &[]).column(Column::Birthday), Some("1985-04-12"));
    }
}

#[test]
fn somebody_related_stands_once_with_all_that_is_said_of_them() {
    let related = |id, name: &str, relation: Option<&str>| {
        let mut card = card(id, "Anna", &[]);
        card.fields.related_to = vec![Relation { name: name.into(), relation: relation.map(str::to_owned) }];
        card
    };
    let [one, two] = [related(1, "Jonas Müller", Some("spouse")), related(2, "jonas muller", Some("friend"))];
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

#[test]
fn values_that_may_be_two_are_two() {
    use kith_plugin::{Link, Phone};
    let numbers = |of: &[&str]| -> Vec<Phone> {
        of.iter().map(|number| Phone { number: (*number).into(), label: None, pref: None }).collect()
    };
    for (case, said, kept) in [
        (
            "extensions",
            &["+49 40 7000 ext. 12", "+49 40 7000 ext. 13"][..],
            &["+49 40 7000 ext. 12", "+49 40 7000 ext. 13"][..],
        ),
        (
            "with and without",
            &["+1 415 555 0100", "+1 415 555 0100 x77"],
            &["+1 415 555 0100", "+1 415 555 0100 x77"],
        ),
        ("countries", &["+49 170 1234567", "+43 170 1234567"], &["+49 170 1234567", "+43 170 1234567"]),
        ("a country and none", &["040 555111", "+49 40 555111"], &["040 555111"]),
        (
            "either of two",
            &["0170 1234567", "+49 170 1234567", "+43 170 1234567", "0170/1234567"],
            &["0170 1234567", "+49 170 1234567", "+43 170 1234567"],
        ),
    ] {
        let mut one = card(1, "Anna", &[]);
        one.fields.phones = numbers(said);
        let together = assemble(std::slice::from_ref(&one), &[]);
        let shown = |content: &Content| {
            content.list(List::Phone).iter().map(|item| item.value.clone()).collect::<Vec<_>>()
        };
        assert_eq!(shown(&together), kept, "{case}");
        // The same on a card each.
        let cards: Vec<Card> = (1..)
            .zip(said)
            .map(|(id, number)| {
                let mut card = card(id, "Anna", &[]);
                card.fields.phones = numbers(&[number]);
                card
            })
            .collect();
        assert_eq!(shown(&assemble(&cards, &[])).len(), kept.len(), "{case}, on a card each");
        for number in kept {
            let gone = assemble(std::slice::from_ref(&one), &[change("phone", Some(number), None)]);
            assert!(!shown(&gone).iter().any(|shown| shown == number), "{case}: {number} is taken away");
            assert_eq!(shown(&gone).len() + 1, kept.len(), "{case}: and no other one");
        }
    }
    let mut one = card(1, "Anna", &[]);
    let links = [
        "https://x.example/p?id=1",
        "https://x.example/p?id=2",
        "https://x.example/P?id=1",
        "https://youtube.com/watch?v=a",
        "https://youtube.com/watch?v=b",
    ];
    one.fields.links = links.iter().map(|uri| Link { uri: (*uri).into(), label: None }).collect();
    assert_eq!(assemble(&[one], &[]).list(List::Link).len(), links.len());
}

#[test]
fn an_address_in_the_place_of_a_name_is_none_beside_one() {
    let named = card(1, "Bert Kern", &["bert@x.example"]);
    for shown in ["bert@x.example", "'bert@x.example'", "+49 170 1234567"] {
        let mut address = card(2, shown, &["bert@x.example", "bert@y.example"]);
        address.fields.updated = Some("2026-01-01T00:00:00Z".into());
        let content = assemble(&[named.clone(), Card { kept: true, ..address.clone() }], &[]);
        assert_eq!(content.column(Column::Name), Some("Bert Kern"), "{shown}");
        assert_eq!(assemble(&[address], &[]).column(Column::Name), Some(shown));
    }
}

#[test]
fn who_stays_of_a_merge_keeps_what_they_have() {
    let said = |card: Card, born: &str, firm: &str, revised: &str| {
        let mut fields = card.fields;
        fields.anniversaries.push(Anniversary { kind: "birth".into(), date: born.into() });
        fields.anniversaries.retain(|one| !one.date.is_empty());
        fields.organizations.push(Organization { name: Some(firm.into()), units: vec![] });
        fields.organizations.retain(|one| one.name.as_deref() != Some(""));
        fields.updated = Some(revised.into());
        Card { fields, ..card }
    };
    let born = [
        ("1980-01-01", "1981-02-02", "1980-01-01"),
        ("--01-01", "1981-02-02", "--01-01"),
        // The same day, with its year.
        ("--02-02", "1981-02-02", "1981-02-02"),
        ("", "1981-02-02", "1981-02-02"),
    ];
    for (theirs, others, expected) in born {
        let stays = said(card(1, "Zoe Zett", &["z@z.example"]), theirs, "", "2020");
        let other = said(card(2, "Anna Aal", &["a@a.example"]), others, "Aorg", "2026");
        let other = Card { kept: true, behind: 1, ..other };
        for cards in [[stays.clone(), other.clone()], [other, stays]] {
            let content = assemble(&cards, &[]);
            assert_eq!(content.column(Column::Name), Some("Zoe Zett"));
            assert_eq!(content.column(Column::Birthday), Some(expected), "{theirs} {others}");
            assert_eq!(content.column(Column::Organization), Some("Aorg"));
            assert_eq!(content.list(List::Email)[0].value, "z@z.example");
        }
    }
    // What has no name of its own takes that of the other.
    let nameless = card(1, "", &["z@z.example"]);
    let named = Card { behind: 1, ..card(2, "Anna Aal", &[]) };
    assert_eq!(assemble(&[nameless, named], &[]).column(Column::Name), Some("Anna Aal"));
}
