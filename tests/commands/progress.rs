//! What an import says while it lasts, and at its end.

use std::fmt::Write;
use std::process::{Command, Stdio};

use insta::assert_snapshot;

use super::{fixture, say};
use crate::support::Home;

/// An address book that takes a while.
fn large(home: &Home, people: usize) {
    let mut cards = String::new();
    for n in 0..people {
        let _ = write!(
            cards,
            "BEGIN:VCARD\nVERSION:3.0\nFN:Person {n}\nEMAIL:person{n}@example.org\nTEL:+49 170 {n:07}\nEND:VCARD\n"
        );
    }
    home.file("large.vcf", cards);
}

/// Runs kith with standard error on a terminal, and prints what it wrote there.
const ON_A_TERMINAL: &str = "
import os, pty, subprocess, sys
master, terminal = pty.openpty()
child = subprocess.Popen(sys.argv[1:], stderr=terminal, stdout=subprocess.DEVNULL)
os.close(terminal)
said = b''
while True:
    try:
        more = os.read(master, 4096)
    except OSError:
        break
    if not more:
        break
    said += more
sys.stdout.buffer.write(said)
sys.exit(child.wait())
";

fn on_a_terminal(home: &Home, term: &str, words: &[&str]) -> Option<String> {
    let output = Command::new("python3")
        .args(["-c", ON_A_TERMINAL, env!("CARGO_BIN_EXE_kith")])
        .args(words)
        .env("HOME", home.path())
        .env("TERM", term)
        .env_remove("NO_COLOR")
        .env_remove("XDG_DATA_HOME")
        .env_remove("XDG_CONFIG_HOME")
        .current_dir(home.path())
        .stdin(Stdio::null())
        .output()
        .ok()?;
    assert!(output.status.success(), "{output:?}");
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_long_import_shows_a_bar_on_a_terminal_and_wipes_it_out() {
    let home = Home::new();
    large(&home, 6_000);
    let Some(said) = on_a_terminal(&home, "xterm", &["import", "large.vcf", "--dry-run"]) else {
        eprintln!("skipped: there is no python3 to make a terminal with");
        return;
    };
    // On a machine that is done in half a second there is nothing to show.
    if !said.is_empty() {
        assert!(said.starts_with("\rlarge.vcf: ") && said.ends_with('\r'), "{said:?}");
        let last = said.trim_end_matches('\r').rsplit('\r').next().unwrap();
        assert!(last.trim().is_empty(), "{said:?}");
        for line in said.split('\r') {
            assert!(line.chars().count() < 80 && !line.contains('\n'), "{line:?}");
        }
    }
    let said = on_a_terminal(&home, "xterm", &["import", "large.vcf", "--dry-run", "--json"]).unwrap();
    assert_eq!(said, "", "programs are told nothing");
}

#[test]
fn on_a_dumb_terminal_nothing_is_written_over() {
    let home = Home::new();
    large(&home, 6_000);
    for term in ["dumb", ""] {
        let Some(said) = on_a_terminal(&home, term, &["import", "large.vcf", "--dry-run"]) else { return };
        // A pseudo-terminal ends lines with both.
        assert!(!said.replace("\r\n", "\n").contains(['\r', '\u{1b}']), "{term}: {said:?}");
    }
}

#[test]
fn without_a_terminal_a_short_import_says_nothing_of_its_progress() {
    let home = Home::new();
    large(&home, 50);
    assert_eq!(home.kith(&["import", "large.vcf"]).succeeds().stderr, "");
}

#[test]
fn the_end_says_what_to_do_next() {
    let home = Home::new();
    for name in ["phone.vcf", "google.csv", "Connections.csv"] {
        std::fs::copy(fixture(name), home.path().join(name)).unwrap();
    }
    let end = |line: &str| {
        let said = say(&home, line);
        let at = said.find(" files in all").or_else(|| said.find("\nNext:")).unwrap();
        said[at..].to_owned()
    };
    assert_snapshot!(end("import phone.vcf google.csv Connections.csv --dry-run"), @"
     files in all: 9 new, 2 updated, 0 unchanged, 1 in review, 1 skipped

    This was a rehearsal: nothing was changed.
    ");
    assert_snapshot!(end("import phone.vcf"), @"

    Next:
      kith circle assign close NAME…   say who is close to you
      kith plan                        whom to talk to, and why
    ");
    assert_snapshot!(end("import google.csv Connections.csv"), @"
     files in all: 3 new, 2 updated, 0 unchanged, 1 in review, 0 skipped

    Next:
      kith review                      say who is the same person: 1 pair waits
      kith circle assign close NAME…   say who is close to you
      kith plan                        whom to talk to, and why
    ");
    assert_snapshot!(end("import phone.vcf google.csv"), @" files in all: 0 new, 0 updated, 9 unchanged, 0 in review, 1 skipped");
}
