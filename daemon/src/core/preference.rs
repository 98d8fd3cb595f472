//! How somebody likes to be met, and how the user finds it to meet them.

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;

use jiff::civil::{self, Date, Weekday};

use super::contact::{Column, Content};
use super::settings::Channel;
use super::word;

/// What is known of how to meet a person; what is not of the form it should
/// have is as if it were not there.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Preferences {
    /// How easy the user finds it to talk to them.
    pub ease: Option<Ease>,
    /// How they like to be reached; it counts more than what their circle says.
    pub channel: Option<Channel>,
    /// In what company they like to talk.
    pub setting: Option<Setting>,
    /// When they are best reached.
    pub best_time: Option<BestTime>,
    /// The language to talk in.
    pub language: Option<Language>,
    /// For how many minutes to talk at most.
    pub time_limit: Option<Minutes>,
    /// What makes them hesitate.
    pub hesitation: Option<Hesitation>,
    /// How the user met them.
    pub how_met: Option<String>,
}

/// The columns that hold preferences.
pub const COLUMNS: [Column; 8] = [
    Column::Ease,
    Column::Channel,
    Column::Setting,
    Column::BestTime,
    Column::Language,
    Column::TimeLimit,
    Column::Hesitation,
    Column::HowMet,
];

impl Preferences {
    /// Reads them from what is said of a column.
    pub fn read<'t>(column: impl Fn(Column) -> Option<&'t str>) -> Self {
        fn parsed<T: FromStr>(text: Option<&str>) -> Option<T> {
            text.and_then(|text| text.parse().ok())
        }
        Self {
            ease: parsed(column(Column::Ease)),
            channel: parsed(column(Column::Channel)),
            setting: parsed(column(Column::Setting)),
            best_time: parsed(column(Column::BestTime)),
            language: parsed(column(Column::Language)),
            time_limit: parsed(column(Column::TimeLimit)),
            hesitation: parsed(column(Column::Hesitation)),
            how_met: column(Column::HowMet).map(str::to_owned),
        }
    }

    /// Those of a contact.
    #[must_use]
    pub fn of(content: &Content) -> Self {
        Self::read(|column| content.column(column))
    }
}

/// A preference as it is stored, from what somebody typed.
///
/// # Errors
/// If it is not of the form that the column has; of other columns nothing is.
pub fn canonical(column: Column, text: &str) -> Result<String, Unfit> {
    fn parsed<T: FromStr<Err = Unfit> + fmt::Display>(text: &str) -> Result<String, Unfit> {
        text.parse::<T>().map(|value| value.to_string())
    }
    match column {
        Column::Ease => parsed::<Ease>(text),
        Column::Channel => text
            .parse::<Channel>()
            .map(|channel| channel.name().to_owned())
            .map_err(|_| Unfit::new(text, "a channel", "write call, write or meet")),
        Column::Setting => parsed::<Setting>(text),
        Column::BestTime => parsed::<BestTime>(text),
        Column::Language => parsed::<Language>(text),
        Column::TimeLimit => parsed::<Minutes>(text),
        Column::Hesitation => parsed::<Hesitation>(text),
        _ => Ok(text.to_owned()),
    }
}

/// A text that is not what it should be, and what should be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unfit {
    text: String,
    what: &'static str,
    write: &'static str,
}

impl Unfit {
    fn new(text: &str, what: &'static str, write: &'static str) -> Self {
        Self { text: text.to_owned(), what, write }
    }
}

impl fmt::Display for Unfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not {}; {}", self.text, self.what, self.write)
    }
}

impl std::error::Error for Unfit {}

/// A value that is one of a few words.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident, $what:literal, $write:literal, { $($(#[$of:meta])* $variant:ident = $word:literal),+ }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$of])* $variant),+
        }

        impl $name {
            /// Each, with its name in the database and on the command line.
            pub const NAMES: &[(Self, &str)] = &[$((Self::$variant, $word)),+];
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(word::of(Self::NAMES, self))
            }
        }

        impl FromStr for $name {
            type Err = Unfit;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let found = word::named(Self::NAMES, text);
                found.ok_or_else(|| Unfit::new(text, $what, $write))
            }
        }
    };
}

words! {
    /// How easy the user finds it to talk to somebody.
    Ease, "an ease", "write easy, moderate or hard", {
        /// Easy.
        Easy = "easy",
        /// In between.
        Moderate = "moderate",
        /// Hard.
        Hard = "hard"
    }
}

words! {
    /// In what company somebody likes to talk.
    Setting, "a setting", "write one-to-one or group", {
        /// With one other person.
        OneToOne = "one-to-one",
        /// With several.
        Group = "group"
    }
}

words! {
    /// What makes somebody hesitate to talk.
    Hesitation, "a hesitation", "write sceptical, no-time, no-interest, afraid or own-reasons", {
        /// They doubt that it is worth it.
        Sceptical = "sceptical",
        /// They have no time.
        NoTime = "no-time",
        /// They do not care for it.
        NoInterest = "no-interest",
        /// They are afraid to open up.
        Afraid = "afraid",
        /// Reasons of their own.
        OwnReasons = "own-reasons"
    }
}

/// A number of minutes, from one to a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Minutes(pub u16);

impl fmt::Display for Minutes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for Minutes {
    type Err = Unfit;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        const DAY: u16 = 24 * 60;
        let minutes = text.trim().parse().ok().filter(|minutes| (1..=DAY).contains(minutes));
        minutes.map(Self).ok_or_else(|| Unfit::new(text, "a number of minutes", "write one such as 30"))
    }
}

/// A language tag (RFC 5646), in its usual capital letters: `de`, `pt-BR`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Language(String);

impl Language {
    /// The tag, and each shorter one that may stand for it, the longest first (RFC 4647 section 3.4).
    pub fn fallbacks(&self) -> impl Iterator<Item = &str> {
        let ends = self.0.rmatch_indices('-').map(|(at, _)| at);
        std::iter::once(self.0.len()).chain(ends).filter_map(|end| self.0.get(..end))
    }

    /// The languages that have a name here, with their tags.
    const NAMES: [(&str, &str); 12] = [
        ("de", "German"),
        ("en", "English"),
        ("es", "Spanish"),
        ("fr", "French"),
        ("it", "Italian"),
        ("nl", "Dutch"),
        ("pl", "Polish"),
        ("pt", "Portuguese"),
        ("ru", "Russian"),
        ("tr", "Turkish"),
        ("uk", "Ukrainian"),
        ("zh", "Chinese"),
    ];

    /// How to talk in it: `in German, with Sie`; by its tag where that has no name here.
    #[must_use]
    pub fn in_words(&self) -> String {
        let (tag, form) =
            self.0.strip_suffix("-x-sie").map_or((self.0.as_str(), ""), |tag| (tag, ", with Sie"));
        match Self::NAMES.iter().find(|(known, _)| *known == tag) {
            Some((_, name)) => format!("in {name}{form}"),
            None => format!("in the language {self}"),
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Language {
    type Err = Unfit;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unfit = || Unfit::new(text, "a language", "write a tag such as de, en or pt-BR");
        let mut tag = String::new();
        let mut single = false;
        for (at, part) in text.trim().split('-').enumerate() {
            let letters = part.bytes().all(|byte| byte.is_ascii_alphabetic());
            let good = match at {
                0 => letters && (2..=3).contains(&part.len()),
                _ => (1..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric()),
            };
            if !good {
                return Err(unfit());
            }
            // Behind a single letter come extensions and private parts, in small letters (section 2.1.1).
            let part = part.to_ascii_lowercase();
            let part = match part.len() {
                2 if at > 0 && !single => part.to_ascii_uppercase(),
                4 if at > 0 && !single && letters => part[..1].to_ascii_uppercase() + &part[1..],
                _ => part,
            };
            single = single || part.len() == 1;
            if at > 0 {
                tag.push('-');
            }
            tag.push_str(&part);
        }
        // A single letter means nothing by itself.
        if single && tag.rsplit('-').next().is_some_and(|last| last.len() == 1) {
            Err(unfit())
        } else {
            Ok(Self(tag))
        }
    }
}

/// When somebody is best reached: on some weekdays, at some time, or both.
///
/// Days come first, as `mon` to `sun`, in full, as `weekdays` or `weekend`;
/// then `morning`, `noon`, `afternoon`, `evening`, a time such as `18:30`, or
/// two with a hyphen, `18:30-20:00`. So: `evening`, `sat morning`, `tue thu 18:30`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BestTime {
    /// Whether each day from Monday on is one of them; none is: any day.
    days: [bool; 7],
    /// At what time of the day.
    at: Option<At>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum At {
    Part(&'static str),
    Time(Time),
    Between(Time, Time),
}

/// An hour and a minute.
type Time = (u8, u8);

const PARTS: [&str; 4] = ["morning", "noon", "afternoon", "evening"];

const DAYS: [(&str, &str); 7] = [
    ("mon", "monday"),
    ("tue", "tuesday"),
    ("wed", "wednesday"),
    ("thu", "thursday"),
    ("fri", "friday"),
    ("sat", "saturday"),
    ("sun", "sunday"),
];

/// From Monday to Friday.
const WEEKDAYS: [bool; 7] = [true, true, true, true, true, false, false];

/// Saturday and Sunday.
const WEEKEND: [bool; 7] = [false, false, false, false, false, true, true];

/// The days that a word names.
fn days(word: &str) -> Option<[bool; 7]> {
    match word {
        "weekdays" => Some(WEEKDAYS),
        "weekend" => Some(WEEKEND),
        _ => {
            let named = DAYS.map(|(short, long)| word == short || word == long);
            named.contains(&true).then_some(named)
        }
    }
}

fn time(text: &str) -> Option<Time> {
    let (hour, minute) = text.split_once(':')?;
    let number = |part: &str, digits: std::ops::RangeInclusive<usize>, below: u8| {
        let plain = digits.contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
        part.parse::<u8>().ok().filter(|number| plain && *number < below)
    };
    Some((number(hour, 1..=2, 24)?, number(minute, 2..=2, 60)?))
}

fn at(word: &str) -> Option<At> {
    if let Some(part) = PARTS.into_iter().find(|part| *part == word) {
        return Some(At::Part(part));
    }
    match word.split_once('-') {
        None => time(word).map(At::Time),
        Some((from, until)) => {
            let (from, until) = (time(from)?, time(until)?);
            (from < until).then_some(At::Between(from, until))
        }
    }
}

impl BestTime {
    /// Whether it is on that day of the week.
    #[must_use]
    pub fn is_on(self, weekday: Weekday) -> bool {
        let at = usize::try_from(weekday.to_monday_zero_offset()).ok();
        !self.days.contains(&true) || at.and_then(|at| self.days.get(at)) == Some(&true)
    }

    /// From when to when on a day, where a time by the clock is known for it; the end only where it is.
    #[must_use]
    pub fn hours(self, day: Date) -> Option<(civil::Time, Option<civil::Time>)> {
        let clock = |(hour, minute): Time| {
            civil::Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0).ok()
        };
        match self.at.filter(|_| self.is_on(day.weekday()))? {
            At::Part(_) => None,
            At::Time(from) => Some((clock(from)?, None)),
            At::Between(from, until) => Some((clock(from)?, clock(until))),
        }
    }
}

impl FromStr for BestTime {
    type Err = Unfit;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unfit = || {
            Unfit::new(
                text,
                "a time of day",
                "write one such as evening, 18:30, \"sat morning\" or \"weekdays 18:00-20:00\"",
            )
        };
        let mut named = [false; 7];
        let mut found = None;
        for word in text.to_lowercase().split([' ', ',']).filter(|word| !word.is_empty()) {
            match (days(word), found) {
                (Some(days), None) => named.iter_mut().zip(days).for_each(|(known, more)| *known |= more),
                (None, None) => found = Some(at(word).ok_or_else(unfit)?),
                (_, Some(_)) => return Err(unfit()),
            }
        }
        if !named.contains(&true) && found.is_none() {
            return Err(unfit());
        }
        Ok(Self { days: named, at: found })
    }
}

impl fmt::Display for BestTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut words: Vec<String> = match self.days {
            WEEKDAYS => vec!["weekdays".to_owned()],
            WEEKEND => vec!["weekend".to_owned()],
            days => DAYS
                .iter()
                .zip(days)
                .filter(|(_, named)| *named)
                .map(|((short, _), _)| (*short).to_owned())
                .collect(),
        };
        let clock = |(hour, minute): Time| format!("{hour:02}:{minute:02}");
        words.extend(self.at.map(|at| match at {
            At::Part(part) => part.to_owned(),
            At::Time(time) => clock(time),
            At::Between(from, until) => format!("{}-{}", clock(from), clock(until)),
        }));
        f.write_str(&words.join(" "))
    }
}
