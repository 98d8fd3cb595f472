//! The database edited by other programs, the service running or not.

use crate::support::calendar::planned;
use crate::support::cards::{card, card_with};
use crate::support::{CALENDARS, Home, Service, eventually};

fn book() -> String {
    card_with("Anna Amsel", "TEL:+49 30 1234\r\nBDAY:1980-05-06\r\n") + &card("Berta Brandt")
}

fn with_book(home: &Home) -> Service<'_> {
    home.file("phone.vcf", book());
    home.kith(&["import", "phone.vcf"]).succeeds();
    home.serve()
}

/// Everything that the calendars say.
fn everything(service: &Service<'_>) -> String {
    CALENDARS.map(|file| service.get(file).unwrap().body).concat()
}

#[track_caller]
fn follows(service: &Service<'_>, what: &str, is_so: impl Fn(&str) -> bool) {
    eventually(what, || is_so(&everything(service)).then_some(()));
}

/// Drops the same file again and waits until it is taken.
fn import_again(home: &Home, name: &str) -> String {
    home.drop_in(name, book());
    home.report(&format!("done/{name}"))
}

#[test]
fn the_feed_follows_edits_and_they_outlive_imports_and_restarts() {
    let home = Home::new();
    let service = with_book(&home);
    for (sql, shown, gone) in [
        ("UPDATE contact SET name = 'Anna Meise' WHERE name = 'Anna Amsel'", "Anna Meise", "Anna Amsel"),
        ("UPDATE phone SET number = '+49 40 5678'", "tel:+49405678", "tel:+49301234"),
        ("UPDATE contact SET birthday = '1981-07-08' WHERE name = 'Anna Meise'", "8 July 1981", "6 May 1980"),
        ("INSERT INTO contact(name) VALUES ('Carla Dohle')", "Get in touch with Carla Dohle", "no such text"),
        (
            "INSERT INTO email(contact_id, address) SELECT id, 'carla@example.net' FROM contact WHERE name = 'Carla Dohle'",
            "Write to Carla Dohle",
            "Get in touch with Carla Dohle",
        ),
    ] {
        home.sql(sql);
        let is_so = |text: &str| text.contains(shown) && !text.contains(gone);
        follows(&service, sql, is_so);
    }
    let wanted = ["Anna Meise", "tel:+49405678", "8 July 1981", "Write to Carla Dohle"];
    let is_kept = |text: &str| wanted.iter().all(|part| text.contains(part)) && !text.contains("Anna Amsel");
    assert!(import_again(&home, "again.vcf").contains("0 new"));
    assert!(is_kept(&everything(&service)), "after an import");
    assert_eq!(service.stop(), Some(0));
    let service = home.serve();
    assert!(is_kept(&everything(&service)), "after a restart");
    assert!(import_again(&home, "third.vcf").contains("0 new"));
    assert!(is_kept(&everything(&service)), "after both");
}

#[test]
fn edits_made_while_the_service_did_not_run_count_as_well() {
    let home = Home::new();
    let service = with_book(&home);
    assert_eq!(service.stop(), Some(0));
    home.sql(
        "UPDATE contact SET name = 'Anna Meise' WHERE name = 'Anna Amsel';
         DELETE FROM contact WHERE name = 'Berta Brandt';
         INSERT INTO contact(name) VALUES ('Carla Dohle');",
    );
    let is_kept = |text: &str| {
        text.contains("Anna Meise")
            && text.contains("Carla Dohle")
            && !text.contains("Anna Amsel")
            && !text.contains("Berta Brandt")
    };
    let service = home.serve();
    assert!(is_kept(&everything(&service)), "at the start");
    assert!(import_again(&home, "again.vcf").contains("0 new"));
    service.kill();
    let service = home.serve();
    assert!(is_kept(&everything(&service)), "after an import and a crash");
}

#[test]
fn whoever_is_deleted_is_archived_and_leaves_the_calendar() {
    let home = Home::new();
    let service = with_book(&home);
    home.kith(&["log", "anna", "her garden"]).succeeds();
    follows(&service, "the talk is in the calendar", |text| text.contains("her garden"));
    home.sql("DELETE FROM contact WHERE name = 'Anna Amsel'");
    follows(&service, "she is gone", |text| !text.contains("Anna Amsel"));
    assert_eq!(
        home.count("SELECT count(*) FROM contact WHERE name = 'Anna Amsel' AND archived_at IS NOT NULL"),
        1
    );
    import_again(&home, "again.vcf");
    assert!(!everything(&service).contains("Anna Amsel"), "an import does not bring her back");
    home.sql("UPDATE contact SET archived_at = NULL WHERE name = 'Anna Amsel'");
    follows(&service, "she is back, with what was said", |text| text.contains("her garden"));
}

#[test]
fn never_removes_entries_past_and_future() {
    let home = Home::new();
    let service = with_book(&home);
    home.kith(&["circle", "set", "friends", "--ideal", "10d", "--latest", "20d"]).succeeds();
    home.kith(&["circle", "assign", "friends", "Anna Amsel"]).succeeds();
    home.kith(&["log", "anna", "her garden", "--on", "yesterday"]).succeeds();
    follows(&service, "past, future and birthday are there", |text| {
        text.contains("her garden")
            && text.contains("Call Anna Amsel")
            && text.contains("Birthday: Anna Amsel")
    });
    home.sql("UPDATE contact SET comfort = 'never' WHERE name = 'Anna Amsel'");
    follows(&service, "all is gone", |text| !text.contains("Anna") && !text.contains("her garden"));
    assert!(planned(&service.events(), "Berta Brandt").is_some(), "of nobody else");
    assert!(home.kith(&["list"]).succeeds().stdout.contains("Anna Amsel"), "she is still known");
    assert_eq!(service.stop(), Some(0));
    assert!(!everything(&home.serve()).contains("Anna"));
}

#[test]
fn an_edit_that_no_trigger_saw_is_followed_and_kept() {
    let home = Home::new();
    let service = with_book(&home);
    // As a tool does that rebuilds its triggers around a bulk change.
    let trigger: String = rusqlite::Connection::open(home.data("contacts.db"))
        .unwrap()
        .query_row(
            "SELECT name FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'contact' AND sql LIKE '%AFTER UPDATE%'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    home.sql(&format!(
        "DROP TRIGGER {trigger}; UPDATE contact SET name = 'Anna Meise' WHERE name = 'Anna Amsel'"
    ));
    follows(&service, "the edit is in the feed", |text| text.contains("Anna Meise"));
    import_again(&home, "again.vcf");
    assert!(everything(&service).contains("Anna Meise") && !everything(&service).contains("Anna Amsel"));
}

#[test]
fn many_edits_in_a_row_end_in_the_last() {
    let home = Home::new();
    let service = with_book(&home);
    let conn = rusqlite::Connection::open(home.data("contacts.db")).unwrap();
    conn.busy_timeout(std::time::Duration::from_secs(30)).unwrap();
    for number in 0..200 {
        conn.execute("UPDATE contact SET name = ?1 WHERE id = 1", [format!("Anna Number{number}")]).unwrap();
    }
    follows(&service, "the last one is shown", |text| text.contains("Anna Number199"));
}
