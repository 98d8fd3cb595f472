//! A person at a terminal may choose among candidates; and a terminal may know no commands.

use super::with_phone;
use crate::support::Home;
use crate::support::terminal::{DECISION, on_a_terminal};

#[test]
fn on_a_terminal_one_may_choose() {
    let home = with_phone();
    let mut command = home.command();
    command.args(["log", "diaz", "tea"]);
    let choose = |answer: &str| on_a_terminal(&command, 80, DECISION, &[&format!("{answer}\n")]);
    let Some((code, said)) = choose("4") else { return };
    assert!(said.contains("3  Carla Diaz") && said.contains("4  David Diaz"), "{said}");
    assert!(said.contains("you talked with David Diaz"), "{said}");
    assert_eq!(code, Some(0));
    let (code, said) =
        on_a_terminal(&command, 80, r"\(empty for none\)", &["carla\n", "1\n", "3\n"]).unwrap();
    assert_eq!(code, Some(0), "{said}");
    assert!(
        said.contains("carla is none of these. Whose id?") && said.contains("1 is none of these."),
        "{said}"
    );
    assert!(said.contains("you talked with Carla Diaz"), "{said}");
    assert_eq!(home.json(&["undo"])["undone"], true);
    for nobody in ["\n", "\u{4}"] {
        let (code, said) = on_a_terminal(&command, 80, DECISION, &[nobody]).unwrap();
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("nobody was chosen"), "{said}");
    }
    assert_eq!(home.json(&["show", "carla"])["history"], serde_json::json!([]));
}

#[test]
fn whoever_does_not_answer_changes_nothing() {
    let home = with_phone();
    let before = home.json(&["list"]);
    for words in [&["log", "diaz", "tea"][..], &["circle", "assign", "close", "--query", "diaz"]] {
        let mut command = home.command();
        command.args(words);
        // Ctrl-C ends it by the signal, which the terminal that is made in Python tells as 254.
        for (typed, ended) in [("\u{3}", 254), ("\u{4}", 1), ("\n", 1), ("ü\u{1b}[A\n\n", 1)] {
            let Some((code, said)) = on_a_terminal(&command, 80, DECISION, &[typed]) else { return };
            assert_eq!(code, Some(ended), "{typed:?}: {said}");
            assert!(ended == 254 || said.contains("Error: no"), "{typed:?}: {said}");
        }
    }
    assert_eq!(home.json(&["list"]), before);
}

#[test]
fn colours_are_for_terminals_that_have_them_and_people_who_want_them() {
    let home = Home::new();
    for (term, no_color, colored) in
        [("xterm", "", true), ("xterm", "1", false), ("dumb", "", false), ("", "", false)]
    {
        for (words, typed) in
            [(&["--help"][..], &[][..]), (&["serve", "--listen", "127.0.0.1:0"], &["SIGTERM"])]
        {
            let mut command = home.command();
            // On a build server, where colours are taken for wanted, too.
            command.args(words).envs([("TERM", term), ("NO_COLOR", no_color), ("CI", "1")]);
            let Some((code, said)) = on_a_terminal(&command, 80, "kith is running", typed) else { return };
            assert_eq!(code, Some(0), "{said}");
            assert_eq!(
                said.contains('\u{1b}'),
                colored,
                "{words:?} with TERM={term} NO_COLOR={no_color}: {said}"
            );
        }
    }
}

#[test]
fn people_of_two_names_are_merged_on_a_terminal_when_asked() {
    let home = with_phone();
    let mut command = home.command();
    command.args(["merge", "3", "4"]);
    let Some((code, said)) = on_a_terminal(&command, 80, r"\[y/N\]", &["\n"]) else { return };
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("Carla Diaz and David Diaz are two names. Make them one person? [y/N]"), "{said}");
    assert!(said.contains("nothing was changed"), "{said}");
    let (code, said) = on_a_terminal(&command, 80, r"\[y/N\]", &["y\n"]).unwrap();
    assert_eq!(code, Some(0), "{said}");
    assert_eq!(said.matches("Carla Diaz (id 3)").count(), 2, "{said}");
    assert!(said.contains("David Diaz (id 4) is part of Carla Diaz (id 3) now."), "{said}");
}
