//! Address books whose program gives every card a new UID at each export.

use proptest::prelude::*;

use super::*;

/// Somebody of an address book, as one export has them.
#[derive(Debug, Clone, Copy)]
struct Entry {
    name: &'static str,
    emails: &'static [&'static str],
    phones: &'static [&'static str],
    note: &'static str,
}

const fn entry(
    name: &'static str,
    emails: &'static [&'static str],
    phones: &'static [&'static str],
) -> Entry {
    Entry { name, emails, phones, note: "" }
}

/// An export: every card with a UID and a revision of its own.
fn export(number: u64, people: &[Entry]) -> Vec<Record> {
    (1..)
        .zip(people)
        .map(|(line, Entry { name, emails, phones, note })| {
            let (given, family) = name.split_once(' ').unwrap_or((name, ""));
            let mut record = record(line, given, family, emails, phones);
            let uid = format!("export-{number}-card-{line}");
            let revised = format!("2026-11-{:02}T10:00:00Z", 10 + number);
            record.raw = format!("UID:{uid}\nREV:{revised}\n{name}\n{emails:?}\n{phones:?}\n{note}\n");
            record.contact.uid = Some(uid);
            record.contact.updated = Some(revised);
            record.contact.notes = vec![(*note).to_owned()].into_iter().filter(|n| !n.is_empty()).collect();
            record
        })
        .collect()
}

const ANNA: Entry = entry("Anna Bell", &["anna@a.example"], &["+49 170 1111111"]);
const BERT: Entry = entry("Bert Kern", &["bert@b.example"], &["+49 170 2222222"]);
const CARLA: Entry = entry("Carla Diaz", &["carla@c.example"], &["+49 30 3333333"]);
const DAVID: Entry = entry("David Diaz", &[], &["+49 30 3333333"]);
const EMI: Entry = entry("Emi Ono", &[], &["+49 170 5555555"]);
const FINN: Entry = entry("Finn Ost", &["finn@f.example"], &[]);
const MOTHER: Entry = entry("Mother", &[], &[]);

/// How many people, cards that count, and cards in all.
fn tally(home: &Home) -> String {
    home.ask(
        "SELECT (SELECT count(*) FROM contact WHERE archived_at IS NULL), count(*) - count(replaced_by), count(*) FROM card",
    )
}

#[test]
fn each_export_takes_the_place_of_the_one_before() {
    let moved = Entry { phones: &["+49 170 9999999"], ..ANNA };
    let all = [ANNA, BERT, CARLA, DAVID, EMI];
    type Case<'a> = (&'a str, &'a str, &'a [Entry], &'a [Entry], [u64; 4], &'a str);
    let cases: [Case<'_>; 9] = [
        ("nothing changed", "phone.vcf", &all, &all, [0, 0, 5, 0], "5|5|5"),
        ("another name", "export of today.vcf", &all, &all, [0, 0, 5, 0], "5|5|5"),
        (
            "one moved, one removed, one new",
            "phone (1).vcf",
            &all,
            &[moved, CARLA, DAVID, EMI, FINN],
            [1, 1, 3, 0],
            "6|6|7",
        ),
        (
            "the same in a small one",
            "phone.vcf",
            &[ANNA, BERT, CARLA],
            &[moved, CARLA, FINN],
            [1, 1, 1, 0],
            "4|4|5",
        ),
        ("one of two moved", "phone.vcf", &[ANNA, BERT], &[BERT, moved], [0, 1, 1, 0], "2|2|3"),
        (
            "names alone",
            "phone.vcf",
            &[ANNA, BERT, MOTHER, MOTHER],
            &[MOTHER, BERT, MOTHER, ANNA],
            [0, 0, 4, 0],
            "4|4|4",
        ),
        (
            "twice the same card",
            "phone.vcf",
            &[ANNA, ANNA, BERT, CARLA],
            &[CARLA, moved, BERT, ANNA],
            [0, 1, 3, 0],
            "3|4|5",
        ),
        (
            "a number alone, and that is new",
            "phone.vcf",
            &all,
            &[ANNA, BERT, CARLA, DAVID, Entry { phones: &["+49 170 8888888"], ..EMI }],
            [0, 1, 4, 0],
            "5|5|6",
        ),
        (
            "a note gone",
            "phone.vcf",
            &[Entry { note: "likes tea", ..ANNA }, BERT, CARLA],
            &[ANNA, BERT, CARLA],
            [0, 1, 2, 0],
            "3|3|4",
        ),
    ];
    for (case, name, first, second, expected, cards) in cases {
        let home = Home::new();
        let mut store = home.open();
        import_as(&mut store, "vcard", "phone.vcf", &export(1, first));
        let outcome = import_as(&mut store, "vcard", name, &export(2, second));
        assert_eq!((counts(&outcome), tally(&home).as_str()), (expected, cards), "{case}: {outcome:#?}");
        assert_eq!(home.ask("SELECT count(*) FROM source"), "1", "{case}");
        let again = import_as(&mut store, "vcard", name, &export(3, second));
        let unchanged = u64::try_from(second.len()).unwrap();
        assert_eq!((counts(&again), tally(&home).as_str()), ([0, 0, unchanged, 0], cards), "{case}, again");
        assert_cache_is_true(&store, case);
    }
}

#[test]
fn what_only_the_replaced_card_said_is_gone_and_kept() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &export(1, &[ANNA, BERT, CARLA]));
    home.outside("UPDATE contact SET title = 'Captain' WHERE id = 1").unwrap();
    let outcome =
        import(&mut store, "vcard", &export(2, &[Entry { phones: &["+49 170 9"], ..ANNA }, BERT, CARLA]));
    assert_eq!(home.ask("SELECT number FROM phone WHERE contact_id = 1"), "+49 170 9");
    assert_eq!(home.ask("SELECT title FROM contact WHERE id = 1"), "Captain", "the user's own stays");
    assert_eq!(
        home.ask("SELECT json_extract(fields, '$.phones[0].number') FROM card WHERE replaced_by IS NOT NULL"),
        "+49 170 1111111"
    );
    let What::Updated { differences, .. } = &outcome.details[0].what else { panic!("{outcome:?}") };
    assert_eq!((differences.updated().first(), differences.removed().len()), (Some(&"phone"), 0));
}

#[test]
fn an_original_that_changed_in_what_is_not_understood_is_kept() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &export(1, &[ANNA, BERT, CARLA]));
    let mut second = export(2, &[ANNA, BERT, CARLA]);
    second[0].raw += "PHOTO:new\n";
    assert_eq!(counts(&import(&mut store, "vcard", &second)), [0, 0, 3, 0]);
    assert_eq!(tally(&home), "3|3|4");
    assert_eq!(
        home.ask("SELECT count(*) FROM card WHERE raw LIKE '%PHOTO:new%' AND replaced_by IS NULL"),
        "1"
    );
}

#[test]
fn another_address_book_of_the_same_name_and_people_takes_nothing_away() {
    let home = Home::new();
    let mut store = home.open();
    let at = |note| [ANNA, BERT, CARLA, EMI].map(|person| Entry { note, ..person });
    import(&mut store, "vcard", &export(1, &at("at home")));
    // Its UIDs are others, and stay what they are.
    let work = export(2, &at("at work"));
    import(&mut store, "vcard", &work);
    import(&mut store, "vcard", &export(1, &at("at home")));
    assert_eq!(tally(&home), "4|8|8");
    let note = store.contact(PersonId(1)).unwrap();
    let note = note.column(Column::Note).unwrap();
    assert!(note.contains("at home") && note.contains("at work"), "{note}");
    assert_eq!(counts(&import(&mut store, "vcard", &work)), [0, 0, 4, 0]);
}

#[test]
fn two_people_of_one_file_stay_two() {
    let home = Home::new();
    let mut store = home.open();
    let father = entry("Hans Meier", &["hans@old.example"], &["+49 30 7777777"]);
    let son = entry("Hans Meier", &["hans@young.example"], &["+49 170 7777777"]);
    let rest = [ANNA, BERT, CARLA, EMI];
    let book = |hanses: &[Entry]| [&rest[..], hanses].concat();
    import(&mut store, "vcard", &export(1, &book(&[father, son])));
    let hanses = "SELECT count(*) FROM contact WHERE name = 'Hans Meier' AND archived_at IS NULL";
    assert_eq!(home.ask(hanses), "2");
    let moved = Entry { phones: &["+49 170 6666666"], ..son };
    let outcome = import(&mut store, "vcard", &export(2, &book(&[moved, father])));
    assert_eq!((counts(&outcome), home.ask(hanses).as_str()), ([0, 1, 5, 0], "2"));
    let numbers = "SELECT number FROM phone WHERE contact_id IN (SELECT id FROM contact WHERE name = 'Hans Meier') ORDER BY contact_id";
    assert_eq!(home.ask(numbers), "+49 30 7777777 +49 170 6666666");
    // Both at once: by their addresses, and nobody's card is taken for the other's.
    let both = [Entry { phones: &["+49 170 5"], ..moved }, Entry { phones: &["+49 30 5"], ..father }];
    import(&mut store, "vcard", &export(3, &book(&both)));
    assert_eq!(home.ask(hanses), "2");
    assert_cache_is_true(&store, "two of one name");
}

/// What becomes of somebody between two exports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Stays,
    Moves,
    Leaves,
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whoever_moves_leaves_and_comes_between_two_exports(
        fates in Just([[Fate::Stays; 6].as_slice(), &[Fate::Moves; 2], &[Fate::Leaves; 2]].concat()).prop_shuffle(),
        order in Just((0..10_usize).collect::<Vec<_>>()).prop_shuffle(),
        newcomers in 0..3_usize,
        couple in any::<bool>(),
    ) {
        let name = |number: usize| {
            ["Anna Bell", "Bert Kern", "Carla Diaz", "David Dahl", "Emi Ono", "Finn Ost", "Gina Hall", "Hugo Iser", "Ines Jung", "Jona Krug",
             "Kai Lang", "Lea Mohn", "Max Noll"][number]
        };
        let person = |number: usize, export: u64, moved: bool| {
            let (given, family) = name(number).split_once(' ').unwrap();
            let email = format!("{given}@example.org");
            let phone = format!("+49 170 {}{number:06}", 1 + u8::from(moved));
            // Two of them share what they can be reached at.
            let shared = ["+49 30 1234567"].into_iter().filter(|_| couple && number < 2);
            let phones: Vec<&str> = shared.chain([phone.as_str()]).collect();
            let mut record = record(number as u64 + 1, given, family, &[&email], &phones);
            record.contact.uid = Some(format!("{export}-{number}-of-them"));
            record.raw = format!("UID:{export}-{number}-of-them {given} {phones:?}");
            record
        };
        let home = Home::new();
        let mut store = home.open();
        let first: Vec<Record> = (0..10).map(|number| person(number, 1, false)).collect();
        import(&mut store, "vcard", &first);
        let there = order.iter().filter(|number| fates[**number] != Fate::Leaves);
        let mut second: Vec<Record> =
            there.map(|&number| person(number, 2, fates[number] == Fate::Moves)).collect();
        second.extend((10..10 + newcomers).map(|number| person(number, 2, false)));
        let outcome = import(&mut store, "vcard", &second);
        prop_assert_eq!(counts(&outcome), [newcomers as u64, 2, 6, 0]);
        let (people, cards) = (10 + newcomers, 12 + newcomers);
        prop_assert_eq!(tally(&home), format!("{people}|{people}|{cards}"));
        for (number, fate) in fates.iter().enumerate() {
            let sql = format!("SELECT count(*) FROM phone JOIN contact ON contact.id = contact_id WHERE name = '{}' AND number LIKE '+49 170 {}%'", name(number), 1 + u8::from(*fate == Fate::Moves));
            prop_assert_eq!(home.ask(&sql), "1", "{} {:?}", name(number), fate);
        }
        let numbers = home.ask("SELECT count(*) FROM phone");
        prop_assert_eq!(numbers, (people + if couple { 2 } else { 0 }).to_string(), "no old number is left");
        assert_cache_is_true(&store, "two exports");
    }
}
