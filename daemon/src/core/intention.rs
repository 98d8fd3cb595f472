//! What the user means to do with somebody, besides keeping in touch.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::facts::PersonId;
use super::introduction::Step;
use super::word;

/// Something the user means to do with a person, until it is done or let go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intention {
    /// Its number: `intention.id` in the database.
    pub id: i64,
    /// With whom.
    pub person: PersonId,
    /// What kind of thing it is.
    pub aim: Aim,
    /// What, in the user's words: `the article on heat pumps`.
    pub what: String,
    /// Until when; none if no day was said.
    pub by: Option<Date>,
    /// When it was noted.
    pub entered: Date,
    /// When it ended, and how; none while it is open.
    pub ended: Option<(Date, Outcome)>,
}

impl Intention {
    /// What names it in the cycle of a follow-up: its number; of an introduction with the step.
    #[must_use]
    pub fn cycle(&self) -> String {
        match self.aim {
            Aim::Introduction(step) => format!("{} {step}", self.id),
            _ => self.id.to_string(),
        }
    }

    /// Whether its day was before `day`, and with it went its use, as it does of what is
    /// asked for or offered; a promise is kept all the same, however late.
    #[must_use]
    pub fn is_past(&self, day: Date) -> bool {
        let has_its_day = self.aim == Aim::Ask || Aim::OFFERS.contains(&self.aim);
        has_its_day && self.ended.is_none() && self.by.is_some_and(|by| by < day)
    }
}

/// What kind of thing is meant to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Aim {
    /// The user promised it.
    Promise,
    /// They promised it to the user.
    TheirPromise,
    /// The user wants to ask for it.
    Ask,
    /// To congratulate them on it.
    Congratulate,
    /// To send it to them.
    Send,
    /// To invite them to it.
    Invite,
    /// To go along to it with them.
    Accompany,
    /// To do this for an introduction: it is kept with that, and not for itself.
    Introduction(Step),
}

impl Aim {
    /// Every one, with its name in the database and in JSON.
    const NAMES: [(Self, &str); 7] = [
        (Self::Promise, "promise"),
        (Self::TheirPromise, "their-promise"),
        (Self::Ask, "ask"),
        (Self::Congratulate, "congratulate"),
        (Self::Send, "send"),
        (Self::Invite, "invite"),
        (Self::Accompany, "accompany"),
    ];

    /// What the user offers, with the words of the command line.
    pub const OFFERS: [Self; 4] = [Self::Congratulate, Self::Send, Self::Invite, Self::Accompany];
}

impl fmt::Display for Aim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = Self::NAMES.iter().find(|(aim, _)| aim == self).map(|(_, name)| *name);
        f.write_str(name.unwrap_or("introduction"))
    }
}

impl FromStr for Aim {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        word::named(&Self::NAMES, text).ok_or(Unknown)
    }
}

/// How an intention ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Outcome {
    /// It was done: the promise kept, the offer made, the question asked.
    Done,
    /// It was asked for, and they said yes.
    Yes,
    /// It was asked for, and they said no: a brave ask all the same.
    No,
    /// It was let go.
    LetGo,
}

impl Outcome {
    /// Every one, with its name in the database and in JSON.
    const NAMES: [(Self, &str); 4] =
        [(Self::Done, "done"), (Self::Yes, "yes"), (Self::No, "no"), (Self::LetGo, "let-go")];
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(word::of(&Self::NAMES, self))
    }
}

impl FromStr for Outcome {
    type Err = Unknown;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        word::named(&Self::NAMES, text).ok_or(Unknown)
    }
}

/// A text that this version does not know as what is meant, or as how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unknown;

/// What a thing that is meant to be done is called: `your promise to Anna`.
#[must_use]
pub fn of(aim: Aim, name: &str) -> String {
    match aim {
        Aim::Promise => format!("your promise to {name}"),
        Aim::TheirPromise => format!("the promise of {name}"),
        Aim::Ask => format!("what you ask of {name}"),
        Aim::Congratulate => format!("to congratulate {name}"),
        Aim::Send => format!("to send to {name}"),
        Aim::Invite => format!("to invite {name}"),
        Aim::Accompany => format!("to go along with {name}"),
        Aim::Introduction(Step::Ask) => format!("what you ask of {name}"),
        Aim::Introduction(Step::Reminder) => format!("what you asked of {name}"),
        Aim::Introduction(Step::Forward) => format!("to send to {name}"),
        Aim::Introduction(Step::Hello) => format!("a first hello to {name}"),
        Aim::Introduction(Step::Thanks) => format!("your thanks to {name}"),
        Aim::Introduction(Step::Consent | Step::ConsentTo) => format!("whom {name} might like to meet"),
        Aim::Introduction(Step::Make) => format!("to introduce {name}"),
        Aim::Introduction(Step::LookBack) => format!("a look back with {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_day_of_what_is_asked_for_or_offered_passes() {
        use jiff::civil::date;
        let (by, day) = (date(2026, 12, 27), date(2026, 11, 23));
        for (aim, by, ended, on, is_past) in [
            (Aim::Invite, Some(by), None, date(2026, 12, 27), false),
            (Aim::Invite, Some(by), None, date(2026, 12, 28), true),
            (Aim::Ask, Some(by), None, date(2026, 12, 28), true),
            (Aim::Ask, Some(by), Some((day, Outcome::Done)), date(2026, 12, 28), false),
            (Aim::Send, None, None, date(2027, 12, 28), false),
            (Aim::Promise, Some(by), None, date(2026, 12, 28), false),
            (Aim::TheirPromise, Some(by), None, date(2026, 12, 28), false),
        ] {
            let what = "the concert".to_owned();
            let noted = Intention { id: 3, person: PersonId(7), aim, what, by, entered: day, ended };
            assert_eq!(noted.is_past(on), is_past, "{aim} on {on}");
        }
    }

    #[test]
    fn everything_has_one_name() {
        for (aim, name) in Aim::NAMES {
            assert_eq!((aim.to_string().as_str(), name.parse()), (name, Ok(aim)));
        }
        for (outcome, name) in Outcome::NAMES {
            assert_eq!((outcome.to_string().as_str(), name.parse()), (name, Ok(outcome)));
        }
        assert_eq!(("poem".parse::<Aim>(), "poem".parse::<Outcome>()), (Err(Unknown), Err(Unknown)));
    }
}
