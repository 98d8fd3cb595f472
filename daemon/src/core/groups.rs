//! Groups of an address book that are records of their own: their members get
//! their names as labels.
//!
//! A member is named by the UID of its record (RFC 6350 section 6.6.5), and may
//! stand before the group or behind it, or in another file of the folder.

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeSet, HashMap};
use std::hash::{Hash, Hasher};

use kith_plugin::text::one_line;
use kith_plugin::{Contact, Kind, add};

/// The groups of a batch.
#[derive(Debug, Default)]
pub struct Groups {
    /// By the member: what its groups are called.
    of: HashMap<Member, BTreeSet<String>>,
}

/// A member, as far as it matters who it is.
pub type Member = u64;

impl Groups {
    /// Takes note of a record, if it is a group. One of the same name adds to it.
    pub fn note(&mut self, contact: &Contact) {
        if !is_group(contact) {
            return;
        }
        let Some(name) = contact.name.full.clone().and_then(one_line) else { return };
        for member in &contact.members {
            self.of.entry(key(member)).or_default().insert(name.clone());
        }
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// What the groups of a member are called.
    pub fn names(&self, member: Member) -> impl Iterator<Item = &String> {
        self.of.get(&member).into_iter().flatten()
    }

    /// Gives a record the labels of its groups.
    pub fn label(&self, contact: &mut Contact) {
        let Some(member) = member(contact).filter(|_| !self.is_empty()) else { return };
        self.names(member).for_each(|name| add(&mut contact.keywords, name.clone()));
    }
}

/// Whether a record is a group that says who is in it.
#[must_use]
pub fn is_group(contact: &Contact) -> bool {
    contact.kind == Some(Kind::Group) && !contact.members.is_empty()
}

/// Who a record is to groups, if it can be in one. A group in a group is none of its people.
#[must_use]
pub fn member(contact: &Contact) -> Option<Member> {
    contact.uid.as_deref().filter(|_| contact.kind != Some(Kind::Group)).map(key)
}

/// The same of a UID with its scheme and without it, in any case.
fn key(uid: &str) -> Member {
    let uid = uid.trim().to_lowercase();
    let bare = uid.strip_prefix("urn:uuid:").unwrap_or(&uid);
    let mut hasher = DefaultHasher::new();
    bare.hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kith_plugin::Name;

    fn record(kind: Option<Kind>, name: &str, uid: &str, members: &[&str]) -> Contact {
        Contact {
            kind,
            uid: (!uid.is_empty()).then(|| uid.to_owned()),
            name: Name { full: Some(name.to_owned()), components: vec![] },
            members: members.iter().map(|&member| member.to_owned()).collect(),
            ..Contact::default()
        }
    }

    #[test]
    fn members_have_the_names_of_their_groups_and_nobody_else_has() {
        let mut groups = Groups::default();
        groups.note(&record(Some(Kind::Group), "Choir", "g", &["urn:uuid:A-1", "b-2", "g"]));
        groups.note(&record(Some(Kind::Group), "Bakers", "h", &["a-1"]));
        groups.note(&record(None, "No group", "i", &["b-2"]));
        for (uid, expected) in
            [("a-1", &["Bakers", "Choir"][..]), ("urn:uuid:B-2", &["Choir"]), ("c-3", &[]), ("", &[])]
        {
            let mut contact = record(None, "Ada", uid, &[]);
            groups.label(&mut contact);
            assert_eq!(contact.keywords, expected, "{uid}");
        }
        let mut group = record(Some(Kind::Group), "Choir", "g", &[]);
        groups.label(&mut group);
        assert!(group.keywords.is_empty());
    }
}
