//! Columns that fit the terminal.

use std::io::{self, Write};

use super::screen::{self, out};
use crate::core::text::{columns, cut};

/// Columns are not cut below so many signs.
const NARROWEST: usize = 8;

/// Prints rows in columns, the widest cut where they do not fit.
pub(super) fn print(rows: &[Vec<String>]) -> io::Result<()> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let cell_width =
        |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| columns(cell)).max().unwrap_or(0);
    let mut widths: Vec<usize> = (0..count).map(cell_width).collect();
    let room = screen::width().saturating_sub(2 * count.saturating_sub(1));
    while widths.iter().sum::<usize>() > room {
        let Some(widest) = widths.iter_mut().max().filter(|w| **w > NARROWEST) else { break };
        *widest -= 1;
    }
    let mut out = out();
    for row in rows {
        let mut line = String::new();
        for (cell, &width) in row.iter().zip(&widths) {
            let cell = cut(cell, width);
            line.push_str(&cell);
            line.extend(std::iter::repeat_n(' ', width.saturating_sub(columns(&cell)) + 2));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}
