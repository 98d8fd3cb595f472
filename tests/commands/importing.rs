//! `kith import`: what it says of files, and that a rehearsal changes nothing.

use insta::assert_snapshot;

use super::{fixture, import, say, with_phone};
use crate::support::{Home, Ran};

/// Imports files of tests/fixtures/commands with options; folders of this computer are left out of what it says.
fn imports(home: &Home, line: &str) -> String {
    let folder = format!("{}/", fixture("").display());
    let folder = folder.trim_end_matches('/');
    let line: Vec<String> = line
        .split(' ')
        .map(|word| {
            let path = fixture(word);
            if path.exists() { path.display().to_string() } else { word.to_owned() }
        })
        .collect();
    say(home, &line.join(" ")).replace(folder, "…")
}

#[test]
fn files_are_reported() {
    let home = Home::new();
    assert_snapshot!(imports(&home, "import phone.vcf"), @"
    phone.vcf: 6 new, 0 updated, 0 unchanged, 0 in review, 1 skipped
      one of the new is an organisation: kept, and not planned (kith edit NAME
      --kind person, if that is wrong)

    Skipped (the file itself is kept)
      line 52: the card has no name, organisation, email address or phone number

    New
      line 1: Anna Müller
      line 13: Dr. Bert Kern
      line 21: Carla Diaz
      line 28: David Diaz
      line 35: Emi Ono
      line 43: Foundry GmbH (organisation)

    Next:
      kith circle assign close NAME…   say who is close to you
      kith plan                        whom to talk to, and why
    ");
    assert_snapshot!(imports(&home, "import google.csv Connections.csv"), @"
    google.csv: 2 new, 1 updated, 0 unchanged, 0 in review, 0 skipped

    Updated
      line 2: Anna Müller: birthday, label, email, note (known by the same email
      address)

    New
      line 3: Frieda Lund
      line 4: Gustav Diaz

    Connections.csv: 1 new, 1 updated, 0 unchanged, 1 in review, 0 skipped

    In review: is this the same person? (kith review)
      line 6: Bert Kern may be Dr. Bert Kern, who was known before: the names agree,
      and nothing else does

    Updated
      line 5: Anna Müller: date, link, title (known by the same email address)

    New
      line 7: Hanna Sund

    2 files in all: 3 new, 2 updated, 0 unchanged, 1 in review, 0 skipped

    Next:
      kith review                      say who is the same person: 1 pair waits
      kith circle assign close NAME…   say who is close to you
      kith plan                        whom to talk to, and why
    ");
    assert_snapshot!(imports(&home, "import phone.vcf google.csv Connections.csv"), @"
    phone.vcf: 0 new, 0 updated, 6 unchanged, 0 in review, 1 skipped

    Skipped (the file itself is kept)
      line 52: the card has no name, organisation, email address or phone number

    google.csv: 0 new, 0 updated, 3 unchanged, 0 in review, 0 skipped

    Connections.csv: 0 new, 0 updated, 3 unchanged, 0 in review, 0 skipped

    3 files in all: 0 new, 0 updated, 12 unchanged, 0 in review, 1 skipped
    ");
}

#[test]
fn an_address_book_of_thunderbird_is_imported_once() {
    let home = Home::new();
    assert_snapshot!(imports(&home, "import thunderbird.ldif"), @"
    thunderbird.ldif: 2 new, 0 updated, 0 unchanged, 0 in review, 1 skipped

    Skipped (the file itself is kept)
      line 55: “Choir” is a mailing list, and nobody to talk to; its members have it
      as a label

    New
      line 1: Grace Hopper
      line 43: Zoë Müller

    Next:
      kith circle assign close NAME…   say who is close to you
      kith plan                        whom to talk to, and why
    ");
    assert_snapshot!(imports(&home, "import thunderbird.ldif"), @"
    thunderbird.ldif: 0 new, 0 updated, 2 unchanged, 0 in review, 1 skipped

    Skipped (the file itself is kept)
      line 55: “Choir” is a mailing list, and nobody to talk to; its members have it
      as a label
    ");
    assert_snapshot!(say(&home, "show zoe"), @"
    Zoë Müller (id 2)
      Email         zoe@example.org
      Label         Choir
      Birthday      --02-29

    Imported from
      thunderbird.ldif, line 43 (ldif, on 2026-11-23)
    ");
}

#[test]
fn an_export_of_monica_is_imported_with_its_history_once() {
    let home = Home::new();
    assert_snapshot!(imports(&home, "import monica.json"), @"
    monica.json: 4 new, 0 updated, 0 unchanged, 0 in review, 4 skipped

    History: 7 new, 0 told before, 0 with nobody known

    Skipped (the file itself is kept)
      line 37: Ida Ich is you, as Monica knows
      line 449: Tim has no page of their own in Monica, and is named with their
      relatives
      line 598: 1 × photo: kith has no place for these
      line 642: 1 × journal entry: kith has no place for these

    New
      line 64: Ada King Lovelace
        note: 1 × photo in Monica: kith keeps none, and they stay in the original
        only
      line 398: Bert Kern
      line 475: Emmy Noether
        note: Monica has them archived: kith archive NAME takes them out of the plan
      line 505: Otto Lehmann
        note: Monica says that they have died: kith archive NAME takes them out of
        the plan

    Next:
      kith circle assign close NAME…   say who is close to you
      kith plan                        whom to talk to, and why
    ");
    assert_snapshot!(imports(&home, "import monica.json"), @"
    monica.json: 0 new, 0 updated, 4 unchanged, 0 in review, 4 skipped

    History: 0 new, 7 told before, 0 with nobody known

    Skipped (the file itself is kept)
      line 37: Ida Ich is you, as Monica knows
      line 449: Tim has no page of their own in Monica, and is named with their
      relatives
      line 598: 1 × photo: kith has no place for these
      line 642: 1 × journal entry: kith has no place for these
    ");
    assert_snapshot!(say(&home, "show bert"), @"
    Bert Kern (id 2)
      Email         bert@example.org
      Related       best friend: Ada King Lovelace (id 1)
      Related       Ada King Lovelace (id 1) is introduced by them
      Birthday      --04-12
      Last contact  2024-02-18
      Due           2024-08-18

    History
      2024-02-18  met    Dinner: at the harbour (ate restaurant)
      2024-01-20  called

    Imported from
      monica.json, line 398 (monica, on 2026-11-23)
    ");
}

#[test]
fn one_bad_file_does_not_keep_the_others_out() {
    let home = Home::new();
    home.file("empty.vcf", "");
    home.file("notes.txt", "milk, eggs");
    home.file("other.csv", "colour,size\nred,3\n");
    home.file("folder/x.vcf", "");
    std::os::unix::fs::symlink(fixture("phone.vcf"), home.path().join("link.vcf")).unwrap();
    assert_snapshot!(imports(&home, "import gone.vcf"), @r"
    Error: could not open gone.vcf: it does not exist
    [exit 1]
    ");
    assert_snapshot!(imports(&home, "import empty.vcf"), @"
    Error: could not import empty.vcf: the file is empty
    Hint: export it again and check that the program wrote something
    [exit 1]
    ");
    assert_snapshot!(imports(&home, "import notes.txt"), @"
    Error: could not import notes.txt: no importer knows what is in it
    Hint: kith reads files that end in .csv, .eml, .ical, .ics, .json, .ldi, .ldif, .mbox, .mbx, .tsv, .txt, .vcard, .vcf and .zip; export your contacts as one of these; if it is a table with names of columns that kith does not know, call it .csv to get a proposal
    [exit 1]
    ");
    assert_snapshot!(imports(&home, "import other.csv"), @r#"
    Error: could not import other.csv: the file is no list of people, as far as kith can tell: what stands in its columns, "colour, size", does not look like names, email addresses, telephone numbers or birthdays
    Hint: if it is one, call its columns Name, Email, Phone, Birthday or Notes; docs/csv.md has more, and says how a dialect of your own names them
    [exit 1]
    "#);
    assert_snapshot!(imports(&home, "import folder"), @"
    Error: could not import folder: none of its .vcf files holds a vCard
    Hint: export the contacts again, as vCard or CSV, and import that
    [exit 1]
    ");
    assert!(say(&home, "list").starts_with("Nobody yet"));
    let said = imports(&home, "import gone.vcf link.vcf other.csv");
    assert!(
        said.contains("link.vcf: 6 new") && said.contains("2 of 3 files could not be imported"),
        "{said}"
    );
    assert!(said.ends_with("[exit 1]\n"), "{said}");
    home.file(".config/kith/kith.toml", "[inbox]\nmax_size = '1 KiB'\n");
    assert_snapshot!(imports(&home, "import phone.vcf"), @r"
    phone.vcf: 0 new, 0 updated, 6 unchanged, 0 in review, 1 skipped

    Skipped (the file itself is kept)
      line 52: the card has no name, organisation, email address or phone number
    ");
}

#[test]
fn what_is_not_in_a_file_is_taken_from_a_pipe() {
    let taken = ": 6 new, 0 updated, 0 unchanged, 0 in review, 1 skipped\n";
    for (way, name) in [
        ("cat \"$0\" | kith import -", "standard input"),
        ("kith import - < \"$0\"", "standard input"),
        ("cat \"$0\" | kith import /dev/stdin", "/dev/stdin"),
        ("kith import /dev/fd/3 3< \"$0\"", "/dev/fd/3"),
        // What bash makes of <(cat FILE).
        ("cat \"$0\" | kith import /dev/fd/3 3<&0", "/dev/fd/3"),
    ] {
        let home = Home::new();
        let ran = shell(&home, way);
        assert!(ran.stdout.starts_with(&format!("{name}{taken}")), "{way}: {ran:?}");
        assert_eq!(ran.code, Some(0), "{way}");
    }
    let home = Home::new();
    home.file(".config/kith/kith.toml", "[inbox]\nmax_size = '1 KiB'\n");
    let ran = shell(&home, "cat \"$0\" \"$0\" \"$0\" | kith import -").fails(1);
    assert!(ran.stderr.contains("the largest file that is taken has 1 KiB"), "{ran:?}");
    assert_snapshot!(imports(&home, "import /dev/zero"), @"
    Error: could not open /dev/zero: it is a device and not a file
    Hint: name a file that another program exported, such as contacts.vcf
    [exit 1]
    ");
}

/// Runs a line of shell in which `kith` is the binary and `$0` phone.vcf.
fn shell(home: &Home, line: &str) -> Ran {
    let binary = home.command();
    let line = line.replace("kith ", &format!("{} ", binary.get_program().display()));
    let mut command = std::process::Command::new("sh");
    command
        .args(["-c", &line])
        .arg(fixture("phone.vcf"))
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", "/usr/bin:/bin");
    let output = command.output().unwrap();
    Ran {
        words: line,
        code: output.status.code(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn a_report_that_cannot_be_written_keeps_nothing_from_being_done() {
    for json in ["", " --json"] {
        let home = Home::new();
        let other = home.file("other.vcf", "BEGIN:VCARD\nVERSION:3.0\nFN:Zoe Last\nEND:VCARD\n");
        let both = format!("kith import \"$0\" {}{json}", other.display());
        let ran = shell(&home, &format!("{both} --dry-run > /dev/full")).fails(1);
        assert!(ran.stderr.contains("nothing was changed"), "{ran:?}");
        let ran = shell(&home, &format!("{both} > /dev/full")).fails(1);
        assert!(
            ran.stderr.contains("the files were imported, but the report is not shown")
                && ran.stderr.contains("the disk is full"),
            "{ran:?}"
        );
        assert_eq!(home.json(&["list"]).as_array().unwrap().len(), 7);
        let feed = std::fs::read_to_string(home.data("feed/follow-ups.ics")).unwrap();
        assert!(feed.contains("Zoe Last"), "and published");
    }
}

#[test]
fn what_an_update_took_away_is_told_from_what_it_brought() {
    let home = Home::new();
    let card =
        |lines: &str| format!("BEGIN:VCARD\nVERSION:3.0\nUID:8f0c-2b1e7\nFN:Anna Müller\n{lines}END:VCARD\n");
    home.file("a.vcf", card("TEL:030 1234567\nTITLE:Curator\nEMAIL:a@example.org\nEMAIL:b@example.org\n"));
    imports(&home, "import a.vcf");
    home.file("a.vcf", card("TEL:030 7654321\nEMAIL:a@example.org\n"));
    let rehearsed = home.json(&["import", "a.vcf", "--dry-run"]);
    let record = &rehearsed["files"][0]["records"][0];
    assert_eq!(record["fields"], serde_json::json!(["email", "phone", "title"]));
    assert_eq!(record["removed"], serde_json::json!(["email", "title"]));
    assert_snapshot!(imports(&home, "import a.vcf"), @r"
    a.vcf: 0 new, 1 updated, 0 unchanged, 0 in review, 0 skipped

    Updated
      line 1: Anna Müller: phone; removed: email, title (known by the same UID)
    ");
    home.file("a.vcf", card("EMAIL:a@example.org\n"));
    assert_snapshot!(imports(&home, "import a.vcf"), @r"
    a.vcf: 0 new, 1 updated, 0 unchanged, 0 in review, 0 skipped

    Updated
      line 1: Anna Müller: removed: phone (known by the same UID)
    ");
}

#[test]
fn a_long_report_is_cut_on_the_screen_and_whole_in_json() {
    let home = Home::new();
    let cards: String = (10..40)
        .map(|n| format!("BEGIN:VCARD\nVERSION:3.0\nUID:{n}\nFN:Person {n}\nTEL:030 12345{n}\nEND:VCARD\n"))
        .collect();
    let file = home.file("many.vcf", cards);
    let said = say(&home, &format!("import {} --dry-run", file.display()));
    assert!(
        said.contains("Person 19") && !said.contains("Person 20") && said.contains("  and 20 more\n"),
        "{said}"
    );
    let json = home.json(&["import", file.to_str().unwrap()]);
    assert_eq!(json["files"][0]["records"].as_array().unwrap().len(), 30);
}

#[test]
fn a_rehearsal_changes_nothing() {
    let home = with_phone();
    home.kith(&["plan"]).succeeds();
    let state = |home: &Home| {
        (
            home.json(&["list"]),
            std::fs::read(home.data("feed/follow-ups.ics")).unwrap(),
            std::fs::read(home.data("contacts.db")).unwrap(),
        )
    };
    let before = state(&home);
    let said = imports(&home, "import google.csv Connections.csv --dry-run");
    assert!(said.ends_with("This was a rehearsal: nothing was changed.\n"), "{said}");
    let google = fixture("google.csv");
    let counts = home.json(&["import", "--dry-run", google.to_str().unwrap()]);
    assert_eq!((&counts["new"], &counts["dry_run"]), (&2.into(), &true.into()));
    assert!(state(&home) == before);
    import(&home, &["google.csv"]);
    assert!(state(&home) != before);
}

#[test]
fn what_could_not_be_read_is_told_before_all_else_of_a_long_list() {
    let home = Home::new();
    let row = |n: u32| format!("Person {n},{},p{n}@x.example\n", if n == 26 { "31/02/1985" } else { "" });
    let rows: String = (1..=30).map(row).collect();
    let sheet = home.file("long.csv", format!("Name,Birthday,Email\n{rows}"));
    let said = home.kith(&["import", sheet.to_str().unwrap()]).succeeds().stdout;
    assert!(said.contains("New\n  line 27: Person 26\n    note: ") && said.contains("and 20 more"), "{said}");
}

#[test]
fn a_rehearsal_tells_each_record_field_by_field() {
    let home = with_phone();
    assert_snapshot!(imports(&home, "import phone.vcf google.csv Connections.csv --dry-run"), @"
    phone.vcf: 0 new, 0 updated, 6 unchanged, 0 in review, 1 skipped

    Skipped (the file itself is kept)
      line 52: the card has no name, organisation, email address or phone number

    Unchanged
      line 1: Anna Müller
      line 13: Dr. Bert Kern
      line 21: Carla Diaz
      line 28: David Diaz
      line 35: Emi Ono
      line 43: Foundry GmbH

    google.csv: 2 new, 1 updated, 0 unchanged, 0 in review, 0 skipped

    Updated
      line 2: Anna Müller (known by the same email address)
        birthday: --04-12 → 1984-04-12
        note: + Plays the viola
        email: anna@example.org (home): now the preferred one
        label: + Choir

    New
      line 3: Frieda Lund: email
      line 4: Gustav Diaz: phone

    Connections.csv: 1 new, 1 updated, 0 unchanged, 1 in review, 0 skipped

    In review: is this the same person? (kith review)
      line 6: Bert Kern may be Dr. Bert Kern, who was known before: the names agree,
      and nothing else does

    Updated
      line 5: Anna Müller (known by the same email address)
        title: + Head of Casting
        link: + https://www.linkedin.com/in/anna-mueller-foundry (LinkedIn)
        date: + 2024-03-05 (connected)

    New
      line 7: Hanna Sund: organisation, title, link, date

    3 files in all: 3 new, 2 updated, 6 unchanged, 1 in review, 1 skipped

    This was a rehearsal: nothing was changed.
    ");
    let card =
        |lines: &str| format!("BEGIN:VCARD\nVERSION:3.0\nUID:8f0c-2b1e7\nFN:Zoe Lund\n{lines}END:VCARD\n");
    home.file(
        "z.vcf",
        card("BDAY:19800101\nTEL;TYPE=home:030 1234567\nTITLE:Curator\nEMAIL:z@example.org\nNOTE:tall\n"),
    );
    imports(&home, "import z.vcf");
    home.file(
        "z.vcf",
        card("BDAY:19800201\nTEL;TYPE=work:030 1234567\nEMAIL:z@example.org\nEMAIL;TYPE=work:new@example.org\nORG:Foundry\nNOTE:tall\\nand more\n"),
    );
    assert_snapshot!(imports(&home, "import z.vcf --dry-run"), @"
    z.vcf: 0 new, 1 updated, 0 unchanged, 0 in review, 0 skipped

    Updated
      line 1: Zoe Lund (known by the same UID)
        organisation: + Foundry
        title: − Curator
        birthday: 1980-01-01 → 1980-02-01
        note: tall → tall and more
        email: + new@example.org (work)
        phone: 030 1234567 (home) → 030 1234567 (work)

    This was a rehearsal: nothing was changed.
    ");
    let rehearsed = home.json(&["import", "z.vcf", "--dry-run"]);
    let done = home.json(&["import", "z.vcf"]);
    assert_eq!(rehearsed["files"][0]["records"], done["files"][0]["records"], "what it says is what is done");
    let changes = done["files"][0]["records"][0]["changes"].as_array().unwrap().clone();
    assert_eq!(
        changes[1],
        serde_json::json!({ "field": "title", "old": { "value": "Curator", "label": null, "pref": null }, "new": null })
    );
    let again = home.json(&["import", "z.vcf", "--dry-run"]);
    let record = &again["files"][0]["records"][0];
    assert_eq!((&record["what"], &record["name"]), (&"unchanged".into(), &"Zoe Lund".into()));
    assert!(home.json(&["import", "z.vcf"])["files"][0]["records"].as_array().unwrap().is_empty());
}

#[test]
fn a_rehearsal_says_who_would_be_one_person() {
    let home = Home::new();
    home.file("a.csv", "Name,Email,Phone\nAnna Müller,a@example.org,\nAnna Müller,,030 1234567\n");
    imports(&home, "import a.csv");
    home.file("b.csv", "Name,Email,Phone\nAnna Müller,a@example.org,030 1234567\n");
    assert_snapshot!(imports(&home, "import b.csv --dry-run"), @"
    b.csv: 0 new, 1 updated, 0 unchanged, 0 in review, 0 skipped

    Updated
      line 2: Anna Müller (known by the same email address)
        the same person: Anna Müller (id 2)
        phone: + 030 1234567

    This was a rehearsal: nothing was changed.
    ");
}
