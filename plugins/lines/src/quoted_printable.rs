//! Quoted-printable, as vCard 2.1 has it: a decoded value goes back into one line.

/// Stands before a `;` or `,` that was quoted-printable and therefore meant
/// literally. Control characters of a card are dropped anyway.
const LITERAL: u8 = 0x1A;

/// Decodes quoted-printable (RFC 2045 section 6.7) whose soft breaks are undone
/// already. What is no valid code stands as it is. With `mark_literals`, a `;`
/// or `,` that was encoded, and so meant literally, is kept apart from others
/// for [`push_escaped`].
pub fn decode(value: &[u8], mark_literals: bool, out: &mut Vec<u8>) {
    let mut rest = value;
    while let Some(at) = rest.iter().position(|byte| *byte == b'=') {
        out.extend_from_slice(&rest[..at]);
        rest = &rest[at..];
        let digit = |at: usize| char::from(*rest.get(at)?).to_digit(16).and_then(|d| u8::try_from(d).ok());
        if let (Some(high), Some(low)) = (digit(1), digit(2)) {
            let byte = high << 4 | low;
            if mark_literals && matches!(byte, b';' | b',') {
                out.push(LITERAL);
            }
            out.push(byte);
            rest = &rest[3..];
        } else {
            out.push(b'=');
            rest = &rest[1..];
        }
    }
    out.extend_from_slice(rest);
}

/// Appends a decoded value so that it stays in its line: line breaks and what is
/// meant literally are escaped, unless the writer escaped it as well.
pub fn push_escaped(clean: &mut String, text: &str) {
    let mut escaping = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\r' if chars.peek() == Some(&'\n') => continue,
            '\r' | '\n' => clean.push_str(if escaping { "\\\\n" } else { "\\n" }),
            c if c == char::from(LITERAL) => {
                if let Some(c) = chars.next_if(|c| matches!(c, ';' | ',')) {
                    clean.push_str(if escaping { "" } else { "\\" });
                    clean.push(c);
                }
            }
            c => {
                clean.push(c);
                escaping = c == '\\' && !escaping;
                continue;
            }
        }
        escaping = false;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_encoded_stays_in_its_line() {
        for (value, expected) in [
            ("plain", "plain"),
            ("a=0D=0Ab=0Ac", "a\\nb\\nc"),
            ("a=3Bb;c=2Cd,e", "a\\;b;c\\,d,e"),
            ("a\\=3Bb", "a\\;b"),
            ("50=, =zz, =E", "50=, =zz, =E"),
        ] {
            let (mut bytes, mut text) = (Vec::new(), String::new());
            decode(value.as_bytes(), true, &mut bytes);
            push_escaped(&mut text, std::str::from_utf8(&bytes).unwrap());
            assert_eq!(text, expected, "{value}");
        }
    }
}
