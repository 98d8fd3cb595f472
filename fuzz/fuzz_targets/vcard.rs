//! vCards: whatever stands between two good cards, both come out.

#![no_main]

use kith_fuzz::answer;
use kith_plugin_vcard::VCard;

fn card(name: &str) -> Vec<u8> {
    format!("BEGIN:VCARD\nVERSION:3.0\nFN:{name}\nEMAIL:{}@example.org\nEND:VCARD\n", name.len()).into_bytes()
}

libfuzzer_sys::fuzz_target!(|between: &[u8]| {
    answer::<VCard>("contacts.vcf", between);
    let file = [&card("Anna Front"), between, b"\n", &card("Bert Next"), &card("Carla Last")].concat();
    let all = answer::<VCard>("contacts.vcf", &file);
    assert!(all.done, "the file holds cards");
    assert!(all.names("Anna Front"), "the card in front is lost");
    assert!(all.names("Carla Last"), "a card behind is lost");
    // Only what is announced as somebody's agent may be taken for a part of their card.
    assert!(all.names("Bert Next") || announces_an_agent(between), "the next card is lost");
});

/// Whether the last line that is not blank is `AGENT:`, whose card may follow (vCard 2.1 section 2.4.1).
fn announces_an_agent(between: &[u8]) -> bool {
    let lines = between.split(|byte| matches!(byte, b'\n' | b'\r'));
    let last = lines.rev().find(|line| !line.trim_ascii().is_empty()).unwrap_or_default();
    String::from_utf8_lossy(last).to_ascii_uppercase().contains("AGENT")
}
