//! Exports of Monica.

#![no_main]

use kith_fuzz::answer;
use kith_plugin_monica::Monica;

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    answer::<Monica>("monica.json", file);
});
