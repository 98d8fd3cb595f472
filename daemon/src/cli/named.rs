//! A file as somebody names it on the command line. It is meant, so links are
//! followed; and it may be a pipe, such as the shell's `<(…)` gives, or
//! standard input.

use std::fs::{self, File, Metadata};
use std::io::{self, IsTerminal, Read};
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt;
use std::path::Path;

use crate::error::{Doing, Error, Result};
use crate::inbox::too_large;

/// The name of standard input.
const STANDARD_INPUT: &str = "-";

/// What a file is called in reports: its name without the folder. What has no
/// name of its own is called as it was named.
pub(super) fn name(path: &Path) -> String {
    if path == Path::new(STANDARD_INPUT) {
        return "standard input".to_owned();
    }
    let of_system = ["/dev", "/proc"].iter().any(|folder| path.starts_with(folder));
    path.file_name()
        .filter(|_| !of_system)
        .map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// Opens a file of at most `max_size` bytes for reading. What comes out of a
/// pipe is put into a file without a name in the folder `aside` first: it can
/// be read only once.
///
/// # Errors
/// If it is not there, too large, no file, or may not be read.
pub(super) fn open(path: &Path, max_size: u64, aside: &Path) -> Result<File> {
    if path == Path::new(STANDARD_INPUT) {
        return standard_input(max_size, aside);
    }
    let doing = || format!("open {}", path.display());
    let metadata = fs::metadata(path).doing(doing)?;
    if metadata.is_dir() {
        return Err(Error::user(format!("could not import {}: it is a folder", path.display()))
            .hint(format!("name the files in it: kith import {}/*", path.display())));
    }
    readable(&metadata).doing(doing)?;
    // Waits for whoever writes to a named pipe.
    let file = File::open(path).doing(doing)?;
    let metadata = file.metadata().doing(doing)?;
    readable(&metadata).doing(doing)?;
    if !metadata.is_file() {
        return spooled(file, max_size, aside)
            .map_err(|error| error.while_doing(&format!("read {}", path.display())));
    }
    if metadata.len() > max_size { Err(too_large(metadata.len(), max_size)).doing(doing) } else { Ok(file) }
}

fn standard_input(max_size: u64, aside: &Path) -> Result<File> {
    let doing = || "read standard input".to_owned();
    let input = io::stdin();
    if input.is_terminal() {
        return Err(Error::usage("nothing was piped into standard input")
            .hint("name a file, or pipe one: kith import - < contacts.vcf"));
    }
    let input = input.as_fd().try_clone_to_owned().doing(doing)?;
    spooled(File::from(input), max_size, aside).map_err(|error| error.while_doing(&doing()))
}

/// That it is a file or a pipe, or else what it is.
fn readable(metadata: &Metadata) -> Result<()> {
    let kind = metadata.file_type();
    if kind.is_file() || kind.is_fifo() {
        return Ok(());
    }
    let what = if kind.is_socket() { "a socket" } else { "a device" };
    Err(Error::user(format!("it is {what} and not a file"))
        .hint("name a file that another program exported, such as contacts.vcf"))
}

fn spooled(from: File, max_size: u64, aside: &Path) -> Result<File> {
    let doing = || format!("keep what comes out of it in {}", aside.display());
    let mut file = tempfile::tempfile_in(aside).doing(doing)?;
    let most = max_size.saturating_add(1);
    let size = io::copy(&mut from.take(most), &mut file).doing(doing)?;
    if size > max_size { Err(too_large(size, max_size)) } else { Ok(file) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustix::fs::{CWD, Mode};
    use std::io::Write;
    use std::os::fd::AsRawFd;

    fn read(path: &Path, max_size: u64) -> Result<String> {
        let aside = tempfile::tempdir().unwrap();
        let file = open(path, max_size, aside.path())?;
        assert_eq!(fs::read_dir(aside.path()).unwrap().count(), 0, "nothing is left behind");
        let mut bytes = vec![0; 100];
        let length = std::os::unix::fs::FileExt::read_at(&file, &mut bytes, 0).unwrap();
        bytes.truncate(length);
        Ok(String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn files_links_and_pipes_are_read() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("file.vcf"), "file").unwrap();
        std::os::unix::fs::symlink(path("file.vcf"), path("link.vcf")).unwrap();
        rustix::fs::mkfifoat(CWD, path("pipe.vcf"), Mode::RUSR | Mode::WUSR).unwrap();
        for name in ["file.vcf", "link.vcf"] {
            assert_eq!(read(&path(name), 4).unwrap(), "file", "{name}");
        }
        let pipe = path("pipe.vcf");
        let writer = std::thread::spawn(move || fs::write(pipe, "through the pipe"));
        assert_eq!(read(&path("pipe.vcf"), 100).unwrap(), "through the pipe");
        writer.join().unwrap().unwrap();

        // As the shell's <(…) hands a pipe over.
        let (reader, mut writer) = io::pipe().unwrap();
        writer.write_all(b"from the shell").unwrap();
        drop(writer);
        let named = format!("/dev/fd/{}", reader.as_raw_fd());
        assert_eq!(read(Path::new(&named), 100).unwrap(), "from the shell");
    }

    #[test]
    fn what_cannot_be_read_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let large = folder.path().join("large.vcf");
        fs::write(&large, vec![b'x'; 3000]).unwrap();
        let (reader, mut writer) = io::pipe().unwrap();
        writer.write_all(&[b'x'; 3000]).unwrap();
        let pipe = format!("/dev/fd/{}", reader.as_raw_fd());
        for (path, says) in [
            (large.as_path(), "it has 3 KiB and the largest file that is taken has 2 KiB\nHint: "),
            (Path::new(&pipe), "the largest file that is taken has 2 KiB\nHint: "),
            (folder.path(), "it is a folder\nHint: name the files in it"),
            (&folder.path().join("gone.vcf"), "it does not exist"),
            (Path::new("/dev/zero"), "it is a device and not a file\nHint: name a file"),
        ] {
            let error = read(path, 2048).unwrap_err().to_string();
            assert!(error.contains(&format!("{}: ", path.display())) && error.contains(says), "{error}");
        }
    }

    #[test]
    fn a_name_is_that_of_the_file() {
        for (path, expected) in
            [("a/b.vcf", "b.vcf"), ("-", "standard input"), ("/dev/fd/63", "/dev/fd/63"), ("..", "..")]
        {
            assert_eq!(name(Path::new(path)), expected);
        }
    }
}
