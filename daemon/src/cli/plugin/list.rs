//! `kith plugin list`

use std::io::Write;

use serde_json::{Value, json};

use crate::cli::screen::{self, wrapped};
use crate::cli::{Done, joined};
use crate::importer::{Importer, Importers, Manifest, Origin, Rival, becomes};
use crate::paths::Paths;

pub(super) fn run(paths: &Paths, as_json: bool) -> Done {
    let importers = Importers::of(paths);
    if as_json {
        let all = importers.iter().map(|importer| {
            let why_not = becomes(importer).err();
            json!({
                "name": importer.manifest.name,
                "manifest": manifest(importer),
                "extensions": importer.manifest.extensions,
                "sniff": importer.manifest.sniff,
                "tries": importer.manifest.tries,
                "readable": importer.manifest.readable,
                "processes": importer.manifest.limits.processes,
                "runs": why_not.is_none(),
                "why_not": why_not.map(|error| error.message().to_owned()),
            })
        });
        screen::print_json(&Value::Array(all.collect()))?;
    } else {
        let mut out = screen::out();
        for importer in importers.iter() {
            let from = manifest(importer).unwrap_or_else(|| "built in".to_owned());
            writeln!(out, "{}: {from}", importer.manifest.name)?;
            write!(out, "{}", wrapped(&format!("reads {}", reads(importer)), 2))?;
            for (ending, Rival { name, takes_all }) in importers.rivals(importer) {
                let left = if takes_all { "nothing" } else { "only what begins otherwise than there" };
                let told = format!("of .{ending} it gets {left}: {name} comes first");
                write!(out, "{}", wrapped(&told, 2))?;
            }
            if let Some(grants) = importer.manifest.grants() {
                write!(out, "{}", wrapped(&grants, 2))?;
            }
            if let Err(error) = becomes(importer) {
                write!(out, "{}", wrapped(&format!("cannot run: {error}"), 2))?;
            }
        }
    }
    for problem in importers.problems() {
        screen::tell("Warning", problem)?;
    }
    Ok(())
}

/// The path of its manifest, if it is not part of kith.
pub(super) fn manifest(importer: &Importer) -> Option<String> {
    match &importer.origin {
        Origin::BuiltIn => None,
        Origin::Plugin { manifest, .. } => Some(manifest.display().to_string()),
    }
}

/// The first bytes of a file as they can be read: `"BEGIN:VCARD…"`, `"PK" 03 04…`.
fn start(sniff: &str) -> String {
    let text = sniff.split(|c: char| c.is_control() && !c.is_whitespace()).next().unwrap_or_default();
    let bytes: String = sniff.bytes().skip(text.len()).map(|byte| format!(" {byte:02x}")).collect();
    let mut shown = String::new();
    for c in text.chars() {
        match c {
            c if !c.is_whitespace() => shown.extend(c.escape_debug()),
            _ if shown.ends_with(' ') => {}
            _ => shown.push(' '),
        }
    }
    if bytes.is_empty() { format!("\"{shown}…\"") } else { format!("\"{shown}\"{bytes}…") }
}

/// `.vcf, .vcard, "BEGIN:VCARD…"; tries .txt`
fn reads(importer: &Importer) -> String {
    let Manifest { extensions, sniff, tries, .. } = &importer.manifest;
    let ending =
        |own: &String| if own.is_empty() { "names without one".to_owned() } else { format!(".{own}") };
    let starts = sniff.iter().map(|sniff| start(sniff));
    let mut reads: Vec<String> = extensions.iter().map(ending).chain(starts).collect();
    // Some differ in white space alone.
    reads.dedup();
    let tries: Vec<String> = tries.iter().map(ending).collect();
    let tries = if tries.is_empty() { String::new() } else { format!("; tries {}", joined(&tries)) };
    format!("{}{tries}", reads.join(", "))
}
