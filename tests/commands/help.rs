//! What kith says of itself, and that it is true.

use super::{fixture, words};
use crate::support::Home;

/// The commands that `kith --help` names.
fn commands(home: &Home) -> Vec<String> {
    let help = home.kith(&["--help"]).succeeds().stdout;
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
    let names = commands(&home);
    for name in
        ["serve", "import", "list", "show", "log", "plan", "feed", "status", "check", "circle", "edit"]
    {
        assert!(names.iter().any(|known| known == name), "{name} is not in {names:?}");
    }
    let mut helps = vec![home.kith(&["--help"]).succeeds().stdout];
    helps.extend(names.iter().map(|name| home.kith(&[name, "--help"]).succeeds().stdout));
    for help in &helps {
        for line in examples(help) {
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
fn help_fits_a_narrow_terminal() {
    let home = Home::new();
    let mut all = vec![Vec::new()];
    all.extend(commands(&home).into_iter().map(|name| vec![name]));
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
        ("log anna tea --met --called", "cannot be used with"),
        ("edit anna --comfort maybe", "[possible values: yes, not-now, never]"),
        ("edit anna", "nothing to change was given"),
        ("edit anna --until friday", "--comfort"),
        ("circle set climbing", "circle set needs an interval"),
        ("circle set climbing --ideal moon", "\"moon\" is not an interval"),
        ("review 1", "--same"),
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
