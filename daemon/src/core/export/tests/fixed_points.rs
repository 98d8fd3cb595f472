//! What goes out and is read back goes out the same: of any card, edited in any way, in each format.

use proptest::prelude::*;

use super::*;
use crate::core::contact::{Column, List};
use crate::core::export::value::{escape, parameter, quoted};

/// A text of any sort, among them what separates and what is escaped.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-zA-Z0-9äß ]{1,12}",
        1 => "[a-z,;:\\\\\"^=+@ \n'-]{1,12}",
        1 => "\\PC{0,80}",
    ]
}

/// A line of a card; some of them wrong.
fn line() -> impl Strategy<Value = String> {
    let group = prop::sample::select(&["", "", "item1.", "item2."][..]);
    let kind = prop::sample::select(
        &[
            "N",
            "FN",
            "NICKNAME",
            "EMAIL",
            "EMAIL",
            "TEL",
            "TEL",
            "ADR",
            "ADR",
            "URL",
            "IMPP",
            "X-SOCIALPROFILE",
            "SOCIALPROFILE",
            "NOTE",
            "ORG",
            "TITLE",
            "ROLE",
            "CATEGORIES",
            "BDAY",
            "ANNIVERSARY",
            "X-ABDATE",
            "X-ABLabel",
            "PHOTO",
            "GEO",
            "KEY",
            "X-ODD",
            "RELATED",
            "X-ABRELATEDNAMES",
            "X-SPOUSE",
            "KIND",
            "X-ABADR",
            "LABEL",
            "TZ",
            "AGENT",
            "REV",
            "DEATHDATE",
            "X-SKYPE",
            "X-TWITTER",
            "X-EVOLUTION-BLOG-URL",
            "X-KADDRESSBOOK-X-Anniversary",
            "X-KADDRESSBOOK-X-Profession",
            "X-KADDRESSBOOK-X-Department",
            "X-KADDRESSBOOK-X-Office",
            "X-CHILDREN",
            "X-NICKNAME",
            "HOBBY",
            "X-ANDROID-CUSTOM",
        ][..],
    );
    let types = prop::collection::vec(
        prop::sample::select(
            &["home", "WORK", "cell", "fax", "pref", "voice", "Odd", "internet", "pager", "friend"][..],
        ),
        0..3,
    );
    let said = prop::sample::select(
        &[
            "",
            "",
            "",
            ";LANGUAGE=de",
            ";ALTID=1",
            ";ALTID=1;LANGUAGE=ja",
            ";SORT-AS=\"a,b\"",
            ";CALSCALE=gregorian",
        ][..],
    );
    (
        (group, said),
        kind,
        types,
        text(),
        text(),
        text(),
        "[0-9]{4}-0[1-9]-[12][0-9]|--0[1-9]-?1[0-9]|[0-9]{4}",
        any::<u8>(),
    )
        .prop_map(|((group, said), kind, types, a, b, c, date, odd)| {
            let mut parameters: String = types.iter().map(|given| format!(";TYPE={given}")).collect();
            parameters += said;
            let value = match kind {
                _ if odd < 10 => a.replace('\n', ""),
                "EMAIL" => format!("{}@a.example", escape(&a.replace('@', ""))),
                "TEL" => format!("{}{odd}", escape(&a)),
                "BDAY" | "ANNIVERSARY" | "X-ABDATE" | "DEATHDATE" => date,
                "X-ANDROID-CUSTOM" => {
                    let row = ["nickname", "relation", "contact_event"][usize::from(odd % 3)];
                    format!("vnd.android.cursor.item/{row};{};{};{};", escape(&a), odd % 16, escape(&b))
                }
                "REV" => "2026-01-02T03:04:05Z".to_owned(),
                "PHOTO" => {
                    parameters += ";ENCODING=b";
                    "iVBORw0K".to_owned()
                }
                "ADR" if odd % 2 == 0 => {
                    parameters += &format!(";LABEL={}", quoted(&parameter(&b)));
                    [&a, &b, &c].map(|part| escape(part)).join(";")
                }
                "N" | "ORG" | "ADR" => [&a, &b, &c].map(|part| escape(part)).join(";"),
                "CATEGORIES" | "NICKNAME" => [&a, &b].map(|part| escape(part)).join(","),
                "IMPP" | "X-SOCIALPROFILE" | "SOCIALPROFILE" => {
                    let service = parameter(&b.replace('\n', " "));
                    parameters += &format!(";X-SERVICE-TYPE={}", quoted(&service));
                    parameters += if odd % 2 == 0 { ";X-USER=ada" } else { "" };
                    format!("x{odd}:{}", a.replace(['\n', '\\'], ""))
                }
                "URL" => format!("https://a.example/{}", a.replace(['\n', '\\'], "")),
                _ => escape(&a),
            };
            format!("{group}{kind}{parameters}:{value}\r\n")
        })
}

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let column = prop::sample::select(
        &[
            Column::Name,
            Column::GivenName,
            Column::FamilyName,
            Column::Organization,
            Column::Title,
            Column::Note,
        ][..],
    );
    let list = prop::sample::select(&[List::Nickname, List::Category, List::Address, List::Tie][..]);
    let one = prop_oneof![
        (column, prop::option::of("[A-Za-zä][A-Za-zä ,;]{0,7}[a-z]"))
            .prop_map(|(column, new)| (column.name().to_owned(), new)),
        (list, "[A-Za-zä][A-Za-zä ,;]{0,7}[a-z]")
            .prop_map(|(list, new)| (list.table().to_owned(), Some(new))),
    ];
    prop::collection::vec(one, 0..3).prop_map(|all| {
        all.into_iter().map(|(field, new)| Change { n: 0, field, item: None, old: None, new }).collect()
    })
}

/// Somebody with one card or several.
fn anybody() -> impl Strategy<Value = Exported> {
    let card = prop::collection::vec(line(), 0..12)
        .prop_map(|lines| format!("VERSION:3.0\r\nFN:Ada\r\n{}", lines.concat()));
    (prop::collection::vec(card, 1..4), changes()).prop_map(|(cards, changes)| with_cards(&cards, &changes))
}

proptest! {
    #[test]
    fn a_card_that_is_read_back_goes_out_the_same(exported in anybody()) {
        for version in [Version::V4, Version::V3] {
            let card = vcard(&exported, version);
            prop_assert!(card.lines().all(|line| line.len() <= 75));
            // Without anything that names somebody there is no contact.
            if import(&mut VCard::default(), &card).len() == 1 {
                prop_assert_eq!(again(&card, version), card);
            }
        }
    }

    #[test]
    fn a_sheet_that_is_read_back_goes_out_the_same(all in prop::collection::vec(anybody(), 1..4)) {
        let all: Vec<Exported> = all.into_iter().filter(|one| one.content.column(Column::Name) != Some("")).collect();
        let sheet = write_csv(&all);
        prop_assert_eq!(sheet_again(&sheet), sheet);
    }

    #[test]
    fn the_order_of_cards_does_not_matter(mut exported in anybody()) {
        let card = vcard(&exported, Version::V4);
        exported.originals.reverse();
        prop_assert_eq!(vcard(&exported, Version::V4), card);
    }
}

#[test]
fn an_address_that_looks_like_several_is_one_cell() {
    for address in
        ["\\,@a.example", "a@a.example\\, b@b.example", "a@a.example\\;b@b.example", "<a@a.example>;"]
    {
        let exported = with_cards(&[format!("VERSION:3.0\r\nFN:Ada\r\nEMAIL:{address}\r\n")], &[]);
        let sheet = write_csv(std::slice::from_ref(&exported));
        assert_eq!(sheet_again(&sheet), sheet, "{address}");
    }
}

#[test]
fn a_date_that_is_none_leaves_its_group_to_others() {
    for other in ["item1.X-EVOLUTION-BLOG-URL:a", "item1.EMAIL:a@a.example", "item1.URL:https://a.example"] {
        let exported =
            with_cards(&[format!("VERSION:3.0\r\nFN:Ada\r\nitem1.X-ABDATE:ä\r\n{other}\r\n")], &[]);
        for version in [Version::V4, Version::V3] {
            let card = vcard(&exported, version);
            assert_eq!(again(&card, version), card, "{other}");
        }
    }
}

#[test]
fn the_end_of_a_line_in_an_address_at_a_messenger_is_a_space_in_each_format() {
    for line in [
        "IMPP:x10:\u{2028}𞤀",
        "IMPP;X-SERVICE-TYPE=Odd;X-USER=a\u{85}da:x10:a\u{2029}b",
        "URL:https://a.example/\u{2028}𞤀",
    ] {
        let exported = with_cards(&[format!("VERSION:3.0\r\nFN:Ada\r\n{line}\r\n")], &[]);
        let sheet = write_csv(std::slice::from_ref(&exported));
        assert_eq!(sheet_again(&sheet), sheet, "{line}");
        for version in [Version::V4, Version::V3] {
            let card = vcard(&exported, version);
            assert_eq!(again(&card, version), card, "{line}");
        }
    }
}
