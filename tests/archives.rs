//! Archives, whose files are imported one by one.

use std::io::Write as _;

use serde_json::json;

use crate::support::Home;
use crate::support::cards::{card, card_with};

/// An archive of these files, stored as they are.
pub(crate) fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        writer.write_all(text.as_bytes()).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

const CONNECTIONS: &str = "First Name,Last Name,URL,Email Address,Company,Position,Connected On\n\
                           Ada,Lovelace,https://www.linkedin.com/in/ada,ada@example.org,Engines,Analyst,05 Mar 2024\n";

#[test]
fn each_file_in_an_archive_is_imported_and_told_of() {
    let home = Home::new();
    let bytes = archive(&[
        ("Basic/Connections.csv", CONNECTIONS),
        ("Basic/Ads.csv", "Ad,Clicks\nshoes,5\n"),
        ("Basic/photo.jpg", "x"),
        ("all.vcf", &card("Anna Amsel")),
    ]);
    let file = home.file("export.zip", bytes);
    let said = home.kith(&["import", file.to_str().unwrap()]).succeeds().stdout;
    insta::assert_snapshot!(said, @r#"
    export.zip: 2 new, 0 updated, 0 unchanged, 0 in review, 1 skipped
      1 file of it holds no people that kith knows: Ads.csv (if it lists people, import it by itself)

    Skipped (the file itself is kept)
      1 file in the archive of a kind that nobody reads: photo.jpg

    Connections.csv: 1 new, 0 updated, 0 unchanged, 0 in review, 0 skipped

    New
      line 2: Ada Lovelace

    all.vcf: 1 new, 0 updated, 0 unchanged, 0 in review, 0 skipped

    New
      line 1: Anna Amsel

    Next:
      kith circle assign close NAME…   say who is close to you
      kith plan                        whom to talk to, and why
    "#);
    let again = home.json(&["import", file.to_str().unwrap()]);
    assert_eq!((again["new"].as_u64(), again["unchanged"].as_u64()), (Some(0), Some(2)), "{again:#}");
    assert_eq!(again["files"][0]["members"].as_array().unwrap().len(), 3);
    let imports = home.json(&["imports"]);
    let first = &imports[3];
    assert_eq!(
        (&first["file"], &first["archive"], &first["step"]),
        (&json!("Connections.csv"), &json!("export.zip"), &json!("import 1"))
    );
    assert!(
        home.kith(&["imports"])
            .succeeds()
            .stdout
            .contains(", export.zip: Connections.csv, all.vcf (csv, vcard)\n")
    );
}

#[test]
fn what_else_a_network_puts_into_its_archive_is_nobody_and_one_line() {
    let home = Home::new();
    let others = [
        ("Profile.csv", "First Name,Last Name\nIda,Ich\n"),
        ("Skills.csv", "Name\nRust\nPublic Speaking\n"),
        ("Courses.csv", "Name,Number\nAlgo 101,CS1\n"),
        ("Positions.csv", "Company Name,Title,Started On\nEngines,Analyst,Jan 2019\n"),
        ("Ad_Targeting.json", "{\"a\":1}"),
    ];
    let files: Vec<_> = [("Connections.csv", CONNECTIONS)].into_iter().chain(others).collect();
    home.file("l.zip", archive(&files));
    let said = home.kith(&["import", "l.zip"]).succeeds().stdout;
    let flat = said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        flat.contains(
            "5 files of it hold no people that kith knows: Profile.csv, Skills.csv, Courses.csv, Positions.csv, \
             Ad_Targeting.json (if one lists people, import that by itself)"
        ),
        "{said}"
    );
    assert!(!flat.contains("could not import"), "{said}");
    let all = home.json(&["list"]);
    assert_eq!(all.as_array().unwrap().len(), 1, "{all:#}");
    // Nor are skills people for whoever names the file; what else has names alone may be.
    home.file("Skills.csv", others[1].1);
    let error = home.kith(&["import", "Skills.csv"]).fails(1).stderr;
    assert!(error.contains("a file of LinkedIn's archive that lists nobody whom you know"), "{error}");
    home.file("friends.csv", "Name\nBert\n");
    assert_eq!(home.json(&["import", "friends.csv"])["new"], 1);
    home.file("none.zip", archive(&others));
    let error = home.kith(&["import", "none.zip"]).fails(1).stderr;
    assert!(error.contains("nothing in none.zip could be imported: 5 files of it"), "{error}");
}

/// The files of an archive of LinkedIn's that was unpacked into a folder.
fn unpacked(home: &Home, folder: &str) {
    let imported = "FirstName,MiddleName,LastName,Title,Emails,PhoneNumbers,CreatedAt,Location\n\
                    Bert,,Kern,Baker,\"bert@example.org,bk@example.com\",\"+49 170 1234567; +49 30 123456\",\"3/4/24, 3:43 PM\",Berlin\n";
    for (name, text) in [
        ("Connections.csv", CONNECTIONS),
        ("ImportedContacts.csv", imported),
        ("Skills.csv", "Name\nRust\nPublic Speaking\n"),
        ("Languages.csv", "Name,Proficiency\nEnglish,Native\n"),
        ("Profile.csv", "First Name,Last Name,Maiden Name,Headline\nIda,Ich,,Boss\n"),
        ("Certifications.csv", "Name,Url,Authority,Started On\nEngines,,Guild,\n"),
    ] {
        home.file(&format!("{folder}/{name}"), text);
    }
}

#[test]
fn an_archive_that_was_unpacked_is_as_good_as_the_archive() {
    let home = Home::new();
    unpacked(&home, "linkedin");
    home.file("linkedin/Odd.csv", "What,How\na,b\n");
    let ran = home.kith(&["import", "linkedin"]).succeeds();
    insta::assert_snapshot!(ran.stdout, @"
    Connections.csv: 1 new, 0 updated, 0 unchanged, 0 in review, 0 skipped

    New
      line 2: Ada Lovelace

    ImportedContacts.csv: 1 new, 0 updated, 0 unchanged, 0 in review, 0 skipped

    New
      line 2: Bert Kern

    2 files in all: 2 new, 0 updated, 0 unchanged, 0 in review, 0 skipped

    Next:
      kith circle assign close NAME…   say who is close to you
      kith plan                        whom to talk to, and why
    ");
    insta::assert_snapshot!(ran.stderr, @"5 files hold no people that kith knows: Certifications.csv, Languages.csv, Odd.csv, Profile.csv, Skills.csv (if one lists people, import that by itself)");
    let imported = home.json(&["show", "bert"]);
    let values = |list: &str, key: &str| -> Vec<String> {
        let all = imported[list].as_array().unwrap().iter();
        all.map(|one| one[key].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(values("email", "value"), ["bert@example.org", "bk@example.com"], "{imported:#}");
    assert_eq!(values("phone", "value"), ["+49 170 1234567", "+49 30 123456"], "{imported:#}");
}

#[test]
fn the_files_of_an_archive_are_as_good_when_each_is_named() {
    let home = Home::new();
    unpacked(&home, ".");
    let all =
        ["Certifications.csv", "Connections.csv", "ImportedContacts.csv", "Languages.csv", "Profile.csv"];
    let ran = home.kith(&[&["import", "Skills.csv"][..], &all].concat()).succeeds();
    assert_eq!(
        ran.stderr,
        "4 files hold no people that kith knows: Skills.csv, Certifications.csv, Languages.csv, Profile.csv \
         (if one lists people, import that by itself)\n"
    );
    let error = home.kith(&["import", "Skills.csv", "Profile.csv"]).fails(1).stderr;
    assert!(error.contains("nothing could be imported: 2 files hold no people that kith knows"), "{error}");
}

#[test]
fn a_list_of_nobody_that_is_dropped_is_put_aside_with_the_reason() {
    let home = Home::new();
    let _service = home.serve();
    home.drop_in("Skills.csv", "Name\nRust\n");
    let report = home.report("failed/Skills.csv");
    assert!(report.contains("a file of LinkedIn's archive that lists nobody whom you know"), "{report}");
}

#[test]
fn what_is_skipped_in_the_files_of_an_archive_is_counted_with_it() {
    let home = Home::new();
    let nobody = "BEGIN:VCARD\r\nVERSION:3.0\r\nNOTE:nobody\r\nEND:VCARD\r\n";
    let (two, one) =
        (format!("{}{nobody}{nobody}", card("Anna Amsel")), format!("{}{nobody}", card("Bert Kern")));
    home.file("x.zip", archive(&[("two.vcf", &two), ("one.vcf", &one), ("photo.jpg", "x")]));
    let said = home.json(&["import", "x.zip"]);
    let files: Vec<_> =
        said["files"][0]["members"].as_array().unwrap().iter().map(|file| &file["skipped"]).collect();
    assert_eq!(
        (&said["skipped"], &said["files"][0]["skipped"], files),
        (&json!(4), &json!(4), vec![&json!(2), &json!(1)])
    );
    let again = home.kith(&["import", "x.zip"]).succeeds().stdout;
    assert!(
        again.starts_with(
            "x.zip: 0 new, 0 updated, 2 unchanged, 0 in review, 4 skipped (3 of them within its files)\n"
        ),
        "{again}"
    );
    assert!(!again.contains(" more"), "{again}");
}

#[test]
fn an_archive_without_anything_to_take_is_refused_whole() {
    let home = Home::new();
    let _service = home.serve();
    home.drop_in("ads.zip", archive(&[("Ads.csv", "Ad,Clicks\nshoes,5\n"), ("cut.vcf", "hello")]));
    let report = home.report("failed/ads.zip");
    assert!(
        report.contains("nothing in ads.zip could be imported") && report.contains("Ads.csv"),
        "{report}"
    );
    home.drop_in("good.zip", archive(&[("a.vcf", &card_with("Berta Brandt", "TEL:+49 170 1234567\r\n"))]));
    assert!(home.report("done/good.zip").contains("1 new"));
}

const MESSAGES: &str = "CONVERSATION ID,CONVERSATION TITLE,FROM,SENDER PROFILE URL,TO,RECIPIENT PROFILE URLS,DATE,SUBJECT,CONTENT,FOLDER,ATTACHMENTS\n\
                        1,,Ada L.,https://www.linkedin.com/in/ada,Ida Ich,https://www.linkedin.com/in/ida,2025-10-30 10:00:00 UTC,,secret,INBOX,\n\
                        1,,Ida Ich,https://www.linkedin.com/in/ida,Ada L.,https://www.linkedin.com/in/ada,2025-10-29 10:00:00 UTC,,secret,INBOX,\n\
                        2,,Ida Ich,https://www.linkedin.com/in/ida,Eve,https://www.linkedin.com/in/eve,2025-10-28 10:00:00 UTC,,secret,INBOX,\n";

const INVITATIONS: &str = "From,To,Sent At,Message,Direction,inviterProfileUrl,inviteeProfileUrl\n\
                           Ida Ich,Ada L.,\"3/4/24, 3:43 PM\",secret,OUTGOING,https://www.linkedin.com/in/ida,https://www.linkedin.com/in/ada\n";

#[test]
fn a_networks_archive_has_people_and_their_history_in_whatever_order() {
    let mut files =
        [("Connections.csv", CONNECTIONS), ("messages.csv", MESSAGES), ("Invitations.csv", INVITATIONS)];
    for _ in 0..2 {
        let home = Home::new();
        let file = home.file("Basic_LinkedInDataExport.zip", archive(&files));
        let said = home.json(&["import", file.to_str().unwrap()]);
        assert_eq!((&said["new"], &said["files"][0]["history"]["new"]), (&json!(1), &json!(3)), "{said:#}");
        assert_eq!(
            home.json(&["show", "ada"])["history"],
            json!([
                { "day": "2024-03-04", "how": "wrote", "what": "LinkedIn invitation" },
                { "day": "2025-10-29", "how": "wrote", "what": "LinkedIn" },
                { "day": "2025-10-30", "how": "heard", "what": "LinkedIn" },
            ])
        );
        let again = home.json(&["import", file.to_str().unwrap()]);
        assert_eq!(again["files"][0]["history"]["new"], 0, "{again:#}");
        files.reverse();
    }
}

#[test]
fn an_archive_with_people_and_history_comes_behind_other_people() {
    let eve = card_with(
        "Eve",
        "URL:https://www.linkedin.com/in/eve\r\nX-SOCIALPROFILE;TYPE=linkedin:https://www.linkedin.com/in/eve\r\n",
    );
    let home = Home::new();
    home.file("a.zip", archive(&[("messages.csv", MESSAGES), ("Connections.csv", CONNECTIONS)]));
    home.file("people.vcf", &eve);
    let said = home.json(&["import", "a.zip", "people.vcf"]);
    assert_eq!(home.count("SELECT count(*) FROM interaction"), 3, "{said:#}");
    let home = Home::new();
    let _service = home.serve();
    home.drop_in("a.zip", archive(&[("messages.csv", MESSAGES), ("Connections.csv", CONNECTIONS)]));
    home.drop_in("people.vcf", &eve);
    let report = home.report("done/a.zip");
    assert_eq!(home.count("SELECT count(*) FROM interaction"), 3, "{report}");
}

#[test]
fn an_iphones_chat_comes_in_an_archive() {
    let home = Home::new();
    let chat = "[30.10.25, 21:41:05] Anna Amsel: \u{200e}Nachrichten und Anrufe sind Ende-zu-Ende-verschlüsselt.\r\n\
                [30.10.25, 21:41:05] Anna Amsel: hallo\r\n[31.10.25, 9:00:00] Ida: hallo\r\n";
    let bytes =
        archive(&[("_chat.txt", chat), ("00000001-PHOTO.jpg", "x"), ("anna.vcf", &card("Anna Amsel"))]);
    let file = home.file("WhatsApp Chat - Anna Amsel.zip", bytes);
    home.kith(&["import", file.to_str().unwrap()]).succeeds();
    let history = home.json(&["show", "anna"])["history"].clone();
    assert_eq!(history[0]["how"], "heard", "{history:#}");
    assert_eq!(history[1]["how"], "wrote", "{history:#}");
}

#[test]
fn an_archive_with_messages_says_so_where_it_is_not_known_who_the_user_is() {
    let home = Home::new();
    let mail = "From: eve@e.example\nTo: ida@i.example\nDate: Mon, 4 Mar 2024 10:00:00 +0100\nSubject: x\n\n";
    let anna = card_with("Eve Ernst", "EMAIL:eve@e.example\r\n");
    let file = home.file(
        "takeout.zip",
        archive(&[("Eve.vcf", &anna), ("a.eml", mail), ("b.eml", &mail.replace('4', "5"))]),
    );
    let said = home.kith(&["import", file.to_str().unwrap()]).succeeds().stdout;
    assert_eq!(said.matches("kith.toml does not say who you are").count(), 1, "{said}");
    assert!(said.contains("2 guessed"), "{said}");
    home.file(".config/kith/kith.toml", "[me]\nemails = ['ida@i.example']\n");
    let said = home.kith(&["import", file.to_str().unwrap()]).succeeds().stdout;
    assert!(!said.contains("kith.toml"), "{said}");
}

/// What a network's archive brings.
fn connected(home: &Home) -> [u64; 3] {
    ["contact", "card", "interaction"]
        .map(|table| u64::try_from(home.count(&format!("SELECT count(*) FROM {table}"))).unwrap())
}

#[test]
fn an_archive_is_taken_back_and_brought_back_as_one() {
    let home = Home::new();
    home.file("l.zip", archive(&[("messages.csv", MESSAGES), ("Connections.csv", CONNECTIONS)]));
    home.kith(&["import", "l.zip"]).succeeds();
    let more = format!("{CONNECTIONS}Eve,Ernst,https://www.linkedin.com/in/eve,,,,06 Mar 2024\n");
    home.file("l.zip", archive(&[("messages.csv", MESSAGES), ("Connections.csv", &more)]));
    home.kith(&["import", "l.zip"]).succeeds();
    assert_eq!(connected(&home), [2, 2, 3]);
    let steps = home.json(&["undo", "--list"]);
    let told = |step: &serde_json::Value| (step["step"].clone(), step["what"][0].clone());
    assert_eq!(steps.as_array().unwrap().len(), 2, "{steps:#}");
    assert_eq!(
        told(&steps[0]),
        (json!("import 3"), json!("imported l.zip: 1 new, 1 unchanged, 1 in the history")),
        "{steps:#}"
    );
    assert_eq!(
        told(&steps[1]),
        (json!("import 1"), json!("imported l.zip: 1 new, 2 in the history")),
        "{steps:#}"
    );
    let said = home.kith(&["imports"]).succeeds().stdout;
    assert!(
        said.contains("import 1–2") && said.contains(", l.zip: Connections.csv, messages.csv (csv)\n"),
        "{said}"
    );

    let said = home.kith(&["undo"]).succeeds().stdout;
    assert!(said.contains("imported l.zip: 1 new"), "{said}");
    assert_eq!(connected(&home), [1, 1, 2]);
    home.kith(&["undo", "--redo"]).succeeds();
    assert_eq!(connected(&home), [2, 2, 3]);
    // By the number of any of its files; what was imported later stays.
    home.kith(&["undo", "import", "2"]).succeeds();
    assert_eq!(home.count("SELECT count(*) FROM import WHERE undone_at IS NOT NULL"), 2);
    assert_eq!(home.json(&["undo", "--list"])[1]["undone"], json!(true));
    let error = home.kith(&["undo", "import", "1"]).fails(1).stderr;
    assert!(error.contains("import 1 is taken back already"), "{error}");
    home.kith(&["undo"]).succeeds();
    assert_eq!(connected(&home), [0, 0, 0]);
    home.kith(&["undo", "--redo"]).succeeds();
    home.kith(&["undo", "--redo"]).succeeds();
    assert_eq!(connected(&home), [2, 2, 3]);
}

#[test]
fn an_archive_is_rehearsed_as_it_is_imported() {
    let home = Home::new();
    home.file("l.zip", archive(&[("messages.csv", MESSAGES), ("Connections.csv", CONNECTIONS)]));
    let rehearsed = home.json(&["import", "l.zip", "--dry-run"]);
    assert_eq!(connected(&home), [0, 0, 0]);
    assert_eq!(home.count("SELECT count(*) FROM import"), 0);
    let done = home.json(&["import", "l.zip"]);
    assert_eq!(rehearsed["files"][0]["history"], done["files"][0]["history"]);
    assert_eq!(rehearsed["files"][0]["members"], done["files"][0]["members"]);
    assert_eq!(done["files"][0]["history"]["new"], 2);
}
