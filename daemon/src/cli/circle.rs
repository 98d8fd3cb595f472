//! `kith circle`

use std::collections::BTreeMap;
use std::io::Write;

use serde_json::{Value, json};

use super::screen::{out, typed};
use super::{Context, Done, choose, every, table};
use crate::config;
use crate::core::cadence::Interval;
use crate::core::contact::Column;
use crate::core::settings::OTHERS;
use crate::error::{Error, Result};
use crate::store::Filter;

/// List circles, change how often to be in touch with one, put people into one.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith circle\n  kith circle set family --ideal 10d --latest 3w\n  \
                        kith circle set climbing --ideal 30d --latest 60d\n  kith circle assign close anna \"Bert Kern\"\n  \
                        kith circle assign others bert\n\nHow often is written 30d, 2w, 2mo or 1y.")]
pub(super) struct Args {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List circles with their intervals and how many people are in each.
    #[command(after_help = "Examples:\n  kith circle list\n  kith circle list --json")]
    List,
    /// Set how often to be in touch with a circle; makes it if there is none of that name.
    #[command(
        after_help = "Examples:\n  kith circle set family --ideal 10d\n  kith circle set climbing --ideal 30d --latest 60d\n  \
                      kith circle set others --ideal 6mo --latest \"1 year\"\n\n\
                      It is written into kith.toml, whose comments stay."
    )]
    Set {
        /// The circle's name.
        #[arg(value_name = "CIRCLE")]
        name: String,
        /// After how long a talk would be nice again: 30d, 2w, 2mo, 1y.
        #[arg(long, value_name = "INTERVAL")]
        ideal: Option<Interval>,
        /// After how long it should have happened.
        #[arg(long, value_name = "INTERVAL")]
        latest: Option<Interval>,
    },
    /// Put people into a circle; `others` takes them out of any.
    #[command(
        after_help = "Examples:\n  kith circle assign close anna \"Bert Kern\"\n  kith circle assign family anna@example.org 7\n  \
                      kith circle assign others bert"
    )]
    Assign {
        /// The circle's name.
        #[arg(value_name = "CIRCLE")]
        name: String,
        /// People: part of a name, an email address or an id.
        #[arg(required = true)]
        people: Vec<String>,
    },
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    match &args.action {
        None | Some(Action::List) => list(context),
        Some(Action::Set { name, ideal, latest }) => set(context, name, *ideal, *latest),
        Some(Action::Assign { name, people }) => assign(context, name, people),
    }
}

fn list(context: &Context) -> Done {
    let store = context.store()?;
    let mut people: BTreeMap<String, usize> = BTreeMap::new();
    for listed in store.list(Filter::default())? {
        if listed.content.column(Column::Kind) == Some("person") {
            let circle =
                listed.content.column(Column::Circle).filter(|c| context.settings.circles.contains_key(*c));
            *people.entry(circle.unwrap_or(OTHERS).to_owned()).or_default() += 1;
        }
    }
    let mut circles: Vec<_> = context.settings.circles.iter().collect();
    circles.sort_by_key(|(name, cadence)| {
        (cadence.ideal, cadence.latest, name.as_str() == OTHERS, (*name).clone())
    });
    let count = |name: &str| people.get(name).copied().unwrap_or(0);
    if context.json {
        let all = circles
            .iter()
            .map(|(name, c)| {
                json!({ "name": name, "ideal": c.ideal.to_string(), "latest": c.latest.to_string(), "people": count(name) })
            })
            .collect();
        return context.print_json(&Value::Array(all));
    }
    let mut rows = vec![["CIRCLE", "IDEAL", "AT THE LATEST", "PEOPLE"].map(str::to_owned).to_vec()];
    rows.extend(circles.iter().map(|(name, cadence)| {
        vec![(*name).clone(), cadence.ideal.to_string(), cadence.latest.to_string(), count(name).to_string()]
    }));
    table::print(&rows)?;
    Ok(())
}

fn set(context: &Context, name: &str, ideal: Option<Interval>, latest: Option<Interval>) -> Done {
    if ideal.is_none() && latest.is_none() {
        return Err(Error::usage("circle set needs an interval: --ideal 30d, --latest 60d, or both").into());
    }
    if name.trim().is_empty() || name.trim() != name {
        return Err(Error::usage(format!(
            "{name:?} is no name for a circle: it may not be empty, nor begin or end with a space"
        ))
        .into());
    }
    if let (Some(ideal), Some(latest)) = (ideal, latest)
        && latest < ideal
    {
        return Err(contradicting(ideal, latest).into());
    }
    let mut others = context.settings.circles.keys().filter(|other| *other != name);
    if let Some(other) = others.find(|other| other.eq_ignore_ascii_case(name)) {
        return Err(Error::usage(format!(
            "there is a circle {other:?} already, and {name:?} differs from it only in capital letters"
        ))
        .hint(format!("kith circle set {} changes that one", typed(other)))
        .into());
    }
    let is_new = config::set_circle(&context.paths, name, ideal, latest)?;
    // What is published follows the new cadence.
    let context = Context {
        settings: config::load(&context.paths)?,
        refused: None,
        paths: context.paths.clone(),
        ..*context
    };
    context.republish(&mut context.store()?)?;
    let cadence = context.settings.cadence(Some(name));
    if context.json {
        return context.print_json(&json!({
            "name": name, "ideal": cadence.ideal.to_string(), "latest": cadence.latest.to_string(), "new": is_new,
        }));
    }
    let what = if is_new { "New circle" } else { "Circle" };
    writeln!(
        out(),
        "{what} {name}: ideally {}, at the latest {}.",
        every(cadence.ideal),
        every(cadence.latest)
    )?;
    Ok(())
}

/// That the longer interval is the shorter.
pub(super) fn contradicting(ideal: Interval, latest: Interval) -> Error {
    Error::usage(format!("--latest {latest} is shorter than --ideal {ideal}; it is the longer of the two"))
}

/// That a circle of this name is in the configuration.
pub(super) fn known(context: &Context, name: &str) -> Result<()> {
    if context.settings.circles.contains_key(name) {
        return Ok(());
    }
    let names: Vec<&str> = context.settings.circles.keys().map(String::as_str).collect();
    Err(Error::user(format!("there is no circle {name:?}; there are {}", names.join(", ")))
        .hint(format!("make it with kith circle set {} --ideal 30d --latest 60d", typed(name))))
}

fn assign(context: &Context, name: &str, people: &[String]) -> Done {
    known(context, name)?;
    let mut store = context.store()?;
    // All are found before anybody is changed.
    let found =
        people.iter().map(|query| choose::person(context, &store, query)).collect::<Result<Vec<_>>>()?;
    let circle = (name != OTHERS).then(|| name.to_owned());
    for listed in &found {
        store.change(listed.id, &[(Column::Circle, circle.clone())], &[])?;
    }
    context.republish(&mut store)?;
    let names: Vec<_> = found.iter().map(choose::name).collect();
    if context.json {
        let ids: Vec<String> = found.iter().map(|listed| listed.id.to_string()).collect();
        return context.print_json(&json!({ "circle": name, "people": ids }));
    }
    let place = if name == OTHERS { "no circle" } else { name };
    let mut out = out();
    writeln!(out, "In {place} now: {}.", names.join(", "))?;
    for (query, listed) in people.iter().zip(&found) {
        write!(out, "{}", choose::remarks(&store, query, listed)?)?;
    }
    Ok(())
}
