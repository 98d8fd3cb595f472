//! `kith setup`

mod ask;
mod carry_out;
mod configuration;
mod diff;
mod failure;
mod folders;
mod found;
mod manager;
mod plan;
mod record;
mod start;
mod unit_check;
mod units;

use std::collections::BTreeSet;
use std::io::{self, Write};
use std::path::Path;

use serde_json::json;

use super::screen::{out, wrapped};
use super::{Done, Failure};
use crate::core::contact::{List, NotAValue};
use crate::core::settings::Me;
use crate::core::text::shell_word;
use crate::error::{Error, Result};
use crate::paths::Paths;
use crate::{config, running, token};
use configuration::Change;
use found::Surroundings;
use plan::{Plan, Step, Wish};

pub(super) use start::what_starts_it;
pub(super) use unit_check::problems as unit_problems;

/// Set kith up: folders, configuration, and a service that starts by itself.
///
/// Makes kith's folders and the annotated kith.toml, notes who you are, lets
/// your systemd run kith from now on, and says what to do next. Run again, it
/// changes what is not as it should be, and nothing else. On a terminal it asks
/// once what it was not told.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith setup --dry-run\n  kith setup\n  kith setup --name \"Eva Ernst\" --email eva@example.org --yes\n  \
                        kith setup --remove --dry-run\n\nYour name, addresses and numbers are for recognising your own card: you are never planned."
)]
pub(super) struct Args {
    /// Your name, as it stands on your own card.
    #[arg(long)]
    name: Option<String>,
    /// An email address of yours; may be given several times.
    #[arg(long = "email", value_name = "ADDRESS", value_parser = email)]
    emails: Vec<String>,
    /// A telephone number of yours; may be given several times.
    #[arg(long = "phone", value_name = "NUMBER", value_parser = phone)]
    phones: Vec<String>,
    /// The port of the calendar feed; otherwise the one in kith.toml, or the next one that is free.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,
    /// Make a link to the inbox in your home: ~/kith-inbox.
    #[arg(long)]
    link: bool,
    /// Keep kith running while you are not logged in.
    #[arg(long)]
    linger: bool,
    /// Install everything, and start nothing.
    #[arg(long)]
    no_start: bool,
    /// Ask nothing.
    #[arg(long)]
    yes: bool,
    /// Show every step and every file, and do nothing.
    #[arg(long)]
    dry_run: bool,
    /// Take away what setup made, and keep your data and kith.toml.
    #[arg(long, conflicts_with_all = ["name", "emails", "phones", "port", "link", "linger", "no_start"])]
    remove: bool,
}

fn email(text: &str) -> std::result::Result<String, NotAValue> {
    List::Email.typed(text).map(str::to_owned)
}

fn phone(text: &str) -> std::result::Result<String, NotAValue> {
    List::Phone.typed(text).map(str::to_owned)
}

pub(super) fn run(args: &Args, paths: &Paths, as_json: bool) -> Done {
    let there = Surroundings::look(paths)?;
    if args.remove {
        let plan = plan::removal(&there.found);
        return finish(args, paths, &plan, as_json, &|_| removed(paths, &plan));
    }
    let config = there.found.config.text.as_deref().unwrap_or_default();
    let settings = config::parse(&paths.config(), config)?;
    refuse_beside_another(args, paths, &there)?;
    let mut wish = Wish {
        change: Change {
            me: Me {
                name: args.name.clone().unwrap_or_default(),
                emails: args.emails.clone(),
                phones: args.phones.clone(),
                ..Me::default()
            },
            listen: None,
        },
        listen: there.free(args.port, settings.serve.listen)?,
        start: !args.no_start,
        link: args.link,
        linger: args.linger,
        declined: BTreeSet::new(),
    };
    if !args.yes && !args.dry_run && !as_json && ask::may() {
        ask::what_is_missing(&mut wish, &settings, &there.found)?;
    }
    wish.change.listen = Some(wish.listen).filter(|listen| *listen != settings.serve.listen);
    let mut plan = plan::plan(&there.found, &wish)?;
    plan.notes.splice(0..0, there.notes(&settings, &wish));
    if args.dry_run && there.found.manager.is_none() {
        plan.notes.push(format!("{NO_SYSTEMD}: kith setup says what else can start kith."));
    }
    finish(args, paths, &plan, as_json, &|paths| welcome(paths, &there, &wish))
}

/// A service that was started by hand holds the database and the port.
fn refuse_beside_another(args: &Args, paths: &Paths, there: &Surroundings) -> Result<()> {
    let is_unit = there.found.manager.as_ref().is_none_or(|manager| manager.service.active);
    match running::service(paths)? {
        Some(service) if !is_unit && !args.no_start && !args.dry_run => Err(Error::user(format!(
            "kith runs already (process {}), and not as a service of systemd",
            service.pid
        ))
        .hint("end that one (Ctrl-C where it runs, or kill it), then run kith setup again")),
        _ => Ok(()),
    }
}

/// Shows the plan or carries it out, and says what came of it.
fn finish(
    args: &Args,
    paths: &Paths,
    plan: &Plan,
    as_json: bool,
    conclusion: &dyn Fn(&Paths) -> std::result::Result<String, Failure>,
) -> Done {
    let mut done: Vec<String> = Vec::new();
    let mut perform = |steps: &[Step]| -> std::result::Result<(), Failure> {
        for step in steps {
            let tell = || if as_json || args.dry_run { Ok(()) } else { writeln!(out(), "{}.", said(step)) };
            // What others do may take a while; what setup does itself is told once it is so.
            let by_others = matches!(step, Step::Run(_) | Step::TurnOff | Step::Linger(_));
            // That nobody reads it any more is no reason to leave things half done.
            if by_others {
                let _ = tell();
            }
            if !args.dry_run {
                carry_out::step(step)?;
            }
            if !by_others {
                let _ = tell();
            }
            done.push(said(step));
        }
        Ok(())
    };
    perform(&plan.steps)?;
    // It is told when all else was.
    let undone = perform(&plan.besides);
    let concluded = if args.dry_run { Ok(String::new()) } else { conclusion(paths) };
    if as_json {
        let mut out = io::stdout().lock();
        let all = json!({ "dry_run": args.dry_run, "steps": done, "notes": plan.notes });
        serde_json::to_writer_pretty(&mut out, &all).map_err(io::Error::from)?;
        writeln!(out)?;
        return undone.and(concluded.map(drop));
    }
    let mut out = out();
    if args.dry_run {
        for step in plan.all() {
            writeln!(out, "Would {}.", lower(&said(step)))?;
            for line in content(step) {
                writeln!(out, "    {line}")?;
            }
        }
    }
    if plan.all().next().is_none() {
        writeln!(out, "Nothing to change.")?;
    }
    for note in &plan.notes {
        write!(out, "{}", wrapped(&format!("Note: {note}"), 0))?;
    }
    write!(out, "{}", concluded?)?;
    undone
}

/// A step as a sentence without its full stop.
fn said(step: &Step) -> String {
    match step {
        Step::MakeFolder(path) => format!("Make the folder {}", path.display()),
        Step::Write { path, before: None, .. } => format!("Write {}", path.display()),
        Step::Write { path, before: Some(_), .. } => format!("Change {}", path.display()),
        Step::Copy { from, to, folder } => {
            format!("Copy {}, which lies in {folder}, to {}", from.display(), to.display())
        }
        Step::Link { path, to } => format!("Link {} to {}", path.display(), to.display()),
        Step::Remove(path) => format!("Remove {}", path.display()),
        Step::SetAside { path, to } => format!("Rename {} to {}", path.display(), to.display()),
        Step::Run(words) => format!("Run {}", words.join(" ")),
        Step::TurnOff => format!("Run {}", plan::TURN_OFF.join(" ")),
        Step::Linger(true) => "Run loginctl enable-linger".to_owned(),
        Step::Linger(false) => "Run loginctl disable-linger".to_owned(),
    }
}

fn lower(sentence: &str) -> String {
    let mut signs = sentence.chars();
    signs.next().map_or_else(String::new, |first| first.to_lowercase().chain(signs).collect())
}

/// What a step would write, whole or as a change.
fn content(step: &Step) -> Vec<String> {
    match step {
        Step::Write { before: None, text, .. } => text.lines().map(str::to_owned).collect(),
        Step::Write { before: Some(before), text, .. } => diff::lines(before, text),
        _ => Vec::new(),
    }
}

/// The words after all is done: where things are, and what to do next.
///
/// # Errors
/// If the service was to run, and does not.
fn welcome(paths: &Paths, there: &Surroundings, wish: &Wish) -> std::result::Result<String, Failure> {
    if let Some(failure) = manager::failure().filter(|_| wish.start && there.found.manager.is_some()) {
        return Err(failure.error().into());
    }
    let url = format!("http://{}/feed/{}/follow-ups.ics", wish.listen, token::of(paths)?);
    let mut text = String::new();
    let runs = running::service(paths)?.is_some();
    if !runs && (there.found.manager.is_none() || !wish.start) {
        text.push('\n');
        text.push_str(&match &there.found.manager {
            Some(_) => "kith does not run yet. This starts it:\n\
                        \x20   systemctl --user enable --now kith.socket kith.service\n"
                .to_owned(),
            None => without_systemd(&there.installed_program()),
        });
    }
    text.push_str(&format!(
        "\nYour calendar:  {url}\nYour inbox:     {}\n\nNext:\n",
        paths.inbox().display()
    ));
    for (number, next) in [
        "Subscribe to that address in your calendar program, as \"calendar on the network\", read-only.",
        "Drop the address books you have into the inbox, or name them: kith import contacts.vcf",
        "Say who is close to you: kith circle assign close NAME; then kith plan shows whom to talk to next, and why.",
    ]
    .iter()
    .enumerate()
    {
        text.push_str(&format!("{}. {}", number + 1, wrapped(next, 3).trim_start()));
    }
    Ok(text)
}

const NO_SYSTEMD: &str = "no systemd answers for you (systemctl --user)";

fn without_systemd(program: &Path) -> String {
    let program = program.display().to_string();
    let program = shell_word(&program);
    format!(
        "{}Run it yourself:\n    {program} serve\n\
         {}    [Desktop Entry]\n    Type=Application\n    Name=kith\n    Exec={program} serve\n\
         {}    @reboot {program} serve\n",
        wrapped(&format!("kith does not run yet: {NO_SYSTEMD}."), 0),
        wrapped("Or at each login to a desktop, by a file ~/.config/autostart/kith.desktop:", 0),
        wrapped("Or when the computer starts, by a line in crontab -e:", 0)
    )
}

fn removed(paths: &Paths, plan: &Plan) -> std::result::Result<String, Failure> {
    let done =
        if plan.all().next().is_none() { "There is nothing of setup's" } else { "What setup made is gone" };
    Ok(format!(
        "{}  {}\n  {}\n{}",
        wrapped(&format!("{done}; your data and configuration stay:"), 0),
        paths.data_folder().display(),
        paths.config_folder().display(),
        wrapped("Remove these two folders to be rid of all that kith knows.", 0)
    ))
}
