//! Both ends of the pipe: what kith may be told, and what a plugin may be sent.

#![no_main]

use kith_plugin::{Message, serve};
use kith_plugin_vcard::VCard;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for line in bytes.split(|byte| *byte == b'\n') {
        if let Ok(message) = serde_json::from_slice::<Message>(line) {
            let written = serde_json::to_vec(&message).expect("a message is JSON");
            let again: Message = serde_json::from_slice(&written).expect("it is read back");
            assert_eq!(again, message);
        }
    }
    // Headers and parts as they may come, too: an error, or an answer.
    let _ = serve(&mut VCard::default(), bytes, std::io::sink());
});
