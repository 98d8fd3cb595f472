//! `kith imports`, and taking one of them back.

use std::fs;

use insta::assert_snapshot;
use serde_json::json;

use super::{TODAY, import, listed, say, say_when, with_phone};
use crate::support::Home;
use crate::support::cards::card;

#[test]
fn imports_are_listed_newest_first() {
    let home = Home::new();
    assert_snapshot!(say(&home, "imports"), @"Nothing was imported yet.");
    assert_eq!(home.json(&["imports"]), json!([]));
    import(&home, &["phone.vcf", "google.csv"]);
    import(&home, &["phone.vcf"]);
    say(&home, "undo import 2");
    assert_snapshot!(say_when(&home, "imports"), @"
    import 3        on DAY at NN:NN, phone.vcf (vcard)
                    6 unchanged, 1 skipped
    import 2        on DAY at NN:NN, google.csv (csv), taken back
                    2 new, 1 updated
    import 1        on DAY at NN:NN, phone.vcf (vcard)
                    6 new, 1 skipped

    kith undo import NUMBER takes one back; what was changed later stays.
    ");
    let imports = home.json(&["imports"]);
    let steps: Vec<_> =
        imports.as_array().unwrap().iter().map(|import| (&import["number"], &import["step"])).collect();
    assert_eq!(
        steps,
        [(&json!(3), &json!(null)), (&json!(2), &json!("import 2")), (&json!(1), &json!("import 1")),]
    );
    assert_eq!(imports[1]["undone_at"].as_str().map(str::len), Some(20));
    assert_eq!((&imports[2]["new"], &imports[2]["skipped"]), (&json!(6), &json!(1)));
    assert_eq!((&imports[0]["file"], &imports[0]["importer"]), (&json!("phone.vcf"), &json!("vcard")));
}

#[test]
fn what_happened_in_a_folder_is_one_line() {
    let home = Home::new();
    home.file(".config/kith/kith.toml", "[vdir]\nfolders = ['~/cards']\n");
    let card = |name: &str| format!("BEGIN:VCARD\nVERSION:3.0\nUID:{name}\nFN:{name}\nEND:VCARD\n");
    for name in ["Anna", "Bert", "Carla"] {
        home.file(&format!("cards/{name}.vcf"), card(name));
        home.kith(&["import", "cards", "--today", TODAY]).succeeds();
    }
    fs::remove_file(home.path().join("cards/Bert.vcf")).unwrap();
    home.kith(&["import", "cards", "--today", TODAY]).succeeds();
    assert_snapshot!(say_when(&home, "imports"), @"
    import 1–4      on DAY at NN:NN, the folder ~/cards (vcard)
                    3 new, 1 gone

    kith undo import NUMBER takes one back; what was changed later stays.
    ");
    assert_snapshot!(say_when(&home, "imports --all"), @"
    import 4        on DAY at NN:NN, the folder ~/cards (vcard)
                    1 gone
    import 3        on DAY at NN:NN, the folder ~/cards (vcard)
                    1 new
    import 2        on DAY at NN:NN, the folder ~/cards (vcard)
                    1 new
    import 1        on DAY at NN:NN, the folder ~/cards (vcard)
                    1 new

    kith undo import NUMBER takes one back; what was changed later stays.
    ");
    say(&home, "undo import 3");
    assert_eq!(home.json(&["list"]).as_array().unwrap().len(), 1, "Bert's card went, and Carla's import");
}

#[test]
fn many_imports_are_no_flood() {
    let home = Home::new();
    for n in 10..40 {
        home.file("one.csv", format!("Name,Email\nPerson {n},p{n}@x.example\n"));
        home.kith(&["import", "one.csv"]).succeeds();
    }
    let said = say(&home, "imports");
    assert!(
        said.contains("import 30") && said.contains("import 11") && !said.contains("import 10"),
        "{said}"
    );
    assert!(said.contains("and 10 earlier: kith imports --all"), "{said}");
    assert!(say(&home, "imports --all").contains("import 1 "));
    assert_eq!(home.json(&["imports"]).as_array().unwrap().len(), 30);
}

#[test]
fn an_import_goes_although_things_were_changed_later_and_those_stay() {
    let home = with_phone();
    import(&home, &["google.csv"]);
    let before = home.json(&["list"]);
    say(&home, "edit anna --title Cook");
    home.sql("UPDATE contact SET circle = 'close' WHERE name = 'Frieda Lund'");
    say(&home, "log anna viola --met");
    assert_snapshot!(say_when(&home, "undo import 2 --dry-run"), @"
    Would be taken back, on DAY at NN:NN, an import:
      imported google.csv: 2 new, 1 updated
    Stays, because of what was done later:
      set the title of Anna Müller to Cook
      set the circle of Frieda Lund to close
      logged that you met Anna Müller on 23 November 2026: viola
    1 contact that nothing else is known of: gone.
    With their name and what is your own, these stay:
      Frieda Lund: in the circle close
    Nothing was changed.
    ");
    assert_snapshot!(say_when(&home, "undo import 2"), @"
    Taken back, on DAY at NN:NN, an import:
      imported google.csv: 2 new, 1 updated
    Stays, because of what was done later:
      set the title of Anna Müller to Cook
      set the circle of Frieda Lund to close
      logged that you met Anna Müller on 23 November 2026: viola
    1 contact that nothing else is known of: gone.
    With their name and what is your own, these stay:
      Frieda Lund: in the circle close
    kith undo --redo brings it back.
    ");
    let anna = listed(&home, "Anna Müller");
    assert_eq!(
        (&anna["title"], &anna["birthday"], &anna["last_contact"]),
        (&json!("Cook"), &json!("--04-12"), &json!(TODAY))
    );
    assert_eq!(listed(&home, "Frieda Lund")["circle"], "close");
    assert_snapshot!(say(&home, "undo import 2"), @"
    Error: import 2 is taken back already
    Hint: kith undo --redo brings back what was taken back last
    [exit 1]
    ");
    say(&home, "undo --redo");
    for _ in 0..3 {
        say(&home, "undo");
    }
    assert_eq!(home.json(&["list"]), before);
}

#[test]
fn which_import_is_meant_is_told() {
    let home = with_phone();
    import(&home, &["phone.vcf"]);
    assert_snapshot!(say(&home, "undo import 2"), @"
    Error: import 2 changed nothing, or nothing of it is left: there is nothing to take back
    Hint: kith imports shows them with their numbers
    [exit 1]
    ");
    assert_snapshot!(say(&home, "undo import 7"), @"
    Error: there is no import 7
    Hint: kith imports shows them with their numbers
    [exit 1]
    ");
    assert_snapshot!(say(&home, "undo import"), @r#"
    Error: "import" is not the number of a step
    Hint: kith undo --list shows the last steps with their numbers: kith undo 17; kith imports every import: kith undo import 3
    [exit 2]
    "#);
    assert_snapshot!(say(&home, "undo import phone.vcf"), @r#"
    Error: "import phone.vcf" is not the number of a step
    Hint: kith undo --list shows the last steps with their numbers: kith undo 17; kith imports every import: kith undo import 3
    [exit 2]
    "#);
    assert_snapshot!(say(&home, "undo 1 3"), @r#"
    Error: "1 3" is not the number of a step
    Hint: kith undo --list shows the last steps with their numbers: kith undo 17; kith imports every import: kith undo import 3
    [exit 2]
    "#);
    assert_eq!(home.json(&["undo", "import 1", "--dry-run"])["step"], "import 1");
}

#[test]
fn a_shell_completes_the_numbers_of_imports() {
    let home = with_phone();
    import(&home, &["google.csv", "phone.vcf"]);
    let asked = |words: &[&str]| home.kith(&[&["complete", "zsh"], words].concat()).succeeds().stdout;
    assert_eq!(asked(&["undo", "imp"]), "import\tTake a whole import back\n");
    assert_eq!(asked(&["undo", "import", ""]), format!("2\tgoogle.csv, {TODAY}\n1\tphone.vcf, {TODAY}\n"));
    say(&home, "undo import 2");
    assert_eq!(asked(&["undo", "import", ""]), format!("1\tphone.vcf, {TODAY}\n"));
}

#[test]
fn status_says_when_a_folder_is_not_as_it_was_taken_in() {
    let home = Home::new();
    home.file(".config/kith/kith.toml", "[vdir]\nfolders = ['~/a']\n");
    let file = home.file("a/1.vcf", card("Anna Amsel"));
    let is_behind = || {
        let said = home.kith(&["status"]).succeeds().stdout;
        said.split_whitespace().collect::<Vec<_>>().join(" ").contains("is still to be taken in")
    };
    home.kith(&["import", "a"]).succeeds();
    assert!(!is_behind());
    fs::remove_file(file).unwrap();
    assert!(is_behind());
    home.kith(&["import", "a"]).succeeds();
    assert!(!is_behind());
}
