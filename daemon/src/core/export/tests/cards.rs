//! Cards as they go out.

use super::*;

/// The lines of a card between those that all have.
fn lines(card: &str) -> Vec<String> {
    assert!(card.lines().all(|line| line.len() <= 75), "{card}");
    let whole = card.replace("\r\n ", "");
    let fixed = ["BEGIN:", "VERSION:", "PRODID:", "UID:own-1", "END:"];
    whole
        .lines()
        .filter(|line| !fixed.iter().any(|start| line.starts_with(start)))
        .map(str::to_owned)
        .collect()
}

/// What becomes of lines of a card, in vCard 4.0 and in 3.0.
fn both(card: &str) -> [Vec<String>; 2] {
    let exported = with_cards(&[card.replace('\n', "\r\n")], &[]);
    [Version::V4, Version::V3].map(|version| {
        let card = vcard(&exported, version);
        assert_eq!(again(&card, version), card);
        lines(&card)
    })
}

#[test]
fn a_card_comes_out_as_it_is_understood() {
    for (name, card, v4, v3) in [
        (
            "labels",
            "FN:a\nEMAIL;TYPE=HOME;TYPE=PREF:a@a.example\nTEL;WORK;FAX:1\nitem1.TEL;type=CELL:2\nitem1.X-ABLabel:Boat, \
             white\nTEL;TYPE=voice:+49 30 3\n",
            &[
                "FN:a",
                "EMAIL;TYPE=home;PREF=1:a@a.example",
                "TEL;TYPE=fax,work:1",
                "item1.TEL;TYPE=cell:2",
                "item1.X-ABLabel:Boat\\, white",
                "TEL;TYPE=voice:+49 30 3",
            ][..],
            &[
                "FN:a",
                "N:;;;;",
                "EMAIL;TYPE=home,pref:a@a.example",
                "TEL;TYPE=fax,work:1",
                "item1.TEL;TYPE=cell:2",
                "item1.X-ABLabel:Boat\\, white",
                "TEL;TYPE=voice:+49 30 3",
            ][..],
        ),
        (
            "name, address, organisation",
            "N:Lovelace;Ada;Augusta,B.;Countess;Jr.\nFN:Ada Lovelace\nADR;TYPE=home;LABEL=\"1 Row, London\":;Floor 2;1 Row;London;;;UK\n\
             ORG:Engines;Analytics\nTITLE:Countess\nROLE:Mathematician\n",
            &[
                "FN:Ada Lovelace",
                "N:Lovelace;Ada;Augusta,B.;Countess;Jr.;;Jr.",
                "ADR;TYPE=home;LABEL=\"1 Row, London\":;Floor 2;1 Row;London;;;UK",
                "ORG:Engines;Analytics",
                "TITLE:Countess",
                "ROLE:Mathematician",
            ],
            &[
                "FN:Ada Lovelace",
                "N:Lovelace;Ada;Augusta,B.;Countess;Jr.;;Jr.",
                "ADR;TYPE=home;LABEL=\"1 Row, London\":;Floor 2;1 Row;London;;;UK",
                "ORG:Engines;Analytics",
                "TITLE:Countess",
                "ROLE:Mathematician",
            ],
        ),
        (
            "related people",
            "FN:a\nRELATED;TYPE=friend,colleague;VALUE=text:Bert\nRELATED;TYPE=spouse:urn:uuid:1-2\nX-MANAGER:Zoë\n\
             item1.X-ABRELATEDNAMES:Carla\nitem1.X-ABLabel:_$!<Sister>!$_\nRELATED;VALUE=text:Dora\n",
            &[
                "FN:a",
                "RELATED;TYPE=friend,colleague;VALUE=text:Bert",
                "RELATED;TYPE=spouse:urn:uuid:1-2",
                "item1.X-ABRELATEDNAMES:Zoë",
                "item1.X-ABLabel:manager",
                "item2.X-ABRELATEDNAMES:Carla",
                "item2.X-ABLabel:sister",
                "RELATED;VALUE=text:Dora",
            ],
            &[
                "FN:a",
                "N:;;;;",
                "item1.X-ABRELATEDNAMES:Bert",
                "item1.X-ABLabel:friend\\, colleague",
                "item2.X-ABRELATEDNAMES:urn:uuid:1-2",
                "item2.X-ABLabel:spouse",
                "item3.X-ABRELATEDNAMES:Zoë",
                "item3.X-ABLabel:manager",
                "item4.X-ABRELATEDNAMES:Carla",
                "item4.X-ABLabel:sister",
                "X-ABRELATEDNAMES:Dora",
            ],
        ),
        (
            "two birthdays",
            "FN:a\nBDAY:1985-04-12\nBDAY:--0421\nBDAY:19850412\nDEATHDATE:2020\nDEATHDATE:20210102\nANNIVERSARY:20100605\n\
             ANNIVERSARY:20110605\n",
            &[
                "FN:a",
                "BDAY:19850412",
                "DEATHDATE:2020",
                "ANNIVERSARY:20100605",
                "item1.X-ABDATE:20110605",
                "item1.X-ABLabel:_$!<Anniversary>!$_",
                "BDAY:--0421",
                "DEATHDATE:20210102",
            ],
            &[
                "FN:a",
                "N:;;;;",
                "BDAY:1985-04-12",
                "item1.X-ABDATE:2020",
                "item1.X-ABLabel:death",
                "item2.X-ABDATE:2010-06-05",
                "item2.X-ABLabel:_$!<Anniversary>!$_",
                "item3.X-ABDATE:2011-06-05",
                "item3.X-ABLabel:_$!<Anniversary>!$_",
                "BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-21",
                "DEATHDATE:2021-01-02",
            ],
        ),
        (
            "labels of messengers",
            "FN:a\nitem9.IMPP;X-SERVICE-TYPE=Skype:skype:ada\nitem9.X-ABLabel:for games\n\
             item1.IMPP:xmpp:ada@a.example\nitem1.X-ABLabel:Choir\n",
            &[
                "FN:a",
                "item1.IMPP;X-SERVICE-TYPE=Skype:skype:ada",
                "item1.X-ABLabel:for games",
                "item2.IMPP:xmpp:ada@a.example",
                "item2.X-ABLabel:Choir",
            ],
            &[
                "FN:a",
                "N:;;;;",
                "item1.IMPP;X-SERVICE-TYPE=Skype:skype:ada",
                "item1.X-ABLabel:for games",
                "item2.IMPP:xmpp:ada@a.example",
                "item2.X-ABLabel:Choir",
            ],
        ),
        (
            "dates",
            "FN:a\nBDAY:--0412\nitem1.X-ABDATE:2010-06-05\nitem1.X-ABLabel:_$!<Anniversary>!$_\nitem2.X-ABDATE:2011-01-02\n\
             item2.X-ABLabel:moved\n",
            &[
                "FN:a",
                "BDAY:--0412",
                "ANNIVERSARY:20100605",
                "item1.X-ABDATE:20110102",
                "item1.X-ABLabel:moved",
            ],
            &[
                "FN:a",
                "N:;;;;",
                "BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-12",
                "item1.X-ABDATE:2010-06-05",
                "item1.X-ABLabel:_$!<Anniversary>!$_",
                "item2.X-ABDATE:2011-01-02",
                "item2.X-ABLabel:moved",
            ],
        ),
        (
            "labels of what has none among the fields",
            "FN:a\nitem2.ORG:Engines;Analytics\nitem2.X-ABLabel:a customer\nitem5.NOTE:hello\nitem5.X-ABLabel:from the phone\n\
             item8.BDAY:1985-04-12\nitem8.X-ABLabel:of the register\nitem9.NICKNAME:Addie\nitem9.X-ABLabel:at school\n\
             item10.CATEGORIES:Choir,Tea\nitem10.X-ABLabel:mine\nitem12.TITLE:Boss\nitem12.X-FOO:bar\nitem12.X-ABLabel:until May\n\
             item13.ROLE:\nitem13.X-ABLabel:of nothing\n",
            &[
                "FN:a",
                "item1.NICKNAME:Addie",
                "item1.X-ABLabel:at school",
                "item2.BDAY:19850412",
                "item2.X-ABLabel:of the register",
                "item3.ORG:Engines;Analytics",
                "item3.X-ABLabel:a customer",
                "item4.TITLE:Boss",
                "item4.X-ABLabel:until May",
                "item5.CATEGORIES:Choir,Tea",
                "item5.X-ABLabel:mine",
                "item6.NOTE:hello",
                "item6.X-ABLabel:from the phone",
                "item7.X-FOO:bar",
                "item7.X-ABLabel:until May",
            ],
            &[
                "FN:a",
                "N:;;;;",
                "item1.NICKNAME:Addie",
                "item1.X-ABLabel:at school",
                "item2.BDAY:1985-04-12",
                "item2.X-ABLabel:of the register",
                "item3.ORG:Engines;Analytics",
                "item3.X-ABLabel:a customer",
                "item4.TITLE:Boss",
                "item4.X-ABLabel:until May",
                "item5.CATEGORIES:Choir,Tea",
                "item5.X-ABLabel:mine",
                "item6.NOTE:hello",
                "item6.X-ABLabel:from the phone",
                "item7.X-FOO:bar",
                "item7.X-ABLabel:until May",
            ],
        ),
        (
            "parameters of what stands once",
            "FN;ALTID=1;LANGUAGE=de:Ada Löv\nFN;ALTID=1;LANGUAGE=ja:エイダ\nN;SORT-AS=\"Lov,Ada\":Löv;Ada;;;\n\
             BDAY;CALSCALE=gregorian:1985-04-12\nORG;SORT-AS=Engines:The Engines;Analytics\nTITLE;ALTID=2;LANGUAGE=de:Chefin\n\
             TITLE;ALTID=2;LANGUAGE=en:Boss\nTEL;TYPE=CELL,IPHONE:+4917012345\nEMAIL;TYPE=home,attic:a@a.example\n",
            &[
                "FN;ALTID=1;LANGUAGE=de:Ada Löv",
                "FN;ALTID=1;LANGUAGE=ja:エイダ",
                "N;SORT-AS=\"Lov,Ada\":Löv;Ada;;;",
                "BDAY;CALSCALE=gregorian:19850412",
                "EMAIL;TYPE=home,attic:a@a.example",
                "TEL;TYPE=cell,iphone:+4917012345",
                "ORG;SORT-AS=Engines:The Engines;Analytics",
                "TITLE;ALTID=2;LANGUAGE=de:Chefin",
                "TITLE;ALTID=2;LANGUAGE=en:Boss",
            ],
            &[
                "FN;ALTID=1;LANGUAGE=de:Ada Löv",
                "N;SORT-AS=\"Lov,Ada\":Löv;Ada;;;",
                "NICKNAME:エイダ",
                "BDAY;CALSCALE=gregorian:1985-04-12",
                "EMAIL;TYPE=home,attic:a@a.example",
                "TEL;TYPE=cell,iphone:+4917012345",
                "ORG;SORT-AS=Engines:The Engines;Analytics",
                "TITLE;ALTID=2;LANGUAGE=de:Chefin",
                "TITLE;ALTID=2;LANGUAGE=en:Boss",
            ],
        ),
        (
            "labels that vCard 3.0 has no other place for",
            "FN:a\nitem1.DEATHDATE:2020-01-02\nitem1.X-ABLabel:as the paper says\nitem2.ANNIVERSARY:2010-06-05\n\
             item2.X-ABLabel:at sea\nitem3.RELATED;TYPE=friend;VALUE=text:Bo\nitem3.X-ABLabel:Chess\n",
            &[
                "FN:a",
                "item1.DEATHDATE:20200102",
                "item1.X-ABLabel:as the paper says",
                "item2.ANNIVERSARY:20100605",
                "item2.X-ABLabel:at sea",
                "item3.X-ABRELATEDNAMES:Bo",
                "item3.X-ABLabel:friend\\, Chess",
            ],
            &[
                "FN:a",
                "N:;;;;",
                "item1.DEATHDATE:2020-01-02",
                "item1.X-ABLabel:as the paper says",
                "item2.ANNIVERSARY:2010-06-05",
                "item2.X-ABLabel:at sea",
                "item3.X-ABRELATEDNAMES:Bo",
                "item3.X-ABLabel:friend\\, Chess",
            ],
        ),
        (
            "a date in words stays",
            "FN:a\nBDAY;VALUE=text:about 1800\n",
            &["FN:a", "NOTE:Birthday: about 1800", "BDAY;VALUE=text:about 1800"],
            &["FN:a", "N:;;;;", "NOTE:Birthday: about 1800", "BDAY;VALUE=text:about 1800"],
        ),
        (
            "what programs have properties of their own for",
            "FN:a\nBDAY:--04\nX-KADDRESSBOOK-X-SpousesName:Bert\nX-KADDRESSBOOK-X-Anniversary:2008-06-12\nX-SKYPE:a1\nX-AIM:a1\n\
             X-TWITTER:@a\nX-EVOLUTION-BLOG-URL:https://a.example/b\nX-NICKNAME:Em\nX-KADDRESSBOOK-X-Profession:Smith\n\
             X-KADDRESSBOOK-X-Office:12\nHOBBY;LEVEL=high:tea\n\
             X-ANDROID-CUSTOM:vnd.android.cursor.item/relation;Ida;13;;\nX-ANDROID-CUSTOM:vnd.x/boat;Bo;;\nX-CHILDREN:C,D\n",
            &[
                "FN:a",
                "NICKNAME:Em",
                "ANNIVERSARY:20080612",
                "item1.URL:https://a.example/b",
                "item1.X-ABLabel:blog",
                "X-SKYPE:a1",
                "X-AIM:a1",
                "X-TWITTER:@a",
                "TITLE:Smith",
                "RELATED;TYPE=spouse;VALUE=text:Bert",
                "item2.X-ABRELATEDNAMES:Ida",
                "item2.X-ABLabel:sister",
                "RELATED;TYPE=child;VALUE=text:C",
                "RELATED;TYPE=child;VALUE=text:D",
                "NOTE:Birthday: April\\n\\nOffice: 12\\n\\nHobby: tea",
                "BDAY:--04",
                "HOBBY;LEVEL=high:tea",
                "X-ANDROID-CUSTOM:vnd.x/boat;Bo;;",
                "X-KADDRESSBOOK-X-OFFICE:12",
            ],
            &[
                "FN:a",
                "N:;;;;",
                "NICKNAME:Em",
                "item1.X-ABDATE:2008-06-12",
                "item1.X-ABLabel:_$!<Anniversary>!$_",
                "item2.URL:https://a.example/b",
                "item2.X-ABLabel:blog",
                "X-SKYPE:a1",
                "X-AIM:a1",
                "X-TWITTER:@a",
                "TITLE:Smith",
                "item3.X-ABRELATEDNAMES:Bert",
                "item3.X-ABLabel:spouse",
                "item4.X-ABRELATEDNAMES:Ida",
                "item4.X-ABLabel:sister",
                "item5.X-ABRELATEDNAMES:C",
                "item5.X-ABLabel:child",
                "item6.X-ABRELATEDNAMES:D",
                "item6.X-ABLabel:child",
                "NOTE:Birthday: April\\n\\nOffice: 12\\n\\nHobby: tea",
                "BDAY:--04",
                "HOBBY;LEVEL=high:tea",
                "X-ANDROID-CUSTOM:vnd.x/boat;Bo;;",
                "X-KADDRESSBOOK-X-OFFICE:12",
            ],
        ),
        (
            "pictures, places and keys",
            "FN:a\nPHOTO;ENCODING=b;TYPE=JPEG:/9j/AAAA\nGEO:37.38;-122.08\nitem1.EMAIL:a@a.example\nitem1.KEY;PREF=1:data:application/pgp-keys;base64,AAAA\n",
            &[
                "FN:a",
                "item1.EMAIL:a@a.example",
                "item1.KEY;PREF=1:data:application/pgp-keys;base64,AAAA",
                "GEO:geo:37.38,-122.08",
                "PHOTO:data:image/jpeg;base64,/9j/AAAA",
            ],
            &[
                "FN:a",
                "N:;;;;",
                "item1.EMAIL:a@a.example",
                "item1.KEY;ENCODING=b;TYPE=PGP,pref:AAAA",
                "GEO:37.38;-122.08",
                "PHOTO;ENCODING=b;TYPE=JPEG:/9j/AAAA",
            ],
        ),
        (
            "what other programs added",
            "FN:a\nX-B;CHARSET=ISO-8859-1;QUOTED-PRINTABLE:Zo=EB=0D=0Ab\nx-a:1\nitem7.X-BOAT:Bo\nitem7.X-ABLabel:Cat\n\
             and no property\nTEL:ask Bo\n",
            &["FN:a", "TEL:ask Bo", "X-A:1", "X-B:Zoë\\nb", "item1.X-BOAT:Bo", "item1.X-ABLabel:Cat"],
            &[
                "FN:a",
                "N:;;;;",
                "TEL:ask Bo",
                "X-A:1",
                "X-B:Zoë\\nb",
                "item1.X-BOAT:Bo",
                "item1.X-ABLabel:Cat",
            ],
        ),
        (
            "profiles and pages",
            "FN:a\nIMPP;X-SERVICE-TYPE=Jabber;TYPE=HOME:xmpp:a@a.example\nURL:https://www.linkedin.com/in/a\nURL;TYPE=work:https://a.example/?a=1,2;3\n",
            &[
                "FN:a",
                "URL;TYPE=work:https://a.example/?a=1,2;3",
                "IMPP;TYPE=HOME;X-SERVICE-TYPE=Jabber:xmpp:a@a.example",
                "SOCIALPROFILE;SERVICE-TYPE=LinkedIn:https://www.linkedin.com/in/a",
            ],
            &[
                "FN:a",
                "N:;;;;",
                "URL;TYPE=work:https://a.example/?a=1,2;3",
                "IMPP;TYPE=HOME;X-SERVICE-TYPE=Jabber:xmpp:a@a.example",
                "X-SOCIALPROFILE;X-SERVICE-TYPE=LinkedIn:https://www.linkedin.com/in/a",
            ],
        ),
        (
            "an organisation, a group",
            "FN:Acme\nORG:Acme\nREV:2026-01-02T03:04:05Z\n",
            &["KIND:org", "FN:Acme", "ORG:Acme", "REV:2026-01-02T03:04:05Z"],
            &["X-ABSHOWAS:COMPANY", "FN:Acme", "N:;;;;", "ORG:Acme", "REV:2026-01-02T03:04:05Z"],
        ),
        (
            "categories, nicknames, a note",
            "FN:a\nCATEGORIES:b,c\\,d\nNICKNAME:e;f\nNOTE:g\\nh\\;\n",
            &["FN:a", "NICKNAME:e\\;f", "CATEGORIES:b,c\\,d", "NOTE:g\\nh\\;"],
            &["FN:a", "N:;;;;", "NICKNAME:e\\;f", "CATEGORIES:b,c\\,d", "NOTE:g\\nh\\;"],
        ),
    ] {
        let [said4, said3] = both(card);
        assert_eq!(said4, v4, "{name}, 4.0");
        assert_eq!(said3, v3, "{name}, 3.0");
    }
}

fn change(field: &str, old: Option<&str>, new: Option<&str>) -> Change {
    Change { n: 0, field: field.into(), item: None, old: old.map(Into::into), new: new.map(Into::into) }
}

#[test]
fn what_the_user_took_away_or_changed_does_not_come_back() {
    let card = "N:Muller;Anna;;Dr.;\r\nFN:Anna Muller\r\nORG:Acme;Sales\r\nORG:Other\r\nTITLE:Clerk\r\nBDAY;VALUE=text:spring\r\n\
                item1.EMAIL:gone@a.example\r\nitem1.X-ABLabel:old\r\nTEL;TYPE=fax:+49 30 1234567\r\nURL:https://a.example\r\nIMPP:xmpp:a@a.example\r\nNOTE:no\r\nCATEGORIES:c\r\n";
    let changes = [
        change("family_name", Some("Muller"), Some("Müller")),
        change("name", Some("Anna Muller"), Some("Anna Müller")),
        change("organization", Some("Acme"), Some("New")),
        change("title", Some("Clerk"), None),
        change("birthday", None, Some("1985-04-12")),
        change("email", Some("gone@a.example"), None),
        Change { item: Some("+49 30 1234567".into()), ..change("phone.label", Some("fax"), Some("work")) },
        change("link", Some("https://a.example"), None),
        change("link", Some("xmpp:a@a.example"), None),
        change("note", Some("no"), None),
        change("category", Some("c"), None),
    ];
    let card = vcard(&with_cards(&[card.to_owned()], &changes), Version::V4);
    assert_eq!(
        lines(&card),
        ["FN:Anna Müller", "N:Müller;Anna;;Dr.;", "BDAY:19850412", "TEL;TYPE=work:+49 30 1234567", "ORG:New"]
    );
}

#[test]
fn two_profiles_of_one_user_stay_two() {
    let [v4, v3] = both(
        "FN:a\nX-SOCIALPROFILE;TYPE=linkedin;X-USER=a:https://www.linkedin.example/in/a\n\
         X-SOCIALPROFILE;TYPE=linkedin;X-USER=a:https://www.linkedin.com/in/a\n",
    );
    for said in [v4, v3] {
        for address in [":https://www.linkedin.example/in/a", ":https://www.linkedin.com/in/a"] {
            assert_eq!(said.iter().filter(|line| line.ends_with(address)).count(), 1, "{said:?}");
        }
    }
}

#[test]
fn of_several_cards_each_thing_is_there_once_in_any_order() {
    let cards = [
        "FN:a\r\nX-A;type=home;PREF=1:1\r\nPHOTO;ENCODING=b;TYPE=PNG:iVBO\r\nNOTE:one\r\nEMAIL:a@a.example\r\nUID:u-2\r\n",
        "FN:a\r\nX-A;PREF=1;TYPE=home:1\r\nPHOTO:data:image/png;base64,iVBO\r\nNOTE:two\r\nEMAIL:A@a.example\r\nUID:u-1\r\n",
    ]
    .map(str::to_owned);
    let card = vcard(&with_cards(&cards, &[]), Version::V4);
    let [one, two] = cards;
    assert_eq!(vcard(&with_cards(&[two, one], &[]), Version::V4), card);
    let said = lines(&card);
    assert_eq!(
        said.iter().filter(|line| line.starts_with("PHOTO") || line.starts_with("X-A")).count(),
        2,
        "{card}"
    );
    assert_eq!(said[0], "UID:u-1");
    assert!(said.contains(&"NOTE:two\\n\\none".to_owned()) || said.contains(&"NOTE:one\\n\\ntwo".to_owned()));
    // Back among the cards it was made of, it adds nothing.
    let mut all = vec![card.replace("BEGIN:VCARD\r\n", "").replace("END:VCARD\r\n", "")];
    all.push("FN:a\r\nNOTE:one\r\nEMAIL:a@a.example\r\nUID:u-2\r\n".to_owned());
    assert_eq!(vcard(&with_cards(&all, &[]), Version::V4), card);
}

#[test]
fn a_second_birthday_goes_with_the_first_one() {
    let own = |new: Option<&str>| Change {
        n: 1,
        field: "birthday".to_owned(),
        item: None,
        old: Some("1985-04-12".to_owned()),
        new: new.map(str::to_owned),
    };
    let card = ["FN:a\r\nBDAY:1985-04-12\r\nBDAY:1985-04-21\r\n".to_owned()];
    for (change, expected) in [
        (own(Some("1985-04-12")), &["FN:a", "BDAY:19850412", "BDAY:19850421"][..]),
        (own(Some("1985-04-21")), &["FN:a", "BDAY:19850421"]),
        (own(None), &["FN:a"]),
    ] {
        assert_eq!(
            lines(&vcard(&with_cards(&card, std::slice::from_ref(&change)), Version::V4)),
            expected,
            "{change:?}"
        );
    }
}

#[test]
fn the_birthday_of_another_card_goes_with_the_one_that_counts() {
    let card = |birthday: &str| format!("FN:a\r\nBDAY:{birthday}\r\n");
    for (name, cards, expected) in [
        ("another day", ["1985-04-12", "1985-04-21"], &["FN:a", "BDAY:19850412", "BDAY:19850421"][..]),
        ("the same without its year", ["1985-04-12", "--04-12"], &["FN:a", "BDAY:19850412"]),
    ] {
        let exported = with_cards(&cards.map(card), &[]);
        let said = vcard(&exported, Version::V4);
        assert_eq!(lines(&said), expected, "{name}");
        assert_eq!(again(&said, Version::V4), said, "{name}");
    }
}
