//! What the versions of vCard write in ways of their own.

use std::str::FromStr;

use kith_plugin::{Kind, Relation};

use super::Entry;
use crate::core::date::Birthday;
use crate::core::export::line::Line;
use crate::core::export::value::{escape, split, unescape};

/// A version of vCard.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// RFC 2426.
    V3,
    /// RFC 6350.
    V4,
}

/// What somebody may be to a contact (RFC 6350 section 6.6.6).
const RELATIONS: [&str; 20] = [
    "acquaintance",
    "agent",
    "child",
    "co-resident",
    "co-worker",
    "colleague",
    "contact",
    "crush",
    "date",
    "emergency",
    "friend",
    "kin",
    "me",
    "met",
    "muse",
    "neighbor",
    "parent",
    "sibling",
    "spouse",
    "sweetheart",
];

/// What a type of a picture, a sound or a key is called in URIs, and by itself.
const MEDIA: [(&str, &str); 12] = [
    ("image/jpeg", "JPEG"),
    ("image/png", "PNG"),
    ("image/gif", "GIF"),
    ("image/webp", "WEBP"),
    ("image/bmp", "BMP"),
    ("image/tiff", "TIFF"),
    ("audio/basic", "BASIC"),
    ("audio/ogg", "OGG"),
    ("audio/mpeg", "MP3"),
    ("audio/x-wav", "WAVE"),
    ("application/pgp-keys", "PGP"),
    ("application/pkix-cert", "X509"),
];

impl Version {
    pub(super) fn number(self) -> &'static str {
        match self {
            Self::V3 => "3.0",
            Self::V4 => "4.0",
        }
    }

    pub(super) fn profile(self) -> &'static str {
        match self {
            // RFC 9554 section 3.5.
            Self::V4 => "SOCIALPROFILE",
            Self::V3 => "X-SOCIALPROFILE",
        }
    }

    /// What it is, if not a person; vCard 3.0 has only Apple's words.
    pub(super) fn kind(self, kind: Kind) -> Line {
        match (kind, self) {
            (Kind::Org, Self::V3) => Line::new("X-ABSHOWAS", "COMPANY".to_owned()),
            (Kind::Group, Self::V3) => Line::new("X-ADDRESSBOOKSERVER-KIND", "group".to_owned()),
            (kind, _) => Line::new(
                "KIND",
                match kind {
                    Kind::Individual => "individual",
                    Kind::Group => "group",
                    Kind::Org => "org",
                    Kind::Location => "location",
                    Kind::Device => "device",
                    Kind::Application => "application",
                }
                .to_owned(),
            ),
        }
    }

    /// Somebody related. Where RFC 6350 has no word for how, as vCard 3.0 has
    /// for nobody, Apple's property, whose label may say anything.
    pub(super) fn relation(self, relation: &Relation) -> Entry {
        let words: Vec<&str> = relation.relation.iter().flat_map(|words| words.split(", ")).collect();
        if self == Self::V3 || words.iter().any(|word| !RELATIONS.contains(word)) {
            let line = Line::new("X-ABRELATEDNAMES", escape(&relation.name));
            return Entry { label: relation.relation.clone(), ..line.into() };
        }
        let mut line = Line::new("RELATED", escape(&relation.name));
        words.into_iter().for_each(|word| line.add("TYPE", word.to_owned()));
        // By itself the value is a URI, such as the UID of another card.
        if !relation.name.starts_with("urn:") {
            line.add("VALUE", "text".to_owned());
        }
        line.into()
    }

    /// A date (RFC 6350 section 4.3.1); vCard 3.0 has whole ones, and Apple's way for those without a year.
    pub(super) fn date(self, name: &str, date: &str) -> Line {
        let known = Birthday::from_str(date).ok();
        match (self, known) {
            (Self::V4, Some(_)) => {
                Line::new(name, date.replacen("--", "\u{0}", 1).replace('-', "").replace('\u{0}', "--"))
            }
            (Self::V3, Some(day)) if day.year().is_none() => {
                let date = format!("1604{}", date.strip_prefix('-').unwrap_or(date));
                Line::new(name, date).with("X-APPLE-OMIT-YEAR", "1604")
            }
            _ => Line::new(name, escape(date)),
        }
    }

    /// A line of another version in this one, its parameters in one order, so
    /// that the same line of two cards is the same.
    pub(in crate::core::export) fn of(self, line: Line) -> Line {
        let mut line = self.converted(line);
        line.parameters.sort();
        line
    }

    fn converted(self, mut line: Line) -> Line {
        match (self, line.name.as_str()) {
            (_, "PHOTO" | "LOGO" | "SOUND" | "KEY") => {
                let line = self.media(line);
                self.preferred(line)
            }
            (Self::V4, "GEO") if !line.value.contains(':') => {
                if let [latitude, longitude] = split(&line.value, ';')[..] {
                    line.value = format!("geo:{},{}", latitude.trim(), longitude.trim());
                }
                line
            }
            (Self::V3, "GEO") => {
                if let Some((latitude, longitude)) =
                    line.value.strip_prefix("geo:").and_then(|at| at.split_once(','))
                {
                    line.value = format!("{latitude};{longitude}");
                }
                self.preferred(line)
            }
            _ => self.preferred(line),
        }
    }

    /// The most preferred one, as this version has it.
    fn preferred(self, mut line: Line) -> Line {
        if self == Self::V3 && line.parameter("PREF") == ["1"] {
            line.take("PREF");
            line.add("TYPE", "pref".to_owned());
        }
        line
    }

    /// Bytes within a card: a URI in vCard 4.0 (RFC 6350 section 6.2.4), base64 before.
    fn media(self, mut line: Line) -> Line {
        let is = |name: &String, known: &str| name.eq_ignore_ascii_case(known);
        match self {
            Self::V4 if line.is_base64() => {
                line.take("ENCODING");
                line.take("VALUE");
                let types = line.take("TYPE");
                let mut media = None;
                for given in types {
                    let bare = given.rsplit('/').next().unwrap_or(&given).to_owned();
                    let bare = if is(&bare, "JPG") { "JPEG".to_owned() } else { bare };
                    match MEDIA.iter().find(|(media, short)| is(&bare, short) || is(&given, media)) {
                        Some((known, _)) => media = media.or(Some(*known)),
                        None => line.add("TYPE", given),
                    }
                }
                let media = media.or(match line.value.get(..4) {
                    Some("/9j/") => Some("image/jpeg"),
                    Some("iVBO") => Some("image/png"),
                    _ => None,
                });
                line.value =
                    format!("data:{};base64,{}", media.unwrap_or("application/octet-stream"), line.value);
            }
            Self::V3 => {
                if let Some((media, bytes)) = embedded(&line.value) {
                    let short = MEDIA.iter().find(|(known, _)| media.eq_ignore_ascii_case(known));
                    let short = short.map(|(_, short)| (*short).to_owned());
                    line.value = bytes;
                    line.take("VALUE");
                    line.take("MEDIATYPE");
                    line.add("ENCODING", "b".to_owned());
                    short.into_iter().for_each(|short| line.add("TYPE", short));
                }
            }
            Self::V4 => {}
        }
        line
    }
}

/// The media type and the base64 of a `data:` URI (RFC 2397).
fn embedded(uri: &str) -> Option<(String, String)> {
    let uri = unescape(uri);
    let (media, bytes) = uri.strip_prefix("data:")?.split_once(',')?;
    Some((media.strip_suffix(";base64")?.to_owned(), bytes.to_owned()))
}
