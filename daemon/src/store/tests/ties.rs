//! Whom ties mean, whatever is imported, merged, split and taken back.

use proptest::prelude::*;

use super::*;
use crate::core::tie::Tie;

/// Every tie as `Anna Muller: spouse Jonas Berg`, the other by the name they have as a
/// contact, else as it was said with a question mark; sorted.
fn told(store: &Store) -> Vec<String> {
    let name = |id| store.contact(id).unwrap().column(Column::Name).unwrap_or_default().to_owned();
    let tell = |tie: &Tie| {
        let other = tie.person.map_or_else(|| format!("{}?", tie.name), name);
        format!("{}: {} {other}", name(tie.of), tie.relation.as_deref().unwrap_or("-"))
    };
    let mut all: Vec<String> = store.ties().unwrap().iter().map(tell).collect();
    all.sort();
    all
}

/// Files that speak of each other's people.
fn files() -> [(&'static str, &'static str, Vec<Record>); 3] {
    let mut anna = record(1, "Anna", "Muller", &["anna@a.example"], &[]);
    anna.contact.uid = Some("urn:uuid:1".into());
    anna.contact.related_to =
        vec![related("Jonas Berg", "spouse"), related("2", "friend"), related("Zoë", "aunt")];
    let mut bert = record(9, "Bert", "Kern", &["bert@b.example"], &[]);
    bert.contact.uid = Some("urn:uuid:2".into());
    bert.contact.related_to = vec![related("urn:uuid:1", "friend")];
    let mut jonas = record(2, "Jonas", "Berg", &["jonas@j.example"], &[]);
    // Of another importer: its UIDs are others'.
    jonas.contact.uid = Some("2".into());
    jonas.contact.related_to = vec![related("urn:uuid:1", "neighbour"), related("Muller, Anna", "spouse")];
    let mut again = record(5, "Anna", "Muller", &["anna@a.example"], &[]);
    again.contact.related_to = vec![related("jonas berg", "colleague")];
    [
        ("vcard", "phone.vcf", vec![anna, bert]),
        ("monica", "m.json", vec![jonas]),
        ("csv", "c.csv", vec![again]),
    ]
}

const TOLD: [&str; 6] = [
    "Anna Muller: aunt Zoë?",
    "Anna Muller: friend Bert Kern",
    "Anna Muller: spouse, colleague Jonas Berg",
    "Bert Kern: friend Anna Muller",
    "Jonas Berg: neighbour urn:uuid:1?",
    "Jonas Berg: spouse Anna Muller",
];

proptest! {
    #![proptest_config(cases(6))]

    #[test]
    fn the_order_of_files_does_not_matter(order in Just([0, 1, 2]).prop_shuffle()) {
        let home = Home::new();
        let mut store = home.open();
        for at in order {
            let (importer, name, records) = &files()[at];
            import_as(&mut store, importer, name, records);
        }
        prop_assert_eq!(told(&store), TOLD);
        assert_cache_is_true(&store, "imported");
        for (importer, name, records) in files() {
            prop_assert_eq!(counts(&import_as(&mut store, importer, name, &records))[2], records.len() as u64);
        }
        prop_assert_eq!(told(&store), TOLD);
    }
}

#[test]
fn a_split_undoes_a_merge_with_its_ties() {
    let home = Home::new();
    let mut store = home.open();
    for (importer, name, records) in files() {
        import_as(&mut store, importer, name, &records);
    }
    let id = |store: &Store, name: &str| store.find(name).unwrap()[0].id;
    let (anna, bert) = (id(&store, "anna muller"), id(&store, "bert kern"));
    let at = Timestamp::UNIX_EPOCH;
    let before = home.ask("SELECT id, contact_id, name, label FROM tie ORDER BY id");
    store.merge(bert, &[anna], at).unwrap();
    assert_eq!(
        told(&store),
        [
            // Whoever is one person is not their own friend.
            "Bert Kern: aunt Zoë?",
            "Bert Kern: spouse, colleague Jonas Berg",
            "Jonas Berg: neighbour urn:uuid:1?",
            // Nobody who is shown is called that.
            "Jonas Berg: spouse Muller, Anna?",
        ]
    );
    store.split(anna, at).unwrap();
    assert_eq!(told(&store), TOLD);
    assert_eq!(home.ask("SELECT id, contact_id, name, label FROM tie ORDER BY id"), before);
}

#[test]
fn contacts_of_an_earlier_version_get_the_ties_that_their_cards_name() {
    let home = Home::new();
    let mut store = home.open();
    let (importer, name, records) = &files()[0];
    import_as(&mut store, importer, name, records);
    let ties = told(&store);
    drop(store);
    // As a version left it that knew of no ties.
    home.outside(
        "DROP TRIGGER tie_after_delete; DELETE FROM tie;
         UPDATE meta SET value = '2' WHERE key = 'assembly_version';",
    )
    .unwrap();
    let store = home.open();
    assert_eq!(told(&store), ties);
    assert_eq!(home.ask("SELECT count(*) FROM change"), "0");
}

#[test]
fn a_uid_that_several_people_share_is_no_key() {
    let home = Home::new();
    let mut store = home.open();
    let mut book: Vec<Record> = ["Anna Muller", "Bert Kern", "Carla Diaz"]
        .iter()
        .zip(1..)
        .map(|(name, line)| {
            let (given, family) = name.split_once(' ').unwrap();
            let mut record = record(line, given, family, &[], &[]);
            record.contact.uid = Some(if given == "Carla" { "c" } else { "same" }.into());
            record
        })
        .collect();
    book[2].contact.related_to = vec![related("same", "friend")];
    import(&mut store, "vcard", &book);
    assert_eq!(told(&store), ["Carla Diaz: friend same?"]);
}

#[test]
fn records_are_found_by_their_uid_without_looking_through_all() {
    let home = Home::new();
    let store = home.open();
    let mut plan = store.conn.prepare(&format!("EXPLAIN QUERY PLAN {}", crate::store::ties::BY_UID)).unwrap();
    let steps: Vec<String> =
        plan.query_map([], |row| row.get("detail")).unwrap().map(std::result::Result::unwrap).collect();
    assert!(steps[2].starts_with("SEARCH home USING INDEX card_uid"), "{steps:?}");
}
