//! Tables in any dialect.

#![no_main]

use kith_fuzz::answer;
use kith_plugin_csv::Csv;

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    answer::<Csv>("contacts.csv", file);
});
