//! Records that contradict what is known: told where they come in.

use insta::assert_snapshot;
use serde_json::json;

use super::say;
use crate::support::Home;

fn card(lines: &str) -> String {
    format!("BEGIN:VCARD\nVERSION:3.0\nFN:Anna Bell\nEMAIL:anna@example.org\n{lines}END:VCARD\n")
}

fn with_anna() -> Home {
    let home = Home::new();
    home.file("mine.vcf", card("BDAY:1985-04-12\nORG:Acme\nREV:2026-01-01\n"));
    let _ = home.kith(&["import", "mine.vcf"]).succeeds();
    home
}

#[test]
fn a_record_that_says_otherwise_is_told() {
    let home = with_anna();
    home.file("theirs.vcf", card("BDAY:1985-04-21\nORG:Harbour\nREV:2020-01-01\n"));
    assert_snapshot!(say(&home, "import theirs.vcf --dry-run"), @"
    theirs.vcf: 0 new, 0 updated, 1 unchanged, 0 in review, 0 skipped, 1
    contradicting
      one record contradicts what is known: kith conflicts shows it, and how to
      decide

    Unchanged
      line 1: Anna Bell
        contradicts: birthday 1985-04-21, elsewhere 1985-04-12, which counts
        contradicts: organisation Harbour, elsewhere Acme, which counts

    This was a rehearsal: nothing was changed.
    ");
    assert_snapshot!(say(&home, "import theirs.vcf"), @"
    theirs.vcf: 0 new, 0 updated, 1 unchanged, 0 in review, 0 skipped, 1
    contradicting
      one record contradicts what is known: kith conflicts shows it, and how to
      decide

    Unchanged
      line 1: Anna Bell
        contradicts: birthday 1985-04-21, elsewhere 1985-04-12, which counts
        contradicts: organisation Harbour, elsewhere Acme, which counts

    Next:
      kith conflicts                   choose between what contradicts itself
    ");
    // The same again was told.
    let again = home.json(&["import", "theirs.vcf"]);
    assert_eq!((&again["unchanged"], &again["contradicting"]), (&json!(1), &json!(0)));
}

#[test]
fn what_counts_is_told_with_it() {
    let home = with_anna();
    home.file("theirs.vcf", card("BDAY:1985-04-21\nTITLE:Pilot\nREV:2026-06-01\n"));
    let told = home.json(&["import", "theirs.vcf"]);
    assert_eq!((&told["updated"], &told["contradicting"]), (&json!(1), &json!(1)));
    assert_eq!(
        told["files"][0]["records"][0]["contradicts"],
        json!([{ "field": "birthday", "says": "1985-04-21", "others": ["1985-04-12"], "counts": "1985-04-21" }])
    );
    // What the user decided contradicts nothing any more.
    let _ = home.kith(&["edit", "anna", "--birthday", "1985-04-12"]).succeeds();
    home.file("theirs.vcf", card("BDAY:1985-04-21\nTITLE:Pilot\nNOTE:rows\nREV:2026-07-01\n"));
    assert_eq!(home.json(&["import", "theirs.vcf"])["contradicting"], json!(0));
}
