//! Exports of cards whose text may be anything: lines are short, and what is
//! read back goes out the same.

#![no_main]

use kith::core::assemble::{Card, assemble};
use kith::core::export::{Exported, Original, Version, write_vcard};
use kith_fuzz::answer;
use kith_plugin::{Contact, Record};
use kith_plugin_vcard::VCard;

libfuzzer_sys::fuzz_target!(|text: &[u8]| {
    let found = answer::<VCard>("contacts.vcf", text);
    let records: Vec<Record> = found.contacts().take(4).cloned().collect();
    // Also a text that its importer would not have taken.
    let odd = Record { raw: String::from_utf8_lossy(text).into_owned(), ..Record::default() };
    for records in [records, vec![odd]] {
        for version in [Version::V4, Version::V3] {
            let card = written(records.clone(), version);
            assert!(card.lines().all(|line| line.len() <= 75), "a long line");
            let again: Vec<Record> =
                answer::<VCard>("contacts.vcf", card.as_bytes()).contacts().cloned().collect();
            assert!(again.len() <= 1, "one card became {}", again.len());
            if again.len() == 1 {
                assert_eq!(written(again, version), card, "read back it goes out in another way");
            }
        }
    }
});

/// The card that an export makes of somebody who has these.
fn written(records: Vec<Record>, version: Version) -> String {
    let uid = records.iter().filter_map(|record| record.contact.uid.clone()).min();
    let card = |(id, fields): (i64, Contact)| Card { id, kept: true, behind: 0, gone: None, fields };
    let originals: Vec<Original> = (1..)
        .zip(records)
        .map(|(id, record)| Original { card: card((id, record.contact)), vcard: record.raw })
        .collect();
    let cards: Vec<Card> = originals.iter().map(|original| original.card.clone()).collect();
    let exported = Exported {
        uid: uid.unwrap_or_else(|| "own-1".to_owned()),
        content: assemble(&cards, &[]),
        own: std::collections::BTreeSet::new(),
        originals,
    };
    let mut out = Vec::new();
    write_vcard(&mut out, &exported, version);
    String::from_utf8(out).expect("a card is UTF-8")
}
