//! The values of properties: to text, and out of their URIs.

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

#[cfg(test)]
mod tests {
    use super::*;

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
}
