//! Opens zip archives, as LinkedIn and Google Takeout export them: each file in
//! one that some importer reads is given back to kith, which has it imported.
//!
//! An archive's list of its files stands at its end, so it is in memory whole.

use std::borrow::Cow;
use std::io::{Cursor, Read};

use kith_plugin::{Failure, Importer, Output, Part};
use zip::ZipArchive;
use zip::result::ZipError;

/// Bytes of the largest archive that is opened; one with photographs may be larger.
const LARGEST: u64 = 512 << 20;

/// What the files in an archive may be together.
#[derive(Debug, Clone, Copy)]
struct Most {
    /// How many are given to kith: an address book of a file a person is an archive, too.
    files: usize,
    /// Their bytes: a small archive can hold petabytes.
    unpacked: u64,
}

const MOST: Most = Most { files: 100_000, unpacked: 512 << 20 };

/// The importer of zip archives.
#[derive(Debug, Clone, Copy, Default)]
pub struct Zip;

impl Importer for Zip {
    const NAME: &'static str = "zip";

    fn import(&mut self, part: &mut Part<'_>, out: &mut Output<'_>) -> Result<(), Failure> {
        unpack(part, MOST, out)
    }
}

/// Gives the files in an archive back that somebody reads: all of them, unless they are more than `most`.
fn unpack(part: &mut Part<'_>, most: Most, out: &mut Output<'_>) -> Result<(), Failure> {
    let size = part.header().bytes;
    if size > LARGEST {
        return Err(Failure::input(format!(
            "the archive has {} MiB; one of more than {} MiB is not opened",
            size >> 20,
            LARGEST >> 20
        ))
        .hint("unpack it, and import the files of contacts in it"));
    }
    if size == 0 {
        return Err(Failure::empty());
    }
    let endings = endings(part);
    let place = part.place(0);
    let mut bytes = Vec::with_capacity(usize::try_from(size).unwrap_or_default());
    part.read_to_end(&mut bytes)?;
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| unreadable(&error))?;
    let (mut given, mut locked, mut room) = (0, 0_u64, most.unpacked);
    let (mut left, mut archives) = (Vec::new(), Vec::new());
    let mut unpacked = Vec::new();
    for at in 0..archive.len() {
        let shown = archive.name_for_index(at).and_then(Result::ok).map(Cow::into_owned);
        let opened = archive.by_index(at).and_then(|member| Ok((member.name()?.into_owned(), member)));
        let (path, member) = match opened {
            Ok(opened) => opened,
            Err(error) => {
                let name = shown.as_deref().unwrap_or("a file in the archive");
                let is_locked = matches!(error, ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED));
                locked += u64::from(is_locked);
                let why =
                    if is_locked { "it is encrypted with a password".to_owned() } else { error.to_string() };
                out.skipped(place, format!("{name} cannot be unpacked: {why}"))?;
                continue;
            }
        };
        let name = path.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
        // macOS puts a second file with the icon of each beside it.
        if member.is_dir() || path.starts_with("__MACOSX/") {
            continue;
        }
        if !endings.iter().any(|ending| has_ending(&name, ending)) {
            (if has_ending(&name, "zip") { &mut archives } else { &mut left }).push(name);
            continue;
        }
        if given == most.files {
            return Err(Failure::input(format!("the archive has more than {} files to import", most.files))
                .hint("unpack it, and import the folder: kith import FOLDER"));
        }
        // Whole or not at all: what a damaged archive still has of a file
        // would pass for all of it.
        unpacked.clear();
        if let Err(error) = member.take(room + 1).read_to_end(&mut unpacked) {
            out.skipped(place, format!("{name} cannot be unpacked: {error}"))?;
            continue;
        }
        room = room.checked_sub(unpacked.len() as u64).ok_or_else(|| {
            Failure::input(format!("its files have more than {} MiB together", most.unpacked >> 20))
                .hint("unpack it, and import the files of contacts in it one by one")
        })?;
        out.part(place, &name, &mut unpacked.as_slice())?;
        given += 1;
    }
    if !left.is_empty() {
        let files = if left.len() == 1 { "1 file" } else { &format!("{} files", left.len()) };
        out.skipped(place, format!("{files} in the archive of a kind that nobody reads: {}", named(&left)))?;
    }
    if !archives.is_empty() {
        let within = named(&archives);
        out.skipped(
            place,
            format!("an archive in the archive is not opened ({within}): unpack this one, and import what is in it"),
        )?;
    }
    if given == 0 && locked > 0 {
        return Err(Failure::input("the files in the archive are encrypted with a password")
            .hint("unpack it with the password, and import the files in it"));
    }
    if given == 0 && !archives.is_empty() {
        return Err(Failure::input(format!("the archive holds another archive ({})", named(&archives)))
            .hint("unpack it, and import the archive in it"));
    }
    if given == 0 {
        let within = if left.is_empty() { String::new() } else { format!(" ({})", named(&left)) };
        return Err(Failure::input(format!("the archive holds no file that can be imported{within}"))
            .hint("export the contacts alone, as vCard or CSV"));
    }
    Ok(())
}

/// The first few of these names.
fn named(names: &[String]) -> String {
    /// So many.
    const MOST: usize = 5;
    let mut named = names.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > MOST {
        named += ", …";
    }
    named
}

/// The endings of names of files that kith has an importer for.
fn endings(part: &Part<'_>) -> Vec<String> {
    let reads = part.header().options.get("reads").and_then(|reads| reads.as_array());
    let endings = reads.into_iter().flatten().filter_map(|ending| ending.as_str());
    // An archive within one is not opened.
    endings.filter(|ending| *ending != "zip").map(str::to_owned).collect()
}

fn has_ending(name: &str, ending: &str) -> bool {
    name.rsplit_once('.').is_some_and(|(_, own)| own.eq_ignore_ascii_case(ending))
}

fn unreadable(error: &ZipError) -> Failure {
    let why = match error {
        ZipError::InvalidArchive(_) | ZipError::Io(_) => {
            "it is no zip archive, or its end is missing, where the list of its files stands".to_owned()
        }
        other => other.to_string(),
    };
    Failure::input(format!("the archive cannot be opened: {why}"))
        .hint("it may be cut off or protected: download it again, or unpack it and import the files in it")
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_plugin::{Message, PROTOCOL, serve};
    use serde_json::json;
    use std::io::Write;
    use zip::write::{SimpleFileOptions, ZipWriter};

    fn archive(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(*name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    /// What is said of it, a line each.
    fn said(bytes: &[u8]) -> Vec<String> {
        said_within(MOST, bytes)
    }

    /// The same, if its files may be no more than that.
    fn said_within(most: Most, bytes: &[u8]) -> Vec<String> {
        struct Small(Most);
        impl Importer for Small {
            const NAME: &'static str = "zip";

            fn import(&mut self, part: &mut Part<'_>, out: &mut Output<'_>) -> Result<(), Failure> {
                unpack(part, self.0, out)
            }
        }
        let options = json!({ "reads": ["csv", "vcf", "zip"] });
        let header = json!({
            "kind": "file",
            "protocol": PROTOCOL,
            "fileName": "export.zip",
            "bytes": bytes.len(),
            "options": options,
        });
        let mut input = format!("{header}\n").into_bytes();
        input.extend_from_slice(bytes);
        let mut output = Vec::new();
        serve(&mut Small(most), input.as_slice(), &mut output).unwrap();
        let lines = String::from_utf8(output).unwrap();
        let messages = lines.lines().skip(1).map(|line| serde_json::from_str(line).unwrap());
        let words = |message| match message {
            Message::Part { file_name, data, more, .. } => format!("{file_name}: {} {more}", data.len()),
            Message::Skipped { reason, .. } => format!("skipped: {reason}"),
            Message::Done { counts, .. } => format!("done: {} files", counts.part),
            Message::Failed { reason, .. } => format!("failed: {reason}"),
            other => format!("{other:?}"),
        };
        messages.map(words).collect()
    }

    #[test]
    fn the_files_that_somebody_reads_are_given_back() {
        let long = vec![b'x'; (48 << 10) + 3];
        let bytes = archive(&[
            ("Takeout/Contacts/All.VCF", b"abc"),
            ("Takeout/photo.jpg", b"x"),
            ("__MACOSX/All.vcf", b"icon"),
            ("inner.zip", b"PK"),
            ("Takeout/notes.doc", b"x"),
            ("folder/", b""),
            ("Connections.csv", &long),
            ("empty.csv", b""),
        ]);
        assert_eq!(
            said(&bytes),
            [
                "All.VCF: 4 false",
                "Connections.csv: 65536 true",
                "Connections.csv: 4 false",
                "empty.csv: 0 false",
                "skipped: 2 files in the archive of a kind that nobody reads: photo.jpg, notes.doc",
                "skipped: an archive in the archive is not opened (inner.zip): unpack this one, and import what is in it",
                "done: 3 files"
            ]
        );
    }

    #[test]
    fn what_is_damaged_is_told_and_its_neighbours_are_taken() {
        let mut bytes = archive(&[("a.csv", b"the first file"), ("b.csv", b"the second file")]);
        let at = bytes.windows(5).position(|window| window == b"a.csv").unwrap();
        bytes[at + 5] ^= 0xFF;
        let said = said(&bytes);
        assert!(said[0].starts_with("skipped: a.csv cannot be unpacked: "), "{said:?}");
        assert_eq!(said[1..], ["b.csv: 20 false", "done: 1 files"]);
    }

    #[test]
    fn of_too_many_none_is_taken() {
        let bytes = archive(&[("a.vcf", b"x"), ("b.jpg", b"x"), ("c.vcf", b"x"), ("d.vcf", b"x")]);
        let within = |files| said_within(Most { files, ..MOST }, &bytes).pop().unwrap();
        assert_eq!(within(2), "failed: the archive has more than 2 files to import");
        assert_eq!(within(3), "done: 3 files");
    }

    #[test]
    fn what_is_encrypted_is_said() {
        /// Says of the members called so that they are encrypted.
        fn lock(bytes: &mut [u8], name: &[u8]) {
            for (signature, flags, header) in [(b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)] {
                for at in 0..bytes.len() - header {
                    if bytes[at..].starts_with(signature) && bytes[at + header..].starts_with(name) {
                        bytes[at + flags] |= 1;
                    }
                }
            }
        }
        let mut bytes = archive(&[("a.vcf", b"x"), ("b.vcf", b"y")]);
        lock(&mut bytes, b"a.vcf");
        assert_eq!(
            said(&bytes),
            [
                "skipped: a.vcf cannot be unpacked: it is encrypted with a password",
                "b.vcf: 4 false",
                "done: 1 files"
            ]
        );
        lock(&mut bytes, b"b.vcf");
        assert_eq!(
            said(&bytes).last().unwrap(),
            "failed: the files in the archive are encrypted with a password"
        );
    }

    #[test]
    fn what_holds_nothing_fails() {
        let bytes = archive(&[("a.csv", b"x")]);
        for (name, bytes, says) in [
            ("nothing to import", archive(&[("a.jpg", b"x")]), "holds no file that can be imported (a.jpg)"),
            ("only another", archive(&[("a.zip", b"PK")]), "holds another archive (a.zip)"),
            ("empty", archive(&[]), "holds no file that can be imported"),
            (
                "cut off",
                bytes[..bytes.len() / 2].to_vec(),
                "cannot be opened: it is no zip archive, or its end is missing",
            ),
            (
                "no archive",
                b"hello".to_vec(),
                "cannot be opened: it is no zip archive, or its end is missing",
            ),
            ("without a byte", Vec::new(), "the file is empty"),
        ] {
            let said = said(&bytes);
            assert!(said.last().unwrap().contains(says), "{name}: {said:?}");
        }
    }

    #[test]
    fn a_bomb_is_not_unpacked() {
        let zeros = vec![0; 600 << 10];
        let said = said_within(
            Most { unpacked: 1 << 20, ..MOST },
            &archive(&[("a.csv", &zeros), ("b.csv", &zeros)]),
        );
        assert!(said.last().unwrap().contains("more than 1 MiB together"), "{:?}", said.last());
    }
}
