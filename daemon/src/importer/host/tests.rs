//! Conversations with importers written in sh, well and badly behaved.

use super::*;
use crate::core::settings::Me;
use crate::importer::{Limits, Manifest, Origin};
use jiff::civil::Date;
use std::fs::{self, File};
use std::io::{Seek, SeekFrom, Write};
use std::path::Path;
use tempfile::TempDir;

const HELLO: &str = r#"echo '{"type":"hello","name":"toy","protocols":[1]}'"#;
const CONTACT: &str = r#"echo '{"type":"contact","at":{"line":1},"contact":{"uid":"a"},"raw":"A"}'"#;
const DONE: &str = r#"echo '{"type":"done","counts":{"contact":1}}'"#;
const READ: &str = "cat >/dev/null";

/// A toy importer: a script whose `$1` is a folder in which it may leave notes.
struct Toy {
    folder: TempDir,
    bounds: Bounds,
    cancel: AtomicBool,
    /// The bytes of the file; a pipe holds much less than the second kind.
    size: u64,
    heard: Vec<String>,
}

impl Toy {
    const SMALL: u64 = 100;
    const LARGE: u64 = 8 << 20;

    fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            bounds: Bounds {
                whole: Duration::from_secs(60),
                stalled: Duration::from_secs(60),
                unheard: Duration::from_secs(60),
                ending: Duration::from_secs(60),
                output: 1 << 20,
                line: 100 << 10,
                most: Bounds::of(&Limits::default()).most,
            },
            cancel: AtomicBool::new(false),
            size: Self::SMALL,
            heard: Vec::new(),
        }
    }

    fn file(&self) -> File {
        let file = File::create_new(self.folder.path().join("file")).unwrap();
        file.set_len(self.size).unwrap();
        File::open(self.folder.path().join("file")).unwrap()
    }

    fn run(&mut self, script: &[&str]) -> Result<Spool, Refusal> {
        let note = "echo $$ > $1/pid; PATH=/usr/bin:/bin";
        let script = format!("{note}\n{}", script.join("\n"));
        let importer = Importer {
            manifest: Manifest {
                name: "toy".to_owned(),
                exec: vec!["toy".to_owned()],
                readable: vec![],
                protocols: vec![1],
                extensions: vec![],
                sniff: vec![],
                tries: vec![],
                limits: Limits::default(),
            },
            origin: Origin::BuiltIn,
        };
        let arguments = ["-c", &script, "sh", self.folder.path().to_str().unwrap()].map(str::to_owned);
        let command = sandbox::piped(Path::new("/bin/sh"), &arguments);
        let host = Host::new(OwnBinary::open().unwrap(), self.folder.path().to_owned());
        let file = self.file();
        let (heard, cancel) = (&mut self.heard, &self.cancel);
        let result = host.converse(
            (command, None),
            &importer,
            &self.bounds,
            Input {
                file: &file,
                name: "friends.txt",
                archive: None,
                encoding: None,
                config_folder: self.folder.path(),
                reads: &[],
                me: &Me::default(),
                today: Date::constant(2026, 11, 22),
            },
            cancel,
            &mut |event| match event {
                Event::Skipped(_) | Event::Line(_) | Event::Words(_) => {}
                Event::Record(record) => heard.push(record.contact.uid.clone().unwrap_or_default()),
                Event::Progress { bytes, of } => {
                    heard.push(format!("{bytes} of {of}"));
                    cancel.store(bytes == 13, Ordering::Relaxed);
                }
            },
        );
        self.nothing_is_left();
        result
    }

    /// The child is reaped, and whatever else it noted the number of has ended.
    fn nothing_is_left(&self) {
        for (note, may_wait_for_init) in [("pid", false), ("other", true)] {
            let Ok(number) = fs::read_to_string(self.folder.path().join(note)) else {
                continue;
            };
            if number.is_empty() {
                continue;
            }
            let status = || fs::read_to_string(format!("/proc/{}/stat", number.trim()));
            // A killed process that is not our child is there until init has seen it.
            while may_wait_for_init && status().is_ok_and(|status| !status.contains(") Z ")) {
                std::thread::yield_now();
            }
            assert!(may_wait_for_init || status().is_err(), "{note} {number} is left");
        }
    }

    /// Runs it and expects a refusal.
    fn refused(&mut self, script: &[&str]) -> (Cause, String) {
        let refusal = self.run(script).unwrap_err();
        (refusal.cause, refusal.error.to_string())
    }
}

#[test]
fn what_a_good_importer_said_can_be_read_again_and_again() {
    let mut toy = Toy::new();
    toy.size = Toy::LARGE;
    let spool = toy
        .run(&[
            HELLO,
            "head -n 1 > $1/header; wc -c > $1/bytes",
            r#"echo '{"type":"progress","bytes":7}'"#,
            CONTACT,
            r#"echo '{"type":"contact","at":{"line":9},"contact":{"uid":"b"}}'"#,
            r#"echo '{"type":"skipped","at":{"line":3},"reason":"no name"}'"#,
            r#"echo '{"type":"done","counts":{"contact":2,"skipped":1}}'"#,
        ])
        .unwrap();
    assert_eq!(toy.heard, ["7 of 8388608", "a", "b"]);
    let header = fs::read_to_string(toy.folder.path().join("header")).unwrap();
    assert_eq!(
        header,
        "{\"kind\":\"file\",\"protocol\":1,\"fileName\":\"friends.txt\",\"bytes\":8388608,\
         \"options\":{\"today\":\"2026-11-22\"}}\n"
    );
    assert_eq!((spool.counts().contact, spool.counts().skipped), (2, 1));
    assert_eq!(spool.skipped()[0].reason, "no name");
    let (mut one, mut other) = (spool.records(vec![]), spool.records(vec![]));
    let first = one.next().unwrap().unwrap();
    assert_eq!(first.raw, "A");
    assert_eq!(other.next().unwrap().unwrap(), first);
    let second = one.next().unwrap().unwrap();
    assert_eq!(second.at.line, 9);
    assert!(one.next().is_none());
    let rest: Vec<Record> = spool.records(vec![false, true]).map(Result::unwrap).collect();
    assert_eq!(rest, [second]);
}

#[test]
fn the_bytes_arrive_as_they_are_and_from_the_start() {
    let mut toy = Toy::new();
    let content: Vec<u8> = (0..=255).cycle().take(300_000).collect();
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(&content).unwrap();
    file.seek(SeekFrom::Start(77)).unwrap();
    let mut feeder = Feeder::new(&file, "x", 1, serde_json::Map::new()).unwrap();
    let mut got = Vec::new();
    while feeder.feed(&mut got).unwrap() != Fed::All {}
    let body = got.iter().position(|byte| *byte == b'\n').unwrap() + 1;
    assert!(got[body..] == content);
    // An empty file is a header and nothing.
    toy.size = 0;
    toy.run(&[HELLO, READ, CONTACT, DONE]).unwrap();
}

#[test]
fn a_breach_of_the_protocol_is_the_importers_fault() {
    for (name, script, says) in [
        ("wrong counts", &[HELLO, READ, DONE][..], "counted 1 records, but wrote 0"),
        ("no hello", &[READ, CONTACT, DONE], "did not say hello first"),
        ("no word", &[READ], "ended with the exit code 0 without saying that it was done"),
        ("unknown type", &[HELLO, r#"echo '{"type":"poem"}'"#, READ], "unknown variant `poem`"),
        ("future version", &[r#"echo '{"type":"hello","name":"toy","protocols":[9]}'"#, READ], "version [9]"),
        ("garbage", &[HELLO, "echo oops", READ], "not of the protocol, in line 2"),
        ("after done", &[HELLO, READ, CONTACT, DONE, CONTACT], "line 4 after the line that ends"),
        ("endless line", &["cat /dev/zero"], "wrote a line longer than"),
        ("endless output", &[HELLO, &format!("while :; do {CONTACT}; done")], "wrote more than 1 MiB"),
        (
            "crash",
            &[HELLO, "echo 'Key\tError' >&2; kill -SEGV $$"],
            "was ended by signal 11 without saying that it was done; its last words were: Key Error",
        ),
        (
            "exit code",
            &[HELLO, READ, CONTACT, DONE, "exit 3"],
            "said that it was done and then ended with the exit code 3",
        ),
        ("half a line", &[HELLO, "printf '{\"type\"'", READ], "in the middle of a line"),
    ] {
        let (cause, error) = Toy::new().refused(script);
        assert_eq!(cause, Cause::Importer, "{name}");
        assert!(error.starts_with("could not import friends.txt: the importer toy "), "{name}: {error}");
        assert!(error.contains(says), "{name}: {error}");
        assert!(error.contains("\nHint: nothing of the file was taken."), "{name}: {error}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_told_in_the_importers_words() {
    let failed = r#"echo '{"type":"failed","reason":"no cards in it","hint":"export it again"}'"#;
    for script in [&[HELLO, READ, failed][..], &[HELLO, failed, "exit 1"]] {
        let mut toy = Toy::new();
        toy.size = Toy::LARGE;
        let (cause, error) = toy.refused(script);
        assert_eq!(cause, Cause::Input);
        assert_eq!(error, "could not import friends.txt: no cards in it\nHint: export it again");
    }
}

#[test]
fn an_importer_that_hangs_is_ended_with_what_it_started() {
    let soon = Duration::from_millis(50);
    let child = "sleep 1000 & echo $! > $1/other";
    type Limit = fn(&mut Bounds) -> &mut Duration;
    let (whole, stalled, ending): (Limit, Limit, Limit) =
        (|b| &mut b.whole, |b| &mut b.stalled, |b| &mut b.ending);
    for (name, limit, script, says) in [
        ("silent", stalled, &[HELLO, child, "wait"][..], "neither read nor wrote anything for 0.05 seconds"),
        (
            "busy",
            whole,
            &[HELLO, child, "while :; do echo '{\"type\":\"progress\",\"bytes\":1}'; done"],
            "ran for 0.05 seconds",
        ),
        (
            "without output",
            ending,
            &[HELLO, READ, CONTACT, DONE, "exec >&-", child, "wait"],
            "closed its output and lived on",
        ),
        (
            "a child that holds its output",
            ending,
            &[HELLO, READ, CONTACT, DONE, child],
            "left a process behind",
        ),
    ] {
        let mut toy = Toy::new();
        *limit(&mut toy.bounds) = soon;
        toy.bounds.output = u64::MAX;
        let (cause, error) = toy.refused(script);
        assert_eq!(cause, Cause::Importer, "{name}");
        assert!(error.contains(says), "{name}: {error}");
    }
}

#[test]
fn a_child_left_behind_without_pipes_is_ended_too() {
    let mut toy = Toy::new();
    let child = "sleep 1000 </dev/null >/dev/null 2>&1 & echo $! > $1/other";
    toy.run(&[HELLO, READ, child, CONTACT, DONE]).unwrap();
}

#[test]
fn an_importer_that_does_not_read_everything_is_not_done() {
    let mut toy = Toy::new();
    toy.size = Toy::LARGE;
    let (cause, error) = toy.refused(&[HELLO, CONTACT, DONE]);
    assert_eq!(cause, Cause::Importer);
    assert!(error.contains("before it had read the whole file"), "{error}");
}

#[test]
fn neither_side_waits_for_the_other_whatever_comes_first() {
    let much = |to: &str| format!("head -c 900000 /dev/zero | tr '\\0' 'x' {to}");
    let much_said =
        format!("printf '{{\"type\":\"skipped\",\"at\":{{}},\"reason\":\"'; {}; echo '\"}}'", much(""));
    let done = r#"echo '{"type":"done","counts":{"skipped":1}}'"#;
    for (name, script) in [
        ("much said before anything is read", &[HELLO, &much_said, READ, done][..]),
        ("much on standard error", &[HELLO, &much(">&2"), READ, &much_said, done, &much(">&2")]),
    ] {
        let mut toy = Toy::new();
        toy.size = Toy::LARGE;
        toy.bounds.line = 1 << 20;
        let spool = toy.run(script).unwrap_or_else(|refusal| panic!("{name}: {refusal:?}"));
        assert!(spool.skipped()[0].reason.chars().count() <= 501, "{name}");
    }
}

#[test]
fn a_file_that_changes_while_it_is_read_is_noticed() {
    for (name, change) in [
        ("shorter", ": > $1/file"),
        ("longer", "echo more >> $1/file"),
        ("as long but later", "touch -t 200101010000 $1/file"),
    ] {
        let mut toy = Toy::new();
        toy.size = Toy::LARGE;
        let (cause, error) = toy.refused(&[HELLO, change, READ, CONTACT, DONE]);
        assert_eq!(cause, Cause::Changed, "{name}: {error}");
        assert!(error.contains("it changed while it was read"), "{name}: {error}");
    }
}

#[test]
fn whoever_listens_hears_that_a_silent_importer_is_waited_for() {
    let mut toy = Toy::new();
    toy.bounds.unheard = Duration::from_millis(10);
    let progress = r#"echo '{"type":"progress","bytes":12}'"#;
    toy.run(&[HELLO, READ, progress, "sleep 0.3", CONTACT, DONE]).unwrap();
    assert!(toy.heard.iter().filter(|heard| *heard == "12 of 100").count() > 3, "{:?}", toy.heard);
}

#[test]
fn the_caller_may_cancel() {
    let mut toy = Toy::new();
    let (cause, error) = toy.refused(&[HELLO, r#"echo '{"type":"progress","bytes":13}'"#, "exec sleep 1000"]);
    assert_eq!(cause, Cause::Cancelled, "{error}");
}

#[test]
fn a_spool_folder_that_is_missing_and_a_program_that_is_missing_are_told() {
    let file = tempfile::tempfile().unwrap();
    let importer = super::super::builtin::importers().remove(0);
    let folder = tempfile::tempdir().unwrap();
    for (spool, program, says) in [
        (
            folder.path().join("missing"),
            "/bin/sh",
            "could not set aside what was found in a.vcf: it does not exist",
        ),
        (folder.path().to_owned(), "/missing", "could not start the importer vcard: it does not exist"),
    ] {
        let host = Host::new(OwnBinary::open().unwrap(), spool);
        let command = sandbox::piped(Path::new(program), &[]);
        let refusal = host
            .converse(
                (command, None),
                &importer,
                &Bounds::of(&Limits::default()),
                Input {
                    file: &file,
                    name: "a.vcf",
                    archive: None,
                    encoding: None,
                    config_folder: Path::new("/nowhere"),
                    reads: &[],
                    me: &Me::default(),
                    today: Date::constant(2026, 11, 22),
                },
                &AtomicBool::new(false),
                &mut |_| {},
            )
            .unwrap_err();
        assert_eq!((refusal.cause, refusal.error.message()), (Cause::Surroundings, says));
    }
}
