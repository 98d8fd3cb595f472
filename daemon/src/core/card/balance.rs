//! Who gave and who asked, said kindly.

use super::Acquaintance;

/// How giving, asking and receiving stand with somebody; none before the first talk.
pub(super) fn told(known: &Acquaintance) -> Option<String> {
    known.last()?;
    let notes = || known.talks.iter().map(|talk| &talk.notes);
    let given = notes().filter(|notes| notes.given.is_some()).count();
    let asked = notes().filter(|notes| notes.asked.is_some()).count();
    let received = notes().filter(|notes| notes.received.is_some()).count();
    let counted: Vec<String> =
        [("gave", given), ("asked for something", asked), ("received something", received)]
            .into_iter()
            .filter(|(_, count)| *count > 0)
            .map(|(did, count)| format!("{did} {}", times(count)))
            .collect();
    let counted = format!("you {}", counted.join(", "));
    Some(match (given, asked.max(received)) {
        (0, 0) => "nothing is noted that you gave or received. Ask how you could help; it is the best way to find out.".to_owned(),
        (given, taken) if taken > given => format!("{counted}. A good moment to bring something, or to ask how you could help."),
        (given, taken) if given > taken + 1 => format!("{counted}. Let them help you for once; most people like to."),
        _ => format!("{counted}. That is well balanced."),
    })
}

fn times(count: usize) -> String {
    match count {
        0 | 1 => "once".to_owned(),
        2 => "twice".to_owned(),
        more => format!("{more} times"),
    }
}
