//! Several writers at once: imports, the command line's edits, and other programs.

use super::*;

#[test]
fn imports_and_edits_at_once_lose_nothing() {
    let home = Home::new();
    drop(home.open());
    let book = |who: &str| -> Vec<Record> {
        (1..=40)
            .map(|n| record(n, who, &format!("Family{n}"), &[&format!("{who}{n}@a.example")], &[]))
            .collect()
    };
    std::thread::scope(|scope| {
        for (importer, who) in [("vcard", "Anna"), ("csv", "Bert")] {
            let records = book(who);
            let home = &home;
            scope.spawn(move || {
                let mut store = home.open();
                for _ in 0..4 {
                    import(&mut store, importer, &records);
                }
            });
        }
        scope.spawn(|| {
            for n in 0..40 {
                home.outside(&format!("INSERT INTO contact(name) VALUES ('Outside {n}'); UPDATE contact SET note = 'edit {n}' WHERE name LIKE '%Family1'"))
                    .unwrap();
            }
        });
        scope.spawn(|| {
            let mut store = home.open();
            for n in 0..40 {
                let change = [(Column::Note, Some(format!("line {n}")))];
                let found = store.find("Outside 0").unwrap();
                if let Some(listed) = found.first() {
                    store.change(listed.id, &change, &[]).unwrap();
                }
            }
        });
    });
    let store = home.open();
    assert_eq!(home.ask("SELECT count(*) FROM contact"), "120");
    assert_eq!(home.ask("SELECT count(*) FROM card WHERE replaced_by IS NULL"), "80");
    assert_cache_is_true(&store, "written at once");
}

#[test]
fn a_reader_sees_one_moment_while_others_write() {
    let home = Home::new();
    let mut store = home.open();
    home.outside("INSERT INTO contact(name, note) VALUES ('Anna', '0'), ('Bert', '0')").unwrap();
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for n in 1..40 {
                home.outside(&format!("UPDATE contact SET name = 'Name {n}'")).unwrap();
            }
        });
        for _ in 0..200 {
            let people =
                store.facts(&crate::core::settings::Me::default(), "2026-11-23".parse().unwrap()).unwrap();
            let names: std::collections::HashSet<_> = people.facts.people.iter().map(|p| &p.name).collect();
            assert!(names.len() == 1 || names.iter().any(|name| *name == "Anna"), "{names:?}");
        }
    });
    store.own(|_| Ok(())).unwrap();
}

#[test]
fn an_import_waits_for_whoever_holds_the_database() {
    let home = Home::new();
    let mut store = home.open();
    let holder = Connection::open(home.path()).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE; INSERT INTO contact(name) VALUES ('Unsaved')").unwrap();
    std::thread::scope(|scope| {
        let importing = scope.spawn(|| import(&mut store, "vcard", &phone_book()));
        // The import is known to wait once its reading is done; whether it has begun to does not matter.
        holder.execute_batch("COMMIT").unwrap();
        assert_eq!(counts(&importing.join().unwrap()), [2, 0, 0, 0]);
    });
    assert_eq!(home.ask("SELECT count(*) FROM contact"), "3");
}

#[test]
fn an_edit_made_while_kith_publishes_is_still_to_be_followed() {
    let home = Home::new();
    let mut store = home.open();
    home.outside("INSERT INTO contact(name) VALUES ('Anna')").unwrap();
    for (sql, only_talk) in [
        ("INSERT INTO interaction(contact_id) VALUES (1)", true),
        ("UPDATE contact SET birthday = '1985-04-12' WHERE id = 1", false),
        (
            "INSERT INTO interaction(contact_id) VALUES (1); UPDATE contact SET name = 'Anne' WHERE id = 1",
            false,
        ),
        ("CREATE TABLE mine(x)", false),
    ] {
        let before = store.mark().unwrap();
        home.outside(sql).unwrap();
        store.own(|_| Ok(())).unwrap();
        let mark = store.past_own_writes(&before);
        assert_eq!(store.only_talked_since(&mark).unwrap(), only_talk, "{sql}");
    }
}

#[test]
fn facts_kept_over_talks_are_those_read_anew() {
    let day = "2026-11-23".parse().unwrap();
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &phone_book());
    let cases = [
        (
            "a talk is logged",
            "INSERT INTO interaction(contact_id, day, how) VALUES (1, '2026-11-20', 'called')",
            true,
        ),
        ("it was a day earlier", "UPDATE interaction SET day = '2026-11-19'", true),
        (
            "a talk and a pause",
            "INSERT INTO interaction(contact_id, day, how) VALUES (2, '2026-11-20', 'wrote');
             INSERT INTO pause(contact_id, from_day, until_day) VALUES (1, '2026-11-20', '2026-11-30')",
            false,
        ),
        ("a birthday", "UPDATE contact SET birthday = '--04-12' WHERE id = 2", false),
        ("the talk is taken back", "DELETE FROM interaction", true),
    ];
    for (case, sql, only_talked) in cases {
        let mut facts = store.facts(&crate::core::settings::Me::default(), day).unwrap().facts;
        let mark = store.mark().unwrap();
        home.outside(sql).unwrap();
        assert_eq!(store.only_talked_since(&mark).unwrap(), only_talked, "{case}");
        let anew = store.facts(&crate::core::settings::Me::default(), day).unwrap().facts;
        assert_ne!(facts, anew, "{case}");
        store.refresh_talks(&mut facts).unwrap();
        assert_eq!(facts == anew, only_talked, "{case}");
    }
}
