//! Finds a file's header and with it the dialect, or says why there is none.

use std::{io, slice};

use encoding_rs::Encoding;
use kith_plugin::Failure;

use crate::dialect::{Dialect, Fit, Language, Own, header_keys};
use crate::encoding;
use crate::nobody;
use crate::propose;
use crate::rows::{Next, Row, Rows};

/// How much decoded text of a file's beginning is searched for the header.
pub(crate) const HEAD: usize = 64 * 1024;

pub(crate) const DELIMITERS: [u8; 3] = *b",;\t";

/// How much of an unknown header a message quotes, in characters.
const QUOTED: usize = 200;

/// How many rows behind an unknown header are looked at to guess what its columns mean.
const SAMPLE: usize = 100;

/// A header that was found.
pub(crate) struct Found<'d> {
    pub(crate) dialect: &'d Dialect,
    pub(crate) language: Option<Language>,
    /// What separates the cells.
    pub(crate) delimiter: u8,
    /// How many rows stand before it.
    pub(crate) preamble_rows: usize,
    /// The names in it, as [`header_keys`] makes them.
    pub(crate) header: Vec<String>,
}

/// Finds the header in `head`, the decoded beginning of the file `file_name`.
/// A dialect of the user's own goes before the shipped ones, and one that knows
/// the header by more names before one that knows it by fewer. `guessed` is
/// the encoding it was decoded by, if that is a guess.
///
/// # Errors
/// [`Failure::Input`] if the file is not CSV or no dialect has its header; it
/// then suggests a dialect that has it, unless it is known that nobody is in it.
pub(crate) fn find<'d>(
    head: &[u8],
    own: &'d Own,
    shipped: &'d [Dialect],
    file_name: &str,
    guessed: Option<&'static Encoding>,
) -> Result<Found<'d>, Failure> {
    refuse_other_formats(head)?;
    let among = |dialects: &'d [Dialect]| {
        DELIMITERS.into_iter().find_map(|mark| find_among(dialects, head, mark).transpose()).transpose()
    };
    if let Some(found) = among(&own.dialects)? {
        return Ok(found);
    }
    if let Some(refusal) = nobody::refusal(file_name, head) {
        return Err(refusal);
    }
    if let Some(found) = among(shipped)? {
        return Ok(found);
    }
    if is_binary(head) {
        return Err(Failure::input("the file is not text, so it is no CSV file")
            .hint("export the contacts again, as CSV or vCard"));
    }
    Err(unknown(&likeliest_header(head)?, own, shipped, file_name, guessed))
}

/// The encoding of the first of these dialects that states one and by it has
/// the header of a file that begins with these bytes.
pub(crate) fn stated_encoding(dialects: &[Dialect], bytes: &[u8]) -> Option<&'static Encoding> {
    let has_header = |dialect: &Dialect, head: &str| {
        let has = |&delimiter: &u8| {
            find_among(slice::from_ref(dialect), head.as_bytes(), delimiter)
                .is_ok_and(|found| found.is_some())
        };
        DELIMITERS.iter().any(has)
    };
    dialects.iter().find_map(|dialect| {
        let encoding = dialect.encoding?;
        let (head, _) = encoding.decode_without_bom_handling(bytes);
        has_header(dialect, &head).then_some(encoding)
    })
}

fn find_among<'d>(dialects: &'d [Dialect], head: &[u8], delimiter: u8) -> io::Result<Option<Found<'d>>> {
    let Some(deepest) = dialects.iter().map(|dialect| dialect.preamble_rows).max() else { return Ok(None) };
    let mut found = None;
    each_row(head, delimiter, deepest + 1, |preamble_rows, row| {
        let keys = header_keys(row.cells());
        let fit = |dialect: &'d Dialect| Some((dialect, dialect.fit(&keys)?));
        let candidates = dialects.iter().filter(|dialect| preamble_rows <= dialect.preamble_rows);
        // Of several that know it equally well, the first.
        let best = candidates.filter_map(fit).rev().max_by_key(|(_, fit)| fit.names);
        if let (None, Some((dialect, Fit { language, .. }))) = (&found, best) {
            found = Some(Found { dialect, language, delimiter, preamble_rows, header: keys });
        }
    })?;
    Ok(found)
}

/// Calls `look` with the number and content of the first rows.
fn each_row(
    head: &[u8],
    delimiter: u8,
    rows_wanted: usize,
    mut look: impl FnMut(usize, &Row<'_>),
) -> io::Result<()> {
    let mut rows = Rows::of_text(head.to_vec(), delimiter);
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
        Failure::empty()
    } else if begins("PK\u{3}\u{4}") {
        Failure::input("the file is an archive or an Excel workbook, not a CSV file").hint(
            "unpack an archive and take the CSV file in it; save a workbook as CSV from the spreadsheet program",
        )
    } else if begins("<") {
        Failure::input("the file is a web page or XML, not a CSV file")
            .hint("the download probably saved an error or sign-in page: sign in and export again")
    } else if begins("BEGIN:VCARD") {
        Failure::input("the file holds vCards, not CSV").hint("give the file a name that ends in .vcf")
    } else {
        return Ok(());
    };
    Err(failure)
}

/// Text has hardly any control or undecodable character.
fn is_binary(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(head);
    let odd = text.chars().filter(|&c| c == '\u{fffd}' || (c.is_control() && !c.is_whitespace())).count();
    odd * 50 > text.chars().count()
}

/// A row that is likely a header, and what follows it.
struct Likely {
    names: Vec<String>,
    preamble_rows: usize,
    /// Some of the rows behind it.
    rows: Vec<Vec<String>>,
}

/// The first row with several cells, under the delimiter that gives it most.
fn likeliest_header(head: &[u8]) -> io::Result<Likely> {
    /// A preamble is hardly longer.
    const ROWS: usize = 10;
    let mut likeliest = Likely { names: Vec::new(), preamble_rows: 0, rows: Vec::new() };
    for delimiter in DELIMITERS {
        let mut first = Likely { names: Vec::new(), preamble_rows: 0, rows: Vec::new() };
        each_row(head, delimiter, ROWS + SAMPLE, |number, row| {
            let cells = || row.cells().map(str::to_owned).collect();
            if number < ROWS && first.names.len() < 2 && row.len() > first.names.len() {
                first = Likely { names: cells(), preamble_rows: number, rows: Vec::new() };
            } else {
                first.rows.push(cells());
            }
        })?;
        if first.names.len() > likeliest.names.len() {
            likeliest = first;
        }
    }
    Ok(likeliest)
}

fn unknown(
    header: &Likely,
    own: &Own,
    shipped: &[Dialect],
    file_name: &str,
    guessed: Option<&'static Encoding>,
) -> Failure {
    let columns = header.names.len();
    let names: Vec<&str> = header.names.iter().map(String::as_str).filter(|name| !name.is_empty()).collect();
    let all = names.join(", ");
    let mut quoted: String = all.chars().take(QUOTED).filter(|c| !c.is_control()).collect();
    if all.chars().nth(QUOTED).is_some() {
        quoted.push('…');
    }
    if header.names.iter().any(|name| is_value(name)) {
        return Failure::input(format!(
            "the file has no header: where the names of the columns should stand is \"{quoted}\""
        ))
        .hint("export again with the column names in the first line, or write them there: Name, Email, Phone, Birthday, Notes are some that kith knows");
    }
    if !is_table(header) {
        return Failure::input("the file is no table: its lines do not have the same number of cells")
            .hint("export the contacts as CSV or vCard");
    }
    if !propose::has_evidence(&header.names, &header.rows) {
        return Failure::input(format!(
            "the file is no list of people, as far as kith can tell: what stands in its columns, \"{quoted}\", does not look like names, email addresses, telephone numbers or birthdays"
        ))
        .hint("if it is one, call its columns Name, Email, Phone, Birthday or Notes; docs/csv.md has more, and says how a dialect of your own names them");
    }
    let shown = if columns == 1 { "1 column".to_owned() } else { format!("{columns} columns") };
    let passed_over = own.broken.first().map(|error| format!("; and {error}")).unwrap_or_default();
    let known: Vec<&str> = shipped.iter().map(|dialect| dialect.name.as_str()).collect();
    let known = known.join(", ");
    let encoding = guessed.map(|guessed| format!("{}; ", encoding::of_guess(guessed))).unwrap_or_default();
    let proposal = propose::dialect(file_name, &header.names, header.preamble_rows, &header.rows, guessed);
    let keys = header_keys(header.names.iter().map(String::as_str));
    let failure = if shipped.iter().any(|dialect| dialect.lacks_somebody(&keys)) {
        Failure::input(format!(
            "the file does not say whom its rows are of: among its columns, \"{quoted}\", is neither a name nor an email address{passed_over}"
        ))
        .hint(format!("{encoding}add a column Name or Email; or save what is below under the name above it, and import the file again"))
    } else {
        Failure::input(format!(
            "the header is none that kith knows: \"{quoted}\" ({shown}){passed_over}; kith knows those of {known}"
        ))
        .hint(format!("{encoding}the columns below are a guess at what the file holds: correct what is wrong, save it under the name above it, and import the file again"))
    };
    failure.suggest(propose::file_name(file_name), proposal)
}

/// Whether a header and the rows below it have the same number of cells as a rule. Names of
/// columns are short, and sentences are not.
fn is_table(header: &Likely) -> bool {
    /// In characters.
    const LONGEST: usize = 60;
    let width = header.names.len();
    let rows = header.rows.iter().filter(|row| row.iter().any(|cell| !cell.is_empty()));
    // Some programs leave empty cells out at the end of a row.
    let (all, alike) = rows.fold((0, 0), |(all, alike), row| {
        (all + 1, alike + usize::from(row.len() == width || width > 2 && (2..width).contains(&row.len())))
    });
    alike * 2 >= all && header.names.iter().all(|name| name.chars().count() <= LONGEST)
}

/// Whether a cell is somebody's data: no column is called so.
fn is_value(cell: &str) -> bool {
    cell.contains('@')
        || (!cell.is_empty() && cell.chars().all(|c| c.is_ascii_digit() || "+-/() .".contains(c)))
}
