//! `kith setup` where the shell and systemd mean different folders.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use insta::assert_snapshot;

use super::setup::{port, setup, setup_with, started, told, with_systemd};

/// Every file below a folder with its content.
fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap().map(Result::unwrap) {
        if entry.path().is_dir() {
            all.extend(files(&entry.path()));
        } else {
            all.insert(entry.path(), fs::read(entry.path()).unwrap());
        }
    }
    all
}

#[test]
fn nothing_is_set_up_for_folders_that_the_service_does_not_share() {
    let home = with_systemd();
    setup(&home, &format!("setup --link --port {}", port()));
    started(&home);
    told(&home);
    let lines =
        ["setup", "setup --yes", "setup --dry-run", "setup --json", "setup --remove", "setup --no-start"];
    let refused = |variables: &[(&str, &str)]| {
        let before = files(home.path());
        let said = setup_with(&home, lines[0], variables);
        for line in lines {
            assert_eq!(setup_with(&home, line, variables), said, "{line}");
        }
        assert_eq!(told(&home), "");
        assert_eq!(files(home.path()), before);
        assert!(!variables.iter().any(|(_, folder)| home.path().join(folder).exists()));
        let checked = setup_with(&home, "check", variables);
        assert!(checked.contains("\nsystemd:\n") && checked.contains("HOME differs:"), "{checked}");
        said
    };
    assert_snapshot!(refused(&[("XDG_DATA_HOME", "od")]), @"
    Error: XDG_DATA_HOME differs: commands in this shell use ~/od/kith, and the service ~/.local/share/kith
    Hint: to take the service's in this shell: unset XDG_DATA_HOME. To have the service take this shell's: systemctl --user import-environment XDG_DATA_HOME (and for good: XDG_DATA_HOME=~/od in ~/.config/environment.d/kith.conf). Then run kith setup again
    [exit 1]
    ");
    assert_snapshot!(refused(&[("XDG_CONFIG_HOME", "oc")]), @"
    Error: XDG_CONFIG_HOME differs: commands in this shell use ~/oc/kith, and the service ~/.config/kith
    Hint: to take the service's in this shell: unset XDG_CONFIG_HOME. To have the service take this shell's: systemctl --user import-environment XDG_CONFIG_HOME (and for good: XDG_CONFIG_HOME=~/oc in ~/.config/environment.d/kith.conf). Then run kith setup again
    [exit 1]
    ");
    // The service has folders of its own.
    home.file("environment", format!("XDG_DATA_HOME={}/own\n", home.path().display()));
    assert_snapshot!(refused(&[]), @"
    Error: XDG_DATA_HOME differs: commands in this shell use ~/.local/share/kith, and the service ~/own/kith
    Hint: to take the service's in this shell: export XDG_DATA_HOME=~/own. To have the service take this shell's: systemctl --user unset-environment XDG_DATA_HOME (and for good: no XDG_DATA_HOME in ~/.config/environment.d/kith.conf). Then run kith setup again
    [exit 1]
    ");
    home.file("environment", "HOME=/home/another\n");
    assert_snapshot!(refused(&[]), @"
    Error: HOME differs: commands in this shell use ~, and the service /home/another
    Hint: set HOME to /home/another to mean the folders of the service; kith serve runs kith for those of this shell
    [exit 1]
    ");
    // It has the same by another name.
    home.file("environment", format!("HOME={0}/prefix/..\n", home.path().display()));
    assert!(setup(&home, "setup").starts_with("Nothing to change.\n"));
}

#[test]
fn units_lie_where_systemd_looks_whatever_its_services_are_told() {
    let home = with_systemd();
    home.file("environment", format!("XDG_CONFIG_HOME={}/told\n", home.path().display()));
    let said = setup_with(&home, &format!("setup --port {}", port()), &[("XDG_CONFIG_HOME", "told")]);
    assert!(said.contains("Write ~/.config/systemd/user/kith.socket.\n"), "{said}");
    assert!(home.path().join("told/kith/kith.toml").exists() && !home.path().join("told/systemd").exists());
    let drop_in = home.path().join(".config/systemd/user/kith.service.d/folders.conf");
    assert!(fs::read_to_string(drop_in).unwrap().contains("/told/kith"));
}
