//! Disks of a test's own, without root where the kernel allows that.

use std::env;
use std::path::Path;
use std::process::Command;

/// Says to a test that it runs in mounts of its own.
const INSIDE: &str = "KITH_TEST_IN_OWN_MOUNTS";

/// Runs the test `name` again in a process whose mounts nobody else sees.
///
/// True in that process: go on. False in the one that the test began in:
/// nothing is left to do, as the other has passed or, where such a process
/// cannot be made, as the test is skipped with a message.
#[track_caller]
pub(crate) fn own_mounts(name: &str) -> bool {
    if env::var_os(INSIDE).is_some() {
        return true;
    }
    let apart = || {
        let mut command = Command::new("unshare");
        command.args(["--user", "--map-root-user", "--mount", "--"]);
        command
    };
    let may = apart().args(["mount", "-t", "tmpfs", "-o", "size=64k", "none", "/mnt"]).output();
    if !may.is_ok_and(|tried| tried.status.success()) {
        eprintln!("skipped: {name} needs a disk of its own, and this system does not let it mount one");
        return false;
    }
    let test = env::current_exe().unwrap();
    let done = apart().arg(test).args(["--exact", name, "--nocapture"]).env(INSIDE, "1").output().unwrap();
    let said = String::from_utf8_lossy(&done.stdout) + String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.contains("1 passed"), "{said}");
    false
}

/// Makes the disk that was put over a folder read-only.
pub(crate) fn read_only(folder: &Path) {
    let done = Command::new("mount").args(["-o", "remount,ro"]).arg(folder).status().unwrap();
    assert!(done.success());
}

/// Puts a disk of that size over a folder.
pub(crate) fn small_disk(folder: &Path, size: &str) {
    let done = Command::new("mount")
        .args(["-t", "tmpfs", "-o", &format!("mode=0700,size={size}"), "none"])
        .arg(folder)
        .status()
        .unwrap();
    assert!(done.success());
}
