//! Adding people, meeting them, and archiving them.

use insta::assert_snapshot;
use serde_json::json;

use super::{TODAY, import, listed, say, with_phone};

#[test]
fn somebody_is_added_in_one_line() {
    let home = with_phone();
    assert_snapshot!(say(&home, "add \"Eva Stern, Berlin, plays the cello, in my choir, +49 30 7654321, eva@example.net\""), @"
    Added:
    Eva Stern (id 7)
      Email         eva@example.net
      Phone         +49 30 7654321
      Address       Berlin
      Note          plays the cello, in my choir
    ");
    assert_snapshot!(
        say(&home, "add \"Tom Berg, tom@example.net\" --circle friends --birthday --04-12 --org \"Berg & Sons\" --title Baker --place Leipzig --note \"Knows everybody\" --email berg@example.net"),
        @"
    Added:
    Tom Berg (id 8)
      Organisation  Berg & Sons
      Title         Baker
      Email         berg@example.net
      Address       Leipzig
      Birthday      --04-12
      Note          Knows everybody
      Circle        friends
    "
    );
    let eva = home.json(&["show", "eva"]);
    assert_eq!(eva["address"], json!([{ "value": "Berlin", "label": null, "own": true }]));
    assert_eq!(home.count("SELECT count(DISTINCT step) FROM change WHERE contact_id = 8"), 1);
    // What was added by hand is as lasting as an edit.
    import(&home, &["google.csv"]);
    assert_eq!(home.json(&["show", "eva"])["note"], "plays the cello, in my choir");
    let added = home.json(&["add", "Uwe Holm"]);
    assert_eq!(
        (&added["name"], &added["kind"], &added["cards"]),
        (&json!("Uwe Holm"), &json!("person"), &json!([]))
    );
}

#[test]
fn nobody_is_added_twice_by_mistake() {
    let home = with_phone();
    assert_snapshot!(say(&home, "add \"Anna M., ANNA@example.org\""), @"
    Error: could not add Anna M.: Anna Müller (id 1) has the same email address
    Hint: kith edit 1 changes what is known of them; --anyway adds somebody else
    [exit 1]
    ");
    assert_snapshot!(say(&home, "add \"Bert, 0170 2222222\""), @"
    Error: could not add Bert: Dr. Bert Kern (id 2) has the same telephone number
    Hint: kith edit 2 changes what is known of them; --anyway adds somebody else
    [exit 1]
    ");
    assert_snapshot!(say(&home, "add \"Zoe Kern, 0170 2222222\""), @"
    Error: could not add Zoe Kern: Dr. Bert Kern (id 2) has the same telephone number
    Hint: kith edit 2 changes what is known of them; --anyway adds somebody else
    [exit 1]
    ");
    // Somebody else with the number.
    say(&home, "add \"Zoe Kern, 0170 2222222\" --anyway");
    assert_eq!(listed(&home, "Zoe Kern")["phones"], json!(["0170 2222222"]));
    assert_snapshot!(say(&home, "add \"Anna Müller, Bonn\""), @"
    Error: could not add Anna Müller: somebody of that name is known
          1  Anna Müller (Foundry GmbH, anna.mueller@foundry.example)
    Hint: kith edit 1 changes what is known of them; --anyway adds somebody else
    [exit 1]
    ");
    say(&home, "add \"Emi Ono, emi@example.org\" --anyway");
    assert_eq!(home.json(&["list", "emi ono"]).as_array().unwrap().len(), 2);
    say(&home, "archive carla");
    assert_snapshot!(say(&home, "add \"Carla Diaz\""), @"
    Added:
    Carla Diaz (id 9)

    Carla Diaz (id 3), who is archived, has the same name: kith archive --back 3
    brings them back.
    ");
    assert_snapshot!(say(&home, "add \"ANNA Mull\""), @"
    Error: could not add ANNA Mull: that may be short for
          1  Anna Müller (Foundry GmbH, anna.mueller@foundry.example)
    Hint: kith edit 1 changes what is known of them; --anyway adds somebody else
    [exit 1]
    ");
    assert_eq!(home.json(&["review"]), json!([]));
    for line in ["add bert", "add \"Ber Ker\"", "add Muller", "add diaz"] {
        assert!(say(&home, line).contains("that may be short for"), "{line}: {}", say(&home, line));
    }
    assert_eq!(home.json(&["add", "Bert", "--anyway"])["name"], "Bert");
    // Nobody has these whole beginnings of words, and an organisation is nobody.
    for line in ["add \"Anna Kern\"", "add nna", "add Foundry"] {
        assert!(say(&home, line).starts_with("Added:"), "{line}: {}", say(&home, line));
    }
    for (line, says, code) in [
        ("add eva@example.net", "\"eva@example.net\": it says no name", 2),
        ("add \"\"", "\"\": it says no name", 2),
        ("add \", Berlin\"", "\", Berlin\": it says no name", 2),
        ("add @eva", "\"@eva\" stands for the name, and no name has an @", 2),
        ("add Eva\u{1b}[A", "has a control character", 2),
        ("add \"Eva, 12345\"", "\"12345\" stands for the place, and is not a telephone number either", 2),
        ("add Eva --email nowhere", "--email: \"nowhere\" is not an email address", 2),
        ("add Eva --phone none", "--phone: \"none\" is not a telephone number", 2),
        ("add Eva --birthday 2027-01-01", "--birthday: 1 January 2027 has not come yet", 2),
        ("add “Eva", "the quotation mark in \"“Eva\" is not closed", 2),
        ("add Eva --birthday 1990-02-30", "\"1990-02-30\" is not a birthday: there is no such day", 2),
        ("add Eva --birthday soon", "\"soon\" is not a birthday", 2),
        ("add Eva --circle climbing", "there is no circle \"climbing\"", 1),
    ] {
        let said = say(&home, line);
        assert!(said.contains(says) && said.ends_with(&format!("[exit {code}]\n")), "{line}: {said}");
    }
    assert_eq!(home.json(&["list", "eva"]), json!([]));
}

#[test]
fn what_was_taken_for_what_is_told() {
    let home = with_phone();
    let ran = home
        .kith(&["add", "\"Stern, Eva\", Berlin, +49 30 7654321 ext 5, https://eva.example, sails"])
        .succeeds();
    assert_snapshot!(ran.stdout, @"
    Added:
    Stern, Eva (id 7)
      Phone         +49 30 7654321 ext 5
      Address       Berlin
      Link          https://eva.example
      Note          sails
    ");
    assert_snapshot!(say(&home, "met Fair \"Tom Berg, Leipzig, wants to see our shop, tom@example.net\" \"Uwe Holm\""), @"
    Met at Fair on 23 November 2026:
      Tom Berg (id 8), new
        place Leipzig; note wants to see our shop; email tom@example.net
      Uwe Holm (id 9), new
    ");
    assert_snapshot!(say(&home, "add \"Eva Lund, 12345\""), @r#"
    Error: could not take "Eva Lund, 12345": "12345" stands for the place, and is not a telephone number either
    Hint: a place has letters; what is neither an address nor a number comes behind the place
    [exit 2]
    "#);
}

#[test]
fn oneself_is_nobody_to_be_added() {
    let home = with_phone();
    home.file(".config/kith/kith.toml", "[me]\nname = \"Eva Stern\"\nemails = [\"eva@example.net\"]\n");
    assert_snapshot!(say(&home, "add \"Eva Stern, Berlin\""), @r#"
    Error: could not take "Eva Stern, Berlin": that is you, by the section [me] of kith.toml
    Hint: name somebody else: with yourself nothing is planned
    [exit 2]
    "#);
    assert!(say(&home, "met Fair \"E. Stern, eva@example.net\"").contains("that is you"));
    assert!(say(&home, "add \"Eva Stern\" --anyway").starts_with("Added:"));
}

#[test]
fn an_archived_namesake_is_told_of() {
    let home = with_phone();
    say(&home, "archive anna");
    assert_snapshot!(say(&home, "add \"Anna Müller, 0170 1111111\""), @"
    Error: could not add Anna Müller: Anna Müller (id 1) has the same telephone number
    Hint: Anna Müller is archived: kith archive --back 1 brings them back; --anyway adds somebody else
    [exit 1]
    ");
    assert_snapshot!(say(&home, "met Fair \"Anna Müller, 0170 1111111\""), @r#"
    Error: Anna Müller (id 1), whom "Anna Müller, 0170 1111111" means, is archived
    Hint: kith archive --back 1 brings them back
    [exit 1]
    "#);
}

#[test]
fn whom_one_met_is_logged_and_who_is_new_is_added() {
    let home = with_phone();
    assert_snapshot!(say(&home, "met \"Rust meetup\" anna 2 \"Eva Stern\" \"Tom Berg, Leipzig, wants to see our shop, tom@example.net\" --on friday"), @"
    Met at Rust meetup on 20 November 2026:
      Anna Müller (id 1), known before
      Dr. Bert Kern (id 2), known before
      Eva Stern (id 7), new
      Tom Berg (id 8), new
        place Leipzig; note wants to see our shop; email tom@example.net
    ");
    assert_snapshot!(say(&home, "show eva"), @"
    Eva Stern (id 7)
      Note          Met at Rust meetup on 20 November 2026.
      Last contact  2026-11-20
      Due           2027-05-20

    History
      2026-11-20  met    Rust meetup
    ");
    assert_snapshot!(say(&home, "show tom"), @"
    Tom Berg (id 8)
      Email         tom@example.net
      Address       Leipzig
      Note          wants to see our shop

                    Met at Rust meetup on 20 November 2026.
      Last contact  2026-11-20
      Due           2027-05-20

    History
      2026-11-20  met    Rust meetup
    ");
    assert_eq!(
        home.json(&["show", "anna"])["history"][0],
        json!({ "day": "2026-11-20", "how": "met", "what": "Rust meetup" })
    );
    assert_eq!(
        home.count("SELECT count(DISTINCT step) FROM change WHERE field IN ('interaction.how', 'name') AND contact_id IN (1, 7, 8)"),
        1
    );
    // Nothing that was typed is lost without a word.
    assert_snapshot!(say(&home, "met Fair \"eva, now in Bonn\" \"müller, anna\" \"berg, tom@example.net\""), @"
    Met at Fair on 23 November 2026:
      Eva Stern (id 7), known before
        what else the line says was not noted: kith edit 7
      Anna Müller (id 1), known before
      Tom Berg (id 8), known before
    ");
    let met = home.json(&["met", "Fair", "eva stern", "Uwe", "--today", TODAY]);
    assert_eq!(met["people"][0], json!({ "person": "7", "name": "Eva Stern", "new": false }));
    assert_eq!(met["people"][1]["new"], true);
}

#[test]
fn where_one_name_is_not_clear_nothing_is_written() {
    let home = with_phone();
    for (line, says) in [
        ("met Fair \"Eva Stern\" diaz", "2 people match \"diaz\""),
        ("met Fair \"Eva Stern\" ann", "may be short for"),
        ("met Fair \"Eva Stern\" \"STERN, eva@example.net\" \"stern\"", "have one name"),
        ("met Fair \"Eva Stern\" nobody@example.net", "says no name"),
        ("met Fair \"Eva Stern\" 99", "\"99\" stands for the name, and has no letters"),
        ("met Fair \"Eva Stern\" \"030 1234567\"", "says no name"),
        ("met \" \" \"Eva Stern\"", "say what it was"),
        ("met Fair \"Eva Stern\" --on tomorrow", "has not come yet"),
    ] {
        let said = say(&home, line);
        assert!(said.contains(says) && said.contains("[exit"), "{line}: {said}");
    }
    assert_eq!(home.count("SELECT count(*) FROM interaction"), 0);
    assert_eq!(home.count("SELECT count(*) FROM contact"), 6);
    assert_snapshot!(say(&home, "met Fair ann"), @r#"
    Error: "ann" is nobody's whole name, and may be short for
          1  Anna Müller (Foundry GmbH, anna.mueller@foundry.example)
    Hint: give the id if one of them is meant; of somebody new say more of the name
    [exit 1]
    "#);
}

#[test]
fn addresses_numbers_and_ids_say_who_is_meant() {
    let home = with_phone();
    import(&home, &["Connections.csv"]);
    let twin = listed(&home, "Bert Kern")["id"].as_str().unwrap().to_owned();
    say(&home, "review 1 --same");
    let met = |who: &str| home.json(&["met", "Fair", who])["people"][0].clone();
    for (who, id) in [
        ("emi@example.org", "5"),
        ("0170 1111111", "1"),
        ("Diaz, David", "4"),
        ("4", "4"),
        (twin.as_str(), "2"),
        ("annie", "1"),
    ] {
        assert_eq!((&met(who)["person"], &met(who)["new"]), (&json!(id), &json!(false)), "{who}");
    }
    home.sql(
        "INSERT INTO email(contact_id, address) VALUES (3, 'both@example.org'), (4, 'both@example.org')",
    );
    assert!(say(&home, "met Fair both@example.org").contains("2 people match"));
}

#[test]
fn people_are_archived_and_come_back() {
    let home = with_phone();
    assert_snapshot!(say(&home, "archive carla emi@example.org"), @"Archived: Carla Diaz and Emi Ono. kith archive --back brings them back.");
    assert_snapshot!(say(&home, "show carla"), @r#"
    Error: nobody matches "carla"
    Hint: Carla Diaz (id 3) is archived: kith archive --back 3 brings them back
    [exit 1]
    "#);
    assert!(say(&home, "show 3").contains("Archived"));
    assert_snapshot!(say(&home, "archive 3"), @"
    Error: Carla Diaz (id 3) is archived already
    [exit 1]
    ");
    assert_snapshot!(say(&home, "archive --back anna"), @r#"
    Error: nobody who is archived matches "anna"
    Hint: kith list --archived shows them
    [exit 1]
    "#);
    assert_snapshot!(say(&home, "archive --back 1"), @"
    Error: Anna Müller (id 1) is not archived
    [exit 1]
    ");
    import(&home, &["phone.vcf"]);
    assert_eq!(home.json(&["list", "carla"]), json!([]), "an import brings nobody back");
    assert_snapshot!(say(&home, "archive --back carla 5"), @"Back from the archive: Carla Diaz and Emi Ono.");
    assert_eq!(listed(&home, "Carla Diaz")["archived"], false);
    assert_eq!(home.json(&["archive", "carla"]), json!({ "people": ["3"], "archived": true }));
    assert_eq!(home.count("SELECT count(DISTINCT step) FROM change WHERE field = 'archived_at'"), 3);
    say(&home, "archive david");
    assert!(say(&home, "archive --back diaz").contains("2 people match \"diaz\""));
}

#[test]
fn words_may_stand_as_one_says_them() {
    let home = with_phone();
    assert_snapshot!(say(&home, "log anna --met lunch"), @"
    Logged: on 23 November 2026 you met Anna Müller.
    Noted: lunch
    A thank-you to Anna Müller is planned for 24 November 2026.
    Next in touch: from 23 May 2027 on.
    ");
    assert_snapshot!(say(&home, "log anna --on yesterday bert --called \"the flat\""), @"
    Logged: on 22 November 2026 you called Anna Müller and Dr. Bert Kern.
    Noted: the flat
    A thank-you to Anna Müller is planned for 24 November 2026.
    Next in touch: Anna Müller from 23 May 2027 on and Dr. Bert Kern from 22 May
    2027 on.
    ");
    assert_snapshot!(say(&home, "log anna her new job"), @r#"
    Error: nobody matches "her"
    Hint: kith list shows everybody; part of a name, an email address or an id will do; what it was about is one word, or stands in quotation marks
    [exit 1]
    "#);
    assert_snapshot!(say(&home, "add Eva Stern, Berlin, my cousin"), @"
    Added:
    Eva Stern (id 7)
      Address       Berlin
      Note          my cousin
    ");
    assert_snapshot!(say(&home, "add \"Eva Lund\" \"Tom Berg\""), @r#"
    Error: add takes one person in one line, and these are several words and lines
    Hint: put the whole line in quotation marks: kith add "Eva Stern, Berlin"; add others one by one
    [exit 2]
    "#);
    assert_snapshot!(say(&home, "add --name \"Tom Berg\" --place Leipzig"), @"
    Added:
    Tom Berg (id 8)
      Address       Leipzig
    ");
    assert_snapshot!(say(&home, "add --name \"\""), @r#"
    Error: could not take "": it says no name
    Hint: begin with the name: "Eva Stern, Berlin, plays the cello, eva@example.org"
    [exit 2]
    "#);
    assert_snapshot!(say(&home, "snooze eva in 2 weeks"), @"
    Eva Stern is snoozed, back on 7 December 2026.
    Next, on Monday, 7 December 2026: Get in touch with Eva Stern.
    ");
    assert_snapshot!(say(&home, "done tom her new job"), @"
    Logged: on 23 November 2026 you talked with Tom Berg.
    Noted: her new job
    Next in touch: from 23 May 2027 on.
    ");
}

#[test]
fn somebody_of_the_same_name_is_not_added_by_mistake() {
    let home = with_phone();
    say(&home, "add Eva Stern");
    assert_snapshot!(say(&home, "add Eva Stern"), @"
    Error: could not add Eva Stern: somebody of that name is known
          7  Eva Stern
    Hint: kith edit 7 changes what is known of them; --anyway adds somebody else
    [exit 1]
    ");
    assert_snapshot!(say(&home, "add \"Stern, Eva\""), @"
    Error: could not add Stern: that may be short for
          7  Eva Stern
    Hint: kith edit 7 changes what is known of them; --anyway adds somebody else
    [exit 1]
    ");
    assert_snapshot!(say(&home, "add Eva Stern --anyway"), @"
    Added:
    Eva Stern (id 8)
    ");
    assert_snapshot!(say(&home, "add Eva Stern, Bonn"), @"
    Error: could not add Eva Stern: somebody of that name is known
          7  Eva Stern
          8  Eva Stern
    Hint: kith edit ID changes what is known of them; --anyway adds somebody else
    [exit 1]
    ");
    assert_eq!(home.json(&["review"]), json!([]));
    // A birthday tells two apart.
    say(&home, "edit anna --birthday 1980-01-01");
    assert!(say(&home, "add Anna Müller --birthday 1990-02-02").starts_with("Added:"));
    assert!(say(&home, "add Anna Müller --birthday 1980-01-01").contains("somebody of that name is known"));
}
