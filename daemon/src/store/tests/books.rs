//! Address books that are called alike and hold the same people: each counts,
//! and none takes away what another says.

use super::undoing::{hasty, now, undo};
use super::*;
use crate::core::contact::List;

/// How a program writes a record: what stands around its fields.
#[derive(Debug, Clone, Copy)]
enum Maker {
    Google,
    Outlook,
    Card(&'static str),
}

/// Somebody as an address book has them; of the number, the birthday and the note what is not empty.
fn entry(line: u64, name: &str, [number, born, note]: [&str; 3]) -> Record {
    let (given, family) = name.split_once(' ').unwrap_or((name, ""));
    let numbers: Vec<&str> = [number].into_iter().filter(|number| !number.is_empty()).collect();
    let mut record = record(line, given, family, &[&format!("{given}@x.example")], &numbers);
    let born = (!born.is_empty()).then(|| Anniversary { kind: "birth".into(), date: born.into() });
    record.contact.anniversaries = born.into_iter().collect();
    record.contact.notes = [note].into_iter().filter(|note| !note.is_empty()).map(str::to_owned).collect();
    record
}

fn written_by(maker: Maker, mut records: Vec<Record>) -> Vec<Record> {
    for record in &mut records {
        let said = format!("{:?}", record.contact);
        record.raw = match maker {
            Maker::Google => {
                format!("First Name,Last Name,Labels,E-mail 1 - Value,Phone 1 - Value,Notes\n{said}")
            }
            Maker::Outlook => {
                format!("First Name,Last Name,E-mail Address,Home Phone,Car Phone,Hobby,Schools\n{said}")
            }
            Maker::Card(version) => format!("BEGIN:VCARD\nVERSION:{version}\nX-ALL:{said}\nEND:VCARD"),
        };
    }
    records
}

const PEOPLE: [&str; 4] = ["Anna Bell", "Bert Kern", "Carla Diaz", "Dora Ek"];

fn rich() -> Vec<Record> {
    (1..)
        .zip(PEOPLE)
        .map(|(line, name)| {
            entry(line, name, [&format!("+49 170 111111{line}"), "1980-05-06", "met at school"])
        })
        .collect()
}

fn bare() -> Vec<Record> {
    (1..).zip(PEOPLE).map(|(line, name)| entry(line, name, ["", "", ""])).collect()
}

/// Numbers, birthdays and notes that are there, in all.
const SAID: &str = "SELECT (SELECT count(*) FROM phone), (SELECT count(birthday) FROM contact), (SELECT count(note) FROM contact),
                           (SELECT count(*) FROM contact WHERE archived_at IS NULL)";

#[test]
fn another_address_book_of_the_same_name_and_people_takes_nothing_away() {
    let firm = |mut records: Vec<Record>| {
        for record in &mut records {
            record.contact.titles = vec!["Dev".to_owned()];
        }
        records
    };
    // Half of them, or more, say the same as in the other book.
    let half = || [rich()[..2].to_vec(), bare()[2..].to_vec()].concat();
    for (case, importer, file, first, second) in [
        (
            "two programs",
            "csv",
            "contacts.csv",
            written_by(Maker::Google, rich()),
            written_by(Maker::Outlook, bare()),
        ),
        (
            "two accounts",
            "csv",
            "contacts.csv",
            written_by(Maker::Google, rich()),
            written_by(Maker::Google, firm(bare())),
        ),
        (
            "an account and a phone",
            "vcard",
            "contacts.vcf",
            written_by(Maker::Card("3.0"), rich()),
            written_by(Maker::Card("2.1"), bare()),
        ),
        (
            "two programs, half the same",
            "csv",
            "contacts.csv",
            written_by(Maker::Google, rich()),
            written_by(Maker::Outlook, half()),
        ),
        (
            "an account and a phone, half the same",
            "vcard",
            "contacts.vcf",
            written_by(Maker::Card("3.0"), rich()),
            written_by(Maker::Card("2.1"), half()),
        ),
    ] {
        let home = Home::new();
        let mut store = hasty(&home);
        import_as(&mut store, importer, file, &first);
        import_as(&mut store, importer, file, &second);
        assert_eq!(home.ask(SAID), "4|4|4|4", "{case}");
        for book in [&first, &second] {
            assert!(import_as(&mut store, importer, file, book).is_nothing(), "{case}: again");
        }
        assert_cache_is_true(&store, case);
    }
}

#[test]
fn a_newer_export_of_the_same_program_is_followed() {
    // All originals are others: somebody has a second address now, for which there is a column; the program is a newer version.
    let moved = |mut records: Vec<Record>| {
        records[0].contact.phones[0].number = "+49 170 9999999".to_owned();
        records
    };
    let again = |records: Vec<Record>| {
        let mut records = written_by(Maker::Google, records);
        records.iter_mut().for_each(|record| {
            record.raw = record.raw.replace("Phone 1 - Value,", "Phone 1 - Value,Website 1 - Value,");
        });
        records
    };
    let home = Home::new();
    let mut store = hasty(&home);
    import_as(&mut store, "csv", "contacts.csv", &written_by(Maker::Google, rich()));
    let outcome = import_as(&mut store, "csv", "contacts (1).csv", &again(moved(rich())));
    assert_eq!(counts(&outcome), [0, 1, 3, 0]);
    assert_eq!(home.ask("SELECT number FROM phone WHERE contact_id = 1"), "+49 170 9999999");
    assert_eq!(home.ask("SELECT count(*) FROM source"), "1");
}

/// Every record as a program exports it with a label of its own.
fn labelled(mut records: Vec<Record>, label: &str) -> Vec<Record> {
    records.iter_mut().for_each(|record| record.contact.keywords = vec![label.to_owned()]);
    written_by(Maker::Google, records)
}

#[test]
fn a_newer_export_in_which_every_record_changed_a_little_is_followed() {
    let moved = |mut records: Vec<Record>| {
        records[0].contact.phones.clear();
        records.truncate(3);
        records
    };
    for (case, first, file, imported) in [
        ("labels came", written_by(Maker::Google, rich()), "contacts.csv", "Imported on 11/22"),
        ("the label changed", labelled(rich(), "Imported on 10/3"), "contacts.csv", "Imported on 11/22 1"),
        ("under another name", labelled(rich(), "Imported on 10/3"), "google.csv", "Imported on 11/22 1"),
    ] {
        let home = Home::new();
        let mut store = hasty(&home);
        import_as(&mut store, "csv", "contacts.csv", &first);
        // Under another name there have to be several who say all that they said.
        let second = if file == "contacts.csv" { moved(rich()) } else { rich() };
        let outcome = import_as(&mut store, "csv", file, &labelled(second, imported));
        assert_eq!(counts(&outcome)[0], 0, "{case}");
        let assumed = outcome.assumed.clone().unwrap();
        assert_eq!((assumed.is_again, assumed.import, &*assumed.imports), (true, 2, &[1][..]), "{case}");
        assert_eq!(home.ask("SELECT count(*) FROM source"), "1", "{case}");
        if file == "contacts.csv" {
            assert_eq!((assumed.removed, assumed.missing), (1, 1), "{case}");
            assert_eq!(home.ask("SELECT count(*) FROM phone WHERE contact_id = 1"), "0", "{case}");
            assert_eq!(home.ask("SELECT count(*) FROM contact WHERE archived_at IS NULL"), "4", "{case}");
        }
        // All of it can be taken back.
        undo(&mut store);
        assert_eq!(home.ask("SELECT count(*) FROM phone WHERE contact_id = 1"), "1", "{case}");
        assert_cache_is_true(&store, case);
    }
}

#[test]
fn whoever_only_got_a_uid_is_not_missing() {
    let home = Home::new();
    let mut store = hasty(&home);
    let book = |all: bool| {
        let mut records = rich();
        for (at, record) in records.iter_mut().enumerate() {
            record.contact.uid = (all || at % 2 == 1).then(|| format!("of-the-book-{at}"));
        }
        written_by(Maker::Card("3.0"), records)
    };
    import_as(&mut store, "vcard", "book.vcf", &book(false));
    for _ in 0..2 {
        let outcome = import_as(&mut store, "vcard", "book.vcf", &book(true));
        let assumed = outcome.assumed.clone().unwrap();
        assert_eq!((counts(&outcome)[0], assumed.is_again, assumed.missing), (0, true, 0));
    }
    // Who went is.
    let outcome = import_as(&mut store, "vcard", "book.vcf", &book(true)[..3]);
    assert_eq!(outcome.assumed.unwrap().missing, 1);
}

#[test]
fn a_poorer_book_beside_a_richer_one_takes_nothing_away_whichever_comes_first() {
    for order in [[true, false, true, false], [false, true, false, true]] {
        let home = Home::new();
        let mut store = hasty(&home);
        for is_rich in order {
            let records = written_by(Maker::Google, if is_rich { rich() } else { bare() });
            import_as(&mut store, "csv", "contacts.csv", &records);
        }
        assert_eq!(home.ask(SAID), "4|4|4|4", "{order:?}");
        assert_cache_is_true(&store, "alternating");
    }
}

#[test]
fn another_book_of_much_the_same_people_is_said_to_be_one() {
    let home = Home::new();
    let mut store = hasty(&home);
    import_as(&mut store, "csv", "contacts.csv", &written_by(Maker::Google, rich()));
    let outcome = import_as(&mut store, "csv", "contacts.csv", &written_by(Maker::Google, bare()));
    let assumed = outcome.assumed.unwrap();
    assert_eq!((assumed.is_again, &*assumed.imports, &*assumed.file_name), (false, &[1][..], "contacts.csv"));
    // Of another program nobody takes it for a newer export.
    let outcome = import_as(&mut store, "csv", "contacts.csv", &written_by(Maker::Outlook, bare()));
    assert_eq!(outcome.assumed, None);
}

#[test]
fn one_profile_in_two_address_books_takes_nothing_away() {
    let at = |mut records: Vec<Record>| {
        for (record, name) in records.iter_mut().zip(PEOPLE) {
            let uri = Some(format!("https://www.linkedin.com/in/{}", &name[..4]));
            record.contact.online_services = vec![kith_plugin::OnlineService { uri, ..Default::default() }];
        }
        records
    };
    let home = Home::new();
    let mut store = hasty(&home);
    let connections = |title: &str| {
        let mut records = at(bare());
        records.iter_mut().for_each(|record| record.contact.titles = vec![title.to_owned()]);
        written_by(Maker::Outlook, records)
    };
    import_as(&mut store, "csv", "contacts.csv", &written_by(Maker::Google, at(rich())));
    import_as(&mut store, "csv", "Connections.csv", &connections("CTO"));
    assert_eq!(home.ask(SAID), "4|4|4|4");
    // Each of its rows has a profile of its own: it is the same book when all of them changed.
    import_as(&mut store, "csv", "Connections.csv", &connections("CEO"));
    assert_eq!(home.ask("SELECT DISTINCT title FROM contact"), "CEO");
    assert_eq!(home.ask("SELECT count(*) FROM card WHERE replaced_by IS NULL"), "8");
    assert_eq!(home.ask(SAID), "4|4|4|4");
}

/// Takes several files in at once, as one command does.
fn together(store: &mut Store, files: &[(&str, &[Record])]) -> Vec<Outcome> {
    let at = now();
    store
        .take_in(false, |sitting| {
            let take = |(file_name, records): &(&str, &[Record])| {
                let all: &Records<'_> = &|wanted| chosen(records, wanted);
                let batch = Batch { at, ..batch("vcard", file_name, all) };
                sitting.take_in(&batch, &prints("vcard", records))
            };
            files.iter().map(take).collect()
        })
        .unwrap()
}

#[test]
fn of_files_that_are_imported_together_none_takes_the_place_of_another() {
    let uid = |mut records: Vec<Record>| {
        for record in &mut records {
            record.contact.uid = Some(format!("{}-4bb5-9f1e-60a3a8f0c2d1", record.at.line));
            record.raw += &format!("UID {}", record.at.line);
        }
        records
    };
    // Three of four are the same: alone it would be a newer export.
    let most = || [rich()[..3].to_vec(), bare()[3..].to_vec()].concat();
    for (case, first, second) in [
        ("a UID", uid(rich()), uid(bare())),
        ("the place", rich(), most()),
        ("a part", rich()[..1].to_vec(), bare()[..1].to_vec()),
    ] {
        let home = Home::new();
        let mut store = hasty(&home);
        let (first, second) = (written_by(Maker::Card("3.0"), first), written_by(Maker::Card("3.0"), second));
        let files: [(&str, &[Record]); 2] = [("contacts_1.vcf", &first), ("contacts_2.vcf", &second)];
        let whole = |home: &Home| {
            home.ask("SELECT count(*) FROM contact WHERE birthday IS NULL OR note IS NULL OR id NOT IN (SELECT contact_id FROM phone)")
        };
        together(&mut store, &files);
        assert_eq!(whole(&home), "0", "{case}");
        // Nor do they exchange each other the next time, whichever comes first.
        for order in [[0, 1], [1, 0]] {
            let again = together(&mut store, &order.map(|at| files[at]));
            assert!(again.iter().all(Outcome::is_nothing), "{case}: {again:?}");
        }
        assert_eq!(whole(&home), "0", "{case}");
        assert_cache_is_true(&store, case);
    }
}

#[test]
fn a_card_that_one_file_has_unchanged_is_not_replaced_by_another_of_the_same_command() {
    let home = Home::new();
    let mut store = hasty(&home);
    let card = |record: Record| {
        let mut record =
            Record { contact: Contact { uid: Some("6f1c2d3e-aaaa".into()), ..record.contact }, ..record };
        record.raw = format!("{:?}", record.contact);
        vec![record]
    };
    let (first, second) = (card(rich().remove(0)), card(bare().remove(0)));
    import_as(&mut store, "vcard", "phone.vcf", &first);
    together(&mut store, &[("phone.vcf", &first), ("tablet.vcf", &second)]);
    assert_eq!(store.contact(PersonId(1)).unwrap().list(List::Phone).len(), 1);
    assert_eq!(home.ask("SELECT count(*) FROM card WHERE replaced_by IS NULL"), "2");
}

#[test]
fn what_a_record_known_by_its_uid_lost_is_said_to_be_removed() {
    let home = Home::new();
    let mut store = hasty(&home);
    let book = |born: &str, note: &str| {
        let mut anna = entry(1, "Anna Bell", ["", born, ""]);
        anna.contact.uid = Some("7f63-4c39-a2f4-4a1f3a55a0de".to_owned());
        let others = PEOPLE[1..].iter().map(|name| entry(2, name, ["", "", note]));
        written_by(Maker::Google, std::iter::once(anna).chain(others).collect())
    };
    import_as(&mut store, "vcard", "book.vcf", &book("1980-05-06", ""));
    let assumed = import_as(&mut store, "vcard", "book.vcf", &book("", "tea")).assumed.unwrap();
    assert_eq!((assumed.is_again, assumed.replaced, assumed.removed), (true, 3, 1));
}

#[test]
fn whoever_only_lost_their_uid_is_not_missing() {
    let home = Home::new();
    let mut store = hasty(&home);
    let book = |with_uid: usize| {
        let mut records = rich();
        records.push(entry(5, "Emil Frei", ["", "", ""]));
        for (at, record) in records.iter_mut().enumerate().take(with_uid) {
            record.contact.uid = Some(format!("of-the-book-{at}"));
        }
        written_by(Maker::Card("3.0"), records)
    };
    import_as(&mut store, "vcard", "book.vcf", &book(5));
    for _ in 0..2 {
        let outcome = import_as(&mut store, "vcard", "book.vcf", &book(3));
        let assumed = outcome.assumed.clone().unwrap();
        assert_eq!((counts(&outcome)[0], assumed.is_again, assumed.missing), (0, true, 0));
    }
}

#[test]
fn a_newer_export_is_recognised_however_many_came_before() {
    let book = |names: [&str; 4]| {
        let all = (1..).zip(names).map(|(line, name)| entry(line, name, ["", "", ""])).collect();
        written_by(Maker::Google, all)
    };
    let exports = [
        ["Ada Alt", "Ben Bach", "Cleo Cohn", "Dan Dorn"],
        ["Ada Alt", "Ben Bach", "Eva Eich", "Finn Falk"],
        ["Eva Eich", "Finn Falk", "Gil Graf", "Hans Hahn"],
        ["Gil Graf", "Hans Hahn", "Ida Iser", "Jan Jost"],
    ]
    .map(book);
    for first in 0..2 {
        let home = Home::new();
        let mut store = hasty(&home);
        for (at, export) in exports.iter().enumerate().skip(first) {
            let assumed = import_as(&mut store, "csv", "contacts.csv", export).assumed;
            let missing = assumed.filter(|assumed| assumed.is_again).map(|assumed| assumed.missing);
            // Who left it is told of once.
            assert_eq!(missing, (at > first).then_some(2), "{at} of those from {first}");
        }
    }
}

#[test]
fn who_left_is_told_of_though_a_part_of_the_book_came_meanwhile() {
    let home = Home::new();
    let mut store = hasty(&home);
    let names =
        ["Ada Alt", "Ben Bach", "Cleo Cohn", "Dan Dorn", "Eva Eich", "Finn Falk", "Gil Graf", "Hans Hahn"];
    let mut import = |names: &[&str]| {
        let all = (1..).zip(names).map(|(line, name)| entry(line, name, ["", "", ""])).collect();
        let assumed = import_as(&mut store, "csv", "contacts.csv", &written_by(Maker::Google, all)).assumed;
        assumed.map(|assumed| (assumed.is_again, assumed.missing))
    };
    assert_eq!(import(&names), None);
    for (names, missing) in
        [(&names[..3], 0), (&names[..6], 2), (&names[..3], 0), (&names[..6], 0), (&names[1..6], 1)]
    {
        assert_eq!(import(names), Some((true, missing)), "{names:?}");
    }
}

#[test]
fn who_is_a_name_alone_stays_who_they_are_when_what_is_said_of_them_changes() {
    let uid = |said: &str| (!said.is_empty()).then(|| format!("{said}-4c39-a2f4-4a1f3a55a0de"));
    for name in ["Zoe Zorn", "Zoe"] {
        for uids in [
            ["", "", ""],
            ["7f63", "", ""],
            ["", "7f63", "7f63"],
            ["7f63", "8e1a", "9b2c"],
            ["7f63", "7f63", ""],
        ] {
            for with_uids in [false, true] {
                let home = Home::new();
                let mut store = hasty(&home);
                for (at, said) in (0_usize..).zip(uids) {
                    let mut zoe = entry(5, name, ["", "", &format!("said {at}")]);
                    zoe.contact.emails.clear();
                    zoe.contact.uid = uid(said);
                    let mut all = rich();
                    for (at, record) in all.iter_mut().enumerate().filter(|_| with_uids) {
                        record.contact.uid = uid(&format!("book{at}"));
                    }
                    all.push(zoe);
                    import_as(&mut store, "vcard", "book.vcf", &written_by(Maker::Card("3.0"), all));
                    let people = home.ask("SELECT count(*), (SELECT count(*) FROM review) FROM contact");
                    assert_eq!(people, "5|0", "{name}, {uids:?}, {with_uids}, {at}");
                    let note = home.ask("SELECT note FROM contact WHERE id = 5");
                    assert_eq!(note, format!("said {at}"), "{name}, {uids:?}, {with_uids}");
                }
                assert_cache_is_true(&store, name);
            }
        }
    }
}
