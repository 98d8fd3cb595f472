//! What was done with goals and occasions, in words.

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
