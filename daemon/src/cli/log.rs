//! `kith log`

use std::io::Write;

use super::screen::out;
use super::{Context, Done, choose};
use crate::core::contact::Column;
use crate::core::date::spoken;
use crate::core::facts::Direction;
use crate::core::how::{How, in_touch};
use crate::core::plan::due;
use crate::core::when::{self, Toward};
use crate::error::Error;

/// Log that you were in touch with somebody.
///
/// Without an option you talked, in whatever way. Meeting, talking, calling and
/// hearing from somebody starts their clock anew; writing, or calling in vain,
/// sets you waiting for an answer.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith log anna \"her new job; promised to send the article\"\n  \
                        kith log \"Bert Kern\" \"lunch\" --met --on friday\n  \
                        kith log bert \"asked about the flat\" --wrote --on \"3 days ago\"")]
pub(super) struct Args {
    /// Part of a name, an email address or an id.
    person: String,
    /// What it was about.
    what: String,
    #[command(flatten)]
    how: HowArgs,
    /// When: 2026-11-30, yesterday, friday, "3 days ago".
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
}

#[derive(Debug, clap::Args)]
#[group(multiple = false)]
struct HowArgs {
    /// You met.
    #[arg(long)]
    met: bool,
    /// You talked on the telephone.
    #[arg(long)]
    called: bool,
    /// You wrote.
    #[arg(long)]
    wrote: bool,
    /// You heard from them.
    #[arg(long)]
    heard: bool,
    /// You called or visited and found nobody.
    #[arg(long)]
    tried: bool,
}

impl HowArgs {
    fn how(&self) -> How {
        match self {
            Self { met: true, .. } => How::Met,
            Self { called: true, .. } => How::Called,
            Self { wrote: true, .. } => How::Wrote,
            Self { heard: true, .. } => How::Heard,
            Self { tried: true, .. } => How::Tried,
            _ => How::Talked,
        }
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let day = match &args.on {
        None => context.today,
        Some(text) => {
            when::parse(text, context.today, Toward::Past).map_err(|e| Error::usage(format!("--on: {e}")))?
        }
    };
    if day > context.today {
        return Err(Error::usage(format!("--on: {} has not come yet", spoken(day)))
            .hint("log what happened; kith plans what is to come")
            .into());
    }
    let mut store = context.store()?;
    let listed = choose::person(context, &store, &args.person)?;
    let how = args.how.how();
    store.log(listed.id, day, how, &args.what, context.today)?;
    context.republish(&mut store)?;
    let facts = store.facts(&context.settings.me, context.today)?.facts;
    let next = facts
        .people
        .iter()
        .find(|person| person.id == listed.id)
        .and_then(|person| due(person, &context.settings, context.today));
    if context.json {
        return context.print_json(&serde_json::json!({
            "person": listed.id.to_string(),
            "name": listed.content.column(Column::Name),
            "day": day.to_string(),
            "how": how.to_string(),
            "due": next.map(|day| day.to_string()),
        }));
    }
    let mut out = out();
    writeln!(out, "Logged: on {} you {}.", spoken(day), in_touch(how, &choose::name(&listed)))?;
    write!(out, "{}", choose::remarks(&store, &args.person, &listed)?)?;
    if let Some(next) = next {
        match how.direction() {
            Direction::Outbound => writeln!(out, "If no answer comes: again from {} on.", spoken(next))?,
            Direction::Inbound | Direction::Both => {
                writeln!(out, "Next in touch: from {} on.", spoken(next))?;
            }
        }
    }
    Ok(())
}
