//! `kith archive`

use std::io::Write;

use serde_json::json;

use super::screen::{out, wrapped};
use super::{Context, Done, choose, joined};
use crate::core::contact::Column;
use crate::core::facts::PersonId;
use crate::error::{Error, Result};
use crate::store::{Listed, Store};

/// Archive people, or bring them back.
///
/// The archived are not planned, not listed and in no calendar. What is known
/// of them stays, and imports do not bring them back. --back finds them by
/// their name, every other command by their id alone; kith list --archived
/// lists them, too.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith archive carla\n  kith archive \"Bert Kern\" david@example.org\n  kith archive --back carla"
)]
pub(super) struct Args {
    /// Part of a name, an email address or an id.
    #[arg(required = true, value_name = "PERSON")]
    people: Vec<String>,
    /// Bring them back.
    #[arg(long)]
    back: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let mut store = context.store()?;
    let people = if args.back {
        archived(context, &store, args)?
    } else {
        choose::people(context, &store, &args.people)?.0
    };
    let is_archived = |listed: &Listed| listed.content.column(Column::ArchivedAt).is_some();
    if let Some(already) = people.iter().find(|listed| is_archived(listed) != args.back) {
        let said = if args.back { "is not archived" } else { "is archived already" };
        return Err(Error::user(format!("{} (id {}) {said}", already.name(), already.id)).into());
    }
    let ids: Vec<PersonId> = people.iter().map(|listed| listed.id).collect();
    store.archive(&ids, (!args.back).then(|| context.entered_at()))?;
    context.republish(&mut store)?;
    if context.json {
        let ids: Vec<String> = ids.iter().map(ToString::to_string).collect();
        return context.print_json(&json!({ "people": ids, "archived": !args.back }));
    }
    let names = joined(&people.iter().map(|listed| listed.name().to_string()).collect::<Vec<_>>());
    let said = if args.back {
        format!("Back from the archive: {names}.\n")
    } else {
        format!("Archived: {names}. kith archive --back brings them back.\n")
    };
    write!(out(), "{}", wrapped(&said, 0))?;
    Ok(())
}

/// The archived people that the words mean.
fn archived(context: &Context, store: &Store, args: &Args) -> Result<Vec<Listed>> {
    let mut people: Vec<Listed> = Vec::new();
    for query in &args.people {
        let mut found = store.find_archived(query)?;
        let listed = match found.len() {
            0 => Err(Error::user(format!("nobody who is archived matches {query:?}"))
                .hint("kith list --archived shows them")),
            1 => Ok(found.swap_remove(0)),
            _ if choose::may_ask(context) => choose::ask(found, query),
            _ => Err(choose::several(&found, query)),
        }?;
        if people.iter().all(|other| other.id != listed.id) {
            people.push(listed);
        }
    }
    Ok(people)
}
