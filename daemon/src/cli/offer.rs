//! `kith offer`

use super::intend::{self, Ending, Noting};
use super::{Context, Done};
use crate::core::intention::{Aim, Outcome};

/// Note what you could do for somebody: send, congratulate, invite, go along.
///
/// It is planned soon, or within two weeks before its day and never after it,
/// and goes with whatever else is due with them. Without WHAT what you offer is listed.
/// What you noted already is not noted twice; with --by it gets that day.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith offer anna \"the article on heat pumps\"\n  \
                  kith offer bert \"on the new job\" --congratulate\n  \
                  kith offer carla \"the summer party\" --invite --by \"in 3 weeks\"\n  kith offer anna --done")]
pub(super) struct Args {
    /// Part of a name, an email address or an id.
    person: Option<String>,
    /// What; with --done or --let-go a word of it, where there are several.
    what: Vec<String>,
    /// Until when: 2026-11-30, friday, "in 2 weeks".
    #[arg(long, value_name = "DATE", requires = "what")]
    by: Option<String>,
    #[command(flatten)]
    kind: KindArgs,
    /// It is done; of several the one that is due first.
    #[arg(long, requires = "person", conflicts_with = "by")]
    done: bool,
    /// It is let go.
    #[arg(long, requires = "person", conflicts_with_all = ["by", "done"])]
    let_go: bool,
}

#[derive(Debug, clap::Args)]
#[group(multiple = false)]
struct KindArgs {
    /// To send it to them; so if nothing is said.
    #[arg(long)]
    send: bool,
    /// To congratulate them on it.
    #[arg(long)]
    congratulate: bool,
    /// To invite them to it.
    #[arg(long)]
    invite: bool,
    /// To go along to it with them.
    #[arg(long)]
    accompany: bool,
}

impl KindArgs {
    fn aim(&self) -> Aim {
        match self {
            Self { congratulate: true, .. } => Aim::Congratulate,
            Self { invite: true, .. } => Aim::Invite,
            Self { accompany: true, .. } => Aim::Accompany,
            Self { .. } => Aim::Send,
        }
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let outcome = args.done.then_some(Outcome::Done).or(args.let_go.then_some(Outcome::LetGo));
    let (person, what) = (args.person.as_deref(), args.what.join(" "));
    let of = &Aim::OFFERS;
    match (person, outcome) {
        (Some(person), Some(outcome)) => {
            intend::end(context, &Ending { command: "offer", person, word: what.trim(), of, outcome })
        }
        (Some(person), None) if !what.trim().is_empty() => {
            let aim = args.kind.aim();
            intend::note(context, &Noting { person, aim, what: what.trim(), by: args.by.as_deref() })
        }
        (person, _) => intend::list(context, person, of, "offered"),
    }
}
