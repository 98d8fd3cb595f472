//! A hermetic home, the real binary in it, and waiting without hoping.

pub(crate) mod calendar;
pub(crate) mod cards;
pub(crate) mod mounts;
pub(crate) mod terminal;

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// How long something that must happen may take on a busy machine.
pub(crate) const DEADLINE: Duration = Duration::from_secs(30);

/// Waits until `look` finds what it looks for.
///
/// # Panics
/// If that does not happen in [`DEADLINE`]; says what was waited for.
#[track_caller]
pub(crate) fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(begun.elapsed() < DEADLINE, "waited {DEADLINE:?} in vain: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The home of a user who never ran kith.
pub(crate) struct Home {
    folder: tempfile::TempDir,
}

impl Home {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// A path below the data folder.
    pub(crate) fn data(&self, name: &str) -> PathBuf {
        self.path().join(".local/share/kith").join(name)
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.path().join(".config/kith/kith.toml")
    }

    /// Writes a file below the home; gives its path.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// Copies a program to a path below the home, from where everybody may run it.
    ///
    /// A process of its own writes it. If this one did, a child that another
    /// test starts at that moment would have the file open for writing until it
    /// has become its program, and meanwhile nobody can run it (`ETXTBSY`).
    pub(crate) fn program(&self, name: &str, from: &Path) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        assert!(Command::new("cp").arg(from).arg(&path).status().unwrap().success());
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path
    }

    /// Drops a file into the inbox as a file manager does: written aside, then moved in.
    pub(crate) fn drop_in(&self, name: &str, content: impl AsRef<[u8]>) {
        fs::create_dir_all(self.data("inbox")).unwrap();
        let aside = self.file(&format!("aside-{name}"), content);
        fs::rename(aside, self.data("inbox").join(name)).unwrap();
    }

    /// The binary with nothing of the surroundings but this home.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_kith"));
        command
            .env_clear()
            .env("HOME", self.path())
            .env("TZ", "UTC")
            .current_dir(self.path())
            .stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    #[must_use = "assert what became of the command"]
    pub(crate) fn kith(&self, words: &[&str]) -> Ran {
        let output = self.command().args(words).output().unwrap();
        Ran {
            words: words.join(" "),
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs a command that prints JSON.
    #[track_caller]
    pub(crate) fn json(&self, words: &[&str]) -> Value {
        let ran = self.kith(&[words, &["--json"]].concat()).succeeds();
        serde_json::from_str(&ran.stdout)
            .unwrap_or_else(|error| panic!("{}: {error}\n{}", ran.words, ran.stdout))
    }

    /// Starts the service on a free port and waits until its feed is published.
    #[track_caller]
    pub(crate) fn serve(&self) -> Service<'_> {
        self.start(&["serve", "--listen", "127.0.0.1:0"]).published()
    }

    /// As [`Home::serve`], where a service listened before.
    #[track_caller]
    pub(crate) fn serve_at(&self, address: SocketAddr) -> Service<'_> {
        self.start(&["serve", "--listen", &address.to_string()]).published()
    }

    /// Starts a service and does not wait for it.
    pub(crate) fn start(&self, words: &[&str]) -> Service<'_> {
        let mut command = self.command();
        command.args(words);
        self.launch(command)
    }

    /// Starts a service that does not come up; gives its exit code and what it said.
    #[track_caller]
    pub(crate) fn fails_to_serve(&self, listen: &str) -> (Option<i32>, String) {
        let before = self.service_log().len();
        let mut service = self.start(&["serve", "--listen", listen]);
        let ended = eventually("the service gives up", || service.child.try_wait().unwrap());
        (ended.code(), self.service_log().split_off(before))
    }

    /// Starts a command that becomes a service, logging to service.log.
    pub(crate) fn launch(&self, mut command: Command) -> Service<'_> {
        let log =
            fs::OpenOptions::new().create(true).append(true).open(self.path().join("service.log")).unwrap();
        let child = command.stdout(Stdio::null()).stderr(log).spawn().unwrap();
        Service { home: self, child }
    }

    /// What the services of this home logged.
    pub(crate) fn service_log(&self) -> String {
        fs::read_to_string(self.path().join("service.log")).unwrap_or_default()
    }

    /// The report that lies beside a file of the inbox, once both are there.
    #[track_caller]
    pub(crate) fn report(&self, file: &str) -> String {
        let path = self.data(&format!("inbox/{file}"));
        eventually(&format!("there is {file} with a report"), || {
            // A link that leads nowhere is put away as well.
            fs::symlink_metadata(&path).ok()?;
            fs::read_to_string(format!("{}.report.txt", path.display())).ok()
        })
    }

    /// A number from the database, read as another program would.
    pub(crate) fn count(&self, sql: &str) -> i64 {
        let conn = rusqlite::Connection::open(self.data("contacts.db")).unwrap();
        conn.busy_timeout(DEADLINE).unwrap();
        conn.query_row(sql, [], |row| row.get(0)).unwrap()
    }

    /// Runs SQL as another program would: with the sqlite3 shell where it is
    /// installed, through a plain connection otherwise.
    #[track_caller]
    pub(crate) fn sql(&self, sql: &str) {
        let path = self.data("contacts.db");
        let shell =
            Command::new("sqlite3").args(["-bail", "-cmd", ".timeout 5000"]).arg(&path).arg(sql).output();
        match shell {
            Ok(done) => assert!(done.status.success(), "{sql}: {}", String::from_utf8_lossy(&done.stderr)),
            Err(_) => rusqlite::Connection::open(&path).unwrap().execute_batch(sql).unwrap(),
        }
    }
}

/// The processes that a process started and that it has not reaped.
pub(crate) fn children(process: u32) -> Vec<u32> {
    let threads = fs::read_dir(format!("/proc/{process}/task")).into_iter().flatten();
    let children =
        threads.flatten().filter_map(|thread| fs::read_to_string(thread.path().join("children")).ok());
    children
        .flat_map(|all| all.split_whitespace().filter_map(|id| id.parse().ok()).collect::<Vec<_>>())
        .collect()
}

/// What a command said.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) words: String,
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    #[track_caller]
    pub(crate) fn succeeds(self) -> Self {
        assert_eq!(self.code, Some(0), "kith {}\n{}{}", self.words, self.stdout, self.stderr);
        self
    }

    #[track_caller]
    pub(crate) fn fails(self, code: i32) -> Self {
        assert_eq!(self.code, Some(code), "kith {}\n{}{}", self.words, self.stdout, self.stderr);
        self
    }
}

/// The calendars there are.
pub(crate) const CALENDARS: [&str; 3] = ["follow-ups.ics", "birthdays.ics", "history.ics"];

/// A running service; it is killed when the test ends.
pub(crate) struct Service<'a> {
    home: &'a Home,
    pub(crate) child: Child,
}

impl Service<'_> {
    /// Waits until the calendars are published.
    #[track_caller]
    pub(crate) fn published(mut self) -> Self {
        eventually("the calendars are published", || {
            let ended = self.child.try_wait().unwrap();
            assert!(ended.is_none(), "the service ended: {ended:?}\n{}", self.home.service_log());
            let is_there = |file| self.get(file).is_some_and(|answer| answer.status == 200);
            CALENDARS.into_iter().all(is_there).then_some(())
        });
        self
    }

    /// Whether it runs an importer at this moment.
    pub(crate) fn is_importing(&self) -> bool {
        !children(self.child.id()).is_empty()
    }

    /// Asks for a feed; none while nobody answers.
    pub(crate) fn get(&self, file: &str) -> Option<Answer> {
        let (address, token) = (self.address()?, self.token()?);
        request(
            address,
            &format!("GET /feed/{token}/{file} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"),
        )
    }

    /// The body of follow-ups.ics.
    pub(crate) fn feed(&self) -> String {
        self.get("follow-ups.ics")
            .filter(|answer| answer.status == 200)
            .map(|answer| answer.body)
            .unwrap_or_default()
    }

    /// The events of follow-ups.ics.
    pub(crate) fn events(&self) -> Vec<calendar::Event> {
        calendar::events(&self.feed())
    }

    pub(crate) fn address(&self) -> Option<SocketAddr> {
        let text = fs::read_to_string(self.home.data("service.json")).ok()?;
        let note: Value = serde_json::from_str(&text).ok()?;
        if note["pid"] != self.child.id() {
            return None;
        }
        note["address"].as_str()?.parse().ok()
    }

    pub(crate) fn token(&self) -> Option<String> {
        fs::read_to_string(self.home.data("feed-token")).ok()
    }

    pub(crate) fn signal(&self, signal: &str) {
        let done = Command::new("kill").args([signal, &self.child.id().to_string()]).status().unwrap();
        assert!(done.success());
    }

    /// Asks it to end and waits for that; gives its exit code.
    pub(crate) fn stop(mut self) -> Option<i32> {
        self.signal("-TERM");
        eventually("the service ends", || self.child.try_wait().unwrap()).code()
    }

    /// Ends it at once, as a power cut would.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }
}

impl Drop for Service<'_> {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An answer of the service.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
}

impl Answer {
    /// A header of the answer.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (found, value) = line.split_once(':')?;
            found.eq_ignore_ascii_case(name).then_some(value.trim())
        })
    }
}

/// Sends a request as it stands and reads the answer to its end.
pub(crate) fn request(address: SocketAddr, text: &str) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(DEADLINE)).ok()?;
    stream.write_all(text.as_bytes()).ok()?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).ok()?;
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let status = head.split(' ').nth(1)?.parse().ok()?;
    Some(Answer { status, head: head.to_owned(), body: body.to_owned() })
}

/// A service whose calendar has Anna and Berta.
pub(crate) fn with_anna(home: &Home) -> Service<'_> {
    home.file("phone.vcf", cards::card("Anna Amsel") + &cards::card("Berta Brandt"));
    home.kith(&["import", "phone.vcf"]).succeeds();
    let service = home.serve();
    assert!(calendar::planned(&service.events(), "Anna Amsel").is_some());
    service
}
