//! What of a contact changed, and from what to what.

use std::collections::BTreeSet;

use crate::core::contact::{COLUMNS, Column, Content, Item, LISTS, List};
use crate::core::text::cut;

/// A field of a contact that differs, by its name in the change log.
pub type Field = &'static str;

/// Of a longer value the beginning is kept, to tell it by: so many columns.
pub(super) const MOST: usize = 200;

/// A value as a contact has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// The value, on one line; of a long one the beginning, with `…` behind it.
    pub value: String,
    /// The label of a value in a list.
    pub label: Option<String>,
    /// How much it is preferred, 1 being the most.
    pub pref: Option<u8>,
}

impl Said {
    pub(super) fn of_column(value: &str) -> Self {
        Self { value: cut(value, MOST).into_owned(), label: None, pref: None }
    }

    pub(super) fn of_item(item: &Item) -> Self {
        Self { label: item.label.clone(), pref: item.pref, ..Self::of_column(&item.value) }
    }
}

/// One value that came, went, or became another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// Of which field.
    pub field: Field,
    /// What it was; none: it came.
    pub old: Option<Said>,
    /// What it is; none: it went.
    pub new: Option<Said>,
}

/// What of a contact changed.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Differences(Vec<Difference>);

impl Differences {
    /// Whether nothing changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Value by value, by field in the order of the database.
    #[must_use]
    pub fn each(&self) -> &[Difference] {
        &self.0
    }

    /// Every field that changed, by name.
    #[must_use]
    pub fn fields(&self) -> BTreeSet<Field> {
        self.0.iter().map(|difference| difference.field).collect()
    }

    /// Fields with something new in them.
    #[must_use]
    pub fn updated(&self) -> BTreeSet<Field> {
        self.0
            .iter()
            .filter(|difference| difference.new.is_some())
            .map(|difference| difference.field)
            .collect()
    }

    /// Fields from which something went, and nothing came.
    #[must_use]
    pub fn removed(&self) -> BTreeSet<Field> {
        self.fields().difference(&self.updated()).copied().collect()
    }

    /// How many values went from fields in which nothing came.
    pub(super) fn gone(&self) -> u64 {
        let removed = self.removed();
        self.0.iter().map(|difference| u64::from(removed.contains(difference.field))).sum()
    }

    pub(super) fn add(&mut self, field: Field, old: Option<Said>, new: Option<Said>) {
        self.0.push(Difference { field, old, new });
    }

    /// Adds what changed right after.
    pub(super) fn join(&mut self, later: Self) {
        self.0.extend(later.0);
    }
}

/// The fields in which a new contact says anything, beside its name.
pub(super) fn filled(content: &Content) -> Vec<Field> {
    let is_name = |column: Column| matches!(column, Column::Name | Column::GivenName | Column::FamilyName);
    let columns = COLUMNS.into_iter().filter(|&column| column.is_on_cards() && !is_name(column));
    let said = columns.filter(|&column| content.column(column).is_some()).map(Column::name);
    let lists = LISTS.into_iter().filter(|&list| !content.list(list).is_empty());
    let mut all: Vec<Field> = said.chain(lists.map(List::table)).collect();
    // A report has thousands of them.
    all.shrink_to_fit();
    all
}
