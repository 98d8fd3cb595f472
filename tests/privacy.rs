//! What must not be seen by others: in logs, and on disk.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use crate::support::cards::{address_book, card_with};
use crate::support::{Home, eventually};

/// What no log may hold; file names are personal too.
const PERSONAL: [&str; 9] =
    ["Zacharias", "Quendel", "quendel", "5550123", "gout", "Secret", "Feldweg", "Nightshade", "zacharias"];

#[test]
fn the_log_names_nobody_and_no_token() {
    let home = Home::new();
    let service = home.serve();
    let more = "TEL:+1 555 0123\r\nTEL:+15550123\r\nNOTE:has gout\r\nADR:;;Feldweg 1;Ulm;;;\r\n";
    let card = card_with("Zacharias Quendel", more);
    home.drop_in("Quendel Secret.vcf", &card);
    home.report("done/Quendel Secret.vcf");
    home.drop_in("Quendel bad.vcf", "Zacharias Quendel");
    home.report("failed/Quendel bad.vcf");
    home.drop_in("Quendel cut.vcf", &card[..card.len() / 2]);
    eventually("the cut one is dealt with", || (!home.data("inbox/Quendel cut.vcf").exists()).then_some(()));
    home.drop_in("Quendel.csv", "Zacharias,Quendel\n\"a\n");
    home.report("failed/Quendel.csv");
    fs::create_dir(home.data("inbox/Quendel folder.vcf")).unwrap();
    home.report("failed/Quendel folder.vcf");
    home.drop_in("Quendel.xyz", "Zacharias");
    home.kith(&["log", "zacharias.quendel@example.org", "Nightshade"]).succeeds();
    home.sql("UPDATE contact SET comfort_until = 'Zacharias', birthday = 'Nightshade', ideal = 'Quendel'");
    home.file(".config/kith/kith.toml", "[budget]\nper_day = 'x'\n");
    eventually("the configuration is refused", || home.service_log().contains("refused").then_some(()));
    let token = service.token().unwrap();
    eventually("he is in the feed", || service.feed().contains("Quendel").then_some(()));
    // A report that cannot be written, and so a file that cannot be put away.
    fs::rename(home.data("inbox/done"), home.data("inbox-done")).unwrap();
    std::os::unix::fs::symlink("/proc/self", home.data("inbox/done")).unwrap();
    home.drop_in("Quendel late.vcf", &card);
    eventually("that is told", || home.service_log().contains("could not be put away").then_some(()));
    assert_eq!(service.stop(), Some(0));
    let log = home.service_log();
    assert!(log.contains("a file was imported") && log.contains("could not be imported"), "{log}");
    for personal in PERSONAL.iter().copied().chain([token.as_str()]) {
        assert!(!log.contains(personal), "{personal} is in the log:\n{log}");
    }
}

#[test]
fn everything_is_for_its_owner_alone() {
    let home = Home::new();
    let service = home.serve();
    home.drop_in("phone.vcf", address_book("Anna", 3));
    home.report("done/phone.vcf");
    home.drop_in("bad.vcf", "x");
    home.report("failed/bad.vcf");
    home.kith(&["circle", "set", "climbing", "--ideal", "30d", "--latest", "60d"]).succeeds();
    home.kith(&["log", "Anna 1", "the fair"]).succeeds();
    // What the user dropped keeps the mode that the user gave it.
    let dropped = [home.data("inbox/done/phone.vcf"), home.data("inbox/failed/bad.vcf")];
    for running in [true, false] {
        let mut seen = 0;
        for top in [home.data(""), home.config().parent().unwrap().to_owned()] {
            for path in below(&top).into_iter().filter(|path| !dropped.contains(path)) {
                // A file that goes while one looks is closed as well.
                let Ok(found) = fs::symlink_metadata(&path) else { continue };
                let mode = found.permissions().mode() & 0o777;
                let expected: &[u32] = if found.is_dir() { &[0o700] } else { &[0o600, 0o400] };
                assert!(expected.contains(&mode), "{} has {mode:o}, running: {running}", path.display());
                seen += 1;
            }
        }
        assert!(seen > 10, "{seen}");
        if running {
            service.signal("-TERM");
            eventually("it ends", || home.json(&["status"])["running"].as_bool().filter(|running| !running));
        }
    }
}

/// A folder and everything in it.
fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![folder.to_owned()];
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let is_dir = entry.file_type().is_ok_and(|kind| kind.is_dir());
        if is_dir { found.extend(below(&entry.path())) } else { found.push(entry.path()) }
    }
    found
}
