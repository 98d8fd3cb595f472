//! LDIF: whatever stands between two good records, both come out.

#![no_main]

use kith_fuzz::answer;
use kith_plugin_ldif::Ldif;

fn record(name: &str) -> Vec<u8> {
    format!("dn: cn={name}\nobjectclass: person\ncn: {name}\nmail: {}@example.org\n\n", name.len())
        .into_bytes()
}

libfuzzer_sys::fuzz_target!(|between: &[u8]| {
    answer::<Ldif>("contacts.ldif", between);
    let file = [&record("Anna Front"), between, b"\n\n", &record("Bert Next")].concat();
    let all = answer::<Ldif>("contacts.ldif", &file);
    assert!(all.done, "the file holds records");
    assert!(all.names("Anna Front"), "the record in front is lost");
    assert!(all.names("Bert Next"), "the record behind is lost");
});
