//! `kith man`

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use clap::Command;
use clap_mangen::Man;
use roff::{Roff, bold, roman};

use super::screen::out;
use super::{Done, counted};
use crate::error::{Doing, Error, Result};

/// Write the manual pages.
///
/// Without a folder the page of kith, or of a command, is printed as troff, which
/// `man` reads.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  kith man --out ~/.local/share/man/man1\n  kith man | man -l -\n  \
                        kith man circle set > kith-circle-set.1")]
pub(super) struct Args {
    /// The command whose page is printed.
    command: Vec<String>,
    /// The folder to write all pages into, one for each command; it is made if it is not there.
    #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
    out: Option<PathBuf>,
}

pub(super) fn run(args: &Args, mut kith: Command) -> Done {
    kith.build();
    let Some(folder) = &args.out else {
        let command = args.command.iter().try_fold(&kith, |command, word| command.find_subcommand(word));
        let Some(command) = command else {
            return Err(Error::usage(format!("there is no command {:?}", args.command.join(" ")))
                .hint("kith --help lists the commands")
                .into());
        };
        return Ok(io::stdout().write_all(&page(command)?)?);
    };
    fs::create_dir_all(folder).doing(|| format!("make the folder {}", folder.display()))?;
    let written = write(&kith, folder)?;
    writeln!(
        out(),
        "Wrote {} to {}.\nRead the first: man -l {}",
        counted(written, "page", "pages"),
        folder.display(),
        folder.join("kith.1").display()
    )?;
    Ok(())
}

/// Writes the pages of a command and of those below it; says how many.
fn write(command: &Command, folder: &Path) -> Result<usize> {
    let path = folder.join(format!("{}.1", name(command)));
    let doing = || format!("write the manual page {}", path.display());
    fs::write(&path, page(command).doing(doing)?).doing(doing)?;
    let below = command.get_subcommands().filter(|command| !command.is_hide_set());
    below.map(|command| write(command, folder)).sum::<Result<usize>>().map(|below| 1 + below)
}

/// `kith-circle-set`.
fn name(command: &Command) -> &str {
    command.get_display_name().unwrap_or_else(|| command.get_name())
}

/// The title of a page, its name and its synopsis. clap_mangen's title has no
/// place for a date that is not given, and its synopsis names options without
/// their values; that of `--help` fits a line.
fn beginning(command: &Command) -> io::Result<Vec<u8>> {
    let name = name(command);
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let sentence = about.split(". ").next().unwrap_or_default().trim_end_matches('.');
    let sentence = sentence.strip_prefix("kith ").unwrap_or(sentence);
    let mut page =
        format!(".TH \"{name}\" 1 \"\" \"kith {}\" \"kith\"\n", env!("CARGO_PKG_VERSION")).into_bytes();
    let mut roff = Roff::new();
    roff.control("SH", ["NAME"]).text([roman(format!("{name} - {sentence}"))]).control("SH", ["SYNOPSIS"]);
    let usage = command.clone().render_usage().to_string();
    let called = command.get_bin_name().unwrap_or(name);
    for line in usage.lines().map(|line| line.trim_start_matches("Usage:").trim()) {
        let rest = line.strip_prefix(called).unwrap_or(line);
        roff.text([bold(called), roman(rest)]).control("br", []);
    }
    roff.to_writer(&mut page)?;
    Ok(page)
}

/// The page of a built command. What `--help` says at its end is a section of
/// examples here, whose lines stay as they are, and one of notes.
fn page(command: &Command) -> io::Result<Vec<u8>> {
    let man = Man::new(command.clone());
    let mut page = beginning(command)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.get_subcommands().any(|command| !command.is_hide_set()) {
        man.render_subcommands_section(&mut page)?;
    }
    let end = command.get_after_help().map(ToString::to_string).unwrap_or_default();
    let mut more = Roff::new();
    for part in end.split("\n\n") {
        match part.strip_prefix("Examples:\n") {
            Some(examples) => {
                more.control("SH", ["EXAMPLES"]).control("nf", []);
                for line in examples.lines() {
                    more.text([bold(line.trim())]);
                }
                more.control("fi", []);
            }
            None => {
                more.control("PP", []).text([roman(part.replace('\n', " "))]);
            }
        }
    }
    more.to_writer(&mut page)?;
    Ok(page)
}
