//! `kith list`

use serde_json::{Value, json};

use super::{Context, Done, table};
use crate::core::contact::{Column, List};
use crate::core::facts::{Direction, Person};
use crate::core::plan::due;
use crate::store::{Filter, Listed};

/// List people.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith list\n  kith list müller\n  kith list friends --json")]
pub(super) struct Args {
    /// Part of a name, an address, a number, an organisation or a circle.
    query: Vec<String>,
    /// List the archived too.
    #[arg(long)]
    archived: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let store = context.store()?;
    let query = args.query.join(" ");
    let listed = store.list(Filter { query: &query, archived: args.archived })?;
    let facts = store.facts(&context.settings.me, context.today)?.facts;
    let people: std::collections::HashMap<_, &Person> = facts.people.iter().map(|p| (p.id, p)).collect();
    let clocks = |listed: &Listed| Clocks::of(people.get(&listed.id).copied(), context);
    if context.json {
        let all = listed.iter().map(|listed| json(listed, &clocks(listed))).collect();
        return context.print_json(&Value::Array(all));
    }
    if listed.is_empty() {
        let hint = if query.is_empty() {
            "Nobody yet. Import an address book: kith import FILE, or drop it into the inbox (kith status says where)."
        } else {
            "Nobody matches."
        };
        table::print(&[vec![hint.to_owned()]])?;
        return Ok(());
    }
    let mut rows =
        vec![["ID", "NAME", "ORGANISATION", "CIRCLE", "LAST CONTACT", "DUE"].map(str::to_owned).to_vec()];
    for listed in &listed {
        let Clocks { last_contact, due } = clocks(listed);
        let text = |column| listed.content.column(column).unwrap_or_default().to_owned();
        let circle = match (listed.content.column(Column::Kind), listed.content.column(Column::Comfort)) {
            (Some("organization"), _) => "(organisation)".to_owned(),
            (_, Some("never")) => "(never)".to_owned(),
            (_, Some("not-now")) => "(not now)".to_owned(),
            _ => text(Column::Circle),
        };
        rows.push(vec![
            listed.id.to_string(),
            super::choose::name(listed).to_owned(),
            text(Column::Organization),
            circle,
            last_contact.unwrap_or_default(),
            due.unwrap_or_default(),
        ]);
    }
    table::print(&rows)?;
    Ok(())
}

/// When a person was last in touch, and from when on a talk is wanted.
pub(super) struct Clocks {
    pub(super) last_contact: Option<String>,
    pub(super) due: Option<String>,
}

impl Clocks {
    pub(super) fn of(person: Option<&Person>, context: &Context) -> Self {
        let last = person.and_then(|person| {
            let real = person.interactions.iter().filter(|i| i.direction != Direction::Outbound);
            real.map(|i| i.day).filter(|&day| day <= context.today).max()
        });
        let due = person.and_then(|person| due(person, &context.settings, context.today));
        Self { last_contact: last.map(|day| day.to_string()), due: due.map(|day| day.to_string()) }
    }
}

/// A contact as scripts see it; documented in docs/interface.md, and stays.
pub(super) fn json(listed: &Listed, clocks: &Clocks) -> Value {
    let content = &listed.content;
    let values = |list| content.list(list).iter().map(|item| item.value.as_str()).collect::<Vec<_>>();
    json!({
        "id": listed.id.to_string(),
        "name": content.column(Column::Name),
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
