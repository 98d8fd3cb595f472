//! `kith due`

use std::io::Write;

use super::screen::{out, wrapped};
use super::{Context, Done, plan};
use crate::core::date::spoken;
use crate::core::facts::Facts;
use crate::core::feed::{Details, People, summary};
use crate::core::follow_up::FollowUp;
use crate::core::pause::day_after;
use crate::publish::rehearse;

/// Show whom to talk to today, and why.
///
/// What was missed has moved on by itself: it is among these, or on one of
/// the coming days (kith plan).
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith due\n  kith due --json\n  kith due --today tomorrow")]
pub(super) struct Args {}

pub(super) fn run(_: &Args, context: &Context) -> Done {
    let mut store = context.store()?;
    if !context.rehearsal {
        context.republish(&mut store)?;
    }
    let (facts, plan) = rehearse(&store, &context.settings, context.today)?;
    let today: Vec<&FollowUp> = plan.follow_ups.iter().filter(|f| f.day == context.today).collect();
    if context.json {
        return context.print_json(&plan::json(&store, &facts, &today)?);
    }
    let next = plan.follow_ups.first().map(|first| first.day);
    let shown: Vec<&FollowUp> = plan.follow_ups.iter().filter(|f| Some(f.day) == next).collect();
    let people = store.details(&shown.iter().map(|f| f.key.person).collect())?;
    let said = if today.is_empty() {
        nothing(context, &facts, &shown, &people)
    } else {
        list(context, &today, &people)
    };
    write!(out(), "{said}")?;
    Ok(())
}

fn list(context: &Context, today: &[&FollowUp], people: &People) -> String {
    let mut said = String::new();
    for follow_up in today {
        let Some(details) = people.get(&follow_up.key.person) else { continue };
        said += &wrapped(&summary(follow_up, details, &context.settings.circles), 0);
        said += &wrapped(&follow_up.reason, 2);
        let reach: Vec<&str> = reach(details).collect();
        if !reach.is_empty() {
            said += &wrapped(&reach.join(", "), 2);
        }
    }
    said + &wrapped("\nkith done NAME logs it; kith snooze NAME DATE and kith skip NAME put it off.", 0)
}

/// Where somebody can be reached, as it was written.
fn reach(details: &Details) -> impl Iterator<Item = &str> {
    let given = [&details.phone, &details.email].into_iter().flatten();
    given.map(|text| text.trim()).filter(|text| !text.is_empty())
}

/// That nothing is planned for today, and what comes next.
fn nothing(context: &Context, facts: &Facts, next: &[&FollowUp], people: &People) -> String {
    let mut said = "Nothing for today: the day is yours.\n".to_owned();
    let everybody = facts.pauses.iter().filter(|pause| pause.person.is_none());
    if let Some(until) =
        everybody.filter(|p| (p.from..=p.until).contains(&context.today)).map(|p| p.until).max()
    {
        let back = spoken(day_after(until));
        said += &format!("You have a pause, and are back on {back} (kith pause --end ends it).\n");
    }
    let titles: Vec<String> = next
        .iter()
        .filter_map(|follow_up| {
            Some(summary(follow_up, people.get(&follow_up.key.person)?, &context.settings.circles))
        })
        .collect();
    match next.first() {
        Some(first) => {
            said += &format!("Next, on {}: {}.\n", first.day.strftime("%A, %-d %B %Y"), titles.join("; "));
        }
        None if facts.people.is_empty() => {
            said +=
                "There is nobody to plan for yet: kith import FILE, kith add or kith recall add people.\n";
        }
        None => said += "Nothing is planned for the days ahead, either.\n",
    }
    wrapped(&said, 0)
}
