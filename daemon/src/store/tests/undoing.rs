//! Taking back, and bringing back.

use proptest::prelude::*;

use super::outside::OUTSIDE_EDITS;
use super::*;
use crate::core::export::{Exported, Version, write_csv, write_vcard};
use crate::core::how::How;
use crate::core::talk::Talk;

/// What people are: every public row but those that tell of what was done.
pub(super) fn people(home: &Home) -> String {
    let (reader, mut all) = (home.reader(), String::new());
    let columns = "id, name, given_name, family_name, organization, title, birthday, note, kind, circle, comfort, comfort_until, ideal, latest, archived_at, ease, channel, setting, best_time, language, time_limit, hesitation, how_met";
    all += &format!("{}\n", reader.ask(&format!("SELECT {columns} FROM contact ORDER BY id")));
    for list in crate::core::contact::LISTS {
        // Which card a value is from is kith's own, and an edit that was just made still has it.
        let (table, value) = (list.table(), list.value_column());
        let sql = format!("SELECT id, contact_id, \"{value}\", label, pref FROM {table} ORDER BY id");
        all += &format!("{table}: {}\n", reader.ask(&sql));
    }
    for (table, key) in [
        ("interaction", "id"),
        ("pause", "id"),
        ("intention", "id"),
        ("memo", "id"),
        ("review", "id"),
        ("merged", "loser"),
    ] {
        all += &format!("{table}: {}\n", reader.ask(&format!("SELECT * FROM {table} ORDER BY {key}")));
    }
    all += &reader.ask("SELECT id, contact_id, replaced_by, line, raw FROM card ORDER BY id");
    all
}

/// What `kith export` writes, in each of its formats.
fn export(store: &Store) -> String {
    let all: Vec<PersonId> = store
        .list(Filter { archived: true, ..Filter::default() })
        .unwrap()
        .into_iter()
        .map(|listed| listed.id)
        .collect();
    let exported = |importer: &str| -> Vec<Exported> {
        let ids = store.in_export_order(&all, importer).unwrap();
        ids.into_iter().map(|id| store.exported(id, importer).unwrap()).collect()
    };
    let mut cards = Vec::new();
    for version in [Version::V4, Version::V3] {
        exported("vcard").iter().for_each(|one| write_vcard(&mut cards, one, version));
    }
    String::from_utf8(cards).unwrap() + &write_csv(&exported("csv"))
}

pub(super) fn now() -> Timestamp {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

/// A database that need not survive a power cut, which makes many small steps quick.
pub(super) fn hasty(home: &Home) -> Store {
    let store = home.open();
    store.conn.execute_batch("PRAGMA synchronous = OFF").unwrap();
    store
}

/// For steps that changed nothing but the database.
fn no_file(rewrite: &Rewrite) -> Result<()> {
    panic!("nothing but the database was changed: {rewrite:?}")
}

pub(super) fn undo(store: &mut Store) -> Undone {
    let undone = store.undo(None, now(), None, &no_file, false).unwrap();
    assert_cache_is_true(store, "taken back");
    undone
}

fn undo_error(store: &mut Store) -> String {
    store.undo(None, now(), None, &no_file, false).unwrap_err().to_string()
}

#[test]
fn every_outside_edit_is_taken_back_without_a_trace_and_brought_back() {
    // Without triggers nobody notes which row a value was; an orphan is nobody's.
    let untraceable = ["an orphan", "all triggers dropped around edits of lists"];
    for (case, sql, ..) in OUTSIDE_EDITS.iter().filter(|(case, ..)| !untraceable.contains(case)) {
        let home = Home::new();
        let mut store = hasty(&home);
        import(&mut store, "vcard", &phone_book());
        let before = people(&home);
        drop(store);
        home.outside(sql).unwrap();
        let mut store = hasty(&home);
        let after = people(&home);
        let edits = store.steps(9).unwrap().iter().filter(|s| matches!(s.id, StepId::Edits(_))).count();
        for _ in 0..edits {
            undo(&mut store);
        }
        assert_eq!(people(&home), before, "{case}: taken back");
        for _ in 0..edits {
            store.redo(now(), &no_file, false).unwrap();
        }
        assert_eq!(people(&home), after, "{case}: brought back");
        assert_cache_is_true(&store, case);
        (0..edits).for_each(|_| drop(undo(&mut store)));
        // The field follows its card again.
        let mut changed = phone_book();
        changed[0].contact.titles = vec!["Baker".into()];
        import(&mut store, "vcard", &changed);
        assert_eq!(store.contact(PersonId(1)).unwrap().column(Column::Title), Some("Baker"), "{case}");
    }
}

#[test]
fn what_was_written_in_one_go_is_one_step_and_imports_lie_between() {
    let home = Home::new();
    let mut store = hasty(&home);
    assert!(undo_error(&mut store).contains("nothing to take back"));
    import(&mut store, "vcard", &phone_book());
    home.outside("UPDATE contact SET circle = 'close'; UPDATE contact SET title = 'CTO' WHERE id = 1")
        .unwrap();
    // Says nothing new, and is no step.
    import(&mut store, "vcard", &phone_book());
    store
        .log(
            &[PersonId(2)],
            &Talk::new("2026-11-23".parse().unwrap(), How::Met, "viola"),
            "2026-11-23".parse().unwrap(),
        )
        .unwrap();
    let told: Vec<_> = store.steps(9).unwrap().into_iter().map(|step| (step.by, step.what)).collect();
    assert_eq!(
        told,
        [
            (
                "command line".to_owned(),
                vec!["logged that you met Bert Kern on 23 November 2026: viola".to_owned()]
            ),
            (
                "database".to_owned(),
                [
                    "set the circle of Anna Muller to close",
                    "set the circle of Bert Kern to close",
                    "set the title of Anna Muller to CTO"
                ]
                .map(str::to_owned)
                .to_vec()
            ),
            ("phone.vcf".to_owned(), vec!["imported phone.vcf: 2 new".to_owned()]),
        ]
    );
    (0..3).for_each(|_| drop(undo(&mut store)));
    assert!(undo_error(&mut store).contains("nothing to take back"));
    assert!(store.steps(9).unwrap().iter().all(|step| step.undone));
    assert_eq!(home.ask("SELECT count(*) FROM contact"), "0");
}

#[test]
fn an_import_is_taken_back_and_taken_in_again_as_the_same_people() {
    let home = Home::new();
    let mut store = hasty(&home);
    import(&mut store, "vcard", &phone_book());
    let mut changed = phone_book();
    changed[0].contact.emails.remove(1);
    changed.push(record(20, "Carla", "Diaz", &["carla@c.example"], &[]));
    let before = people(&home);
    import(&mut store, "vcard", &changed);
    let after = people(&home);
    let undone = undo(&mut store);
    assert_eq!((undone.contacts, undone.kept), (1, vec![]));
    assert_eq!(people(&home), before);
    assert_eq!(store.redo(now(), &no_file, false).unwrap().contacts, 1);
    assert_eq!(people(&home), after);
    undo(&mut store);
    assert_eq!(counts(&import(&mut store, "vcard", &changed)), [1, 1, 1, 0]);
    assert_eq!(home.ask("SELECT id, name FROM contact"), "1|Anna Muller 2|Bert Kern 3|Carla Diaz");
    assert_eq!(home.ask("SELECT address FROM email WHERE contact_id = 1"), "anna@a.example");
    assert!(
        store
            .redo(now(), &no_file, false)
            .unwrap_err()
            .to_string()
            .contains("since (imported phone.vcf: 1 new")
    );
}

#[test]
fn a_step_of_long_ago_goes_and_what_came_later_stays() {
    let home = Home::new();
    let mut store = hasty(&home);
    import(&mut store, "vcard", &phone_book());
    let first = store.steps(1).unwrap()[0].id;
    let circle = |store: &mut Store, id, name: &str| {
        store.change(PersonId(id), &[(Column::Circle, Some(name.to_owned()))], &[]).unwrap();
        store.steps(1).unwrap()[0].id
    };
    let friends = circle(&mut store, 1, "friends");
    circle(&mut store, 1, "close");
    let store = &mut store;
    store.undo(Some(friends), now(), None, &no_file, false).unwrap();
    assert_eq!(home.ask("SELECT circle FROM contact WHERE id = 1"), "close");
    assert!(
        store.undo(Some(friends), now(), None, &no_file, false).unwrap_err().to_string().contains("already")
    );
    // Anna has something of the user's own, and stays by name; Bert goes.
    let undone = store.undo(Some(first), now(), None, &no_file, false).unwrap();
    let kept: Vec<_> = undone.kept.iter().map(|kept| (kept.id.0, kept.name.as_str())).collect();
    assert_eq!(kept, [(1, "Anna Muller")]);
    assert_eq!(home.ask("SELECT id, name, circle, birthday FROM contact"), "1|Anna Muller|close|-");
    assert_eq!(home.ask("SELECT count(*) FROM email"), "0");
    assert_cache_is_true(store, "the first import taken back");
    store.redo(now(), &no_file, false).unwrap();
    assert_eq!(home.ask("SELECT id, circle FROM contact"), "1|close 2|-");
    // Nobody is left without a name.
    home.outside("INSERT INTO contact(name) VALUES ('Dora')").unwrap();
    let dora = store.steps(1).unwrap()[0].id;
    store
        .log(
            &[PersonId(3)],
            &Talk::new("2026-11-23".parse().unwrap(), How::Met, ""),
            "2026-11-23".parse().unwrap(),
        )
        .unwrap();
    assert!(
        store
            .undo(Some(dora), now(), None, &no_file, false)
            .unwrap_err()
            .to_string()
            .contains("builds on it")
    );
    assert_eq!(home.ask("SELECT name FROM contact WHERE id = 3"), "Dora");
    assert!(
        store
            .undo(Some(StepId::Edits(4711)), now(), None, &no_file, false)
            .unwrap_err()
            .to_string()
            .contains("no step 4711")
    );
}

#[test]
fn a_rehearsed_undo_changes_nothing() {
    let home = Home::new();
    let mut store = hasty(&home);
    import(&mut store, "vcard", &phone_book());
    let before = people(&home);
    assert_eq!(store.undo(None, now(), None, &no_file, true).unwrap().contacts, 2);
    assert_eq!(people(&home), before);
    assert!(store.redo(now(), &no_file, false).unwrap_err().to_string().contains("nothing to bring back"));
}

#[test]
fn a_merge_and_a_split_survive_the_next_imports_and_are_taken_back() {
    let home = Home::new();
    let mut store = hasty(&home);
    let phone = |title: &str| {
        let mut anna = record(1, "Anna", "Bell", &["anna@a.example"], &["+49 170 1111111"]);
        anna.contact.uid = Some("p1".into());
        anna.contact.titles = vec![title.into()];
        vec![anna]
    };
    let sheet = |note: &str| {
        let mut bell = record(2, "A.", "Bell", &["anna@a.example"], &["+49 30 2222222"]);
        bell.contact.uid = Some("5e1f-a1".into());
        bell.contact.notes = vec![note.into()];
        vec![bell]
    };
    import(&mut store, "vcard", &phone("CTO"));
    import(&mut store, "csv", &sheet("one"));
    assert_eq!(home.ask("SELECT contact_id FROM card"), "1 1", "one address, and names that go together");
    let joined = people(&home);
    let card = store.own_cards(PersonId(1)).unwrap()[1].id;
    home.outside("UPDATE phone SET label = 'old flat' WHERE number = '+49 30 2222222'").unwrap();
    let labelled = people(&home);
    let new = store.split_card(PersonId(1), card, now()).unwrap();
    assert_cache_is_true(&store, "a card split off");
    let apart = people(&home);
    assert_eq!(
        home.ask("SELECT contact_id, number, label FROM phone"),
        "1|+49 170 1111111|- 2|+49 30 2222222|old flat"
    );
    for (n, title) in ["CTO", "CEO"].into_iter().enumerate() {
        import(&mut store, "vcard", &phone(title));
        import(&mut store, "csv", &sheet(["one", "two"][n]));
        assert_eq!(home.ask("SELECT id FROM contact WHERE archived_at IS NULL"), "1 2", "{title}");
        assert_eq!(home.ask("SELECT count(*) FROM merged"), "0");
    }
    assert_eq!(home.ask("SELECT title, note FROM contact ORDER BY id"), "CEO|- -|two");
    // A record that has what both have does not join them either.
    let mut both = phone("CEO");
    both[0].contact.phones.push(Phone { number: "+49 30 2222222".into(), ..Phone::default() });
    import(&mut store, "vcard", &both);
    assert_eq!(home.ask("SELECT count(*) FROM merged"), "0");
    (0..3).for_each(|_| drop(undo(&mut store)));
    assert_eq!(people(&home), apart);
    undo(&mut store);
    assert_eq!(people(&home), labelled);
    undo(&mut store);
    assert_eq!(people(&home), joined);
    (0..2).for_each(|_| drop(store.redo(now(), &no_file, false).unwrap()));
    assert_eq!(people(&home), apart);

    store.merge(PersonId(1), &[new], now()).unwrap();
    assert_cache_is_true(&store, "merged");
    let merged = people(&home);
    import(&mut store, "csv", &sheet("one"));
    assert_eq!(people(&home), merged);
    let parts = store.parts(PersonId(1)).unwrap();
    assert_eq!((parts[0].id, parts[0].file_name.as_deref()), (new, None));
    store.split(new, now()).unwrap();
    assert_eq!(home.ask("SELECT id FROM contact WHERE archived_at IS NULL"), "1 2");
    undo(&mut store);
    assert_eq!(people(&home), merged);
    undo(&mut store);
    assert_eq!(people(&home), apart);
    assert!(store.split(new, now()).unwrap_err().to_string().contains("not part of anybody"));
    assert!(store.split_card(PersonId(1), 99, now()).unwrap_err().to_string().contains("card 99"));
}

/// Something that is done in one step.
#[derive(Debug, Clone)]
enum Act {
    Edit(usize, i64),
    Import(usize, u8),
    Merge(i64, i64),
    Split(i64),
    SplitCard(i64),
    Decide(bool),
}

const EDITS: [&str; 17] = [
    "UPDATE contact SET name = 'Name ' || ?1 WHERE id = ?1",
    "UPDATE contact SET circle = 'close' WHERE id <> ?1 AND id NOT IN (SELECT loser FROM merged)",
    "UPDATE contact SET circle = NULL, title = 'CTO' WHERE id = ?1",
    "DELETE FROM contact WHERE id = ?1",
    "UPDATE contact SET archived_at = NULL WHERE id = ?1",
    "INSERT INTO contact(name) VALUES ('New ' || ?1)",
    // The same address twice is one: kith drops the second when it assembles the contact next.
    "INSERT INTO email(contact_id, address, label) SELECT ?1, 'own' || ?1 || '@x.example', 'own'
     WHERE NOT EXISTS (SELECT 1 FROM email WHERE contact_id = ?1 AND address = 'own' || ?1 || '@x.example')",
    "DELETE FROM email WHERE contact_id = ?1",
    "UPDATE email SET address = 'z' || id || '@x.example', label = 'z' WHERE contact_id = ?1",
    "UPDATE phone SET contact_id = ?1 WHERE id = (SELECT max(id) FROM phone WHERE number NOT IN (SELECT number FROM phone WHERE contact_id = ?1))",
    "INSERT INTO interaction(contact_id, day, what) VALUES (?1, '2026-11-20', 'tea')",
    "UPDATE interaction SET what = 'coffee ' || ?1",
    "DELETE FROM interaction WHERE contact_id = ?1",
    "INSERT INTO pause(contact_id, from_day, until_day) VALUES (?1, '2026-12-24', '2026-12-31')",
    "INSERT INTO tie(contact_id, name, label) SELECT ?1, 'Zoë', 'friend'
     WHERE NOT EXISTS (SELECT 1 FROM tie WHERE contact_id = ?1 AND name = 'Zoë')",
    "UPDATE tie SET label = 'cousin' WHERE contact_id = ?1",
    "DELETE FROM tie WHERE contact_id = ?1",
];

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        6 => (0..EDITS.len(), 1..5_i64).prop_map(|(edit, id)| Act::Edit(edit, id)),
        4 => (0..3_usize, any::<u8>()).prop_map(|(book, version)| Act::Import(book, version)),
        2 => (1..5_i64, 1..5_i64).prop_map(|(a, b)| Act::Merge(a, b)),
        1 => (1..5_i64).prop_map(Act::Split),
        1 => (1..5_i64).prop_map(Act::SplitCard),
        1 => any::<bool>().prop_map(Act::Decide),
    ];
    prop::collection::vec(act, 1..10)
}

/// An address book whose records change with its version.
fn book(version: u8) -> Vec<Record> {
    let mut records = phone_book();
    let bit = |n: u8| version >> n & 1 == 1;
    if bit(0) {
        records[0].contact.emails.remove(1);
        records[0].contact.titles = vec!["Baker".into()];
        records[0].contact.related_to = vec![related("Bert Kern", "friend")];
    }
    if bit(1) {
        records[1].contact.related_to = vec![related("Bert Kern", "cousin"), related("Carla", "boss")];
        records[1].contact.emails.push(Email { address: "anna@a.example".into(), ..Email::default() });
        records[1].contact.name = records[0].contact.name.clone();
    }
    if bit(2) {
        records.push(record(30, "Carla", "Diaz", &["carla@c.example"], &["+49 170 1111111"]));
    }
    if bit(3) {
        records.push(record(31, "Bert", "Kern", &[], &["+49 171 9999999"]));
    }
    if bit(4) {
        records.swap_remove(0);
    }
    records
}

fn perform(store: &mut Store, act: &Act) {
    let standing = |store: &Store, id| {
        let ids = contacts::ids(&store.conn).unwrap();
        ids.contains(&PersonId(id))
    };
    match *act {
        Act::Edit(edit, id) => {
            if standing(store, id) {
                store
                    .edit(|tx| {
                        if EDITS[edit].contains("?1") {
                            tx.execute(EDITS[edit], [id])
                        } else {
                            tx.execute(EDITS[edit], [])
                        }
                        .doing(|| EDITS[edit].to_owned())
                    })
                    .unwrap();
            }
        }
        Act::Import(at, version) => {
            let (importer, name) = [("vcard", "phone.vcf"), ("csv", "sheet.csv"), ("vcard", "work.vcf")][at];
            import_as(store, importer, name, &book(version));
        }
        Act::Merge(a, b) => {
            if a != b && standing(store, a) && standing(store, b) {
                store.merge(PersonId(a), &[PersonId(b)], now()).unwrap();
            }
        }
        // What is not possible is refused.
        Act::Split(id) => drop(store.split(PersonId(id), now())),
        Act::SplitCard(id) => {
            if standing(store, id)
                && let [.., last] = store.own_cards(PersonId(id)).unwrap().as_slice()
            {
                drop(store.split_card(PersonId(id), last.id, now()));
            }
        }
        Act::Decide(same) => {
            if let Some(review) = store.reviews().unwrap().first() {
                let decision = if same { Decision::Same } else { Decision::Different };
                drop(store.decide(review.id, decision, now()));
            }
        }
    }
}

proptest! {
    #![proptest_config(cases(16))]

    #[test]
    fn whatever_was_done_is_taken_back_step_by_step_and_brought_back(acts in acts()) {
        let home = Home::new();
        let mut store = hasty(&home);
        let mut states = vec![(people(&home), export(&store))];
        for act in &acts {
            let steps = store.steps(99).unwrap().len();
            perform(&mut store, act);
            assert_cache_is_true(&store, "done");
            if store.steps(99).unwrap().len() > steps {
                states.push((people(&home), export(&store)));
            }
        }
        for _ in 0..2 {
            for state in states.iter().rev().skip(1) {
                undo(&mut store);
                prop_assert_eq!((&people(&home), &export(&store)), (&state.0, &state.1));
            }
            prop_assert!(undo_error(&mut store).contains("nothing to take back"));
            for state in &states[1..] {
                store.redo(now(), &no_file, false).unwrap();
                prop_assert_eq!((&people(&home), &export(&store)), (&state.0, &state.1));
            }
        }
    }

    #[test]
    fn any_step_may_be_taken_back_and_brought_back(acts in acts(), which in any::<prop::sample::Index>()) {
        let home = Home::new();
        let mut store = hasty(&home);
        acts.iter().for_each(|act| perform(&mut store, act));
        let steps = store.steps(99).unwrap();
        if steps.is_empty() {
            return Ok(());
        }
        let before = people(&home);
        let step = steps[which.index(steps.len())].id;
        // It is refused, or it can be brought back; either way everything fits together.
        if store.undo(Some(step), now(), None, &no_file, false).is_ok() {
            assert_cache_is_true(&store, "one step taken back");
            prop_assert_eq!(home.ask("SELECT count(*) FROM contact WHERE name = '' AND archived_at IS NULL"), "0");
            store.redo(now(), &no_file, false).unwrap();
        }
        prop_assert_eq!(people(&home), before);
    }
}
