//! The text of kith's systemd units, and reading it back (`systemd.syntax(7)`).
//! Pure: nothing here touches the disk.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

/// The service's unit.
pub(super) const SERVICE: &str = "kith.service";

/// The socket's unit.
pub(super) const SOCKET: &str = "kith.socket";

const SERVICE_TEXT: &str = include_str!("../../../../systemd/kith.service");
const SOCKET_TEXT: &str = include_str!("../../../../systemd/kith.socket");

/// What of the unit rests on a user namespace.
const NEED_NAMESPACES: [&str; 7] = [
    "PrivateUsers",
    "ProtectSystem",
    "ProtectHome",
    "PrivateTmp",
    "ProtectKernelTunables",
    "ProtectControlGroups",
    "ProtectHostname",
];

/// How the first line begins of every file that setup wrote; what follows is
/// the start of a hash of the rest, by which a change is recognised.
const MARK: &str = "# Written by kith setup; kith setup --remove takes it away. ";

/// Whose a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Whose {
    /// As setup wrote it.
    Ours,
    /// Written by setup and changed since.
    Changed,
    /// Never written by setup.
    Theirs,
}

/// Tells whose a file with this text is.
pub(super) fn whose(text: &str) -> Whose {
    let Some((mark, rest)) = text.strip_prefix(MARK).and_then(|text| text.split_once('\n')) else {
        return Whose::Theirs;
    };
    if mark == fingerprint(rest) { Whose::Ours } else { Whose::Changed }
}

/// A text with the line before it by which [`whose`] recognises it.
fn marked(text: &str) -> String {
    format!("{MARK}{}\n{text}", fingerprint(text))
}

fn fingerprint(text: &str) -> String {
    Sha256::digest(text).iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

/// kith.service for a program.
pub(super) fn service(program: &Path) -> String {
    marked(&with_line(SERVICE_TEXT, "ExecStart=", &format!("ExecStart={} serve", quoted(program))))
}

/// kith.socket for an address.
pub(super) fn socket(listen: SocketAddr) -> String {
    marked(&with_line(SOCKET_TEXT, "ListenStream=", &format!("ListenStream={listen}")))
}

/// A drop-in for a kith.socket that is not setup's own.
pub(super) fn socket_drop_in(listen: SocketAddr) -> String {
    marked(&format!(
        "# Another address than the unit's: the empty line takes that one away.\n\
         [Socket]\nListenStream=\nListenStream={listen}\n"
    ))
}

/// A drop-in that lets the service write to further folders.
pub(super) fn folders_drop_in(folders: &[PathBuf]) -> String {
    let mut text = "# Folders of kith's that lie elsewhere than the unit expects.\n[Service]\n".to_owned();
    for folder in folders {
        text.push_str(&format!("ReadWritePaths=-{}\n", quoted(folder)));
    }
    marked(&text)
}

/// A drop-in for a kernel without namespaces for users, where the unit's own
/// would keep the service from starting. Paths that may be written are empty:
/// newer systemd sets a namespace up for these alone.
pub(super) fn without_namespaces() -> String {
    let keys = NEED_NAMESPACES.iter().map(|key| format!("{key}=no\n"));
    marked(&format!(
        "# This computer gives users no namespaces, which these rest on.\n[Service]\n{}ReadWritePaths=\n",
        keys.collect::<String>()
    ))
}

fn with_line(text: &str, begins: &str, line: &str) -> String {
    text.lines()
        .map(|old| if old.starts_with(begins) { line } else { old })
        .map(|l| format!("{l}\n"))
        .collect()
}

/// A path as units name it: a word in quotation marks where it has to be, and
/// no specifiers.
fn quoted(path: &Path) -> String {
    let path = path.display().to_string().replace('%', "%%");
    if path.chars().all(|c| c.is_alphanumeric() || "/._-+@%".contains(c)) {
        return path;
    }
    format!("\"{}\"", path.replace('\\', "\\\\").replace('"', "\\\""))
}

/// Where the words of units lead that begin with a per cent sign.
#[derive(Debug, Clone)]
pub(super) struct Specifiers {
    /// `%h`
    pub(super) home: PathBuf,
    /// `%E`
    pub(super) config: PathBuf,
}

/// What is in force of a unit and its drop-ins, as far as kith looks at it.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Directives(BTreeMap<String, Vec<String>>);

impl Directives {
    /// Reads a unit and its drop-ins, in the order in which systemd does: what a
    /// later one says is added, and an empty assignment takes away what was said
    /// before.
    pub(super) fn read<'a>(texts: impl IntoIterator<Item = &'a str>) -> Self {
        let mut all: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for line in texts.into_iter().flat_map(lines) {
            let Some((key, value)) = line.split_once('=').filter(|_| !line.starts_with('[')) else {
                continue;
            };
            let values = all.entry(key.trim().to_owned()).or_default();
            match value.trim() {
                "" => values.clear(),
                value => values.push(value.to_owned()),
            }
        }
        Self(all)
    }

    fn all(&self, key: &str) -> &[String] {
        self.0.get(key).map_or(&[], Vec::as_slice)
    }

    /// Where the socket listens.
    pub(super) fn listens(&self) -> Vec<SocketAddr> {
        self.all("ListenStream").iter().filter_map(|address| address.parse().ok()).collect()
    }

    /// The program that the service runs.
    pub(super) fn program(&self, specifiers: &Specifiers) -> Option<PathBuf> {
        let line = self.all("ExecStart").last()?;
        words(line.trim_start_matches(['@', '-', ':', '+', '!'])).first().map(|word| specifiers.expand(word))
    }

    /// Whether the service may write to a folder. Of the paths that the unit
    /// names, the nearest one above decides; of what is said of the same path,
    /// that which allows less (`systemd.exec(5)`).
    pub(super) fn may_write(&self, folder: &Path, specifiers: &Specifiers) -> bool {
        let last = |key: &str| self.all(key).last().map(String::as_str);
        let homes = ["/home", "/root", "/run/user"].map(PathBuf::from);
        let mut rules: Vec<(PathBuf, bool)> = Vec::new();
        if last("ProtectSystem") == Some("strict") {
            rules.push(("/".into(), false));
            rules.extend(homes.clone().map(|home| (home, true)));
        }
        if last("ProtectHome").is_some_and(|value| !["no", "false", "off", "0"].contains(&value)) {
            rules.extend(homes.map(|home| (home, false)));
        }
        for (key, open) in [("ReadWritePaths", true), ("ReadOnlyPaths", false), ("InaccessiblePaths", false)]
        {
            let named = self.all(key).iter().flat_map(|line| words(line));
            let path = |word: String| specifiers.expand(word.trim_start_matches(['-', '+']));
            rules.extend(named.map(|word| (path(word), open)));
        }
        let above = rules.into_iter().filter(|(path, _)| folder.starts_with(path));
        above.max_by_key(|(path, open)| (path.components().count(), !open)).is_none_or(|(_, open)| open)
    }
}

impl Directives {
    /// Whether the service may look into a folder: of the paths that the unit takes out of its sight,
    /// and those that it brings back in, the nearest one above decides (`systemd.exec(5)`).
    pub(super) fn may_read(&self, folder: &Path, specifiers: &Specifiers) -> bool {
        let last = |key: &str| self.all(key).last().map(String::as_str);
        let mut rules: Vec<(PathBuf, bool)> = Vec::new();
        if last("PrivateTmp").is_some_and(|value| !["no", "false", "off", "0"].contains(&value)) {
            rules.extend(["/tmp", "/var/tmp"].map(|path| (path.into(), false)));
        }
        if last("ProtectHome").is_some_and(|value| ["yes", "true", "on", "1", "tmpfs"].contains(&value)) {
            rules.extend(["/home", "/root", "/run/user"].map(|path| (path.into(), false)));
        }
        for (key, open) in [
            ("InaccessiblePaths", false),
            ("TemporaryFileSystem", false),
            ("BindPaths", true),
            ("BindReadOnlyPaths", true),
        ] {
            for word in self.all(key).iter().flat_map(|line| words(line)) {
                // SOURCE:DESTINATION:OPTIONS of those that are bound, PATH:OPTIONS of the others.
                let mut parts = word.trim_start_matches(['-', '+']).split(':');
                let (first, second) = (parts.next().unwrap_or_default(), parts.next());
                let path = if open { second.unwrap_or(first) } else { first };
                rules.push((specifiers.expand(path), open));
            }
        }
        let above = rules.into_iter().filter(|(path, _)| folder.starts_with(path));
        above.max_by_key(|(path, open)| (path.components().count(), *open)).is_none_or(|(_, open)| open)
    }
}

impl Specifiers {
    fn expand(&self, word: &str) -> PathBuf {
        let mut path = String::new();
        let mut signs = word.chars();
        while let Some(sign) = signs.next() {
            match (sign, sign == '%') {
                (_, false) => path.push(sign),
                _ => match signs.next() {
                    Some('h') => path.push_str(&self.home.display().to_string()),
                    Some('E') => path.push_str(&self.config.display().to_string()),
                    Some('%') | None => path.push('%'),
                    // Not one that kith's own units use.
                    Some(other) => path.extend(['%', other]),
                },
            }
        }
        PathBuf::from(path)
    }
}

/// The lines of a unit, without comments; one that ends in a backslash goes on
/// in the next.
fn lines(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut goes_on = false;
    for line in text.lines().map(str::trim).filter(|line| !line.starts_with(['#', ';'])) {
        let (said, more) = line.strip_suffix('\\').map_or((line, false), |said| (said, true));
        match lines.last_mut().filter(|_| goes_on) {
            Some(begun) => begun.extend([" ", said]),
            None => lines.push(said.to_owned()),
        }
        goes_on = more;
    }
    lines
}

/// The words of a line; quotation marks hold one together.
pub(super) fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let (mut within, mut any) = (false, false);
    let mut signs = line.chars();
    while let Some(sign) = signs.next() {
        match sign {
            '"' => (within, any) = (!within, true),
            '\\' => word.extend(signs.next()),
            ' ' | '\t' if !within => {
                if any || !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
                any = false;
            }
            _ => word.push(sign),
        }
    }
    if any || !word.is_empty() {
        words.push(word);
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn specifiers() -> Specifiers {
        Specifiers { home: "/home/anna".into(), config: "/home/anna/.config".into() }
    }

    #[test]
    fn a_file_says_whose_it_is() {
        let ours = service(Path::new("/usr/bin/kith"));
        assert_eq!(whose(&ours), Whose::Ours);
        assert_eq!(whose(&ours.replace("2min", "3min")), Whose::Changed);
        assert_eq!(whose(SERVICE_TEXT), Whose::Theirs);
        assert_eq!(whose(""), Whose::Theirs);
    }

    #[test]
    fn what_is_written_is_read_back() {
        for path in
            ["/usr/bin/kith", "/home/a b/100%/k\"i\\th", "/home/ä/-x", "/home/anna/.local/bin/kith", "/%h/$x"]
        {
            let service = service(Path::new(path));
            assert_eq!(
                Directives::read([service.as_str()]).program(&specifiers()),
                Some(path.into()),
                "{service}"
            );
            let more = folders_drop_in(&[path.into()]);
            let both = Directives::read([service.as_str(), more.as_str()]);
            for folder in ["/home/anna/.config/kith", "/home/anna/.local/share/kith", path] {
                assert!(both.may_write(&Path::new(folder).join("below"), &specifiers()), "{folder}");
            }
        }
        let (one, other) = (([127, 0, 0, 1], 5484).into(), ([127, 0, 0, 1], 6000).into());
        let socket = socket(one);
        assert_eq!(Directives::read([socket.as_str()]).listens(), [one]);
        let drop_in = socket_drop_in(other);
        assert_eq!(Directives::read([socket.as_str(), drop_in.as_str()]).listens(), [other]);
    }

    #[test]
    fn units_of_any_kind_are_read() {
        for (text, program) in [
            ("", None),
            ("[Service]\nExecStart=%h/.cargo/bin/kith serve", Some("/home/anna/.cargo/bin/kith")),
            ("ExecStart=-/usr/bin/kith serve\n", Some("/usr/bin/kith")),
            ("# ExecStart=x\nExecStart=a\nExecStart=\nExecStart=b", Some("b")),
            ("ExecStart=\\\n; a comment between\n  /usr/bin/kith \\\n serve", Some("/usr/bin/kith")),
        ] {
            let read = Directives::read([text]);
            assert_eq!(read.program(&specifiers()), program.map(PathBuf::from), "{text}");
        }
    }

    #[test]
    fn where_the_service_may_write_is_what_all_of_its_files_say() {
        const OWN: &str = "/home/anna/.config/kith";
        const STRICT: &str = "ProtectSystem=strict\nProtectHome=read-only\nReadWritePaths=-%E/kith";
        for (texts, folder, may) in [
            (&[""] as &[&str], "/cloud", true),
            (&[STRICT], OWN, true),
            (&[STRICT], "/home/anna/.config/kith/csv", true),
            (&[STRICT], "/home/anna/.config", false),
            (&[STRICT], "/cloud", false),
            (&[STRICT, "ReadWritePaths=\"/in box\" /cloud"], "/cloud", true),
            (&[STRICT, "ReadWritePaths=\"/in box\" /cloud"], "/in box", true),
            (&[STRICT, "ReadWritePaths="], OWN, false),
            (&[STRICT, "ReadWritePaths=", "ReadWritePaths=%h/.config"], OWN, true),
            (&[STRICT, "ReadWritePaths=\nReadWritePaths=/cloud"], OWN, false),
            (&[STRICT, "ProtectHome=no"], "/home/anna/x", true),
            (&[STRICT, "ProtectHome=no"], "/cloud", false),
            (&[STRICT, "ProtectHome="], "/home/anna/x", true),
            (&[STRICT, "ProtectSystem="], "/cloud", true),
            (&["ProtectHome=yes"], OWN, false),
            (&["ProtectHome=read-only\nReadWritePaths=%h"], OWN, true),
            (&[STRICT, "ReadOnlyPaths=%E/kith"], OWN, false),
            (&[STRICT, "ReadOnlyPaths=%E"], OWN, true),
            (&[STRICT, "InaccessiblePaths=-%E/kith/csv"], "/home/anna/.config/kith/csv", false),
            (
                &[STRICT, "InaccessiblePaths=-%E/kith/csv\nInaccessiblePaths="],
                "/home/anna/.config/kith/csv",
                true,
            ),
        ] {
            let read = Directives::read(texts.iter().copied());
            assert_eq!(read.may_write(Path::new(folder), &specifiers()), may, "{folder} by {texts:?}");
        }
    }

    #[test]
    fn what_the_service_may_look_into_is_what_all_of_its_files_say() {
        for (texts, folder, may) in [
            (&[""] as &[&str], "/tmp/x", true),
            (&[SERVICE_TEXT], "/home/anna/contacts", true),
            (&[SERVICE_TEXT], "/srv/contacts", true),
            (&[SERVICE_TEXT], "/tmp/contacts", false),
            (&[SERVICE_TEXT, "BindReadOnlyPaths=/tmp/contacts"], "/tmp/contacts", true),
            (&[SERVICE_TEXT, "BindReadOnlyPaths=-/srv/c:/tmp/contacts"], "/tmp/contacts/a", true),
            (&[SERVICE_TEXT, "PrivateTmp=no"], "/tmp/contacts", true),
            (&[SERVICE_TEXT, "ProtectHome=yes"], "/home/anna/contacts", false),
            (&[SERVICE_TEXT, "ProtectHome=tmpfs\nBindPaths=%h/contacts"], "/home/anna/contacts", true),
            (&[SERVICE_TEXT, "InaccessiblePaths=-%h/contacts"], "/home/anna/contacts/a", false),
            (&[SERVICE_TEXT, "TemporaryFileSystem=/srv:ro"], "/srv/contacts", false),
        ] {
            let read = Directives::read(texts.iter().copied());
            assert_eq!(read.may_read(Path::new(folder), &specifiers()), may, "{folder} by {texts:?}");
        }
    }

    #[test]
    fn the_units_shipped_have_the_lines_that_setup_replaces() {
        for (text, line) in [(SERVICE_TEXT, "ExecStart="), (SOCKET_TEXT, "ListenStream=")] {
            assert_eq!(text.lines().filter(|l| l.starts_with(line)).count(), 1, "{line}");
        }
        for key in NEED_NAMESPACES {
            assert!(SERVICE_TEXT.contains(&format!("\n{key}=")), "{key}");
        }
        let without = without_namespaces();
        let read = Directives::read([SERVICE_TEXT, without.as_str()]);
        assert!(read.may_write(Path::new("/home/anna/.config/kith"), &specifiers()));
        assert!(read.all("ReadWritePaths").is_empty(), "{without}");
    }
}
