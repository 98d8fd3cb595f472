//! The service as its user meets it.

use crate::support::{Home, eventually};

const ANNA: &str = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Anna Müller\r\nN:Müller;Anna;;;\r\nEMAIL:anna@example.org\r\nEND:VCARD\r\n";

#[test]
fn a_dropped_file_is_in_the_calendar_soon() {
    let home = Home::new();
    let service = home.serve();
    home.drop_in("phone.vcf", ANNA);
    eventually("Anna is in the feed", || service.feed().contains("Anna Müller").then_some(()));
    assert!(home.data("inbox/done/phone.vcf").exists());
    eventually("the report is written", || {
        home.data("inbox/done/phone.vcf.report.txt").exists().then_some(())
    });
    assert_eq!(service.stop(), Some(0));
}

#[test]
fn an_outside_edit_is_in_the_calendar_soon_and_stays() {
    let home = Home::new();
    let service = home.serve();
    home.drop_in("phone.vcf", ANNA);
    eventually("Anna is in the feed", || service.feed().contains("Anna Müller").then_some(()));
    home.sql("UPDATE contact SET name = 'Anna Meier' WHERE name = 'Anna Müller'");
    eventually("the edit is in the feed", || service.feed().contains("Anna Meier").then_some(()));
    home.drop_in("again.vcf", ANNA);
    eventually("the file is taken", || home.data("inbox/done/again.vcf").exists().then_some(()));
    service.kill();
    let service = home.serve();
    assert!(service.feed().contains("Anna Meier"));
    assert!(!service.feed().contains("Anna Müller"));
}

#[test]
fn a_demo_that_was_killed_is_tidied_up_by_the_next() {
    let home = Home::new();
    let temporary = home.path().join("tmp");
    std::fs::create_dir(&temporary).unwrap();
    let demo = |words: &[&str]| {
        let mut command = home.command();
        command.env("TMPDIR", &temporary).args(words).stdout(std::process::Stdio::null());
        command
    };
    let left = || std::fs::read_dir(&temporary).unwrap().count();
    let mut killed = demo(&["demo"]).spawn().unwrap();
    eventually("it lives somewhere", || {
        let homes = std::fs::read_dir(&temporary).unwrap().flatten();
        homes.map(|home| home.path()).find(|home| home.join(".local/share/kith/service.json").exists())
    });
    killed.kill().unwrap();
    killed.wait().unwrap();
    assert_eq!(left(), 1);
    assert!(demo(&["demo", "--once"]).status().unwrap().success());
    assert_eq!(left(), 0);
}
