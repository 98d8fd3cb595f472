//! Every example of every help text, of what `kith help` explains and of
//! README.md, run in a shell as they stand.

use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

use super::{TODAY, fixture};
use crate::support::{Home, eventually};

/// The commands that `--help` names, of kith or of one of them.
pub(super) fn commands(home: &Home, of: &[&str]) -> Vec<String> {
    let help = home.kith(&[of, &["--help"]].concat()).succeeds().stdout;
    let Some((_, list)) = help.split_once("\nCommands:\n") else { return Vec::new() };
    list.split("\n\n")
        .next()
        .unwrap()
        .lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| of.is_empty() || *name != "help")
        .map(str::to_owned)
        .collect()
}

/// Every command, and those below it, as the words that lead there; kith itself is the first.
pub(super) fn everything(home: &Home) -> Vec<Vec<String>> {
    let mut all = vec![Vec::new()];
    let mut at = 0;
    while let Some(of) = all.get(at).cloned() {
        let words: Vec<&str> = of.iter().map(String::as_str).collect();
        all.extend(commands(home, &words).into_iter().map(|name| [&of[..], &[name]].concat()));
        at += 1;
    }
    all
}

/// The home of somebody who has what the examples name. Whoever adds an
/// example with another name or file adds that here.
fn lived_in() -> Home {
    let home = Home::new();
    home.file(".config/kith/kith.toml", "[serve]\nlisten = '127.0.0.1:0'\n");
    let card = |name: &str, more: &str| format!("BEGIN:VCARD\nVERSION:3.0\nFN:{name}\n{more}END:VCARD\n");
    let namesakes = ["Emil Berg", "Frieda Lund", "Gustav Diaz", "Hanna Sund"];
    let mut cards = card("Anna Müller", "EMAIL:anna@example.org\n")
        + &card("Bert Kern", "TEL:+49 170 2222222\nORG:Harbour Works\n")
        + &card("Carla Diaz", "")
        + &card("David Ono", "EMAIL:david@example.org\n")
        + &card("", "ORG:Acme\n");
    cards += &card("Carla Gone", "");
    namesakes.iter().for_each(|name| cards += &card(name, ""));
    home.file("contacts.vcf", cards);
    home.file("friends.csv", "Name\nRita Sand\n");
    // Four people of a name that is known, and nothing else in common: four reviews.
    let others: String = namesakes.iter().map(|name| card(name, "BDAY:1980-01-01\n")).collect();
    home.file("more/other.vcf", others);
    home.kith(&["import", "contacts.vcf"]).succeeds();
    home.kith(&["import", "more/other.vcf"]).succeeds();
    home.file("more/third.vcf", card("A. Müller", "TEL:+49 170 1111111\n"));
    home.kith(&["import", "more/third.vcf"]).succeeds();
    home.kith(&["archive", "Carla Gone"]).succeeds();
    home.kith(&["note", "anna", "--interest", "sailing"]).succeeds();
    home.kith(&["edit", "carla", "--circle", "friends"]).succeeds();
    for meant in [
        &["promise", "anna", "the recipe"][..],
        &["goal", "3 conversations about work", "--until", "2029-01-01"],
        &["ask", "carla", "a word with the editor"],
        &["offer", "anna", "the old camera"],
        &["occasion", "The jazz festival", "--on", "2029-01-01"],
    ] {
        home.kith(meant).succeeds();
    }
    home.kith(&["log", "anna", "hello"]).succeeds();
    for tied in [
        &["tie", "anna", "knows", "bert"][..],
        &["tie", "bert", "knows", "carla"],
        &["introduce", "carla", "--through", "bert"],
    ] {
        home.kith(tied).succeeds();
    }
    for who in [&[][..], &["anna"]] {
        let pause =
            [&["pause"], who, &["--from", "2029-01-01", "--until", "2029-01-08", "--today", TODAY]].concat();
        home.kith(&pause).succeeds();
    }
    assert_eq!(home.json(&["review"]).as_array().unwrap().len(), 4);
    fs::copy(fixture("Connections.csv"), home.path().join("Connections.csv")).unwrap();
    home.file("names.txt", "Ida Holm, Bergen\n");
    for name in ["abook.toml", "abook.awk"] {
        fs::copy(super::example_plugin(name), home.path().join(name)).unwrap();
    }
    home.file("addressbook", "# abook addressbook file\n\n[0]\nname=Anna Amsel\n");
    for folder in [".zfunc", ".config/fish/completions", ".local/share/bash-completion/completions"] {
        fs::create_dir_all(home.path().join(folder)).unwrap();
    }
    home
}

/// A copy of a home, so that an example does not see what the others did.
fn copy(home: &Home) -> Home {
    let copy = Home::new();
    let from = format!("{}/.", home.path().display());
    assert!(Command::new("cp").args(["-a", &from]).arg(copy.path()).status().unwrap().success());
    copy
}

/// Most commands are run on a pretended day, so that a day which an example names does not pass.
fn on_today(line: &str) -> String {
    if line.contains("--today") {
        return line.to_owned();
    }
    format!(
        "kith() {{ case $1 in serve | demo | setup | help | man | completions) command kith \"$@\" ;; \
         *) command kith \"$@\" --today {TODAY} ;; esac; }}\n{line}"
    )
}

/// A line for bash, in that home.
fn bash(home: &Home, line: &str) -> Command {
    let folder = Path::new(env!("CARGO_BIN_EXE_kith")).parent().unwrap().display();
    let mut command = Command::new("bash");
    command
        .args(["-c", line])
        .env_clear()
        .envs([("HOME", home.path().as_os_str()), ("TZ", "UTC".as_ref()), ("LC_ALL", "C.UTF-8".as_ref())])
        .env("PATH", format!("{folder}:{}", std::env::var("PATH").unwrap()))
        .current_dir(home.path())
        .stdin(Stdio::null());
    command
}

/// What is done before an example whose home others would not find as they need it.
const BEFORE: [(&str, &str); 5] = [
    ("kith split bert", "kith merge bert 7"),
    ("kith split anna", "kith merge anna \"A. Müller\""),
    ("kith split anna --of \"A. Müller\"", "kith merge anna \"A. Müller\""),
    ("kith split 7 --card 12", "kith merge 7 12"),
    ("kith undo --redo", "kith undo"),
];

/// What cannot be run without somebody at a terminal, and where it is tried.
const ASKS: [(&str, &str); 4] = [
    ("kith sort", "sorting.rs, on a terminal"),
    ("kith sort --suggest", "sorting.rs, on a terminal"),
    ("kith recall", "daily_recall.rs, on a terminal"),
    ("kith circle assign colleagues --query harbour", "an example of its help, with --yes"),
];

/// Runs an example; what is wrong with it, if anything is.
fn run(home: &Home, line: &str) -> Result<(), String> {
    let command = line.split(" #").next().unwrap_or_default().trim().to_owned();
    if ASKS.iter().any(|(asks, _)| *asks == command) {
        return Ok(());
    }
    if let Some(end) = ENDLESS.iter().find(|endless| endless.is(line)) {
        return end.run(home, line);
    }
    let man = Command::new("man").arg("--version").output().is_ok();
    let line = if man { line.to_owned() } else { line.replace("| man -l -", "| cat") };
    for (_, before) in BEFORE.iter().filter(|(example, _)| *example == command) {
        assert!(bash(home, &on_today(before)).status().unwrap().success(), "{before}");
    }
    let output = bash(home, &on_today(&line)).output().unwrap();
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    Err(format!("{line}\n  {}\n  {}", output.status, String::from_utf8_lossy(&said).trim_end()))
}

/// What does not end by itself: it is started, and ended once it says that it is there.
struct Endless {
    /// How its line begins.
    begins: &'static str,
    /// An option with which it does end.
    unless: &'static str,
    /// What it says when it is there.
    says: &'static str,
}

const ENDLESS: [Endless; 2] = [
    Endless { begins: "kith serve", unless: "--help", says: "kith is running" },
    Endless { begins: "kith demo", unless: "--once", says: "Until Ctrl-C" },
];

impl Endless {
    fn is(&self, line: &str) -> bool {
        line.starts_with(self.begins) && !line.contains(self.unless)
    }

    fn run(&self, home: &Home, line: &str) -> Result<(), String> {
        // A port that an example names may be taken on this computer.
        let mut words =
            line.split_whitespace().map(|word| if word.contains(":6000") { "127.0.0.1:0" } else { word });
        let exec = format!("exec {}", words.by_ref().collect::<Vec<_>>().join(" "));
        let log = home.file("log", "");
        let file = || fs::OpenOptions::new().append(true).open(&log).unwrap();
        let mut child = bash(home, &exec).stdout(file()).stderr(file()).process_group(0).spawn().unwrap();
        let said = || fs::read_to_string(&log).unwrap();
        let ended = eventually(line, || match child.try_wait().unwrap() {
            Some(status) => Some(Some(status)),
            None => said().contains(self.says).then_some(None),
        });
        if let Some(status) = ended {
            return Err(format!("{line}\n  {status}\n  {}", said()));
        }
        Command::new("kill").arg(child.id().to_string()).status().unwrap();
        let status = eventually("it ends", || child.try_wait().unwrap());
        if status.success() { Ok(()) } else { Err(format!("{line}\n  {status}\n  {}", said())) }
    }
}

/// The lines of a help text's examples.
fn examples(help: &str) -> Vec<&str> {
    let (_, rest) = help.split_once("Examples:\n").unwrap_or_else(|| panic!("no examples in\n{help}"));
    let found: Vec<&str> = rest.lines().map(str::trim).take_while(|line| line.starts_with("kith ")).collect();
    assert!(!found.is_empty(), "{help}");
    found
}

#[test]
fn every_example_of_every_help_does_what_it_says() {
    let home = lived_in();
    let mut broken = Vec::new();
    let everything = everything(&home);
    for of in &everything {
        let words: Vec<&str> = of.iter().map(String::as_str).collect();
        // As wide as it takes: an example is on one line.
        let output = home.command().env("COLUMNS", "200").args(&words).arg("--help").output().unwrap();
        let help = String::from_utf8(output.stdout).unwrap();
        for line in examples(&help) {
            assert!(
                line.starts_with(&[&["kith"], &words[..]].concat().join(" ")),
                "an example of {of:?}: {line}"
            );
            broken.extend(run(&copy(&home), line).err());
        }
    }
    assert!(everything.len() > 20, "{everything:?}");
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

#[test]
fn every_example_of_every_concept_does_what_it_says() {
    let home = lived_in();
    let mut broken = Vec::new();
    let listed = home.kith(&["help", "nonsense"]).fails(2).stderr;
    let (_, topics) = listed.split_once("the concepts are ").unwrap();
    for topic in topics.split(';').next().unwrap().split(", ") {
        let text = home.kith(&["help", topic]).succeeds().stdout;
        let text = text.split("\nThe command:\n").next().unwrap();
        let lines: Vec<&str> = text.lines().filter(|line| line.starts_with("  kith ")).collect();
        assert!(!lines.is_empty(), "{topic}");
        broken.extend(lines.iter().filter_map(|line| run(&copy(&home), line.trim()).err()));
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
}

/// What of the README's indented lines is not run, by their beginning, and why.
const NOT_RUN: [(&str, &str); 7] = [
    ("Thursday, 17 December 2026", "an entry of a calendar"),
    ("  Call Anna", "the same"),
    ("    You last talked", "the same"),
    ("cargo run ", "builds kith; kith demo is an example of its help"),
    ("cargo test ", "runs this test"),
    ("cargo install ", "installs kith"),
    ("mkdir -p ~/.local/share/bash-completion", "makes folders for the shells"),
];

#[test]
fn every_example_of_the_readme_does_what_it_says() {
    let readme = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../README.md")).unwrap();
    let lines: Vec<&str> = readme.lines().filter_map(|line| line.strip_prefix("    ")).collect();
    let home = lived_in();
    let mut broken = Vec::new();
    // One after the other in one home, as somebody would who reads it.
    for line in lines.iter().filter(|line| !NOT_RUN.iter().any(|(begins, _)| line.starts_with(begins))) {
        assert!(line.starts_with("kith "), "neither run nor among the exceptions: {line}");
        broken.extend(run(&home, line).err());
    }
    assert!(broken.is_empty(), "{}", broken.join("\n"));
    for (begins, why) in NOT_RUN {
        assert!(lines.iter().any(|line| line.starts_with(begins)), "no longer there ({why}): {begins}");
    }
}
