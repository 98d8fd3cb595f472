//! Chats.

#![no_main]

use kith_fuzz::answer;
use kith_plugin_whatsapp::WhatsApp;

libfuzzer_sys::fuzz_target!(|file: &[u8]| {
    answer::<WhatsApp>("WhatsApp Chat with Ada Lovelace.txt", file);
});
