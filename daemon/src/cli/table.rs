//! Columns that fit the terminal.

use std::io::{self, Write};

/// The width of the terminal, or of a page if there is none.
fn width() -> usize {
    const PAGE: usize = 100;
    rustix::termios::tcgetwinsize(io::stdout()).map_or(PAGE, |size| usize::from(size.ws_col).clamp(40, 200))
}

/// Prints rows in columns, the widest cut where they do not fit.
pub(super) fn print(rows: &[Vec<String>]) -> io::Result<()> {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let cell_width =
        |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| chars(cell)).max().unwrap_or(0);
    let mut widths: Vec<usize> = (0..columns).map(cell_width).collect();
    let room = width().saturating_sub(2 * columns.saturating_sub(1));
    while widths.iter().sum::<usize>() > room {
        let Some(widest) = widths.iter_mut().max().filter(|w| **w > 8) else { break };
        *widest -= 1;
    }
    let mut out = io::stdout().lock();
    for row in rows {
        let mut line = String::new();
        for (cell, &width) in row.iter().zip(&widths) {
            let cut: String = if chars(cell) > width {
                cell.chars().take(width.saturating_sub(1)).chain(['…']).collect()
            } else {
                cell.clone()
            };
            let pad = width.saturating_sub(chars(&cut)) + 2;
            line.push_str(&cut);
            line.extend(std::iter::repeat_n(' ', pad));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

fn chars(text: &str) -> usize {
    text.chars().count()
}
