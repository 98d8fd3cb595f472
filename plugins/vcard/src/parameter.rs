//! What the parameters of a property say: types, labels, preference.

use std::borrow::Cow;

use calcard::common::IanaString;
use calcard::vcard::{VCardEntry, VCardParameterName, VCardParameterValue, VCardValueType};
use encoding_rs::UTF_8;
use kith_lines::{named, quoted_printable};
use kith_plugin::text::one_line;

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

/// What Android's parameter [`CUSTOM`] says that the property is for, in the user's own words.
pub(crate) fn own_label(entry: &VCardEntry) -> Option<String> {
    text(entry, CUSTOM).and_then(|label| one_line(label.into_owned()))
}

/// The name of the parameter under which Android's own labels go to the parser.
pub(crate) const CUSTOM: &str = "X-CUSTOM";

/// The label in a parameter as Android writes it where it has more than letters of ASCII, as a value that is
/// quoted (RFC 6868): `X-CUSTOM(CHARSET=UTF-8,ENCODING=QUOTED-PRINTABLE,B=C3=BCro)`.
pub(crate) fn custom(parameter: &[u8]) -> Option<String> {
    let (start, rest) = parameter.trim_ascii().split_at_checked(CUSTOM.len() + 1)?;
    let (name, open) = start.split_at(CUSTOM.len());
    if !name.eq_ignore_ascii_case(CUSTOM.as_bytes()) || open != b"(" {
        return None;
    }
    let mut rest = rest.strip_suffix(b")").unwrap_or(rest);
    let (mut charset, mut is_encoded) = (None, false);
    while let Some(at) = rest.iter().position(|byte| *byte == b',') {
        let mut said = rest[..at].splitn(2, |byte| *byte == b'=');
        match (said.next().unwrap_or_default().to_ascii_uppercase().as_slice(), said.next()) {
            (b"CHARSET", Some(label)) => charset = named(label),
            (b"ENCODING", Some(word)) => is_encoded = word.eq_ignore_ascii_case(b"QUOTED-PRINTABLE"),
            _ => break,
        }
        rest = &rest[at + 1..];
    }
    let mut bytes = Vec::new();
    if is_encoded {
        quoted_printable::decode(rest, true, &mut bytes);
    } else {
        bytes.extend_from_slice(rest);
    }
    let text = match charset {
        Some(charset) if charset != UTF_8 => charset.decode_without_bom_handling(&bytes).0,
        _ => kith_lines::decode(&bytes),
    };
    let text = one_line(text.into_owned())?;
    Some(text.replace('^', "^^").replace('"', "^'"))
}

/// The service that a profile is at: as named, else the type of Apple's
/// profiles, else the scheme of an instant messenger's address.
pub(crate) fn service_name(entry: &VCardEntry, uri: Option<&str>) -> Option<String> {
    let places = ["home", "work", "other", "pref"];
    let by_type = || {
        types(entry)
            .filter(|given| !places.iter().any(|place| given.eq_ignore_ascii_case(place)))
            .find_map(|given| one_line(given.to_owned()))
    };
    let by_scheme = || {
        let (scheme, _) = uri?.split_once(':')?;
        one_line(scheme.to_ascii_lowercase()).filter(|scheme| !scheme.starts_with("http"))
    };
    text(entry, "SERVICE-TYPE")
        .or_else(|| text(entry, "X-SERVICE-TYPE"))
        .and_then(|service| one_line(service.into_owned()))
        .or_else(by_type)
        .or_else(by_scheme)
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
