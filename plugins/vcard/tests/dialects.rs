//! Cards as the programs write them that people export from. All are
//! reconstructed from descriptions of the dialects, none is a raw export.

mod support;

use kith_plugin::{Kind, NameComponentKind};
use serde_json::{Value, json};

use support::{card, contact, import, record};

fn json_of(lines: impl AsRef<[u8]>) -> Value {
    json!(contact(lines))
}

#[test]
fn iphone() {
    let said = json_of(
        "VERSION:3.0\r\n\
         PRODID:-//Apple Inc.//iPhone OS 17.5//EN\r\n\
         N:Noether;Emmy;Amalie;Dr.;\r\n\
         FN:Dr. Emmy Amalie Noether\r\n\
         NICKNAME:Em\r\n\
         ORG:University of Example;Algebra;\r\n\
         TITLE:Lecturer\r\n\
         item1.EMAIL;type=INTERNET;type=pref:emmy@example.org\r\n\
         item1.X-ABLabel:Seminar\r\n\
         EMAIL;type=INTERNET;type=WORK:E.Noether@example.edu\r\n\
         EMAIL;type=INTERNET;type=HOME:EMMY@example.org\r\n\
         TEL;type=IPHONE;type=CELL;type=VOICE;type=pref:+49 (9131) 5550 123\r\n\
         item2.TEL:09131 555 77\r\n\
         item2.X-ABLabel:_$!<WorkFAX>!$_\r\n\
         item3.ADR;type=HOME;type=pref:;;Main Street 3\\nBack house;Erlangen;;91052;Germany\r\n\
         item3.X-ABADR:de\r\n\
         item4.URL;type=pref:http\\://www.example.org/emmy\r\n\
         item4.X-ABLabel:_$!<HomePage>!$_\r\n\
         URL:https://de.linkedin.com/in/emmy-noether\r\n\
         BDAY;X-APPLE-OMIT-YEAR=1604:1604-03-23\r\n\
         item5.X-ABDATE;type=pref:2008-06-12\r\n\
         item5.X-ABLabel:_$!<Anniversary>!$_\r\n\
         item6.X-ABDATE:2010-01-31\r\n\
         item6.X-ABLabel:First lecture\r\n\
         item7.X-ABRELATEDNAMES;type=pref:Fritz\r\n\
         item7.X-ABLabel:_$!<Brother>!$_\r\n\
         X-SOCIALPROFILE;type=twitter;x-user=emmy:http://twitter.com/emmy\r\n\
         X-SOCIALPROFILE;type=GameCenter:x-apple:emmy%20n\r\n\
         IMPP;X-SERVICE-TYPE=Jabber;type=HOME;type=pref:xmpp:emmy@example.org\r\n\
         NOTE:Rings\\, ideals\\; and\\nmore\r\n\
         PHOTO;ENCODING=b;TYPE=JPEG:/9j/4AAQSkZJRgABAQAAAQABAAD\r\n /2wBDAAMCAgMCAgMDAwMEAwMEBQgF\r\n\
         REV:2024-03-01T10:00:00Z\r\n\
         UID:A1B2-C3D4",
    );
    let expected = json!({
        "uid": "A1B2-C3D4",
        "name": {
            "full": "Dr. Emmy Amalie Noether",
            "components": [
                {"kind": "title", "value": "Dr."},
                {"kind": "given", "value": "Emmy"},
                {"kind": "given2", "value": "Amalie"},
                {"kind": "surname", "value": "Noether"}
            ]
        },
        "nicknames": ["Em"],
        "organizations": [{"name": "University of Example", "units": ["Algebra"]}],
        "titles": ["Lecturer"],
        "emails": [
            {"address": "emmy@example.org", "label": "Seminar", "pref": 1},
            {"address": "E.Noether@example.edu", "label": "work"}
        ],
        "phones": [
            {"number": "+49 (9131) 5550 123", "label": "mobile", "pref": 1},
            {"number": "09131 555 77", "label": "fax"}
        ],
        "addresses": [{"full": "Main Street 3, Back house, Erlangen, 91052, Germany", "label": "home"}],
        "anniversaries": [
            {"kind": "birth", "date": "--03-23"},
            {"kind": "wedding", "date": "2008-06-12"},
            {"kind": "First lecture", "date": "2010-01-31"}
        ],
        "links": [{"uri": "http://www.example.org/emmy", "label": "homepage"}],
        "onlineServices": [
            {"service": "LinkedIn", "uri": "https://de.linkedin.com/in/emmy-noether"},
            {"service": "twitter", "uri": "http://twitter.com/emmy", "user": "emmy"},
            {"service": "GameCenter", "user": "emmy%20n"},
            {"service": "Jabber", "uri": "xmpp:emmy@example.org"}
        ],
        "notes": ["Rings, ideals; and\nmore"],
        "relatedTo": [{"name": "Fritz", "relation": "brother"}],
        "updated": "2024-03-01T10:00:00Z"
    });
    assert_eq!(said, expected);
}

#[test]
fn mac_address_book() {
    let company = contact(
        "VERSION:3.0\r\nN:;;;;\r\nFN:Example Bakery\r\nORG:Example Bakery;\r\n\
         TEL;type=MAIN:030 555\r\nPHOTO;BASE64:\r\n  AAAA\r\n  BBBB==\r\nX-ABShowAs:COMPANY",
    );
    assert_eq!(company.kind, Some(Kind::Org));
    assert_eq!(company.name.full.as_deref(), Some("Example Bakery"));
    assert_eq!(company.phones[0].label.as_deref(), Some("main"));
    let group = contact("VERSION:3.0\r\nN:Choir\r\nFN:Choir\r\nX-ADDRESSBOOKSERVER-KIND:group");
    assert_eq!(group.kind, Some(Kind::Group));
}

#[test]
fn google() {
    let said = json_of(
        "VERSION:3.0\r\nFN:Chandra B\r\nN:B;Chandra;;;\r\n\
         item1.EMAIL;TYPE=INTERNET:chandra@example.com\r\nitem1.X-ABLabel:Obsolete\r\n\
         item2.TEL:+1 650 555 0100\r\nitem2.X-ABLabel:grandcentral\r\n\
         item3.X-ABDATE:1975-03-01\r\nitem3.X-ABLabel:_$!<Anniversary>!$_\r\n\
         X-PHONETIC-FIRST-NAME:Shandra\r\nBDAY:19750412\r\n\
         item4.URL:http\\://www.google.com/profiles/1\r\nitem4.X-ABLabel:PROFILE\r\n\
         CATEGORIES:Book club,myContacts,* starred",
    );
    let expected = json!({
        "name": {
            "full": "Chandra B",
            "components": [{"kind": "given", "value": "Chandra"}, {"kind": "surname", "value": "B"}]
        },
        "emails": [{"address": "chandra@example.com", "label": "Obsolete"}],
        "phones": [{"number": "+1 650 555 0100", "label": "grandcentral"}],
        "anniversaries": [{"kind": "wedding", "date": "1975-03-01"}, {"kind": "birth", "date": "1975-04-12"}],
        "links": [{"uri": "http://www.google.com/profiles/1", "label": "PROFILE"}],
        "keywords": ["Book club"]
    });
    assert_eq!(said, expected);
}

#[test]
fn android_2_1() {
    let file = [
        card(
            "VERSION:2.1\r\n\
             N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=91=C3=BA=C3=B1=65=7A;=4C=75=C3=\r\n=AD=73;;;\r\n\
             FN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=4C=75=C3=AD=73=20=C3=91=C3=BA=C3=B1=65=7A\r\n\
             TEL;CELL;PREF:+34600555123\r\n\
             TEL;WORK;FAX:915550000\r\n\
             TEL;X-Radio:915550001\r\n\
             EMAIL;HOME:luis@example.com\r\n\
             NOTE;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:one=0D=0Atwo=\r\n=3B three\r\n\
             NOTE:another\r\n\
             PHOTO;ENCODING=BASE64;JPEG:/9j/4AAQSkZJRg\r\n ABAQAAAQABAAD\r\n\r\n\
             BDAY:1980-02-29",
        ),
        card("VERSION:2.1\r\nEMAIL;X-INTERNET:only@example.com"),
    ]
    .concat();
    let answer = import(file);
    let luis = &answer.records[0].contact;
    assert_eq!(luis.name.full.as_deref(), Some("Luís Ñúñez"));
    assert_eq!(luis.name.components[1].value, "Ñúñez");
    let phones: Vec<_> =
        luis.phones.iter().map(|p| (p.number.as_str(), p.label.as_deref(), p.pref)).collect();
    assert_eq!(
        phones,
        [
            ("+34600555123", Some("mobile"), Some(1)),
            ("915550000", Some("fax"), None),
            ("915550001", Some("x-radio"), None)
        ]
    );
    assert_eq!(luis.notes, ["one\ntwo; three", "another"]);
    assert_eq!(luis.anniversaries[0].date, "1980-02-29");
    let only = &answer.records[1];
    assert_eq!((only.at.line, only.contact.emails[0].address.as_str()), (18, "only@example.com"));
    assert_eq!(only.contact.name.full, None);
}

#[test]
fn outlook_2_1() {
    let said = contact(
        b"VERSION:2.1\r\n\
          N;LANGUAGE=en-us:M\xFCller, Inc.;J\xFCrgen\r\n\
          ORG;LANGUAGE=en-us:Example & S\xF6hne GmbH;Sales\r\n\
          TEL;WORK;VOICE:(030) 555-0100\r\n\
          TEL;PAGER;VOICE:(030) 555-0101\r\n\
          ADR;WORK;PREF:;Room 7;;Berlin;;10115;Germany\r\n\
          LABEL;WORK;PREF;ENCODING=QUOTED-PRINTABLE:Room 7=0D=0A=\r\n10115 BERLIN\r\n\
          LABEL;HOME;ENCODING=QUOTED-PRINTABLE:Side Street 1=0D=0A=\r\n10117 Berlin\r\n\
          X-MS-ANNIVERSARY:20050521\r\n\
          BDAY:19800322\r\n\
          X-MS-SPOUSE;N:Erika\r\n\
          X-MS-MANAGER:Big Chief\r\n\
          AGENT:BEGIN:VCARD\r\nFN:Susan Thomas\r\nEMAIL:susan@example.org\r\nEND:VCARD\r\n\
          PHOTO;TYPE=JPEG;ENCODING=BASE64:\r\n /9j/4AAQSkZJRg==\r\n\r\n\
          EMAIL;PREF;INTERNET:juergen@example.de\r\n\
          REV:20120101T000000Z",
    );
    assert_eq!(said.name.full.as_deref(), Some("Jürgen Müller, Inc."));
    assert_eq!(said.organizations[0].name.as_deref(), Some("Example & Söhne GmbH"));
    assert_eq!(said.phones[1].label.as_deref(), Some("pager"));
    let addresses: Vec<_> = said.addresses.iter().map(|a| (a.full.as_str(), a.label.as_deref())).collect();
    assert_eq!(
        addresses,
        [("Room 7, Berlin, 10115, Germany", Some("work")), ("Side Street 1, 10117 Berlin", Some("home"))]
    );
    let dates: Vec<_> = said.anniversaries.iter().map(|d| (d.kind.as_str(), d.date.as_str())).collect();
    assert_eq!(dates, [("wedding", "2005-05-21"), ("birth", "1980-03-22")]);
    let related: Vec<_> = said.related_to.iter().map(|r| (r.name.as_str(), r.relation.as_deref())).collect();
    assert_eq!(
        related,
        [("Erika", Some("spouse")), ("Big Chief", Some("manager")), ("Susan Thomas", Some("agent"))]
    );
    assert_eq!((said.emails[0].pref, said.updated.as_deref()), (Some(1), Some("20120101T000000Z")));
}

#[test]
fn what_a_postal_label_says_more_than_its_address_is_kept() {
    for (name, label, notes) in [
        (
            "more",
            "LABEL;TYPE=home:Dr. Ada King\\nc/o Schmidt\\, 3rd bell\\nSide Street 1",
            &["Address label: Dr. Ada King, c/o Schmidt, 3rd bell, Side Street 1"][..],
        ),
        (
            "the same in other words",
            "LABEL;TYPE=home:ADA KING\\nMain Gate\\nSide Street 1\\n10117 BERLIN",
            &[],
        ),
        ("of another address, which is one", "LABEL;TYPE=work:c/o Schmidt", &[]),
    ] {
        let said = contact(format!(
            "VERSION:3.0\r\nFN:Ada King\r\nN:King;Ada;;Dr.;\r\nORG:Gate;Main\r\n{label}\r\nADR;TYPE=home:;;Side Street 1;Berlin;;10117;"
        ));
        assert_eq!(said.notes, notes, "{name}");
        assert_eq!(said.addresses.len(), if name.starts_with("of another") { 2 } else { 1 }, "{name}");
    }
}

#[test]
fn android_s_own_labels_are_read() {
    for (line, label) in [
        ("TEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,B=C3=BCro):030 1", "Büro"),
        ("TEL;CELL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,=42=C3=BC=72=6F):030 1", "Büro"),
        (
            "TEL;X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,a=2C =22b=22, c^);VOICE:030 1",
            "a, \"b\", c^",
        ),
        ("TEL;X-CUSTOM(CHARSET=ISO-8859-1,ENCODING=QUOTED-PRINTABLE,B=FCro):030 1", "Büro"),
        ("TEL;x-custom(Boat):030 1", "Boat"),
    ] {
        let said = contact(format!(
            "VERSION:2.1\r\nFN:Ada\r\n{line}\r\n{}",
            line.replace("TEL", "EMAIL").replace("030 1", "a@a.example")
        ));
        assert_eq!(said.phones[0].label.as_deref(), Some(label), "{line}");
        assert_eq!(said.emails[0].label.as_deref(), Some(label), "{line}");
    }
}

#[test]
fn evolution() {
    let said = contact(
        "VERSION:3.0\r\nUID:pas-id-1\r\nFN:Grace Hopper\r\nN:Hopper;Grace;;;\r\n\
         X-EVOLUTION-FILE-AS:Hopper\\, Grace\r\n\
         EMAIL;TYPE=WORK;X-EVOLUTION-UI-SLOT=1:grace@example.org\r\n\
         TEL;X-EVOLUTION-UI-SLOT=1;TYPE=\"WORK,VOICE\":555 1\r\n\
         X-EVOLUTION-ANNIVERSARY:1930-06-15\r\n\
         X-EVOLUTION-SPOUSE:Vincent\r\n\
         X-EVOLUTION-WEBDAV-ETAG:{\"a\":[1,2\r\n ,3]}\r\nROLE:Rear admiral",
    );
    assert_eq!(said.uid.as_deref(), Some("pas-id-1"));
    assert_eq!(said.emails[0].label.as_deref(), Some("work"));
    assert_eq!(said.phones[0].label.as_deref(), Some("work"));
    assert_eq!(said.anniversaries[0].date, "1930-06-15");
    assert_eq!(said.related_to[0].name, "Vincent");
    assert_eq!(said.titles, ["Rear admiral"]);
}

#[test]
fn nokia_in_shift_jis() {
    for charset in ["SHIFT_JIS", "ISO-2022-JP"] {
        let encoding = encoding_rs::Encoding::for_label(charset.as_bytes()).unwrap();
        let lines = format!(
            "VERSION:2.1\r\nN;CHARSET={charset}:表;能子\r\nTITLE;CHARSET={charset}:十条ソフトの社員\r\nTEL;CELL:0905550100"
        );
        let (bytes, _, lossy) = encoding.encode(&lines);
        assert!(!lossy, "{charset}");
        let record = record(card(bytes));
        assert_eq!(record.contact.name.full.as_deref(), Some("表 能子"), "{charset}");
        assert_eq!(record.contact.titles, ["十条ソフトの社員"], "{charset}");
        assert!(record.warnings.is_empty(), "{charset}");
        assert_eq!(record.raw.contains("能子"), charset == "SHIFT_JIS");
    }
}

#[test]
fn what_is_to_stand_on_a_letter_is_a_note_where_it_says_more() {
    for (letter, expected) in [
        ("Zoë Example^nThe Mill^nMill Lane 1", &["Address label: Zoë Example, The Mill, Mill Lane 1"][..]),
        ("Zoë Example^n1 Mill Lane^nOxford", &[]),
    ] {
        let said = contact(format!(
            "VERSION:4.0\r\nFN:Zoë Example\r\nADR;TYPE=home;LABEL=\"{letter}\":;;Mill Lane 1;Oxford;;;\r\n"
        ));
        assert_eq!(said.addresses[0].full, "Mill Lane 1, Oxford");
        assert_eq!(said.addresses.len(), 1);
        assert_eq!(said.notes, expected, "{letter}");
    }
}

#[test]
fn nextcloud_4_0() {
    let said = contact(
        "VERSION:4.0\r\nPRODID:-//Nextcloud Contacts v6\r\nUID:urn:uuid:7c1a\r\nKIND:individual\r\n\
         FN:Zoë 😀 Example\r\nN:Example;Zoë;;;;Example-Ruiz;Jr.\r\n\
         TEL;TYPE=\"cell,voice\";PREF=1;VALUE=uri:tel:+1-555-555-0100;ext=7\r\n\
         EMAIL;TYPE=home;PREF=20:mailto:zoe@example.org\r\n\
         ADR;LABEL=\"^'The Mill^'^nMill Lane\":;;;;;;\r\n\
         BDAY;VALUE=date:--0412\r\nANNIVERSARY:20190607T120000Z\r\nDEATHDATE:2020\r\n\
         SOCIALPROFILE;SERVICE-TYPE=Mastodon;USERNAME=zoe:https://social.example/@zoe\r\n\
         RELATED;TYPE=friend;TYPE=co-worker:urn:uuid:f81d\r\n\
         RELATED;TYPE=\"parent,emergency\";VALUE=text:Zoë\\, the elder\r\nCATEGORIES:Choir,Neighbours\\, near\r\n\
         NOTE:a very l\r\n ong note\r\nREV:20240102T030405Z",
    );
    assert_eq!((said.kind, said.uid.as_deref()), (Some(Kind::Individual), Some("urn:uuid:7c1a")));
    let kinds: Vec<_> = said.name.components.iter().map(|c| c.kind).collect();
    assert_eq!(
        kinds,
        [
            NameComponentKind::Given,
            NameComponentKind::Surname,
            NameComponentKind::Surname2,
            NameComponentKind::Generation
        ]
    );
    assert_eq!((said.phones[0].number.as_str(), said.phones[0].pref), ("+1-555-555-0100 ext. 7", Some(1)));
    assert_eq!((said.emails[0].address.as_str(), said.emails[0].pref), ("zoe@example.org", Some(20)));
    assert_eq!(said.addresses[0].full, "\"The Mill\", Mill Lane");
    let dates: Vec<_> = said.anniversaries.iter().map(|d| (d.kind.as_str(), d.date.as_str())).collect();
    assert_eq!(dates, [("birth", "--04-12"), ("wedding", "2019-06-07"), ("death", "2020")]);
    assert_eq!(said.online_services[0].service.as_deref(), Some("Mastodon"));
    let related: Vec<_> = said.related_to.iter().map(|r| (r.name.as_str(), r.relation.as_deref())).collect();
    assert_eq!(
        related,
        [("urn:uuid:f81d", Some("friend, co-worker")), ("Zoë, the elder", Some("parent, emergency"))]
    );
    assert_eq!(said.keywords, ["Choir", "Neighbours, near"]);
    assert_eq!(said.notes, ["a very long note"]);
}

#[test]
fn birthdays() {
    for (line, expected) in [
        ("BDAY:1985-04-12", Ok("1985-04-12")),
        ("BDAY;value=date:2012-06-06", Ok("2012-06-06")),
        ("BDAY;VALUE=date-time:1985-04-12T23:00:00Z", Ok("1985-04-12")),
        ("BDAY:19850412", Ok("1985-04-12")),
        ("BDAY:--0412", Ok("--04-12")),
        ("BDAY:1985-04", Ok("1985-04")),
        ("BDAY:1985", Ok("1985")),
        ("BDAY;X-APPLE-OMIT-YEAR=\"1604\";VALUE=date:16040615", Ok("--06-15")),
        ("item1.BDAY;X-APPLE-OMIT-YEAR=1900:1900-06-15", Ok("--06-15")),
        ("BDAY;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:1985-04=\r\n-12", Ok("1985-04-12")),
        ("BDAY:1990-02-31", Err("“1990-02-31” names a day that does not exist")),
        ("BDAY:---12", Err("“---12” has a day but no month")),
        ("BDAY;VALUE=text:1985-04-12", Ok("1985-04-12")),
        ("BDAY:--04", Err("“--04” has a month but neither day nor year")),
        ("BDAY;VALUE=text:circa 1800", Err("“circa 1800” is written as free text")),
        ("BDAY:12.04.1985", Err("“12.04.1985” is not a date like 1985-04-12 or --04-12")),
    ] {
        let record = record(card(format!("VERSION:3.0\r\nFN:Ada\r\n{line}")));
        let dates: Vec<_> = record.contact.anniversaries.iter().map(|d| d.date.as_str()).collect();
        match expected {
            Ok(date) => assert_eq!((dates, record.warnings), (vec![date], vec![]), "{line}"),
            Err(reason) => {
                let warning = format!("the birthday {reason} and is kept as a note");
                assert_eq!((dates, record.warnings), (vec![], vec![warning]), "{line}");
                let note = record.contact.notes.first().map(String::as_str).unwrap_or_default();
                let written = line.rsplit(':').next().unwrap_or_default();
                let expected = if written == "--04" { "April" } else { written };
                assert_eq!(note, format!("Birthday: {expected}"), "{line}");
            }
        }
        assert!(record.raw.contains(line), "{line}");
    }
}

#[test]
fn of_several_names_the_preferred_counts() {
    let said = json_of(
        "VERSION:4.0\r\n\
         FN;PREF=2:Second\r\n\
         FN;PREF=1:First Person\r\n\
         FN:Third\r\n\
         EMAIL:\"Pat, P.\" <pat@example.org>\r\n\
         EMAIL:PAT@example.org",
    );
    assert_eq!(said["name"]["full"], "First Person");
    assert_eq!(said["emails"], json!([{"address": "pat@example.org"}]));
    assert_eq!(json_of("VERSION:4.0\r\nFN:One\r\nFN:Two")["name"]["full"], "One");
}

#[test]
fn a_card_with_more_than_anybody_has_is_bounded() {
    let emails: String = (0..3000).map(|n| format!("EMAIL:m{n}@example.org\r\n")).collect();
    let record = record(card(format!("VERSION:3.0\r\nFN:Many\r\n{}", emails.trim_end())));
    assert_eq!(record.contact.emails.len(), 1000);
    assert_eq!(record.warnings, ["what the record has more than 1000 of stays in the original only"]);
}

#[test]
fn spaces_stay_as_many_as_they_are() {
    for (written, expected) in [
        ("a  b", "a  b"),
        ("a\\, b   c", "a, b   c"),
        ("list\\n  one\\n    two", "list\n  one\n    two"),
        ("a\\\\  b", "a\\  b"),
        ("a\\,   b    c     d", "a,   b    c     d"),
    ] {
        assert_eq!(contact(format!("FN:a\r\nNOTE:{written}")).notes, [expected], "{written}");
    }
}
