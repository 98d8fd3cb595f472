//! Numeric dates, whose order is that of their column.

use kith_plugin::Record;

use crate::{records, sheet};

/// The dates, notes and warnings of a sheet with one column of dates.
fn read(header: &str, dates: &[&str]) -> Vec<Record> {
    let rows: String =
        dates.iter().enumerate().map(|(n, date)| format!("Person {n};\"{date}\"\r\n")).collect();
    records(format!("{header}\r\n{rows}"))
}

fn dates(records: &[Record]) -> Vec<&str> {
    records.iter().flat_map(|record| &record.contact.anniversaries).map(|a| a.date.as_str()).collect()
}

#[test]
fn one_value_tells_the_order_of_all() {
    for (name, header, values, expected) in [
        ("the day first", "Name;Birthday", &["05/06/1985", "13/06/1985"], &["1985-06-05", "1985-06-13"]),
        ("the month first", "Name;Birthday", &["05/06/1985", "06/13/1985"], &["1985-05-06", "1985-06-13"]),
        (
            "against the language",
            "Name;Geburtstag",
            &["05/06/1985", "06/13/1985"],
            &["1985-05-06", "1985-06-13"],
        ),
        ("German", "Name;Geburtstag", &["05/06/1985", "1/2/1990"], &["1985-06-05", "1990-02-01"]),
        ("French", "Nom;Date de naissance", &["05/06/1985", "1-2-1990"], &["1985-06-05", "1990-02-01"]),
        ("Spanish", "Nombre;Cumpleaños", &["05/06/1985", "1/2"], &["1985-06-05", "--02-01"]),
        ("dots", "Name;Birthday", &["05.06.1985", "1.2."], &["1985-06-05", "--02-01"]),
        ("year first", "Name;Birthday", &["1985-06-05", "19900201"], &["1985-06-05", "1990-02-01"]),
        ("words", "Name;Birthday", &["5 June 1985", "February 1st, 1990"], &["1985-06-05", "1990-02-01"]),
    ] {
        let records = read(header, values);
        assert_eq!(dates(&records), expected, "{name}");
        assert!(records.iter().all(|record| record.warnings.is_empty()), "{name}");
    }
}

#[test]
fn english_is_read_with_the_month_first_and_that_is_said() {
    let records = read("Name;Birthday", &["05/06/1985", "5/5/1990", ""]);
    assert_eq!(dates(&records), ["1985-05-06", "1990-05-05"]);
    assert!(records[0].warnings[0].contains("month first, as 1985-05-06"), "{:?}", records[0].warnings);
    assert!(records[1..].iter().all(|record| record.warnings.is_empty()));
}

#[test]
fn what_nothing_tells_is_kept_as_text_and_reported() {
    // A name that is the same in two languages, and a column that contradicts itself.
    for (header, values) in [
        ("Email;Geb.;Born", &["05/06/1985"][..]),
        ("Name;Birthday", &["05/06/1985", "13/06/1985", "06/13/1985"]),
    ] {
        let records = if header.starts_with("Email") {
            records(sheet(";", &[("Email", "a@example.org"), ("Geb.", values[0]), ("Born", "")]))
        } else {
            read(header, values)
        };
        assert!(records[0].contact.anniversaries.is_empty());
        assert!(records[0].contact.notes[0].ends_with(": 05/06/1985"), "{:?}", records[0].contact.notes);
        assert!(records[0].warnings[0].contains("date_order"), "{:?}", records[0].warnings);
    }
    let mixed = read("Name;Birthday", &["05/06/1985", "13/06/1985", "06/14/1985"]);
    assert_eq!(dates(&mixed), ["1985-06-13", "1985-06-14"]);
}

#[test]
fn no_date_is_none_and_nonsense_is_reported() {
    let records = read("Name;Birthday", &["0/0/00", "soon", "31/02/1985", "31/13/85"]);
    assert_eq!(dates(&records), [""; 0]);
    let warned: Vec<usize> = records.iter().map(|record| record.warnings.len()).collect();
    assert_eq!(warned, [0, 1, 1, 1]);
}

#[test]
fn two_digits_are_a_year_in_a_column_of_birthdays() {
    for (header, values, expected) in [
        (
            "Name;Geburtstag",
            &["1.2.85", "31.12.04", "1.1.26"][..],
            &["1985-02-01", "2004-12-31", "1926-01-01"][..],
        ),
        ("Name;Birthday", &["13/06/85", "05/06/05"], &["1985-06-13", "2005-06-05"]),
        ("Name;Birthday", &["85-06-13", "05-06-07"], &["1985-06-13", "2005-06-07"]),
        ("Nom;Naissance", &["5 juin 85"], &["1985-06-05"]),
    ] {
        let records = read(header, values);
        assert_eq!(dates(&records), expected, "{header}");
        assert!(records.iter().all(|record| record.warnings.is_empty()), "{header}");
    }
    // Another day than a birthday may be of any century.
    let header = "First,Last,Email,Alternate Email 1,Birthday,Anniversary";
    let records = records(format!("{header}\nAda,L,,,13/06/85,13/06/10\n"));
    assert_eq!(dates(&records), ["1985-06-13"]);
    assert_eq!(records[0].contact.notes, ["Anniversary: 13/06/10"]);
    assert!(records[0].warnings[0].contains("cannot be read as a date"), "{:?}", records[0].warnings);
}

#[test]
fn each_column_has_an_order_of_its_own() {
    let header = "First,Last,Email,Alternate Email 1,Birthday,Anniversary";
    let records =
        records(format!("{header}\nAda,L,,,05/06/1985,05/06/2010\nBob,B,,,13/06/1985,06/13/2010\n"));
    assert_eq!(dates(&records), ["1985-06-05", "2010-05-06", "1985-06-13", "2010-06-13"]);
}

#[test]
fn the_order_is_found_in_the_beginning_of_a_large_file() {
    // The first row that tells it stands behind the first 64 KiB.
    let many = "Somebody with a long name;05/06/1985\r\n".repeat(4000);
    let records = records(format!("Name;Birthday\r\n{many}Last;13/06/1985\r\n"));
    assert_eq!((records.len(), dates(&records)[0]), (4001, "1985-06-05"));
    assert_eq!((records[0].at.line, records[4000].at.line), (2, 4002));
    assert!(records.iter().all(|record| record.warnings.is_empty()));
}
