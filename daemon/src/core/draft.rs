//! A message that is ready to be sent by hand: its words, and the links that
//! open it in a mail program or on a telephone. Nothing here sends anything.

use std::fmt::Write;

use super::text;

/// A message to somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    /// The mail's subject.
    pub subject: String,
    /// Its text, with line feeds.
    pub body: String,
    /// A shorter text, for a telephone.
    pub sms: String,
}

impl Draft {
    /// A link that opens it as a mail to these addresses (RFC 6068).
    #[must_use]
    pub fn mailto(&self, addresses: &[&str]) -> String {
        let to: Vec<String> = addresses.iter().map(|address| encoded(&seen(address), "@")).collect();
        let mut link = format!("mailto:{}?subject=", to.join(","));
        link.push_str(&encoded(&seen(&self.subject), ""));
        link.push_str("&body=");
        // Lines end with CRLF there (RFC 6068 section 5).
        link.push_str(&encoded(&seen(&self.body).replace('\n', "\r\n"), ""));
        link
    }

    /// A link that opens it as a short message to `number` (RFC 5724); none if that is more than a number.
    #[must_use]
    pub fn sms_to(&self, number: &str) -> Option<String> {
        Some(format!("sms:{}?body={}", dialled(number)?, encoded(&seen(&self.sms), "")))
    }
}

/// The digits that are dialled of a telephone number, with a plus before them
/// where it is international; none if it is more than a number.
#[must_use]
pub fn dialled(number: &str) -> Option<String> {
    // "+49 (0)30": the zero is dialled only within the country.
    let number = if number.starts_with('+') { number.replacen("(0)", "", 1) } else { number.to_owned() };
    let dialled: String =
        number.chars().filter(|c| !c.is_whitespace() && !matches!(c, '-' | '.' | '/' | '(' | ')')).collect();
    let digits = dialled.strip_prefix('+').unwrap_or(&dialled);
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then_some(dialled)
}

/// A text without what nobody sees in it and a mail program would obey, but for the ends of its lines.
fn seen(text: &str) -> String {
    text.chars().filter(|&c| text::shown(c) == Some(c)).collect()
}

/// A text as part of a URI (RFC 3986 section 2.1): whatever is not unreserved,
/// nor one of `also`, is percent-encoded UTF-8.
fn encoded(text: &str, also: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) || also.as_bytes().contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_hold_any_text() {
        let draft = Draft {
            subject: "50 % & more?".to_owned(),
            body: "Grüße,\nAnna=B".to_owned(),
            sms: "Hi, 1+1".to_owned(),
        };
        assert_eq!(
            draft.mailto(&["anna+kith@example.org"]),
            "mailto:anna%2Bkith@example.org?subject=50%20%25%20%26%20more%3F&body=Gr%C3%BC%C3%9Fe%2C%0D%0AAnna%3DB"
        );
        assert_eq!(draft.mailto(&["a?bcc=b@x"]).matches('?').count(), 1);
        assert_eq!(
            draft.mailto(&["jörg@example.org"]).split('?').next(),
            Some("mailto:j%C3%B6rg@example.org")
        );
        let two = draft.mailto(&["anna@example.org", "b,c@example.org"]);
        assert_eq!(two.split('?').next(), Some("mailto:anna@example.org,b%2Cc@example.org"));
        let turned = Draft {
            subject: "Hi \u{202e}annA".to_owned(),
            body: "Hi\r\nB\u{7}\u{2066}".to_owned(),
            sms: "\u{202e}Hi".to_owned(),
        };
        let link = turned.mailto(&["a\u{202e}@example.org"]);
        assert_eq!(link, "mailto:a@example.org?subject=Hi%20annA&body=Hi%0D%0AB");
        assert_eq!(turned.sms_to("030").as_deref(), Some("sms:030?body=Hi"));
        for (number, link) in [
            ("+49 (0)30 12-34", Some("sms:+49301234?body=Hi%2C%201%2B1")),
            ("030 / 12 34", Some("sms:0301234?body=Hi%2C%201%2B1")),
            ("555-0100 ext. 7", None),
            ("+", None),
            ("1;phone-context=x", None),
        ] {
            assert_eq!(draft.sms_to(number).as_deref(), link, "{number}");
        }
    }
}
