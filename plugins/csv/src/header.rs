//! Finds a file's header and with it the dialect, or says why there is none.

use std::io;

use kith_plugin::Failure;

use crate::decode::Utf8Reader;
use crate::dialect::{Dialect, header_key};
use crate::rows::{Next, Row, Rows};

/// How much decoded text of a file's beginning is searched for the header.
pub(crate) const HEAD: usize = 64 * 1024;

const DELIMITERS: [u8; 3] = *b",;\t";

/// How much of an unknown header a message quotes, in characters.
const QUOTED: usize = 200;

/// A header that was found.
pub(crate) struct Found<'d> {
    pub(crate) dialect: &'d Dialect,
    /// What separates the cells.
    pub(crate) delimiter: u8,
    /// How many rows stand before it.
    pub(crate) preamble_rows: usize,
}

/// Finds the header in `head`, the decoded beginning of a file.
///
/// # Errors
/// [`Failure::Input`] if the file is not CSV or no dialect has its header.
pub(crate) fn find<'d>(head: &[u8], dialects: &'d [Dialect]) -> Result<Found<'d>, Failure> {
    refuse_other_formats(head)?;
    let deepest = dialects.iter().map(|dialect| dialect.preamble_rows).max().unwrap_or(0);
    for delimiter in DELIMITERS {
        let mut found = None;
        each_row(head, delimiter, deepest + 1, |preamble_rows, row| {
            let names: Vec<String> = row.cells().map(header_key).collect();
            let fits =
                |dialect: &&Dialect| preamble_rows <= dialect.preamble_rows && dialect.recognises(&names);
            if found.is_none() {
                found = dialects.iter().find(fits).map(|dialect| Found { dialect, delimiter, preamble_rows });
            }
        })?;
        if let Some(found) = found {
            return Ok(found);
        }
    }
    Err(unknown(&likeliest_header(head)?, dialects))
}

/// Calls `look` with the number and content of the first rows.
fn each_row(
    head: &[u8],
    delimiter: u8,
    rows_wanted: usize,
    mut look: impl FnMut(usize, &Row<'_>),
) -> io::Result<()> {
    let mut rows = Rows::new(Utf8Reader::new(io::empty()), head.to_vec(), delimiter);
    for number in 0..rows_wanted {
        match rows.next()? {
            Next::Row(row) => look(number, &row),
            Next::Unreadable { .. } => {}
            Next::End => break,
        }
    }
    Ok(())
}

/// What is plainly something else, so that the message can say what.
fn refuse_other_formats(head: &[u8]) -> Result<(), Failure> {
    let text = head.trim_ascii_start();
    let begins =
        |mark: &str| text.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark.as_bytes()));
    let failure = if text.is_empty() {
        Failure::input("the file is empty").hint("export it again and check that the program wrote something")
    } else if begins("PK\u{3}\u{4}") {
        Failure::input("the file is an archive or an Excel workbook, not a CSV file").hint(
            "unpack an archive and take the CSV file in it; save a workbook as CSV from the spreadsheet program",
        )
    } else if begins("<") {
        Failure::input("the file is a web page or XML, not a CSV file")
            .hint("the download probably saved an error or sign-in page: sign in and export again")
    } else if begins("BEGIN:VCARD") {
        Failure::input("the file holds vCards, not CSV").hint("give the file a name that ends in .vcf")
    } else if is_binary(head) {
        Failure::input("the file is not text, so it is no CSV file")
            .hint("export the contacts again, as CSV or vCard")
    } else {
        return Ok(());
    };
    Err(failure)
}

/// Text has no NUL and hardly any other control or undecodable character.
fn is_binary(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let odd = text.chars().filter(|&c| c == '\u{fffd}' || (c.is_control() && !c.is_whitespace())).count();
    text.contains('\0') || odd * 50 > text.chars().count()
}

/// The first row with several cells, under the delimiter that gives it most.
fn likeliest_header(head: &[u8]) -> io::Result<Vec<String>> {
    /// A preamble is hardly longer.
    const ROWS: usize = 10;
    let mut likeliest = Vec::new();
    for delimiter in DELIMITERS {
        let mut first = Vec::new();
        each_row(head, delimiter, ROWS, |_, row| {
            if first.len() < 2 && row.len() > first.len() {
                first = row.cells().map(str::to_owned).collect();
            }
        })?;
        if first.len() > likeliest.len() {
            likeliest = first;
        }
    }
    Ok(likeliest)
}

fn unknown(header: &[String], dialects: &[Dialect]) -> Failure {
    let columns = header.len();
    let all = header.join(", ");
    let mut quoted: String = all.chars().take(QUOTED).filter(|c| !c.is_control()).collect();
    if all.chars().nth(QUOTED).is_some() {
        quoted.push('…');
    }
    let names: Vec<&str> = dialects.iter().map(|dialect| dialect.name.as_str()).collect();
    let names = names.join(", ");
    let exports: Vec<String> = dialects
        .iter()
        .filter_map(|dialect| Some(format!("{}: {}", dialect.name, dialect.export.as_ref()?)))
        .collect();
    let exports = exports.join(". ");
    let known = format!("kith reads the CSV exports of {names}");
    if header.iter().any(|name| is_value(name)) {
        return Failure::input(format!(
            "the file has no header: where the names of the columns should stand is \"{quoted}\"; {known}"
        ))
        .hint(format!("export again with the column names in the first line. {exports}"));
    }
    let shown = if columns == 1 { "1 column".to_owned() } else { format!("{columns} columns") };
    Failure::input(format!("the header is of no CSV export that is known: \"{quoted}\" ({shown}); {known}"))
        .hint(format!(
            "export from one of these, or as vCard (.vcf) if the program can. {exports}. \
             To have another program's export added, send the header line above to the makers of kith"
        ))
}

/// Whether a cell is somebody's data: no column is called so.
fn is_value(cell: &str) -> bool {
    cell.contains('@')
        || (!cell.is_empty() && cell.chars().all(|c| c.is_ascii_digit() || "+-/() .".contains(c)))
}
