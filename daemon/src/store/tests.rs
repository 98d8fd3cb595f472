//! The cases of docs/database.md: whatever another program does to the
//! database, its edits are the user's own and stay.

mod books;
mod by_hand;
mod concurrency;
mod history;
mod imports_back;
mod merging;
mod never_imported;
mod one_uid;
mod order;
mod outside;
mod profiles;
mod read_only;
mod renumbered;
mod suspicions;
mod ties;
mod undoing;
mod who;

use std::io::Write;
use std::process::{Command, Stdio};
use std::sync::LazyLock;

use jiff::Timestamp;
use kith_plugin::{
    Anniversary, Contact, Email, Name, NameComponent, NameComponentKind, Phone, Place, Record, Relation,
};
use proptest::test_runner::Config;

use super::*;
use crate::core::contact::Column;
use crate::core::facts::PersonId;

/// A database of its own in a folder of its own.
struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("contacts.db")
    }

    /// The database; where there is none, a copy of an empty one is laid there, for all
    /// its migrations and triggers take longer than most tests.
    fn open(&self) -> Store {
        if !self.path().exists() {
            std::fs::write(self.path(), &*EMPTY).unwrap();
        }
        Store::open(&self.path()).unwrap()
    }

    /// A look at it as another program has it; each costs reading the whole schema.
    fn reader(&self) -> Reader {
        Reader { conn: Connection::open(self.path()).unwrap() }
    }

    /// Runs SQL as another program would: with the sqlite3 shell where it is
    /// installed, through a plain connection otherwise.
    fn outside(&self, sql: &str) -> std::result::Result<(), String> {
        let shell = Command::new("sqlite3")
            .args(["-bail", "-cmd", ".timeout 5000"])
            .arg(self.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn();
        let Ok(mut shell) = shell else {
            let plain = Connection::open(self.path()).unwrap();
            plain.busy_timeout(Duration::from_secs(5)).unwrap();
            return plain.execute_batch(sql).map_err(|error| error.to_string());
        };
        shell.stdin.take().unwrap().write_all(sql.as_bytes()).unwrap();
        let done = shell.wait_with_output().unwrap();
        if done.status.success() && done.stderr.is_empty() {
            Ok(())
        } else {
            Err(String::from_utf8_lossy(&done.stderr).into_owned())
        }
    }

    fn ask(&self, sql: &str) -> String {
        self.reader().ask(sql)
    }
}

/// The bytes of a database in which nobody is yet.
static EMPTY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let home = Home::new();
    drop(Store::open(&home.path()).unwrap());
    std::fs::read(home.path()).unwrap()
});

/// A connection for questions.
struct Reader {
    conn: Connection,
}

impl Reader {
    fn ask(&self, sql: &str) -> String {
        let mut statement = self.conn.prepare(sql).unwrap();
        let columns = statement.column_count();
        let rows: Vec<String> = statement
            .query_map([], |row| {
                let cells: Vec<String> = (0..columns)
                    .map(|at| match row.get_ref(at).unwrap() {
                        rusqlite::types::ValueRef::Null => "-".to_owned(),
                        rusqlite::types::ValueRef::Integer(n) => n.to_string(),
                        other => other.as_str().unwrap().to_owned(),
                    })
                    .collect();
                Ok(cells.join("|"))
            })
            .unwrap()
            .collect::<rusqlite::Result<_>>()
            .unwrap();
        rows.join(" ")
    }
}

/// So few cases, or as many as `PROPTEST_CASES` says: to hunt for what a few do not find.
fn cases(few: u32) -> Config {
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => Config::default(),
        None => Config::with_cases(few),
    }
}

fn record(line: u64, given: &str, family: &str, emails: &[&str], phones: &[&str]) -> Record {
    let part = |kind, value: &str| NameComponent { kind, value: value.into() };
    Record {
        at: Place { part: 0, line },
        contact: Contact {
            name: Name {
                full: Some(format!("{given} {family}")),
                components: vec![
                    part(NameComponentKind::Given, given),
                    part(NameComponentKind::Surname, family),
                ],
            },
            emails: emails.iter().map(|a| Email { address: (*a).into(), ..Email::default() }).collect(),
            phones: phones.iter().map(|n| Phone { number: (*n).into(), ..Phone::default() }).collect(),
            ..Contact::default()
        },
        raw: format!("{given} {family} {emails:?}"),
        warnings: vec![],
    }
}

fn related(name: &str, relation: &str) -> Relation {
    Relation { name: name.into(), relation: Some(relation.into()) }
}

fn import(store: &mut Store, importer: &str, records: &[Record]) -> Outcome {
    import_as(store, importer, "phone.vcf", records)
}

fn import_as(store: &mut Store, importer: &str, file_name: &str, records: &[Record]) -> Outcome {
    let all: &Records<'_> = &|wanted| chosen(records, wanted);
    let batch = batch(importer, file_name, all);
    store.take_in(false, |sitting| sitting.take_in(&batch, &prints(importer, records))).unwrap()
}

fn batch<'a>(importer: &'a str, file_name: &'a str, records: &'a Records<'a>) -> Batch<'a> {
    Batch {
        importer,
        file_name,
        archive: None,
        home: None,
        at: "2026-11-22T10:00:00Z".parse().unwrap(),
        records,
        history: None,
        folder: None,
        skipped: 0,
        tell: &|_| {},
    }
}

fn chosen<'a>(
    records: &'a [Record],
    wanted: Vec<bool>,
) -> Box<dyn Iterator<Item = Result<Record>> + Send + 'a> {
    Box::new(records.iter().zip(wanted).filter(|(_, wanted)| *wanted).map(|(record, _)| Ok(record.clone())))
}

fn prints(importer: &str, records: &[Record]) -> Fingerprints {
    let mut prints = Fingerprints::of(importer);
    records.iter().for_each(|record| prints.add(record).unwrap());
    prints
}

/// new, updated, unchanged, review
fn counts(outcome: &Outcome) -> [u64; 4] {
    [outcome.new, outcome.updated, outcome.unchanged, outcome.review]
}

fn phone_book() -> Vec<Record> {
    let mut anna = record(1, "Anna", "Muller", &["anna@a.example", "old@a.example"], &["+49 170 1111111"]);
    anna.contact.uid = Some("uid-anna".into());
    anna.contact.anniversaries = vec![Anniversary { kind: "birth".into(), date: "--04-12".into() }];
    anna.contact.emails[0].label = Some("home".into());
    let bert = record(9, "Bert", "Kern", &["bert@b.example"], &[]);
    vec![anna, bert]
}

/// Every contact is what its cards and the log give.
fn assert_cache_is_true(store: &Store, case: &str) {
    for id in contacts::ids(&store.conn).unwrap() {
        let (now, want) =
            (contacts::read(&store.conn, id).unwrap(), contacts::assembled(&store.conn, id).unwrap());
        for column in crate::core::contact::COLUMNS {
            assert_eq!(now.column(column), want.column(column), "{case}: {column:?} of {id}");
        }
        for list in crate::core::contact::LISTS {
            let mut values: Vec<_> = now.list(list).iter().map(|i| (&i.value, &i.label, i.pref)).collect();
            let mut wanted: Vec<_> = want.list(list).iter().map(|i| (&i.value, &i.label, i.pref)).collect();
            values.sort();
            wanted.sort();
            assert_eq!(values, wanted, "{case}: {list:?} of {id}");
        }
    }
}

#[test]
fn every_trigger_fires_as_it_should_and_ids_never_change() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &phone_book());
    for sql in ["UPDATE contact SET id = 99 WHERE id = 1", "UPDATE contact SET rowid = 99 WHERE id = 1"] {
        assert!(home.outside(sql).unwrap_err().contains("never changes"), "{sql}");
    }
    let last = "INSERT INTO contact(id, name) VALUES (9223372036854775807, 'Max')";
    assert!(home.outside(last).unwrap_err().contains("leave it out"));
    home.outside("DELETE FROM contact WHERE id = 2; INSERT INTO contact(name) VALUES ('Neu')").unwrap();
    assert_eq!(home.ask("SELECT id FROM contact WHERE name = 'Neu'"), "3");
    assert_eq!(
        home.ask("SELECT origin, contact_id, field, old, new IS NOT NULL FROM change WHERE contact_id = 2"),
        "database|2|archived_at|-|1"
    );
    for (sql, row) in [
        ("UPDATE contact SET name = 'Anna' WHERE id = 1", "1|-|name|-|Anna Muller|Anna"),
        (
            "UPDATE email SET label = 'x' WHERE address = 'anna@a.example'",
            "1|1|email.label|anna@a.example|home|x",
        ),
        ("DELETE FROM phone", "1|1|phone|-|+49 170 1111111|-"),
        (
            "INSERT INTO pause(from_day, until_day) VALUES ('2026-12-24', '2026-12-31')",
            "-|-|pause.why|1|-|pause",
        ),
        (
            "INSERT INTO interaction(contact_id, day) VALUES (1, '2026-11-01')",
            "1|-|interaction.how|1|-|talked",
        ),
        ("DELETE FROM interaction", "1|-|interaction.how|1|talked|-"),
    ] {
        home.outside(sql).unwrap();
        assert_eq!(
            home.ask("SELECT contact_id, card_id, field, item, old, new FROM change ORDER BY n DESC LIMIT 1"),
            row,
            "{sql}"
        );
    }
}

#[test]
fn no_trigger_fails_whatever_is_done_to_its_table() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &phone_book());
    import(&mut store, "csv", &[record(6, "Bert", "Kern", &[], &["+49 170 5555555"])]);
    home.outside(
        "INSERT INTO address(contact_id, \"full\") VALUES (1, 'Here 1'); INSERT INTO link(contact_id, uri) VALUES (1, 'https://a.example/x');
         INSERT INTO nickname(contact_id, name) VALUES (1, 'Nan'); INSERT INTO category(contact_id, name) VALUES (1, 'Choir');
         INSERT INTO anniversary(contact_id, date, label) VALUES (1, '2015-09-01', 'wedding');
         INSERT INTO interaction(contact_id) VALUES (1); INSERT INTO pause(from_day, until_day) VALUES ('2026-12-24', '2026-12-31')",
    )
    .unwrap();
    for trigger in triggers::all() {
        let (table, when) = trigger.name.split_once('_').unwrap();
        let sql = match when {
            "before_insert" | "after_insert" => format!("REPLACE INTO {table} SELECT * FROM {table}"),
            "after_update" => format!("UPDATE {table} SET rowid = rowid"),
            "after_delete" => format!("BEGIN; DELETE FROM {table}; ROLLBACK"),
            "insert_is_possible" | "update_is_possible" => {
                "REPLACE INTO merged SELECT * FROM merged".to_owned()
            }
            _ => "UPDATE contact SET id = id; BEGIN; DELETE FROM contact; ROLLBACK".to_owned(),
        };
        home.outside(&sql).unwrap_or_else(|error| panic!("{}: {error}", trigger.name));
    }
    drop(store);
    assert_cache_is_true(&home.open(), "every row replaced by itself");
}

#[test]
fn a_contact_deleted_without_triggers_is_an_archived_one() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &phone_book());
    home.outside("DROP TRIGGER contact_archives; DELETE FROM contact WHERE id = 1").unwrap();
    let mut changed = phone_book();
    changed[0].contact.titles = vec!["Baker".into()];
    assert_eq!(counts(&import(&mut store, "vcard", &changed)), [0, 1, 1, 0]);
    drop(store);
    let store = home.open();
    assert_eq!(
        home.ask("SELECT name, title, archived_at IS NOT NULL FROM contact WHERE id = 1"),
        "Anna Muller|Baker|1"
    );
    assert_cache_is_true(&store, "deleted without triggers");
}

#[test]
fn values_that_cannot_be_are_refused_with_their_rule() {
    let home = Home::new();
    drop(home.open());
    for (sql, says) in [
        ("INSERT INTO contact(name, comfort) VALUES ('A', 'maybe')", "comfort is yes, not-now or never"),
        ("INSERT INTO interaction(contact_id, day) VALUES (1, 'yesterday')", "day is written 2026-11-30"),
        ("INSERT INTO interaction(contact_id, how) VALUES (1, 'danced')", "how is talked, met"),
        (
            "INSERT INTO pause(from_day, until_day, why) VALUES ('2026-12-24', '2026-12-31', 'bored')",
            "why is pause, snooze or skip",
        ),
        ("INSERT INTO merged(loser, winner) VALUES (1, 999)", "winner is a contact"),
        (
            "INSERT INTO contact(name) VALUES ('A'), ('B'); INSERT INTO merged(loser, winner) VALUES (1, 2); INSERT INTO merged(loser, winner) VALUES (2, 1)",
            "winner is a contact that is not merged",
        ),
    ] {
        let error = home.outside(sql).unwrap_err();
        assert!(error.contains(says), "{sql}: {error}");
    }
}

#[test]
fn a_dump_read_back_is_the_same_database() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &phone_book());
    home.outside("UPDATE contact SET name = 'Anna Müller' WHERE id = 1").unwrap();
    drop(store);
    // As `.dump | sqlite3` does: the rows and the schema, without user_version and WAL.
    let copy = Connection::open(home.folder.path().join("copy.db")).unwrap();
    copy.execute_batch(&format!("ATTACH '{}' AS old", home.path().display())).unwrap();
    let schema: Vec<(String, String, String)> = copy
        .prepare("SELECT type, name, sql FROM old.sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type = 'trigger'")
        .unwrap()
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap()
        .collect::<rusqlite::Result<_>>()
        .unwrap();
    for (kind, name, sql) in &schema {
        if kind == "table" {
            copy.execute_batch(&format!("{sql}; INSERT INTO main.\"{name}\" SELECT * FROM old.\"{name}\""))
                .unwrap();
        }
    }
    for (_, _, sql) in schema.iter().filter(|(kind, ..)| kind != "table") {
        copy.execute_batch(sql).unwrap();
    }
    drop(copy);
    let mut store = Store::open(&home.folder.path().join("copy.db")).unwrap();
    assert_eq!(store.contact(PersonId(1)).unwrap().column(Column::Name), Some("Anna Müller"));
    assert_eq!(counts(&import(&mut store, "vcard", &phone_book())), [0, 0, 2, 0]);
    assert_cache_is_true(&store, "a dump read back");
}

#[test]
fn the_database_of_a_newer_version_is_refused_untouched() {
    let home = Home::new();
    drop(home.open());
    Connection::open(home.path()).unwrap().pragma_update(None, "user_version", 4711).unwrap();
    let before = std::fs::read(home.path()).unwrap();
    let error = Store::open(&home.path()).err().unwrap().to_string();
    assert!(error.contains("newer version of kith (schema 4711"), "{error}");
    assert_eq!(std::fs::read(home.path()).unwrap(), before);
}

#[test]
fn a_database_of_every_earlier_version_opens() {
    for version in 0..migrate::MIGRATIONS.len() {
        let home = Home::new();
        let old = Connection::open(home.path()).unwrap();
        for sql in &migrate::MIGRATIONS[..version] {
            old.execute_batch(sql).unwrap();
        }
        if version > 0 {
            // As every database got when it was made.
            old.execute("INSERT INTO meta(key, value) VALUES ('namespace', '00ff')", []).unwrap();
        }
        old.pragma_update(None, "user_version", i64::try_from(version).unwrap()).unwrap();
        drop(old);
        let mut store = home.open();
        assert_eq!(counts(&import(&mut store, "vcard", &phone_book())), [2, 0, 0, 0], "version {version}");
    }
}

#[test]
fn ends_of_lines_that_no_format_has_are_settled_in_a_database_of_an_earlier_version() {
    let home = Home::new();
    let mut store = home.open();
    let noted = |note: &str| {
        let mut anna = record(1, "Anna", "Muller", &["anna@a.example"], &[]);
        anna.contact.notes = vec![note.to_owned()];
        anna
    };
    // A record that was not read, but made: as it was stored when none was settled.
    import(&mut store, "vcard", &[noted("a\u{2028}b")]);
    drop(store);
    let plain = Connection::open(home.path()).unwrap();
    plain.execute("UPDATE meta SET value = '6' WHERE key = 'assembly_version'", []).unwrap();
    drop(plain);
    let mut store = home.open();
    assert_eq!(home.ask("SELECT note FROM contact"), "a\nb");
    assert_cache_is_true(&store, "settled");
    // As an export of kith has it.
    import_as(&mut store, "vcard", "export.vcf", &[noted("a\nb")]);
    assert_eq!(home.ask("SELECT note FROM contact"), "a\nb");
    assert_eq!(home.ask("SELECT count(*) FROM change"), "0");
}

#[test]
fn a_damaged_database_is_kept_and_the_way_back_is_told() {
    let home = Home::new();
    std::fs::write(home.path(), b"this is no database, but somebody's text file of some length").unwrap();
    let error = Store::open(&home.path()).err().unwrap().to_string();
    assert!(error.contains("damaged") && error.contains("recovered.db"), "{error}");
    assert_eq!(std::fs::read(home.path()).unwrap().len(), 60);
}

#[test]
fn people_are_found_forgivingly() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &phone_book());
    home.outside("UPDATE contact SET name = 'Anna Müller' WHERE id = 1; INSERT INTO contact(name) VALUES ('Annabel Kern')").unwrap();
    let found = |query: &str| -> Vec<i64> { store.find(query).unwrap().iter().map(|l| l.id.0).collect() };
    for (query, ids) in [
        ("1", &[1][..]),
        ("anna muller", &[1]),
        ("MULL", &[1]),
        ("ann", &[1, 3]),
        ("ann ker", &[3]),
        ("kern", &[2, 3]),
        ("ANNA@A.example", &[1]),
        ("nobody", &[]),
        ("", &[]),
        ("99", &[]),
    ] {
        assert_eq!(found(query), ids, "{query}");
    }
}

#[test]
fn the_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let home = Home::new();
    let store = Store::open(&home.path()).unwrap();
    for entry in std::fs::read_dir(home.folder.path()).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    drop(store);
}
