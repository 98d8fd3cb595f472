//! What entries of the change log say, in words.

mod aims;
mod beside;

use std::collections::BTreeMap;

use super::contact::{COLUMNS, Column, LISTS};
use super::facts::PersonId;
use super::settings::{Circle, Settings};
use beside::{Row, is_fact, of_row};

/// In the change log: a circle was set in kith.toml. The item is its name, and
/// the values are the file's text.
pub const CIRCLE: &str = "kith.toml";

/// In the change log: the feed got a new address. No address is in the log.
pub const ADDRESS: &str = "feed-token";

/// An entry of the change log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Whose.
    pub contact: Option<PersonId>,
    /// What changed, by its name in the log.
    pub field: String,
    /// Of which item.
    pub item: Option<String>,
    /// What it was.
    pub old: Option<String>,
    /// What it is.
    pub new: Option<String>,
}

/// Tells what was done, one sentence without a subject for each thing, in the
/// order it was done: `archived Bert Kern`.
#[must_use]
pub fn account(entries: &[Entry], name: &dyn Fn(PersonId) -> String) -> Vec<String> {
    let mut told = Vec::new();
    let mut rows: BTreeMap<(&str, &str), Row<'_>> = BTreeMap::new();
    let mut order = Vec::new();
    let who = |entry: &Entry| entry.contact.map_or_else(|| "somebody".to_owned(), name);
    let mut added = Vec::new();
    for entry in entries {
        let (table, column) = entry.field.split_once('.').unwrap_or(("", &entry.field));
        if let Some(item) = entry.item.as_deref().filter(|_| is_fact(table)) {
            let row = rows.entry((table, item)).or_insert_with(|| {
                order.push((table, item));
                Row::default()
            });
            row.contact = entry.contact.or(row.contact);
            let first = row.columns.get(column).map_or(entry.old.as_deref(), |(old, _)| *old);
            row.columns.insert(column, (first, entry.new.as_deref()));
        } else if entry.field == CIRCLE {
            told.push(of_circle(entry));
        } else if entry.field == ADDRESS {
            told.push("made the feed a new address, which stays: the one before was given up".to_owned());
        } else if entry.field == "name" && entry.old.is_none() {
            added.push(entry.contact);
            told.push(format!("added {}", who(entry)));
        } else if !(added.contains(&entry.contact) && is_default(entry)) {
            told.push(of_contact(entry, &who(entry)));
        }
    }
    // What a pause took the place of is told after it.
    let gave_way = |row: &Row<'_>| !row.came("from_day");
    order.sort_by_key(|(table, item)| *table == "pause" && rows.get(&(*table, *item)).is_some_and(gave_way));
    told.extend(
        order.into_iter().filter_map(|(table, item)| of_row(table, item, rows.get(&(table, item))?, name)),
    );
    told
}

/// Says of a column of a contact that was set again later which it is; none
/// if the field is no column.
#[must_use]
pub fn column_of(field: &str, who: &str) -> Option<String> {
    let column = COLUMNS.into_iter().find(|column| column.name() == field)?;
    Some(match column {
        Column::ArchivedAt => format!("whether {who} is archived, which was decided again"),
        _ => format!("the {} of {who}, which was set again", word_for(field)),
    })
}

fn of_circle(entry: &Entry) -> String {
    let name = entry.item.as_deref().map(one_line).unwrap_or_default();
    let circle = |text: &Option<String>| {
        let settings = Settings::parse(text.as_deref().unwrap_or_default()).ok()?;
        settings.circles.get(entry.item.as_deref()?).copied()
    };
    let told = |circle: Circle| {
        let channel = circle.channel.map_or_else(String::new, |channel| format!(", {}", channel.name()));
        let time = circle.time.map_or_else(String::new, |time| format!(", {time}"));
        format!("{}, at the latest {}{channel}{time}", circle.ideal, circle.latest)
    };
    match (circle(&entry.old), circle(&entry.new)) {
        (Some(old), Some(new)) => {
            format!("set the circle {name} in kith.toml to {} (it was {})", told(new), told(old))
        }
        (None, Some(new)) => format!("made the circle {name} in kith.toml: {}", told(new)),
        (_, None) => format!("set the circle {name} in kith.toml"),
    }
}

/// Whether it says only what is so of everybody who is new.
fn is_default(entry: &Entry) -> bool {
    let column = COLUMNS.into_iter().find(|column| column.name() == entry.field);
    column.is_some_and(|column| column.default() == entry.new.as_deref())
}

fn of_contact(entry: &Entry, who: &str) -> String {
    let said =
        |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(one_line);
    let (old, new) = (said(&entry.old), said(&entry.new));
    let (field, attribute) = entry.field.split_once('.').unwrap_or((&entry.field, ""));
    if field == Column::ArchivedAt.name() {
        return if new.is_some() {
            format!("archived {who}")
        } else {
            format!("brought {who} back from the archive")
        };
    }
    let is_list = LISTS.iter().any(|list| list.table() == field);
    let word = word_for(field);
    if is_list && attribute.is_empty() {
        return match (old, new) {
            (None, Some(new)) => format!("added the {word} {new} to {who}"),
            (Some(old), None) => format!("took the {word} {old} from {who}"),
            (Some(old), Some(new)) => format!("changed the {word} {old} of {who} to {new}"),
            (None, None) => format!("changed the {word} of {who}"),
        };
    }
    let what = if is_list {
        let item = entry.item.as_deref().map(one_line).unwrap_or_default();
        let attribute = match (field, attribute) {
            (_, "pref") => "preference",
            ("tie", "label") => "relation",
            (_, other) => other,
        };
        format!("{attribute} of the {word} {item} of {who}")
    } else {
        format!("{word} of {who}")
    };
    match (old, new) {
        (None, Some(new)) => format!("set the {what} to {new}"),
        (Some(old), None) => format!("took the {what} away ({old})"),
        (Some(_), Some(new)) if entry.old == entry.new => format!("settled the {what}: {new}"),
        (Some(old), Some(new)) => format!("changed the {what} from {old} to {new}"),
        (None, None) => format!("changed the {what}"),
    }
}

/// What a field of a contact is called, by its name in the log.
#[must_use]
pub fn word_for(field: &str) -> &str {
    match field {
        "archived_at" => "archived",
        "given_name" => "given name",
        "family_name" => "family name",
        "organization" => "organisation",
        "comfort_until" => "end of the comfort",
        "ideal" => "own ideal interval",
        "latest" => "own at-the-latest interval",
        "best_time" => "best time",
        "time_limit" => "time limit",
        "how_met" => "way you met",
        "phone" => "telephone number",
        "category" => "label",
        "tie" => "related person",
        "name_prefix" => "prefix",
        "middle_name" => "middle name",
        "name_suffix" => "suffix",
        other => other,
    }
}

/// A text on one line, of a length that can be read at a glance.
fn one_line(text: &str) -> String {
    const MOST: usize = 60;
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(MOST) {
        None => line,
        Some((end, _)) => format!("{}…", line.split_at(end).0.trim_end()),
    }
}

#[cfg(test)]
mod tests;
