//! Thunderbird's address book, reconstructed.

use serde_json::json;

use crate::{assert_says, record, sheet};

const ENGLISH: &str = "First Name,Last Name,Display Name,Nickname,Primary Email,Secondary Email,Screen Name,Work Phone,Home Phone,Fax Number,Pager Number,Mobile Number,Home Address,Home Address 2,Home City,Home State,Home ZipCode,Home Country,Work Address,Work Address 2,Work City,Work State,Work ZipCode,Work Country,Job Title,Department,Organization,Web Page 1,Web Page 2,Birth Year,Birth Month,Birth Day,Custom 1,Custom 2,Custom 3,Custom 4,Notes";

#[test]
fn everything_that_thunderbird_writes() {
    let row = "Ada,Lovelace,Ada King,Countess,ada@example.org,second@example.org,,+44 1,+44 2,+44 4,+44 5,+44 3,12 Square,,London,,SW1,UK,,,Paris,,,,Analyst,Numbers,Engines,https://example.org,https://example.org/ada,1815,12,10,\"one, two\",,,,Engines";
    let expected = json!({
        "name": {"full": "Ada King", "components": [{"kind": "given", "value": "Ada"}, {"kind": "surname", "value": "Lovelace"}]},
        "nicknames": ["Countess"],
        "emails": [{"address": "ada@example.org", "pref": 1}, {"address": "second@example.org"}],
        "phones": [{"number": "+44 1", "label": "work"}, {"number": "+44 2", "label": "home"},
            {"number": "+44 3", "label": "mobile"}, {"number": "+44 4", "label": "fax"}, {"number": "+44 5", "label": "pager"}],
        "addresses": [{"full": "12 Square, SW1, London, UK", "label": "home"}, {"full": "Paris", "label": "work"}],
        "titles": ["Analyst"],
        "organizations": [{"name": "Engines", "units": ["Numbers"]}],
        "links": [{"uri": "https://example.org", "label": "work"}, {"uri": "https://example.org/ada"}],
        "anniversaries": [{"kind": "birth", "date": "1815-12-10"}],
    });
    let british =
        ENGLISH.replace("State", "County").replace("ZipCode", "Post Code").replace("zation", "sation");
    for (name, header, row) in [
        ("plain", ENGLISH.to_owned(), row.to_owned()),
        ("with a comma at the end", format!("{ENGLISH},"), format!("{row},")),
        ("British", british, row.to_owned()),
        ("tabs", ENGLISH.replace(',', "\t"), row.replace(", ", "; ").replace(',', "\t").replace("; ", ", ")),
    ] {
        let record = record(format!("{header}\r\n{row}\r\n"));
        assert_says(name, &record, &expected);
        assert_eq!(record.contact.notes.len(), 2, "{name}");
        assert_eq!(record.warnings, [""; 0], "{name}");
    }
}

#[test]
fn a_birthday_stands_in_three_columns() {
    for (year, month, day, expected, warnings) in [
        ("1815", "12", "10", Some("1815-12-10"), 0),
        ("", "12", "10", Some("--12-10"), 0),
        ("1815", "", "", Some("1815"), 0),
        ("", "", "", None, 0),
        ("0", "0", "0", None, 0),
        ("1815", "2", "30", None, 1),
        ("", "", "10", None, 1),
    ] {
        let record = record(sheet(
            ",",
            &[
                ("Display Name", "Ada"),
                ("Primary Email", ""),
                ("Birth Year", year),
                ("Birth Month", month),
                ("Birth Day", day),
            ],
        ));
        let dates: Vec<&str> = record.contact.anniversaries.iter().map(|a| a.date.as_str()).collect();
        assert_eq!(dates, expected.as_slice(), "{year}-{month}-{day}");
        assert_eq!(record.warnings.len(), warnings, "{:?}", record.warnings);
    }
}

#[test]
fn headers_are_in_the_language_of_the_program() {
    for (language, names) in [
        (
            "German",
            [
                "Vorname",
                "Nachname",
                "Anzeigename",
                "Primäre E-Mail-Adresse",
                "Tel. dienstlich",
                "Mobil-Tel.-Nr.",
                "Organisation",
                "Geburtsjahr",
                "Geburtsmonat",
                "Geburtstag",
                "Notizen",
            ],
        ),
        (
            "French",
            [
                "Prénom",
                "Nom",
                "Nom à afficher",
                "Adresse électronique principale",
                "Tél. professionnel",
                "Portable",
                "Société",
                "Année de naissance",
                "Mois",
                "Jour",
                "Notes",
            ],
        ),
        (
            "Spanish",
            [
                "Nombre",
                "Apellidos",
                "Nombre en pantalla",
                "Dirección de correo electrónico principal",
                "Teléfono (Trabajo)",
                "Teléfono móvil",
                "Organización",
                "Año de nacimiento",
                "Mes de nacimiento",
                "Día de nacimiento",
                "Notas",
            ],
        ),
    ] {
        let cells = [
            "Ada",
            "Lovelace",
            "Ada L.",
            "ada@example.org",
            "+44 1",
            "+44 3",
            "Engines",
            "1815",
            "12",
            "10",
            "x",
        ];
        let file = sheet(";", &names.into_iter().zip(cells).collect::<Vec<_>>());
        assert_says(
            language,
            &record(file),
            &json!({
                "name": {"full": "Ada L.", "components": [{"kind": "given", "value": "Ada"}, {"kind": "surname", "value": "Lovelace"}]},
                "emails": [{"address": "ada@example.org", "pref": 1}],
                "phones": [{"number": "+44 1", "label": "work"}, {"number": "+44 3", "label": "mobile"}],
                "organizations": [{"name": "Engines"}],
                "anniversaries": [{"kind": "birth", "date": "1815-12-10"}],
                "notes": ["x"],
            }),
        );
    }
}
