//! Sheets of the user's own: hand-made ones, and those that need a dialect file.

use insta::assert_snapshot;

use super::say;
use crate::support::{Home, eventually};

const FRIENDS: &str = "Who,Reach,Shoe size,Born\nAda Lovelace,ada@example.org,37,13/12/1815\nBob,bob@example.org,44,05/06/1990\n";

/// What a command says, without the folder of this home.
fn said(home: &Home, line: &str) -> String {
    say(home, line).replace(&home.path().display().to_string(), "~")
}

/// The proposed file in a report or an error: its path and its text.
fn proposal(text: &str) -> (&str, &str) {
    let (_, rest) = text.split_once("save as ").unwrap();
    let (path, text) = rest.split_once(":\n\n").unwrap();
    (path, text.split("\n[exit").next().unwrap())
}

#[test]
fn a_sheet_made_by_hand_is_imported() {
    let home = Home::new();
    home.file(
        "friends.csv",
        "Name;Firma;E-Mail;Handy;Geburtstag;Notizen\nAda Lovelace;Engines;ada@example.org;0170 1234567;05.06.1985;Chor\nBob;;bob@example.org;;;\n;Engines;;;;\n;;carla@example.org;;;\n;;;030 1234567;;\n",
    );
    assert_snapshot!(said(&home, "import friends.csv"), @"
    friends.csv: 5 new, 0 updated, 0 unchanged, 0 in review, 0 skipped
      one of the new is an organisation: kept, and not planned (kith edit NAME
      --kind person, if that is wrong)

    New
      line 2: Ada Lovelace
      line 3: Bob
      line 4: Engines (organisation)
      line 5: carla@example.org
      line 6: 030 1234567

    Next:
      kith circle assign close NAME…   say who is close to you
      kith plan                        whom to talk to, and why
    ");
    assert_eq!(home.json(&["show", "Ada"])["birthday"], "1985-06-05");
}

#[test]
fn dates_that_could_be_two_are_reported() {
    let home = Home::new();
    home.file("en.csv", "Name,Birthday\nAda,05/06/1985\nBob,5/5/1990\n");
    home.file("mixed.csv", "Name,Birthday\nEve,05/06/1985\nFay,13/06/1985\nGus,06/13/1985\n");
    assert_snapshot!(said(&home, "import en.csv mixed.csv"), @r#"
    en.csv: 2 new, 0 updated, 0 unchanged, 0 in review, 0 skipped

    New
      line 2: Ada
        note: Birthday "05/06/1985" was read with the month first, as 1985-05-06,
        for the header is English and no date in the column tells otherwise
      line 3: Bob

    mixed.csv: 3 new, 0 updated, 0 unchanged, 0 in review, 0 skipped

    New
      line 2: Eve
        note: Birthday "05/06/1985" could be two dates and nothing in the file tells
        which; it was kept as a note. A dialect file with `date_order` tells it
        (docs/csv.md)
      line 3: Fay
      line 4: Gus

    2 files in all: 5 new, 0 updated, 0 unchanged, 0 in review, 0 skipped

    Next:
      kith circle assign close NAME…   say who is close to you
      kith plan                        whom to talk to, and why
    "#);
}

#[test]
fn an_unknown_header_comes_with_a_dialect_that_works_when_it_is_saved() {
    let home = Home::new();
    home.file("friends.csv", FRIENDS);
    let refused = said(&home, "import friends.csv");
    assert_snapshot!(refused, @r#"
    Error: could not import friends.csv: the header is none that kith knows: "Who, Reach, Shoe size, Born" (4 columns); kith knows those of Google Contacts, Google Contacts (until 2024), LinkedIn connections, LinkedIn's imported contacts, Outlook, Thunderbird, Yahoo, kith's own sheets, sheets made by hand
    Hint: the columns below are a guess at what the file holds: correct what is wrong, save it under the name above it, and import the file again

    save as ~/.config/kith/csv/friends.toml:

    # A proposal, made by kith. Correct what is wrong; docs/csv.md explains the keys.

    name = "friends"
    # Where the numbers of all dates in a column could be read both ways:
    # date_order = "day-month-year"

    [[recognise]]
    headers = ["Who", "Reach", "Shoe size", "Born"]
    language = "en"

    [[column]]
    to = "name/full"
    headers = ["Who"]

    [[column]]
    to = "emails"
    headers = ["Reach"]

    [[column]]
    to = "anniversaries"
    headers = ["Born"]
    label = "birth"

    # These are not taken. Without the marks before the lines they are kept as notes.
    # [[column]]
    # to = "notes"
    # headers = ["Shoe size"]
    [exit 1]
    "#);
    let (path, text) = proposal(&refused);
    home.file(path.strip_prefix("~/").unwrap(), text);
    assert_snapshot!(said(&home, "import friends.csv"), @"
    friends.csv: 2 new, 0 updated, 0 unchanged, 0 in review, 0 skipped

    New
      line 2: Ada Lovelace
      line 3: Bob

    Next:
      kith circle assign close NAME…   say who is close to you
      kith plan                        whom to talk to, and why
    ");
    assert!(said(&home, "check").contains("importers: good"));
}

#[test]
fn what_the_report_proposes_is_taken_up_by_the_running_service() {
    let home = Home::new();
    let _service = home.serve();
    home.drop_in("friends.csv", FRIENDS);
    let report = home.report("failed/friends.csv");
    let (path, text) = proposal(&report);
    let home_folder = home.path().display().to_string();
    home.file(path.strip_prefix(&format!("{home_folder}/")).unwrap(), text);
    home.drop_in("friends.csv", FRIENDS);
    let report = home.report("done/friends.csv");
    assert!(report.starts_with("friends.csv: 2 new"), "{report}");
    assert!(!home.service_log().contains("Ada") && !home.service_log().contains("Shoe"));
}

#[test]
fn a_broken_dialect_is_named_by_check_and_by_the_report() {
    let home = Home::new();
    home.file(
        ".config/kith/csv/mine.toml",
        "name = \"Mine\"\n\n[[column]]\nto = \"email\"\nheaders = [\"Mail\"]\n",
    );
    home.file("names.csv", "Name\nAda\n");
    assert_snapshot!(said(&home, "import names.csv"), @"
    names.csv: 1 new, 0 updated, 0 unchanged, 0 in review, 1 skipped

    Skipped (the file itself is kept)
      the dialect file mine.toml is wrong: line 4: unknown variant `email`, expected
      one of `uid`, `kind`, `name/full`, `name/file-as`, `name/title`, `name/given`,
      `name/given2`, `name/surname`, `name/suffix`, `nicknames`, `organizations`,
      `titles`, `emails`, `phones`, `addresses`, `anniversaries`, `links`,
      `onlineServices`, `notes`, `keywords`, `relatedTo`, `nothing`; it was passed
      over

    New
      line 2: Ada

    Next:
      kith circle assign close NAME…   say who is close to you
      kith plan                        whom to talk to, and why
    ");
    // As JSON, for the folder of this home decides where a line is broken.
    let checked = home.kith(&["check", "--json"]).fails(1);
    let checked: serde_json::Value = serde_json::from_str(&checked.stdout).unwrap();
    let problem = checked[1]["problems"][0].as_str().unwrap();
    let path = home.path().join(".config/kith/csv/mine.toml");
    let expected = format!("the dialect file {} is wrong: line 4: unknown variant `email`", path.display());
    assert!(problem.starts_with(&expected), "{problem}");
}

#[test]
fn an_encoding_that_was_guessed_is_named_and_can_be_stated() {
    let home = Home::new();
    // "Ödön Sütő" in Windows-1250, which is "Ödön Sütõ" in Windows-1252.
    let file = b"Name\n\xD6d\xF6n S\xFCt\xF5\n";
    home.file("friends.csv", file);
    assert_snapshot!(said(&home, "import friends.csv --dry-run"), @"
    friends.csv: 1 new, 0 updated, 0 unchanged, 0 in review, 0 skipped
      the text was read as windows-1252, which is a guess: if names look wrong,
      state what it is with --encoding NAME, or in a dialect file (docs/csv.md)

    New
      line 2: Ödön Sütõ

    This was a rehearsal: nothing was changed.
    ");
    assert_snapshot!(said(&home, "import friends.csv --encoding cp1250 --dry-run"), @"
    friends.csv: 1 new, 0 updated, 0 unchanged, 0 in review, 0 skipped

    New
      line 2: Ödön Sütő

    This was a rehearsal: nothing was changed.
    ");
    assert_snapshot!(said(&home, "import friends.csv --encoding latin-99"), @r#"
    Error: invalid value 'latin-99' for '--encoding <NAME>': "latin-99" is no encoding; write "guess" or a name such as "windows-1252", "windows-1257", "shift_jis" or "gbk"
    Hint: kith import --help tells more
    [exit 2]
    "#);

    home.file(".config/kith/kith.toml", "[inbox]\nencoding = \"windows-1250\"\n");
    let report = home.json(&["import", "friends.csv"]);
    assert_eq!(report["files"][0]["notes"], serde_json::json!([]));
    assert_eq!(report["files"][0]["records"][0]["name"], "Ödön Sütő");
    let guessed = home.json(&["import", "friends.csv", "--encoding", "guess", "--dry-run"]);
    assert!(guessed["files"][0]["notes"][0].as_str().unwrap().contains("windows-1252"), "{guessed}");

    home.file("old.vcf", b"BEGIN:VCARD\nVERSION:3.0\nFN:S\xFCt\xF5 \xC1gi\nEND:VCARD\n");
    assert_eq!(home.json(&["import", "old.vcf"])["files"][0]["records"][0]["name"], "Sütő Ági");
}

#[test]
fn the_inbox_takes_tables_and_reads_them_by_the_encoding_of_the_configuration() {
    let home = Home::new();
    home.file(
        ".config/kith/kith.toml",
        "[serve]\nlisten = '127.0.0.1:0'\n[inbox]\nencoding = 'windows-1250'\n",
    );
    let service = home.serve();
    home.drop_in("friends.csv", b"Name\n\xD6d\xF6n S\xFCt\xF5\n");
    home.drop_in("friends.txt", "Name\tEmail\nAda\tada@example.org\n");
    home.drop_in("letter.txt", "Dear Ada,\ngood morning\n");
    for (file, name) in [("friends.csv", "Ödön Sütő"), ("friends.txt", "Ada")] {
        let report = home.data(&format!("inbox/done/{file}.report.txt"));
        let report = eventually(file, || std::fs::read_to_string(&report).ok());
        assert!(report.contains(name) && !report.contains("guess"), "{report}");
    }
    assert!(home.data("inbox/letter.txt").exists());
    assert_eq!(service.stop(), Some(0));
}

#[test]
fn tables_are_known_by_their_content_where_the_name_does_not_tell() {
    let home = Home::new();
    let table = "Name\tEmail\nAda\tada@example.org\n";
    for name in ["friends.tsv", "friends.txt", "friends"] {
        home.file(name, table);
        assert_eq!(home.json(&["import", name, "--dry-run"])["new"], 1, "{name}");
    }
    home.file("letter.txt", "Dear Ada,\ngood morning\n");
    assert_snapshot!(said(&home, "import letter.txt"), @"
    Error: could not import letter.txt: no importer knows what is in it
    Hint: kith reads files that end in .csv, .eml, .ical, .ics, .json, .ldi, .ldif, .mbox, .mbx, .tsv, .txt, .vcard, .vcf and .zip; export your contacts as one of these; if it is a table with names of columns that kith does not know, call it .csv to get a proposal
    [exit 1]
    ");
    home.file("letter", "12/03/24, good morning\n");
    assert_snapshot!(said(&home, "import letter"), @r#"
    Error: could not import letter: the file has no header: where the names of the columns should stand is "12/03/24, good morning"
    Hint: export again with the column names in the first line, or write them there: Name, Email, Phone, Birthday, Notes are some that kith knows
    [exit 1]
    "#);

    let mut command = home.command();
    let mut child = command
        .args(["import", "-", "--json"])
        .stdin(std::process::Stdio::piped())
        .stdout(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    std::io::Write::write_all(&mut child.stdin.take().unwrap(), table.as_bytes()).unwrap();
    let said: serde_json::Value = serde_json::from_slice(&child.wait_with_output().unwrap().stdout).unwrap();
    assert_eq!((&said["new"], &said["files"][0]["importer"]), (&1.into(), &"csv".into()));
}

#[test]
fn a_control_character_costs_no_row() {
    let home = Home::new();
    home.file("friends.csv", "Name,Email\nAda\u{1b}[1m,ada@example.org\nBob\0,bob@example.org\n");
    assert_snapshot!(said(&home, "import friends.csv"), @"
    friends.csv: 2 new, 0 updated, 0 unchanged, 0 in review, 0 skipped

    New
      line 2: Ada[1m
        note: control characters were left out; they stay in the original only
      line 3: Bob
        note: control characters were left out; they stay in the original only

    Next:
      kith circle assign close NAME…   say who is close to you
      kith plan                        whom to talk to, and why
    ");
}
