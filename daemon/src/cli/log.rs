//! `kith log`

use std::io::Write;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::screen::{out, wrapped};
use super::{Context, Done, choose, joined, meant};
use crate::core::cadence::Interval;
use crate::core::contact::Column;
use crate::core::date::spoken;
use crate::core::facts::{Direction, PersonId};
use crate::core::feed::summary;
use crate::core::follow_up::Kind;
use crate::core::how::{How, in_touch};
use crate::core::plan::Dues;
use crate::core::talk::{Notes, Talk, Went};
use crate::core::text;
use crate::core::when::{self, Toward};
use crate::error::{Error, Result};
use crate::publish::rehearse;
use crate::store::{Listed, Store};

/// Log that you were in touch with somebody.
///
/// Without an option you talked, in whatever way. Meeting, talking, calling and
/// hearing from somebody starts their clock anew; writing, or calling in vain,
/// sets you waiting for an answer.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "kith log [OPTIONS] <PERSON>... <WHAT>",
    after_help = "Examples:\n  kith log anna \"her new job; promised to send the article\"\n  \
                  kith log \"Bert Kern\" --met \"lunch\" --on friday\n  \
                  kith log anna bert carla \"dinner at our place\" --met\n  \
                  kith log bert \"asked about the flat\" --wrote --on \"3 days ago\"\n  \
                  kith log anna \"the new job\" --went badly --learned \"not on Mondays\" --given \"two names\""
)]
pub(super) struct Args {
    /// Part of a name, an email address or an id; several are logged together. Behind them WHAT it
    /// was about; "" if there is nothing to note.
    // One list, as clap takes no option between two.
    #[arg(required = true, num_args = 1.., value_name = "PERSON")]
    words: Vec<String>,
    #[command(flatten)]
    how: HowArgs,
    /// When: 2026-11-30, yesterday, friday, "3 days ago".
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    #[command(flatten)]
    notes: NoteArgs,
}

#[derive(Debug, clap::Args)]
#[group(multiple = false)]
struct HowArgs {
    /// You met.
    #[arg(long)]
    met: bool,
    /// You talked on the telephone.
    #[arg(long)]
    called: bool,
    /// You wrote.
    #[arg(long)]
    wrote: bool,
    /// You heard from them.
    #[arg(long)]
    heard: bool,
    /// You called or visited and found nobody.
    #[arg(long)]
    tried: bool,
}

/// What came of it.
#[derive(Debug, clap::Args)]
pub(super) struct NoteArgs {
    /// How it went: well, mixed or badly.
    #[arg(long, value_name = "HOW")]
    went: Option<Went>,
    /// What you learned for the next time.
    #[arg(long, value_name = "TEXT")]
    learned: Option<String>,
    /// What you gave: help, a hint, an introduction.
    #[arg(long, value_name = "TEXT")]
    given: Option<String>,
    /// What you asked for.
    #[arg(long, value_name = "TEXT")]
    asked: Option<String>,
    /// What you received.
    #[arg(long, value_name = "TEXT")]
    received: Option<String>,
}

impl NoteArgs {
    pub(super) fn notes(&self) -> Notes {
        let said = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        Notes {
            went: self.went,
            learned: said(&self.learned),
            given: said(&self.given),
            asked: said(&self.asked),
            received: said(&self.received),
        }
    }
}

impl HowArgs {
    fn how(&self) -> How {
        match self {
            Self { met: true, .. } => How::Met,
            Self { called: true, .. } => How::Called,
            Self { wrote: true, .. } => How::Wrote,
            Self { heard: true, .. } => How::Heard,
            Self { tried: true, .. } => How::Tried,
            _ => How::Talked,
        }
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let day = day(args.on.as_deref(), context)?;
    let Some((what, people @ [_, ..])) = args.words.split_last() else {
        return Err(Error::usage("the following required arguments were not provided: <WHAT>")
            .hint(
                "<WHAT> is missing: what it was about; \"\" if there is nothing to note; it is written as \
                 kith log [OPTIONS] <PERSON>... <WHAT>; kith log --help tells more",
            )
            .into());
    };
    let mut store = context.store()?;
    let (people, remarks) =
        choose::people(context, &store, people).map_err(|error| one_note(error, people))?;
    let ids: Vec<PersonId> = people.iter().map(|listed| listed.id).collect();
    let how = args.how.how();
    let what = what.trim();
    let talk = Talk { notes: args.notes.notes(), ..Talk::new(day, how, what) };
    store.log(&ids, &talk, context.today)?;
    context.republish(&mut store)?;
    let logged = Logged::of(context, &store, people, &talk)?;
    if context.json {
        let mut all = logged.json();
        // Of one person it is the object itself, as it was before there could be several.
        let only = if all.len() == 1 { all.pop() } else { None };
        return context.print_json(&only.unwrap_or(Value::Array(all)));
    }
    logged.tell(&format!("{}{remarks}", noted(&store, what)?))
}

/// An error of one of several people, which may be a word of the note.
fn one_note(error: Error, people: &[String]) -> Error {
    if people.len() < 2 {
        return error;
    }
    let advice = error.advice().map_or_else(String::new, |advice| format!("{advice}; "));
    error.hint(format!("{advice}what it was about is one word, or stands in quotation marks"))
}

/// What was noted of what it was about: the last word is that, also where a
/// name was meant.
pub(super) fn noted(store: &Store, what: &str) -> Result<String> {
    if what.is_empty() {
        return Ok("Nothing was noted of what it was about.\n".to_owned());
    }
    let mut said = format!("Noted: {}\n", text::name(what));
    let called = meant::called(what, store)?;
    if let [first, ..] = called.as_slice() {
        let (name, id) = (choose::name(first), first.id);
        said += &format!(
            "{name} (id {id}) is called so too, and was not logged: the last word is the note. If they were \
             there, kith undo, and name what it was about, or \"\", behind the names.\n"
        );
    }
    Ok(said)
}

/// The day of what happened, as `--on` says it.
pub(super) fn day(on: Option<&str>, context: &Context) -> Result<Date> {
    let Some(text) = on else { return Ok(context.today) };
    let day =
        when::parse(text, context.today, Toward::Past).map_err(|e| Error::usage(format!("--on: {e}")))?;
    if day > context.today {
        return Err(Error::usage(format!("--on: {} has not come yet", spoken(day)))
            .hint("log what happened; kith plans what is to come"));
    }
    // Whoever was there is not among the living.
    if Interval::months(100 * 12).after(day) < context.today {
        return Err(Error::usage(format!("--on: {} is more than 100 years ago", spoken(day)))
            .hint("is the year right?"));
    }
    Ok(day)
}

/// What was logged, and what follows from it.
pub(super) struct Logged {
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
    pub(super) fn of(context: &Context, store: &Store, people: Vec<Listed>, talk: &Talk) -> Result<Self> {
        let (facts, plan) = rehearse(store, &context.settings, context.today)?;
        let dues = Dues::new(&facts, &context.settings, context.today);
        let known = |listed: &Listed| facts.people.iter().find(|person| person.id == listed.id);
        let awaits = people.iter().filter_map(known).any(|person| dues.awaits_answer(person));
        let details = store.details(&people.iter().map(|listed| listed.id).collect())?;
        let planned = |listed: &Listed| {
            let mut own = plan.follow_ups.iter().filter(|f| f.key.person == listed.id);
            let f = own.find(|f| f.key.kind.is_outreach())?;
            let what = summary(f, details.get(&listed.id)?, &context.settings.circles);
            Some((f.key.kind, f.day, what))
        };
        let next = |listed: Listed| {
            let due = known(&listed).and_then(|person| dues.of(person));
            Next { due, planned: planned(&listed), listed }
        };
        let people = people.into_iter().map(next).collect();
        Ok(Self { people, day: talk.day, how: talk.how, today: context.today, awaits })
    }

    /// Each as scripts see it; documented in docs/interface.md, and stays.
    pub(super) fn json(&self) -> Vec<Value> {
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
    pub(super) fn tell(&self, remarks: &str) -> Done {
        let name = |next: &Next| choose::name(&next.listed).to_string();
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
        write!(out(), "{}", wrapped(&said, 0))?;
        Ok(())
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
        let each = due.iter().map(|(listed, day)| format!("{} {}", choose::name(listed), when(*day)));
        format!("{begin} {}.\n", joined(&each.collect::<Vec<_>>()))
    }
}
