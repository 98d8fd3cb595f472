//! The coming months, played; and what the budget cannot do.

use insta::assert_snapshot;

use super::{say, with_phone};
use crate::support::Home;

#[test]
fn the_coming_months_are_played_and_nothing_changes() {
    let home = with_phone();
    say(&home, "edit anna --circle family");
    say(&home, "log anna viola --on 2026-10-20");
    let before = home.kith(&["plan", "--json", "--today", "2026-11-23"]).succeeds().stdout;
    let words = ["simulate", "--weeks", "8", "--answer-rate", "1", "--today", "2026-11-23"];
    let first = home.kith(&words).succeeds().stdout;
    assert!(first.starts_with("8 weeks until 18 January 2027, 100 of 100 outreaches answered: "), "{first}");
    assert!(first.contains("\nfamily "), "{first}");
    assert_eq!(home.kith(&words).succeeds().stdout, first);
    assert_eq!(home.kith(&["plan", "--json", "--today", "2026-11-23"]).succeeds().stdout, before);
    let told = home.json(&words);
    assert_eq!(told["weeks"].as_array().unwrap().len(), 8);
    assert_eq!(told["circles"][0]["circle"], "family");
    assert_eq!(told["circles"][0]["in_touch_then"], 1);
    assert!(told["budget"].is_null());
}

#[test]
fn what_cannot_be_played_is_named() {
    let home = Home::new();
    assert_snapshot!(say(&home, "simulate"), @"There is nobody to plan for yet: import an address book with kith import FILE.");
    for bad in [["--weeks", "0"], ["--answer-rate", "2"], ["--answer-rate", "half"]] {
        home.kith(&[&["simulate"], &bad[..]].concat()).fails(2);
    }
}

#[test]
fn a_budget_that_cannot_keep_everybody_is_told_once_and_kindly() {
    let home = Home::new();
    home.file(".config/kith/kith.toml", "[budget]\nper_day = 1\nper_week = 2\n");
    home.kith(&["status"]).succeeds();
    let people: Vec<String> = (0..40)
        .map(|n| {
            let circle = ["family", "close", "friends", "colleagues"][n % 4];
            format!("INSERT INTO contact(name, circle) VALUES ('Person {n:02}', '{circle}');")
        })
        .collect();
    home.sql(&people.concat());
    let said = say(&home, "plan --days 1");
    let (_, short) = said.split_once("\n\n").unwrap();
    let short = short.split_whitespace().collect::<Vec<_>>().join(" ");
    assert_snapshot!(short, @"In the long run, if all answer, your budget of 2 a week keeps about 17 of 40 people within their at-the-latest interval. Somebody in friends comes round about every 12 months. 2 a day and 10 a week would keep 40; so would longer intervals, or fewer people. kith simulate shows more.");
    // The weekly review says the same.
    let week = say(&home, "review-week").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(week.contains(&short), "{week}");
    assert_eq!(home.json(&["review-week"])["budget"], home.json(&["simulate", "--weeks", "4"])["budget"]);
    // Of a circle that was played nothing is reckoned besides.
    for (circles, reckoned_of) in [("circle", true), ("'friends'", false)] {
        home.sql(&format!("UPDATE contact SET circle = {circles}"));
        let said = say(&home, "simulate --weeks 26").split_whitespace().collect::<Vec<_>>().join(" ");
        let (played, reckoned) = said.split_once("All this was played; what follows is reckoned. ").unwrap();
        assert!(
            reckoned.starts_with("In the long run, if all answer, your budget of 2 a week"),
            "{reckoned}"
        );
        assert_ne!(played.contains("somebody in friends every"), reckoned_of, "{played}");
        assert_eq!(reckoned.contains("Somebody in friends comes round"), reckoned_of, "{reckoned}");
    }
}
