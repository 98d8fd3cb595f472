//! What the importer says of files, as kith hears it.

#![allow(clippy::unwrap_used)]

#[path = "../../protocol/tests/support/told.rs"]
mod told;

use kith_plugin_ldif::Ldif;
use proptest::prelude::*;
use serde_json::{Value, json};

/// The messages about a file that is read in pieces of `piece` bytes.
fn told_in_pieces(file: &[u8], piece: usize) -> Vec<Value> {
    told::told_in_pieces(&mut Ldif, "book.ldif", file, piece)
}

fn told(file: impl AsRef<[u8]>) -> Vec<Value> {
    told_in_pieces(file.as_ref(), 64 << 10)
}

/// The only record of a file, with its warnings.
fn record(file: impl AsRef<[u8]>) -> (Value, Vec<String>) {
    let said = told(file);
    assert_eq!(said.len(), 2, "{said:#?}");
    let warnings = said[0].get("warnings").cloned().unwrap_or_else(|| json!([]));
    (said[0]["contact"].clone(), serde_json::from_value(warnings).unwrap())
}

/// In one line each: the names of people and the reasons for what was skipped, with their lines.
fn summary(file: impl AsRef<[u8]>) -> Vec<String> {
    told(file)
        .iter()
        .map(|message| match message["type"].as_str().unwrap() {
            "contact" => format!("{} {}", message["at"]["line"], message["contact"]["name"]["full"]),
            "skipped" => format!("{} {}", message["at"]["line"], message["reason"].as_str().unwrap()),
            _ => message.to_string(),
        })
        .collect()
}

#[test]
fn attributes_that_are_not_taken_are_told_once() {
    let one = "dn: cn=Ada\nobjectclass: person\ncn: Ada\nroomNumber: 12\nemployeeNumber: 7\nmozillaUseHtmlMail: true\n\n";
    let said = told(format!("{one}{}", one.replace("Ada", "Bert").replace("employeeNumber: 7\n", "")));
    let notes = &said.last().unwrap()["notes"];
    assert_eq!(
        notes,
        &json!([
            "not taken, as kith has no place for them, and kept in the original records: roomnumber (2), employeenumber (1)"
        ])
    );
}

/// An address book as Thunderbird writes it (reconstructed).
const THUNDERBIRD: &str = include_str!("../../../tests/fixtures/commands/thunderbird.ldif");

#[test]
fn thunderbird() {
    let said = told(THUNDERBIRD);
    assert_eq!(
        said[1]["contact"],
        json!({
            "name": {
                "full": "Grace Hopper",
                "components": [{"kind": "given", "value": "Grace"}, {"kind": "surname", "value": "Hopper"}]
            },
            "nicknames": ["Amazing Grace"],
            "organizations": [{"name": "Navy", "units": ["Computing"]}],
            "titles": ["Rear admiral"],
            "emails": [{"address": "grace@navy.example"}, {"address": "grace@home.example"}],
            "phones": [
                {"number": "+1 555 0100", "label": "work"},
                {"number": "+1 555 0101", "label": "home"},
                {"number": "+1 555 0102", "label": "fax"},
                {"number": "+1 555 0103", "label": "pager"},
                {"number": "+1 555 0104", "label": "mobile"}
            ],
            "addresses": [
                {"full": "12 Harbour Row, Back house, Arlington, Virginia, 22201, USA", "label": "home"},
                {"full": "1 Yard Road, Washington, D.C., 20374, USA", "label": "work"}
            ],
            "anniversaries": [{"kind": "birth", "date": "1906-12-09"}],
            "links": [{"uri": "https://navy.example", "label": "work"}],
            "onlineServices": [
                {"service": "AIM", "uri": "aim:gracehopper"},
                {"service": "LinkedIn", "uri": "https://www.linkedin.com/in/grace"}
            ],
            "notes": ["Custom 1: met at the exhibition", "Custom 4: colour: grün", "First line\nSecond"]
        })
    );
    assert_eq!(
        said[2]["contact"],
        json!({
            "name": {"full": "Zoë Müller"},
            "emails": [{"address": "zoe@example.org"}],
            "anniversaries": [{"kind": "birth", "date": "--02-29"}],
            "keywords": ["Choir"]
        })
    );
    let raw = said[2]["raw"].as_str().unwrap();
    assert!(raw.starts_with("dn:: Y249Wm") && raw.ends_with("modifytimestamp: 0\r\n"), "{raw}");
    assert_eq!(
        summary(THUNDERBIRD),
        [
            "55 “Choir” is a mailing list, and nobody to talk to; its members have it as a label",
            "1 \"Grace Hopper\"",
            "43 \"Zoë Müller\"",
            r#"{"counts":{"contact":2,"skipped":1},"type":"done"}"#,
        ]
    );
}

#[test]
fn a_directory() {
    let file = "\
# extended LDIF
#
# LDAPv3

version: 1

dn: dc=example,dc=org
objectClass: dcObject
objectClass: organization
o: Example

# ada, people, example.org
dn: uid=ada,ou=people,dc=example,dc=org
objectClass: inetOrgPerson
objectClass: evolutionPerson
cn: Ada King
cn;lang-fr: Ada Roi
displayName: Ada Lovelace
sn: Lovelace
givenName: Ada
generationQualifier: II
entryUUID: 0a1b-2c3d
modifyTimestamp: 20240305120000Z
mail: ada@example.org
mail: ADA@example.org
mail: ada
homePostalAddress: 12 St James's Square$London SW1Y 4JH$\\24 England
labeledURI: https://example.org/ada My page
birthDate: 18151210000000Z
anniversary: 1835-07-08
manager: cn=Babbage\\, Charles,ou=people,dc=example,dc=org
spouseName: William King
category: Choir, Neighbours
jpegPhoto:< file:///tmp/ada.jpg
userPassword:: !!

# search result
search: 2
result: 0 Success
";
    let said = told(file);
    assert_eq!(
        said[2]["contact"],
        json!({
            "uid": "0a1b-2c3d",
            "name": {
                "full": "Ada Lovelace",
                "components": [
                    {"kind": "given", "value": "Ada"},
                    {"kind": "surname", "value": "Lovelace"},
                    {"kind": "generation", "value": "II"}
                ]
            },
            "emails": [{"address": "ada@example.org"}],
            "addresses": [{"full": "12 St James's Square, London SW1Y 4JH, $ England", "label": "home"}],
            "anniversaries": [{"kind": "birth", "date": "1815-12-10"}, {"kind": "wedding", "date": "1835-07-08"}],
            "links": [{"uri": "https://example.org/ada", "label": "My page"}],
            "keywords": ["Choir", "Neighbours"],
            "relatedTo": [
                {"name": "Babbage, Charles", "relation": "manager"},
                {"name": "William King", "relation": "spouse"}
            ],
            "updated": "20240305120000Z"
        })
    );
    assert_eq!(
        said[2]["warnings"],
        json!([
            "the value of jpegphoto is not in the file but in file:///tmp/ada.jpg, which kith does not fetch",
            "the value of userpassword is no base64 and stays in the original only",
            "“ada” is no email address and stays in the original only"
        ])
    );
    assert_eq!(
        summary(file)[..2],
        [
            "7 “dc=example,dc=org” is a part of the directory and nobody to talk to",
            "38 the text here is no record: a record begins with “dn:”",
        ]
    );
}

#[test]
fn birthdays() {
    for (lines, expected, warned) in [
        ("birthyear: 1985\nbirthmonth: 4\nbirthday: 12", "1985-04-12", ""),
        ("birthmonth: 04\nbirthday: 02", "--04-02", ""),
        ("birthyear: 0\nbirthmonth: 4\nbirthday: 12", "--04-12", ""),
        ("birthyear: 1985", "1985", ""),
        ("birthyear: 1985\nbirthmonth: 4", "1985-04", ""),
        ("birthyear: \nbirthmonth: \nbirthday: ", "", ""),
        ("birthyear: 0\nbirthmonth: 0\nbirthday: 0", "", ""),
        (
            "birthyear: 1985\nbirthmonth: 2\nbirthday: 30",
            "",
            "the birthday “1985-02-30” names a day that does not exist",
        ),
        ("birthday: 12", "", "the birthday “--0?-12” is not a date like"),
        ("birthmonth: May\nbirthday: 12", "", "the birthday “--May-12” is not a date like"),
        ("birthdate: 1985-04-12", "1985-04-12", ""),
        ("birthdate: soon", "", "the birthday “soon” is not a date like"),
    ] {
        let (contact, warnings) = record(format!("dn: x\ncn: Ada\n{lines}\n"));
        let date = contact["anniversaries"][0]["date"].as_str().unwrap_or_default().to_owned();
        assert_eq!(date, expected, "{lines}");
        assert!(
            warnings.join("|").starts_with(warned) && warnings.is_empty() == warned.is_empty(),
            "{warnings:?}"
        );
    }
}

#[test]
fn a_card_that_is_called_by_its_address_has_no_name() {
    let (contact, _) = record("dn: mail=ada@example.org\ncn: Ada@example.org\nmail: ada@example.org\n");
    assert_eq!(contact, json!({"emails": [{"address": "ada@example.org"}]}));
}

#[test]
fn one_bad_record_does_not_hurt_its_neighbours() {
    let file = b"\
dn: cn=first\ncn: first\n\n\
dn: cn=nobody\nobjectclass: person\n\n\
dn: cn=gone\nchangetype: delete\n\n\
dn: cn=moved\nchangetype: modrdn\nnewrdn: cn=other\n\n\
dn: cn=changed\nchangetype: modify\nreplace: mail\nmail: x@example.org\n-\n\n\
dn: cn=new\nchangetype: ADD\ncn: new\n\n\
dn: cn=no blank line\ncn: second\n\
dn: cn=rubbish\ncn: th\xFFird\x00\nmail no colon\n: no name\n\n\
dn: cn=list\nobjectclass: groupOfNames\n\n\
dn: ou=people\nobjectclass: organizationalUnit\nou: people\n\n\
dn: cn=last\ncn: last\nmail: last@exa";
    assert_eq!(
        summary(file),
        [
            "4 the record has no name, organisation, email address or phone number",
            "7 it is a change of a directory (delete), and no entry of an address book",
            "10 it is a change of a directory (modrdn), and no entry of an address book",
            "14 it is a change of a directory (modify), and no entry of an address book",
            "31 “list” is a mailing list, and nobody to talk to; its members have it as a label",
            "34 “ou=people” is a part of the directory and nobody to talk to",
            "38 the record is cut off at the end of the file; export again, or wait until the copy of the file is complete",
            "1 \"first\"",
            "20 \"new\"",
            "24 \"second\"",
            "26 \"thÿird\"",
            r#"{"counts":{"contact":4,"skipped":7},"notes":["it is not in UTF-8, as LDIF has to be, and was read as windows-1252, which is a guess"],"type":"done"}"#,
        ]
    );
}

#[test]
fn a_record_that_the_end_of_the_file_cuts_off_is_not_taken() {
    let whole = "dn: cn=Ada\ncn: Ada\nmail: ada@example.org\n";
    for length in "dn:".len()..whole.len() {
        if whole.as_bytes()[length - 1] != b'\n' {
            let said = summary(format!("dn: cn=First\ncn: First\n\n{}", &whole[..length]));
            assert!(said[0].starts_with("4 the record is cut off"), "{length}: {said:?}");
            assert_eq!(said[1], "1 \"First\"", "{length}");
        }
    }
    assert_eq!(summary(whole)[0], "1 \"Ada\"");
}

#[test]
fn files_that_hold_no_ldif_are_refused() {
    for (file, expected) in [
        (&b""[..], "the file is empty"),
        (b"\n\n", "the file holds no LDIF: it looks like nothing but blank lines"),
        (b"<!DOCTYPE html>\n<p>Log in</p>", "the file holds no LDIF: it looks like a web page"),
        (b"BEGIN:VCARD\nEND:VCARD\n", "the file holds no LDIF: it looks like a vCard"),
        (b"hello\n", "the file holds no LDIF: no line of it begins with “dn:”"),
        (b"PK\x03\x04\x14\0\0\0", "the file holds no LDIF: it looks like a zip archive"),
    ] {
        let said = told(file);
        assert_eq!((said.len(), said[0]["reason"].as_str()), (1, Some(expected)));
    }
}

#[test]
fn records_made_to_take_long_do_not() {
    let many = |line: &str| line.repeat((1 << 20) / line.len());
    for (name, lines) in [
        ("numbers", (0..60_000).map(|n| format!("mobile: {n}\n")).collect::<String>()),
        ("folds", format!("description: x\n{}", many(" y\n"))),
        ("comments", many("# x\n")),
        ("options", many("cn;x: y\n")),
        ("bad base64", many("cn:: !\n")),
    ] {
        let (contact, warnings) = record(format!("dn: x\ncn: Ada\n{lines}"));
        assert_eq!(contact["name"]["full"], "Ada", "{name}");
        assert!(warnings.len() <= 1000, "{name}");
    }
    let lists: String = (0..3000)
        .map(|n| format!("dn: cn=l{n}\nobjectclass: groupOfNames\ncn: l{n}\nmember: cn=a\n\n"))
        .collect();
    let said = told(format!("{lists}dn: cn=a\ncn: a\n"));
    assert_eq!(said[3000]["contact"]["keywords"].as_array().unwrap().len(), 1000);
}

#[test]
fn lists_of_a_large_file_label_those_who_follow() {
    let note = "x".repeat(1 << 20);
    let person = |n| format!("dn: cn=p{n}\ncn: p{n}\njpegPhoto: {note}\n\n");
    let file = format!(
        "{}dn: cn=late\nobjectclass: groupOfNames\ncn: late\nmember: cn=p0\nmember: cn=p99\n\n{}",
        (0..17).map(person).collect::<String>(),
        person(99)
    );
    let said = told(file);
    let keywords = |n: usize| said[n]["contact"].get("keywords").cloned();
    assert_eq!((keywords(0), keywords(18)), (None, Some(json!(["late"]))));
    assert!(
        said[17]["reason"]
            .as_str()
            .unwrap()
            .ends_with("only those behind it have it as a label, as the file is large")
    );
}

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        &b"dn: cn=a"[..],
        b"dn:: Y249YQ==",
        b"version: 1",
        b"cn: Ada",
        b"cn;lang-de:: Wg==",
        b"mail: a@example.org",
        b"mail:: !",
        b"jpegPhoto:< file:///x",
        b"objectclass: groupOfNames",
        b"member: cn=a",
        b"changetype: modify",
        b"birthday: 31",
        b"birthmonth: 2",
        b"\xEF\xBB\xBF",
        b"#",
        b"\r",
        b"\n",
        b"\n\n",
        b"\r\n",
        b" ",
        b":",
    ])
    .prop_map(<[u8]>::to_vec);
    prop_oneof![4 => known, 1 => prop::collection::vec(any::<u8>(), 0..8)]
}

proptest! {
    #[test]
    fn any_bytes_end_in_done_or_failed_whatever_the_pieces(
        parts in prop::collection::vec(pieces(), 0..40), piece in 1_usize..20
    ) {
        let file = parts.concat();
        let said = told(&file);
        let last = said.last().unwrap()["type"].as_str().unwrap().to_owned();
        prop_assert!(last == "done" || last == "failed");
        prop_assert_eq!(told_in_pieces(&file, piece), said);
    }

    #[test]
    fn as_many_people_come_out_as_went_in(
        people in prop::collection::vec(("[\\PC&&[^\\s]]{1,30}", "[0-9]{3,12}"), 1..12),
        end in prop::sample::select(vec!["\r\n", "\n"]),
        every in 9_usize..40,
    ) {
        let fold = |line: String| {
            let signs: Vec<char> = line.chars().collect();
            let parts: Vec<String> = signs.chunks(every).map(|part| part.iter().collect()).collect();
            parts.join(&format!("{end} ")) + end
        };
        let file: String = people
            .iter()
            .map(|(name, phone)| {
                [format!("dn: cn=x{name}"), format!("cn: x{name}"), format!("mobile: {phone}")].map(fold).concat() + end
            })
            .collect();
        let said = told(&file);
        prop_assert_eq!(said.len(), people.len() + 1);
        for (message, (name, phone)) in said.iter().zip(&people) {
            prop_assert_eq!(&message["contact"]["name"]["full"], &json!(format!("x{name}")));
            prop_assert_eq!(&message["contact"]["phones"][0]["number"], &json!(phone));
        }
    }
}
