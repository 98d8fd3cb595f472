//! What follows from what was logged, in words.

use jiff::civil::Date;
use serde_json::{Value, json};

use crate::cli::joined;
use crate::core::contact::Column;
use crate::core::date::spoken;
use crate::core::facts::Direction;
use crate::core::feed::summary;
use crate::core::follow_up::Kind;
use crate::core::how::{How, in_touch};
use crate::core::plan::Dues;
use crate::core::settings::Settings;
use crate::core::talk::Talk;
use crate::error::Result;
use crate::publish::rehearse;
use crate::store::{Listed, Store};

/// What was logged, and what follows from it.
pub(crate) struct Logged {
    people: Vec<Next>,
    day: Date,
    how: How,
    today: Date,
    /// Whether an answer is waited for: not of a gift or a congratulation, unless something else is unanswered.
    awaits: bool,
}

/// When somebody is next.
struct Next {
    listed: Listed,
    /// When a talk is wanted, as far as the clock goes.
    due: Option<Date>,
    /// The next outreach that the plan has, and what it asks for.
    planned: Option<(Kind, Date, String)>,
}

impl Next {
    /// The thank-you, or the first hello, that comes next, and when.
    fn thanks(&self) -> Option<(Kind, Date)> {
        let (kind, day, _) = self.planned.as_ref()?;
        matches!(kind, Kind::ThankYou | Kind::FirstHello).then_some((*kind, *day))
    }
}

impl Logged {
    /// Finds out what follows from what was just logged.
    ///
    /// # Errors
    /// If the database cannot be read.
    pub(crate) fn of(
        store: &Store,
        (settings, today): (&Settings, Date),
        people: Vec<Listed>,
        talk: &Talk,
    ) -> Result<Self> {
        let (facts, plan) = rehearse(store, settings, today)?;
        let dues = Dues::new(&facts, settings, today);
        let known = |listed: &Listed| facts.people.iter().find(|person| person.id == listed.id);
        let awaits = people.iter().filter_map(known).any(|person| dues.awaits_answer(person));
        let details = store.details(&people.iter().map(|listed| listed.id).collect())?;
        let planned = |listed: &Listed| {
            let mut own = plan.follow_ups.iter().filter(|f| f.key.person == listed.id);
            let f = own.find(|f| f.key.kind.is_outreach())?;
            let what = summary(f, details.get(&listed.id)?, &settings.circles);
            Some((f.key.kind, f.day, what))
        };
        let next = |listed: Listed| {
            let due = known(&listed).and_then(|person| dues.of(person));
            Next { due, planned: planned(&listed), listed }
        };
        let people = people.into_iter().map(next).collect();
        Ok(Self { people, day: talk.day, how: talk.how, today, awaits })
    }

    /// Each as scripts see it; documented in docs/interface.md, and stays.
    pub(crate) fn json(&self) -> Vec<Value> {
        let one = |Next { listed, due, .. }: &Next| {
            json!({
                "person": listed.id.to_string(),
                "name": listed.content.column(Column::Name),
                "day": self.day.to_string(),
                "how": self.how.to_string(),
                "due": due.map(|day| day.to_string()),
            })
        };
        self.people.iter().map(one).collect()
    }

    /// Says what was logged, with remarks on those it was logged with, and when each is next:
    /// when the plan has them, and where it has not, when they are wanted.
    pub(crate) fn said(&self, remarks: &str) -> String {
        let name = |next: &Next| next.listed.name().to_string();
        let names: Vec<String> = self.people.iter().map(name).collect();
        let who = in_touch(self.how, &joined(&names));
        let mut said = format!("Logged: on {} you {who}.\n{remarks}", spoken(self.day));
        let mut thanked: Vec<(Kind, Date, String)> = self
            .people
            .iter()
            .filter_map(|next| next.thanks().map(|(kind, day)| (kind, day, name(next))))
            .collect();
        thanked.sort_by_key(|(kind, day, _)| (*kind, *day));
        for alike in thanked.chunk_by(|(kind, day, _), (other, then, _)| (kind, day) == (other, then)) {
            let names: Vec<String> = alike.iter().map(|(_, _, name)| name.clone()).collect();
            let (kind, day, _) = &alike[0];
            let what = if *kind == Kind::FirstHello { "first hello" } else { "thank-you" };
            said += &format!("A {what} to {} is planned for {}.\n", joined(&names), spoken(*day));
        }
        let is_try = self.how.direction() == Direction::Outbound && self.awaits;
        let otherwise = self.people.iter().filter(|next| next.thanks().is_none());
        for (kind, day, what) in otherwise.filter_map(|next| next.planned.as_ref()) {
            let begin = match kind {
                Kind::SecondTry if is_try => "If no answer comes, planned for",
                Kind::Promise => "Still open, and planned for",
                _ => "Planned for",
            };
            said += &format!("{begin} {}: {what}.\n", spoken(*day));
        }
        said += &self.due(if is_try { "If no answer comes: again" } else { "Next in touch:" });
        said
    }

    /// When those are wanted with whom nothing is planned, and those who are thanked, after that.
    fn due(&self, begin: &str) -> String {
        let is_told = |next: &&Next| match (next.thanks(), &next.planned) {
            (Some((_, thanked)), _) => next.due > Some(thanked),
            (None, planned) => planned.is_none(),
        };
        let due = self.people.iter().filter(is_told);
        let due: Vec<(&Listed, Date)> = due.filter_map(|next| Some((&next.listed, next.due?))).collect();
        let Some((_, first)) = due.first() else { return String::new() };
        let when = |day: Date| match day < self.today {
            true => format!("due since {}", spoken(day)),
            false => format!("from {} on", spoken(day)),
        };
        if due.len() == self.people.len() && due.iter().all(|(_, day)| day == first) {
            return format!("{begin} {}.\n", when(*first));
        }
        let each = due.iter().map(|(listed, day)| format!("{} {}", listed.name(), when(*day)));
        format!("{begin} {}.\n", joined(&each.collect::<Vec<_>>()))
    }
}
