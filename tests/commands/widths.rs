//! What is printed fits the terminal, however long the words are that it is about.

use unicode_width::UnicodeWidthStr;

use super::examples::everything;
use super::{TODAY, words};
use crate::support::Home;
use crate::support::terminal::{DECISION, on_a_terminal};

/// The columns of a narrow terminal.
const NARROW: usize = 40;

const LONG: &str = "Konstantina Maximiliana Theodora von und zu Hohenfels-Wittelsbach";
const FILE: &str = "an address book from the old telephone in the second drawer 2019.vcf";

/// A home whose people have long names, long addresses, and names in other scripts.
fn long_winded() -> Home {
    let home = Home::new();
    let card = |name: &str, more: &str| format!("BEGIN:VCARD\nVERSION:3.0\nFN:{name}\n{more}END:VCARD\n");
    let ways = "ORG:The Society for the Keeping of Long Names and Longer Titles\n\
                TITLE:Deputy of the Second Secretary for the Affairs of the Society\n\
                EMAIL:konstantina.maximiliana.theodora@a-rather-long-domain.example.org\n\
                TEL:+49 170 1111111\nBDAY:1985-11-30\nURL:https://example.org/people/of/the/society/konstantina\n\
                ADR:;;The Longest Street of the Whole Town 123;Hohenfels;;12345;\n\
                X-SPOUSE:Konstantin Maximilian Theodor von Hohenfels-Wittelsbach the younger\n\
                NOTE:We met on a train that was late, and talked about names until it came.\n";
    let book = card(LONG, ways)
        + &card("山田 太郎 東京の友達の友達の友達の友達", "ORG:とても長い名前のとても長い名前の会社\n")
        + &card("🦊 Foxy 👩\u{200d}👩\u{200d}👧 🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉🎉", "EMAIL:fox@example.org\n")
        + &card("Anna Amsel", "NOTE:plays the cello\n")
        + &card("", "ORG:The Foundry of Rather Long Names for Organisations\n");
    home.file(FILE, &book);
    let other = [
        ("1111111", "2222222"),
        ("EMAIL:", "EMAIL:other."),
        ("BDAY", "X-DAY"),
        ("URL", "X-URL"),
        ("TITLE:Deputy of the Second", "TITLE:Keeper of the Great Seal and"),
        (
            "FN:",
            "NICKNAME:N
FN:",
        ),
    ];
    let other = other.iter().fold(book, |book, (from, to)| book.replace(from, to));
    home.file("other.vcf", other);
    home.file("third.vcf", card("T. Hohenfels-Wittelsbach", "TEL:+49 30 7654321\n"));
    home.drop_in("a picture of the holidays that nobody can import.jpg", b"\xff\xd8\xff\xe0");
    let run = |line: &str| {
        home.kith(
            &[&words(line).iter().map(String::as_str).collect::<Vec<_>>()[..], &["--today", TODAY]].concat(),
        )
        .succeeds()
    };
    run(&format!("import \"{FILE}\""));
    run("import other.vcf");
    run("import third.vcf");
    run("merge 1 11");
    run("circle set \"people of the long way round\" --ideal 30d --latest 60d --channel meet");
    run("circle assign \"people of the long way round\" 1");
    run("circle assign family 2 4");
    run("log 1 \"many things, and among them the names that people have, and why\" --on \"40 days ago\"");
    run("log 2 電話で話した、とても長い話で、いろいろなことを話しました --wrote --on \"20 days ago\"");
    run("pause 1 --from 2029-12-21 --until 2030-01-03");
    run("edit 4 --comfort never");
    home
}

/// What prints lines of its own, in an order in which each finds what it needs.
const PRINTED: [&str; 91] = [
    "list",
    "list nobody",
    "list --archived",
    "show 1",
    "show 2",
    "show 3",
    "show 1 --sources",
    "conflicts",
    "due",
    "due --today 2026-11-30",
    "plan",
    "plan --days 60",
    "feed",
    "status",
    "check",
    "plugin list",
    "plugin check vcard other.vcf",
    "plugin run vcard other.vcf",
    "review",
    "circle",
    "circle list",
    "pause",
    "merge 1 2 --dry-run",
    "merge 1 6 --dry-run",
    "imports",
    "import other.vcf --dry-run",
    "import other.vcf third.vcf --dry-run",
    "add \"A name of somebody that is not at all short, Hohenfels on the Hill, whom I know from the train that was late\"",
    "archive 2 3",
    "archive --back 2 3",
    "circle set \"people of the long way round\" --ideal 20d --channel call",
    "circle assign friends 1 2 3",
    "promise 2 \"the article about the names that people have, and why\" --by \"in 3 weeks\"",
    "goal \"3 talks about the names that people have, and why they have them\" --circle friends --until 2027-03-31",
    "goal",
    "goal --note names",
    "goal --reached names",
    "goal \"90 talks with anybody who has a name\" --until 2026-12-31",
    "occasion \"The yearly meeting of those who have long names\" --on 2027-01-15 --people all",
    "occasion",
    "ask 2 \"a word with the Deputy of the Second Secretary\"",
    "offer 2 \"the yearly meeting of those who have long names\" --invite",
    "promise",
    "why 2",
    "simulate --weeks 2",
    "note 2 --interest \"the names that people have, and why they have them\" --learn 電話で話した、とても長い話で",
    "prep 2",
    "prep 1 --draft",
    "promise 2 --kept",
    "ask 2 --asked",
    "wins",
    "review-week",
    "goal --let-go 90",
    "occasion --forget yearly",
    "done 2",
    "log 1 2 3 \"what was said\"",
    "log 1 letters --wrote",
    "snooze 2 friday",
    "skip 3",
    "pause 2 --until \"in 2 weeks\"",
    "pause --end 2",
    "edit 4 --note \"a note that is longer than the line that it stands on\"",
    "met \"The yearly meeting of those who have long names\" 1 \"Somebody new, from far away\"",
    "tie 4 \"a friend of many years from the train\" \"somebody new\"",
    "tie 4",
    "path \"somebody new\"",
    "path society",
    "introduce \"somebody new\" --through 1 --for \"the yearly meeting of those who have long names\"",
    "introduce 1 --to \"somebody new\" --because \"both have very long names, and neither knows why\"",
    "introduce",
    "review 1 --different",
    "review 2 --same",
    "split 1",
    "merge 1 7",
    "recall --area music",
    "demo --once",
    "help circles",
    "help goals",
    "help introductions",
    "help clock",
    "help comfort",
    "help promises",
    "help review",
    "help budget",
    "help people",
    "help dates",
    "help plan",
    "undo",
    "undo --redo",
    "undo --list",
    "feed --rotate",
];

/// Commands that print no lines of this kind, and why.
const OTHERS: [(&str, &str); 6] = [
    ("sort", "it asks, which is tried below"),
    ("serve", "it logs"),
    ("export", "it prints what other programs read"),
    ("setup", "it shows files as they will be"),
    ("completions", "it prints a program for a shell"),
    ("man", "it prints a page for man"),
];

/// Lines that are wider than they may be: only what is copied in one piece may be.
fn too_wide(said: &str) -> Vec<&str> {
    let may_be = |line: &str| {
        !line.contains(' ') || ["kith ", "Usage: kith "].iter().any(|copied| line.starts_with(copied))
    };
    said.lines().filter(|line| line.width() > NARROW && !may_be(line.trim_start())).collect()
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let home = long_winded();
    for line in PRINTED {
        let mut command = home.command();
        command.env("COLUMNS", NARROW.to_string()).args(words(line));
        if !line.contains("--today") && !["demo", "help"].iter().any(|free| line.starts_with(free)) {
            command.args(["--today", TODAY]);
        }
        let output = command.output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{line}: {said}{}", String::from_utf8_lossy(&output.stderr));
        assert_eq!(too_wide(&said), [""; 0], "kith {line}:\n{said}");
    }
}

#[test]
fn every_command_is_among_those_that_are_tried() {
    let home = Home::new();
    for command in everything(&home).iter().filter_map(|words| words.first()) {
        let is_tried = PRINTED.iter().any(|line| line.split(' ').next() == Some(command));
        assert_ne!(is_tried, OTHERS.iter().any(|(name, _)| name == command), "{command}");
    }
}

#[test]
fn no_line_of_help_is_wider_than_the_terminal() {
    let home = Home::new();
    for of in everything(&home) {
        let output =
            home.command().env("COLUMNS", NARROW.to_string()).args(&of).arg("--help").output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(too_wide(&said), [""; 0], "kith {}:\n{said}", of.join(" "));
    }
}

#[test]
fn no_error_and_no_question_is_wider_than_the_terminal() {
    let home = long_winded();
    for (line, typed) in [
        ("show nobody", &[][..]),
        ("show hohenfels", &["\n"]),
        ("split 4", &[]),
        ("split 1 --card 99", &[]),
        ("archive --back 1", &[]),
        ("log 1 tea --on someday", &[]),
        ("log 1", &[]),
        ("plan --dys 3", &[]),
        ("plan --days many", &[]),
        ("circle assign nowhere 1", &[]),
        ("circle assign family --query hohenfels", &["n\n"]),
        ("snooze 4 friday", &[]),
        ("edit 1 --remove-email nobody@example.org", &[]),
        ("import /nowhere/at/all/nothing.vcf", &[]),
        ("review", &["u", "l", "q"]),
        ("sort --suggest", &["?", "u", "q"]),
        ("prep 4", &[]),
        ("recall --area music", &["1\n", "Anna Amsel\n", "q\n"]),
    ] {
        let mut command = home.command();
        command.args(words(line)).args(["--today", TODAY]);
        let Some((_, said)) = on_a_terminal(&command, 40, &format!("{DECISION}|> $"), typed) else { return };
        assert_eq!(too_wide(&said), [""; 0], "kith {line}:\n{said}");
    }
    let mut command = home.command();
    let unknown =
        home.file("unknown.csv", "Who on earth,What on earth,Why on earth\nAda Lund,ada@example.org,3\n");
    command.arg("import").arg(unknown);
    let said = on_a_terminal(&command, 40, DECISION, &[]).unwrap().1;
    assert!(said.contains("headers = [\"Who on earth\", \"What on earth\", \"Why on earth\"]"), "{said}");
}
