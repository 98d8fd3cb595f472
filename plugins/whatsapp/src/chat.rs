//! A chat: who wrote in it, and on which days.

use std::collections::{HashMap, HashSet};

use kith_plugin::{Failure, Interaction, InteractionKind, Output, Part, Party};

use crate::call::Call;
use crate::order::{Evidence, Order};
use crate::stamp::{Stamp, is_mark};
use crate::title::{Title, plain};

/// Bytes of the longest name.
const LONGEST_NAME: usize = 200;

/// What is known of a chat so far.
pub(crate) struct Chat {
    title: Title,
    /// What the user is called, if it is known.
    own: Option<String>,
    /// Whether a notice says that the chat is a group.
    is_said_to_be_group: bool,
    /// How many lines were read.
    lines: u64,
    /// Whether the dates of this chat stand in brackets, once there was one.
    bracketed: Option<bool>,
    dates: Evidence,
    /// Those who wrote, in the order in which they first did.
    senders: Vec<String>,
    numbers: HashMap<String, usize>,
    /// On which days each of them wrote or called, in the order of the chat, and in which line first.
    days: Vec<(Day, u64)>,
    seen: HashSet<Day>,
    /// How many lines tell what nobody wrote.
    notices: u64,
}

/// That somebody wrote, or called, on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Day {
    date: [u16; 3],
    /// The sender's place among the senders.
    sender: usize,
    called: bool,
}

/// Whose chat it is.
enum Between {
    /// The user's and somebody else's.
    UserAnd {
        /// What the other one is called.
        other: String,
        /// Which of the senders that is; none if only the user wrote.
        sender: Option<usize>,
    },
    /// That of one or two people of whom either may be the user.
    Either,
    /// That of a group.
    Group,
}

impl Chat {
    pub(crate) fn new(title: Title, own: Option<&str>) -> Self {
        Self {
            title,
            own: own.map(plain),
            is_said_to_be_group: false,
            lines: 0,
            bracketed: None,
            dates: Evidence::default(),
            senders: Vec::new(),
            numbers: HashMap::new(),
            days: Vec::new(),
            seen: HashSet::new(),
            notices: 0,
        }
    }

    /// Takes the next line into account.
    pub(crate) fn line(&mut self, line: &str) {
        self.lines += 1;
        let Some((stamp, text)) = Stamp::of(line) else { return };
        let is_first = self.bracketed.is_none();
        // What was copied from a phone of the other make is a part of a message.
        if *self.bracketed.get_or_insert(stamp.bracketed) != stamp.bracketed {
            return;
        }
        self.dates.see(stamp);
        let Some((sender, text)) = self.sender(text) else {
            self.notices += 1;
            self.is_said_to_be_group |= self.title.is_quoted_in(text);
            return;
        };
        let name = plain(sender);
        if is_first && stamp.bracketed && is_notice(text) {
            self.notices += 1;
            if self.title.known().is_none() {
                self.title = Title::Known(name);
            }
            return;
        }
        let called = match Call::of(text) {
            Some(Call::Missed) => {
                self.notices += 1;
                return;
            }
            call => call == Some(Call::TookPlace),
        };
        let sender = *self.numbers.entry(name).or_insert_with_key(|name| {
            self.senders.push(name.clone());
            self.senders.len() - 1
        });
        let day = Day { date: stamp.date, sender, called };
        if self.seen.insert(day) {
            self.days.push((day, self.lines));
        }
    }

    /// Who wrote a message, and its text; none where nobody did. A name may have colons in it: that of
    /// the chat is known, of others the first colon is the end.
    fn sender<'t>(&self, text: &'t str) -> Option<(&'t str, &'t str)> {
        let ends = text.match_indices(':').map(|(at, _)| (&text[..at], &text[at + 1..]));
        let ends = ends.filter(|(name, rest)| {
            name.len() <= LONGEST_NAME
                && !plain(name).is_empty()
                && (rest.is_empty() || rest.starts_with(|c: char| c.is_whitespace() || is_mark(c)))
        });
        let mut first = None;
        for end in ends {
            if self.title.known().is_some() && self.title.is(end.0) {
                return Some(end);
            }
            first = first.or(Some(end));
        }
        first
    }

    fn between(&self) -> Between {
        let named = |name: &String| self.title.is(name);
        // Of `Anna` and `Maria Anna` the longer name is the one that stands at the end of the file's.
        let other = (0..self.senders.len())
            .filter(|sender| named(&self.senders[*sender]))
            .max_by_key(|sender| self.senders[*sender].len());
        match (self.senders.len(), other, self.title.known()) {
            (1 | 2, Some(sender), _) => {
                Between::UserAnd { other: self.senders[sender].clone(), sender: Some(sender) }
            }
            (2, None, Some(_)) => match self.other_of_two() {
                Some(sender) => {
                    Between::UserAnd { other: self.senders[sender].clone(), sender: Some(sender) }
                }
                // The chat is called as neither.
                None => Between::Group,
            },
            (1, None, Some(title)) => {
                let is_own = self.senders.iter().any(|sender| self.is_own(sender));
                if !is_own && self.title.is_part_of(&self.senders[0]) && !self.is_said_to_be_group {
                    Between::UserAnd { other: self.senders[0].clone(), sender: Some(0) }
                } else {
                    Between::UserAnd { other: title.to_owned(), sender: None }
                }
            }
            (0..=2, None, None) => Between::Either,
            _ => Between::Group,
        }
    }

    /// Of two who wrote in a chat that is called as neither, the one who is not the user: the chat has a part of that
    /// name alone, or the user is the other one. None in a group in which only these two wrote.
    fn other_of_two(&self) -> Option<usize> {
        if self.is_said_to_be_group {
            return None;
        }
        let only = |is_it: &dyn Fn(&String) -> bool| match self.senders.as_slice() {
            [a, b] if is_it(a) != is_it(b) => Some(usize::from(is_it(b))),
            _ => None,
        };
        only(&|sender| self.title.is_part_of(sender) && !self.is_own(sender))
            .or_else(|| only(&|sender| self.is_own(sender)).map(|own| 1 - own))
    }

    /// Whether somebody is called as the user is.
    fn is_own(&self, sender: &str) -> bool {
        self.own.as_deref().is_some_and(|own| own.to_lowercase() == sender.to_lowercase())
    }

    /// Writes what came out.
    pub(crate) fn tell(&self, part: &Part<'_>, out: &mut Output<'_>) -> Result<(), Failure> {
        let whole = part.place(0);
        if self.bracketed.is_none() {
            return Err(Failure::input(
                "no line of the file begins with a date, as in a chat that WhatsApp exported",
            )
            .hint("open the chat in WhatsApp, choose Export chat, without media, and import that file"));
        }
        let between = self.between();
        if matches!(between, Between::Group) {
            let people = self.senders.len();
            out.skipped(
                whole,
                format!("the chat is that of a group, in which {people} people wrote: what goes to a group is contact with nobody"),
            )?;
            return Ok(());
        }
        let (order, is_guess) = self.dates.order();
        if let Some(year) = self.foreign_year(order) {
            return Err(Failure::input(format!(
                "its years, such as {year}, are of a calendar that kith does not know: of chats it reads the Gregorian calendar, and the years of Thailand"
            ))
            .hint("set the telephone to the Gregorian calendar, export the chat again, and import that file"));
        }
        for (day, line) in &self.days {
            let at = part.place(*line);
            let Some(date) = order.date(day.date) else {
                let [a, b, c] = day.date;
                out.skipped(at, format!("{a}, {b}, {c} is no date of this chat"))?;
                continue;
            };
            let (from, to) = self.parties(&between, day.sender);
            out.interaction(Interaction {
                at,
                uid: None,
                kind: if day.called { InteractionKind::Call } else { InteractionKind::Message },
                when: date.to_string(),
                from: Some(from),
                to,
                subject: Some("WhatsApp".to_owned()),
            })?;
        }
        if self.notices > 0 {
            let lines = if self.notices == 1 { "1 line is" } else { &format!("{} lines are", self.notices) };
            out.skipped(
                whole,
                format!("{lines} no message: notices of WhatsApp, and calls that nobody took"),
            )?;
        }
        if is_guess {
            let first = if order == Order::MonthDayYear { "month" } else { "day" };
            out.note(format!("no date tells whether the day or the month comes first: they were read with the {first} first"));
        }
        Ok(())
    }

    /// A year of the Persian or the Islamic calendar, if no date of the chat is one of another.
    fn foreign_year(&self, order: Order) -> Option<u16> {
        const YEARS: std::ops::Range<u16> = 1380..1500;
        if self.days.iter().any(|(day, _)| order.date(day.date).is_some()) {
            return None;
        }
        let mut numbers = self.days.iter().flat_map(|(day, _)| day.date);
        numbers.find(|number| YEARS.contains(number))
    }

    /// From whom and to whom a sender's messages are.
    fn parties(&self, between: &Between, sender: usize) -> (Party, Vec<Party>) {
        let user = || Party { me: true, ..Party::default() };
        match between {
            Between::UserAnd { other, sender: Some(own) } if *own == sender => (party(other), vec![user()]),
            Between::UserAnd { other, .. } => (user(), vec![party(other)]),
            Between::Either | Between::Group => {
                let others = self.senders.iter().enumerate().filter(|(other, _)| *other != sender);
                (party(&self.senders[sender]), others.map(|(_, name)| party(name)).collect())
            }
        }
    }
}

/// Whether a text that begins an iPhone's chat is the notice that it is encrypted: that is marked as
/// WhatsApp's own, as what stands for a picture is, and is a sentence.
fn is_notice(text: &str) -> bool {
    /// Characters of the shortest one, in Chinese.
    const SHORTEST: usize = 30;
    let text = text.trim_start();
    text.starts_with(is_mark) && !text.contains('<') && text.chars().count() >= SHORTEST
}

/// Somebody who is called so; who is in no address book is called by their number.
fn party(name: &str) -> Party {
    let digits = name.chars().filter(char::is_ascii_digit).count();
    let is_number = digits >= 7 && name.chars().all(|c| c.is_ascii_digit() || "+-()./ \u{2011}".contains(c));
    if is_number {
        Party { phones: vec![name.to_owned()], ..Party::default() }
    } else {
        Party { name: Some(name.to_owned()), ..Party::default() }
    }
}
