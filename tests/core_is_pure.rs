//! The core does no I/O, reads no clock and knows nothing of the shell around it.

use std::fs;
use std::path::{Path, PathBuf};

/// What would make the core depend on anything but its arguments.
const FORBIDDEN: [&str; 18] = [
    "std::fs",
    "std::io",
    "std::net",
    "std::env",
    "std::process",
    "std::time",
    "std::thread",
    "std::os",
    "tokio",
    "rusqlite",
    "async ",
    ".await",
    "Zoned::now",
    "Timestamp::now",
    "TimeZone::system",
    "println",
    "tracing",
    "static mut",
];

/// What is forbidden in a source of the core, with the line.
fn impurities(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in (1..).zip(source.lines()) {
        // Comments may speak of anything.
        let code = line.split("//").next().unwrap_or_default();
        // An address is a value like any other.
        let code = code.replace("std::net::SocketAddr", "");
        let mut say = |what: &str| found.push(format!("line {number}: {what}"));
        FORBIDDEN.iter().filter(|word| code.contains(**word)).for_each(|word| say(word));
        for path in code.split("crate::").skip(1) {
            if !path.starts_with("core::") && !path.starts_with("core;") {
                let end = path.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(path.len());
                say(&format!("crate::{}", &path[..end]));
            }
        }
        // Above the core, by relative path; within it one `super` per level suffices.
        if code.contains("super::super::super") {
            say("super::super::super");
        }
    }
    found
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            all.push(path);
        }
    }
    all
}

#[test]
fn the_core_is_a_function_of_its_arguments() {
    let core = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/core");
    let sources = sources(&core);
    assert!(sources.len() > 10, "{} sources in {}", sources.len(), core.display());
    let found: Vec<String> = sources
        .iter()
        .flat_map(|path| {
            let name = path.strip_prefix(&core).unwrap().display().to_string();
            impurities(&fs::read_to_string(path).unwrap())
                .into_iter()
                .map(move |what| format!("core/{name}, {what}"))
        })
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn what_is_impure_is_found() {
    for (line, what) in [
        ("use std::fs::File;", "std::fs"),
        ("let now = jiff::Zoned::now();", "Zoned::now"),
        ("use crate::store::Store;", "crate::store"),
        ("async fn f() {}", "async "),
        ("let text = crate::paths::x(crate::core::y());", "crate::paths"),
    ] {
        assert_eq!(impurities(line), [format!("line 1: {what}")]);
    }
    assert!(impurities("// std::fs is for others\nuse crate::core::date::spoken;").is_empty());
}
