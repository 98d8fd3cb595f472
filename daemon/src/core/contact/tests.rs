//! What holds of contacts, and of one that says what another does.

use super::*;

#[test]
fn what_somebody_types_is_checked() {
    for good in [
        "anna@example.org",
        " anna.mueller+kith@mail.example.org ",
        "o'brien@example.ie",
        "用户@例子.公司",
        "jörg@müller.example",
        "root@localhost",
    ] {
        assert_eq!(List::Email.typed(good), Ok(good.trim()));
    }
    let long = format!("{}@example.org", "a".repeat(250));
    for bad in [
        "",
        "anna",
        "anna@",
        "@example.org",
        "a@b@example.org",
        "anna muller@example.org",
        "anna@example org",
        "Anna <anna@example.org>",
        "anna@example.org, bert@example.org",
        "mailto:anna@example.org",
        "anna@example..org",
        ".anna@example.org",
        "anna@example.org.",
        "anna@\u{1b}[2Jexample.org",
        &long,
    ] {
        let error = List::Email.typed(bad).unwrap_err().to_string();
        assert!(error.ends_with(" is not an email address; write one such as anna@example.org"), "{error}");
    }
    for good in ["112", "+49 (0)30 1234567", "030/1234567-89", "1-800-FLOWERS", "٠٣٠ ١٢٣", "117 ext. 4"]
    {
        assert_eq!(List::Phone.typed(good), Ok(good));
    }
    for bad in ["", "ask Bert", "12", "+", "123\n456"] {
        let error = List::Phone.typed(bad).unwrap_err().to_string();
        assert!(
            error.ends_with(" is not a telephone number; write one such as \"+49 30 1234567\""),
            "{error}"
        );
    }
    assert!(List::Nickname.typed("Annie").is_ok() && List::Nickname.typed(" ").is_err());
}

#[test]
fn who_says_more_says_all() {
    let content = |note: &str, phones: &[&str], labels: &[&str]| {
        let mut content = Content::default();
        content.set(Column::Note, Some(note.to_owned()).filter(|note| !note.is_empty()));
        for (list, values) in [(List::Phone, phones), (List::Category, labels)] {
            let items = values.iter().map(|value| Item { value: (*value).to_owned(), ..Item::default() });
            content.list_mut(list).extend(items);
        }
        content
    };
    let card = content("at school", &["+49 170 1"], &["Friends", "Imported on 11/22"]);
    for (case, record, says_all) in [
        ("the same", card.clone(), true),
        ("nothing", Content::default(), false),
        ("a label more", content("at school", &["+49 170 1"], &["x", "Friends", "Imported on 11/22"]), true),
        ("another day", content("at school", &["+49 170 1"], &["Friends", "Imported on 1/23 1"]), true),
        ("another label", content("at school", &["+49 170 1"], &["Work", "Imported on 11/22"]), false),
        ("a note more", content("new\n\nat school", &["+49 170 1"], &["Friends", "Imported on 11/22"]), true),
        ("another note", content("at work", &["+49 170 1"], &["Friends", "Imported on 11/22"]), false),
        ("without the number", content("at school", &[], &["Friends", "Imported on 11/22"]), false),
    ] {
        assert_eq!(record.says_all_of(&card), says_all, "{case}");
    }
    assert!(card.says_all_of(&Content::default()));
}

#[test]
fn the_lists_are_in_the_order_of_their_variants() {
    for (at, column) in COLUMNS.into_iter().enumerate() {
        assert_eq!(column as usize, at);
    }
    for (at, list) in LISTS.into_iter().enumerate() {
        assert_eq!(list as usize, at);
    }
}
