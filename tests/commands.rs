//! Every command as its user meets it: what it says, whole, for the main cases.
//!
//! Each command here is given a pretended day ([`TODAY`]), so that the words do
//! not depend on the day the tests run.

mod addresses;
mod afterwards;
mod assumptions;
mod circles;
mod contradicting;
mod daily;
mod daily_people;
mod daily_recall;
mod dates;
mod details;
mod editing;
mod empty_home;
mod examples;
mod exporting;
mod free_days;
mod goals;
mod help;
mod importing;
mod imports;
mod intentions;
mod introductions;
mod ladder;
mod merging;
mod mistakes;
mod people;
mod planning;
mod plugin_rules;
mod plugins;
mod preparing;
mod progress;
mod provenance;
mod rehearsals;
mod related;
mod reviewing;
mod setup;
mod setup_failure;
mod setup_folders;
mod setup_linger;
mod sheets;
mod shell;
mod simulating;
mod sorting;
mod splitting;
mod tactful;
mod terminal;
mod undoing;
mod widths;

use std::path::PathBuf;

use crate::support::Home;

/// The pretended day: a Monday.
pub(crate) const TODAY: &str = "2026-11-23";

/// A file of tests/fixtures/commands.
pub(crate) fn fixture(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../tests/fixtures/commands")).join(name)
}

/// A file of plugins/examples.
pub(crate) fn example_plugin(name: &str) -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../plugins/examples")).join(name)
}

/// A home into which a phone's address book was imported.
pub(crate) fn with_phone() -> Home {
    let home = Home::new();
    import(&home, &["phone.vcf"]);
    home
}

/// Imports files of tests/fixtures/commands.
pub(crate) fn import(home: &Home, names: &[&str]) {
    let paths: Vec<String> = names.iter().map(|name| fixture(name).display().to_string()).collect();
    let words: Vec<&str> =
        ["import", "--today", TODAY].into_iter().chain(paths.iter().map(String::as_str)).collect();
    home.kith(&words).succeeds();
}

/// The words of a command line; double quotes hold words together.
pub(crate) fn words(line: &str) -> Vec<String> {
    line.split('"')
        .enumerate()
        .flat_map(|(at, part)| match at % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

/// Runs `kith` with the words of `line` on [`TODAY`], if it names no day of its
/// own, and gives all it says, with the exit code if that is not 0.
pub(crate) fn say(home: &Home, line: &str) -> String {
    say_in(home, line, "80")
}

/// The same on a terminal of another width.
fn say_in(home: &Home, line: &str, columns: &str) -> String {
    let mut words = words(line);
    if !words.iter().any(|word| word == "--today") {
        words.extend(["--today".to_owned(), TODAY.to_owned()]);
    }
    let output = home.command().env("COLUMNS", columns).args(&words).output().unwrap();
    let mut said = String::from_utf8(output.stdout).unwrap();
    said += &String::from_utf8(output.stderr).unwrap();
    if let Some(code) = output.status.code().filter(|code| *code != 0) {
        said += &format!("[exit {code}]\n");
    }
    said.replace(&home.path().display().to_string(), "~")
}

/// As [`say`], for a plan that owes nothing to the real day's: nothing was published yet.
pub(crate) fn say_afresh(home: &Home, line: &str) -> String {
    home.sql("DELETE FROM follow_up");
    say(home, line)
}

/// As [`say`], where it tells of real times: they are `NN:NN`, whatever the clock says.
pub(crate) fn say_when(home: &Home, line: &str) -> String {
    // Wide, or the length of a day's name would decide where lines break.
    let said = say_in(home, line, "160");
    let mut told = String::new();
    let mut rest = said.as_str();
    while let Some((before, after)) = rest.split_once(" at ") {
        let is_time = after.get(..5).is_some_and(|time| time.as_bytes()[2] == b':');
        if is_time {
            let words: Vec<&str> = before.rsplitn(5, ' ').collect();
            let named = ["today", "yesterday"].iter().find(|day| words[0].ends_with(**day));
            let cut = named.map_or_else(
                || words[..4].iter().map(|word| word.len() + 1).sum::<usize>() - 1,
                |day| day.len(),
            );
            told += &before[..before.len() - cut];
            told += "on DAY at NN:NN";
            rest = &after[5..];
        } else {
            told += before;
            told += " at ";
            rest = after;
        }
    }
    told + rest
}

/// The plan's people and days on some day, from the facts alone.
pub(crate) fn planned(home: &Home, today: &str, days: &str) -> Vec<(String, String, String)> {
    home.sql("DELETE FROM follow_up");
    let plan = home.json(&["plan", "--days", days, "--today", today]);
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    plan.as_array()
        .unwrap()
        .iter()
        .map(|entry| (text(&entry["day"]), text(&entry["name"]), text(&entry["kind"])))
        .collect()
}

/// The names of the plan of the next 60 days, sorted.
pub(crate) fn planned_names(home: &Home) -> Vec<String> {
    let mut names: Vec<String> = planned(home, TODAY, "60").into_iter().map(|(_, name, _)| name).collect();
    names.sort();
    names
}

/// A contact as `kith list --json` tells of it.
#[track_caller]
pub(crate) fn listed(home: &Home, name: &str) -> serde_json::Value {
    let list = home.json(&["list", "--today", TODAY]);
    let found: Vec<_> = list.as_array().unwrap().iter().filter(|c| c["name"] == name).collect();
    assert_eq!(found.len(), 1, "{name}: {list:#}");
    found[0].clone()
}
