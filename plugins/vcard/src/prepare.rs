//! The pass over a card's bytes before they are parsed.
//!
//! calcard reads clean vCards well; what real ones are is put right here. Of a
//! card's lines only those of properties that [`contact`](crate::contact)
//! uses go on, unfolded, in UTF-8 and without transfer encoding; pictures,
//! unknown extensions and, but for their names, agents' cards stay in the original only.

use std::borrow::Cow;
use std::collections::BTreeMap;

use encoding_rs::Encoding;
use kith_lines::{Charset, Property, TransferEncoding, Unfold, named, quoted_printable, without_mark};
use kith_plugin::text::excerpt;

use crate::boundary::Boundary;
use crate::extension::{Extension, extension};
use crate::parameter::{CUSTOM, custom};

/// A value type that no parser knows. The first type named decides how calcard
/// reads a value, and it must leave dates alone: its own reading of them drops
/// what it does not understand and passes days that do not exist.
pub(crate) const AS_TEXT: &str = "x-as-text";

/// What the name of an agent (vCard 3.0, RFC 2426 section 3.5.4) goes on as: vCard 4.0
/// has no agents, but people who are related as one (RFC 6350 section 6.6.6).
const AGENT: &[u8] = b"RELATED;TYPE=agent;VALUE=text";

/// The most text that goes on from one card, in bytes. Parsed, a text may take
/// fifty times its size in memory; that of real cards without their pictures is
/// a hundredth of this.
const LARGEST_TEXT: usize = 1 << 20;

/// How much of an unknown property's name is shown, and how many are counted.
const LONGEST_NAME: usize = 40;
const MOST_NAMES: usize = 200;

/// What is done with the value of a property that is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Use {
    /// It is parsed by its type.
    AsTyped,
    /// It is a date or a time stamp, and goes on [`AS_TEXT`].
    AsText,
    /// It is an agent's card as an escaped text, of which the name goes on.
    Agent,
}

/// How a property of this name is used, if it is.
fn used(name: &[u8]) -> Option<Use> {
    const LONGEST: usize = 64;
    let mut upper = [0; LONGEST];
    let upper = upper.get_mut(..name.len())?;
    upper.copy_from_slice(name);
    upper.make_ascii_uppercase();
    match &*upper {
        b"ADR"
        | b"CATEGORIES"
        | b"EMAIL"
        | b"FN"
        | b"IMPP"
        | b"KIND"
        | b"LABEL"
        | b"N"
        | b"NICKNAME"
        | b"NOTE"
        | b"ORG"
        | b"RELATED"
        | b"ROLE"
        | b"SOCIALPROFILE"
        | b"TEL"
        | b"TITLE"
        | b"UID"
        | b"URL"
        | b"VERSION"
        | b"X-ABLABEL"
        | b"X-ABRELATEDNAMES"
        | b"X-ABSHOWAS"
        | b"X-ADDRESSBOOKSERVER-KIND"
        | b"X-SOCIALPROFILE" => Some(Use::AsTyped),
        b"ANNIVERSARY" | b"BDAY" | b"DEATHDATE" | b"REV" | b"X-ABDATE" => Some(Use::AsText),
        b"AGENT" => Some(Use::Agent),
        _ => match extension(std::str::from_utf8(name).ok()?)? {
            Extension::Technical => None,
            Extension::Date(_) => Some(Use::AsText),
            _ => Some(Use::AsTyped),
        },
    }
}

/// Whether a property has a label as Android writes it.
fn has_custom(property: &Property<'_>) -> bool {
    property.parameters.split(|byte| *byte == b';').any(|parameter| custom(parameter).is_some())
}

/// Prepares cards for the parser; holds the buffers that are used again.
#[derive(Default)]
pub(crate) struct Preparer {
    /// The encoding that the user states for cards that name none.
    pub(crate) stated: Option<&'static Encoding>,
    /// Properties of whose meaning nothing is known: their names, and how often they were there.
    pub(crate) unknown: BTreeMap<String, u64>,
    /// As what cards were read that do not say what they are, and how many.
    pub(crate) guessed: BTreeMap<&'static str, u64>,
    clean: String,
    scratch: Vec<u8>,
    decoded: Vec<u8>,
}

impl Preparer {
    /// Gives the text to parse for `card`, and says in `warnings` what had to be
    /// left out.
    pub(crate) fn prepare(&mut self, card: &[u8], warnings: &mut Vec<String>) -> &str {
        self.clean.clear();
        self.clean.push_str("BEGIN:VCARD\n");
        let mut charset = Charset::of(card, self.stated);
        let mut scratch = std::mem::take(&mut self.scratch);
        let mut lines = Unfold::new(card);
        let mut depth = 0_u32;
        let mut agent = Agent::Unnamed;
        let mut after_binary = false;
        let mut too_much = false;
        let (mut stray, mut unknown_charset): (Option<String>, Option<String>) = (None, None);
        while let Some(line) = lines.next(&mut scratch, |name| used(name).is_some()) {
            match Boundary::of(line.text) {
                Boundary::Begin | Boundary::AgentBegin => {
                    depth += 1;
                    if depth == 2 {
                        agent = Agent::Unnamed;
                    }
                }
                Boundary::End => depth = depth.saturating_sub(1),
                Boundary::Other if depth == 1 => match Property::split(line.text) {
                    Some(property) => {
                        let label = property.charset().filter(|label| named(label).is_none());
                        unknown_charset =
                            unknown_charset.or_else(|| Some(excerpt(&charset.decode(label?, None))));
                        let encoding = property.encoding();
                        let before = self.clean.len();
                        match used(property.name) {
                            Some(Use::AsTyped)
                                if encoding == TransferEncoding::None
                                    && property.charset().is_none()
                                    && !has_custom(&property) =>
                            {
                                self.clean.push_str(&charset.decode(without_mark(line.text), None));
                                self.clean.push('\n');
                            }
                            Some(Use::Agent) => self.agent_in(property.value, &mut charset),
                            Some(usage) => self.property(&property, usage, encoding, &mut charset),
                            None => self.left_out(property.name),
                        }
                        self.keep_spaces(before);
                        if self.clean.len() > LARGEST_TEXT {
                            self.clean.truncate(before);
                            too_much = true;
                        }
                        after_binary = encoding == TransferEncoding::Base64;
                    }
                    // vCard 2.1 does not indent the lines of a picture.
                    None if after_binary => {}
                    None => stray = stray.or_else(|| Some(excerpt(&charset.decode(line.text, None)))),
                },
                Boundary::Other if depth == 2 => self.line_of_agent(line.text, &mut agent, &mut charset),
                Boundary::Agent | Boundary::Blank | Boundary::Other => {}
            }
        }
        self.scratch = scratch;
        self.clean.push_str("END:VCARD\n");
        if let Some(text) = stray {
            warnings
                .push(format!("the line “{text}” is no property of a vCard and stays in the original only"));
        }
        if too_much {
            warnings.push(format!(
                "what makes the card's text larger than {} MiB stays in the original only",
                LARGEST_TEXT >> 20
            ));
        }
        let means_nothing = |byte: u8| byte.is_ascii_control() && !matches!(byte, b'\n' | b'\r' | b'\t');
        if self.clean.bytes().any(means_nothing) {
            warnings.push("control characters were left out; they stay in the original only".to_owned());
        }
        if let Some(label) = unknown_charset {
            warnings.push(format!(
                "its characters are in “{label}”, which kith does not know: names may look wrong (export again as UTF-8)"
            ));
        }
        if let Some(encoding) = charset.guessed {
            *self.guessed.entry(encoding.name()).or_default() += 1;
        }
        if let Some(encoding) = charset.failed {
            warnings.push(format!(
                "some characters could not be read as {} and were replaced by \u{fffd}",
                encoding.name()
            ));
        }
        &self.clean
    }

    /// Counts a property that is not used, if it may mean something to people.
    fn left_out(&mut self, name: &[u8]) {
        let Ok(name) = std::str::from_utf8(name) else { return };
        if extension(name) == Some(Extension::Technical) {
            return;
        }
        let name: String = name.chars().take(LONGEST_NAME).collect::<String>().to_ascii_uppercase();
        if let Some(count) = self.unknown.get_mut(&name) {
            *count += 1;
        } else if self.unknown.len() < MOST_NAMES {
            self.unknown.insert(name, 1);
        }
    }

    /// Of several spaces in a row behind something escaped, calcard keeps one,
    /// unless they are escaped as well. `from` is where the line begins.
    fn keep_spaces(&mut self, from: usize) {
        let line = &self.clean.as_bytes()[from..];
        if !line.contains(&b'\\') || !line.windows(2).any(|two| two == b"  ") {
            return;
        }
        let Some(value) = Property::split(line).map(|property| property.value.len()) else { return };
        // Once more, for the third one of three.
        let value = self.clean.split_off(self.clean.len() - value);
        self.clean.push_str(&value.replace("  ", " \\ ").replace("  ", " \\ "));
    }

    /// Takes from a line of an agent's card the name, as that of somebody related to whom the card is of: the whole
    /// one, or what the parts give as long as there is none.
    fn line_of_agent(&mut self, line: &[u8], agent: &mut Agent, charset: &mut Charset<'_>) {
        let Some(property) = Property::split(line) else { return };
        let before = self.clean.len();
        let spoken = match (property.name.to_ascii_uppercase().as_slice(), *agent) {
            (b"FN", Agent::Unnamed) => None,
            (b"FN", Agent::InParts(at)) => {
                self.clean.truncate(at);
                None
            }
            (b"N", Agent::Unnamed) => Some(spoken(property.value)),
            _ => return,
        };
        *agent = if spoken.is_some() { Agent::InParts(before) } else { Agent::Named };
        let value = spoken.as_deref().unwrap_or(property.value);
        let name = Property { group: b"", name: AGENT, value, ..property };
        self.property(&name, Use::AsTyped, property.encoding(), charset);
    }

    /// The same of a whole card that is a text (RFC 2426 section 3.5.4).
    fn agent_in(&mut self, text: &[u8], charset: &mut Charset<'_>) {
        let mut card = Vec::with_capacity(text.len());
        let mut bytes = text.iter();
        while let Some(&byte) = bytes.next() {
            card.push(match (byte, bytes.as_slice().first()) {
                (b'\\', Some(&escaped)) => {
                    bytes.next();
                    if matches!(escaped, b'n' | b'N') { b'\n' } else { escaped }
                }
                _ => byte,
            });
        }
        let mut agent = Agent::Unnamed;
        card.split(|byte| *byte == b'\n').for_each(|line| self.line_of_agent(line, &mut agent, charset));
    }

    fn property(
        &mut self,
        property: &Property<'_>,
        usage: Use,
        encoding: TransferEncoding,
        charset: &mut Charset<'_>,
    ) {
        let own = property.charset().and_then(named);
        self.clean.push_str(&charset.decode(property.group, None));
        self.clean.push_str(&charset.decode(property.name, None));
        if usage == Use::AsText {
            self.clean.push_str(";VALUE=");
            self.clean.push_str(AS_TEXT);
        }
        if encoding == TransferEncoding::Base64 {
            self.clean.push_str(&charset.decode(property.parameters, own));
        } else {
            self.parameters_but_encoding(property, charset);
        }
        self.clean.push(':');
        if encoding == TransferEncoding::QuotedPrintable {
            self.decoded.clear();
            // In other charsets the byte of a semicolon may be half a character.
            let mark = own.is_none_or(Encoding::is_ascii_compatible);
            quoted_printable::decode(property.value, mark, &mut self.decoded);
            quoted_printable::push_escaped(&mut self.clean, &charset.decode(&self.decoded, own));
        } else {
            match charset.decode(property.value, own) {
                Cow::Borrowed(text) => self.clean.push_str(text),
                Cow::Owned(text) => quoted_printable::push_escaped(&mut self.clean, &text),
            }
        }
        self.clean.push('\n');
    }

    /// The parameters without those that tell of the encoding just undone.
    fn parameters_but_encoding(&mut self, property: &Property<'_>, charset: &mut Charset<'_>) {
        for parameter in property.parameters.split(|byte| *byte == b';').skip(1) {
            let name = parameter.split(|byte| *byte == b'=').next().unwrap_or_default().trim_ascii();
            let gone = ["ENCODING", "CHARSET", "QUOTED-PRINTABLE"];
            if let Some(label) = custom(parameter) {
                self.clean.push_str(&format!(";{CUSTOM}=\"{label}\""));
            } else if !gone.iter().any(|gone| name.eq_ignore_ascii_case(gone.as_bytes())) {
                self.clean.push(';');
                self.clean.push_str(&charset.decode(parameter, None));
            }
        }
    }
}

/// What is known so far of the name of an agent.
#[derive(Debug, Clone, Copy)]
enum Agent {
    /// Nothing.
    Unnamed,
    /// Its parts, which are written from here on.
    InParts(usize),
    /// The whole of it.
    Named,
}

/// The parts of a name (RFC 6350 section 6.2.2), still encoded, as they are spoken: given name, further ones, family name.
fn spoken(parts: &[u8]) -> Vec<u8> {
    let parts: Vec<&[u8]> = parts.split(|byte| *byte == b';').collect();
    let part = |at: usize| parts.get(at).map(|part| part.trim_ascii()).filter(|part| !part.is_empty());
    [1, 2, 0].into_iter().filter_map(part).collect::<Vec<_>>().join(&b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prepared(lines: &[u8]) -> (String, Vec<String>) {
        let mut warnings = Vec::new();
        let card = [b"BEGIN:VCARD\r\n", lines, b"END:VCARD\r\n"].concat();
        let clean = Preparer::default().prepare(&card, &mut warnings).to_owned();
        let clean = clean.strip_prefix("BEGIN:VCARD\n").and_then(|c| c.strip_suffix("END:VCARD\n")).unwrap();
        (clean.to_owned(), warnings)
    }

    #[test]
    fn cards_are_made_clean() {
        for (name, lines, expected) in [
            ("as it is", &b"FN:Ada\r\n"[..], "FN:Ada\n"),
            (
                "unused ones go",
                b"PRODID:x\r\nPHOTO;BASE64:AAAA\r\nBBBB\r\n\r\nX-EVIL:x\r\nFN:a\r\n",
                "FN:a\n",
            ),
            (
                "of agents the name",
                b"FN:a\nAGENT:\nBEGIN:VCARD\nFN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Zo=C3=AB\nTEL:2\nEND:VCARD\nTEL:1\n",
                "FN:a\nRELATED;TYPE=agent;VALUE=text:Zoë\nTEL:1\n",
            ),
            (
                "agents of agents go",
                b"AGENT:BEGIN:VCARD\nAGENT:\nBEGIN:VCARD\nFN:c\nEND:VCARD\nFN:b\nEND:VCARD\nFN:a\n",
                "RELATED;TYPE=agent;VALUE=text:b\nFN:a\n",
            ),
            (
                "an agent in a text",
                b"FN:a\nAGENT:BEGIN:VCARD\\nN:B\\nFN:Zo\xC3\xAB B\\nTEL:+1-919-555-\n 1234\\nEND:VCARD\\n\nTEL:1\n",
                "FN:a\nRELATED;TYPE=agent;VALUE=text:Zoë B\nTEL:1\n",
            ),
            (
                "an agent with the parts of a name",
                b"AGENT:\nBEGIN:VCARD\nN;QUOTED-PRINTABLE:K=C3=B6nig;Bea;;Dr.\nTEL:2\nEND:VCARD\nFN:a\n",
                "RELATED;TYPE=agent;VALUE=text:Bea König\nFN:a\n",
            ),
            (
                "and the whole name of the next",
                b"AGENT:\nBEGIN:VCARD\nN:B;C\nFN:c b\nN:B;C\nEND:VCARD\nAGENT:\nBEGIN:VCARD\nN:D\nEND:VCARD\n",
                "RELATED;TYPE=agent;VALUE=text:c b\nRELATED;TYPE=agent;VALUE=text:D\n",
            ),
            (
                "parts in a text",
                b"AGENT:BEGIN:VCARD\\nN:Kern\\;Bert\\;\\;\\;\\nTEL\\;WORK:+1\\nEND:VCARD\\n\n",
                "RELATED;TYPE=agent;VALUE=text:Bert Kern\n",
            ),
            ("an agent elsewhere", b"FN:a\nAGENT;VALUE=uri:CID:x@example.com\n", "FN:a\n"),
            ("a fold inside a character", b"FN:Zo\xC3\r\n \xAB\r\n", "FN:Zoë\n"),
            ("quoted-printable", b"N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:=C3=\r\n=91;x\r\n", "N:Ñ;x\n"),
            ("with latin-1", b"N;WORK;QUOTED-PRINTABLE;CHARSET=ISO-8859-1:M=FCller\n", "N;WORK:Müller\n"),
            ("line breaks in it", b"NOTE;ENCODING=QUOTED-PRINTABLE:a=0D=0Ab=0Ac\n", "NOTE:a\\nb\\nc\n"),
            ("separators in it", b"ADR;QUOTED-PRINTABLE:a=3Bb=2Cc;d\\=3Be\n", "ADR:a\\;b\\,c;d\\;e\n"),
            ("no codes", b"NOTE;QUOTED-PRINTABLE:1=2 =zz =\n", "NOTE:1=2 =zz =\n"),
            (
                "an encoded semicolon in Japanese",
                b"N;QUOTED-PRINTABLE;CHARSET=ISO-2022-JP:=1B$B=3B3=1B(B\n",
                "N:山\n",
            ),
            (
                "dates are left alone",
                b"BDAY;value=date:1985-04-12\n",
                "BDAY;VALUE=x-as-text;value=date:1985-04-12\n",
            ),
            (
                "base64 is left to the parser",
                b"FN;ENCODING=B;CHARSET=UTF-8:QWRh\n",
                "FN;ENCODING=B;CHARSET=UTF-8:QWRh\n",
            ),
        ] {
            assert_eq!(prepared(lines), (expected.to_owned(), vec![]), "{name}");
        }
    }

    #[test]
    fn the_last_byte_of_a_shift_jis_character_is_no_backslash() {
        // 表 is 0x95 0x5C.
        let (clean, _) = prepared(b"N;CHARSET=SHIFT_JIS:\x95\x5C;x\r\n");
        assert_eq!(clean, "N:表;x\n");
    }

    #[test]
    fn a_property_that_is_too_large_is_left_out_and_those_behind_it_are_not() {
        let lines = format!("FN:a\nNOTE:{}\nTEL:1\n", "x".repeat(LARGEST_TEXT));
        let (clean, warnings) = prepared(lines.as_bytes());
        assert_eq!(clean, "FN:a\nTEL:1\n");
        assert_eq!(warnings, ["what makes the card's text larger than 1 MiB stays in the original only"]);
    }

    #[test]
    fn what_a_name_loses_is_said() {
        for (lines, expected) in [
            (
                &b"FN:Nul\0Byte \x1b[31mred\n"[..],
                "control characters were left out; they stay in the original only",
            ),
            (
                b"N;QUOTED-PRINTABLE:a=07b\n",
                "control characters were left out; they stay in the original only",
            ),
            (
                b"N;CHARSET=UTF-7:M+APw-ller\n",
                "its characters are in “UTF-7”, which kith does not know: names may look wrong (export again as UTF-8)",
            ),
        ] {
            assert_eq!(prepared(lines).1, [expected]);
        }
    }

    #[test]
    fn what_is_left_out_is_said() {
        let (clean, warnings) = prepared(b"FN:a\nand some words\nmore\nNOTE:Zo\xC3 \xC3\xA9\xC3\xA8\n");
        assert_eq!(clean, "FN:a\nNOTE:Zo\u{fffd} éè\n");
        assert_eq!(
            warnings,
            [
                "the line “and some words” is no property of a vCard and stays in the original only",
                "some characters could not be read as UTF-8 and were replaced by \u{fffd}"
            ]
        );
    }
}
