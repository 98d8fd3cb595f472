//! Who is who, case by case.

use super::*;
use crate::core::phone::Region;

fn who(name: &str, emails: &[&str], phones: &[&str], birthday: &str) -> Identity {
    Identity::new(
        PersonName::of_text(name),
        emails.iter().copied(),
        phones.iter().copied(),
        std::iter::empty(),
        birthday.parse().ok(),
    )
}

const LANDLINE: &str = "+49 30 1234567";

fn known() -> Index {
    let mut index = Index::default();
    for (id, name, emails, phones, birthday) in [
        (1, "Anna Müller", &["anna@a.example"][..], &["+49 170 1111111"][..], "1985-04-12"),
        (2, "Bert Müller", &["bert@a.example"], &["+49 170 2222222"], ""),
        (3, "Carla Diaz", &[], &[LANDLINE], ""),
        (4, "David Diaz", &[], &[LANDLINE], ""),
    ] {
        index.add(PersonId(id), &who(name, emails, phones, birthday), true);
    }
    index
}

fn like(twin: i64, alike: Alike) -> Verdict {
    Verdict::Review { twin: PersonId(twin), alike }
}

fn is(person: i64, reason: Reason) -> Verdict {
    Verdict::Known { person: PersonId(person), reason, also: vec![], doubtful: vec![] }
}

#[test]
fn who_was_joined_is_one_from_then_on() {
    let mut index = known();
    let carla = who("Carla Diaz", &["carla@a.example"], &[LANDLINE], "");
    index.add(PersonId(5), &carla, true);
    index.join(PersonId(4), PersonId(3));
    let record = who("C. Diaz", &[], &[LANDLINE], "");
    assert_eq!(index.decide(&record, true, Keys::default()), Verdict::New);
    assert_eq!(index.only_one_named(&carla.name), None);
    index.join(PersonId(3), PersonId(5));
    assert_eq!(index.decide(&record, true, Keys::default()), like(5, Alike::Number));
    assert!(index.has_key_of(PersonId(5), &record));
    assert_eq!(index.only_one_named(&carla.name), Some(PersonId(5)));
}

#[test]
fn records_find_their_people() {
    let none = Keys::default();
    let cases = [
        ("by email", who("A. Müller", &["ANNA@A.example"], &[], ""), none, is(1, Reason::Email)),
        ("by phone", who("Müller, Anna", &[], &["0170 1111111"], ""), none, is(1, Reason::Phone)),
        ("a nameless address", who("", &["bert@a.example"], &[], ""), none, is(2, Reason::Email)),
        ("another name at the address", who("Eva Kern", &["anna@a.example"], &[], ""), none, Verdict::New),
        (
            "another birthday at the address",
            who("Anna Müller", &["anna@a.example"], &[], "1990-01-01"),
            none,
            is(1, Reason::Email),
        ),
        ("a namesake born on another day", who("Anna Müller", &[], &[], "1990-01-01"), none, Verdict::New),
        ("a shared number", who("C. Diaz", &[], &[LANDLINE], ""), none, Verdict::New),
        ("a name alone", who("Anna Müller", &[], &[], ""), none, like(1, Alike::Name)),
        ("half a name", who("Anna", &[], &[], ""), none, Verdict::New),
        (
            "a married name under the same UID",
            who("Anna Kern", &[], &[], ""),
            Keys { uid: Some(PersonId(1)), ..none },
            is(1, Reason::Uid),
        ),
        (
            "an earlier record",
            who("Bert Müller", &["new@b.example"], &[], ""),
            Keys { same_record: Some(PersonId(2)), ..none },
            is(2, Reason::SameRecord),
        ),
    ];
    for (case, record, keys, verdict) in cases {
        assert_eq!(known().decide(&record, true, keys), verdict, "{case}");
    }
}

#[test]
fn an_address_or_a_number_has_an_owner_whatever_the_name() {
    for (record, owner) in [
        (who("Eva Kern", &["anna@a.example"], &[], ""), Some((1, Reason::Email))),
        (who("Eva Kern", &[], &["0170 2222222"], ""), Some((2, Reason::Phone))),
        (who("Eva Kern", &["eva@a.example"], &[LANDLINE], ""), Some((3, Reason::Phone))),
        (who("Anna Müller", &["eva@a.example"], &[], ""), None),
    ] {
        assert_eq!(known().owner(&record), owner.map(|(id, reason)| (PersonId(id), reason)));
    }
}

#[test]
fn a_record_that_bridges_two_people_makes_them_one_unless_they_contradict() {
    let mut index = known();
    index.add(PersonId(5), &who("A. Müller", &["am@work.example"], &[], ""), true);
    let bridge = who("Anna Müller", &["am@work.example", "anna@a.example"], &[], "");
    let Verdict::Known { person, also, .. } = index.decide(&bridge, true, Keys::default()) else { panic!() };
    assert_eq!((person, also), (PersonId(5), vec![PersonId(1)]));
    let wrong = who("Müller", &["anna@a.example", "bert@a.example"], &[], "");
    let Verdict::Known { also, doubtful, .. } = index.decide(&wrong, true, Keys::default()) else { panic!() };
    assert_eq!((also, doubtful), (vec![], vec![PersonId(2)]));
}

#[test]
fn what_a_batch_shares_joins_nobody_whatever_the_order() {
    let couple = [who("Eva Kern", &[], &["030 7654321"], ""), who("Finn Kern", &[], &["030 7654321"], "")];
    let mut index = Index::default();
    couple.iter().for_each(|record| index.share(record));
    index.add(PersonId(1), &couple[0], true);
    assert_eq!(index.decide(&who("E. Kern", &[], &["030 7654321"], ""), true, Keys::default()), Verdict::New);
}

#[test]
fn a_number_is_the_same_in_full_or_by_its_end() {
    for (home, known, said, joined) in [
        ("", "+49 170 1234567", "0170 1234567", true),
        ("", "0170 1234567", "+43 170 1234567", true),
        ("", "+49 170 1234567", "+43 170 1234567", false),
        ("DE", "0170 1234567", "+43 170 1234567", false),
        ("DE", "030 12345", "+49 30 12345", true),
        ("", "030 12345", "+49 30 12345", false),
    ] {
        let mut index = Index::at(Region::named(home));
        index.add(PersonId(1), &who("Anna Kern", &[], &[known], ""), true);
        let verdict = index.decide(&who("Anna Kern", &[], &[said], ""), true, Keys::default());
        let expected = if joined { is(1, Reason::Phone) } else { like(1, Alike::Name) };
        assert_eq!(verdict, expected, "{known} and {said} in {home:?}");
    }
}

#[test]
fn a_couples_number_joins_nobody_however_it_is_written() {
    let couple = [who("Eva Kern", &[], &["030 7654321"], ""), who("Finn Kern", &[], &["+49 30 7654321"], "")];
    for home in ["", "DE"] {
        let mut index = Index::at(Region::named(home));
        couple.iter().for_each(|record| index.share(record));
        index.add(PersonId(1), &couple[0], true);
        for number in ["030 7654321", "+49 30 7654321"] {
            let family = who("Kern", &[], &[number], "");
            assert_eq!(index.decide(&family, true, Keys::default()), Verdict::New, "{number}");
        }
    }
}

#[test]
fn organisations_are_nobodys_twin() {
    let mut index = Index::default();
    index.add(PersonId(1), &who("Hugo Boss", &[], &[], ""), false);
    assert_eq!(index.decide(&who("Hugo Boss", &[], &[], ""), true, Keys::default()), Verdict::New);
}

#[test]
fn a_number_joins_those_of_one_whole_name_and_asks_about_half_a_name() {
    let home = "+49 30 1111111";
    let asked = like(1, Alike::Number);
    for (case, known, record, verdict) in [
        ("the whole name", ("Peter Long", ""), ("Long, Peter", ""), is(1, Reason::Phone)),
        ("an initial", ("Peter Long", ""), ("P. Long", ""), asked.clone()),
        ("an initial first", ("P. Long", ""), ("Peter Long", ""), asked.clone()),
        ("a given name", ("Anna Müller", ""), ("Anna", ""), asked.clone()),
        ("a family name", ("Müller", ""), ("Anna Müller", ""), asked.clone()),
        ("one word twice", ("Anna", ""), ("ANNA", ""), is(1, Reason::Phone)),
        ("an initial twice", ("P. Long", ""), ("P. Long", ""), like(1, Alike::Name)),
        ("one Chinese word twice", ("李明", ""), ("李明", ""), is(1, Reason::Phone)),
        ("no name", ("Anna Müller", ""), ("", ""), is(1, Reason::Phone)),
        ("umlauts written out", ("Anna Müller", ""), ("Anna Mueller", ""), is(1, Reason::Phone)),
        ("a second given name", ("Anna Müller", ""), ("Anna Maria Müller", ""), asked),
        ("father and son", ("Hans Meier", "1950-03-01"), ("Hans Meier", "1980-04-02"), Verdict::New),
        ("a birthday in one", ("Hans Meier", "1950-03-01"), ("Hans Meier", ""), is(1, Reason::Phone)),
        ("a son by half a name", ("Hans Meier", "1950-03-01"), ("H. Meier", "1980-04-02"), Verdict::New),
        ("another name", ("Hans Meier", ""), ("Ida Meier", ""), Verdict::New),
    ] {
        let mut index = Index::default();
        index.add(PersonId(1), &who(known.0, &[], &[home], known.1), true);
        assert_eq!(
            index.decide(&who(record.0, &[], &[home], record.1), true, Keys::default()),
            verdict,
            "{case}"
        );
    }
}

#[test]
fn of_those_who_share_a_number_it_is_who_has_the_whole_name() {
    let home = &[LANDLINE][..];
    for (case, record, verdict) in [
        ("one of the couple", who("Carla Diaz", &[], home, ""), is(3, Reason::Phone)),
        ("either of the couple", who("Diaz", &[], home, ""), Verdict::New),
        ("with an address", who("Carla Diaz", &["carla@c.example"], home, ""), is(3, Reason::Phone)),
        ("a colleague of one name", who("Eva Kern", &["kern@firm.example"], home, ""), like(5, Alike::Name)),
        ("the same colleague", who("Eva Kern", &["eva@firm.example"], home, ""), is(5, Reason::Email)),
    ] {
        let mut index = known();
        index.add(PersonId(5), &who("Eva Kern", &["eva@firm.example"], home, ""), true);
        assert_eq!(index.decide(&record, true, Keys::default()), verdict, "{case}");
    }
}

#[test]
fn a_name_contradicts_who_has_another_that_is_not_short_for_it() {
    for (names, said, otherwise) in [
        (&["Anna", "Anna Kern"][..], "Anna Amsel", true),
        (&["Anna Kern", "Anna"], "Anna Amsel", true),
        (&["Anna Kern", "Anna Amsel"], "A. Amsel", false),
        (&["Anna Kern", "Anna Amsel"], "A. Kern", false),
        (&["Anna Kern", "Anna Amsel"], "Anna Berg", true),
        (&["Anna Kern", "A. Kern"], "Arno Kern", true),
        (&["", "Anna Kern"], "Arno Kern", true),
        (&[""], "Arno Kern", false),
    ] {
        let mut index = Index::default();
        names.iter().for_each(|name| index.call(PersonId(1), PersonName::of_text(name)));
        let named = index.is_named_otherwise(PersonId(1), &who(said, &[], &[], ""));
        assert_eq!(named, otherwise, "{said} for {names:?}");
    }
}

#[test]
fn one_reaches_the_owner_of_an_address_and_never_a_namesake() {
    for (record, reached) in [
        (who("Reading Office", &["anna@a.example"], &[], ""), Some(1)),
        (who("Anna Müller", &["spam@s.example"], &[], ""), None),
        (who("Anna Müller", &["spam@s.example", "bert@a.example"], &[], ""), Some(2)),
        (who("Carla Diaz", &[], &[LANDLINE], ""), Some(3)),
        (who("C. Diaz", &[], &[LANDLINE], ""), None),
        (who("Anna Müller", &[], &[], ""), None),
    ] {
        assert_eq!(known().reached(&record), reached.map(PersonId), "{record:?}");
    }
}
