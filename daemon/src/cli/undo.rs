//! `kith undo`

use std::io::Write;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::screen::{labelled, out, wrapped};
use super::{Context, Done, circle, counted};
use crate::config;
use crate::core::date::spoken;
use crate::error::Result;
use crate::store::{COMMAND_LINE, LINK, Rewrite, Step, StepId, Store, Undone};

/// How many steps are listed.
const LISTED: usize = 20;

/// Where in the list it begins what is said of a step.
const COLUMN: usize = 11;

/// Of so many things that a step did each is told.
const TOLD: usize = 12;

/// Take back the last change: a command, an edit, an import, a merge.
///
/// What was done last goes, be it with any database tool, and nothing of it
/// stays. Again, and the one before goes too. With
/// a number from the list that step goes alone; what was changed later stays,
/// and of an import what another import said as well. Of kith.toml, which is yours, it takes back what kith circle set
/// wrote, unless you changed the file since. A new address of the feed
/// (kith feed --rotate) cannot be taken back: the old one is to stay closed.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith undo\n  kith undo --dry-run\n  kith undo --list\n  \
                        kith undo import 3\n  kith undo --redo")]
pub(super) struct Args {
    /// The number of a step in the list, or the word import; the last step if left out.
    #[arg(conflicts_with_all = ["list", "redo"])]
    step: Option<String>,
    /// Behind the word import: the number of one, as kith imports shows it.
    #[arg(value_name = "IMPORT")]
    number: Option<String>,
    /// List the last steps with their numbers, and change nothing.
    #[arg(long, conflicts_with_all = ["redo", "dry_run"])]
    list: bool,
    /// Bring back what was taken back last.
    #[arg(long)]
    redo: bool,
    /// Tell what would be taken back, and change nothing.
    #[arg(long)]
    dry_run: bool,
}

impl Args {
    fn step(&self) -> Result<Option<StepId>> {
        let words: Vec<&str> = self.step.iter().chain(&self.number).map(String::as_str).collect();
        if words.is_empty() { Ok(None) } else { words.join(" ").parse().map(Some) }
    }
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let mut store = context.store()?;
    if args.list {
        return list(context, &store.steps(LISTED)?);
    }
    let rehearse = args.dry_run;
    let done = if args.redo {
        store.redo(context.now, &rewriter(context), rehearse)?
    } else {
        take_back(context, &mut store, args.step()?, rehearse)?
    };
    if !rehearse {
        // It may have been a circle.
        context.reloaded()?.republish(&mut store)?;
    }
    if context.json {
        let kept: Vec<Value> = done
            .kept
            .iter()
            .map(|kept| json!({ "id": kept.id.to_string(), "name": kept.name, "why": kept.why }))
            .collect();
        let mut value = step_json(&done.step);
        if let Some(object) = value.as_object_mut() {
            object.insert("contacts".to_owned(), json!(done.contacts));
            object.insert("kept".to_owned(), json!(kept));
            object.insert("stays".to_owned(), json!(done.stays));
            object.insert("dry_run".to_owned(), json!(rehearse));
        }
        return context.print_json(&value);
    }
    tell(args, context, &done)
}

/// Takes a step back, the last one if none is named; or only tells what would be, if it is to `rehearse`.
pub(super) fn take_back(
    context: &Context,
    store: &mut Store,
    step: Option<StepId>,
    rehearse: bool,
) -> Result<Undone> {
    store.undo(step, context.now, context.settings.me.home(), &rewriter(context), rehearse)
}

/// What makes kith.toml again what a step found, or left.
fn rewriter(context: &Context) -> impl Fn(&Rewrite) -> Result<()> {
    |rewrite| {
        let Rewrite { from, to, rehearse, .. } = rewrite;
        if config::exchange(&context.paths, from.as_deref(), to.as_deref(), *rehearse)? {
            return Ok(());
        }
        Err(circle::changed_since(context, rewrite))
    }
}

fn tell(args: &Args, context: &Context, done: &Undone) -> Done {
    let mut out = out();
    let Undone { step, contacts, kept, stays } = done;
    let what = match (args.redo, args.dry_run) {
        (false, false) => "Taken back",
        (false, true) => "Would be taken back",
        (true, false) => "Brought back",
        (true, true) => "Would be brought back",
    };
    write!(out, "{}", wrapped(&format!("{what}, {}:", when_and_by(context, step)), 0))?;
    write!(out, "{}", things(&step.what))?;
    if !stays.is_empty() {
        writeln!(out, "Stays, because of what was done later:")?;
        write!(out, "{}", things(stays))?;
    }
    if matches!(step.id, StepId::Import(_)) && *contacts > 0 {
        let went = match (args.redo, args.dry_run) {
            (false, _) => "that nothing else is known of: gone",
            (true, _) => "that it brought: there again",
        };
        writeln!(out, "{} {went}.", counted(*contacts, "contact", "contacts"))?;
    }
    if matches!(step.id, StepId::Import(_)) && !kept.is_empty() {
        writeln!(out, "With their name and what is your own, these stay:")?;
        let kept: Vec<String> =
            kept.iter().map(|kept| format!("{}: {}", kept.name, kept.why.join("; "))).collect();
        write!(out, "{}", things(&kept))?;
    }
    match (args.redo, args.dry_run) {
        (false, false) => writeln!(out, "kith undo --redo brings it back.")?,
        (true, false) => writeln!(out, "kith undo takes it back again.")?,
        (_, true) => writeln!(out, "Nothing was changed.")?,
    }
    Ok(())
}

/// Each on lines of its own; of many the first.
fn things(what: &[String]) -> String {
    let mut told: String = what.iter().take(TOLD).map(|line| wrapped(line, 2)).collect();
    if what.len() > TOLD {
        told += &format!("  and {} more\n", what.len() - TOLD);
    }
    told
}

fn list(context: &Context, steps: &[Step]) -> Done {
    if context.json {
        return context.print_json(&steps.iter().map(step_json).collect());
    }
    let mut out = out();
    if steps.is_empty() {
        writeln!(out, "Nothing was done yet.")?;
        return Ok(());
    }
    for step in steps {
        let undone = if step.undone { " (taken back)" } else { "" };
        let when = format!("{}{undone}", when_and_by(context, step));
        write!(out, "{}", labelled(&step.id.to_string(), COLUMN, &when))?;
        let more = step.what.len().saturating_sub(1);
        let more = match more {
            0 => String::new(),
            more => format!(", and {}", counted(more, "further change", "further changes")),
        };
        let first = step.what.first().map_or("changed something that is not told", String::as_str);
        write!(out, "{}", wrapped(&format!("{first}{more}"), COLUMN))?;
    }
    let mut told =
        "\nkith undo takes back the first that is not taken back; kith undo NUMBER another one.\n".to_owned();
    if steps.iter().any(|step| step.by == "database" && step.what.len() > 1) {
        told += "What another program wrote with no more than a second between is one step: its transactions \
                 cannot be told apart. kith undo NUMBER --dry-run shows all of a step.\n";
    }
    write!(out, "{}", wrapped(&told, 0))?;
    Ok(())
}

/// `today at 10:15, on the command line`.
fn when_and_by(context: &Context, step: &Step) -> String {
    let by = match (step.id, step.by.as_str()) {
        (StepId::Import(_), _) => "an import".to_owned(),
        (_, COMMAND_LINE) => "on the command line".to_owned(),
        (_, LINK) => "by a link in a calendar or a mail".to_owned(),
        (_, "database") => "by another program".to_owned(),
        (_, other) => other.to_owned(),
    };
    format!("{}, {by}", when(context, &step.at))
}

/// A moment of the past, as it is called today: `yesterday at 10:15`.
pub(super) fn when(context: &Context, at: &str) -> String {
    at.parse().map_or_else(|_| at.to_owned(), |at| moment(context, at))
}

fn moment(context: &Context, at: Timestamp) -> String {
    let there = config::local(at, &context.settings);
    format!("{} at {}", day(there.date(), context.real_today), there.strftime("%H:%M"))
}

fn day(day: Date, today: Date) -> String {
    if day == today {
        "today".to_owned()
    } else if today.yesterday().is_ok_and(|yesterday| day == yesterday) {
        "yesterday".to_owned()
    } else {
        format!("on {}", spoken(day))
    }
}

fn step_json(step: &Step) -> Value {
    json!({
        "step": step.id.to_string(),
        "at": step.at,
        "by": step.by,
        "undone": step.undone,
        "what": step.what,
    })
}
