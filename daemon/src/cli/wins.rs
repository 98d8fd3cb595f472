//! `kith wins`

use std::io::Write;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::screen::{labelled, out, wrapped};
use super::{Context, Done};
use crate::core::cadence::Interval;
use crate::core::date::spoken;
use crate::core::facts::Facts;
use crate::core::text;
use crate::core::when::{self, Toward};
use crate::core::win::{Asks, Win};
use crate::error::Error;
use crate::publish;

/// How far back wins are shown where no day is said.
const BACK: Interval = Interval::months(3);

/// List small wins: a reply after a silence, a tie picked up again, a kept promise, a brave ask, a goal reached.
///
/// Of the last three months, if no day is said. A no counts: you asked.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith wins\n  kith wins --since 2026-01-01\n  kith wins --since \"2 weeks ago\" --json"
)]
pub(super) struct Args {
    /// From which day on: 2026-01-01, "2 weeks ago".
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let since = match &args.since {
        None => BACK.before(context.today),
        Some(text) => when::parse(text, context.today, Toward::Past)
            .map_err(|error| Error::usage(format!("--since: {error}")))?,
    };
    let store = context.store()?;
    let facts = store.facts(&context.settings.me, context.today)?.facts;
    let wins = self::since(context, &store, &facts, since)?;
    if context.json {
        return context.print_json(&wins.iter().map(|win| as_json(win, &facts)).collect());
    }
    if wins.is_empty() {
        let said = format!(
            "Nothing is noted since {} that counts as one; a word to somebody you like may be the next (kith due).\n",
            spoken(since)
        );
        write!(out(), "{}", wrapped(&said, 0))?;
        return Ok(());
    }
    let mut out = out();
    for win in &wins {
        write!(out, "{}", line(win, &facts, 0))?;
    }
    if let Some(told) = Asks::of(&wins).told() {
        write!(out, "{}", wrapped(&told, 0))?;
    }
    Ok(())
}

/// A win with its day, behind so many spaces.
pub(super) fn line(win: &Win, facts: &Facts, indent: usize) -> String {
    labelled(&format!("{}{}", " ".repeat(indent), win.day), indent + 12, &win.told(&name(win, facts)))
}

fn name(win: &Win, facts: &Facts) -> String {
    let person = facts.people.iter().find(|person| Some(person.id) == win.person);
    person.map_or_else(String::new, |person| text::name(&person.name).into_owned())
}

/// A win as scripts see it; documented in docs/interface.md, and stays.
pub(super) fn as_json(win: &Win, facts: &Facts) -> Value {
    let person = facts.people.iter().find(|person| Some(person.id) == win.person);
    json!({
        "day": win.day.to_string(),
        "kind": win.what.name(),
        "person": win.person.map(|person| person.to_string()),
        "name": person.map(|person| person.name.as_str()),
        "told": win.told(person.map_or("", |person| person.name.as_str())),
    })
}

/// The wins of the days from `from` to today.
pub(super) fn since(
    context: &Context,
    store: &crate::store::Store,
    facts: &Facts,
    from: Date,
) -> crate::error::Result<Vec<Win>> {
    let logged = store.done(from, context.today)?;
    publish::wins(store, facts, &context.settings, &logged, (from, context.today))
}
