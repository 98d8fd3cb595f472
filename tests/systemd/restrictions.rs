//! What the unit takes away, and what it has to leave.

use std::fs;
use std::process::Command;

use super::session::{ADDRESS, Session, in_session, is, journal, run, service, systemctl};
use crate::sandbox::{Bait, SHORT, WITHOUT_END};
use crate::support::cards::card_with;
use crate::support::eventually;

#[test]
fn the_journal_has_fields_and_names_nobody() {
    if !in_session("restrictions::the_journal_has_fields_and_names_nobody") {
        return;
    }
    let session = Session::with_kith();
    session.import("Quendel.vcf", &card_with("Zacharias Quendel", "TEL:+1 555 0123\r\nNOTE:has gout\r\n"));
    fs::write(session.config(), "[me]\nname = 'Zacharias\n").unwrap();
    eventually("it is refused", || journal().contains("is refused").then_some(()));
    eventually("he is in the feed", || session.get().body.contains("Quendel").then_some(()));
    systemctl(&["stop", "kith.service"]);
    fs::remove_file(session.data("last-good-kith.toml")).unwrap();
    assert_eq!(session.get().status, 503);
    let journal = journal();
    for field in ["\"F_IMPORTER\":\"vcard\"", "\"F_NEW\":\"1\"", "\"SYSLOG_IDENTIFIER\":\"kith\""] {
        assert!(journal.contains(field), "{field} in {journal}");
    }
    let token = fs::read_to_string(session.data("feed-token")).unwrap();
    for personal in ["Zacharias", "Quendel", "555 0123", "5550123", "gout", token.trim()] {
        assert!(!journal.contains(personal), "{personal} in {journal}");
    }
}

#[test]
fn it_follows_folders_that_it_may_look_into_and_check_names_the_others() {
    if !in_session("restrictions::it_follows_folders_that_it_may_look_into_and_check_names_the_others") {
        return;
    }
    let session = Session::with_kith();
    let closed = std::path::Path::new("/tmp/contacts-of-kith");
    fs::create_dir_all(closed).unwrap();
    fs::write(closed.join("3.vcf"), card_with("Cora Kranich", "")).unwrap();
    for (folder, name) in [("contacts", "Anna Amsel"), ("elsewhere/contacts", "Bert Bussard")] {
        session.file(&format!("{folder}/1.vcf"), &card_with(name, ""));
    }
    session.file(
        ".config/kith/kith.toml",
        "[vdir]\nfolders = ['~/contacts', '~/elsewhere/contacts', '/tmp/contacts-of-kith']\n",
    );
    for name in ["Amsel", "Bussard"] {
        eventually(name, || session.get().body.contains(name).then_some(()));
    }
    let check = Command::new(session.home.join("src/target/release/kith")).arg("check").output().unwrap();
    let said: String =
        String::from_utf8(check.stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        said.contains("cannot look into /tmp/contacts-of-kith") && said.contains("PrivateTmp="),
        "{said}"
    );
    assert!(!said.contains("cannot look into ~") && !said.contains("elsewhere/contacts"), "{said}");
    // As it says.
    session.edit_unit("BindReadOnlyPaths=/tmp/contacts-of-kith");
    systemctl(&["restart", "kith.service"]);
    eventually("Cora", || session.get().body.contains("Kranich").then_some(()));
    fs::remove_dir_all(closed).unwrap();
}

#[test]
fn it_writes_to_its_own_folders_and_nowhere_else() {
    if !in_session("restrictions::it_writes_to_its_own_folders_and_nowhere_else") {
        return;
    }
    let session = Session::with_kith();
    // The same restrictions, tried from within.
    session.edit_unit(
        "ExecStartPre=sh -c 'cd %h; for f in x .config/x .config/kith/x /tmp/x .local/share/kith/x /var/tmp/x; do \
         if touch $f 2>/dev/null; then echo $f; fi; done >.local/share/kith/written'",
    );
    systemctl(&["restart", "kith.service"]);
    let written = fs::read_to_string(session.data("written")).unwrap();
    assert_eq!(written, ".config/kith/x\n/tmp/x\n.local/share/kith/x\n/var/tmp/x\n");
    assert!(!std::path::Path::new("/tmp/x").exists(), "a /tmp of its own");

    // An inbox that is a link to elsewhere is opened by setup.
    let elsewhere = session.home.join("Cloud/in box");
    fs::create_dir_all(elsewhere.join("done")).unwrap();
    fs::create_dir_all(elsewhere.join("failed")).unwrap();
    systemctl(&["stop", "kith.service"]);
    fs::remove_dir_all(session.data("inbox")).unwrap();
    std::os::unix::fs::symlink(&elsewhere, session.data("inbox")).unwrap();
    let check = Command::new(session.home.join("src/target/release/kith")).arg("check").output().unwrap();
    let said = String::from_utf8(check.stdout).unwrap();
    assert!(said.contains("may not write to") && said.contains("Cloud/in box"), "{said}");
    session.kith(&["setup", "--yes"]);
    assert!(session.import("a.vcf", &card_with("Anna Amsel", "")).contains("1 new"));
    assert!(elsewhere.join("done/a.vcf").exists());

    // What a drop-in of the user's takes away is seen, and who does.
    for taken in ["ReadWritePaths=", "ReadOnlyPaths=%h/.local/share/kith"] {
        session.edit_unit(taken);
        let check = Command::new(session.home.join("src/target/release/kith")).arg("check").output().unwrap();
        let said = String::from_utf8(check.stdout).unwrap().replace(['\n', ' '], "");
        assert!(
            said.contains(".local/share/kith,as") && said.contains("test.conftakesthataway"),
            "{taken}: {said}"
        );
        systemctl(&["stop", "kith.service"]);
        let start = Command::new("systemctl").args(["--user", "start", "kith.service"]).status().unwrap();
        assert!(!start.success(), "{taken}: it is as check says");
    }
}

#[test]
fn missing_folders_are_made() {
    if !in_session("restrictions::missing_folders_are_made") {
        return;
    }
    let session = Session::with_kith();
    systemctl(&["stop", "kith.service"]);
    fs::remove_dir_all(session.data("")).unwrap();
    fs::remove_dir_all(session.home.join(".config/kith")).unwrap();
    systemctl(&["start", "kith.service"]);
    assert_eq!(is("active", "kith.service"), "active");
    assert!(session.data("contacts.db").exists());
}

#[test]
fn a_credential_is_readable() {
    if !in_session("restrictions::a_credential_is_readable") {
        return;
    }
    let session = Session::with_kith();
    let secret = session.file("secret", "let me in");
    session.edit_unit(&format!(
        "LoadCredential=mail:{}\nExecStartPre=sh -c 'cp \"$$CREDENTIALS_DIRECTORY/mail\" %h/.local/share/kith/seen'",
        secret.display()
    ));
    systemctl(&["restart", "kith.service"]);
    assert_eq!(fs::read_to_string(session.data("seen")).unwrap(), "let me in");
    // What the service has in its memory and environment, no other process of the user can read.
    let environment = fs::read_to_string(format!("/proc/{}/environ", service("MainPID")));
    assert_eq!(environment.unwrap_err().kind(), std::io::ErrorKind::PermissionDenied);
}

/// Tries what an importer is confined with: Landlock's version (system call
/// 444), a ruleset, and a seccomp filter that allows everything.
const CONFINE: &str = "
import ctypes, platform, sys
libc = ctypes.CDLL(None, use_errno=True)
seccomp = {'x86_64': 317, 'aarch64': 277}.get(platform.machine())
version = libc.syscall(444, None, 0, 1)
rights = ctypes.c_uint64(1)
rules = libc.syscall(444, ctypes.byref(rights), 8, 0) if version > 0 else -1
no_new_privs = libc.prctl(38, 1, 0, 0, 0)
confined = libc.syscall(446, rules, 0) if version > 0 else -1
class Filter(ctypes.Structure):
    _fields_ = [('code', ctypes.c_ushort), ('jt', ctypes.c_ubyte), ('jf', ctypes.c_ubyte), ('k', ctypes.c_uint)]
class Program(ctypes.Structure):
    _fields_ = [('count', ctypes.c_ushort), ('filter', ctypes.POINTER(Filter))]
allow = Filter(6, 0, 0, 0x7fff0000)
filtered = libc.syscall(seccomp, 1, 0, ctypes.byref(Program(1, ctypes.pointer(allow)))) if seccomp else 0
print(version > 0, rules >= 0, no_new_privs == 0, confined == 0, filtered == 0)
";

#[test]
fn importers_can_be_confined_further() {
    if !in_session("restrictions::importers_can_be_confined_further") {
        return;
    }
    let python = "/usr/bin/python3";
    if !std::path::Path::new(python).exists() {
        eprintln!("skipped: there is no {python} to try Landlock with");
        return;
    }
    let session = Session::with_kith();
    let outside = run(Command::new(python).args(["-c", CONFINE]));
    let script = session.file("confine.py", CONFINE);
    session.edit_unit(&format!(
        "ExecStartPre=sh -c '{python} {} >%h/.local/share/kith/confined'",
        script.display()
    ));
    systemctl(&["restart", "kith.service"]);
    let inside = fs::read_to_string(session.data("confined")).unwrap();
    assert_eq!(inside, outside, "in the unit as outside of it");
    assert!(inside.contains("True True"), "{inside}");
}

#[test]
fn plugins_are_confined_within_the_unit() {
    if !in_session("restrictions::plugins_are_confined_within_the_unit") {
        return;
    }
    let session = Session::with_kith();
    session.with_hostile_plugin("");
    // It finds importers when it starts.
    systemctl(&["restart", "kith.service"]);
    let bait = Bait::lay(&session.home);
    let pid = service("MainPID").parse().unwrap();
    let mut wishes = bait.wishes(&session.data(""), &session.data("inbox/a.wish"), pid);
    wishes.extend([
        format!("tcp {ADDRESS}"),
        format!("unix /run/user/{}/bus", rustix::process::getuid().as_raw()),
    ]);
    let report = session.import("a.wish", &wishes.join("\n"));
    assert!(report.contains(&format!("{} skipped", wishes.len())), "{report}");
    assert_eq!(report.matches(": refused: ").count(), wishes.len(), "{report}");
    bait.is_untouched();
    let report = session.import("b.wish", "thread\nlist /usr/lib");
    assert_eq!(report.matches("DONE").count(), 2, "{report}");
    assert!(session.import("a.vcf", &card_with("Anna Amsel", "")).contains("1 new"));
    let check = run(Command::new(session.home.join("src/target/release/kith")).arg("check"));
    assert!(!check.contains("Landlock"), "{check}");
}

#[test]
fn plugins_that_never_end_are_ended_within_the_unit() {
    if !in_session("restrictions::plugins_that_never_end_are_ended_within_the_unit") {
        return;
    }
    let session = Session::with_kith();
    session.with_hostile_plugin(SHORT);
    systemctl(&["restart", "kith.service"]);
    let pid = service("MainPID");
    for (wish, says) in WITHOUT_END {
        let report = session.refuses(&format!("{wish}.wish"), wish);
        assert!(report.contains(says), "{wish}: {report}");
    }
    assert!(session.import("a.vcf", &card_with("Anna Amsel", "")).contains("1 new"));
    assert_eq!(service("MainPID"), pid, "it is the same service");
    // Of the unit's control group nothing else is left.
    let group = fs::read_to_string(format!("/proc/{pid}/cgroup")).unwrap();
    let (_, group) = group.trim().rsplit_once("::").unwrap();
    let left = fs::read_to_string(format!("/sys/fs/cgroup{group}/cgroup.procs")).unwrap();
    assert_eq!(left.trim(), pid);
}
