//! `kith done`

use jiff::civil::Date;
use serde_json::json;

use super::log::{self, Logged, NoteArgs};
use super::{Context, Done, choose};
use crate::core::date::spoken;
use crate::core::facts::PersonId;
use crate::core::feed::{how_done, uid};
use crate::core::follow_up::{FollowUp, Kind};
use crate::core::introduction::Step;
use crate::core::talk::{Notes, Talk};
use crate::error::{Error, Result};
use crate::publish::rehearse;
use crate::store::{Listed, Store};

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
        return Err(Error::user(format!("nothing is planned with {}", choose::name(&listed)))
            .hint(instead(id))
            .into());
    };
    // What springs from that day's contact, or from a later one, was not done on that day.
    if let Some(since) = follow_up.key.cycle.parse::<Date>().ok().filter(|since| *since >= day) {
        return Err(Error::user(format!(
            "you were in touch with {} on {}, and the next time is planned for {}",
            choose::name(&listed),
            spoken(since),
            spoken(follow_up.day)
        ))
        .hint(instead(id))
        .into());
    }
    let details = store.details(&std::iter::once(id).collect())?.remove(&id).unwrap_or_default();
    let how = how_done(follow_up, &details, &context.settings.circles);
    let what = args.what.join(" ");
    let what = what.trim();
    let mut talk = Talk { notes: args.notes.notes(), ..Talk::new(day, how, what) };
    add_what_it_was(&mut talk, follow_up);
    let mut people = vec![listed];
    if let Some((introduction, step)) = follow_up.key.introduction() {
        let known = store.introductions()?.into_iter().find(|known| known.id == introduction);
        let known = known.ok_or_else(|| Error::internal("an introduction is planned that is not noted"))?;
        store.log_step(id, &talk, context.today, (&known, step))?;
        // Who introduces two people writes to both.
        let both = known.people().into_iter().flatten().filter(|other| step == Step::Make && *other != id);
        for other in both {
            people.push(Listed { id: other, content: store.contact(other)? });
        }
    } else {
        log_it(&mut store, id, &talk, follow_up, context.today)?;
    }
    context.republish(&mut store)?;
    let logged = Logged::of(context, &store, people, &talk)?;
    if !context.json {
        let noted = if what.is_empty() { String::new() } else { log::noted(&store, what)? };
        return logged.tell(&format!("{noted}{remarks}"));
    }
    let mut value = logged.json().into_iter().next().unwrap_or_default();
    if let Some(object) = value.as_object_mut() {
        object.insert("kind".to_owned(), json!(follow_up.key.kind.to_string()));
        object.insert("uid".to_owned(), json!(uid(&follow_up.key.uuid(&store.namespace()?))));
    }
    context.print_json(&value)
}

/// Logs what was done, and with it that what was meant to be is.
fn log_it(store: &mut Store, id: PersonId, talk: &Talk, follow_up: &FollowUp, today: Date) -> Result<()> {
    match follow_up.key.intention().filter(|_| follow_up.key.kind != Kind::Nudge) {
        Some(did) => store.log_done(id, talk, today, did),
        None => store.log(&[id], talk, today),
    }
}

/// Notes with a contact what it was planned for: what was given, asked for, or received.
fn add_what_it_was(talk: &mut Talk, follow_up: &FollowUp) {
    let what = || Some(follow_up.what.clone().unwrap_or_else(|| "thanks".to_owned()));
    let Notes { given, asked, received, .. } = &mut talk.notes;
    match follow_up.key.kind {
        Kind::ThankYou | Kind::Promise | Kind::Congratulate | Kind::Send | Kind::Invite | Kind::Accompany => {
            *given = given.take().or_else(what);
        }
        Kind::Ask => *asked = asked.take().or_else(what),
        Kind::Introduction => match follow_up.key.introduction().map(|(_, step)| step) {
            Some(Step::Ask) => *asked = asked.take().or_else(what),
            Some(Step::Forward) => *given = given.take().or_else(what),
            Some(Step::Thanks) => *received = received.take().or_else(what),
            Some(Step::Make) => {
                *given = given.take().or_else(|| what().map(|what| format!("an introduction to {what}")));
            }
            Some(Step::Hello | Step::Reminder | Step::Consent | Step::ConsentTo | Step::LookBack) | None => {}
        },
        Kind::KeepInTouch
        | Kind::Rekindle
        | Kind::SecondTry
        | Kind::FirstHello
        | Kind::Nudge
        | Kind::Goal
        | Kind::Occasion
        | Kind::Birthday
        | Kind::Date => {}
    }
}

fn instead(id: PersonId) -> String {
    format!("kith log {id} \"what you talked about\" logs what was not planned")
}
