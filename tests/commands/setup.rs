//! `kith setup` in a hermetic home: without systemd, and beside one that only
//! writes down what it is told. A real one is in `tests/systemd`.

use std::fs;
use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;

use insta::assert_snapshot;

use crate::support::Home;
use crate::support::terminal::on_a_terminal;

/// Tells of the units what a file of the home says, and writes down the rest.
const SYSTEMCTL: &str = r#"#!/bin/sh
case "$2" in
show-environment) cat "$HOME/environment" ;;
show) case "$3" in *UnitPath) echo "UnitPath=$HOME/.config/systemd/user $HOME/usr" ;; *) cat "$HOME/units" ;; esac ;;
*)
    echo "$*" >>"$HOME/told"
    if [ -e "$HOME/says" ]; then cat "$HOME/says" >&2; exit 5; fi
    ;;
esac
"#;

/// There is no logind.
const LOGINCTL: &str = "#!/bin/sh\necho 'Failed to connect to bus: No such file or directory' >&2\nexit 1\n";

/// A home with a systemd that answers.
pub(super) fn with_systemd() -> Home {
    let home = Home::new();
    for (name, text) in [("systemctl", SYSTEMCTL), ("loginctl", LOGINCTL)] {
        let text = home.file("aside", text);
        home.program(&format!("bin/{name}"), &text);
    }
    home.file("environment", format!("HOME={}\n", home.path().display()));
    home.file("units", "");
    home
}

/// The units as systemd knows them when setup is done.
pub(super) fn started(home: &Home) {
    let unit = |name: &str| {
        format!("Id={name}\nUnitFileState=enabled\nActiveState=active\nNeedDaemonReload=no\nMainPID=0\n")
    };
    home.file("units", unit("kith.service") + "\n" + &unit("kith.socket"));
}

/// Runs `kith setup` with words, as an installed program; gives all it says,
/// with what differs from home to home named.
pub(super) fn setup(home: &Home, line: &str) -> String {
    setup_with(home, line, &[])
}

/// The same with more variables of the shell, each a folder below the home.
pub(super) fn setup_with(home: &Home, line: &str, variables: &[(&str, &str)]) -> String {
    let mut program = home.path().join("prefix/bin/kith");
    if !program.exists() {
        fs::create_dir_all(program.parent().unwrap()).unwrap();
        let built = Path::new(env!("CARGO_BIN_EXE_kith"));
        if fs::hard_link(built, &program).is_err() {
            program = home.program("prefix/bin/kith", built);
        }
    }
    let output = std::process::Command::new(program)
        .args(super::words(line))
        .env_clear()
        .env("HOME", home.path())
        .env("PATH", home.path().join("bin").display().to_string() + ":/nowhere:/usr/bin:/bin")
        .env("COLUMNS", "80")
        .envs(variables.iter().map(|(name, folder)| (name, home.path().join(folder))))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let mut said = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
    if let Some(code) = output.status.code().filter(|code| *code != 0) {
        said += &format!("[exit {code}]\n");
    }
    if let Ok(token) = fs::read_to_string(home.data("feed-token")) {
        said = said.replace(token.trim(), "TOKEN");
    }
    said.replace(&home.path().display().to_string(), "~")
}

/// What systemd was told, and forgets.
pub(super) fn told(home: &Home) -> String {
    let path = home.path().join("told");
    let told = fs::read_to_string(&path).unwrap_or_default();
    let _ = fs::remove_file(path);
    told
}

/// A port that is free at the moment: 5484 may be another kith's.
pub(super) fn port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn without_systemd_all_else_is_done_and_the_rest_is_said() {
    let home = Home::new();
    let port = port();
    let said = setup(&home, &format!("setup --name \"Eva Ernst\" --phone +491701234567 --port {port}"));
    assert_snapshot!(said.replace(&port.to_string(), "PORT"), @r#"
    Make the folder ~/.config/kith.
    Make the folder ~/.local/share/kith.
    Make the folder ~/.local/share/kith/inbox.
    Make the folder ~/.local/share/kith/inbox/done.
    Make the folder ~/.local/share/kith/inbox/failed.
    Make the folder ~/.local/share/kith/feed.
    Write ~/.config/kith/kith.toml.
    Note: the feed is at 127.0.0.1:PORT from now on.

    kith does not run yet: no systemd answers for you (systemctl --user).
    Run it yourself:
        ~/prefix/bin/kith serve
    Or at each login to a desktop, by a file ~/.config/autostart/kith.desktop:
        [Desktop Entry]
        Type=Application
        Name=kith
        Exec=~/prefix/bin/kith serve
    Or when the computer starts, by a line in crontab -e:
        @reboot ~/prefix/bin/kith serve

    Your calendar:  http://127.0.0.1:PORT/feed/TOKEN/follow-ups.ics
    Your inbox:     ~/.local/share/kith/inbox

    Next:
    1. Subscribe to that address in your calendar program, as "calendar on the
       network", read-only.
    2. Drop the address books you have into the inbox, or name them: kith import
       contacts.vcf
    3. Say who is close to you: kith circle assign close NAME; then kith plan shows
       whom to talk to next, and why.
    "#);
    let config = fs::read_to_string(home.config()).unwrap();
    assert!(
        config.contains("\nname = \"Eva Ernst\"\n") && config.contains("\nphones = [\"+491701234567\"]\n")
    );
    assert!(!home.path().join(".config/systemd").exists());
    assert_snapshot!(setup(&home, "setup --dry-run"), @"
    Nothing to change.
    Note: no systemd answers for you (systemctl --user): kith setup says what else
    can start kith.
    ");
    let said = setup(&home, "setup");
    assert!(said.starts_with("Nothing to change.\n") && said.contains("kith does not run yet"), "{said}");
    let service = home.serve();
    let said = setup(&home, "setup");
    assert!(said.starts_with("Nothing to change.\n") && !said.contains("does not run"), "{said}");
    drop(service);
}

#[test]
fn a_dry_run_shows_every_file_and_does_nothing() {
    let home = with_systemd();
    let port = port();
    let said =
        setup(&home, &format!("setup --dry-run --link --port {port}")).replace(&port.to_string(), "PORT");
    for file in ["kith.toml", "kith.service", "kith.socket"] {
        assert!(said.contains(&format!("/{file}.\n    #")), "{file}: {said}");
    }
    for line in
        include_str!("../../systemd/kith.service").lines().filter(|line| !line.starts_with("ExecStart=%h"))
    {
        assert!(said.contains(&format!("    {line}\n")), "{line}");
    }
    let steps: String =
        said.lines().filter(|line| line.starts_with("Would")).map(|l| l.to_owned() + "\n").collect();
    assert_snapshot!(steps, @"
    Would make the folder ~/.config/kith.
    Would make the folder ~/.local/share/kith.
    Would make the folder ~/.local/share/kith/inbox.
    Would make the folder ~/.local/share/kith/inbox/done.
    Would make the folder ~/.local/share/kith/inbox/failed.
    Would make the folder ~/.local/share/kith/feed.
    Would write ~/.config/kith/kith.toml.
    Would link ~/kith-inbox to ~/.local/share/kith/inbox.
    Would write ~/.config/systemd/user/kith.service.
    Would write ~/.config/systemd/user/kith.socket.
    Would run systemctl --user daemon-reload.
    Would run systemctl --user enable kith.socket kith.service.
    Would run systemctl --user start kith.socket kith.service.
    ");
    assert_eq!(told(&home), "");
    assert!(
        !home.config().exists() && !home.data("").exists() && !home.path().join(".config/systemd").exists()
    );
}

#[test]
fn it_is_installed_started_left_alone_changed_and_removed() {
    let home = with_systemd();
    let port = port();
    setup(&home, &format!("setup --port {port} --link"));
    assert_snapshot!(told(&home), @"
    --user daemon-reload
    --user enable kith.socket kith.service
    --user start kith.socket kith.service
    ");
    started(&home);
    assert!(setup(&home, "setup").starts_with("Nothing to change.\n"));
    assert_eq!(told(&home), "");

    // What is not as it should be is put right.
    let socket = home.path().join(".config/systemd/user/kith.socket");
    fs::remove_file(&socket).unwrap();
    let said = setup(&home, "setup --dry-run");
    assert!(said.contains("Would write ~/.config/systemd/user/kith.socket."), "{said}");
    setup(&home, "setup");
    assert!(socket.exists() && told(&home).contains("daemon-reload"));

    // What the user changed is never lost.
    let mine = fs::read_to_string(&socket).unwrap() + "# mine\n";
    fs::write(&socket, &mine).unwrap();
    let said = setup(&home, "setup").replace('\n', " ");
    assert!(said.contains("was changed since setup wrote it, and is left as it is"), "{said}");
    assert_eq!(fs::read_to_string(&socket).unwrap(), mine);
    let said = setup(&home, "setup --remove");
    assert!(said.contains("Note: ~/.config/systemd/user/kith.socket was changed"), "{said}");
    let steps: Vec<&str> = said.lines().take_while(|line| !line.starts_with("Note")).collect();
    assert_snapshot!(steps.join("\n"), @"
    Run systemctl --user disable --now kith.service kith.socket.
    Remove ~/.config/systemd/user/kith.service.
    Rename ~/.config/systemd/user/kith.socket to ~/.config/systemd/user/kith.socket.changed.
    Run systemctl --user daemon-reload.
    Remove ~/kith-inbox.
    ");
    assert_snapshot!(told(&home), @"
    --user disable --now kith.service kith.socket
    --user daemon-reload
    ");
    assert_eq!(fs::read_to_string(socket.with_extension("socket.changed")).unwrap(), mine);
    assert!(home.config().exists() && home.data("feed-token").exists());
    home.file("units", "");
    assert_snapshot!(setup(&home, "setup --remove"), @"
    Nothing to change.
    There is nothing of setup's; your data and configuration stay:
      ~/.local/share/kith
      ~/.config/kith
    Remove these two folders to be rid of all that kith knows.
    ");
}

#[test]
fn what_could_not_be_written_is_not_said_to_be() {
    let home = with_systemd();
    home.file(".config/systemd", "a file where the folder of units would be");
    let said = setup(&home, &format!("setup --port {}", port()));
    assert!(said.contains("Write ~/.config/kith/kith.toml.\n"), "{said}");
    let (done, error) = said.split_once("Error: ").unwrap();
    assert!(!done.contains("kith.service") && error.contains("~/.config/systemd/user"), "{said}");
}

#[test]
fn what_systemd_no_longer_knows_is_removed_all_the_same() {
    let home = with_systemd();
    setup(&home, &format!("setup --port {}", port()));
    started(&home);
    told(&home);
    home.file("says", "Failed to stop kith.socket: Unit kith.socket not loaded.\n");
    // It refuses, and the units are as they were.
    assert_snapshot!(setup(&home, "setup --remove"), @"
    Run systemctl --user disable --now kith.service kith.socket.
    Error: systemctl --user disable --now kith.service kith.socket failed: Failed to stop kith.socket: Unit kith.socket not loaded.
    Hint: systemctl --user status kith.service kith.socket says more; kith setup --remove goes on from here
    [exit 1]
    ");
    // It refuses, and nothing of kith runs or is enabled.
    let systemctl = SYSTEMCTL.replace("echo \"$*\" >>", ">\"$HOME/units\"; echo \"$*\" >>");
    home.program("bin/systemctl", &home.file("aside", systemctl));
    let said = setup(&home, "setup --remove");
    assert!(said.contains("Remove ~/.config/systemd/user/kith.service.\n"), "{said}");
    fs::remove_file(home.path().join("says")).unwrap();
    assert!(!home.path().join(".config/systemd/user/kith.socket").exists());
    assert!(setup(&home, "setup --remove").starts_with("Nothing to change.\n"));
}

#[test]
fn a_check_sees_every_drop_in_and_what_is_masked() {
    let home = with_systemd();
    setup(&home, &format!("setup --port {}", port()));
    started(&home);
    let systemd = || {
        let said = setup(&home, "check --json");
        let mut values = serde_json::Deserializer::from_str(&said).into_iter::<serde_json::Value>();
        let said = values.next().unwrap().unwrap();
        let found = said.as_array().unwrap().iter().find(|found| found["about"] == "systemd").unwrap();
        found["problems"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| p.as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(systemd(), [""; 0]);
    let reset = home.file("usr/kith.service.d/reset.conf", "[Service]\nReadWritePaths=\n");
    let said = systemd();
    assert_eq!(said.len(), 2, "{said:?}");
    assert!(
        said[0].contains("may not write to ~/.config/kith, as ~/usr/kith.service.d/reset.conf"),
        "{said:?}"
    );
    // Of the same name, the user's own counts.
    home.file(".config/systemd/user/kith.service.d/reset.conf", "[Service]\nReadWritePaths=%h\n");
    assert_eq!(systemd(), [""; 0]);
    fs::remove_file(reset).unwrap();
    let socket = home.path().join(".config/systemd/user/kith.socket");
    fs::remove_file(&socket).unwrap();
    let said = systemd();
    assert!(
        said.len() == 1 && said[0].starts_with("systemd has no file kith.socket: nothing listens"),
        "{said:?}"
    );
    std::os::unix::fs::symlink("/dev/null", &socket).unwrap();
    let said = systemd();
    assert!(said[0].starts_with("kith.socket is masked by ~/.config/systemd/user/kith.socket"), "{said:?}");
}

#[test]
fn what_starts_a_service_that_does_not_run_is_said_as_it_is() {
    let home = with_systemd();
    let said = |line: &str, of: &str| {
        let said = setup(&home, line);
        let at = said.find(of).unwrap();
        let lines: Vec<&str> = said[at..].lines().collect();
        // It may take a second line.
        let more = lines.get(1).filter(|line| line.starts_with(' ') || of.starts_with("The"));
        [Some(&lines[0]), more].into_iter().flatten().copied().collect::<Vec<_>>().join("\n")
    };
    assert_snapshot!(said("status", "Service"), @"
    Service:   not running; kith setup lets it start by itself, kith serve runs it
               here
    ");
    setup(&home, &format!("setup --port {}", port()));
    assert_snapshot!(said("status", "Service"), @"Service:   not running; systemctl --user start kith starts it");
    started(&home);
    assert_snapshot!(said("status", "Service"), @"Service:   not running; it starts with the first request of the calendar");
    assert_snapshot!(said("feed", "The service"), @"The service is not running; it starts with the first request of the calendar.");
    // What systemd runs for another home is not this one's.
    home.file("environment", "HOME=/home/another\n");
    assert_snapshot!(said("feed", "The service"), @"The service is not running; kith serve runs it here.");
}

#[test]
fn units_are_removed_though_no_systemd_answers() {
    let home = with_systemd();
    setup(&home, &format!("setup --port {}", port()));
    fs::remove_file(home.path().join("environment")).unwrap();
    let said = setup(&home, "setup --remove");
    assert!(said.contains("Remove ~/.config/systemd/user/kith.service.") && !said.contains("Run "), "{said}");
    assert!(!home.path().join(".config/systemd/user/kith.socket").exists());
}

#[test]
fn on_a_terminal_it_asks_who_you_are() {
    let home = with_systemd();
    let mut command = home.command();
    command.args(["setup", "--no-start", "--port", &port().to_string()]);
    command.env("PATH", home.path().join("bin").display().to_string() + ":/usr/bin:/bin");
    let ask = |typed: &[&str]| on_a_terminal(&command, 80, r"(\): |\] )$", typed).map(|(_, said)| said);
    let Some(said) = ask(&["Eva Ernst\n", "eva@example.org, e.ernst@example.com\n", "\n", "y\n"]) else {
        return;
    };
    assert!(said.contains("Your name, as on your own card") && said.contains("Make the folder"), "{said}");
    let config = fs::read_to_string(home.config()).unwrap();
    let me =
        "[me]\nname = \"Eva Ernst\"\nemails = [\"eva@example.org\", \"e.ernst@example.com\"]\nphones = []\n";
    assert!(config.contains(me), "{config}");
    assert!(home.path().join("kith-inbox").is_symlink());
    // What is known is not asked again, nor what was left out.
    let said = ask(&["\n", "\n"]).unwrap();
    assert!(!said.contains("Your ") || said.starts_with("Nothing to change."), "{said}");
    assert!(fs::read_to_string(home.data("setup.json")).unwrap().contains("\"phones\""));
    let config = fs::read_to_string(home.config()).unwrap();
    fs::write(home.config(), config.replace("name = \"Eva Ernst\"", "")).unwrap();
    let said = ask(&["\n"]).unwrap();
    assert!(said.contains("Your name, as") && !said.contains("Your telephone"), "{said}");
}

#[test]
fn whoever_ends_the_questions_sets_nothing_up() {
    let home = with_systemd();
    let mut command = home.command();
    command.args(["setup", "--port", &port().to_string()]);
    command.env("PATH", home.path().join("bin").display().to_string() + ":/usr/bin:/bin");
    let Some((code, said)) = on_a_terminal(&command, 80, r"(\): |\] )$", &["Eva Ernst\n", "\u{4}"]) else {
        return;
    };
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("Error: nothing was changed") && !said.contains("Make the folder"), "{said}");
    assert!(!home.config().exists() && told(&home).is_empty());
}

#[test]
fn a_unit_that_somebody_else_wrote_is_in_the_way() {
    let home = with_systemd();
    home.file(".config/systemd/user/kith.service", "[Service]\nExecStart=/opt/kith serve\n");
    assert_snapshot!(setup(&home, &format!("setup --port {}", port())), @"
    Error: ~/.config/systemd/user/kith.service is there already, and was not written by kith setup
    Hint: to have it replaced, remove it and run kith setup again: rm ~/.config/systemd/user/kith.service
    [exit 1]
    ");
    assert!(!home.config().exists() && told(&home).is_empty(), "nothing is half done");
}

#[test]
fn the_units_of_a_package_are_used_and_not_shadowed() {
    let home = with_systemd();
    home.file("usr/kith.service", "[Service]\nExecStart=/usr/bin/kith serve\n");
    home.file("usr/kith.socket", "[Socket]\nListenStream=127.0.0.1:5484\n");
    let port = port();
    setup(&home, &format!("setup --port {port}"));
    let own = home.path().join(".config/systemd/user");
    assert!(!own.join("kith.service").exists() && !own.join("kith.socket").exists());
    let drop_in = fs::read_to_string(own.join("kith.socket.d/address.conf")).unwrap();
    assert!(
        drop_in.ends_with(&format!("[Socket]\nListenStream=\nListenStream=127.0.0.1:{port}\n")),
        "{drop_in}"
    );
    assert!(told(&home).contains("enable kith.socket kith.service"));
    setup(&home, "setup --remove");
    assert!(!own.join("kith.socket.d").exists());
}

#[test]
fn what_cannot_be_is_refused_before_anything_is_done() {
    let home = with_systemd();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let said = setup(&home, &format!("setup --port {port}"));
    assert_snapshot!(said.replace(&port.to_string(), "PORT"), @"
    Error: 127.0.0.1:PORT is taken by another program
    Hint: choose another port, or leave --port away: setup finds a free one
    [exit 1]
    ");
    home.file(".config/kith/kith.toml", "[budget]\nper_day = 'x'\n");
    assert_snapshot!(setup(&home, "setup"), @r#"
    Error: could not use the configuration ~/.config/kith/kith.toml: budget.per_day = "x": write a whole number from 0 to 65535
    Hint: correct that line, or delete it to have the default; kith check looks at it again
    [exit 3]
    "#);
    fs::remove_file(home.config()).unwrap();
    let service = home.serve();
    let said = setup(&home, &format!("setup --port {}", self::port()));
    assert_snapshot!(said.replace(&service.child.id().to_string(), "PID"), @"
    Error: kith runs already (process PID), and not as a service of systemd
    Hint: end that one (Ctrl-C where it runs, or kill it), then run kith setup again
    [exit 1]
    ");
    assert_eq!(told(&home), "");
}

#[test]
fn the_steps_are_there_for_programs() {
    let home = with_systemd();
    let said = setup(&home, &format!("setup --dry-run --json --port {}", port()));
    let said: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(said["dry_run"], true);
    assert!(
        said["steps"].as_array().unwrap().iter().any(|step| step == "Run systemctl --user daemon-reload")
    );
}
