//! Base64 (RFC 4648 section 4).

/// Decodes base64 with or without its padding; `None` if it is none. Blanks,
/// which the folding of some writers leaves, do not matter.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut held) = (0_u32, 0_u32);
    let end =
        text.iter().rposition(|byte| *byte != b'=' && !byte.is_ascii_whitespace()).map_or(0, |at| at + 1);
    for &sign in text[..end].iter().filter(|byte| !byte.is_ascii_whitespace()) {
        let value = match sign {
            b'A'..=b'Z' => sign - b'A',
            b'a'..=b'z' => sign - b'a' + 26,
            b'0'..=b'9' => sign - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            let [.., byte] = (bits >> held).to_be_bytes();
            bytes.push(byte);
        }
    }
    // Six bits alone are a sign whose partner is lost.
    (held < 6).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_base64_is_decoded() {
        for (text, expected) in [
            ("", Some(&b""[..])),
            ("QQ==", Some(b"A")),
            ("QQ", Some(b"A")),
            ("QUI=", Some(b"AB")),
            ("QUJD", Some(b"ABC")),
            (" Q U\tJD ", Some(b"ABC")),
            ("Wm/Dqw==", Some("Zo\u{eb}".as_bytes())),
            ("/+8=", Some(b"\xFF\xEF")),
            ("Q", None),
            ("QQ==QQ==", None),
            ("Q-_A", None),
            ("\u{e9}", None),
        ] {
            assert_eq!(decode(text.as_bytes()).as_deref(), expected, "{text}");
        }
    }
}
