//! Imports that are taken back after their people were worked with.

use super::one_uid::follow;
use super::undoing::{hasty, now, people};
use super::*;
use crate::core::how::How;
use crate::core::talk::Talk;

fn no_file(rewrite: &Rewrite) -> Result<()> {
    panic!("nothing but the database was changed: {rewrite:?}")
}

fn take_back(store: &mut Store, import: i64) -> Undone {
    let undone = store.undo(Some(StepId::Import(import)), now(), None, &no_file, false).unwrap();
    assert_cache_is_true(store, "taken back");
    undone
}

fn kept(undone: &Undone) -> Vec<String> {
    undone.kept.iter().map(|kept| format!("{} {}: {}", kept.id, kept.name, kept.why.join("; "))).collect()
}

fn met(store: &mut Store, id: i64) {
    let day = "2026-11-20".parse().unwrap();
    store.log(&[PersonId(id)], &Talk::new(day, How::Met, "tea"), day).unwrap();
}

#[test]
fn everybody_of_it_was_worked_with_and_it_goes_nevertheless() {
    let home = Home::new();
    let mut store = hasty(&home);
    let mut book = phone_book();
    book.push(record(20, "Carla", "Diaz", &["carla@c.example"], &[]));
    import(&mut store, "vcard", &book);
    home.outside(
        "UPDATE contact SET circle = 'close' WHERE id = 1; UPDATE email SET address = 'own@a.example' WHERE address = 'old@a.example'",
    )
    .unwrap();
    met(&mut store, 2);
    home.outside("INSERT INTO pause(contact_id, from_day, until_day) VALUES (3, '2026-12-24', '2026-12-31')")
        .unwrap();
    let before = people(&home);
    let undone = take_back(&mut store, 1);
    assert_eq!(undone.contacts, 0);
    assert_eq!(
        kept(&undone),
        [
            "1 Anna Muller: in the circle close; you changed the email",
            "2 Bert Kern: one entry in the history",
            "3 Carla Diaz: a pause"
        ]
    );
    assert_eq!(
        home.ask("SELECT id, name, given_name, family_name, birthday, circle FROM contact"),
        "1|Anna Muller|Anna|Muller|-|close 2|Bert Kern|Bert|Kern|-|- 3|Carla Diaz|Carla|Diaz|-|-"
    );
    assert_eq!(home.ask("SELECT contact_id, address FROM email"), "1|own@a.example");
    assert_eq!(home.ask("SELECT count(*) FROM phone"), "0");
    assert_eq!(home.ask("SELECT contact_id, what FROM interaction"), "2|tea");
    let after = people(&home);
    store.redo(now(), &no_file, false).unwrap();
    assert_eq!(people(&home), before, "brought back");
    take_back(&mut store, 1);
    assert_eq!(people(&home), after);
    // The file comes again: the same people, whose UID is known or is not.
    assert_eq!(counts(&import(&mut store, "vcard", &book)), [0, 3, 0, 0]);
    assert_cache_is_true(&store, "imported again");
    assert_eq!(
        home.ask("SELECT id, name, birthday, circle FROM contact"),
        "1|Anna Muller|--04-12|close 2|Bert Kern|-|- 3|Carla Diaz|-|-"
    );
    assert_eq!(store.own_cards(PersonId(2)).unwrap().len(), 1);
    take_back(&mut store, 2);
    assert_eq!(people(&home), after);
}

#[test]
fn who_needs_no_name_any_more_goes() {
    let home = Home::new();
    let mut store = hasty(&home);
    import(&mut store, "vcard", &phone_book());
    met(&mut store, 2);
    let talk = store.steps(1).unwrap()[0].id;
    take_back(&mut store, 1);
    assert_eq!(home.ask("SELECT name FROM contact"), "Bert Kern");
    let before = people(&home);
    store.undo(Some(talk), now(), None, &no_file, false).unwrap();
    assert_eq!(home.ask("SELECT count(*) FROM contact"), "0");
    store.redo(now(), &no_file, false).unwrap();
    assert_eq!(people(&home), before);
}

#[test]
fn an_organisation_stays_one() {
    let home = Home::new();
    let mut store = hasty(&home);
    let mut firm = record(1, "", "", &["info@acme.example"], &[]);
    firm.contact.name = Name::default();
    firm.contact.organizations =
        vec![kith_plugin::Organization { name: Some("Acme".into()), units: vec!["Sales".into()] }];
    import(&mut store, "vcard", &[firm]);
    met(&mut store, 1);
    take_back(&mut store, 1);
    assert_eq!(home.ask("SELECT name, kind, organization FROM contact"), "Acme|organization|-");
}

#[test]
fn what_was_merged_into_somebody_known_says_nothing_any_more() {
    for (first, second) in [("csv", "vcard"), ("vcard", "csv")] {
        for new_one_stays in [false, true] {
            let home = Home::new();
            let mut store = hasty(&home);
            import_as(&mut store, first, "mine", &[record(1, "Ann", "Bell", &["ann@a.example"], &[])]);
            let mut other = record(1, "Annabel", "Bell", &["annabel@b.example"], &["+49 30 1234567"]);
            other.contact.titles = vec!["Pilot".into()];
            other.contact.updated = Some("20260101T000000Z".into());
            import_as(&mut store, second, "theirs", &[other.clone()]);
            let (stays, part) = if new_one_stays { (2, 1) } else { (1, 2) };
            store.merge(PersonId(stays), &[PersonId(part)], now()).unwrap();
            let merge = store.steps(1).unwrap()[0].id;
            home.outside(&format!("UPDATE phone SET number = '+49 30 7654321' WHERE contact_id = {stays}"))
                .unwrap();
            let before = people(&home);
            let undone = take_back(&mut store, 2);
            assert!(kept(&undone).is_empty(), "{:?}", kept(&undone));
            let all = format!("SELECT name, title FROM contact WHERE id = {stays}");
            assert_eq!(home.ask(&all), "Ann Bell|-", "{first} {second}");
            assert_eq!(home.ask("SELECT address FROM email"), "ann@a.example");
            assert_eq!(home.ask("SELECT number FROM phone"), "+49 30 7654321", "the user's own");
            assert_eq!(store.own_cards(PersonId(stays)).unwrap().len(), 1);
            let after = people(&home);
            store.redo(now(), &no_file, false).unwrap();
            assert_eq!(people(&home), before);
            take_back(&mut store, 2);
            // The record comes again, and is still a part of the same person.
            assert_eq!(counts(&import_as(&mut store, second, "theirs", &[other])), [0, 1, 0, 0]);
            assert_eq!(home.ask("SELECT count(*) FROM contact WHERE archived_at IS NULL"), "1");
            take_back(&mut store, 3);
            assert_eq!(people(&home), after);
            // Nobody is left without a name when they are two again.
            store.undo(Some(merge), now(), None, &no_file, false).unwrap();
            assert_cache_is_true(&store, "split");
            assert_eq!(home.ask("SELECT count(*) FROM contact WHERE name = ''"), "0");
            assert_eq!(home.ask("SELECT name FROM contact WHERE id = 1"), "Ann Bell");
        }
    }
}

#[test]
fn a_name_of_the_users_own_is_not_overruled() {
    let home = Home::new();
    let mut store = hasty(&home);
    home.outside("INSERT INTO contact(name) VALUES ('Zoë')").unwrap();
    import(&mut store, "vcard", &[record(1, "Zora", "Lind", &["zora@z.example"], &[])]);
    store.merge(PersonId(1), &[PersonId(2)], now()).unwrap();
    take_back(&mut store, 1);
    assert_eq!(home.ask("SELECT name, given_name FROM contact WHERE id = 1"), "Zoë|-");
}

#[test]
fn of_two_that_a_review_made_one_nothing_is_left_without_their_imports() {
    for (order, noted) in [([1, 2], false), ([2, 1], false), ([1, 2], true), ([2, 1], true)] {
        let home = Home::new();
        let mut store = hasty(&home);
        import_as(&mut store, "vcard", "mine", &[record(1, "Ann", "Bell", &["ann@a.example"], &[])]);
        import_as(&mut store, "csv", "theirs", &[record(1, "Ann", "Bell", &["ann@b.example"], &[])]);
        let review = store.reviews().unwrap()[0].id;
        store.decide(review, Decision::Same, now()).unwrap();
        if noted {
            met(&mut store, 1);
        }
        let first = take_back(&mut store, order[0]);
        assert!(kept(&first).is_empty(), "{:?}", kept(&first));
        assert_eq!(home.ask("SELECT count(*) FROM contact WHERE archived_at IS NULL"), "1");
        let before = people(&home);
        let second = take_back(&mut store, order[1]);
        if noted {
            assert_eq!(kept(&second), ["1 Ann Bell: one entry in the history; somebody is merged into them"]);
            continue;
        }
        assert!(kept(&second).is_empty(), "{:?}", kept(&second));
        for table in ["contact", "merged", "card", "email"] {
            assert_eq!(home.ask(&format!("SELECT count(*) FROM {table}")), "0", "{table}");
        }
        store.redo(now(), &no_file, false).unwrap();
        assert_eq!(people(&home), before);
        take_back(&mut store, order[1]);
        // The decision is nobody's any more, and can be taken back or stay.
        let _ = store.undo(None, now(), None, &no_file, false);
        assert_cache_is_true(&store, "nobody");
        import_as(&mut store, "vcard", "mine", &[record(1, "Ann", "Bell", &["ann@a.example"], &[])]);
        assert_eq!(home.ask("SELECT name FROM contact"), "Ann Bell");
    }
}

#[test]
fn what_a_later_import_found_again_stays_with_it() {
    let home = Home::new();
    let mut store = hasty(&home);
    let mut book = phone_book();
    book.push(record(20, "Carla", "Diaz", &["carla@c.example"], &[]));
    import_as(&mut store, "vcard", "old.vcf", &book);
    // It has two of the three, and one that is new; a third has all.
    let dora = record(21, "Dora", "Ek", &["dora@d.example"], &[]);
    import_as(&mut store, "vcard", "phone.vcf", &[book[0].clone(), book[1].clone(), dora]);
    let whole = people(&home);
    let undone = take_back(&mut store, 1);
    assert_eq!((undone.contacts, kept(&undone).len()), (1, 0));
    assert_eq!(undone.stays, ["2 of its cards: phone.vcf, imported later, has them too (import 2)"]);
    let names = "SELECT name FROM contact ORDER BY id";
    assert_eq!(home.ask(names), "Anna Muller Bert Kern Dora Ek");
    assert_eq!(home.ask("SELECT DISTINCT import_id FROM card"), "2");
    store.redo(now(), &no_file, false).unwrap();
    assert_eq!(people(&home), whole, "brought back");
    take_back(&mut store, 1);
    // They go with the import that still said them.
    take_back(&mut store, 2);
    assert_eq!(home.ask("SELECT count(*) FROM contact"), "0");
    store.redo(now(), &no_file, false).unwrap();
    store.redo(now(), &no_file, false).unwrap();
    assert_eq!(people(&home), whole, "both brought back");
}

#[test]
fn an_import_that_was_taken_back_says_nothing() {
    let there = "SELECT count(*) FROM contact";
    for (order, left) in [([1, 2, 3], ["2", "2", "0"]), ([1, 3, 2], ["2", "2", "2"])] {
        let home = Home::new();
        let mut store = hasty(&home);
        for file in ["a.vcf", "b.vcf", "c.vcf"] {
            import_as(&mut store, "vcard", file, &phone_book());
        }
        for (import, left) in order.into_iter().zip(left) {
            // What said nothing new is a step from when it is all that says it.
            if store.undo(Some(StepId::Import(import)), now(), None, &no_file, false).is_ok() {
                assert_cache_is_true(&store, "taken back");
            }
            assert_eq!(home.ask(there), left, "{order:?}: {import}");
        }
    }
    // One step after the other it goes back to what was before.
    let home = Home::new();
    let mut store = hasty(&home);
    for file in ["a.vcf", "b.vcf"] {
        import_as(&mut store, "vcard", file, &phone_book());
    }
    store.undo(None, now(), None, &no_file, false).unwrap();
    assert_eq!(home.ask(there), "0");
}

#[test]
fn what_a_later_import_shows_as_well_stays() {
    let home = Home::new();
    let mut store = hasty(&home);
    import_as(&mut store, "csv", "mine.csv", &phone_book());
    // It shows that two are one, and asks about a third.
    let both = record(3, "Anna", "Muller", &["anna@a.example", "bert@b.example"], &[]);
    let third = record(4, "Bert", "Kern", &["other@b.example"], &[]);
    let book = [both, third];
    import_as(&mut store, "vcard", "a.vcf", &book);
    let whole = people(&home);
    let reviews = home.ask("SELECT contact_id, twin_id, reason FROM review");
    assert!(!reviews.is_empty());
    import_as(&mut store, "vcard", "b.vcf", &book);
    take_back(&mut store, 2);
    assert_eq!(home.ask("SELECT contact_id, twin_id, reason FROM review"), reviews);
    assert_eq!(home.ask("SELECT DISTINCT import_id FROM card JOIN review USING (import_id)"), "3");
    store.redo(now(), &no_file, false).unwrap();
    assert_eq!(people(&home), whole);
}

#[test]
fn a_history_that_was_told_again_stays() {
    let home = Home::new();
    let mut store = hasty(&home);
    import(&mut store, "vcard", &phone_book());
    let letters = [history::mail(None, "2026-11-03", "anna@a.example", "me@i.example")];
    for _ in 0..2 {
        history::tell(&mut store, &[], &letters);
    }
    take_back(&mut store, 2);
    assert_eq!(home.ask("SELECT import_id FROM interaction"), "3");
    take_back(&mut store, 3);
    assert_eq!(home.ask("SELECT count(*) FROM interaction"), "0");
}

#[test]
fn what_an_import_replaced_stays_replaced_where_a_later_one_has_the_same_record() {
    for (case, has_uids, in_folder) in
        [("with UIDs", true, false), ("without", false, false), ("a followed folder", true, true)]
    {
        let book = |phones: &[&str], note: Option<&str>| -> Vec<Record> {
            let mut book = vec![record(1, "Anna", "Muller", &["anna@a.example"], phones)];
            book[0].contact.notes = note.map(str::to_owned).into_iter().collect();
            let others = [("Bert", "Kern"), ("Carla", "Diaz"), ("Dora", "Ek")];
            book.extend((2..).zip(others).map(|(line, (given, family))| {
                record(line, given, family, &[&format!("{given}@x.example")], &[])
            }));
            for card in book.iter_mut().filter(|_| has_uids) {
                card.contact.uid = card.contact.name.full.as_ref().map(|name| format!("uid of {name}"));
            }
            book
        };
        let take_in = |store: &mut Store, book: &[Record]| match in_folder {
            true => {
                let names = ["a.vcf", "b.vcf", "c.vcf", "d.vcf"];
                let files: Vec<_> = names.into_iter().zip(book.iter().cloned()).collect();
                follow(store, "/book", &files)
            }
            false => import(store, "vcard", book),
        };
        let home = Home::new();
        let mut store = hasty(&home);
        let third = book(&[], Some("third"));
        for version in [&book(&["+49 30 1000001"], None), &book(&[], None), &third] {
            take_in(&mut store, version);
        }
        let said = "SELECT note, (SELECT group_concat(number) FROM phone) FROM contact WHERE id = 1";
        assert_eq!(home.ask(said), "third|-", "{case}");
        let before = people(&home);
        take_back(&mut store, 2);
        assert_eq!(home.ask(said), "third|-", "{case}");
        let after = people(&home);
        // What the third replaces for want of the second counts without both.
        take_back(&mut store, 3);
        assert_eq!(home.ask(said), "-|+49 30 1000001", "{case}");
        for brought_back in [&after, &before] {
            store.redo(now(), &no_file, false).unwrap();
            assert_eq!(people(&home), *brought_back, "{case}");
        }
        take_back(&mut store, 2);
        let again = take_in(&mut store, &third);
        assert_eq!(counts(&again), [0, 0, 4, 0], "{case}");
        assert_eq!(again.assumed.map_or(0, |assumed| assumed.missing), 0, "{case}");
        assert_eq!(people(&home), after, "{case}");
    }
}
