//! Whether what a client has is still what there is (RFC 9110 section 13).

use axum::http::{HeaderMap, HeaderValue, header};
use jiff::fmt::rfc2822::DateTimeParser;

use super::Document;

/// Whether the answer is 304: an entity tag of If-None-Match is the
/// document's or, only where there is no such header, the document did not
/// change since If-Modified-Since (section 13.2.2).
pub(super) fn is_unchanged(headers: &HeaderMap, document: &Document) -> bool {
    let mut tags = headers.get_all(header::IF_NONE_MATCH).iter().peekable();
    if tags.peek().is_some() {
        return tags.any(|list| matches(list.as_bytes(), &document.etag));
    }
    let since = headers.get(header::IF_MODIFIED_SINCE).and_then(|value| value.to_str().ok());
    since
        .and_then(|date| DateTimeParser::new().parse_timestamp(date).ok())
        .is_some_and(|since| document.changed.as_second() <= since.as_second())
}

/// Whether a list of entity tags holds `etag`, strong or weak (section 8.8.3.2),
/// or is `*`. What follows a fault in the list does not count.
fn matches(list: &[u8], etag: &HeaderValue) -> bool {
    let mut rest = list.trim_ascii();
    if rest == b"*" {
        return true;
    }
    loop {
        rest = rest.trim_ascii_start();
        if let Some(after) = rest.strip_prefix(b",") {
            rest = after;
            continue;
        }
        rest = rest.strip_prefix(b"W/").unwrap_or(rest);
        let Some(quoted) = rest.strip_prefix(b"\"") else { return false };
        let Some(length) = quoted.iter().position(|&byte| byte == b'"') else { return false };
        let (tag, after) = rest.split_at(length + 2);
        if tag == etag.as_bytes() {
            return true;
        }
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn lists_of_entity_tags_are_read() {
        let etag = HeaderValue::from_static("\"a1\"");
        for (list, expected) in [
            ("\"a1\"", true),
            ("W/\"a1\"", true),
            ("*", true),
            (" \"b\", \"a1\" ", true),
            (",, \"b,\" ,W/\"c\",\"a1\"", true),
            ("\"b\"", false),
            ("a1", false),
            ("\"a1", false),
            ("w/\"a1\"", false),
            ("\"x, \\\"a1\\\"\"", false),
            ("", false),
        ] {
            assert_eq!(matches(list.as_bytes(), &etag), expected, "{list}");
        }
    }

    proptest! {
        #[test]
        fn any_list_is_read_to_an_end(list in proptest::collection::vec(any::<u8>(), 0..40)) {
            matches(&list, &HeaderValue::from_static("\"a1\""));
        }
    }
}
