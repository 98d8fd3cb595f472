//! A database that may only be read: what was in it is shown, and nothing is written.

use std::fs;

use super::*;
use crate::store::{Filter, read_only};

/// The database as it is opened where it may not be written.
fn open(home: &Home) -> Result<Store> {
    Store::on(read_only::connect(&home.path())?, &home.path(), false)
}

/// A home with one person; no connection is left open.
fn with_anna() -> Home {
    let home = Home::new();
    let mut store = home.open();
    store.edit(|tx| tx.execute("INSERT INTO contact(name) VALUES ('Anna')", []).doing(String::new)).unwrap();
    home
}

#[test]
fn it_is_read_and_not_written() {
    let home = with_anna();
    let files = || {
        let mut files: Vec<_> = fs::read_dir(home.folder.path())
            .unwrap()
            .map(|entry| entry.unwrap().path())
            .map(|path| (fs::read(&path).unwrap(), path))
            .collect();
        files.sort();
        files
    };
    let before = files();
    let mut store = open(&home).unwrap();
    assert!(store.may_be_written().unwrap_err().message().contains("contacts.db may only be read"));
    assert_eq!(store.list(Filter::default()).unwrap().len(), 1);
    store.check_integrity().unwrap();
    let error = store.change(PersonId(1), &[(Column::Title, Some("Pilot".to_owned()))], &[]).unwrap_err();
    assert!(error.to_string().contains("contacts.db may only be read"), "{error}");
    drop(store);
    assert_eq!(files(), before, "nothing is written, and no file is made");
    home.open().may_be_written().unwrap();
}

#[test]
fn a_path_may_hold_any_character() {
    let home = with_anna();
    for name in ["a b?mode=rw#c%20.db", "ä\u{7f}&=+.db"] {
        let path = home.folder.path().join(name);
        fs::copy(home.path(), &path).unwrap();
        let store = Store::on(read_only::connect(&path).unwrap(), &path, false).unwrap();
        assert!(
            store.may_be_written().is_err() && store.list(Filter::default()).unwrap().len() == 1,
            "{name}"
        );
    }
}

#[test]
fn changes_that_are_not_in_it_yet_are_never_missed() {
    let home = with_anna();
    for log in ["contacts.db-wal", "contacts.db-journal"] {
        let path = home.folder.path().join(log);
        fs::write(&path, "").unwrap();
        open(&home).unwrap();
        fs::write(&path, "something").unwrap();
        let error = open(&home).err().unwrap();
        assert!(error.message().contains(log) && error.advice().is_some(), "{error}");
        fs::remove_file(&path).unwrap();
    }
}

#[test]
fn one_of_another_version_is_refused_with_the_way_out() {
    for (version, says) in [(0, "from before this version of kith"), (999, "newer version of kith")] {
        let home = with_anna();
        home.outside(&format!(
            "PRAGMA user_version = {version}; UPDATE meta SET value = '{version}' WHERE key = 'schema_version'"
        ))
        .unwrap();
        let error = open(&home).err().unwrap();
        assert!(error.message().contains(says) && error.advice().is_some(), "{error}");
    }
}
