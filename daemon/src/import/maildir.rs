//! A Maildir (a folder of one mail a file) as one mbox: its headers, one mail
//! after the other, and nothing of what was written.

use std::fs::{self, File};
use std::io::{self, BufRead, BufReader, BufWriter, Read, Write};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use jiff::Timestamp;

use crate::error::{Doing, Error, Result};
use crate::inbox::open_regular;

/// The most of a mail that is looked at for the end of its header, in bytes.
const LARGEST_HEADER: u64 = 1 << 20;

/// A mail of a Maildir.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mail {
    /// The line of the mbox with which it begins, from 1.
    pub line: u64,
    /// Its file, from the Maildir on.
    pub name: String,
}

/// The mails of a Maildir as one file.
#[derive(Debug)]
pub struct Mbox {
    /// Their headers, as an mbox, in a file without a name.
    pub file: File,
    /// Which mails these are, in order.
    pub mails: Vec<Mail>,
    /// How many drafts were left out.
    pub drafts: u64,
}

/// Where a Maildir has its mails: those that were seen, and those that are new. Of what was copied
/// without its empty folders, one may be missing.
const WITHIN: [&str; 2] = ["cur", "new"];

/// Whether a folder is a Maildir. `new` alone may be anything.
#[must_use]
pub fn is_maildir(folder: &Path) -> bool {
    folder.join("cur").is_dir()
}

/// The headers of a Maildir's mails and of the folders in it (`.Sent`, as Maildir++ has them), on the disk of
/// `aside`. Drafts were sent to nobody and are left out.
/// `tell` is told how many mails there are so far.
///
/// # Errors
/// If a folder cannot be read, or there is no mail. A mail that cannot be read costs no other.
pub fn mbox_of(folder: &Path, aside: &Path, mut tell: impl FnMut(u64)) -> Result<Mbox> {
    let whole = folder;
    let doing = || format!("read the mail in {}", folder.display());
    let mut mbox = BufWriter::new(tempfile::tempfile_in(aside).doing(doing)?);
    let (mut mails, mut drafts) = (Vec::new(), 0);
    let mut line = 1;
    for folder in folders(folder).doing(doing)? {
        for within in WITHIN.map(|within| folder.join(within)).iter().filter(|within| within.is_dir()) {
            for entry in fs::read_dir(within).doing(doing)? {
                let entry = entry.doing(doing)?;
                let name = entry.file_name();
                let name = name.to_string_lossy();
                if name.starts_with('.') {
                    continue;
                }
                if is_draft(&name) {
                    drafts += 1;
                    continue;
                }
                // What is no file, or was moved by a mail program meanwhile, is none of the mails.
                let Ok(Some(opened)) = open_regular(&entry.path(), u64::MAX) else { continue };
                let path = entry.path();
                let name = path.strip_prefix(whole).unwrap_or(&path).display().to_string();
                mails.push(Mail { line, name });
                line += write_header(&opened.file, &mut mbox).doing(doing)?;
                tell(mails.len() as u64);
            }
        }
    }
    if mails.is_empty() {
        return Err(Error::user(format!("could not import {}: there is no mail in it", folder.display()))
            .hint("name a folder with mail in its cur or new"));
    }
    let file = mbox.into_inner().map_err(io::IntoInnerError::into_error).doing(doing)?;
    Ok(Mbox { file, mails, drafts })
}

/// The Maildir and the Maildirs in it.
fn folders(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut folders = vec![folder.to_owned()];
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let has_mails = || WITHIN.iter().any(|within| path.join(within).is_dir());
        if path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) && has_mails() {
            folders.push(path);
        }
    }
    folders.sort();
    Ok(folders)
}

/// Whether a mail's name has the flag of a draft: `1700000000.a.host:2,DS`.
fn is_draft(name: &str) -> bool {
    name.rsplit_once(":2,").is_some_and(|(_, flags)| flags.contains('D'))
}

/// Writes a mail's header behind a line that says when it came, as mbox has it; gives how many
/// lines that makes.
fn write_header(mail: &File, mbox: &mut impl Write) -> io::Result<u64> {
    let came = Timestamp::from_second(mail.metadata()?.mtime()).unwrap_or_default();
    writeln!(mbox, "From MAILER-DAEMON {}", came.strftime("%a %b %e %H:%M:%S %Y"))?;
    let mut lines = BufReader::new(mail.take(LARGEST_HEADER));
    let mut line = Vec::new();
    let mut first = true;
    // That line, and the empty one at the end.
    let mut written = 2;
    while lines.read_until(b'\n', &mut line).is_ok_and(|read| read > 0) {
        if line.iter().all(|byte| matches!(byte, b'\r' | b'\n')) {
            break;
        }
        // A mail that was taken from an mbox may begin with that line.
        if !(std::mem::take(&mut first) && line.starts_with(b"From ")) {
            written += 1;
            mbox.write_all(&line)?;
            if !line.ends_with(b"\n") {
                mbox.write_all(b"\n")?;
            }
        }
        line.clear();
    }
    mbox.write_all(b"\n")?;
    Ok(written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::FileExt;

    fn mbox(folder: &Path) -> Result<String> {
        let aside = tempfile::tempdir().unwrap();
        let Mbox { file, mails, .. } = mbox_of(folder, aside.path(), |_| {})?;
        let mut bytes = vec![0; usize::try_from(file.metadata().unwrap().len()).unwrap()];
        file.read_exact_at(&mut bytes, 0).unwrap();
        let text = String::from_utf8(bytes).unwrap();
        for mail in mails {
            let line = usize::try_from(mail.line).unwrap();
            assert!(text.lines().nth(line - 1).unwrap().starts_with("From MAILER-DAEMON "), "{mail:?}");
            assert!(folder.join(mail.name).is_file());
        }
        Ok(text)
    }

    #[test]
    fn headers_become_an_mbox_and_bodies_do_not() {
        let folder = tempfile::tempdir().unwrap();
        for within in ["cur", "new", "tmp", ".Sent/cur", ".Sent/new", "other/cur", "other/new"] {
            fs::create_dir_all(folder.path().join(within)).unwrap();
        }
        for (name, text) in [
            (
                "cur/1.a.host:2,S",
                "From: a@example.org\r\nTo: b@example.org\r\n\r\nFrom here on\r\n\r\nnothing",
            ),
            ("new/2.a.host", "From a@example.org Mon Jan  5 10:00:00 2026\nSubject: two\n\nbody"),
            ("cur/3.a.host:2,DS", "Subject: a draft\n\n"),
            ("tmp/4.a.host", "Subject: being written\n\n"),
            ("new/.hidden", "Subject: hidden\n\n"),
            (".Sent/cur/5.a.host:2,S", "Subject: sent"),
            ("other/cur/6.a.host", "Subject: no folder of this one\n\n"),
        ] {
            fs::write(folder.path().join(name), text).unwrap();
        }
        let said = mbox(folder.path()).unwrap();
        let lines: Vec<&str> = said.lines().filter(|line| !line.starts_with("From MAILER-DAEMON ")).collect();
        assert_eq!(said.matches("From MAILER-DAEMON ").count(), 3);
        assert_eq!(
            lines,
            ["From: a@example.org", "To: b@example.org", "", "Subject: two", "", "Subject: sent", ""]
        );
    }

    #[test]
    fn a_folder_that_was_copied_without_its_empty_ones_is_taken() {
        let folder = tempfile::tempdir().unwrap();
        for (name, text) in [
            ("cur/1.a.host", "Subject: seen\n\n"),
            (".Sent/cur/2.a.host", "Subject: sent\n\n"),
            (".List/new/3.a.host", "Subject: of a list\n\n"),
            (".notes/4.a.host", "Subject: no mail\n\n"),
        ] {
            fs::create_dir_all(folder.path().join(name).parent().unwrap()).unwrap();
            fs::write(folder.path().join(name), text).unwrap();
        }
        assert!(is_maildir(folder.path()));
        let said = mbox(folder.path()).unwrap();
        let subjects: Vec<&str> = said.lines().filter(|line| line.starts_with("Subject")).collect();
        assert_eq!(subjects, ["Subject: seen", "Subject: of a list", "Subject: sent"]);
    }

    #[test]
    fn a_maildir_without_mail_is_said_to_be_one() {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("new")).unwrap();
        assert!(!is_maildir(folder.path()));
        fs::create_dir(folder.path().join("cur")).unwrap();
        assert!(is_maildir(folder.path()));
        assert!(mbox(folder.path()).unwrap_err().to_string().contains("there is no mail in it"));
    }
}
