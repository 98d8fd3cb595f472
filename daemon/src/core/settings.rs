//! What a user can set: the contents of kith.toml, read and checked.

mod holiday;
mod me;
mod profile;
mod value;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;

use jiff::civil::{Date, Weekday};
use serde::Deserialize;
use toml::{Table, Value};

use super::cadence::{Cadence, Interval};
use super::color::Color;
use super::preference::BestTime;
use super::word;

pub use self::holiday::Holiday;
pub use self::me::Me;
pub use self::profile::{Profile, Temperament};
pub use self::value::{named_weekday, parse_encoding};

/// kith.toml with every key at its default: the lowest layer of the
/// configuration and at the same time the sample that users copy from.
pub const DEFAULTS: &str = include_str!("../../../config/kith.toml");

/// The circle of people who are in none.
pub const OTHERS: &str = "others";

/// Everything a user can set.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// An IANA time zone, or `system`.
    pub timezone: String,
    /// The user.
    pub me: Me,
    /// What the user is like, and after.
    pub profile: Profile,
    /// How many follow-ups.
    pub budget: Budget,
    /// Circles by their name; always has [`OTHERS`].
    pub circles: BTreeMap<String, Circle>,
    /// What keeps the user busy.
    pub busy: Busy,
    /// The calendar feed.
    pub feed: Feed,
    /// The service.
    pub serve: Serve,
    /// The drop-in folder.
    pub inbox: Inbox,
    /// The folders that are followed.
    pub vdir: Vdir,
}

/// How many people the user wants to be asked to get in touch with, and when.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// At most so many outreaches on one day.
    pub per_day: u16,
    /// At most so many outreaches from Monday to Sunday.
    pub per_week: u16,
    /// The share of a week's places, 0 to 1, for circles that would get none.
    pub shared: f64,
    /// The days on which outreaches are planned.
    #[serde(deserialize_with = "value::weekdays")]
    pub weekdays: Vec<Weekday>,
    /// Days on which none is planned.
    pub holidays: Vec<Holiday>,
    /// Calendars of such days: files, or folders of one event a file.
    pub holiday_files: Vec<String>,
}

impl Budget {
    /// Whether it has no place for anybody.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.per_day == 0 || self.per_week == 0 || self.weekdays.is_empty()
    }

    /// Whether `day` is a holiday of the user's own.
    #[must_use]
    pub fn is_holiday(&self, day: Date) -> bool {
        self.holidays.iter().any(|holiday| holiday.is_on(day))
    }
}

/// A circle: how often one wants to be in touch with the people in it, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Circle {
    /// When a talk would be nice again.
    pub ideal: Interval,
    /// When it should have happened at the latest; never shorter than `ideal`.
    pub latest: Interval,
    /// The way to be in touch, where the person has the means; else whatever means they have.
    #[serde(default, deserialize_with = "value::channel")]
    pub channel: Option<Channel>,
    /// When the people in it are best reached.
    #[serde(default, deserialize_with = "value::best_time")]
    pub time: Option<BestTime>,
    /// Whether a meeting is thanked for.
    #[serde(default = "value::yes")]
    pub thanks: bool,
}

impl Circle {
    /// How often to be in touch.
    #[must_use]
    pub fn cadence(&self) -> Cadence {
        Cadence { ideal: self.ideal, latest: self.latest }
    }
}

/// A way to be in touch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// By telephone.
    Call,
    /// By mail.
    Write,
    /// In person.
    Meet,
}

impl Channel {
    /// Every one, with its name in kith.toml and on the command line.
    const NAMES: [(Self, &str); 3] = [(Self::Call, "call"), (Self::Write, "write"), (Self::Meet, "meet")];

    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        word::of(&Self::NAMES, &self)
    }
}

impl std::str::FromStr for Channel {
    type Err = BadSettings;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = word::named(&Self::NAMES, text);
        found.ok_or_else(|| BadSettings(format!("{text:?} is not a channel; write call, write or meet")))
    }
}

/// How the calendar feed looks.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Feed {
    /// The calendar's name.
    pub name: String,
    /// A CSS3 colour name (RFC 7986 section 5.9).
    pub color: String,
    /// Days ahead of today that the plan and the feed cover.
    pub ahead: u16,
    /// Days back for which what was done is shown.
    pub back: u16,
    /// Days back that the calendar of history covers.
    pub history_days: u16,
    /// That calendar's colour, a name as in `color`.
    pub history_color: String,
    /// The weekday of the weekly review.
    #[serde(deserialize_with = "value::weekday")]
    pub review: Weekday,
}

/// Where the service listens.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Serve {
    /// A loopback address and port.
    #[serde(deserialize_with = "value::address")]
    pub listen: SocketAddr,
}

/// What the drop-in folder takes and keeps.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Inbox {
    /// The largest file that is taken, in bytes; written with a unit (`256 MiB`).
    #[serde(deserialize_with = "value::size")]
    pub max_size: u64,
    /// Days for which done and failed files are kept.
    pub keep_days: u16,
    /// The encoding of files that do not tell their own; none: it is guessed.
    #[serde(deserialize_with = "value::encoding")]
    pub encoding: Option<String>,
}

/// What keeps the user busy on other days.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Busy {
    /// Calendars: files, or folders of one event a file, from the root or from the home (`~/`).
    pub calendars: Vec<String>,
}

/// The folders of one vCard a file that are followed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Vdir {
    /// Their paths, from the root or from the home (`~/`).
    pub folders: Vec<String>,
}

/// Why a configuration cannot be used: the key, its value and the accepted form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadSettings(String);

impl fmt::Display for BadSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for BadSettings {}

impl Settings {
    /// Reads a user's kith.toml over the defaults.
    ///
    /// # Errors
    /// If it is not TOML, has a key that kith does not know, or a value that
    /// cannot be used; the message names the key, the value and the accepted form.
    pub fn parse(text: &str) -> Result<Self, BadSettings> {
        let user: Table = text
            .parse()
            .map_err(|error: toml::de::Error| BadSettings(error.to_string().trim_end().to_owned()))?;
        let mut all: Table =
            DEFAULTS.parse().map_err(|error: toml::de::Error| BadSettings(error.to_string()))?;
        overlay(&mut all, user);
        let settings: Self =
            Value::Table(all.clone()).try_into().map_err(|error: toml::de::Error| explain(&error, &all))?;
        settings.check()?;
        Ok(settings)
    }

    fn check(&self) -> Result<(), BadSettings> {
        let bad = |text: String| Err(BadSettings(text));
        if self.timezone != "system" && jiff::tz::TimeZone::get(&self.timezone).is_err() {
            return bad(format!(
                "timezone = {:?}: there is no such time zone; write an IANA name such as \"Europe/Berlin\", or \"system\"",
                self.timezone
            ));
        }
        self.me.check()?;
        if !(0.0..=1.0).contains(&self.budget.shared) {
            return bad(format!("budget.shared = {}: a share is from 0 to 1", self.budget.shared));
        }
        for (name, circle) in &self.circles {
            if name.trim().is_empty() || name.trim() != name {
                return bad(format!(
                    "circles.{name:?}: a circle's name may not be empty, nor begin or end with a space"
                ));
            }
            if circle.latest < circle.ideal {
                return bad(format!(
                    "circles.{name}: latest ({}) is shorter than ideal ({}); it is the longer of the two",
                    circle.latest, circle.ideal
                ));
            }
        }
        if self.feed.ahead == 0 || self.feed.ahead > 730 {
            return bad(format!("feed.ahead = {}: the feed looks from 1 to 730 days ahead", self.feed.ahead));
        }
        if self.feed.history_days == 0 || self.feed.history_days > 3660 {
            return bad(format!(
                "feed.history_days = {}: the history looks from 1 to 3660 days back",
                self.feed.history_days
            ));
        }
        for (key, color) in [("color", &self.feed.color), ("history_color", &self.feed.history_color)] {
            if Color::named(color).is_none() {
                return bad(format!(
                    "feed.{key} = {color:?}: there is no such colour; write one of the names of CSS, such as \"seagreen\""
                ));
            }
        }
        if !self.serve.listen.ip().is_loopback() {
            return bad(format!(
                "serve.listen = \"{}\": kith listens on this computer only; write 127.0.0.1:PORT",
                self.serve.listen
            ));
        }
        for (key, paths, such_as) in [
            ("vdir.folders", &self.vdir.folders, "contacts"),
            ("budget.holiday_files", &self.budget.holiday_files, "holidays.ics"),
            ("busy.calendars", &self.busy.calendars, "calendar.ics"),
        ] {
            if let Some(path) = paths.iter().find(|path| !path.starts_with('/') && !path.starts_with("~/")) {
                return bad(format!(
                    "{key}: {path:?} does not say where it is; write the whole path, such as \"/home/me/{such_as}\" or \"~/{such_as}\""
                ));
            }
        }
        if self.inbox.max_size == 0 {
            return bad(
                "inbox.max_size = 0: no file would be taken; write a size such as \"256 MiB\"".to_owned()
            );
        }
        Ok(())
    }

    /// The cadence of a circle, and of [`OTHERS`] for one that is not named.
    #[must_use]
    pub fn cadence(&self, circle: Option<&str>) -> Cadence {
        circle.and_then(|name| self.circles.get(name)).map_or_else(|| self.others(), Circle::cadence)
    }

    /// Whether a circle is kept closer than people in none: whoever is in it is known to the
    /// user, though no talk may be noted.
    #[must_use]
    pub fn is_inner(&self, circle: Option<&str>) -> bool {
        self.cadence(circle).ideal < self.others().ideal
    }

    fn others(&self) -> Cadence {
        // The defaults name it and a user's file can only change it.
        self.circles
            .get(OTHERS)
            .map_or(Cadence { ideal: Interval::months(6), latest: Interval::months(12) }, Circle::cadence)
    }
}

/// Says which key has which value, and what is accepted, in a user's words.
fn explain(error: &toml::de::Error, all: &Table) -> BadSettings {
    let message = plainly(error.message());
    // The key is known to the error's text alone: "in `budget.per_day`".
    let text = error.to_string();
    let Some(key) = text.lines().find_map(|line| line.strip_prefix("in `")?.strip_suffix('`')) else {
        return BadSettings(message);
    };
    let value = key.split('.').try_fold(None::<&Value>, |within, part| match within {
        None => all.get(part).map(Some),
        Some(value) => value.get(part).map(Some),
    });
    match value.flatten() {
        Some(value) if !value.is_table() => BadSettings(format!("{key} = {value}: {message}")),
        _ => BadSettings(format!("{key}: {message}")),
    }
}

/// What the reader says of a value, without its jargon.
fn plainly(message: &str) -> String {
    if let Some((key, keys)) =
        message.strip_prefix("unknown field ").and_then(|rest| rest.split_once(", expected "))
    {
        return format!("there is no key {key} here; there are {}", keys.trim_start_matches("one of "));
    }
    if let Some(key) = message.strip_prefix("missing field ") {
        return format!("this section needs the key {key}");
    }
    // The value is told with its key; what remains to say is what is accepted.
    let expected = message.rsplit_once("expected ").filter(|_| message.starts_with("invalid "));
    match expected.map(|(_, expected)| expected) {
        Some("u16") => "write a whole number from 0 to 65535".to_owned(),
        Some("f64") => "write a number".to_owned(),
        Some("a boolean") => "write true or false".to_owned(),
        Some("a sequence") => "write a list in brackets, such as [\"one\", \"two\"]".to_owned(),
        Some("a string") => "write a text in quotation marks".to_owned(),
        Some(table) if table.starts_with("struct ") || table == "a map" => {
            "it is a section, with keys of its own below [its name]".to_owned()
        }
        _ => message.to_owned(),
    }
}

/// Lays `upper` over `lower`, table by table, key by key.
fn overlay(lower: &mut Table, upper: Table) {
    for (key, value) in upper {
        match (lower.get_mut(&key), value) {
            (Some(Value::Table(below)), Value::Table(above)) => overlay(below, above),
            (_, value) => {
                lower.insert(key, value);
            }
        }
    }
}

#[cfg(test)]
mod tests;
