//! The `kith` command.

use std::process::ExitCode;

fn main() -> ExitCode {
    ExitCode::from(kith::cli::run(std::env::args_os()))
}
