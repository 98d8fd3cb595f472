//! What `kith show` tells beside the columns.

use insta::assert_snapshot;
use serde_json::json;

use super::say;
use crate::support::Home;

#[test]
fn parts_of_a_name_departments_and_labels_are_shown() {
    let home = Home::new();
    home.file(
        "phone.vcf",
        "BEGIN:VCARD\nVERSION:3.0\nFN:Ann Bell\nN:Bell;Ann;Mary;Dr.;PhD\nORG:Acme;Research;Numbers\n\
         TEL;TYPE=x-sommerhaus:+49 30 1234567\nEMAIL:ann@example.org\nEND:VCARD\n",
    );
    home.kith(&["import", "phone.vcf"]).succeeds();
    let shown = say(&home, "show ann");
    let head: Vec<&str> = shown.lines().take_while(|line| !line.is_empty()).collect();
    assert_snapshot!(head.join("\n"), @"
    Ann Bell (id 1)
      Prefix        Dr.
      Middle name   Mary
      Suffix        PhD
      Organisation  Acme
      Department    Research, Numbers
      Email         ann@example.org
      Phone         +49 30 1234567 (Sommerhaus)
    ");
    let json = home.json(&["show", "ann"]);
    assert_eq!(
        [&json["name_prefix"], &json["middle_name"], &json["name_suffix"], &json["department"]],
        [&json!("Dr."), &json!("Mary"), &json!("PhD"), &json!("Research, Numbers")]
    );
    // Another organisation has other departments, and what stands in the name is not told twice.
    home.kith(&["edit", "ann", "--organization", "Harbour", "--name", "Dr. Ann Mary Bell"]).succeeds();
    let shown = say(&home, "show ann");
    assert!(shown.contains("PhD") && !shown.contains("Prefix") && !shown.contains("Department"), "{shown}");
    assert!(say(&home, "show ann --sources").contains("(Sommerhaus)"));
}

#[test]
fn of_what_is_nothing_nobody_is_the_source() {
    let home = Home::new();
    home.kith(&["add", "Zora Lind, Bergen"]).succeeds();
    let sources = home.json(&["show", "zora", "--sources"]);
    for field in ["kind", "comfort"] {
        assert_eq!(sources["sources"][field], json!(null), "{sources:#}");
    }
    assert!(!say(&home, "show zora --sources").contains("nothing"));
}

const CARD: &str = "BEGIN:VCARD\nVERSION:3.0\nUID:1\nFN:Ann Bell\nEND:VCARD\n";

#[test]
fn a_card_whose_file_went_is_told_from_one_that_is_there() {
    let home = Home::new();
    home.file(".config/kith/kith.toml", "[vdir]\nfolders = ['~/cards']\n");
    let file = home.file("cards/1.vcf", CARD);
    home.file("cards/2.vcf", "BEGIN:VCARD\nVERSION:3.0\nUID:2\nFN:Bert Kern\nEND:VCARD\n");
    home.kith(&["import", "cards"]).succeeds();
    assert!(say(&home, "show ann").contains("cards/1.vcf, line 1 ("), "{}", say(&home, "show ann"));
    home.kith(&["log", "ann", "tea"]).succeeds();
    std::fs::remove_file(file).unwrap();
    home.kith(&["import", "cards"]).succeeds();
    assert!(say(&home, "show ann").contains("cards/1.vcf (gone)"), "{}", say(&home, "show ann"));
    assert!(!say(&home, "show bert").contains("(gone)"));
    assert_eq!(home.json(&["status"])["folders"][0]["cards"], json!(1));
    // It comes back.
    home.file("cards/1.vcf", CARD);
    home.kith(&["import", "cards"]).succeeds();
    assert!(!say(&home, "show ann").contains("(gone)"));
    assert_eq!(home.count("SELECT count(*) FROM card"), 2);
}

#[test]
fn a_file_that_moved_to_another_folder_says_nothing_where_it_was() {
    let home = Home::new();
    home.file(".config/kith/kith.toml", "[vdir]\nfolders = ['~/a', '~/b']\n");
    let file = home.file("a/1.vcf", CARD);
    for file in ["a/2.vcf", "b/2.vcf"] {
        home.file(file, format!("BEGIN:VCARD\nVERSION:3.0\nUID:{file}\nFN:Of {file}\nEND:VCARD\n"));
    }
    let import = |folders: [&str; 2]| {
        for folder in folders {
            home.kith(&["import", folder]).succeeds();
        }
    };
    import(["a", "b"]);
    let moved = home.path().join("b/1 moved.vcf");
    std::fs::rename(&file, &moved).unwrap();
    import(["b", "a"]);
    let there = say(&home, "show ann --sources");
    assert!(there.contains("b/1 moved.vcf") && !there.contains("a/1.vcf"), "{there}");
    assert!(!there.to_lowercase().contains("archived"), "{there}");
    // The other way round; and if it is nowhere any more, that is said in words.
    std::fs::rename(&moved, &file).unwrap();
    import(["b", "a"]);
    assert!(!say(&home, "show ann --sources").contains("b/1 moved.vcf"));
    std::fs::remove_file(&file).unwrap();
    import(["b", "a"]);
    let gone = say(&home, "show 1 --sources");
    assert!(gone.contains("a/1.vcf (gone)") && gone.contains("  Archived  "), "{gone}");
}

#[test]
fn further_titles_and_organizations_are_shown_with_who_says_so() {
    let home = Home::new();
    home.file(
        "work.vcf",
        "BEGIN:VCARD\nVERSION:3.0\nFN:Dr. Ann Bell\nN:Bell;Ann;Mary;Dr.;PhD\nORG:Eins;A\nORG:Zwei;B\n\
         TITLE:T1\nTITLE:T2\nROLE:R1\nEND:VCARD\n",
    );
    home.kith(&["import", "work.vcf"]).succeeds();
    let shown = say(&home, "show ann");
    let head: Vec<&str> = shown.lines().take_while(|line| !line.is_empty()).collect();
    assert_snapshot!(head.join("\n"), @"
    Dr. Ann Bell (id 1)
      Middle name   Mary
      Suffix        PhD
      Organisation  Eins
      Department    A
      Title         T1
      Title         T2
      Title         R1
      Also at       Zwei (B)
    ");
    let json = home.json(&["show", "ann"]);
    assert_eq!(json["titles"], json!(["T1", "T2", "R1"]));
    let firms = json!([{ "name": "Eins", "department": "A" }, { "name": "Zwei", "department": "B" }]);
    assert_eq!(json["organizations"], firms);
    let sources = home.json(&["show", "ann", "--sources"])["sources"].clone();
    for (field, values) in [
        ("title", &["T1", "T2", "R1"][..]),
        ("organization", &["Eins", "Zwei"]),
        ("department", &["A", "B"]),
        ("name_prefix", &["Dr."]),
        ("middle_name", &["Mary"]),
        ("name_suffix", &["PhD"]),
    ] {
        let said = sources[field].as_array().unwrap();
        let counting: Vec<_> = said.iter().filter(|said| said["counts"] == true).collect();
        assert_eq!(counting.iter().map(|said| &said["value"]).collect::<Vec<_>>(), values, "{field}");
        assert!(counting.iter().all(|said| said["from"][0]["file"] == "work.vcf"), "{field}");
    }
    let told = say(&home, "show ann --sources");
    assert!(
        told.contains("  Department        B (Zwei)") && told.contains("  Middle name       Mary"),
        "{told}"
    );
    // A title of the user's own is the only one.
    home.kith(&["edit", "ann", "--title", "Baker"]).succeeds();
    assert_eq!(home.json(&["show", "ann"])["titles"], json!(["Baker"]));
}
