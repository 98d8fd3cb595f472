//! What kith says of itself, and that it is true.

use super::{fixture, words};
use crate::support::Home;

/// The commands that `--help` names, of kith or of one of them.
fn commands(home: &Home, of: &[&str]) -> Vec<String> {
    let help = home.kith(&[of, &["--help"]].concat()).succeeds().stdout;
    let (_, list) = help.split_once("Commands:\n").unwrap();
    let (list, _) = list.split_once("\n\n").unwrap();
    list.lines()
        .filter(|line| line.starts_with("  ") && !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|name| *name != "help")
        .map(str::to_owned)
        .collect()
}

/// The example lines of a help text, without `kith`.
fn examples(help: &str) -> Vec<&str> {
    let (_, rest) = help.split_once("Examples:\n").unwrap_or_else(|| panic!("no examples in\n{help}"));
    let found: Vec<&str> = rest.lines().map_while(|line| line.trim().strip_prefix("kith ")).collect();
    assert!(!found.is_empty(), "{help}");
    found
}

#[test]
fn every_example_of_every_help_is_understood() {
    let home = Home::new();
    for (name, from) in [("contacts.vcf", "phone.vcf"), ("Connections.csv", "Connections.csv")] {
        std::fs::copy(fixture(from), home.path().join(name)).unwrap();
    }
    let names = commands(&home, &[]);
    for name in [
        "serve", "import", "list", "show", "log", "plan", "feed", "status", "check", "circle", "edit", "due",
        "done", "snooze", "skip", "pause", "add", "recall", "met", "archive",
    ] {
        assert!(names.iter().any(|known| known == name), "{name} is not in {names:?}");
    }
    let mut lines: Vec<Vec<&str>> = vec![vec![]];
    lines.extend(names.iter().map(|name| vec![name.as_str()]));
    let nested = commands(&home, &["circle"]);
    assert_eq!(nested, ["list", "set", "assign"]);
    lines.extend(nested.iter().map(|name| vec!["circle", name.as_str()]));
    for of in lines {
        let help = home.kith(&[&of[..], &["--help"]].concat()).succeeds().stdout;
        for line in examples(&help) {
            assert!(line.starts_with(&of.join(" ")), "an example of {of:?}: {line}");
            // What stands in a file is the shell's to give.
            let line = line.split(" < ").next().unwrap_or(line);
            let mut words = words(&line.replace("*.vcf", "contacts.vcf"));
            if ["serve", "demo"].contains(&words[0].as_str()) {
                // These do not end by themselves: what they are given is understood all the same.
                words.push("--help".to_owned());
            }
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let ran = home.kith(&words);
            assert!(matches!(ran.code, Some(0 | 1)), "kith {line}: {ran:?}");
            assert!(!ran.stderr.starts_with("error:"), "kith {line}: {ran:?}");
        }
    }
}

#[test]
fn help_says_what_a_command_does_at_length() {
    let home = Home::new();
    for (command, says, last) in [
        ("import", "The same file twice changes nothing.", "--dry-run"),
        ("log", "Without an option you talked", "--on <DATE>"),
        ("edit", "Your changes stay, whatever is imported later.", "--remove-phone"),
        ("review", "after 30 days undecided both are planned", "--different"),
    ] {
        let help = home.kith(&[command, "--help"]).succeeds().stdout.replace('\n', " ");
        assert!(help.contains(says), "{command}: {help}");
        // A command's own options come before those that all have.
        let at = |word: &str| help.find(word).unwrap_or_else(|| panic!("{word} in {help}"));
        assert!(at(last) < at("--today") && at("--today") < at("--json"), "{command}: {help}");
    }
}

#[test]
fn help_fits_a_narrow_terminal() {
    let home = Home::new();
    let mut all = vec![Vec::new()];
    all.extend(commands(&home, &[]).into_iter().map(|name| vec![name]));
    for mut words in all {
        words.push("--help".to_owned());
        let output = home.command().env("COLUMNS", "80").args(&words).output().unwrap();
        let help = String::from_utf8(output.stdout).unwrap();
        for line in help.lines() {
            assert!(line.chars().count() <= 80, "{words:?}: {line}");
        }
    }
}

#[test]
fn what_is_not_understood_is_said_on_stderr_with_code_2() {
    let home = Home::new();
    for (line, says) in [
        ("", "Usage: kith [OPTIONS] <COMMAND>"),
        ("pln", "unrecognized subcommand 'pln'"),
        ("plan --day 3", "a similar argument exists: '--days'"),
        ("plan --days 0", "0 is not in 1..=730"),
        ("log anna", "<WHAT>"),
        ("snooze anna", "<DATE>"),
        ("met Fair", "<PERSON>"),
        ("add", "<LINE>"),
        ("archive", "<PERSON>"),
        ("pause --end --until friday", "cannot be used with"),
        ("pause --from friday", "--until"),
        ("log anna tea --met --called", "cannot be used with"),
        ("edit anna --comfort maybe", "[possible values: yes, not-now, never]"),
        ("edit anna", "nothing to change was given"),
        ("edit anna --until friday", "--comfort"),
        ("circle set climbing", "circle set needs an interval"),
        ("circle set climbing --ideal moon", "\"moon\" is not an interval"),
        ("review 1", "--same"),
        ("review one --same", "write the number that kith review shows"),
        ("serve --listen 8080", "it is not an address with a port; write 127.0.0.1:PORT"),
        ("edit anna --add-email anna", "\"anna\" is not an email address"),
        ("import", "<FILES>"),
        ("serve --listen 0.0.0.0:80", "this computer only"),
        ("serve --today 2027-01-01", "--today is for commands that end"),
    ] {
        let words = words(line);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let ran = home.kith(&words).fails(2);
        assert!(ran.stderr.contains(says), "kith {line}\n{}", ran.stderr);
        assert_eq!(ran.stdout, "", "kith {line}");
    }
}
