//! The values of properties: to clean text, and out of their URIs.

use calcard::common::IanaString;
use calcard::vcard::VCardValue;

/// The text of a value; the parts of a list are joined by `separator`.
pub(crate) fn text(value: VCardValue, separator: &str) -> Option<String> {
    match value {
        VCardValue::Text(text) => Some(text),
        VCardValue::Component(parts) => Some(parts.join(separator)),
        VCardValue::Integer(number) => Some(number.to_string()),
        VCardValue::Float(number) => Some(number.to_string()),
        VCardValue::Kind(kind) => Some(kind.as_str().to_owned()),
        _ => None,
    }
}

/// A text of one line: trimmed, line breaks as spaces, no control characters;
/// `None` if nothing is left.
pub(crate) fn one_line(text: String) -> Option<String> {
    if !text.bytes().any(|byte| byte < b' ' || byte == 0x7F || byte == 0xC2) {
        return trimmed(text);
    }
    let spaced = |c: char| if c.is_whitespace() { ' ' } else { c };
    trimmed(text.chars().map(spaced).filter(|c| !c.is_control()).collect())
}

/// A text of several lines, separated by `\n`: trimmed, no other control
/// characters but tabs; `None` if nothing is left.
pub(crate) fn lines(text: String) -> Option<String> {
    let kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    if text.chars().all(|c| kept(&c)) {
        return trimmed(text);
    }
    trimmed(text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(kept).collect())
}

fn trimmed(mut text: String) -> Option<String> {
    let kept = text.trim();
    if kept.len() < text.len() {
        text = kept.to_owned();
    }
    (!text.is_empty()).then_some(text)
}

/// What follows `scheme:` in a URI of that scheme.
pub(crate) fn without_scheme<'t>(uri: &'t str, scheme: &str) -> Option<&'t str> {
    let (start, rest) = uri.split_at_checked(scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then(|| rest.strip_prefix(':')).flatten()
}

/// The number of a `tel:` URI (RFC 3966) with its visual separators and its
/// extension; anything else as it is.
pub(crate) fn phone_number(text: String) -> String {
    let Some(rest) = without_scheme(&text, "tel") else {
        return text;
    };
    let mut parts = rest.split(';');
    let number = parts.next().unwrap_or_default().trim();
    match parts.find_map(|part| part.strip_prefix("ext=")) {
        Some(extension) => format!("{number} ext. {extension}"),
        None => number.to_owned(),
    }
}

/// Whether an address is that of somebody's profile at LinkedIn.
pub(crate) fn is_linkedin_profile(uri: &str) -> bool {
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
    let host = host.to_ascii_lowercase();
    (host == "linkedin.com" || host.ends_with(".linkedin.com"))
        && path
            .split_once('/')
            .is_some_and(|(section, name)| section.eq_ignore_ascii_case("in") && !name.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cleaned() {
        for (text, expected) in [
            (" Ada ", Some("Ada")),
            ("", None),
            (" \t ", None),
            ("Ada\nLovelace", Some("Ada Lovelace")),
            ("A\u{0}d\u{7f}a\u{85}", Some("Ada")),
            ("Zoë Â", Some("Zoë Â")),
        ] {
            assert_eq!(one_line(text.to_owned()).as_deref(), expected, "{text:?}");
        }
        for (text, expected) in
            [("a\r\nb\rc\td\u{1}\n", Some("a\nb\nc\td")), ("\n \n", None), ("plain", Some("plain"))]
        {
            assert_eq!(lines(text.to_owned()).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn phone_numbers_leave_their_uri() {
        for (text, expected) in [
            ("tel:+1-418-656-9254;ext=102", "+1-418-656-9254 ext. 102"),
            ("TEL:+1(418)656.9254", "+1(418)656.9254"),
            ("tel:863-1234;phone-context=+1-914-555", "863-1234"),
            ("+49 30 1234", "+49 30 1234"),
            ("té", "té"),
        ] {
            assert_eq!(phone_number(text.to_owned()), expected, "{text}");
        }
    }

    #[test]
    fn profiles_at_linkedin_are_told_from_its_other_pages() {
        for (uri, expected) in [
            ("https://www.linkedin.com/in/ada", true),
            ("http://uk.LinkedIn.com:80/in/ada/", true),
            ("linkedin.com/in/ada", true),
            ("https://www.linkedin.com/company/analytical", false),
            ("https://www.linkedin.com/in/", false),
            ("https://www.linkedin.com", false),
            ("https://notlinkedin.com/in/ada", false),
            ("https://example.org/linkedin.com/in/ada", false),
            ("", false),
        ] {
            assert_eq!(is_linkedin_profile(uri), expected, "{uri}");
        }
    }
}
