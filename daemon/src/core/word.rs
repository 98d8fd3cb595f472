//! The words for the variants of an enum: in the database, in JSON, on the command line.

/// The word for one of them.
pub(super) fn of<T: PartialEq>(words: &[(T, &'static str)], one: &T) -> &'static str {
    words.iter().find(|(known, _)| known == one).map_or("", |(_, word)| word)
}

/// The one that a word is for.
pub(super) fn named<T: Copy>(words: &[(T, &str)], text: &str) -> Option<T> {
    words.iter().find(|(_, word)| *word == text).map(|(one, _)| *one)
}
