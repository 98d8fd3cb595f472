//! The order in which files come does not matter.

use kith_plugin::OnlineService;
use proptest::prelude::*;

use super::history::{mail, tell};
use super::merging::everybody;
use super::undoing::{hasty, now};
use super::*;

/// Somebody of whom a book says some of what is true.
fn part_of(person: usize, says: u8) -> Record {
    let says = |bit: u8| says >> bit & 1 == 1;
    let (given, family) =
        [("Anna", "Amsel"), ("Bert", "Kern"), ("Carla", "Diaz"), ("Dora", "Ek"), ("Emi", "Ono")][person];
    let emails = [format!("{given}@home.example"), format!("{given}@work.example")];
    let emails: Vec<&str> =
        (0..).zip(&emails).filter(|(bit, _)| says(*bit)).map(|(_, email)| email.as_str()).collect();
    let phones = [format!("+49 170 111111{person}"), format!("+49 30 222222{person}")];
    let phones: Vec<&str> =
        (2..).zip(&phones).filter(|(bit, _)| says(*bit)).map(|(_, phone)| phone.as_str()).collect();
    let mut record = record(1 + person as u64, given, family, &emails, &phones);
    record.contact.titles = says(4).then(|| format!("{given}'s title")).into_iter().collect();
    record.contact.notes = says(5).then(|| format!("{given}'s note")).into_iter().collect();
    record
}

/// People of two households: what they may be called in a book, of which the first is their whole name,
/// their own address and number, the household's number, and when they were born.
const HOUSEHOLDS: [(&[&str], &str, &str, &str, &str); 5] = [
    (
        &["Peter Long", "P. Long", "Peter", "Long, Peter"],
        "peter@l.example",
        "+49 170 1",
        "+49 30 1111111",
        "",
    ),
    (&["Petra Long", "P. Long"], "petra@l.example", "+49 170 2", "+49 30 1111111", ""),
    (&["Hans Meier", "H. Meier"], "hans@m.example", "+49 170 3", "+49 30 2222222", "1950-03-01"),
    (&["Hans Meier", "Dr. Hans Meier"], "junior@m.example", "+49 170 4", "+49 30 2222222", "1980-04-02"),
    (&["Hanna Meier", "Hanna"], "hanna@m.example", "+49 170 5", "+49 30 2222222", ""),
];

/// What the parts of their names give: a card may call Johannes Hans.
const IN_PARTS: [[&str; 2]; 5] =
    [["Peter", "Long"], ["Petra", "Long"], ["Johannes", "Meier"], ["Johann", "Meier"], ["Johanna", "Meier"]];

/// A card of somebody in a household: which of the names, and which of the address and numbers; and
/// whether it gives the parts of their name.
fn of_household((who, called, has): (usize, usize, u8), line: u64) -> Record {
    let (names, email, mobile, home, born) = HOUSEHOLDS[who];
    let name = names[called % names.len()];
    // One word stands for many people behind a household's number: that is for the user to say.
    let in_parts = has >> 3 & 1 == 1;
    let has = if name.contains(' ') { has } else { has & 3 };
    let mobile = format!("{mobile}111111");
    let emails: Vec<&str> = (has & 1 == 1).then_some(email).into_iter().collect();
    let own = (has >> 1 & 1 == 1).then_some(mobile.as_str());
    let phones: Vec<&str> = own.into_iter().chain((has >> 2 & 1 == 1).then_some(home)).collect();
    let mut record = record(line, "", "", &emails, &phones);
    let [given, family] = IN_PARTS[who];
    let parts = [(NameComponentKind::Given, given), (NameComponentKind::Surname, family)];
    let components = parts.map(|(kind, value)| NameComponent { kind, value: value.to_owned() });
    let components = if in_parts { components.to_vec() } else { Vec::new() };
    record.contact.name = Name { full: Some(name.to_owned()), components };
    let born = (!born.is_empty()).then(|| Anniversary { kind: "birth".into(), date: born.into() });
    record.contact.anniversaries = born.into_iter().collect();
    record.raw = format!("{line}: {name} {in_parts} {emails:?} {phones:?}");
    record
}

/// What those are called who share a profile.
const PROFILED: [&str; 7] = ["Jo", "Jo Berg", "J. Berg", "Kim", "Kim Lee", "Jo Lee", "Kim A. Lee"];

/// Which cards are one person's, and on which days the user heard of them.
pub(super) fn partition(home: &Home) -> Vec<(Vec<String>, Vec<String>)> {
    let conn = Connection::open(home.path()).unwrap();
    let mut all: std::collections::BTreeMap<PersonId, (Vec<String>, Vec<String>)> = Default::default();
    facts::each(
        &conn,
        "SELECT contact_id, raw, 1 FROM card UNION ALL SELECT contact_id, day, 0 FROM interaction",
        |row| {
            let (id, said, is_card): (i64, String, bool) = (row.get(0)?, row.get(1)?, row.get(2)?);
            let (cards, days) = all.entry(contacts::resolve(&conn, PersonId(id)).unwrap()).or_default();
            if is_card {
                cards.push(said);
            } else {
                days.push(said);
            }
            Ok(())
        },
    )
    .unwrap();
    let mut all: Vec<_> = all.into_values().collect();
    all.iter_mut().for_each(|(cards, days)| {
        cards.sort();
        days.sort();
    });
    all.sort();
    all
}

proptest! {
    #![proptest_config(cases(24))]

    #[test]
    fn the_order_of_files_does_not_matter(
        says in prop::collection::vec(prop::collection::vec(prop::option::of(any::<u8>()), 5), 3),
        order in Just([0, 1, 2]).prop_shuffle(),
    ) {
        let outcome = |order: [usize; 3]| {
            let home = Home::new();
            let mut store = hasty(&home);
            for at in order {
                let book: Vec<Record> = (0..)
                    .zip(&says[at])
                    .filter_map(|(person, says)| says.map(|says| part_of(person, says)))
                    .collect();
                import_as(&mut store, ["vcard", "csv", "ldif"][at], &format!("{at}.x"), &book);
            }
            // Of whom books say nothing in common but the name it is for the user to say.
            while let Some(review) = store.reviews().unwrap().first() {
                store.decide(review.id, Decision::Same, now()).unwrap();
            }
            let mut people: Vec<_> = everybody(&store).into_iter().map(|(_, said)| said).collect();
            people.sort();
            people
        };
        prop_assert_eq!(outcome(order), outcome([0, 1, 2]));
    }

    #[test]
    fn the_order_of_hostile_files_does_not_matter(
        books in prop::collection::vec(prop::collection::vec((0..5_usize, 0..4_usize, 0..16_u8), 0..6), 3),
        order in Just([0, 1, 2, 3]).prop_shuffle(),
        another in Just([0, 1, 2, 3]).prop_shuffle(),
    ) {
        let letters = |from: &str, name: &str, day: u8| {
            let mut letter = mail(None, &format!("2026-11-{day:02}"), from, "me@i.example");
            letter.from.iter_mut().for_each(|from| from.name = Some(name.to_owned()));
            letter
        };
        let mails = [
            letters("peter@l.example", "P. Long", 1),
            letters("petra@l.example", "Reading Office", 2),
            letters("hans@m.example", "Hans Meier", 3),
            letters("junior@m.example", "Hans Meier", 4),
            letters("spam@s.example", "Hanna Meier", 5),
        ];
        let outcome = |order: [usize; 4]| {
            let home = Home::new();
            let mut store = hasty(&home);
            for at in order {
                let Some(book) = books.get(at) else {
                    tell(&mut store, &[], &mails);
                    continue;
                };
                let lines = 10 * u64::try_from(at).unwrap()..;
                let book: Vec<Record> = lines.zip(book).map(|(line, card)| of_household(*card, line)).collect();
                import_as(&mut store, ["vcard", "csv", "ldif"][at], &format!("{at}.x"), &book);
                assert_cache_is_true(&store, "a hostile file");
            }
            // As the report says: once more, after the people.
            tell(&mut store, &[], &mails);
            partition(&home)
        };
        prop_assert_eq!(outcome(order), outcome(another));
    }

    #[test]
    fn the_order_of_files_that_share_a_profile_does_not_matter(
        cards in prop::collection::vec((0..PROFILED.len(), 0..3_usize), 2..6),
        (order, another) in (Just([0, 1, 2, 3, 4]).prop_shuffle(), Just([0, 1, 2, 3, 4]).prop_shuffle()),
    ) {
        let outcome = |order: [usize; 5]| {
            let home = Home::new();
            let mut store = hasty(&home);
            for at in order {
                let Some((who, profile)) = cards.get(at) else { continue };
                let mut card = record(at as u64, "", "", &[], &[]);
                card.contact.name = Name { full: Some(PROFILED[*who].to_owned()), components: Vec::new() };
                let uri = Some(format!("https://instagram.com/{profile}")).filter(|_| *profile > 0);
                card.contact.online_services = vec![OnlineService { uri, ..OnlineService::default() }];
                // Who has no profile is reached at an address of their own.
                let own = Email { address: format!("{who}@x.example"), ..Email::default() };
                card.contact.emails = Some(own).filter(|_| *profile == 0).into_iter().collect();
                card.raw = format!("{at}: {} {profile}", PROFILED[*who]);
                import_as(&mut store, ["vcard", "csv"][at % 2], &format!("{at}.x"), &[card]);
            }
            partition(&home)
        };
        prop_assert_eq!(outcome(order), outcome(another));
    }

    #[test]
    fn files_that_come_together_are_taken_in_as_if_they_came_one_after_the_other(
        books in prop::collection::vec(prop::collection::vec((0..5_usize, 0..4_usize, 0..8_u8), 0..4), 1..8),
    ) {
        let lines = (0..).step_by(10);
        let books: Vec<Vec<Record>> = lines
            .zip(books)
            .map(|(first, book)| (first..).zip(book).map(|(line, card)| of_household(card, line)).collect())
            .collect();
        let outcome = |together: bool| {
            let home = Home::new();
            let mut store = hasty(&home);
            let known = part_of(0, 3);
            import_as(&mut store, "vcard", "before.vcf", &[known]);
            // Each of an importer of its own: only what comes later takes the place of what was there.
            let importers: Vec<String> = (0..books.len()).map(|at| format!("importer-{at}")).collect();
            if together {
                store.take_in(false, |sitting| {
                    books.iter().zip(&importers).try_for_each(|(book, importer)| {
                        let all: &Records<'_> = &|wanted| chosen(book, wanted);
                        sitting.take_in(&batch(importer, "phone.vcf", all), &prints(importer, book)).map(drop)
                    })
                })
                .unwrap();
            } else {
                let all = books.iter().zip(&importers);
                all.for_each(|(book, importer)| drop(import(&mut store, importer, book)));
            }
            let conn = Connection::open(home.path()).unwrap();
            let mut rows = Vec::new();
            facts::each(
                &conn,
                "SELECT 'card', id, contact_id, replaced_by, reason FROM card
                 UNION ALL SELECT 'review', contact_id, twin_id, withheld, reason FROM review",
                |row| {
                    let row: (String, i64, i64, Option<i64>, Option<String>) =
                        (row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
                    rows.push(row);
                    Ok(())
                },
            )
            .unwrap();
            rows
        };
        prop_assert_eq!(outcome(true), outcome(false));
    }
}
