//! `kith promise`

use super::intend::{self, Ending, Noting};
use super::{Context, Done};
use crate::core::intention::{Aim, Outcome};

/// Note what you promised somebody, or they promised you, until it is kept.
///
/// A promise of yours is planned for its day, whatever the budget, and comes
/// back now and then until it is kept or let go; kith done keeps it, too. Of
/// theirs you are reminded, gently, three days after its day, then ever less
/// often. Without WHAT the open promises are listed. What you noted already is
/// not noted twice; with --by it gets that day.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith promise anna \"the article on heat pumps\" --by friday\n  \
                  kith promise bert \"to ask about the flat\" --theirs\n  kith promise\n  \
                  kith promise anna --kept\n  kith promise anna --let-go recipe")]
pub(super) struct Args {
    /// Part of a name, an email address or an id.
    person: Option<String>,
    /// What was promised; with --kept or --let-go a word of it, where there are several.
    what: Vec<String>,
    /// Until when: 2026-11-30, friday, "in 2 weeks"; of theirs it may be over.
    #[arg(long, value_name = "DATE", requires = "what")]
    by: Option<String>,
    /// They promised it.
    #[arg(long)]
    theirs: bool,
    /// It is kept; of several the one that is due first.
    #[arg(long, requires = "person", conflicts_with = "by")]
    kept: bool,
    /// It is let go.
    #[arg(long, requires = "person", conflicts_with_all = ["by", "kept"])]
    let_go: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let outcome = args.kept.then_some(Outcome::Done).or(args.let_go.then_some(Outcome::LetGo));
    let (person, what) = (args.person.as_deref(), args.what.join(" "));
    let of = if args.theirs { &[Aim::TheirPromise][..] } else { &[Aim::Promise, Aim::TheirPromise] };
    match (person, outcome) {
        (Some(person), Some(outcome)) => {
            intend::end(context, &Ending { command: "promise", person, word: what.trim(), of, outcome })
        }
        (Some(person), None) if !what.trim().is_empty() => {
            let aim = if args.theirs { Aim::TheirPromise } else { Aim::Promise };
            intend::note(context, &Noting { person, aim, what: what.trim(), by: args.by.as_deref() })
        }
        (person, _) => intend::list(context, person, of, "promised"),
    }
}
