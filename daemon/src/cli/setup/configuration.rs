//! kith.toml as setup writes it: the annotated sample, or the user's own file
//! with a few values set in place.

use std::net::SocketAddr;

use toml_edit::{Array, DocumentMut, Item, Table, Value};

use crate::config::sample;
use crate::core::settings::{DEFAULTS, Me, Settings};
use crate::error::{Error, Result};

/// What setup sets.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub(super) struct Change {
    /// Who the user is, as far as it was said: what is empty stays as it was.
    pub(super) me: Me,
    /// Where to listen, if elsewhere than the file says.
    pub(super) listen: Option<SocketAddr>,
}

impl Change {
    fn of_me(&self) -> bool {
        self.me != Me::default()
    }
}

/// The text of kith.toml after a change; without a file it is the sample, with
/// everything commented out but what is set.
///
/// # Errors
/// If the file cannot be used as it is.
pub(super) fn changed(before: Option<&str>, change: &Change) -> Result<String> {
    let base = match before.filter(|text| !text.trim().is_empty()) {
        Some(text) if !change.of_me() && change.listen.is_none() => return Ok(text.to_owned()),
        Some(text) => text.to_owned(),
        None => sample(),
    };
    let unusable = |error: String| {
        Error::config(format!("could not change kith.toml: {error}"))
            .hint("correct it first; kith check says what is wrong")
    };
    let has = |section: &str| base.lines().any(|line| line.trim() == format!("[{section}]"));
    let sections = [("me", change.of_me()), ("serve", change.listen.is_some())];
    let closed = sections.into_iter().filter(|(section, wanted)| *wanted && !has(section));
    let base = closed.fold(base.clone(), |text, (section, _)| opened(&text, section));
    let mut document: DocumentMut =
        base.parse().map_err(|e: toml_edit::TomlError| unusable(e.to_string()))?;
    let Change { me, listen } = change;
    let mut values: Vec<(&str, &str, Value)> = Vec::new();
    if !me.name.is_empty() {
        values.push(("me", "name", me.name.as_str().into()));
    }
    for (key, list) in [("emails", &me.emails), ("phones", &me.phones)] {
        if !list.is_empty() {
            values.push(("me", key, list.iter().collect::<Array>().into()));
        }
    }
    if let Some(listen) = listen {
        values.push(("serve", "listen", listen.to_string().into()));
    }
    for (table, key, value) in values {
        set(&mut document, table, key, value)
            .ok_or_else(|| unusable(format!("{table} is not a table there")))?;
    }
    let after = document.to_string();
    Settings::parse(&after).map_err(|error| unusable(error.to_string()))?;
    Ok(after)
}

/// Sets a value in place: the comment behind it stays.
fn set(document: &mut DocumentMut, table: &str, key: &str, mut new: Value) -> Option<()> {
    let table = document.entry(table).or_insert_with(|| Item::Table(Table::new())).as_table_like_mut()?;
    match table.get_mut(key).and_then(Item::as_value_mut) {
        Some(old) => {
            *new.decor_mut() = old.decor().clone();
            *old = new;
        }
        None => {
            table.insert(key, Item::Value(new));
        }
    }
    Some(())
}

/// The text with a section of the sample no longer commented out, so that what
/// is set in it stands where its comment is.
fn opened(text: &str, section: &str) -> String {
    let mut within = false;
    text.lines()
        .map(|line| {
            if line.trim_start_matches('#').starts_with('[') {
                within = line == format!("#[{section}]");
            }
            of_sample(line).filter(|_| within).unwrap_or(line).to_owned() + "\n"
        })
        .collect()
}

/// A line of the sample that is commented out in a user's file, as it was.
fn of_sample(line: &str) -> Option<&str> {
    line.strip_prefix('#').filter(|line| DEFAULTS.lines().any(|known| known == *line))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn me(name: &str, emails: &[&str]) -> Me {
        let emails = emails.iter().map(|&email| email.to_owned()).collect();
        Me { name: name.to_owned(), emails, ..Me::default() }
    }

    #[test]
    fn a_new_file_is_the_sample_with_what_is_set() {
        let nothing = changed(None, &Change::default()).unwrap();
        assert_eq!(Settings::parse(&nothing), Settings::parse(""));
        assert!(nothing.lines().all(|line| line.is_empty() || line.starts_with('#')));
        assert_eq!(nothing.lines().count(), DEFAULTS.lines().count());

        let change = Change {
            me: me("Eva \"E\" Ernst", &["eva@example.org"]),
            listen: Some(([127, 0, 0, 1], 5485).into()),
        };
        let text = changed(None, &change).unwrap();
        assert_eq!(text.lines().count(), DEFAULTS.lines().count(), "in place");
        let settings = Settings::parse(&text).unwrap();
        assert_eq!((settings.me, settings.serve.listen), (change.me.clone(), change.listen.unwrap()));
        assert_eq!(changed(Some(&text), &change).unwrap(), text, "again: no change");
    }

    #[test]
    fn a_file_that_is_there_is_changed_in_place() {
        let before = "# mine\n[me]\nname = \"E\" # me\n\n[budget]\nper_day = 1\n";
        assert_eq!(changed(Some(before), &Change::default()).unwrap(), before);
        let change = Change { me: me("", &["e@example.org"]), listen: None };
        assert_eq!(
            changed(Some(before), &change).unwrap(),
            "# mine\n[me]\nname = \"E\" # me\nemails = [\"e@example.org\"]\n\n[budget]\nper_day = 1\n"
        );
        let change = Change { me: me("Eva", &[]), listen: None };
        assert_eq!(changed(Some(before), &change).unwrap(), before.replace("\"E\"", "\"Eva\""));
    }

    #[test]
    fn a_value_is_set_where_the_sample_speaks_of_it() {
        let sample = changed(None, &Change::default()).unwrap();
        let change = Change { listen: Some(([127, 0, 0, 1], 6000).into()), ..Change::default() };
        let after = changed(Some(&sample), &change).unwrap();
        assert_eq!(
            after,
            sample
                .replace("#[serve]", "[serve]")
                .replace("#listen = \"127.0.0.1:5484\"", "listen = \"127.0.0.1:6000\"")
        );
        let mine = "#[serve]\n[serve]\n";
        assert_eq!(changed(Some(mine), &change).unwrap(), format!("{mine}listen = \"127.0.0.1:6000\"\n"));
    }

    #[test]
    fn a_file_that_cannot_be_used_is_left_alone() {
        let change = Change { me: me("Eva", &[]), listen: None };
        for before in ["[me", "me = 1\n", "[budget]\nper_day = 'x'\n"] {
            assert_eq!(changed(Some(before), &change).unwrap_err().kind.exit_code(), 3, "{before}");
        }
    }
}
