//! `kith undo`

use std::fs;
use std::io::Write;

use jiff::Timestamp;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::screen::{labelled, out, wrapped};
use super::{Context, Done, counted, local};
use crate::core::date::spoken;
use crate::store::{Step, StepId, Undone};

/// How many steps are listed.
const LISTED: usize = 20;

/// Of so many things that a step did each is told.
const TOLD: usize = 12;

/// Take back the last change, whatever it was.
///
/// A command, an edit with any database tool, an import, a merge: what was done
/// last goes, and nothing of it stays. Again, and the one before goes too. With
/// a number from the list that step goes alone, and what was changed later
/// stays. Circles and the other settings are in kith.toml, which is yours:
/// kith circle set says what a circle was before, and how to set that again.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith undo\n  kith undo --dry-run\n  kith undo --list\n  \
                        kith undo import-3\n  kith undo --redo")]
pub(super) struct Args {
    /// The number of a step in the list, if not the last.
    #[arg(conflicts_with_all = ["list", "redo"])]
    step: Option<StepId>,
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

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let mut store = context.store()?;
    if args.list {
        return list(context, &store.steps(LISTED)?);
    }
    let rehearse = args.dry_run;
    let done = if args.redo {
        store.redo(context.now, rehearse)?
    } else {
        store.undo(args.step, context.now, rehearse)?
    };
    if !rehearse {
        context.republish(&mut store)?;
    }
    if context.json {
        let kept: Vec<Value> =
            done.kept.iter().map(|(id, name)| json!({ "id": id.to_string(), "name": name })).collect();
        let mut value = step_json(&done.step);
        if let Some(object) = value.as_object_mut() {
            object.insert("contacts".to_owned(), json!(done.contacts));
            object.insert("kept".to_owned(), json!(kept));
            object.insert("dry_run".to_owned(), json!(rehearse));
        }
        return context.print_json(&value);
    }
    tell(args, context, &done)
}

fn tell(args: &Args, context: &Context, done: &Undone) -> Done {
    let mut out = out();
    let Undone { step, contacts, kept } = done;
    let what = match (args.redo, args.dry_run) {
        (false, false) => "Taken back",
        (false, true) => "Would be taken back",
        (true, false) => "Brought back",
        (true, true) => "Would be brought back",
    };
    write!(out, "{}", wrapped(&format!("{what}, {}:", when_and_by(context, step)), 0))?;
    for line in step.what.iter().take(TOLD) {
        write!(out, "{}", wrapped(line, 2))?;
    }
    if step.what.len() > TOLD {
        writeln!(out, "  and {} more", step.what.len() - TOLD)?;
    }
    if matches!(step.id, StepId::Import(_)) && *contacts > 0 {
        let went = match (args.redo, args.dry_run) {
            (false, _) => "that nothing else is known of: gone",
            (true, _) => "that it brought: there again",
        };
        writeln!(out, "{} {went}.", counted(*contacts, "contact", "contacts"))?;
    }
    if !kept.is_empty() {
        let names: Vec<&str> = kept.iter().take(TOLD).map(|(_, name)| name.as_str()).collect();
        let more = kept.len().saturating_sub(TOLD);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let told =
            format!("As they were, since you changed or noted something later: {}{more}.", names.join(", "));
        write!(out, "{}", wrapped(&told, 0))?;
    }
    if args.step.is_none()
        && !args.redo
        && let Some(changed) = config_changed_since(context, step)
    {
        let told = format!(
            "kith.toml was changed later, {changed}, and is as it was: kith circle set changes a circle, and says what it was."
        );
        write!(out, "{}", wrapped(&told, 0))?;
    }
    match (args.redo, args.dry_run) {
        (false, false) => writeln!(out, "kith undo --redo brings it back.")?,
        (true, false) => writeln!(out, "kith undo takes it back again.")?,
        (_, true) => writeln!(out, "Nothing was changed.")?,
    }
    Ok(())
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
        write!(out, "{}", labelled(&step.id.to_string(), 11, &when))?;
        let more = step.what.len().saturating_sub(1);
        let more = if more > 0 { format!(", and {more} more") } else { String::new() };
        let first = step.what.first().map_or("changed something that is not told", String::as_str);
        write!(out, "{}", wrapped(&format!("{first}{more}"), 11))?;
    }
    let next = "\nkith undo takes back the first that is not taken back; kith undo NUMBER another one.";
    write!(out, "{}", wrapped(next, 0))?;
    Ok(())
}

/// `today at 10:15, on the command line`.
fn when_and_by(context: &Context, step: &Step) -> String {
    let by = match (step.id, step.by.as_str()) {
        (StepId::Import(_), _) => "an import".to_owned(),
        (_, "command line") => "on the command line".to_owned(),
        (_, "database") => "by another program".to_owned(),
        (_, other) => other.to_owned(),
    };
    let at = step.at.parse::<Timestamp>();
    let when = at.map_or_else(|_| step.at.clone(), |at| moment(context, at));
    format!("{when}, {by}")
}

fn moment(context: &Context, at: Timestamp) -> String {
    let there = local(at, &context.settings);
    format!("{} at {}", day(there.date(), context.real_today), there.strftime("%H:%M"))
}

/// When the configuration was changed, if that was after a step: somebody who
/// just set a circle may think that this would be taken back.
fn config_changed_since(context: &Context, step: &Step) -> Option<String> {
    let changed = fs::metadata(context.paths.config()).and_then(|found| found.modified()).ok()?;
    let changed = Timestamp::try_from(changed).ok()?;
    let at: Timestamp = step.at.parse().ok()?;
    (changed > at).then(|| moment(context, changed))
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
