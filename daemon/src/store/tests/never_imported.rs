//! An import that is taken back after others came is as if it had never been.

use proptest::prelude::*;

use super::merging::everybody;
use super::order::partition;
use super::undoing::{hasty, now, people};
use super::*;

fn take_back(store: &mut Store, import: i64) {
    store.undo(Some(StepId::Import(import)), now(), None, &|_| Ok(()), false).unwrap();
    assert_cache_is_true(store, "taken back");
}

const NAMES: [&str; 6] = ["Bert Kern", "Bert Kern", "B. Kern", "Bert", "Kim Kern", ""];

const ADDRESSES: [&str; 3] = ["work@x.example", "private@x.example", "common@x.example"];

/// A card of a small and hostile world: a name, which of the addresses and of one number, and a birthday.
type Card = (usize, u8, bool);

fn card(line: u64, (name, has, born): Card) -> Record {
    let bit = |at: usize| has >> at & 1 == 1;
    let emails: Vec<&str> =
        ADDRESSES.into_iter().enumerate().filter(|(at, _)| bit(*at)).map(|(_, email)| email).collect();
    let phones: &[&str] = if bit(3) { &["+49 170 1111111"] } else { &[] };
    let mut card = record(line, "", "", &emails, phones);
    card.contact.name =
        Name { full: Some(NAMES[name].to_owned()).filter(|name| !name.is_empty()), components: Vec::new() };
    card.contact.notes = vec![format!("note {line}")];
    let born = born.then(|| Anniversary { kind: "birth".into(), date: "1980-04-12".into() });
    card.contact.anniversaries = born.into_iter().collect();
    card.raw = format!("{line}: {} {emails:?} {phones:?}", NAMES[name]);
    card
}

fn files(of: &[Vec<Card>]) -> Vec<Vec<Record>> {
    let lines = (1..).step_by(10);
    lines
        .zip(of)
        .map(|(first, file)| (first..).zip(file).map(|(line, it)| card(line, *it)).collect())
        .collect()
}

/// Who the cards are, what is known of them, and which of them may be one.
fn outcome(home: &Home, store: &Store) -> impl PartialEq + std::fmt::Debug {
    let mut known: Vec<_> = everybody(store).into_iter().map(|(_, said)| said).collect();
    known.sort();
    (partition(home), known)
}

fn import_all<'a>(store: &mut Store, files: impl Iterator<Item = (usize, &'a Vec<Record>)>) {
    for (at, file) in files {
        import_as(store, "vcard", &format!("{at}.vcf"), file);
    }
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn an_import_that_is_taken_back_is_as_if_it_had_never_been(
        all in prop::collection::vec(prop::collection::vec((0..NAMES.len(), 0..16_u8, any::<bool>()), 1..3), 2..5),
        which in any::<prop::sample::Index>(),
    ) {
        let which = which.index(all.len());
        let mut files = files(&all);
        // No file is a newer export of another: which ones are is not decided again.
        for record in files.iter_mut().flatten() {
            let digits = record.raw.split(':').next().unwrap_or_default().to_owned();
            let word = digits.bytes().map(|digit| char::from(digit - b'0' + b'a'));
            record.contact.notes = vec![word.collect()];
        }
        let home = Home::new();
        let mut store = hasty(&home);
        import_all(&mut store, files.iter().enumerate());
        let before = people(&home);
        let import = i64::try_from(which).unwrap() + 1;
        if store.undo(Some(StepId::Import(import)), now(), None, &|_| Ok(()), false).is_err() {
            // Nothing of it is left: another has it, too.
            return Ok(());
        }
        assert_cache_is_true(&store, "taken back");
        let never = Home::new();
        let mut other = hasty(&never);
        import_all(&mut other, files.iter().enumerate().filter(|(at, _)| *at != which));
        prop_assert_eq!(outcome(&home, &store), outcome(&never, &other));
        store.redo(now(), &|_| Ok(()), false).unwrap();
        prop_assert_eq!(people(&home), before, "brought back");
    }
}

/// A version of a book, in which each of four people may stand and say this or that.
fn version(of: &[Option<u8>]) -> Vec<Record> {
    let people = [("Anna", "Amsel"), ("Bert", "Kern"), ("Carla", "Diaz"), ("Dora", "Ek")];
    let cards = (1..).zip(people).zip(of).filter_map(|(who, says)| Some((who, (*says)?)));
    cards
        .map(|((line, (given, family)), says)| {
            let own = format!("{given}@x.example");
            let phones = ["+49 30 1000001", "+49 30 1000002", "+49 30 1000003"]
                .map(|number| format!("{number}{line}"));
            let phone = phones.get(usize::from(says)).map(String::as_str);
            let mut card = record(line, given, family, &[&own], phone.as_slice());
            card.contact.uid = Some(format!("uid of {given} {family}"));
            card.contact.notes = vec![format!("says {says}")];
            card
        })
        .collect()
}

proptest! {
    #![proptest_config(cases(32))]

    #[test]
    fn a_version_of_a_book_that_is_taken_back_is_as_if_it_had_never_been(
        versions in prop::collection::vec(prop::collection::vec(prop::option::weighted(0.8, 0..4_u8), 4), 2..6),
        which in any::<prop::sample::Index>(),
    ) {
        let versions: Vec<Vec<Record>> = versions.iter().map(|of| version(of)).collect();
        let which = which.index(versions.len());
        let [home, never] = [Home::new(), Home::new()];
        let [mut store, mut other] = [&home, &never].map(hasty);
        versions.iter().for_each(|book| drop(import(&mut store, "vcard", book)));
        let before = people(&home);
        let import_number = i64::try_from(which).unwrap() + 1;
        if store.undo(Some(StepId::Import(import_number)), now(), None, &|_| Ok(()), false).is_err() {
            // Nothing of it is left: others have it, too.
            return Ok(());
        }
        assert_cache_is_true(&store, "taken back");
        let others = versions.iter().enumerate().filter(|(at, _)| *at != which);
        others.for_each(|(_, book)| drop(import(&mut other, "vcard", book)));
        let known = |store: &Store| {
            let mut known: Vec<_> = everybody(store).into_iter().map(|(_, said)| said).collect();
            known.sort();
            known
        };
        prop_assert_eq!(known(&store), known(&other));
        store.redo(now(), &|_| Ok(()), false).unwrap();
        prop_assert_eq!(people(&home), before, "brought back");
    }
}

/// Bert at work, Bert with both addresses, and somebody at the private one.
fn three() -> Vec<Vec<Record>> {
    files(&[vec![(0, 1, true)], vec![(0, 3, false)], vec![(0, 2, false)]])
}

const WHO: &str = "SELECT contact_id, address FROM email ORDER BY contact_id, address";

#[test]
fn who_was_one_by_an_import_alone_is_two_without_it() {
    let home = Home::new();
    let mut store = hasty(&home);
    import_all(&mut store, three().iter().enumerate());
    assert_eq!(home.ask(WHO), "1|private@x.example 1|work@x.example");
    home.outside("UPDATE contact SET circle = 'close' WHERE id = 1").unwrap();
    let before = people(&home);
    take_back(&mut store, 2);
    assert_eq!(home.ask(WHO), "1|work@x.example 2|private@x.example");
    assert_eq!(
        home.ask("SELECT id, circle, birthday, note FROM contact"),
        "1|close|1980-04-12|note 1 2|-|-|note 21"
    );
    // They have one name, which is a question.
    assert_eq!(home.ask("SELECT contact_id, twin_id, import_id FROM review"), "2|1|3");
    assert_eq!(home.ask("SELECT contact_id, reason FROM card ORDER BY id"), "1|- 2|-");
    store.redo(now(), &|_| Ok(()), false).unwrap();
    assert_eq!(people(&home), before);
}

#[test]
fn who_is_one_for_another_reason_stays_one() {
    // Another import with both addresses, before the last or after it.
    for at in [2, 3] {
        let home = Home::new();
        let mut store = hasty(&home);
        let mut files = three();
        files.insert(at, vec![card(41, (0, 3, false))]);
        import_all(&mut store, files.iter().enumerate());
        take_back(&mut store, 2);
        assert_eq!(home.ask(WHO), "1|private@x.example 1|work@x.example");
    }
    // The user, who says that Kim is Bert; the card that comes last is at Kim's address.
    let home = Home::new();
    let mut store = hasty(&home);
    let files = files(&[vec![(0, 1, true)], vec![(4, 2, false)], vec![(0, 3, false)], vec![(0, 2, false)]]);
    import_all(&mut store, files[..2].iter().enumerate());
    store.merge(PersonId(1), &[PersonId(2)], now()).unwrap();
    import_all(&mut store, files[2..].iter().enumerate());
    take_back(&mut store, 3);
    assert_eq!(home.ask(WHO), "1|private@x.example 1|work@x.example");
    assert_eq!(home.ask("SELECT note FROM contact WHERE id = 1"), "note 1\n\nnote 31\n\nnote 11");
}

#[test]
fn what_the_user_noted_of_somebody_is_of_who_is_left_of_them() {
    // The first import brought Bert, the second shows that he is Bert at another address.
    let home = Home::new();
    let mut store = hasty(&home);
    let files = files(&[vec![(0, 1, false)], vec![(0, 2, false), (0, 3, false)]]);
    import_all(&mut store, files.iter().enumerate());
    home.outside("UPDATE contact SET circle = 'close' WHERE id = 1").unwrap();
    assert_eq!(home.ask("SELECT id FROM contact WHERE archived_at IS NULL"), "1");
    take_back(&mut store, 1);
    assert_eq!(home.ask("SELECT name, circle FROM contact WHERE archived_at IS NULL"), "Bert Kern|close");
    assert_eq!(home.ask("SELECT count(*) FROM email"), "2");
}
