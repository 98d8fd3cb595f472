//! In which order values and people are shown and exported.

use super::undoing::hasty;
use super::*;
use crate::core::contact::{Content, List};

#[test]
fn values_and_namesakes_are_in_one_order_everywhere() {
    let revised = |line, email: &str, rev: &str| {
        let mut card = record(line, "Anna", "Amsel", &[email], &["+49 170 1111111"]);
        card.contact.updated = Some(rev.to_owned());
        card
    };
    let old =
        [revised(1, "old@a.example", "20200101T000000Z"), record(3, "Bert", "Kern", &["z@b.example"], &[])];
    let new =
        [revised(2, "new@a.example", "20260101T000000Z"), record(4, "Bert", "Kern", &["a@b.example"], &[])];
    let mut orders = Vec::new();
    for files in [[&old, &new], [&new, &old]] {
        let home = Home::new();
        let mut store = hasty(&home);
        for (at, file) in files.into_iter().enumerate() {
            import_as(&mut store, "csv", &format!("{at}.csv"), file);
        }
        let people: Vec<PersonId> = contacts::ids(&store.conn).unwrap();
        let ordered = store.in_export_order(&people, "csv").unwrap();
        let emails = |content: &Content| -> Vec<String> {
            content.list(List::Email).iter().map(|item| item.value.clone()).collect()
        };
        let shown: Vec<_> = ordered.iter().map(|id| emails(&store.contact(*id).unwrap())).collect();
        let exported: Vec<_> =
            ordered.iter().map(|id| emails(&store.exported(*id, "csv").unwrap().content)).collect();
        assert_eq!(shown, exported);
        orders.push(shown);
    }
    assert_eq!(orders[0], orders[1]);
    assert_eq!(orders[0], [vec!["new@a.example", "old@a.example"], vec!["a@b.example"], vec!["z@b.example"]]);
}

#[test]
fn the_one_value_that_is_used_is_the_first_that_is_shown() {
    let card = |line, email: &str, phone: &str, rev: &str| {
        let mut card = record(line, "Anna", "Amsel", &[email], &[phone]);
        card.contact.emails.push(kith_plugin::Email { address: "all@a.example".into(), ..Default::default() });
        card.contact.updated = Some(rev.to_owned());
        card
    };
    let old = [card(1, "old@a.example", "+49 170 1111111", "20200101T000000Z")];
    let new = [card(2, "new@a.example", "+49 170 2222222", "20260101T000000Z")];
    let home = Home::new();
    let mut store = hasty(&home);
    for (name, file) in [("old.csv", &old), ("new.csv", &new)] {
        import_as(&mut store, "csv", name, file);
    }
    let id = PersonId(1);
    for preferred in [None, Some("old@a.example")] {
        if let Some(address) = preferred {
            store.conn.execute("UPDATE email SET pref = 1 WHERE address = ?1", [address]).unwrap();
        }
        let shown = store.contact(id).unwrap();
        let used = store.details(&std::iter::once(id).collect()).unwrap().remove(&id).unwrap();
        let first = |list| shown.list(list).first().map(|item| item.value.clone());
        assert_eq!((used.email, used.phone), (first(List::Email), first(List::Phone)));
        assert_eq!(first(List::Email).as_deref(), preferred.or(Some("new@a.example")));
        assert_eq!(used.mobile, first(List::Phone));
    }
}
