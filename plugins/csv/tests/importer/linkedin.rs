//! LinkedIn's Connections.csv.

use serde_json::json;

use crate::{answer, assert_says, record, records, skipped};

const PREAMBLE: &str = "Notes:\r\n\"Some of the addresses may be missing, as people decide who may see them.\r\nSee \"\"Settings\"\", https://www.linkedin.com/psettings/privacy/email\"\r\n\r\n";
const ENGLISH: &str = "First Name,Last Name,URL,Email Address,Company,Position,Connected On";
const GERMAN: &str = "Vorname,Nachname,URL,E-Mail-Adresse,Unternehmen,Position,Verbunden am";
const ADA: &str = "Ada,Lovelace,https://www.linkedin.com/in/ada,ada@example.org,\"Engines, Ltd\",Analyst";

#[test]
fn exports_of_all_ages_and_languages_say_the_same() {
    for (name, file) in [
        ("present", format!("{PREAMBLE}{ENGLISH}\r\n{ADA},05 Mar 2024\r\n")),
        ("with mark", format!("\u{feff}{PREAMBLE}{ENGLISH}\r\n{ADA},05 Mar 2024\r\n")),
        ("without preamble", format!("{ENGLISH}\n{ADA},05 Mar 2024\n")),
        ("German", format!("{PREAMBLE}{GERMAN}\r\n{ADA},05. März 2024\r\n")),
        ("German, short month", format!("{GERMAN}\r\n{ADA},05 Mär 2024\r\n")),
        (
            "saved by a spreadsheet",
            format!("{ENGLISH}\n{ADA},05-Mar-2024\n")
                .replace(", L", "; L")
                .replace(',', "\t")
                .replace(';', ","),
        ),
    ] {
        let record = record(&file);
        assert_says(
            name,
            &record,
            &json!({
                "uid": null,
                "name": {"full": "Ada Lovelace", "components": [
                    {"kind": "given", "value": "Ada"}, {"kind": "surname", "value": "Lovelace"}]},
                "onlineServices": [{"service": "LinkedIn", "uri": "https://www.linkedin.com/in/ada"}],
                "emails": [{"address": "ada@example.org"}],
                "organizations": [{"name": "Engines, Ltd"}],
                "titles": ["Analyst"],
                "anniversaries": [{"kind": "connected", "date": "2024-03-05"}],
            }),
        );
        let last = file.trim_end().lines().count();
        assert_eq!((record.at.line, record.warnings), (last as u64, vec![]), "{name}");
    }
}

#[test]
fn older_exports_have_no_address_of_the_profile() {
    let record = record(
        "First Name,Last Name,Email Address,Company,Position,Connected On\nAda,Lovelace,,Engines,Analyst,12 Dec 2015\n",
    );
    assert_says(
        "older",
        &record,
        &json!({"onlineServices": null, "emails": null,
        "anniversaries": [{"kind": "connected", "date": "2015-12-12"}]}),
    );
}

#[test]
fn the_original_is_the_header_and_the_row_as_they_stood() {
    let file = format!("{PREAMBLE}{ENGLISH}\r\n {ADA},05 Mar 2024  \r\n");
    assert_eq!(record(file).raw, format!("{ENGLISH}\n {ADA},05 Mar 2024  "));
}

#[test]
fn lines_are_those_of_the_file() {
    let file = format!("{PREAMBLE}{ENGLISH}\r\n{ADA},\r\n\r\nBob,B,,,\"two\r\nlines\",,\r\nEve,E,,,,,\r\n");
    let lines: Vec<u64> = records(file).iter().map(|record| record.at.line).collect();
    assert_eq!(lines, [6, 8, 10]);
}

#[test]
fn what_is_skipped_and_why() {
    for (name, row, line, expected) in [
        ("empty", ",,,,,,", 2, "empty"),
        ("nobody", ",,,,,Analyst,05 Mar 2024", 2, "no name"),
        ("only a profile", ",,https://www.linkedin.com/in/gone,,,,19 Feb 2018", 2, "no name"),
        ("header again", ENGLISH, 2, "header"),
        ("open quotation mark", "Ada,\"Love,,,,,", 2, "quotation mark"),
        ("open quotation mark in a later line", "Ada,\"two\nlines\",\"open,,,,", 3, "quotation mark"),
    ] {
        let messages = answer(format!("{ENGLISH}\n{row}\n{ADA},05 Mar 2024\n\"Bob\",\"B\",,,,,\n"));
        let skipped = skipped(&messages);
        assert!(
            skipped.len() == 1 && skipped[0].0 == line && skipped[0].1.contains(expected),
            "{name}: {skipped:?}"
        );
        assert_eq!(messages.len(), 5, "{name}: the neighbours stay");
    }
}

#[test]
fn contacts_that_were_given_to_linkedin_are_people() {
    for (name, header, row) in [
        (
            "present",
            "FirstName,MiddleName,LastName,MaidenName,NickName,NamePrefix,NameSuffix,Title,Emails,PhoneNumbers,CreatedAt,UpdatedAt,CountryCode,RegionCode,ThirdPartyVerified,Location",
            "Ada,King,Lovelace,,Addie,,,Analyst,\"ada@example.org,al@example.com\",\"+44 20 7946 0018; +44 20 7946 0019\",\"3/4/24, 3:43 PM\",,GB,,false,",
        ),
        (
            "older",
            "Source,FirstName,LastName,Companies,Title,Emails,PhoneNumbers,CreatedAt,Addresses,Sites,InstantMessageHandles,FullName,Birthday,Location,BookmarkedAt,Profiles",
            "PHONE,Ada King,Lovelace,,Analyst,\"ada@example.org; al@example.com\",\"+44 20 7946 0018,+44 20 7946 0019\",,,,,Ada King Lovelace,,,,",
        ),
        (
            "oldest",
            "First Name,Last Name,Companies,Title,Email Address,Phone Numbers,Created At,Instant Message Handles",
            "Ada King,Lovelace,,Analyst,\"ada@example.org,al@example.com\",\"+44 20 7946 0018,+44 20 7946 0019\",,",
        ),
    ] {
        let record = record(format!("{header}\r\n{row}\r\n"));
        let said = serde_json::to_value(&record.contact).unwrap();
        assert_eq!(
            (&said["name"]["full"], &said["titles"], &said["emails"], &said["phones"]),
            (
                &json!("Ada King Lovelace"),
                &json!(["Analyst"]),
                &json!([{"address": "ada@example.org"}, {"address": "al@example.com"}]),
                &json!([{"number": "+44 20 7946 0018"}, {"number": "+44 20 7946 0019"}]),
            ),
            "{name}"
        );
        assert!(record.warnings.is_empty(), "{name}: {:?}", record.warnings);
    }
}
