//! Small wins, worth a moment: a reply after silence, a tie that is picked up
//! again, a kept promise, a brave ask, an introduction made, a goal that is reached.

use std::collections::BTreeSet;
use std::fmt;

use jiff::civil::Date;

use super::cadence::{Cadence, Interval};
use super::facts::{Direction, Interaction, Person, PersonId, has_happened};
use super::goal::{Deed, Ending, Goal};
use super::intention::{Aim, Intention, Outcome};
use super::introduction::{By, Introduction};
use super::state::State;
use super::text;

/// For how long it has been silent when one try was answered late.
const SILENCE: Interval = Interval::weeks(2);

/// A small win.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Win {
    /// When.
    pub day: Date,
    /// With whom; with nobody in particular for a goal.
    pub person: Option<PersonId>,
    /// What it was.
    pub what: Won,
}

/// What was won.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Won {
    /// They answered after more than one try, or two weeks of silence, or the tie had been dormant.
    Reply {
        /// When the user reached out first.
        tried: Date,
    },
    /// They talked again, the tie having been dormant.
    Rekindled {
        /// The last contact before.
        last: Date,
    },
    /// The user kept a promise; with its number and what it was.
    Promise(i64, String),
    /// The user asked for what they had meant to, whatever they said.
    Ask(i64, String, Outcome),
    /// The user asked for something in a talk.
    Asked(String),
    /// An introduction was made, with its number: the user was introduced to somebody
    /// by the `other`, or introduced the two to each other.
    Introduction {
        /// Its number.
        id: i64,
        /// Who made it.
        by: By,
        /// The name of the other one.
        other: String,
    },
    /// A goal was reached; with its number and what it was.
    Goal(i64, String),
}

impl Won {
    /// Its name in JSON.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Reply { .. } => "reply",
            Self::Rekindled { .. } => "rekindled",
            Self::Promise(..) => "promise",
            Self::Ask(..) | Self::Asked(_) => "ask",
            Self::Introduction { .. } => "introduction",
            Self::Goal(..) => "goal",
        }
    }
}

/// What tells it from every other win.
impl fmt::Display for Win {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            Won::Reply { .. } | Won::Rekindled { .. } | Won::Asked(_) => {
                let person = self.person.map_or(0, |person| person.0);
                write!(f, "{}/{person}/{}", self.what.name(), self.day)
            }
            Won::Promise(id, _) | Won::Ask(id, ..) | Won::Introduction { id, .. } | Won::Goal(id, _) => {
                write!(f, "{}/{id}", self.what.name())
            }
        }
    }
}

impl Win {
    /// What it was, in one line, with the name of the person.
    #[must_use]
    pub fn told(&self, name: &str) -> String {
        match &self.what {
            Won::Reply { .. } => format!("{name} answered after a silence"),
            Won::Rekindled { .. } => format!("Picked up again with {name}"),
            Won::Promise(_, what) => format!("Kept your promise to {name}: {what}"),
            Won::Ask(_, what, Outcome::Yes) => format!("Asked {name}, and they said yes: {what}"),
            Won::Ask(_, what, Outcome::No) => format!("Asked {name}, brave although they said no: {what}"),
            Won::Ask(_, what, _) | Won::Asked(what) => format!("Asked {name}: {what}"),
            Won::Introduction { by: By::Them, other, .. } => format!("Introduced to {name} by {other}"),
            Won::Introduction { by: By::Me, other, .. } => format!("Introduced {other} and {name}"),
            Won::Goal(_, what) => format!("Goal reached: {what}"),
        }
    }
}

/// How often the user asked for something, whatever they said: each time was brave.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Asks {
    /// How often in all.
    pub made: usize,
    /// How often the answer was a no.
    pub refused: usize,
}

impl Asks {
    /// Those among wins.
    #[must_use]
    pub fn of(wins: &[Win]) -> Self {
        wins.iter().fold(Self::default(), |Self { made, refused }, win| match win.what {
            Won::Ask(_, _, outcome) => {
                Self { made: made + 1, refused: refused + usize::from(outcome == Outcome::No) }
            }
            Won::Asked(_) => Self { made: made + 1, refused },
            _ => Self { made, refused },
        })
    }

    /// How many there were, in a kind word; none if there was none.
    #[must_use]
    pub fn told(self) -> Option<String> {
        let asks = match self.made {
            0 => return None,
            made => format!("You asked for something {}", times(made)),
        };
        Some(match self.refused {
            0 => format!("{asks}: that is brave."),
            refused if refused == self.made => {
                format!("{asks} and heard a no: that is brave, and keeps the fear away.")
            }
            refused => format!(
                "{asks}, {} to hear a no: each was brave, and a no keeps the fear away.",
                times(refused)
            ),
        })
    }
}

/// How often, in words.
#[must_use]
pub fn times(count: usize) -> String {
    match count {
        1 => "once".to_owned(),
        2 => "twice".to_owned(),
        count => format!("{count} times"),
    }
}

/// The wins in what happened with a person, on these days.
#[must_use]
pub fn of_talks(person: &Person, cadence: Cadence, days: &BTreeSet<Date>, today: Date) -> Vec<Win> {
    let mut past: Vec<&Interaction> =
        person.interactions.iter().filter(|i| has_happened(i.day, today)).collect();
    past.sort_unstable_by_key(|i| i.day);
    let mut wins = Vec::new();
    let (mut last, mut tries): (Option<Date>, Vec<Date>) = (None, Vec::new());
    for of_day in past.chunk_by(|a, b| a.day == b.day) {
        let Some(day) = of_day.first().map(|i| i.day) else { continue };
        let is = |direction| of_day.iter().any(|i| i.how.direction() == direction);
        if !is(Direction::Both) && !is(Direction::Inbound) {
            tries.push(day);
            continue;
        }
        let slept = last.filter(|_| State::on(day, last, cadence) == State::Dormant);
        let is_late = |tried: &Date| slept.is_some() || tries.len() > 1 || day >= SILENCE.after(*tried);
        let tried = tries.first().copied().filter(is_late);
        let what = match (slept.filter(|_| is(Direction::Both)), tried) {
            (Some(last), _) => Some(Won::Rekindled { last }),
            (None, Some(tried)) => Some(Won::Reply { tried }),
            (None, None) => None,
        };
        let won = what.filter(|_| days.contains(&day));
        wins.extend(won.map(|what| Win { day, person: Some(person.id), what }));
        (last, tries) = (Some(day), Vec::new());
    }
    wins
}

/// The win in something that the user meant to do and that ended, if there is one.
#[must_use]
pub fn of_intention(ended: &Intention) -> Option<Win> {
    let (day, outcome) = ended.ended.filter(|(_, outcome)| *outcome != Outcome::LetGo)?;
    let what = match ended.aim {
        Aim::Promise => Won::Promise(ended.id, ended.what.clone()),
        Aim::Ask => Won::Ask(ended.id, ended.what.clone(), outcome),
        _ => return None,
    };
    Some(Win { day, person: Some(ended.person), what })
}

/// The win in a talk on that day in which the user asked for something; none if what they had
/// meant to ask, among what `ended`, is the win already: that is asked in a talk, and answered in
/// another one maybe.
#[must_use]
pub fn of_asking(person: PersonId, day: Date, asked: &str, ended: &[Intention]) -> Option<Win> {
    let is_it = |ask: &Intention| {
        let is_of_them = ask.person == person && of_intention(ask).is_some() && ask.aim == Aim::Ask;
        is_of_them && (ask.what == asked || ask.ended.is_some_and(|(on, _)| on == day))
    };
    let what = Won::Asked(asked.to_owned());
    (!ended.iter().any(is_it)).then_some(Win { day, person: Some(person), what })
}

/// The win in an introduction, if it was made.
#[must_use]
pub fn of_introduction(known: &Introduction) -> Option<Win> {
    let other = text::name(&known.between.through_name).into_owned();
    let what = Won::Introduction { id: known.id, by: known.by, other };
    Some(Win { day: known.made?, person: known.between.to, what })
}

/// The win in a goal, if it was reached by what was done, or the user says so.
#[must_use]
pub fn of_goal(goal: &Goal, deeds: impl Iterator<Item = Deed>) -> Option<Win> {
    let said = goal.ended.filter(|(_, ending)| *ending == Ending::Reached).map(|(day, _)| day);
    let day = goal.reached_on(&goal.counted(deeds)).or(said)?;
    Some(Win { day, person: None, what: Won::Goal(goal.id, goal.what.clone()) })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::facts::samples::tied;
    use crate::core::goal::{Act, Among, Counts};
    use crate::core::introduction::Between;
    use jiff::civil::date;

    /// Anna, with what happened.
    fn person(happened: &str) -> Person {
        Person { name: "Anna".to_owned(), circle: None, ..tied(7, "", happened) }
    }

    #[test]
    fn a_silence_that_ends_is_a_win() {
        let monthly = Cadence { ideal: Interval::weeks(2), latest: Interval::months(1) };
        for (happened, won) in [
            ("2026-10-03 both, 2026-11-02 both", ""),
            ("2026-08-01 both, 2026-11-02 both", "rekindled/7/2026-11-02"),
            ("2026-08-01 both, 2026-11-02 in", ""),
            ("2026-10-03 out, 2026-10-10 both", ""),
            ("2026-10-03 out, 2026-10-17 in", "reply/7/2026-10-17"),
            ("2024-01-01 both, 2026-11-01 out, 2026-11-10 in", "reply/7/2026-11-10"),
            ("2026-09-01 both, 2026-10-03 out, 2026-10-10 in", ""),
            ("2026-10-03 out, 2026-10-05 out, 2026-10-06 in", "reply/7/2026-10-06"),
            ("2026-08-01 both, 2026-10-03 out, 2026-10-17 both", "rekindled/7/2026-10-17"),
            ("2026-10-03 out, 2026-12-17 in", ""),
        ] {
            let person = person(happened);
            let days = person.interactions.iter().map(|i| i.day).collect();
            let wins = of_talks(&person, monthly, &days, date(2026, 11, 23));
            let told: Vec<String> = wins.iter().map(ToString::to_string).collect();
            assert_eq!(told.join(" "), won, "{happened}");
            assert!(of_talks(&person, monthly, &BTreeSet::new(), date(2026, 11, 23)).is_empty());
        }
    }

    #[test]
    fn a_no_is_a_win_and_what_was_let_go_is_none() {
        let ended = |aim, outcome| {
            let what = "a word with the editor".to_owned();
            let (day, person) = (date(2026, 11, 2), PersonId(7));
            let ended = Some((day, outcome));
            of_intention(&Intention { id: 3, person, aim, what, by: None, entered: day, ended })
        };
        for (aim, outcome, told) in [
            (Aim::Ask, Outcome::No, "Asked Anna, brave although they said no: a word with the editor"),
            (Aim::Ask, Outcome::Yes, "Asked Anna, and they said yes: a word with the editor"),
            (Aim::Ask, Outcome::Done, "Asked Anna: a word with the editor"),
            (Aim::Promise, Outcome::Done, "Kept your promise to Anna: a word with the editor"),
            (Aim::Ask, Outcome::LetGo, ""),
            (Aim::TheirPromise, Outcome::Done, ""),
        ] {
            assert_eq!(ended(aim, outcome).map_or(String::new(), |win| win.told("Anna")), told);
        }
    }

    #[test]
    fn what_was_asked_in_a_talk_is_won_once() {
        let day = date(2026, 11, 2);
        let ask = |what: &str, aim, on, outcome| {
            let (person, what, ended) = (PersonId(7), what.to_owned(), Some((on, outcome)));
            [Intention { id: 3, person, aim, what, by: None, entered: day, ended }]
        };
        let later = date(2026, 11, 20);
        for (case, ended, is_won) in [
            ("its answer came later", ask("a word", Aim::Ask, later, Outcome::No), false),
            ("said in other words that day", ask("the editor", Aim::Ask, day, Outcome::Done), false),
            ("another ask", ask("the editor", Aim::Ask, later, Outcome::Yes), true),
            ("let go", ask("a word", Aim::Ask, later, Outcome::LetGo), true),
            ("a promise", ask("a word", Aim::Promise, day, Outcome::Done), true),
        ] {
            let won = of_asking(PersonId(7), day, "a word", &ended);
            assert_eq!(won.is_some(), is_won, "{case}");
            assert!(of_asking(PersonId(8), day, "a word", &ended).is_some(), "{case}, of somebody else");
        }
        let won = of_asking(PersonId(7), day, "a word", &[]).unwrap();
        assert_eq!(
            (won.to_string(), won.told("Anna")),
            ("ask/7/2026-11-02".to_owned(), "Asked Anna: a word".to_owned())
        );
        assert_eq!(Asks::of(&[won]), Asks { made: 1, refused: 0 });
    }

    #[test]
    fn an_introduction_is_won_when_it_is_made() {
        let between = Between {
            to: Some(PersonId(7)),
            to_name: "Anna".to_owned(),
            through: Some(PersonId(8)),
            through_name: "Bert".to_owned(),
            ..Between::default()
        };
        let won = |by, made| {
            let known = Introduction { id: 3, by, between: between.clone(), made, ..Introduction::default() };
            of_introduction(&known).map(|win| format!("{win}: {}", win.told("Anna")))
        };
        let day = Some(date(2026, 11, 2));
        assert_eq!(won(By::Them, day).as_deref(), Some("introduction/3: Introduced to Anna by Bert"));
        assert_eq!(won(By::Me, day).as_deref(), Some("introduction/3: Introduced Bert and Anna"));
        assert_eq!(won(By::Me, None), None);
    }

    #[test]
    fn asks_are_counted_the_refused_too() {
        let won = |what| Win { day: date(2026, 11, 2), person: Some(PersonId(7)), what };
        let ask = |outcome| won(Won::Ask(3, "a word".to_owned(), outcome));
        let (yes, no, open) = (ask(Outcome::Yes), ask(Outcome::No), ask(Outcome::Done));
        let promise = won(Won::Promise(4, "a word".to_owned()));
        for (name, wins, told) in [
            ("none", vec![promise.clone()], None),
            ("one", vec![promise, open], Some("You asked for something once: that is brave.")),
            (
                "a no",
                vec![no.clone()],
                Some("You asked for something once and heard a no: that is brave, and keeps the fear away."),
            ),
            (
                "one of two",
                vec![yes.clone(), no.clone()],
                Some(
                    "You asked for something twice, once to hear a no: each was brave, and a no keeps the \
                     fear away.",
                ),
            ),
            (
                "two of three",
                vec![no.clone(), yes, no],
                Some(
                    "You asked for something 3 times, twice to hear a no: each was brave, and a no keeps \
                     the fear away.",
                ),
            ),
        ] {
            assert_eq!(Asks::of(&wins).told().as_deref(), told, "{name}");
        }
    }

    #[test]
    fn a_goal_is_won_on_the_day_its_number_is_full() {
        let goal = Goal {
            id: 4,
            what: "two talks".to_owned(),
            why: None,
            number: 2,
            counts: Counts::Conversations,
            among: Among::default(),
            from: date(2026, 11, 1),
            until: date(2026, 11, 30),
            supporter: None,
            ended: None,
        };
        let deed = |day| Deed { day, person: PersonId(7), act: Act::Talked };
        let deeds = [deed(date(2026, 11, 20)), deed(date(2026, 11, 3)), deed(date(2026, 11, 25))];
        assert_eq!(of_goal(&goal, deeds.into_iter()).map(|win| win.day), Some(date(2026, 11, 20)));
        assert_eq!(of_goal(&goal, deeds[..1].iter().copied()), None);
        let said = Goal { ended: Some((date(2026, 11, 9), Ending::Reached)), ..goal };
        assert_eq!(of_goal(&said, std::iter::empty()).map(|win| win.day), Some(date(2026, 11, 9)));
    }
}
