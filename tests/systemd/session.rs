//! A session with a real user manager, and kith set up in it.

use std::env;
use std::fs;
use std::net::SocketAddr;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::sandbox::{self, hostile};
use crate::support::{Answer, eventually, request};

/// Set where these tests are to run.
const WANTED: &str = "KITH_TEST_SYSTEMD";

/// Says to a test that it runs in the session.
const INSIDE: &str = "KITH_TEST_IN_SESSION";

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/systemd/user-session.sh");

/// Where kith listens if nothing else is said; the session has its own network.
pub(super) const ADDRESS: &str = "127.0.0.1:5484";

/// Runs the test `name` again in a session of its own; true there.
#[track_caller]
pub(super) fn in_session(name: &str) -> bool {
    if env::var_os(INSIDE).is_some() {
        return true;
    }
    if env::var_os(WANTED).is_none() {
        eprintln!("skipped: {name} needs root and systemd, and runs where {WANTED} is set (.ci/run does)");
        return false;
    }
    let test = env::current_exe().unwrap();
    let done = Command::new(SCRIPT)
        .args(["-p", env!("CARGO_BIN_EXE_kith"), "-p"])
        .arg(hostile())
        .arg("-p")
        .arg(&test)
        .arg(Path::new("/run/programs").join(test.file_name().unwrap()))
        .args(["--exact", &format!("systemd::{name}"), "--nocapture"])
        .env(INSIDE, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout) + String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.contains("1 passed"), "{said}");
    false
}

/// What is in the session.
pub(super) struct Session {
    pub(super) home: PathBuf,
}

impl Session {
    pub(super) fn new() -> Self {
        Self { home: PathBuf::from(env::var_os("HOME").unwrap()) }
    }

    /// A session in which kith was set up from a build folder, and runs.
    pub(super) fn with_kith() -> Self {
        let session = Self::new();
        session.build("");
        session.kith(&["setup", "--yes"]);
        session
    }

    /// Puts a program into a build folder: kith, with something behind its
    /// end, so that it is another version.
    pub(super) fn build(&self, version: &str) {
        let mut program = fs::read("/run/programs/kith").unwrap();
        program.extend(version.as_bytes());
        let folder = self.home.join("src/target/release");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join(".cargo-lock"), "").unwrap();
        let path = folder.join("kith");
        let _ = fs::remove_file(&path);
        fs::write(&path, program).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    }

    /// Runs the kith of the build folder; gives what it says.
    #[track_caller]
    pub(super) fn kith(&self, words: &[&str]) -> String {
        run(Command::new(self.home.join("src/target/release/kith")).args(words))
    }

    /// Writes a file below the home.
    pub(super) fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.home.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    pub(super) fn data(&self, name: &str) -> PathBuf {
        self.home.join(".local/share/kith").join(name)
    }

    pub(super) fn config(&self) -> PathBuf {
        self.home.join(".config/kith/kith.toml")
    }

    /// Drops a file into the inbox and waits for its report.
    #[track_caller]
    pub(super) fn import(&self, name: &str, text: &str) -> String {
        self.dropped_in(name, text, "done")
    }

    /// Drops a file into the inbox that cannot be imported, and waits for its report.
    #[track_caller]
    pub(super) fn refuses(&self, name: &str, text: &str) -> String {
        self.dropped_in(name, text, "failed")
    }

    #[track_caller]
    fn dropped_in(&self, name: &str, text: &str, folder: &str) -> String {
        let aside = self.file("aside", text);
        fs::rename(aside, self.data("inbox").join(name)).unwrap();
        let put_away = self.data(&format!("inbox/{folder}/{name}"));
        eventually("the file is put away", || {
            fs::metadata(&put_away).ok()?;
            fs::read_to_string(format!("{}.report.txt", put_away.display())).ok()
        })
    }

    /// Installs the plugin that tries what a plugin must not do; `limits` are lines of its manifest.
    pub(super) fn with_hostile_plugin(&self, limits: &str) {
        let plugins = self.data("plugins");
        fs::create_dir_all(&plugins).unwrap();
        fs::copy("/run/programs/hostile", plugins.join("hostile")).unwrap();
        fs::write(plugins.join("hostile.toml"), sandbox::manifest(limits)).unwrap();
    }

    /// Adds lines to the service's unit, as `systemctl --user edit` would.
    pub(super) fn edit_unit(&self, lines: &str) {
        self.file(".config/systemd/user/kith.service.d/test.conf", &format!("[Service]\n{lines}\n"));
        systemctl(&["daemon-reload"]);
    }

    /// Asks for the calendar.
    #[track_caller]
    pub(super) fn get(&self) -> Answer {
        let address: SocketAddr = ADDRESS.parse().unwrap();
        let token = fs::read_to_string(self.data("feed-token")).unwrap_or_default();
        let text = format!(
            "GET /feed/{token}/follow-ups.ics HTTP/1.1\r\nHost: {ADDRESS}\r\nConnection: close\r\n\r\n"
        );
        eventually("there is an answer", || request(address, &text))
    }
}

/// A property of kith.service.
#[track_caller]
pub(super) fn service(property: &str) -> String {
    systemctl(&["show", "--value", "--property", property, "kith.service"]).trim().to_owned()
}

/// Whether a unit is running, enabled, …, in the word of `systemctl is-…`.
pub(super) fn is(what: &str, unit: &str) -> String {
    let output = Command::new("systemctl").args(["--user", &format!("is-{what}"), unit]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

#[track_caller]
pub(super) fn systemctl(words: &[&str]) -> String {
    run(Command::new("systemctl").arg("--user").args(words))
}

/// The journal of the service, one JSON object a line.
pub(super) fn journal() -> String {
    run(Command::new("journalctl").args(["--user", "--unit", "kith.service", "--output", "json", "--all"]))
}

/// Runs a command that is to succeed; gives what it says.
#[track_caller]
pub(super) fn run(command: &mut Command) -> String {
    let output = command.output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout) + String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {said}");
    said.into_owned()
}
