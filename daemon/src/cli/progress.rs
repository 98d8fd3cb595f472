//! How far a long import is: a bar on a terminal, a line now and then elsewhere.

use std::io::{self, Write};
use std::time::{Duration, Instant};

use crate::core::text::{self, columns, cut};
use crate::import::Progress;
use crate::store::Taking;
use crate::terminal;

/// What is done sooner needs no progress.
const SHORT: Duration = Duration::from_millis(500);
/// How often a bar is drawn.
const DRAWN: Duration = Duration::from_millis(100);
/// How often a line is written.
const WRITTEN: Duration = Duration::from_secs(5);

/// Shows on standard error how far the import of one file is; what was drawn is wiped out in the end.
pub(super) struct Shown<'a> {
    file: &'a str,
    /// None: nothing is shown.
    way: Option<Way>,
    /// When it is to be shown next.
    next: Instant,
    /// How many columns the bar on the screen has.
    drawn: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Bar,
    Lines,
}

impl<'a> Shown<'a> {
    /// For the file of that name; programs (`quiet`) are told nothing.
    pub(super) fn new(file: &'a str, quiet: bool) -> Self {
        let way = if terminal::can_draw(&io::stderr()) { Way::Bar } else { Way::Lines };
        let first = if way == Way::Bar { SHORT } else { WRITTEN };
        Self { file, way: Some(way).filter(|_| !quiet), next: Instant::now() + first, drawn: 0 }
    }

    pub(super) fn tell(&mut self, progress: Progress) {
        let Some(way) = self.way else { return };
        let now = Instant::now();
        if now < self.next {
            return;
        }
        let shown = match way {
            Way::Bar => {
                self.next = now + DRAWN;
                self.draw(&bar(self.file, progress, width()))
            }
            Way::Lines => {
                self.next = now + WRITTEN;
                writeln!(io::stderr(), "{}: {}", text::plain(self.file), said(progress))
            }
        };
        if shown.is_err() {
            // Nobody looks. The import goes on.
            self.way = None;
        }
    }

    /// Draws a line over the last one; blanks take away what that had more.
    fn draw(&mut self, line: &str) -> io::Result<()> {
        let mut err = io::stderr().lock();
        let more = self.drawn.saturating_sub(columns(line));
        self.drawn = columns(line);
        write!(err, "\r{line}{:more$}", "")?;
        err.flush()
    }
}

impl Drop for Shown<'_> {
    fn drop(&mut self) {
        if self.drawn > 0 {
            let blanks = self.drawn;
            // If it cannot be wiped out, nobody sees it either.
            let _ = write!(io::stderr(), "\r{:blanks$}\r", "");
        }
    }
}

/// How wide the terminal is.
fn width() -> usize {
    let size = rustix::termios::tcgetwinsize(io::stderr()).map(|size| usize::from(size.ws_col));
    size.ok().filter(|&columns| columns > 0).unwrap_or(80)
}

/// How far it is, in words.
fn said(progress: Progress) -> String {
    match progress {
        Progress::Reading { bytes, of } => format!("reading, {} %", percent(bytes, of)),
        Progress::Gathering { mails } => format!("gathering headers, {mails} mails"),
        Progress::Taking(Taking::Matching) => "comparing with the people you know".to_owned(),
        Progress::Taking(Taking::Writing { records, of }) => format!("writing, {records} of {of} records"),
    }
}

/// The same with a bar, in less than `width` columns: in the last one some terminals begin a new line.
fn bar(file: &str, progress: Progress, width: usize) -> String {
    const LENGTH: u64 = 20;
    let done = match progress {
        Progress::Reading { bytes, of } => Some((bytes, of)),
        Progress::Gathering { .. } | Progress::Taking(Taking::Matching) => None,
        Progress::Taking(Taking::Writing { records, of }) => Some((records, of)),
    };
    let bar: String = done.map_or_else(String::new, |(done, of)| {
        let full = percent(done, of) * LENGTH / 100;
        let cells: String = (0..LENGTH).map(|cell| if cell < full { '#' } else { '.' }).collect();
        format!("[{cells}] ")
    });
    let rest = format!("{bar}{}", said(progress));
    let room = width.saturating_sub(columns(&rest) + 3);
    let name = text::plain(file);
    let line = if room < 8 { rest } else { format!("{}: {rest}", cut(&name, room)) };
    cut(&line, width.saturating_sub(1)).into_owned()
}

fn percent(done: u64, of: u64) -> u64 {
    done.min(of).checked_mul(100).and_then(|hundredfold| hundredfold.checked_div(of)).unwrap_or(100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bar_says_what_is_done_and_fits_the_terminal() {
        let reading = Progress::Reading { bytes: 3_000, of: 4_000 };
        let writing = Progress::Taking(Taking::Writing { records: 999, of: 40_000 });
        let matching = Progress::Taking(Taking::Matching);
        for (file, progress, width, expected) in [
            ("contacts.vcf", reading, 80, "contacts.vcf: [###############.....] reading, 75 %"),
            (
                "contacts.vcf",
                writing,
                80,
                "contacts.vcf: [....................] writing, 999 of 40000 records",
            ),
            ("contacts.vcf", matching, 80, "contacts.vcf: comparing with the people you know"),
            ("a\u{1b}[2J.vcf", matching, 80, "a�[2J.vcf: comparing with the people you know"),
            ("contacts-of-work.vcf", reading, 50, "contacts-o…: [###############.....] reading, 75 %"),
            ("contacts.vcf", reading, 40, "[###############.....] reading, 75 %"),
            (
                "empty.vcf",
                Progress::Reading { bytes: 0, of: 0 },
                80,
                "empty.vcf: [####################] reading, 100 %",
            ),
        ] {
            assert_eq!(bar(file, progress, width), expected);
        }
        for width in 1..100 {
            for progress in [reading, writing, matching] {
                assert!(columns(&bar("contacts.vcf", progress, width)) <= width, "{width}");
            }
        }
    }
}
