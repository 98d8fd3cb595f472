//! `kith circle`

use std::collections::{BTreeMap, HashSet};
use std::io::{self, IsTerminal, Write};

use serde_json::{Value, json};

use super::edit::unplanned;
use super::screen::{in_one_piece, labelled, out, typed, wrapped};
use super::table::{self, Head};
use super::{Context, Done, choose, counted, every};
use crate::config;
use crate::core::cadence::{Cadence, Interval};
use crate::core::contact::Column;
use crate::core::facts::PersonId;
use crate::core::preference::BestTime;
use crate::core::settings::{Channel, Circle, OTHERS};
use crate::core::text::{cut, is_command, is_reordering};
use crate::error::{Error, Result};
use crate::store::{Filter, Listed, Rewrite, Store};

/// List circles, change how often to be in touch with one, put people into one.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith circle\n  kith circle set family --ideal 10d --latest 3w\n  \
                        kith circle set climbing --ideal 30d --latest 60d\n  kith circle set close --channel call\n  kith circle set colleagues --time \"weekdays noon\"\n  \
                        kith circle assign close anna \"Bert Kern\"\n  kith circle assign others bert\n  \
                        kith circle assign colleagues --query harbour --yes\n\nHow often is written 30d, 2w, 2mo or 1y.")]
pub(super) struct Args {
    #[command(subcommand)]
    action: Option<Action>,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// List circles with their intervals and how many people are in each.
    #[command(after_help = "Examples:\n  kith circle list\n  kith circle list --json")]
    List,
    /// Set how often and how to be in touch with a circle; makes it if there is none of that name.
    #[command(
        after_help = "Examples:\n  kith circle set family --ideal 10d\n  kith circle set climbing --ideal 30d --latest 60d\n  \
                      kith circle set others --ideal 6mo --latest \"1 year\"\n\n\
                      It is written into kith.toml, whose comments stay. kith undo takes it back."
    )]
    Set {
        /// The circle's name.
        #[arg(value_name = "CIRCLE")]
        name: String,
        /// After how long a talk would be nice again: 30d, 2w, 2mo, 1y.
        #[arg(long, value_name = "INTERVAL")]
        ideal: Option<Interval>,
        /// After how long it should have happened; twice the ideal for a new circle, if not given.
        #[arg(long, value_name = "INTERVAL")]
        latest: Option<Interval>,
        /// How to be in touch, where the person has the means: call, write or meet; or none, for any.
        #[arg(long)]
        channel: Option<Wish<Channel>>,
        /// When the people in it are best reached: evening, 18:30, "sat morning"; or none.
        #[arg(long)]
        time: Option<Wish<BestTime>>,
    },
    /// Put people into a circle; `others` takes them out of any.
    #[command(
        after_help = "Examples:\n  kith circle assign close anna \"Bert Kern\"\n  kith circle assign family anna@example.org 7\n  \
                      kith circle assign others bert\n  kith circle assign colleagues --query harbour --yes"
    )]
    Assign {
        /// The circle's name.
        #[arg(value_name = "CIRCLE")]
        name: String,
        /// People: part of a name, an email address or an id.
        #[arg(required_unless_present = "query")]
        people: Vec<String>,
        /// All people whom kith list TEXT shows; asks first.
        #[arg(long, value_name = "TEXT")]
        query: Option<String>,
        /// Do not ask.
        #[arg(long)]
        yes: bool,
    },
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    match &args.action {
        None | Some(Action::List) => list(context),
        Some(Action::Set { name, ideal, latest, channel, time }) => {
            set(context, name, Wanted { ideal: *ideal, latest: *latest, channel: *channel, time: *time })
        }
        Some(Action::Assign { name, people, query, yes }) => {
            assign(context, name, people, query.as_deref(), *yes)
        }
    }
}

/// The longest name of a circle, in characters: it stands in tables and in titles of events.
const LONGEST_NAME: usize = 60;

const HEADS: [Head; 5] = [
    Head::text("CIRCLE"),
    Head::exact("IDEAL"),
    Head::exact("LATEST"),
    Head::exact("PEOPLE").spare(1),
    Head::exact("CHANNEL"),
];

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
                json!({
                    "name": name,
                    "ideal": c.ideal.to_string(),
                    "latest": c.latest.to_string(),
                    "channel": c.channel.map(Channel::name),
                    "time": c.time.map(|time| time.to_string()),
                    "people": count(name),
                })
            })
            .collect();
        return context.print_json(&Value::Array(all));
    }
    let row = |(name, circle): &(&String, &Circle)| {
        let [ideal, latest] = [circle.ideal, circle.latest].map(|interval| interval.to_string());
        let channel = circle.channel.map_or("", Channel::name).to_owned();
        vec![(*name).clone(), ideal, latest, count(name).to_string(), channel]
    };
    let rows: Vec<Vec<String>> = circles.iter().map(row).collect();
    // Nobody needs a column that is empty.
    let shown = if circles.iter().any(|(_, circle)| circle.channel.is_some()) { 5 } else { 4 };
    table::print(HEADS.get(..shown).unwrap_or(&HEADS), &rows)?;
    Ok(())
}

/// What is to be set of a circle.
#[derive(Clone, Copy)]
struct Wanted {
    ideal: Option<Interval>,
    latest: Option<Interval>,
    channel: Option<Wish<Channel>>,
    time: Option<Wish<BestTime>>,
}

/// A channel or a time, or that there is to be none.
#[derive(Debug, Clone, Copy)]
struct Wish<T>(Option<T>);

impl<T: std::str::FromStr<Err: std::fmt::Display>> std::str::FromStr for Wish<T> {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "none" => Ok(Self(None)),
            _ => {
                text.parse().map(|wish| Self(Some(wish))).map_err(|error| format!("{error}, or none for any"))
            }
        }
    }
}

fn set(context: &Context, name: &str, Wanted { ideal, latest, channel, time }: Wanted) -> Done {
    if ideal.is_none() && latest.is_none() && channel.is_none() && time.is_none() {
        return Err(Error::usage(
            "circle set needs an interval, a channel or a time: --ideal 30d, --latest 60d, --channel call, --time evening",
        )
        .into());
    }
    if let Some(why) = no_name(name) {
        return Err(
            Error::usage(format!("{:?} is no name for a circle: {why}", cut(name, LONGEST_NAME))).into()
        );
    }
    let known = context.settings.circles.get(name).map(Circle::cadence);
    let (latest, chosen) = completed(name, known, ideal, latest)?;
    let mut others = context.settings.circles.keys().filter(|other| *other != name);
    if let Some(other) = others.find(|other| other.eq_ignore_ascii_case(name)) {
        return Err(Error::usage(format!(
            "there is a circle {other:?} already, and {name:?} differs from it only in capital letters"
        ))
        .hint(format!("kith circle set {} changes that one", typed(other)))
        .into());
    }
    let (channel, time) = (channel.map(|Wish(channel)| channel), time.map(|Wish(time)| time));
    let set = config::set_circle(&context.paths, name, ideal, latest, channel, time)?;
    let mut store = context.store()?;
    if set.before.as_ref() != Some(&set.after) {
        context.noted(store.note_circle(name, set.before.as_deref(), &set.after))?;
    }
    let before = set.circle;
    // What is published follows the new cadence.
    let context = context.reloaded()?;
    context.republish(&mut store)?;
    let cadence = context.settings.cadence(Some(name));
    let channel = context.settings.circles.get(name).and_then(|circle| circle.channel);
    let time = context.settings.circles.get(name).and_then(|circle| circle.time);
    if context.json {
        return context.print_json(&json!({
            "name": name,
            "ideal": cadence.ideal.to_string(),
            "latest": cadence.latest.to_string(),
            "channel": channel.map(Channel::name),
            "time": time.map(|time| time.to_string()),
            "new": before.is_none(),
        }));
    }
    let what = if before.is_none() { "New circle" } else { "Circle" };
    let mut said = format!(
        "{what} {name}: ideally {}, at the latest {}{}{}.\n{chosen}",
        every(cadence.ideal),
        every(cadence.latest),
        channel.map_or_else(String::new, |channel| format!("; {} where that is possible", channel.name())),
        time.map_or_else(String::new, |time| format!("; best time {time}"))
    );
    said += &unplanned(time, &context);
    said = wrapped(&said, 0);
    let is_other =
        |before: &Circle| before.cadence() != cadence || before.channel != channel || before.time != time;
    if let Some(before) = before.filter(is_other) {
        let now = context.settings.circles.get(name).copied();
        said += &labelled("Before:", 8, &in_one_piece(&set_again(name, before, now)));
    }
    write!(out(), "{said}")?;
    Ok(())
}

/// Why a new circle may not be called so, if it may not.
fn no_name(name: &str) -> Option<String> {
    let length = name.chars().count();
    if name.trim().is_empty() || name.trim() != name {
        Some("it may not be empty, nor begin or end with a space".to_owned())
    } else if name.contains(is_command) || name.contains(is_reordering) {
        Some("it has a control character".to_owned())
    } else {
        (length > LONGEST_NAME)
            .then(|| format!("it has {length} characters, and the longest that is taken has {LONGEST_NAME}"))
    }
}

/// The longer interval that a circle is to have, if it is to have another one
/// than now, and what is to be said of an interval that was not given.
fn completed(
    name: &str,
    known: Option<Cadence>,
    ideal: Option<Interval>,
    latest: Option<Interval>,
) -> Result<(Option<Interval>, &'static str)> {
    let too = |given: &str, missing: &str, is: Interval| {
        let error = Error::usage(format!(
            "{given}, and the circle {name} has --{missing} {is}; --latest is the longer of the two"
        ));
        Err(error.hint(format!("give --{missing}, too")))
    };
    match (known, ideal, latest) {
        (_, Some(ideal), Some(latest)) if latest < ideal => Err(contradicting(ideal, latest)),
        (Some(known), Some(ideal), None) if known.latest < ideal => {
            too(&format!("--ideal is {ideal}"), "latest", known.latest)
        }
        (Some(known), None, Some(latest)) if latest < known.ideal => {
            too(&format!("--latest is {latest}"), "ideal", known.ideal)
        }
        (None, None, Some(_)) => {
            Err(Error::usage(format!("the circle {name} would be new, and has no --ideal yet"))
                .hint(format!("kith circle set {} --ideal 30d --latest 60d", typed(name))))
        }
        (None, Some(ideal), None) => {
            Ok((Some(ideal.doubled()), "--latest was not given: it is twice as long as --ideal.\n"))
        }
        (None, None, None) => Ok((None, "No interval was given: they are those of others.\n")),
        (Some(_), Some(_), None) => Ok((None, "--latest was not given and stays as it was.\n")),
        (Some(_), None, Some(_)) => Ok((latest, "--ideal was not given and stays as it was.\n")),
        (_, Some(_), Some(_)) | (Some(_), None, None) => Ok((latest, "")),
    }
}

/// That kith.toml is not what the setting of a circle left there, or found, and
/// how that circle alone becomes what it is to be.
pub(super) fn changed_since(context: &Context, rewrite: &Rewrite) -> Error {
    let name = &rewrite.circle;
    let error = Error::user(format!(
        "kith.toml was changed since the circle {name} was set, and what was changed there would be lost"
    ));
    let is_to_be = config::parse(&context.paths.config(), rewrite.to.as_deref().unwrap_or_default());
    match is_to_be.ok().and_then(|settings| settings.circles.get(name).copied()) {
        Some(circle) => {
            let now = context.settings.circles.get(name).copied();
            error.hint(format!("{} sets that circle alone", set_again(name, circle, now)))
        }
        None => error.hint(format!(
            "delete the section [circles.{}] there to be without that circle",
            toml_edit::Key::new(name)
        )),
    }
}

/// The command that makes a circle what it was before it became what it is now.
fn set_again(name: &str, before: Circle, now: Option<Circle>) -> String {
    let channel = match (before.channel, now.and_then(|now| now.channel)) {
        (Some(channel), _) => format!(" --channel {}", channel.name()),
        (None, Some(_)) => " --channel none".to_owned(),
        (None, None) => String::new(),
    };
    let time = match (before.time, now.and_then(|now| now.time)) {
        (Some(time), _) => format!(" --time {}", typed(&time.to_string())),
        (None, Some(_)) => " --time none".to_owned(),
        (None, None) => String::new(),
    };
    let [ideal, latest] = [before.ideal, before.latest].map(|interval| interval.to_string());
    format!(
        "kith circle set {} --ideal {} --latest {}{channel}{time}",
        typed(name),
        typed(&ideal),
        typed(&latest)
    )
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

fn assign(context: &Context, name: &str, people: &[String], query: Option<&str>, yes: bool) -> Done {
    known(context, name)?;
    if yes && query.is_none() {
        return Err(Error::usage(
            "--yes is for --query TEXT, which asks first; who is named is put in at once",
        )
        .hint(format!("leave --yes out: kith circle assign {name} NAME\u{2026}"))
        .into());
    }
    let mut store = context.store()?;
    // All are found before anybody is changed.
    let (mut found, remarks) = choose::people(context, &store, people)?;
    if let Some(query) = query {
        let matching = matching(&store, query)?;
        if !yes {
            confirm(context, &matching, name)?;
        }
        found.extend(matching);
    }
    let mut seen = HashSet::new();
    found.retain(|listed| seen.insert(listed.id));
    let circle = (name != OTHERS).then(|| name.to_owned());
    let ids: Vec<PersonId> = found.iter().map(|listed| listed.id).collect();
    store.change_all(&ids, Column::Circle, circle.as_deref())?;
    context.republish(&mut store)?;
    let names: Vec<_> = found.iter().map(Listed::name).collect();
    if context.json {
        let ids: Vec<String> = found.iter().map(|listed| listed.id.to_string()).collect();
        return context.print_json(&json!({ "circle": name, "people": ids }));
    }
    let place = if name == OTHERS { "no circle" } else { name };
    write!(out(), "{}", wrapped(&format!("In {place} now: {}.\n{remarks}", names.join(", ")), 0))?;
    Ok(())
}

/// The people that a list of `query` has.
fn matching(store: &Store, query: &str) -> Result<Vec<Listed>> {
    if query.trim().is_empty() {
        return Err(Error::usage(
            "--query \"\" would be everybody; say part of a name, an organisation, a circle",
        ));
    }
    let mut found = store.list(Filter { query, archived: false })?;
    found.retain(|listed| listed.content.column(Column::Kind) == Some("person"));
    if found.is_empty() {
        return Err(Error::user(format!("nobody matches {query:?}")).hint("kith list shows everybody"));
    }
    Ok(found)
}

/// Shows who is meant and asks whether to go on.
fn confirm(context: &Context, found: &[Listed], circle: &str) -> Result<()> {
    let count = counted(found.len(), "person", "people");
    if context.json || !io::stdin().is_terminal() || !io::stderr().is_terminal() {
        return Err(Error::usage(format!(
            "{count} would be put into {circle}, and nobody is here to be asked"
        ))
        .hint("kith list TEXT shows them; --yes does it without asking"));
    }
    choose::yes(&format!("{}\nPut {count} into {circle}?", choose::candidates(found)))
}
