//! `kith plan`

use std::collections::BTreeMap;
use std::io::Write;

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::screen::{out, wrapped};
use super::{Context, Done, pause};
use crate::core::facts::Facts;
use crate::core::feed;
use crate::core::follow_up::FollowUp;
use crate::core::plan::shortfall;
use crate::core::settings::Circle;
use crate::core::text;
use crate::error::Error;
use crate::publish::rehearse;
use crate::store::Store;

/// Show whom to talk to next, and why.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith plan\n  kith plan --days 30\n  kith plan --today 2027-01-01 --json"
)]
pub(super) struct Args {
    /// How many days, from today on.
    #[arg(long, default_value_t = 14, value_parser = days)]
    days: u16,
}

fn days(text: &str) -> Result<u16, &'static str> {
    text.parse().ok().filter(|days| (1..=730).contains(days)).ok_or("write a number of days from 1 to 730")
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let mut store = context.store()?;
    if !context.rehearsal {
        context.republish(&mut store)?;
    }
    // A longer plan begins as the published one does: the days beyond it are only added.
    let mut settings = context.settings.clone();
    settings.feed.ahead = settings.feed.ahead.max(args.days);
    let (facts, plan) = rehearse(&store, &settings, context.today)?;
    let end = last_day(context.today, args.days)?;
    let shown: Vec<&FollowUp> = plan.follow_ups.iter().filter(|f| f.day <= end).collect();
    if context.json {
        return context.print_json(&json(&store, &facts, &shown)?);
    }
    let pauses = pause::for_everybody(&store, context.today, end)?;
    let pauses: Vec<String> = pauses.iter().map(pause::told).collect();
    if shown.is_empty() {
        let mut said = format!("Nothing planned until {}.\n", crate::core::date::spoken(end));
        if facts.people.is_empty() {
            said += "There is nobody to plan for yet: import an address book with kith import FILE.\n";
        } else if context.settings.budget.is_nothing() {
            said += "The budget in kith.toml allows nothing: see per_day, per_week and weekdays there.\n";
        } else {
            said += &pauses.join("\n");
        }
        write!(out(), "{}", wrapped(&said, 0))?;
        return Ok(());
    }
    write_plan(&mut out(), &store, &facts, &shown, &context.settings.circles)?;
    if !pauses.is_empty() {
        write!(out(), "\n{}", wrapped(&pauses.join("\n"), 0))?;
    }
    let more = plan.left_to_calendar.iter().filter(|(day, _)| *day <= end).count();
    if more > 0 {
        write!(out(), "\n{}", wrapped(&in_calendar(more), 0))?;
    }
    if let Some(shortfall) = shortfall(&facts, &context.settings, context.today) {
        write!(out(), "\n{}", wrapped(&format!("{shortfall} kith simulate shows more."), 0))?;
    }
    Ok(())
}

/// That so many celebrations are not shown.
fn in_calendar(more: usize) -> String {
    let who = match more {
        1 => "One more who celebrates in these days is".to_owned(),
        _ => format!("{more} more who celebrate in these days are"),
    };
    format!(
        "{who} in the calendar of birthdays only: the plan has those of closer circles, and of the others \
         no more on a day than it asks for in all."
    )
}

/// Follow-ups as scripts see them; documented in docs/interface.md, and stays.
pub(super) fn json(store: &Store, facts: &Facts, shown: &[&FollowUp]) -> Result<Value, Error> {
    let namespace = store.namespace()?;
    let one = |f: &&FollowUp| {
        json!({
            "day": f.day.to_string(),
            "person": f.key.person.to_string(),
            "name": name(facts, f),
            "kind": f.key.kind.to_string(),
            "what": f.what,
            "reason": f.reason,
            "circle": f.circle,
            "uid": feed::uid(&f.key.uuid(&namespace)),
        })
    };
    Ok(shown.iter().map(one).collect())
}

/// The last of `days` days from today on.
fn last_day(today: Date, days: u16) -> Result<Date, Error> {
    today
        .checked_add((i64::from(days) - 1).days())
        .map_err(|_| Error::usage(format!("--days {days}: the calendar ends before that")))
}

fn name<'a>(facts: &'a Facts, follow_up: &FollowUp) -> &'a str {
    facts.people.iter().find(|p| p.id == follow_up.key.person).map_or("", |p| p.name.as_str())
}

/// The plan for people: by day, each line with its why.
pub(super) fn write_plan(
    out: &mut impl Write,
    store: &Store,
    facts: &Facts,
    shown: &[&FollowUp],
    circles: &BTreeMap<String, Circle>,
) -> Result<(), super::Failure> {
    let people = store.details(&shown.iter().map(|f| f.key.person).collect())?;
    let mut day = None;
    for follow_up in shown {
        if day != Some(follow_up.day) {
            day = Some(follow_up.day);
            writeln!(out, "{}", follow_up.day.strftime("%A, %-d %B %Y"))?;
        }
        let summary = people.get(&follow_up.key.person).map_or_else(
            || text::name(name(facts, follow_up)),
            |details| feed::summary(follow_up, details, circles).into(),
        );
        write!(out, "{}{}", wrapped(&summary, 2), wrapped(&follow_up.reason, 4))?;
    }
    Ok(())
}
