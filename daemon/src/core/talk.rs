//! What the user notes of a contact besides how and when it was.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::how::How;
use super::word;

/// How long a topic is at most, in characters.
const TOPIC: usize = 40;

/// A contact as the user logs it, or an import brought it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Talk {
    /// When it was.
    pub day: Date,
    /// How.
    pub how: How,
    /// What it was about; may be empty.
    pub what: String,
    /// What came of it.
    pub notes: Notes,
    /// Whether an import brought it; the user logged all else.
    pub imported: bool,
}

impl Talk {
    /// A contact that the user logs, of which nothing else is noted.
    #[must_use]
    pub fn new(day: Date, how: How, what: &str) -> Self {
        Self { day, how, what: what.to_owned(), notes: Notes::default(), imported: false }
    }

    /// What it was about, where that may be said to them: a few words of the user's own,
    /// no sentence, of a talk that did not go badly. What an import has there is the name of
    /// a service, or the subject of a mail.
    #[must_use]
    pub fn topic(&self) -> Option<&str> {
        let what = self.what.trim();
        let is_short = (1..=TOPIC).contains(&what.chars().count());
        let is_plain = what.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '\'' | '’'));
        let is_own = !self.imported && self.notes.went != Some(Went::Badly);
        (is_short && is_plain && is_own).then_some(what)
    }
}

/// What came of a contact: it is there again for the next one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes {
    /// How it went.
    pub went: Option<Went>,
    /// What the user learned for the next time.
    pub learned: Option<String>,
    /// What the user gave: help, a hint, an introduction.
    pub given: Option<String>,
    /// What the user asked for.
    pub asked: Option<String>,
    /// What the user received.
    pub received: Option<String>,
}

impl Notes {
    /// Each that there is, in words: `went badly`, `learned: call before noon`.
    #[must_use]
    pub fn told(&self) -> Vec<String> {
        let went = self.went.map(|went| format!("went {went}"));
        let rest = [
            ("learned", &self.learned),
            ("given", &self.given),
            ("asked", &self.asked),
            ("received", &self.received),
        ];
        let said = rest.into_iter().filter_map(|(word, said)| Some(format!("{word}: {}", said.as_deref()?)));
        went.into_iter().chain(said).collect()
    }
}

/// How a contact went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Went {
    /// Well.
    Well,
    /// Neither.
    Mixed,
    /// Badly.
    Badly,
}

impl Went {
    /// Each, with its name in the database and on the command line.
    const NAMES: [(Self, &str); 3] = [(Self::Well, "well"), (Self::Mixed, "mixed"), (Self::Badly, "badly")];
}

impl fmt::Display for Went {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(word::of(&Self::NAMES, self))
    }
}

impl FromStr for Went {
    type Err = UnknownWent;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        word::named(&Self::NAMES, text).ok_or(UnknownWent)
    }
}

/// A text that does not say how a contact went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownWent;

impl fmt::Display for UnknownWent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write well, mixed or badly")
    }
}

impl std::error::Error for UnknownWent {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_topic_is_a_few_plain_words_of_ones_own() {
        let talk = |what: &str| Talk::new(jiff::civil::date(2026, 10, 20), How::Met, what);
        for (name, talk, topic) in [
            ("a few words", talk(" her viola "), Some("her viola")),
            ("nothing", talk(" "), None),
            ("two notes", talk("her new job; promised to send the article"), None),
            ("a sentence", talk("Dinner at our place."), None),
            ("two lines", talk("her viola\nand more"), None),
            ("long", talk("how she came to leave the house and the harbour"), None),
            ("imported", Talk { imported: true, ..talk("LinkedIn") }, None),
            (
                "badly",
                Talk { notes: Notes { went: Some(Went::Badly), ..Notes::default() }, ..talk("money") },
                None,
            ),
        ] {
            assert_eq!(talk.topic(), topic, "{name}");
        }
    }

    #[test]
    fn what_came_of_it_is_told_in_words() {
        for (went, name) in Went::NAMES {
            assert_eq!((went.to_string().as_str(), name.parse()), (name, Ok(went)));
        }
        let notes = Notes {
            went: Some(Went::Badly),
            learned: Some("call before noon".to_owned()),
            received: Some("two names".to_owned()),
            ..Notes::default()
        };
        assert_eq!(notes.told(), ["went badly", "learned: call before noon", "received: two names"]);
    }
}
