//! `kith feed`

use std::io::Write;

use serde_json::json;

use super::screen::{labelled, out, wrapped};
use super::{Context, Done, setup};
use crate::core::feed::Name;
use crate::{running, token};

/// Print the address of the calendar feed, or make it a new one.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith feed\n  kith feed --json\n  kith feed --rotate\n\nSubscribe to the address in your calendar program \
                        (\"new calendar from the network\"); tick \"read only\" if it asks. Birthdays are a calendar of their own, and so is your history: \
                        with whom you were in touch in the last year, as you logged or imported it."
)]
pub(super) struct Args {
    /// Make a new address; the old one never answers again, and calendars are to be subscribed anew.
    #[arg(long)]
    rotate: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let mut store = context.store()?;
    if !context.rehearsal {
        context.republish(&mut store)?;
    }
    let token = if args.rotate {
        let token = token::rotate(&context.paths)?;
        context.noted(store.note_address())?;
        token
    } else {
        token::of(&context.paths)?
    };
    let service = running::service(&context.paths)?;
    let address = service.as_ref().and_then(|s| s.address).unwrap_or(context.settings.serve.listen);
    let url = |name: Name| format!("http://{address}/feed/{token}/{}", name.file());
    let file = |name| context.paths.calendar(name);
    if context.json {
        return context.print_json(&json!({
            "url": url(Name::FollowUps),
            "file": file(Name::FollowUps),
            "birthdays_url": url(Name::Birthdays),
            "birthdays_file": file(Name::Birthdays),
            "history_url": url(Name::History),
            "history_file": file(Name::History),
            "running": service.is_some(),
            "rotated": args.rotate,
        }));
    }
    let mut out = out();
    if args.rotate {
        let told = "The addresses until now answer no longer. In each calendar program remove the calendars of kith \
                    and subscribe to these; what reads the files below needs no change.";
        write!(out, "{}", wrapped(told, 0))?;
    }
    for (name, label) in
        [(Name::FollowUps, "Follow-ups:"), (Name::Birthdays, "Birthdays:"), (Name::History, "History:")]
    {
        write!(out, "{}", labelled(label, 12, &url(name)))?;
    }
    write!(out, "{}", wrapped("The same as files, for programs that read a calendar from disk:", 0))?;
    for name in Name::ALL {
        writeln!(out, "  {}", file(name).display())?;
    }
    if service.is_none() {
        let told = format!("The service is not running; {}.", setup::what_starts_it(&context.paths));
        write!(out, "{}", wrapped(&told, 0))?;
    }
    Ok(())
}
