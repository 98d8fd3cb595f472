//! What kith says of itself, and that it is true.

use super::words;
use crate::support::Home;

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
fn what_is_not_understood_is_said_on_stderr_with_code_2() {
    let home = Home::new();
    for (line, says) in [
        ("", "Usage: kith [OPTIONS] <COMMAND>"),
        ("pln", "unrecognized subcommand 'pln'"),
        ("plan --day 3", "a similar argument exists: '--days'"),
        ("plan --days 0", "a number of days from 1 to 730"),
        ("plan --days none", "a number of days from 1 to 730"),
        ("setup --port 0 --dry-run", "0 is not in 1..=65535"),
        ("setup --email nonsense --dry-run", "is not an email address"),
        ("setup --phone abc --dry-run", "is not a telephone number"),
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
