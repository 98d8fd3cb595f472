//! `kith conflicts`

use std::collections::HashMap;
use std::io::Write;

use serde_json::{Value, json};

use super::screen::{in_one_piece, labelled, out, typed, wrapped};
use super::show::sources::{card, card_json};
use super::{Context, Done, choose};
use crate::core::account::word_for;
use crate::core::conflict::Conflict;
use crate::core::text;
use crate::error::Result;
use crate::store::{AtOdds, Sourced, Store};

/// List in what the address books contradict each other.
///
/// Two birthdays, two organisations or two jobs of one person, with who says
/// what, and which counts now. Names in another spelling, or shortened, are no
/// contradiction. What you set with kith edit is decided: it stays, and is not
/// listed again. So is what those say otherwise whom you made part of somebody
/// with kith merge: who stays counts.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith conflicts\n  kith conflicts anna\n  kith conflicts --json")]
pub(super) struct Args {
    /// Part of a name, an email address or an id; everybody if left out.
    person: Option<String>,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let store = context.store()?;
    let found = match &args.person {
        Some(query) => store.at_odds_about(choose::person(context, &store, query)?.id)?.into_iter().collect(),
        None => store.at_odds()?,
    };
    if context.json {
        let mut values = Vec::new();
        for one in &found {
            let cards = cards(&store, one)?;
            values.extend(each(one).map(|(conflict, counts)| json(one, conflict, counts, &cards)));
        }
        return context.print_json(&Value::Array(values));
    }
    let mut out = out();
    if found.is_empty() {
        writeln!(out, "Nothing contradicts itself.")?;
        return Ok(());
    }
    for one in &found {
        let cards = cards(&store, one)?;
        write!(out, "{}", wrapped(&format!("{} (id {})", text::name(&one.name), one.person), 0))?;
        for (conflict, counts) in each(one) {
            let word = word_for(conflict.column.name());
            for (value, by) in &conflict.values {
                let now = if Some(value) == counts { ", which counts now" } else { "" };
                write!(out, "{}", labelled(&format!("  {word}"), 16, &format!("{value}{now}")))?;
                for by in by.iter().filter_map(|id| cards.get(id)) {
                    write!(out, "{}", wrapped(&card(by), 18))?;
                }
            }
            let other = conflict.values.iter().map(|(value, _)| value).find(|value| Some(*value) != counts);
            let option = conflict.column.name();
            let choice = other.map_or_else(String::new, |value| typed(value).into_owned());
            let command = in_one_piece(&format!("kith edit {} --{option} {choice}", one.person));
            write!(out, "{}", wrapped(&format!("choose: {command}"), 4))?;
        }
    }
    write!(out, "{}", wrapped("\nWhat you choose stays, the one that counts now as well.", 0))?;
    Ok(())
}

fn cards(store: &Store, one: &AtOdds) -> Result<HashMap<i64, Sourced>> {
    Ok(store.cards(one.person)?.into_iter().map(|card| (card.id, card)).collect())
}

fn each(one: &AtOdds) -> impl Iterator<Item = (&Conflict, Option<&String>)> {
    one.conflicts.iter().zip(one.counts.iter().map(Option::as_ref))
}

fn json(one: &AtOdds, conflict: &Conflict, counts: Option<&String>, cards: &HashMap<i64, Sourced>) -> Value {
    let says = |(value, by): &(String, Vec<i64>)| {
        let from: Vec<Value> = by.iter().filter_map(|id| cards.get(id)).map(card_json).collect();
        json!({ "value": value, "from": from })
    };
    json!({
        "person": one.person.to_string(),
        "name": one.name,
        "field": conflict.column.name(),
        "counts": counts,
        "says": conflict.values.iter().map(says).collect::<Vec<_>>(),
    })
}
