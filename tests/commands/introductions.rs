//! Who knows whom, the way to somebody, and being introduced.

use insta::assert_snapshot;
use serde_json::json;

use super::{say, say_afresh, say_when};
use crate::support::Home;

/// A home with Anna, a warm friend, Bert, never spoken to, Clara and David, who are at one firm.
fn with_four() -> Home {
    let home = Home::new();
    for line in ["Anna Müller --circle friends", "Bert Kern", "Clara Diaz", "David Ono --organization Acme"]
    {
        say(&home, &format!("add {line}"));
    }
    say(&home, "edit clara --organization Acme");
    say(&home, "log anna viola --on 2026-11-02");
    home
}

#[test]
fn who_knows_whom_is_noted_and_taken_back() {
    let home = with_four();
    assert_snapshot!(say(&home, "tie anna knows clara"), @"Noted: Clara Diaz (id 3), acquaintance of Anna Müller.");
    assert_snapshot!(say(&home, "tie clara introduced-by anna"), @"Noted: Anna Müller (id 1), introduced Clara Diaz.");
    assert_snapshot!(say(&home, "tie anna colleague clara"), @"Noted: Clara Diaz (id 3), colleague of Anna Müller.");
    assert_snapshot!(say(&home, "tie anna"), @"
    acquaintance, colleague: Clara Diaz (id 3)
    Clara Diaz (id 3) is introduced by them
    ");
    assert_snapshot!(say(&home, "tie clara"), @"
    introduced by: Anna Müller (id 1)
    acquaintance of Anna Müller (id 1); colleague of Anna Müller (id 1)
    ");
    assert_snapshot!(say(&home, "tie bert"), @"No tie of Bert Kern is noted. One more: kith tie 2 knows NAME");
    assert_snapshot!(say(&home, "tie anna clara --remove"), @"Taken away: Anna Müller and Clara Diaz have no tie any more that is noted.");
    assert_snapshot!(say(&home, "tie anna clara --remove"), @"
    Error: no tie is noted between Anna Müller and Clara Diaz
    Hint: kith tie 1 lists whom they know
    [exit 1]
    ");
    assert_snapshot!(say_when(&home, "undo"), @"
    Taken back, today at NN:NN, on the command line:
      took the related person Clara Diaz from Anna Müller
      took the related person Anna Müller from Clara Diaz
    kith undo --redo brings it back.
    ");
    assert_eq!(home.json(&["tie", "anna"])["related"][0]["relation"], "acquaintance, colleague");
    assert_snapshot!(say(&home, "tie anna anna"), @"
    Error: who is the other?
    Hint: write it so: kith tie anna knows bert; or with --remove, kith tie anna bert --remove
    [exit 2]
    ");
    assert_snapshot!(say(&home, "tie anna knows anna"), @"
    Error: both are Anna Müller (id 1)
    [exit 1]
    ");
    // A name that two people have means neither.
    say(&home, "add Clara Diaz --anyway");
    assert_snapshot!(say(&home, "tie bert knows 5"), @r#"
    Error: Clara Diaz (id 5) shares the name with somebody, or has none: a tie is known by the name alone
    Hint: tell them apart first: kith edit 5 --name "a fuller name"
    [exit 1]
    "#);
}

#[test]
fn the_way_to_somebody_goes_through_whom_one_may_ask() {
    let home = with_four();
    assert_snapshot!(say(&home, "path clara"), @"
    You → David Ono → Clara Diaz
      David Ono (id 4)            you know them; you never talked, as far as is
                                  noted
      Clara Diaz (id 3)           also at Acme; that they know each other is a
                                  guess; you never talked, as far as is noted
    To be introduced: kith introduce 3 --through 4
    ");
    say(&home, "tie bert knows clara");
    assert_snapshot!(say(&home, "path clara"), @"
    You → Bert Kern → Clara Diaz
      Bert Kern (id 2)            you know them; you never talked, as far as is
                                  noted
      Clara Diaz (id 3)           acquaintance of Bert Kern; you never talked, as
                                  far as is noted
    To be introduced: kith introduce 3 --through 2
    ");
    say(&home, "tie clara friend anna");
    assert_snapshot!(say(&home, "path clara"), @"
    You → Anna Müller → Clara Diaz
      Anna Müller (id 1)          you know them; your tie is warm
      Clara Diaz (id 3)           names Anna Müller as friend; you never talked, as
                                  far as is noted
    To be introduced: kith introduce 3 --through 1
    ");
    assert_snapshot!(say(&home, "path acme"), @"
    You → Anna Müller → Clara Diaz (at Acme)
      Anna Müller (id 1)          you know them; your tie is warm
      Clara Diaz (id 3)           names Anna Müller as friend; you never talked, as
                                  far as is noted
    To be introduced: kith introduce 3 --through 1
    ");
    assert_snapshot!(say(&home, "path anna"), @"
    You → Anna Müller
      Anna Müller (id 1)          you know them; your tie is warm
    You know Anna Müller yourself: no introduction is needed.
    ");
    assert_snapshot!(say(&home, "path david"), @"
    You → Anna Müller → Clara Diaz → David Ono
      Anna Müller (id 1)          you know them; your tie is warm
      Clara Diaz (id 3)           names Anna Müller as friend; you never talked, as
                                  far as is noted
      David Ono (id 4)            also at Acme; that they know each other is a
                                  guess; you never talked, as far as is noted
    To be introduced, and from there on: kith introduce 3 --through 1
    ");
    say(&home, "edit anna --comfort never");
    assert_eq!(home.json(&["path", "clara"])["steps"][0]["name"], "Bert Kern");
    say(&home, "edit bert --comfort never");
    say(&home, "edit david --comfort not-now");
    assert_eq!(
        home.json(&["path", "clara"]),
        json!({ "to": "Clara Diaz", "person": "3", "found": false, "steps": [] })
    );
    assert_snapshot!(say(&home, "path bert"), @"Bert Kern is set to never: no way leads there.");
    assert_snapshot!(say(&home, "path nobody"), @r#"
    Error: nobody matches "nobody"
    Hint: kith list shows everybody; part of a name, an email address or an id will do
    [exit 1]
    "#);
}

#[test]
fn an_introduction_is_asked_for_agreed_made_and_thanked_for() {
    let home = with_four();
    say(&home, "tie anna knows clara");
    assert_snapshot!(say(&home, "introduce me to clara --for heat-pumps"), @"
    To Clara Diaz, by Anna Müller (heat-pumps): to be asked for
      23 November 2026: Ask Anna Müller for an introduction to Clara Diaz
      (heat-pumps)
    ");
    assert_snapshot!(say(&home, "introduce clara --through anna"), @"
    Error: an introduction to Clara Diaz by Anna Müller is under way already
    Hint: kith introduce tells how far it is
    [exit 1]
    ");
    assert_snapshot!(say_afresh(&home, "plan --days 20"), @"
    Monday, 23 November 2026
      Ask Anna Müller for an introduction to Clara Diaz (heat-pumps)
        You want to ask for an introduction to Clara Diaz (heat-pumps).
      Get in touch with Bert Kern
        In your address book, with no contact noted yet: a first step.
    Tuesday, 24 November 2026
      Get in touch with David Ono
        In your address book, with no contact noted yet: a first step.
    ");
    assert_snapshot!(say_afresh(&home, "why clara"), @"
    Clara Diaz (id 3)
      Cadence      6 months, at the latest 12 months (of people in no circle)
      State        new: you never talked, as far as is noted
      Clock        no contact is noted; newcomers get what places others leave, best
                   known first
      Planned      not before you are introduced: kith introduce tells how far that
                   is
    ");
    assert_snapshot!(say(&home, "done anna --today 2026-11-24"), @"
    Logged: on 24 November 2026 you wrote to Anna Müller.
    If no answer comes: again from 8 December 2026 on.
    ");
    // Nothing is heard for two weeks: a gentle question, and no third.
    assert_snapshot!(say_afresh(&home, "introduce --today 2026-11-25"), @"
    To Clara Diaz, by Anna Müller (heat-pumps): asked for on 24 November 2026
      8 December 2026: Ask Anna Müller about the introduction to Clara Diaz
    ");
    assert_snapshot!(say(&home, "introduce clara --agreed --today 2026-11-26"), @"
    To Clara Diaz, by Anna Müller (heat-pumps): agreed to on 26 November 2026
      27 November 2026: Send Anna Müller a few lines for Clara Diaz that can be
      forwarded
    ");
    assert_snapshot!(say(&home, "done anna --today 2026-11-27"), @"
    Logged: on 27 November 2026 you wrote to Anna Müller.
    Next in touch: from 11 December 2026 on.
    ");
    assert_snapshot!(say(&home, "introduce clara --made --today 2026-12-01"), @"
    To Clara Diaz, by Anna Müller (heat-pumps): made on 1 December 2026; a first
    hello and a thank-you are still to come
      2 December 2026: Say a first hello to Clara Diaz: introduced by Anna Müller
      2 December 2026: Thank Anna Müller for the introduction to Clara Diaz
    ");
    assert_snapshot!(say_when(&home, "undo"), @"
    Taken back, today at NN:NN, on the command line:
      logged that you heard from Anna Müller on 1 December 2026: introduced you to
      Clara Diaz
      noted as made the introduction to Clara Diaz
    kith undo --redo brings it back.
    ");
    say(&home, "undo --redo");
    assert_snapshot!(say_afresh(&home, "plan --days 5 --today 2026-12-02"), @"
    Wednesday, 2 December 2026
      Thank Anna Müller for the introduction to Clara Diaz
        You owe them thanks for the introduction to Clara Diaz on 1 December 2026.
      Say a first hello to Clara Diaz: introduced by Anna Müller
        On 1 December 2026 you were introduced by Anna Müller: a first hello.
      Get in touch with Bert Kern
        In your address book, with no contact noted yet: a first step.
    Thursday, 3 December 2026
      Get in touch with David Ono
        In your address book, with no contact noted yet: a first step.
    ");
    say(&home, "done clara --today 2026-12-02");
    assert_snapshot!(say(&home, "introduce --today 2026-12-02"), @"
    To Clara Diaz, by Anna Müller (heat-pumps): made on 1 December 2026; a thank-you
    is still to come
      2 December 2026: Thank Anna Müller for the introduction to Clara Diaz
    ");
    say(&home, "done anna --today 2026-12-02");
    assert_snapshot!(say(&home, "introduce --today 2026-12-02"), @"No introduction is under way. kith introduce NAME begins one.");
    let all = home.json(&["introduce", "--all", "--today", "2026-12-02"]);
    assert_eq!(all[0]["stage"], "thanked");
    assert_eq!(all[0]["made"], "2026-12-01");
}

#[test]
fn an_introduction_is_not_asked_of_a_tie_that_is_not_warm_nor_of_the_wrong_people() {
    let home = with_four();
    assert_snapshot!(say(&home, "introduce clara"), @"
    Error: nobody is noted to know Clara Diaz; David Ono is at the same organisation, and may
    Hint: if so: kith introduce 3 --through 4
    [exit 1]
    ");
    assert_snapshot!(say(&home, "introduce clara --through bert"), @"
    To Clara Diaz, by Bert Kern: to be asked for
      before that, on 23 November 2026: In your address book, with no contact noted
      yet: a first step. You want to ask for something (an introduction to Clara
      Diaz): a hello without any request comes first.
    ");
    assert_snapshot!(say_afresh(&home, "plan --days 3"), @"
    Monday, 23 November 2026
      Get in touch with Bert Kern
        In your address book, with no contact noted yet: a first step. You want to
        ask for something (an introduction to Clara Diaz): a hello without any
        request comes first.
      Get in touch with David Ono
        In your address book, with no contact noted yet: a first step.
    ");
    assert_snapshot!(say(&home, "introduce clara --declined"), @"To Clara Diaz, by Bert Kern: declined on 23 November 2026");
    assert_snapshot!(say(&home, "introduce clara --made"), @"
    Error: no introduction to Clara Diaz, or by them, is under way
    Hint: kith introduce lists those that are
    [exit 1]
    ");
    assert_snapshot!(say(&home, "introduce anna"), @"
    Error: you know Anna Müller yourself, and need no introduction
    Hint: if you want one all the same, say by whom: --through NAME
    [exit 1]
    ");
    assert_snapshot!(say(&home, "introduce anna --through anna"), @"
    Error: Anna Müller cannot introduce you to themselves
    [exit 1]
    ");
    say(&home, "edit david --comfort never");
    assert_snapshot!(say(&home, "introduce david --through bert"), @"
    Error: David Ono is set to never: nothing is planned with them
    Hint: if you changed your mind: kith edit 4 --comfort yes
    [exit 1]
    ");
    assert_snapshot!(say(&home, "introduce bert through david"), @"
    Error: David Ono is set to never: nothing is planned with them
    Hint: if you changed your mind: kith edit 4 --comfort yes
    [exit 1]
    ");
    assert_eq!(home.json(&["introduce"]), json!([]));
    assert_eq!(home.json(&["introduce", "--all"])[0]["stage"], "declined");
}
