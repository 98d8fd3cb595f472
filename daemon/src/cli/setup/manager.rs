//! Asking the user's own systemd.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::plan::{FILES, Manager, Unit};
use super::units::{SERVICE, SOCKET};
use crate::paths::Paths;

/// Where packages put units for all users, first those that win.
const PACKAGED: [&str; 5] = [
    "/etc/systemd/user",
    "/usr/local/lib/systemd/user",
    "/usr/local/share/systemd/user",
    "/usr/lib/systemd/user",
    "/usr/share/systemd/user",
];

/// The variables with which the manager starts services; none if it does not answer.
pub(super) fn environment() -> Option<BTreeMap<String, String>> {
    let text = said(&["show-environment"])?;
    Some(
        text.lines()
            .filter_map(|line| line.split_once('='))
            .map(|(k, v)| (k.to_owned(), unquoted(v)))
            .collect(),
    )
}

/// A value as `systemctl show-environment` prints it: in `$'…'` where it is no plain word.
fn unquoted(value: &str) -> String {
    value.strip_prefix("$'").and_then(|value| value.strip_suffix('\'')).unwrap_or(value).to_owned()
}

/// The files that setup may have written to the folder of the user's units.
pub(super) fn files(folder: &Path) -> BTreeMap<&'static str, String> {
    let there = FILES.iter().filter_map(|&file| Some((file, fs::read_to_string(folder.join(file)).ok()?)));
    there.collect()
}

/// The user's systemd, whose own units lie in `folder`.
pub(super) fn look(folder: &Path) -> Manager {
    let shown = said(&[
        "show",
        "--property=Id,FragmentPath,UnitFileState,ActiveState,NeedDaemonReload,MainPID",
        SERVICE,
        SOCKET,
    ])
    .unwrap_or_default();
    let of = |name: &str| shown.split("\n\n").map(properties).find(|unit| unit.get("Id") == Some(&name));
    let unit = |name: &str| {
        let properties = of(name).unwrap_or_default();
        let is = |key: &str, value: &str| properties.get(key) == Some(&value);
        let fragment = properties.get("FragmentPath").filter(|path| !path.is_empty()).map(PathBuf::from);
        let elsewhere = fragment.filter(|path| !path.starts_with(folder));
        let packaged =
            elsewhere.into_iter().chain(PACKAGED.iter().map(|folder| Path::new(folder).join(name)));
        Unit {
            packaged: packaged.into_iter().find_map(|path| fs::read_to_string(path).ok()),
            enabled: is("UnitFileState", "enabled"),
            active: is("ActiveState", "active")
                || is("ActiveState", "activating")
                || is("ActiveState", "reloading"),
            stale: is("NeedDaemonReload", "yes"),
        }
    };
    let pid = of(SERVICE).and_then(|unit| unit.get("MainPID").map(|pid| (*pid).to_owned()));
    let running = pid.and_then(|pid| fs::read_link(format!("/proc/{pid}/exe")).ok());
    Manager {
        service: unit(SERVICE),
        socket: unit(SOCKET),
        outdated: running.is_some_and(|exe| exe.to_string_lossy().ends_with(" (deleted)")),
    }
}

fn properties(block: &str) -> BTreeMap<&str, &str> {
    block.lines().filter_map(|line| line.split_once('=')).collect()
}

/// The base folder of configurations, as the service sees it.
pub(super) fn config_home(environment: &BTreeMap<String, String>, home: &Path) -> PathBuf {
    base(environment, "XDG_CONFIG_HOME").unwrap_or_else(|| home.join(".config"))
}

/// kith's folders as the service sees them.
pub(super) fn folders(environment: &BTreeMap<String, String>, home: &Path) -> Paths {
    let data = base(environment, "XDG_DATA_HOME").unwrap_or_else(|| home.join(".local/share"));
    Paths::within(&config_home(environment, home), &data)
}

fn base(environment: &BTreeMap<String, String>, variable: &str) -> Option<PathBuf> {
    environment.get(variable).map(PathBuf::from).filter(|path| path.is_absolute())
}

/// What `systemctl --user` prints; nothing if it fails or is not there.
fn said(words: &[&str]) -> Option<String> {
    let output = Command::new("systemctl").arg("--user").args(words).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}
