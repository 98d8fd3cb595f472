//! vCards for tests, made up.

use std::fmt::Write;

/// A card of somebody with an email address of their own.
pub(crate) fn card(name: &str) -> String {
    card_with(name, "")
}

/// A card with further lines.
pub(crate) fn card_with(name: &str, more: &str) -> String {
    let address = name.to_lowercase().replace(|c: char| !c.is_ascii_alphanumeric(), ".");
    format!("BEGIN:VCARD\r\nVERSION:3.0\r\nFN:{name}\r\nEMAIL:{address}@example.org\r\n{more}END:VCARD\r\n")
}

/// An address book of so many people, called `NAME 0` and so on.
pub(crate) fn address_book(name: &str, people: u32) -> String {
    let mut book = String::new();
    for number in 0..people {
        let more = format!("TEL;TYPE=CELL:+1555{number:07}\r\nNOTE:Met at the fair\\, hall {number}\r\n");
        let _ = write!(book, "{}", card_with(&format!("{name} {number}"), &more));
    }
    book
}
