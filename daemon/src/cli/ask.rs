//! `kith ask`

use super::intend::{self, Ending, Noting};
use super::{Context, Done};
use crate::core::intention::{Aim, Outcome};

/// Note what you want to ask somebody for.
///
/// It waits until the tie is warm: if you have not talked for long, a hello
/// without any request is planned first. Once you have asked (kith done, or
/// --asked), note what they said: a no is a brave ask, too. Without WHAT the
/// open asks are listed. What you noted already is not noted twice; with --by
/// it gets that day.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith ask carla \"a word with the editor\"\n  kith ask\n  kith ask carla --asked\n  \
                  kith ask carla --yes\n  kith ask carla --let-go"
)]
pub(super) struct Args {
    /// Part of a name, an email address or an id.
    person: Option<String>,
    /// What to ask for; with one of the options a word of it, where there are several.
    what: Vec<String>,
    /// Until when it is of use: 2026-11-30, friday, "in 2 weeks".
    #[arg(long, value_name = "DATE", requires = "what")]
    by: Option<String>,
    #[command(flatten)]
    ended: Ended,
}

#[derive(Debug, clap::Args)]
#[group(multiple = false)]
struct Ended {
    /// You have asked.
    #[arg(long, requires = "person")]
    asked: bool,
    /// They said yes.
    #[arg(long, requires = "person")]
    yes: bool,
    /// They said no.
    #[arg(long, requires = "person")]
    no: bool,
    /// It is let go.
    #[arg(long, requires = "person")]
    let_go: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let outcome = match args.ended {
        Ended { asked: true, .. } => Some(Outcome::Done),
        Ended { yes: true, .. } => Some(Outcome::Yes),
        Ended { no: true, .. } => Some(Outcome::No),
        Ended { let_go: true, .. } => Some(Outcome::LetGo),
        Ended { .. } => None,
    };
    let (person, what) = (args.person.as_deref(), args.what.join(" "));
    let of = &[Aim::Ask];
    match (person, outcome) {
        (Some(person), Some(outcome)) => {
            intend::end(context, &Ending { command: "ask", person, word: what.trim(), of, outcome })
        }
        (Some(person), None) if !what.trim().is_empty() => intend::note(
            context,
            &Noting { person, aim: Aim::Ask, what: what.trim(), by: args.by.as_deref() },
        ),
        (person, _) => intend::list(context, person, of, "to be asked for"),
    }
}
