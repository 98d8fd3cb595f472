//! `kith path`

use std::collections::BTreeSet;
use std::io::Write;

use serde_json::{Value, json};

use super::screen::{in_one_piece, labelled, out, wrapped};
use super::{Context, Done, choose};
use crate::core::contact::Column;
use crate::core::facts::{Comfort, Facts, PersonId};
use crate::core::name::{Fit, fit};
use crate::core::path::{self, Link, Links, Step, organization_key};
use crate::core::state::State;
use crate::core::text;
use crate::core::tie::{self, Tie};
use crate::error::{Error, Result};
use crate::store::{Listed, Store};

/// Find who could lead you to somebody, or to an organisation.
///
/// The shortest way through people who know each other, as kith tie and your
/// address books have it, and whom you may ask: nobody set to never or not-now,
/// archived or dead stands on it. Warm ties come before cooling ones. That two
/// people are at one organisation counts only where no tie leads there.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith path \"Carla Diaz\"\n  kith path \"Harbour Works\"\n  kith path carla --json"
)]
pub(super) struct Args {
    /// Part of a name, an email address or an id; or the name of an organisation.
    #[arg(value_name = "PERSON")]
    to: Vec<String>,
}

/// Where a way is to lead.
pub(super) struct Goal {
    /// What it is called.
    name: String,
    /// The one who is meant; none of an organisation.
    pub(super) person: Option<Listed>,
    /// Who is there.
    people: BTreeSet<PersonId>,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let query = args.to.join(" ");
    if query.trim().is_empty() {
        return Err(Error::usage("to whom?")
            .hint("kith path \"Carla Diaz\", or the name of an organisation")
            .into());
    }
    let store = context.store()?;
    let known = Known::read(context, &store)?;
    let goal = goal(context, &store, query.trim(), &known)?;
    let way = known.way(context, &goal)?;
    if context.json {
        let told = Told { store: &store, known: &known };
        let steps = way.iter().flatten().map(|step| told.json(step)).collect::<Result<Vec<_>>>()?;
        return context.print_json(&json!({
            "to": goal.name,
            "person": goal.person.as_ref().map(|person| person.id.to_string()),
            "found": way.is_some(),
            "steps": steps,
        }));
    }
    let Some(way) = way else {
        let said = nowhere(&goal, &known);
        write!(out(), "{}", wrapped(&said, 0))?;
        return Ok(());
    };
    Told { store: &store, known: &known }.print(&goal, &way)
}

/// What ways are looked for in.
pub(super) struct Known {
    facts: Facts,
    ties: Vec<Tie>,
    /// Who is at which organisation, and those that are one.
    organizations: Vec<(PersonId, String, bool)>,
}

impl Known {
    pub(super) fn read(context: &Context, store: &Store) -> Result<Self> {
        let facts = store.facts(&context.settings.me, context.today)?.facts;
        Ok(Self { facts, ties: store.ties()?, organizations: store.organizations()? })
    }

    /// The shortest way to somebody, or to an organisation.
    pub(super) fn way(&self, context: &Context, goal: &Goal) -> Result<Option<Vec<Step>>> {
        let people = self.organizations.iter().filter(|(.., is_one)| !is_one);
        let organizations = people.map(|(id, name, _)| (*id, organization_key(name))).collect();
        let links = Links { ties: &self.ties, organizations };
        Ok(path::find(&self.facts, &context.settings, context.today, &links, &goal.people))
    }

    pub(super) fn facts(&self) -> &Facts {
        &self.facts
    }

    fn person(&self, id: PersonId) -> Option<&crate::core::facts::Person> {
        self.facts.people.iter().find(|person| person.id == id)
    }

    /// Whether nobody is to be led to them: `never` is absolute.
    fn is_never(&self, id: PersonId) -> bool {
        self.person(id).is_some_and(|person| person.comfort == Comfort::Never)
    }
}

impl Goal {
    /// To one person.
    pub(super) fn person(listed: Listed) -> Self {
        Self { name: listed.name().into_owned(), people: BTreeSet::from([listed.id]), person: Some(listed) }
    }
}

/// What `query` means: an organisation of that whole name, else a person, else an
/// organisation whose name begins so.
fn goal(context: &Context, store: &Store, query: &str, known: &Known) -> Result<Goal> {
    let folded = organization_key(query);
    let called = |least: Fit| -> Option<Goal> {
        let fits = |name: &str| fit(name, &folded) >= Some(least);
        let all: Vec<_> = known.organizations.iter().filter(|(_, name, _)| fits(name)).collect();
        let (_, name, _) = all.first()?;
        let people = all.iter().filter(|(.., is_one)| !is_one).map(|(id, ..)| *id).collect();
        Some(Goal { name: text::name(name).into_owned(), person: None, people })
    };
    let found = store.find(query)?;
    let is_person = |listed: &Listed| listed.content.column(Column::Kind) != Some("organization");
    let whole = called(Fit::Whole);
    if let Some(goal) = whole {
        return Ok(goal);
    }
    if found.iter().any(is_person) {
        return choose::person(context, store, query).map(Goal::person);
    }
    match called(Fit::Begins) {
        Some(goal) => Ok(goal),
        None => choose::person(context, store, query).map(Goal::person),
    }
}

/// That no way is known, and what to do.
fn nowhere(goal: &Goal, known: &Known) -> String {
    let Goal { name, person, people } = goal;
    if let Some(listed) = person {
        return if known.is_never(listed.id) {
            format!("{name} is set to never: no way leads there.\n")
        } else if known.person(listed.id).is_none() {
            format!(
                "{name} is not among those who may be planned (kith why {} tells the reason), so no way leads there.\n",
                listed.id
            )
        } else {
            format!(
                "No way to {name} is known: nobody whom you may ask is noted to know them. Who does? {}\n",
                in_one_piece(&format!("kith tie NAME knows {}", listed.id))
            )
        };
    }
    if people.is_empty() {
        format!("Nobody you know is at {name}.\n")
    } else {
        format!(
            "No way to anybody at {name} is known: nobody whom you may ask is noted to know somebody there.\n"
        )
    }
}

/// How a way is told.
struct Told<'a> {
    store: &'a Store,
    known: &'a Known,
}

impl Told<'_> {
    fn name(&self, id: PersonId) -> Result<String> {
        let content = self.store.contact(id)?;
        Ok(text::name(content.column(Column::Name).unwrap_or_default()).into_owned())
    }

    fn print(&self, goal: &Goal, way: &[Step]) -> Done {
        let names = way.iter().map(|step| self.name(step.person)).collect::<Result<Vec<_>>>()?;
        let mut out = out();
        let last = way.last().map(|step| step.person);
        let at = goal.person.as_ref().map_or_else(|| format!(" (at {})", goal.name), |_| String::new());
        let whom: Vec<String> = std::iter::once("You".to_owned()).chain(names.iter().cloned()).collect();
        write!(out, "{}", wrapped(&format!("{}{at}\n", whom.join(" → ")), 0))?;
        for (step, (name, before)) in way.iter().zip(names.iter().zip(whom.iter())) {
            let said = [self.link(step, before), state(step)].into_iter().filter(|text| !text.is_empty());
            let said = said.collect::<Vec<_>>().join("; ");
            write!(out, "{}", labelled(&format!("  {name} (id {})", step.person), 30, &said))?;
        }
        let (Some(last), [first, _, rest @ ..]) = (last, way) else {
            let said = format!("You know {} yourself: no introduction is needed.\n", names.join(", "));
            write!(out, "{}", wrapped(&said, 0))?;
            return Ok(());
        };
        let next = way.get(1).map_or(last, |step| step.person);
        let so = if rest.is_empty() { "" } else { ", and from there on" };
        let command = in_one_piece(&format!("kith introduce {next} --through {}", first.person));
        write!(out, "{}", wrapped(&format!("To be introduced{so}: {command}\n"), 0))?;
        Ok(())
    }

    /// How somebody on the way is known by the one before.
    fn link(&self, step: &Step, before: &str) -> String {
        match &step.link {
            Link::Own => "you know them".to_owned(),
            Link::Says(relation) => tie::said_of(relation.as_deref(), before),
            Link::IsSaid(relation) => tie::says_of(relation.as_deref(), before),
            Link::Organization => {
                let organizations = &self.known.organizations;
                let at = organizations
                    .iter()
                    .find(|(id, ..)| *id == step.person)
                    .map(|(_, name, _)| name.as_str());
                let at = text::name(at.unwrap_or_default());
                format!("also at {at}; that they know each other is a guess")
            }
        }
    }

    fn json(&self, step: &Step) -> Result<Value> {
        let (link, relation) = match &step.link {
            Link::Own => ("own", None),
            Link::Says(relation) => ("tie", relation.as_deref()),
            Link::IsSaid(relation) => ("reverse-tie", relation.as_deref()),
            Link::Organization => ("organization", None),
        };
        Ok(json!({
            "person": step.person.to_string(),
            "name": self.name(step.person)?,
            "state": step.state.to_string(),
            "link": link,
            "relation": relation,
        }))
    }
}

/// How the user's own tie with somebody stands, in words.
fn state(step: &Step) -> String {
    match step.state {
        State::New => "you never talked, as far as is noted".to_owned(),
        state => format!("your tie is {state}"),
    }
}
