//! `kith plugin run`

use std::io::{self, Write};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;

use crate::cli::{Done, named, screen};
use crate::error::Error;
use crate::importer::{Event, Host, Importers, Input, OwnBinary};
use crate::paths::Paths;

pub(super) fn run(paths: &Paths, word: &str, path: &Path, as_json: bool) -> Done {
    let importer = super::importer(paths, word)?;
    let file = named::open(path, u64::MAX, paths.data_folder())?;
    let name = named::name(path);
    let host = Host::new(OwnBinary::open()?, paths.data_folder().to_owned());
    let reads = Importers::of(paths).endings();
    let config_folder = paths.config_folder();
    let (me, today) = super::told(paths)?;
    let (archive, encoding, reads, me) = (None, None, &reads, &me);
    let input = Input { file: &file, name: &name, archive, encoding, config_folder, reads, me, today };
    // Each line is shown as it comes, so that of one that goes wrong there is all until then.
    let mut shown = Ok(());
    let mut number = 0;
    let stop = AtomicBool::new(false);
    let came = host.import(&importer, input, &stop, &mut |event| {
        if let Event::Line(line) = event
            && shown.is_ok()
        {
            number += 1;
            shown = if as_json { data(line) } else { people(number, line) };
            // Who has seen enough (`| head`) waits for nothing more.
            stop.store(shown.is_err(), Ordering::Relaxed);
        }
    });
    shown?;
    came.map_err(Error::from)?;
    Ok(())
}

/// A message as one line, with what commands a terminal escaped.
fn data(line: &[u8]) -> io::Result<()> {
    match serde_json::from_slice::<Value>(line) {
        Ok(value) => screen::print_json_line(&value),
        // The error that ends the conversation says so.
        Err(_) => Ok(()),
    }
}

fn people(number: u64, line: &[u8]) -> io::Result<()> {
    let mut out = screen::out();
    let Ok(Value::Object(mut message)) = serde_json::from_slice(line) else {
        return writeln!(out, "{number}: {}", String::from_utf8_lossy(line));
    };
    let kind = message.remove("type").unwrap_or_default();
    let at = message.remove("at").unwrap_or_default();
    let place = at["line"]
        .as_u64()
        .filter(|&line| line > 0)
        .map_or_else(String::new, |line| format!(" of line {line}"));
    writeln!(out, "{number}: {}{place}", kind.as_str().unwrap_or_default())?;
    let mut rows = Vec::new();
    leaves("", &Value::Object(message), &mut rows);
    for (path, text) in rows {
        let text = text.trim_end_matches('\n').replace('\t', "\\t").replace('\n', "\n    ");
        write!(out, "{}", screen::wrapped(&format!("{path}: {text}"), 3))?;
    }
    Ok(())
}

/// What a value holds, each with the way there: `emails[0].address`.
fn leaves(path: &str, value: &Value, rows: &mut Vec<(String, String)>) {
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                let dot = if path.is_empty() { "" } else { "." };
                leaves(&format!("{path}{dot}{key}"), value, rows);
            }
        }
        Value::Array(values) => {
            for (at, value) in values.iter().enumerate() {
                leaves(&format!("{path}[{at}]"), value, rows);
            }
        }
        Value::String(text) => rows.push((path.to_owned(), text.clone())),
        other => rows.push((path.to_owned(), other.to_string())),
    }
}
