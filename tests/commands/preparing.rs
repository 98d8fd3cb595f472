//! How somebody likes to be met, what was learned of them, and the approach card.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{TODAY, say, say_when, with_phone};
use crate::support::Home;

/// A home with Anna, of whom much is known, and Bert; nobody else is planned.
fn acquainted() -> Home {
    let home = with_phone();
    home.file(".config/kith/kith.toml", "[me]\nname = 'Ida Holm'\n[profile]\nlooking_for = 'a new job'\n");
    home.sql("UPDATE contact SET comfort = 'never' WHERE id > 2");
    say(&home, "edit anna --circle friends --how-met \"the choir\" --time-limit 30");
    say(&home, "log anna \"her viola\" --on 2026-10-20 --went badly --learned \"not on Mondays\"");
    say(&home, "note anna --interest sailing --learn \"how grants are written\"");
    home
}

#[test]
fn how_somebody_likes_to_be_met_is_kept() {
    let home = acquainted();
    let set = "edit bert --ease hard --channel write --setting one-to-one --best-time \"Saturday morning\" \
               --language DE --time-limit 20 --hesitation no-time --how-met \"the harbour tour\"";
    assert_snapshot!(say(&home, set), @"
    Only what is owed on such a day, as a promise is, comes at sat morning: kith
    plans for Monday, Tuesday, Wednesday, Thursday, Friday (weekdays in the section
    [budget] of kith.toml).
    Changed:
    Dr. Bert Kern (id 2)
      Phone         +49 170 2222222 (mobile)
      Birthday      1985-11-30
      How you met   the harbour tour
      Ease          hard
      Channel       write
      Setting       one-to-one
      Best time     sat morning
      Language      de
      Time limit    20 minutes
      Hesitation    no-time

    Imported from
      phone.vcf, line 13 (vcard, on 2026-11-23)
    ");
    assert_snapshot!(say_when(&home, "undo"), @"
    Taken back, on DAY at NN:NN, on the command line:
      set the ease of Dr. Bert Kern to hard
      set the channel of Dr. Bert Kern to write
      set the setting of Dr. Bert Kern to one-to-one
      set the best time of Dr. Bert Kern to sat morning
      set the language of Dr. Bert Kern to de
      set the time limit of Dr. Bert Kern to 20
      set the hesitation of Dr. Bert Kern to no-time
      set the way you met of Dr. Bert Kern to the harbour tour
    kith undo --redo brings it back.
    ");
    let bert = home.json(&["show", "bert"]);
    assert_eq!((&bert["ease"], &bert["best_time"], &bert["memos"]), (&Value::Null, &Value::Null, &json!([])));
    say(&home, "undo --redo");
    let bert = home.json(&["show", "bert"]);
    assert_eq!((&bert["best_time"], &bert["time_limit"]), (&json!("sat morning"), &json!("20")));
    let exported = home.json(&["export", "bert", "--format", "json"]);
    assert_eq!(
        (&exported[0]["bestTime"], &exported[0]["hesitation"]),
        (&json!("sat morning"), &json!("no-time"))
    );
    // Their own channel counts more than the circle's, and than what they have a number for.
    assert!(say(&home, "plan --days 60").contains("Call Dr. Bert Kern"));
    say(&home, "edit bert --channel meet");
    assert!(say(&home, "plan --days 60").contains("Meet Dr. Bert Kern"));
    assert!(
        say(&home, "edit bert --best-time \"\"").contains("Time limit")
            && home.json(&["show", "bert"])["best_time"].is_null()
    );
}

#[test]
fn what_cannot_be_a_preference_is_refused() {
    let home = acquainted();
    assert_snapshot!(say(&home, "edit bert --best-time soon"), @r#"
    Error: --best-time: "soon" is not a time of day; write one such as evening, 18:30, "sat morning" or "weekdays 18:00-20:00"
    [exit 2]
    "#);
    assert_snapshot!(say(&home, "edit bert --hesitation shy"), @r#"
    Error: --hesitation: "shy" is not a hesitation; write sceptical, no-time, no-interest, afraid or own-reasons
    [exit 2]
    "#);
    for option in ["--ease x", "--channel x", "--setting x", "--language german", "--time-limit 0"] {
        let said = say(&home, &format!("edit bert {option}"));
        assert!(said.starts_with("Error: --") && said.ends_with("[exit 2]\n"), "{said}");
    }
    home.sql("UPDATE contact SET best_time = 'soon', language = 'german' WHERE id = 2");
    assert_snapshot!(home.kith(&["check"]).fails(1).stdout, @r#"
    configuration: good
    importers: good
    database: good
    contacts:
      contact 2: best_time: "soon" is not a time of day; write one such as evening, 18:30, "sat morning"
      or "weekdays 18:00-20:00"
      contact 2: language: "german" is not a language; write a tag such as de, en or pt-BR
    secrets: good
    service: not running
    "#);
    assert_eq!(home.json(&["prep", "bert"])["name"], "Dr. Bert Kern");
}

#[test]
fn what_was_learned_of_somebody_is_noted_and_forgotten() {
    let home = acquainted();
    assert_snapshot!(say(&home, "note anna --family \"her son Tom\" --needs \"a quiet office\" --knows \"Carla's boss\" --offer \"a desk\" --interest sailing"), @"
    Anna Müller (id 1)
      Interests     sailing
      Family        her son Tom
      Needs         a quiet office
      Knows         Carla's boss
      To offer      a desk
      To learn      how grants are written
    ");
    assert_snapshot!(say_when(&home, "undo"), @"
    Taken back, on DAY at NN:NN, on the command line:
      noted of the family of Anna Müller: her son Tom
      noted what Anna Müller needs: a quiet office
      noted whom Anna Müller knows: Carla's boss
      noted what you could offer Anna Müller: a desk
    kith undo --redo brings it back.
    ");
    assert_snapshot!(say(&home, "note anna"), @"
    Anna Müller (id 1)
      Interests     sailing
      To learn      how grants are written
    ");
    assert_snapshot!(say(&home, "note anna --forget SAIL"), @"
    Anna Müller (id 1)
      To learn      how grants are written
    ");
    assert!(say(&home, "undo --list").contains("forgot what interests Anna Müller: sailing"));
    assert_snapshot!(say(&home, "note anna --forget sail"), @r#"
    Error: nothing that is noted of Anna Müller has "sail" in it
    Hint: kith note 1 lists what is noted
    [exit 1]
    "#);
    assert_snapshot!(say(&home, "note bert"), @"Nothing is noted of Dr. Bert Kern.");
    assert_snapshot!(say(&home, "note bert --need \" \""), @"
    Error: --need may not be empty
    Hint: --forget WORD takes something away
    [exit 2]
    ");
    let memos = home.json(&["note", "anna"]);
    assert_eq!(
        memos,
        json!([{ "id": 2, "kind": "learn", "what": "how grants are written", "entered": "2026-11-23" }])
    );
    assert_eq!(home.json(&["export", "anna", "--format", "json"])[0]["memos"][0]["kind"], "learn");
}

#[test]
fn memos_follow_a_merge() {
    let home = acquainted();
    say(&home, "note bert --interest chess");
    say(&home, "merge anna bert");
    assert_snapshot!(say(&home, "note anna"), @"
    Anna Müller (id 1)
      Interests     sailing; chess
      To learn      how grants are written
    ");
    say(&home, "split anna");
    assert_snapshot!(say(&home, "note bert"), @"
    Dr. Bert Kern (id 2)
      Interests     chess
    ");
}

#[test]
fn a_card_is_drawn_for_what_is_planned() {
    let home = acquainted();
    say(&home, "promise anna \"the article on heat pumps\" --by friday");
    say(&home, "ask anna \"a word with her boss\"");
    assert_snapshot!(say(&home, "prep anna"), @"
    Anna Müller (id 1)
      Planned             Keep your promise to Anna Müller: the article on heat
                          pumps, on 27 November 2026. You promised by 27 November
                          2026: the article on heat pumps. You want to ask for
                          something: a word with her boss.
      Reach               +49 170 1111111, anna.mueller@foundry.example
      Who                 Foundry GmbH; friends
      Met                 the choir
      Tie                 warm; you may pick up where you left off.
      Last                you talked on 20 October 2026: her viola; went badly;
                          learned: not on Mondays
      Interests           sailing
      You look for        a new job
      You promised        the article on heat pumps (by 27 November 2026)
      To ask              a word with her boss
      To learn            how grants are written
      Balance             nothing is noted that you gave or received. Ask how you
                          could help; it is the best way to find out.
      Time                30 minutes; say so when you begin, and end in time
      Begin               I have not forgotten what I promised you (the article on
                          heat pumps).
      If it goes quiet    How is it going with sailing?
      Or                  There is something I would like to learn (how grants are
                          written): where would you begin?
      If you do not know  I do not know, but I will find out and tell you.
      To end              I promised 30 minutes, and they are up. It was good to
                          talk to you; shall we do it again?

    Draft of a mail: As promised, Anna
      Hi Anna,

      I have not forgotten what I promised you: the article on heat pumps.

      Would 30 minutes on the phone suit you, or would you rather have a coffee?

      All the best
      Ida
    mailto:anna.mueller@foundry.example?subject=As%20promised%2C%20Anna&body=Hi%20Anna%2C%0D%0A%0D%0AI%20have%20not%20forgotten%20what%20I%20promised%20you%3A%20the%20article%20on%20heat%20pumps.%0D%0A%0D%0AWould%2030%20minutes%20on%20the%20phone%20suit%20you%2C%20or%20would%20you%20rather%20have%20a%20coffee%3F%0D%0A%0D%0AAll%20the%20best%0D%0AIda

    For a telephone: Hi Anna, I have not forgotten what I promised you (the article
    on heat pumps).
    sms:+491701111111?body=Hi%20Anna%2C%20I%20have%20not%20forgotten%20what%20I%20promised%20you%20%28the%20article%20on%20heat%20pumps%29.
    ");
    say(&home, "edit bert --language de");
    assert_snapshot!(say(&home, "prep bert --draft"), @"
    Draft of a mail: Alles Gute zum Geburtstag, Bert
      Hallo Bert,

      alles Gute zum Geburtstag! Ich wünsche dir einen schönen Tag und ein gutes
      Jahr.

      Wollen wir telefonieren oder lieber einen Kaffee trinken?

      Herzliche Grüße
      Ida

    For a telephone: Hallo Bert, alles Gute zum Geburtstag! Ich wünsche dir einen
    schönen Tag.
    sms:+491702222222?body=Hallo%20Bert%2C%20alles%20Gute%20zum%20Geburtstag%21%20Ich%20w%C3%BCnsche%20dir%20einen%20sch%C3%B6nen%20Tag.
    ");
    let card = home.json(&["prep", "anna", "--today", TODAY]);
    assert_eq!(card["planned"]["kind"], "promise");
    assert!(
        card["draft"]["sms_link"].as_str().unwrap().starts_with("sms:+491701111111?body=Hi%20Anna"),
        "{card}"
    );
    say(&home, "edit bert --comfort never");
    assert_snapshot!(say(&home, "prep bert"), @"
    Error: Dr. Bert Kern is set to never: nothing is prepared
    Hint: kith edit 2 --comfort yes changes that
    [exit 1]
    ");
}

#[test]
fn german_may_be_formal() {
    let home = acquainted();
    say(&home, "edit bert --language de-x-Sie --name \"Herr Dr. Bert Kern\"");
    say(&home, "promise bert \"die Unterlagen zu schicken.\"");
    assert_snapshot!(say(&home, "prep bert --draft"), @"
    Draft of a mail: Wie versprochen
      Guten Tag Herr Dr. Kern,

      ich habe nicht vergessen, was ich Ihnen versprochen habe: die Unterlagen zu
      schicken.

      Wollen wir telefonieren oder lieber einen Kaffee trinken?

      Mit herzlichen Grüßen
      Ida Holm

    For a telephone: Guten Tag Herr Dr. Kern, ich habe nicht vergessen, was ich
    Ihnen versprochen habe (die Unterlagen zu schicken).
    sms:+491702222222?body=Guten%20Tag%20Herr%20Dr.%20Kern%2C%20ich%20habe%20nicht%20vergessen%2C%20was%20ich%20Ihnen%20versprochen%20habe%20%28die%20Unterlagen%20zu%20schicken%29.
    ");
}

#[test]
fn an_interval_that_cannot_be_is_named() {
    let home = acquainted();
    home.sql("UPDATE contact SET ideal = '60d', latest = '30d' WHERE id = 2");
    assert_snapshot!(home.kith(&["check"]).fails(1).stdout, @"
    configuration: good
    importers: good
    database: good
    contacts:
      contact 2: latest: 30 days is shorter than their ideal interval, so 60 days counts
    secrets: good
    service: not running
    ");
}

#[test]
fn the_card_is_in_the_event() {
    let home = acquainted();
    let feed = || {
        let text = std::fs::read_to_string(home.data("feed/follow-ups.ics")).unwrap();
        text.replace("\r\n ", "")
    };
    say(&home, "edit bert --hesitation afraid");
    let text = feed();
    assert!(text.contains("Mind: afraid to open up"), "{text}");
    assert!(text.contains("A draft: sms:+491702222222?body="), "{text}");
    // The same facts are the same bytes.
    say(&home, "note bert --interest chess");
    let with = feed();
    assert!(with.contains("Interests: chess"), "{with}");
    say(&home, "edit bert --comfort never");
    assert!(!feed().contains("chess"));
    say(&home, "edit bert --comfort yes");
    assert!(feed().contains("Interests: chess"));
}

#[test]
fn templates_are_the_users_own() {
    let home = acquainted();
    let file = |text: &str| home.file(".config/kith/templates/drafts.en.toml", text);
    file("[keep-in-touch]\nsubject = \"Moin, {name}\"\n");
    say(&home, "edit anna --ideal 3d");
    let draft = home.json(&["prep", "anna", "--today", TODAY])["draft"].clone();
    assert_eq!(draft["subject"], "Moin, Anna");
    assert!(draft["body"].as_str().unwrap().contains("30 minutes"), "{draft}");
    file("[keep-in-touch]\nsubject = \"Moin\"\nbody = \"\"\"\nHi {nmae}\n\"\"\"\n");
    assert_snapshot!(home.kith(&["check"]).fails(3).stdout.replace(home.path().to_str().unwrap(), "~"), @"
    configuration: good
    importers: good
    templates:
      ~/.config/kith/templates/drafts.en.toml: line 4: there is no placeholder {nmae};
      there are {name} {address} {surname} {me} {my_name} {field} {looking_for} {other} {other_name}
      {because} {last} {month} {what} {to} {met} {interest} {family} {need} {knows} {offer} {learn}
      {title} {organization} {limit} {ways} {reassurance}, and {{ for a brace
    database: good
    contacts: good
    secrets: good
    service: not running
    ");
    // What cannot be used is as if it were not there, and said.
    let said = say(&home, "prep anna --draft");
    assert!(said.contains("Warning: ") && said.contains("How are you, Anna?"), "{said}");
}

#[test]
fn a_circle_has_a_time() {
    let home = acquainted();
    assert_snapshot!(say(&home, "circle set friends --time \"Saturday morning\""), @"
    Circle friends: ideally every 2 months, at the latest every 4 months; best time
    sat morning.
    Only what is owed on such a day, as a promise is, comes at sat morning: kith
    plans for Monday, Tuesday, Wednesday, Thursday, Friday (weekdays in the section
    [budget] of kith.toml).
    Before:
        kith circle set friends --ideal '2 months' --latest '4 months' --time none
    ");
    assert!(say(&home, "prep anna").contains("best time sat morning"));
    assert_snapshot!(say(&home, "circle set friends --time none"), @"
    Circle friends: ideally every 2 months, at the latest every 4 months.
    Before:
        kith circle set friends --ideal '2 months' --latest '4 months' --time 'sat morning'
    ");
    assert_snapshot!(say(&home, "circle set friends --time soon"), @r#"
    Error: invalid value 'soon' for '--time <TIME>': "soon" is not a time of day; write one such as evening, 18:30, "sat morning" or "weekdays 18:00-20:00", or none for any
    Hint: kith circle set --help tells more
    [exit 2]
    "#);
}
