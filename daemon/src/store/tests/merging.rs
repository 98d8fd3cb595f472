//! Records meeting people who are there already.

use proptest::prelude::*;

use super::undoing::{hasty, now, people};
use super::*;
use crate::core::contact::{COLUMNS, Content, LISTS, List};

#[test]
fn a_record_that_changed_replaces_itself_and_one_that_is_missing_stays() {
    let home = Home::new();
    let mut store = home.open();
    let sheet = |bert_email: &str| {
        vec![
            record(2, "Anna", "Muller", &["anna@a.example"], &[]),
            record(3, "Bert", "Kern", &[bert_email], &[]),
            record(4, "Dora", "Ek", &["dora@d.example"], &[]),
            record(5, "Emi", "Ono", &["emi@e.example"], &[]),
            record(6, "Finn", "Ost", &["finn@f.example"], &[]),
            record(7, "Carla", "Diaz", &["carla@c.example"], &[]),
        ]
    };
    assert_eq!(counts(&import(&mut store, "csv", &sheet("bert@old.example"))), [6, 0, 0, 0]);
    let again = import(&mut store, "csv", &sheet("bert@new.example")[..5]);
    assert_eq!(counts(&again), [0, 1, 4, 0]);
    assert_eq!(home.ask("SELECT address FROM email WHERE contact_id = 2"), "bert@new.example");
    assert_eq!(home.ask("SELECT count(*) FROM contact WHERE archived_at IS NULL"), "6");
    assert_eq!(home.ask("SELECT count(*) FROM source"), "1");
    assert!(
        matches!(&again.details[0].what, What::Updated { reason, .. } if reason.to_string().contains("same record"))
    );
}

#[test]
fn another_address_book_adds_beside_and_a_name_alone_waits() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &phone_book());
    let mut linked = record(5, "Anna", "Muller", &["anna@a.example"], &[]);
    linked.contact.titles = vec!["CTO".into()];
    let stranger = record(6, "Bert", "Kern", &[], &["+49 170 5555555"]);
    let outcome = import(&mut store, "csv", &[linked, stranger]);
    assert_eq!(counts(&outcome), [0, 1, 0, 1]);
    assert_eq!(home.ask("SELECT title FROM contact WHERE id = 1"), "CTO");
    let today = "2026-11-23".parse().unwrap();
    let planned = |store: &Store, day| -> Vec<String> {
        store
            .facts(&crate::core::settings::Me::default(), day)
            .unwrap()
            .facts
            .people
            .into_iter()
            .map(|p| p.name)
            .collect()
    };
    assert_eq!(planned(&store, today), ["Anna Muller", "Bert Kern"]);
    // Thirty days undecided, both are planned.
    assert_eq!(planned(&store, "2026-12-23".parse().unwrap()), ["Anna Muller", "Bert Kern", "Bert Kern"]);
    let review = &store.reviews().unwrap()[0];
    store.decide(review.id, Decision::Same, Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(store.contact(PersonId(2)).unwrap().list(List::Phone).len(), 1);
    assert_eq!(planned(&store, "2026-12-23".parse().unwrap()), ["Anna Muller", "Bert Kern"]);
    assert_cache_is_true(&store, "merged");
    assert!(store.reviews().unwrap().is_empty());
}

#[test]
fn merges_and_splits_made_in_the_table_are_followed() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &phone_book());
    let whole = [1, 2].map(|id| store.contact(PersonId(id)).unwrap());
    home.outside("INSERT INTO merged(loser, winner) VALUES (2, 1)").unwrap();
    drop(store);
    let store = home.open();
    assert_eq!(
        home.ask("SELECT address FROM email ORDER BY 1"),
        "anna@a.example bert@b.example old@a.example"
    );
    assert_eq!(home.ask("SELECT id FROM contact WHERE archived_at IS NULL"), "1");
    assert_cache_is_true(&store, "merged in the table");
    home.outside("DELETE FROM merged").unwrap();
    drop(store);
    let store = home.open();
    assert_eq!([1, 2].map(|id| store.contact(PersonId(id)).unwrap()), whole);
    assert_cache_is_true(&store, "split in the table");
}

#[test]
fn a_namesake_in_a_file_of_their_own_replaces_nobody() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &[record(1, "Anna", "Muller", &[], &["+49 170 1111111"])]);
    let outcome = import(&mut store, "vcard", &[record(1, "Anna", "Muller", &["anna@other.example"], &[])]);
    assert_eq!(counts(&outcome), [0, 0, 0, 1]);
    assert_eq!(home.ask("SELECT number FROM phone WHERE contact_id = 1"), "+49 170 1111111");
}

#[test]
fn the_edits_of_a_merged_twin_come_along() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &phone_book());
    import(&mut store, "csv", &[record(6, "Bert", "Kern", &[], &["+49 170 5555555"])]);
    home.outside("UPDATE contact SET circle = 'close' WHERE id = 3; INSERT INTO interaction(contact_id, day) VALUES (3, '2026-11-01')").unwrap();
    store.decide(1, Decision::Same, Timestamp::UNIX_EPOCH).unwrap();
    assert_eq!(store.contact(PersonId(2)).unwrap().column(Column::Circle), Some("close"));
    let facts =
        store.facts(&crate::core::settings::Me::default(), "2026-11-23".parse().unwrap()).unwrap().facts;
    assert_eq!(facts.people.iter().find(|p| p.id == PersonId(2)).unwrap().interactions.len(), 1);
}

#[test]
fn a_rehearsal_changes_nothing() {
    let home = Home::new();
    let mut store = home.open();
    let records = phone_book();
    let all: &Records<'_> = &|wanted| chosen(&records, wanted);
    let batch = batch("vcard", "x.vcf", all);
    assert_eq!(
        counts(&store.take_in(true, |sitting| sitting.take_in(&batch, &prints("vcard", &records))).unwrap()),
        [2, 0, 0, 0]
    );
    assert_eq!(home.ask("SELECT count(*) FROM contact"), "0");
}

#[test]
fn another_import_may_come_between_the_reading_and_the_taking() {
    let home = Home::new();
    let mut store = home.open();
    let records = phone_book();
    let prints = prints("vcard", &records);
    import(&mut home.open(), "vcard", &records);
    let all: &Records<'_> = &|wanted| chosen(&records, wanted);
    let batch = batch("vcard", "x.vcf", all);
    assert_eq!(
        counts(&store.take_in(false, |sitting| sitting.take_in(&batch, &prints)).unwrap()),
        [0, 0, 2, 0]
    );
}

#[test]
fn a_uid_that_an_exporter_gives_to_everybody_is_no_identity() {
    let home = Home::new();
    let mut store = home.open();
    let mut records = vec![record(1, "Anna", "Muller", &[], &[]), record(2, "Bert", "Kern", &[], &[])];
    for record in &mut records {
        record.contact.uid = Some("0".into());
    }
    assert_eq!(counts(&import(&mut store, "vcard", &records)), [2, 0, 0, 0]);
    assert_eq!(counts(&import(&mut store, "vcard", &records)), [0, 0, 2, 0]);
}

#[test]
fn a_second_address_book_with_the_same_people_takes_nothing_away() {
    let people = ["Anna Bell", "Bert Kern", "Carla Diaz", "David Diaz"];
    let book = |place: &str, with_uid: bool| -> Vec<Record> {
        (1_u64..)
            .zip(people)
            .map(|(line, name)| {
                let (given, family) = name.split_once(' ').unwrap();
                let mut record = record(line, given, family, &[&format!("{given}@a.example")], &[]);
                record.contact.notes = vec![format!("{name} at {place}")];
                record.contact.uid = with_uid.then(|| format!("{place}-{line}"));
                record
            })
            .collect()
    };
    for with_uid in [false, true] {
        let home = Home::new();
        let mut store = home.open();
        import(&mut store, "vcard", &book("home", with_uid));
        let work = book("work", with_uid);
        // One card of somebody, and the whole of the other book, under another name.
        for records in [&work[..1], &work[..]] {
            import_as(&mut store, "vcard", "work.vcf", records);
        }
        let note = store.contact(PersonId(1)).unwrap();
        let note = note.column(Column::Note).unwrap();
        assert!(note.contains("at home") && note.contains("at work"), "{note}");
        assert_eq!(home.ask("SELECT count(*) FROM contact"), "4");
        for (name, records) in [("phone.vcf", book("home", with_uid)), ("work.vcf", work)] {
            let again = import_as(&mut store, "vcard", name, &records);
            assert_eq!(counts(&again), [0, 0, 4, 0], "{name}");
        }
    }
}

#[test]
fn a_namesake_with_nothing_in_common_is_asked_about_though_the_file_looks_like_the_one_before() {
    let others = [
        record(9, "Ida", "Oak", &["ida@a.example"], &[]),
        record(17, "Bert", "Oak", &["bert@a.example"], &[]),
    ];
    let book = |thomas: Record| [vec![thomas], others.to_vec()].concat();
    let baker = record(1, "Thomas", "Smith", &["tom@baker.example"], &["+49 30 1111111"]);
    let lawyer = record(1, "Thomas", "Smith", &["thomas@law.example"], &["+49 30 2222222"]);
    let moved = record(1, "Thomas", "Smith", &["tom@baker.example"], &["+49 30 2222222"]);
    for (later, people) in [(lawyer, "4"), (moved, "3")] {
        let home = Home::new();
        let mut store = home.open();
        import_as(&mut store, "csv", "phone.csv", &book(baker.clone()));
        import_as(&mut store, "csv", "work.csv", &book(later));
        assert_eq!(home.ask("SELECT count(*) FROM contact"), people);
    }
}

#[test]
fn where_every_row_changed_nothing_shows_that_it_is_the_file_of_before() {
    let home = Home::new();
    let mut store = home.open();
    for (name, number) in [("contacts.csv", "+49 30 1111111"), ("contacts (1).csv", "+49 30 2222222")] {
        import_as(&mut store, "csv", name, &[record(2, "Anna", "Bell", &["anna@a.example"], &[number])]);
    }
    assert_eq!(home.ask("SELECT number FROM phone ORDER BY id"), "+49 30 1111111 +49 30 2222222");
}

#[test]
fn records_of_one_file_that_share_a_uid_all_count_and_come_again_unchanged() {
    let home = Home::new();
    let mut store = home.open();
    // As several exports that were put into one file.
    let file = |number: &str| {
        let mut records = vec![
            record(1, "Anna", "Muller", &["anna@a.example"], &[]),
            record(9, "Anna", "Muller", &[], &["+49 170 1111111"]),
            record(17, "Anna", "Muller", &[], &[number]),
        ];
        records.iter_mut().for_each(|record| record.contact.uid = Some("1".into()));
        for (at, record) in records.iter_mut().enumerate() {
            record.raw = format!("{at} {number}");
        }
        records
    };
    let said =
        |home: &Home| home.ask("SELECT address FROM email UNION ALL SELECT number FROM phone ORDER BY 1");
    import(&mut store, "vcard", &file("+49 30 2222222"));
    assert_eq!(said(&home), "+49 170 1111111 +49 30 2222222 anna@a.example");
    for _ in 0..2 {
        assert_eq!(counts(&import(&mut store, "vcard", &file("+49 30 2222222"))), [0, 0, 3, 0]);
    }
    // What changes takes the place of the earlier ones, all the same.
    import(&mut store, "vcard", &file("+49 30 3333333"));
    assert_eq!(said(&home), "+49 170 1111111 +49 30 3333333 anna@a.example");
    assert_eq!(home.ask("SELECT count(*) FROM card WHERE replaced_by IS NULL"), "3");
}

#[test]
fn a_record_of_somebody_whom_the_same_file_showed_to_be_another_counts_for_the_other() {
    let home = Home::new();
    let mut store = home.open();
    let mut records = vec![
        record(1, "Bert", "Kern", &["a@b.example"], &["+49 170 1111111"]),
        record(2, "Bert", "Kern", &["b@b.example"], &[]),
        // Has what both have.
        record(3, "Bert", "Kern", &["b@b.example"], &["+49 170 1111111"]),
        // Has what only the first has.
        record(4, "Bert", "Kern", &["a@b.example"], &[]),
    ];
    records[1].contact.uid = Some("1".into());
    records[2].contact.uid = Some("1".into());
    records[3].contact.titles = vec!["Baker".into()];
    import(&mut store, "vcard", &records);
    assert_eq!(home.ask("SELECT loser, winner FROM merged"), "1|2");
    assert_eq!(home.ask("SELECT id, title FROM contact WHERE archived_at IS NULL"), "2|Baker");
    assert_cache_is_true(&store, "merged within one file");
    assert!(import(&mut store, "vcard", &records).is_nothing());
}

/// A record of one of few people, who have much in common and not all of it theirs.
fn anybody() -> impl Strategy<Value = Record> {
    let name =
        prop::sample::select(&["Anna Amsel", "Amsel, Anna", "Bert Kern", "Dr. Bert Kern", "Carla", ""][..]);
    let uid = prop::sample::select(&[None, Some("1"), Some("2")][..]);
    let email =
        prop::sample::select(&[None, Some("a@x.example"), Some("b@x.example"), Some("info@x.example")][..]);
    let phone = prop::sample::select(&[None, Some("+49 170 1111111"), Some("0170 1111111"), Some("112")][..]);
    let born = prop::sample::select(&[None, Some("1985-04-12"), Some("--04-12"), Some("1990-01-02")][..]);
    (name, uid, email, phone, born, 1..9_u64).prop_map(|(name, uid, email, phone, born, line)| {
        let mut record = record(line, "", "", email.as_slice(), phone.as_slice());
        record.contact.name = Name { full: (!name.is_empty()).then(|| name.to_owned()), ..Name::default() };
        record.contact.uid = uid.map(str::to_owned);
        record.contact.anniversaries =
            born.map(|date| Anniversary { kind: "birth".into(), date: date.into() }).into_iter().collect();
        record
    })
}

fn books() -> impl Strategy<Value = Vec<(&'static str, Vec<Record>)>> {
    let importer = prop::sample::select(&["vcard", "csv"][..]);
    prop::collection::vec((importer, prop::collection::vec(anybody(), 0..6)), 1..4)
}

/// What a contact says, but neither which of equal cards says it nor in which order rows came.
fn said(content: &Content) -> Vec<String> {
    let columns = COLUMNS.iter().map(|column| format!("{column:?}: {:?}", content.column(*column)));
    let items = LISTS.into_iter().flat_map(|list| content.list(list).iter().map(move |item| (list, item)));
    let mut said: Vec<String> = columns
        .chain(
            items.map(|(list, item)| format!("{list:?}: {:?} {:?} {:?}", item.value, item.label, item.pref)),
        )
        .collect();
    said.sort();
    said
}

pub(super) fn everybody(store: &Store) -> Vec<(PersonId, Vec<String>)> {
    let all = store.list(Filter { archived: true, ..Filter::default() }).unwrap();
    all.into_iter().map(|one| (one.id, said(&one.content))).collect()
}

#[test]
fn whoever_stays_keeps_their_name() {
    let home = Home::new();
    let mut store = hasty(&home);
    let carla = record(1, "Carla", "New", &["carla@a.example"], &["+49 170 1111111"]);
    import(&mut store, "vcard", &[carla, record(2, "Dora", "Old", &["dora@b.example"], &[])]);
    home.outside(
        "UPDATE contact SET name = 'Dora Edited', given_name = 'Dora', family_name = 'Edited', title = 'Dean' WHERE id = 2",
    )
    .unwrap();
    let name = |home: &Home, id: i64| {
        home.ask(&format!("SELECT name, given_name, family_name, title FROM contact WHERE id = {id}"))
    };
    store.merge(PersonId(1), &[PersonId(2)], now()).unwrap();
    assert_eq!(name(&home, 1), "Carla New|Carla|New|Dean");
    assert_cache_is_true(&store, "merged");
    // What is changed of who stays is theirs.
    home.outside("UPDATE contact SET name = 'Carla Dora' WHERE id = 1").unwrap();
    drop(store);
    let mut store = hasty(&home);
    assert_eq!(name(&home, 1), "Carla Dora|Carla|New|Dean");
    store.split(PersonId(2), now()).unwrap();
    assert_eq!(name(&home, 1), "Carla Dora|Carla|New|-");
    assert_eq!(name(&home, 2), "Dora Edited|Dora|Edited|Dean");
    assert_cache_is_true(&store, "split");
}

#[test]
fn a_name_that_nobody_else_gives_stays() {
    let home = Home::new();
    let mut store = hasty(&home);
    let mut nameless = record(1, "", "", &["x@x.example"], &[]);
    nameless.contact.name = Name::default();
    import(&mut store, "vcard", &[nameless]);
    home.outside("INSERT INTO contact(name) VALUES ('Dora')").unwrap();
    store.merge(PersonId(1), &[PersonId(2)], now()).unwrap();
    assert_eq!(home.ask("SELECT name FROM contact WHERE id = 1"), "Dora");
    assert_cache_is_true(&store, "merged");
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn an_import_that_is_repeated_changes_nothing(books in books()) {
        let home = Home::new();
        let mut store = hasty(&home);
        for (at, (importer, book)) in books.iter().enumerate() {
            import_as(&mut store, importer, &format!("{at}.x"), book);
            let before = people(&home);
            let again = import_as(&mut store, importer, &format!("{at}.x"), book);
            prop_assert!(again.is_nothing(), "{again:?}");
            prop_assert_eq!(people(&home), before);
            assert_cache_is_true(&store, "imported twice");
        }
    }

    #[test]
    fn a_split_undoes_a_merge(
        books in books(), one in any::<prop::sample::Index>(), other in any::<prop::sample::Index>(), edited in any::<bool>()
    ) {
        let home = Home::new();
        let mut store = hasty(&home);
        books.iter().for_each(|(importer, book)| drop(import(&mut store, importer, book)));
        let ids: Vec<PersonId> = everybody(&store).iter().map(|(id, _)| *id).collect();
        if ids.is_empty() {
            return Ok(());
        }
        let (one, other) = (*one.get(&ids), *other.get(&ids));
        if one == other {
            return Ok(());
        }
        if edited {
            home.outside(&format!("UPDATE contact SET title = 'CTO', circle = 'close' WHERE id IN ({one}, {other})")).unwrap();
        }
        let before = everybody(&store);
        store.merge(one, &[other], now()).unwrap();
        prop_assert_eq!(everybody(&store).len(), before.len() - 1);
        store.split(other, now()).unwrap();
        prop_assert_eq!(everybody(&store), before);
        assert_cache_is_true(&store, "split");
    }
}

#[test]
fn an_archives_files_have_a_moment_that_no_other_import_of_its_name_has() {
    let home = Home::new();
    let mut store = home.open();
    let none: &Records<'_> = &|_| Box::new(std::iter::empty());
    let batch = |archive, at| Batch { archive: Some(archive), at, ..batch("vcard", "a.vcf", none) };
    let at = "2026-11-22T10:00:00.25Z".parse().unwrap();
    for archive in ["a.zip", "a.zip", "b.zip", "a.zip"] {
        let taken = store.take_in(false, |sitting| {
            let at = sitting.moment_of(archive, at)?;
            sitting.take_in(&batch(archive, at), &prints("vcard", &[]))?;
            sitting.take_in(&batch(archive, at), &prints("vcard", &[]))
        });
        taken.unwrap();
    }
    assert_eq!(
        home.ask("SELECT archive, substr(at, 12), count(*) FROM import GROUP BY archive, at"),
        "a.zip|10:00:00Z|2 a.zip|10:00:01Z|2 a.zip|10:00:02Z|2 b.zip|10:00:00Z|2"
    );
}

#[test]
fn of_batches_that_are_taken_in_together_nothing_stays_if_one_cannot_be() {
    let home = Home::new();
    let mut store = home.open();
    let records = phone_book();
    let all: &Records<'_> = &|wanted| chosen(&records, wanted);
    let broken: &Records<'_> = &|_| Box::new(std::iter::once(Err(Error::internal("the disk is full"))));
    let batch = |file_name, records| Batch { archive: Some("a.zip"), ..batch("vcard", file_name, records) };
    let other = [record(20, "Carla", "Diaz", &["carla@c.example"], &[])];
    let taken = store.take_in(false, |sitting| {
        sitting.take_in(&batch("a.vcf", all), &prints("vcard", &records))?;
        sitting.take_in(&batch("b.vcf", broken), &prints("vcard", &other))
    });
    assert!(taken.unwrap_err().message().contains("the disk is full"));
    assert_eq!(home.ask("SELECT (SELECT count(*) FROM contact), (SELECT count(*) FROM import)"), "0|0");
}
