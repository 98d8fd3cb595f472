//! Calls, as a chat tells of them.

use crate::stamp::is_mark;

/// What a chat says of a call that took place, before how long it was: `Voice call, 5 min`.
const CALLS: [&str; 24] = [
    "voice call",
    "video call",
    "sprachanruf",
    "videoanruf",
    "llamada",
    "llamada de voz",
    "videollamada",
    "appel vocal",
    "appel vidéo",
    "chamada de voz",
    "chamada de vídeo",
    "ligação de voz",
    "ligação de vídeo",
    "chiamata vocale",
    "chiamata video",
    "videochiamata",
    "spraakoproep",
    "audio-oproep",
    "video-oproep",
    "röstsamtal",
    "videosamtal",
    "połączenie głosowe",
    "sesli arama",
    "görüntülü arama",
];

/// What it begins with where nobody answered.
const MISSED: [&str; 12] = [
    "missed voice call",
    "missed video call",
    "missed group",
    "verpasster",
    "llamada perdida",
    "llamada de voz perdida",
    "videollamada perdida",
    "appel vocal manqué",
    "appel vidéo manqué",
    "chamada de voz perdida",
    "chiamata vocale persa",
    "gemiste",
];

/// How many characters a line about a call has at most; what is longer, somebody wrote.
const LONGEST: usize = 60;

/// What the text of a message tells of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Call {
    /// They talked.
    TookPlace,
    /// They did not.
    Missed,
}

impl Call {
    /// What a message tells of a call; none if it is not about one.
    pub(crate) fn of(text: &str) -> Option<Self> {
        if text.chars().count() > LONGEST {
            return None;
        }
        let text: String = text.chars().filter(|c| !is_mark(*c)).collect::<String>().trim().to_lowercase();
        if MISSED.iter().any(|start| text.starts_with(start)) {
            return Some(Self::Missed);
        }
        let behind =
            |call: &&str| text.strip_prefix(*call).filter(|rest| !rest.starts_with(char::is_alphanumeric));
        // `Llamada` alone says nothing of what somebody called `Llamada de voz, 5 min`: the longest counts.
        let longest = CALLS.iter().filter(|call| behind(call).is_some()).max_by_key(|call| call.len())?;
        let rest = behind(longest)?;
        match rest.chars().next() {
            None => Some(Self::Missed),
            Some(',' | '.' | '،' | '•' | '·') if rest.contains(|c: char| c.is_numeric()) => {
                Some(Self::TookPlace)
            }
            Some(',' | '.' | '،' | '•' | '·') => Some(Self::Missed),
            // Somebody writes of one.
            Some(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_that_took_place_are_told_from_others() {
        use Call::{Missed, TookPlace};
        for (text, expected) in [
            ("\u{200e}Voice call, \u{200e}5 min", Some(TookPlace)),
            ("Video call, 34 sec", Some(TookPlace)),
            ("\u{200e}Sprachanruf, \u{200e}1 Std.", Some(TookPlace)),
            ("Llamada de voz, 2 min", Some(TookPlace)),
            ("\u{200e}Voice call, \u{200e}No answer", Some(Missed)),
            ("Voice call", Some(Missed)),
            ("\u{200e}Missed voice call, \u{200e}Tap to call back", Some(Missed)),
            ("Verpasster Sprachanruf um 21:41", Some(Missed)),
            ("Video call at 5?", None),
            ("Voice calls, 5 of them", None),
            ("Video call, 5 of us will be there; bring whatever you have for the rest of the choir", None),
            ("hello", None),
            ("", None),
        ] {
            assert_eq!(Call::of(text), expected, "{text}");
        }
    }
}
