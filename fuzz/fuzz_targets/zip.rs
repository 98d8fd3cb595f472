//! Archives.

#![no_main]

use kith_fuzz::answer;
use kith_plugin_zip::Zip;

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    answer::<Zip>("export.zip", file);
});
