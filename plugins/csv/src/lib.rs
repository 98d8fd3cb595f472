//! Reads the CSV exports of address books.
//!
//! Bytes become text (`decode`), text becomes rows that know their line and
//! stand apart from their damaged neighbours (`rows`), the header chooses the
//! dialect (`header`, `dialect`), and the dialect's columns turn each row into
//! a contact (`columns`, `date`). One row is in memory at a time.
//!
//! What an export looks like is data: see config/csv.

mod columns;
mod date;
mod decode;
mod dialect;
mod header;
mod rows;

use kith_plugin::{Contact, Failure, Importer, Output, Part, Record};

use columns::Columns;
use decode::Utf8Reader;
use dialect::Dialect;
use rows::{Next, Rows};

/// The importer of CSV exports.
#[derive(Debug, Clone, Copy, Default)]
pub struct Csv;

impl Importer for Csv {
    const NAME: &'static str = "csv";

    fn import(&mut self, part: &mut Part<'_>, out: &mut Output<'_>) -> Result<(), Failure> {
        let dialects = dialect::shipped().map_err(|error| {
            Failure::input(error.to_string()).hint("this is a fault of the program: report it, please")
        })?;
        import(dialects, part, out)
    }
}

fn import(dialects: &[Dialect], part: &mut Part<'_>, out: &mut Output<'_>) -> Result<(), Failure> {
    let mut source = Utf8Reader::new(part);
    let mut head = Vec::new();
    while head.len() < header::HEAD && source.append_to(&mut head)? {}
    let found = header::find(&head, dialects)?;
    let mut rows = Rows::new(source, head, found.delimiter);
    for _ in 0..found.preamble_rows {
        rows.next()?;
    }
    let Next::Row(header) = rows.next()? else {
        return Err(Failure::input("the header of the file cannot be read"));
    };
    let header_text = header.text.to_owned();
    // A separator behind the last name is no further column.
    let width = (0..header.len()).rfind(|&at| !header.cell(at).is_empty()).map_or(0, |last| last + 1);
    let columns = Columns::new(found.dialect, &header);
    rows.expect_width(width);
    loop {
        match rows.next()? {
            Next::Row(row) => {
                let line = row.line;
                let answer = record(&columns, &header_text, &row);
                let at = rows.source().place(line);
                match answer {
                    Ok(record) => out.contact(Record { at, ..record })?,
                    Err(reason) => out.skipped(at, reason)?,
                }
            }
            Next::Unreadable { line, reason } => out.skipped(rows.source().place(line), reason)?,
            Next::End => return Ok(()),
        }
        out.progress(rows.source().read_so_far())?;
    }
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
    if is_nobody(&contact) {
        return Err("the row has no name, organisation, email address or phone number");
    }
    if row.text.contains('\u{fffd}') {
        warnings.push("some characters are damaged in the file".to_owned());
    }
    // A row means nothing without the names of its columns.
    let raw = [header, row.text].join("\n");
    Ok(Record { contact, raw, warnings, ..Record::default() })
}

fn is_nobody(contact: &Contact) -> bool {
    contact.name.full.is_none()
        && contact.nicknames.is_empty()
        && contact.organizations.is_empty()
        && contact.emails.is_empty()
        && contact.phones.is_empty()
}
