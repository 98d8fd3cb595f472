//! `kith snooze`, and what it shares with `kith skip` and `kith pause`

use std::borrow::Cow;
use std::io::Write;

use super::screen::{out, wrapped};
use super::{Context, Done, choose, why};
use crate::act;
use crate::core::date::spoken;
use crate::core::facts::{Comfort, Person};
use crate::core::pause::{Why, horizon};
use crate::core::when::{self, Toward};
use crate::error::{Error, Result};
use crate::store::{Listed, Store};
use jiff::civil::Date;

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
    let why = match facts.people.into_iter().find(|person| person.id == listed.id) {
        Some(person) if person.comfort == Comfort::Never => Cow::Borrowed("never"),
        Some(person) => return Ok(person),
        None => why::left_out(store, listed)?.why,
    };
    let name = listed.name();
    Err(Error::user(format!("could not {verb} {name}: nothing is planned with them ({why})"))
        .hint(format!("kith why {} tells more", listed.id)))
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
    let put_off = act::put_off(store, (&context.settings, context.today), listed, (back, why))?;
    context.republish(store)?;
    if context.json {
        return context.print_json(&put_off.json());
    }
    write!(out(), "{}", wrapped(&format!("{remark}{}", put_off.said()), 0))?;
    Ok(())
}
