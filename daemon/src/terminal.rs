//! What can be done on a terminal beside writing lines of text.

use std::env;
use std::io::IsTerminal;

/// Whether what was written can be written over on `stream`: it is a terminal, and not a dumb one.
pub(crate) fn can_draw(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && !is_dumb()
}

/// Whether somebody who looks at a terminal wants colours there: not on a dumb
/// one, and not if `NO_COLOR` is set (no-color.org).
pub(crate) fn wants_colors() -> bool {
    !is_dumb() && env::var_os("NO_COLOR").is_none_or(|set| set.is_empty())
}

/// As [`wants_colors`], for clap, which finds out by itself where there is a terminal.
pub(crate) fn colors() -> clap::ColorChoice {
    if wants_colors() { clap::ColorChoice::Auto } else { clap::ColorChoice::Never }
}

/// Whether `TERM` says that the terminal knows no commands, or says nothing (term(7)).
fn is_dumb() -> bool {
    env::var_os("TERM").is_none_or(|term| term.is_empty() || term == "dumb")
}
