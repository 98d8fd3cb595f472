//! Files that cannot be imported, or not all of them.

use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::Command;

use crate::support::cards::{address_book, card};
use crate::support::{Home, eventually};

/// Drops a file and gives the report on it in `failed/`, with the file still there.
#[track_caller]
fn refused(home: &Home, name: &str, content: &[u8]) -> String {
    home.drop_in(name, content);
    let report = home.report(&format!("failed/{name}"));
    assert_eq!(fs::read(home.data("inbox/failed").join(name)).unwrap(), content, "{name} is kept as it came");
    report
}

#[test]
fn a_file_with_nothing_to_take_is_refused_with_the_reason() {
    let home = Home::new();
    let service = home.serve();
    let rubbish: Vec<u8> = (0..20_000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    for (name, content, says) in [
        ("empty.vcf", &b""[..], "empty"),
        ("empty.csv", b"", "empty"),
        ("blank.vcf", b"\r\n \r\n", "nothing but blank lines"),
        ("rubbish.vcf", &rubbish, "holds no vCard"),
        ("rubbish.csv", &rubbish, "the file is not text"),
        ("zip.vcf", b"PK\x03\x04\x14\0\0\0\x08\0", "holds no vCard"),
        ("page.vcf", b"<!DOCTYPE html><html><body>Please sign in</body></html>", "holds no vCard"),
        ("unknown.csv", b"Colour,Size\nred,5\n", "Colour"),
        ("rubbish.ldif", &rubbish, "holds no LDIF"),
        ("rubbish.json", &rubbish, "the file is no JSON"),
        ("chat.json", b"{\"messages\": []}", "no export of Monica 4"),
        ("cut.json", b"{\"version\": \"1.0-preview.1\", \"account\": {", "before the export does"),
    ] {
        let report = refused(&home, name, content);
        assert!(
            report.starts_with(&format!("{name} was not imported; nothing of it was taken.")),
            "{report}"
        );
        assert!(report.contains(says), "{name}: {report}");
        assert!(report.contains("What to do: "), "{name}: {report}");
    }
    assert_eq!(home.count("SELECT count(*) FROM contact"), 0);
    assert_eq!(home.json(&["status"])["failed_files"], 12);
    assert_eq!(service.stop(), Some(0));
}

#[test]
fn what_is_good_in_a_file_is_taken_and_the_rest_is_named_with_its_line() {
    let home = Home::new();
    let _service = home.serve();
    home.drop_in("cut.vcf", card("Anna Amsel") + card("Berta Brandt").split_at(53).0);
    let report = home.report("done/cut.vcf");
    assert!(report.contains("1 new") && report.contains("1 skipped"), "{report}");
    assert!(report.contains("line 6: the card is cut off at the end of the file"), "{report}");
    assert_eq!(home.count("SELECT count(*) FROM contact WHERE name LIKE 'B%'"), 0, "nobody with half a name");
    home.drop_in(
        "cut.csv",
        "First Name,Last Name,URL,Email Address,Company,Position,Connected On\nEmil,Fink,,,,,\nFrie",
    );
    let report = home.report("done/cut.csv");
    assert!(report.contains("1 new") && report.contains("line 3: the row is cut off"), "{report}");

    let nameless = "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:x\r\nEND:VCARD\r\n";
    home.drop_in("mixed.vcf", format!("{}{nameless}{}", card("Carla Dohle"), card("Doris Elster")));
    let report = home.report("done/mixed.vcf");
    assert!(
        report.contains("2 new") && report.contains("1 skipped") && report.contains("line 6: "),
        "{report}"
    );
    assert_eq!(home.count("SELECT count(*) FROM contact"), 4);
}

#[test]
fn a_file_over_the_limit_is_refused_until_the_limit_is_raised() {
    let home = Home::new();
    home.file(".config/kith/kith.toml", "[inbox]\nmax_size = '1 KiB'\n");
    let _service = home.serve();
    let book = address_book("Big", 30);
    let report = refused(&home, "big.vcf", book.as_bytes());
    assert!(report.contains("the largest file that is taken has 1 KiB"), "{report}");
    assert!(report.contains("set max_size in the section [inbox]"), "{report}");
    home.file(".config/kith/kith.toml", "[inbox]\nmax_size = '1 MiB'\n");
    eventually("the limit is in force", || {
        home.service_log().contains("configuration is in force").then_some(())
    });
    home.drop_in("big.vcf", book);
    assert!(home.report("done/big.vcf").contains("30 new"));
}

#[test]
fn what_is_no_file_is_put_aside_and_not_followed() {
    let home = Home::new();
    let _service = home.serve();
    let inbox = home.data("inbox");
    let target = home.file("elsewhere/private.vcf", card("Not Meant"));
    let before = fs::metadata(&target).unwrap().modified().unwrap();
    fs::create_dir(inbox.join("folder.vcf")).unwrap();
    fs::write(inbox.join("folder.vcf/inside.vcf"), card("Inside Folder")).unwrap();
    symlink(&target, inbox.join("link.vcf")).unwrap();
    symlink("/nowhere/at-all.vcf", inbox.join("broken.vcf")).unwrap();
    symlink(home.path().join("elsewhere"), inbox.join("linked-folder.vcf")).unwrap();
    assert!(Command::new("mkfifo").arg(inbox.join("pipe.vcf")).status().unwrap().success());
    for (name, says) in [
        ("folder.vcf", "it is a folder and not a file"),
        ("link.vcf", "it is a symbolic link, and those are not followed"),
        ("broken.vcf", "it is a symbolic link"),
        ("linked-folder.vcf", "it is a symbolic link"),
        ("pipe.vcf", "it is a named pipe"),
    ] {
        let report = home.report(&format!("failed/{name}"));
        assert!(report.contains(says) && report.contains("What to do: "), "{report}");
        assert!(fs::symlink_metadata(home.data("inbox/failed").join(name)).is_ok(), "{name} is kept");
    }
    let put = home.data("inbox/failed/folder.vcf").display().to_string();
    let report = home.report("failed/folder.vcf");
    assert!(report.contains(&format!("import it from where it is now: kith import {put}\n")), "{report}");
    assert_eq!(fs::read_to_string(&target).unwrap(), card("Not Meant"));
    assert_eq!(fs::metadata(&target).unwrap().modified().unwrap(), before);
    assert_eq!(
        fs::read_to_string(home.data("inbox/failed/folder.vcf/inside.vcf")).unwrap(),
        card("Inside Folder")
    );
    assert_eq!(home.count("SELECT count(*) FROM contact"), 0);
}

#[test]
fn a_file_without_permission_is_put_aside_with_the_reason() {
    let home = Home::new();
    let mut command = home.command();
    if rustix::process::geteuid().is_root() {
        // Nothing is closed to root, unless it gives that up.
        let less = ["--bounding-set", "-dac_override,-dac_read_search", "--"];
        if !Command::new("setpriv").args(less).arg("true").status().is_ok_and(|s| s.success()) {
            eprintln!(
                "skipped: nothing is closed to root, and setpriv (util-linux) is not there to give that up"
            );
            return;
        }
        command = Command::new("setpriv");
        command
            .args(less)
            .arg(env!("CARGO_BIN_EXE_kith"))
            .env_clear()
            .env("HOME", home.path())
            .env("TZ", "UTC");
    }
    command.args(["serve", "--listen", "127.0.0.1:0"]);
    let _service = home.launch(command).published();
    let aside = home.file("closed.vcf", card("Anna Amsel"));
    fs::set_permissions(&aside, fs::Permissions::from_mode(0o000)).unwrap();
    fs::rename(&aside, home.data("inbox/closed.vcf")).unwrap();
    let report = home.report("failed/closed.vcf");
    assert!(report.contains("permission denied") && report.contains("What to do: "), "{report}");
}
