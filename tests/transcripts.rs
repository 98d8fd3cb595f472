//! The built-in importers, run as kith runs them, answer as the protocol's transcripts say.

#[path = "../plugins/protocol/tests/support/transcript.rs"]
mod transcript;

use std::io::Write;
use std::process::{Command, Stdio};

use serde_json::json;
use transcript::transcripts;

#[test]
fn the_binary_answers_as_the_transcripts_say() {
    for importer in ["vcard", "csv", "whatsapp"] {
        let order = json!({
            "parent": std::process::id(),
            "limits": {},
            "becomes": {"built-in": importer},
        });
        for transcript in transcripts(&format!("{importer}-")) {
            let mut child = Command::new(env!("CARGO_BIN_EXE_kith"))
                .args(["confined", &order.to_string()])
                .env_clear()
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .unwrap();
            let mut stdin = child.stdin.take().unwrap();
            let sent = transcript.sent.clone();
            // One that refuses the batch may not read it all.
            let sender = std::thread::spawn(move || stdin.write_all(&sent).ok());
            let output = child.wait_with_output().unwrap();
            sender.join().unwrap();
            assert_eq!(String::from_utf8(output.stdout).unwrap(), transcript.answer, "{}", transcript.name);
        }
    }
}
