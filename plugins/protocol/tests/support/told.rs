//! What an importer says of a file, as kith hears it.

use std::io::{BufReader, Read};

use kith_plugin::{Importer, serve};
use serde_json::{Value, json};

/// The messages about a file that is read in pieces of `piece` bytes, without
/// the greeting and the progress.
pub(crate) fn told_in_pieces(
    importer: &mut impl Importer,
    file_name: &str,
    file: &[u8],
    piece: usize,
) -> Vec<Value> {
    let header = json!({"kind": "file", "protocol": 1, "fileName": file_name, "bytes": file.len()});
    let header = format!("{header}\n");
    let mut output = Vec::new();
    let input = BufReader::with_capacity(piece, header.as_bytes().chain(file));
    serve(importer, input, &mut output).unwrap();
    let said = String::from_utf8(output).unwrap();
    let messages: Vec<Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    messages.into_iter().skip(1).filter(|message| message["type"] != "progress").collect()
}
