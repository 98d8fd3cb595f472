//! What was done with goals, occasions and introductions, in words.

use super::beside::Row;
use super::one_line;
use crate::core::date::spoken;

/// What was done with a goal.
pub(super) fn of_goal(item: &str, row: &Row<'_>) -> Option<String> {
    let goal = row
        .says("what")
        .map_or_else(|| format!("goal {item}"), |what| format!("the goal {}", one_line(what)));
    if row.came("what") {
        let until = row.is("until_day").and_then(|day| day.parse().ok()).map(spoken);
        return Some(format!("noted {goal}{}", until.map_or_else(String::new, |day| format!(" (by {day})"))));
    }
    if row.went("what") {
        return Some(format!("deleted {goal}"));
    }
    Some(match row.is("outcome") {
        Some("reached") => format!("noted as reached {goal}"),
        Some("let-go") => format!("let go {goal}"),
        Some(_) => format!("ended {goal}"),
        None if row.was("outcome").is_some() => format!("took up again {goal}"),
        None => format!("changed {goal}"),
    })
}

/// What was done with an occasion.
pub(super) fn of_occasion(row: &Row<'_>) -> Option<String> {
    let name = row
        .says("name")
        .map_or_else(|| "an occasion".to_owned(), |name| format!("the occasion {}", one_line(name)));
    let day = row
        .says("day")
        .and_then(|day| day.parse().ok())
        .map_or_else(String::new, |day| format!(" on {}", spoken(day)));
    Some(if row.came("name") {
        format!("noted {name}{day}")
    } else if row.went("name") {
        format!("forgot {name}{day}")
    } else {
        format!("changed {name}")
    })
}

/// What was done with an introduction.
pub(super) fn of_introduction(row: &Row<'_>, to: &str, through: Option<&str>) -> String {
    // A row that was only changed does not say whose it is.
    let is_mine = row.says("by_me") == Some("1");
    let thing = match through {
        Some(through) if is_mine => format!("the introduction of {through} to {to}"),
        Some(through) => format!("the introduction to {to} by {through}"),
        None => format!("the introduction to {to}"),
    };
    if row.came("through_id") {
        let what = row.is("what").map_or_else(String::new, |what| format!(": {}", one_line(what)));
        let next = if is_mine { "both to be asked" } else { "to be asked for" };
        return format!("noted {thing}, {next}{what}");
    }
    if row.went("through_id") {
        return format!("deleted {thing}");
    }
    // The last of them is how far it came.
    const STEPS: [(&str, &str); 7] = [
        ("looked_back_on", "looked back on"),
        ("thanked_on", "thanked for"),
        ("hello_on", "a first hello said after"),
        ("made_on", "made"),
        ("sent_on", "lines sent for"),
        ("agreed_on", "agreed to"),
        ("asked_on", "asked for"),
    ];
    if row.columns.contains_key("outcome") || row.columns.contains_key("ended_on") {
        return match row.is("outcome") {
            Some("declined") => format!("noted as declined {thing}"),
            Some(_) => format!("let go {thing}"),
            None => format!("opened again {thing}"),
        };
    }
    if row.came("to_agreed_on") {
        return format!("noted that {to} would like to be introduced");
    }
    if row.came("to_asked_on") {
        return format!("noted that {to} was asked whether they would like to be introduced");
    }
    let done: Vec<&str> =
        STEPS.iter().filter(|(column, _)| row.came(column)).map(|(_, word)| *word).rev().collect();
    match done.as_slice() {
        [] => format!("changed {thing}"),
        done => format!("noted as {} {thing}", done.join(", ")),
    }
}
