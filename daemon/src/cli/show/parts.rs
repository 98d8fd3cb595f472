//! What cards say of somebody in parts that the database has no column for.

use kith_plugin::NameComponentKind;

use crate::core::contact::Column;
use crate::core::export::fields;
use crate::core::facts::PersonId;
use crate::error::Result;
use crate::store::Store;

/// Parts of the name, and of the organisation.
pub(super) struct Parts {
    pub(super) prefix: Option<String>,
    pub(super) middle: Option<String>,
    pub(super) suffix: Option<String>,
    /// Those of the organisation that is shown, the larger first.
    pub(super) departments: Option<String>,
    name: String,
}

impl Parts {
    pub(super) fn of(store: &Store, id: PersonId) -> Result<Self> {
        use NameComponentKind::{Credential, Generation, Given2, Title};
        let exported = store.exported(id, "vcard")?;
        let column = |column| exported.content.column(column);
        let said = fields(&exported);
        let part = |kinds: &[NameComponentKind]| {
            let of = said.name.components.iter().filter(|part| kinds.contains(&part.kind));
            let all: Vec<&str> = of.map(|part| part.value.as_str()).collect();
            (!all.is_empty()).then(|| all.join(" "))
        };
        let shown = said.organizations.iter().find(|one| one.name.as_deref() == column(Column::Organization));
        let departments = shown.filter(|one| !one.units.is_empty()).map(|one| one.units.join(", "));
        Ok(Self {
            prefix: part(&[Title]),
            middle: part(&[Given2]),
            suffix: part(&[Generation, Credential]),
            departments,
            name: column(Column::Name).unwrap_or_default().to_owned(),
        })
    }

    /// A part of the name that does not stand in it as it is shown.
    pub(super) fn beside_name<'p>(&self, part: &'p Option<String>) -> Option<&'p str> {
        let words: Vec<&str> = self.name.split([' ', ',']).collect();
        part.as_deref().filter(|part| !part.split(' ').all(|word| words.contains(&word)))
    }
}
