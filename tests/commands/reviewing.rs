//! Deciding pair by pair on a real terminal.

use std::process::{Command, Stdio};

use insta::assert_snapshot;

use super::{TODAY, import, with_phone};
use crate::support::Home;

/// Runs a program on a terminal of its own, of a width, through python3's pty;
/// presses a key whenever it is asked for one. After it, says whether the
/// terminal shows what is typed, as it should.
const ON_A_TERMINAL: &str = "
import fcntl, os, pty, struct, sys, termios
keys, width, program = sys.argv[1], int(sys.argv[2]), sys.argv[3:]
outer, inner = pty.openpty()
fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack('HHHH', 50, width, 0, 0))
pid = os.fork()
if pid == 0:
    os.setsid()
    fcntl.ioctl(inner, termios.TIOCSCTTY, 0)
    for fd in (0, 1, 2):
        os.dup2(inner, fd)
    os.execv(program[0], program)
said, asked = b'', 0
while True:
    import select
    ready, _, _ = select.select([outer], [], [], 0.05)
    if ready:
        said += os.read(outer, 4096)
        prompts = said.count(b'q quit') + said.count(b'Press s,') + said.count(b'Nothing was decided yet')
        if prompts > asked and keys:
            asked = prompts
            if keys[0] == 'T':
                os.kill(pid, 15)
            else:
                os.write(outer, keys[0].encode())
            keys = keys[1:]
        continue
    done, status = os.waitpid(pid, os.WNOHANG)
    if done:
        break
modes = termios.tcgetattr(inner)[3]
kept = modes & termios.ECHO and modes & termios.ICANON and modes & termios.ISIG
sys.stdout.buffer.write(said.replace(b'\\r\\n', b'\\n'))
print('' if kept else 'THE TERMINAL IS NOT AS IT WAS')
sys.exit(os.waitstatus_to_exitcode(status))
";

fn press(home: &Home, keys: &str, width: &str) -> Option<(Option<i32>, String)> {
    if !Command::new("python3").args(["-c", "import pty"]).status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: there is no python3 to make a terminal with");
        return None;
    }
    let output = Command::new("python3")
        .args(["-c", ON_A_TERMINAL, keys, width, env!("CARGO_BIN_EXE_kith"), "review", "--today", TODAY])
        .env("HOME", home.path())
        .env_remove("XDG_DATA_HOME")
        .env_remove("XDG_CONFIG_HOME")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    Some((output.status.code(), said))
}

fn decided(home: &Home) -> i64 {
    home.count("SELECT count(*) FROM review WHERE decision IS NOT NULL")
}

#[test]
fn one_key_decides_a_pair() {
    let home = with_phone();
    import(&home, &["google.csv", "Connections.csv"]);
    let Some((code, said)) = press(&home, "xs", "90") else { return };
    assert_eq!(code, Some(0), "{said}");
    assert_snapshot!(said, @"
    Review 1: the same name
                 Dr. Bert Kern (id 2)                    Bert Kern (id 9)
    Name         Dr. Bert Kern                           Bert Kern
    Phone        +49 170 2222222
    Organisation                                         Harbour Ltd
    Title                                                Pilot
    Birthday     1985-11-30
    From         phone.vcf                               Connections.csv

    s same · d different · l later · u undo · q quit
    Press s, d, l, u or q.
    Bert Kern and Dr. Bert Kern are one person now (id 2).

    1 decided. Nothing waits any more.
    ");
    assert_eq!(decided(&home), 1);
    assert_eq!(home.json(&["undo"])["undone"], true);
    let (_, said) = press(&home, "ll", "44").unwrap();
    assert_snapshot!(said, @"
    Review 1: the same name
    Dr. Bert Kern (id 2)
       Name         Dr. Bert Kern
       Phone        +49 170 2222222
       Birthday     1985-11-30
       From         phone.vcf
    Bert Kern (id 9)
       Name         Bert Kern
       Organisation Harbour Ltd
       Title        Pilot
       From         Connections.csv

    s same · d different · l later · u undo · q quit
    Later.

    0 decided; 1 pair is left.
    ");
    assert_eq!(decided(&home), 0);
}

#[test]
fn the_terminal_is_as_it_was_whatever_the_way_out() {
    let home = with_phone();
    import(&home, &["google.csv", "Connections.csv"]);
    for (keys, code) in [("q", 0), ("\u{3}", 0), ("\u{4}", 0), ("\u{1b}", 0), ("T", 1), ("uq", 0)] {
        let Some((ended, said)) = press(&home, keys, "80") else { return };
        assert_eq!(ended, Some(code), "{keys:?}: {said}");
        assert!(!said.contains("NOT AS IT WAS"), "{keys:?}: {said}");
        assert_eq!(decided(&home), 0, "{keys:?}");
    }
}

#[test]
fn the_last_decision_is_taken_back_with_a_key() {
    let home = with_phone();
    import(&home, &["google.csv", "Connections.csv"]);
    let twin = "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:Emi Ono\r\nEMAIL:emi@other.example\r\nEND:VCARD\r\n";
    let file = home.file("twin.vcf", twin);
    home.json(&["import", "--today", TODAY, file.to_str().unwrap()]);
    let Some((_, said)) = press(&home, "dudd", "80") else { return };
    assert!(said.contains("Taken back; here they are again."), "{said}");
    assert!(said.contains("2 decided. Nothing waits any more."), "{said}");
    assert_eq!(decided(&home), 2);
    assert_eq!(press(&home, "", "80").unwrap().1.trim(), "Nothing waits to be decided.");
}
