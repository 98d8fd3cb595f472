//! What clap says of a command line that is wrong, in the words and the form of
//! every other error.

use std::ffi::OsString;

use clap::Command;

use crate::error::Error;

/// The error of a command line. clap has its text in parts: what is wrong, over
/// one line or several; tips; a usage, which names the wrong argument where
/// several are missing, so that the command's own takes its place.
pub(super) fn error(said: &str, command: Command, words: &[OsString]) -> Error {
    let (mut wrong, mut advice) = (Vec::new(), Vec::new());
    let Named { name, usage } = named(command, words);
    for line in said.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if let Some(tip) = line.strip_prefix("tip: ") {
            advice.push(tip.to_owned());
        } else if line.starts_with("Usage: ") {
            // A tip says it better.
            if advice.is_empty() {
                advice.push(format!("it is written as {usage}"));
            }
            break;
        } else if line.starts_with("For more information") {
            break;
        } else {
            wrong.push(line.strip_prefix("error: ").unwrap_or(line));
        }
    }
    advice.push(format!("{name} --help tells more"));
    Error::usage(wrong.join(" ")).hint(advice.join("; "))
}

/// A command as it is named and used.
struct Named {
    name: String,
    usage: String,
}

/// The command that the words name, as far as there is one.
fn named(mut command: Command, words: &[OsString]) -> Named {
    command.build();
    let mut command = &command;
    let mut name = command.get_name().to_owned();
    for word in words.iter().skip(1).filter(|word| !word.to_string_lossy().starts_with('-')) {
        let Some(found) = command.find_subcommand(word) else { break };
        command = found;
        name = format!("{name} {}", command.get_name());
    }
    let usage = command.clone().render_usage().to_string();
    Named { name, usage: usage.trim_start_matches("Usage: ").to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Cli;
    use clap::{CommandFactory, Parser};

    #[test]
    fn a_wrong_command_line_is_told_as_every_other_error() {
        for (line, wrong, hint) in [
            (
                "kith lisst",
                "unrecognized subcommand 'lisst'",
                "a similar subcommand exists: 'list'; kith --help tells more",
            ),
            (
                "kith list --archive",
                "unexpected argument '--archive' found",
                "a similar argument exists: '--archived'; kith list",
            ),
            (
                "kith --json circle set",
                "were not provided: <CIRCLE>",
                "it is written as kith circle set [OPTIONS] <CIRCLE>; kith circle set --help tells more",
            ),
            (
                "kith log",
                "were not provided: <PERSON>...",
                "it is written as kith log [OPTIONS] <PERSON>... <WHAT>;",
            ),
            (
                "kith met",
                "were not provided: <EVENT> <PERSON>...",
                "it is written as kith met [OPTIONS] <EVENT> <PERSON>...",
            ),
            (
                "kith met Fair",
                "were not provided: <PERSON>...",
                "it is written as kith met [OPTIONS] <EVENT> <PERSON>...",
            ),
            (
                "kith plan --days x\n\ny",
                "invalid value 'x y' for '--days <DAYS>': write a number",
                "kith plan --help",
            ),
            (
                "kith completions tcsh",
                "'tcsh' for '<SHELL>' [possible values: bash, zsh, fish]",
                "a similar value exists: 'zsh'; kith completions",
            ),
        ] {
            let words: Vec<OsString> = line.split(' ').map(OsString::from).collect();
            let said = Cli::try_parse_from(&words).unwrap_err().to_string();
            let error = error(&said, Cli::command(), &words);
            assert!(error.message().contains(wrong), "{line}: {error}");
            assert!(error.advice().unwrap().starts_with(hint), "{line}: {error}");
            assert_eq!(error.kind.exit_code(), 2, "{line}");
        }
    }
}
