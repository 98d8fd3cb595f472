//! `kith occasion`

use std::io::Write;

use serde_json::{Value, json};

use super::screen::{out, wrapped};
use super::{Context, Done, counted, goal, snooze};
use crate::core::date::spoken;
use crate::core::follow_up::FollowUp;
use crate::core::occasion::{Greeted, Occasion, known};
use crate::core::text;
use crate::core::when::{self, Toward};
use crate::error::Error;
use crate::publish::rehearse;

/// Greet those whom you have not talked to for long, on an occasion: New Year, or a day of your own.
///
/// They are spread over the days around it, half of a week's places at most, closer
/// circles first, each with the occasion as a reason to say hello; who rests after
/// three tries is among them. Whose turn comes more than two weeks before keeps it, and is
/// greeted where they had none by then. Whatever is planned with one of them on these days (a second
/// try, a promise) names the occasion, too. Say first what you are looking for (kith goal): it makes
/// the hello easier, and asks for nothing. Without NAME it lists occasions.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith occasion \"New Year\" --people dormant --days 10\n  \
                  kith occasion \"Our harbour festival\" --on 2027-06-12 --yearly\n  kith occasion\n  kith occasion --forget jazz")]
pub(super) struct Args {
    /// What it is called.
    name: Vec<String>,
    /// Who is greeted: dormant (if nothing is said), cooling (and dormant), new or all.
    #[arg(long, value_name = "WHO", requires = "name")]
    people: Option<Greeted>,
    /// Over how many days around it, from 1 to 60; 10 if not given.
    #[arg(long, requires = "name")]
    days: Option<u16>,
    /// When it is: 2027-06-12; New Year and Christmas are known.
    #[arg(long, value_name = "DATE", requires = "name")]
    on: Option<String>,
    /// It comes each year.
    #[arg(long, requires = "name")]
    yearly: bool,
    /// Forget one: a word of its name, or its number.
    #[arg(long, value_name = "OCCASION", conflicts_with = "name")]
    forget: Option<String>,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    match &args.forget {
        Some(word) => forget(context, word),
        None if args.name.is_empty() => list(context),
        None => note(args, context),
    }
}

fn note(args: &Args, context: &Context) -> Done {
    let name = args.name.join(" ").trim().to_owned();
    let day = match &args.on {
        Some(text) => when::parse(text, context.today, Toward::Future)
            .map_err(|error| Error::usage(format!("--on: {error}")))?,
        None => known(&name, context.today).ok_or_else(|| {
            Error::usage(format!("occasion: say when {name:?} is: --on DATE"))
                .hint("New Year and Christmas are known")
        })?,
    };
    snooze::not_for_good("--on", day, context)?;
    let days = args.days.unwrap_or(10);
    if !(1..=60).contains(&days) {
        return Err(Error::usage(format!("--days {days}: from 1 to 60")).into());
    }
    let people = args.people.unwrap_or(Greeted::Dormant);
    let occasion = Occasion { id: 0, name, day, yearly: args.yearly, days, people };
    if occasion.next(context.today).is_none() {
        return Err(Error::usage(format!("--on: {} has passed", spoken(day))).into());
    }
    let mut store = context.store()?;
    let looking_for = goal::sentence(
        context,
        &store,
        "a greeting asks for nothing, and whoever answers may ask what you are doing",
    )?;
    store.note_occasion(&occasion)?;
    context.republish(&mut store)?;
    let noted = store.occasions()?.into_iter().max_by_key(|occasion| occasion.id).unwrap_or(occasion);
    if context.json {
        return context.print_json(&as_json(&noted, context));
    }
    let (_, plan) = rehearse(&store, &context.settings, context.today)?;
    // Whatever each is planned for besides.
    let is_for_it = |f: &&FollowUp| f.occasion.as_ref().is_some_and(|occasion| occasion.id == noted.id);
    let greeted = plan.follow_ups.iter().filter(is_for_it).count();
    let planned = if noted.next(context.today).is_some_and(|next| next.is_near(context.today)) {
        let hellos = counted(greeted, "hello is planned", "hellos are planned");
        format!("{hellos} so far. Whose turn comes well before it keeps that turn.")
    } else {
        "It is planned when it is two months away.".to_owned()
    };
    let said = format!(
        "{}.\n{planned}\nYou are looking for: {}.\n",
        sentence(&noted, context),
        text::plain(&looking_for)
    );
    write!(out(), "{}", wrapped(&said, 0))?;
    Ok(())
}

fn list(context: &Context) -> Done {
    let store = context.store()?;
    let mut all = store.occasions()?;
    all.retain(|occasion| occasion.next(context.today).is_some());
    if context.json {
        return context.print_json(&all.iter().map(|occasion| as_json(occasion, context)).collect());
    }
    if all.is_empty() {
        writeln!(out(), "No occasion is noted.")?;
        return Ok(());
    }
    let lines: String = all.iter().map(|occasion| format!("{}\n", sentence(occasion, context))).collect();
    write!(out(), "{}", wrapped(&lines, 0))?;
    Ok(())
}

fn forget(context: &Context, word: &str) -> Done {
    let mut store = context.store()?;
    let folded = word.trim().to_lowercase();
    let found = store
        .occasions()?
        .into_iter()
        .find(|occasion| occasion.id.to_string() == folded || occasion.name.to_lowercase().contains(&folded));
    let Some(occasion) = found else {
        return Err(Error::user(format!("no occasion has {word:?} in its name"))
            .hint("kith occasion lists those there are")
            .into());
    };
    store.forget_occasion(occasion.id)?;
    context.republish(&mut store)?;
    if context.json {
        return context.print_json(&as_json(&occasion, context));
    }
    write!(out(), "{}", wrapped(&format!("{}: forgotten.\n", text::plain(&occasion.name)), 0))?;
    Ok(())
}

/// `New Year on 1 January 2027, each year: the dormant, from 27 December 2026 to 5 January 2027`.
fn sentence(occasion: &Occasion, context: &Context) -> String {
    let next = occasion.next(context.today).unwrap_or_else(|| occasion.clone());
    let yearly = if occasion.yearly { ", each year" } else { "" };
    let who = match occasion.people {
        Greeted::Dormant => "the dormant",
        Greeted::Cooling => "the cooling and the dormant",
        Greeted::New => "those you never talked to",
        Greeted::All => "everybody",
    };
    format!(
        "{} on {}{yearly}: {who}, from {} to {}",
        text::plain(&occasion.name),
        spoken(next.day),
        spoken(next.first()),
        spoken(next.last())
    )
}

/// An occasion as scripts see it; documented in docs/interface.md, and stays.
fn as_json(occasion: &Occasion, context: &Context) -> Value {
    let next = occasion.next(context.today);
    json!({
        "id": occasion.id,
        "name": occasion.name,
        "day": occasion.day.to_string(),
        "next": next.map(|next| next.day.to_string()),
        "yearly": occasion.yearly,
        "days": occasion.days,
        "people": occasion.people.to_string(),
    })
}
