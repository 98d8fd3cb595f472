//! Exports of kith itself.

#![no_main]

use kith_fuzz::answer;
use kith_plugin_json::Json;

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    answer::<Json>("kith.json", file);
});
