//! Related people, as `kith show` tells of them.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::core::contact::Column;
use crate::core::facts::PersonId;
use crate::core::text;
use crate::core::tie::Tie;
use crate::error::Result;
use crate::store::Store;

/// The ties between somebody and others.
pub(in crate::cli) struct Related {
    ties: Vec<Tie>,
    of: PersonId,
    /// The names of those who are contacts.
    names: HashMap<PersonId, String>,
}

impl Related {
    /// Those of one person, what they say themselves first.
    pub(in crate::cli) fn to(store: &Store, of: PersonId) -> Result<Self> {
        let mut ties = store.ties()?;
        ties.retain(|tie| tie.of == of || tie.person == Some(of));
        ties.sort_by_key(|tie| tie.of != of);
        let mut names = HashMap::new();
        for id in ties.iter().flat_map(|tie| [Some(tie.of), tie.person]).flatten() {
            if id != of && !names.contains_key(&id) {
                let content = store.contact(id)?;
                names.insert(id, content.column(Column::Name).unwrap_or_default().to_owned());
            }
        }
        Ok(Self { ties, of, names })
    }

    fn named(&self, id: PersonId) -> String {
        let name = self.names.get(&id).map(String::as_str).unwrap_or_default();
        format!("{} (id {id})", text::name(name))
    }

    /// Each in words: `spouse: Jonas (id 4)`, then what only others say: `child of Anna (id 1)`.
    pub(in crate::cli) fn told(&self) -> Vec<String> {
        let (own, others): (Vec<&Tie>, Vec<&Tie>) = self.ties.iter().partition(|tie| tie.of == self.of);
        let own = own.into_iter().map(|tie| {
            let name = tie.person.map_or_else(|| text::name(&tie.name).into_owned(), |id| self.named(id));
            tie.relation.as_ref().map_or_else(|| name.clone(), |relation| format!("{relation}: {name}"))
        });
        let others =
            others.into_iter().filter_map(|tie| tie.from_their_side(&self.named(tie.of), &self.ties));
        own.chain(others).collect()
    }

    /// The same for programs: what the contact says, and what others say of them.
    pub(in crate::cli) fn json(&self) -> Value {
        let tie = |tie: &Tie| {
            let reverse = tie.of != self.of;
            let person = if reverse { Some(tie.of) } else { tie.person };
            let name = person.and_then(|id| self.names.get(&id)).unwrap_or(&tie.name);
            json!({
                "person": person.map(|id| id.to_string()),
                "name": name,
                "relation": tie.relation,
                "reverse": reverse,
            })
        };
        self.ties.iter().map(tie).collect()
    }
}
