//! A person at a terminal may choose among candidates.

use super::with_phone;
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
    for nobody in ["", "1", "carla"] {
        let (code, said) = choose(nobody).unwrap();
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("nobody was chosen"), "{said}");
    }
    assert_eq!(home.json(&["show", "carla"])["history"], serde_json::json!([]));
}
