//! `kith list`

use std::collections::{HashMap, HashSet};
use std::io::Write;

use jiff::civil::Date;
use serde_json::{Value, json};

use super::screen::{out, wrapped};
use super::table::{self, Head};
use super::{Context, Done, choose};
use crate::core::contact::{Column, Content, List};
use crate::core::facts::{Facts, Person, PersonId};
use crate::core::pause::Why;
use crate::core::plan::Dues;
use crate::store::{Filter, Listed};

/// List people.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith list\n  kith list müller\n  kith list friends --json")]
pub(super) struct Args {
    /// Part of a name, an email or postal address, a number, an organisation, a label or a circle.
    query: Vec<String>,
    /// List the archived too.
    #[arg(long)]
    archived: bool,
}

/// On a narrow terminal kith show has to tell the rest.
const HEADS: [Head; 6] = [
    Head::exact("ID"),
    Head::text("NAME"),
    Head::text("ORGANISATION").spare(2),
    Head::text("CIRCLE"),
    Head::exact("LAST CONTACT").spare(1),
    Head::exact("DUE"),
];

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let store = context.store()?;
    let query = args.query.join(" ");
    let listed = store.list(Filter { query: &query, archived: args.archived })?;
    let facts = store.facts(&context.settings.me, context.today)?.facts;
    let people: HashMap<_, &Person> = facts.people.iter().map(|p| (p.id, p)).collect();
    let dues = Dues::new(&facts, &context.settings, context.today);
    let alone = left_alone(&facts, context.today);
    let withheld: HashSet<PersonId> =
        store.reviews()?.into_iter().filter(|review| review.withheld).map(|review| review.newer.0).collect();
    let last = store.last_contacts(context.today)?;
    let clocks =
        |listed: &Listed| Clocks::of(people.get(&listed.id).copied(), last.get(&listed.id).copied(), &dues);
    if context.json {
        let all = listed.iter().map(|listed| json(listed, &clocks(listed))).collect();
        return context.print_json(&Value::Array(all));
    }
    if listed.is_empty() {
        let said = if query.is_empty() {
            format!(
                "Nobody yet. Import an address book with kith import FILE, or drop it into\n{}",
                context.paths.inbox().display()
            )
        } else {
            format!("Nobody matches {query:?}.")
        };
        write!(out(), "{}", wrapped(&said, 0))?;
        return Ok(());
    }
    let mut rows = Vec::with_capacity(listed.len());
    let remark = |listed: &Listed| match why_not_planned(&listed.content, withheld.contains(&listed.id)) {
        "" => alone.get(&listed.id).copied().unwrap_or_default(),
        why => why,
    };
    for listed in &listed {
        let Clocks { last_contact, due } = clocks(listed);
        let text = |column| listed.content.column(column).unwrap_or_default().to_owned();
        rows.push(vec![
            listed.id.to_string(),
            listed.name().into_owned(),
            text(Column::Organization),
            format!("{} {}", text(Column::Circle), remark(listed)).trim().to_owned(),
            last_contact.unwrap_or_default(),
            due.unwrap_or_default(),
        ]);
    }
    table::print(&HEADS, &rows)?;
    Ok(())
}

/// Why somebody is not planned, in brackets; empty for those who are.
pub(super) fn why_not_planned(content: &Content, in_review: bool) -> &'static str {
    if content.column(Column::ArchivedAt).is_some() {
        return "(archived)";
    }
    if choose::has_died(content) {
        return "(died)";
    }
    match (content.column(Column::Kind), content.column(Column::Comfort)) {
        (Some("organization"), _) => "(organisation)",
        (_, Some("never")) => "(never)",
        (_, Some("not-now")) => "(not now)",
        _ if in_review => "(in review)",
        _ => "",
    }
}

/// Who has a pause of their own on `today`, and of what kind, in brackets: of
/// several that which ends last.
fn left_alone(facts: &Facts, today: Date) -> HashMap<PersonId, &'static str> {
    let mut pauses: Vec<_> = facts
        .pauses
        .iter()
        .filter_map(|pause| Some((pause.person.filter(|&person| pause.covers(person, today))?, pause)))
        .collect();
    pauses.sort_by_key(|(_, pause)| pause.until);
    let why = |why| match why {
        Why::Pause => "(paused)",
        Why::Snooze => "(snoozed)",
        Why::Skip => "(skipped)",
    };
    pauses.into_iter().map(|(person, pause)| (person, why(pause.why))).collect()
}

/// When a person was last in touch, and from when on a talk is wanted.
pub(super) struct Clocks {
    pub(super) last_contact: Option<String>,
    pub(super) due: Option<String>,
}

impl Clocks {
    pub(super) fn of(person: Option<&Person>, last: Option<Date>, dues: &Dues<'_>) -> Self {
        let due = person.and_then(|person| dues.of(person));
        Self { last_contact: last.map(|day| day.to_string()), due: due.map(|day| day.to_string()) }
    }
}

/// A contact as scripts see it; documented in docs/interface.md, and stays.
pub(super) fn json(listed: &Listed, clocks: &Clocks) -> Value {
    let content = &listed.content;
    let values = |list| content.list(list).iter().map(|item| item.value.as_str()).collect::<Vec<_>>();
    json!({
        "id": listed.id.to_string(),
        "name": content.column(Column::Name).filter(|name| !name.is_empty()),
        "emails": values(List::Email),
        "phones": values(List::Phone),
        "organization": content.column(Column::Organization),
        "title": content.column(Column::Title),
        "birthday": content.column(Column::Birthday),
        "kind": content.column(Column::Kind),
        "circle": content.column(Column::Circle),
        "comfort": content.column(Column::Comfort),
        "last_contact": clocks.last_contact,
        "due": clocks.due,
        "archived": content.column(Column::ArchivedAt).is_some(),
    })
}
