//! The stages that are measured, each in a process of its own.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::str::FromStr;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use jiff::civil::Date;
use jiff::{Timestamp, Zoned};
use kith::core::action::Secret;
use kith::core::feed::People;
use kith::core::how::How;
use kith::core::phrases::Phrases;
use kith::core::plan::{Terms, plan};
use kith::core::settings::Settings;
use kith::core::talk::Talk;
use kith::import::{self, Job, Listened, Workshop};
use kith::importer::{Host, Importers, OwnBinary, Refusal};
use kith::paths::Paths;
use kith::publish::{self, Occasion};
use kith::store::Store;
use serde::{Deserialize, Serialize};

use crate::{Result, bare, memory};

/// The generated cards.
pub(crate) fn cards(home: &Path) -> PathBuf {
    home.join("cards.vcf")
}

/// Something that is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stage {
    /// Parsing alone.
    Parse,
    /// Importing the cards, into whatever is there.
    Import,
    /// Inserting alone.
    Insert,
    /// Taking the import back.
    Undo,
    /// Bringing it back.
    Redo,
    /// Gives the people a past; not a figure.
    Live,
    /// Reading people alone.
    Read,
    /// Loading the facts and planning.
    Plan,
    /// Planning, drawing up all feeds and storing what they say.
    Publish,
    /// The same after somebody was called.
    LogAndPublish,
    /// Gives everybody a mail that was imported; not a figure.
    Mail,
    /// Drawing the history up after somebody was called.
    LogAndRemember,
}

/// What a stage took.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Figure {
    /// Wall time.
    pub(crate) seconds: f64,
    /// Time on processors, of the whole stage with what it starts.
    pub(crate) cpu: Option<f64>,
    /// The most memory of the process.
    pub(crate) peak_kib: u64,
    /// The most memory of the importer that it started.
    pub(crate) importer_kib: Option<u64>,
    /// What came of it.
    pub(crate) note: String,
}

impl Stage {
    const NAMES: [(Self, &str); 12] = [
        (Self::Parse, "parse"),
        (Self::Import, "import"),
        (Self::Insert, "insert"),
        (Self::Undo, "undo"),
        (Self::Redo, "redo"),
        (Self::Live, "live"),
        (Self::Read, "read"),
        (Self::Plan, "plan"),
        (Self::Publish, "publish"),
        (Self::LogAndPublish, "log-and-publish"),
        (Self::Mail, "mail"),
        (Self::LogAndRemember, "log-and-remember"),
    ];

    /// Runs the stage in a process of its own.
    pub(crate) fn run(self, home: &Path) -> Result<Figure> {
        let name = Self::NAMES.iter().find(|(stage, _)| *stage == self).map_or("", |(_, name)| name);
        let output = Command::new(std::env::current_exe()?)
            .args(["stage", name])
            .arg(home)
            .stderr(Stdio::inherit())
            .output()?;
        if !output.status.success() {
            return Err(format!("the stage {name} failed").into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    }

    /// Runs the stage in this process and prints its figure.
    pub(crate) fn report(self, home: &Path) -> Result<()> {
        let paths = Paths::below(home);
        paths.make()?;
        let mut figure = self.measure(home, &paths)?;
        figure.peak_kib = memory::peak()?;
        figure.cpu = Some(memory::cpu()?);
        Ok(serde_json::to_writer(io::stdout().lock(), &figure)?)
    }

    fn measure(self, home: &Path, paths: &Paths) -> Result<Figure> {
        let only = |seconds| Figure { seconds, ..Figure::default() };
        match self {
            Self::Parse => bare::parse(&cards(home)).map(only),
            Self::Import => import(home, paths),
            Self::Insert => {
                let empty = home.join("empty.db");
                drop(Store::open(&empty)?);
                bare::insert(&paths.database(), &empty).map(only)
            }
            Self::Undo => taken_back(paths),
            Self::Redo => brought_back(paths),
            Self::Live => in_one_go(paths, LIFE).map(only),
            Self::Mail => in_one_go(paths, MAIL).map(only),
            Self::Read => bare::read(&paths.database()).map(only),
            Self::Plan => planned(paths),
            Self::Publish => published(paths),
            Self::LogAndPublish => logged(paths),
            Self::LogAndRemember => remembered(paths),
        }
    }
}

impl FromStr for Stage {
    type Err = Box<dyn std::error::Error>;

    fn from_str(text: &str) -> Result<Self> {
        let found = Self::NAMES.iter().find(|(_, name)| *name == text);
        Ok(found.ok_or_else(|| format!("there is no stage {text}"))?.0)
    }
}

/// Imports as the service and `kith import` do.
fn import(home: &Path, paths: &Paths) -> Result<Figure> {
    let file = File::open(cards(home))?;
    let mut store = Store::open(&paths.database())?;
    let workshop = Workshop {
        host: Host::new(OwnBinary::open()?, paths.data_folder().to_owned()),
        importers: Importers::of(paths),
        config_folder: home.to_owned(),
    };
    let job = Job {
        file: &file,
        name: "cards.vcf",
        archive: None,
        folder: None,
        encoding: None,
        at: Timestamp::now(),
        settings: &settings(paths)?,
        cancel: &AtomicBool::new(false),
    };
    let begun = Instant::now();
    let (imported, importer_kib) = memory::of_child(|| match workshop.listen(job, &mut |_| {})? {
        Listened::NobodyReads { .. } | Listened::NoPeople(_) => Ok(None),
        Listened::Heard(heard) => {
            let occasion = import::Occasion { at: job.at, settings: job.settings, rehearse: false };
            heard.take_in(&mut store, occasion, &mut |_| {}).map(Some)
        }
    })?;
    let seconds = begun.elapsed().as_secs_f64();
    let imported = imported.map_err(|refusal: Refusal| refusal.error)?;
    let Some(report) = imported else { return Err("nobody reads vCards".into()) };
    Ok(Figure { seconds, importer_kib: Some(importer_kib), note: counts(&report), ..Figure::default() })
}

fn counts(report: &import::Report) -> String {
    let o = &report.outcome;
    [("new", o.new), ("updated", o.updated), ("unchanged", o.unchanged), ("in review", o.review)]
        .into_iter()
        .filter(|(_, count)| *count > 0)
        .map(|(what, count)| format!("{count} {what}"))
        .collect::<Vec<_>>()
        .join(", ")
}

fn taken_back(paths: &Paths) -> Result<Figure> {
    let mut store = Store::open(&paths.database())?;
    let begun = Instant::now();
    let undone = store.undo(None, Timestamp::now(), None, &|_| Ok(()), false)?;
    let seconds = begun.elapsed().as_secs_f64();
    Ok(Figure { seconds, note: format!("{} contacts gone", undone.contacts), ..Figure::default() })
}

fn brought_back(paths: &Paths) -> Result<Figure> {
    let mut store = Store::open(&paths.database())?;
    let begun = Instant::now();
    let redone = store.redo(Timestamp::now(), &|_| Ok(()), false)?;
    let seconds = begun.elapsed().as_secs_f64();
    Ok(Figure { seconds, note: format!("{} contacts again", redone.contacts), ..Figure::default() })
}

/// What the user of an address book has done in a year: people in circles,
/// talks with one in three, tries without an answer with one in twenty.
pub(crate) const LIFE: &str = "
    UPDATE contact SET circle = CASE id % 40 WHEN 0 THEN 'family' WHEN 1 THEN 'close' WHEN 2 THEN 'friends'
        WHEN 3 THEN 'mentors' WHEN 4 THEN 'weak-ties' ELSE 'colleagues' END WHERE id % 40 < 10;
    INSERT INTO interaction(contact_id, day, how, what)
        SELECT id, date('now', '-' || (id * 37 % 400) || ' days'), 'met', 'a coffee' FROM contact WHERE id % 3 = 0;
    INSERT INTO interaction(contact_id, day, how, what)
        SELECT id, date('now', '-' || (id * 11 % 60) || ' days'), 'wrote', 'a letter' FROM contact WHERE id % 20 = 0;";

/// A mail from each of them in the last year, as an import leaves it.
const MAIL: &str = "
    INSERT INTO interaction(contact_id, day, how, what, import_id)
        SELECT id, date('now', '-' || (id * 37 % 360) || ' days'), 'heard', 'Re: lunch on Friday', 1 FROM contact;";

fn in_one_go(paths: &Paths, sql: &str) -> Result<f64> {
    let begun = Instant::now();
    let conn = rusqlite::Connection::open(paths.database())?;
    conn.execute_batch(&format!("BEGIN IMMEDIATE; {sql} COMMIT;"))?;
    Ok(begun.elapsed().as_secs_f64())
}

fn settings(paths: &Paths) -> Result<Settings> {
    Ok(kith::config::load(paths)?)
}

fn today() -> Date {
    Zoned::now().date()
}

fn planned(paths: &Paths) -> Result<Figure> {
    let (store, settings) = (Store::open(&paths.database())?, settings(paths)?);
    let begun = Instant::now();
    let loaded = store.facts(&settings.me, today())?;
    let loading = begun.elapsed().as_secs_f64();
    let before = store.published_plan(&Terms::of(&loaded.facts, &settings, today()))?;
    let plan = plan(&loaded.facts, &settings, today(), &before);
    let seconds = begun.elapsed().as_secs_f64();
    let note = format!("{} follow-ups; loading {loading:.3} s", plan.follow_ups.len());
    Ok(Figure { seconds, note, ..Figure::default() })
}

fn occasion<'a>(settings: &'a Settings, phrases: &'a Phrases, secret: &'a Secret) -> Occasion<'a> {
    Occasion { settings, today: today(), now: Timestamp::now(), phrases, secret }
}

fn published(paths: &Paths) -> Result<Figure> {
    let (mut store, settings) = (Store::open(&paths.database())?, settings(paths)?);
    let (phrases, secret) = (Phrases::default(), Secret::new(&[7; 32]));
    let occasion = occasion(&settings, &phrases, &secret);
    let begun = Instant::now();
    let facts = store.facts(&settings.me, today())?.facts;
    let (follow_ups, _) = publish::follow_ups(&mut store, &facts, &mut People::new(), occasion)?;
    let birthdays = publish::birthdays(&mut store, &facts, occasion)?;
    let before = begun.elapsed().as_secs_f64();
    let history = publish::history(&mut store, occasion)?;
    let seconds = begun.elapsed().as_secs_f64();
    let [one, two, three] = [follow_ups, birthdays, history].map(|feed| feed.bytes.len());
    let note = format!("{one} + {two} + {three} bytes; the history {:.3} s", seconds - before);
    Ok(Figure { seconds, note, ..Figure::default() })
}

fn logged(paths: &Paths) -> Result<Figure> {
    let (mut store, settings) = (Store::open(&paths.database())?, settings(paths)?);
    let (phrases, secret) = (Phrases::default(), Secret::new(&[7; 32]));
    let occasion = occasion(&settings, &phrases, &secret);
    let (_, plan) = publish::rehearse(&store, &settings, today())?;
    let Some(next) = plan.follow_ups.first().map(|follow_up| follow_up.key.person) else {
        return Err("nobody is planned".into());
    };
    let begun = Instant::now();
    store.log(&[next], &Talk::new(today(), How::Called, "the garden"), today())?;
    let facts = store.facts(&settings.me, today())?.facts;
    let (follow_ups, _) = publish::follow_ups(&mut store, &facts, &mut People::new(), occasion)?;
    let seconds = begun.elapsed().as_secs_f64();
    Ok(Figure { seconds, note: format!("{} bytes", follow_ups.bytes.len()), ..Figure::default() })
}

fn remembered(paths: &Paths) -> Result<Figure> {
    let (mut store, settings) = (Store::open(&paths.database())?, settings(paths)?);
    let (phrases, secret) = (Phrases::default(), Secret::new(&[7; 32]));
    let occasion = occasion(&settings, &phrases, &secret);
    let (_, plan) = publish::rehearse(&store, &settings, today())?;
    let Some(next) = plan.follow_ups.first().map(|follow_up| follow_up.key.person) else {
        return Err("nobody is planned".into());
    };
    store.log(&[next], &Talk::new(today(), How::Called, "the garden"), today())?;
    let begun = Instant::now();
    let history = publish::history(&mut store, occasion)?;
    let seconds = begun.elapsed().as_secs_f64();
    let events = String::from_utf8_lossy(&history.bytes).matches("BEGIN:VEVENT").count();
    Ok(Figure {
        seconds,
        note: format!("{events} events, {} bytes", history.bytes.len()),
        ..Figure::default()
    })
}
