//! The configuration changed while the service runs, and bad ones.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::symlink;

use crate::support::cards::{address_book, card};
use crate::support::{Home, Service, eventually};

fn configure(home: &Home, text: &str) {
    home.file(".config/kith/kith.toml", text);
}

fn with_people(home: &Home) -> Service<'_> {
    home.file("phone.vcf", address_book("Anna", 12));
    home.kith(&["import", "phone.vcf"]).succeeds();
    home.serve()
}

/// How many people are planned on the fullest day.
fn fullest_day(service: &Service<'_>) -> usize {
    let mut days = BTreeMap::new();
    for event in service.events().into_iter().filter(|event| event.is_planned()) {
        *days.entry(event.day).or_insert(0) += 1;
    }
    days.into_values().max().unwrap_or(0)
}

#[test]
fn a_good_change_applies_at_once() {
    let home = Home::new();
    let service = with_people(&home);
    assert!(fullest_day(&service) > 1);
    configure(&home, "[budget]\nper_day = 1\n");
    eventually("one a day", || (fullest_day(&service) == 1).then_some(()));
    configure(&home, "[feed]\nname = 'People I like'\n");
    eventually("the feed has its new name", || {
        service.feed().contains("X-WR-CALNAME:People I like").then_some(())
    });
    home.kith(&["circle", "assign", "friends", "Anna 3"]).succeeds();
    home.kith(&["log", "Anna 3", "the fair"]).succeeds();
    let is_planned = |service: &Service<'_>| {
        service.events().iter().any(|event| event.is_planned() && event.summary.ends_with("Anna 3"))
    };
    eventually("after a talk she rests for two months", || (!is_planned(&service)).then_some(()));
    home.kith(&["circle", "set", "friends", "--ideal", "10d", "--latest", "20d"]).succeeds();
    eventually("the new interval brings her back", || is_planned(&service).then_some(()));
    fs::remove_file(home.config()).unwrap();
    eventually("without a file the defaults count", || {
        (service.feed().contains("X-WR-CALNAME:Follow-ups") && !is_planned(&service)).then_some(())
    });
}

#[test]
fn a_bad_change_is_refused_and_a_good_one_after_it_counts() {
    let home = Home::new();
    configure(&home, "[feed]\nname = 'First'\n");
    let service = with_people(&home);
    let before = service.feed();
    for (text, says) in [
        ("[budget]\nper_day = 'many'\n", "per_day"),
        ("[budgets]\nper_day = 1\n", "budgets"),
        ("[feed]\ncolor = 'sea'\n", "there is no such colour"),
        ("[feed\n", "line 1"),
    ] {
        configure(&home, text);
        let status = eventually("the refusal is told", || {
            let status = home.json(&["status"]);
            status["refused_config"].as_str().filter(|told| told.contains(says)).map(str::to_owned)
        });
        assert!(status.contains("kith.toml") && status.contains("Hint: "), "{status}");
        let shown = home.kith(&["status"]).succeeds();
        assert!(shown.stdout.contains("Warning:") && shown.stdout.contains(says), "{}", shown.stdout);
        // The log says so too, and does not quote the file, which may name people.
        eventually("the log tells of it", || {
            home.service_log().contains("the last good one stays in force").then_some(())
        });
        assert!(!home.service_log().contains(says), "{}", home.service_log());
        assert_eq!(service.feed(), before, "nothing changed");
    }
    configure(&home, "[feed]\nname = 'Second'\n");
    eventually("the good one is in force", || service.feed().contains("X-WR-CALNAME:Second").then_some(()));
    eventually("and no refusal any more", || {
        home.json(&["status"])["refused_config"].is_null().then_some(())
    });
}

#[test]
fn a_start_with_a_bad_configuration_uses_the_last_good_one_and_says_so() {
    let home = Home::new();
    configure(&home, "[feed]\nname = 'The good one'\n");
    assert_eq!(home.serve().stop(), Some(0));
    configure(&home, "[feed]\nname = 'The bad one'\nahead = 0\n");
    let service = home.serve();
    assert!(service.feed().contains("X-WR-CALNAME:The good one"));
    let log = home.service_log();
    assert!(log.contains("the last good one is in force") && !log.contains("feed.ahead"), "{log}");
    let status = home.kith(&["status"]).succeeds().stdout;
    assert!(status.contains("Warning:") && status.contains("feed.ahead = 0"), "{status}");
    // Beside it the commands go by the same one, and say so as well.
    let plan = home.kith(&["plan"]).succeeds();
    assert!(plan.stderr.contains("Warning: ") && plan.stderr.contains("feed.ahead = 0"), "{}", plan.stderr);
    service.kill();
    let status = home.kith(&["status"]).succeeds().stdout;
    assert!(status.contains("Warning:") && status.contains("feed.ahead = 0"), "{status}");
    let plan = home.kith(&["plan"]).fails(3);
    assert!(plan.stderr.contains("feed.ahead = 0"), "{}", plan.stderr);
}

#[test]
fn a_start_with_a_bad_configuration_and_no_good_one_names_what_is_wrong() {
    for (text, says) in [
        ("[budget]\nper_day = 'many'\n", ["budget.per_day", "many", "a whole number"]),
        ("[budget]\nper_day = -1\n", ["per_day", "-1", "a whole number"]),
        ("[budget]\nweekdays = ['mon', 'someday']\n", ["weekdays", "someday", "write mon, tue"]),
        ("[circles.family]\nideal = 'often'\n", ["ideal", "often", "30d"]),
        ("[circles.family]\nideal = '5w'\nlatest = '1w'\n", ["circles.family", "1 week", "it is the longer"]),
        ("timezone = 'Mars'\n", ["timezone", "Mars", "Europe/Berlin"]),
        ("[serve]\nlisten = '0.0.0.0:80'\n", ["serve.listen", "0.0.0.0:80", "127.0.0.1:PORT"]),
        ("[serve]\nlisten = 'here'\n", ["listen", "here", "127.0.0.1:PORT"]),
        ("[inbox]\nmax_size = 'huge'\n", ["max_size", "huge", "256 MiB"]),
        ("[feed]\nreview = 'x'\n", ["review", "x", "write mon, tue"]),
        ("[inbox]\nmaxsize = 1\n", ["maxsize", "there is no key", "max_size"]),
    ] {
        let home = Home::new();
        configure(&home, text);
        let (code, said) = home.fails_to_serve("127.0.0.1:0");
        assert!(code == Some(3) && said.contains("kith.toml"), "{said}");
        for part in says {
            assert!(said.contains(part), "{text:?} should name {part:?}: {said}");
        }
        assert_eq!(fs::read_to_string(home.config()).unwrap(), text, "the file is left alone");
    }
}

#[test]
fn a_configuration_kept_elsewhere_is_followed() {
    let home = Home::new();
    let kept = home.file("dotfiles/kith.toml", "[feed]\nname = 'First'\n");
    fs::create_dir_all(home.config().parent().unwrap()).unwrap();
    symlink(&kept, home.config()).unwrap();
    let service = home.serve();
    assert!(service.feed().contains("X-WR-CALNAME:First"));
    fs::write(&kept, "[feed]\nname = 'Second'\n").unwrap();
    eventually("the change is in force", || service.feed().contains("X-WR-CALNAME:Second").then_some(()));
}

#[test]
fn a_new_port_counts_from_the_next_start() {
    let home = Home::new();
    let service = home.serve();
    let address = service.address();
    configure(&home, "[feed]\nname = 'Mine'\n[serve]\nlisten = '127.0.0.1:1'\n");
    eventually("the rest is in force", || service.feed().contains("X-WR-CALNAME:Mine").then_some(()));
    assert_eq!(service.address(), address);
    home.drop_in("phone.vcf", card("Anna Amsel"));
    home.report("done/phone.vcf");
}
