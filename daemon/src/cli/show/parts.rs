//! What cards say of somebody beside what the database has a column for.

use kith_plugin::Organization;
use serde_json::{Value, json};

use crate::core::contact::Column;
use crate::core::export::fields;
use crate::core::facts::PersonId;
use crate::core::part::{Part, departments};
use crate::error::Result;
use crate::store::Store;

/// Parts of the name and of the organisation, and further organisations and titles.
pub(super) struct Parts {
    pub(super) prefix: Option<String>,
    pub(super) middle: Option<String>,
    pub(super) suffix: Option<String>,
    /// Those of the organisation that is shown, the larger first.
    pub(super) departments: Option<String>,
    /// All titles and roles, the one that is shown first.
    pub(super) titles: Vec<String>,
    /// All organisations, the one that is shown first.
    organizations: Vec<Organization>,
    /// The name of that one.
    organization: Option<String>,
    name: String,
}

impl Parts {
    pub(super) fn of(store: &Store, id: PersonId) -> Result<Self> {
        let exported = store.exported(id, "vcard")?;
        let column = |column| exported.content.column(column).map(str::to_owned);
        let mut said = fields(&exported);
        let part = |part: Part| part.of(&said).into_iter().next().map(|(value, _)| value);
        let [prefix, middle, suffix] = [Part::Prefix, Part::Middle, Part::Suffix].map(part);
        let (organization, title) = (column(Column::Organization), column(Column::Title));
        said.organizations.sort_by_key(|firm| firm.name != organization);
        said.titles.sort_by_key(|known| Some(known) != title.as_ref());
        let shown = said.organizations.iter().find(|firm| firm.name == organization);
        Ok(Self {
            prefix,
            middle,
            suffix,
            departments: shown.and_then(departments),
            titles: said.titles,
            organizations: said.organizations,
            organization,
            name: column(Column::Name).unwrap_or_default(),
        })
    }

    /// A part of the name that does not stand in it as it is shown.
    pub(super) fn beside_name<'p>(&self, part: &'p Option<String>) -> Option<&'p str> {
        let words: Vec<&str> = self.name.split([' ', ',']).collect();
        part.as_deref().filter(|part| !part.split(' ').all(|word| words.contains(&word)))
    }

    /// Further organisations, and other departments of the one that is shown: `Zwei (B)`.
    pub(super) fn also_at(&self) -> Vec<String> {
        let is_shown =
            |firm: &&Organization| firm.name == self.organization && departments(firm) == self.departments;
        let others = self.organizations.iter().filter(|firm| !is_shown(firm));
        others
            .filter_map(|firm| match (&firm.name, departments(firm)) {
                (Some(name), Some(units)) => Some(format!("{name} ({units})")),
                (name, units) => name.clone().or(units),
            })
            .collect()
    }

    /// All organisations for programs.
    pub(super) fn organizations(&self) -> Value {
        let told = |firm: &Organization| json!({ "name": firm.name, "department": departments(firm) });
        self.organizations.iter().map(told).collect()
    }
}
