//! Folders of one vCard a file (vdirs), followed by the service; and folders that are imported once.

use std::fs;
use std::path::PathBuf;

use serde_json::Value;

use crate::support::{Home, eventually};

fn card(uid: &str, name: &str, more: &str) -> String {
    format!("BEGIN:VCARD\r\nVERSION:3.0\r\nUID:{uid}\r\nFN:{name}\r\nN:;{name};;;\r\n{more}END:VCARD\r\n")
}

/// A home whose folders `a` and `b` are followed, and are there.
fn home() -> Home {
    let home = Home::new();
    home.file(".config/kith/kith.toml", "[vdir]\nfolders = ['~/a', '~/b/']\n");
    for folder in ["a", "b"] {
        fs::create_dir(home.path().join(folder)).unwrap();
    }
    home
}

/// Writes a card as synchronisations do: under a hidden name first.
fn put(home: &Home, file: &str, text: &str) {
    let (folder, name) = file.split_once('/').unwrap();
    let aside = home.file(&format!("{folder}/.{name}.tmp"), text);
    fs::rename(aside, home.path().join(file)).unwrap();
}

/// The people, as `name` or `name (archived)`, in order.
fn people(home: &Home) -> Vec<String> {
    let listed = home.json(&["list", "--archived"]);
    let listed = listed.as_array().cloned().unwrap_or_else(|| listed["people"].as_array().unwrap().clone());
    let mut names: Vec<String> = listed
        .iter()
        .map(|person: &Value| {
            let archived = if person["archived"] == true { " (archived)" } else { "" };
            format!("{}{archived}", person["name"].as_str().unwrap())
        })
        .collect();
    names.sort();
    names
}

#[track_caller]
fn become_people(home: &Home, expected: &[&str]) {
    eventually(&format!("the people are {expected:?}"), || (people(home) == expected).then_some(()));
}

fn cards(home: &Home) -> i64 {
    home.count("SELECT count(*) FROM card WHERE replaced_by IS NULL AND gone_at IS NULL")
}

fn emails(home: &Home, name: &str) -> i64 {
    home.count(&format!(
        "SELECT count(*) FROM email WHERE contact_id = (SELECT id FROM contact WHERE name = '{name}')"
    ))
}

/// What is wrong with a folder, as kith status says.
fn trouble(home: &Home, folder: usize) -> String {
    home.json(&["status"])["folders"][folder]["trouble"].as_str().unwrap_or_default().to_owned()
}

const ANNA: &str = "EMAIL:anna@example.org\r\n";

#[test]
fn a_folder_is_followed_card_by_card() {
    let home = home();
    put(&home, "a/1.vcf", &card("1", "Anna", ANNA));
    home.file("a/color", "#ff0000");
    home.file("a/.hidden.vcf", card("9", "Hidden", ""));
    let service = home.serve();
    become_people(&home, &["Anna"]);

    put(&home, "b/2.vcf", &card("2", "Bert", ""));
    become_people(&home, &["Anna", "Bert"]);

    put(&home, "a/1.vcf", &card("1", "Anna", "EMAIL:anna@example.net\r\nEMAIL:anna@work.example\r\n"));
    eventually("the card is replaced", || (emails(&home, "Anna") == 2).then_some(()));
    assert_eq!(cards(&home), 2);

    // The same card under another name is no other card, and no import.
    let imports = home.count("SELECT count(*) FROM import");
    fs::rename(home.path().join("a/1.vcf"), home.path().join("a/anna.vcf")).unwrap();
    eventually("the file is known by its new name", || {
        (home.count("SELECT count(*) FROM card WHERE file = 'anna.vcf'") >= 1).then_some(())
    });
    assert_eq!(home.count("SELECT count(*) FROM import"), imports);
    // Nor is one that changed besides, if its UID says so.
    put(&home, "a/anna-k.vcf", &card("1", "Anna", ANNA));
    fs::remove_file(home.path().join("a/anna.vcf")).unwrap();
    eventually("the new file is taken", || (emails(&home, "Anna") == 1).then_some(()));
    eventually("the old one is forgotten", || {
        (home.count("SELECT count(*) FROM vdir_file") == 2).then_some(())
    });
    assert_eq!((cards(&home), people(&home)), (2, vec!["Anna".to_owned(), "Bert".to_owned()]));

    // The last one of its folder.
    fs::remove_file(home.path().join("b/2.vcf")).unwrap();
    become_people(&home, &["Anna", "Bert (archived)"]);
    put(&home, "b/3.vcf", &card("3", "Cora", ""));
    become_people(&home, &["Anna", "Bert (archived)", "Cora"]);
    let status = home.json(&["status"]);
    assert_eq!((&status["folders"][1]["cards"], &status["folders"][1]["trouble"]), (&1.into(), &Value::Null));

    put(&home, "b/2.vcf", &card("2", "Bert", ""));
    become_people(&home, &["Anna", "Bert", "Cora"]);
    assert_eq!(home.count("SELECT count(*) FROM contact"), 3);
    assert_eq!(service.stop(), Some(0));
    let log = home.service_log();
    assert!(log.contains("archived=1") && !log.contains("Bert") && !log.contains("2.vcf"), "{log}");
}

#[test]
fn somebody_of_whom_the_user_noted_something_stays() {
    let home = home();
    for (file, name) in [("1", "Anna"), ("2", "Bert"), ("3", "Cora"), ("4", "Dora")] {
        put(&home, &format!("a/{file}.vcf"), &card(file, name, ""));
    }
    let service = home.serve();
    become_people(&home, &["Anna", "Bert", "Cora", "Dora"]);
    home.kith(&["log", "Anna", "the garden"]).succeeds();
    home.kith(&["edit", "Bert", "--title", "Baker"]).succeeds();
    for file in ["1", "2", "3"] {
        fs::remove_file(home.path().join(format!("a/{file}.vcf"))).unwrap();
    }
    become_people(&home, &["Anna", "Bert", "Cora (archived)", "Dora"]);
    // What is changed in the folder does not take the user's own word away.
    put(&home, "a/2.vcf", &card("2", "Bert", "TITLE:Cook\r\nEMAIL:bert@example.org\r\n"));
    eventually("the card is back", || (emails(&home, "Bert") == 1).then_some(()));
    assert_eq!(home.count("SELECT count(*) FROM contact WHERE title = 'Baker'"), 1);
    drop(service);
}

#[test]
fn the_same_person_in_two_folders_goes_with_the_last_card() {
    let home = home();
    for file in ["a/1.vcf", "b/x.vcf"] {
        put(&home, file, &card("1", "Anna", ANNA));
        put(&home, &file.replace('1', "2").replace('x', "y"), &card(file, "Bert", ""));
    }
    let _service = home.serve();
    eventually("all are taken", || (cards(&home) == 4).then_some(()));
    assert_eq!(home.count("SELECT count(*) FROM contact WHERE name = 'Anna'"), 1);
    fs::remove_file(home.path().join("a/1.vcf")).unwrap();
    eventually("one card is gone", || (cards(&home) == 3).then_some(()));
    assert!(people(&home).contains(&"Anna".to_owned()));
    fs::remove_file(home.path().join("b/x.vcf")).unwrap();
    eventually("both are", || people(&home).contains(&"Anna (archived)".to_owned()).then_some(()));
}

#[test]
fn a_folder_that_is_gone_takes_nobody_with_it() {
    let home = home();
    put(&home, "a/1.vcf", &card("1", "Anna", ""));
    put(&home, "a/2.vcf", &card("2", "Bert", ""));
    let service = home.serve();
    become_people(&home, &["Anna", "Bert"]);
    fs::rename(home.path().join("a"), home.path().join("away")).unwrap();
    eventually("it is told", || trouble(&home, 0).contains("could not look into the folder").then_some(()));
    assert_eq!(people(&home), ["Anna", "Bert"]);
    // What happened meanwhile is followed once it is back, also by another service.
    drop(service);
    fs::remove_file(home.path().join("away/1.vcf")).unwrap();
    fs::rename(home.path().join("away"), home.path().join("a")).unwrap();
    let _service = home.serve();
    become_people(&home, &["Anna (archived)", "Bert"]);
    eventually("all is well", || {
        (home.json(&["status"])["folders"][0]["trouble"] == Value::Null).then_some(())
    });
}

#[test]
fn an_empty_folder_in_the_place_of_another_takes_nobody_with_it() {
    let home = home();
    put(&home, "a/1.vcf", &card("1", "Anna", ""));
    put(&home, "a/2.vcf", &card("2", "Bert", ""));
    let service = home.serve();
    become_people(&home, &["Anna", "Bert"]);
    drop(service);
    // As what a disk was mounted on, once it is not.
    fs::rename(home.path().join("a"), home.path().join("disk")).unwrap();
    fs::create_dir(home.path().join("a")).unwrap();
    let service = home.serve();
    eventually("the empty folder is told of", || {
        trouble(&home, 0).contains("nobody is taken for deleted").then_some(())
    });
    assert_eq!(people(&home), ["Anna", "Bert"]);
    drop(service);
    fs::remove_dir(home.path().join("a")).unwrap();
    fs::rename(home.path().join("disk"), home.path().join("a")).unwrap();
    // Emptied while nobody looked, it is the same folder all the same.
    for file in ["1", "2"] {
        fs::remove_file(home.path().join(format!("a/{file}.vcf"))).unwrap();
    }
    let _service = home.serve();
    become_people(&home, &["Anna (archived)", "Bert (archived)"]);
    assert_eq!(trouble(&home, 0), "");
    home.kith(&["undo"]).succeeds();
    assert_eq!(people(&home), ["Anna", "Bert"]);
}

#[test]
fn one_bad_file_costs_no_neighbour_and_keeps_what_it_was() {
    let home = home();
    put(&home, "a/1.vcf", &card("1", "Anna", ""));
    put(&home, "a/2.vcf", &card("2", "Bert", ""));
    let _service = home.serve();
    become_people(&home, &["Anna", "Bert"]);
    put(&home, "a/1.vcf", "<html>\r\nplease sign in\r\n");
    put(&home, "a/3.vcf", &card("3", "Cora", ""));
    become_people(&home, &["Anna", "Bert", "Cora"]);
    let status = home.json(&["status"]);
    let problems = &status["folders"][0]["problems"];
    assert!(problems["1.vcf"].as_str().unwrap().contains("holds no vCard"), "{status}");
    // Alone, too.
    put(&home, "a/1.vcf", "BEGIN:VCARD\r\nFN:An");
    eventually("it is read", || {
        let why = home.json(&["status"])["folders"][0]["problems"]["1.vcf"].as_str().map(str::to_owned);
        why.filter(|why| why.contains("cut off"))
    });
    // Its name is said once, and kith check knows of it, too.
    put(&home, "a/1.vcf", "");
    eventually("it is found empty", || {
        let why = home.json(&["status"])["folders"][0]["problems"]["1.vcf"].as_str().map(str::to_owned);
        why.filter(|why| why == "the file is empty")
    });
    let checked = home.kith(&["check"]).fails(1).stdout;
    let checked = checked.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(checked.contains(": 1.vcf is not taken in, or not wholly: the file is empty"), "{checked}");
    put(&home, "a/1.vcf", &card("1", "Anna Bell", ""));
    become_people(&home, &["Anna Bell", "Bert", "Cora"]);
    assert_eq!(home.json(&["status"])["folders"][0]["problems"], serde_json::json!({}));
}

#[test]
fn a_file_of_several_cards_costs_none_of_them() {
    let home = home();
    let nameless = |name: &str, more: &str| card("", name, more).replace("UID:\r\n", "");
    put(&home, "a/two.vcf", &(nameless("Anna Bell", "") + &nameless("Bert Oak", "")));
    let _service = home.serve();
    become_people(&home, &["Anna Bell", "Bert Oak"]);

    let changed = nameless("Bert Oak", "EMAIL:bert@example.org\r\n");
    put(&home, "a/two.vcf", &(changed.clone() + &nameless("Anna Bell", "")));
    eventually("Bert has an address", || (emails(&home, "Bert Oak") == 1).then_some(()));
    become_people(&home, &["Anna Bell", "Bert Oak"]);
    assert_eq!(cards(&home), 2);

    put(&home, "a/two.vcf", &changed);
    become_people(&home, &["Anna Bell (archived)", "Bert Oak"]);
}

#[test]
fn what_a_folder_did_can_be_taken_back() {
    let home = home();
    put(&home, "a/1.vcf", &card("1", "Anna", ""));
    put(&home, "a/2.vcf", &card("2", "Bert", ""));
    let _service = home.serve();
    become_people(&home, &["Anna", "Bert"]);
    fs::remove_file(home.path().join("a/1.vcf")).unwrap();
    become_people(&home, &["Anna (archived)", "Bert"]);
    let list = home.kith(&["undo", "--list"]).succeeds().stdout;
    assert!(list.contains("1 gone"), "{list}");
    home.kith(&["undo"]).succeeds();
    assert_eq!(people(&home), ["Anna", "Bert"]);
    // And stays so.
    put(&home, "a/3.vcf", &card("3", "Cora", ""));
    become_people(&home, &["Anna", "Bert", "Cora"]);
}

#[test]
fn folders_come_and_go_with_the_configuration() {
    let home = home();
    put(&home, "b/2.vcf", &card("2", "Bert", ""));
    home.file(".config/kith/kith.toml", "");
    let service = home.serve();
    assert_eq!(people(&home), [""; 0]);
    home.file(".config/kith/kith.toml", "[vdir]\nfolders = ['~/b']\n");
    become_people(&home, &["Bert"]);
    home.file(".config/kith/kith.toml", "# none\n");
    eventually("it is let go", || {
        (home.count("SELECT count(*) FROM source WHERE folder IS NOT NULL") == 0).then_some(())
    });
    assert_eq!(people(&home), ["Bert"]);
    home.file(".config/kith/kith.toml", "[vdir]\nfolders = ['~/b'] # again\n");
    eventually("the card is the file's again", || {
        (home.count("SELECT count(*) FROM card WHERE file = '2.vcf'") == 1).then_some(())
    });
    assert_eq!(home.count("SELECT count(*) FROM card"), 1);
    drop(service);
}

#[test]
fn a_batch_that_was_killed_is_taken_again() {
    let home = home();
    for n in 0..400 {
        home.file(&format!("a/{n}.vcf"), card(&n.to_string(), &format!("Person {n}"), ""));
    }
    for n in 0..5 {
        let service = home.start(&["serve", "--listen", "127.0.0.1:0"]);
        std::thread::sleep(std::time::Duration::from_millis(60 * (n + 1)));
        service.kill();
        if home.data("contacts.db").exists() {
            let there = home.kith(&["list", "--json"]);
            assert_eq!(there.code, Some(0), "{}", there.stderr);
        }
    }
    let _service = home.serve();
    eventually("all are taken", || {
        (home.count("SELECT count(*) FROM contact") == 400 && cards(&home) == 400).then_some(())
    });
    assert_eq!(home.count("SELECT count(*) FROM import WHERE new > 0"), 1);
    assert_eq!(home.count("SELECT count(*) FROM vdir_file"), 400);
}

#[test]
fn a_folder_is_imported_by_hand() {
    let home = home();
    const ANNA: &str = "7c9e6679-7425-40de-944b-e07fc1f90ae7";
    let once: PathBuf = home.file("once/1.vcf", card(ANNA, "Anna", "")).parent().unwrap().into();
    home.file("once/2.vcf", "nonsense");
    let once = once.to_str().unwrap();
    insta::assert_snapshot!(home.kith(&["import", once, "--dry-run"]).succeeds().stdout, @"
    once: 1 new, 0 updated, 0 unchanged, 0 in review, 1 skipped

    Skipped (the file itself is kept)
      2.vcf: the file holds no vCard: no line of it says BEGIN:VCARD

    New
      1.vcf: Anna

    This was a rehearsal: nothing was changed.
    ");
    home.kith(&["import", once]).succeeds();
    assert!(home.kith(&["import", once]).succeeds().stdout.contains("0 new, 0 updated, 1 unchanged"));
    // One that is followed is followed without a service, too.
    put(&home, "a/1.vcf", &card(ANNA, "Anna", "EMAIL:anna@example.org\r\n"));
    put(&home, "a/2.vcf", &card("2", "Bert", ""));
    home.kith(&["import", "a"]).succeeds();
    fs::remove_file(home.path().join("a/2.vcf")).unwrap();
    insta::assert_snapshot!(home.kith(&["import", "a"]).succeeds().stdout.replace(home.path().to_str().unwrap(), "~"), @"
    ~/a: 0 new, 0 updated, 0 unchanged, 0 in review, 0 skipped
      1 card is gone from the folder
      1 person had nothing else and is archived
    ");
    assert_eq!(people(&home), ["Anna", "Bert (archived)"]);
    home.kith(&["import", "a"]).succeeds();
    let empty = home.path().join("b");
    insta::assert_snapshot!(home.kith(&["import", "once/../.config"]).fails(1).stderr, @"
    .config: 1 folder in it left out (kith); to import what is in it, name it as well
    Error: could not import once/../.config: it is a folder without files that kith reads
    Hint: kith reads files that end in .csv, .eml, .ical, .ics, .json, .ldi, .ldif, .mbox, .mbx, .tsv, .txt, .vcard, .vcf and .zip; folders in it are not looked into
    ");
    home.kith(&["import", empty.to_str().unwrap()]).succeeds();
}

#[test]
fn the_mail_of_a_maildir_is_history() {
    let home = Home::new();
    home.file(".config/kith/kith.toml", "[me]\nemails = ['me@example.org']\n");
    let anna = home.file("anna.vcf", card("1", "Anna", ANNA));
    home.kith(&["import", anna.to_str().unwrap()]).succeeds();
    let mail = |from: &str, to: &str, id: u32| {
        format!(
            "From: {from}\r\nTo: {to}\r\nDate: Mon, 5 Jan 2026 10:00:00 +0000\r\nMessage-ID: <{id}@example.org>\r\n\r\nFrom what I hear\r\n"
        )
    };
    fs::create_dir_all(home.path().join("Maildir/tmp")).unwrap();
    home.file("Maildir/new/1.a.host", mail("anna@example.org", "me@example.org", 1));
    home.file("Maildir/cur/2.a.host:2,S", mail("stranger@example.org", "me@example.org", 2));
    home.file("Maildir/.Sent/cur/3.a.host:2,S", mail("me@example.org", "anna@example.org", 3));
    home.file(
        "Maildir/.Sent/cur/4.a.host:2,S",
        "To: anna@example.org\r\nSubject: no date, and nobody\r\n\r\n",
    );
    fs::create_dir_all(home.path().join("Maildir/.Sent/new")).unwrap();
    home.file("Maildir/cur/5.a.host:2,D", mail("me@example.org", "anna@example.org", 5));
    insta::assert_snapshot!(home.kith(&["import", "Maildir"]).succeeds().stdout, @"
    Maildir: 0 new, 0 updated, 0 unchanged, 0 in review, 1 skipped
      1 draft was left out: it was sent to nobody

    History: 2 new, 0 told before, 1 with nobody known

    Left out until they are known (kith add, or import their contacts; then import this again)
      stranger@example.org (1)

    Skipped (the file itself is kept)
      .Sent/cur/4.a.host:2,S: the mail does not say who wrote it
    ");
    let again = home.kith(&["import", "Maildir"]).succeeds().stdout;
    assert!(again.contains("History: 0 new, 2 told before"), "{again}");
}

#[test]
fn the_files_of_a_folder_are_imported_as_if_each_had_been_named() {
    let home = Home::new();
    let two = card("1", "Anna", "EMAIL:anna@example.org\r\n") + &card("2", "Bert", "");
    home.file("exports/phone.vcf", &two);
    home.file("exports/friends.csv", "Name,Email\nCarla,carla@example.org\n");
    home.file("exports/diary.txt", "milk, eggs\n");
    home.file("exports/photo.jpg", "x");
    home.file("exports/older/x.vcf", &two);
    let ran = home.kith(&["import", "exports"]).succeeds();
    insta::assert_snapshot!(ran.stdout, @"
    friends.csv: 1 new, 0 updated, 0 unchanged, 0 in review, 0 skipped

    New
      line 2: Carla

    phone.vcf: 2 new, 0 updated, 0 unchanged, 0 in review, 0 skipped

    New
      line 1: Anna
      line 8: Bert

    2 files in all: 3 new, 0 updated, 0 unchanged, 0 in review, 0 skipped

    Next:
      kith circle assign close NAME…   say who is close to you
      kith plan                        whom to talk to, and why
    ");
    insta::assert_snapshot!(ran.stderr, @"
    exports: 1 folder in it left out (older); to import what is in it, name it as well
    diary.txt is left out: no importer reads such files
    ");
    let again = home.json(&["import", "exports"]);
    assert_eq!((&again["new"], &again["unchanged"]), (&0.into(), &3.into()), "{again:#}");
    assert_eq!(home.count("SELECT count(*) FROM source"), 2, "each file is an address book");
}

fn group(uid: &str, name: &str, members: &[&str]) -> String {
    let members: String =
        members.iter().map(|uid| format!("X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:{uid}\r\n")).collect();
    card(uid, name, &format!("X-ADDRESSBOOKSERVER-KIND:group\r\n{members}"))
}

/// Whether these have a label, and nobody else.
fn have_label(home: &Home, label: &str, names: &[&str]) -> bool {
    let has = format!("id IN (SELECT contact_id FROM category WHERE name = '{label}')");
    let quoted: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    let expected = i64::try_from(names.len()).unwrap();
    home.count(&format!("SELECT count(*) FROM contact WHERE {has}")) == expected
        && home.count(&format!("SELECT count(*) FROM contact WHERE {has} AND name IN ({})", quoted.join(",")))
            == expected
}

#[test]
fn members_of_a_group_have_it_as_a_label() {
    let home = Home::new();
    let file = [
        card("A-1", "Ada", ""),
        group("g", "Choir", &["a-1", "urn:b-2", "b-2"]),
        card("urn:uuid:b-2", "Bert", "CATEGORIES:Bakers\r\n"),
        card("c-3", "Cora", ""),
    ];
    home.file("all.vcf", file.concat());
    home.kith(&["import", "all.vcf"]).succeeds();
    assert!(have_label(&home, "Choir", &["Ada", "Bert"]));
    assert!(have_label(&home, "Bakers", &["Bert"]));
    // The same again is nothing new.
    let again = home.kith(&["import", "all.vcf"]).succeeds();
    assert!(again.stdout.contains("0 new, 0 updated, 4 unchanged"), "{}", again.stdout);
    // Who left it no longer has it.
    home.file("all.vcf", file.concat().replace("MEMBER:urn:uuid:a-1", "MEMBER:urn:uuid:c-3"));
    home.kith(&["import", "all.vcf"]).succeeds();
    assert!(have_label(&home, "Choir", &["Bert", "Cora"]));
}

#[test]
fn groups_in_a_followed_folder_are_followed() {
    let home = home();
    for (uid, name) in [("1", "Anna"), ("2", "Bert"), ("3", "Cora")] {
        put(&home, &format!("a/{uid}.vcf"), &card(uid, name, ""));
    }
    let service = home.serve();
    become_people(&home, &["Anna", "Bert", "Cora"]);
    let become_choir = |names: &[&str]| {
        eventually(&format!("{names:?} sing"), || have_label(&home, "Choir", names).then_some(()));
    };
    put(&home, "a/g.vcf", &group("g", "Choir", &["1", "2"]));
    become_choir(&["Anna", "Bert"]);
    // A member that changes stays one.
    put(&home, "a/1.vcf", &card("1", "Anna", ANNA));
    eventually("the card is replaced", || (emails(&home, "Anna") == 1).then_some(()));
    become_choir(&["Anna", "Bert"]);
    put(&home, "a/g.vcf", &group("g", "Choir", &["2", "3"]));
    become_choir(&["Bert", "Cora"]);
    fs::remove_file(home.path().join("a/g.vcf")).unwrap();
    become_choir(&[]);
    drop(service);
}
