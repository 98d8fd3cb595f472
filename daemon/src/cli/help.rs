//! `kith help`: of a concept, or of a command.

use std::io::Write;

use clap::Command;

use super::Done;
use super::screen::{out, wrapped};
use crate::error::Error;

/// Explain a concept, or a command.
///
/// The concepts are circles, clock, comfort, promises, review, budget, people, dates, goals and introductions.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith help clock\n  kith help circle assign")]
pub(super) struct Args {
    /// A concept, or a command.
    #[arg(value_name = "TOPIC")]
    words: Vec<String>,
}

/// Each concept with what is to be said of it: one screen, one line a paragraph.
const TOPICS: [(&str, &str); 10] = [
    ("circles", include_str!("help/circles.txt")),
    ("clock", include_str!("help/clock.txt")),
    ("comfort", include_str!("help/comfort.txt")),
    ("promises", include_str!("help/promises.txt")),
    ("review", include_str!("help/review.txt")),
    ("budget", include_str!("help/budget.txt")),
    ("people", include_str!("help/people.txt")),
    ("dates", include_str!("help/dates.txt")),
    ("goals", include_str!("help/goals.txt")),
    ("introductions", include_str!("help/introductions.txt")),
];

/// The names of the concepts.
pub(super) fn topics() -> impl Iterator<Item = &'static str> {
    TOPICS.iter().map(|(name, _)| *name)
}

pub(super) fn run(args: &Args, kith: Command) -> Done {
    let topic = match args.words.as_slice() {
        [word] => TOPICS.iter().find(|(name, _)| name == word),
        _ => None,
    };
    if let Some((_, text)) = topic {
        out().write_all(shown(text).as_bytes())?;
    }
    if args.words.iter().try_fold(&kith, |command, word| command.find_subcommand(word)).is_some() {
        if topic.is_some() {
            writeln!(out(), "\nThe command:\n")?;
        }
        return of_command(&args.words, kith);
    }
    if topic.is_some() {
        return Ok(());
    }
    let all: Vec<&str> = topics().collect();
    Err(Error::usage(format!("there is neither a concept nor a command {:?}", args.words.join(" ")))
        .hint(format!("the concepts are {}; kith --help lists the commands", all.join(", ")))
        .into())
}

/// Prints what `kith WORDS --help` does.
fn of_command(words: &[String], kith: Command) -> Done {
    let asked = ["kith"].into_iter().chain(words.iter().map(String::as_str)).chain(["--help"]);
    match kith.try_get_matches_from(asked) {
        Err(help) => Ok(help.print()?),
        Ok(_) => Ok(()),
    }
}

/// A text in lines that fit the screen; what is indented stays so, and so does
/// what stands in a second column.
fn shown(text: &str) -> String {
    let mut shown = String::new();
    for line in text.lines() {
        // A command stays in one piece, so that it can be copied.
        if line.is_empty() || line.starts_with("  kith ") {
            shown.push_str(line);
            shown.push('\n');
            continue;
        }
        let rest = line.trim_start();
        let indent = line.len() - rest.len();
        // The second column of a list, if it is too long for its line.
        let column = rest.find("  ").map(|at| at + rest[at..].len() - rest[at..].trim_start().len());
        match column.filter(|_| indent > 0) {
            Some(column) => {
                let explained = wrapped(&rest[column..], indent + column);
                let first = explained.get(indent + column..).unwrap_or_default();
                shown.push_str(&line[..indent + column]);
                shown.push_str(first);
            }
            None => shown.push_str(&wrapped(rest, indent)),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::facts::Comfort;
    use crate::core::settings::{DEFAULTS, Settings};

    fn text(topic: &str) -> &'static str {
        TOPICS.iter().find(|(name, _)| *name == topic).unwrap().1
    }

    #[test]
    fn the_numbers_are_those_of_the_defaults() {
        let settings = Settings::parse(DEFAULTS).unwrap();
        let circles = text("circles");
        for (name, cadence) in &settings.circles {
            let row = format!("  {name:<10}  {:<8}  {}\n", cadence.ideal.to_string(), cadence.latest);
            assert!(circles.contains(&row), "{row}");
        }
        let budget = text("budget");
        let asked = format!(
            "at most {} people a day and {} a week",
            settings.budget.per_day, settings.budget.per_week
        );
        assert!(budget.contains(&asked), "{asked}");
        assert!((settings.budget.shared - 0.2).abs() < 1e-9 && budget.contains("Two of every ten places"));
        let days: Vec<String> = settings.budget.weekdays.iter().map(|day| format!("{day:?}")).collect();
        assert_eq!(days, ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday"]);
        assert!(budget.contains("from Monday to Friday"));
        assert!(text("comfort").contains(&format!("or {} from now", Comfort::NOT_NOW)));
        assert!(text("review").contains(&format!("on {:?}s", settings.feed.review)));
    }

    #[test]
    fn each_is_one_screen() {
        for (name, text) in TOPICS {
            let shown = shown(text);
            assert!(shown.lines().count() <= 30, "{name}:\n{shown}");
            for line in shown.lines() {
                assert!(line.chars().count() <= 100, "{name}: {line}");
            }
        }
    }
}
