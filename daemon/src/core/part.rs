//! What cards say of somebody that the database has no column for.

use kith_plugin::{Contact, NameComponentKind, Organization};

/// Such a part: of the name, or of an organisation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// What stands before the name: `Dr.`
    Prefix,
    /// Further given names.
    Middle,
    /// What stands behind the name: `Jr.`, `PhD`.
    Suffix,
    /// The departments of an organisation, the larger first.
    Department,
}

/// All of them.
pub const PARTS: [Part; 4] = [Part::Prefix, Part::Middle, Part::Suffix, Part::Department];

impl Part {
    /// What programs call it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Prefix => "name_prefix",
            Self::Middle => "middle_name",
            Self::Suffix => "name_suffix",
            Self::Department => "department",
        }
    }

    /// What a contact says of it: its values, departments each with whose they are.
    #[must_use]
    pub fn of(self, contact: &Contact) -> Vec<(String, Option<String>)> {
        use NameComponentKind::{Credential, Generation, Given2, Title};
        let kinds: &[NameComponentKind] = match self {
            Self::Prefix => &[Title],
            Self::Middle => &[Given2],
            Self::Suffix => &[Generation, Credential],
            Self::Department => {
                let organizations = contact.organizations.iter();
                return organizations
                    .filter_map(|firm| departments(firm).map(|units| (units, firm.name.clone())))
                    .collect();
            }
        };
        let parts = contact.name.components.iter().filter(|part| kinds.contains(&part.kind));
        let parts: Vec<&str> = parts.map(|part| part.value.as_str()).collect();
        if parts.is_empty() { Vec::new() } else { vec![(parts.join(" "), None)] }
    }
}

/// The departments of an organisation, in one text.
#[must_use]
pub fn departments(organization: &Organization) -> Option<String> {
    (!organization.units.is_empty()).then(|| organization.units.join(", "))
}
