//! `kith log`

use std::io::Write;

use jiff::civil::Date;
use serde_json::Value;

use super::screen::{out, wrapped};
use super::{Context, Done, choose, meant};
use crate::act::Logged;
use crate::core::cadence::Interval;
use crate::core::date::spoken;
use crate::core::facts::PersonId;
use crate::core::how::How;
use crate::core::talk::{Notes, Talk, Went};
use crate::core::text;
use crate::core::when::{self, Toward};
use crate::error::{Error, Result};
use crate::store::Store;

/// Log that you were in touch with somebody.
///
/// Without an option you talked, in whatever way. Meeting, talking, calling and
/// hearing from somebody starts their clock anew; writing, or calling in vain,
/// sets you waiting for an answer.
#[derive(Debug, clap::Args)]
#[command(
    override_usage = "kith log [OPTIONS] <PERSON>... <WHAT>",
    after_help = "Examples:\n  kith log anna \"her new job; promised to send the article\"\n  \
                  kith log \"Bert Kern\" --met \"lunch\" --on friday\n  \
                  kith log anna bert carla \"dinner at our place\" --met\n  \
                  kith log bert \"asked about the flat\" --wrote --on \"3 days ago\"\n  \
                  kith log anna \"the new job\" --went badly --learned \"not on Mondays\" --given \"two names\""
)]
pub(super) struct Args {
    /// Part of a name, an email address or an id; several are logged together. Behind them WHAT it
    /// was about; "" if there is nothing to note.
    // One list, as clap takes no option between two.
    #[arg(required = true, num_args = 1.., value_name = "PERSON")]
    words: Vec<String>,
    #[command(flatten)]
    how: HowArgs,
    /// When: 2026-11-30, yesterday, friday, "3 days ago".
    #[arg(long, value_name = "DATE")]
    on: Option<String>,
    #[command(flatten)]
    notes: NoteArgs,
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

/// What came of it.
#[derive(Debug, clap::Args)]
pub(super) struct NoteArgs {
    /// How it went: well, mixed or badly.
    #[arg(long, value_name = "HOW")]
    went: Option<Went>,
    /// What you learned for the next time.
    #[arg(long, value_name = "TEXT")]
    learned: Option<String>,
    /// What you gave: help, a hint, an introduction.
    #[arg(long, value_name = "TEXT")]
    given: Option<String>,
    /// What you asked for.
    #[arg(long, value_name = "TEXT")]
    asked: Option<String>,
    /// What you received.
    #[arg(long, value_name = "TEXT")]
    received: Option<String>,
}

impl NoteArgs {
    pub(super) fn notes(&self) -> Notes {
        let said = |text: &Option<String>| {
            text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
        };
        Notes {
            went: self.went,
            learned: said(&self.learned),
            given: said(&self.given),
            asked: said(&self.asked),
            received: said(&self.received),
        }
    }
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
    let day = day(args.on.as_deref(), context)?;
    let Some((what, people @ [_, ..])) = args.words.split_last() else {
        return Err(Error::usage("the following required arguments were not provided: <WHAT>")
            .hint(
                "<WHAT> is missing: what it was about; \"\" if there is nothing to note; it is written as \
                 kith log [OPTIONS] <PERSON>... <WHAT>; kith log --help tells more",
            )
            .into());
    };
    let mut store = context.store()?;
    let (people, remarks) =
        choose::people(context, &store, people).map_err(|error| one_note(error, people))?;
    let ids: Vec<PersonId> = people.iter().map(|listed| listed.id).collect();
    let how = args.how.how();
    let what = what.trim();
    let talk = Talk { notes: args.notes.notes(), ..Talk::new(day, how, what) };
    store.log(&ids, &talk, context.today)?;
    context.republish(&mut store)?;
    let logged = Logged::of(&store, (&context.settings, context.today), people, &talk)?;
    if context.json {
        let mut all = logged.json();
        // Of one person it is the object itself, as it was before there could be several.
        let only = if all.len() == 1 { all.pop() } else { None };
        return context.print_json(&only.unwrap_or(Value::Array(all)));
    }
    tell(&logged, &format!("{}{remarks}", noted(&store, what)?))
}

/// Says what was logged, and what follows from it.
pub(super) fn tell(logged: &Logged, remarks: &str) -> Done {
    write!(out(), "{}", wrapped(&logged.said(remarks), 0))?;
    Ok(())
}

/// An error of one of several people, which may be a word of the note.
fn one_note(error: Error, people: &[String]) -> Error {
    if people.len() < 2 {
        return error;
    }
    let advice = error.advice().map_or_else(String::new, |advice| format!("{advice}; "));
    error.hint(format!("{advice}what it was about is one word, or stands in quotation marks"))
}

/// What was noted of what it was about: the last word is that, also where a
/// name was meant.
pub(super) fn noted(store: &Store, what: &str) -> Result<String> {
    if what.is_empty() {
        return Ok("Nothing was noted of what it was about.\n".to_owned());
    }
    let mut said = format!("Noted: {}\n", text::name(what));
    let called = meant::called(what, store)?;
    if let [first, ..] = called.as_slice() {
        let (name, id) = (first.name(), first.id);
        said += &format!(
            "{name} (id {id}) is called so too, and was not logged: the last word is the note. If they were \
             there, kith undo, and name what it was about, or \"\", behind the names.\n"
        );
    }
    Ok(said)
}

/// The day of what happened, as `--on` says it.
pub(super) fn day(on: Option<&str>, context: &Context) -> Result<Date> {
    let Some(text) = on else { return Ok(context.today) };
    let day =
        when::parse(text, context.today, Toward::Past).map_err(|e| Error::usage(format!("--on: {e}")))?;
    if day > context.today {
        return Err(Error::usage(format!("--on: {} has not come yet", spoken(day)))
            .hint("log what happened; kith plans what is to come"));
    }
    // Whoever was there is not among the living.
    if Interval::months(100 * 12).after(day) < context.today {
        return Err(Error::usage(format!("--on: {} is more than 100 years ago", spoken(day)))
            .hint("is the year right?"));
    }
    Ok(day)
}
