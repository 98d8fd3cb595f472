//! The running service, seen from outside: how soon a change is in the feed,
//! and what it takes when it has nothing to do.

use std::fs;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use kith::core::facts::PersonId;
use kith::core::how::How;
use kith::core::talk::Talk;
use kith::paths::Paths;
use kith::store::Store;
use rusqlite::Connection;
use serde_json::Value;

use crate::stage::{Figure, LIFE};
use crate::table::{Row, Table};
use crate::{Result, cards, memory, stage};

/// How many contacts are logged, one after the other.
const CHANGES: usize = 15;

/// After so long without anything to do a service is idle.
const IDLE: Duration = Duration::from_secs(3);

/// How long anything may take before the measurement is given up.
const DEADLINE: Duration = Duration::from_secs(60);

/// Measures a service with so many people in its database.
pub(crate) fn measure(table: &mut Table<impl Write>, home: &Path, people: u64) -> Result<()> {
    table.heading(&format!("the service with {people} people"))?;
    let paths = Paths::below(home);
    let service = Service::start(home, &paths)?;
    cards::write(&stage::cards(home), people, 0)?;
    let before = service.etag()?;
    let begun = Instant::now();
    fs::rename(stage::cards(home), paths.inbox().join("cards.vcf"))?;
    service.changed(&before)?;
    let seconds = begun.elapsed().as_secs_f64();
    let taken = Figure { seconds, peak_kib: service.peak()?, ..Figure::default() };
    table.row(&Row::of("dropped into the inbox, in the feed", people, &taken))?;

    let before = service.etag()?;
    Connection::open(paths.database())?.execute_batch(&format!("BEGIN IMMEDIATE; {LIFE} COMMIT;"))?;
    service.changed(&before)?;
    let mut changes = service.log_contacts(&paths)?;
    changes.sort_by(f64::total_cmp);
    let (median, worst) = (changes[CHANGES / 2], changes[CHANGES - 1]);
    let change = Figure {
        seconds: median,
        peak_kib: service.peak()?,
        note: format!("median of {CHANGES}; the slowest {worst:.3} s"),
        ..Figure::default()
    };
    table.row(&Row::of("a contact logged, in the feed", 1, &change))?;
    std::thread::sleep(IDLE);
    table.memory("idle after all this", people, service.resident()?)?;
    drop(service);

    let service = Service::start(home, &paths)?;
    std::thread::sleep(IDLE);
    table.memory("idle after a start", people, service.resident()?)?;
    Ok(())
}

/// A running `kith serve`; it is killed when it is dropped.
struct Service {
    child: Child,
    address: SocketAddr,
    path: String,
}

impl Service {
    /// Starts it and waits until its feed is there.
    fn start(home: &Path, paths: &Paths) -> Result<Self> {
        let child = Command::new(env!("CARGO_BIN_EXE_kith"))
            .args(["serve", "--listen", "127.0.0.1:0"])
            .env_clear()
            .env("HOME", home)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        let mut service = Self { child, address: ([127, 0, 0, 1], 0).into(), path: String::new() };
        eventually("the service listens", || {
            let note = fs::read(paths.service()).unwrap_or_default();
            let note: Value = serde_json::from_slice(&note).unwrap_or_default();
            let address = note["address"].as_str().and_then(|address| address.parse().ok());
            address.filter(|_| note["pid"] == service.child.id()).map(|address| service.address = address)
        })?;
        service.path = format!("/feed/{}/follow-ups.ics", fs::read_to_string(paths.token())?.trim());
        eventually("the feed is published", || service.etag().ok())?;
        Ok(service)
    }

    /// What tells one version of the feed from another.
    fn etag(&self) -> Result<String> {
        let mut stream = TcpStream::connect(self.address)?;
        let Self { address, path, .. } = self;
        write!(stream, "HEAD {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let etag = answer.lines().find_map(|line| line.strip_prefix("etag: "));
        Ok(etag.ok_or("there is no feed yet")?.to_owned())
    }

    /// Waits until the feed is no longer that version.
    fn changed(&self, from: &str) -> Result<()> {
        eventually("the feed changes", || self.etag().ok().filter(|etag| etag != from)).map(drop)
    }

    /// Logs a contact with one planned person after the other; the seconds
    /// from the beginning of each to the feed that says so.
    fn log_contacts(&self, paths: &Paths) -> Result<Vec<f64>> {
        let mut store = Store::open(&paths.database())?;
        let today = jiff::Zoned::now().date();
        let (_, plan) = kith::publish::rehearse(&store, &kith::config::load(paths)?, today)?;
        let planned: Vec<PersonId> = plan.follow_ups.iter().map(|f| f.key.person).collect();
        let mut seconds = Vec::new();
        for person in planned.into_iter().cycle().take(CHANGES) {
            // The service has finished with what came before.
            std::thread::sleep(Duration::from_millis(500));
            let before = self.etag()?;
            let begun = Instant::now();
            let talk = Talk::new(today, How::Called, &format!("topic {}", seconds.len()));
            store.log(&[person], &talk, today)?;
            self.changed(&before)?;
            seconds.push(begun.elapsed().as_secs_f64());
        }
        Ok(seconds)
    }

    fn resident(&self) -> Result<u64> {
        memory::resident(self.child.id())
    }

    fn peak(&self) -> Result<u64> {
        memory::peak_of(self.child.id())
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn eventually<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> Result<T> {
    let begun = Instant::now();
    loop {
        if let Some(found) = look() {
            return Ok(found);
        }
        if begun.elapsed() > DEADLINE {
            return Err(format!("waited {DEADLINE:?} in vain: {what}").into());
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}
