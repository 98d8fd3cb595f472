//! When an event changed: what calendars go by when they read a feed again.
//!
//! Evolution compares DTSTAMP, LAST-MODIFIED and SEQUENCE and nothing else;
//! ICSx5 skips an event whose LAST-MODIFIED is not newer than what it has;
//! Google keeps old texts unless SEQUENCE grows. So an event's revision
//! changes exactly when something that the user sees does, and never goes back,
//! whatever the clock does.

use jiff::{SignedDuration, Timestamp};
use sha2::{Digest, Sha256};

use super::calendar::{Calendar, Event, Writer};
use super::feed::Draft;

/// What [`Writer`] makes of the same draft. It counts up when the writer
/// changes what it writes, so that a new version of kith revises every event.
const FORM: u8 = 1;

/// The last change of something that is published.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Revision {
    /// When it was first published, in whole seconds.
    pub created: Timestamp,
    /// When it last changed, in whole seconds.
    pub revised: Timestamp,
    /// How often it has changed.
    pub sequence: u32,
    /// SHA-256 of what it says.
    pub hash: [u8; 32],
}

impl Revision {
    /// The revision of something whose last one was `previous` and whose
    /// content now has `hash`: the same if that is the same, else one more,
    /// later by at least a second even if the clock was set back.
    #[must_use]
    pub fn next(previous: Option<Self>, hash: [u8; 32], now: Timestamp) -> Self {
        // A moment in whole seconds is always one that exists.
        let now = Timestamp::from_second(now.as_second()).unwrap_or(now);
        match previous {
            None => Self { created: now, revised: now, sequence: 0, hash },
            Some(same) if same.hash == hash => same,
            Some(old) => {
                let later = old.revised.checked_add(SignedDuration::from_secs(1)).unwrap_or(old.revised);
                Self { revised: now.max(later), sequence: old.sequence.saturating_add(1), hash, ..old }
            }
        }
    }
}

/// An event with its revision: ready to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revised {
    /// What it says.
    pub draft: Draft,
    /// When it changed.
    pub revision: Revision,
    /// Whether the revision is a new one, which is to be kept under the draft's UID.
    pub changed: bool,
}

/// Gives every event its revision. `previous` knows the last one by UID; it
/// should remember events that are gone, as they may come back.
#[must_use]
pub fn revise(
    previous: impl Fn(&str) -> Option<Revision>,
    drafts: Vec<Draft>,
    now: Timestamp,
) -> Vec<Revised> {
    let revised = |draft: Draft| {
        let before = previous(&draft.uid);
        let revision = Revision::next(before, hash(&draft), now);
        Revised { changed: before != Some(revision), draft, revision }
    };
    drafts.into_iter().map(revised).collect()
}

/// Writes a feed. `address` is where the service answers, such as
/// `http://127.0.0.1:5484`; every event's URL begins with it.
#[must_use]
pub fn write(calendar: &Calendar, events: &[Revised], address: &str) -> Vec<u8> {
    let mut writer = Writer::new(calendar, events.len());
    let mut url = String::new();
    for Revised { draft, revision, .. } in events {
        url.clear();
        url.push_str(address);
        url.push_str(&draft.path);
        writer.event(&Event {
            uid: &draft.uid,
            day: draft.day,
            hours: draft.hours,
            created: revision.created,
            revised: revision.revised,
            sequence: revision.sequence,
            summary: &draft.summary,
            description: &draft.description,
            url: &url,
            categories: &draft.categories,
        });
    }
    writer.finish()
}

/// Covers all that a user sees. The address before the path is not among it:
/// another port changes no event.
fn hash(draft: &Draft) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix([FORM]);
    let mut field = |text: &str| {
        hash.update(text.len().to_le_bytes());
        hash.update(text);
    };
    field(&draft.day.to_string());
    if let Some((from, until)) = draft.hours {
        field(&format!("{from}/{until}"));
    }
    field(&draft.summary);
    field(&draft.description);
    field(&draft.path);
    draft.categories.iter().for_each(|category| field(category));
    hash.finalize().into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::Date;
    use proptest::prelude::*;
    use std::collections::{BTreeMap, HashMap};

    /// One event as far as the facts go: which, on which day, with which words.
    type Facts = BTreeMap<u8, (i16, u8, u8)>;

    fn drafts(facts: &Facts) -> Vec<Draft> {
        let draft = |(id, &(day, words, circle)): (&u8, &(i16, u8, u8))| Draft {
            uid: format!("{id}@kith.local"),
            day: Date::constant(2026, 1, 1).saturating_add(jiff::Span::new().days(day)),
            hours: None,
            summary: format!("Call {words}"),
            description: "Reason".to_owned(),
            categories: (0..circle).map(|n| format!("circle {n}")).collect(),
            path: format!("/follow-up/{id}"),
        };
        facts.iter().map(draft).collect()
    }

    fn calendar() -> Calendar {
        Calendar { name: "Follow-ups".to_owned(), color: None }
    }

    /// Each event's bytes by its UID.
    fn published(events: &[Revised]) -> HashMap<String, Vec<u8>> {
        let one = |event: &Revised| {
            let bytes = write(&calendar(), std::slice::from_ref(event), "http://127.0.0.1:1");
            (event.draft.uid.clone(), bytes)
        };
        events.iter().map(one).collect()
    }

    #[test]
    fn a_change_is_later_even_if_the_clock_is_not() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let first = Revision::next(None, [1; 32], at("2026-11-02T10:00:00.9Z"));
        assert_eq!((first.created, first.sequence), (at("2026-11-02T10:00:00Z"), 0));
        for (case, hash, now, revised, sequence) in [
            ("nothing changed", 1, "2026-11-03T10:00:00Z", "2026-11-02T10:00:00Z", 0),
            ("the clock went on", 2, "2026-11-03T10:00:00.5Z", "2026-11-03T10:00:00Z", 1),
            ("within the second", 2, "2026-11-02T10:00:00.95Z", "2026-11-02T10:00:01Z", 1),
            ("the clock was set back", 2, "2020-01-01T00:00:00Z", "2026-11-02T10:00:01Z", 1),
        ] {
            let next = Revision::next(Some(first), [hash; 32], at(now));
            assert_eq!((next.created, next.revised), (first.created, at(revised)), "{case}");
            assert_eq!(next.sequence, sequence, "{case}");
        }
        let last = Revision { revised: Timestamp::MAX, sequence: u32::MAX, ..first };
        let next = Revision::next(Some(last), [2; 32], Timestamp::MIN);
        assert_eq!((next.revised, next.sequence), (Timestamp::MAX, u32::MAX));
    }

    #[test]
    fn whatever_is_seen_is_hashed() {
        let facts = Facts::from([(1, (0, 0, 1))]);
        let draft = drafts(&facts).remove(0);
        let mut hashes: Vec<_> = [
            Draft { day: Date::constant(2026, 1, 2), ..draft.clone() },
            Draft { hours: Some((Timestamp::UNIX_EPOCH, Timestamp::UNIX_EPOCH)), ..draft.clone() },
            Draft { summary: "Write".to_owned(), ..draft.clone() },
            Draft { description: "Another".to_owned(), ..draft.clone() },
            Draft { categories: vec!["family".to_owned()], ..draft.clone() },
            Draft { summary: "Call 0Rea".to_owned(), description: "son".to_owned(), ..draft.clone() },
            draft,
        ]
        .iter()
        .map(hash)
        .collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), 6);
    }

    fn histories() -> impl Strategy<Value = Vec<(Facts, i64)>> {
        let facts = proptest::collection::btree_map(0..5_u8, (0..3_i16, 0..3_u8, 0..3_u8), 0..5);
        proptest::collection::vec((facts, 0..1_000_i64), 1..12)
    }

    proptest! {
        #[test]
        fn revisions_never_go_back_and_bytes_change_with_the_facts_alone(history in histories()) {
            let mut kept: HashMap<String, Revision> = HashMap::new();
            let mut seen: HashMap<String, (Draft, Vec<u8>)> = HashMap::new();
            for (facts, clock) in history {
                let now = Timestamp::from_millisecond(1_790_000_000_000 + clock * 700).unwrap();
                let events = revise(|uid| kept.get(uid).copied(), drafts(&facts), now);
                let bytes = published(&events);
                for Revised { draft, revision, changed } in &events {
                    let bytes = &bytes[&draft.uid];
                    prop_assert_eq!(revision.revised.subsec_nanosecond(), 0);
                    if let (Some(old), Some((before, old_bytes))) = (kept.get(&draft.uid), seen.get(&draft.uid)) {
                        prop_assert_eq!(before == draft, old_bytes == bytes);
                        prop_assert_eq!(before != draft, *changed);
                        if *changed {
                            prop_assert_eq!(revision.sequence, old.sequence + 1);
                            prop_assert!(revision.revised > old.revised && revision.created == old.created);
                        } else {
                            prop_assert_eq!(revision, old);
                        }
                    } else {
                        prop_assert!(*changed);
                    }
                    kept.insert(draft.uid.clone(), *revision);
                    seen.insert(draft.uid.clone(), (draft.clone(), bytes.clone()));
                }
            }
        }

        #[test]
        fn another_port_revises_nothing(facts in histories()) {
            let now = Timestamp::UNIX_EPOCH;
            let events = revise(|_| None, drafts(&facts[0].0), now);
            let one = String::from_utf8(write(&calendar(), &events, "http://127.0.0.1:5484")).unwrap();
            let two = String::from_utf8(write(&calendar(), &events, "http://127.0.0.1:6000")).unwrap();
            prop_assert_eq!(one.replace(":5484/", ":6000/"), two);
            let again = revise(
                |uid| events.iter().find(|e| e.draft.uid == uid).map(|e| e.revision),
                events.iter().map(|e| e.draft.clone()).collect(),
                now + SignedDuration::from_hours(1),
            );
            prop_assert!(again.iter().all(|event| !event.changed));
        }
    }
}
