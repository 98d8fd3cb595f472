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
