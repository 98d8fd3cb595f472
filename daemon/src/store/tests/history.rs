//! Contact that was imported.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use kith_plugin::{Interaction, InteractionKind, Party};

use super::*;
use crate::core::settings::Me;

pub(super) fn mail(uid: Option<&str>, when: &str, from: &str, to: &str) -> Interaction {
    let party = |text: &str| match text.contains('@') {
        true => Party { emails: vec![text.to_owned()], ..Party::default() },
        false => Party { name: Some(text.to_owned()), ..Party::default() },
    };
    Interaction {
        at: Place::default(),
        uid: uid.map(str::to_owned),
        kind: InteractionKind::Message,
        when: when.to_owned(),
        from: Some(party(from)),
        to: to.split(", ").map(party).collect(),
        subject: Some("the garden".to_owned()),
    }
}

/// new, unchanged, unknown, left out
pub(super) fn tell(store: &mut Store, records: &[Record], all: &[Interaction]) -> [u64; 4] {
    let told = told_by("mbox", store, records, all);
    [told.new, told.unchanged, told.unknown, told.no_contact.values().sum()]
}

/// What becomes of what an importer tells.
fn told_by(importer: &str, store: &mut Store, records: &[Record], all: &[Interaction]) -> Told {
    let me = Me { emails: vec!["me@i.example".to_owned()], ..Me::default() };
    let interactions: &Interactions<'_> = &|| Box::new(all.iter().cloned().map(Ok));
    let here = Date::constant(2026, 11, 22).at(10, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap();
    let history = History { interactions, me: &me, here: &here };
    let people: &Records<'_> = &|wanted| chosen(records, wanted);
    let batch = Batch { history: Some(history), ..batch(importer, "inbox", people) };
    let told =
        store.take_in(false, |sitting| sitting.take_in(&batch, &prints(importer, records))).unwrap().history;
    assert_eq!(told.all(), u64::try_from(all.len()).unwrap());
    told
}

const WHOLE: &str =
    "SELECT id, contact_id, day, how, what, entered_on, import_id, hex(hash) FROM interaction ORDER BY id";

const ROWS: &str = "SELECT contact_id, day, how, what FROM interaction ORDER BY id";

#[test]
fn it_is_told_of_those_who_are_known_and_once() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &phone_book());
    let all = [
        mail(Some("<1@a>"), "2026-11-01T09:00:00Z", "me@i.example", "anna@a.example, bert@b.example"),
        mail(Some("<2@a>"), "2026-11-02T09:00:00Z", "OLD@a.example", "me@i.example"),
        mail(None, "2026-11-03", "Bert Kern", "me@i.example"),
        mail(None, "2026-11-03", "Bert Kern", "me@i.example, anna@a.example"),
        mail(None, "2026-11-04", "Carla Dohle", "me@i.example"),
        mail(None, "2026-12-24", "Bert Kern", "me@i.example"),
    ];
    assert_eq!(tell(&mut store, &[], &all[..3]), [3, 0, 0, 0]);
    assert_eq!(tell(&mut store, &[], &all), [1, 3, 1, 1], "an export of the same and more");
    assert_eq!(
        home.ask(ROWS),
        "1|2026-11-01|wrote|the garden 2|2026-11-01|wrote|the garden 1|2026-11-02|heard|the garden \
         2|2026-11-03|heard|the garden 2|2026-11-03|heard|the garden"
    );
    assert_eq!(
        home.ask("SELECT count(*) FROM change WHERE field = 'interaction'"),
        "0",
        "no edits of the user's"
    );
    // Whoever comes later is told of then; what the same batch brings counts.
    let carla = record(1, "Carla", "Dohle", &["carla@d.example"], &[]);
    assert_eq!(tell(&mut store, &[carla], &all), [1, 4, 0, 1]);
}

#[test]
fn whoever_has_two_addresses_is_told_of_once() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &phone_book());
    let meeting =
        mail(Some("<1@a>"), "2026-11-01", "me@i.example", "anna@a.example, old@a.example, bert@b.example");
    assert_eq!(tell(&mut store, &[], std::slice::from_ref(&meeting)), [1, 0, 0, 0]);
    let each = "1|2026-11-01|wrote|the garden 2|2026-11-01|wrote|the garden";
    assert_eq!(home.ask(ROWS), each);
    // Two who were both there turn out to be one.
    let [anna, bert] = [1, 2].map(PersonId);
    store.merge(anna, &[bert], undoing::now()).unwrap();
    let history = |store: &Store, of| store.history(of).unwrap().len();
    assert_eq!(history(&store, anna), 1);
    assert_eq!(tell(&mut store, &[], &[meeting]), [0, 1, 0, 0]);
    undoing::undo(&mut store);
    assert_eq!((history(&store, anna), history(&store, bert)), (1, 1));
    assert_eq!(home.ask(ROWS), each);
}

#[test]
fn the_uid_of_a_record_tells_two_of_one_name_apart() {
    let home = Home::new();
    let mut store = home.open();
    let record = |uid: &str| Record {
        contact: Contact {
            uid: Some(uid.to_owned()),
            name: Name { full: Some("Anna Amsel".to_owned()), ..Name::default() },
            ..Contact::default()
        },
        ..Record::default()
    };
    let party = |uid: Option<&str>| Party {
        uid: uid.map(str::to_owned),
        name: Some("Anna Amsel".to_owned()),
        ..Party::default()
    };
    let met = |day: &str, who: Party| Interaction {
        kind: InteractionKind::Meeting,
        from: None,
        to: vec![who],
        ..mail(None, day, "x", "x")
    };
    let all = [
        met("2026-11-01", party(Some("b"))),
        met("2026-11-02", party(Some("a"))),
        met("2026-11-03", party(None)),
    ];
    assert_eq!(tell(&mut store, &[record("a"), record("b")], &all), [2, 0, 1, 0]);
    assert_eq!(
        home.ask("SELECT day, uid FROM interaction JOIN card USING (contact_id) ORDER BY day"),
        "2026-11-01|b 2026-11-02|a"
    );
    assert_eq!(tell(&mut store, &[record("a"), record("b")], &all), [0, 2, 1, 0]);
}

#[test]
fn an_address_is_its_owners_whatever_name_stands_before_it() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &phone_book());
    let mut letter = mail(Some("<1@a>"), "2026-11-01", "anna@a.example", "me@i.example");
    letter.from = letter.from.map(|from| Party { name: Some("Reading Office".to_owned()), ..from });
    assert_eq!(tell(&mut store, &[], &[letter]), [1, 0, 0, 0]);
    assert_eq!(home.ask(ROWS), "1|2026-11-01|heard|the garden");
}

#[test]
fn a_name_of_two_people_is_nobodys_and_the_merged_have_their_history() {
    let home = Home::new();
    let mut store = home.open();
    let twice = |address: &str| [record(1, "Anna", "Muller", &[address], &[])];
    import(&mut store, "vcard", &twice("anna@a.example"));
    import(&mut store, "csv", &twice("anna@b.example"));
    let named = [mail(None, "2026-11-03", "Anna Muller", "me@i.example")];
    assert_eq!(tell(&mut store, &[], &named), [0, 0, 1, 0]);
    let by_address = [mail(None, "2026-11-03", "anna@b.example", "me@i.example")];
    assert_eq!(tell(&mut store, &[], &by_address), [1, 0, 0, 0]);
    home.outside("INSERT INTO merged(loser, winner) VALUES (2, 1)").unwrap();
    drop(store);
    let mut store = home.open();
    assert_eq!(tell(&mut store, &[], &by_address), [0, 1, 0, 0]);
    assert_eq!(store.history(PersonId(1)).unwrap().len(), 1);
    assert!(store.history(PersonId(1)).unwrap()[0].imported);
    let today = Date::constant(2026, 11, 22);
    assert_eq!(store.done(Date::MIN, today).unwrap(), [], "the follow-up feed has what the user logged");
    assert_eq!(store.last_contacts(today).unwrap()[&PersonId(1)], Date::constant(2026, 11, 3));
}

#[test]
fn an_import_of_history_is_taken_back_and_brought_back() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &phone_book());
    let all = [mail(Some("<1@a>"), "2026-11-01", "me@i.example", "anna@a.example, bert@b.example")];
    tell(&mut store, &[], &all);
    let before = home.ask(ROWS);
    let now = Timestamp::UNIX_EPOCH;
    let step = store.steps(1).unwrap().remove(0);
    assert!(step.what.concat().contains("imported inbox: 1 in the history"), "{:?}", step.what);
    store.undo(Some(step.id), now, None, &|_| Ok(()), false).unwrap();
    assert_eq!(home.ask(ROWS), "");
    assert_eq!(home.ask("SELECT count(*) FROM contact"), "2");
    store.redo(now, &|_| Ok(()), false).unwrap();
    assert_eq!(home.ask(ROWS), before);
    assert_eq!(tell(&mut store, &[], &all), [0, 1, 0, 0]);
}

#[test]
fn what_the_user_deleted_or_gave_to_somebody_else_is_not_told_again() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &phone_book());
    let all = [
        mail(Some("<1@a>"), "2026-11-01", "me@i.example", "anna@a.example, bert@b.example"),
        mail(Some("<2@a>"), "2026-11-02", "anna@a.example", "me@i.example"),
        mail(None, "2026-11-03", "anna@a.example", "me@i.example"),
    ];
    tell(&mut store, &[], &all);
    let at_first = home.ask(WHOLE);
    home.outside("DELETE FROM interaction WHERE contact_id = 1 AND day = '2026-11-01'; UPDATE interaction SET contact_id = 2 WHERE day = '2026-11-03'").unwrap();
    let edited = home.ask(ROWS);
    assert_eq!(tell(&mut store, &[], &all), [0, 3, 0, 0], "edits hold against imports");
    assert_eq!(home.ask(ROWS), edited);
    store.undo(None, Timestamp::UNIX_EPOCH, None, &|_| Ok(()), false).unwrap();
    assert_eq!(home.ask(WHOLE), at_first);
    assert_eq!(tell(&mut store, &[], &all), [0, 3, 0, 0], "what came back is known");
}

#[test]
fn what_the_user_took_from_a_chat_does_not_come_back_whatever_the_chat_is_called() {
    let home = Home::new();
    let mut store = home.open();
    let book = [
        record(1, "Anna", "Kern", &[], &["+49 170 1234567"]),
        record(2, "Bert", "Bell", &["bert@b.example"], &[]),
    ];
    import(&mut store, "vcard", &book);
    let chat = |party: Party| {
        let day =
            |day: &str| Interaction { from: Some(party.clone()), ..mail(None, day, "x", "me@i.example") };
        ["2026-11-01", "2026-11-02", "2026-11-03"].map(day)
    };
    let named = |name: &str| Party { name: Some(name.to_owned()), ..Party::default() };
    assert_eq!(told_by("whatsapp", &mut store, &[], &chat(named("Anna Kern"))).new, 3);
    let sql = "DELETE FROM interaction WHERE day = '2026-11-01'; UPDATE interaction SET contact_id = 2 WHERE day = '2026-11-02'";
    home.outside(sql).unwrap();
    let edited = home.ask(ROWS);
    let by_number = Party { phones: vec!["+49 170 1234567".to_owned()], ..Party::default() };
    for party in [named("Anna Kern"), by_number] {
        assert_eq!(told_by("whatsapp", &mut store, &[], &chat(party)).new, 0);
        assert_eq!(home.ask(ROWS), edited);
    }
    // Of somebody else that day is theirs, and what was taken back is told again.
    assert_eq!(told_by("whatsapp", &mut store, &[], &chat(named("Bert Bell"))).new, 2);
}

#[test]
fn what_kith_wrote_beside_a_review_and_a_merge_comes_back_with_them() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &phone_book());
    let rows = |home: &Home| home.ask("SELECT * FROM review") + "; " + &home.ask("SELECT * FROM merged");
    let own = Connection::open(home.path()).unwrap();
    own.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false).unwrap();
    own.execute_batch(
        "INSERT INTO review(contact_id, twin_id, reason, codes, strength, withheld, since, import_id)
         VALUES (2, 1, 'the same name', 'same-name', 70, 1, '2026-11-22T10:00:00Z', 1);
         INSERT INTO merged(loser, winner, at, import_id, reason) VALUES (2, 1, '2026-11-22T10:00:00Z', 1, 'one number')",
    )
    .unwrap();
    let before = rows(&home);
    home.outside("DELETE FROM review; DELETE FROM merged").unwrap();
    assert_eq!(rows(&home), "; ");
    store.undo(None, Timestamp::UNIX_EPOCH, None, &|_| Ok(()), false).unwrap();
    assert_eq!(rows(&home), before);
}

#[test]
fn two_talks_alike_that_an_export_of_kith_has_are_two() {
    let home = Home::new();
    let mut store = home.open();
    let anna = [record(1, "Anna", "Kern", &["anna@a.example"], &[])];
    let talk = mail(None, "2026-11-03", "anna@a.example", "me@i.example");
    let twice = [talk.clone(), talk];
    assert_eq!(told_by("json", &mut store, &anna, &twice).new, 2);
    assert_eq!(told_by("json", &mut store, &anna, &twice).unchanged, 2);
    assert_eq!(home.ask("SELECT count(*) FROM interaction"), "2");
    // What others tell twice is told twice.
    let other = mail(None, "2026-11-04", "anna@a.example", "me@i.example");
    assert_eq!(tell(&mut store, &[], &[other.clone(), other]), [1, 1, 0, 0]);
}

#[test]
fn whoever_of_several_of_one_name_it_is_that_is_said() {
    let home = Home::new();
    let mut store = home.open();
    let annas = [
        record(1, "Anna", "Kern", &["anna@a.example"], &[]),
        record(2, "Anna", "Kern", &["anna@b.example"], &[]),
    ];
    import(&mut store, "vcard", &annas);
    let chat = |name: &str| Interaction {
        from: Some(Party { name: Some(name.to_owned()), ..Party::default() }),
        ..mail(None, "2026-11-03", "x", "me@i.example")
    };
    let told = told_by("whatsapp", &mut store, &[], &[chat("Anna Kern"), chat("Nobody Else")]);
    assert_eq!((told.of_several.len(), told.of_several.get("Anna Kern")), (1, Some(&1)));
    assert_eq!(told.strangers.into_keys().collect::<Vec<_>>(), ["Nobody Else"]);
}
