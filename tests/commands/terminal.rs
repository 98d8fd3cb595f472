//! A person at a terminal may choose among candidates.

use std::process::{Command, Stdio};

use super::with_phone;

/// Runs kith on a terminal of its own through python3's pty, and types an answer.
const ON_A_TERMINAL: &str = "
import os, pty, sys
answer, program = sys.argv[1].encode() + b'\\n', sys.argv[2:]
pid, terminal = pty.fork()
if pid == 0:
    os.execv(program[0], program)
said, asked = b'', False
while True:
    try:
        more = os.read(terminal, 4096)
    except OSError:
        break
    if not more:
        break
    said += more
    if not asked and b'? (' in said:
        asked = True
        os.write(terminal, answer)
sys.stdout.buffer.write(said.replace(b'\\r\\n', b'\\n'))
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
";

#[test]
fn on_a_terminal_one_may_choose() {
    let home = with_phone();
    let choose = |answer: &str| {
        let output = Command::new("python3")
            .args(["-c", ON_A_TERMINAL, answer, env!("CARGO_BIN_EXE_kith"), "log", "diaz", "tea"])
            .env("HOME", home.path())
            .env_remove("XDG_DATA_HOME")
            .env_remove("XDG_CONFIG_HOME")
            .stdin(Stdio::null())
            .output()
            .unwrap();
        (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned())
    };
    if !Command::new("python3").args(["-c", "import pty"]).status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: there is no python3 to make a terminal with");
        return;
    }
    let (code, said) = choose("4");
    assert!(said.contains("3  Carla Diaz") && said.contains("4  David Diaz"), "{said}");
    assert!(said.contains("you talked with David Diaz"), "{said}");
    assert_eq!(code, Some(0));
    for nobody in ["", "1", "carla"] {
        let (code, said) = choose(nobody);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("nobody was chosen"), "{said}");
    }
    assert_eq!(home.json(&["show", "carla"])["history"], serde_json::json!([]));
}
