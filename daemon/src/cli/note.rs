//! `kith note`

use std::io::Write;

use serde_json::{Value, json};

use super::screen::{labelled, out, wrapped};
use super::{Context, Done, choose};
use crate::core::memo::{Kind, Memo};
use crate::core::text;
use crate::error::{Error, Result};

/// Note what you learned of somebody, or show it.
///
/// It comes back when you prepare the next talk (kith prep), and in its event.
/// Without an option everything that is noted is listed. How somebody likes to
/// be met is set with kith edit.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith note anna --interest sailing --family \"her son Tom\"\n  \
                  kith note bert --need \"a quiet office\" --offer \"an introduction to Carla\"\n  \
                  kith note carla --learn \"how grants are written\"\n  kith note anna\n  kith note anna --forget sailing")]
pub(super) struct Args {
    /// Part of a name, an email address or an id.
    person: String,
    /// What they like.
    #[arg(long, value_name = "TEXT")]
    interest: Vec<String>,
    /// Who is close to them.
    #[arg(long, value_name = "TEXT")]
    family: Vec<String>,
    /// What they need or look for.
    #[arg(long, value_name = "TEXT", visible_alias = "needs")]
    need: Vec<String>,
    /// Whom they know.
    #[arg(long, value_name = "TEXT")]
    knows: Vec<String>,
    /// What you could offer them.
    #[arg(long, value_name = "TEXT")]
    offer: Vec<String>,
    /// What you want to learn from them.
    #[arg(long, value_name = "TEXT")]
    learn: Vec<String>,
    /// Forget what has this word in it.
    #[arg(long, value_name = "WORD")]
    forget: Vec<String>,
}

impl Args {
    /// What is to be noted.
    fn noted(&self) -> Result<Vec<(Kind, String)>> {
        let all = [
            (Kind::Interest, &self.interest),
            (Kind::Family, &self.family),
            (Kind::Need, &self.need),
            (Kind::Knows, &self.knows),
            (Kind::Offer, &self.offer),
            (Kind::Learn, &self.learn),
        ];
        let all = all.into_iter().flat_map(|(kind, texts)| texts.iter().map(move |text| (kind, text.trim())));
        all.map(|(kind, text)| match text {
            "" => {
                Err(Error::usage(format!("--{kind} may not be empty"))
                    .hint("--forget WORD takes something away"))
            }
            text => Ok((kind, text.to_owned())),
        })
        .collect()
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let new = args.noted()?;
    let mut store = context.store()?;
    let listed = choose::person(context, &store, &args.person)?;
    let remarks = choose::remarks(&store, &args.person, &listed)?;
    let known = store.memos(listed.id)?;
    let mut forgotten = Vec::new();
    for word in &args.forget {
        let word = word.trim().to_lowercase();
        let found: Vec<i64> = known
            .iter()
            .filter(|memo| memo.what.to_lowercase().contains(&word))
            .map(|memo| memo.id)
            .collect();
        if word.is_empty() || found.is_empty() {
            return Err(Error::user(format!(
                "nothing that is noted of {} has {word:?} in it",
                listed.name()
            ))
            .hint(format!("kith note {} lists what is noted", listed.id))
            .into());
        }
        forgotten.extend(found);
    }
    if !new.is_empty() || !forgotten.is_empty() {
        store.note(listed.id, &new, &forgotten, context.today)?;
        context.republish(&mut store)?;
    }
    let memos = store.memos(listed.id)?;
    if context.json {
        return context.print_json(&memos.iter().map(json).collect());
    }
    let mut out = out();
    write!(out, "{}", wrapped(&remarks, 0))?;
    if memos.is_empty() {
        write!(out, "{}", wrapped(&format!("Nothing is noted of {}.", listed.name()), 0))?;
        return Ok(());
    }
    write!(out, "{}", wrapped(&format!("{} (id {})", listed.name(), listed.id), 0))?;
    for (label, said) in told(&memos) {
        write!(out, "{}", labelled(&format!("  {label}"), 16, &said))?;
    }
    Ok(())
}

/// What is noted, kind by kind.
pub(super) fn told(memos: &[Memo]) -> Vec<(&'static str, String)> {
    let of = |kind| {
        let of = memos.iter().filter(|memo| memo.kind == kind);
        of.map(|memo| text::plain(&memo.what).into_owned()).collect::<Vec<_>>().join("; ")
    };
    let all = Kind::NAMES.into_iter().map(|(kind, _)| (kind.label(), of(kind)));
    all.filter(|(_, said)| !said.is_empty()).collect()
}

/// A memo as scripts see it; documented in docs/interface.md, and stays.
pub(super) fn json(memo: &Memo) -> Value {
    json!({
        "id": memo.id,
        "kind": memo.kind.to_string(),
        "what": memo.what,
        "entered": memo.entered.to_string(),
    })
}
