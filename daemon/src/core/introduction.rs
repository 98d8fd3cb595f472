//! Introductions: asked for, agreed to, made, and both thanked; or made by the
//! user: both asked whether they would like it, made, and looked back on once.
//!
//! An introduction is with two people: the one who is to make it, and the one
//! it is to; or two whom the user introduces to each other. What is to be done
//! next, and with whom of the two, follows from the days on which the steps
//! before were done; each is planned as an [`Intention`] of its own.

use std::fmt;
use std::str::FromStr;

use jiff::civil::Date;

use super::facts::PersonId;
use super::intention::{Aim, Intention};
use super::word;

/// An introduction that the user asks for, or makes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Introduction {
    /// Its number: `introduction.id` in the database.
    pub id: i64,
    /// Who makes it.
    pub by: By,
    /// The two people.
    pub between: Between,
    /// What for, in the user's words.
    pub what: Option<String>,
    /// When it was noted.
    pub entered: Option<Date>,
    /// When the user asked [`Between::through`] for it, or whether they would like it.
    pub asked: Option<Date>,
    /// When they agreed.
    pub agreed: Option<Date>,
    /// When the user asked [`Between::to`] whether they would like it.
    pub to_asked: Option<Date>,
    /// When they agreed.
    pub to_agreed: Option<Date>,
    /// When the user sent them a few lines to forward.
    pub sent: Option<Date>,
    /// When it was made: a win.
    pub made: Option<Date>,
    /// When the user said a first hello.
    pub hello: Option<Date>,
    /// When the user thanked for it.
    pub thanked: Option<Date>,
    /// When the user asked what became of one that they made.
    pub looked_back: Option<Date>,
    /// When it ended without being made, and how.
    pub ended: Option<(Date, End)>,
    /// What is to be done now, as [`Introduction::next`] has it.
    pub steps: Vec<Intention>,
}

/// Who makes an introduction.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum By {
    /// [`Between::through`], who introduces the user.
    #[default]
    Them,
    /// The user, who introduces the two people to each other.
    Me,
}

impl By {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Them => "them",
            Self::Me => "me",
        }
    }
}

/// The two people of an introduction.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Between {
    /// To whom.
    pub to: Option<PersonId>,
    /// Their name.
    pub to_name: String,
    /// Their preferred email address, for the mail that goes to both.
    pub to_email: Option<String>,
    /// By whom; or who is introduced to the other, if the user makes it.
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
    /// It is to be asked for, or both are to be asked.
    Noted,
    /// It was asked for, or of one of the two at least.
    Asked,
    /// They agreed; both, if the user makes it.
    Agreed,
    /// It was made.
    Made,
    /// It was made, and both have heard from the user since.
    Thanked,
    /// The user made it, and asked later what became of it.
    LookedBack,
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
            Self::LookedBack => "looked-back",
            Self::Ended(end) => end.name(),
        }
    }

    /// Whether nothing more is to be done.
    #[must_use]
    pub fn is_over(self) -> bool {
        matches!(self, Self::Thanked | Self::LookedBack | Self::Ended(_))
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
    /// To introduce the two to each other.
    Make,
    /// To ask for it.
    Ask,
    /// To ask [`Between::through`] whether they would like it.
    Consent,
    /// To ask [`Between::to`] whether they would like it.
    ConsentTo,
    /// To ask, gently, what became of it.
    Reminder,
    /// To ask, once, what became of one that the user made.
    LookBack,
}

impl Step {
    /// Every one, with its name in the cycle of a follow-up.
    const NAMES: [(Self, &str); 9] = [
        (Self::Forward, "forward"),
        (Self::Hello, "hello"),
        (Self::Thanks, "thanks"),
        (Self::Make, "make"),
        (Self::Ask, "ask"),
        (Self::Consent, "consent"),
        (Self::ConsentTo, "consent-to"),
        (Self::Reminder, "reminder"),
        (Self::LookBack, "look-back"),
    ];

    /// Whether any word to them is it: what is asked, sent or made is only if the user says so.
    #[must_use]
    pub fn is_done_by_any_word(self) -> bool {
        matches!(self, Self::Hello | Self::Thanks | Self::Reminder)
    }

    /// Whether it is owed on its day, whatever the budget.
    #[must_use]
    pub fn is_owed(self) -> bool {
        matches!(self, Self::Forward | Self::Hello | Self::Thanks | Self::Make)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(word::of(&Self::NAMES, self))
    }
}

impl FromStr for Step {
    type Err = super::intention::Unknown;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        word::named(&Self::NAMES, text).ok_or(super::intention::Unknown)
    }
}

impl Introduction {
    /// How far it is.
    #[must_use]
    pub fn stage(&self) -> Stage {
        match self {
            Self { ended: Some((_, end)), .. } => Stage::Ended(*end),
            Self { by: By::Me, looked_back: Some(_), .. } => Stage::LookedBack,
            Self { by: By::Me, made: Some(_), .. } => Stage::Made,
            Self { by: By::Me, agreed: Some(_), to_agreed: Some(_), .. } => Stage::Agreed,
            Self { by: By::Me, asked, agreed, to_asked, to_agreed, .. } => {
                let is_begun = [asked, agreed, to_asked, to_agreed].into_iter().any(Option::is_some);
                if is_begun { Stage::Asked } else { Stage::Noted }
            }
            Self { made: Some(_), hello: Some(_), thanked: Some(_), .. } => Stage::Thanked,
            Self { made: Some(_), .. } => Stage::Made,
            Self { agreed: Some(_), .. } => Stage::Agreed,
            Self { asked: Some(_), .. } => Stage::Asked,
            Self { .. } => Stage::Noted,
        }
    }

    /// Whether the user is to be introduced, and has not been.
    #[must_use]
    pub fn is_to_come(&self) -> bool {
        self.by == By::Them && matches!(self.stage(), Stage::Noted | Stage::Asked | Stage::Agreed)
    }

    /// The two people, whoever makes it.
    #[must_use]
    pub fn people(&self) -> [Option<PersonId>; 2] {
        [self.between.through, self.between.to]
    }

    /// The day on which a step was done, if it was.
    #[must_use]
    pub fn done_on(&self, step: Step) -> Option<Date> {
        match step {
            Step::Ask | Step::Consent => self.asked,
            Step::ConsentTo => self.to_asked,
            Step::Make => self.made,
            Step::LookBack => self.looked_back,
            Step::Forward => self.sent,
            Step::Hello => self.hello,
            Step::Thanks => self.thanked,
            Step::Reminder => None,
        }
    }

    /// What is to be done now, as things that the user means to do.
    #[must_use]
    pub fn next(&self) -> Vec<Intention> {
        match self.by {
            By::Them => self.next_of_theirs(),
            By::Me => self.next_of_mine(),
        }
    }

    /// A step with one of the two, wanted since that day.
    fn step(
        &self,
        step: Step,
        person: Option<PersonId>,
        since: Option<Date>,
        what: String,
    ) -> Option<Intention> {
        let entered = since.or(self.entered)?;
        let aim = Aim::Introduction(step);
        Some(Intention { id: self.id, person: person?, aim, what, by: None, entered, ended: None })
    }

    /// What is to be done for one that the user makes: whoever has not agreed is
    /// asked; when both have, it is made, and later one of them is asked of it.
    fn next_of_mine(&self) -> Vec<Intention> {
        let Between { to, to_name, through, through_name, .. } = &self.between;
        let because = self.what.as_ref().map_or_else(String::new, |what| format!(" ({what})"));
        let consent = |step, person, other: &String, asked: Option<Date>, agreed: Option<Date>| match asked {
            _ if agreed.is_some() => None,
            None => self.step(step, person, self.entered, format!("{other}{because}")),
            asked => self.step(Step::Reminder, person, asked, format!("the introduction to {other}")),
        };
        let steps = match self.stage() {
            Stage::Noted | Stage::Asked => [
                consent(Step::Consent, *through, to_name, self.asked, self.agreed),
                consent(Step::ConsentTo, *to, through_name, self.to_asked, self.to_agreed),
            ],
            Stage::Agreed => {
                let since = self.agreed.max(self.to_agreed);
                [self.step(Step::Make, *through, since, format!("{to_name}{because}")), None]
            }
            Stage::Made => [self.step(Step::LookBack, *through, self.made, to_name.clone()), None],
            Stage::Thanked | Stage::LookedBack | Stage::Ended(_) => [None, None],
        };
        steps.into_iter().flatten().collect()
    }

    /// What is to be done for one that somebody else makes.
    fn next_of_theirs(&self) -> Vec<Intention> {
        let Between { to, to_name, through, through_name, .. } = &self.between;
        let to_them = format!("an introduction to {to_name}");
        let step = |step, person, since, what| self.step(step, person, since, what);
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
            Stage::Thanked | Stage::LookedBack | Stage::Ended(_) => [None, None],
        };
        steps.into_iter().flatten().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    fn between() -> Between {
        Between {
            to: Some(PersonId(4)),
            to_name: "Clara Diaz".to_owned(),
            through: Some(PersonId(2)),
            through_name: "Ben Kern".to_owned(),
            ..Between::default()
        }
    }

    fn said(intro: &Introduction) -> String {
        let one = |i: &Intention| match i.aim {
            Aim::Introduction(step) => format!("{} {step} {}: {}", i.person, i.entered.day(), i.what),
            _ => String::new(),
        };
        format!("{}; {}", intro.stage().name(), intro.next().iter().map(one).collect::<Vec<_>>().join(", "))
    }

    #[test]
    fn both_are_asked_before_the_user_introduces_them() {
        let day = |day| Some(date(2026, 12, day));
        let what = Some("both sing".to_owned());
        let noted = Introduction {
            id: 7,
            by: By::Me,
            between: between(),
            what,
            entered: day(1),
            ..Introduction::default()
        };
        let set = |change: &dyn Fn(&mut Introduction)| {
            let mut intro = noted.clone();
            change(&mut intro);
            said(&intro)
        };
        assert_eq!(
            said(&noted),
            "noted; 2 consent 1: Clara Diaz (both sing), 4 consent-to 1: Ben Kern (both sing)"
        );
        assert_eq!(
            set(&|i| i.asked = day(2)),
            "asked; 2 reminder 2: the introduction to Clara Diaz, 4 consent-to 1: Ben Kern (both sing)"
        );
        assert_eq!(
            set(&|i| (i.asked, i.agreed, i.to_asked) = (day(2), day(3), day(4))),
            "asked; 4 reminder 4: the introduction to Ben Kern"
        );
        assert_eq!(set(&|i| i.to_agreed = day(4)), "asked; 2 consent 1: Clara Diaz (both sing)");
        let agreed = |i: &mut Introduction| (i.agreed, i.to_agreed) = (day(3), day(5));
        assert_eq!(set(&agreed), "agreed; 2 make 5: Clara Diaz (both sing)");
        let made = |i: &mut Introduction| {
            agreed(i);
            i.made = day(6);
        };
        assert_eq!(set(&made), "made; 2 look-back 6: Clara Diaz");
        assert_eq!(set(&|i| (i.made, i.looked_back) = (day(6), day(30))), "looked-back; ");
        assert_eq!(set(&|i| i.ended = Some((date(2026, 12, 9), End::Declined))), "declined; ");
        assert!(!noted.is_to_come(), "the user is introduced to nobody");
    }

    #[test]
    fn each_step_is_with_the_right_person() {
        let day = |day| Some(date(2026, 12, day));
        let mut intro =
            Introduction { id: 7, between: between(), entered: day(1), ..Introduction::default() };
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
