//! What an importer says about itself before it runs.

use std::fs;
use std::path::{Path, PathBuf};

use kith_plugin::PROTOCOL;
use serde::{Deserialize, Serialize};

use crate::error::{Doing, Error, Result};

use super::private::Private;
use super::sandbox::Program;

/// Where a program is looked for that is named without a folder.
const PROGRAMS: [&str; 3] = ["/usr/local/bin", "/usr/bin", "/bin"];

/// A manifest, `NAME.toml` in a plugin folder.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// The importer's name: small letters, digits and hyphens, the file's name
    /// without `.toml`, and what its `hello` says.
    pub name: String,
    /// The program and its arguments. One without a slash is looked for among
    /// the system's; what begins with `./` is beside the manifest.
    pub exec: Vec<String>,
    /// Files and folders that it may read, besides its program, what of the
    /// arguments begins with `./`, and the system's libraries.
    #[serde(default)]
    pub readable: Vec<PathBuf>,
    /// The versions of the protocol that it speaks.
    pub protocols: Vec<u32>,
    /// Endings of the names of files that it reads, without the dot, in small letters.
    #[serde(default)]
    pub extensions: Vec<String>,
    /// What a file that it reads starts with, where the name does not tell;
    /// blanks, a byte order mark and case are not looked at.
    #[serde(default)]
    pub sniff: Vec<String>,
    /// Endings of files that it may read, `""` for names without any: it is
    /// asked where neither of the others fits, and may refuse.
    #[serde(default)]
    pub tries: Vec<String>,
    /// What it may use for one batch.
    #[serde(default)]
    pub limits: Limits,
}

/// What an importer may use for one batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// Seconds from its start to its end.
    pub seconds: u64,
    /// MiB of memory; kept by the sandbox.
    pub memory_mib: u64,
    /// MiB that it may write on standard output.
    pub output_mib: u64,
    /// Processes at one time, its own included; kept by the sandbox.
    pub processes: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self { seconds: 600, memory_mib: 1024, output_mib: 4096, processes: 1 }
    }
}

impl Manifest {
    /// Reads the manifest at `path`.
    ///
    /// # Errors
    /// If it cannot be read, is not TOML, has a key that manifests do not have,
    /// or a value that cannot be used; the message names the file and the key.
    pub fn read(path: &Path) -> Result<Self> {
        let what = || format!("use the importer's manifest {}", path.display());
        let text = fs::read_to_string(path).doing(what)?;
        let manifest = Self::parse(&text).doing(what)?;
        let stem = path.file_stem().unwrap_or_default();
        if stem != manifest.name.as_str() {
            return Err(bad(format!(
                "name = {:?} does not match the file's name; call the file {0}.toml",
                manifest.name
            )))
            .doing(what);
        }
        Ok(manifest)
    }

    fn parse(text: &str) -> Result<Self> {
        let mut manifest: Self =
            toml::from_str(text).map_err(|error| bad(error.to_string().trim().to_owned()))?;
        for extension in manifest.extensions.iter_mut().chain(&mut manifest.tries) {
            *extension = extension.trim_start_matches('.').to_ascii_lowercase();
        }
        manifest.check()?;
        Ok(manifest)
    }

    fn check(&self) -> Result<()> {
        let word = |text: &str| {
            !text.is_empty()
                && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
        };
        if !word(&self.name) {
            return Err(bad(format!(
                "name = {:?}: a name is of small letters, digits and hyphens",
                self.name
            )));
        }
        if self.exec.first().is_none_or(String::is_empty) {
            return Err(bad("exec is empty; write the program and its arguments, such as [\"./importer\"]"));
        }
        if self.protocol().is_none() {
            return Err(bad(format!(
                "protocols = {:?}: this kith speaks version {PROTOCOL}; get a version of the importer, or of kith, that fits",
                self.protocols
            )));
        }
        if self.extensions.is_empty() && self.sniff.is_empty() {
            return Err(bad("both extensions and sniff are empty; no file would ever be its"));
        }
        if self.extensions.iter().any(String::is_empty) {
            return Err(bad("extensions has an empty word; write endings such as \"vcf\""));
        }
        if self.sniff.iter().any(|start| start.trim().is_empty()) {
            return Err(bad("sniff has an empty text, with which every file starts"));
        }
        for (key, value) in [
            ("seconds", self.limits.seconds),
            ("memory_mib", self.limits.memory_mib),
            ("output_mib", self.limits.output_mib),
            ("processes", u64::from(self.limits.processes)),
        ] {
            if value == 0 {
                return Err(bad(format!("limits.{key} = 0: nothing could run; write at least 1")));
            }
        }
        Ok(())
    }

    /// What to execute for this manifest, which is at `path`.
    ///
    /// # Errors
    /// If the program is not found, or would read what is private.
    pub(super) fn program(&self, path: &Path, private: &Private) -> Result<Program> {
        let folder = path.parent().unwrap_or(Path::new("/"));
        let beside = |word: &str| word.strip_prefix("./").map(|rest| folder.join(rest));
        let (program, arguments) = self.exec.split_first().ok_or_else(|| bad("exec is empty"))?;
        let found = if program.contains('/') {
            Some(beside(program).unwrap_or_else(|| folder.join(program))).filter(|path| path.is_file())
        } else {
            PROGRAMS.iter().map(|folder| Path::new(folder).join(program)).find(|path| path.is_file())
        };
        let Some(found) = found else {
            return Err(Error::user(format!(
                "the program {program} of the importer {} is not there",
                self.name
            ))
            .hint(format!("install it, or mend exec in {}", path.display())));
        };
        let named = arguments.iter().filter_map(|word| beside(word));
        let readable: Vec<PathBuf> =
            named.chain(self.readable.iter().map(|path| folder.join(path))).collect();
        for wish in std::iter::once(&found).chain(&readable) {
            let what = || format!("use the importer's manifest {}", path.display());
            is_there(wish).doing(what)?;
            private.check(wish).doing(what)?;
        }
        let word =
            |word: &String| beside(word).map_or_else(|| word.clone(), |path| path.display().to_string());
        Ok(Program { path: found, arguments: arguments.iter().map(word).collect(), readable })
    }

    /// What it may do beyond what every plugin may, as its manifest says: `may read ./lib, and have 3 processes at
    /// one time`.
    #[must_use]
    pub fn grants(&self) -> Option<String> {
        let readable: Vec<String> = self.readable.iter().map(|path| path.display().to_string()).collect();
        let reading = (!readable.is_empty()).then(|| format!("read {}", readable.join(", ")));
        let processes = self.limits.processes;
        let starting = (processes > 1).then(|| format!("have {processes} processes at one time"));
        let all: Vec<String> = reading.into_iter().chain(starting).collect();
        (!all.is_empty()).then(|| format!("may {}", all.join(", and ")))
    }

    /// The version of the protocol that the importer and kith both speak.
    pub(super) fn protocol(&self) -> Option<u32> {
        self.protocols.contains(&PROTOCOL).then_some(PROTOCOL)
    }

    /// Whether the importer reads files whose name ends like this one's.
    pub(super) fn reads_name(&self, file_name: &str) -> bool {
        extension(file_name)
            .is_some_and(|found| self.extensions.iter().any(|own| own.eq_ignore_ascii_case(found)))
    }

    /// Whether the importer may read files whose name ends like this one's.
    pub(super) fn tries_name(&self, file_name: &str) -> bool {
        let found = extension(file_name).unwrap_or_default();
        self.tries.iter().any(|own| own.eq_ignore_ascii_case(found))
    }

    /// Whether the importer reads files that start like this.
    pub(super) fn reads_start(&self, first_bytes: &[u8]) -> bool {
        let start = first_text(first_bytes);
        self.sniff
            .iter()
            .any(|own| start.get(..own.len()).is_some_and(|start| start.eq_ignore_ascii_case(own.as_bytes())))
    }
}

/// Checks that what a manifest names is there, as the sandbox opens it before it is told why it could not.
fn is_there(path: &Path) -> Result<()> {
    let Err(error) = path.metadata() else { return Ok(()) };
    let hint = if path.components().any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"~")) {
        "write the home out in it, such as /home/ada/lists: a ~ means nothing there"
    } else {
        "mend the path in it (readable, exec), or do without the plugin"
    };
    Err(Error::config(format!("it names {}, which cannot be opened: {error}", path.display())).hint(hint))
}

/// The ending of a file's name; `/dev/fd/63` and `.hidden` have none.
pub(super) fn extension(file_name: &str) -> Option<&str> {
    Path::new(file_name).extension()?.to_str()
}

/// The bytes without what stands before the text: byte order mark, blanks,
/// and the zero bytes of UTF-16.
fn first_text(bytes: &[u8]) -> Vec<u8> {
    let marks: [&[u8]; 3] = [b"\xEF\xBB\xBF", b"\xFF\xFE", b"\xFE\xFF"];
    let text = marks.iter().find_map(|mark| bytes.strip_prefix(*mark)).unwrap_or(bytes);
    let mut text: Vec<u8> = text.iter().copied().filter(|b| *b != 0).collect();
    let blanks = text.iter().take_while(|b| b.is_ascii_whitespace()).count();
    text.drain(..blanks);
    text
}

fn bad(message: impl Into<String>) -> Error {
    Error::config(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &str = "name = 'monica'\nexec = ['python3', 'monica.py']\nprotocols = [1, 2]\nextensions = ['.JSON']\nsniff = ['{\"version\"']\n[limits]\nseconds = 60\n";

    #[test]
    fn a_manifest_is_read_with_defaults_for_its_limits() {
        let manifest = Manifest::parse(WHOLE).unwrap();
        assert_eq!(manifest.exec, ["python3", "monica.py"]);
        assert_eq!(manifest.extensions, ["json"]);
        assert_eq!((manifest.limits.seconds, manifest.limits.memory_mib), (60, 1024));
        assert_eq!(manifest.protocol(), Some(1));
    }

    #[test]
    fn what_cannot_be_used_is_named() {
        for (from, to, says) in [
            ("name = 'monica'", "", "missing field `name`"),
            ("name = 'monica'", "name = 'Mo nica'", "small letters"),
            ("exec =", "run =", "unknown field `run`"),
            ("['python3', 'monica.py']", "[]", "exec is empty"),
            ("['python3', 'monica.py']", "'python3'", "exec = 'python3'"),
            ("[1, 2]", "[7]", "protocols = [7]: this kith speaks version 1"),
            ("'.JSON'", "'.'", "extensions has an empty word"),
            ("'{\"version\"'", "' '", "sniff has an empty text"),
            ("seconds = 60", "seconds = 0", "limits.seconds = 0"),
            ("seconds = 60", "minutes = 1", "unknown field `minutes`"),
            ("extensions = ['.JSON']\nsniff = ['{\"version\"']\n", "", "both extensions and sniff"),
        ] {
            let text = WHOLE.replace(from, to);
            let error = Manifest::parse(&text).unwrap_err().to_string();
            assert!(error.contains(says), "{text}\n  gives {error}");
        }
    }

    #[test]
    fn the_file_is_named_in_its_error_and_carries_the_importers_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("other.toml");
        fs::write(&path, WHOLE).unwrap();
        let error = Manifest::read(&path).unwrap_err().to_string();
        assert!(error.contains("other.toml") && error.contains("call the file monica.toml"), "{error}");
    }

    #[test]
    fn the_start_of_a_file_is_told_past_marks_blanks_and_case() {
        let vcard = Manifest { sniff: vec!["BEGIN:VCARD".to_owned()], ..Manifest::parse(WHOLE).unwrap() };
        for (name, bytes, reads) in [
            ("plain", &b"BEGIN:VCARD\r\nVERSION:4.0"[..], true),
            ("small letters after blank lines", b"\r\n\n begin:vcard\n", true),
            ("UTF-8 with a mark", b"\xEF\xBB\xBFBEGIN:VCARD\n", true),
            ("UTF-16 with a mark", b"\xFF\xFEB\0E\0G\0I\0N\0:\0V\0C\0A\0R\0D\0\r\0\n\0", true),
            ("cut short", b"BEGIN:VC", false),
            ("later in the file", b"x\nBEGIN:VCARD\n", false),
            ("nothing", b"", false),
        ] {
            assert_eq!(vcard.reads_start(bytes), reads, "{name}");
        }
    }
}
