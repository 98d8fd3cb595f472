//! Base64 (RFC 4648 section 4), as writers of LDIF have it.

use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, Engine as _, GeneralPurpose, GeneralPurposeConfig};

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

/// Decodes base64 with or without its padding; `None` if it is none. Blanks,
/// which the folding of some writers leaves, do not matter.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let signs: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    LENIENT.decode(signs).ok()
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
