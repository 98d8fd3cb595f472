//! The transcripts of the protocol that are this importer's.

#[path = "../../../protocol/tests/support/transcript.rs"]
mod transcript;

use kith_plugin_csv::Csv;
use transcript::transcripts;

#[test]
fn the_answers_are_those_of_the_transcripts() {
    for transcript in transcripts("csv-") {
        let mut answer = Vec::new();
        kith_plugin::serve(&mut Csv, &*transcript.sent, &mut answer).unwrap();
        assert_eq!(String::from_utf8(answer).unwrap(), transcript.answer, "{}", transcript.name);
    }
}
