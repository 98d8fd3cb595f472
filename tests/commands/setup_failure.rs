//! A service that systemd cannot start: who is told, and what. How a real one
//! says it is tried in `tests/systemd`.

use std::fs;
use std::path::Path;
use std::process::Command;

use insta::assert_snapshot;

use super::setup::{port, setup, started, told, with_systemd};
use crate::support::Home;

/// What systemd says of a service whose credential is missing, which the first of its commands met.
const CREDENTIAL: &str = "SubState=auto-restart\nResult=exit-code\nExecMainStatus=0\nNRestarts=4\n\
     ExecStartPre={ path=mkdir ; argv[]=mkdir -p ; ignore_errors=no ; code=exited ; status=243 }\n";

/// Of one that crashed, and is not tried again.
const CRASHED: &str = "SubState=failed\nResult=signal\nExecMainStatus=11\nNRestarts=0\n";

/// Of one that could not use its configuration.
const CONFIGURATION: &str = "SubState=failed\nResult=exit-code\nExecMainStatus=3\nNRestarts=0\n";

/// systemd listens for kith, and the service is as it is said.
fn fails(home: &Home, state: &str, shown: &str) {
    let unit = |name: &str, state: &str, more: &str| {
        format!(
            "Id={name}\nUnitFileState=enabled\nActiveState={state}\nNeedDaemonReload=no\nMainPID=0\n{more}"
        )
    };
    let units = unit("kith.service", state, shown) + "\n" + &unit("kith.socket", "active", "");
    home.file("units", units);
}

/// What a command says of one thing.
fn line(home: &Home, words: &str, of: &str) -> String {
    let said = setup(home, words);
    let from = said.find(&format!("\n{of}:")).map_or(0, |at| at + 1);
    let mut lines = said[from..].lines();
    let first = lines.next().unwrap().to_owned();
    lines.take_while(|line| line.starts_with(' ')).fold(first, |all, line| all + "\n" + line)
}

#[test]
fn a_service_that_cannot_start_is_told_by_every_command() {
    let home = with_systemd();
    setup(&home, &format!("setup --port {}", port()));
    started(&home);
    told(&home);
    assert_eq!(line(&home, "check", "systemd"), "systemd: good");
    assert_eq!(line(&home, "check", "service"), "service: not running");

    fails(&home, "activating", CREDENTIAL);
    assert!(setup(&home, "check").ends_with("[exit 1]\n"));
    assert_snapshot!(line(&home, "check", "systemd"), @"
    systemd:
      kith.service does not start: a credential that the unit names cannot be read
      (LoadCredential=, SetCredential=; status 243); systemd tries it again and
      again; journalctl --user -u kith says more; when it is put right, systemctl
      --user restart kith starts it
    ");
    assert_snapshot!(line(&home, "status", "Service"), @"
    Service:   not running; kith.service does not start: a credential that the unit
               names cannot be read (LoadCredential=, SetCredential=; status 243);
               systemd tries it again and again; journalctl --user -u kith says
               more; when it is put right, systemctl --user restart kith starts it
    ");
    assert_snapshot!(setup(&home, "setup"), @"
    Nothing to change.
    Error: kith.service does not start: a credential that the unit names cannot be read (LoadCredential=, SetCredential=; status 243); systemd tries it again and again
    Hint: journalctl --user -u kith says more; when it is put right, systemctl --user restart kith starts it
    [exit 1]
    ");
    let said = setup(&home, "setup --json");
    assert!(said.contains("\"steps\": []") && said.ends_with("[exit 1]\n"), "{said}");
    assert_eq!(told(&home), "", "it is being tried already");
    assert!(setup(&home, "setup --no-start").contains("Your calendar:"), "nothing was to start");
    assert!(setup(&home, "status --json").contains("\"fails\": \"kith.service does not start: a credential"));

    fails(&home, "failed", CRASHED);
    assert_snapshot!(line(&home, "check", "systemd"), @"
    systemd:
      kith.service does not run: it was ended by signal 11; journalctl --user -u
      kith says more; when it is put right, systemctl --user restart kith starts it
    ");

    // A configuration that is right by now was looked at.
    fails(&home, "failed", CONFIGURATION);
    assert_eq!(line(&home, "check", "systemd"), "systemd: good");
    assert_snapshot!(line(&home, "status", "Service"), @"
    Service:   not running; kith.service does not run: it could not use kith.toml;
               kith check says what is wrong with it; once it is right, the next
               request of a calendar starts the service
    ");
}

#[test]
fn setup_says_why_a_start_was_refused() {
    let home = with_systemd();
    home.file(
        "bin/systemctl",
        fs::read_to_string(home.path().join("bin/systemctl"))
            .unwrap()
            .replace("if [ -e \"$HOME/says\" ]", "if [ \"$2\" = start ]"),
    );
    home.file("says", "Job for kith.service failed because the control process exited with error code.\n");
    fails(&home, "failed", "SubState=failed\nResult=exit-code\nExecMainStatus=203\n");
    let said = setup(&home, &format!("setup --port {}", port()));
    let (_, error) = said.split_once("Error: ").unwrap();
    assert_snapshot!(error, @"
    kith.service does not start: the program cannot be run from there: it is missing, may not be executed (chmod +x), or lies where the service does not see it, as below /tmp (ExecStart=; status 203)
    Hint: journalctl --user -u kith says more; when it is put right, systemctl --user restart kith starts it
    [exit 1]
    ");
}

#[test]
fn a_program_that_may_not_be_executed_is_named() {
    use std::os::unix::fs::PermissionsExt;
    let home = with_systemd();
    setup(&home, &format!("setup --port {}", port()));
    started(&home);
    let unit = home.path().join(".config/systemd/user/kith.service");
    let program = home.file("locked/kith", "");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o644)).unwrap();
    let text = fs::read_to_string(&unit).unwrap();
    fs::write(&unit, text.replace("/prefix/bin/kith", "/locked/kith")).unwrap();
    let said = line(&home, "check", "systemd").replace("\n ", "");
    assert!(said.contains("~/locked/kith, which may not be executed"), "{said}");
}

#[test]
fn a_program_that_the_service_would_not_see_is_copied() {
    let home = with_systemd();
    let elsewhere = tempfile::Builder::new().tempdir_in("/tmp").unwrap();
    let program = elsewhere.path().join("kith");
    fs::copy(env!("CARGO_BIN_EXE_kith"), &program).unwrap();
    let ran = Command::new(&program)
        .args(["setup", "--port", &port().to_string()])
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", home.path().join("bin").display().to_string() + ":/usr/bin:/bin")
        .env("COLUMNS", "500")
        .output()
        .unwrap();
    let said = String::from_utf8(ran.stdout).unwrap();
    let to = home.path().join(".local/bin/kith");
    let copied = format!(
        "Copy {}, which lies in a folder for what is temporary, to {}.\n",
        program.display(),
        to.display()
    );
    assert!(said.contains(&copied), "{said}");
    let unit = fs::read_to_string(home.path().join(".config/systemd/user/kith.service")).unwrap();
    assert!(unit.contains(&format!("\nExecStart={} serve\n", to.display())) && Path::new(&to).exists());
}
