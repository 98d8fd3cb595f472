//! `kith completions`, and the question that the scripts it prints ask.
//!
//! A script knows nothing of kith but how its shell completes: at each press of
//! the key it asks `kith complete` what may stand at the cursor. So a new
//! command, or a person who was imported a moment ago, is completed without
//! another script. (clap's own engine for this is not stable yet, and in bash
//! it loses words with a space in them, which names are.)

mod bash;
mod candidates;

use std::ffi::OsString;
use std::io::{self, Write};

use clap::{Command, ValueEnum};

use self::candidates::{Answer, Candidate, Named};
use super::{Done, help};
use crate::config;
use crate::paths::Paths;
use crate::store;

/// Print what makes a shell complete commands, options and people's names.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
                  kith completions bash > ~/.local/share/bash-completion/completions/kith\n  \
                  kith completions zsh > ~/.zfunc/_kith\n  \
                  kith completions fish > ~/.config/fish/completions/kith.fish\n\n\
                  Then begin a new shell. For bash the package bash-completion has to be installed; without it, and in \
                  zsh without a folder of your own in fpath, this line in ~/.bashrc or ~/.zshrc (after compinit) does \
                  the same: source <(kith completions bash)\n\nNames are found by any of their words, whatever their accents and \
                  capital letters; fish takes accents as they are.")]
pub(super) struct Args {
    /// The shell.
    #[arg(value_enum)]
    shell: Shell,
}

/// What the script of a shell asks.
#[derive(Debug, clap::Args)]
pub(super) struct Question {
    /// The shell that asks.
    #[arg(value_enum)]
    shell: Shell,
    /// For bash the line up to the cursor, and the part of it that an answer
    /// takes the place of; for others the words, the last of which is to be completed.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<OsString>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Shell {
    /// Bash, from version 4.4 on.
    Bash,
    /// The Z shell.
    Zsh,
    /// The friendly interactive shell.
    Fish,
}

impl Shell {
    fn script(self) -> &'static str {
        match self {
            Self::Bash => include_str!("completions/kith.bash"),
            Self::Zsh => include_str!("completions/kith.zsh"),
            Self::Fish => include_str!("completions/kith.fish"),
        }
    }
}

pub(super) fn run(args: &Args) -> Done {
    Ok(io::stdout().write_all(args.shell.script().as_bytes())?)
}

/// Says what may stand at the cursor, a line each: what to write, and behind
/// a tab what it is. A line that begins with a tab says that a file may stand there.
///
/// Whatever is wrong, nothing is said: somebody is typing.
pub(super) fn complete(question: &Question, mut kith: Command) -> Done {
    kith.build();
    let words: Vec<&str> = question.words.iter().filter_map(|word| word.to_str()).collect();
    if words.len() != question.words.len() {
        return Ok(());
    }
    let lines = match question.shell {
        Shell::Bash => {
            let [line, replaced] = words.as_slice() else { return Ok(()) };
            let Some(line) = bash::Line::read(line) else { return Ok(()) };
            let answer = candidates::answer(&kith, &line.before, &line.word, &known);
            if answer.files { vec![FILES.to_owned()] } else { line.replies(&answer, replaced) }
        }
        Shell::Zsh | Shell::Fish => {
            let Some((word, before)) = words.split_last() else { return Ok(()) };
            let before: Vec<String> = before.iter().map(|&word| word.to_owned()).collect();
            let answer = candidates::answer(&kith, &before, word, &known);
            if answer.files { vec![FILES.to_owned()] } else { described(&answer) }
        }
    };
    let mut text = lines.join("\n");
    text.extend((!lines.is_empty()).then_some('\n'));
    Ok(io::stdout().write_all(text.as_bytes())?)
}

const FILES: &str = "\tfiles";

fn described(answer: &Answer) -> Vec<String> {
    let described = |candidate: &Candidate| match candidate.about.as_str() {
        "" => format!("{}{}", answer.fixed, candidate.word),
        about => format!("{}{}\t{about}", answer.fixed, candidate.word),
    };
    answer.candidates.iter().map(described).collect()
}

/// The names there are; none where that cannot be read.
fn known(named: Named) -> Vec<Candidate> {
    let paths = Paths::from_env();
    let names = match named {
        Named::People => paths.and_then(|paths| store::names(&paths.database())).unwrap_or_default(),
        Named::Imports => {
            let imports = paths.and_then(|paths| store::imports_to_undo(&paths.database()));
            let told = |(number, about): (i64, String)| Candidate { word: number.to_string(), about };
            return imports.unwrap_or_default().into_iter().map(told).collect();
        }
        Named::Steps => {
            let about = "Take a whole import back".to_owned();
            return vec![Candidate { word: "import".to_owned(), about }];
        }
        Named::Circles => paths
            .and_then(|paths| config::in_force(&paths))
            .map(|in_force| in_force.settings.circles.into_keys().collect())
            .unwrap_or_default(),
        Named::Topics => help::topics().map(str::to_owned).collect(),
    };
    names.into_iter().map(Candidate::bare).collect()
}
