//! The built-in importers and the examples for authors, run as kith runs them, answer as the protocol's
//! transcripts say.

#[path = "../plugins/protocol/tests/support/transcript.rs"]
mod transcript;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use kith::importer::{Becomes, Importer, Limits, Manifest, Order, Origin, Private, Task, becomes};
use transcript::transcripts;

#[test]
fn the_binary_answers_as_the_transcripts_say() {
    for importer in ["vcard", "csv", "json", "ldif", "monica", "whatsapp", "mbox", "calendar"] {
        replay(importer, Limits::default(), Becomes::BuiltIn(importer.to_owned()));
    }
}

#[test]
fn the_examples_for_authors_answer_as_the_transcripts_say() {
    for example in ["abook", "mutt"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../plugins/examples");
        let path = folder.join(format!("{example}.toml")).canonicalize().unwrap();
        let manifest = Manifest::read(&path).unwrap();
        let origin = Origin::Plugin { manifest: path, private: Private::default() };
        let importer = Importer { manifest, origin };
        match becomes(&importer) {
            Ok(becomes) => replay(example, importer.manifest.limits, becomes),
            // awk or Python is missing, or a sandbox.
            Err(error) => eprintln!("skipped {example}: {error}"),
        }
    }
}

#[track_caller]
fn replay(name: &str, limits: Limits, becomes: Becomes) {
    let order = Order { parent: std::process::id(), task: Task::Import { limits, becomes } };
    let order = serde_json::to_string(&order).unwrap();
    for transcript in transcripts(&format!("{name}-")) {
        let mut child = Command::new(env!("CARGO_BIN_EXE_kith"))
            .args(["confined", &order])
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
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(
            String::from_utf8(output.stdout).unwrap(),
            transcript.answer,
            "{}: {errors}",
            transcript.name
        );
    }
}
