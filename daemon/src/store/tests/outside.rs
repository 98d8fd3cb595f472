//! What other programs change stays, whatever is imported.

use super::*;

/// What somebody does with the sqlite3 shell, and what must be true from then on.
pub(super) const OUTSIDE_EDITS: &[(&str, &str, &str, &str)] = &[
    ("a name corrected", "UPDATE contact SET name = 'Anna Müller' WHERE id = 1", "SELECT name FROM contact WHERE id = 1", "Anna Müller"),
    ("a field emptied", "UPDATE contact SET birthday = NULL WHERE id = 1", "SELECT birthday FROM contact WHERE id = 1", "-"),
    ("a circle given", "UPDATE contact SET circle = 'friends' WHERE name LIKE 'Anna%'", "SELECT circle FROM contact WHERE id = 1", "friends"),
    ("comfort", "UPDATE contact SET comfort = 'never' WHERE id = 2", "SELECT comfort FROM contact WHERE id = 2", "never"),
    ("an address corrected", "UPDATE email SET address = 'new@a.example' WHERE address = 'old@a.example'",
        "SELECT address FROM email WHERE contact_id = 1 ORDER BY 1", "anna@a.example new@a.example"),
    ("an address removed", "DELETE FROM email WHERE address = 'old@a.example'",
        "SELECT address FROM email WHERE contact_id = 1", "anna@a.example"),
    ("an address added", "INSERT INTO email(contact_id, address, label) VALUES (2, 'bert@work.example', 'work')",
        "SELECT address, label FROM email WHERE contact_id = 2 ORDER BY 1", "bert@b.example|- bert@work.example|work"),
    ("a label changed", "UPDATE email SET label = 'private' WHERE address = 'anna@a.example'",
        "SELECT label FROM email WHERE address = 'anna@a.example'", "private"),
    ("a label taken away", "UPDATE email SET label = NULL WHERE address = 'anna@a.example'",
        "SELECT label FROM email WHERE address = 'anna@a.example'", "-"),
    ("a preference", "UPDATE email SET pref = 1 WHERE address = 'old@a.example'",
        "SELECT pref FROM email WHERE address = 'old@a.example'", "1"),
    ("a number given to another", "UPDATE phone SET contact_id = 2 WHERE contact_id = 1",
        "SELECT contact_id, number FROM phone", "2|+49 170 1111111"),
    ("an address with its label changed", "UPDATE email SET address = 'an@a.example', label = 'x' WHERE address = 'anna@a.example'",
        "SELECT address, label FROM email WHERE contact_id = 1 ORDER BY 1", "an@a.example|x old@a.example|-"),
    ("somebody new", "INSERT INTO contact(name) VALUES ('Zoë')", "SELECT id, name, kind, comfort FROM contact WHERE id > 2", "3|Zoë|person|yes"),
    ("somebody new with a number of their own", "INSERT INTO contact(id, name, circle) VALUES (70, 'Zoë', 'close')",
        "SELECT name, circle FROM contact WHERE id = 70", "Zoë|close"),
    ("deleted", "DELETE FROM contact WHERE id = 1", "SELECT name, archived_at IS NOT NULL FROM contact WHERE id = 1", "Anna Muller|1"),
    ("all deleted", "DELETE FROM contact", "SELECT count(*), count(archived_at) FROM contact", "2|2"),
    ("deleted and brought back", "DELETE FROM contact WHERE id = 1; UPDATE contact SET archived_at = NULL WHERE id = 1",
        "SELECT archived_at FROM contact WHERE id = 1", "-"),
    ("replaced", "REPLACE INTO contact(id, name) VALUES (1, 'Anna M.')",
        "SELECT name, birthday, (SELECT count(*) FROM email WHERE contact_id = 1) FROM contact WHERE id = 1", "Anna M.|-|2"),
    ("an email replaced", "REPLACE INTO email(id, contact_id, address) SELECT id, contact_id, 'r@a.example' FROM email WHERE address = 'old@a.example'",
        "SELECT address FROM email WHERE contact_id = 1 ORDER BY 1", "anna@a.example r@a.example"),
    ("inserted or ignored", "INSERT OR IGNORE INTO contact(id, name) VALUES (1, 'Nobody')", "SELECT name FROM contact WHERE id = 1", "Anna Muller"),
    ("ignored, then changed, then replaced",
        "INSERT OR IGNORE INTO contact(id, name) VALUES (1, 'Nobody'); UPDATE contact SET title = 'CTO' WHERE id = 1; REPLACE INTO contact(id, name, title) VALUES (1, 'Anna', 'CTO')",
        "SELECT name, title FROM contact WHERE id = 1", "Anna|CTO"),
    ("an upsert", "INSERT INTO contact(id, name) VALUES (1, 'Anna U.') ON CONFLICT(id) DO UPDATE SET name = excluded.name",
        "SELECT name FROM contact WHERE id = 1", "Anna U."),
    ("update or ignore", "UPDATE OR IGNORE contact SET title = 'Dr.' WHERE id = 1", "SELECT title FROM contact WHERE id = 1", "Dr."),
    ("update or replace", "UPDATE OR REPLACE contact SET title = 'Dr.' WHERE id = 1", "SELECT title FROM contact WHERE id = 1", "Dr."),
    ("changed and changed back", "UPDATE contact SET name = 'X' WHERE id = 1; UPDATE contact SET name = 'Anna Muller' WHERE id = 1",
        "SELECT name FROM contact WHERE id = 1", "Anna Muller"),
    ("many at once", "BEGIN; UPDATE contact SET circle = 'close'; UPDATE email SET label = 'x'; COMMIT",
        "SELECT count(*) FROM contact WHERE circle = 'close'", "2"),
    ("a transaction taken back", "BEGIN; UPDATE contact SET name = 'X'; ROLLBACK", "SELECT name FROM contact WHERE id = 1", "Anna Muller"),
    ("a contact logged with", "INSERT INTO interaction(contact_id, day, what) VALUES (1, '2026-11-20', 'lunch')",
        "SELECT how, what FROM interaction", "talked|lunch"),
    ("how to meet somebody", "UPDATE contact SET ease = 'hard', best_time = 'evening', time_limit = 30, language = 'de' WHERE id = 1",
        "SELECT ease, best_time, time_limit, language FROM contact WHERE id = 1", "hard|evening|30|de"),
    ("something noted", "INSERT INTO memo(contact_id, kind, what, entered_on) VALUES (1, 'interest', 'sailing', '2026-11-20')",
        "SELECT kind, what FROM memo", "interest|sailing"),
    ("something noted, changed and forgotten",
        "INSERT INTO memo(contact_id, kind, what, entered_on) VALUES (1, 'need', 'a desk', '2026-11-20'), (2, 'learn', 'sailing', '2026-11-20');
         UPDATE memo SET what = 'an office' WHERE kind = 'need'; DELETE FROM memo WHERE kind = 'learn'",
        "SELECT contact_id, what FROM memo", "1|an office"),
    ("a column of one's own", "ALTER TABLE contact ADD COLUMN shoe_size INTEGER; UPDATE contact SET shoe_size = 42, name = 'Anna S.' WHERE id = 1",
        "SELECT name, shoe_size FROM contact WHERE id = 1", "Anna S.|42"),
    ("an index and a vacuum", "CREATE INDEX mine ON contact(name); VACUUM; UPDATE contact SET name = 'Anna V.' WHERE id = 1",
        "SELECT name FROM contact WHERE id = 1", "Anna V."),
    ("a trigger dropped", "DROP TRIGGER contact_after_update; UPDATE contact SET name = 'Anna T.' WHERE id = 1",
        "SELECT name FROM contact WHERE id = 1", "Anna T."),
    ("all triggers dropped around edits of lists",
        "DROP TRIGGER email_after_update; DROP TRIGGER email_after_delete; DROP TRIGGER email_after_insert; DROP TRIGGER email_before_insert;
         DELETE FROM email WHERE address = 'old@a.example'; UPDATE email SET label = 'q' WHERE contact_id = 2; INSERT INTO email(contact_id, address) VALUES (2, 'b2@b.example')",
        "SELECT address, label FROM email ORDER BY 1", "anna@a.example|home b2@b.example|- bert@b.example|q"),
    ("an orphan", "INSERT INTO email(contact_id, address) VALUES (4711, 'nobody@x.example')", "SELECT count(*) FROM contact", "2"),
];

#[test]
fn outside_edits_survive_the_next_import_and_a_restart() {
    for (case, sql, question, answer) in OUTSIDE_EDITS {
        let home = Home::new();
        let mut store = home.open();
        assert_eq!(counts(&import(&mut store, "vcard", &phone_book())), [2, 0, 0, 0], "{case}");
        // The daemon is running and has the file open; below it is not.
        home.outside(sql).unwrap_or_else(|error| panic!("{case}: {error}"));
        for _ in 0..2 {
            drop(store);
            store = home.open();
            assert_eq!(home.ask(question), *answer, "{case}");
            assert_cache_is_true(&store, case);
            let logged = home.ask("SELECT count(*) FROM change");
            assert_eq!(counts(&import(&mut store, "vcard", &phone_book()))[0..2], [0, 0], "{case}");
            assert_eq!(home.ask(question), *answer, "{case}: after the next import");
            assert_eq!(home.ask("SELECT count(*) FROM change"), logged, "{case}: an import is not an edit");
            assert_cache_is_true(&store, case);
        }
    }
}

#[test]
fn outside_edits_survive_a_changed_record() {
    for (case, sql, question, answer) in OUTSIDE_EDITS {
        let home = Home::new();
        import(&mut home.open(), "vcard", &phone_book());
        home.outside(sql).unwrap();
        let mut store = home.open();
        let mut changed = phone_book();
        changed[0].contact.titles = vec!["Baker".into()];
        changed[0].contact.phones.push(Phone { number: "+49 30 9999999".into(), ..Phone::default() });
        let outcome = import(&mut store, "vcard", &changed);
        assert_eq!((outcome.updated, outcome.unchanged), (1, 1), "{case}");
        assert_cache_is_true(&store, case);
        // The changed record brings a number, which is not the edit's to prevent.
        if !question.contains("phone") {
            assert_eq!(home.ask(question), *answer, "{case}");
        }
    }
}
