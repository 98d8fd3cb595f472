//! A follow-up: person, kind and cycle, on a day, with its reason.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;
use sha2::{Digest, Sha256};

use super::facts::PersonId;
use super::introduction::Step;
use super::occasion::Occasion;
use super::word;

/// What a follow-up is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// An ordinary outreach: the ideal interval has passed, or there has been no contact yet.
    KeepInTouch,
    /// The same with somebody who has become dormant.
    Rekindle,
    /// Another try after an outreach without an answer.
    SecondTry,
    /// A first word to somebody just met.
    FirstHello,
    /// Thanks after a meeting.
    ThankYou,
    /// To keep what the user promised.
    Promise,
    /// To be reminded, gently, of what they promised.
    Nudge,
    /// To ask for something.
    Ask,
    /// To congratulate on something.
    Congratulate,
    /// To send something.
    Send,
    /// To invite to something.
    Invite,
    /// To go along to something.
    Accompany,
    /// A step of an introduction.
    Introduction,
    /// A step towards a goal.
    Goal,
    /// A hello on an occasion.
    Occasion,
    /// A birthday to congratulate on.
    Birthday,
    /// Another day of theirs that comes each year.
    Date,
}

impl Kind {
    /// Every kind, with its name in the database and in `kith plan --json`.
    const NAMES: [(Self, &str); 17] = [
        (Self::KeepInTouch, "keep-in-touch"),
        (Self::Rekindle, "rekindle"),
        (Self::SecondTry, "second-try"),
        (Self::FirstHello, "first-hello"),
        (Self::ThankYou, "thank-you"),
        (Self::Promise, "promise"),
        (Self::Nudge, "nudge"),
        (Self::Ask, "ask"),
        (Self::Congratulate, "congratulate"),
        (Self::Send, "send"),
        (Self::Invite, "invite"),
        (Self::Accompany, "accompany"),
        (Self::Introduction, "introduction"),
        (Self::Goal, "goal"),
        (Self::Occasion, "occasion"),
        (Self::Birthday, "birthday"),
        (Self::Date, "date"),
    ];

    /// Whether it asks the user to reach out and so counts in the budget; dates do not.
    #[must_use]
    pub fn is_outreach(self) -> bool {
        !matches!(self, Self::Birthday | Self::Date)
    }

    /// Whether it is owed on its day, whatever the budget; of an introduction
    /// that depends on the step ([`Key::is_owed`]).
    pub(super) fn is_owed(self) -> bool {
        matches!(self, Self::ThankYou | Self::Promise)
    }

    /// Whether it is a step towards a goal, or of an occasion: a week has room for so many.
    #[must_use]
    pub fn is_step(self) -> bool {
        matches!(self, Self::Goal | Self::Occasion)
    }

    /// Whether it asks for a talk, which counts for a goal of talks; what is thanked for,
    /// sent or asked is written.
    #[must_use]
    pub fn is_talk(self) -> bool {
        matches!(self, Self::KeepInTouch | Self::Rekindle | Self::Goal)
    }

    /// Whether it springs from an intention, which only the user ends: its
    /// cycle begins with its number.
    #[must_use]
    pub fn is_intended(self) -> bool {
        matches!(
            self,
            Self::Promise
                | Self::Nudge
                | Self::Ask
                | Self::Congratulate
                | Self::Send
                | Self::Invite
                | Self::Accompany
                | Self::Introduction
        )
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(word::of(&Self::NAMES, self))
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        word::named(&Self::NAMES, text).ok_or(UnknownKind)
    }
}

/// A text that names no kind of follow-up this version knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownKind;

/// What stands before the day on which a follow-up was put off.
const PUT_OFF: &str = ", put off on ";

/// What makes a follow-up the same follow-up, whatever its day: its UID follows from it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// With whom.
    pub person: PersonId,
    /// What for.
    pub kind: Kind,
    /// The fact it springs from: the day of the last contact or try
    /// (`2026-10-03`), `new` for somebody never spoken to, the number of an
    /// intention, that of a goal and how often they talked in its time, that
    /// of an occasion and its year, the year of a birthday.
    pub cycle: String,
}

impl Key {
    /// The number of the intention that it springs from, if it does from one.
    #[must_use]
    pub fn intention(&self) -> Option<i64> {
        let is_one = self.kind.is_intended() && self.kind != Kind::Introduction;
        self.cycle.split(' ').next().filter(|_| is_one)?.parse().ok()
    }

    /// The number of the introduction that it is for, and which step of it.
    #[must_use]
    pub fn introduction(&self) -> Option<(i64, Step)> {
        let mut words = self.cycle.split(' ').filter(|_| self.kind == Kind::Introduction);
        Some((words.next()?.parse().ok()?, words.next()?.parse().ok()?))
    }

    /// Whether it is owed on its day, whatever the budget.
    #[must_use]
    pub fn is_owed(&self) -> bool {
        self.kind.is_owed() || self.introduction().is_some_and(|(_, step)| step.is_owed())
    }

    /// The key under which it is remembered that a follow-up was put off on the day that it was asked for.
    #[must_use]
    pub(super) fn put_off(&self, day: Date) -> Self {
        Self { cycle: format!("{}{PUT_OFF}{day}", self.cycle), ..self.clone() }
    }

    /// Whether that is remembered under this key.
    #[must_use]
    pub(super) fn was_put_off(&self) -> bool {
        self.cycle.contains(PUT_OFF)
    }

    /// The follow-up's UUID (version 8, RFC 9562 section 5.8): a function of
    /// the key and of the database's own random `namespace`, so that a
    /// rehearsal names the same event as the feed, and two users never do.
    #[must_use]
    pub fn uuid(&self, namespace: &[u8]) -> String {
        uuid(namespace, &format!("{}/{}/{}", self.person, self.kind, self.cycle))
    }
}

/// A UUID (version 8) that is a function of a namespace and a name in it.
#[must_use]
pub fn uuid(namespace: &[u8], name: &str) -> String {
    let hash = Sha256::new().chain_update(namespace).chain_update(name).finalize();
    let mut bytes = [0_u8; 16];
    bytes.iter_mut().zip(hash).for_each(|(to, from)| *to = from);
    bytes[6] = (bytes[6] & 0x0f) | 0x80;
    bytes[8] = (bytes[8] & 0x3f) | 0x80;
    let mut text = String::with_capacity(36);
    for (at, byte) in bytes.into_iter().enumerate() {
        if matches!(at, 4 | 6 | 8 | 10) {
            text.push('-');
        }
        text.extend(
            [byte >> 4, byte & 0x0f].map(|digit| char::from(b"0123456789abcdef"[usize::from(digit)])),
        );
    }
    text
}

/// A follow-up of the plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FollowUp {
    /// With whom, what for, and from which fact.
    pub key: Key,
    /// The day it is planned for.
    pub day: Date,
    /// From which day on it was wanted; none for somebody never spoken to.
    pub due: Option<Date>,
    /// The circle it was planned in; [`super::settings::OTHERS`] for people without one.
    pub circle: String,
    /// Whether it took one of the week's shared places.
    pub shared: bool,
    /// What is to be done, in the user's words, where they said it.
    pub what: Option<String>,
    /// Of what the user promised them: what else is due with that.
    pub with: Vec<String>,
    /// The occasion for a hello that it is for, too: the day is one of its days.
    pub occasion: Option<Occasion>,
    /// Why, in words that stay true as days pass.
    pub reason: String,
}

impl FollowUp {
    /// As what it is published while it is open.
    #[must_use]
    pub fn published(&self) -> Published {
        Published {
            key: self.key.clone(),
            day: self.day,
            due: self.due,
            circle: self.circle.clone(),
            shared: self.shared,
            settled: None,
        }
    }
}

/// A follow-up as it was last published: what makes tomorrow's plan today's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// With whom, what for, and from which fact.
    pub key: Key,
    /// The day it was published for.
    pub day: Date,
    /// As in [`FollowUp::due`].
    pub due: Option<Date>,
    /// As in [`FollowUp::circle`].
    pub circle: String,
    /// As in [`FollowUp::shared`].
    pub shared: bool,
    /// The day of the contact that settled it; none while it is open.
    pub settled: Option<Date>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_have_one_name_each() {
        for (kind, name) in Kind::NAMES {
            assert_eq!(kind.to_string(), name);
            assert_eq!(name.parse(), Ok(kind));
        }
        assert_eq!("poem".parse::<Kind>(), Err(UnknownKind));
    }

    #[test]
    fn a_uuid_follows_from_the_key_alone() {
        let key = Key { person: PersonId(7), kind: Kind::KeepInTouch, cycle: "2026-10-03".to_owned() };
        let uuid = key.uuid(b"namespace");
        assert_eq!(uuid, key.uuid(b"namespace"));
        assert_eq!((uuid.len(), &uuid[14..15]), (36, "8"));
        assert_ne!(uuid, key.uuid(b"another"));
        assert_ne!(uuid, Key { cycle: "2026-10-04".to_owned(), ..key }.uuid(b"namespace"));
    }
}
