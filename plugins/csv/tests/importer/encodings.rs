//! Every encoding with every separator.

use encoding_rs::{Encoding, ISO_8859_15, SHIFT_JIS, UTF_8, WINDOWS_1250, WINDOWS_1251, WINDOWS_1252};

use crate::record;

fn utf16(text: &str, little: bool, mark: bool) -> Vec<u8> {
    let mark = if mark { "\u{feff}" } else { "" };
    let units = mark.encode_utf16().chain(text.encode_utf16()).collect::<Vec<_>>();
    units.into_iter().flat_map(|unit| if little { unit.to_le_bytes() } else { unit.to_be_bytes() }).collect()
}

#[test]
fn every_encoding_with_every_separator() {
    let legacy = |encoding: &'static Encoding| {
        move |text: &str| {
            let (bytes, _, unmappable) = encoding.encode(text);
            assert!(!unmappable, "{text}");
            bytes.into_owned()
        }
    };
    type Encode = Box<dyn Fn(&str) -> Vec<u8>>;
    let german = "Jürgen Groß;juergen@example.org;Bäckerei Müller, Größe";
    let cases: Vec<(&str, Encode, &str)> = vec![
        ("UTF-8", Box::new(legacy(UTF_8)), german),
        ("UTF-8 with mark", Box::new(|text| format!("\u{feff}{text}").into_bytes()), german),
        ("UTF-16LE with mark", Box::new(|text| utf16(text, true, true)), german),
        ("UTF-16BE with mark", Box::new(|text| utf16(text, false, true)), german),
        ("UTF-16LE", Box::new(|text| utf16(text, true, false)), german),
        ("UTF-16BE", Box::new(|text| utf16(text, false, false)), german),
        ("Windows-1252", Box::new(legacy(WINDOWS_1252)), german),
        (
            "Windows-1252, French",
            Box::new(legacy(WINDOWS_1252)),
            "Hélène Crête;h@example.org;Société Générale à Orléans",
        ),
        (
            "Windows-1252, Spanish",
            Box::new(legacy(WINDOWS_1252)),
            "Íñigo Núñez;i@example.org;Compañía de teléfonos",
        ),
        (
            "ISO-8859-15",
            Box::new(legacy(ISO_8859_15)),
            "Œuvré Dupœnt;o@example.org;Société Générale à Orléans",
        ),
        ("Windows-1250", Box::new(legacy(WINDOWS_1250)), "Łukasz Żółć;l@example.org;Zażółć gęślą jaźń"),
        ("Windows-1251", Box::new(legacy(WINDOWS_1251)), "Пётр Иванов;p@example.org;Соседка Анны"),
        ("Shift_JIS", Box::new(legacy(SHIFT_JIS)), "山田 太郎;taro@example.org;東京商事株式会社"),
    ];
    for (name, encode, row) in cases {
        for delimiter in [',', ';', '\t'] {
            let cells: Vec<&str> = row.split(';').collect();
            let line: Vec<String> = cells.iter().map(|cell| format!("\"{cell}\"")).collect();
            let joined = |parts: &[&str]| parts.join(&delimiter.to_string());
            let line: Vec<&str> = line.iter().map(String::as_str).collect();
            let text = format!("{}\r\n{}\r\n", joined(&["Name", "Email", "Company"]), joined(&line));
            let record = record(encode(&text));
            let contact = &record.contact;
            let said = [
                contact.name.full.as_deref().unwrap_or(""),
                &contact.emails[0].address,
                contact.organizations[0].name.as_deref().unwrap_or(""),
            ];
            assert_eq!(said, *cells, "{name} with {delimiter:?}");
            assert_eq!(record.raw, text.replace("\r\n", "\n").trim_end(), "{name} with {delimiter:?}");
        }
    }
}
