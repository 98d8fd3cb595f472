//! Who may be the same person: found, listed, decided once and for all.

use proptest::prelude::*;

use super::*;
use crate::core::settings::Me;
use crate::store::Decision;

fn now() -> Timestamp {
    "2026-11-22T10:00:00Z".parse().unwrap()
}

fn with_uid(mut record: Record, uid: &str) -> Record {
    record.contact.uid = Some(uid.to_owned());
    record.raw = format!("UID:{uid}\n{}", record.raw);
    record
}

fn book() -> Vec<Record> {
    vec![
        with_uid(record(1, "Robert", "Smith", &["robert@a.example"], &[]), "1"),
        with_uid(record(2, "Bob", "Smith", &["bob@b.example"], &[]), "2"),
        with_uid(record(3, "Emi", "Ono", &["emi@c.example"], &[]), "3"),
    ]
}

fn looked(store: &mut Store) -> Vec<(i64, String)> {
    store.look_for_twins(now()).unwrap();
    store.reviews().unwrap().into_iter().map(|review| (review.id, review.reason)).collect()
}

#[test]
fn whoever_may_be_one_waits_for_a_review_and_is_planned_meanwhile() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &book());
    assert_eq!(looked(&mut store), [(1, "Bob is short for Robert".to_owned())]);
    let review = &store.reviews().unwrap()[0];
    assert_eq!((review.withheld, review.strength), (false, 53));
    assert_eq!(review.codes, ["short-form"]);
    assert_eq!(store.facts(&Me::default(), "2026-11-22".parse().unwrap()).unwrap().facts.people.len(), 3);
    // Nothing is written where nothing changed, and what is corrected waits no longer.
    home.outside("DELETE FROM review").unwrap();
    home.outside("UPDATE change SET undone = NULL WHERE 0").unwrap();
    assert_eq!(looked(&mut store).len(), 1);
    home.outside("UPDATE contact SET name = 'Barnaby Smith' WHERE id = 2").unwrap();
    assert_eq!(looked(&mut store), []);
}

/// Who may be somebody who has died was congratulated on the birthday of the dead.
#[test]
fn who_may_be_somebody_who_has_died_is_not_planned_until_that_is_decided() {
    for dead in [1, 2] {
        let home = Home::new();
        let mut store = home.open();
        import(&mut store, "vcard", &book());
        let [(review, _)] = looked(&mut store)[..] else { panic!() };
        let sql = format!(
            "INSERT INTO anniversary(contact_id, date, label) VALUES ({dead}, '2020-01-01', 'death')"
        );
        home.outside(&sql).unwrap();
        let planned = |store: &Store| -> Vec<i64> {
            let loaded = store.facts(&Me::default(), "2026-11-22".parse().unwrap()).unwrap();
            loaded.facts.people.iter().map(|person| person.id.0).collect()
        };
        assert_eq!(planned(&store), [3], "{dead}");
        store.decide(review, Decision::Different, now()).unwrap();
        assert_eq!(planned(&store), [3 - dead, 3], "{dead}");
    }
}

#[test]
fn two_people_stay_two_whatever_is_imported_merged_or_taken_back() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &book());
    let [(review, _)] = looked(&mut store)[..] else { panic!() };
    store.decide(review, Decision::Different, now()).unwrap();
    assert_eq!(looked(&mut store), []);
    // The same file again, changed, and with new numbers for all of its cards.
    import(&mut store, "vcard", &book());
    assert_eq!(looked(&mut store), []);
    let mut changed = book();
    changed[1].contact.notes = vec!["Sails.".to_owned()];
    changed[1].raw.push_str("NOTE:Sails.\n");
    import(&mut store, "vcard", &changed);
    assert_eq!(looked(&mut store), []);
    let renumbered: Vec<Record> =
        (11..).zip(book()).map(|(uid, record)| with_uid(record, &uid.to_string())).collect();
    import(&mut store, "vcard", &renumbered);
    assert_eq!(looked(&mut store), []);
    // One of the two becomes part of a third.
    import_as(&mut store, "csv", "work.csv", &[record(1, "Rob", "Smithe", &["rob@w.example"], &[])]);
    let third = PersonId(home.ask("SELECT max(id) FROM contact").parse().unwrap());
    store.merge(third, &[PersonId(1)], now()).unwrap();
    home.outside(&format!("UPDATE contact SET name = 'Robert Smith' WHERE id = {third}")).unwrap();
    assert_eq!(looked(&mut store), []);
}

#[test]
fn an_import_that_is_taken_back_and_comes_again_is_not_asked_about_again() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &book());
    let [(review, _)] = looked(&mut store)[..] else { panic!() };
    store.decide(review, Decision::Different, now()).unwrap();
    let import_step = store.steps(9).unwrap().last().unwrap().id;
    let no_file: Rewriter<'_> = &|_| panic!("no file was changed");
    store.undo(Some(import_step), now(), None, no_file, false).unwrap();
    assert_eq!(looked(&mut store), []);
    import(&mut store, "vcard", &book());
    assert_eq!(looked(&mut store), []);
    assert_eq!(home.ask("SELECT count(*) FROM contact"), "3");
}

#[test]
fn a_decision_can_be_taken_back() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &book());
    let before = looked(&mut store);
    let no_file: Rewriter<'_> = &|_| panic!("no file was changed");
    for decision in [Decision::Same, Decision::Different] {
        store.decide(before[0].0, decision, now()).unwrap();
        assert_eq!(looked(&mut store), []);
        store.undo(None, now(), None, no_file, false).unwrap();
        assert_eq!(looked(&mut store), before);
    }
}

#[test]
fn somebody_merged_meanwhile_is_reviewed_as_whom_they_are_part_of() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &book());
    looked(&mut store);
    store.merge(PersonId(3), &[PersonId(2)], now()).unwrap();
    let waiting: Vec<_> = store.reviews().unwrap().into_iter().map(|r| (r.newer.0, r.twin.0)).collect();
    assert_eq!(waiting, [(PersonId(3), PersonId(1))]);
    store.merge(PersonId(3), &[PersonId(1)], now()).unwrap();
    assert_eq!(store.reviews().unwrap(), []);
}

/// What is suspected of whoever the two are part of was listed one command later, and had another number
/// when that was taken back.
#[test]
fn a_pair_keeps_its_number_and_day_through_merges_and_edits_that_are_taken_back() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &book());
    let before = looked(&mut store);
    let waits = |store: &mut Store| -> Vec<(i64, String, String)> {
        store.look_for_twins(now() + jiff::Span::new().hours(1)).unwrap();
        store.reviews().unwrap().into_iter().map(|review| (review.id, review.reason, review.since)).collect()
    };
    let [(number, bob)] = &before[..] else { panic!() };
    let as_it_was = [(*number, bob.clone(), "2026-11-22T10:00:00Z".to_owned())];
    store.merge(PersonId(3), &[PersonId(2)], now()).unwrap();
    assert_eq!(waits(&mut store), [], "Emi is not short for Robert");
    assert!(store.decide(*number, Decision::Different, now()).is_err());
    home.outside(
        "UPDATE contact SET name = 'Robert Smith', given_name = 'Robert', family_name = 'Smith' WHERE id = 3",
    )
    .unwrap();
    let now_one_name = waits(&mut store);
    let [(same, reason, since)] = &now_one_name[..] else { panic!("{now_one_name:?}") };
    assert_eq!((same, reason.as_str(), since), (number, "the same name", &as_it_was[0].2));
    let no_file: Rewriter<'_> = &|_| panic!("no file was changed");
    store.undo(None, now(), None, no_file, false).unwrap();
    assert_eq!(waits(&mut store), []);
    store.undo(None, now(), None, no_file, false).unwrap();
    assert_eq!(waits(&mut store), as_it_was);
    // An edit, likewise.
    home.outside("UPDATE contact SET name = 'Barnaby Smith' WHERE id = 2").unwrap();
    assert_eq!(waits(&mut store), []);
    store.undo(None, now(), None, no_file, false).unwrap();
    assert_eq!(waits(&mut store), as_it_was);
}

#[test]
fn a_flood_is_let_in_by_the_hundred() {
    let home = Home::new();
    let mut store = home.open();
    let letters = |n: u64| {
        let letter = |n: u64| char::from(b'a' + u8::try_from(n % 26).unwrap());
        [letter(n / 26), letter(n), letter(n / 26), letter(n)].iter().collect::<String>()
    };
    let people = |given: &'static str, from: u64| {
        (0..130u64).map(move |n| record(from + n, given, &format!("K{}z", letters(n)), &[], &[]))
    };
    let all: Vec<Record> = people("Robert", 1).chain(people("Bob", 200)).collect();
    import(&mut store, "vcard", &all);
    let first = looked(&mut store);
    assert_eq!((first.len(), store.reviews_to_come().unwrap()), (100, 30));
    for (review, _) in &first[..40] {
        store.decide(*review, Decision::Different, now()).unwrap();
    }
    assert_eq!((looked(&mut store).len(), store.reviews_to_come().unwrap()), (90, 0));
    // Whoever turns out to be a firm makes room at once.
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &all);
    looked(&mut store);
    home.outside(
        "UPDATE contact SET kind = 'organization' WHERE id IN (SELECT contact_id FROM review ORDER BY id LIMIT 40)",
    )
    .unwrap();
    looked(&mut store);
    assert_eq!(store.reviews_to_come().unwrap(), 0);
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn nothing_is_merged_by_a_suspicion(people in proptest::collection::vec((0..5usize, 0..4usize, any::<bool>()), 1..12)) {
        let home = Home::new();
        let mut store = home.open();
        let given = ["Robert", "Bob", "Юлия", "Julia", "Roberd"];
        let family = ["Smith", "Smiht", "Müller", "Mueller"];
        let records: Vec<Record> = (1..)
            .zip(&people)
            .map(|(line, (g, f, turned))| match turned {
                true => record(line, family[*f], given[*g], &[], &[]),
                false => record(line, given[*g], family[*f], &[], &[]),
            })
            .collect();
        import(&mut store, "vcard", &records);
        let known = "SELECT count(*), group_concat(name, '|') FROM contact";
        let before = (home.ask(known), home.ask("SELECT count(*) FROM change"));
        looked(&mut store);
        prop_assert_eq!((home.ask(known), home.ask("SELECT count(*) FROM change")), before);
        prop_assert_eq!(home.ask("SELECT count(*) FROM merged"), "0");
        prop_assert_eq!(home.ask("SELECT count(*) FROM review WHERE withheld = 1 AND codes NOT GLOB '*same-name*' AND codes NOT GLOB '*other-order*'"), "0");
        // What is decided is decided.
        while let Some((review, _)) = looked(&mut store).first().cloned() {
            store.decide(review, Decision::Different, now()).unwrap();
        }
        import(&mut store, "vcard", &records);
        prop_assert_eq!(looked(&mut store), []);
    }
}
