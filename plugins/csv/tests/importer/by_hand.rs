//! Sheets that somebody made by hand.

use kith_plugin::Message;
use serde_json::json;

use crate::{answer, assert_says, record, refusal, sheet};

#[test]
fn all_columns_in_four_languages() {
    let parts = ["First name", "Last name", "Company", "Email", "Phone", "Mobile", "Birthday", "Notes"];
    for (language, delimiter, names) in [
        ("English", ",", parts),
        (
            "in capitals",
            ",",
            ["FIRST NAME", "SURNAME", "COMPANY", "E-MAIL", "TEL.", "CELL PHONE", "DOB", "NOTES"],
        ),
        (
            "German",
            ";",
            ["Vorname", "Nachname", "Firma", "E-Mail", "Telefon", "Handy", "Geburtstag", "Notizen"],
        ),
        (
            "German, Name",
            ";",
            ["Vorname", "Name", "Firma", "Mail", "Telefonnummer", "Mobil", "Geburtsdatum", "Bemerkung"],
        ),
        (
            "French",
            ";",
            [
                "Prénom",
                "Nom",
                "Société",
                "Courriel",
                "Téléphone",
                "Portable",
                "Date de naissance",
                "Remarques",
            ],
        ),
        (
            "French, other words",
            "\t",
            [
                "Prénom",
                "Nom de famille",
                "Entreprise",
                "Adresse e-mail",
                "Tél.",
                "Mobile",
                "Anniversaire",
                "Commentaires",
            ],
        ),
        (
            "Spanish",
            ";",
            [
                "Nombre",
                "Apellidos",
                "Empresa",
                "Correo electrónico",
                "Teléfono",
                "Móvil",
                "Cumpleaños",
                "Notas",
            ],
        ),
        (
            "Spanish, other words",
            "\t",
            [
                "Nombre",
                "Apellido",
                "Compañía",
                "Email",
                "Tel.",
                "Celular",
                "Fecha de nacimiento",
                "Observaciones",
            ],
        ),
    ] {
        let cells = ["Ada", "Lovelace", "Engines", "ada@example.org", "+44 1", "+44 3", "13.12.1815", "x"];
        let record = record(sheet(delimiter, &names.into_iter().zip(cells).collect::<Vec<_>>()));
        assert_says(
            language,
            &record,
            &json!({
                "name": {"full": "Ada Lovelace", "components": [{"kind": "given", "value": "Ada"}, {"kind": "surname", "value": "Lovelace"}]},
                "organizations": [{"name": "Engines"}],
                "emails": [{"address": "ada@example.org"}],
                "phones": [{"number": "+44 3", "label": "mobile"}, {"number": "+44 1"}],
                "anniversaries": [{"kind": "birth", "date": "1815-12-13"}],
                "notes": ["x"],
            }),
        );
        assert_eq!(record.warnings, [""; 0], "{language}");
    }
}

#[test]
fn any_of_the_columns_will_do() {
    for (name, file, full) in [
        ("a name", "Name\nAda Lovelace\n", Some("Ada Lovelace")),
        ("a German name", "Name;Geburtstag\nAda Lovelace;1815\n", Some("Ada Lovelace")),
        ("a French name", "Nom;Notes\nAda Lovelace;x\n", Some("Ada Lovelace")),
        ("a Spanish name", "Nombre;Notas\nAda Lovelace;x\n", Some("Ada Lovelace")),
        ("a given name", "Vorname,Firma\nAda,Engines\n", Some("Ada")),
        (
            "a whole name beside its parts",
            "First name,Last name,Name\nAda,Lovelace,Countess\n",
            Some("Countess"),
        ),
        ("an email address", "E-mail,Company\nada@example.org,Engines\n", None),
        ("in any order", "Notes,Phone,Name\nx,1,Ada Lovelace\n", Some("Ada Lovelace")),
        ("columns without a name", "Name,,\nAda,,\n", Some("Ada")),
        ("what a spreadsheet writes", "sep=;\nName;Email\nAda;ada@example.org\n", Some("Ada")),
        ("a title above", "\"My friends, 2026\",\nName,Email\nAda,\n", Some("Ada")),
    ] {
        assert_eq!(record(file).contact.name.full.as_deref(), full, "{name}");
    }
}

#[test]
fn further_columns_are_kept_apart() {
    let record = record(sheet(
        ",",
        &[
            ("Name", "Ada"),
            ("Full name", "Ada King"),
            ("Email", "a@example.org"),
            ("Email 2", "b@example.org"),
            ("Work phone", "1"),
            ("Street", "12 Square"),
            ("City", "London"),
            ("Tags", "Choir, Engines"),
            ("Notes", "x"),
            ("Comment", "y"),
        ],
    ));
    assert_says(
        "further",
        &record,
        &json!({
            "name": {"full": "Ada King"},
            "emails": [{"address": "a@example.org"}, {"address": "b@example.org"}],
            "phones": [{"number": "1", "label": "work"}],
            "addresses": [{"full": "12 Square, London"}],
            "keywords": ["Choir", "Engines"],
            "notes": ["x", "y"],
        }),
    );
    assert_eq!(record.warnings, ["Name \"Ada\" is a second name; it stays in the original only"]);
}

#[test]
fn a_sheet_with_a_column_that_is_not_known_is_not_taken() {
    for file in ["Name,Colour\nAda,red\n", "Phone,Colour\n1,red\n", "Name,Name\nAda,B\n"] {
        let (reason, _) = refusal(file);
        assert!(reason.contains("none that kith knows"), "{reason}");
    }
}

#[test]
fn a_sheet_that_does_not_say_whom_it_is_about_is_told_what_is_missing() {
    for file in ["Company,Phone\nEngines,1\n", "Notes\nx\n", "Téléphone;Remarques\n1;x\n"] {
        let (reason, hint) = refusal(file);
        assert!(reason.contains("does not say whom its rows are of"), "{reason}");
        assert!(hint.starts_with("add a column Name or Email; or save"), "{hint}");
    }
}

#[test]
fn a_row_needs_somebody() {
    let messages = answer("Name,Email,Company,Phone,Notes\n,,,,x\n,,,1,\n,,Engines,,\n,a@example.org,,,\n");
    let skipped = messages.iter().filter(|message| matches!(message, Message::Skipped { .. })).count();
    let contacts = messages.iter().filter(|message| matches!(message, Message::Contact(_))).count();
    assert_eq!((skipped, contacts), (1, 3));
}

#[test]
fn a_cell_may_have_several_addresses_and_names_before_them() {
    for (cell, expected) in [
        ("foo@x.example", vec!["foo@x.example"]),
        ("Foo <foo@x.example>", vec!["foo@x.example"]),
        ("a@x.example; b@x.example", vec!["a@x.example", "b@x.example"]),
        ("A <a@x.example>, b@x.example,", vec!["a@x.example", "b@x.example"]),
        ("Doe, Jane <jane@x.example>", vec!["jane@x.example"]),
    ] {
        let contact = record(format!("Name,Email\nFoo,\"{cell}\"\n")).contact;
        let found: Vec<&str> = contact.emails.iter().map(|email| email.address.as_str()).collect();
        assert_eq!(found, expected, "{cell}");
    }
}
