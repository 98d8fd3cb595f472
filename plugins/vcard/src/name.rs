//! Names: the parts of `N`, and names beside the first.

use calcard::vcard::VCardValue;
use kith_plugin::text::one_line;
use kith_plugin::{Contact, NameComponent, NameComponentKind};

use crate::value::text;

/// The parts of a name (RFC 6350 section 6.2.2, RFC 9554 section 2.2), in the
/// order in which they are spoken. Commas separate several of one kind, but
/// belong to the name in vCard 2.1.
pub(crate) fn components(values: Vec<VCardValue>, commas_separate: bool) -> Vec<NameComponent> {
    let mut fields: Vec<Vec<String>> = values
        .into_iter()
        .map(|value| match value {
            VCardValue::Component(several) if commas_separate => {
                several.into_iter().filter_map(one_line).collect()
            }
            value => text(value, ",").and_then(one_line).into_iter().collect(),
        })
        .collect();
    let mut field = |at: usize| fields.get_mut(at).map(std::mem::take).unwrap_or_default();
    let (mut surnames, givens, middles, titles) = (field(0), field(1), field(2), field(3));
    let (mut suffixes, second_surnames, generations) = (field(4), field(5), field(6));
    // RFC 9554 repeats these two in the older fields for older readers.
    surnames.retain(|surname| !second_surnames.contains(surname));
    suffixes.retain(|suffix| !generations.contains(suffix));
    let (old_generations, credentials): (Vec<_>, Vec<_>) =
        suffixes.into_iter().partition(|suffix| is_generation(suffix));
    let parts = [
        (NameComponentKind::Title, titles),
        (NameComponentKind::Given, givens),
        (NameComponentKind::Given2, middles),
        (NameComponentKind::Surname, surnames),
        (NameComponentKind::Surname2, second_surnames),
        (NameComponentKind::Generation, generations),
        (NameComponentKind::Generation, old_generations),
        (NameComponentKind::Credential, credentials),
    ];
    let mut components = Vec::with_capacity(2);
    for (kind, values) in parts {
        components.extend(values.into_iter().map(|value| NameComponent { kind, value }));
    }
    components
}

/// Keeps further names of somebody, as nicknames: whole ones, and ones in parts. Most cards have the same name again,
/// or its parts in an order of their own.
pub(crate) fn keep_others(contact: &mut Contact, names: Vec<String>, parts: &[Vec<NameComponent>]) {
    let parts = parts.iter().map(|parts| spoken(parts));
    for name in names.into_iter().chain(parts).filter(|name| !name.is_empty()) {
        let whole = spoken(&contact.name.components);
        let mut known = contact.name.full.iter().chain([&whole]).chain(&contact.nicknames);
        let is_known = known.any(|known| words(known) == words(&name));
        drop(known);
        if !is_known {
            contact.nicknames.push(name);
        }
    }
}

fn spoken(parts: &[NameComponent]) -> String {
    parts.iter().map(|part| part.value.as_str()).collect::<Vec<_>>().join(" ")
}

/// The words of a name, in one order and case.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = name.split_whitespace().map(str::to_lowercase).collect();
    words.sort_unstable();
    words
}

/// Whether letters after a name tell the generation rather than a degree.
fn is_generation(suffix: &str) -> bool {
    let word = suffix.trim_end_matches('.');
    ["jr", "sr", "jun", "sen", "junior", "senior"].iter().any(|known| word.eq_ignore_ascii_case(known))
        || ["II", "III", "IV"].contains(&word)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn whole(fields: &[&str], commas_separate: bool) -> String {
        let values = fields
            .iter()
            .map(|field| match field.split_once(',') {
                Some(_) => VCardValue::Component(field.split(',').map(str::to_owned).collect()),
                None => VCardValue::Text((*field).to_owned()),
            })
            .collect();
        let mut draft = kith_plugin::Draft::default();
        draft.contact.name.components = components(values, commas_separate);
        draft.finish().0.name.full.unwrap_or_default()
    }

    #[test]
    fn names_are_built_from_their_parts() {
        for (fields, commas_separate, expected) in [
            (&["Lovelace", "Ada"][..], true, "Ada Lovelace"),
            (
                &["Stevenson", "John", "Philip,Paul", "Dr.", "Jr.,M.D."],
                true,
                "John Philip Paul Stevenson Jr. M.D.",
            ),
            (&["Acme, Inc.", "", "", "", ""], false, "Acme, Inc."),
            (
                &["García,Márquez", "Gabriel", "", "", "III", "Márquez", "III"],
                true,
                "Gabriel García Márquez III",
            ),
            (&["", " ", "", "", ""], true, ""),
            (&[], true, ""),
        ] {
            assert_eq!(whole(fields, commas_separate), expected, "{fields:?}");
        }
    }

    #[test]
    fn suffixes_are_told_apart() {
        for (suffix, expected) in [
            ("Jr.", NameComponentKind::Generation),
            ("III", NameComponentKind::Generation),
            ("PhD", NameComponentKind::Credential),
        ] {
            let fields = ["", "", "", "", suffix].map(|field| VCardValue::Text(field.to_owned()));
            assert_eq!(components(fields.into(), true)[0].kind, expected, "{suffix}");
        }
    }
}
