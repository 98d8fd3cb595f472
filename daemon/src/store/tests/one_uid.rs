//! A UID or a profile that two people have: a fault of a program, and no proof.

use std::collections::{BTreeMap, BTreeSet};

use kith_plugin::OnlineService;

use super::undoing::hasty;
use super::*;
use crate::core::how::How;
use crate::core::talk::Talk;

fn card(name: &str, emails: &[&str], phones: &[&str]) -> Record {
    let (given, family) = name.split_once(' ').unwrap_or((name, ""));
    let mut card = record(1, given, family, emails, phones);
    card.contact.uid = Some("1".into());
    card.raw = format!("{name} {emails:?} {phones:?}");
    card
}

fn with_note(mut card: Record, note: &str) -> Record {
    card.contact.notes = vec![note.to_owned()];
    card.raw += note;
    card
}

/// Imports what is now in some files of a followed folder.
pub(super) fn follow(store: &mut Store, folder: &str, files: &[(&str, Record)]) -> Outcome {
    let names: Vec<String> = files.iter().map(|(name, _)| (*name).to_owned()).collect();
    let records: Vec<Record> = (0_u32..)
        .zip(files)
        .map(|(part, (_, record))| Record { at: Place { part, line: 1 }, ..record.clone() })
        .collect();
    let all: &Records<'_> = &|wanted| chosen(&records, wanted);
    let (partly, gone, known) = (BTreeMap::new(), BTreeSet::new(), BTreeMap::new());
    let followed =
        Followed { path: folder, files: &names, partly: &partly, moved: &[], gone: &gone, known: &known };
    let batch = Batch { folder: Some(followed), ..batch("vcard", folder, all) };
    store.take_in(false, |sitting| sitting.take_in(&batch, &prints("vcard", &records))).unwrap()
}

/// Who there is, with their addresses.
fn who(home: &Home) -> String {
    home.ask(
        "SELECT contact.id, contact.name, coalesce(group_concat(address, ' '), '') FROM contact
         LEFT JOIN email ON contact_id = contact.id
         WHERE archived_at IS NULL GROUP BY contact.id ORDER BY contact.id",
    )
}

#[test]
fn one_uid_in_two_address_books_makes_nobody_somebody_else() {
    let anna = card("Anna Müller", &["anna@x.example"], &["+49 170 1111111"]);
    let bert = card("Bert Kern", &["bert@x.example"], &[]);
    let home = Home::new();
    let mut store = hasty(&home);
    import_as(&mut store, "vcard", "p1.vcf", std::slice::from_ref(&anna));
    let day = "2026-11-20".parse().unwrap();
    store.log(&[PersonId(1)], &Talk::new(day, How::Met, "tea"), day).unwrap();
    let outcome = import_as(&mut store, "vcard", "p2.vcf", std::slice::from_ref(&bert));
    assert_eq!(counts(&outcome), [1, 0, 0, 0]);
    let both = "1|Anna Müller|anna@x.example 2|Bert Kern|bert@x.example";
    assert_eq!(who(&home), both);
    assert_eq!(home.ask("SELECT contact_id FROM interaction"), "1");
    assert_eq!(home.ask("SELECT name FROM source ORDER BY id"), "p1.vcf p2.vcf");
    // Each book again, as it was and changed.
    for (file, card) in [("p1.vcf", &anna), ("p2.vcf", &bert)] {
        let again = import_as(&mut store, "vcard", file, std::slice::from_ref(card));
        assert_eq!(counts(&again), [0, 0, 1, 0], "{file}");
        let changed = with_note(card.clone(), "new");
        let again = import_as(&mut store, "vcard", file, &[changed]);
        assert_eq!(counts(&again), [0, 1, 0, 0], "{file}");
    }
    assert_eq!(who(&home), both);
    assert_eq!(home.ask("SELECT name, note FROM contact ORDER BY id"), "Anna Müller|new Bert Kern|new");
    assert_cache_is_true(&store, "one UID");
}

#[test]
fn one_uid_in_two_followed_folders_is_two_people() {
    let home = Home::new();
    let mut store = hasty(&home);
    let anna = card("Anna Müller", &["anna@x.example"], &[]);
    let bert = card("Bert Kern", &["bert@x.example"], &[]);
    follow(&mut store, "/a", &[("a.vcf", anna.clone())]);
    assert_eq!(counts(&follow(&mut store, "/b", &[("b.vcf", bert.clone())])), [1, 0, 0, 0]);
    let both = "1|Anna Müller|anna@x.example 2|Bert Kern|bert@x.example";
    assert_eq!(who(&home), both);
    // Each changes in its own folder; and a name alone is corrected there.
    follow(&mut store, "/b", &[("b.vcf", with_note(bert, "new"))]);
    follow(&mut store, "/a", &[("a.vcf", with_note(anna, "new"))]);
    assert_eq!(who(&home), both);
    let renamed = card("Mama", &["anna@x.example"], &[]);
    assert_eq!(counts(&follow(&mut store, "/a", &[("a.vcf", renamed)])), [0, 1, 0, 0]);
    assert_eq!(who(&home), "1|Mama|anna@x.example 2|Bert Kern|bert@x.example");
    assert_cache_is_true(&store, "two folders");
}

#[test]
fn a_name_alone_that_was_corrected_stays_an_update() {
    let neighbour = || {
        let mut other = record(9, "Carla", "Diaz", &["carla@c.example"], &[]);
        other.contact.uid = Some("9".into());
        other
    };
    let call = |name: &str| with_note(card(name, &[], &[]), "likes tea");
    for (case, before, after) in [
        ("an address", card("Mum", &["m@x.example"], &[]), card("Maria Schmidt", &["m@x.example"], &[])),
        (
            "a number",
            card("Mum", &[], &["+49 170 1111111"]),
            card("Maria Schmidt", &["m@x.example"], &["+49 170 1111111"]),
        ),
        ("a role", card("Foo", &["info@foo.example"], &[]), card("Bar", &["info@foo.example"], &["1234567"])),
        ("all but the name", call("Mum"), call("Maria Schmidt")),
        (
            "a name and a number to it",
            card("Mum", &[], &[]),
            card("Maria Schmidt", &[], &["+49 170 1111111"]),
        ),
        ("nothing else", card("Mum", &[], &[]), card("Maria Schmidt", &[], &[])),
        (
            "the given name",
            card("Anna Müller", &["old@x.example"], &[]),
            card("Anna Kern", &["new@x.example"], &[]),
        ),
    ] {
        let home = Home::new();
        let mut store = hasty(&home);
        import(&mut store, "vcard", &[before, neighbour()]);
        assert_eq!(counts(&import(&mut store, "vcard", &[after, neighbour()])), [0, 1, 1, 0], "{case}");
        assert_eq!(home.ask("SELECT count(*) FROM contact"), "2", "{case}");
    }
}

#[test]
fn one_profile_proves_no_more() {
    let at = |mut card: Record| {
        card.contact.uid = None;
        let uri = Some("https://www.linkedin.com/in/us".to_owned());
        card.contact.online_services = vec![OnlineService { uri, ..OnlineService::default() }];
        card
    };
    let home = Home::new();
    let mut store = hasty(&home);
    import_as(&mut store, "vcard", "p1.vcf", &[at(card("Anna Müller", &["anna@x.example"], &[]))]);
    import_as(&mut store, "csv", "p2.csv", &[at(card("Bert Kern", &["bert@x.example"], &[]))]);
    import_as(&mut store, "vcard", "p3.vcf", &[at(card("Emi Ono", &["emi@x.example"], &[]))]);
    assert_eq!(who(&home), "1|Anna Müller|anna@x.example 2|Bert Kern|bert@x.example 3|Emi Ono|emi@x.example");
    import_as(&mut store, "ldif", "p4.ldif", &[at(card("Emi Ono", &[], &[]))]);
    assert_eq!(home.ask("SELECT count(*) FROM contact"), "3");
}

#[test]
fn one_uid_and_one_given_name_are_two_people() {
    let random = "0b6e6f0a-7f63-4c39-a2f4-4a1f3a55a0de";
    for uid in ["1", "contact-17", random] {
        let card = |name: &str, emails: &[&str], phones: &[&str], born: Option<&str>| {
            let mut card = card(name, emails, phones);
            card.contact.uid = Some(uid.to_owned());
            card.contact.anniversaries = born
                .map(|date| Anniversary { kind: "birth".into(), date: date.into() })
                .into_iter()
                .collect();
            card
        };
        let office = card("Anna Meyer", &["anna@m.example"], &[], Some("1970-01-01"));
        for (case, club, people) in [
            ("another number", card("Anna Kern", &[], &["+49 30 5000005"], None), "2"),
            ("nothing but the name", card("Anna Kern", &[], &[], None), "2"),
            ("an address", card("Anna Kern", &["anna@m.example"], &["+49 30 5000005"], None), "1"),
            ("the birthday", card("Anna Kern", &[], &["+49 30 5000005"], Some("1970-01-01")), "1"),
        ] {
            for cards in [[&office, &club], [&club, &office]] {
                let home = Home::new();
                let mut store = hasty(&home);
                import_as(&mut store, "vcard", "first.vcf", std::slice::from_ref(cards[0]));
                import_as(&mut store, "vcard", "second.vcf", std::slice::from_ref(cards[1]));
                assert_eq!(home.ask("SELECT count(*) FROM contact"), people, "{uid}, {case}");
                // Who is one by a UID that was drawn has the later card in the place of the earlier.
                if people == "2" || uid != random {
                    assert_eq!(home.ask("SELECT address FROM email"), "anna@m.example", "{uid}, {case}");
                }
                assert_cache_is_true(&store, case);
            }
        }
    }
}

#[test]
fn a_number_that_programs_count_with_proves_nothing_elsewhere() {
    for (uid, people, cards) in [("1", "1|review", "2"), ("d2719f5c-3f0e-4a52", "1|-", "1")] {
        let home = Home::new();
        let mut store = hasty(&home);
        let of = |phones: &[&str], note: &str| {
            let mut card = with_note(card("Anna Meyer", &[], phones), note);
            card.contact.uid = Some(uid.to_owned());
            card
        };
        import_as(&mut store, "vcard", "office.vcf", &[of(&["+49 30 1111111"], "at the office")]);
        import_as(&mut store, "vcard", "club.vcf", &[of(&["+49 30 2222222"], "at the club")]);
        let found = home.ask("SELECT 1, coalesce((SELECT 'review' FROM review), '-')");
        assert_eq!(found, people, "{uid}");
        assert_eq!(home.ask("SELECT count(*) FROM card WHERE replaced_by IS NULL"), cards, "{uid}");
    }
    // Where something else shows that they are one, nothing is taken away.
    let home = Home::new();
    let mut store = hasty(&home);
    let of = |note: &str| with_note(card("Anna Meyer", &["anna@m.example"], &[]), note);
    import_as(&mut store, "vcard", "office.vcf", &[of("at the office")]);
    import_as(&mut store, "vcard", "club.vcf", &[of("at the club")]);
    let note = home.ask("SELECT note FROM contact");
    assert!(note.contains("office") && note.contains("club"), "{note}");
}

#[test]
fn what_was_exported_before_takes_nothing_of_what_was_revised_later() {
    let of = |email: &str, revised: &str| {
        let mut card = card("Anna Meyer", &[email], &[]);
        card.contact.uid = Some("0b6e6f0a-7f63-4c39-a2f4-4a1f3a55a0de".to_owned());
        card.contact.updated = Some(revised.to_owned()).filter(|revised| !revised.is_empty());
        card.raw += revised;
        card
    };
    for (case, first, second, after, counted) in [
        ("older", "20261122T100000Z", "2026-11-01T10:00:00Z", "first@x.example", [0, 0, 1, 0]),
        ("newer", "2026-11-01T10:00:00Z", "20261122T100000Z", "second@x.example", [0, 1, 0, 0]),
        (
            "of the same day, without the time",
            "2026-11-22T10:00:00Z",
            "2026-11-22",
            "second@x.example",
            [0, 1, 0, 0],
        ),
        ("not dated", "2026-11-22T10:00:00Z", "", "second@x.example", [0, 1, 0, 0]),
    ] {
        let home = Home::new();
        let mut store = hasty(&home);
        import_as(&mut store, "vcard", "a.vcf", &[of("first@x.example", first)]);
        for (again, counted) in [(false, counted), (true, [0, 0, 1, 0])] {
            let outcome = import_as(&mut store, "vcard", "b.vcf", &[of("second@x.example", second)]);
            assert_eq!(counts(&outcome), counted, "{case}, again: {again}");
            assert_eq!(home.ask("SELECT address FROM email"), after, "{case}");
        }
        assert_cache_is_true(&store, case);
    }
}

#[test]
fn of_two_with_one_uid_in_one_file_none_becomes_the_other() {
    let fillers = || {
        (1..).zip(["Anna", "Carla", "Dora", "Emil"]).map(|(line, given)| {
            let mut record = record(line, given, "Book", &[&format!("{given}@x.example")], &[]);
            record.contact.uid = Some(format!("of-the-book-{line}-0b6e"));
            record
        })
    };
    let of = |name: &str, emails: &[&str]| {
        let mut card = card(name, emails, &[]);
        card.contact.uid = Some("0b6e6f0a-7f63-4c39-a2f4-4a1f3a55a0de".to_owned());
        card
    };
    let book = |cards: &[Record]| fillers().chain(cards.iter().cloned()).collect::<Vec<_>>();
    let (ivan, bert) = ("5|Ivan Smith|", "6|Bert Kerne|");
    for (case, first, later, counted, people) in [
        (
            "by the name",
            [of("Ivan Smith", &[]), of("Bert Kerne", &["bert@b.example"])],
            of("Bert Kerne", &["bert@b.example", "b@b.example"]),
            [0, 1, 4, 0],
            format!("{ivan} {bert}bert@b.example b@b.example"),
        ),
        (
            "by the name alone",
            [of("Ivan Smith", &[]), of("Bert Kerne", &[])],
            of("Bert Kerne", &["b@b.example"]),
            [0, 1, 4, 0],
            format!("{ivan} {bert}b@b.example"),
        ),
        (
            "a married name",
            [of("Ivan Smith", &[]), of("Bert Kerne", &[])],
            of("Bert Adler", &[]),
            [0, 1, 4, 0],
            format!("{ivan} 6|Bert Adler|"),
        ),
        (
            "which of two married",
            [of("Bert Smith", &[]), of("Bert Kerne", &[])],
            of("Bert Adler", &[]),
            [1, 0, 4, 0],
            format!("5|Bert Smith| {bert} 7|Bert Adler|"),
        ),
        (
            "a third name",
            [of("Ivan Smith", &[]), of("Bert Kerne", &[])],
            of("Carlo Adler", &[]),
            [1, 0, 4, 0],
            format!("{ivan} {bert} 7|Carlo Adler|"),
        ),
    ] {
        let home = Home::new();
        let mut store = hasty(&home);
        import(&mut store, "vcard", &book(&first));
        assert_eq!(counts(&import(&mut store, "vcard", &book(&[later]))), counted, "{case}");
        assert!(who(&home).ends_with(&people), "{case}: {}", who(&home));
        assert_cache_is_true(&store, case);
    }
}

#[test]
fn another_name_is_somebody_else_where_the_file_has_the_old_name_as_well() {
    let of = |uid: &str, name: &str| {
        let mut card = card(name, &[], &[]);
        card.contact.uid = Some(uid.to_owned());
        card
    };
    let home = Home::new();
    let mut store = hasty(&home);
    let same = || ["Carla Diaz", "Dora Ek"].map(|name| of(&format!("{name}-4c39-a2f4-4a1f3a55a0de"), name));
    let book = |cards: &[Record]| [cards, &same()].concat();
    import(&mut store, "vcard", &book(&[of("a2f4-4a1f3a55a0de", "Ivan Smith")]));
    let ivan = with_note(of("9e11-4a1f3a55a0de", "Ivan Smith"), "x");
    import(&mut store, "vcard", &book(&[of("a2f4-4a1f3a55a0de", "Bert Kerne"), ivan]));
    assert_eq!(home.ask("SELECT name FROM contact WHERE id = 1"), "Ivan Smith");
    assert_eq!(home.ask("SELECT count(*) FROM contact WHERE name = 'Bert Kerne'"), "1");
}
