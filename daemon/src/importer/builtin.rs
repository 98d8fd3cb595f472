//! The importers that are part of kith, and how kith runs itself as one.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::path::{Path, PathBuf};

use kith_plugin::{Importer as _, PROTOCOL, serve};

use crate::error::{Doing, Error, Result};

use super::manifest::{Limits, Manifest};
use super::registry::{Importer, Origin};
use kith_plugin_calendar::Calendar;
use kith_plugin_csv::Csv;
use kith_plugin_json::Json;
use kith_plugin_ldif::Ldif;
use kith_plugin_mbox::Mbox;
use kith_plugin_monica::Monica;
use kith_plugin_vcard::VCard;
use kith_plugin_whatsapp::WhatsApp;
use kith_plugin_zip::Zip;

/// The built-in importers, described as a manifest would describe them.
pub(super) fn importers() -> Vec<Importer> {
    let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect();
    let built_in = |name: &str, extensions: &[&str], sniff: &[&str], tries: &[&str]| Importer {
        manifest: Manifest {
            name: name.to_owned(),
            exec: vec!["kith".to_owned()],
            readable: Vec::new(),
            protocols: vec![PROTOCOL],
            extensions: words(extensions),
            sniff: words(sniff),
            tries: words(tries),
            limits: Limits::default(),
        },
        origin: Origin::BuiltIn,
    };
    let mut zip = built_in(Zip::NAME, &["zip"], &["PK\x03\x04"], &[]);
    // It holds the archive, and of what is in it a file at a time.
    zip.manifest.limits.memory_mib = 2048;
    vec![
        built_in(VCard::NAME, &["vcf", "vcard"], &["BEGIN:VCARD"], &[]),
        // Any text could be the first line of a table: it is one if its header is known.
        built_in(Csv::NAME, &["csv", "tsv"], &[], &["txt", ""]),
        built_in(Ldif::NAME, &["ldif", "ldi"], &["dn:", "version: 1"], &[]),
        // As kith writes it. Programs that tidy it put other fields first.
        built_in(Json::NAME, &["json"], &["[\n{\"uid\":"], &[]),
        // As PHP and programs that tidy JSON write the first line.
        built_in(
            Monica::NAME,
            &["json"],
            &[
                "{\n    \"version\": \"1.0-preview",
                "{\n  \"version\": \"1.0-preview",
                "{\"version\":\"1.0-preview",
            ],
            &[],
        ),
        // Of the texts its own are chats; no fixed start tells them.
        built_in(WhatsApp::NAME, &["txt"], &[], &[]),
        zip,
        built_in(Mbox::NAME, &["mbox", "mbx", "eml"], &["From "], &[]),
        built_in(Calendar::NAME, &["ics", "ical"], &["BEGIN:VCALENDAR"], &[]),
    ]
}

/// Whether a file that starts like this is of a built-in importer's kind; none for those that do not
/// look at it.
pub(super) fn recognises(name: &str, first_bytes: &[u8]) -> Option<bool> {
    match name {
        WhatsApp::NAME => Some(kith_plugin_whatsapp::is_chat(first_bytes)),
        Json::NAME => Some(kith_plugin_json::is_list(first_bytes)),
        _ => None,
    }
}

/// Whether the files of a built-in importer are tables or lists of whatever, as far as their names tell.
pub(super) fn reads_anything(name: &str) -> bool {
    [Csv::NAME, Json::NAME, Monica::NAME].contains(&name)
}

/// Whether a file of this name that starts like this is known to list nobody, although it is of a built-in
/// importer's kind.
pub(super) fn holds_nobody(name: &str, file_name: &str, first_bytes: &[u8]) -> bool {
    name == Csv::NAME && kith_plugin_csv::holds_nobody(file_name, first_bytes)
}

/// Runs the built-in importer called `name` on standard input and output: the
/// child's side of what [`Host`](super::Host) starts.
///
/// # Errors
/// If there is no such importer, or kith at the other end is gone.
pub(super) fn run_builtin(name: &str) -> Result<()> {
    let input = io::stdin().lock();
    let output = io::stdout().lock();
    let served = match name {
        VCard::NAME => serve(&mut VCard::default(), input, output),
        Csv::NAME => serve(&mut Csv, input, output),
        Ldif::NAME => serve(&mut Ldif, input, output),
        Json::NAME => serve(&mut Json, input, output),
        Monica::NAME => serve(&mut Monica, input, output),
        WhatsApp::NAME => serve(&mut WhatsApp, input, output),
        Zip::NAME => serve(&mut Zip, input, output),
        Mbox::NAME => serve(&mut Mbox, input, output),
        Calendar::NAME => serve(&mut Calendar, input, output),
        _ => return Err(Error::usage(format!("there is no built-in importer {name}"))),
    };
    served.doing(|| format!("answer kith as the importer {name}"))
}

/// kith's own binary, opened once when the service starts, so that an upgrade
/// of the file under a running service does no harm: the importer that it
/// starts is always of its own version.
#[derive(Debug)]
pub struct OwnBinary {
    file: File,
}

impl OwnBinary {
    /// Opens the binary of this process.
    ///
    /// # Errors
    /// If /proc is not there.
    pub fn open() -> Result<Self> {
        Self::at(Path::new("/proc/self/exe")).doing(|| "open kith's own program (/proc/self/exe)".to_owned())
    }

    fn at(path: &Path) -> io::Result<Self> {
        Ok(Self { file: File::open(path)? })
    }

    /// The path under which a child of this process can execute the binary.
    /// The descriptor is closed on exec, which is after the path was followed.
    pub(super) fn path(&self) -> PathBuf {
        PathBuf::from(format!("/proc/self/fd/{}", self.file.as_raw_fd()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::importer::sandbox::piped;
    use std::fs;

    #[test]
    fn the_binary_still_runs_after_it_was_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("sh");
        // By a process of its own: see `Home::program` of the end-to-end tests.
        assert!(std::process::Command::new("cp").arg("/bin/sh").arg(&path).status().unwrap().success());
        let own = OwnBinary::at(&path).unwrap();
        fs::remove_file(&path).unwrap();
        fs::write(&path, "the next version, half written").unwrap();

        let script = ["-c", "echo $0 $# ${HOME-none}; pwd", "one", "two"].map(str::to_owned);
        let output = piped(&own.path(), &script).output().unwrap();
        assert_eq!(String::from_utf8(output.stdout).unwrap(), "one 1 none\n/\n");
    }

    #[test]
    fn built_ins_obey_the_rules_for_manifests() {
        for importer in importers() {
            assert_eq!(importer.manifest.protocol(), Some(PROTOCOL));
        }
        assert!(run_builtin("poem").is_err());
    }
}
