//! `kith tie`

use std::io::Write;

use serde_json::json;

use super::screen::{out, wrapped};
use super::show::Related;
use super::{Context, Done, choose};
use crate::core::contact::{Column, List};
use crate::core::facts::PersonId;
use crate::core::tie;
use crate::error::{Error, Result};
use crate::store::{ListEdit, Listed, Store};

/// Note who knows whom among your contacts.
///
/// RELATION is knows, colleague, family, introduced-by, or any word of yours. A
/// tie holds for both sides: it is how kith path finds who could introduce you
/// to somebody. Of one person alone their ties are listed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith tie anna knows bert\n  kith tie carla introduced-by bert\n  \
                  kith tie anna colleague david\n  kith tie anna\n  kith tie anna bert --remove")]
pub(super) struct Args {
    /// Part of a name, an email address or an id.
    person: String,
    /// How they are related to the other: knows, colleague, family, introduced-by, any word.
    relation: Option<String>,
    /// The other: part of a name, an email address or an id.
    #[arg(value_name = "PERSON")]
    other: Option<String>,
    /// Take the ties between the two away, whatever they are.
    #[arg(long, requires = "relation")]
    remove: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let mut store = context.store()?;
    let one = choose::person(context, &store, &args.person)?;
    let (relation, other) = match (args.relation.as_deref(), args.other.as_deref(), args.remove) {
        (None, _, _) => return list(context, &store, &one),
        // Without a relation the second word is the other person.
        (Some(other), None, true) => (None, other),
        (Some(_), None, false) => {
            return Err(Error::usage("who is the other?")
                .hint("write it so: kith tie anna knows bert; or with --remove, kith tie anna bert --remove")
                .into());
        }
        (Some(relation), Some(other), _) => (Some(relation), other),
    };
    let other = choose::person(context, &store, other)?;
    if one.id == other.id {
        return Err(Error::user(format!("both are {} (id {})", one.name(), one.id)).into());
    }
    let said = if args.remove {
        remove(&mut store, &one, &other)?;
        String::new()
    } else {
        let relation = tie::relation(relation.unwrap_or_default());
        add(&mut store, &one, &other, &relation)?;
        tie::said_of(Some(&relation), &one.name())
    };
    context.republish(&mut store)?;
    if context.json {
        return list(context, &store, &one);
    }
    let name = other.name();
    let said = match args.remove {
        true => {
            format!("Taken away: {} and {name} have no tie any more that is noted.\n", one.name())
        }
        false => format!("Noted: {name} (id {}), {said}.\n", other.id),
    };
    write!(out(), "{}", wrapped(&said, 0))?;
    Ok(())
}

/// Notes what `one` is said to be to `other`: the name of the other must mean nobody else.
fn add(store: &mut Store, one: &Listed, other: &Listed, relation: &str) -> Result<()> {
    if relation.is_empty() || relation.contains([':', ',', '\n']) {
        return Err(Error::usage(format!("{relation:?} is no relation"))
            .hint("write knows, colleague, family, introduced-by, or a word of your own"));
    }
    let name = other.content.column(Column::Name).unwrap_or_default().to_owned();
    let known = store.ties()?.into_iter().find(|tie| tie.of == one.id && tie.person == Some(other.id));
    let value = match known {
        // A second relation to the same person stands beside the first.
        Some(known) => known.name,
        None if store.means(one.id, &name, other.id)? => name,
        None => {
            return Err(Error::user(format!(
                "{} (id {}) shares the name with somebody, or has none: a tie is known by the name alone",
                other.name(),
                other.id
            ))
            .hint(format!("tell them apart first: kith edit {} --name \"a fuller name\"", other.id)));
        }
    };
    store.change(
        one.id,
        &[],
        &[ListEdit { list: List::Tie, value, label: Some(relation.to_owned()), add: true }],
    )
}

/// Takes what either says of the other away, in one step.
fn remove(store: &mut Store, one: &Listed, other: &Listed) -> Result<()> {
    let ties = store.ties()?;
    let between = |of: PersonId, person: PersonId| {
        ties.iter()
            .filter(move |tie| tie.of == of && tie.person == Some(person))
            .map(move |tie| (of, tie.name.clone()))
    };
    let found: Vec<(PersonId, String)> = between(one.id, other.id).chain(between(other.id, one.id)).collect();
    if found.is_empty() {
        return Err(Error::user(format!("no tie is noted between {} and {}", one.name(), other.name()))
            .hint(format!("kith tie {} lists whom they know", one.id)));
    }
    store.untie(&found)
}

/// Lists the ties of somebody.
fn list(context: &Context, store: &Store, of: &Listed) -> Done {
    let related = Related::to(store, of.id)?;
    if context.json {
        return context.print_json(&json!({
            "person": of.id.to_string(),
            "name": of.content.column(Column::Name),
            "related": related.json(),
        }));
    }
    let told = related.told();
    let mut out = out();
    if told.is_empty() {
        let name = of.name();
        write!(
            out,
            "{}",
            wrapped(&format!("No tie of {name} is noted. One more: kith tie {} knows NAME\n", of.id), 0)
        )?;
        return Ok(());
    }
    for line in told {
        write!(out, "{}", wrapped(&line, 0))?;
    }
    Ok(())
}
