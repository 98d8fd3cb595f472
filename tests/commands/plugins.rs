//! kith plugin: what authors of importers try theirs with.

use std::fs;

use insta::assert_snapshot;
use serde_json::Value;

use super::{example_plugin, say};
use crate::support::Home;

/// An importer that keeps every rule: a line of small letters is a uid, any other is skipped.
pub(super) const GOOD: &str = r#"
BEGIN { print "{\"type\":\"hello\",\"name\":\"toy\",\"protocols\":[1]}"; fflush(); part = -1 }
function header(text) {
    if (text !~ /^\{.*\}$/) { broken = 1; exit }
    if (text !~ /^\{"kind":"file"/) { print "{\"type\":\"failed\",\"reason\":\"no file\"}"; failed = 1; exit }
    match(text, /"bytes":[0-9]+/)
    left = substr(text, RSTART + 8, RLENGTH - 8) + 0
    part++; line = 0
}
function take(text) {
    line++
    at = "\"at\":{\"part\":" part ",\"line\":" line "}"
    if (text ~ /^[a-z]+$/) {
        print "{\"type\":\"contact\"," at ",\"contact\":{\"uid\":\"" text "\"},\"raw\":\"" text "\"}"
        contacts++
    } else {
        print "{\"type\":\"skipped\"," at ",\"reason\":\"no name\"}"
        skips++
    }
}
left == 0 { header($0); next }
length($0) < left { left -= length($0) + 1; take($0); next }
{ rest = substr($0, left + 1); take(substr($0, 1, left)); left = 0; if (rest != "") header(rest) }
END {
    if (failed) exit 0
    if (left > 0 || broken) exit 1
    printf "{\"type\":\"done\",\"counts\":{\"contact\":%d,\"skipped\":%d}}\n", contacts, skips
}
"#;

/// A home with `toy.toml`, whose program is this, and `people.toy`, which it reads.
pub(super) fn home_with(program: &str) -> Home {
    let home = Home::new();
    home.file(
        "toy.toml",
        format!(
            "name = 'toy'\nexec = ['awk', '''{program}''']\nprotocols = [1]\nextensions = ['toy']\n[limits]\nseconds = 10\n"
        ),
    );
    home.file("people.toy", "anna\nbert\nC3PO\n");
    home
}

/// The good importer with something else in one place.
pub(super) fn with(from: &str, to: &str) -> String {
    assert!(GOOD.contains(from), "{from}");
    GOOD.replacen(from, to, 1)
}

#[test]
fn a_good_importer_is_called_good() {
    let home = home_with(GOOD);
    assert_snapshot!(say(&home, "plugin check ./toy.toml people.toy"), @"
    manifest: good
    program: good
    hello before it reads: good (0 contacts, 0 skipped)
    no file at all: good (0 contacts, 0 skipped)
    an empty file: good (0 contacts, 0 skipped)
    text that is none of its: good (0 contacts, 3 skipped)
    bytes that are no UTF-8: good (0 contacts, 5 skipped)
    options, and a name that is hard to read: good (0 contacts, 3 skipped)
    several files at once: good (0 contacts, 6 skipped)
    a part of an unknown kind: good (failed: no file)
    a header that is cut off: good (no answer, as it should be)
    a file of which nothing comes: good (no answer, as it should be)
    a file that is cut off: good (no answer, as it should be)
    256 KiB of text: good (0 contacts, 5350 skipped)
    nobody listens any more: good (it ended)
    people.toy: good (2 contacts, 1 skipped)
    people.toy with bytes that are no UTF-8: good (1 contact, 2 skipped)
    people.toy with letters that are not ASCII: good (1 contact, 2 skipped)
    people.toy with signs that JSON escapes: good (1 contact, 2 skipped)
    people.toy, cut off: good (no answer, as it should be)
    all files at once: good (4 contacts, 2 skipped)
    all files at once, without the ends of their last lines: good (4 contacts, 2
    skipped)
    ");
}

#[test]
fn what_hangs_is_told_with_what_may_be_why() {
    let home = home_with(&with("; fflush()", ""));
    let manifest = fs::read_to_string(home.path().join("toy.toml")).unwrap();
    home.file("toy.toml", manifest.replace("seconds = 10", "seconds = 1"));
    assert_snapshot!(say(&home, "plugin check ./toy.toml"), @r#"
    manifest: good
    program: good
    hello before it reads: wrong
      Wrong: toy ran for 1 second and was ended, and had not said hello; it may be
      that what it writes stays in a buffer
        PROTOCOL.md, Framing: "The first message is `hello`; the plugin writes it at
        once, before it reads."

    It was tried without a file of the sort that it reads: name some, and more is
    tried.
    Error: ./toy.toml breaks the protocol: 1 of 3 attempts went wrong; see above
    [exit 1]
    "#);
}

#[test]
fn what_a_manifest_names_and_is_not_there_is_said() {
    for (readable, says) in [
        ("nosuch", "nosuch, which cannot be opened: No such file or directory"),
        ("~/lists", "a ~ means nothing there"),
    ] {
        let home = home_with(GOOD);
        let manifest = fs::read_to_string(home.path().join("toy.toml")).unwrap();
        let manifest = manifest.replacen("exec =", &format!("readable = ['{readable}']\nexec ="), 1);
        home.file(".local/share/kith/plugins/toy.toml", &manifest);
        home.file("toy.toml", &manifest);
        let unwrapped = |said: String| said.split_whitespace().collect::<Vec<_>>().join(" ");
        let said = unwrapped(say(&home, "plugin check ./toy.toml"));
        assert!(said.contains("program: wrong") && said.contains(says), "check: {said}");
        assert!(!said.contains("It was tried"), "check: {said}");
        for command in ["plugin list", "import people.toy", "check"] {
            let said = unwrapped(say(&home, command));
            assert!(said.contains(says) || said.contains(readable), "{command}: {said}");
        }
    }
}

#[test]
fn what_a_field_cannot_be_is_left_out_and_told_with_the_record() {
    let program = with(
        r#"{\"uid\":\"" text "\"}"#,
        r#"{\"name\":{\"full\":\"Ada " text "\"},\"phones\":[{\"number\":\"\"}],\"anniversaries\":[{\"kind\":\"birth\",\"date\":\"2023-02-30\"}]}"#,
    );
    let home = home_with(&program);
    let manifest = fs::read_to_string(home.path().join("toy.toml")).unwrap();
    home.file(".local/share/kith/plugins/toy.toml", manifest.replace("['toy']", "['toy', 'vcf']"));
    let unwrapped = |said: String| said.split_whitespace().collect::<Vec<_>>().join(" ");
    let said = unwrapped(say(&home, "import people.toy"));
    assert!(
        said.contains("2 new")
            && said.contains(
                "note: the birthday “2023-02-30” names a day that does not exist and is kept as a note"
            )
            && said.contains("note: what has no text in it was left out"),
        "{said}"
    );
    let wrong = "SELECT count(*) FROM contact WHERE birthday IS NOT NULL OR kind = 'organization'";
    assert_eq!(home.count(wrong), 0, "{said}");
    // Whose cards it does not get.
    let said = unwrapped(say(&home, "plugin list"));
    assert!(
        said.contains("of .vcf it gets only what begins otherwise than there: vcard comes first"),
        "{said}"
    );
}

#[test]
fn what_kith_ignores_is_told_to_the_author() {
    let uid = r#"{\"uid\":\"" text "\"}"#;
    let misspelt =
        with(uid, "{\\\"uid\\\":\\\"\" text \"\\\",\\\"email\\\":\\\"a@b\\\",\\\"titel\\\":\\\"Dr\\\"}");
    let home = home_with(&misspelt);
    assert_snapshot!(say(&home, "plugin check ./toy.toml people.toy"), @r#"
    manifest: good
    program: good
    hello before it reads: good (0 contacts, 0 skipped)
    no file at all: good (0 contacts, 0 skipped)
    an empty file: good (0 contacts, 0 skipped)
    text that is none of its: good (0 contacts, 3 skipped)
    bytes that are no UTF-8: good (0 contacts, 5 skipped)
    options, and a name that is hard to read: good (0 contacts, 3 skipped)
    several files at once: good (0 contacts, 6 skipped)
    a part of an unknown kind: good (failed: no file)
    a header that is cut off: good (no answer, as it should be)
    a file of which nothing comes: good (no answer, as it should be)
    a file that is cut off: good (no answer, as it should be)
    256 KiB of text: good (0 contacts, 5350 skipped)
    nobody listens any more: good (it ended)
    people.toy: good (2 contacts, 1 skipped)
      Advice: kith does not know contact.email, and ignores it
        < {"type":"contact","at":{"part":0,"line":1},"contact":{"uid":"anna","email":"a@b","titel":"Dr"},"raw":"anna"}
        PROTOCOL.md, Rules: "Both sides ignore fields that they do not know."
      Advice: kith does not know contact.titel, and ignores it
        < {"type":"contact","at":{"part":0,"line":1},"contact":{"uid":"anna","email":"a@b","titel":"Dr"},"raw":"anna"}
        PROTOCOL.md, Rules: "Both sides ignore fields that they do not know."
    people.toy with bytes that are no UTF-8: good (1 contact, 2 skipped)
    people.toy with letters that are not ASCII: good (1 contact, 2 skipped)
    people.toy with signs that JSON escapes: good (1 contact, 2 skipped)
    people.toy, cut off: good (no answer, as it should be)
    all files at once: good (4 contacts, 2 skipped)
    all files at once, without the ends of their last lines: good (4 contacts, 2
    skipped)
    "#);
}

#[test]
fn what_cannot_be_tried_is_told() {
    let home = home_with(GOOD);
    let manifest = fs::read_to_string(home.path().join("toy.toml")).unwrap();
    home.file("bad.toml", "name = 'bad'\nrun = ['x']\n");
    home.file("gone.toml", manifest.replace("'toy'", "'gone'").replace("'awk'", "'./gone'"));
    home.file(".local/share/kith/plugins/bad.toml", "name = 'bad'\nrun = ['x']\n");
    for (line, says) in [
        ("plugin check bad.toml", "unknown field `run`"),
        ("plugin check gone.toml", "the program ./gone of the importer gone is not there"),
        ("plugin check missing.toml", "could not open missing.toml: it does not exist"),
        (
            "plugin check missing",
            "there is no importer missing\nHint: there are vcard, csv, ldif, json, monica, whatsapp, zip, mbox and calendar;",
        ),
        ("plugin check bad", "unknown field `run`"),
        ("plugin run bad people.toy", "unknown field `run`"),
        ("plugin run toy.toml missing", "could not open missing: it does not exist"),
        ("plugin check toy.toml missing", "could not read missing: it does not exist"),
    ] {
        let said = say(&home, line);
        assert!(said.contains(says), "{line}\n{said}");
        assert!(said.contains("[exit "), "{line}\n{said}");
    }
}

/// A plugin's author does not decide who reads the user's contacts.
#[test]
fn what_a_manifest_grants_is_shown_and_kiths_own_folders_cannot_be_granted() {
    let home = home_with(GOOD);
    let manifest = fs::read_to_string(home.path().join("toy.toml")).unwrap();
    let plugins = ".local/share/kith/plugins";
    for (name, readable) in [("greedy", "/"), ("sly", "../contacts.db"), ("open", "./names")] {
        let wish = format!("readable = ['{readable}']\n[limits]\nprocesses = 3\n");
        let manifest = manifest.replace("'toy'", &format!("'{name}'")).replace("[limits]\n", &wish);
        home.file(&format!("{plugins}/{name}.toml"), manifest);
    }
    home.file(&format!("{plugins}/names"), "Anna");
    home.kith(&["list"]).succeeds();
    let flat = |line: &str| say(&home, line).split_whitespace().collect::<Vec<_>>().join(" ");
    let (listed, checked) = (flat("plugin list"), flat("check"));
    for said in [
        "may read /, and have 3 processes at one time cannot run",
        "it would read /, and your home is in it Hint: name in it what the plugin needs alone",
        "contacts.db, and that is in a folder of kith's own",
        "reads .open may read ./names, and have 3 processes at one time",
    ] {
        assert!(listed.contains(said), "{said}: {listed}");
    }
    for said in ["it would read /, and your home is in it", "open may read ./names, and have 3 processes"] {
        assert!(checked.contains(said), "{said}: {checked}");
    }
    let tried = flat(&format!("plugin check {}", home.data("plugins/open.toml").display()));
    assert!(
        tried.starts_with("manifest: good (may read ./names, and have 3 processes at one time)"),
        "{tried}"
    );
    let list = home.json(&["plugin", "list"]);
    let open = list.as_array().unwrap().iter().find(|it| it["name"] == "open").unwrap();
    assert_eq!((&open["readable"][0], &open["processes"]), (&"./names".into(), &3.into()));
    let file = home.file("a.sly", "anna\n");
    let said = home.kith(&["import", file.to_str().unwrap()]).fails(3).stderr;
    assert!(said.contains("contacts.db, and that is in a folder of kith's own"), "{said}");
}

#[test]
fn importers_are_listed_with_what_keeps_them_from_running() {
    let home = home_with(GOOD);
    let manifest = fs::read_to_string(home.path().join("toy.toml")).unwrap();
    let plugins = ".local/share/kith/plugins";
    home.file(&format!("{plugins}/toy.toml"), &manifest);
    home.file(
        &format!("{plugins}/gone.toml"),
        manifest.replace("'toy'", "'gone'").replace("'awk'", "'./gone'"),
    );
    home.file(&format!("{plugins}/bad.toml"), "name = 'bad'\nrun = ['x']\n");
    assert_snapshot!(say(&home, "plugin list"), @r#"
    vcard: built in
      reads .vcf, .vcard, "BEGIN:VCARD…"
    csv: built in
      reads .csv, .tsv; tries .txt and names without one
    ldif: built in
      reads .ldif, .ldi, "dn:…", "version: 1…"
    json: built in
      reads .json, "[ {\"uid\":…"
    monica: built in
      reads .json, "{ \"version\": \"1.0-preview…", "{\"version\":\"1.0-preview…"
    whatsapp: built in
      reads .txt
    zip: built in
      reads .zip, "PK" 03 04…
    mbox: built in
      reads .mbox, .mbx, .eml, "From …"
    calendar: built in
      reads .ics, .ical, "BEGIN:VCALENDAR…"
    gone: ~/.local/share/kith/plugins/gone.toml
      reads .gone
      cannot run: the program ./gone of the importer gone is not there
      Hint: install it, or mend exec in
      ~/.local/share/kith/plugins/gone.toml
    toy: ~/.local/share/kith/plugins/toy.toml
      reads .toy
    Warning: could not use the importer's manifest ~/.local/share/kith/plugins/bad.toml: TOML parse error at line 2, column 1
      |
    2 | run = ['x']
      | ^^^
    unknown field `run`, expected one of `name`, `exec`, `readable`, `protocols`, `extensions`, `sniff`, `tries`, `limits`
    "#);
    let list = home.json(&["plugin", "list"]);
    let gone = list.as_array().unwrap().iter().find(|one| one["name"] == "gone").unwrap();
    assert_eq!(gone["runs"], false);
    assert!(gone["why_not"].as_str().unwrap().contains("./gone"));
    assert_eq!(
        (&list[0]["name"], &list[0]["manifest"], &list[0]["runs"]),
        (&"vcard".into(), &Value::Null, &true.into())
    );
}

#[test]
fn what_an_importer_says_is_shown_and_not_imported() {
    let home = home_with(GOOD);
    assert_snapshot!(say(&home, "plugin run ./toy.toml people.toy"), @"
    1: hello
       name: toy
       protocols[0]: 1
    2: contact of line 1
       contact.uid: anna
       raw: anna
    3: contact of line 2
       contact.uid: bert
       raw: bert
    4: skipped of line 3
       reason: no name
    5: done
       counts.contact: 2
       counts.skipped: 1
    ");
    let said = home.kith(&["plugin", "run", "./toy.toml", "people.toy", "--json"]).succeeds().stdout;
    let lines: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 5);
    assert_eq!(lines[1]["contact"]["uid"], "anna");
    assert_eq!(home.json(&["list"]), Value::Array(Vec::new()));
}

#[test]
fn of_one_that_goes_wrong_there_is_what_it_said_until_then() {
    let home = home_with(&with("skips++", "print \"oops\""));
    assert_snapshot!(say(&home, "plugin run ./toy.toml people.toy"), @"
    1: hello
       name: toy
       protocols[0]: 1
    2: contact of line 1
       contact.uid: anna
       raw: anna
    3: contact of line 2
       contact.uid: bert
       raw: bert
    4: skipped of line 3
       reason: no name
    5: oops
    Error: could not import people.toy: the importer toy wrote something that is not of the protocol, in line 5 of its answer (expected value at line 1 column 1)
    Hint: nothing of the file was taken; tell the people who make the importer toy, to whom kith plugin check says more
    [exit 1]
    ");
}

#[test]
fn the_examples_for_authors_break_no_rule_and_import() {
    let home = Home::new();
    let files = [
        (
            "abook",
            "addressbook",
            "# abook addressbook file\n\n[0]\nname=Anna Amsel\nemail=anna@example.org\n\n[1]\nname=Bert Kern\n",
        ),
        (
            "mutt",
            "my.aliases",
            "alias anna Anna Amsel <anna@example.org>\nalias bert Bert Kern <bert@example.org>\n",
        ),
    ];
    for (name, file, text) in files {
        for part in fs::read_dir(example_plugin("")).unwrap().map(|entry| entry.unwrap().path()) {
            let part_name = part.file_name().unwrap().to_str().unwrap();
            if part_name.starts_with(name) {
                home.file(&format!(".local/share/kith/plugins/{part_name}"), fs::read(&part).unwrap());
            }
        }
        let list = home.json(&["plugin", "list"]);
        let found = list.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap();
        if found["runs"] == false {
            eprintln!("skipped {name}: {}", found["why_not"]);
            continue;
        }
        home.file(file, text);
        let report = home.json(&["plugin", "check", name, file]);
        for one in report["tries"].as_array().unwrap() {
            assert_eq!(
                (&one["wrong"], &one["advice"]),
                (&Value::from([""; 0]), &Value::from([""; 0])),
                "{name}: {one:#}"
            );
        }
        let report = home.json(&["import", file]);
        assert_eq!(report["files"][0]["importer"], name);
        let taken = ["new", "updated", "review"].map(|what| report[what].as_u64().unwrap());
        assert_eq!(taken.iter().sum::<u64>(), 2, "{report:#}");
    }
}

#[test]
fn the_built_in_importers_break_no_rule() {
    let home = Home::new();
    for (name, file) in [("vcard", "phone.vcf"), ("csv", "Connections.csv")] {
        let report = home.json(&["plugin", "check", name, super::fixture(file).to_str().unwrap()]);
        for one in report["tries"].as_array().unwrap() {
            assert_eq!(one["wrong"], Value::from([""; 0]), "{name}: {one:#}");
        }
    }
}
