//! Set up, started, ended in every way, changed, upgraded, removed.

use std::fs;
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::process::Command;
use std::time::{Duration, Instant};

use super::session::{ADDRESS, Session, in_session, is, run, service, systemctl};
use crate::support::cards::card;
use crate::support::eventually;

#[test]
fn setup_installs_and_starts_it_and_removes_it() {
    if !in_session("lifecycle::setup_installs_and_starts_it_and_removes_it") {
        return;
    }
    let session = Session::new();
    session.build("");
    let shown = session.kith(&["setup", "--dry-run", "--name", "Eva Ernst"]);
    for says in
        ["kith.service", "kith.socket", "Type=notify", "ListenStream=127.0.0.1:5484", "name = \"Eva Ernst\""]
    {
        assert!(shown.contains(says), "{says}: {shown}");
    }
    assert!(!session.config().exists() && !session.home.join(".config/systemd").exists(), "nothing is done");

    let said =
        session.kith(&["setup", "--yes", "--name", "Eva Ernst", "--email", "eva@example.org", "--link"]);
    assert!(said.contains("http://127.0.0.1:5484/feed/") && said.contains("1. Subscribe"), "{said}");
    for unit in ["kith.service", "kith.socket"] {
        assert_eq!((is("enabled", unit), is("active", unit)), ("enabled".to_owned(), "active".to_owned()));
    }
    assert!(session.get().status == 200 && fs::read_dir(session.home.join("kith-inbox")).is_ok());
    let program = session.home.join(".local/bin/kith");
    assert!(service("ExecStart").contains(&format!("path={}", program.display())));
    assert!(session.kith(&["setup", "--yes"]).starts_with("Nothing to change."));
    assert!(session.kith(&["check"]).contains("systemd: good"));
    for unit in ["kith.service", "kith.socket"] {
        let path = session.home.join(".config/systemd/user").join(unit);
        // An unknown key is only a warning: whatever is said is a fault.
        assert_eq!(run(Command::new("systemd-analyze").args(["verify", "--user"]).arg(path)), "");
    }

    session.import("a.vcf", &card("Anna Amsel"));
    session.kith(&["setup", "--remove"]);
    assert!(TcpStream::connect(ADDRESS).is_err(), "nobody listens");
    for gone in [
        ".config/systemd/user/kith.service",
        ".config/systemd/user/kith.socket",
        ".local/bin/kith",
        "kith-inbox",
    ] {
        assert!(!session.home.join(gone).exists(), "{gone}");
    }
    assert_eq!(is("enabled", "kith.service"), "");
    assert!(session.config().exists() && session.kith(&["list"]).contains("Anna Amsel"), "the data stay");
    assert!(session.kith(&["setup", "--remove"]).starts_with("Nothing to change."));
}

#[test]
fn setup_does_all_else_where_systemd_refuses() {
    if !in_session("lifecycle::setup_does_all_else_where_systemd_refuses") {
        return;
    }
    let session = Session::new();
    session.build("");
    // The session has no logind.
    let setup = Command::new(session.home.join("src/target/release/kith"))
        .args(["setup", "--yes", "--linger"])
        .output();
    let (said, error) = setup.map(|ran| (ran.stdout, ran.stderr)).unwrap();
    let (said, error) = (String::from_utf8(said).unwrap(), String::from_utf8(error).unwrap());
    assert!(said.contains("Your inbox:") && said.contains("3. Say who is close"), "{said}");
    assert!(
        error.contains("kith will not run while you are not logged in: loginctl enable-linger"),
        "{error}"
    );
    assert_eq!(is("active", "kith.service"), "active");

    systemctl(&["stop", "kith.service"]);
    assert!(session.kith(&["status"]).contains("it starts with the first request of the calendar"));
    systemctl(&["stop", "kith.socket"]);
    assert!(session.kith(&["status"]).contains("systemctl --user start kith starts it"));
    systemctl(&["start", "kith.service"]);
    assert_eq!(is("active", "kith.socket"), "active", "it brings its socket along");

    // Somebody was faster: systemd refuses to turn off what it knows no more.
    let units = session.home.join(".config/systemd/user");
    fs::remove_file(units.join("kith.service")).unwrap();
    fs::remove_dir_all(units.join("default.target.wants")).unwrap();
    systemctl(&["daemon-reload"]);
    assert_eq!(is("active", "kith.service"), "active");
    session.kith(&["setup", "--remove"]);
    assert!(TcpStream::connect(ADDRESS).is_err() && !units.join("kith.socket").exists());
    assert_ne!(is("active", "kith.service"), "active");
    assert!(session.kith(&["setup", "--remove"]).starts_with("Nothing to change."));
}

#[test]
fn a_service_that_cannot_start_is_told_with_the_reason() {
    if !in_session("lifecycle::a_service_that_cannot_start_is_told_with_the_reason") {
        return;
    }
    let session = Session::with_kith();
    // As after su: the shell does not know where systemd is.
    let kith = |words: &[&str]| {
        let program = session.home.join("src/target/release/kith");
        let mut command = Command::new(program);
        command.args(words).env_remove("XDG_RUNTIME_DIR").env_remove("DBUS_SESSION_BUS_ADDRESS");
        let ran = command.env("COLUMNS", "500").output().unwrap();
        let said = String::from_utf8(ran.stdout).unwrap() + &String::from_utf8(ran.stderr).unwrap();
        (ran.status.code(), said)
    };
    let restart = || Command::new("systemctl").args(["--user", "restart", "kith.service"]).status().unwrap();
    let program = session.home.join(".local/bin/kith");
    let executable = |mode| fs::set_permissions(&program, fs::Permissions::from_mode(mode)).unwrap();
    for (lines, mode, says) in [
        ("LoadCredential=mail:/nonexistent/c", 0o755, "kith.service does not start: a credential"),
        ("BindReadOnlyPaths=/nonexistent/c", 0o755, "kith.service does not start: its restrictions"),
        ("", 0o644, "kith.service does not start: the program cannot be run"),
    ] {
        session.edit_unit(lines);
        executable(mode);
        assert!(!restart().success(), "{lines}");
        // Be it between two tries or in the midst of one.
        for _ in 0..5 {
            let (code, said) = kith(&["check"]);
            assert!(code == Some(1) && said.contains(says), "{said}");
            std::thread::sleep(Duration::from_millis(250));
        }
        let (code, said) = kith(&["status"]);
        assert!(code == Some(0) && said.contains(&format!("not running; {says}")), "{said}");
        let (code, said) = kith(&["setup", "--yes"]);
        assert!(code == Some(1) && said.contains(&format!("Error: {says}")), "{said}");
    }
    executable(0o755);
    assert!(restart().success());
    assert!(kith(&["check"]).1.contains("systemd: good"));
    let (code, said) = kith(&["setup", "--yes"]);
    let is_good = said.starts_with("Nothing to change.\n") && said.contains("\nYour calendar:");
    assert!(code == Some(0) && is_good, "{said}");
}

#[test]
fn the_first_request_starts_it() {
    if !in_session("lifecycle::the_first_request_starts_it") {
        return;
    }
    let session = Session::with_kith();
    session.import("a.vcf", &card("Anna Amsel"));
    let known = eventually("she is in the feed", || Some(session.get()).filter(|a| a.body.contains("Anna")));
    systemctl(&["stop", "kith.service"]);
    assert_eq!(
        (is("active", "kith.service"), is("active", "kith.socket")),
        ("inactive".into(), "active".into())
    );
    let answer = session.get();
    assert_eq!(
        (answer.status, answer.header("etag")),
        (200, known.header("etag")),
        "the same calendar, at once"
    );
    eventually("it has started", || (is("active", "kith.service") == "active").then_some(()));
    let says = "the calendar is up to date, and the configuration is in force";
    eventually("the status line says it", || (service("StatusText") == says).then_some(()));

    // Whoever asks while it restarts waits for it, and is not refused.
    for _ in 0..5 {
        systemctl(&["restart", "--no-block", "kith.service"]);
        assert_eq!(session.get().status, 200);
    }
}

#[test]
fn it_comes_back_after_a_crash_and_after_a_hang() {
    if !in_session("lifecycle::it_comes_back_after_a_crash_and_after_a_hang") {
        return;
    }
    let session = Session::with_kith();
    session.edit_unit("WatchdogSec=2");
    systemctl(&["restart", "kith.service"]);
    let kill = |signal: &str| run(Command::new("kill").args([signal, &service("MainPID")]));
    let restarts = |times: &str| {
        eventually("it is restarted", || (service("NRestarts") == times).then_some(()));
        assert_eq!(session.get().status, 200);
        eventually("it runs", || (is("active", "kith.service") == "active").then_some(()));
    };
    kill("-KILL");
    restarts("1");
    kill("-STOP");
    restarts("2");
    // Its working thread hangs, and it answers all the same.
    let config = session.config();
    fs::remove_file(&config).unwrap();
    run(Command::new("mkfifo").arg(&config));
    eventually("the watchdog notices", || {
        let result = service("Result");
        (result == "watchdog" || service("NRestarts") == "3").then_some(())
    });
    fs::remove_file(&config).unwrap();
    restarts("3");
    // Nothing more is wrong with it: it says that it is alive.
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(5) {
        assert_eq!(service("NRestarts"), "3");
        std::thread::sleep(Duration::from_millis(200));
    }
}

#[test]
fn it_comes_back_when_its_data_folder_was_deleted_or_replaced() {
    if !in_session("lifecycle::it_comes_back_when_its_data_folder_was_deleted_or_replaced") {
        return;
    }
    let session = Session::with_kith();
    session.import("a.vcf", &card("Anna Amsel"));
    let (folder, away) = (session.data(""), session.home.join("away"));
    let comes_back = |times: &str| {
        eventually("it is restarted", || (service("NRestarts") == times).then_some(()));
        eventually("it runs", || (is("active", "kith.service") == "active").then_some(()));
        assert!(session.kith(&["status"]).contains(&service("MainPID")), "it is found");
    };
    fs::rename(&folder, &away).unwrap();
    comes_back("1");
    assert!(session.import("b.vcf", &card("Berta Brandt")).contains("1 new"));
    // In one step: a folder in which the service is just writing cannot be emptied in several.
    fs::rename(&folder, session.home.join("deleted")).unwrap();
    fs::rename(&away, &folder).unwrap();
    comes_back("2");
    assert!(session.import("c.vcf", &card("Carla Celan")).contains("1 new"));
    eventually("it follows what was put back", || {
        let feed = session.get().body;
        (feed.contains("Anna") && feed.contains("Carla") && !feed.contains("Berta")).then_some(())
    });
    std::thread::sleep(Duration::from_secs(3));
    assert_eq!(service("NRestarts"), "2", "it stays");
}

#[test]
fn a_bad_configuration_is_told_and_a_good_one_is_enough() {
    if !in_session("lifecycle::a_bad_configuration_is_told_and_a_good_one_is_enough") {
        return;
    }
    let session = Session::with_kith();
    systemctl(&["stop", "kith.service"]);
    fs::remove_file(session.data("last-good-kith.toml")).unwrap();
    fs::write(session.config(), "[me]\nname = 'Zacharias\n").unwrap();
    for _ in 0..30 {
        let answer = session.get();
        assert_eq!((answer.status, answer.header("retry-after")), (503, Some("60")));
        assert!(answer.body.contains("kith check") && !answer.body.contains("Zacharias"), "{}", answer.body);
    }
    eventually("it gives up", || (is("active", "kith.service") == "failed").then_some(()));
    assert_eq!((service("ExecMainStatus"), is("active", "kith.socket")), ("3".into(), "active".into()));
    assert!(!super::session::journal().contains("Zacharias"));
    fs::write(session.config(), "[budget]\nper_day = 1\n").unwrap();
    assert_eq!(session.get().status, 200, "the next request works");
    eventually("it has started", || (is("active", "kith.service") == "active").then_some(()));

    // Corrected at any time: before it gives up, while it does, and afterwards.
    for milliseconds in [0, 0, 300, 480, 490, 500, 510, 520, 700] {
        systemctl(&["stop", "kith.service"]);
        fs::remove_file(session.data("last-good-kith.toml")).unwrap();
        fs::write(session.config(), "[budget]\nper_day = 'x'\n").unwrap();
        assert_eq!(session.get().status, 503);
        std::thread::sleep(Duration::from_millis(milliseconds));
        fs::write(session.config(), "").unwrap();
        assert_eq!(session.get().status, 200, "the next request works after {milliseconds} ms");
        eventually("it has started", || (is("active", "kith.service") == "active").then_some(()));
    }
}

#[test]
fn what_prevents_a_start_for_a_while_is_told_and_tried_again() {
    if !in_session("lifecycle::what_prevents_a_start_for_a_while_is_told_and_tried_again") {
        return;
    }
    let session = Session::with_kith();
    systemctl(&["stop", "kith.service"]);
    let (database, aside) = (session.data("contacts.db"), session.data("aside.db"));
    fs::rename(&database, &aside).unwrap();
    fs::create_dir(&database).unwrap();
    let answer = session.get();
    assert!(answer.status == 503 && answer.body.contains("journalctl"), "{}", answer.body);
    fs::remove_dir(&database).unwrap();
    fs::rename(&aside, &database).unwrap();
    eventually("it works again", || (session.get().status == 200).then_some(()));
}

#[test]
fn a_reload_says_whether_the_configuration_was_taken() {
    if !in_session("lifecycle::a_reload_says_whether_the_configuration_was_taken") {
        return;
    }
    let session = Session::with_kith();
    let pid = service("MainPID");
    for (text, says) in [
        (
            "[budget]\nper_day = 'x'\n",
            "the new kith.toml is refused, the last good one is in force; kith check says why",
        ),
        ("[feed]\nname = 'Talks'\n", "the calendar is up to date, and the configuration is in force"),
    ] {
        fs::write(session.config(), text).unwrap();
        systemctl(&["reload", "kith.service"]);
        eventually("the status line says it", || (service("StatusText") == says).then_some(()));
    }
    eventually("it is in force", || session.get().body.contains("Talks").then_some(()));
    eventually("the reload is over", || (is("active", "kith.service") == "active").then_some(()));
    assert_eq!(service("MainPID"), pid);
}

#[test]
fn the_program_is_upgraded_under_it() {
    if !in_session("lifecycle::the_program_is_upgraded_under_it") {
        return;
    }
    let session = Session::with_kith();
    let pid = service("MainPID");
    session.build("the next version");
    let said = session.kith(&["setup", "--yes", "--no-start"]);
    assert!(said.contains("Copy ") && !said.contains("restart"), "{said}");
    // The old one goes on, importers included.
    assert!(session.import("a.vcf", &card("Anna Amsel")).contains("1 new"));
    assert_eq!(service("MainPID"), pid);
    let said = session.kith(&["setup", "--yes"]);
    assert!(said.contains("Run systemctl --user restart kith.service."), "{said}");
    assert_ne!(service("MainPID"), pid);
    let runs = fs::read(format!("/proc/{}/exe", service("MainPID"))).unwrap();
    assert!(runs.ends_with(b"the next version"));
    assert!(session.get().body.contains("Anna Amsel"));
}

#[test]
fn another_port_is_found_recorded_and_kept() {
    if !in_session("lifecycle::another_port_is_found_recorded_and_kept") {
        return;
    }
    let session = Session::new();
    session.build("");
    let taken = std::net::TcpListener::bind(ADDRESS).unwrap();
    let said = session.kith(&["setup", "--yes"]);
    assert!(
        said.contains("http://127.0.0.1:5485/feed/") && said.contains("another program has port 5484"),
        "{said}"
    );
    assert!(fs::read_to_string(session.config()).unwrap().contains("\nlisten = \"127.0.0.1:5485\"\n"));
    drop(taken);
    assert!(
        session.kith(&["setup", "--yes"]).starts_with("Nothing to change."),
        "it stays where calendars look"
    );
    fs::write(session.config(), "").unwrap();
    let check = Command::new(session.home.join("src/target/release/kith")).arg("check").output().unwrap();
    let said = String::from_utf8(check.stdout).unwrap();
    assert!(said.contains("listens on 127.0.0.1:5485"), "{said}");
    session.kith(&["setup", "--yes"]);
    // What the last run published leads to the other port: whoever asks waits until it is drawn up anew.
    assert_eq!(session.get().status, 200);
}
