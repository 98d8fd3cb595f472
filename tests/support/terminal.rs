//! A real terminal for the binary, so that what asks can be answered.

use std::process::{Command, Stdio};

/// Runs a program on a terminal of its own, of a width; types the next of what
/// is to be typed whenever what was said since ends in, or has, a prompt. Tells
/// if the terminal is not as it was afterwards.
const ON_A_TERMINAL: &str = "
import fcntl, json, os, pty, re, select, signal, struct, sys, termios
typed, width, program = json.loads(sys.argv[1]), int(sys.argv[2]), sys.argv[4:]
prompt = re.compile(sys.argv[3].encode())
outer, inner = pty.openpty()
fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack('HHHH', 50, width, 0, 0))
pid = os.fork()
if pid == 0:
    os.setsid()
    # A shell has what it starts in the background ignore Ctrl-C.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    fcntl.ioctl(inner, termios.TIOCSCTTY, 0)
    for fd in (0, 1, 2):
        os.dup2(inner, fd)
    os.execv(program[0], program)
said, answered = b'', 0
while True:
    ready, _, _ = select.select([outer], [], [], 0.05)
    if ready:
        said += os.read(outer, 4096)
        if typed and prompt.search(said, answered):
            answered = len(said)
            next = typed.pop(0)
            if next == 'SIGTERM':
                os.kill(pid, 15)
            else:
                os.write(outer, next.encode())
        continue
    done, status = os.waitpid(pid, os.WNOHANG)
    if done:
        break
modes = termios.tcgetattr(inner)[3]
kept = modes & termios.ECHO and modes & termios.ICANON and modes & termios.ISIG
sys.stdout.buffer.write(said.replace(b'\\r\\n', b'\\n'))
if not kept:
    print('THE TERMINAL IS NOT AS IT WAS')
sys.exit(os.waitstatus_to_exitcode(status))
";

/// What [`on_a_terminal`] takes for a question where a command lets one choose or decide.
pub(crate) const DECISION: &str = r"q quit|Press s|Nothing was decided yet|\? [(\[]";

/// Runs a command on a terminal that is `width` columns wide, typing the next
/// of `typed` (or sending SIGTERM) whenever it says what fits the regular
/// expression `prompt`; gives its exit code and all it said. None where there
/// is no python3 to make a terminal with.
pub(crate) fn on_a_terminal(
    command: &Command,
    width: u16,
    prompt: &str,
    typed: &[&str],
) -> Option<(Option<i32>, String)> {
    if !Command::new("python3").args(["-c", "import pty"]).status().is_ok_and(|status| status.success()) {
        eprintln!("skipped: there is no python3 to make a terminal with");
        return None;
    }
    let mut python = Command::new("python3");
    python.args(["-c", ON_A_TERMINAL, &serde_json::to_string(typed).unwrap(), &width.to_string(), prompt]);
    python.arg(command.get_program()).args(command.get_args());
    for (name, value) in command.get_envs() {
        match value {
            Some(value) => python.env(name, value),
            None => python.env_remove(name),
        };
    }
    for folders in ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "COLUMNS"] {
        python.env_remove(folders);
    }
    let output = python.stdin(Stdio::null()).output().unwrap();
    let said =
        String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
    Some((output.status.code(), said))
}
