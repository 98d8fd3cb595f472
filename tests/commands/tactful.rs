//! What one would rather not say to somebody, and what one would.

use super::{say, say_afresh, with_phone};
use crate::support::Home;

fn home() -> Home {
    let home = with_phone();
    home.file(".config/kith/kith.toml", "[profile]\nlooking_for = 'work in climate tech'\n");
    home
}

#[test]
fn what_was_noted_of_a_talk_is_in_no_message() {
    let home = home();
    for what in ["about her new job; promised to send the article", "the boat"] {
        say(&home, &format!("log anna \"{what}\" --on 2026-10-20"));
        let card = say(&home, "prep anna");
        assert!(card.contains(what.split(' ').nth(1).unwrap()), "{card}");
        let draft = say(&home, "prep anna --draft");
        assert!(!draft.contains("job") && !draft.contains("boat"), "{draft}");
    }
    // In a template of one's own a few plain words may be.
    let template = "[keep-in-touch]\nbody = [\"How is {last}?\", \"How are you?\"]\n";
    home.file(".config/kith/templates/drafts.en.toml", template);
    assert!(say(&home, "prep anna --draft").contains("How is the boat?"));
    say(&home, "log anna money --on 2026-10-21 --went badly");
    assert!(say(&home, "prep anna --draft").contains("How are you?"));
}

#[test]
fn people_of_the_address_book_are_no_new_acquaintances() {
    let home = home();
    say(&home, "circle assign family anna");
    say(&home, "circle assign friends bert");
    let family = say(&home, "prep anna --draft");
    assert!(family.contains("How are you, Anna?") && !family.contains("address book"), "{family}");
    for (person, line) in [("anna", "log anna \"Sunday lunch\" --met"), ("carla", "log carla fair --met")] {
        let logged = say(&home, line);
        assert!(!logged.contains("first hello"), "{logged}");
        let card = say_afresh(&home, &format!("prep {person}"));
        let is_known = ["for the first time", "Good to have met you", "come to do what you do", "  Met "];
        assert!(is_known.iter().all(|words| !card.contains(words)), "{card}");
    }
    let met = say(&home, "met \"Rust meetup\" \"Eva Stern\"");
    assert!(met.contains("Eva Stern"), "{met}");
    let card = say_afresh(&home, "prep eva");
    assert!(card.contains("Good to have met you") && card.contains("Rust meetup, on"), "{card}");
}

#[test]
fn an_occasion_is_named_to_a_dormant_tie() {
    let home = home();
    home.sql("UPDATE contact SET comfort = 'never' WHERE id <> 3");
    say(&home, "log carla boat --on 2024-01-10");
    for (occasion, day, words) in [
        ("\"New Year\"", "2026-12-28", "New Year"),
        ("\"New Year\"", "2026-12-30", "happy new year"),
        ("\"Harbour festival\" --on 2027-06-12", "2027-06-08", "Harbour festival"),
    ] {
        say(&home, &format!("occasion {occasion}"));
        let card = say_afresh(&home, &format!("prep carla --today {day}"));
        let begin = card.split("  Begin").nth(1).unwrap_or_default();
        assert!(begin.matches(words).count() >= 2, "on {day}: {card}");
        assert!(!begin.contains("boat"), "{card}");
    }
}

#[test]
fn a_day_of_theirs_is_named() {
    let home = home();
    home.sql("UPDATE contact SET comfort = 'never' WHERE id > 1");
    let happy = ("All the best today", "Congratulate");
    for (label, name, (begins, title)) in [
        ("wedding", "your wedding anniversary", happy),
        ("name day", "name day", happy),
        ("work anniversary", "work anniversary", happy),
        ("her mother's death", "your mother's death", ("I am thinking of you today", "Think of")),
    ] {
        home.sql("DELETE FROM anniversary");
        home.sql(&format!(
            "INSERT INTO anniversary(contact_id, date, label) VALUES (1, '2016-11-23', '{}')",
            label.replace('\'', "''")
        ));
        say(&home, "log anna tea --on 2026-11-20");
        let card = say_afresh(&home, "prep anna");
        assert!(card.contains(&format!("{begins} ({name})")), "{card}");
        assert!(card.contains(&format!("{title} Anna Müller: {label}")), "{card}");
    }
}

#[test]
fn who_may_be_somebody_who_has_died_waits_for_a_decision() {
    let home = home();
    home.sql("INSERT INTO anniversary(contact_id, date, label) VALUES (2, '2025-05-01', 'death')");
    home.sql(
        "INSERT INTO review(contact_id, twin_id, reason, codes, strength, withheld, since)
         VALUES (1, 2, 'both sing', '', 50, 0, '2026-11-22T10:00:00Z')",
    );
    let in_one_line = |line| say_afresh(&home, line).split_whitespace().collect::<Vec<_>>().join(" ");
    let why = in_one_line("why anna");
    assert!(why.contains("they may be Dr. Bert Kern, who has died. Decide: kith review 1"), "{why}");
    assert!(!say_afresh(&home, "plan --days 60").contains("Anna"));
    for (line, why) in [
        (
            "snooze anna friday",
            "could not snooze Anna Müller: nothing is planned with them (they may be Dr. Bert Kern, who has died)",
        ),
        ("skip bert", "could not skip Dr. Bert Kern: nothing is planned with them (they have died)"),
        (
            "pause bert --until friday",
            "could not pause Dr. Bert Kern: nothing is planned with them (they have died)",
        ),
        ("list bert", "(died)"),
    ] {
        let said = in_one_line(line);
        assert!(said.contains(why), "{line}: {said}");
    }
    let review = in_one_line("review");
    let held = "both sing. Dr. Bert Kern has died, so Anna Müller is not planned until you decide.";
    assert!(review.contains(held), "{review}");
    let said = in_one_line("review 1 --different");
    assert_eq!(said, "Anna Müller and Dr. Bert Kern are two people; Anna Müller is planned.");
    assert!(say_afresh(&home, "plan --days 60").contains("Anna"));
}

#[test]
fn thanks_for_an_introduction_are_for_what_one_received() {
    let home = home();
    say(&home, "log bert tea --on 2026-11-16");
    say(&home, "introduce me to carla through bert");
    for step in ["--asked", "--agreed", "--made"] {
        say(&home, &format!("introduce carla {step}"));
    }
    say_afresh(&home, "done bert --today 2026-11-24");
    let card = home.json(&["prep", "bert", "--today", "2026-11-24"]).to_string();
    assert!(card.contains("received: the introduction to Carla Diaz"), "{card}");
    assert!(card.contains("received something once") && !card.contains("you gave"), "{card}");
    assert!(!say_afresh(&home, "why bert --today 2026-11-24").contains("friendly try"));
}

#[test]
fn nothing_is_prepared_with_the_dead_nor_sent_to_those_left_alone() {
    let home = home();
    home.sql("INSERT INTO anniversary(contact_id, date, label) VALUES (2, '2025-05-01', 'death')");
    insta::assert_snapshot!(say(&home, "prep bert"), @"
    Error: Dr. Bert Kern has died: nothing is prepared
    Hint: kith show 2 has what you noted of them
    [exit 1]
    ");
    assert!(say(&home, "why bert").contains("never: they have died"));
    say(&home, "goal \"1 introduction\" --until 2027-02-01 --supporter anna");
    assert_eq!(home.json(&["goal"])[0]["counts"], "introductions");
    assert!(say(&home, "goal --note introduction").starts_with("Hello Anna,"));
    say(&home, "edit anna --comfort never");
    insta::assert_snapshot!(say(&home, "goal --note introduction"), @"
    Error: Anna Müller, who supports you in it, is set to never: no note is drafted
    Hint: a goal may have another supporter: kith goal --help
    [exit 1]
    ");
}

#[test]
fn the_dead_are_silent_in_calendars_and_in_the_review_of_the_week() {
    let home = home();
    for name in ["anna", "bert"] {
        say(&home, &format!("log {name} \"a word of {name}\" --on 2026-11-20"));
    }
    home.sql("INSERT INTO anniversary(contact_id, date, label) VALUES (2, '2026-11-21', 'death')");
    say(&home, "log anna \"and another\"");
    let feed = |file: &str| std::fs::read_to_string(home.data(&format!("feed/{file}"))).unwrap();
    for said in [home.json(&["review-week"]).to_string(), feed("follow-ups.ics"), feed("history.ics")] {
        assert!(said.contains("Anna") && !said.contains("Bert"), "{said}");
    }
    assert!(say(&home, "show bert").contains("a word of bert"), "what was noted stays");
}

#[test]
fn small_words_are_right() {
    let home = home();
    // A landline gets no short message.
    let landline = say(&home, "prep carla");
    assert!(landline.contains("030 1234567") && !landline.contains("sms:"), "{landline}");
    assert!(say(&home, "prep anna").contains("sms:+491701111111"));
    home.sql("INSERT INTO category(contact_id, name) VALUES (1, 'Friends')");
    say(&home, "circle assign friends anna");
    say(&home, "edit anna --language de");
    let card = say(&home, "prep anna");
    assert!(card.contains("Foundry GmbH; friends\n") && card.contains("in German"), "{card}");
    say(&home, "goal \"500 conversations\" --until 2027-01-31");
    let goal = say(&home, "goal");
    assert!(goal.contains("more than there is room for") && !goal.contains("in good time"), "{goal}");
}

#[test]
fn no_day_of_somebody_is_brought_up_before_they_may_be_asked_for() {
    let home = home();
    // Calendars are of the real day.
    home.sql(
        "UPDATE contact SET birthday = strftime('--%m-%d', 'now', '+10 days') WHERE id = 1;
         INSERT INTO anniversary(contact_id, date, label)
         VALUES (1, strftime('--%m-%d', 'now', '+11 days'), 'name day')",
    );
    for (words, shown) in [
        (&["edit", "anna", "--comfort", "yes"][..], 2),
        (&["edit", "anna", "--comfort", "not-now", "--until", "in 3 weeks"], 0),
        (&["edit", "anna", "--comfort", "not-now", "--until", "in 3 days"], 2),
        (&["edit", "anna", "--comfort", "never"], 0),
        (&["edit", "anna", "--comfort", "yes"], 2),
        (&["pause", "anna", "--until", "in 3 weeks"], 2),
    ] {
        home.kith(words).succeeds();
        let feed = std::fs::read_to_string(home.data("feed/birthdays.ics")).unwrap().replace("\r\n ", "");
        let found = feed.lines().filter(|line| line.starts_with("SUMMARY:") && line.contains("Anna"));
        assert_eq!(found.count(), shown, "{words:?}: {feed}");
    }
}
