//! `kith done`

use serde_json::json;

use super::log::{self, NoteArgs};
use super::{Context, Done, choose};
use crate::act::{self, Did, Logged};
use crate::core::facts::PersonId;
use crate::core::feed::uid;
use crate::core::follow_up::{FollowUp, Kind};
use crate::error::Error;
use crate::publish::rehearse;

/// Log that you did what was planned with somebody.
///
/// It logs what the plan asked for: Call, Meet and Get in touch as talked, Write
/// and Congratulate as wrote, another try as tried, or as wrote where one would
/// write. If it went otherwise (they answered at once, you met), say so with
/// kith log.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith done anna\n  kith done anna \"her new job\"\n  kith done bert --on yesterday"
)]
pub(super) struct Args {
    /// Part of a name, an email address or an id.
    person: String,
    /// What it was about.
    what: Vec<String>,
    /// When: 2026-11-30, yesterday, friday, "3 days ago".
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    #[command(flatten)]
    notes: NoteArgs,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let day = log::day(args.on.as_deref(), context)?;
    let mut store = context.store()?;
    let (listed, remark) = choose::planned(context, &store, &args.person)?;
    let id = listed.id;
    let remarks = remark + &choose::remarks(&store, &args.person, &listed)?;
    let (_, plan) = rehearse(&store, &context.settings, context.today)?;
    let mut planned = plan.follow_ups.iter().filter(|f| f.key.person == id);
    // Nobody is congratulated before the day; everything else may be done early.
    let is_asked =
        |f: &&FollowUp| !matches!(f.key.kind, Kind::Birthday | Kind::Date) || f.day == context.today;
    let Some(follow_up) = planned.find(is_asked) else {
        return Err(Error::user(format!("nothing is planned with {}", listed.name()))
            .hint(instead(id))
            .into());
    };
    let what = args.what.join(" ");
    let what = what.trim();
    let how = args.notes.notes();
    let did = Did { follow_up, listed, day, what, notes: how };
    let done = act::done(&mut store, (&context.settings, context.today), did);
    let (people, talk) = done.map_err(|error| error.hint(instead(id)))?;
    context.republish(&mut store)?;
    let logged = Logged::of(&store, (&context.settings, context.today), people, &talk)?;
    if !context.json {
        let noted = if what.is_empty() { String::new() } else { log::noted(&store, what)? };
        return log::tell(&logged, &format!("{noted}{remarks}"));
    }
    let mut value = logged.json().into_iter().next().unwrap_or_default();
    if let Some(object) = value.as_object_mut() {
        object.insert("kind".to_owned(), json!(follow_up.key.kind.to_string()));
        object.insert("uid".to_owned(), json!(uid(&follow_up.key.uuid(&store.namespace()?))));
    }
    context.print_json(&value)
}

fn instead(id: PersonId) -> String {
    format!("kith log {id} \"what you talked about\" logs what was not planned")
}
