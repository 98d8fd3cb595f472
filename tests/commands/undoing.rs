//! Taking back what was done, whatever did it.

use insta::assert_snapshot;

use super::{TODAY, import, listed, planned, say, say_when, with_phone};
use crate::support::calendar::events;
use crate::support::{Home, eventually};

#[test]
fn the_last_step_goes_and_then_the_one_before() {
    let home = with_phone();
    let before = planned(&home, TODAY, "60");
    say(&home, "log anna viola --met");
    say(&home, "edit bert --circle close --add-email bert@new.example");
    home.sql("UPDATE contact SET title = 'Baker' WHERE name = 'Emi Ono'; DELETE FROM contact WHERE name = 'David Diaz'");
    assert_snapshot!(say_when(&home, "undo --dry-run"), @"
    Would be taken back, today at NN:NN, by another program:
      set the title of Emi Ono to Baker
      archived David Diaz
    Nothing was changed.
    ");
    assert_snapshot!(say_when(&home, "undo"), @"
    Taken back, today at NN:NN, by another program:
      set the title of Emi Ono to Baker
      archived David Diaz
    kith undo --redo brings it back.
    ");
    assert_snapshot!(say_when(&home, "undo"), @"
    Taken back, today at NN:NN, on the command line:
      set the circle of Dr. Bert Kern to close
      added the email bert@new.example to Dr. Bert Kern
    kith undo --redo brings it back.
    ");
    assert_snapshot!(say_when(&home, "undo"), @"
    Taken back, today at NN:NN, on the command line:
      logged that you met Anna Müller on 23 November 2026: viola
    kith undo --redo brings it back.
    ");
    assert_eq!(planned(&home, TODAY, "60"), before);
    assert_snapshot!(say_when(&home, "undo --list"), @"
    8          today at NN:NN, by another program (taken back)
               set the title of Emi Ono to Baker, and 1 more
    6          today at NN:NN, on the command line (taken back)
               set the circle of Dr. Bert Kern to close, and 1 more
    1          today at NN:NN, on the command line (taken back)
               logged that you met Anna Müller on 23 November 2026: viola
    import-1   on 23 November 2026 at NN:NN, an import
               imported phone.vcf: 6 new

    kith undo takes back the first that is not taken back; kith undo NUMBER another
    one.
    ");
    assert_snapshot!(say_when(&home, "undo --redo"), @"
    Brought back, today at NN:NN, on the command line:
      logged that you met Anna Müller on 23 November 2026: viola
    kith undo takes it back again.
    ");
    assert_eq!(home.json(&["show", "anna"])["history"][0]["what"], "viola");
    assert_snapshot!(say_when(&home, "undo --redo --dry-run"), @"
    Would be brought back, today at NN:NN, on the command line:
      set the circle of Dr. Bert Kern to close
      added the email bert@new.example to Dr. Bert Kern
    Nothing was changed.
    ");
    say(&home, "edit anna --title CTO");
    assert_snapshot!(say_when(&home, "undo --redo"), @"
    Error: it cannot be brought back: something else was changed since (set the title of Anna Müller to CTO)
    Hint: take that back first (kith undo 10), then bring this back
    [exit 1]
    ");
}

#[test]
fn what_cannot_be_taken_back_is_said() {
    let home = Home::new();
    assert_snapshot!(say(&home, "undo"), @"
    Error: there is nothing to take back
    Hint: kith undo --list shows what there was; circles are in kith.toml, and kith circle set changes them
    [exit 1]
    ");
    assert_snapshot!(say(&home, "undo --redo"), @"
    Error: there is nothing to bring back: nothing was taken back
    Hint: kith undo takes the last change back
    [exit 1]
    ");
    assert_snapshot!(say(&home, "undo --list"), @"Nothing was done yet.");
    assert_snapshot!(say(&home, "undo 12"), @"
    Error: there is no step 12
    Hint: kith undo --list shows the last ones with their numbers
    [exit 1]
    ");
    assert_snapshot!(say(&home, "undo twelve"), @r#"
    error: invalid value 'twelve' for '[STEP]': "twelve" is not the number of a step; kith undo --list shows them

    For more information, try '--help'.
    [exit 2]
    "#);
}

#[test]
fn an_import_goes_and_comes_again() {
    let home = with_phone();
    import(&home, &["google.csv"]);
    say(&home, "edit bert --circle close");
    let people = home.json(&["list"]);
    assert_snapshot!(say_when(&home, "undo import-1"), @"
    Taken back, on 23 November 2026 at NN:NN, an import:
      imported phone.vcf: 6 new
    4 contacts that nothing else is known of: gone.
    As they were, since you changed or noted something later: Dr. Bert Kern.
    kith undo --redo brings it back.
    ");
    assert_eq!(listed(&home, "Dr. Bert Kern")["circle"], "close");
    say(&home, "undo --redo");
    assert_eq!(home.json(&["list"]), people);
    assert_snapshot!(say_when(&home, "undo import-2"), @"
    Taken back, on 23 November 2026 at NN:NN, an import:
      imported google.csv: 2 new, 1 updated
    2 contacts that nothing else is known of: gone.
    kith undo --redo brings it back.
    ");
    import(&home, &["google.csv"]);
    assert_eq!(home.json(&["list"]), people, "the same people, with the same numbers");
}

#[test]
fn a_running_service_follows() {
    let home = with_phone();
    let service = home.serve();
    let names = || {
        let mut all: Vec<String> = service.events().into_iter().map(|event| event.summary).collect();
        all.sort();
        all
    };
    let before = names();
    let feed = service.feed();
    let _ = home.kith(&["log", "anna", "viola", "--met"]).succeeds();
    eventually("the log is published", || (names() != before).then_some(()));
    let _ = home.kith(&["undo"]).succeeds();
    eventually("what was taken back is published", || (names() == before).then_some(()));
    // Nobody was moved by it.
    let days = |feed: &str| {
        let mut all: Vec<_> = events(feed).into_iter().map(|e| (e.uid, e.day)).collect();
        all.sort();
        all
    };
    assert_eq!(days(&service.feed()), days(&feed));
}

#[test]
fn a_circle_is_set_again_by_the_command_that_is_told() {
    let home = with_phone();
    home.sql("UPDATE contact SET title = 'Baker' WHERE name = 'Emi Ono'");
    home.file(
        ".config/kith/kith.toml",
        "[circles.\"book club\"]\nideal = \"5w\"\nlatest = \"7w\"\nchannel = \"meet\"\n",
    );
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert_snapshot!(say(&home, "circle set \"book club\" --ideal 2w --channel write"), @"
    Circle book club: ideally every 2 weeks, at the latest every 7 weeks; write
    where that is possible.
    --latest was not given and stays as it was.
    Before:
        kith circle set 'book club' --ideal '5 weeks' --latest '7 weeks' --channel meet
    ");
    assert_snapshot!(say_when(&home, "undo"), @"
    Taken back, today at NN:NN, by another program:
      set the title of Emi Ono to Baker
    kith.toml was changed later, today at NN:NN, and is as it was: kith circle set
    changes a circle, and says what it was.
    kith undo --redo brings it back.
    ");
    assert_snapshot!(say(&home, "circle set \"book club\" --ideal \"5 weeks\" --latest \"7 weeks\" --channel meet"), @"
    Circle book club: ideally every 5 weeks, at the latest every 7 weeks; meet where
    that is possible.
    Before:
        kith circle set 'book club' --ideal '2 weeks' --latest '7 weeks' --channel write
    ");
}
