//! Outlook for Windows and outlook.com, reconstructed.

use serde_json::json;

use crate::{assert_says, notes, record, records, sheet};

const ENGLISH: &str = "Title,First Name,Middle Name,Last Name,Suffix,Company,Department,Job Title,Business Street,Business Street 2,Business Street 3,Business City,Business State,Business Postal Code,Business Country/Region,Home Street,Home Street 2,Home Street 3,Home City,Home State,Home Postal Code,Home Country/Region,Other Street,Other Street 2,Other Street 3,Other City,Other State,Other Postal Code,Other Country/Region,Assistant's Phone,Business Fax,Business Phone,Business Phone 2,Callback,Car Phone,Company Main Phone,Home Fax,Home Phone,Home Phone 2,ISDN,Mobile Phone,Other Fax,Other Phone,Pager,Primary Phone,Radio Phone,TTY/TDD Phone,Telex,Account,Anniversary,Assistant's Name,Billing Information,Birthday,Business Address PO Box,Categories,Children,Directory Server,E-mail Address,E-mail Type,E-mail Display Name,E-mail 2 Address,E-mail 2 Type,E-mail 2 Display Name,E-mail 3 Address,E-mail 3 Type,E-mail 3 Display Name,Gender,Government ID Number,Hobby,Home Address PO Box,Initials,Internet Free Busy,Keywords,Language,Location,Manager's Name,Mileage,Notes,Office Location,Organizational ID Number,Other Address PO Box,Priority,Private,Profession,Referred By,Sensitivity,Spouse,User 1,User 2,User 3,User 4,Web Page";

/// A file of the whole English header in which these cells are not empty.
fn english(cells: &[(&str, &str)]) -> String {
    assert!(cells.iter().all(|(name, _)| ENGLISH.split(',').any(|known| known == *name)));
    let cell = |name| cells.iter().find(|(known, _)| *known == name).map_or("", |(_, cell)| cell);
    sheet(",", &ENGLISH.split(',').map(|name| (name, cell(name))).collect::<Vec<_>>())
}

#[test]
fn everything_that_outlook_writes() {
    let record = record(english(&[
        ("Title", "Dr."),
        ("First Name", "Ada"),
        ("Middle Name", "King"),
        ("Last Name", "Lovelace"),
        ("Suffix", "Jr."),
        ("Company", "Engines, Ltd"),
        ("Department", "Numbers"),
        ("Job Title", "Analyst"),
        ("Business Street", "12 Square\r\nSecond floor"),
        ("Business City", "London"),
        ("Business Postal Code", "SW1"),
        ("Home Country/Region", "UK"),
        ("Business Phone", "+44 1"),
        ("Home Phone 2", "+44 2"),
        ("Mobile Phone", "+44 3"),
        ("Other Fax", "+44 4"),
        ("Primary Phone", "+44 5"),
        ("Assistant's Phone", "+44 6"),
        ("Anniversary", "0/0/00"),
        ("Birthday", "12/10/1815"),
        ("Categories", "Choir;Engines"),
        ("Children", "Byron; Anne, Ralph"),
        ("E-mail Address", "ada@example.org"),
        ("E-mail 3 Address", "countess@example.org"),
        ("Spouse", "William"),
        ("Web Page", "https://example.org/ada"),
        ("Notes", "One\r\nTwo"),
        ("Priority", "Normal"),
        ("Gender", "Unspecified"),
        ("Hobby", "Chess"),
        ("Profession", "Mathematician"),
        ("Office Location", "Room 12"),
        ("User 1", "left-handed"),
        ("Callback", "+44 7"),
    ]));
    assert_says(
        "Outlook",
        &record,
        &json!({
            "name": {"full": "Ada King Lovelace Jr.", "components": [
                {"kind": "title", "value": "Dr."}, {"kind": "given", "value": "Ada"},
                {"kind": "given2", "value": "King"}, {"kind": "surname", "value": "Lovelace"},
                {"kind": "generation", "value": "Jr."}]},
            "organizations": [{"name": "Engines, Ltd", "units": ["Numbers"]}],
            "titles": ["Analyst"],
            "emails": [{"address": "ada@example.org"}, {"address": "countess@example.org"}],
            "phones": [{"number": "+44 5", "pref": 1}, {"number": "+44 3", "label": "mobile"},
                {"number": "+44 1", "label": "work"}, {"number": "+44 2", "label": "home"},
                {"number": "+44 4", "label": "fax"}, {"number": "+44 7", "label": "callback"}],
            "addresses": [{"full": "12 Square, Second floor, SW1, London", "label": "work"},
                {"full": "UK", "label": "home"}],
            "anniversaries": [{"kind": "birth", "date": "1815-12-10"}],
            "keywords": ["Choir", "Engines"],
            "links": [{"uri": "https://example.org/ada"}],
            "notes": ["One\nTwo", "Assistant's Phone: +44 6", "Hobby: Chess", "Office Location: Room 12",
                "Profession: Mathematician", "User 1: left-handed"],
            "relatedTo": [{"name": "William", "relation": "spouse"}, {"name": "Byron", "relation": "child"}, {"name": "Anne", "relation": "child"}, {"name": "Ralph", "relation": "child"}],
        }),
    );
    assert_eq!(record.warnings.len(), 1, "the order of the birthday: {:?}", record.warnings);
}

#[test]
fn what_is_left_out_is_told() {
    let file = english(&[
        ("First Name", "Ada"),
        ("Gender", "Female"),
        ("Priority", "Normal"),
        ("E-mail Type", "SMTP"),
    ]);
    assert_eq!(
        notes(file),
        [
            "these columns are not taken, and kept in the original rows: Gender (1); a dialect of your own takes them (docs/csv.md)"
        ]
    );
    assert_eq!(notes(english(&[("First Name", "Ada")])), [""; 0]);
}

#[test]
fn a_department_without_a_company_stays() {
    let record = record(english(&[("First Name", "Ada"), ("Department", "Numbers")]));
    assert_says("department", &record, &json!({"organizations": [{"units": ["Numbers"]}]}));
}

#[test]
fn a_file_of_the_office_in_utf16_with_tabs_and_a_separator_behind_the_last_column() {
    let cells = [("Title", "Mr."), ("First Name", "Zoë"), ("Last Name", "O'Neil"), ("Birthday", "30/4/80")];
    let cells =
        [&cells[..], &[("Business Street", "1 Main St\r\nSuite 5"), ("Notes", "One\r\n\r\nSaid \"hi\"\r\n")]];
    let text = english(&cells.concat()).replace("\",\"", "\"\t\"").replace("\r\n\"", "\t\r\n\"");
    let (header, rows) = text.split_once("\r\n").unwrap();
    let text = format!("\u{feff}{}\t\r\n{rows}", header.trim_end().replace(',', "\t"));
    let record = record(text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>());
    let contact = &record.contact;
    assert_eq!(contact.name.full.as_deref(), Some("Zoë O'Neil"));
    assert_eq!(contact.name.components[0].value, "Mr.");
    assert_eq!(contact.addresses[0].full, "1 Main St, Suite 5");
    assert_eq!(contact.anniversaries[0].date, "1980-04-30");
    assert!(contact.notes[0].starts_with("One\n\nSaid \"hi\""), "{:?}", contact.notes);
    assert_eq!(record.warnings, [""; 0]);
}

#[test]
fn outlook_com_drops_empty_cells_at_the_end() {
    let header = "First Name,Middle Name,Last Name,Title,Suffix,Nickname,Given Yomi,Surname Yomi,E-mail Address,E-mail 2 Address,E-mail 3 Address,Home Phone,Home Phone 2,Business Phone,Mobile Phone,Company,Birthday,Anniversary,Notes";
    let records = records(format!(
        "{header}\r\nAda,,Lovelace,,,Countess,,,ada@example.org\r\nBob,,Bow,,,,,,,,,,,,,,4/30/1990\r\nEve,,Evers,,,,,,,,,,,,,,4/5/1991\r\n"
    ));
    assert_says(
        "short row",
        &records[0],
        &json!({"nicknames": ["Countess"], "emails": [{"address": "ada@example.org"}], "anniversaries": null}),
    );
    for (record, date) in records[1..].iter().zip(["1990-04-30", "1991-04-05"]) {
        assert_says("date", record, &json!({"anniversaries": [{"kind": "birth", "date": date}]}));
        assert_eq!(record.warnings, [""; 0]);
    }
}

#[test]
fn other_languages_say_the_same() {
    for (language, file) in [
        (
            "German",
            sheet(
                ";",
                &[
                    ("Anrede", "Dr."),
                    ("Vorname", "Ada"),
                    ("Weitere Vornamen", ""),
                    ("Nachname", "Lovelace"),
                    ("Firma", "Engines"),
                    ("Abteilung", "Numbers"),
                    ("Position", "Analyst"),
                    ("Straße geschäftlich", "Platz 12"),
                    ("Ort geschäftlich", "London"),
                    ("Fax geschäftlich", "+44 4"),
                    ("Telefon geschäftlich", "+44 1"),
                    ("Telefon privat", "+44 2"),
                    ("Mobiltelefon", "+44 3"),
                    ("E-Mail-Adresse", "ada@example.org"),
                    ("E-Mail-Typ", "SMTP"),
                    ("E-Mail 2: Adresse", "countess@example.org"),
                    ("Geburtstag", "10.12.1815"),
                    ("Jahrestag", "08.07.1835"),
                    ("Kategorien", "Chor"),
                    ("Notizen", "Maschinen"),
                    ("Partner", "William"),
                    ("Webseite", "https://example.org/ada"),
                ],
            ),
        ),
        (
            "French",
            sheet(
                ",",
                &[
                    ("Titre", "Dr."),
                    ("Prénom", "Ada"),
                    ("Deuxième prénom", ""),
                    ("Nom", "Lovelace"),
                    ("Société", "Engines"),
                    ("Service", "Numbers"),
                    ("Titre", "Analyst"),
                    ("Rue (bureau)", "Platz 12"),
                    ("Ville (bureau)", "London"),
                    ("Télécopie (bureau)", "+44 4"),
                    ("Téléphone (bureau)", "+44 1"),
                    ("Téléphone (domicile)", "+44 2"),
                    ("Tél. mobile", "+44 3"),
                    ("Adresse de messagerie", "ada@example.org"),
                    ("Adresse de messagerie 2", "countess@example.org"),
                    ("Anniversaire", "10/12/1815"),
                    ("Anniversaire de mariage ou fête", "08/07/1835"),
                    ("Catégories", "Chor"),
                    ("Notes", "Maschinen"),
                    ("Conjoint(e)", "William"),
                    ("Page Web", "https://example.org/ada"),
                ],
            ),
        ),
        (
            "Spanish",
            sheet(
                ",",
                &[
                    ("Title", "Dr."),
                    ("Nombre", "Ada"),
                    ("Segundo nombre", ""),
                    ("Apellidos", "Lovelace"),
                    ("Organización", "Engines"),
                    ("Department", "Numbers"),
                    ("Puesto", "Analyst"),
                    ("Calle del trabajo", "Platz 12"),
                    ("Ciudad de trabajo", "London"),
                    ("Business Fax", "+44 4"),
                    ("Teléfono del trabajo", "+44 1"),
                    ("Particular", "+44 2"),
                    ("Mobile Phone", "+44 3"),
                    ("E-mail Address", "ada@example.org"),
                    ("Dirección de correo electrónico 2", "countess@example.org"),
                    ("Birthday", "10/12/1815"),
                    ("Anniversary", "08/07/1835"),
                    ("Categorías", "Chor"),
                    ("Notes", "Maschinen"),
                    ("Spouse", "William"),
                    ("Página web", "https://example.org/ada"),
                ],
            ),
        ),
    ] {
        let record = record(file);
        assert_says(
            language,
            &record,
            &json!({
                "name": {"full": "Ada Lovelace", "components": [{"kind": "title", "value": "Dr."},
                    {"kind": "given", "value": "Ada"}, {"kind": "surname", "value": "Lovelace"}]},
                "organizations": [{"name": "Engines", "units": ["Numbers"]}],
                "titles": ["Analyst"],
                "emails": [{"address": "ada@example.org"}, {"address": "countess@example.org"}],
                "phones": [{"number": "+44 3", "label": "mobile"}, {"number": "+44 1", "label": "work"},
                    {"number": "+44 2", "label": "home"}, {"number": "+44 4", "label": "fax"}],
                "addresses": [{"full": "Platz 12, London", "label": "work"}],
                "anniversaries": [{"kind": "birth", "date": "1815-12-10"}, {"kind": "wedding", "date": "1835-07-08"}],
                "keywords": ["Chor"],
                "notes": ["Maschinen"],
                "relatedTo": [{"name": "William", "relation": "spouse"}],
                "links": [{"uri": "https://example.org/ada"}],
            }),
        );
        assert_eq!(record.warnings, [""; 0], "{language}");
    }
}
