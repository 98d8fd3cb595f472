//! `kith feed`

use std::io::Write;

use serde_json::json;

use super::screen::{labelled, out, wrapped};
use super::{Context, Done, setup};
use crate::{running, token};

/// Print the address of the calendar feed, or make it a new one.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith feed\n  kith feed --json\n  kith feed --rotate\n\nSubscribe to the address in your calendar program \
                        (\"new calendar from the network\"); tick \"read only\" if it asks. Birthdays are a calendar of their own."
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
    let url = |file: &str| format!("http://{address}/feed/{token}/{file}");
    if context.json {
        return context.print_json(&json!({
            "url": url("follow-ups.ics"),
            "file": context.paths.follow_ups(),
            "birthdays_url": url("birthdays.ics"),
            "birthdays_file": context.paths.birthdays(),
            "running": service.is_some(),
            "rotated": args.rotate,
        }));
    }
    let mut out = out();
    if args.rotate {
        let told = "The addresses until now answer no longer. In each calendar program remove the two calendars of kith \
                    and subscribe to these; what reads the files below needs no change.";
        write!(out, "{}", wrapped(told, 0))?;
    }
    write!(out, "{}", labelled("Follow-ups:", 12, &url("follow-ups.ics")))?;
    write!(out, "{}", labelled("Birthdays:", 12, &url("birthdays.ics")))?;
    write!(out, "{}", wrapped("The same as files, for programs that read a calendar from disk:", 0))?;
    writeln!(out, "  {}\n  {}", context.paths.follow_ups().display(), context.paths.birthdays().display())?;
    if service.is_none() {
        let told = format!("The service is not running; {}.", setup::what_starts_it(&context.paths));
        write!(out, "{}", wrapped(&told, 0))?;
    }
    Ok(())
}
