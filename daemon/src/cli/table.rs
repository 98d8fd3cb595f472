//! Columns that fit the terminal.

use std::io::{self, Write};

use super::screen::{self, out};
use crate::core::text::{columns, cut};

/// A text is not cut below so many columns as long as another column can be left out instead.
const READABLE: usize = 12;

/// A text is not cut below so many columns at all.
const NARROWEST: usize = 8;

/// Columns between two columns.
const GAP: usize = 2;

/// What stands in a column, and what becomes of it on a narrow terminal.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    name: &'static str,
    is_text: bool,
    /// The column with the highest is left out first; none with 0.
    spare: u8,
}

impl Head {
    /// A column of dates, numbers and the like, which say nothing when they are cut.
    pub(super) const fn exact(name: &'static str) -> Self {
        Self { name, is_text: false, spare: 0 }
    }

    /// A column of texts, which may be cut.
    pub(super) const fn text(name: &'static str) -> Self {
        Self { name, is_text: true, spare: 0 }
    }

    /// The same column, which may be left out, and goes before those of a lower `rank`.
    pub(super) const fn spare(self, rank: u8) -> Self {
        Self { spare: rank, ..self }
    }
}

/// Prints rows below their heads.
pub(super) fn print(heads: &[Head], rows: &[Vec<String>]) -> io::Result<()> {
    out().write_all(text(heads, rows, screen::width()).as_bytes())
}

fn text(heads: &[Head], rows: &[Vec<String>], width: usize) -> String {
    let full = |at: usize, head: &Head| {
        let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| columns(cell));
        cells.chain([columns(head.name)]).max().unwrap_or(0)
    };
    let mut kept: Vec<(usize, &Head, usize)> =
        heads.iter().enumerate().map(|(at, head)| (at, head, full(at, head))).collect();
    let room = |count: usize| width.saturating_sub(GAP * count.saturating_sub(1));
    let least =
        |&(_, head, full): &(usize, &Head, usize)| if head.is_text { full.min(READABLE) } else { full };
    while kept.iter().map(least).sum::<usize>() > room(kept.len())
        && let Some(most) = kept.iter().map(|(_, head, _)| head.spare).max().filter(|most| *most > 0)
    {
        kept.retain(|(_, head, _)| head.spare < most);
    }
    while kept.iter().map(|(_, _, width)| width).sum::<usize>() > room(kept.len()) {
        let texts = kept.iter_mut().filter(|(_, head, _)| head.is_text).map(|(_, _, width)| width);
        let Some(widest) = texts.max().filter(|width| **width > NARROWEST) else { break };
        *widest -= 1;
    }
    let line = |cell: &dyn Fn(usize, &Head) -> String| {
        let mut line = String::new();
        for &(at, head, width) in &kept {
            let cell = cell(at, head);
            let cell = cut(&cell, width);
            line.push_str(&cell);
            line.extend(std::iter::repeat_n(' ', width.saturating_sub(columns(&cell)) + GAP));
        }
        format!("{}\n", line.trim_end())
    };
    let mut text = line(&|_, head| head.name.to_owned());
    for row in rows {
        text += &line(&|at, _| row.get(at).cloned().unwrap_or_default());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADS: [Head; 4] =
        [Head::exact("ID"), Head::text("NAME"), Head::text("ORGANISATION").spare(1), Head::exact("DUE")];

    fn rows() -> Vec<Vec<String>> {
        let rows = [
            ["1", "Anna Müller", "", "2026-12-17"],
            ["17", "山田 太郎 山田 太郎 山田 太郎", "The Society of Something", "2027-01-03"],
        ];
        rows.map(|row| row.map(str::to_owned).to_vec()).to_vec()
    }

    #[test]
    fn columns_are_cut_and_left_out_where_there_is_no_room() {
        insta::assert_snapshot!(text(&HEADS, &rows(), 80), @"
        ID  NAME                           ORGANISATION              DUE
        1   Anna Müller                                              2026-12-17
        17  山田 太郎 山田 太郎 山田 太郎  The Society of Something  2027-01-03
        ");
        insta::assert_snapshot!(text(&HEADS, &rows(), 50), @"
        ID  NAME              ORGANISATION      DUE
        1   Anna Müller                         2026-12-17
        17  山田 太郎 山田 …  The Society of …  2027-01-03
        ");
        insta::assert_snapshot!(text(&HEADS, &rows(), 40), @"
        ID  NAME                      DUE
        1   Anna Müller               2026-12-17
        17  山田 太郎 山田 太郎 山…   2027-01-03
        ");
    }

    #[test]
    fn no_line_is_wider_than_the_terminal() {
        for width in 30..120 {
            for line in text(&HEADS, &rows(), width).lines() {
                assert!(columns(line) <= width, "{width}: {line}");
            }
        }
    }
}
