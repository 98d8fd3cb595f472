//! Looking into values whose shape is only mostly known. PHP writes a number
//! where another version of Monica writes a text, and an object for a list with gaps.

use serde_json::Value;

use kith_plugin::date;

/// A property of something in the export.
pub(crate) fn property<'v>(value: &'v Value, key: &str) -> &'v Value {
    &value["properties"][key]
}

/// What a value says, if it is a text with something in it, or a number.
pub(crate) fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => kith_plugin::text::lines(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The same in one line.
pub(crate) fn one_line(value: &Value) -> Option<String> {
    text(value).and_then(kith_plugin::text::one_line)
}

/// Whether a value says yes.
pub(crate) fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(yes) => *yes,
        Value::Number(number) => number.as_i64() == Some(1),
        Value::String(text) => matches!(text.as_str(), "1" | "true" | "yes"),
        _ => false,
    }
}

/// The values of a list, or of what PHP made of one.
pub(crate) fn items(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(items) => items.iter().collect(),
        Value::Object(items) => items.values().collect(),
        _ => Vec::new(),
    }
}

/// The collections of a contact: what they hold and their values.
pub(crate) fn collections(contact: &Value) -> Vec<(&str, Vec<&Value>)> {
    let all = items(&contact["data"]).into_iter();
    all.filter_map(|collection| Some((collection["type"].as_str()?, items(&collection["values"])))).collect()
}

/// The values of one kind that a contact has.
pub(crate) fn of_kind<'v>(contact: &'v Value, kind: &str) -> Vec<&'v Value> {
    let all = collections(contact).into_iter().filter(|(known, _)| *known == kind);
    all.flat_map(|(_, values)| values).collect()
}

/// The day that a time begins with, if there is such a day.
pub(crate) fn day(value: &Value) -> Option<String> {
    day_of(value.as_str()?)
}

/// The day of a time.
pub(crate) fn day_of(time: &str) -> Option<String> {
    let day = time.trim().get(..10)?;
    date::read(day, None).ok().filter(|read| read == day)
}

/// When something happened. Monica asks for the day only and writes it as
/// midnight in Greenwich, which is another day in most of the world.
pub(crate) fn moment(value: &Value) -> Option<String> {
    let written = value.as_str()?.trim();
    let day = day_of(written)?;
    let time = written.get(11..).unwrap_or_default();
    Some(if time.is_empty() || time.starts_with("00:00:00") { day } else { format!("{day}T{time}") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_are_read_in_the_forms_they_come_in() {
        for (value, expected) in [
            (json!(" Ada "), Some("Ada")),
            (json!(12), Some("12")),
            (json!(""), None),
            (json!(null), None),
            (json!([]), None),
        ] {
            assert_eq!(text(&value).as_deref(), expected, "{value}");
        }
        for value in [json!(true), json!(1), json!("1"), json!("yes")] {
            assert!(is_true(&value), "{value}");
        }
        for value in [json!(false), json!(0), json!("no"), json!(null), json!({})] {
            assert!(!is_true(&value), "{value}");
        }
        assert_eq!(items(&json!({"0": "a", "2": "b"})), [&json!("a"), &json!("b")]);
        let contact = json!({"data": [{"type": "note", "values": [1]}, 7, {"type": "note", "values": {"1": 2}}, {"values": [3]}]});
        assert_eq!(of_kind(&contact, "note"), [&json!(1), &json!(2)]);
    }

    #[test]
    fn midnight_is_a_day() {
        for (written, expected) in [
            ("2024-02-18T00:00:00.000000Z", Some("2024-02-18")),
            ("2024-02-18 00:00:00", Some("2024-02-18")),
            ("2024-02-18", Some("2024-02-18")),
            ("2024-02-18T05:36:00.000000Z", Some("2024-02-18T05:36:00.000000Z")),
            ("2024-02-18 05:36:00", Some("2024-02-18T05:36:00")),
            ("2024-02-30T00:00:00Z", None),
            ("soon", None),
            ("２０２４-02-18", None),
            ("", None),
        ] {
            assert_eq!(moment(&json!(written)).as_deref(), expected, "{written}");
        }
    }
}
