//! What programs write in properties of their own, and the standards' rarer ones. Reconstructed
//! from descriptions of the dialects.

mod support;

use kith_plugin::Kind;
use serde_json::json;

use support::{card, contact, import, record};

#[test]
fn kaddressbook() {
    let said = contact(
        "VERSION:3.0\r\nFN:Emmy Noether\r\nN:Noether;Emmy;;;\r\nORG:University of Example\r\nROLE:Lecturer\r\n\
         X-KADDRESSBOOK-X-Anniversary:2008-06-12\r\n\
         X-KADDRESSBOOK-X-SpousesName:Fritz\r\n\
         X-KADDRESSBOOK-X-ManagersName:David\r\n\
         X-KADDRESSBOOK-X-AssistantsName:Grete\r\n\
         X-KADDRESSBOOK-X-Profession:Mathematician\r\n\
         X-KADDRESSBOOK-X-Office:Room 12\r\n\
         X-KADDRESSBOOK-X-Department:Algebra\r\n\
         X-KADDRESSBOOK-X-IMAddress:emmy@example.org\r\n\
         X-KADDRESSBOOK-BlogFeed:https://example.org/emmy/feed\r\n\
         X-KADDRESSBOOK-CRYPTOSIGNPREF:always\r\n\
         X-messaging/xmpp-All:emmy@chat.example",
    );
    let expected = json!({
        "name": {
            "full": "Emmy Noether",
            "components": [{"kind": "given", "value": "Emmy"}, {"kind": "surname", "value": "Noether"}]
        },
        "organizations": [{"name": "University of Example", "units": ["Algebra"]}],
        "titles": ["Lecturer", "Mathematician"],
        "anniversaries": [{"kind": "wedding", "date": "2008-06-12"}],
        "links": [{"uri": "https://example.org/emmy/feed", "label": "blog"}],
        "onlineServices": [
            {"user": "emmy@example.org"},
            {"service": "Jabber", "uri": "xmpp:emmy@chat.example"}
        ],
        "notes": ["Office: Room 12"],
        "relatedTo": [
            {"name": "Fritz", "relation": "spouse"},
            {"name": "David", "relation": "manager"},
            {"name": "Grete", "relation": "assistant"}
        ]
    });
    assert_eq!(json!(said), expected);
}

#[test]
fn telephones_of_outlook() {
    let said = contact(
        "VERSION:2.1\r\nN:Meier;Ida\r\nTEL;WORK;VOICE:089 5551\r\nX-MS-TEL;VOICE;COMPANY:089 5550\r\n\
         X-MS-TEL;VOICE;CALLBACK:089 5552\r\nX-MS-TEL;VOICE;RADIO:089 5553\r\nX-MS-TEL;TTYTDD:089 5554\r\n\
         X-MS-TEL;VOICE;ASSISTANT:089 5555",
    );
    let phones: Vec<_> =
        said.phones.iter().map(|phone| (phone.number.as_str(), phone.label.as_deref().unwrap())).collect();
    assert_eq!(
        phones,
        [
            ("089 5551", "work"),
            ("089 5550", "company"),
            ("089 5552", "callback"),
            ("089 5553", "radio"),
            ("089 5554", "tty")
        ]
    );
    assert_eq!(said.notes, ["Assistant's Phone: 089 5555"]);
}

#[test]
fn nextcloud_names_the_manager() {
    let said = contact("VERSION:3.0\r\nFN:Emil Emp\r\nX-MANAGERSNAME;UID=boss-1:Bea Boss");
    assert_eq!(json!(said)["relatedTo"], json!([{"name": "Bea Boss", "relation": "manager"}]));
}

#[test]
fn names_in_another_script_are_kept() {
    for (what, lines, full, others) in [
        (
            "of two languages",
            "FN;LANGUAGE=en:Yuki Mori\r\nFN;LANGUAGE=ja:森 雪\r\n\
             N;ALTID=1;LANGUAGE=en:Mori;Yuki;;;\r\nN;ALTID=1;LANGUAGE=ja:森;雪;;;",
            "Yuki Mori",
            &["森 雪"][..],
        ),
        ("the preferred one last", "FN:Yuki Mori\r\nFN;PREF=1:森 雪", "森 雪", &["Yuki Mori"]),
        ("only the parts", "FN:Yuki Mori\r\nN:Mori;Yuki;;;\r\nN:森;雪;;;", "Yuki Mori", &["雪 森"]),
        ("the same again", "FN:Yuki Mori\r\nFN:yuki  mori\r\nN:Mori;Yuki\r\nN:Mori;Yuki", "Yuki Mori", &[]),
        ("known as a nickname", "FN:Yuki Mori\r\nNICKNAME:森 雪\r\nFN:森 雪", "Yuki Mori", &["森 雪"]),
    ] {
        let said = contact(format!("VERSION:4.0\r\n{lines}"));
        assert_eq!(
            (said.name.full.as_deref(), said.nicknames),
            (Some(full), others.iter().map(|name| (*name).to_owned()).collect()),
            "{what}"
        );
    }
}

#[test]
fn android_custom() {
    let record = record(card(
        "VERSION:2.1\r\nN:Example;Luis\r\n\
         X-ANDROID-CUSTOM;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:vnd.android.cursor.item/nickname;=C3=91u;1;;;;;;;;;;;;;\r\n\
         X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;2001-02-03;1;;;;;;;;;;;;;\r\n\
         X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;--04-12;3;;;;;;;;;;;;;\r\n\
         X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;2010-05-06;0;Moved in;;;;;;;;;;;;\r\n\
         X-ANDROID-CUSTOM:vnd.android.cursor.item/contact_event;soon;0;Exam;;;;;;;;;;;;\r\n\
         X-ANDROID-CUSTOM:vnd.android.cursor.item/relation;Ana;14;;;;;;;;;;;;;\r\n\
         X-ANDROID-CUSTOM:vnd.android.cursor.item/relation;Ida;0;aunt;;;;;;;;;;;;\r\n\
         X-ANDROID-CUSTOM:vnd.example.cursor.item/boat;Bo;;;;;;;;;;;;;;",
    ));
    let said = json!(record.contact);
    assert_eq!(said["nicknames"], json!(["Ñu"]));
    assert_eq!(
        said["anniversaries"],
        json!([
            {"kind": "wedding", "date": "2001-02-03"},
            {"kind": "birth", "date": "--04-12"},
            {"kind": "Moved in", "date": "2010-05-06"}
        ])
    );
    assert_eq!(
        said["relatedTo"],
        json!([{"name": "Ana", "relation": "spouse"}, {"name": "Ida", "relation": "aunt"}])
    );
    assert_eq!(said["notes"], json!(["Exam: soon"]));
    assert_eq!(
        record.warnings,
        [
            "the date “soon” is not a date like 1985-04-12 or --04-12 and is kept as a note",
            "Android's “boat” stays in the original only"
        ]
    );
}

#[test]
fn messengers_and_pages() {
    let said = contact(
        "VERSION:3.0\r\nFN:Ada\r\nX-AIM;TYPE=HOME:ada1\r\nX-JABBER:ada@chat.example\r\nX-SKYPE:ada.l\r\nX-SKYPE-USERNAME:ada.l\r\n\
         X-MSN:ada@example.org\r\nX-ICQ:12345\r\nX-YAHOO:ada1\r\nX-GOOGLE-TALK:ada@example.org\r\nX-TWITTER:@ada\r\n\
         X-EVOLUTION-BLOG-URL:https://blog.example/ada\r\nX-EVOLUTION-VIDEO-URL:https://video.example/ada\r\n\
         X-NICKNAME:Countess\r\nX-EPOCSECONDNAME:Addy\r\nX-SPOUSE:William\r\nX-EVOLUTION-MANAGER:Charles\r\n\
         X-ASSISTANT:Mary\r\nX-CHILDREN:Byron, Anne",
    );
    let services: Vec<_> = said
        .online_services
        .iter()
        .map(|at| {
            (at.service.as_deref().unwrap_or_default(), at.uri.as_deref().or(at.user.as_deref()).unwrap())
        })
        .collect();
    assert_eq!(
        services,
        [
            ("AIM", "aim:ada1"),
            ("Jabber", "xmpp:ada@chat.example"),
            ("Skype", "skype:ada.l"),
            ("MSN", "msnim:ada@example.org"),
            ("ICQ", "icq:12345"),
            ("Yahoo", "ymsgr:ada1"),
            ("Google Talk", "xmpp:ada@example.org"),
            ("Twitter", "@ada")
        ]
    );
    let links: Vec<_> = said.links.iter().map(|link| link.label.as_deref().unwrap()).collect();
    assert_eq!(links, ["blog", "video"]);
    assert_eq!(said.nicknames, ["Countess", "Addy"]);
    let related: Vec<_> =
        said.related_to.iter().map(|r| (r.name.as_str(), r.relation.as_deref().unwrap())).collect();
    assert_eq!(
        related,
        [
            ("William", "spouse"),
            ("Charles", "manager"),
            ("Mary", "assistant"),
            ("Byron", "child"),
            ("Anne", "child")
        ]
    );
}

#[test]
fn what_has_no_field_is_a_note() {
    let said = contact(
        "VERSION:4.0\r\nFN:Ada\r\nNOTE:tea\\n\\nHobby: reading\r\nHOBBY;LEVEL=high:reading\r\nINTEREST:engines\r\nEXPERTISE:numbers\r\n\
         BIRTHPLACE:London\r\nPRONOUNS:she/her\r\nX-CUSTOM1:left-handed\r\nX-MAIDENNAME:Byron",
    );
    assert_eq!(
        said.notes,
        [
            "tea\n\nHobby: reading",
            "Interest: engines",
            "Expertise: numbers",
            "Place of birth: London",
            "Pronouns: she/her",
            "Custom 1: left-handed",
            "Maiden name: Byron"
        ]
    );
}

#[test]
fn what_is_passed_over_is_told_once() {
    let one = card(
        "VERSION:4.0\r\nFN:Ada\r\nGENDER:F\r\nx-odd:1\r\nX-EVOLUTION-FILE-AS:a\r\nPHOTO:data:,x\r\nX-PHONETIC-FIRST-NAME:Eyda",
    );
    let two = card("VERSION:4.0\r\nFN:Bert\r\nGENDER:M");
    let answer = import([one, two].concat());
    assert_eq!(
        answer.notes,
        [
            "not taken, as kith has no place for them, and kept in the original cards: GENDER (2), X-ODD (1), X-PHONETIC-FIRST-NAME (1)"
        ]
    );
    assert!(import(card("VERSION:4.0\r\nFN:Ada")).notes.is_empty());
}

#[test]
fn a_guess_is_told_and_what_is_known_is_not() {
    let notes =
        |name: &[u8]| import([b"BEGIN:VCARD\r\nVERSION:2.1\r\n", name, b"\r\nEND:VCARD\r\n"].concat()).notes;
    let guessed = notes(b"N:M\xFCller;Zo\xEB");
    assert!(guessed[0].starts_with("1 card was read as windows-1252, which is a guess"), "{guessed:?}");
    for known in ["N:Müller;Zoë".as_bytes(), b"N;CHARSET=iso-8859-1:M\xFCller;Zo\xEB"] {
        assert_eq!(notes(known), [""; 0]);
    }
}

#[test]
fn an_address_is_whole() {
    let said = contact("VERSION:3.0\r\nFN:Ada\r\nADR;TYPE=work:Box 7;Floor 2;1 Row;London;;SW1;UK");
    assert_eq!(said.addresses[0].full, "1 Row, Floor 2, Box 7, London, SW1, UK");
}

#[test]
fn groups_say_who_is_in_them() {
    let apple = contact(
        "VERSION:3.0\r\nN:Choir\r\nFN:Choir\r\nX-ADDRESSBOOKSERVER-KIND:group\r\n\
         X-ADDRESSBOOKSERVER-MEMBER:urn:uuid:A-1\r\nX-ADDRESSBOOKSERVER-MEMBER:urn:uuid:B-2",
    );
    assert_eq!(
        (apple.kind, apple.members),
        (Some(Kind::Group), vec!["urn:uuid:A-1".into(), "urn:uuid:B-2".into()])
    );
    let standard = contact("VERSION:4.0\r\nKIND:group\r\nFN:Choir\r\nMEMBER:urn:uuid:a-1");
    assert_eq!(standard.members, ["urn:uuid:a-1"]);
    // The addresses are the members'.
    let evolution = contact(
        "VERSION:3.0\r\nFN:Choir\r\nX-EVOLUTION-LIST:TRUE\r\n\
         EMAIL;X-EVOLUTION-DEST-CONTACT-UID=pas-id-1;X-EVOLUTION-DEST-EMAIL-NUM=0:Ada <ada@example.org>\r\n\
         EMAIL;X-EVOLUTION-DEST-EMAIL=bert@example.org:bert@example.org",
    );
    assert_eq!((evolution.kind, evolution.emails), (Some(Kind::Group), vec![]));
    assert_eq!(
        (evolution.members, evolution.notes),
        (vec!["pas-id-1".into()], vec!["Member: bert@example.org".into()])
    );
    let nobody = contact("VERSION:3.0\r\nFN:Ada\r\nX-EVOLUTION-LIST:FALSE\r\nEMAIL:ada@example.org");
    assert_eq!((nobody.kind, nobody.emails.len()), (None, 1));
}

#[test]
fn a_messenger_has_its_label() {
    let said = contact(
        "FN:Ada\r\nitem9.IMPP;X-SERVICE-TYPE=Skype:skype:ada\r\nitem9.X-ABLabel:for games\r\n\
         item2.X-SOCIALPROFILE;type=Mastodon:https://a.example/@ada\r\nitem2.X-ABLabel:mastodon\r\n\
         item3.X-JABBER:ada@a.example\r\nitem3.X-ABLabel:_$!<Work>!$_",
    );
    assert_eq!(
        json!(said)["onlineServices"],
        json!([
            {"service": "Skype", "uri": "skype:ada", "label": "for games"},
            {"service": "Mastodon", "uri": "https://a.example/@ada"},
            {"service": "Jabber", "uri": "xmpp:ada@a.example", "label": "work"},
        ])
    );
}
