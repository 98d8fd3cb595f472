//! `kith show`

mod parts;
mod related;
pub(in crate::cli) mod sources;

use std::io::Write;

use serde_json::{Value, json};

use self::parts::Parts;
pub(super) use self::related::Related;
use super::list::{Clocks, json as contact_json};
use super::screen::{labelled, out, wrapped};
use super::{Context, Done, choose, every, note, pause};
use crate::core::contact::{Column, LISTS, List};
use crate::core::facts::PersonId;
use crate::core::pause::in_words;
use crate::core::plan::Dues;
use crate::core::talk::Notes;
use crate::core::{preference, text};
use crate::store::{Listed, Logged, Store};

/// Show all that is known of somebody.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  kith show \"Anna Müller\"\n  kith show anna@example.org\n  kith show 7 --json\n  \
                        kith show anna --sources"
)]
pub(super) struct Args {
    /// Part of a name, an email address or an id.
    person: String,
    /// Show who says what: the file, or your own edit, and what was overruled.
    #[arg(long)]
    sources: bool,
}

pub(super) fn run(args: &Args, context: &Context) -> Done {
    let store = context.store()?;
    let id = choose::person(context, &store, &args.person)?.id;
    if args.sources { with_sources(context, &store, id) } else { contact(context, &store, id) }
}

/// What happened as scripts see it; documented in docs/interface.md, and stays.
fn history_json(logged: &Logged) -> Value {
    let mut value = json!({
        "day": logged.day.to_string(),
        "how": logged.how.to_string(),
        "what": logged.what,
    });
    let Notes { went, learned, given, asked, received } = &logged.notes;
    let noted = [
        ("went", went.map(|went| went.to_string())),
        ("learned", learned.clone()),
        ("given", given.clone()),
        ("asked", asked.clone()),
        ("received", received.clone()),
    ];
    if let Some(object) = value.as_object_mut() {
        object.extend(noted.into_iter().filter_map(|(name, said)| Some((name.to_owned(), json!(said?)))));
    }
    value
}

/// Prints who says what of one contact.
fn with_sources(context: &Context, store: &Store, id: PersonId) -> Done {
    let listed = Listed { id, content: store.contact(id)? };
    let told = sources::Told::of(store, id, &store.cards(id)?)?;
    if context.json {
        return context.print_json(&json!({
            "id": id.to_string(),
            "name": listed.content.column(Column::Name),
            "sources": told.json(),
        }));
    }
    write!(out(), "{}", wrapped(&format!("{} (id {id})", listed.name()), 0))?;
    told.print()
}

/// Prints one contact.
pub(super) fn contact(context: &Context, store: &Store, id: PersonId) -> Done {
    let listed = Listed { id, content: store.contact(id)? };
    let facts = store.facts(&context.settings.me, context.today)?.facts;
    let last = store.last_contacts(context.today)?.get(&id).copied();
    let dues = Dues::new(&facts, &context.settings, context.today);
    let clocks = Clocks::of(facts.people.iter().find(|p| p.id == id), last, &dues);
    let history = store.history(listed.id)?;
    let cards = store.cards(listed.id)?;
    let mut pauses = store.pauses(context.today)?;
    pauses.retain(|pause| pause.person == Some(id));
    let related = Related::to(store, id)?;
    let memos = store.memos(id)?;
    let parts = Parts::of(store, id)?;
    let content = &listed.content;
    if context.json {
        let mut value = contact_json(&listed, &clocks);
        let items = |list| {
            content
                .list(list)
                .iter()
                .map(|item| json!({ "value": item.value, "label": item.label, "own": item.card.is_none() }))
                .collect::<Vec<_>>()
        };
        if let Some(object) = value.as_object_mut() {
            for list in LISTS {
                object.insert(list.table().to_owned(), json!(items(list)));
            }
            object.insert("name_prefix".to_owned(), json!(parts.prefix));
            object.insert("middle_name".to_owned(), json!(parts.middle));
            object.insert("name_suffix".to_owned(), json!(parts.suffix));
            object.insert("department".to_owned(), json!(parts.departments));
            object.insert("organizations".to_owned(), parts.organizations());
            object.insert("titles".to_owned(), json!(parts.titles));
            object.insert("note".to_owned(), json!(content.column(Column::Note)));
            object.insert("comfort_until".to_owned(), json!(content.column(Column::ComfortUntil)));
            object.insert("ideal".to_owned(), json!(content.column(Column::Ideal)));
            object.insert("latest".to_owned(), json!(content.column(Column::Latest)));
            for column in preference::COLUMNS {
                object.insert(column.name().to_owned(), json!(content.column(column)));
            }
            object.insert("memos".to_owned(), memos.iter().map(note::json).collect());
            object.insert("related".to_owned(), related.json());
            object.insert("history".to_owned(), history.iter().map(history_json).collect());
            object.insert(
                "pauses".to_owned(),
                pauses.iter().map(|pause| pause::json(Some(&listed), pause)).collect(),
            );
            object.insert("cards".to_owned(), cards.iter().map(sources::card_json).collect());
        }
        return context.print_json(&value);
    }
    let mut out = out();
    write!(out, "{}", wrapped(&format!("{} (id {})", listed.name(), listed.id), 0))?;
    let mut field = |label: &str, value: Option<&str>| match value {
        Some(value) => write!(out, "{}", labelled(&format!("  {label}"), 16, value)),
        None => Ok(()),
    };
    field("Prefix", parts.beside_name(&parts.prefix))?;
    field("Middle name", parts.beside_name(&parts.middle))?;
    field("Suffix", parts.beside_name(&parts.suffix))?;
    field("Organisation", content.column(Column::Organization))?;
    field("Department", parts.departments.as_deref())?;
    for title in &parts.titles {
        field("Title", Some(title))?;
    }
    for other in parts.also_at() {
        field("Also at", Some(&other))?;
    }
    for (label, list) in [
        ("Email", List::Email),
        ("Phone", List::Phone),
        ("Address", List::Address),
        ("Link", List::Link),
        ("Nickname", List::Nickname),
        ("Label", List::Category),
        ("Date", List::Anniversary),
    ] {
        for item in content.list(list) {
            let labelled = item
                .label
                .as_ref()
                .map_or_else(|| item.value.clone(), |l| format!("{} ({})", item.value, text::label(l)));
            field(label, Some(&labelled))?;
        }
    }
    for told in related.told() {
        field("Related", Some(&told))?;
    }
    field("Birthday", content.column(Column::Birthday))?;
    field("Note", content.column(Column::Note))?;
    let organization = content.column(Column::Kind) == Some("organization");
    field("Kind", organization.then_some("organisation, not planned"))?;
    field("Archived", content.column(Column::ArchivedAt))?;
    field("Circle", content.column(Column::Circle))?;
    let own = [("ideal", Column::Ideal), ("at the latest", Column::Latest)]
        .into_iter()
        .filter_map(|(word, column)| content.column(column).map(|value| (word, value)))
        .map(|(word, value)| {
            let often = value.parse().map_or_else(|_| value.to_owned(), every);
            format!("{word} {often}")
        })
        .collect::<Vec<_>>();
    field("Own cadence", (!own.is_empty()).then(|| own.join(", ")).as_deref())?;
    let until = content.column(Column::ComfortUntil).map(|day| format!("not now, back on {day}"));
    field(
        "Comfort",
        match content.column(Column::Comfort) {
            Some("not-now") => until.as_deref().or(Some("not now")),
            comfort => comfort.filter(|c| *c != "yes"),
        },
    )?;
    for (label, column) in [
        ("How you met", Column::HowMet),
        ("Ease", Column::Ease),
        ("Channel", Column::Channel),
        ("Setting", Column::Setting),
        ("Best time", Column::BestTime),
        ("Language", Column::Language),
    ] {
        field(label, content.column(column))?;
    }
    field(
        "Time limit",
        content.column(Column::TimeLimit).map(|limit| format!("{limit} minutes")).as_deref(),
    )?;
    field("Hesitation", content.column(Column::Hesitation))?;
    for (label, said) in note::told(&memos) {
        field(label, Some(&said))?;
    }
    for pause in &pauses {
        field("Left alone", Some(&in_words(pause.why, pause.from, pause.until)))?;
    }
    field("Last contact", clocks.last_contact.as_deref())?;
    field("Due", clocks.due.as_deref())?;
    for review in store.reviews()? {
        let other = match listed.id {
            id if id == review.newer.0 => &review.twin,
            id if id == review.twin.0 => &review.newer,
            _ => continue,
        };
        field(
            "In review",
            Some(&format!("may be {} (id {}): kith review {}", text::name(&other.1), other.0, review.id)),
        )?;
    }
    for part in store.parts(listed.id)? {
        let name = text::name(&part.name);
        let why = part.reason.map(|reason| format!(": {}", text::plain(&reason))).unwrap_or_default();
        let by =
            part.file_name.map_or_else(|| "by you".to_owned(), |file| format!("by {}", text::name(&file)));
        field("Also", Some(&format!("{name} (id {}), merged {by}{why}", part.id)))?;
    }
    if !history.is_empty() {
        writeln!(out, "\nHistory")?;
    }
    for logged in history.iter().rev() {
        let label = format!("  {}  {}", logged.day, logged.how);
        let told = logged.notes.told();
        let said: Vec<&str> =
            std::iter::once(logged.what.as_str()).chain(told.iter().map(String::as_str)).collect();
        let said = said.into_iter().filter(|said| !said.is_empty()).collect::<Vec<_>>().join("; ");
        write!(out, "{}", labelled(&label, 21, &said))?;
    }
    if !cards.is_empty() {
        writeln!(out, "\nImported from")?;
    }
    for card in &cards {
        let why = card.reason.as_ref().map(|reason| format!(": {}", text::plain(reason))).unwrap_or_default();
        write!(out, "{}", wrapped(&format!("{}{why}", sources::card(card)), 2))?;
    }
    Ok(())
}
