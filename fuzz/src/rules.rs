//! Rules of PROTOCOL.md that its types do not keep.

use serde_json::Value;

/// Panics if a message breaks one. A file has at most so many lines.
pub(crate) fn check(message: &Value, lines: u64) {
    if let Some(line) = message["at"]["line"].as_u64() {
        assert!(line <= lines, "line {line} of a file of {lines}");
    }
    let contact = &message["contact"];
    texts(contact);
    for anniversary in contact["anniversaries"].as_array().into_iter().flatten() {
        let date = anniversary["date"].as_str().expect("a date is text");
        assert_eq!(kith_plugin::date::read(date, None).as_deref(), Ok(date), "no date that exists");
    }
}

/// That there is no empty text and nothing is null, and that preferences are within their bounds.
fn texts(value: &Value) {
    match value {
        Value::Null => {}
        Value::String(text) => assert!(!text.is_empty(), "an empty text"),
        Value::Array(values) => values.iter().for_each(texts),
        Value::Object(fields) => {
            for (name, value) in fields {
                assert!(!value.is_null(), "{name} is null");
                if let Some(pref) = value.as_u64().filter(|_| name == "pref") {
                    assert!((1..=100).contains(&pref), "a preference of {pref}");
                }
                texts(value);
            }
        }
        Value::Bool(_) | Value::Number(_) => {}
    }
}
