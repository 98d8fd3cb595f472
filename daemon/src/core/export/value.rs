//! Values and parameters of vCards: escaped and taken apart.

use std::borrow::Cow;

/// A text value (RFC 6350 section 3.4, RFC 2426 section 4), whose line nothing can end.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\\' => escaped.push_str("\\\\"),
            ';' => escaped.push_str("\\;"),
            ',' => escaped.push_str("\\,"),
            '\n' | '\u{85}' | '\u{2028}' | '\u{2029}' => escaped.push_str("\\n"),
            c if c.is_control() && c != '\t' => {}
            c => escaped.push(c),
        }
    }
    escaped
}

/// The text of an escaped value.
pub(super) fn unescape(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    let mut chars = value.chars();
    while let Some(c) = chars.next() {
        match (c, c == '\\') {
            (_, true) => match chars.next() {
                Some('n' | 'N') => text.push('\n'),
                Some(c) => text.push(c),
                None => text.push('\\'),
            },
            (c, false) => text.push(c),
        }
    }
    text
}

/// The parts of a value between separators that are not escaped.
pub(super) fn split(value: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut escaping) = (Vec::new(), 0, false);
    for (at, c) in value.char_indices() {
        if c == separator && !escaping {
            parts.push(&value[start..at]);
            start = at + c.len_utf8();
        }
        escaping = c == '\\' && !escaping;
    }
    parts.push(&value[start..]);
    parts
}

/// The parts of parameters between separators that are not in quotation marks.
pub(super) fn split_quoted(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut start, mut quoted) = (Vec::new(), 0, false);
    for (at, c) in text.char_indices() {
        if c == separator && !quoted {
            parts.push(&text[start..at]);
            start = at + c.len_utf8();
        }
        quoted ^= c == '"';
    }
    parts.push(&text[start..]);
    parts
}

/// A parameter's value (RFC 6868), without the quotation marks it may need. A
/// backslash means nothing there, and many readers take it for an escape; of
/// several spaces readers keep one.
pub(super) fn parameter(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").replace('\\', "\\\\").replace('^', "^^").replace('"', "^'")
}

/// A parameter's value as it stands in a line: in quotation marks if it has to be.
pub(super) fn quoted(value: &str) -> Cow<'_, str> {
    if value.contains([':', ';', ',']) { Cow::Owned(format!("\"{value}\"")) } else { Cow::Borrowed(value) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_escaped_or_quoted_separates_nothing() {
        assert_eq!(split("a;b\\;c;;d\\\\;e", ';'), ["a", "b\\;c", "", "d\\\\", "e"]);
        assert_eq!(split_quoted("a;X=\"b;c\";d", ';'), ["a", "X=\"b;c\"", "d"]);
        assert_eq!(unescape("a\\nb\\,c\\\\n\\"), "a\nb,c\\n\\");
        assert_eq!(parameter("\"a^b\\\""), "^'a^^b\\\\^'");
        assert_eq!((quoted("a b"), quoted("a:b")), (Cow::Borrowed("a b"), Cow::Owned("\"a:b\"".to_owned())));
    }

    proptest! {
        #[test]
        fn a_text_comes_out_as_it_went_in(text in "[^\\p{Cc}\u{2028}\u{2029}]*|[a;,\\\\\n]*") {
            let escaped = escape(&text);
            prop_assert!(!escaped.contains('\n'));
            prop_assert_eq!(split(&escaped, ';').len(), 1);
            prop_assert_eq!(unescape(&escaped), text);
        }
    }
}
