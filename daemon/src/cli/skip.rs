//! `kith skip`

use super::{Context, Done, choose, snooze};
use crate::core::pause::Why;

/// Let one follow-up go; the next comes an ideal interval from today.
///
/// What you promised them for another day stays on it, and what comes new is planned. Nothing is logged, for you were not in touch. To have it back: kith pause
/// --end PERSON.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith skip anna\n  kith skip \"Bert Kern\" --json")]
pub(super) struct Args {
    /// Part of a name, an email address or an id.
    person: String,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let mut store = context.store()?;
    let (listed, remark) = choose::planned(context, &store, &args.person)?;
    let person = snooze::planned(context, &store, &listed, "skip")?;
    let back = person.cadence(&context.settings).ideal.after(context.today);
    snooze::put_off(context, &mut store, (&listed, &remark), back, Why::Skip)
}
