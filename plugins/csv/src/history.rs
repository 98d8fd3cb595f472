//! Exports of messages and invitations: who was in touch with whom. What was
//! written is never read, and neither are rows kept as they stood.
//!
//! Of such a file an interaction a day, sender and receivers comes out, which
//! is at the earliest of its messages: a day that was exported at noon is the
//! same one when it is exported again. What the files of a service look like is
//! data (config/csv/history).

mod columns;
mod gathered;

use std::collections::BTreeMap;
use std::sync::LazyLock;

use kith_plugin::{Failure, Output, Part};
use serde::Deserialize;

use crate::decode::Utf8Reader;
use crate::dialect::{header_key, header_keys};
use crate::encoding;
use crate::header::DELIMITERS;
use crate::rows::{Next, Rows};
use columns::{Columns, Reading};
use gathered::Gathered;

/// The files of all services.
const SHIPPED: [(&str, &str); 2] = [
    ("linkedin-messages.toml", include_str!("../../../config/csv/history/linkedin-messages.toml")),
    ("linkedin-invitations.toml", include_str!("../../../config/csv/history/linkedin-invitations.toml")),
];

/// What the export of a service looks like.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Dialect {
    /// Names of columns; a header that has them all is of the dialect.
    recognise: Vec<String>,
    /// What the history says that it was.
    subject: String,
    /// Who wrote.
    from: Who,
    /// To whom; several are separated by commas.
    to: Who,
    when: When,
    /// The column that says whether the user wrote; where there is none, the
    /// one profile that has part in every row is the user's.
    direction: Option<Direction>,
    /// Which rows are left out.
    #[serde(default)]
    leave_out: Vec<LeaveOut>,
}

/// The columns that say who somebody is.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Who {
    name: String,
    /// The address of the profile.
    profile: String,
}

/// The column that says when.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct When {
    header: String,
    /// How it is written, in the words of strptime(3).
    format: String,
    /// Whether it is in UTC. What is of no known time zone counts by its day.
    #[serde(default)]
    is_utc: bool,
}

/// The column that says whether the user wrote, or somebody to the user.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Direction {
    header: String,
    by_user: String,
    to_user: String,
}

/// Rows that are left out.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct LeaveOut {
    header: String,
    /// Its values in such rows.
    values: Vec<String>,
    /// What they are, in the plural.
    because: String,
}

/// A file of one of the dialects.
pub(crate) struct Found {
    dialect: &'static Dialect,
    delimiter: u8,
    header: Vec<String>,
}

/// The dialect of the file that begins with `head`, which is decoded; none if it is no such file.
///
/// # Errors
/// If a dialect is wrong, which is a fault of the program.
pub(crate) fn find(head: &[u8]) -> Result<Option<Found>, Failure> {
    let dialects = shipped().map_err(|error| {
        Failure::input(error.clone()).hint("this is a fault of the program: report it, please")
    })?;
    let line = head.split(|byte| *byte == b'\n').next().unwrap_or_default();
    for delimiter in DELIMITERS {
        let mut rows = Rows::of_text(line.to_vec(), delimiter);
        let Next::Row(row) = rows.next()? else { continue };
        let header = header_keys(row.cells());
        let has = |name: &String| header.contains(&header_key(name));
        if let Some(dialect) = dialects.iter().find(|dialect| dialect.recognise.iter().all(has)) {
            return Ok(Some(Found { dialect, delimiter, header }));
        }
    }
    Ok(None)
}

fn shipped() -> Result<&'static [Dialect], &'static String> {
    static DIALECTS: LazyLock<Result<Vec<Dialect>, String>> = LazyLock::new(|| {
        let parse = |(file, text)| toml::from_str(text).map_err(|error| format!("{file}: {error}"));
        SHIPPED.into_iter().map(parse).collect()
    });
    DIALECTS.as_deref()
}

/// Reads the file and writes what came out.
///
/// # Errors
/// If reading or writing fails.
pub(crate) fn import(
    found: &Found,
    source: Utf8Reader<'_, &mut Part<'_>>,
    head: Vec<u8>,
    out: &mut Output<'_>,
) -> Result<(), Failure> {
    let columns = Columns::new(found.dialect, &found.header);
    let mut rows = Rows::new(source, head, found.delimiter);
    rows.next()?;
    rows.expect_width(found.header.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1));
    let mut gathered = Gathered::default();
    let mut left_out: BTreeMap<&str, u64> = BTreeMap::new();
    loop {
        let mut skipped = None;
        match rows.next()? {
            Next::Row(row) => match columns.read(&row) {
                Reading::Message(message) => gathered.add(row.line, message),
                Reading::LeftOut(because) => *left_out.entry(because).or_default() += 1,
                Reading::Unreadable(reason) => skipped = Some((row.line, reason)),
            },
            Next::Unreadable { line, reason } => skipped = Some((line, reason)),
            Next::End => break,
        }
        if let Some((line, reason)) = skipped {
            out.skipped(rows.source().source().place(line), reason)?;
        }
        out.progress(rows.source().source().read_so_far())?;
    }
    let part = rows.source().source();
    gathered.tell(found.dialect.direction.is_none(), &found.dialect.subject, part, out)?;
    for (because, rows) in left_out {
        let rows = if rows == 1 { "1 row".to_owned() } else { format!("{rows} rows") };
        out.skipped(part.place(0), format!("{rows} of {because}"))?;
    }
    if let Some(guessed) = rows.source().guessed() {
        out.note(encoding::of_guess(guessed));
    }
    Ok(())
}
