use super::*;

/// Field, item, old value, new value.
type Row = (&'static str, Option<&'static str>, Option<&'static str>, Option<&'static str>);

fn told(entries: &[Row]) -> Vec<String> {
    let entries: Vec<Entry> = entries
        .iter()
        .map(|(field, item, old, new)| Entry {
            contact: Some(PersonId(1)),
            field: (*field).into(),
            item: item.map(Into::into),
            old: old.map(Into::into),
            new: new.map(Into::into),
        })
        .collect();
    account(&entries, &|id| {
        ["", "Anna", "Bert"].get(usize::try_from(id.0).unwrap()).map_or("?", |n| n).into()
    })
}

#[test]
fn a_column_that_was_set_again_is_told_in_words() {
    for (field, words) in [
        ("title", Some("the title of Anna, which was set again")),
        ("archived_at", Some("whether Anna is archived, which was decided again")),
        ("email", None),
    ] {
        assert_eq!(column_of(field, "Anna").as_deref(), words);
    }
}

#[test]
fn what_was_done_is_told_in_words() {
    let name = Some("Anna");
    for (entries, words) in [
        (
            &[
                ("name", None, None, name),
                ("kind", None, None, Some("person")),
                ("circle", None, None, Some("close")),
            ][..],
            &["added Anna", "set the circle of Anna to close"][..],
        ),
        (
            &[("circle", None, Some("friends"), Some("close"))],
            &["changed the circle of Anna from friends to close"],
        ),
        (&[("title", None, Some("CTO"), None)], &["took the title of Anna away (CTO)"]),
        (&[("archived_at", None, None, Some("2026-11-23T08:00:00Z"))], &["archived Anna"]),
        (
            &[("archived_at", None, Some("2026-11-23T08:00:00Z"), None)],
            &["brought Anna back from the archive"],
        ),
        (&[("email", None, None, Some("a@a.example"))], &["added the email a@a.example to Anna"]),
        (&[("phone", None, Some("1"), None)], &["took the telephone number 1 from Anna"]),
        (
            &[("email.label", Some("a@a.example"), Some("home"), Some("work"))],
            &["changed the label of the email a@a.example of Anna from home to work"],
        ),
        (
            &[
                ("interaction.contact_id", Some("7"), None, Some("1")),
                ("interaction.day", Some("7"), None, Some("2026-11-23")),
                ("interaction.how", Some("7"), None, Some("met")),
                ("interaction.what", Some("7"), None, Some("viola")),
            ],
            &["logged that you met Anna on 23 November 2026: viola"],
        ),
        (
            &[
                ("interaction.contact_id", Some("7"), Some("1"), None),
                ("interaction.day", Some("7"), Some("2026-11-23"), None),
            ],
            &["deleted the entry that you were in touch with Anna on 23 November 2026"],
        ),
        (
            &[("interaction.what", Some("7"), Some("a"), Some("b"))],
            &["changed the entry 7 about Anna: what from a to b"],
        ),
        (
            &[
                ("pause.from_day", Some("1"), None, Some("2026-12-24")),
                ("pause.until_day", Some("1"), None, Some("2026-12-31")),
            ],
            &["paused Anna from 24 December 2026 to 31 December 2026, back on 1 January 2027"],
        ),
        (
            &[("pause.until_day", Some("1"), Some("2026-12-31"), Some("2027-01-03"))],
            &["moved the last day on which Anna is left alone from 31 December 2026 to 3 January 2027"],
        ),
        // A skip takes the place of the snooze before it, and is what was done.
        (
            &[
                ("pause.from_day", Some("1"), Some("2026-12-24"), None),
                ("pause.until_day", Some("1"), Some("2026-12-30"), None),
                ("pause.why", Some("1"), Some("snooze"), None),
                ("pause.from_day", Some("2"), None, Some("2026-12-24")),
                ("pause.until_day", Some("2"), None, Some("2026-12-31")),
                ("pause.why", Some("2"), None, Some("skip")),
            ],
            &[
                "skipped Anna, back on 1 January 2027",
                "took back the snooze of Anna, back on 31 December 2026",
            ],
        ),
        (&[("review.decision", Some("3"), None, Some("different"))], &["decided review 3: different"]),
        (&[("merged.winner", Some("2"), None, Some("1"))], &["merged Bert (id 2) into Anna"]),
        (&[("merged.winner", Some("2"), Some("1"), None)], &["split Bert (id 2) from Anna"]),
        (
            &[("card.contact_id", Some("9"), Some("1"), Some("2"))],
            &["gave card 9 of Anna to Bert, a person of its own"],
        ),
        (&[("note", None, None, Some("a\nb"))], &["set the note of Anna to a b"]),
        (
            &[(CIRCLE, Some("climbing"), None, Some("[circles.climbing]\nideal = '30d'\nlatest = '60d'"))],
            &["made the circle climbing in kith.toml: 30 days, at the latest 60 days"],
        ),
        (
            &[(CIRCLE, Some("close"), Some(""), Some("[circles.close]\nideal = '1w'\nchannel = 'call'"))],
            &[
                "set the circle close in kith.toml to 1 week, at the latest 8 weeks, call (it was 4 weeks, at the latest 8 weeks)",
            ],
        ),
        (&[(CIRCLE, Some("close"), Some(""), Some("["))], &["set the circle close in kith.toml"]),
        (
            &[(ADDRESS, None, None, None)],
            &["made the feed a new address, which stays: the one before was given up"],
        ),
    ] {
        assert_eq!(told(entries), words, "{entries:?}");
    }
}
