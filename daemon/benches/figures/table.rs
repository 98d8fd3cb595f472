//! The table, written line by line as the figures come.

use std::io::Write;

use crate::Result;
use crate::stage::Figure;

/// A line of the table.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    what: &'a str,
    count: u64,
    figure: &'a Figure,
    bare: Option<f64>,
}

impl<'a> Row<'a> {
    /// A figure for `count` people.
    pub(crate) fn of(what: &'a str, count: u64, figure: &'a Figure) -> Self {
        Self { what, count, figure, bare: None }
    }

    /// A figure that others are set beside.
    pub(crate) fn bare(what: &'a str, count: u64, figure: &'a Figure) -> Self {
        Self { bare: Some(figure.seconds), ..Self::of(what, count, figure) }
    }

    /// Shows the ratio to the seconds that the least conceivable work takes.
    pub(crate) fn beside(self, bare: f64) -> Self {
        Self { bare: Some(bare), ..self }
    }
}

/// The table.
#[derive(Debug)]
pub(crate) struct Table<W> {
    out: W,
}

impl<W: Write> Table<W> {
    /// Begins it.
    pub(crate) fn begin(mut out: W) -> Result<Self> {
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        writeln!(out, "\nkith {} on {cores} cores; MB are 10^6 bytes\n", env!("CARGO_PKG_VERSION"))?;
        writeln!(
            out,
            "{:36} {:>8} {:>8} {:>10} {:>7} {:>8} {:>8} {:>8}",
            "what", "how many", "seconds", "per second", "x bare", "CPU s", "peak MB", "importer"
        )?;
        Ok(Self { out })
    }

    /// Begins a part of it.
    pub(crate) fn heading(&mut self, text: &str) -> Result<()> {
        Ok(writeln!(self.out, "\n{text}")?)
    }

    /// Adds a line.
    pub(crate) fn row(&mut self, row: &Row<'_>) -> Result<()> {
        let Row { what, count, figure, bare } = row;
        let ratio = bare.map_or_else(|| "-".to_owned(), |bare| format!("{:.1}", figure.seconds / bare));
        let cpu = figure.cpu.map_or_else(|| "-".to_owned(), |cpu| format!("{cpu:.2}"));
        let importer = figure.importer_kib.map_or_else(|| "-".to_owned(), megabytes);
        #[expect(clippy::cast_precision_loss, reason = "a count of people is far below 2^52")]
        let rate = *count as f64 / figure.seconds;
        writeln!(
            self.out,
            "{what:36} {count:>8} {:>8.3} {rate:>10.0} {ratio:>7} {cpu:>8} {:>8} {importer:>8}  {}",
            figure.seconds,
            megabytes(figure.peak_kib),
            figure.note
        )?;
        Ok(self.out.flush()?)
    }

    /// Adds a line about memory alone.
    pub(crate) fn memory(&mut self, what: &str, count: u64, kib: u64) -> Result<()> {
        let none = "-";
        Ok(writeln!(
            self.out,
            "{what:36} {count:>8} {none:>8} {none:>10} {none:>7} {none:>8} {:>8} {none:>8}",
            megabytes(kib)
        )?)
    }
}

fn megabytes(kib: u64) -> String {
    let tenths = kib * 1024 / 100_000;
    format!("{}.{}", tenths / 10, tenths % 10)
}
