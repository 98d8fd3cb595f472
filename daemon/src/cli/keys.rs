//! Single keys from a terminal, which is as it was afterwards, whatever the way out.

use std::io;
use std::sync::mpsc;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::termios::{
    LocalModes, OptionalActions, QueueSelector, SpecialCodeIndex, Termios, tcflush, tcgetattr, tcsetattr,
};

use super::exit_code_of;
use super::serve::end_signals;
use crate::error::{Doing, Result};

/// After so long without a further byte an escape character is the key itself.
const ESCAPE: Duration = Duration::from_millis(50);

/// A key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    /// A letter, in lower case, or a digit.
    Letter(char),
    /// To end: Escape, Ctrl-D, or the end of input.
    End,
    /// Ctrl-C.
    Interrupt,
    /// Anything else.
    Other,
}

/// A terminal that gives each key at once and does not show it.
pub(super) struct Keys {
    before: Termios,
}

impl Keys {
    /// Takes the terminal of standard input.
    pub(super) fn take() -> Result<Self> {
        let doing = || "read keys from the terminal".to_owned();
        let before = tcgetattr(io::stdin()).map_err(io::Error::from).doing(doing)?;
        let mut keys = before.clone();
        // Ctrl-C and Ctrl-Z come as keys too: the terminal must not be left like this.
        keys.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG);
        keys.special_codes[SpecialCodeIndex::VMIN] = 1;
        keys.special_codes[SpecialCodeIndex::VTIME] = 0;
        restore_when_killed(before.clone());
        tcsetattr(io::stdin(), OptionalActions::Drain, &keys).map_err(io::Error::from).doing(doing)?;
        Ok(Self { before })
    }

    /// Forgets what was typed and not read yet: keys that are held down, or
    /// pasted, must not answer a question that nobody has seen.
    #[expect(clippy::unused_self, reason = "keys come one by one only while the terminal is taken")]
    pub(super) fn forget(&self) -> Result<()> {
        tcflush(io::stdin(), QueueSelector::IFlush)
            .map_err(io::Error::from)
            .doing(|| "read keys from the terminal".to_owned())
    }

    /// Waits for a key.
    #[expect(clippy::unused_self, reason = "keys come one by one only while the terminal is taken")]
    pub(super) fn next(&self) -> Result<Key> {
        let Some(first) = read()? else { return Ok(Key::End) };
        Ok(match first {
            b'\x1b' if !has_more(ESCAPE) => Key::End,
            b'\x1b' => {
                // An arrow or a function key: a sequence that comes at once.
                while has_more(Duration::ZERO) && read()?.is_some() {}
                Key::Other
            }
            b'\x03' => Key::Interrupt,
            b'\x04' => Key::End,
            // A letter beyond ASCII is one key of several bytes.
            0x80.. => {
                while has_more(Duration::ZERO) && read()?.is_some() {}
                Key::Other
            }
            byte if byte.is_ascii_alphanumeric() => Key::Letter(char::from(byte.to_ascii_lowercase())),
            _ => Key::Other,
        })
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        // Nothing can be done if the terminal is gone.
        let _ = tcsetattr(io::stdin(), OptionalActions::Now, &self.before);
    }
}

/// A byte; none at the end of input.
fn read() -> Result<Option<u8>> {
    let mut byte = [0];
    loop {
        match rustix::io::read(io::stdin(), &mut byte) {
            Ok(0) => return Ok(None),
            Ok(_) => return Ok(Some(byte[0])),
            Err(rustix::io::Errno::INTR) => {}
            // The terminal was closed.
            Err(rustix::io::Errno::IO) => return Ok(None),
            Err(error) => return Err(io::Error::from(error)).doing(|| "read a key".to_owned()),
        }
    }
}

fn has_more(wait: Duration) -> bool {
    let stdin = io::stdin();
    let wait = Timespec::try_from(wait).ok();
    poll(&mut [PollFd::new(&stdin, PollFlags::IN)], wait.as_ref()).is_ok_and(|ready| ready > 0)
}

/// Ends the program when it is told to end, with the terminal as it was.
/// When this returns, being told no longer ends it otherwise.
fn restore_when_killed(before: Termios) {
    let (ready, is_ready) = mpsc::channel();
    std::thread::spawn(move || {
        let Ok(runtime) = tokio::runtime::Builder::new_current_thread().enable_all().build() else { return };
        let told = runtime.block_on(async {
            let Ok(told) = end_signals() else { return None };
            // Whoever waits for it is there until it comes.
            let _ = ready.send(());
            Some(told.await)
        });
        if let Some(signal) = told {
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, &before);
            std::process::exit(exit_code_of(signal).into());
        }
    });
    // An error means that the thread could not begin; then nothing better can be done.
    let _ = is_ready.recv();
}
