//! Reads transcripts; their format is in transcripts/README.md.

use std::fs;
use std::path::Path;

/// One conversation.
pub(crate) struct Transcript {
    /// The file's name, without its ending.
    pub(crate) name: String,
    /// The bytes that kith sends.
    pub(crate) sent: Vec<u8>,
    /// The bytes that the plugin answers.
    pub(crate) answer: String,
}

/// All transcripts of a plugin (all there are for an empty name), by name.
pub(crate) fn transcripts(plugin: &str) -> Vec<Transcript> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .ancestors()
        .map(|folder| folder.join("plugins/protocol/transcripts"))
        .find(|folder| folder.is_dir())
        .unwrap();
    let mut transcripts: Vec<Transcript> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
            parse(name, &fs::read_to_string(&path).unwrap())
        })
        .filter(|transcript| transcript.name.starts_with(plugin))
        .collect();
    transcripts.sort_by(|a, b| a.name.cmp(&b.name));
    assert!(!transcripts.is_empty(), "no transcript of {plugin} in {}", folder.display());
    transcripts
}

fn parse(name: String, text: &str) -> Transcript {
    let (mut sent, mut answer) = (Vec::new(), String::new());
    for line in text.lines() {
        if let Some(said) = line.strip_prefix("< ") {
            answer += said;
            answer.push('\n');
        } else if let Some(said) = line.strip_prefix("> ") {
            sent.extend(unescaped(said));
        } else {
            assert!(line.is_empty() || line.starts_with('#'), "{name}: {line}");
        }
    }
    Transcript { name, sent, answer }
}

fn unescaped(line: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = line.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'\\' => match rest.next() {
                Some(b'r') => b'\r',
                Some(b'\\') => b'\\',
                Some(b'x') => {
                    let digits = [rest.next().unwrap(), rest.next().unwrap()];
                    u8::from_str_radix(str::from_utf8(&digits).unwrap(), 16).unwrap()
                }
                Some(other) => panic!("\\{} in {line}", char::from(other)),
                None => return bytes,
            },
            byte => byte,
        });
    }
    bytes.push(b'\n');
    bytes
}
