//! Reads the CSV exports of address books, and sheets made by hand.
//!
//! Bytes become text (`decode`, `encoding`), text becomes rows that know their line and
//! stand apart from their damaged neighbours (`rows`), the header chooses the
//! dialect (`header`, `dialect`), the dialect is tied to the file's columns
//! (`columns`), whose dates are looked at first (`order`, `date`), and each row
//! becomes a contact (`contact`). One row is in memory at a time, but for the
//! beginning (`LOOK_AHEAD`) of files with numeric dates.
//!
//! What an export looks like is data: see config/csv and docs/csv.md. For a
//! header that no dialect has, one is proposed (`propose`).
//!
//! Of files of messages, interactions come out instead (`history`).

mod columns;
mod contact;
mod date;
mod decode;
mod dialect;
mod encoding;
mod header;
mod history;
mod nobody;
mod order;
mod propose;
mod rows;

use std::collections::BTreeMap;
use std::io::{self, Read};

use kith_plugin::text::{counted, excerpt};
use kith_plugin::{Failure, Importer, Output, Part, Record};

use columns::Columns;
use decode::Utf8Reader;
use dialect::{Dialect, Own};
use encoding::Clues;
use header::Found;
pub use nobody::holds_nobody;
use rows::{Next, Rows};

/// How much decoded text is searched for the order of numeric dates: more than
/// 20,000 rows of most address books. A larger file would have to be read twice,
/// which a stream cannot be; and where so many dates leave the order open the
/// rest will hardly tell it.
const LOOK_AHEAD: usize = 4 << 20;

/// The importer of CSV files.
#[derive(Debug, Clone, Copy, Default)]
pub struct Csv;

impl Importer for Csv {
    const NAME: &'static str = "csv";

    fn import(&mut self, part: &mut Part<'_>, out: &mut Output<'_>) -> Result<(), Failure> {
        let shipped = dialect::shipped().map_err(|error| {
            Failure::input(error.to_string()).hint("this is a fault of the program: report it, please")
        })?;
        import(shipped, part, out)
    }
}

/// Checks a dialect file of the user's own.
///
/// # Errors
/// What is wrong with it, in a sentence that names the file and the place.
pub fn check_dialect(file: &str, text: &str) -> Result<(), String> {
    Dialect::parse(file, text).map(drop).map_err(|error| error.to_string())
}

fn import(shipped: &[Dialect], part: &mut Part<'_>, out: &mut Output<'_>) -> Result<(), Failure> {
    let options = &part.header().options;
    let own = Own::of_options(options);
    let is_of_archive = options.contains_key("archive");
    let stated = part.stated_encoding().map(encoding::named).transpose();
    let stated = stated.map_err(|none| Failure::input(none).hint("state one of these, or none"))?;
    let file_name = part.header().file_name.clone();
    let whole = part.place(0);
    let mut source = Utf8Reader::new(part, Clues { stated, own: &own.dialects, shipped });
    let mut head = Vec::new();
    while head.len() < header::HEAD && source.append_to(&mut head)? {}
    if let Some(found) = history::find(&head)? {
        return history::import(&found, source, head, out);
    }
    let found = header::find(&head, &own, shipped, &file_name, source.guessed())?;
    source.state(found.dialect.encoding);
    for error in &own.broken {
        out.skipped(whole, format!("{error}; it was passed over"))?;
    }
    let mut columns = Columns::new(found.dialect, &found.header);
    // What a dialect of the user's own says or leaves out they know.
    let is_shipped = shipped.iter().any(|dialect| std::ptr::eq(dialect, found.dialect));
    if is_shipped && is_of_archive && columns.are_names_alone() {
        return Err(Failure::input(
            "its columns say no more than a name, and among other files that may be the name of anything",
        )
        .hint("if it is a list of people, import it by itself"));
    }
    if columns.have_open_dates() {
        settle_dates(&mut columns, &found, &mut source, &mut head)?;
    }
    let mut rows = Rows::new(source, head, found.delimiter);
    for _ in 0..found.preamble_rows {
        rows.next()?;
    }
    let (header_text, names) = match rows.next()? {
        Next::Row(header) => (header.text.to_owned(), header.cells().map(str::to_owned).collect::<Vec<_>>()),
        _ => return Err(Failure::input("the header of the file cannot be read")),
    };
    // A separator behind the last name is no further column.
    let width = found.header.iter().rposition(|name| !name.is_empty()).map_or(0, |last| last + 1);
    rows.expect_width(width);
    let mut any = false;
    let mut left = BTreeMap::new();
    loop {
        match rows.next()? {
            Next::Row(row) => {
                let line = row.line;
                if is_shipped {
                    columns.count_left(&row, &mut left);
                }
                let answer = record(&columns, &header_text, &row);
                let at = rows.source().source().place(line);
                match answer {
                    Ok(record) => out.contact(Record { at, ..record })?,
                    Err(reason) => out.skipped(at, reason)?,
                }
            }
            Next::Unreadable { line, reason } => out.skipped(rows.source().source().place(line), reason)?,
            Next::End => break,
        }
        any = true;
        out.progress(rows.source().source().read_so_far())?;
    }
    if !any {
        out.note("there are no people in it: behind the names of the columns the file ends");
    }
    if let Some(note) = not_taken(&left, &names) {
        out.note(note);
    }
    if let Some(guessed) = rows.source().guessed() {
        out.note(encoding::of_guess(guessed));
    }
    Ok(())
}

/// Which columns were passed over although something stands in them, and in how many rows.
fn not_taken(left: &BTreeMap<usize, u64>, names: &[String]) -> Option<String> {
    /// As many are named.
    const MOST: usize = 20;
    let all: Vec<(String, u64)> =
        left.iter().filter_map(|(place, count)| Some((excerpt(names.get(*place)?), *count))).collect();
    let named = counted(&all, MOST)?;
    Some(format!(
        "these columns are not taken, and kept in the original rows: {named}; a dialect of your own takes them (docs/csv.md)"
    ))
}

/// Finds the order of numeric dates in the beginning of the file, which is read ahead into `head`.
fn settle_dates<R: Read>(
    columns: &mut Columns<'_>,
    found: &Found<'_>,
    source: &mut Utf8Reader<'_, R>,
    head: &mut Vec<u8>,
) -> io::Result<()> {
    let mut more = true;
    while more && head.len() < LOOK_AHEAD {
        more = source.append_to(head)?;
    }
    // A date that is cut off could be taken for another.
    let cut = if more { head.iter().rposition(|&byte| byte == b'\n') } else { None };
    let sample = head[..cut.unwrap_or(head.len())].to_vec();
    let mut rows = Rows::of_text(sample, found.delimiter);
    let mut seen = Vec::new();
    for number in 0.. {
        match rows.next()? {
            Next::Row(row) if number > found.preamble_rows => columns.see_dates(&mut seen, &row),
            Next::Row(_) | Next::Unreadable { .. } => {}
            Next::End => break,
        }
    }
    columns.settle_dates(&seen, found.language);
    Ok(())
}

/// The record of a row, or why it is none.
fn record(columns: &Columns<'_>, header: &str, row: &rows::Row<'_>) -> Result<Record, &'static str> {
    if row.cells().all(str::is_empty) {
        return Err("the row is empty");
    }
    if row.text == header {
        return Err("the row repeats the header");
    }
    let (contact, mut warnings) = columns.contact(row);
    if !contact.is_somebody() {
        return Err("the row has no name, organisation, email address or phone number");
    }
    if row.text.contains('\u{fffd}') {
        warnings.push("some characters are damaged in the file".to_owned());
    }
    if row.cleaned {
        warnings.push("control characters were left out; they stay in the original only".to_owned());
    }
    // A row means nothing without the names of its columns.
    let raw = [header, row.text].join("\n");
    Ok(Record { contact, raw, warnings, ..Record::default() })
}
