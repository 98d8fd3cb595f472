//! What a file is that an importer cannot read, for the message about it.

/// What the first bytes of a file look like, if they tell.
#[must_use]
pub fn looks_like(head: &[u8]) -> Option<&'static str> {
    const SIGNATURES: &[(&[u8], &str)] = &[
        (b"PK\x03\x04", "a zip archive"),
        (b"\x1F\x8B", "a gzip archive"),
        (b"%PDF", "a PDF document"),
        (b"\x89PNG", "a picture"),
        (b"\xFF\xD8\xFF", "a picture"),
        (b"GIF8", "a picture"),
        (b"SQLite format 3\0", "a SQLite database"),
        (b"bplist00", "an Apple property list"),
        (b"\xD0\xCF\x11\xE0", "an old Microsoft Office or Outlook file"),
        (b"!BDN", "an Outlook data file"),
    ];
    const WORDS: &[(&str, &str)] = &[
        ("<!doctype html", "a web page"),
        ("<html", "a web page"),
        ("<?xml", "an XML file"),
        ("begin:vcalendar", "a calendar"),
        ("begin:vcard", "a vCard"),
        ("dn:", "an LDIF file"),
        ("version: 1", "an LDIF file"),
        ("{", "a JSON file"),
        ("[", "a JSON file"),
    ];
    if let Some((_, kind)) = SIGNATURES.iter().find(|(start, _)| head.starts_with(start)) {
        return Some(kind);
    }
    let text = String::from_utf8_lossy(head).to_lowercase();
    let text = text.trim_start_matches('\u{feff}').trim_start();
    if text.is_empty() {
        return Some("nothing but blank lines");
    }
    if let Some((_, kind)) = WORDS.iter().find(|(start, _)| text.starts_with(start)) {
        return Some(kind);
    }
    let is_utf_16 = head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF");
    if !is_utf_16 && head.iter().any(|&byte| byte < b' ' && !b"\t\n\x0C\r\x1B".contains(&byte)) {
        return Some("binary data, not text");
    }
    let first_line = text.lines().next().unwrap_or_default();
    let is_table = [',', ';', '\t'].iter().any(|separator| first_line.matches(*separator).count() >= 2);
    is_table.then_some("a table (CSV)")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_files_are_recognised() {
        for (head, expected) in [
            (&b"PK\x03\x04\x14\0"[..], Some("a zip archive")),
            (b"\n<!DOCTYPE html><html>", Some("a web page")),
            (b"\xEF\xBB\xBF<HTML>", Some("a web page")),
            (b"BEGIN:VCALENDAR\r\n", Some("a calendar")),
            (b"BEGIN:VCARD\r\n", Some("a vCard")),
            (b"First Name,Middle Name,Last Name\n", Some("a table (CSV)")),
            (b" \r\n\n", Some("nothing but blank lines")),
            (b"\x7FELF\x02\x01", Some("binary data, not text")),
            (b"a,b;c\x00,d,e\n", Some("binary data, not text")),
            (b"\xFF\xFEa\0,\0b\0,\0c\0", Some("a table (CSV)")),
            (b"hello, you", None),
        ] {
            assert_eq!(looks_like(head), expected, "{head:?}");
        }
    }
}
