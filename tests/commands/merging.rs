//! Who is who, through real files.

use insta::assert_snapshot;
use serde_json::json;

use super::{TODAY, import, listed, planned, planned_names, say, with_phone};
use crate::support::Home;

/// The columns of Google's export that are needed here.
const GOOGLE: &str =
    "First Name,Last Name,File As,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value";

fn take(home: &Home, name: &str, text: &str) -> serde_json::Value {
    let file = home.file(name, text);
    home.json(&["import", "--today", TODAY, file.to_str().unwrap()])
}

fn counts(report: &serde_json::Value) -> [u64; 4] {
    ["new", "updated", "unchanged", "review"].map(|count| report[count].as_u64().unwrap())
}

/// A card with a name and further lines.
fn card(name: &str, lines: &[&str]) -> String {
    let lines: String = lines.iter().map(|line| format!("{line}\r\n")).collect();
    format!("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{name}\r\n{lines}END:VCARD\r\n")
}

#[test]
fn one_person_of_three_address_books_is_one() {
    let home = with_phone();
    import(&home, &["google.csv", "Connections.csv"]);
    let anna = listed(&home, "Anna Müller");
    assert_eq!(anna["organization"], "Foundry GmbH");
    assert_eq!(anna["birthday"], "1984-04-12", "the fuller one");
    assert_eq!(anna["phones"], json!(["+49 170 1111111"]), "one number, however it is written");
    assert_eq!(anna["emails"], json!(["anna@example.org", "anna.mueller@foundry.example"]));
    assert_eq!(home.json(&["show", "1"])["cards"].as_array().unwrap().len(), 3);
    // A couple, and a relative, with one landline stay three; a role address joins nobody.
    for name in ["Carla Diaz", "David Diaz", "Gustav Diaz", "Emi Ono", "Frieda Lund"] {
        listed(&home, name);
    }
    // Again, in another order and under other names, nothing is new.
    let again =
        |from: &str, name: &str| take(&home, name, &std::fs::read_to_string(super::fixture(from)).unwrap());
    assert_eq!(counts(&again("Connections.csv", "c.csv")), [0, 0, 3, 0]);
    assert_eq!(counts(&again("google.csv", "contacts (1).csv")), [0, 0, 3, 0]);
    assert_eq!(counts(&again("phone.vcf", "backup.vcf")), [0, 0, 6, 0]);
}

#[test]
fn the_order_of_the_files_does_not_matter() {
    let names = ["phone.vcf", "google.csv", "Connections.csv"];
    let people = |order: [usize; 3]| {
        let home = Home::new();
        order.iter().for_each(|&at| import(&home, &[names[at]]));
        let mut all: Vec<serde_json::Value> = home.json(&["list"]).as_array().unwrap().clone();
        for person in &mut all {
            person["id"] = json!(null);
            person["phones"].as_array_mut().unwrap().sort_by_key(ToString::to_string);
        }
        // Of the two Berts the one that came first is planned; both are there.
        all.sort_by_key(|person| person["name"].to_string());
        all
    };
    let first = people([0, 1, 2]);
    for order in [[0, 2, 1], [2, 1, 0], [1, 0, 2]] {
        assert_eq!(people(order), first, "{order:?}");
    }
}

#[test]
fn an_equal_name_alone_waits_for_a_decision() {
    let home = with_phone();
    import(&home, &["Connections.csv"]);
    assert_snapshot!(say(&home, "review"), @r"
       1  id 7, Bert Kern (Harbour Ltd)
          and id 2, Dr. Bert Kern (+49 170 2222222): the same name

    kith show ID tells more. Decide with kith review NUMBER --same, or --different.
    ");
    let berts = |home: &Home| {
        let mut names = planned_names(home);
        names.retain(|name| name.contains("Bert"));
        names.dedup();
        names
    };
    assert_eq!(berts(&home), ["Dr. Bert Kern"], "the newer one is kept, and not planned");
    assert!(say(&home, "list").contains("(in review)"));
    // For 30 days; then both are.
    let later = |day: &str| {
        let all = planned(&home, day, "30");
        all.iter().filter(|(_, name, kind)| name == "Bert Kern" && kind == "keep-in-touch").count()
    };
    assert_eq!(later("2026-12-23"), 0);
    assert_eq!(later("2026-12-24"), 1);
    assert_snapshot!(say(&home, "review 7 --same"), @r"
    Error: there is no review 7 that waits
    Hint: kith review lists those that do
    [exit 1]
    ");
    assert_snapshot!(say(&home, "review 1 --different"), @"Bert Kern and Dr. Bert Kern are two people; both are planned.");
    assert_eq!(berts(&home), ["Bert Kern", "Dr. Bert Kern"]);
    assert_snapshot!(say(&home, "review 1 --same"), @r"
    Error: there is no review 1 that waits
    Hint: kith review lists those that do
    [exit 1]
    ");
    assert_snapshot!(say(&home, "review"), @"Nothing waits to be decided.");
    import(&home, &["Connections.csv"]);
    assert_eq!(home.json(&["review"]), json!([]), "asked once");
}

#[test]
fn those_decided_to_be_the_same_stay_one() {
    let home = with_phone();
    import(&home, &["Connections.csv"]);
    say(&home, "log 8 \"the harbour\" --met --on 2026-11-20");
    let review = home.json(&["review"]);
    assert_eq!((&review[0]["newer"]["name"], &review[0]["twin"]["id"]), (&json!("Bert Kern"), &json!("2")));
    assert_snapshot!(say(&home, "review 1 --same"), @"Bert Kern and Dr. Bert Kern are one person now (id 2).");
    assert_eq!(
        planned_names(&home).iter().filter(|name| name.contains("Bert")).count(),
        1,
        "a thank-you, on his birthday"
    );
    let bert = home.json(&["show", "2", "--today", TODAY]);
    assert_eq!((&bert["organization"], &bert["birthday"]), (&json!("Harbour Ltd"), &json!("1985-11-30")));
    import(&home, &["phone.vcf", "Connections.csv"]);
    assert_eq!(home.json(&["review"]), json!([]));
    assert_eq!(home.json(&["list", "kern"]).as_array().unwrap().len(), 1);
}

#[test]
fn what_tells_people_apart_keeps_them_apart() {
    for (case, first, second, apart) in [
        (
            "another name at the address",
            card("Eva Kern", &["EMAIL:e@a.example"]),
            card("Finn Kern", &["EMAIL:e@a.example"]),
            true,
        ),
        (
            "an initial",
            card("Eva Kern", &["EMAIL:e@a.example"]),
            card("E. Kern", &["EMAIL:E@a.example"]),
            false,
        ),
        (
            "a title, another order",
            card("Dr. Eva Kern", &["TEL:0170 3334445"]),
            card("Kern, Eva", &["TEL:+49 170 3334445"]),
            false,
        ),
        (
            "a birthday that one export has wrong",
            card("Eva Kern", &["EMAIL:e@a.example", "BDAY:1990-01-01"]),
            card("Eva Kern", &["EMAIL:e@a.example", "BDAY:1955-01-01"]),
            false,
        ),
        (
            "a role address",
            card("Eva Kern", &["EMAIL:office@a.example"]),
            card("E. Kern", &["EMAIL:office@a.example"]),
            true,
        ),
        (
            "a switchboard's short number",
            card("Eva Kern", &["TEL:4711"]),
            card("E. Kern", &["TEL:4711"]),
            true,
        ),
        ("a given name under one UID", card("Eva Kern", &["UID:a"]), card("Eva Lund", &["UID:a"]), true),
        (
            "a married name under one UID",
            card("Eva Kern", &["UID:a", "BDAY:1990-01-01"]),
            card("Eva Lund", &["UID:a", "BDAY:1990-01-01"]),
            false,
        ),
        (
            "one profile",
            card("Eva Kern", &["X-SOCIALPROFILE;TYPE=linkedin:https://www.linkedin.com/in/eva"]),
            card("Eva Lund", &["X-SOCIALPROFILE;TYPE=linkedin:http://de.linkedin.com/in/Eva/"]),
            true,
        ),
        (
            "one profile and one name",
            card("Eva Kern", &["X-SOCIALPROFILE;TYPE=linkedin:https://www.linkedin.com/in/eva"]),
            card("E. Kern", &["X-SOCIALPROFILE;TYPE=linkedin:http://de.linkedin.com/in/Eva/"]),
            false,
        ),
        (
            "their firm's profile",
            card("Eva Kern", &["X-SOCIALPROFILE;TYPE=linkedin:https://linkedin.com/company/a"]),
            card("Finn Ost", &["X-SOCIALPROFILE;TYPE=linkedin:https://linkedin.com/company/a"]),
            true,
        ),
        (
            "a nameless number",
            card("Eva Kern", &["TEL:0170 3334445"]),
            card("", &["TEL:0170 3334445"]),
            false,
        ),
    ] {
        let home = Home::new();
        take(&home, "one.vcf", &first);
        // Beside others, so that the file is not the first one's address book again.
        let report = take(&home, "two.vcf", &(second + &card("Xaver Alt", &[]) + &card("Yvonne Alt", &[])));
        let [new, _, _, review] = counts(&report);
        assert_eq!(new + review, if apart { 3 } else { 2 }, "{case}: {report:#}");
    }
}

#[test]
fn a_corrected_number_does_not_pile_up() {
    let book = |number: &str, anna_uid: &str| {
        let others: String = ["Bert Kern", "Carla Diaz", "Emi Ono", "Finn Ost"]
            .map(|name| card(name, &[&format!("EMAIL:{}@example.org", &name[..4])]))
            .concat();
        others + &card("Anna Müller", &[anna_uid, &format!("TEL:{number}")])
    };
    for (case, uid) in [("by UID", "UID:a1"), ("by its place in a known address book", "X-NONE:1")] {
        let home = Home::new();
        let name = format!("{case}.vcf");
        take(&home, &name, &book("0170 1111111", uid));
        let report = take(&home, "book (2).vcf", &book("0170 2222222", uid));
        assert_eq!(counts(&report), [0, 1, 4, 0], "{case}");
        assert_eq!(listed(&home, "Anna Müller")["phones"], json!(["0170 2222222"]), "{case}");
    }
}

#[test]
fn an_export_with_new_uids_is_the_same_address_book() {
    let home = Home::new();
    let book = |export: u32, people: &[(&str, &[&str])]| -> String {
        let with_uid = |(name, lines): &(&str, &[&str])| {
            let (uid, rev) = (format!("UID:{export}-{name}"), format!("REV:2026-11-{export}T10:00:00Z"));
            card(name, &[&[uid.as_str(), &rev], *lines].concat())
        };
        people.iter().map(with_uid).collect()
    };
    let anna = ("Anna Müller", &["TEL:0170 1111111", "EMAIL:anna@example.org", "TITLE:Curator"][..]);
    let moved = ("Anna Müller", &["TEL:0170 2222222", "EMAIL:anna@example.org"][..]);
    let (bert, carla) =
        (("Bert Kern", &["EMAIL:bert@example.org"][..]), ("Carla Diaz", &["TEL:030 3333333"][..]));
    let (david, emi) =
        (("David Diaz", &["TEL:030 3333333"][..]), ("Emi Ono", &["EMAIL:emi@example.org"][..]));
    take(&home, "phone-2026-11-22.vcf", &book(11, &[anna, bert, carla, david]));
    let second = [moved, carla, david, emi];
    let report = take(&home, "phone-2026-11-23.vcf", &book(12, &second));
    assert_eq!(counts(&report), [1, 1, 2, 0], "{report:#}");
    assert_eq!(counts(&take(&home, "phone-2026-11-24.vcf", &book(13, &second))), [0, 0, 4, 0]);
    assert_eq!(home.json(&["list"]).as_array().unwrap().len(), 5, "who was removed there stays");
    let anna = listed(&home, "Anna Müller");
    assert_eq!((&anna["phones"], &anna["title"]), (&json!(["0170 2222222"]), &json!(null)));
    assert_eq!(home.count("SELECT count(*) FROM card WHERE replaced_by IS NULL"), 5);
    assert_eq!(home.count("SELECT count(*) FROM card WHERE raw LIKE '%0170 1111111%'"), 1, "nothing is lost");
}

#[test]
fn a_person_missing_from_a_later_export_stays() {
    let home = with_phone();
    let text = std::fs::read_to_string(super::fixture("phone.vcf")).unwrap();
    let (first, _) = text.split_once("BEGIN:VCARD\nVERSION:3.0\nUID:phone-5").unwrap();
    assert_eq!(counts(&take(&home, "phone.vcf", first)), [0, 0, 4, 0]);
    listed(&home, "Emi Ono");
}

#[test]
fn not_everybody_is_a_person() {
    let home = Home::new();
    let cards = [
        card("Chess Club", &["X-ADDRESSBOOKSERVER-KIND:group"]),
        card("Harbour Ltd", &["X-ABSHOWAS:COMPANY", "ORG:Harbour Ltd"]),
        card("", &["ORG:Works"]),
        card("Taxi", &["TEL:22 1010"]),
        card("Newsletter", &["EMAIL:news@example.org"]),
        card("Ada Berg", &["TEL:0170 3334445"]),
    ];
    let report = take(&home, "all.vcf", &cards.concat());
    assert_eq!((counts(&report), &report["organizations"]), ([6, 0, 0, 0], &json!(5)));
    assert_eq!(planned_names(&home), ["Ada Berg"]);
    assert_snapshot!(say(&home, "list"), @r"
    ID  NAME         ORGANISATION  CIRCLE          LAST CONTACT  DUE
    6   Ada Berg
    1   Chess Club                 (organisation)
    2   Harbour Ltd  Harbour Ltd   (organisation)
    5   Newsletter                 (organisation)
    4   Taxi                       (organisation)
    3   Works        Works         (organisation)
    ");
}

#[test]
fn who_may_be_somebody_that_is_never_contacted_is_left_alone_until_that_is_decided() {
    let home = Home::new();
    take(&home, "a.vcf", &card("Erik Ehmals", &["EMAIL:erik@example.org", "BDAY:1980-12-20"]));
    home.kith(&["edit", "erik", "--comfort", "never"]).succeeds();
    let report = take(&home, "b.vcf", &card("Erik Ehmals", &["TEL:+49 30 5550199"]));
    assert_eq!(counts(&report), [0, 0, 0, 1]);
    for today in [TODAY, "2027-03-01"] {
        assert_eq!(planned(&home, today, "60"), [], "{today}");
    }
    home.kith(&["review", "--different", "1"]).succeeds();
    assert_eq!(planned_names(&home).len(), 1, "now it is somebody else");
}

#[test]
fn the_first_stays_with_what_they_are_called() {
    let zoe =
        card("Zoe Zett", &["UID:z", "N:Zett;Zoe;;;", "EMAIL:zoe@z.example", "ORG:Zorg", "BDAY:1980-01-01"]);
    let lines = ["UID:a", "REV:20250101T000000Z", "N:Aal;Anna;;;", "EMAIL:anna@a.example", "ORG:Aorg;Lab"];
    let anna = card("Anna Aal", &[&lines[..], &["TITLE:Pilot", "BDAY:1981-02-02", "NOTE:sails"]].concat());
    let fields = |home: &Home, id: &str| {
        let shown = home.json(&["show", id]);
        ["name", "organization", "birthday", "title"].map(|field| shown[field].clone())
    };
    let of_zoe = [json!("Zoe Zett"), json!("Zorg"), json!("1980-01-01"), json!("Pilot")];
    let of_anna = [json!("Anna Aal"), json!("Aorg"), json!("1981-02-02"), json!("Pilot")];
    for (words, stays, expected) in [("merge 1 2", "1", &of_zoe), ("merge 2 1", "2", &of_anna)] {
        let home = Home::new();
        take(&home, "zoe.vcf", &zoe);
        take(&home, "anna.vcf", &anna);
        let before = say(&home, "export");
        say(&home, words);
        assert_eq!(fields(&home, stays), *expected, "{words}");
        // Whatever comes later of the one who is part of them, and of the one who stays.
        for (name, text) in [
            ("anna-2.vcf", anna.replace("2025", "2027")),
            ("anna.csv", format!("{GOOGLE},Notes\nAnna,Aal,,,,anna@a.example,,,x\n")),
        ] {
            take(&home, name, &text);
            assert_eq!(fields(&home, stays), *expected, "{words}, {name}");
            say(&home, "undo");
        }
        assert_eq!(fields(&home, stays), *expected, "{words}");
        say(&home, &format!("split {stays}"));
        assert_eq!(say(&home, "export"), before, "{words}");
        say(&home, "undo");
        assert_eq!(fields(&home, stays), *expected, "{words}");
        say(&home, "undo");
        assert_eq!(say(&home, "export"), before, "{words}");
        // An edit of the other one gives way as well, and what the first does not say is theirs.
        let other = if stays == "1" { "2" } else { "1" };
        say(&home, &format!("edit {other} --organization Own --birthday 1999-09-09 --title Cook"));
        say(&home, words);
        let mut edited = expected.clone();
        if stays == "1" {
            edited[3] = json!("Cook");
        }
        assert_eq!(fields(&home, stays), edited, "{words}");
    }
}

#[test]
fn a_review_says_that_two_are_one_and_no_more() {
    let home = Home::new();
    take(&home, "a.csv", &format!("{GOOGLE}\nKim,,,,,,,+49 170 1111111\n"));
    take(&home, "b.vcf", &card("Kim Lee", &["TEL:+49 170 1111111", "ORG:Acme"]));
    let review = home.json(&["review"]);
    say(&home, &format!("review {} --same", review[0]["number"]));
    assert_eq!(home.json(&["show", "1"])["name"], "Kim Lee", "the fuller name");
}
