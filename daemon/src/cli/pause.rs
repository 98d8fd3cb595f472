//! `kith pause`

use std::io::Write;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::screen::{out, wrapped};
use super::{Context, Done, choose, snooze};
use crate::core::contact::Column;
use crate::core::date::spoken;
use crate::core::pause::{Why, day_after, in_words, participle};
use crate::core::when::{self, Toward};
use crate::error::{Error, Result};
use crate::store::{Listed, Paused, Store};

/// Leave everybody, or somebody, alone for a while.
///
/// Nothing is planned until the pause is over, and nothing piles up: what it
/// put off is spread over the days after. Birthdays stay in a pause of
/// everybody's; the calendar of birthdays has them in any. Without arguments it lists pauses, and who was snoozed or
/// skipped. Where one is on, --until alone gives it another last day.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith pause\n  kith pause --until 2027-01-03\n  kith pause --from 2026-12-21 --until 2027-01-03\n  \
                  kith pause anna --until \"in 2 months\"\n  kith pause --end\n  kith pause --end anna"
)]
pub(super) struct Args {
    /// For one person only: part of a name, an email address or an id.
    person: Option<String>,
    /// The last day: 2026-11-30, friday, "in 2 weeks".
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
    /// The first day; today if not given.
    #[arg(long, value_name = "DATE", requires = "until")]
    from: Option<String>,
    /// End the pause, snooze or skip that is in force, else the next one.
    #[arg(long, conflicts_with_all = ["until", "from"])]
    end: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let days = args.until.as_deref().map(|until| days(args.from.as_deref(), until, context)).transpose()?;
    if args.person.is_some() && days.is_none() && !args.end {
        return Err(Error::usage("pause: say until when: --until DATE, or --end to end a pause").into());
    }
    let mut store = context.store()?;
    let listed = args.person.as_deref().map(|query| choose::person(context, &store, query)).transpose()?;
    let said = match (days, args.end) {
        (Some((from, until)), _) => {
            let asked = Asked { from, until, from_today: args.from.is_none() };
            begin(context, &mut store, listed.as_ref(), asked)?
        }
        (None, true) => end(context, &mut store, listed.as_ref())?,
        (None, false) => return list(context, &store),
    };
    context.republish(&mut store)?;
    if context.json {
        return list(context, &store);
    }
    write!(out(), "{}", wrapped(&said, 0))?;
    Ok(())
}

/// The first and the last day.
fn days(from: Option<&str>, until: &str, context: &Context) -> Result<(Date, Date)> {
    let today = context.today;
    let read = |option: &str, text: &str| {
        let day = when::parse(text, today, Toward::Future)
            .map_err(|error| Error::usage(format!("{option}: {error}")))?;
        if day < today {
            return Err(Error::usage(format!("{option}: {} has passed", spoken(day)))
                .hint("a pause is for days to come; today is the first it can have"));
        }
        Ok(day)
    };
    let until = read("--until", until)?;
    snooze::not_for_good("--until", until, context)?;
    let from = from.map_or(Ok(today), |text| read("--from", text))?;
    if until < from {
        return Err(Error::usage(format!(
            "--until {} is before --from {}; it is the pause's last day",
            spoken(until),
            spoken(from)
        )));
    }
    Ok((from, until))
}

/// The days that a pause is to have.
#[derive(Clone, Copy)]
struct Asked {
    from: Date,
    until: Date,
    /// Whether only the last day was named: it may be that of a pause that is on.
    from_today: bool,
}

/// Begins a pause, or gives the one that is on another last day; gives what is said of it.
fn begin(context: &Context, store: &mut Store, listed: Option<&Listed>, asked: Asked) -> Result<String> {
    let Asked { from, until, from_today } = asked;
    if let Some(listed) = listed {
        snooze::planned(context, store, listed, "pause")?;
    }
    let person = listed.map(|listed| listed.id);
    let mut pauses = store.pauses(context.today)?;
    pauses.retain(|pause| pause.person == person && pause.why == Why::Pause);
    let on = pauses.iter().position(|pause| {
        if from_today { (pause.from..=pause.until).contains(&from) } else { pause.from == from }
    });
    let on = on.map(|at| pauses.swap_remove(at));
    if let Some(other) = pauses.into_iter().find(|pause| pause.from <= until && from <= pause.until) {
        let whose = listed.map_or_else(String::new, |listed| format!(" {}", listed.id));
        return Err(Error::user(format!(
            "could not pause from {} to {}: there is a pause in these days already ({})",
            spoken(from),
            spoken(until),
            in_words(other.why, other.from, other.until)
        ))
        .hint(format!("end that one first: kith pause --end{whose}")));
    }
    let who = who(listed);
    let Some(on) = on else {
        store.pause(person, from, until)?;
        return Ok(format!("{who}: {}.\n", in_words(Why::Pause, from, until)));
    };
    let pause = in_words(Why::Pause, on.from, until);
    if on.until == until {
        return Ok(format!("{who}: {pause}, as it was.\n"));
    }
    store.move_end(on.id, until)?;
    let longer = if until > on.until { "longer" } else { "shorter" };
    Ok(format!("{who}: {pause}; {longer} than before, when the last day was {}.\n", spoken(on.until)))
}

/// Ends what is in force, else what comes next; gives what is said of it.
fn end(context: &Context, store: &mut Store, listed: Option<&Listed>) -> Result<String> {
    let person = listed.map(|listed| listed.id);
    let mut pauses = store.pauses(context.today)?;
    pauses.retain(|pause| pause.person == person);
    let Some(first) = pauses.iter().map(|pause| pause.from).min() else {
        return Err(match listed {
            Some(listed) => Error::user(format!("{} is not paused, snoozed or skipped", listed.name())),
            None => Error::user("there is no pause for everybody"),
        }
        .hint("kith pause lists who is left alone"));
    };
    pauses.retain(|pause| pause.from <= first.max(context.today));
    let ids: Vec<i64> = pauses.iter().map(|pause| pause.id).collect();
    store.end_pauses(&ids, context.today)?;
    let ended = pauses.iter().map(|pause| {
        let back = spoken(day_after(pause.until));
        format!("{}: no longer {} (the return was to be on {back}).\n", who(listed), participle(pause.why))
    });
    Ok(ended.collect())
}

/// Lists who is left alone, and until when.
fn list(context: &Context, store: &Store) -> Done {
    let pauses = store.pauses(context.today)?;
    let mut all = Vec::with_capacity(pauses.len());
    for pause in pauses {
        let listed =
            pause.person.map(|id| Ok::<_, Error>(Listed { id, content: store.contact(id)? })).transpose()?;
        all.push((listed, pause));
    }
    if context.json {
        return context.print_json(&all.iter().map(|(listed, pause)| json(listed.as_ref(), pause)).collect());
    }
    if all.is_empty() {
        writeln!(out(), "Nobody is paused, snoozed or skipped.")?;
        return Ok(());
    }
    let lines = all.iter().map(|(listed, pause)| {
        format!("{}: {}\n", who(listed.as_ref()), in_words(pause.why, pause.from, pause.until))
    });
    write!(out(), "{}", wrapped(&lines.collect::<String>(), 0))?;
    Ok(())
}

/// The pauses for everybody with a day among these.
pub(super) fn for_everybody(store: &Store, from: Date, until: Date) -> Result<Vec<Paused>> {
    let mut pauses = store.pauses(from)?;
    pauses.retain(|pause| pause.person.is_none() && pause.from <= until);
    Ok(pauses)
}

/// A pause for everybody, in a sentence.
pub(super) fn told(pause: &Paused) -> String {
    format!("{}: {}.", who(None), in_words(pause.why, pause.from, pause.until))
}

fn who(listed: Option<&Listed>) -> String {
    listed.map_or_else(|| "Everybody".to_owned(), |listed| listed.name().to_string())
}

/// A pause as scripts see it; documented in docs/interface.md, and stays.
pub(super) fn json(listed: Option<&Listed>, pause: &Paused) -> Value {
    json!({
        "person": listed.map(|listed| listed.id.to_string()),
        "name": listed.and_then(|listed| listed.content.column(Column::Name)),
        "why": pause.why.to_string(),
        "from": pause.from.to_string(),
        "until": pause.until.to_string(),
        "back": day_after(pause.until).to_string(),
    })
}
