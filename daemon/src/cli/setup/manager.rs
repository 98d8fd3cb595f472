//! Asking the user's own systemd.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

use super::failure::{self, Failure};
use super::folders::{self, Folders};
use super::plan::{FILES, Manager, Unit, UnitFile};
use super::units::{SERVICE, SOCKET, Specifiers, words};

/// How often, and after how long, systemd is asked again.
const AGAIN: (u32, Duration) = (15, Duration::from_millis(100));

/// Where units lie below the base folder of configurations.
pub(super) const UNITS: &str = "systemd/user";

/// The user's systemd, where it answers.
pub(super) struct Systemd {
    /// kith's base folders as its services see them.
    pub(super) folders: Folders,
    /// Where it looks for the user's own units.
    pub(super) units: PathBuf,
}

impl Systemd {
    /// Asks it; `home` is where it does not say which it has.
    pub(super) fn ask(home: &Path) -> Option<Self> {
        let environment = environment()?;
        let base = |variable| environment.get(variable).map(PathBuf::from).filter(|path| path.is_absolute());
        let home = base("HOME").unwrap_or_else(|| home.to_owned());
        let folders = Folders {
            config: base("XDG_CONFIG_HOME").unwrap_or_else(|| home.join(folders::CONFIG)),
            data: base("XDG_DATA_HOME").unwrap_or_else(|| home.join(folders::DATA)),
            home,
        };
        // It goes by the variables with which it was started itself; those of
        // its services may have been set since.
        let own = folders_of_units().into_iter().find(|folder| folder.ends_with(UNITS));
        Some(Self { units: own.unwrap_or_else(|| folders.config.join(UNITS)), folders })
    }

    /// Where the words of its units lead, with the home as the shell spells it.
    pub(super) fn specifiers(&self, home: &Path) -> Specifiers {
        let config = self.units.ancestors().nth(2).unwrap_or(&self.folders.config);
        Specifiers { config: config.to_owned(), home: home.to_owned() }
    }

    pub(super) fn look(&self) -> Manager {
        look(&self.units)
    }
}

/// Why the service does not run, where it should.
pub(super) fn failure() -> Option<Failure> {
    look(Path::new("/")).failure
}

/// The variables with which the manager starts services; none if it does not answer.
fn environment() -> Option<BTreeMap<String, String>> {
    let text = said(&["show-environment"])?;
    Some(
        text.lines()
            .filter_map(|line| line.split_once('='))
            .map(|(k, v)| (k.to_owned(), unquoted(v)))
            .collect(),
    )
}

/// A value as `systemctl show-environment` prints it: in `$'…'` where it is no
/// plain word, with a backslash before each quotation mark and backslash.
fn unquoted(value: &str) -> String {
    match value.strip_prefix("$'").and_then(|value| value.strip_suffix('\'')) {
        Some(quoted) => quoted.replace("\\'", "'").replace("\\\\", "\\"),
        None => value.to_owned(),
    }
}

/// The files that setup may have written to the folder of the user's units.
pub(super) fn files(folder: &Path) -> BTreeMap<&'static str, String> {
    let there = FILES.iter().filter_map(|&file| Some((file, fs::read_to_string(folder.join(file)).ok()?)));
    there.collect()
}

/// The user's systemd, whose own units lie in `folder`.
fn look(folder: &Path) -> Manager {
    let shown = shown();
    let of = |name: &str| shown.split("\n\n").map(properties).find(|unit| unit.get("Id") == Some(&name));
    let folders = folders_of_units();
    let unit = |name: &str| {
        let properties = of(name).unwrap_or_default();
        let is = |key: &str, value: &str| properties.get(key) == Some(&value);
        let elsewhere = folders.iter().filter(|other| *other != folder);
        let texts = elsewhere.filter_map(|other| fs::read_to_string(other.join(name)).ok());
        Unit {
            file: file(&folders, name),
            drop_ins: drop_ins(&folders, name),
            packaged: texts.into_iter().find(|text| !text.trim().is_empty()),
            enabled: is("UnitFileState", "enabled"),
            active: is("ActiveState", "active")
                || is("ActiveState", "activating")
                || is("ActiveState", "reloading"),
            stale: is("NeedDaemonReload", "yes"),
            wanted: is_wanted(folder, name),
        }
    };
    let pid = of(SERVICE).and_then(|unit| unit.get("MainPID").map(|pid| (*pid).to_owned()));
    let running = pid.and_then(|pid| fs::read_link(format!("/proc/{pid}/exe")).ok());
    Manager {
        service: unit(SERVICE),
        socket: unit(SOCKET),
        outdated: running.is_some_and(|exe| exe.to_string_lossy().ends_with(" (deleted)")),
        failure: of(SERVICE).and_then(|unit| Failure::read(&unit)),
    }
}

/// What systemd says of both units. Of a service that is just being tried again it is not known yet how
/// that ends: it is asked again for a moment.
fn shown() -> String {
    let (times, pause) = AGAIN;
    let wanted =
        format!("--property=Id,UnitFileState,ActiveState,NeedDaemonReload,MainPID,{}", failure::PROPERTIES);
    let mut shown = String::new();
    for _ in 0..times {
        shown = said(&["show", &wanted, SERVICE, SOCKET]).unwrap_or_default();
        if !shown.split("\n\n").map(properties).any(|unit| failure::is_open(&unit)) {
            break;
        }
        sleep(pause);
    }
    shown
}

/// Whether a unit is wanted by another, which is a link that may lead nowhere.
fn is_wanted(folder: &Path, name: &str) -> bool {
    let all = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    let mut wants = all.filter(|path| path.extension().is_some_and(|end| end == "wants"));
    wants.any(|wants| wants.join(name).is_symlink())
}

/// Where systemd looks for units of the user, first those that win.
fn folders_of_units() -> Vec<PathBuf> {
    let shown = said(&["show", "--property=UnitPath"]).unwrap_or_default();
    let path = shown.lines().find_map(|line| line.strip_prefix("UnitPath=")).unwrap_or_default();
    words(path).into_iter().map(PathBuf::from).collect()
}

/// The file of a unit that is in force.
fn file(folders: &[PathBuf], name: &str) -> Option<UnitFile> {
    let mut paths = folders.iter().map(|folder| folder.join(name));
    // A link that leads nowhere is in force, too.
    let path = paths.find(|path| fs::symlink_metadata(path).is_ok())?;
    Some(UnitFile { text: fs::read_to_string(&path).unwrap_or_default(), path })
}

/// The drop-ins of a unit in the order in which systemd reads them: by their
/// names, wherever they lie. Of the same name that in the first folder counts;
/// those for all units of a type come last (`systemd.unit(5)`).
fn drop_ins(folders: &[PathBuf], name: &str) -> Vec<UnitFile> {
    let kind = name.rsplit('.').next().unwrap_or(name);
    let mut found: BTreeMap<OsString, PathBuf> = BTreeMap::new();
    for of in [format!("{name}.d"), format!("{kind}.d")] {
        for entry in folders.iter().flat_map(|folder| fs::read_dir(folder.join(&of))).flatten().flatten() {
            let (name, path) = (entry.file_name(), entry.path());
            if path.extension().is_some_and(|end| end == "conf") {
                found.entry(name).or_insert(path);
            }
        }
    }
    let read = |path: PathBuf| Some(UnitFile { text: fs::read_to_string(&path).ok()?, path });
    found.into_values().filter_map(read).collect()
}

/// Whether neither unit is running, listening or enabled.
pub(super) fn is_off() -> bool {
    // Of packaged units none is asked for.
    let Manager { service, socket, .. } = look(Path::new("/"));
    [service, socket].iter().all(|unit| !unit.enabled && !unit.active)
}

fn properties(block: &str) -> BTreeMap<&str, &str> {
    block.lines().filter_map(|line| line.split_once('=')).collect()
}

/// A command that finds the user's systemd, also from a shell that was not told where it is: after `su`,
/// and in some sessions of ssh.
pub(super) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    if std::env::var_os("XDG_RUNTIME_DIR").is_none_or(|folder| folder.is_empty()) {
        let folder = format!("/run/user/{}", rustix::process::getuid().as_raw());
        if is_runtime_folder(Path::new(&folder)) {
            command.env("XDG_RUNTIME_DIR", folder);
        }
    }
    command
}

/// Whether a manager answers there.
fn is_runtime_folder(folder: &Path) -> bool {
    ["systemd/private", "bus"].iter().any(|socket| folder.join(socket).exists())
}

/// What `systemctl --user` prints; nothing if it fails or is not there.
fn said(words: &[&str]) -> Option<String> {
    let output = command("systemctl").arg("--user").args(words).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_as_systemctl_quotes_them() {
        for (printed, value) in [
            ("/home/eva", "/home/eva"),
            ("$'/home/eva ernst'", "/home/eva ernst"),
            (r"$'/home/eva\'s'", "/home/eva's"),
            (r"$'/home/eva\\ernst'", r"/home/eva\ernst"),
            (r"$'/home/eva\\\'s'", r"/home/eva\'s"),
        ] {
            assert_eq!(unquoted(printed), value, "{printed}");
        }
    }

    #[test]
    fn a_manager_is_found_by_its_socket() {
        let folder = tempfile::tempdir().unwrap();
        assert!(!is_runtime_folder(folder.path()));
        fs::write(folder.path().join("bus"), "").unwrap();
        assert!(is_runtime_folder(folder.path()));
    }

    #[test]
    fn drop_ins_are_read_in_systemds_order_and_the_first_of_a_name_counts() {
        let all = tempfile::tempdir().unwrap();
        let folders = ["own", "run", "usr"].map(|name| all.path().join(name));
        for (path, text) in [
            ("own/kith.service.d/b.conf", "own b"),
            ("usr/kith.service.d/b.conf", "usr b"),
            ("usr/kith.service.d/a.conf", "usr a"),
            ("run/kith.service.d/c.conf", "run c"),
            ("own/service.d/c.conf", "all c"),
            ("own/service.d/0.conf", "all 0"),
            ("own/kith.service.d/d.conf~", "a backup"),
            ("own/kith.socket.d/e.conf", "the socket's"),
            ("usr/kith.service", "usr"),
        ] {
            let path = all.path().join(path);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let texts = |files: Vec<UnitFile>| files.into_iter().map(|file| file.text).collect::<Vec<_>>();
        assert_eq!(texts(drop_ins(&folders, SERVICE)), ["all 0", "usr a", "own b", "run c"]);
        assert!(file(&folders, SERVICE).is_some_and(|file| file.text == "usr" && !file.masks()));
        assert_eq!(file(&folders, SOCKET), None);
        // What is masked is silent.
        for masked in ["own/kith.service", "own/kith.service.d/a.conf"] {
            std::os::unix::fs::symlink("/dev/null", all.path().join(masked)).unwrap();
        }
        assert_eq!(texts(drop_ins(&folders, SERVICE)), ["all 0", "", "own b", "run c"]);
        assert!(file(&folders, SERVICE).is_some_and(|file| file.masks()));
    }
}
