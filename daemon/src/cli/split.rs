//! `kith split`

use std::io::{self, IsTerminal, Write};

use serde_json::json;

use super::screen::{out, wrapped};
use super::{Context, Done, choose};
use crate::core::contact::Column;
use crate::core::facts::PersonId;
use crate::core::name::{fit, fold};
use crate::error::{Error, Result};
use crate::store::{Listed, OwnCard, Part, Store};

/// Make several people of one.
///
/// Who was merged into somebody becomes a person of their own again; a card
/// that an import put in the wrong place becomes a person of its own. No later
/// import joins the two again.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith split anna\n  kith split anna --of \"A. Müller\"\n  kith split 7 --card 12"
)]
pub(super) struct Args {
    /// Part of a name, an email address or an id.
    person: String,
    /// Who is to be a person of their own again, where several were merged: part of their name, or their id.
    #[arg(long, value_name = "OTHER")]
    of: Option<String>,
    /// The card that is to be a person of its own.
    #[arg(long, value_name = "NUMBER", conflicts_with = "of")]
    card: Option<i64>,
}

/// What is split off.
enum Off {
    Part(PersonId),
    Card(i64),
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let mut store = context.store()?;
    let listed = choose::person(context, &store, &args.person)?;
    let (off, now) = (choose_off(args, context, &store, &listed)?, context.entered_at());
    let new = match off {
        Off::Part(part) => {
            store.split(part, now)?;
            part
        }
        Off::Card(card) => store.split_card(listed.id, card, now)?,
    };
    context.republish(&mut store)?;
    let named = |id| Ok::<_, Error>(Listed { id, content: store.contact(id)? });
    let (new, stays) = (named(new)?, named(listed.id)?);
    if context.json {
        return context.print_json(&json!({
            "id": new.id.to_string(),
            "name": new.name(),
            "of": { "id": stays.id.to_string(), "name": stays.name() },
        }));
    }
    let said = format!(
        "{} (id {}) and {} (id {}) are two people now, and stay so.\nkith undo takes it back.",
        stays.name(),
        stays.id,
        new.name(),
        new.id
    );
    write!(out(), "{}", wrapped(&said, 0))?;
    Ok(())
}

fn choose_off(args: &Args, context: &Context, store: &Store, listed: &Listed) -> Result<Off> {
    let (name, id) = (listed.name(), listed.id);
    let parts = store.parts(id)?;
    let cards = store.own_cards(id)?;
    if let Some(card) = args.card {
        return match cards.iter().any(|own| own.id == card) {
            true if cards.len() > 1 => Ok(Off::Card(card)),
            true => Err(Error::user(format!(
                "card {card} is the only one of {name} (id {id}); there is nothing to split"
            ))),
            false => Err(Error::user(format!(
                "{name} (id {id}) has no card {card}; there are:\n{}",
                list_cards(&cards)
            ))),
        };
    }
    if let Some(of) = &args.of {
        let wanted: Vec<&Part> = parts.iter().filter(|part| is_meant(part, of)).collect();
        return match wanted.as_slice() {
            [part] => Ok(Off::Part(part.id)),
            [] if parts.is_empty() => Err(nobody_merged(&name, id, &cards)),
            [] => Err(Error::user(format!(
                "nobody who was merged into {name} matches {of:?}:\n{}",
                list_parts(&parts)
            ))
            .hint("say part of the name, or the id")),
            _ => Err(Error::user(format!(
                "several who were merged into {name} match {of:?}:\n{}",
                list_parts(&parts)
            ))
            .hint("say more of the name, or the id")),
        };
    }
    // The id of somebody who was merged names whom they are part of; here it says who is meant.
    if let Some(part) = parts.iter().find(|part| part.id.to_string() == args.person.trim()) {
        return Ok(Off::Part(part.id));
    }
    let on_terminal = !context.json && io::stdin().is_terminal() && io::stderr().is_terminal();
    match parts.as_slice() {
        [part] => Ok(Off::Part(part.id)),
        [] if cards.len() > 1 && on_terminal => {
            let there_is =
                format!("{name} (id {id}) is made of {} cards:\n{}", cards.len(), list_cards(&cards));
            let chosen = |answer: &str| cards.iter().map(|card| card.id).find(|id| id.to_string() == answer);
            choose::one_of(&there_is, "Which one is somebody else? (a number; empty for none)", chosen)?
                .map(Off::Card)
                .ok_or_else(none_chosen)
        }
        [] => Err(nobody_merged(&name, id, &cards)),
        _ if on_terminal => {
            let lines: Vec<String> =
                (1..).zip(&parts).map(|(at, part)| format!("{at:>5}  {}", told(part))).collect();
            let there_is = format!("These were merged into {name} (id {id}):\n{}", lines.join("\n"));
            let chosen = |answer: &str| {
                let part = (1..).zip(&parts).find(|(at, _): &(usize, _)| at.to_string() == answer);
                part.map(|(_, part)| part.id)
            };
            choose::one_of(&there_is, "Who is to be split off? (a number; empty for none)", chosen)?
                .map(Off::Part)
                .ok_or_else(none_chosen)
        }
        _ => Err(Error::usage(format!("several were merged into {name} (id {id}):\n{}", list_parts(&parts)))
            .hint("say who: --of NAME, or --of ID")),
    }
}

fn is_meant(part: &Part, text: &str) -> bool {
    part.id.to_string() == text.trim() || fit(&part.name, &fold(text)).is_some()
}

fn nobody_merged(name: &str, id: PersonId, cards: &[OwnCard]) -> Error {
    if cards.len() > 1 {
        return Error::usage(format!(
            "nobody was merged into {name} (id {id}), who is made of {} cards:\n{}",
            cards.len(),
            list_cards(cards)
        ))
        .hint("say which one is somebody else: --card NUMBER");
    }
    Error::user(format!(
        "there is nothing to split: nobody was merged into {name} (id {id}), who has one card at most"
    ))
}

fn none_chosen() -> Error {
    Error::user("nobody was chosen; nothing was changed")
}

fn list_parts(parts: &[Part]) -> String {
    let lines: Vec<String> = parts.iter().map(|part| format!("  {:>5}  {}", part.id, told(part))).collect();
    lines.join("\n")
}

fn told(part: &Part) -> String {
    let on = part.at.get(..10).unwrap_or(&part.at);
    let by = part
        .file_name
        .as_ref()
        .map_or_else(|| "by you".to_owned(), |file| format!("by the import of {file}"));
    let why = part.reason.as_ref().map(|reason| format!(": {reason}")).unwrap_or_default();
    format!("{}, merged on {on} {by}{why}", part.name)
}

fn list_cards(cards: &[OwnCard]) -> String {
    let lines: Vec<String> = cards
        .iter()
        .map(|card| {
            let name = card.content.column(Column::Name).unwrap_or_default().to_owned();
            format!(
                "  {:>5}  {} ({}, line {})",
                card.id,
                choose::told_apart(&name, &card.content),
                card.file_name,
                card.line
            )
        })
        .collect();
    lines.join("\n")
}
