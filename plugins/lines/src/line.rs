//! Content lines, on bytes: physical ones as they stand in the file, logical
//! ones with their folds undone, and the parts of a property.

/// The first line of `bytes`: without its line end, and with it.
///
/// A line ends in CRLF, LF or a lone CR.
pub fn first(bytes: &[u8]) -> (&[u8], &[u8]) {
    let Some(at) = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
        return (bytes, bytes);
    };
    let end = if bytes[at..].starts_with(b"\r\n") { at + 2 } else { at + 1 };
    (&bytes[..at], &bytes[..end])
}

const MARK: &[u8] = b"\xEF\xBB\xBF";

/// `line` without the byte order mark that it has where files were joined.
pub fn without_mark(line: &[u8]) -> &[u8] {
    line.strip_prefix(MARK).unwrap_or(line)
}

/// Where a component begins or ends (RFC 5545 section 3.4, RFC 6350 section 6.1), with its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge<'a> {
    /// `BEGIN:` and its name.
    Begin(&'a [u8]),
    /// `END:` and its name.
    End(&'a [u8]),
}

impl<'a> Edge<'a> {
    /// Judges a line, with or without its line end. An indented line is the
    /// rest of a folded one and never an edge.
    #[must_use]
    pub fn of(line: &'a [u8]) -> Option<Self> {
        let line = without_mark(line);
        match line.first()? {
            b'B' | b'b' => named_after(line, b"BEGIN").map(Self::Begin),
            b'E' | b'e' => named_after(line, b"END").map(Self::End),
            _ => None,
        }
    }
}

/// The name in `word:NAME`.
fn named_after<'a>(line: &'a [u8], word: &[u8]) -> Option<&'a [u8]> {
    let (start, rest) = line.split_at_checked(word.len())?;
    let name = rest.trim_ascii_start().strip_prefix(b":")?.trim_ascii();
    (start.eq_ignore_ascii_case(word) && !name.is_empty() && name.iter().all(u8::is_ascii_graphic))
        .then_some(name)
}

/// A logical line of the form `group.NAME;parameters:value`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Property<'a> {
    /// The group with its dot, or nothing.
    pub group: &'a [u8],
    /// The name without its group.
    pub name: &'a [u8],
    /// The parameters with the semicolon before each, or nothing.
    pub parameters: &'a [u8],
    /// What follows the colon.
    pub value: &'a [u8],
}

impl<'a> Property<'a> {
    /// Takes a line to pieces; `None` if it is no property.
    pub fn split(line: &'a [u8]) -> Option<Self> {
        let line = without_mark(line);
        let name_end = line.iter().position(|byte| matches!(byte, b':' | b';'))?;
        let colon = name_end + value_colon(&line[name_end..])?;
        let (group, name) = group_and_name(&line[..name_end]);
        // Real extensions have more in their names than the letters, digits and hyphens of the standard.
        (!name.is_empty() && name.iter().all(u8::is_ascii_graphic)).then_some(Self {
            group,
            name,
            parameters: &line[name_end..colon],
            value: &line[colon + 1..],
        })
    }

    /// The parameters, each as name and value without quotes; a bare one of
    /// vCard 2.1 is a name with nothing.
    pub fn each_parameter(&self) -> impl Iterator<Item = (&'a [u8], &'a [u8])> + use<'a> {
        self.parameters.split(|byte| *byte == b';').skip(1).map(|parameter| {
            let (name, value) = match parameter.iter().position(|byte| *byte == b'=') {
                Some(at) => (&parameter[..at], &parameter[at + 1..]),
                None => (parameter, &b""[..]),
            };
            let value = value.trim_ascii();
            let value = value.strip_prefix(b"\"").and_then(|v| v.strip_suffix(b"\"")).unwrap_or(value);
            (name.trim_ascii(), value)
        })
    }

    /// How the value is encoded for transport.
    pub fn encoding(&self) -> TransferEncoding {
        for (name, value) in self.each_parameter() {
            let word = if name.eq_ignore_ascii_case(b"ENCODING") { value } else { name };
            if word.eq_ignore_ascii_case(b"QUOTED-PRINTABLE") {
                return TransferEncoding::QuotedPrintable;
            }
            if word.eq_ignore_ascii_case(b"BASE64") || name.len() > 1 && word.eq_ignore_ascii_case(b"B") {
                return TransferEncoding::Base64;
            }
        }
        TransferEncoding::None
    }

    /// The charset that the property names for itself (vCard 2.1).
    pub fn charset(&self) -> Option<&'a [u8]> {
        self.each_parameter().find(|(name, _)| name.eq_ignore_ascii_case(b"CHARSET")).map(|(_, value)| value)
    }
}

/// How a value is encoded for transport (vCard 2.1 and 3.0).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransferEncoding {
    /// It stands as it is.
    None,
    /// As quoted-printable (RFC 2045 section 6.7).
    QuotedPrintable,
    /// As base64 (RFC 2045 section 6.8).
    Base64,
}

/// The colon before the value in a line from its name's end on; quoted
/// parameters may hold colons, and a quote that is never closed is none.
fn value_colon(rest: &[u8]) -> Option<usize> {
    let mut quoted = false;
    for (at, byte) in rest.iter().enumerate() {
        match byte {
            b'"' => quoted = !quoted,
            b':' if !quoted => return Some(at),
            _ => {}
        }
    }
    if quoted { rest.iter().position(|byte| *byte == b':') } else { None }
}

/// Splits `group.NAME` behind its dot.
fn group_and_name(start: &[u8]) -> (&[u8], &[u8]) {
    let start = start.trim_ascii();
    start.split_at(start.iter().position(|byte| *byte == b'.').map_or(0, |dot| dot + 1))
}

/// The name of the property that a physical line begins, where it shows
/// without the line's folded rest.
fn name_of(line: &[u8]) -> Option<&[u8]> {
    let end = line.iter().position(|byte| matches!(byte, b':' | b';'))?;
    Some(group_and_name(without_mark(&line[..end])).1)
}

/// A logical line of a card.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Logical<'a, 's> {
    /// As it stands in the card, folds and line ends included.
    pub stood: &'a [u8],
    /// With its folds and soft breaks undone and without a line end.
    pub text: &'s [u8],
}

/// Walks through the logical lines of a card.
pub struct Unfold<'a> {
    rest: &'a [u8],
}

impl<'a> Unfold<'a> {
    /// Walks through `card` from its beginning.
    #[must_use]
    pub fn new(card: &'a [u8]) -> Self {
        Self { rest: card }
    }

    /// The next logical line. `scratch` is used only for a line that was
    /// folded; lines that begin a property which is not `wanted` keep their
    /// first physical line as text, so that pictures are not copied.
    pub fn next<'s>(
        &mut self,
        scratch: &'s mut Vec<u8>,
        wanted: impl Fn(&[u8]) -> bool,
    ) -> Option<Logical<'a, 's>>
    where
        'a: 's,
    {
        if self.rest.is_empty() {
            return None;
        }
        let whole = self.rest;
        let head = self.take_line();
        if head.is_empty() {
            return Some(Logical { stood: &whole[..whole.len() - self.rest.len()], text: head });
        }
        let copied = name_of(head).is_none_or(wanted);
        let mut last = head;
        let mut folded = false;
        let mut quoted_printable = None;
        // Whether this writer indents what follows a soft break, too.
        let mut indents = None;
        // A fold may hide for a while what the line is, but not for ever: each look costs its length.
        let mut looks = 8;
        loop {
            let ends_soft = last.ends_with(b"=");
            if ends_soft && quoted_printable.is_none() && looks > 0 {
                looks -= 1;
                quoted_printable = is_quoted_printable(if folded { scratch } else { head });
            }
            let soft = ends_soft && quoted_printable == Some(true);
            let indents = soft && *indents.get_or_insert_with(|| self.indents());
            let Some((skipped, indented)) = self.continuation(soft, indents) else {
                break;
            };
            if copied && !folded {
                scratch.clear();
                scratch.extend_from_slice(head);
                folded = true;
            }
            if soft && copied {
                scratch.pop();
            }
            self.rest = &self.rest[skipped..];
            let line = self.take_line();
            last = if indented { &line[1..] } else { line };
            if copied {
                scratch.extend_from_slice(last);
            }
        }
        let stood = &whole[..whole.len() - self.rest.len()];
        Some(Logical { stood, text: if folded { scratch } else { head } })
    }

    /// Whether every line behind a soft break begins with a blank, here where the first one is, and there are several.
    /// A text has one in front of each of its lines by chance only.
    fn indents(&self) -> bool {
        let mut rest = self.rest;
        let mut lines = 0;
        loop {
            let (line, with_end) = first(rest);
            if !matches!(line.first(), Some(b' ' | b'\t')) {
                return false;
            }
            lines += 1;
            if !line.ends_with(b"=") || lines == MOST_LOOKED_AT {
                return lines > 1;
            }
            rest = &rest[with_end.len()..];
        }
    }

    fn take_line(&mut self) -> &'a [u8] {
        let (line, with_end) = first(self.rest);
        self.rest = &self.rest[with_end.len()..];
        line
    }

    /// Whether the next line goes on with this one: how many bytes of empty
    /// lines stand between (some writers end every line in CRCRLF), and
    /// whether it is indented. What follows a soft break stands as it is (RFC
    /// 2045 section 6.7), unless its writer `indents` that as well.
    fn continuation(&self, soft: bool, indents: bool) -> Option<(usize, bool)> {
        if soft && Edge::of(first(self.rest).0).is_none() {
            let blank = matches!(self.rest.first()?, b' ' | b'\t');
            return Some((0, blank && indents));
        }
        let empty = self.rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        matches!(self.rest.get(empty)?, b' ' | b'\t').then_some((empty, true))
    }
}

/// How many soft breaks in a row are looked at to see whether their writer indents.
const MOST_LOOKED_AT: usize = 8;

/// Whether a line is quoted-printable; `None` as long as it is no property.
fn is_quoted_printable(line: &[u8]) -> Option<bool> {
    Property::split(line).map(|property| property.encoding() == TransferEncoding::QuotedPrintable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn edges_are_recognised_as_writers_write_them() {
        for (line, expected) in [
            ("BEGIN:VCARD", Some(Edge::Begin(b"VCARD"))),
            ("begin:vevent \r\n", Some(Edge::Begin(b"vevent"))),
            ("\u{feff}BEGIN : VCARD", Some(Edge::Begin(b"VCARD"))),
            ("END:VCARD\r", Some(Edge::End(b"VCARD"))),
            ("", None),
            (" BEGIN:VCARD", None),
            ("BEGINNER:VCARD", None),
            ("BEGIN:", None),
            ("END: of the day", None),
            ("FN:BEGIN:VCARD", None),
        ] {
            assert_eq!(Edge::of(line.as_bytes()), expected, "{line:?}");
        }
    }

    #[test]
    fn a_property_comes_to_pieces() {
        let line = b"item1.TEL;TYPE=\"a:b\";CELL;CHARSET=utf-8:tel:+1";
        let property = Property::split(line).unwrap();
        assert_eq!(
            (property.group, property.name, property.value),
            (&b"item1."[..], &b"TEL"[..], &b"tel:+1"[..])
        );
        assert_eq!(property.charset(), Some(&b"utf-8"[..]));
        assert_eq!(
            property.each_parameter().collect::<Vec<_>>(),
            [(&b"TYPE"[..], &b"a:b"[..]), (b"CELL", b""), (b"CHARSET", b"utf-8")]
        );
        assert_eq!(Property::split(b"NOTE;X=\"never closed:text").unwrap().value, b"text");
        for none in [&b"no colon"[..], b"", b":x", b"two words:x", b"TEL;CELL", b"\xFF\xFE:x"] {
            assert_eq!(Property::split(none), None, "{none:?}");
        }
    }

    #[test]
    fn transfer_encodings_are_found_in_every_dialect() {
        for (line, expected) in [
            ("NOTE:x", TransferEncoding::None),
            ("NOTE;ENCODING=8BIT:x", TransferEncoding::None),
            ("NOTE;QUOTED-PRINTABLE:x", TransferEncoding::QuotedPrintable),
            ("NOTE;CHARSET=UTF-8;encoding=quoted-printable:x", TransferEncoding::QuotedPrintable),
            ("PHOTO;ENCODING=b;TYPE=JPEG:x", TransferEncoding::Base64),
            ("PHOTO;BASE64:x", TransferEncoding::Base64),
            ("PHOTO;ENCODING=\"BASE64\":x", TransferEncoding::Base64),
        ] {
            assert_eq!(Property::split(line.as_bytes()).unwrap().encoding(), expected, "{line}");
        }
    }

    fn unfolded(card: &str) -> Vec<String> {
        let (mut lines, mut scratch, mut texts) = (Unfold::new(card.as_bytes()), Vec::new(), Vec::new());
        let mut stood = String::new();
        while let Some(line) = lines.next(&mut scratch, |name| name != b"PHOTO") {
            texts.push(String::from_utf8(line.text.to_vec()).unwrap());
            stood.push_str(std::str::from_utf8(line.stood).unwrap());
        }
        assert_eq!(stood, card, "nothing is lost");
        texts
    }

    #[test]
    fn folds_and_soft_breaks_are_undone() {
        for (name, card, expected) in [
            ("plain", "FN:a\r\nTEL:1\r\n", &["FN:a", "TEL:1"][..]),
            ("fold by space", "FN:a\r\n b\r\n c\r\nTEL:1", &["FN:abc", "TEL:1"]),
            ("fold by tab, content space kept", "FN:a\n\t b\n", &["FN:a b"]),
            ("lone CR", "FN:a\r b\rTEL:1\r", &["FN:ab", "TEL:1"]),
            ("CRCRLF", "FN:a\r\r\n b\r\r\nTEL:1\r\r\n", &["FN:ab", "", "TEL:1", ""]),
            (
                "soft break",
                "NOTE;QUOTED-PRINTABLE:a=\r\nb=\r\nc\r\nTEL:1",
                &["NOTE;QUOTED-PRINTABLE:abc", "TEL:1"],
            ),
            (
                "a blank behind a soft break",
                "NOTE;QUOTED-PRINTABLE:=C3=84pfel =\r\n und=\r\nBirnen=\n am Baum",
                &["NOTE;QUOTED-PRINTABLE:=C3=84pfel  undBirnen am Baum"],
            ),
            ("one alone", "NOTE;QUOTED-PRINTABLE:a=\r\n b\r\nTEL:1", &["NOTE;QUOTED-PRINTABLE:a b", "TEL:1"]),
            (
                "soft breaks and folds",
                "NOTE;QUOTED-PRINTABLE:a=\r\n b=\r\n c=\r\n d",
                &["NOTE;QUOTED-PRINTABLE:abcd"],
            ),
            ("= without quoted-printable", "URL:a=\r\nTEL:1", &["URL:a=", "TEL:1"]),
            (
                "soft break into the end",
                "NOTE;QUOTED-PRINTABLE:a=\nEND:VCARD",
                &["NOTE;QUOTED-PRINTABLE:a=", "END:VCARD"],
            ),
            ("fold in the name", "NO\n TE:a", &["NOTE:a"]),
            ("unwanted", "PHOTO:aa\n bb\n cc\nTEL:1", &["PHOTO:aa", "TEL:1"]),
        ] {
            assert_eq!(unfolded(card), expected, "{name}");
        }
    }
}
