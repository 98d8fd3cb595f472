//! history.ics.

use super::*;

/// The one person there is.
fn anna(name: &str) -> Names {
    Names::from([(PersonId(1), name.to_owned())])
}

fn history(today: Date, names: &Names, log: &[Done]) -> Vec<Draft> {
    with_frame(today, |frame| frame.history(names, log))
}

#[test]
fn a_day_of_contact_is_one_event_that_says_it_in_plain_words() {
    let yesterday = date(2026, 11, 3);
    for (entries, summary, description) in [
        (&[(How::Called, "new job")][..], "Called Anna Bell", "Called: new job"),
        (&[(How::Talked, "")], "Talked with Anna Bell", "Talked"),
        (&[(How::Met, "walk\nby the lake")], "Met Anna Bell", "Met: walk\nby the lake"),
        (&[(How::Tried, " ")], "Tried to reach Anna Bell", "Tried"),
        (&[(How::Wrote, "WhatsApp")], "Wrote to Anna Bell", "Wrote: WhatsApp"),
        (
            &[
                (How::Wrote, "Re: tea"),
                (How::Heard, "Re: tea"),
                (How::Wrote, "Re: tea"),
                (How::Heard, "Re: tea"),
            ],
            "Heard from Anna Bell",
            "Wrote: Re: tea\nHeard: Re: tea",
        ),
    ] {
        let log = [done(1, yesterday, entries)];
        let drafts = history(TODAY, &anna("Anna Bell"), &log);
        assert_eq!(drafts.len(), 1);
        assert_eq!((drafts[0].summary.as_str(), drafts[0].description.as_str()), (summary, description));
        assert_eq!(drafts[0].day, yesterday);
        assert_eq!(drafts[0].uid, uid(&uuid(b"namespace", "history/1/2026-11-03")));
    }
}

#[test]
fn of_a_long_day_not_everything_is_shown() {
    let mails: Vec<String> = (1..=21).map(|n| format!("mail {n}")).collect();
    let wrote: Vec<(How, &str)> = mails.iter().map(|subject| (How::Wrote, subject.as_str())).collect();
    let lines = |count: usize| {
        let log = [done(1, TODAY, &wrote[..count])];
        history(TODAY, &anna("Anna"), &log).remove(0).description
    };
    assert!(lines(20).ends_with("Wrote: mail 19\nWrote: mail 20"));
    assert!(lines(21).ends_with("Wrote: mail 20\nand 1 more"));
}

#[test]
fn it_looks_back_as_far_as_it_is_set_to_and_shows_who_may_be_shown() {
    let log = [
        done(1, date(2025, 11, 3), &[(How::Met, "too long ago")]),
        done(1, date(2025, 11, 4), &[(How::Met, "365 days ago")]),
        done(2, TODAY, &[(How::Met, "never to be shown")]),
        done(1, TODAY, &[]),
    ];
    let drafts = history(TODAY, &anna("Anna"), &log);
    assert_eq!(drafts.len(), 1);
    assert_eq!(drafts[0].description, "Met: 365 days ago");
}

#[test]
fn it_is_never_empty_and_never_ahead() {
    for (today, day) in [
        (date(2026, 11, 4), date(2026, 10, 30)),
        (date(2026, 11, 6), date(2026, 11, 6)),
        (date(2026, 11, 7), date(2026, 11, 6)),
        (Date::MIN, Date::MIN),
    ] {
        let drafts = history(today, &Names::new(), &[done(1, today, &[(How::Met, "tea")])]);
        let found: Vec<_> = drafts.iter().map(|draft| (draft.summary.as_str(), draft.day)).collect();
        assert_eq!(found, [("Nothing in your history yet", day)]);
    }
}

#[test]
fn it_shares_no_event_with_the_follow_ups() {
    let people = People::from([(PersonId(1), details("Anna"))]);
    let log = [done(1, TODAY, &[(How::Met, "tea")])];
    let follow_ups = with_frame(TODAY, |frame| frame.follow_ups(&people, &[], &log));
    let history = history(TODAY, &anna("Anna"), &log);
    assert!(follow_ups.iter().all(|draft| history.iter().all(|other| other.uid != draft.uid)));
}
