//! Which address book a file was taken for, in words, and what to do if it is another one.

use jiff::Timestamp;

use super::Occasion;
use crate::config::local;
use crate::core::date::spoken;
use crate::store::Assumed;

/// What to tell of it; nothing if nothing follows from it.
pub(super) fn told(assumed: &Assumed, occasion: Occasion<'_>) -> Option<String> {
    let Assumed { is_again, file_name, at, imports, import, replaced, removed, missing } = assumed;
    let day = at.parse::<Timestamp>().ok().map(|at| local(at, occasion.settings).date());
    let book = day.map_or_else(|| file_name.clone(), |day| format!("{file_name} of {}", spoken(day)));
    if !is_again {
        let them = if let [_] = imports.as_slice() { "that one" } else { "those" };
        return Some(format!(
            "taken as another address book than {book}, which has much the same people: nothing is removed that only that one says. \
             If this is a newer export of it, take {them} back: {}",
            take_back(imports)
        ));
    }
    if replaced + missing == 0 {
        return None;
    }
    let removed = match removed {
        0 => "nothing was removed".to_owned(),
        1 => "1 value that it no longer has is removed here, too".to_owned(),
        many => format!("{many} values that it no longer has are removed here, too"),
    };
    let missing = match missing {
        0 => String::new(),
        1 => "; 1 of its records is not in it any more, and stays here".to_owned(),
        many => format!("; {many} of its records are not in it any more, and stay here"),
    };
    let take_back = if occasion.rehearse {
        String::new()
    } else {
        format!("take this one back (kith undo import {import}), then ")
    };
    Some(format!(
        "taken as a newer export of {book}: {removed}{missing}. If it is another address book, {take_back}import both \
         files in one command"
    ))
}

/// The commands that take imports back.
fn take_back(imports: &[i64]) -> String {
    /// So many are named.
    const MOST: usize = 3;
    let named: Vec<String> =
        imports.iter().take(MOST).map(|import| format!("kith undo import {import}")).collect();
    let more = if imports.len() > MOST { ", … (kith imports)" } else { "" };
    format!("{}{more}", named.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::settings::Settings;

    #[test]
    fn what_was_assumed_is_told_with_what_to_do_otherwise() {
        let base = Assumed {
            is_again: true,
            file_name: "contacts.vcf".to_owned(),
            at: "2026-10-03T10:00:00Z".to_owned(),
            imports: vec![3],
            import: 7,
            replaced: 0,
            removed: 0,
            missing: 0,
        };
        let settings = Settings::parse("").unwrap();
        let at: Timestamp = "2026-11-23T10:00:00Z".parse().unwrap();
        let told = |assumed: Assumed, replaced: u64, rehearse: bool| {
            told(&Assumed { replaced, ..assumed }, Occasion { at, settings: &settings, rehearse })
        };
        let again = "taken as a newer export of contacts.vcf of 3 October 2026: ";
        let both = "If it is another address book, take this one back (kith undo import 7), then import both files in one command";
        let other = "taken as another address book than contacts.vcf of 3 October 2026, which has much the same people: \
                     nothing is removed that only that one says. If this is a newer export of it, take ";
        for (case, found, expected) in [
            ("unchanged", told(base.clone(), 0, false), None),
            (
                "nothing went",
                told(base.clone(), 1, false),
                Some(format!("{again}nothing was removed. {both}")),
            ),
            (
                "one value and one record",
                told(Assumed { removed: 1, missing: 1, ..base.clone() }, 2, false),
                Some(format!(
                    "{again}1 value that it no longer has is removed here, too; 1 of its records is not in it any more, and stays here. {both}"
                )),
            ),
            (
                "a rehearsal",
                told(Assumed { removed: 2, missing: 2, ..base.clone() }, 2, true),
                Some(format!(
                    "{again}2 values that it no longer has are removed here, too; 2 of its records are not in it any more, and stay here. \
                     If it is another address book, import both files in one command"
                )),
            ),
            (
                "another",
                told(Assumed { is_again: false, ..base.clone() }, 0, false),
                Some(format!("{other}that one back: kith undo import 3")),
            ),
            (
                "another that came often",
                told(Assumed { is_again: false, imports: vec![6, 5, 3, 1], ..base }, 0, false),
                Some(format!(
                    "{other}those back: kith undo import 6, kith undo import 5, kith undo import 3, … (kith imports)"
                )),
            ),
        ] {
            assert_eq!(found, expected, "{case}");
        }
    }
}
