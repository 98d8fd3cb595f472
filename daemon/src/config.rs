//! kith.toml on disk: reading it, falling back to the last good one, and
//! changing it in place with its comments kept.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;

use toml_edit::{DocumentMut, Item, Table, value};

use crate::core::cadence::Interval;
use crate::core::settings::{Channel, Circle, DEFAULTS, Settings};
use crate::error::{Doing, Error, Kind, Result};
use crate::paths::Paths;

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
}

fn text(paths: &Paths) -> Result<String> {
    match fs::read_to_string(paths.config()) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        read => read
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

/// Sets a circle's cadence and channel in kith.toml, making the file from the
/// sample if there is none; gives what the circle was, if it is not new.
///
/// # Errors
/// If the intervals contradict each other, or the file cannot be used or written.
pub fn set_circle(
    paths: &Paths,
    name: &str,
    ideal: Option<Interval>,
    latest: Option<Interval>,
    channel: Option<Channel>,
) -> Result<Option<Circle>> {
    let path = paths.config();
    let settings = load(paths)?;
    let known = settings.circles.get(name).copied();
    let mut cadence = settings.cadence(Some(name));
    match (ideal, latest) {
        (Some(ideal), Some(latest)) => (cadence.ideal, cadence.latest) = (ideal, latest),
        (Some(ideal), None) => {
            cadence.ideal = ideal;
            cadence.latest = cadence.latest.max(ideal);
        }
        (None, Some(latest)) => {
            cadence.latest = latest;
            cadence.ideal = cadence.ideal.min(latest);
        }
        (None, None) => {}
    }
    let before = text(paths)?;
    let base = if before.trim().is_empty() { sample() } else { before };
    let mut document: DocumentMut = base.parse().map_err(|error: toml_edit::TomlError| {
        Error::config(format!("could not change {}: {error}", path.display()))
    })?;
    let circles = document.entry("circles").or_insert_with(|| {
        let mut table = Table::new();
        table.set_implicit(true);
        Item::Table(table)
    });
    let circle = circles
        .as_table_like_mut()
        .map(|circles| circles.entry(name).or_insert_with(|| Item::Table(Table::new())))
        .and_then(Item::as_table_like_mut)
        .ok_or_else(|| {
            Error::config(format!("could not change {}: circles is not a table there", path.display()))
        })?;
    let mut texts = Vec::new();
    // A circle that only gets a channel keeps its intervals where they are.
    if known.is_none() || ideal.is_some() || latest.is_some() {
        texts.extend([("ideal", cadence.ideal.to_string()), ("latest", cadence.latest.to_string())]);
    }
    texts.extend(channel.map(|channel| ("channel", channel.name().to_owned())));
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
    let after = document.to_string();
    parse(&path, &after)?;
    write(&path, &after)?;
    Ok(known)
}

/// kith.toml with every key commented out at its default, for users to change.
fn sample() -> String {
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
        assert!(set_circle(&paths, "family", days(7), None, None).unwrap().is_some());
        assert_eq!(set_circle(&paths, "climbing", days(30), days(60), None).unwrap(), None);
        assert_eq!(
            fs::read_to_string(paths.config()).unwrap(),
            "# mine\n[circles.family]\nideal = \"7 days\" # often\nlatest = \"4 weeks\"\n\n[circles.climbing]\nideal = \"30 days\"\nlatest = \"60 days\"\n"
        );
        let error = set_circle(&paths, "climbing", days(90), days(60), None).unwrap_err();
        assert!(error.to_string().contains("shorter than ideal"), "{error}");
        assert_eq!(load(&paths).unwrap().circles["climbing"].latest, Interval::days(60));
    }

    #[test]
    fn the_file_made_is_the_sample_with_everything_commented_out() {
        let (_folder, paths) = home();
        set_circle(&paths, "family", Some(Interval::days(7)), None, None).unwrap();
        let text = fs::read_to_string(paths.config()).unwrap();
        assert!(
            text.contains("#per_day = 3") && text.contains("[circles.family]\nideal = \"7 days\""),
            "{text}"
        );
        assert_eq!(load(&paths).unwrap().budget.per_day, 3);
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
