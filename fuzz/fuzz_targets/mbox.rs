//! Mail.

#![no_main]

use kith_fuzz::answer;
use kith_plugin_mbox::Mbox;

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    answer::<Mbox>("mail.mbox", file);
});
