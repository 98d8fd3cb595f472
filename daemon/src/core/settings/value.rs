//! Single values of kith.toml, as they are written there.

use std::net::SocketAddr;

use encoding_rs::Encoding;
use jiff::civil::Weekday;
use serde::{Deserialize, Deserializer};

use super::Channel;
use crate::core::preference::BestTime;

pub(super) fn weekday<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Weekday, D::Error> {
    let text = String::deserialize(deserializer)?;
    named_weekday(&text).ok_or_else(|| serde::de::Error::custom(not_a_weekday(&text)))
}

pub(super) fn weekdays<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Weekday>, D::Error> {
    let mut days = Vec::new();
    for text in Vec::<String>::deserialize(deserializer)? {
        let day = named_weekday(&text).ok_or_else(|| serde::de::Error::custom(not_a_weekday(&text)))?;
        if !days.contains(&day) {
            days.push(day);
        }
    }
    Ok(days)
}

fn not_a_weekday(text: &str) -> String {
    format!("{text:?} is not a weekday; write mon, tue, wed, thu, fri, sat or sun")
}

/// The weekday that an English word names: `mon`, `Monday`.
#[must_use]
pub fn named_weekday(text: &str) -> Option<Weekday> {
    let lower = text.trim().to_ascii_lowercase();
    [
        ("monday", Weekday::Monday),
        ("tuesday", Weekday::Tuesday),
        ("wednesday", Weekday::Wednesday),
        ("thursday", Weekday::Thursday),
        ("friday", Weekday::Friday),
        ("saturday", Weekday::Saturday),
        ("sunday", Weekday::Sunday),
    ]
    .into_iter()
    .find(|(name, _)| lower.len() >= 3 && name.starts_with(&lower))
    .map(|(_, day)| day)
}

pub(super) fn channel<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Channel>, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(serde::de::Error::custom)
}

pub(super) fn best_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<BestTime>, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map(Some).map_err(serde::de::Error::custom)
}

pub(super) fn yes() -> bool {
    true
}

pub(super) fn address<'de, D: Deserializer<'de>>(deserializer: D) -> Result<SocketAddr, D::Error> {
    let text = String::deserialize(deserializer)?;
    text.parse().map_err(|_| {
        serde::de::Error::custom(format!("{text:?} is not an address with a port; write 127.0.0.1:PORT"))
    })
}

pub(super) fn size<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u64, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "write a number and KiB, MiB or GiB, such as \"256 MiB\"")]
    enum Size {
        Bytes(u64),
        Text(String),
    }
    match Size::deserialize(deserializer)? {
        Size::Bytes(bytes) => Ok(bytes),
        Size::Text(text) => parse_size(&text).ok_or_else(|| {
            serde::de::Error::custom(format!(
                "{text:?} is not a size; write a number and KiB, MiB or GiB, such as \"256 MiB\""
            ))
        }),
    }
}

pub(super) fn encoding<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    parse_encoding(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

/// The encoding that somebody states for files that do not tell their own: the
/// name of the WHATWG Encoding Standard; none for `guess`.
///
/// # Errors
/// That there is none of that name, and names of some, in a sentence.
pub fn parse_encoding(label: &str) -> Result<Option<String>, String> {
    if label.trim().eq_ignore_ascii_case("guess") {
        return Ok(None);
    }
    match Encoding::for_label_no_replacement(label.as_bytes()) {
        Some(encoding) => Ok(Some(encoding.name().to_ascii_lowercase())),
        None => Err(format!(
            "{label:?} is no encoding; write \"guess\" or a name such as \"windows-1252\", \"windows-1257\", \"shift_jis\" or \"gbk\""
        )),
    }
}

fn parse_size(text: &str) -> Option<u64> {
    let text = text.trim();
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let (count, unit) = text.split_at(split);
    let factor: u64 = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "b" => 1,
        "k" | "kb" | "kib" => 1 << 10,
        "m" | "mb" | "mib" => 1 << 20,
        "g" | "gb" | "gib" => 1 << 30,
        _ => return None,
    };
    count.parse::<u64>().ok()?.checked_mul(factor)
}
