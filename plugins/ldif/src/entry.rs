//! A record's attributes and their values (RFC 2849).

use std::borrow::Cow;

use encoding_rs::Encoding;
use kith_plugin::text::excerpt;

use crate::base64;

/// A record, as far as it is LDIF.
#[derive(Debug)]
pub(crate) struct Entry<'r> {
    attributes: Vec<Attribute<'r>>,
    /// What is read of it that is not UTF-8 is read in this encoding.
    otherwise: &'static Encoding,
}

/// One attribute with one value.
#[derive(Debug)]
struct Attribute<'r> {
    /// Its name in small letters, without options.
    name: String,
    /// Whether options follow the name (`cn;lang-de`): it is then another form of a value.
    has_options: bool,
    value: Value<'r>,
}

/// How a value is written.
#[derive(Debug)]
enum Value<'r> {
    /// As it is.
    Plain(Cow<'r, [u8]>),
    /// In base64.
    Base64(Cow<'r, [u8]>),
    /// In a file or on a server, which this names.
    Elsewhere(Cow<'r, [u8]>),
}

impl<'r> Entry<'r> {
    /// Reads a record, and what of it is not UTF-8 in the encoding `otherwise`;
    /// what is no attribute is said in `warnings`.
    pub(crate) fn read(record: &'r [u8], otherwise: &'static Encoding, warnings: &mut Vec<String>) -> Self {
        let mut entry = Self { attributes: Vec::new(), otherwise };
        let mut no_attribute = None;
        for line in unfolded(record) {
            match attribute(&line) {
                Some(attribute) => entry.attributes.push(attribute),
                // A comment, or what divides the changes of a change record.
                None if line.starts_with(b"#") || *line == *b"-" || line.is_empty() => {}
                None => {
                    no_attribute = no_attribute.or_else(|| Some(excerpt(&text_of(&line, otherwise))));
                }
            }
        }
        if let Some(line) = no_attribute {
            warnings.push(format!("“{line}” is no attribute and stays in the original only"));
        }
        let elsewhere = entry.attributes.iter().find_map(|attribute| match &attribute.value {
            Value::Elsewhere(place) => Some((&attribute.name, excerpt(&text_of(place, otherwise)))),
            _ => None,
        });
        if let Some((name, place)) = elsewhere {
            warnings.push(format!(
                "the value of {name} is not in the file but in {place}, which kith does not fetch"
            ));
        }
        entry
    }

    /// The names of the attributes in small letters, each with its value.
    /// Values that are not in the record have none, and what is no base64 is told to `bad`.
    pub(crate) fn texts(&self, mut bad: impl FnMut(String)) -> Vec<(&str, String)> {
        let mut texts = Vec::new();
        // A value for all languages goes before that for one.
        for with_options in [false, true] {
            for attribute in self.attributes.iter().filter(|a| a.has_options == with_options) {
                if is_binary(&attribute.name) {
                    continue;
                }
                match &attribute.value {
                    Value::Plain(bytes) => {
                        texts.push((attribute.name.as_str(), text_of(bytes, self.otherwise).into_owned()));
                    }
                    Value::Base64(bytes) => match base64::decode(bytes) {
                        Some(bytes) => texts
                            .push((attribute.name.as_str(), text_of(&bytes, self.otherwise).into_owned())),
                        None => bad(format!(
                            "the value of {} is no base64 and stays in the original only",
                            attribute.name
                        )),
                    },
                    Value::Elsewhere(_) => {}
                }
            }
        }
        texts
    }
}

/// The record as a text, as it stood; where it is not in UTF-8, without its
/// folds, which may split a character. Control characters have no place in it.
pub(crate) fn original(record: &[u8], otherwise: &'static Encoding) -> String {
    let text = match std::str::from_utf8(record) {
        Ok(text) => text.to_owned(),
        Err(_) => unfolded(record).map(|line| text_of(&line, otherwise).into_owned() + "\n").collect(),
    };
    let stays = |c: char| !c.is_control() || matches!(c, '\n' | '\r' | '\t');
    if text.chars().all(stays) {
        return text;
    }
    text.chars().map(|c| if stays(c) { c } else { char::REPLACEMENT_CHARACTER }).collect()
}

/// Attributes whose values are no text.
fn is_binary(name: &str) -> bool {
    ["jpegphoto", "photo", "thumbnailphoto", "audio", "usercertificate", "usersmimecertificate", "userpkcs12"]
        .contains(&name)
}

/// The lines of a record without their ends, those joined that continue one
/// another: a line that begins with a space continues the one before.
fn unfolded(record: &[u8]) -> impl Iterator<Item = Cow<'_, [u8]>> {
    let record = record.strip_suffix(b"\n").unwrap_or(record);
    let mut lines =
        record.split(|byte| *byte == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)).peekable();
    std::iter::from_fn(move || {
        let mut whole = Cow::Borrowed(lines.next()?);
        while let Some(more) = lines.next_if(|line| line.starts_with(b" ")) {
            whole.to_mut().extend_from_slice(&more[1..]);
        }
        Some(whole)
    })
}

/// Reads `name: value`, `name;options:: value` or `name:< value`.
fn attribute<'r>(line: &Cow<'r, [u8]>) -> Option<Attribute<'r>> {
    let colon = line.iter().position(|byte| *byte == b':')?;
    let (described, rest) = (std::str::from_utf8(&line[..colon]).ok()?, &line[colon + 1..]);
    let (name, has_options) = match described.split_once(';') {
        Some((name, _)) => (name, true),
        None => (described, false),
    };
    // RFC 4512 section 1.4: a name, or numbers with dots; underscores are common.
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-._".contains(&byte);
    if name.is_empty() || !name.bytes().all(fits) {
        return None;
    }
    let sign = rest.first().copied();
    let from = colon + 1 + usize::from(matches!(sign, Some(b':' | b'<')));
    let from = from + line[from..].iter().take_while(|byte| **byte == b' ').count();
    let value = match line {
        Cow::Borrowed(line) => Cow::Borrowed(&line[from..]),
        Cow::Owned(line) => Cow::Owned(line[from..].to_vec()),
    };
    let value = match sign {
        Some(b':') => Value::Base64(value),
        Some(b'<') => Value::Elsewhere(value),
        _ => Value::Plain(value),
    };
    Some(Attribute { name: name.to_ascii_lowercase(), has_options, value })
}

/// What bytes say: UTF-8, or else what the encoding `otherwise` makes of them.
fn text_of<'b>(bytes: &'b [u8], otherwise: &'static Encoding) -> Cow<'b, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => otherwise.decode_without_bom_handling(bytes).0,
    }
}

/// Whether a record is in UTF-8, as LDIF has to be. A fold may split a character.
pub(crate) fn is_utf8(record: &[u8]) -> bool {
    std::str::from_utf8(record).is_ok() || unfolded(record).all(|line| std::str::from_utf8(&line).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use encoding_rs::{WINDOWS_1250, WINDOWS_1252};

    #[test]
    fn lines_become_attributes() {
        for (name, record, expected, warned) in [
            ("plain", &b"cn: Ada\r\nsn:Lovelace\r\n"[..], "cn=Ada|sn=Lovelace", ""),
            ("folded", b"cn: Ad\n a Love\n  lace\n", "cn=Ada Love lace", ""),
            ("a folded comment", b"# one\n two: three\ncn: a\n", "cn=a", ""),
            ("base64", b"cn:: Wm/Dqw==\ndescription::\n YQ\n ==\n", "cn=Zo\u{eb}|description=a", ""),
            ("a split character", b"cn: Zo\xC3\n \xAB\n", "cn=Zo\u{eb}", ""),
            ("options", b"cn;lang-de: Anna\ncn: Ann\nCN;LANG-FR;x: Anne\n", "cn=Ann|cn=Anna|cn=Anne", ""),
            ("spaces", b"cn:    a: b  \n", "cn=a: b  ", ""),
            ("numbers as a name", b"2.5.4.3: a\n", "2.5.4.3=a", ""),
            ("nothing", b"cn:\nsn::\n", "cn=|sn=", ""),
            ("Latin-1", b"cn: Zo\xEB\n", "cn=Zo\u{eb}", ""),
            ("no base64", b"cn:: !!\n", "", "the value of cn is no base64 and stays in the original only"),
            (
                "a file",
                b"cn:< file:///etc/passwd\n",
                "",
                "the value of cn is not in the file but in file:///etc/passwd, which kith does not fetch",
            ),
            (
                "no attribute",
                b"hello\nhello there: x\n-\ncn: a\n",
                "cn=a",
                "“hello” is no attribute and stays in the original only",
            ),
            ("binary", b"jpegPhoto:: !!\ncn: a\n", "cn=a", ""),
        ] {
            let mut warnings = Vec::new();
            let entry = Entry::read(record, WINDOWS_1252, &mut warnings);
            let texts = entry.texts(|warning| warnings.push(warning));
            let texts: Vec<String> = texts.iter().map(|(name, value)| format!("{name}={value}")).collect();
            assert_eq!((texts.join("|").as_str(), warnings.join("|").as_str()), (expected, warned), "{name}");
        }
    }

    #[test]
    fn the_original_is_a_text_whatever_the_bytes() {
        for (name, record, expected) in [
            ("as it stood", &b"dn: a\r\ncn: b\r\n c\r\n"[..], "dn: a\r\ncn: b\r\n c\r\n"),
            ("Latin-1", b"cn: Zo\xEB\n", "cn: Zo\u{eb}\n"),
            ("a split character", b"cn: Zo\xC3\n \xAB\n", "cn: Zo\u{eb}\n"),
            ("zeros", b"cn: a\0\x1Bb\n", "cn: a\u{fffd}\u{fffd}b\n"),
        ] {
            assert_eq!(original(record, WINDOWS_1252), expected, "{name}");
        }
    }

    #[test]
    fn what_is_not_utf_8_is_read_as_stated() {
        let record = b"dn: x\ncn: Petrovi\xE6\n";
        let entry = Entry::read(record, WINDOWS_1250, &mut Vec::new());
        let texts = entry.texts(|_| {});
        assert_eq!(texts[1].1, "Petrovi\u{107}");
        assert_eq!(original(record, WINDOWS_1250), "dn: x\ncn: Petrovi\u{107}\n");
        assert!(!is_utf8(record));
        assert!(is_utf8(b"cn: Zo\xC3\n \xAB\n"));
    }
}
