//! Who is who: an import that is repeated changes nothing, and a contact is the
//! same in whatever order its cards come.

#![no_main]

use std::path::Path;
use std::sync::LazyLock;

use kith::core::assemble::{Card, assemble};
use kith::core::contact::{COLUMNS, Content, LISTS};
use kith::core::facts::PersonId;
use kith::store::{Batch, Filter, Fingerprints, Outcome, Records, Store};
use kith_plugin::{Anniversary, Contact, Email, Name, Organization, Phone, Place, Record};

/// What each byte of a record chooses from; few, so that much is in common. The first is nothing.
const NAMES: [&str; 6] = ["", "Anna Amsel", "Amsel, Anna", "Bert Kern", "Dr. Bert Kern", "Carla"];
const UIDS: [&str; 4] = ["", "1", "2", "3"];
const EMAILS: [&str; 6] =
    ["", "a@example.org", "A@Example.org", "b@example.org", "info@example.org", "c@example.net"];
const PHONES: [&str; 6] = ["", "+49 170 1111111", "0170 1111111", "+43 170 1111111", "112", "030 12345"];
const FIRMS: [&str; 3] = ["", "Birds Ltd", "Bert Kern"];
const DAYS: [&str; 4] = ["", "1985-04-12", "--04-12", "1990"];

/// So many records: each more is slower, and says little that fewer do not.
const MOST: usize = 12;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let records: Vec<Record> =
        (1..).zip(bytes.chunks(6).take(MOST)).map(|(line, bytes)| record(line, bytes)).collect();
    any_order(&records);
    let folder = in_memory();
    let database = folder.path().join("contacts.db");
    std::fs::write(&database, &*EMPTY).expect("there is room");
    let mut store = Store::open(&database).expect("a new database");
    let (first, second) = records.split_at(records.len() / 2);
    for importer in ["vcard", "csv"] {
        for book in [first, second] {
            import(&mut store, importer, book);
            let before = everybody(&store);
            let again = import(&mut store, importer, book);
            assert!(again.is_nothing(), "the same again is news: {again:?}");
            assert_eq!(everybody(&store), before);
        }
    }
    store.check_integrity().expect("the database is whole");
});

/// A database without anybody: to make one takes longer than all that is done with it.
static EMPTY: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = in_memory();
    let database = folder.path().join("contacts.db");
    drop(Store::open(&database).expect("a new database"));
    std::fs::read(database).expect("its last connection left it whole")
});

/// A folder that is in memory where there is such: nothing is waited for there.
fn in_memory() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.expect("there is room")
}

fn record(line: u64, bytes: &[u8]) -> Record {
    let chosen = |at: usize, from: &[&str]| {
        let byte = bytes.get(at).copied().unwrap_or_default();
        from.get(usize::from(byte) % from.len())
            .filter(|text| !text.is_empty())
            .map(|text| (*text).to_owned())
    };
    let contact = Contact {
        name: Name { full: chosen(0, &NAMES), ..Name::default() },
        uid: chosen(1, &UIDS),
        emails: chosen(2, &EMAILS).map(|address| Email { address, ..Email::default() }).into_iter().collect(),
        phones: chosen(3, &PHONES).map(|number| Phone { number, ..Phone::default() }).into_iter().collect(),
        organizations: chosen(4, &FIRMS)
            .map(|name| Organization { name: Some(name), ..Organization::default() })
            .into_iter()
            .collect(),
        anniversaries: chosen(5, &DAYS)
            .map(|date| Anniversary { kind: "birth".to_owned(), date })
            .into_iter()
            .collect(),
        ..Contact::default()
    };
    Record { at: Place { part: 0, line }, raw: format!("{bytes:?}"), contact, warnings: Vec::new() }
}

fn any_order(records: &[Record]) {
    let mut cards: Vec<Card> = (1..)
        .zip(records)
        .map(|(id, record)| Card { id, kept: id % 2 == 0, gone: None, fields: record.contact.clone() })
        .collect();
    let values = |cards: &[Card]| values(&assemble(cards, &[]));
    let forward = values(&cards);
    cards.reverse();
    assert_eq!(values(&cards), forward);
    cards.rotate_left(records.len() / 2);
    assert_eq!(values(&cards), forward);
}

/// What a contact says, but not which card says so: of equal ones it may be any.
fn values(content: &Content) -> String {
    let columns = COLUMNS.map(|column| format!("{column:?}: {:?}\n", content.column(column)));
    let items = LISTS.into_iter().flat_map(|list| content.list(list).iter().map(move |item| (list, item)));
    let items =
        items.map(|(list, item)| format!("{list:?}: {:?} {:?} {:?}\n", item.value, item.label, item.pref));
    columns.into_iter().chain(items).collect()
}

fn import(store: &mut Store, importer: &str, records: &[Record]) -> Outcome {
    let mut prints = Fingerprints::of(importer);
    records.iter().for_each(|record| prints.add(record).expect("a record is JSON"));
    let all: &Records<'_> = &|wanted| {
        let chosen = records.iter().zip(wanted).filter(|(_, wanted)| *wanted);
        Box::new(chosen.map(|(record, _)| Ok(record.clone())))
    };
    let batch = Batch {
        importer,
        file_name: "book",
        archive: None,
        at: "2026-11-22T10:00:00Z".parse().expect("a moment"),
        home: None,
        records: all,
        history: None,
        folder: None,
        skipped: 0,
        tell: &|_| {},
    };
    store.take_in(false, |sitting| sitting.take_in(&batch, &prints)).expect("it is taken in")
}

/// Everybody with all that is known of them, and of which card.
fn everybody(store: &Store) -> Vec<(PersonId, Content)> {
    let all = store.list(Filter::default()).expect("they can be read");
    all.into_iter().map(|one| (one.id, one.content)).collect()
}
