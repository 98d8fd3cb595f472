//! Whose chat it is.
//!
//! The file's name says it in the phone's language, with the name of the chat at its end: `WhatsApp
//! Chat with Anna.txt`. An iPhone calls every file `_chat.txt`; there the chat's name stands in the
//! first line, as if it had sent the notice that the chat is encrypted.

use crate::stamp::is_mark;

/// What stands before a chat's name in the names of files.
const OPENINGS: [&str; 16] = [
    "WhatsApp Chat with ",
    "WhatsApp Chat - ",
    "WhatsApp-Chat mit ",
    "WhatsApp Chat mit ",
    "Chat de WhatsApp con ",
    "Discussion WhatsApp avec ",
    "Conversa do WhatsApp com ",
    "Chat WhatsApp con ",
    "WhatsApp-chat met ",
    "WhatsApp-chatt med ",
    "WhatsApp-chat med ",
    "WhatsApp-keskustelu: ",
    "Czat WhatsApp z: ",
    "Czat WhatsApp z ",
    "Чат WhatsApp с контактом ",
    "Chat WhatsApp dengan ",
];

/// What a chat is called: a person if it is with one, else a group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Title {
    /// By its name.
    Known(String),
    /// By something that ends with its name, or has nothing of it.
    EndOf(String),
}

impl Title {
    /// What the name of a file says.
    pub(crate) fn of_file(name: &str) -> Self {
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let stem = without_number(stem).trim();
        let rest = OPENINGS.iter().find_map(|opening| {
            let start = stem.get(..opening.len())?;
            start.eq_ignore_ascii_case(opening).then(|| &stem[opening.len()..])
        });
        rest.map_or_else(|| Self::EndOf(stem.to_owned()), |rest| Self::Known(plain(rest)))
    }

    /// The chat's name, where it is known.
    pub(crate) fn known(&self) -> Option<&str> {
        match self {
            Self::Known(name) => Some(name),
            Self::EndOf(_) => None,
        }
    }

    /// Whether the chat is called by some of somebody's names: a contact saved as Bert is Bert Kern to others.
    pub(crate) fn is_part_of(&self, sender: &str) -> bool {
        let sender = words(sender);
        self.known()
            .map(words)
            .is_some_and(|name| !name.is_empty() && name.iter().all(|word| sender.contains(word)))
    }

    /// Whether a notice names the chat in quotation marks, as one of a group does: `Bert created group "Choir"`.
    pub(crate) fn is_quoted_in(&self, notice: &str) -> bool {
        let quotes = ['"', '“', '”', '„', '«', '»', '‘', '’', '「', '『'];
        self.known().is_some_and(|name| {
            notice.match_indices(quotes).any(|(at, quote)| {
                let quoted = notice[at + quote.len()..].split(quotes).next().unwrap_or_default();
                words(quoted) == words(name)
            })
        })
    }

    /// Whether somebody is called as the chat is.
    pub(crate) fn is(&self, sender: &str) -> bool {
        let sender = words(sender);
        !sender.is_empty()
            && match self {
                Self::Known(name) => words(name) == sender,
                Self::EndOf(name) => words(name).ends_with(&sender),
            }
    }
}

/// A name without invisible marks, the tilde before names that people give themselves, and odd blanks.
pub(crate) fn plain(name: &str) -> String {
    let visible: String = name.chars().filter(|c| !is_mark(*c)).collect();
    let visible = visible.trim().trim_start_matches('~');
    visible.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A file's name without the number that browsers put behind that of a second one: ` (1)`.
fn without_number(stem: &str) -> &str {
    let number = |rest: &str| rest.strip_suffix(')').is_some_and(|n| n.bytes().all(|b| b.is_ascii_digit()));
    stem.rsplit_once(" (").filter(|(_, rest)| number(rest)).map_or(stem, |(stem, _)| stem)
}

/// The words of a name in the form in which they are compared; names of files lack some characters.
fn words(name: &str) -> Vec<String> {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_files_end_with_that_of_the_chat() {
        for (file, sender, expected) in [
            ("WhatsApp Chat with Anna Amsel.txt", "Anna Amsel", true),
            ("WhatsApp Chat with Anna Amsel (1).txt", "Anna Amsel", true),
            ("WhatsApp Chat with Anna Amsel.txt", "Amsel", false),
            ("WhatsApp Chat with Hanna.txt", "Anna", false),
            ("WhatsApp Chat - Anna.txt", "Anna 🎻", true),
            ("WhatsApp-Chat mit Dr. Ärmel.txt", "Dr. ärmel", true),
            ("Chat de WhatsApp con Anna.txt", "Anna", true),
            ("Discussion WhatsApp avec Anna.txt", "Anna", true),
            ("WhatsApp Sohbeti - Anna.txt", "Anna", true),
            ("WhatsApp Sohbeti - Hanna.txt", "Anna", false),
            ("WhatsApp Chat with +49 170 1234567.txt", "\u{202a}+49 170 1234567\u{202c}", true),
            ("_chat.txt", "Anna", false),
            ("_chat.txt", "🎻", false),
            ("", "Anna", false),
        ] {
            assert_eq!(Title::of_file(file).is(&plain(sender)), expected, "{file}: {sender}");
        }
    }

    #[test]
    fn a_chat_may_be_called_by_a_part_of_a_name() {
        for (file, sender, expected) in [
            ("WhatsApp Chat with Bert.txt", "Bert Kern", true),
            ("WhatsApp Chat with Kern, Bert.txt", "Bert Kern", true),
            ("WhatsApp Chat with Bert.txt", "Berta Kern", false),
            ("WhatsApp Chat with Bert Kern.txt", "Bert", false),
            ("WhatsApp Chat with 🎻.txt", "Bert", false),
            ("_chat.txt", "Bert", false),
        ] {
            assert_eq!(Title::of_file(file).is_part_of(sender), expected, "{file}: {sender}");
        }
        let choir = Title::of_file("WhatsApp Chat with Choir.txt");
        assert!(choir.is_quoted_in(" Bert created group \"Choir\""));
        assert!(choir.is_quoted_in(" Bert hat die Gruppe „Choir“ erstellt."));
        assert!(!choir.is_quoted_in(" Choir changed their phone number to \"new\""));
    }

    #[test]
    fn names_are_made_plain() {
        for (name, expected) in [
            ("~ Anna", "Anna"),
            ("~\u{202f}Anna\u{a0}Amsel ", "Anna Amsel"),
            ("\u{202a}+49 170 1234567\u{202c}", "+49 170 1234567"),
        ] {
            assert_eq!(plain(name), expected);
        }
    }
}
