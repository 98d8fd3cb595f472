//! Mailing lists (groupOfNames): no people, but labels of people.

use std::collections::HashMap;

/// How many members of lists are remembered; no address book has as many people.
const MOST_MEMBERS: usize = 200_000;

/// The mailing lists of a file, by who is in them.
#[derive(Debug, Default)]
pub(crate) struct Lists {
    /// The lists' names by a member's name in the directory, made comparable.
    members: HashMap<String, Vec<String>>,
}

impl Lists {
    /// Adds a list with the names of its members.
    pub(crate) fn add<'m>(&mut self, list: &str, members: impl Iterator<Item = &'m str>) {
        for member in members {
            if self.members.len() < MOST_MEMBERS {
                kith_plugin::add(self.members.entry(comparable(member)).or_default(), list.to_owned());
            }
        }
    }

    /// The lists that a record of this name is in.
    pub(crate) fn of(&self, name: &str) -> &[String] {
        self.members.get(&comparable(name)).map_or(&[], Vec::as_slice)
    }
}

/// What kind of entry a record is, by its object classes in small letters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Somebody, or whoever has no class.
    Person,
    /// A mailing list.
    List,
    /// A part of the directory itself.
    Directory,
}

/// What a record with these object classes is.
pub(crate) fn class<'c>(classes: &(impl Iterator<Item = &'c str> + Clone)) -> Class {
    const LISTS: &[&str] =
        &["groupofnames", "groupofuniquenames", "groupofurls", "posixgroup", "rfc822mailgroup"];
    const DIRECTORY: &[&str] = &[
        "organization",
        "organizationalunit",
        "organizationalrole",
        "domain",
        "dcobject",
        "country",
        "locality",
        "device",
        "iphost",
        "applicationprocess",
        "subschema",
        "sudorole",
    ];
    let has = |known: &[&str]| {
        classes.clone().any(|class| known.iter().any(|known| class.eq_ignore_ascii_case(known)))
    };
    if has(&["person", "inetorgperson", "mozillaabpersonalpha", "mozillaabpersonobsolete"]) {
        Class::Person
    } else if has(LISTS) {
        Class::List
    } else if has(DIRECTORY) {
        Class::Directory
    } else {
        Class::Person
    }
}

/// The name that a distinguished name (RFC 4514) begins with, if it is one of a person.
pub(crate) fn name_in(distinguished: &str) -> Option<String> {
    let (kind, rest) = distinguished.split_once('=')?;
    if !["cn", "uid", "displayname"].iter().any(|known| kind.trim().eq_ignore_ascii_case(known)) {
        return None;
    }
    let (mut name, mut escaped) = (String::new(), false);
    for sign in rest.chars() {
        match sign {
            '\\' if !escaped => escaped = true,
            ',' | '+' if !escaped => break,
            sign => {
                name.push(sign);
                escaped = false;
            }
        }
    }
    let name = name.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// A distinguished name for comparing: neither case nor blanks around its parts matter.
fn comparable(distinguished: &str) -> String {
    let parts: Vec<&str> = distinguished.split(',').map(str::trim).collect();
    parts.join(",").to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_have_their_lists() {
        let mut lists = Lists::default();
        lists.add("Choir", ["cn=Ada,mail=ada@example.org", "cn=Zoë"].into_iter());
        lists.add("Work", ["CN=ada, mail=ADA@example.org"].into_iter());
        lists.add("Work", ["cn=Ada,mail=ada@example.org"].into_iter());
        assert_eq!(lists.of("cn=Ada, mail=ada@example.org"), ["Choir", "Work"]);
        assert_eq!(lists.of("cn=ZOË"), ["Choir"]);
        assert!(lists.of("cn=Bert").is_empty());
    }

    #[test]
    fn classes_tell_people_from_lists_and_the_directory() {
        for (classes, expected) in [
            ("", Class::Person),
            ("top person organizationalPerson inetOrgPerson", Class::Person),
            ("top groupOfNames", Class::List),
            ("groupOfUniqueNames top", Class::List),
            ("top organizationalUnit", Class::Directory),
            ("dcObject organization", Class::Directory),
            ("top locality inetOrgPerson", Class::Person),
            ("ownSchema", Class::Person),
        ] {
            assert_eq!(class(&classes.split_whitespace()), expected, "{classes}");
        }
    }

    #[test]
    fn a_distinguished_name_begins_with_a_name() {
        for (text, expected) in [
            ("cn=Ada Lovelace,ou=People,dc=example", Some("Ada Lovelace")),
            ("CN = Lovelace\\, Ada+uid=1", Some("Lovelace, Ada")),
            ("uid=ada,dc=example", Some("ada")),
            ("ou=People", None),
            ("cn=,x", None),
            ("Ada Lovelace", None),
        ] {
            assert_eq!(name_in(text).as_deref(), expected, "{text}");
        }
    }
}
