//! kith.toml on disk: reading it, falling back to the last good one, and
//! changing it in place with its comments kept; and where the user is by it.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use rustix::fs::{FlockOperation, flock};
use toml_edit::{DocumentMut, Item, Table, value};

use crate::core::cadence::Interval;
use crate::core::preference::BestTime;
use crate::core::settings::{Channel, Circle, DEFAULTS, Settings};
use crate::error::{Doing, Error, Kind, Result};
use crate::paths::{Paths, make_private};

/// A configuration in force, and what is wrong with the file if it is not the file's.
#[derive(Debug, Clone, PartialEq)]
pub struct InForce {
    /// The settings.
    pub settings: Settings,
    /// Why the file could not be used, where the last good one stands in.
    pub refused: Option<Error>,
    /// What the file was just before it was read.
    pub(crate) version: Option<Version>,
}

impl From<Settings> for InForce {
    fn from(settings: Settings) -> Self {
        Self { settings, refused: None, version: None }
    }
}

/// Reads the configuration; without a file it is the defaults.
///
/// # Errors
/// If there is a file and it cannot be read or used.
pub fn load(paths: &Paths) -> Result<Settings> {
    parse(&paths.config(), &text(paths)?)
}

/// A moment where the user is.
#[must_use]
pub(crate) fn local(now: Timestamp, settings: &Settings) -> Zoned {
    now.to_zoned(zone(settings))
}

/// Where the user is.
#[must_use]
pub(crate) fn zone(settings: &Settings) -> TimeZone {
    if settings.timezone == "system" {
        return TimeZone::system();
    }
    // The settings were checked to name a zone that exists.
    TimeZone::get(&settings.timezone).unwrap_or_else(|_| TimeZone::system())
}

/// The folders that are to be followed, each once.
#[must_use]
pub fn followed(settings: &Settings) -> Vec<PathBuf> {
    paths_of(&settings.vdir.folders)
}

/// Paths from the root or from the home, each once.
pub(crate) fn paths_of(texts: &[String]) -> Vec<PathBuf> {
    let home = std::env::home_dir();
    let mut folders: Vec<PathBuf> = Vec::new();
    for text in texts {
        let folder: PathBuf = match (text.strip_prefix("~/"), &home) {
            (Some(below), Some(home)) => home.join(below),
            _ => text.into(),
        };
        // Without what says nothing: a slash at the end, a dot.
        let folder = folder.components().collect();
        if !folders.contains(&folder) {
            folders.push(folder);
        }
    }
    folders
}

/// Reads the configuration for the service: if the file cannot be used, the
/// last one that could stands in. A good one is remembered.
///
/// # Errors
/// If the file cannot be used and there never was a good one.
pub fn load_or_last_good(paths: &Paths) -> Result<InForce> {
    let (in_force, good) = either(paths)?;
    let last_good = paths.last_good_config();
    if let Some(text) = good.filter(|text| fs::read_to_string(&last_good).ok().as_ref() != Some(text))
        && let Err(error) = write(&last_good, &text)
    {
        // On a full disk, say. What the user set holds all the same.
        tracing::warn!(
            "the configuration is in force, but it could not be remembered as a good one: {error}"
        );
    }
    Ok(in_force)
}

/// Reads the configuration that a running service goes by; as
/// [`load_or_last_good`], and remembers nothing.
///
/// # Errors
/// As [`load_or_last_good`].
pub fn in_force(paths: &Paths) -> Result<InForce> {
    either(paths).map(|(in_force, _)| in_force)
}

/// The configuration in force, with the file's text if it is the file's.
fn either(paths: &Paths) -> Result<(InForce, Option<String>)> {
    let version = Version::of(paths);
    let refused = match text(paths).and_then(|text| Ok((parse(&paths.config(), &text)?, text))) {
        Ok((settings, text)) => return Ok((InForce { settings, refused: None, version }, Some(text))),
        Err(refused) => refused,
    };
    let last_good = paths.last_good_config();
    match fs::read_to_string(&last_good).map(|text| parse(&last_good, &text)) {
        Ok(Ok(settings)) => Ok((InForce { settings, refused: Some(refused), version }, None)),
        _ => Err(refused),
    }
}

/// For how long a changed file is left alone: whoever writes it may not have ended.
const SETTLES: Duration = Duration::from_millis(100);

/// The same of an empty one, which hardly anybody means.
const EMPTY_SETTLES: Duration = Duration::from_secs(2);

/// What of the configuration file changes when it does, also where it is a
/// link to a file elsewhere; none while there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Version {
    inode: u64,
    size: u64,
    modified: (i64, i64),
}

impl Version {
    pub(crate) fn of(paths: &Paths) -> Option<Self> {
        let found = fs::metadata(paths.config()).ok()?;
        Some(Self { inode: found.ino(), size: found.len(), modified: (found.mtime(), found.mtime_nsec()) })
    }

    /// Whether the file may still be being written: many programs empty a file
    /// first, and what they have written so far may well be a configuration.
    pub(crate) fn is_fresh(self, now: SystemTime) -> bool {
        let (seconds, nanos) = self.modified;
        let since_1970 =
            Duration::new(u64::try_from(seconds).unwrap_or(0), u32::try_from(nanos).unwrap_or(0));
        let settled = if self.size == 0 { EMPTY_SETTLES } else { SETTLES };
        // A time that is still to come says nothing.
        now.duration_since(SystemTime::UNIX_EPOCH + since_1970).is_ok_and(|age| age < settled)
    }
}

/// What the file says; nothing where there is none.
fn text(paths: &Paths) -> Result<String> {
    Ok(text_if_any(paths)?.unwrap_or_default())
}

fn text_if_any(paths: &Paths) -> Result<Option<String>> {
    match fs::read_to_string(paths.config()) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        read => read
            .map(Some)
            .doing(|| format!("read the configuration {}", paths.config().display()))
            .map_err(|error| error.of_kind(Kind::Config)),
    }
}

pub(crate) fn parse(path: &Path, text: &str) -> Result<Settings> {
    Settings::parse(text).map_err(|error| {
        Error::config(format!("could not use the configuration {}: {error}", path.display()))
            .hint("correct that line, or delete it to have the default; kith check looks at it again")
    })
}

/// What was done to set a circle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CircleSet {
    /// What the circle was, if it is not new.
    pub circle: Option<Circle>,
    /// What the file said before; none if there was no file.
    pub before: Option<String>,
    /// What it says.
    pub after: String,
}

/// Sets a circle's cadence and channel in kith.toml, making the file from the
/// sample if there is none.
///
/// # Errors
/// If the intervals contradict each other, or the file cannot be used or written.
pub fn set_circle(
    paths: &Paths,
    name: &str,
    ideal: Option<Interval>,
    latest: Option<Interval>,
    channel: Option<Option<Channel>>,
    time: Option<Option<BestTime>>,
) -> Result<CircleSet> {
    let path = paths.config();
    let _alone = alone(paths)?;
    let settings = load(paths)?;
    let known = settings.circles.get(name).copied();
    let mut cadence = settings.cadence(Some(name));
    cadence.ideal = ideal.unwrap_or(cadence.ideal);
    cadence.latest = latest.unwrap_or(cadence.latest);
    let before = text_if_any(paths)?;
    let base = before.clone().filter(|text| !text.trim().is_empty()).unwrap_or_else(sample);
    let mut document: DocumentMut = base.parse().map_err(|error: toml_edit::TomlError| {
        Error::config(format!("could not change {}: {error}", path.display()))
    })?;
    let behind = document.trailing().as_str().unwrap_or_default().to_owned();
    let circles = document.entry("circles").or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    let mut is_last = false;
    let circle = circles
        .as_table_like_mut()
        .map(|circles| {
            circles.entry(name).or_insert_with(|| {
                let mut table = Table::new();
                // What is commented out at the end of the file must not become part of the new section.
                table.decor_mut().set_prefix(format!("{behind}\n"));
                is_last = true;
                Item::Table(table)
            })
        })
        .and_then(Item::as_table_like_mut)
        .ok_or_else(|| {
            Error::config(format!("could not change {}: circles is not a table there", path.display()))
        })?;
    let mut texts = Vec::new();
    // A circle that only gets a channel keeps its intervals where they are.
    if known.is_none() || ideal.is_some() || latest.is_some() {
        texts.extend([("ideal", cadence.ideal.to_string()), ("latest", cadence.latest.to_string())]);
    }
    match channel {
        Some(Some(channel)) => texts.push(("channel", channel.name().to_owned())),
        Some(None) => drop(circle.remove("channel")),
        None => {}
    }
    match time {
        Some(Some(time)) => texts.push(("time", time.to_string())),
        Some(None) => drop(circle.remove("time")),
        None => {}
    }
    for (key, text) in texts {
        match circle.get_mut(key).and_then(Item::as_value_mut) {
            // Keeps the comment behind the value.
            Some(old) => {
                let decor = old.decor().clone();
                *old = text.into();
                *old.decor_mut() = decor;
            }
            None => {
                circle.insert(key, value(text));
            }
        }
    }
    if is_last {
        document.set_trailing("");
    }
    let after = document.to_string();
    parse(&path, &after)?;
    write(&path, &after)?;
    Ok(CircleSet { circle: known, before, after })
}

/// Makes kith.toml say `to`, if it says `from`; none stands for no file. Gives
/// whether it does. A rehearsal changes nothing.
///
/// # Errors
/// If `to` cannot be used, or the file cannot be read or written.
pub fn exchange(paths: &Paths, from: Option<&str>, to: Option<&str>, rehearse: bool) -> Result<bool> {
    let path = paths.config();
    let _alone = alone(paths)?;
    if text_if_any(paths)?.as_deref() != from {
        return Ok(false);
    }
    parse(&path, to.unwrap_or_default())?;
    match to {
        _ if rehearse => {}
        Some(to) => write(&path, to)?,
        None => fs::remove_file(&path).doing(|| format!("delete {}", path.display()))?,
    }
    Ok(true)
}

/// Waits until nobody else of kith's changes the configuration, and keeps
/// others waiting for as long as the file given back is open.
fn alone(paths: &Paths) -> Result<fs::File> {
    // Commands that only read did without it.
    make_private(paths.config_folder())?;
    let doing = || format!("lock {}", paths.config_folder().display());
    let folder = fs::File::open(paths.config_folder()).doing(doing)?;
    flock(&folder, FlockOperation::LockExclusive).map_err(std::io::Error::from).doing(doing)?;
    Ok(folder)
}

/// kith.toml with every key commented out at its default, for users to change.
pub(crate) fn sample() -> String {
    DEFAULTS
        .lines()
        .map(
            |line| {
                if line.is_empty() || line.starts_with('#') { line.to_owned() } else { format!("#{line}") }
            },
        )
        .map(|line| line + "\n")
        .collect()
}

/// Replaces a file whole, for its owner alone.
///
/// # Errors
/// If it cannot be written; it is as it was then.
pub fn write(path: &Path, text: &str) -> Result<()> {
    let doing = || format!("write {}", path.display());
    // A link to a file kept elsewhere (a folder of dotfiles) stays a link.
    let target = path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let folder = target.parent().ok_or_else(|| Error::internal("a file without a folder"))?;
    let mut file = tempfile::NamedTempFile::new_in(folder).doing(doing)?;
    file.write_all(text.as_bytes()).doing(doing)?;
    file.as_file().set_permissions(fs::Permissions::from_mode(0o600)).doing(doing)?;
    file.as_file().sync_all().doing(doing)?;
    file.persist(&target).map_err(|error| error.error).doing(doing)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn home() -> (tempfile::TempDir, Paths) {
        let folder = tempfile::tempdir().unwrap();
        let paths = Paths::below(folder.path());
        paths.make().unwrap();
        (folder, paths)
    }

    #[test]
    fn a_circle_is_set_in_place_and_comments_stay() {
        let (_folder, paths) = home();
        write(&paths.config(), "# mine\n[circles.family]\nideal = \"10d\" # often\n").unwrap();
        let days = |n| Some(Interval::days(n));
        assert!(set_circle(&paths, "family", days(7), None, None, None).unwrap().circle.is_some());
        assert_eq!(set_circle(&paths, "climbing", days(30), days(60), None, None).unwrap().circle, None);
        assert_eq!(
            fs::read_to_string(paths.config()).unwrap(),
            "# mine\n[circles.family]\nideal = \"7 days\" # often\nlatest = \"4 weeks\"\n\n[circles.climbing]\nideal = \"30 days\"\nlatest = \"60 days\"\n"
        );
        let error = set_circle(&paths, "climbing", days(90), days(60), None, None).unwrap_err();
        assert!(error.to_string().contains("shorter than ideal"), "{error}");
        assert_eq!(load(&paths).unwrap().circles["climbing"].latest, Interval::days(60));
    }

    #[test]
    fn the_file_made_is_the_sample_with_everything_commented_out() {
        let (_folder, paths) = home();
        set_circle(&paths, "family", Some(Interval::days(7)), None, None, None).unwrap();
        let text = fs::read_to_string(paths.config()).unwrap();
        assert!(
            text.contains("#per_day = 3") && text.contains("[circles.family]\nideal = \"7 days\""),
            "{text}"
        );
        assert_eq!(load(&paths).unwrap().budget.per_day, 3);
    }

    #[test]
    fn the_file_becomes_again_what_it_was_if_nobody_else_changed_it() {
        let (_folder, paths) = home();
        let read = || text_if_any(&paths).unwrap();
        let set = |n| set_circle(&paths, "family", Some(Interval::days(n)), None, None, None).unwrap();
        let [first, second] = [set(7), set(9)];
        assert_eq!((first.before, second.before.as_ref()), (None, Some(&first.after)));
        let exchange =
            |from: &str, to: Option<&str>, rehearse| exchange(&paths, Some(from), to, rehearse).unwrap();
        assert!(!exchange(&first.after, None, false), "it says something else");
        assert!(exchange(&second.after, Some(&first.after), true));
        assert_eq!(read().as_ref(), Some(&second.after), "only rehearsed");
        assert!(exchange(&second.after, Some(&first.after), false));
        assert_eq!(read().as_ref(), Some(&first.after));
        assert!(exchange(&first.after, None, false));
        assert_eq!(read(), None);
        assert!(!exchange(&first.after, None, false), "there is no file");
        assert!(super::exchange(&paths, None, Some("per_day = 'x'"), false).is_err());
        assert!(super::exchange(&paths, None, Some(&first.after), false).unwrap());
        assert_eq!(read(), Some(first.after));
    }

    #[test]
    fn what_is_commented_out_can_be_taken_in_after_circles_were_set() {
        let (_folder, paths) = home();
        let days = |n| Some(Interval::days(n));
        set_circle(&paths, "family", days(7), None, None, None).unwrap();
        set_circle(&paths, "climbing", days(30), days(60), None, None).unwrap();
        let text = fs::read_to_string(paths.config()).unwrap();
        write(&paths.config(), &text.replace("#timezone = \"system\"", "timezone = \"UTC\"")).unwrap();
        let settings = load(&paths).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(
            (settings.timezone.as_str(), settings.circles["climbing"].ideal),
            ("UTC", Interval::days(30))
        );
    }

    #[test]
    fn circles_that_are_set_at_once_are_all_set() {
        let (_folder, paths) = home();
        std::thread::scope(|scope| {
            for n in 1..=8 {
                let paths = &paths;
                let days = Some(Interval::days(n));
                scope.spawn(move || set_circle(paths, &format!("c{n}"), days, days, None, None).unwrap());
            }
        });
        let settings = load(&paths).unwrap();
        for n in 1..=8 {
            assert_eq!(settings.circles[&format!("c{n}")].ideal, Interval::days(n));
        }
    }

    #[test]
    fn a_file_that_may_still_be_being_written_is_fresh() {
        let (_folder, paths) = home();
        write(&paths.config(), "[budget]\n").unwrap();
        let version = Version::of(&paths).unwrap();
        let empty = Version { size: 0, ..version };
        let written = fs::metadata(paths.config()).unwrap().modified().unwrap();
        let after = |milliseconds| written + Duration::from_millis(milliseconds);
        for (case, version, now, fresh) in [
            ("just written", version, after(0), true),
            ("a moment ago", version, after(99), true),
            ("settled", version, after(100), false),
            ("just emptied", empty, after(1999), true),
            ("meant to be empty", empty, after(2000), false),
            ("of the future", version, written - Duration::from_secs(60), false),
        ] {
            assert_eq!(version.is_fresh(now), fresh, "{case}");
        }
    }

    #[test]
    fn the_last_good_one_stands_in_for_a_bad_one() {
        let (_folder, paths) = home();
        write(&paths.config(), "[budget]\nper_day = 'x'\n").unwrap();
        assert_eq!(load_or_last_good(&paths).unwrap_err().kind.exit_code(), 3);
        write(&paths.config(), "[budget]\nper_day = 1\n").unwrap();
        assert_eq!(load_or_last_good(&paths).unwrap().refused, None);
        write(&paths.config(), "[budget]\nper_day = 'x'\n").unwrap();
        let in_force = load_or_last_good(&paths).unwrap();
        assert_eq!(in_force.settings.budget.per_day, 1);
        assert!(in_force.refused.unwrap().to_string().contains("per_day"));
    }
}
