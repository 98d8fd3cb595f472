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
    Taken back, on DAY at NN:NN, on the command line:
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
    Planned for 8 December 2026: Ask Anna Müller about the introduction to Clara
    Diaz.
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
    Planned for 11 December 2026: Ask Anna Müller about the introduction to Clara
    Diaz.
    ");
    assert_snapshot!(say(&home, "introduce clara --made --today 2026-12-01"), @"
    To Clara Diaz, by Anna Müller (heat-pumps): made on 1 December 2026; a first
    hello and a thank-you are still to come
      2 December 2026: Say a first hello to Clara Diaz: introduced by Anna Müller
      2 December 2026: Thank Anna Müller for the introduction to Clara Diaz
    ");
    assert_snapshot!(say_when(&home, "undo"), @"
    Taken back, on DAY at NN:NN, on the command line:
      logged that you heard from Anna Müller on 1 December 2026: introduced you to Clara Diaz
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

#[test]
fn two_people_are_introduced_when_both_would_like_it() {
    let home = with_four();
    say(&home, "log bert violin --on 2026-11-16");
    say(&home, "introduce anna --to bert --because \"both play the viola\"");
    assert_snapshot!(say_afresh(&home, "introduce"), @"
    Anna Müller and Bert Kern, by you (both play the viola): both are to be asked
      23 November 2026: Ask Anna Müller whether they would like to meet Bert Kern
      (both play the viola)
      23 November 2026: Ask Bert Kern whether they would like to meet Anna Müller
      (both play the viola)
    ");
    assert_snapshot!(say(&home, "introduce bert to anna"), @"
    Error: an introduction of Bert Kern and Anna Müller is under way already
    Hint: kith introduce tells how far it is
    [exit 1]
    ");
    assert_snapshot!(say_afresh(&home, "plan --days 3"), @"
    Monday, 23 November 2026
      Ask Anna Müller whether they would like to meet Bert Kern (both play the
      viola)
        You want to introduce them to Bert Kern (both play the viola): ask first
        whether they would like it.
      Ask Bert Kern whether they would like to meet Anna Müller (both play the
      viola)
        You want to introduce them to Anna Müller (both play the viola): ask first
        whether they would like it.
    Tuesday, 24 November 2026
      Get in touch with Clara Diaz
        In your address book, with no contact noted yet: a first step.
      Get in touch with David Ono
        In your address book, with no contact noted yet: a first step.
    ");
    assert_snapshot!(say_afresh(&home, "why bert"), @"
    Bert Kern (id 2)
      Cadence      6 months, at the latest 12 months (of people in no circle)
      State        warm until 16 November 2027
      Clock        last contact on 16 November 2026 (talked); wanted again from 16
                   May 2027
      Considered   whom Bert Kern might like to meet (Anna Müller (both play the
                   viola)): wanted from 23 November 2026 on
      Planned      23 November 2026: You want to introduce them to Anna Müller (both
                   play the viola): ask first whether they would like it. Why that
                   day: the first day that is free for them.
    ");
    assert_snapshot!(say_afresh(&home, "prep bert"), @"
    Bert Kern (id 2)
      Planned             Ask Bert Kern whether they would like to meet Anna Müller
                          (both play the viola), on 23 November 2026. You want to
                          introduce them to Anna Müller (both play the viola): ask
                          first whether they would like it.
      Tie                 warm; you may pick up where you left off.
      Last                you talked on 16 November 2026: violin
      Introduction        you want to introduce them and Anna Müller to each other
                          (both play the viola)
      Balance             nothing is noted that you gave or received. Ask how you
                          could help; it is the best way to find out.
      Begin               I know somebody you might like to meet: Anna Müller. Shall
                          I introduce you? A no is fine.
      If it goes quiet    What has surprised you lately?
      Or                  Whom should I meet who sees things quite differently?
      If you do not know  I do not know, but I will find out and tell you.
      To end              I must not keep you any longer. It was good to talk to
                          you; is there anything I can do for you before next time?

    Draft of a mail: Somebody you might like to meet, Bert
      Hi Bert,

      how are you? I know somebody you might like to meet: Anna Müller.
      What made me think of it: both play the viola.
      Shall I introduce you? A no is a perfectly good answer, and stays with me.

      All the best

    For a telephone: Hi Bert, I know somebody you might like to meet: Anna Müller.
    Shall I introduce you? A no is fine.
    ");
    say(&home, "done anna --today 2026-11-23");
    say(&home, "done bert --today 2026-11-23");
    say(&home, "introduce anna --agreed --today 2026-11-25");
    assert_snapshot!(say_afresh(&home, "introduce --today 2026-11-25"), @"
    Anna Müller and Bert Kern, by you (both play the viola): Anna Müller would like
    it, Bert Kern was asked on 23 November 2026
      7 December 2026: Ask Bert Kern about the introduction to Anna Müller
    ");
    assert_snapshot!(say(&home, "introduce bert --agreed --to anna --today 2026-11-26"), @"
    Anna Müller and Bert Kern, by you (both play the viola): both would like it
      27 November 2026: Introduce Anna Müller to Bert Kern (both play the viola)
    ");
    assert_snapshot!(say_when(&home, "undo"), @"
    Taken back, on DAY at NN:NN, on the command line:
      logged that you heard from Bert Kern on 26 November 2026: would like to meet Anna Müller
      noted that Bert Kern would like to be introduced
    kith undo --redo brings it back.
    ");
    say(&home, "undo --redo");
    assert_snapshot!(say(&home, "introduce bert --sent --today 2026-11-26"), @"
    Error: no lines are forwarded for an introduction that you make yourself
    Hint: kith introduce 2 --made notes that you made it
    [exit 1]
    ");
    assert_snapshot!(say_afresh(&home, "plan --days 1 --today 2026-11-27"), @"
    Friday, 27 November 2026
      Introduce Anna Müller to Bert Kern (both play the viola)
        Since 26 November 2026 both would like to be introduced: Bert Kern (both
        play the viola).
      Get in touch with Clara Diaz
        In your address book, with no contact noted yet: a first step.
      Get in touch with David Ono
        In your address book, with no contact noted yet: a first step.
    ");
    assert_snapshot!(say(&home, "done anna --today 2026-11-27"), @"
    Logged: on 27 November 2026 you wrote to Anna Müller and Bert Kern.
    Planned for 25 December 2026: Ask Anna Müller how it went with Bert Kern.
    Next in touch: Bert Kern from 26 May 2027 on.
    ");
    assert_snapshot!(say(&home, "show bert --today 2026-11-27"), @"
    Bert Kern (id 2)
      Last contact  2026-11-26
      Due           2027-05-26

    History
      2026-11-27  wrote  given: an introduction to Anna Müller
      2026-11-26  heard  would like to meet Anna Müller
      2026-11-23  wrote
      2026-11-16  talked violin
    ");
    assert_snapshot!(say_afresh(&home, "introduce --today 2026-11-28"), @"
    Anna Müller and Bert Kern, by you (both play the viola): made on 27 November
    2026
      25 December 2026: Ask Anna Müller how it went with Bert Kern
    ");
    assert_snapshot!(say(&home, "wins --today 2026-11-28"), @"2026-11-27  Introduced Anna Müller and Bert Kern");
    let review = home.json(&["review-week", "--today", "2026-11-28"]);
    assert_eq!(review["wins"][0]["kind"], "introduction");
    assert_eq!(review["wins"][0]["told"], "Introduced Anna Müller and Bert Kern");
    assert!(
        home.json(&["plan", "--days", "60", "--today", "2026-12-20"])
            .to_string()
            .contains("what became of it")
    );
    say(&home, "introduce anna --thanked --today 2026-12-28");
    let all = home.json(&["introduce", "--all", "--today", "2026-12-28"]);
    assert_eq!((&all[0]["stage"], &all[0]["by"]), (&json!("looked-back"), &json!("me")));
    assert_eq!(all[0]["looked_back"], "2026-12-28");
}

#[test]
fn a_no_of_one_of_two_ends_an_introduction() {
    let home = with_four();
    say(&home, "introduce anna to bert");
    assert_snapshot!(say(&home, "introduce bert --declined"), @"Anna Müller and Bert Kern, by you: declined on 23 November 2026");
    assert_snapshot!(say(&home, "introduce anna --to anna"), @"
    Error: Anna Müller cannot be introduced to themselves
    [exit 1]
    ");
    assert_snapshot!(say(&home, "introduce bert --made"), @"
    Error: no introduction to Bert Kern, or by them, is under way
    Hint: kith introduce lists those that are
    [exit 1]
    ");
    say(&home, "edit david --comfort never");
    assert_snapshot!(say(&home, "introduce anna --to david"), @"
    Error: David Ono is set to never: nothing is planned with them
    Hint: if you changed your mind: kith edit 4 --comfort yes
    [exit 1]
    ");
    say(&home, "introduce anna to clara");
    say(&home, "introduce clara --through anna");
    assert_snapshot!(say(&home, "introduce clara --agreed"), @"
    Error: several introductions are meant:
      Anna Müller and Clara Diaz, by you: both are to be asked
      To Clara Diaz, by Anna Müller: to be asked for
    Hint: name the one it is to, and who makes it with --through; of two whom you introduce the other with --to
    [exit 1]
    ");
    say(&home, "introduce clara --agreed --to anna");
    let open = home.json(&["introduce"]);
    assert_eq!((&open[0]["to_agreed"], &open[1]["agreed"]), (&json!("2026-11-23"), &json!(null)));
    // Whom nothing is wanted with is named to nobody.
    say(&home, "edit clara --comfort never");
    assert!(!home.json(&["plan", "--days", "30"]).to_string().contains("Clara"));
    assert!(!say(&home, "prep anna").contains("Clara"));
    let told = |line: &str| {
        say_afresh(&home, line).replace('\u{a0}', " ").split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let all = told("introduce");
    for said in [
        "would like it nothing comes of it, as Clara Diaz is set to never; to end it: kith introduce 1 --to 3 --let-go",
        "to be asked for nothing comes of it, as Clara Diaz is set to never; to end it: kith introduce 3 --through 1 --let-go",
    ] {
        assert!(all.contains(said), "{all}");
    }
    assert!(told("introduce 1 --to 3 --let-go").contains("let go on 23 November 2026"));
    say(&home, "edit clara --comfort yes");
    say(&home, "archive clara");
    assert_snapshot!(told("introduce"), @"To Clara Diaz, by Anna Müller: to be asked for nothing comes of it, as Clara Diaz may not be planned (kith why 3 tells the reason); to end it: kith introduce 3 --through 1 --let-go");
    assert!(told("introduce 3 --through 1 --let-go").contains("let go on 23 November 2026"));
}
