//! Exported chats: they fill the history and the clocks, once however often they are exported.

use serde_json::json;

use crate::support::cards::card;
use crate::support::{Home, Ran};

const OCTOBER: &str = "30/10/2025, 21:41 - Messages and calls are end-to-end encrypted. Tap to learn more.\n\
                       30/10/2025, 21:41 - Anna Amsel: the secret\n\
                       31/10/2025, 09:00 - Ida: another secret\n";

/// The same chat a month later: the last day has gone on.
const NOVEMBER: &str = "31/10/2025, 12:00 - Ida: a third secret\n\
                        31/10/2025, 22:00 - Anna Amsel: and a fourth\n";

fn home_with_anna() -> Home {
    let home = Home::new();
    let phone = home.file("phone.vcf", card("Anna Amsel"));
    home.kith(&["import", phone.to_str().unwrap()]).succeeds();
    home
}

fn import(home: &Home, name: &str, chat: &str) -> Ran {
    let file = home.file(name, chat);
    home.kith(&["import", file.to_str().unwrap()]).succeeds()
}

#[test]
fn the_same_chat_a_month_later_adds_what_is_new() {
    let home = home_with_anna();
    let name = "WhatsApp Chat with Anna Amsel.txt";
    insta::assert_snapshot!(import(&home, name, OCTOBER).stdout, @"
    WhatsApp Chat with Anna Amsel.txt: 0 new, 0 updated, 0 unchanged, 0 in review, 1 skipped

    History: 2 new, 0 told before, 0 with nobody known

    Skipped (the file itself is kept)
      1 line is no message: notices of WhatsApp, and calls that nobody took
    ");
    let database = home.count("SELECT count(*) FROM interaction");
    insta::assert_snapshot!(import(&home, name, OCTOBER).stdout, @"
    WhatsApp Chat with Anna Amsel.txt: 0 new, 0 updated, 0 unchanged, 0 in review, 1 skipped

    History: 0 new, 2 told before, 0 with nobody known

    Skipped (the file itself is kept)
      1 line is no message: notices of WhatsApp, and calls that nobody took
    ");
    assert_eq!(home.count("SELECT count(*) FROM interaction"), database);
    insta::assert_snapshot!(import(&home, name, &format!("{OCTOBER}{NOVEMBER}")).stdout, @"
    WhatsApp Chat with Anna Amsel.txt: 0 new, 0 updated, 0 unchanged, 0 in review, 1 skipped

    History: 1 new, 2 told before, 0 with nobody known

    Skipped (the file itself is kept)
      1 line is no message: notices of WhatsApp, and calls that nobody took
    ");
    // Below stands on which day the card was imported.
    let shown = home.kith(&["show", "anna"]).succeeds().stdout;
    insta::assert_snapshot!(shown.split("\nImported from").next().unwrap(), @"
    Anna Amsel (id 1)
      Email         anna.amsel@example.org
      Last contact  2025-10-31
      Due           2026-04-30

    History
      2025-10-31  heard  WhatsApp
      2025-10-31  wrote  WhatsApp
      2025-10-30  heard  WhatsApp
    ");
    let database = std::fs::read(home.data("contacts.db")).unwrap();
    assert!(!String::from_utf8_lossy(&database).contains("secret"), "what was written is kept");
}

/// Who somebody is decides, not what an export calls them.
#[test]
fn a_chat_whose_people_are_called_otherwise_is_the_same_chat() {
    let old = "12/31/24, 9:42 PM - Anna Amsel: hi\n1/1/25, 12:01 AM - Ida: hey\n";
    let number = old.replace("Anna Amsel", "+49 170 1234567");
    let new = "2/5/25, 9:00 AM - Anna Amsel: hey\n";
    for (case, first, chat) in [
        ("by the name of its file", "WhatsApp Chat with Anna Amsel.txt", old),
        ("by a number", "WhatsApp Chat with +49 170 1234567.txt", number.as_str()),
    ] {
        let home = Home::new();
        std::fs::create_dir_all(home.config().parent().unwrap()).unwrap();
        std::fs::write(home.config(), "[me]\nname = 'Ida'\n").unwrap();
        let anna = card("Anna Amsel").replace("END:VCARD", "TEL:+491701234567\nEND:VCARD");
        let phone = home.file("phone.vcf", anna);
        home.kith(&["import", phone.to_str().unwrap()]).succeeds();
        import(&home, first, chat);
        let said = import(&home, "_chat.txt", &format!("{old}{new}")).stdout;
        assert!(said.contains("History: 1 new, 2 told before"), "{case}: {said}");
        assert!(!said.contains("wrong day"), "{case}: {said}");
        // What two told of stays when one of them is taken back.
        home.kith(&["undo", "import", "2"]).succeeds();
        assert_eq!(home.count("SELECT count(*) FROM interaction"), 3, "{case}");
    }
}

/// A longer export shows how the dates of a shorter one were meant.
#[test]
fn days_that_were_read_the_other_way_round_are_told_and_can_be_mended() {
    let home = home_with_anna();
    let name = "WhatsApp Chat with Anna Amsel.txt";
    let march = "3/4/25, 21:00 - Anna Amsel: hi\n3/3/25, 21:00 - Ida: hello\n";
    import(&home, name, march);
    let longer = format!("{march}8/25/25, 21:00 - Anna Amsel: hi\n");
    let said = import(&home, name, &longer).stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("History: 2 new, 1 told before"), "{said}");
    assert!(said.contains("and 1 entry of it stands on a wrong day"), "{said}");
    let words = said.split_once("take it back (").unwrap().1.split_once(')').unwrap().0;
    home.kith(&words.split(' ').skip(1).collect::<Vec<_>>()).succeeds();
    let said = import(&home, name, &longer).stdout;
    assert!(!said.contains("wrong day"), "{said}");
    let days: Vec<_> = home.json(&["show", "anna"])["history"].as_array().unwrap().clone();
    let days: Vec<&str> = days.iter().map(|entry| entry["day"].as_str().unwrap()).collect();
    assert_eq!(days, ["2025-03-03", "2025-03-04", "2025-08-25"]);
}

#[test]
fn a_chat_in_utf_16_and_with_chinese_dates_is_read() {
    let home = home_with_anna();
    let chat = "\u{feff}2025年10月30日 下午9:41 - Anna Amsel: hi\n";
    let bytes: Vec<u8> = chat.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let file = home.file("WhatsApp Chat with Anna Amsel.txt", bytes);
    home.kith(&["import", file.to_str().unwrap()]).succeeds();
    assert_eq!(home.json(&["show", "anna"])["history"][0]["day"], "2025-10-30");
}

#[test]
fn a_chat_that_does_not_say_who_the_user_is_is_read_by_the_name_in_the_configuration() {
    for (me, expected) in [
        ("", json!([{ "day": "2025-10-30", "how": "heard", "what": "WhatsApp" }])),
        (
            "[me]\nname = 'Ida'\n",
            json!([
                { "day": "2025-10-30", "how": "heard", "what": "WhatsApp" },
                { "day": "2025-10-31", "how": "wrote", "what": "WhatsApp" },
            ]),
        ),
    ] {
        let home = home_with_anna();
        std::fs::write(home.config(), me).unwrap();
        import(&home, "_chat.txt", OCTOBER);
        assert_eq!(home.json(&["show", "anna"])["history"], expected, "{me}");
    }
}

#[test]
fn of_texts_chats_alone_are_claimed() {
    let home = home_with_anna();
    let table = home.file("friends.txt", "Name,Email\nBert Brandt,bert@example.org\n");
    assert_eq!(home.json(&["import", table.to_str().unwrap()])["new"], 1);
    let letter = home.file("letter.txt", "31 October\nDear Anna, …\n");
    let said = home.kith(&["import", letter.to_str().unwrap()]).fails(1).stderr;
    assert!(!said.contains("WhatsApp"), "{said}");
    let group =
        import(&home, "WhatsApp Chat with Choir.txt", &format!("{OCTOBER}31/10/2025, 23:00 - Bert: hi\n"));
    assert!(
        group.stdout.contains("the chat is that of a group, in which 3 people wrote"),
        "{}",
        group.stdout
    );
    assert_eq!(home.json(&["show", "anna"])["history"], json!([]));
}
