//! Introductions: asked for, agreed to, made, and both thanked.
//!
//! An introduction is with two people: the one who is to make it, and the one
//! it is to. What is to be done next, and with whom of the two, follows from
//! the days on which the steps before were done; each is planned as an
//! [`Intention`] of its own.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::facts::PersonId;
use super::intention::{Aim, Intention};

/// An introduction that the user asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Introduction {
    /// Its number: `introduction.id` in the database.
    pub id: i64,
    /// The two people.
    pub between: Between,
    /// What for, in the user's words.
    pub what: Option<String>,
    /// When it was noted.
    pub entered: Option<Date>,
    /// When the user asked for it.
    pub asked: Option<Date>,
    /// When they agreed to make it.
    pub agreed: Option<Date>,
    /// When the user sent them a few lines to forward.
    pub sent: Option<Date>,
    /// When it was made: a win.
    pub made: Option<Date>,
    /// When the user said a first hello.
    pub hello: Option<Date>,
    /// When the user thanked for it.
    pub thanked: Option<Date>,
    /// When it ended without being made, and how.
    pub ended: Option<(Date, End)>,
    /// What is to be done now, as [`Introduction::next`] has it.
    pub steps: Vec<Intention>,
}

/// The two people of an introduction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Between {
    /// To whom.
    pub to: Option<PersonId>,
    /// Their name.
    pub to_name: String,
    /// By whom.
    pub through: Option<PersonId>,
    /// Their name.
    pub through_name: String,
}

/// How an introduction ended that was not made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// They would rather not.
    Declined,
    /// The user let it go.
    LetGo,
}

impl End {
    /// Its name in the database and in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Declined => "declined",
            Self::LetGo => "let-go",
        }
    }

    /// The one of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Declined, Self::LetGo].into_iter().find(|end| end.name() == name)
    }
}

/// How far an introduction is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// It is to be asked for.
    Noted,
    /// It was asked for.
    Asked,
    /// They agreed.
    Agreed,
    /// It was made.
    Made,
    /// It was made, and both have heard from the user since.
    Thanked,
    /// It was not made.
    Ended(End),
}

impl Stage {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Noted => "noted",
            Self::Asked => "asked",
            Self::Agreed => "agreed",
            Self::Made => "made",
            Self::Thanked => "thanked",
            Self::Ended(end) => end.name(),
        }
    }

    /// Whether nothing more is to be done.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Thanked | Self::Ended(_))
    }
}

/// What is to be done for an introduction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Step {
    /// To send a few lines that can be forwarded.
    Forward,
    /// To say a first hello to the one it is to.
    Hello,
    /// To thank for it.
    Thanks,
    /// To ask for it.
    Ask,
    /// To ask, gently, what became of it.
    Reminder,
}

impl Step {
    /// Every one, with its name in the cycle of a follow-up.
    const NAMES: [(Self, &str); 5] = [
        (Self::Forward, "forward"),
        (Self::Hello, "hello"),
        (Self::Thanks, "thanks"),
        (Self::Ask, "ask"),
        (Self::Reminder, "reminder"),
    ];

    /// Whether it is owed on its day, whatever the budget.
    #[must_use]
    pub fn is_owed(self) -> bool {
        matches!(self, Self::Forward | Self::Hello | Self::Thanks)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(Self::NAMES.iter().find(|(step, _)| step == self).map_or("", |(_, name)| name))
    }
}

impl FromStr for Step {
    type Err = super::intention::Unknown;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let found = Self::NAMES.iter().find(|(_, name)| *name == text).map(|(step, _)| *step);
        found.ok_or(super::intention::Unknown)
    }
}

impl Introduction {
    /// How far it is.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match self {
            Self { ended: Some((_, end)), .. } => Stage::Ended(*end),
            Self { made: Some(_), hello: Some(_), thanked: Some(_), .. } => Stage::Thanked,
            Self { made: Some(_), .. } => Stage::Made,
            Self { agreed: Some(_), .. } => Stage::Agreed,
            Self { asked: Some(_), .. } => Stage::Asked,
            Self { .. } => Stage::Noted,
        }
    }

    /// Whether somebody is to be introduced, and has not been.
    #[must_use]
    pub fn is_to_come(&self) -> bool {
        matches!(self.stage(), Stage::Noted | Stage::Asked | Stage::Agreed)
    }

    /// The day on which a step was done, if it was.
    #[must_use]
    pub fn done_on(&self, step: Step) -> Option<Date> {
        match step {
            Step::Ask => self.asked,
            Step::Forward => self.sent,
            Step::Hello => self.hello,
            Step::Thanks => self.thanked,
            Step::Reminder => None,
        }
    }

    /// What is to be done now, as things that the user means to do.
    #[must_use]
    pub fn next(&self) -> Vec<Intention> {
        let Between { to, to_name, through, through_name } = &self.between;
        let to_them = format!("an introduction to {to_name}");
        let step = |step: Step, person: Option<PersonId>, since: Option<Date>, what: String| {
            let entered = since.or(self.entered)?;
            let aim = Aim::Introduction(step);
            Some(Intention { id: self.id, person: person?, aim, what, by: None, entered, ended: None })
        };
        let ask = || {
            let what =
                self.what.as_ref().map_or_else(|| to_them.clone(), |what| format!("{to_them} ({what})"));
            step(Step::Ask, *through, self.entered, what)
        };
        let remind = |since| step(Step::Reminder, *through, since, format!("the introduction to {to_name}"));
        let steps = match self.stage() {
            Stage::Noted => [ask(), None],
            Stage::Asked => [remind(self.asked), None],
            Stage::Agreed if self.sent.is_some() => [remind(self.sent), None],
            Stage::Agreed => {
                let what = format!("a few lines for {to_name} that can be forwarded");
                [step(Step::Forward, *through, self.agreed, what), None]
            }
            Stage::Made => {
                let hello = self.hello.is_none().then(|| format!("introduced by {through_name}"));
                let thanks = self.thanked.is_none().then(|| format!("the introduction to {to_name}"));
                [
                    hello.and_then(|what| step(Step::Hello, *to, self.made, what)),
                    thanks.and_then(|what| step(Step::Thanks, *through, self.made, what)),
                ]
            }
            Stage::Thanked | Stage::Ended(_) => [None, None],
        };
        steps.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn each_step_is_with_the_right_person() {
        let day = |day| Some(date(2026, 12, day));
        let between = Between {
            to: Some(PersonId(4)),
            to_name: "Clara Diaz".to_owned(),
            through: Some(PersonId(2)),
            through_name: "Ben Kern".to_owned(),
        };
        let mut intro = Introduction { id: 7, between, entered: day(1), ..Introduction::default() };
        let said = |intro: &Introduction| {
            let one = |i: &Intention| match i.aim {
                Aim::Introduction(step) => format!("{} {step} {}: {}", i.person, i.entered.day(), i.what),
                _ => String::new(),
            };
            format!(
                "{}; {}",
                intro.stage().name(),
                intro.next().iter().map(one).collect::<Vec<_>>().join(", ")
            )
        };
        assert_eq!(said(&intro), "noted; 2 ask 1: an introduction to Clara Diaz");
        intro.asked = day(2);
        assert_eq!(said(&intro), "asked; 2 reminder 2: the introduction to Clara Diaz");
        intro.agreed = day(3);
        assert_eq!(said(&intro), "agreed; 2 forward 3: a few lines for Clara Diaz that can be forwarded");
        intro.sent = day(4);
        assert_eq!(said(&intro), "agreed; 2 reminder 4: the introduction to Clara Diaz");
        intro.made = day(5);
        assert_eq!(
            said(&intro),
            "made; 4 hello 5: introduced by Ben Kern, 2 thanks 5: the introduction to Clara Diaz"
        );
        intro.hello = day(6);
        assert_eq!(said(&intro), "made; 2 thanks 5: the introduction to Clara Diaz");
        intro.thanked = day(6);
        assert_eq!(said(&intro), "thanked; ");
        intro = Introduction { ended: Some((date(2026, 12, 9), End::Declined)), ..intro };
        assert_eq!(said(&intro), "declined; ");
        for (step, name) in Step::NAMES {
            assert_eq!((step.to_string().as_str(), name.parse()), (name, Ok(step)));
        }
    }
}
