//! Logs: to the journal under systemd, else to standard error.
//!
//! Nothing above debug names a person, an address, a note or a token.

use std::io::{self, IsTerminal};

use tracing_subscriber::EnvFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::terminal;

/// The variable that says how much is logged, as `debug` or `kith=debug`.
const VARIABLE: &str = "KITH_LOG";

/// Logs of the service.
pub(crate) fn for_service() {
    start("info");
}

/// Logs of a command that ends: only what goes wrong.
pub(crate) fn for_commands() {
    start("warn");
}

/// Whether what is said on standard error goes to the journal: systemd says so in `JOURNAL_STREAM`.
pub(crate) fn to_the_journal() -> bool {
    std::env::var_os("JOURNAL_STREAM").is_some()
}

fn start(level: &str) {
    let filter = EnvFilter::try_from_env(VARIABLE).unwrap_or_else(|_| EnvFilter::new(level));
    let registry = tracing_subscriber::registry().with(filter);
    // Fields go there as fields.
    let journal = to_the_journal().then(|| tracing_journald::layer().ok()).flatten();
    // A second start in one process (a demo within a test) keeps the first.
    let _ = match journal {
        Some(journal) => registry.with(journal).try_init(),
        None => {
            let plain =
                tracing_subscriber::fmt::layer().with_writer(io::stderr).with_target(false).without_time();
            let colors = io::stderr().is_terminal() && terminal::wants_colors();
            registry.with(plain.with_ansi(colors)).try_init()
        }
    };
}
