//! `kith snooze`, and what it shares with `kith skip` and `kith pause`

use std::io::Write;

use jiff::civil::Date;
use serde_json::json;

use super::screen::{out, wrapped};
use super::{Context, Done, choose, list};
use crate::core::contact::Column;
use crate::core::date::spoken;
use crate::core::facts::{Comfort, Person};
use crate::core::feed::summary;
use crate::core::pause::{Why, back_on, horizon, in_words};
use crate::core::plan::Dues;
use crate::core::text;
use crate::core::when::{self, Toward};
use crate::error::{Error, Result};
use crate::publish::rehearse;
use crate::store::{Listed, Store};

/// Put somebody off until a later day.
///
/// Their follow-up moves there, or to the first day after it that has room; what
/// you promised them for a day before that waits as well, and you are told. To have it back earlier: kith pause --end PERSON, or another day.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith snooze anna friday\n  kith snooze bert 2027-01-15\n  kith snooze carla in 2 weeks"
)]
pub(super) struct Args {
    /// Part of a name, an email address or an id.
    person: String,
    /// The day on which they come back: 2026-11-30, friday, "in 2 weeks".
    #[arg(required = true, num_args = 1..)]
    date: Vec<String>,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let back = when::parse(&args.date.join(" "), context.today, Toward::Future)
        .map_err(|error| Error::usage(format!("snooze: {error}")).hint("name a day to come"))?;
    if back <= context.today {
        let said = if back == context.today { "is today" } else { "has passed" };
        return Err(Error::usage(format!("snooze: {} {said}", spoken(back)))
            .hint("name a later day; kith done logs what is done")
            .into());
    }
    not_for_good("snooze", back, context)?;
    let mut store = context.store()?;
    let (listed, remark) = choose::planned(context, &store, &args.person)?;
    planned(context, &store, &listed, "snooze")?;
    put_off(context, &mut store, (&listed, &remark), back, Why::Snooze)
}

/// Refuses a day that is too far away to come back on.
pub(super) fn not_for_good(option: &str, day: Date, context: &Context) -> Result<()> {
    let last = horizon(context.today);
    if day <= last {
        return Ok(());
    }
    Err(Error::usage(format!(
        "{option}: {} is too far away; {} is the last day it can be",
        spoken(day),
        spoken(last)
    ))
    .hint("is the year right? kith edit PERSON --comfort never leaves somebody alone for good"))
}

/// Somebody as the plan knows them.
///
/// # Errors
/// If nothing is ever planned with them: then there is nothing to put off.
pub(super) fn planned(context: &Context, store: &Store, listed: &Listed, verb: &str) -> Result<Person> {
    let facts = store.facts(&context.settings.me, context.today)?.facts;
    let known = facts.people.into_iter().find(|person| person.id == listed.id);
    known.filter(|person| person.comfort != Comfort::Never).map_or_else(
        || {
            let in_review = store.reviews()?.iter().any(|review| review.newer.0 == listed.id);
            let why = match list::why_not_planned(&listed.content, in_review) {
                "" => "(your own card)",
                why => why,
            };
            let name = choose::name(listed);
            Err(Error::user(format!("could not {verb} {name}: nothing is planned with them {why}"))
                .hint(format!("kith show {} tells more", listed.id)))
        },
        Ok,
    )
}

/// Leaves somebody alone until the day on which they come back, and says so
/// behind a remark on them.
pub(super) fn put_off(
    context: &Context,
    store: &mut Store,
    (listed, remark): (&Listed, &str),
    back: Date,
    why: Why,
) -> Done {
    let last = back.yesterday().unwrap_or(back);
    let before = promised(store, context, listed, back)?;
    store.put_off(&[(listed.id, last)], context.today, why)?;
    let (facts, plan) = rehearse(store, &context.settings, context.today)?;
    context.republish(store)?;
    let next = plan.follow_ups.iter().find(|f| f.key.person == listed.id);
    if context.json {
        return context.print_json(&json!({
            "person": listed.id.to_string(),
            "name": listed.content.column(Column::Name),
            "why": why.to_string(),
            "back": back.to_string(),
            "planned": next.map(|follow_up| follow_up.day.to_string()),
            "promises": before,
        }));
    }
    let name = choose::name(listed);
    let mut said = format!("{remark}{name} is {}.\n", in_words(why, context.today, last));
    for what in &before {
        said += &format!("What you promised them waits, too: {}.\n", text::plain(what));
    }
    let details = store.details(&std::iter::once(listed.id).collect())?;
    let later = back_on(&facts.pauses, listed.id, back);
    let person = facts.people.iter().find(|person| person.id == listed.id);
    let due = person.and_then(|person| Dues::new(&facts, &context.settings, context.today).of(person));
    let due = due.filter(|_| before.is_empty());
    if let Some(due) = due.filter(|due| later.is_some_and(|later| *due > later)) {
        said += &format!("They are not due before {} anyway.\n", spoken(due));
    }
    if let (Some(next), Some(details)) = (next, details.get(&listed.id)) {
        let title = summary(next, details, &context.settings.circles);
        said += &format!("Next, on {}: {title}.\n", next.day.strftime("%A, %-d %B %Y"));
    } else if let Some(later) = later.filter(|later| *later > back) {
        said += &format!("There is a pause as well: they come back on {}.\n", spoken(later));
    }
    write!(out(), "{}", wrapped(&said, 0))?;
    Ok(())
}

/// What the user promised somebody and would come back to before that day: it is put off with them.
fn promised(store: &Store, context: &Context, listed: &Listed, back: Date) -> Result<Vec<String>> {
    let facts = store.facts(&context.settings.me, context.today)?.facts;
    let Some(person) = facts.people.iter().find(|person| person.id == listed.id) else {
        return Ok(Vec::new());
    };
    let promises = Dues::new(&facts, &context.settings, context.today).promises(person);
    let waiting = promises.into_iter().filter(|(_, day)| *day < back);
    Ok(waiting.map(|(promise, _)| promise.what.clone()).collect())
}
