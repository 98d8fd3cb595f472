//! Records meeting people who are there already.

use super::*;
use crate::core::contact::List;

#[test]
fn a_record_that_changed_replaces_itself_and_one_that_is_missing_stays() {
    let home = Home::new();
    let mut store = home.open();
    let sheet = |bert_email: &str| {
        vec![
            record(2, "Anna", "Muller", &["anna@a.example"], &[]),
            record(3, "Bert", "Kern", &[bert_email], &[]),
            record(4, "Carla", "Diaz", &["carla@c.example"], &[]),
        ]
    };
    assert_eq!(counts(&import(&mut store, "csv", &sheet("bert@old.example"))), [3, 0, 0, 0]);
    let again = import(&mut store, "csv", &sheet("bert@new.example")[..2]);
    assert_eq!(counts(&again), [0, 1, 1, 0]);
    assert_eq!(home.ask("SELECT address FROM email WHERE contact_id = 2"), "bert@new.example");
    assert_eq!(home.ask("SELECT count(*) FROM contact WHERE archived_at IS NULL"), "3");
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
    let at = Timestamp::UNIX_EPOCH;
    let batch = Batch {
        importer: "vcard",
        file_name: "x.vcf",
        archive: None,
        home: None,
        at,
        records: all,
        history: None,
        folder: None,
        skipped: 0,
        rehearse: true,
        tell: &|_| {},
    };
    assert_eq!(counts(&store.take_in(&batch, &prints("vcard", &records)).unwrap()), [2, 0, 0, 0]);
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
    let at = Timestamp::UNIX_EPOCH;
    let batch = Batch {
        importer: "vcard",
        file_name: "x.vcf",
        archive: None,
        home: None,
        at,
        records: all,
        history: None,
        folder: None,
        skipped: 0,
        rehearse: false,
        tell: &|_| {},
    };
    assert_eq!(counts(&store.take_in(&batch, &prints).unwrap()), [0, 0, 2, 0]);
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
fn a_file_exported_again_under_its_name_is_recognised_when_every_row_changed() {
    let home = Home::new();
    let mut store = home.open();
    import_as(
        &mut store,
        "csv",
        "contacts.csv",
        &[record(2, "Anna", "Bell", &["anna@a.example"], &["+49 30 1111111"])],
    );
    let corrected = [record(2, "Anna", "Bell", &["anna@a.example"], &["+49 30 2222222"])];
    import_as(&mut store, "csv", "contacts (1).csv", &corrected);
    assert_eq!(home.ask("SELECT number FROM phone"), "+49 30 2222222");
}
