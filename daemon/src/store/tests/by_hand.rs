//! What commands of every day write: one step each, and as lasting as any edit.

use super::*;
use crate::core::contact::{Item, List};
use crate::core::how::How;
use crate::core::line::Line;
use crate::core::pause::Why;
use crate::core::talk::Talk;

fn day(text: &str) -> jiff::civil::Date {
    text.parse().unwrap()
}

fn at() -> Timestamp {
    "2026-11-23T09:00:00Z".parse().unwrap()
}

fn eva() -> Newcomer {
    let mut content = Line::parse("Eva Stern, Berlin, my cousin, eva@e.example, +49 30 7654321").content();
    content.list_mut(List::Category).push(Item { value: "family".into(), ..Item::default() });
    Newcomer { content, others: vec![] }
}

fn add(store: &mut Store, newcomers: &[Newcomer], meeting: Option<&Meeting<'_>>) -> Result<()> {
    let seen = store.data_version()?;
    assert!(store.add_if_unchanged(newcomers, meeting, at(), seen)?.is_some());
    Ok(())
}

#[test]
fn nobody_is_added_if_another_wrote_since_the_look() {
    let home = Home::new();
    let mut store = home.open();
    let seen = store.data_version().unwrap();
    home.outside("INSERT INTO contact(name) VALUES ('Eva Stern')").unwrap();
    let meeting = Meeting {
        known: vec![PersonId(1)],
        day: day("2026-11-20"),
        event: "Fair",
        entered_on: day("2026-11-20"),
    };
    assert_eq!(store.add_if_unchanged(&[eva()], Some(&meeting), at(), seen).unwrap(), None);
    assert_eq!(home.ask("SELECT count(*) FROM contact"), "1");
    assert_eq!(home.ask("SELECT count(*) FROM interaction"), "0");
}

#[test]
fn what_was_paused_before_there_were_reasons_is_a_pause() {
    let home = Home::new();
    let old = Connection::open(home.path()).unwrap();
    old.execute_batch(migrate::MIGRATIONS[0]).unwrap();
    old.execute_batch(
        "INSERT INTO pause(contact_id, from_day, until_day) VALUES (NULL, '2026-12-21', '2027-01-03')",
    )
    .unwrap();
    old.pragma_update(None, "user_version", 1).unwrap();
    drop(old);
    let store = home.open();
    let day = |text: &str| text.parse().unwrap();
    let (from, until) = (day("2026-12-21"), day("2027-01-03"));
    assert_eq!(store.pauses(until).unwrap(), [Paused { id: 1, person: None, from, until, why: Why::Pause }]);
    assert_eq!(store.pauses(day("2027-01-04")).unwrap(), []);
    // Edits of the new column are logged from then on.
    home.outside("UPDATE pause SET why = 'skip'").unwrap();
    assert_eq!(home.ask("SELECT item, old, new FROM change WHERE field = 'pause.why'"), "1|pause|skip");
}

/// A change that a command makes, by name.
type Step = (&'static str, fn(&mut Store) -> Result<()>);

#[test]
fn each_command_is_one_step_and_its_edits_last() {
    let steps: [Step; 8] = [
        ("log", |s| {
            s.log(
                &[PersonId(1), PersonId(2)],
                &Talk::new(day("2026-11-20"), How::Met, "lunch"),
                day("2026-11-23"),
            )
        }),
        ("add", |s| add(s, &[eva(), eva()], None)),
        ("add a namesake", |s| add(s, &[Newcomer { others: vec![PersonId(1)], ..eva() }], None)),
        ("met", |s| {
            let (day, entered_on) = (day("2026-11-20"), day("2026-11-23"));
            add(s, &[eva()], Some(&Meeting { known: vec![PersonId(1)], day, event: "Fair", entered_on }))
        }),
        ("pause", |s| s.pause(None, day("2026-11-23"), day("2026-11-30"))),
        ("put off", |s| {
            let until = day("2026-11-30");
            s.put_off(&[(PersonId(1), until), (PersonId(2), until)], day("2026-11-23"), Why::Skip)
        }),
        ("end", |s| {
            let ids: Vec<i64> = s.pauses(day("2026-11-25"))?.iter().map(|pause| pause.id).collect();
            s.end_pauses(&ids, day("2026-11-25"))
        }),
        ("archive", |s| s.archive(&[PersonId(1), PersonId(2)], Some(at()))),
    ];
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &phone_book());
    for (at, (name, step)) in steps.into_iter().enumerate() {
        step(&mut store).unwrap();
        assert_eq!(home.ask("SELECT count(DISTINCT step) FROM change"), (at + 1).to_string(), "{name}");
        assert_eq!(home.ask("SELECT count(*) FROM change WHERE origin <> 'command line'"), "0", "{name}");
        assert_cache_is_true(&store, name);
    }
    // An export that has the newcomer, too, takes nothing of it away.
    let known = record(1, "Eva", "Stern", &["eva@other.example"], &["+49 30 7654321"]);
    import(&mut store, "csv", &[known]);
    assert_cache_is_true(&store, "imported as well");
    assert_eq!(
        home.ask("SELECT address FROM email WHERE contact_id = 3 ORDER BY id LIMIT 1"),
        "eva@e.example"
    );
    assert_eq!(
        home.ask("SELECT twin_id, withheld, decision FROM review WHERE contact_id = 5"),
        "1|0|different"
    );
}

#[test]
fn what_was_put_off_before_is_replaced_also_across_a_merge() {
    let home = Home::new();
    let mut store = home.open();
    import(&mut store, "vcard", &phone_book());
    let today = day("2026-11-23");
    store.put_off(&[(PersonId(2), day("2026-12-24"))], day("2026-11-20"), Why::Snooze).unwrap();
    store.pause(Some(PersonId(2)), day("2026-12-01"), day("2026-12-02")).unwrap();
    home.outside("INSERT INTO merged(loser, winner) VALUES (2, 1)").unwrap();
    drop(store);
    let mut store = home.open();
    store.put_off(&[(PersonId(1), day("2026-11-30"))], today, Why::Skip).unwrap();
    store.put_off(&[(PersonId(1), day("2026-11-26"))], today, Why::Snooze).unwrap();
    assert_eq!(
        home.ask("SELECT contact_id, from_day, until_day, why FROM pause ORDER BY id"),
        "2|2026-11-20|2026-11-22|snooze 2|2026-12-01|2026-12-02|pause 1|2026-11-23|2026-11-26|snooze"
    );
    let pauses = store.pauses(today).unwrap();
    assert!(pauses.iter().all(|pause| pause.person == Some(PersonId(1))), "{pauses:?}");
}

#[test]
fn who_stands_for_a_part_of_a_part_shows_nothing_of_it_once_it_is_split_off() {
    let home = Home::new();
    let mut store = home.open();
    let people = ["Anna Amsel", "Bert Kern", "Carla Diaz"];
    let records: Vec<Record> = (1..)
        .zip(people)
        .map(|(line, name)| {
            let (given, family) = name.split_once(' ').unwrap();
            record(line, given, family, &[&format!("{given}@x.example")], &[])
        })
        .collect();
    import(&mut store, "vcard", &records);
    store.merge(PersonId(1), &[PersonId(2)], at()).unwrap();
    store.merge(PersonId(3), &[PersonId(1)], at()).unwrap();
    store.split(PersonId(2), at()).unwrap();
    assert_cache_is_true(&store, "a part of a part");
    assert_eq!(
        home.ask("SELECT contact_id, address FROM email ORDER BY address"),
        "3|Anna@x.example 2|Bert@x.example 3|Carla@x.example"
    );
    store.undo(None, at(), None, &|_| Ok(()), false).unwrap();
    assert_cache_is_true(&store, "split, and taken back");
    assert_eq!(home.ask("SELECT DISTINCT contact_id FROM email"), "3");
}
