//! The user's own calendars: which days are holidays, and how busy others are.
//!
//! They come from anywhere, so the importer of calendars reads them, confined as
//! for an import. It is asked for times alone; what they are about never comes
//! here. What it says is kept in the database with what tells the file from a
//! later one, and is read again when that differs: by the service, which looks
//! every few seconds, and by commands while there is none.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use serde_json::json;
use sha2::{Digest, Sha256};

use crate::config::{local, paths_of};
use crate::core::busy::{Minutes, add, joined, span};
use crate::core::settings::Settings;
use crate::error::{Doing, Error, Result};
use crate::import::Workshop;
use crate::importer::{Parts, options};
use crate::inbox::{Stamp, open_regular};
use crate::store::{KnownCalendar, Says, Store};

/// How many days beyond those that are planned are read, so that it is not each day.
const BEYOND: i64 = 200;

/// The calendars that the settings name, and what each is asked.
pub(crate) fn wanted(settings: &Settings) -> Vec<(PathBuf, Says)> {
    let of = |texts: &[String], says| paths_of(texts).into_iter().map(move |path| (path, says));
    of(&settings.budget.holiday_files, Says::Days).chain(of(&settings.busy.calendars, Says::Busy)).collect()
}

/// What a look at the calendars needs.
pub(crate) struct Look<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) now: Timestamp,
    /// The day that is planned from.
    pub(crate) today: Date,
    pub(crate) cancel: &'a AtomicBool,
}

/// Reads those calendars that are others than when they were read last. Gives
/// whether something of it is new. A calendar that cannot be read keeps what it
/// said before, and its problem is noted.
///
/// # Errors
/// If the database cannot be read or written, or no importer can be run.
pub(crate) fn follow(
    store: &mut Store,
    look: &Look<'_>,
    workshop: impl Fn(&mut dyn FnMut(&Workshop) -> Result<()>) -> Result<()>,
) -> Result<bool> {
    let wanted = wanted(look.settings);
    let known = store.calendars()?;
    let mut changed = false;
    let is_wanted = |known: &KnownCalendar| {
        wanted.iter().any(|(path, says)| *says == known.says && path.display().to_string() == known.path)
    };
    for gone in known.iter().filter(|known| !is_wanted(known)) {
        store.forget_calendar(gone.id)?;
        changed = true;
    }
    let zone = local(look.now, look.settings).time_zone().clone();
    let zone_name = format!("{} {:?}", look.settings.timezone, zone.iana_name());
    let ahead = i64::from(look.settings.feed.ahead);
    let from = look.today.saturating_sub(14.days());
    let needed = (look.today.saturating_sub(7.days()), look.today.saturating_add((ahead + 7).days()));
    for (path, says) in wanted {
        let name = path.display().to_string();
        let stamp = stamp(&path);
        let before = known.iter().find(|known| known.says == says && known.path == name);
        let is_read = before.is_some_and(|before| {
            // What was wrong may be better tomorrow.
            before.stamp
                == before.problem.as_ref().map_or_else(|| stamp.clone(), |_| tried(&stamp, look.today))
                && before.zone == zone_name
                && before.within.0 <= needed.0
                && before.within.1 >= needed.1
        });
        if is_read {
            continue;
        }
        let mut calendar = KnownCalendar {
            id: before.map_or(0, |before| before.id),
            path: name,
            says,
            stamp,
            zone: zone_name.clone(),
            within: (from, look.today.saturating_add((ahead + BEYOND).days())),
            problem: None,
        };
        let mut days = None;
        workshop(&mut |workshop| {
            match read(workshop, look, &path, &calendar) {
                Ok((read, problem)) => (days, calendar.problem) = (Some(read), problem),
                Err(error) => calendar.problem = Some(error.to_string()),
            }
            Ok(())
        })?;
        if look.cancel.load(Ordering::Relaxed) {
            return Ok(changed);
        }
        if calendar.problem.is_some() {
            calendar.stamp = tried(&calendar.stamp, look.today);
        }
        store.keep_calendar(&calendar, days.as_ref())?;
        changed = true;
    }
    Ok(changed)
}

/// The stamp of a calendar of which not all could be read on that day.
fn tried(stamp: &str, on: Date) -> String {
    format!("{stamp} {on}")
}

type DaysRead = (BTreeMap<Date, Vec<Minutes>>, Option<String>);

/// Reads a calendar; of a folder what can be read of it, with what is wrong with the first of the rest.
fn read(workshop: &Workshop, look: &Look<'_>, path: &Path, calendar: &KnownCalendar) -> Result<DaysRead> {
    let doing = || format!("read the calendar {}", path.display());
    let files = files(path).doing(doing)?;
    let (from, until) = calendar.within;
    let mut asked = options(&[], look.settings.inbox.encoding.as_deref(), &[], &look.settings.me, look.today);
    let spans = json!({ "of": calendar.says.name(), "from": from.to_string(), "until": until.to_string() });
    asked.insert("spans".to_owned(), spans);
    let mut parts = Parts::begin(workshop.host.spool_folder()).doing(doing)?;
    let mut problem = None;
    for file in files {
        let opened = match open_regular(&file, look.settings.inbox.max_size) {
            Ok(Some(opened)) => opened,
            Ok(None) => continue,
            Err(error) => {
                problem.get_or_insert(error.to_string());
                continue;
            }
        };
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if parts.add(&name, opened.stamp.size, &opened.file, &asked).doing(doing)?.is_none() {
            problem.get_or_insert(format!(
                "{name} changed while it was read; it is read again when it has changed"
            ));
        }
    }
    let mut days: BTreeMap<Date, Vec<Minutes>> = BTreeMap::new();
    if parts.count() == 0 {
        return match problem {
            Some(problem) => Err(Error::user(problem)),
            None => Ok((days, None)),
        };
    }
    let Some((importer, _)) = workshop.importers.choose("calendar.ics", b"BEGIN:VCALENDAR") else {
        return Err(Error::internal("there is no importer of calendars"));
    };
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let spool = workshop
        .host
        .import_parts(importer, &name, parts, look.cancel, &mut |_| {})
        .map_err(|refusal| refusal.error)?;
    if let Some(skipped) = spool.skipped().first() {
        problem.get_or_insert(format!("not all of it could be read: {}", skipped.reason));
    }
    let zone = local(look.now, look.settings).time_zone().clone();
    for interaction in spool.interactions() {
        if let Some(span) = span(&interaction?.when, &zone) {
            add(&mut days, span, calendar.within);
        }
    }
    for parts in days.values_mut() {
        *parts = joined(std::mem::take(parts));
    }
    Ok((days, problem))
}

/// A calendar's files: itself, or those of a folder that hold events.
fn files(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    // A link to a file elsewhere, or to a folder, is what it leads to: the user named it.
    let path = path.canonicalize()?;
    if !path.is_dir() {
        return Ok(vec![path]);
    }
    let mut files = Vec::new();
    for entry in fs::read_dir(&path)? {
        let path = entry?.path();
        if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("ics")) {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// What changes when a calendar is written; of one that is not there, that it is not.
fn stamp(path: &Path) -> String {
    let Ok(files) = files(path) else { return "not there".to_owned() };
    let mut sum = Sha256::new();
    for file in files {
        if let Ok(metadata) = fs::metadata(&file) {
            let Stamp { inode, size, modified } = Stamp::of(&metadata);
            sum.update(format!("{}\0{inode} {size} {modified:?}\n", file.display()));
        }
    }
    sum.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What is wrong with the calendars that the settings name.
pub(crate) fn problems(store: &Store, settings: &Settings) -> Result<Vec<String>> {
    let known = store.calendars()?;
    let mut problems = Vec::new();
    for (path, says) in wanted(settings) {
        let name = path.display().to_string();
        let known = known.iter().find(|known| known.says == says && known.path == name);
        if let Some(problem) = known.and_then(|known| known.problem.as_ref()) {
            let of = if problem.contains(&name) { String::new() } else { format!("{name}: ") };
            problems.push(format!("{of}{problem}"));
        } else if let Err(error) = files(&path).doing(|| format!("read the calendar {name}")) {
            problems.push(error.to_string());
        }
    }
    Ok(problems)
}
