//! The lines of a vCard as it came, whatever its version, in one form: names in
//! capitals, folds, transfer encodings and charsets undone, parameters that
//! vCard 2.1 writes bare under their names.
//!
//! A card's text was cut out and taken by an importer; it is foreign all the
//! same. So nothing is read here but where a line's parts end, in one pass, and
//! what is no property is left out.

use kith_lines::{Edge, Property, TransferEncoding, Unfold, named, quoted_printable};

use super::value::{escape, quoted, split_quoted};

/// A line of a vCard.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Line {
    /// The property's name, in capitals.
    pub(super) name: String,
    /// The group that it shares with others, in capitals.
    pub(super) group: Option<String>,
    /// Parameters: names in capitals, and values without quotation marks.
    pub(super) parameters: Vec<(String, Vec<String>)>,
    /// The value, still escaped; base64 without spaces.
    pub(super) value: String,
}

impl Line {
    pub(super) fn new(name: &str, value: String) -> Self {
        Self { name: name.to_owned(), value, ..Self::default() }
    }

    /// The same with one parameter more.
    pub(super) fn with(mut self, parameter: &str, value: impl Into<String>) -> Self {
        self.add(parameter, value.into());
        self
    }

    /// Adds a value to a parameter.
    pub(super) fn add(&mut self, parameter: &str, value: String) {
        match self.parameters.iter_mut().find(|(name, _)| name == parameter) {
            Some((_, values)) if values.contains(&value) => {}
            Some((_, values)) => values.push(value),
            None => self.parameters.push((parameter.to_owned(), vec![value])),
        }
    }

    /// A parameter's values.
    pub(super) fn parameter(&self, name: &str) -> &[String] {
        self.parameters.iter().find(|(known, _)| known == name).map_or(&[], |(_, values)| values)
    }

    /// Takes a parameter away and gives its values.
    pub(super) fn take(&mut self, name: &str) -> Vec<String> {
        let at = self.parameters.iter().position(|(known, _)| known == name);
        at.map(|at| self.parameters.remove(at).1).unwrap_or_default()
    }

    /// Whether its value is base64, by this form's parameter.
    pub(super) fn is_base64(&self) -> bool {
        self.parameter("ENCODING").iter().any(|encoding| encoding == "b")
    }

    /// The line as it is written, without its group and its end.
    pub(super) fn text(&self) -> String {
        let mut text = self.name.clone();
        for (name, values) in &self.parameters {
            text.push(';');
            text.push_str(name);
            for (at, value) in values.iter().enumerate() {
                text.push(if at == 0 { '=' } else { ',' });
                text.push_str(&quoted(value));
            }
        }
        text.push(':');
        text.push_str(&self.value);
        text
    }
}

/// The lines of a card between its beginning and its end. A card within it
/// (an agent's) is the value of the line before.
pub(super) fn lines(card: &str) -> Vec<Line> {
    let (mut unfold, mut scratch) = (Unfold::new(card.as_bytes()), Vec::new());
    let mut lines: Vec<Line> = Vec::new();
    let mut depth = 0_u32;
    while let Some(line) = unfold.next(&mut scratch, |_| true) {
        let text = String::from_utf8_lossy(line.text);
        let edge = card_edge(line.text);
        match edge {
            Some(Edge::Begin(_)) => depth += 1,
            Some(Edge::End(_)) => depth = depth.saturating_sub(1),
            None => {}
        }
        let within = depth > 1 || depth == 1 && matches!(edge, Some(Edge::End(_)));
        if within {
            if let Some(before) = lines.last_mut().filter(|before| before.name == "AGENT") {
                before.value.push_str(if before.value.is_empty() { "" } else { "\\n" });
                before.value.push_str(&escape(&text));
            }
            continue;
        }
        if depth == 0 || edge.is_some() {
            continue;
        }
        match Property::split(line.text) {
            Some(property) => {
                let read = read(&property);
                // What is no edge of a card as it came would be one as it is written: an
                // export must not end before all is said.
                if matches!(read.name.as_str(), "BEGIN" | "END") {
                    continue;
                }
                // An agent's card that begins in the same line goes on below.
                if read.name == "AGENT" && card_edge(read.value.as_bytes()).is_some() {
                    depth += 1;
                }
                lines.push(read);
            }
            // vCard 2.1 does not indent the lines of a picture.
            None => {
                if let Some(before) = lines.last_mut().filter(|before| before.is_base64()) {
                    before.value.extend(text.chars().filter(|c| !c.is_whitespace() && !c.is_control()));
                }
            }
        }
    }
    lines
}

/// Where a card begins or ends.
fn card_edge(line: &[u8]) -> Option<Edge<'_>> {
    Edge::of(line).filter(|(Edge::Begin(name) | Edge::End(name))| name.eq_ignore_ascii_case(b"VCARD"))
}

fn read(property: &Property<'_>) -> Line {
    let capitals = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_ascii_uppercase();
    let group = capitals(property.group.strip_suffix(b".").unwrap_or(property.group));
    let mut line = Line {
        // What stands before a dot would be read as a group.
        name: capitals(property.name).replace('.', "-"),
        group: (!group.is_empty()).then_some(group),
        ..Line::default()
    };
    for parameter in split_quoted(&String::from_utf8_lossy(property.parameters), ';').into_iter().skip(1) {
        read_parameter(&mut line, parameter);
    }
    line.value = match property.encoding() {
        TransferEncoding::QuotedPrintable => {
            let (mut bytes, mut text) = (Vec::new(), String::new());
            let charset = property.charset().and_then(named);
            let mark = charset.is_none_or(|charset| charset.is_ascii_compatible());
            quoted_printable::decode(property.value, mark, &mut bytes);
            let decoded = match (std::str::from_utf8(&bytes), charset) {
                (Err(_), Some(charset)) => charset.decode_without_bom_handling(&bytes).0,
                _ => kith_lines::decode(&bytes),
            };
            quoted_printable::push_escaped(&mut text, &decoded);
            text
        }
        TransferEncoding::Base64 => {
            line.add("ENCODING", "b".to_owned());
            let value = String::from_utf8_lossy(property.value);
            value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect()
        }
        TransferEncoding::None => String::from_utf8_lossy(property.value).into_owned(),
    };
    // Nothing in a value may command a terminal, or end a line for some reader.
    line.value.retain(|c| !c.is_control() || c == '\t');
    line.value = line.value.replace(['\u{2028}', '\u{2029}'], "\\n");
    line
}

fn read_parameter(line: &mut Line, text: &str) {
    let (name, values) = match text.split_once('=') {
        Some((name, values)) => (name.trim().to_ascii_uppercase(), values),
        None => match text.trim().to_ascii_uppercase().as_str() {
            "INLINE" | "URL" | "CONTENT-ID" | "CID" => ("VALUE".to_owned(), text),
            _ => ("TYPE".to_owned(), text),
        },
    };
    let is_encoding = |word: &str| {
        ["QUOTED-PRINTABLE", "BASE64", "8BIT", "7BIT"].iter().any(|known| word.eq_ignore_ascii_case(known))
    };
    // Of what is no name, such as `LABE"L`, a reader would not know where it ends.
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    if name.is_empty() || !name.chars().all(is_name) || matches!(name.as_str(), "ENCODING" | "CHARSET") {
        return;
    }
    for value in split_quoted(values, ',') {
        let value = value.trim().trim_matches('"').replace('"', "");
        let value: String = value.chars().filter(|c| !c.is_control()).collect();
        // Types are a list, in quotation marks too (RFC 6350 section 5.6).
        let several = if name == "TYPE" { value.split(',').collect() } else { vec![value.as_str()] };
        for value in several.into_iter().map(str::trim).filter(|value| !value.is_empty()) {
            match (name.as_str(), is_encoding(value)) {
                ("TYPE", true) => {}
                ("TYPE", false) if value.eq_ignore_ascii_case("pref") => line.add("PREF", "1".to_owned()),
                _ => line.add(&name, value.to_owned()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn texts(lines_of_card: &str) -> Vec<String> {
        let card = format!("BEGIN:VCARD\r\n{lines_of_card}END:VCARD\r\n");
        let group = |line: &Line| line.group.as_ref().map(|group| format!("{group}.")).unwrap_or_default();
        lines(&card).iter().map(|line| group(line) + &line.text()).collect()
    }

    #[test]
    fn every_version_has_one_form() {
        for (name, card, expected) in [
            ("folded", "NOTE:a\r\n b\r\n", &["NOTE:ab"][..]),
            ("types", "x-a;type=HOME;type=\"a,b\";pref:1\r\n", &["X-A;TYPE=HOME,a,b;PREF=1:1"]),
            ("bare words of 2.1", "TEL;HOME;VOICE;ENCODING=8BIT:1\r\n", &["TEL;TYPE=HOME,VOICE:1"]),
            ("group", "item1.X-ABLabel:_$!<Home>!$_\r\n", &["ITEM1.X-ABLABEL:_$!<Home>!$_"]),
            (
                "a parameter that has no name",
                "X-A;LABE\"L=b c\":d\r\nX-A;\"b:c\"=d;X-B=e:f\r\n",
                &["X-A:d", "X-A;X-B=e:f"],
            ),
            ("quotation marks", "X-A;X-B=\"a:b;c\":d;e\r\n", &["X-A;X-B=\"a:b;c\":d;e"]),
            (
                "quoted-printable in a charset",
                "X-A;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:Zo=EB=0D=0A=\r\nx\r\n",
                &["X-A:Zoë\\nx"],
            ),
            (
                "a picture of 2.1",
                "PHOTO;JPEG;BASE64:\r\nAAAA\r\nBBBB==\r\n\r\nX-A:1\r\n",
                &["PHOTO;TYPE=JPEG;ENCODING=b:AAAABBBB==", "X-A:1"],
            ),
            ("a picture of 3.0", "PHOTO;ENCODING=b:AA\r\n AA\r\n", &["PHOTO;ENCODING=b:AAAA"]),
            (
                "an agent's card",
                "AGENT:\r\nBEGIN:VCARD\r\nFN:a, b\r\nEND:VCARD\r\nX-A:1\r\n",
                &["AGENT:BEGIN:VCARD\\nFN:a\\, b\\nEND:VCARD", "X-A:1"],
            ),
            (
                "edges of something else, and what control characters hide",
                "BEGIN:VCAD\r\nX-A:1\r\nEND:VCARD\u{14}\r\nitem1.END:VCARD\r\nX-B:1\r\n",
                &["X-A:1", "X-B:1"],
            ),
            ("a dot in a name", "a.b.c:1\r\n..d:1\r\n", &["A.B-C:1", "-D:1"]),
            ("no property", "and some words\r\nX-A:1\r\n", &["X-A:1"]),
            ("controls", "X-A:a\u{1b}[2Jb\u{2028}c\r\n", &["X-A:a[2Jb\\nc"]),
        ] {
            assert_eq!(texts(card), expected, "{name}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_read_and_its_form_stays(text in "(BEGIN:VCARD\n)?(\\PC|[\r\n:;=\", \\\\]){0,200}") {
            for line in lines(&text) {
                let written = line.text();
                prop_assert!(!written.contains(['\r', '\n']));
                let again = lines(&format!("BEGIN:VCARD\n{written}\nEND:VCARD\n"));
                if line.is_base64() {
                    continue;
                }
                for again in again {
                    prop_assert_eq!(again.text(), written.clone());
                }
            }
        }
    }
}
