//! What entries of the change log say, in words.

mod aims;

use std::collections::BTreeMap;

use super::contact::{COLUMNS, Column, LISTS};
use super::date::spoken;
use super::facts::PersonId;
use super::how::{How, in_touch};
use super::memo;
use super::pause::{Why, in_words, participle};
use super::settings::{Circle, Settings};

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

/// What was changed of one row beside the contacts, by column.
#[derive(Default)]
struct Row<'a> {
    contact: Option<PersonId>,
    columns: BTreeMap<&'a str, (Option<&'a str>, Option<&'a str>)>,
}

impl<'a> Row<'a> {
    fn was(&self, column: &str) -> Option<&'a str> {
        self.columns.get(column).and_then(|(old, _)| *old)
    }

    fn is(&self, column: &str) -> Option<&'a str> {
        self.columns.get(column).and_then(|(_, new)| *new)
    }

    /// What the row says now, else what it said.
    fn says(&self, column: &str) -> Option<&'a str> {
        self.is(column).or_else(|| self.was(column))
    }

    /// Whether the row came, by a column that it cannot be without.
    fn came(&self, column: &str) -> bool {
        self.was(column).is_none() && self.is(column).is_some()
    }

    fn went(&self, column: &str) -> bool {
        self.was(column).is_some() && self.is(column).is_none()
    }
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

fn is_fact(table: &str) -> bool {
    matches!(
        table,
        "interaction"
            | "intention"
            | "introduction"
            | "memo"
            | "goal"
            | "occasion"
            | "pause"
            | "review"
            | "merged"
            | "card"
    )
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
        other => other,
    }
}

fn of_row(table: &str, item: &str, row: &Row<'_>, name: &dyn Fn(PersonId) -> String) -> Option<String> {
    let number = |text: Option<&str>| text.and_then(|text| text.parse().ok()).map(PersonId);
    match table {
        "interaction" => {
            let who = number(row.says("contact_id")).or(row.contact).map_or_else(String::new, name);
            let how: Option<How> = row.says("how").and_then(|how| how.parse().ok());
            let day = row.says("day").and_then(|day| day.parse().ok()).map(spoken);
            let what = row.says("what").map(one_line).filter(|what| !what.is_empty());
            Some(if row.came("day") || row.went("day") {
                let verb = if row.came("day") { "logged that you" } else { "deleted the entry that you" };
                let did = how.map_or_else(|| format!("were in touch with {who}"), |how| in_touch(how, &who));
                let on = day.map_or_else(String::new, |day| format!(" on {day}"));
                let about = what.map_or_else(String::new, |what| format!(": {what}"));
                format!("{verb} {did}{on}{about}")
            } else {
                let what: Vec<String> = row
                    .columns
                    .iter()
                    .map(|(column, (old, new))| {
                        format!("{column} from {} to {}", or_nothing(*old), or_nothing(*new))
                    })
                    .collect();
                format!("changed the entry {item} about {who}: {}", what.join(", "))
            })
        }
        "pause" => {
            let who =
                number(row.says("contact_id")).or(row.contact).map_or_else(|| "everybody".to_owned(), name);
            Some(of_pause(row, &who))
        }
        "intention" => {
            let who = number(row.says("contact_id")).or(row.contact).map_or_else(String::new, name);
            aims::of_intention(row, &who)
        }
        "introduction" => {
            let [to, through] = ["contact_id", "through_id"].map(|id| number(row.says(id)));
            let to = to.or(row.contact).map_or_else(String::new, name);
            Some(aims::of_introduction(row, &to, through.map(name).as_deref()))
        }
        "memo" => {
            let who = number(row.says("contact_id")).or(row.contact).map_or_else(String::new, name);
            let what = row.says("what").map_or_else(String::new, one_line);
            let kind: Option<memo::Kind> = row.says("kind").and_then(|kind| kind.parse().ok());
            let of = kind.map_or_else(|| format!("of {who}"), |kind| memo::of(kind, &who));
            let verb = if row.came("kind") {
                "noted"
            } else if row.went("kind") {
                "forgot"
            } else {
                "changed"
            };
            Some(format!("{verb} {of}: {what}"))
        }
        "goal" => aims::of_goal(item, row),
        "occasion" => aims::of_occasion(row),
        "review" => match (row.was("decision"), row.is("decision")) {
            (_, Some(_)) if row.came("contact_id") => {
                let pair = [row.says("contact_id"), row.says("twin_id")];
                let [a, b] = pair.map(|id| number(id).map_or_else(String::new, name));
                Some(format!("noted that {a} and {b} are two people"))
            }
            (_, Some(decision)) => Some(format!("decided review {item}: {decision}")),
            (Some(_), None) => Some(format!("took the decision of review {item} back")),
            (None, None) => None,
        },
        "merged" => {
            let part = number(Some(item)).map_or_else(String::new, name);
            let winner = |text| number(text).map_or_else(String::new, name);
            Some(match (row.was("winner"), row.is("winner")) {
                (_, Some(new)) => format!("merged {part} (id {item}) into {}", winner(Some(new))),
                (Some(old), None) => format!("split {part} (id {item}) from {}", winner(Some(old))),
                (None, None) => return None,
            })
        }
        _ => {
            let [from, to] = [row.was("contact_id"), row.is("contact_id")];
            let [from, to] = [from, to].map(|id| number(id).map_or_else(String::new, name));
            Some(format!("gave card {item} of {from} to {to}, a person of its own"))
        }
    }
}

fn of_pause(row: &Row<'_>, who: &str) -> String {
    let why = row.says("why").and_then(|why| why.parse().ok()).unwrap_or(Why::Pause);
    let day = |text: Option<&str>| text.and_then(|text| text.parse().ok());
    if row.came("from_day") || row.went("from_day") {
        let word = participle(why);
        let told = match (day(row.says("from_day")), day(row.says("until_day"))) {
            (Some(from), Some(until)) => in_words(why, from, until),
            _ => word.to_owned(),
        };
        return if row.went("from_day") {
            format!("took back the {why} of {who}{}", told.trim_start_matches(word))
        } else {
            format!("{word} {who}{}", told.trim_start_matches(word))
        };
    }
    match (day(row.was("until_day")), day(row.is("until_day"))) {
        (Some(was), Some(is)) => {
            format!("moved the last day on which {who} is left alone from {} to {}", spoken(was), spoken(is))
        }
        _ => format!("changed for how long {who} is left alone"),
    }
}

fn or_nothing(text: Option<&str>) -> String {
    text.map(one_line).filter(|text| !text.is_empty()).unwrap_or_else(|| "nothing".to_owned())
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
mod tests {
    use super::*;

    /// Field, item, old value, new value.
    type Row = (&'static str, Option<&'static str>, Option<&'static str>, Option<&'static str>);

    fn told(entries: &[Row]) -> Vec<String> {
        let entries: Vec<Entry> = entries
            .iter()
            .map(|(field, item, old, new)| Entry {
                contact: Some(PersonId(1)),
                field: (*field).into(),
                item: item.map(Into::into),
                old: old.map(Into::into),
                new: new.map(Into::into),
            })
            .collect();
        account(&entries, &|id| {
            ["", "Anna", "Bert"].get(usize::try_from(id.0).unwrap()).map_or("?", |n| n).into()
        })
    }

    #[test]
    fn a_column_that_was_set_again_is_told_in_words() {
        for (field, words) in [
            ("title", Some("the title of Anna, which was set again")),
            ("archived_at", Some("whether Anna is archived, which was decided again")),
            ("email", None),
        ] {
            assert_eq!(column_of(field, "Anna").as_deref(), words);
        }
    }

    #[test]
    fn what_was_done_is_told_in_words() {
        let name = Some("Anna");
        for (entries, words) in [
            (
                &[
                    ("name", None, None, name),
                    ("kind", None, None, Some("person")),
                    ("circle", None, None, Some("close")),
                ][..],
                &["added Anna", "set the circle of Anna to close"][..],
            ),
            (
                &[("circle", None, Some("friends"), Some("close"))],
                &["changed the circle of Anna from friends to close"],
            ),
            (&[("title", None, Some("CTO"), None)], &["took the title of Anna away (CTO)"]),
            (&[("archived_at", None, None, Some("2026-11-23T08:00:00Z"))], &["archived Anna"]),
            (
                &[("archived_at", None, Some("2026-11-23T08:00:00Z"), None)],
                &["brought Anna back from the archive"],
            ),
            (&[("email", None, None, Some("a@a.example"))], &["added the email a@a.example to Anna"]),
            (&[("phone", None, Some("1"), None)], &["took the telephone number 1 from Anna"]),
            (
                &[("email.label", Some("a@a.example"), Some("home"), Some("work"))],
                &["changed the label of the email a@a.example of Anna from home to work"],
            ),
            (
                &[
                    ("interaction.contact_id", Some("7"), None, Some("1")),
                    ("interaction.day", Some("7"), None, Some("2026-11-23")),
                    ("interaction.how", Some("7"), None, Some("met")),
                    ("interaction.what", Some("7"), None, Some("viola")),
                ],
                &["logged that you met Anna on 23 November 2026: viola"],
            ),
            (
                &[
                    ("interaction.contact_id", Some("7"), Some("1"), None),
                    ("interaction.day", Some("7"), Some("2026-11-23"), None),
                ],
                &["deleted the entry that you were in touch with Anna on 23 November 2026"],
            ),
            (
                &[("interaction.what", Some("7"), Some("a"), Some("b"))],
                &["changed the entry 7 about Anna: what from a to b"],
            ),
            (
                &[
                    ("pause.from_day", Some("1"), None, Some("2026-12-24")),
                    ("pause.until_day", Some("1"), None, Some("2026-12-31")),
                ],
                &["paused Anna from 24 December 2026 to 31 December 2026, back on 1 January 2027"],
            ),
            (
                &[("pause.until_day", Some("1"), Some("2026-12-31"), Some("2027-01-03"))],
                &["moved the last day on which Anna is left alone from 31 December 2026 to 3 January 2027"],
            ),
            // A skip takes the place of the snooze before it, and is what was done.
            (
                &[
                    ("pause.from_day", Some("1"), Some("2026-12-24"), None),
                    ("pause.until_day", Some("1"), Some("2026-12-30"), None),
                    ("pause.why", Some("1"), Some("snooze"), None),
                    ("pause.from_day", Some("2"), None, Some("2026-12-24")),
                    ("pause.until_day", Some("2"), None, Some("2026-12-31")),
                    ("pause.why", Some("2"), None, Some("skip")),
                ],
                &[
                    "skipped Anna, back on 1 January 2027",
                    "took back the snooze of Anna, back on 31 December 2026",
                ],
            ),
            (&[("review.decision", Some("3"), None, Some("different"))], &["decided review 3: different"]),
            (&[("merged.winner", Some("2"), None, Some("1"))], &["merged Bert (id 2) into Anna"]),
            (&[("merged.winner", Some("2"), Some("1"), None)], &["split Bert (id 2) from Anna"]),
            (
                &[("card.contact_id", Some("9"), Some("1"), Some("2"))],
                &["gave card 9 of Anna to Bert, a person of its own"],
            ),
            (&[("note", None, None, Some("a\nb"))], &["set the note of Anna to a b"]),
            (
                &[(
                    CIRCLE,
                    Some("climbing"),
                    None,
                    Some("[circles.climbing]\nideal = '30d'\nlatest = '60d'"),
                )],
                &["made the circle climbing in kith.toml: 30 days, at the latest 60 days"],
            ),
            (
                &[(CIRCLE, Some("close"), Some(""), Some("[circles.close]\nideal = '1w'\nchannel = 'call'"))],
                &[
                    "set the circle close in kith.toml to 1 week, at the latest 8 weeks, call (it was 4 weeks, at the latest 8 weeks)",
                ],
            ),
            (&[(CIRCLE, Some("close"), Some(""), Some("["))], &["set the circle close in kith.toml"]),
            (
                &[(ADDRESS, None, None, None)],
                &["made the feed a new address, which stays: the one before was given up"],
            ),
        ] {
            assert_eq!(told(entries), words, "{entries:?}");
        }
    }
}
