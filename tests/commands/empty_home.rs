//! Every command in a home where kith never ran.

use insta::assert_snapshot;

use super::say;
use crate::support::{CALENDARS, Home};

#[test]
fn every_command_works_without_any_set_up() {
    let fresh = |line: &str| {
        let home = Home::new();
        let said = say(&home, line);
        assert!(home.data("contacts.db").exists(), "{line}");
        said
    };
    assert_snapshot!(fresh("list"), @r"
    Nobody yet. Import an address book with kith import FILE, or drop it into
    ~/.local/share/kith/inbox
    ");
    assert_snapshot!(fresh("list anna"), @r#"Nobody matches "anna"."#);
    assert_snapshot!(fresh("plan"), @r"
    Nothing planned until 6 December 2026.
    There is nobody to plan for yet: import an address book with kith import FILE.
    ");
    assert_snapshot!(fresh("status"), @"
    Service:   not running; kith serve runs it here, kith setup says what else can
               start it
    Database:  ~/.local/share/kith/contacts.db
    Inbox:     ~/.local/share/kith/inbox
    People:    0
    Today:     0 planned (kith plan)
    ");
    assert_snapshot!(fresh("check"), @r"
    configuration: good
    importers: good
    database: good
    contacts: good
    service: not running
    ");
    assert_snapshot!(fresh("imports"), @"Nothing was imported yet.");
    assert_snapshot!(fresh("review"), @"Nothing waits to be decided.");
    assert_snapshot!(fresh("due"), @"
    Nothing for today: the day is yours.
    There is nobody to plan for yet: kith import FILE, kith add or kith recall add
    people.
    ");
    assert_snapshot!(fresh("pause"), @"Nobody is paused, snoozed or skipped.");
    assert_snapshot!(fresh("pause --until friday"), @"
    Everybody: paused from 23 November 2026 to 27 November 2026, back on 28 November
    2026.
    ");
    assert_snapshot!(fresh("add \"Eva Stern, Berlin\""), @"
    Added:
    Eva Stern (id 1)
      Address       Berlin
    ");
    assert_snapshot!(fresh("met Fair \"Eva Stern\""), @"
    Met at Fair on 23 November 2026:
      Eva Stern (id 1), new
    ");
    for line in ["done anna", "snooze anna friday", "skip anna", "archive anna", "pause anna --until friday"]
    {
        assert!(fresh(line).starts_with("Error: nobody matches \"anna\": there is nobody yet\n"), "{line}");
    }
    assert_snapshot!(fresh("circle"), @"
    CIRCLE      IDEAL     LATEST     PEOPLE
    family      2 weeks   4 weeks    0
    close       4 weeks   8 weeks    0
    friends     2 months  4 months   0
    mentors     2 months  4 months   0
    colleagues  3 months  6 months   0
    weak-ties   6 months  12 months  0
    others      6 months  12 months  0
    ");
    assert_snapshot!(fresh("show anna"), @r#"
    Error: nobody matches "anna": there is nobody yet
    Hint: import an address book first, or add somebody: kith import FILE, kith add NAME
    [exit 1]
    "#);
    assert_snapshot!(fresh("log anna tea"), @r#"
    Error: nobody matches "anna": there is nobody yet
    Hint: import an address book first, or add somebody: kith import FILE, kith add NAME
    [exit 1]
    "#);
    assert_snapshot!(fresh("edit anna --circle close"), @r#"
    Error: nobody matches "anna": there is nobody yet
    Hint: import an address book first, or add somebody: kith import FILE, kith add NAME
    [exit 1]
    "#);
    assert_snapshot!(fresh("circle assign close anna"), @r#"
    Error: nobody matches "anna": there is nobody yet
    Hint: import an address book first, or add somebody: kith import FILE, kith add NAME
    [exit 1]
    "#);
    assert_snapshot!(fresh("circle set climbing --ideal 30d --latest 60d"), @"New circle climbing: ideally every 30 days, at the latest every 60 days.");
    assert_snapshot!(fresh("import contacts.vcf"), @r"
    Error: could not open contacts.vcf: it does not exist
    [exit 1]
    ");
    for (line, empty) in [("list", "[]"), ("plan", "[]"), ("review", "[]"), ("due", "[]"), ("pause", "[]")] {
        assert_eq!(fresh(&format!("{line} --json")).trim(), empty);
    }
    let home = Home::new();
    let feed = say(&home, "feed");
    let token = std::fs::read_to_string(home.data("feed-token")).unwrap();
    assert_snapshot!(feed.replace(token.trim(), "TOKEN"), @"
    Follow-ups:
        http://127.0.0.1:5484/feed/TOKEN/follow-ups.ics
    Birthdays:
        http://127.0.0.1:5484/feed/TOKEN/birthdays.ics
    History:
        http://127.0.0.1:5484/feed/TOKEN/history.ics
    The same as files, for programs that read a calendar from disk:
      ~/.local/share/kith/feed/follow-ups.ics
      ~/.local/share/kith/feed/birthdays.ics
      ~/.local/share/kith/feed/history.ics
    The service is not running; kith serve runs it here, kith setup says what else
    can start it.
    ");
    home.kith(&["feed"]).succeeds();
    assert!(CALENDARS.iter().all(|calendar| home.data(&format!("feed/{calendar}")).exists()));
}

#[test]
fn no_home_is_a_clear_error() {
    let home = Home::new();
    let unset = home.command().env_remove("HOME").arg("list").output().unwrap();
    assert_eq!(unset.status.code(), Some(1));
    assert_snapshot!(String::from_utf8_lossy(&unset.stderr), @r"
    Error: could not find your folders: neither XDG_CONFIG_HOME nor HOME names one
    Hint: set HOME to your home folder
    ");
    let empty = home.command().env("HOME", "").arg("list").output().unwrap();
    assert_eq!((empty.status, empty.stderr), (unset.status, unset.stderr));
    let relative = home.command().env("HOME", "mine").arg("list").output().unwrap();
    assert_snapshot!(String::from_utf8_lossy(&relative.stderr), @r#"
    Error: could not find your folders: HOME is "mine", which is no absolute path
    Hint: write it from the root on: HOME=/home/NAME
    "#);
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
}

#[test]
fn the_xdg_folders_are_where_the_environment_says() {
    let home = Home::new();
    let (config, data) = (home.path().join("etc"), home.path().join("var"));
    let run = |words: &[&str]| {
        let output = home
            .command()
            .env_remove("HOME")
            .env("XDG_CONFIG_HOME", &config)
            .env("XDG_DATA_HOME", &data)
            .args(words)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        String::from_utf8(output.stdout).unwrap()
    };
    run(&["circle", "set", "climbing", "--ideal", "30d", "--latest", "60d"]);
    let feed: serde_json::Value = serde_json::from_str(&run(&["feed", "--json"])).unwrap();
    assert_eq!(feed["file"], data.join("kith/feed/follow-ups.ics").to_str().unwrap());
    for made in ["kith/contacts.db", "kith/inbox/done", "kith/inbox/failed", "kith/feed/follow-ups.ics"] {
        assert!(data.join(made).exists(), "{made}");
    }
    assert!(config.join("kith/kith.toml").exists());
    // Paths that are not absolute count as not set (XDG Base Directory Specification).
    let output = home.command().env("XDG_DATA_HOME", "here").args(["list"]).output().unwrap();
    assert!(
        output.status.success() && home.data("contacts.db").exists() && !home.path().join("here").exists()
    );
}
