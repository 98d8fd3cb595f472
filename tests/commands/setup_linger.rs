//! `kith setup --linger`. logind does not run where tests do, so that what it
//! is asked and how it answers is a stand-in's.

use std::fs;

use insta::assert_snapshot;

use super::setup::{port, setup, started, told, with_systemd};

/// What a file of the home says is how the user lingers, and another is why that
/// cannot be changed.
const LOGIND: &str = r#"#!/bin/sh
if [ "$1" = show-user ]; then cat "$HOME/lingers"; exit; fi
if [ -e "$HOME/refuses" ]; then cat "$HOME/refuses" >&2; exit 1; fi
echo "loginctl $*" >>"$HOME/told"
case "$1" in enable-linger) echo yes ;; *) echo no ;; esac >"$HOME/lingers"
"#;

#[test]
fn all_else_is_done_and_said_where_nothing_lingers() {
    let home = with_systemd();
    let port = port();
    let said = setup(&home, &format!("setup --linger --port {port}"));
    let (done, rest) = said.split_once("\nNext:\n").unwrap();
    assert!(done.contains("Run systemctl --user start") && done.contains("Your inbox:"), "{said}");
    let (_, error) = rest.split_once("Error: ").unwrap();
    assert_snapshot!(error, @r#"
    kith will not run while you are not logged in: loginctl enable-linger failed: Failed to connect to bus: No such file or directory
    Hint: all else is done. This takes logind, and perhaps an administrator: sudo loginctl enable-linger "$USER"
    [exit 1]
    "#);
    assert!(!home.data("setup.json").exists(), "what is not so is not noted");
    started(&home);
    let said = setup(&home, "setup --linger --json");
    assert!(said.contains("\"steps\": []") && said.ends_with("[exit 1]\n"), "{said}");
    assert!(setup(&home, "setup --remove").ends_with("all that kith knows.\n"));
}

#[test]
fn whoever_lingers_does_so_once_and_until_it_is_removed() {
    let home = with_systemd();
    home.file("bin/loginctl", LOGIND);
    home.file("lingers", "no\n");
    let said = setup(&home, &format!("setup --linger --port {}", port()));
    assert!(said.contains("\nRun loginctl enable-linger.\n") && !said.contains("Error"), "{said}");
    assert!(told(&home).ends_with("loginctl enable-linger\n"));
    assert!(fs::read_to_string(home.data("setup.json")).unwrap().contains("\"linger\": true"));
    started(&home);
    assert!(setup(&home, "setup --linger").starts_with("Nothing to change.\n"));
    assert_eq!(told(&home), "");
    // It cannot be taken back: that is told, and tried again by the next.
    home.file("refuses", "Could not disable linger: Access denied\n");
    let said = setup(&home, "setup --remove");
    let (done, error) = said.split_once("Error: ").unwrap();
    assert!(done.contains("Run loginctl disable-linger.\n"), "{done}");
    assert_snapshot!(error, @"
    your services still run while you are not logged in: loginctl disable-linger failed: Could not disable linger: Access denied
    Hint: all else is done; kith setup --remove tries it again
    [exit 1]
    ");
    told(&home);
    home.file("units", "");
    fs::remove_file(home.path().join("refuses")).unwrap();
    setup(&home, "setup --remove");
    assert_eq!(told(&home), "loginctl disable-linger\n");
    assert!(setup(&home, "setup --remove").starts_with("Nothing to change.\n"));
}

#[test]
fn whoever_lingers_already_does_so_without_setup() {
    let home = with_systemd();
    home.file("bin/loginctl", LOGIND);
    home.file("lingers", "yes\n");
    setup(&home, &format!("setup --linger --port {}", port()));
    started(&home);
    setup(&home, "setup --remove");
    assert!(!told(&home).contains("loginctl"), "what setup did not do it does not undo");
}

#[test]
fn a_refusal_to_linger_says_who_may() {
    let home = with_systemd();
    home.file("bin/loginctl", LOGIND);
    home.file("lingers", "no\n");
    home.file("refuses", "Could not enable linger: Access denied\n");
    let said = setup(&home, &format!("setup --linger --port {}", port()));
    let (_, error) = said.split_once("Error: ").unwrap();
    assert_snapshot!(error, @r#"
    kith will not run while you are not logged in: loginctl enable-linger failed: Could not enable linger: Access denied
    Hint: all else is done. This takes logind, and perhaps an administrator: sudo loginctl enable-linger "$USER"
    [exit 1]
    "#);
}
