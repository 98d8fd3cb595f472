//! What was done with rows beside the contacts, in words.

use std::collections::BTreeMap;

use super::{aims, one_line};
use crate::core::date::spoken;
use crate::core::facts::PersonId;
use crate::core::how::{How, in_touch};
use crate::core::intention::{self, Aim, Outcome};
use crate::core::memo;
use crate::core::pause::{Why, in_words, participle};

/// What was changed of one row beside the contacts, by column.
#[derive(Default)]
pub(super) struct Row<'a> {
    /// Whose it is.
    pub(super) contact: Option<PersonId>,
    /// What each column was and is.
    pub(super) columns: BTreeMap<&'a str, (Option<&'a str>, Option<&'a str>)>,
}

impl<'a> Row<'a> {
    pub(super) fn was(&self, column: &str) -> Option<&'a str> {
        self.columns.get(column).and_then(|(old, _)| *old)
    }

    pub(super) fn is(&self, column: &str) -> Option<&'a str> {
        self.columns.get(column).and_then(|(_, new)| *new)
    }

    /// What the row says now, else what it said.
    pub(super) fn says(&self, column: &str) -> Option<&'a str> {
        self.is(column).or_else(|| self.was(column))
    }

    /// Whether the row came, by a column that it cannot be without.
    pub(super) fn came(&self, column: &str) -> bool {
        self.was(column).is_none() && self.is(column).is_some()
    }

    pub(super) fn went(&self, column: &str) -> bool {
        self.was(column).is_some() && self.is(column).is_none()
    }
}

/// Whether a table has rows that entries of the log are told of together.
pub(super) fn is_fact(table: &str) -> bool {
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

/// What was done with a row.
pub(super) fn of_row(
    table: &str,
    item: &str,
    row: &Row<'_>,
    name: &dyn Fn(PersonId) -> String,
) -> Option<String> {
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
            of_intention(row, &who)
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

fn of_intention(row: &Row<'_>, who: &str) -> Option<String> {
    let what = row.says("what").map_or_else(String::new, one_line);
    let aim: Option<Aim> = row.says("kind").and_then(|kind| kind.parse().ok());
    let of = aim.map_or_else(|| format!("what you mean to do with {who}"), |aim| intention::of(aim, who));
    let thing = format!("{of}: {what}");
    if row.came("kind") {
        let by = row.is("by_day").and_then(|day| day.parse().ok()).map(spoken);
        return Some(format!("noted {thing}{}", by.map_or_else(String::new, |by| format!(" (by {by})"))));
    }
    if row.went("kind") {
        return Some(format!("deleted {thing}"));
    }
    if row.columns.contains_key("outcome") || row.columns.contains_key("ended_on") {
        let outcome: Option<Outcome> = row.is("outcome").and_then(|text| text.parse().ok());
        let opened = row.is("outcome").is_none() && row.is("ended_on").is_none();
        return Some(match outcome {
            _ if opened => format!("opened again {thing}"),
            Some(Outcome::LetGo) => format!("let go {thing}"),
            Some(Outcome::Yes) => format!("noted a yes to {thing}"),
            Some(Outcome::No) => format!("noted a no to {thing}"),
            Some(Outcome::Done) | None => format!("noted as done {thing}"),
        });
    }
    if let Some(by) = row.is("by_day").and_then(|day| day.parse().ok()) {
        return Some(format!("changed {thing} (by {})", spoken(by)));
    }
    Some(format!("changed {thing}"))
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
