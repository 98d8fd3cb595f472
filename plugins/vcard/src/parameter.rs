//! What the parameters of a property say: types, labels, preference.

use std::borrow::Cow;

use calcard::common::IanaString;
use calcard::vcard::{VCardEntry, VCardParameterName, VCardParameterValue, VCardValueType};

/// Types that say how a property is reached or sorted, not what it is for.
const TECHNICAL: &[&str] =
    &["pref", "voice", "text", "video", "msg", "internet", "x400", "dom", "intl", "postal", "parcel", "uri"];

/// The types of a property, those of vCard 2.1 that stand bare included.
pub(crate) fn types(entry: &VCardEntry) -> impl Iterator<Item = &str> {
    entry.params.iter().filter_map(|parameter| match (&parameter.name, &parameter.value) {
        (VCardParameterName::Type, VCardParameterValue::Type(known)) => Some(known.as_str()),
        (VCardParameterName::Type, VCardParameterValue::Text(other)) => Some(other.as_str()),
        (VCardParameterName::Pref, VCardParameterValue::Null) => Some("PREF"),
        (VCardParameterName::Other(bare), VCardParameterValue::Null) => Some(bare.as_str()),
        _ => None,
    })
}

/// Whether the property has this type.
pub(crate) fn has_type(entry: &VCardEntry, wanted: &str) -> bool {
    types(entry).any(|given| given.eq_ignore_ascii_case(wanted))
}

/// The first type that says what the property is for, in lower case.
pub(crate) fn purpose(entry: &VCardEntry) -> Option<String> {
    purposes(entry).next()
}

/// All types that say what the property is for, in lower case.
pub(crate) fn purposes(entry: &VCardEntry) -> impl Iterator<Item = String> {
    types(entry)
        .flat_map(|given| given.split(','))
        .map(str::trim)
        .filter(|given| !given.is_empty() && !TECHNICAL.iter().any(|word| given.eq_ignore_ascii_case(word)))
        .map(|given| decode(given).to_lowercase())
}

/// The preference, 1 (most) to 100 (RFC 6350 section 5.3); the older type `pref` is 1.
pub(crate) fn pref(entry: &VCardEntry) -> Option<u8> {
    let given = entry.params.iter().find_map(|parameter| match (&parameter.name, &parameter.value) {
        (VCardParameterName::Pref, VCardParameterValue::Integer(pref)) => u8::try_from(*pref).ok(),
        _ => None,
    });
    given.filter(|pref| (1..=100).contains(pref)).or_else(|| has_type(entry, "pref").then_some(1))
}

/// The text of the parameter with this name.
pub(crate) fn text<'e>(entry: &'e VCardEntry, name: &str) -> Option<Cow<'e, str>> {
    entry.params.iter().find_map(|parameter| match &parameter.value {
        VCardParameterValue::Text(text) if parameter.name.as_str().eq_ignore_ascii_case(name) => {
            Some(decode(text))
        }
        _ => None,
    })
}

/// Whether the property says of its value that it is free text.
pub(crate) fn is_free_text(entry: &VCardEntry) -> bool {
    entry.params.iter().any(|parameter| {
        parameter.name == VCardParameterName::Value
            && parameter.value == VCardParameterValue::ValueType(VCardValueType::Text)
    })
}

/// Decodes `^n`, `^'` and `^^` (RFC 6868).
fn decode(text: &str) -> Cow<'_, str> {
    if !text.contains('^') {
        return Cow::Borrowed(text);
    }
    let mut decoded = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        let meant = match (c, chars.peek()) {
            ('^', Some('n')) => Some('\n'),
            ('^', Some('\'')) => Some('"'),
            ('^', Some('^')) => Some('^'),
            _ => None,
        };
        if meant.is_some() {
            chars.next();
        }
        decoded.push(meant.unwrap_or(c));
    }
    Cow::Owned(decoded)
}

/// A label of Apple's address book: its own are wrapped as `_$!<Home>!$_` and
/// come out in lower case, the user's are as they were typed.
pub(crate) fn unwrap_label(label: &str) -> String {
    match label.strip_prefix("_$!<").and_then(|rest| rest.strip_suffix(">!$_")) {
        Some(own) => own.to_lowercase(),
        None => label.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn carets_are_decoded() {
        for (text, expected) in [
            ("plain", "plain"),
            ("a^nb", "a\nb"),
            ("^'x^'", "\"x\""),
            ("^^n", "^n"),
            ("^x^", "^x^"),
            ("^", "^"),
        ] {
            assert_eq!(decode(text), expected, "{text}");
        }
    }

    #[test]
    fn labels_are_unwrapped() {
        assert_eq!(unwrap_label("_$!<HomePage>!$_"), "homepage");
        assert_eq!(unwrap_label("Office of Ada"), "Office of Ada");
        assert_eq!(unwrap_label("_$!<Home"), "_$!<Home");
    }
}
