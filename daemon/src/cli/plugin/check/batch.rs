//! What an importer is tried on.

use kith_plugin::{PROTOCOL, PartHeader, PartKind};
use serde_json::{Map, Value, json};

use crate::importer::{Importer, Manner};

/// The bytes of the part that is too large to be held by a pipe (64 KiB).
const LARGE: usize = 256 << 10;

/// A file of the sort that the importer reads.
pub(super) struct Sample {
    /// Its name without the folder.
    pub(super) name: String,
    pub(super) bytes: Vec<u8>,
}

/// A batch, and what may come of it.
pub(super) struct Batch {
    /// What is tried, in words.
    pub(super) about: String,
    /// All that is sent.
    pub(super) bytes: Vec<u8>,
    /// The parts that are begun in it.
    pub(super) parts: Vec<Extent>,
    /// The endings of names of files that its options say somebody reads, if they do.
    pub(super) reads: Option<Vec<String>>,
    pub(super) manner: Manner,
    pub(super) wanted: Wanted,
}

/// How large a part is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Extent {
    pub(super) bytes: u64,
    /// Line ends of any sort, and one.
    pub(super) lines: u64,
}

/// What may come of a batch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wanted {
    /// `done` or `failed`.
    AnAnswer,
    /// The answer to a sample, which is of use for comparison.
    TheSample(usize),
    /// What the samples gave by themselves, part by part.
    AllSamples,
    /// `failed`.
    Failed,
    /// Anything but `done`.
    NotDone,
    /// Only that it ends.
    AnEnd,
}

impl Batch {
    fn new(about: impl Into<String>, wanted: Wanted) -> Self {
        let (about, manner) = (about.into(), Manner::Usual);
        Self { about, bytes: Vec::new(), parts: Vec::new(), reads: None, manner, wanted }
    }

    fn part(mut self, name: &str, options: &Map<String, Value>, bytes: &[u8]) -> Self {
        let header = PartHeader {
            kind: PartKind::File,
            protocol: PROTOCOL,
            file_name: name.to_owned(),
            bytes: bytes.len() as u64,
            options: options.clone(),
        };
        let reads = options
            .get("reads")
            .and_then(Value::as_array)
            .map(|reads| reads.iter().filter_map(Value::as_str).map(str::to_owned).collect());
        self.reads = reads.or(self.reads);
        // A header is text and numbers: it can be written as JSON.
        self.bytes.extend(serde_json::to_vec(&header).unwrap_or_default());
        self.bytes.push(b'\n');
        self.bytes.extend(bytes);
        let ends = |end: u8| bytes.iter().filter(|byte| **byte == end).count() as u64;
        self.parts.push(Extent { bytes: bytes.len() as u64, lines: 1 + ends(b'\n').max(ends(b'\r')) });
        self
    }

    /// The same, of which only so many bytes are sent.
    fn cut(mut self, length: usize) -> Self {
        self.bytes.truncate(length);
        self
    }

    fn with(self, manner: Manner) -> Self {
        Self { manner, ..self }
    }
}

/// Everything that an importer is tried on; samples go with the options that an import would have.
pub(super) fn batches(importer: &Importer, samples: &[Sample], options: &Map<String, Value>) -> Vec<Batch> {
    let start = importer.manifest.sniff.first().cloned().unwrap_or_default();
    let ending = importer.manifest.extensions.first().map_or_else(String::new, |own| format!(".{own}"));
    let name = format!("people{ending}");
    let lines = "Anna Example, anna@example.org\tname: \"value\" = 1\n";
    let text = format!("{start}\n{lines}{lines}").into_bytes();
    let none = Map::new();
    let file = |about: &str, bytes: &[u8]| Batch::new(about, Wanted::AnAnswer).part(&name, &none, bytes);

    let mut not_text = start.clone().into_bytes();
    not_text.extend(b"\n\xFF\xFE\xC3\n\xED\xA0\x80\xC0\xAF\xF5\x80\x80\x80\n");
    not_text.extend(0..=255);
    let large = [start.as_bytes(), b"\n", &lines.as_bytes().repeat(LARGE / lines.len())].concat();
    let whole = file("", &text).bytes.len();
    let mut odd_kind = Batch::new("a part of an unknown kind", Wanted::Failed);
    odd_kind.bytes = format!(
        "{{\"kind\":\"x-none\",\"protocol\":{PROTOCOL},\"fileName\":\"people\",\"bytes\":{},\"options\":{{}}}}\n",
        text.len()
    )
    .into_bytes();
    odd_kind.bytes.extend(&text);
    odd_kind.parts = vec![Extent { bytes: text.len() as u64, lines: 4 }];
    let odd_name = format!("a \"bytes\":1}} \\ {{ü\u{1f600}\u{7f}{ending}");
    let odd_options = json!({
        "files": [{ "name": "own.toml", "text": "\"bytes\":1,\r\n\"kind\":\"none\" } \\ ü\n" }],
        "encoding": "windows-1252",
        "reads": ["vcf"],
        "later": { "bytes": 1 },
    });
    let odd_options = odd_options.as_object().cloned().unwrap_or_default();

    let mut all = vec![
        file("hello before it reads", b"").with(Manner::WaitsForHello),
        Batch::new("no file at all", Wanted::AnAnswer),
        file("an empty file", b""),
        file("text that is none of its", &text),
        file("bytes that are no UTF-8", &not_text),
        Batch::new("options, and a name that is hard to read", Wanted::AnAnswer).part(
            &odd_name,
            &odd_options,
            &text,
        ),
        Batch::new("several files at once", Wanted::AnAnswer)
            .part(&name, &none, b"")
            .part(&name, &none, text.trim_ascii_end())
            // Whoever reads a line too much has this one's header with it.
            .part(&name, &none, &text),
        odd_kind,
        Batch { wanted: Wanted::NotDone, ..file("a header that is cut off", &text).cut(20) },
        Batch {
            wanted: Wanted::NotDone,
            ..file("a file of which nothing comes", &text).cut(whole - text.len())
        },
        Batch {
            wanted: Wanted::NotDone,
            ..file("a file that is cut off", &text).cut(whole - text.len() / 2)
        },
        file("256 KiB of text", &large),
        Batch { wanted: Wanted::AnEnd, ..file("nobody listens any more", &large).with(Manner::HangsUp) },
    ];
    all.extend(of_samples(samples, options));
    all
}

fn of_samples(samples: &[Sample], options: &Map<String, Value>) -> Vec<Batch> {
    let mut all = Vec::new();
    for (at, Sample { name, bytes }) in samples.iter().enumerate() {
        let part = |about: &str, wanted, bytes: &[u8]| {
            Batch::new(format!("{name}{about}"), wanted).part(name, options, bytes)
        };
        all.push(part("", Wanted::TheSample(at), bytes));
        // As a program writes it that knows only Latin-1.
        let latin = replaced(bytes, b'a', &[b"\xE4"]);
        all.push(part(" with bytes that are no UTF-8", Wanted::AnAnswer, &latin));
        let umlauts = replaced(bytes, b'a', &["ä".as_bytes()]);
        all.push(part(" with letters that are not ASCII", Wanted::AnAnswer, &umlauts));
        let escaped = replaced(bytes, b'e', &[b"\\", b"\"", b"\x01", b"\x7f", "\u{2028}".as_bytes(), b"\0"]);
        all.push(part(" with signs that JSON escapes", Wanted::AnAnswer, &escaped));
        if !bytes.is_empty() {
            let whole = part(", cut off", Wanted::NotDone, bytes);
            let length = whole.bytes.len() - bytes.len().div_ceil(2);
            all.push(whole.cut(length));
        }
    }
    if !samples.is_empty() {
        // One is sent twice, so that there are several.
        let twice = (samples.len() == 1).then(|| &samples[0]);
        for (about, end) in [
            ("all files at once", None),
            ("all files at once, without the ends of their last lines", Some(b'\n')),
        ] {
            let batch = Batch::new(about, Wanted::AllSamples);
            all.push(samples.iter().chain(twice).fold(batch, |batch, Sample { name, bytes }| {
                let last = bytes.last().filter(|last| Some(**last) == end).map_or(0, |_| 1);
                batch.part(name, options, &bytes[..bytes.len() - last])
            }));
        }
    }
    all
}

/// The bytes with each `old` replaced by the next of the new ones.
fn replaced(bytes: &[u8], old: u8, new: &[&[u8]]) -> Vec<u8> {
    let mut next = new.iter().cycle();
    let mut replaced = Vec::with_capacity(bytes.len());
    for &byte in bytes {
        match next.next().filter(|_| byte == old) {
            Some(new) => replaced.extend_from_slice(new),
            None => replaced.push(byte),
        }
    }
    replaced
}
