//! `kith merge`

use std::io::Write;

use serde_json::json;

use super::pair::{self, Side};
use super::screen::{out, width, wrapped};
use super::{Context, Done, choose};
use crate::core::contact::Column;
use crate::core::identity::is_own;
use crate::core::name::PersonName;
use crate::core::settings::Me;
use crate::error::{Error, Result};
use crate::store::Listed;

/// Make several people one.
///
/// The first stays, with their id and name; the others become part of them,
/// with all that is known of them. Of what a person has one of, such as a
/// birthday or an organisation, the first's counts where both have one, and
/// goes on counting whatever is imported later. What each address book says
/// stays apart, so that kith split and kith undo can make them several again.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith merge anna \"A. Müller\"\n  kith merge 7 12 15\n  kith merge 7 12 --dry-run"
)]
pub(super) struct Args {
    /// Who stays: part of a name, an email address or an id.
    #[arg(value_name = "PERSON")]
    stays: String,
    /// Who becomes part of them; several if you like.
    #[arg(required = true, value_name = "PERSON")]
    others: Vec<String>,
    /// Show what would be joined, and change nothing.
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let mut store = context.store()?;
    let stays = choose::person(context, &store, &args.stays)?;
    let mut others: Vec<Listed> = Vec::new();
    for query in &args.others {
        let other = choose::person(context, &store, query)?;
        if others.iter().chain([&stays]).any(|known| known.id == other.id) {
            return Err(Error::user(format!(
                "{query:?} is {} (id {}), who was named before; nobody is merged with themselves",
                other.name(),
                other.id
            ))
            .hint("an id tells namesakes apart; kith list shows them")
            .into());
        }
        others.push(other);
    }
    for listed in others.iter().chain([&stays]) {
        refuse_archived(listed)?;
    }
    refuse_oneself(&context.settings.me, &stays, &others)?;
    let mut shown = String::new();
    for other in &others {
        let sides = [Side::of(&store, stays.id)?, Side::of(&store, other.id)?];
        shown += &format!("{}\n", pair::text(&sides[0], &sides[1], width()));
    }
    if let Some(other) = others.iter().find(|other| name(other).contradicts(&name(&stays)))
        && !args.dry_run
        && choose::may_ask(context)
    {
        write!(out(), "{shown}")?;
        shown.clear();
        let (one, two) = (stays.name(), other.name());
        choose::yes(&format!("{one} and {two} are two names. Make them one person?"))?;
    }
    if !args.dry_run {
        let ids: Vec<_> = others.iter().map(|other| other.id).collect();
        store.merge(stays.id, &ids, context.entered_at())?;
        // What was asked of one of them may be no question any more.
        store.look_for_twins(context.now)?;
        context.republish(&mut store)?;
    }
    let named = |listed: &Listed| json!({ "id": listed.id.to_string(), "name": listed.name() });
    if context.json {
        return context.print_json(&json!({
            "id": stays.id.to_string(),
            "name": stays.name(),
            "merged": others.iter().map(named).collect::<Vec<_>>(),
            "dry_run": args.dry_run,
        }));
    }
    let mut out = out();
    write!(out, "{shown}")?;
    let names: Vec<String> =
        others.iter().map(|other| format!("{} (id {})", other.name(), other.id)).collect();
    let (would, be) = match (args.dry_run, others.len()) {
        (true, _) => ("would be", "would be"),
        (false, 1) => ("is", "is"),
        (false, _) => ("are", "are"),
    };
    let verb = if others.len() == 1 { would } else { be };
    let told = format!(
        "{} {verb} part of {} (id {}){}.",
        names.join(" and "),
        stays.name(),
        stays.id,
        if args.dry_run { "; nothing was changed" } else { " now" }
    );
    write!(out, "{}", wrapped(&told, 0))?;
    if !args.dry_run {
        // Of several parts the one is to be named.
        let of = if store.parts(stays.id)?.len() > 1 {
            others.iter().map(|other| format!(" --of {}", other.id)).collect()
        } else {
            vec![String::new()]
        };
        let split: Vec<String> = of.iter().map(|of| format!("kith split {}{of}", stays.id)).collect();
        let back = match split.as_slice() {
            [split] => format!("kith undo takes it back; so does, later, {split}."),
            several => format!("kith undo takes it back; so do, later:\n  {}", several.join("\n  ")),
        };
        write!(out, "{}", wrapped(&back, 0))?;
    }
    Ok(())
}

/// The name by which somebody is told from others.
fn name(listed: &Listed) -> PersonName {
    PersonName::of_text(listed.content.column(Column::Name).unwrap_or_default())
}

fn refuse_archived(listed: &Listed) -> Result<()> {
    if listed.content.column(Column::ArchivedAt).is_none() {
        return Ok(());
    }
    let name = listed.name();
    Err(Error::user(format!("{name} (id {}) is archived, and is merged with nobody", listed.id))
        .hint(format!("bring them back first: kith archive --back {}", listed.id)))
}

/// Refuses to make somebody else part of the user, or the other way round.
fn refuse_oneself(me: &Me, stays: &Listed, others: &[Listed]) -> Result<()> {
    let own = is_own(me, &stays.content);
    match others.iter().find(|other| is_own(me, &other.content) != own) {
        None => Ok(()),
        Some(other) => {
            let (own, other) = if own { (stays, other) } else { (other, stays) };
            Err(Error::user(format!(
                "{} (id {}) is you, by the section [me] of kith.toml, and {} (id {}) is not",
                own.name(),
                own.id,
                other.name(),
                other.id
            ))
            .hint("if that is you too, name it in [me] first: its address or number"))
        }
    }
}
