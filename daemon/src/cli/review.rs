//! `kith review`

use std::io::Write;

use serde_json::{Value, json};

use super::screen::out;
use super::{Context, Done, choose};
use crate::core::facts::PersonId;
use crate::error::Error;
use crate::store::{Decision, Review, Store};

/// List who may be the same person, and decide.
///
/// Whoever has the name of somebody known, and nothing else in common, is
/// kept and waits here; after 30 days undecided both are planned.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith review\n  kith review 3 --same\n  kith review 4 --different")]
pub(super) struct Args {
    /// The number of a review to decide.
    #[arg(requires = "decision", value_parser = number)]
    number: Option<i64>,
    #[command(flatten)]
    decision: DecisionArgs,
}

#[derive(Debug, clap::Args)]
#[group(id = "decision", multiple = false)]
struct DecisionArgs {
    /// They are one person.
    #[arg(long, requires = "number")]
    same: bool,
    /// They are two people.
    #[arg(long, requires = "number")]
    different: bool,
}

fn number(text: &str) -> Result<i64, &'static str> {
    text.parse().map_err(|_| "write the number that kith review shows before the two")
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let mut store = context.store()?;
    let Some(number) = args.number else {
        return list(context, &store);
    };
    let decision = match args.decision {
        DecisionArgs { same: true, .. } => Decision::Same,
        DecisionArgs { different: true, .. } => Decision::Different,
        DecisionArgs { .. } => return Err(Error::usage("say --same or --different").into()),
    };
    let review = store.decide(number, decision, context.entered_at())?;
    context.republish(&mut store)?;
    if context.json {
        return context.print_json(&json(&review));
    }
    let (newer, twin) = (choose::shown(&review.newer.1), choose::shown(&review.twin.1));
    let said = match decision {
        Decision::Same => format!("{newer} and {twin} are one person now (id {}).", review.twin.0),
        Decision::Different => format!("{newer} and {twin} are two people; both are planned."),
    };
    writeln!(out(), "{said}")?;
    Ok(())
}

fn list(context: &Context, store: &Store) -> Done {
    let reviews = store.reviews()?;
    if context.json {
        return context.print_json(&Value::Array(reviews.iter().map(json).collect()));
    }
    let mut out = out();
    if reviews.is_empty() {
        writeln!(out, "Nothing waits to be decided.")?;
        return Ok(());
    }
    for review in &reviews {
        let told = |(id, name): &(PersonId, String)| {
            Ok::<_, Error>(format!("id {id}, {}", choose::told_apart(name, &store.contact(*id)?)))
        };
        writeln!(out, "{:>4}  {}", review.id, told(&review.newer)?)?;
        writeln!(out, "      and {}: {}", told(&review.twin)?, review.reason)?;
    }
    writeln!(out, "\nkith show ID tells more. Decide with kith review NUMBER --same, or --different.")?;
    Ok(())
}

fn json(review: &Review) -> Value {
    json!({
        "number": review.id,
        "newer": { "id": review.newer.0.to_string(), "name": review.newer.1 },
        "twin": { "id": review.twin.0.to_string(), "name": review.twin.1 },
        "reason": review.reason,
        "withheld": review.withheld,
        "since": review.since,
    })
}
