//! Who is who: what looks like somebody and is not.

use kith_plugin::{Interaction, Party};

use super::history::{mail, tell};
use super::*;

fn called(name: &str, emails: &[&str], phones: &[&str], born: &str) -> Record {
    let mut record = record(1, "", "", emails, phones);
    record.contact.name = Name { full: Some(name.to_owned()), ..Name::default() };
    record.raw = format!("{name} {emails:?} {phones:?} {born}");
    let born = (!born.is_empty()).then(|| Anniversary { kind: "birth".into(), date: born.into() });
    record.contact.anniversaries = born.into_iter().collect();
    record
}

const HOME: &str = "+49 30 1234567";

/// How many people there are, and what waits for a review.
fn outcome(home: &Home) -> String {
    home.ask("SELECT count(*) FROM contact WHERE id NOT IN (SELECT loser FROM merged)")
        + "; "
        + &home.ask("SELECT contact_id, twin_id, codes, withheld, reason FROM review ORDER BY id")
}

#[test]
fn the_name_of_somebody_before_an_address_that_is_not_theirs_is_nobody() {
    let home = Home::new();
    let mut store = home.open();
    let mut firm = called("Emily Post", &["info@post.example"], &[], "");
    firm.contact.name.components = record(1, "Emily", "Post", &[], &[]).contact.name.components;
    import(&mut store, "vcard", &[phone_book(), vec![firm]].concat());
    let letter = |name: &str, from: &str| {
        let mut letter = mail(None, "2026-11-03", from, "me@i.example");
        let mut from = letter.from.take().unwrap();
        from.name = Some(name.to_owned());
        Interaction { from: Some(from), ..letter }
    };
    let strangers = [
        letter("Anna Muller", "win@spam.example"),
        letter("Emily Post", "info@other.example"),
        letter("Anna Muller", "info@post.example"),
        Interaction {
            from: Some(Party {
                name: Some("Anna Muller".into()),
                phones: vec!["+49 170 9999999".into()],
                ..Party::default()
            }),
            ..mail(None, "2026-11-04", "x", "me@i.example")
        },
        Interaction {
            from: Some(Party {
                name: Some("Anna Muller".into()),
                profiles: vec!["https://linkedin.com/in/other".into()],
                ..Party::default()
            }),
            ..mail(None, "2026-11-04", "x", "me@i.example")
        },
    ];
    assert_eq!(tell(&mut store, &[], &strangers), [0, 0, 5, 0]);
    let hers = [
        letter("Anna Muller", "anna@a.example"),
        letter("The Office", "OLD@a.example"),
        letter("Emily Post", "info@post.example"),
        mail(None, "2026-11-05", "Anna Muller", "me@i.example"),
    ];
    assert_eq!(tell(&mut store, &[], &hers), [4, 0, 0, 0]);
    assert_eq!(home.ask("SELECT contact_id FROM interaction ORDER BY id"), "1 1 3 1");
}

#[test]
fn half_a_name_at_a_households_number_is_asked_about() {
    let asked = |shown: &str| {
        format!("2; 2|1|same-phone|1|the same telephone number {shown}; one name may be short for the other")
    };
    for (case, one, other, expected) in [
        (
            "an initial",
            called("Peter Long", &[], &[HOME], ""),
            called("P. Long", &[], &["030 1234567"], ""),
            asked("030 1234567"),
        ),
        (
            "a given name",
            called("Anna", &[], &[HOME], ""),
            called("Anna Müller", &[], &[HOME], ""),
            asked(HOME),
        ),
        (
            "the whole name",
            called("Anna Müller", &[], &[HOME], ""),
            called("Müller, Anna", &[], &[HOME], ""),
            "1; ".to_owned(),
        ),
        (
            "a son",
            called("Hans Meier", &[], &[HOME], "1950-03-01"),
            called("Hans Meier", &[], &[HOME], "1980-04-02"),
            "2; ".to_owned(),
        ),
        (
            "an address",
            called("Peter Long", &["p@l.example"], &[], ""),
            called("P. Long", &["p@l.example"], &[], ""),
            "1; ".to_owned(),
        ),
        (
            "an address, born otherwise",
            called("Hans Meier", &["m@m.example"], &[], "1950-03-01"),
            called("H. Meier", &["m@m.example"], &[], "1980-04-02"),
            "2; ".to_owned(),
        ),
    ] {
        for importers in [["vcard", "csv"], ["vcard", "vcard"]] {
            let home = Home::new();
            let mut store = home.open();
            import_as(&mut store, importers[0], "one", std::slice::from_ref(&one));
            import_as(&mut store, importers[1], "two", std::slice::from_ref(&other));
            assert_eq!(outcome(&home), expected, "{case}");
            // Nothing is asked twice.
            import_as(&mut store, importers[1], "two", std::slice::from_ref(&other));
            assert_eq!(outcome(&home), expected, "{case}");
        }
    }
}

#[test]
fn what_is_known_of_two_together_shows_that_they_are_one() {
    let cards = [
        called("Peter Long", &[], &[HOME], ""),
        called("P. Long", &["peter@l.example"], &[HOME], ""),
        called("Peter Long", &["peter@l.example"], &[], ""),
        called("Petra Long", &["petra@l.example"], &[HOME], ""),
    ];
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [1, 3, 0, 2], [0, 2, 3, 1]] {
        let home = Home::new();
        let mut store = home.open();
        for (at, card) in order.into_iter().enumerate() {
            import_as(&mut store, ["vcard", "csv", "ldif", "monica"][at], "x", &cards[card..=card]);
        }
        let people = home.ask(
            "SELECT group_concat(address ORDER BY address) FROM contact LEFT JOIN email ON contact_id = contact.id
             WHERE contact.id NOT IN (SELECT loser FROM merged) GROUP BY contact.id ORDER BY 1",
        );
        assert_eq!(people, "peter@l.example petra@l.example", "{order:?}");
        assert_cache_is_true(&store, "one after the other");
    }
}

#[test]
fn what_the_user_said_are_two_stays_two_whatever_they_come_to_have_in_common() {
    let home = Home::new();
    let mut store = home.open();
    import_as(&mut store, "vcard", "one", &[called("Peter Long", &[], &[HOME], "")]);
    import_as(&mut store, "csv", "two", &[called("P. Long", &["p@l.example"], &[HOME], "")]);
    let review = store.reviews().unwrap().remove(0);
    store.decide(review.id, Decision::Different, Timestamp::UNIX_EPOCH).unwrap();
    import_as(&mut store, "ldif", "three", &[called("Peter Long", &["p@l.example"], &[], "")]);
    assert_eq!(home.ask("SELECT count(*) FROM merged"), "0");
}

#[test]
fn what_is_later_seen_to_be_shared_comes_up_for_review() {
    let born = "1950-03-01";
    for (case, cards) in [
        (
            "an address and an initial",
            [
                called("Peter Long", &["fam@l.example"], &[], ""),
                called("P. Long", &["fam@l.example"], &[], ""),
                called("Petra Long", &["fam@l.example"], &[], ""),
            ],
        ),
        (
            "a number and no birthday",
            [
                called("Hans Meier", &[], &[HOME], born),
                called("Hans Meier", &[], &[HOME], ""),
                called("Hans Meier", &[], &[HOME], "1980-04-02"),
            ],
        ),
    ] {
        let home = Home::new();
        let mut store = home.open();
        for (importer, card) in ["vcard", "csv"].into_iter().zip(&cards) {
            import_as(&mut store, importer, "x", std::slice::from_ref(card));
        }
        store.look_for_twins(Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(outcome(&home), "1; ", "{case}");
        import_as(&mut store, "ldif", "x", &cards[2..]);
        store.look_for_twins(Timestamp::UNIX_EPOCH).unwrap();
        let asked = outcome(&home);
        assert!(asked.starts_with("2; 2|1|shared-keys|0|both have "), "{case}: {asked}");
        let review = store.reviews().unwrap().remove(0);
        store.decide(review.id, Decision::Different, Timestamp::UNIX_EPOCH).unwrap();
        store.look_for_twins(Timestamp::UNIX_EPOCH).unwrap();
        assert_eq!(store.reviews().unwrap(), [], "{case}");
    }
}

/// Imports cards one after the other in each of their orders; tells how many people there are
/// then, and between whom a review waits.
fn in_each_order(cards: &[Record]) -> Vec<(Vec<usize>, i64, String)> {
    let mut orders: Vec<Vec<usize>> = vec![vec![]];
    for at in 0..cards.len() {
        let longer = |order: &Vec<usize>| {
            let order = order.clone();
            (0..=order.len()).map(move |place| {
                let mut order = order.clone();
                order.insert(place, at);
                order
            })
        };
        orders = orders.iter().flat_map(longer).collect();
    }
    let outcome = |order: Vec<usize>| {
        let home = Home::new();
        let mut store = undoing::hasty(&home);
        for (place, at) in order.iter().enumerate() {
            let importer = ["vcard", "csv", "ldif", "monica"][place];
            import_as(&mut store, importer, "x", std::slice::from_ref(&cards[*at]));
        }
        assert_cache_is_true(&store, "in some order");
        store.look_for_twins("2026-11-22T10:00:00Z".parse().unwrap()).unwrap();
        let people = home.ask("SELECT count(*) FROM contact WHERE id NOT IN (SELECT loser FROM merged)");
        let reviews =
            home.ask("SELECT contact_id, twin_id, codes FROM review WHERE decision IS NULL ORDER BY id");
        (order, people.parse().unwrap(), reviews)
    };
    orders.into_iter().map(outcome).collect()
}

#[test]
fn a_card_without_a_name_finds_its_owner_whoever_came_first() {
    let mut nameless = called("", &["1@x.example"], &[], "");
    nameless.contact.name = Name::default();
    let mut number = called("", &[], &[HOME], "");
    number.contact.name = Name::default();
    for cards in [
        [nameless.clone(), called("Anna Kern", &["1@x.example"], &[], "")],
        [number, called("Anna Kern", &[], &[HOME], "")],
        [nameless, called("Anna", &["1@x.example"], &[], "")],
    ] {
        for (order, people, reviews) in in_each_order(&cards) {
            assert_eq!((people, reviews.as_str()), (1, ""), "{order:?}");
        }
    }
}

#[test]
fn a_card_that_may_be_eithers_is_asked_about_whatever_the_order() {
    let x = &["x@x.example"][..];
    for cards in [
        [
            called("Anna Müller", &["am@x.example"], &[], ""),
            called("A. Müller", &["am@x.example", "amu@x.example"], &[], ""),
            called("Albert Müller", &["amu@x.example"], &[], ""),
        ],
        [called("Annie", x, &[], ""), called("A. Müller", x, &[], ""), called("Anna Müller", x, &[], "")],
        [called("Anna", x, &[], ""), called("Anna Müller", x, &[], ""), called("Anna Kern", x, &[], "")],
    ] {
        let names: Vec<_> = cards.iter().filter_map(|card| card.contact.name.full.clone()).collect();
        let outcomes = in_each_order(&cards);
        let silent: Vec<_> =
            outcomes.iter().filter(|(_, people, reviews)| *people > 1 && reviews.is_empty()).collect();
        assert!(silent.is_empty(), "{names:?}: {outcomes:#?}");
    }
}

#[test]
fn both_names_of_a_card_are_somebodys_whoever_comes_first() {
    let named = |full: &str, parts: &str, emails: &[&str], phones: &[&str]| {
        let mut card = called(full, emails, phones, "");
        if let Some((given, family)) = parts.split_once(' ') {
            card.contact.name.components = record(1, given, family, &[], &[]).contact.name.components;
        }
        card.raw += parts;
        card
    };
    let b = &["b@x.example"][..];
    let bob = || named("Bob Smith", "Robert Smith", b, &[]);
    for (case, cards, expected) in [
        ("no parts", vec![bob(), named("Bob Smith", "", b, &[])], 1),
        ("other parts", vec![bob(), named("Bob Smith", "Bob Smith", b, &[])], 1),
        ("the parts", vec![bob(), named("Robert Smith", "", b, &[])], 1),
        (
            "all of them",
            vec![bob(), named("Bob Smith", "Bob Smith", b, &[]), named("Robert Smith", "", b, &[])],
            1,
        ),
        ("three", vec![bob(), named("Bob Smith", "", b, &[]), named("Bob Smith", "Bob Smith", b, &[])], 1),
        (
            "a number",
            vec![named("Bob Smith", "Robert Smith", &[], &[HOME]), named("Bob Smith", "", &[], &[HOME])],
            1,
        ),
        ("somebody else", vec![bob(), named("Rita Smith", "", b, &[])], 2),
        ("somebody else in two ways", vec![bob(), named("Rita Smith", "Margarita Smith", b, &[])], 2),
    ] {
        for (order, people, reviews) in in_each_order(&cards) {
            assert_eq!((people, reviews.as_str()), (expected, ""), "{case}: {order:?}");
        }
        // In one file, too.
        for cards in [cards.clone(), cards.into_iter().rev().collect()] {
            let home = Home::new();
            let mut store = undoing::hasty(&home);
            import(&mut store, "vcard", &cards);
            let people = home.ask("SELECT count(*) FROM contact WHERE id NOT IN (SELECT loser FROM merged)");
            assert_eq!(people, expected.to_string(), "{case}, in one file");
        }
    }
}

#[test]
fn a_card_that_is_called_by_its_address_or_number_has_no_name() {
    let bert = || called("Bert Kern", &["bert@x.example"], &["+49 170 1234567"], "");
    for shown in ["bert@x.example", "'bert@x.example'", "<bert@x.example>", "+49 170 1234567", "0170 1234567"]
    {
        for is_address_first in [false, true] {
            let home = Home::new();
            let mut store = home.open();
            let is_mail = shown.contains('@');
            let (emails, phones) = (&["bert@x.example"][..], &["0170 1234567"][..]);
            let address =
                called(shown, if is_mail { emails } else { &[] }, if is_mail { &[] } else { phones }, "");
            let (first, second) = if is_address_first { (address, bert()) } else { (bert(), address) };
            import_as(&mut store, "vcard", "first.vcf", &[first]);
            import_as(&mut store, "vcard", "second.vcf", &[second]);
            assert_eq!(
                home.ask("SELECT name FROM contact"),
                "Bert Kern",
                "{shown}, first: {is_address_first}"
            );
            assert_cache_is_true(&store, shown);
        }
    }
}

#[test]
fn a_review_says_what_is_the_same_beside_the_name() {
    let why = |outcome: &Outcome| match &outcome.details[0].what {
        What::Review { why, .. } => why.clone(),
        other => panic!("{other:?}"),
    };
    let home = Home::new();
    let mut store = home.open();
    // Two of one name who share an address, as the user said that they are two.
    let tom = |emails: &[&str], phones: &[&str]| called("Tom Ott", emails, phones, "");
    import_as(&mut store, "vcard", "1.vcf", &[tom(&["t1@x.example"], &[])]);
    let second = import_as(&mut store, "vcard", "2.vcf", &[tom(&["t2@x.example"], &[])]);
    assert_eq!(why(&second), "the names agree, and nothing else does");
    home.outside("INSERT INTO email(contact_id, address) VALUES (2, 't1@x.example')").unwrap();
    let mut store = home.open();
    let third = import_as(&mut store, "csv", "3.csv", &[tom(&["t1@x.example"], &[])]);
    assert_eq!(
        why(&third),
        "the names agree, and so does the same email address, t1@x.example, which others have as well"
    );
    let counted = |email: &str| {
        let mut card = called("Eva Kern", &[email], &[], "");
        card.contact.uid = Some("kde-77".into());
        card
    };
    import_as(&mut store, "vcard", "4.vcf", &[counted("eva@old.example")]);
    let moved = import_as(&mut store, "vcard", "5.vcf", &[counted("eva@new.example")]);
    assert_eq!(
        why(&moved),
        "the names agree, and so does the UID kde-77, which other programs may have counted to as well"
    );
}
