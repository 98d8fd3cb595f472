//! Google Contacts, present and older.

use serde_json::{Value, json};

use crate::{assert_says, record, records};

const PRESENT: &str = "First Name,Middle Name,Last Name,Phonetic First Name,Phonetic Middle Name,Phonetic Last Name,Name Prefix,Name Suffix,Nickname,File As,Organization Name,Organization Title,Organization Department,Birthday,Notes,Photo,Labels,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Label,E-mail 2 - Value,Phone 1 - Label,Phone 1 - Value,Phone 2 - Label,Phone 2 - Value,Address 1 - Label,Address 1 - Formatted,Address 1 - Street,Address 1 - City,Address 1 - PO Box,Address 1 - Region,Address 1 - Postal Code,Address 1 - Country,Address 1 - Extended Address,Relation 1 - Label,Relation 1 - Value,Website 1 - Label,Website 1 - Value,Event 1 - Label,Event 1 - Value,Custom Field 1 - Label,Custom Field 1 - Value";

const OLDER: &str = "Name,Given Name,Additional Name,Family Name,Yomi Name,Given Name Yomi,Additional Name Yomi,Family Name Yomi,Name Prefix,Name Suffix,Initials,Nickname,Short Name,Maiden Name,Birthday,Gender,Location,Billing Information,Directory Server,Mileage,Occupation,Hobby,Sensitivity,Priority,Subject,Notes,Language,Photo,Group Membership,E-mail 1 - Type,E-mail 1 - Value,E-mail 2 - Type,E-mail 2 - Value,Phone 1 - Type,Phone 1 - Value,Address 1 - Type,Address 1 - Formatted,Organization 1 - Type,Organization 1 - Name,Organization 1 - Title,Organization 1 - Department,Relation 1 - Type,Relation 1 - Value,Website 1 - Type,Website 1 - Value,Event 1 - Type,Event 1 - Value";

/// A file with one row that has these cells, and the name Ada where they name nobody.
fn file(header: &str, cells: &[(&str, &str)]) -> String {
    let names: Vec<&str> = header.split(',').collect();
    let given = if header == PRESENT { "First Name" } else { "Given Name" };
    for (name, _) in cells {
        assert!(names.contains(name), "{name}");
    }
    let named = cells.iter().any(|(name, _)| name.contains("Name") || *name == "File As");
    let row: Vec<String> = names
        .iter()
        .map(|name| {
            let cell = cells.iter().find(|(column, _)| column == name).map_or("", |(_, cell)| cell);
            let cell = if *name == given && !named { "Ada" } else { cell };
            format!("\"{}\"", cell.replace('"', "\"\""))
        })
        .collect();
    format!("{header}\r\n{}\r\n", row.join(","))
}

/// Name, cells and what the contact must say.
type Case<'a> = (&'a str, &'a [(&'a str, &'a str)], Value);

#[track_caller]
fn check(header: &str, cases: &[Case<'_>]) {
    for (name, cells, expected) in cases {
        let record = record(file(header, cells));
        assert_says(name, &record, expected);
        assert_eq!(record.warnings, [""; 0], "{name}");
        assert_eq!(record.contact.uid, None);
    }
}

#[test]
fn present_export() {
    check(
        PRESENT,
        &[
            (
                "all parts of a name",
                &[
                    ("Name Prefix", "Dr."),
                    ("First Name", "Ada"),
                    ("Middle Name", "King"),
                    ("Last Name", "Lovelace"),
                    ("Name Suffix", "PhD"),
                    ("File As", "Lovelace, Ada"),
                ],
                json!({"name": {"full": "Ada King Lovelace PhD", "components": [
                    {"kind": "title", "value": "Dr."}, {"kind": "given", "value": "Ada"},
                    {"kind": "given2", "value": "King"}, {"kind": "surname", "value": "Lovelace"},
                    {"kind": "credential", "value": "PhD"}]}}),
            ),
            (
                "generation",
                &[("Last Name", "King"), ("Name Suffix", "Jr.")],
                json!({"name": {"full": "King Jr.", "components": [
                    {"kind": "surname", "value": "King"}, {"kind": "generation", "value": "Jr."}]}}),
            ),
            (
                "only a name to file by",
                &[("File As", "The plumber"), ("Phone 1 - Value", "+49 30 1234")],
                json!({"name": {"full": "The plumber"}, "phones": [{"number": "+49 30 1234"}]}),
            ),
            ("nicknames", &[("Nickname", "Adi ::: Countess")], json!({"nicknames": ["Adi", "Countess"]})),
            (
                "organisation",
                &[
                    ("Organization Name", "Engines & Co"),
                    ("Organization Title", "Analyst"),
                    ("Organization Department", "Numbers"),
                ],
                json!({"name": null, "titles": ["Analyst"],
                    "organizations": [{"name": "Engines & Co", "units": ["Numbers"]}]}),
            ),
            (
                "birthday",
                &[("Birthday", "1985-04-12")],
                json!({"anniversaries": [{"kind": "birth", "date": "1985-04-12"}]}),
            ),
            (
                "year-less birthday",
                &[("Birthday", " --04-12")],
                json!({"anniversaries": [{"kind": "birth", "date": "--04-12"}]}),
            ),
            (
                "short birthday",
                &[("Birthday", "--0412")],
                json!({"anniversaries": [{"kind": "birth", "date": "--04-12"}]}),
            ),
            (
                "notes over lines",
                &[("Notes", "met \"there\"\r\nand ::: here")],
                json!({"notes": ["met \"there\"\nand ::: here"]}),
            ),
            (
                "labels",
                &[("Labels", "* myContacts ::: Choir ::: * starred ::: * Family ::: Choir")],
                json!({"keywords": ["Choir", "Family"]}),
            ),
            ("only the system's labels", &[("Labels", "* myContacts")], json!({"keywords": null})),
            (
                "emails",
                &[
                    ("E-mail 1 - Label", "* Work"),
                    ("E-mail 1 - Value", "ada@example.org ::: a@example.org"),
                    ("E-mail 2 - Label", "Choir"),
                    ("E-mail 2 - Value", "ada@example.net"),
                ],
                json!({"emails": [
                    {"address": "ada@example.org", "label": "work", "pref": 1},
                    {"address": "a@example.org", "label": "work"},
                    {"address": "ada@example.net", "label": "Choir"}]}),
            ),
            (
                "phones",
                &[
                    ("Phone 1 - Label", "Mobile"),
                    ("Phone 1 - Value", "+44 20 7946 0000 ::: 020 7946 0001"),
                    ("Phone 2 - Label", "Work Fax"),
                    ("Phone 2 - Value", "020 7946 0002"),
                ],
                json!({"phones": [
                    {"number": "+44 20 7946 0000", "label": "mobile"},
                    {"number": "020 7946 0001", "label": "mobile"},
                    {"number": "020 7946 0002", "label": "fax"}]}),
            ),
            (
                "second phone without the first",
                &[("Phone 2 - Label", "Other"), ("Phone 2 - Value", "112 233")],
                json!({"phones": [{"number": "112 233"}]}),
            ),
            (
                "formatted address",
                &[
                    ("Address 1 - Label", "Home"),
                    ("Address 1 - Formatted", "12 St James's Sq,\nLondon\n\nSW1Y 4JH"),
                    ("Address 1 - City", "London"),
                ],
                json!({"addresses": [{"full": "12 St James's Sq, London, SW1Y 4JH", "label": "home"}]}),
            ),
            (
                "address in parts",
                &[("Address 1 - Street", "12 St James's Sq"), ("Address 1 - City", "London")],
                json!({"addresses": [{"full": "12 St James's Sq, London"}]}),
            ),
            (
                "website",
                &[("Website 1 - Label", "Work"), ("Website 1 - Value", "https://example.org")],
                json!({"links": [{"uri": "https://example.org", "label": "work"}], "onlineServices": null}),
            ),
            (
                "profile as website",
                &[("Website 1 - Value", "https://www.linkedin.com/in/ada")],
                json!({"links": null, "onlineServices": [{"service": "LinkedIn", "uri": "https://www.linkedin.com/in/ada"}]}),
            ),
            (
                "company as website",
                &[("Website 1 - Value", "https://linkedin.com/company/x")],
                json!({"links": [{"uri": "https://linkedin.com/company/x"}], "onlineServices": null}),
            ),
            (
                "look-alike website",
                &[("Website 1 - Value", "https://notlinkedin.com/in/x")],
                json!({"links": [{"uri": "https://notlinkedin.com/in/x"}]}),
            ),
            (
                "event",
                &[("Event 1 - Label", "Anniversary"), ("Event 1 - Value", "2010-06-05")],
                json!({"anniversaries": [{"kind": "wedding", "date": "2010-06-05"}]}),
            ),
            (
                "event of one's own",
                &[("Event 1 - Label", "First call"), ("Event 1 - Value", "2010-06-05")],
                json!({"anniversaries": [{"kind": "First call", "date": "2010-06-05"}]}),
            ),
            (
                "event without label",
                &[("Event 1 - Value", "2010-06-05")],
                json!({"anniversaries": [{"kind": "other", "date": "2010-06-05"}]}),
            ),
            (
                "relation",
                &[("Relation 1 - Label", "Spouse"), ("Relation 1 - Value", "William")],
                json!({"relatedTo": [{"name": "William", "relation": "spouse"}]}),
            ),
            (
                "custom field",
                &[("Custom Field 1 - Label", "Tea"), ("Custom Field 1 - Value", "Assam ::: Darjeeling")],
                json!({"notes": ["Tea: Assam; Darjeeling"]}),
            ),
            ("custom field without label", &[("Custom Field 1 - Value", "x")], json!({"notes": ["x"]})),
        ],
    );
}

#[test]
fn older_export() {
    check(
        OLDER,
        &[
            (
                "the name as it is shown wins",
                &[("Name", "Ada, Countess of Lovelace"), ("Given Name", "Ada"), ("Family Name", "Lovelace")],
                json!({"name": {"full": "Ada, Countess of Lovelace", "components": [
                    {"kind": "given", "value": "Ada"}, {"kind": "surname", "value": "Lovelace"}]}}),
            ),
            (
                "a mark without a label",
                &[("E-mail 1 - Type", "* "), ("E-mail 1 - Value", "ada@example.org")],
                json!({"emails": [{"address": "ada@example.org", "pref": 1}]}),
            ),
            ("groups", &[("Group Membership", "Choir ::: * myContacts")], json!({"keywords": ["Choir"]})),
            (
                "organisation",
                &[
                    ("Organization 1 - Name", "Engines ::: Looms"),
                    ("Organization 1 - Title", "Analyst"),
                    ("Organization 1 - Department", "Numbers"),
                    ("Occupation", "Mathematician"),
                ],
                json!({"organizations": [{"name": "Engines", "units": ["Numbers"]}, {"name": "Looms"}],
                    "titles": ["Analyst", "Mathematician"]}),
            ),
            (
                "what has no field",
                &[
                    ("Maiden Name", "Byron"),
                    ("Hobby", "Chess"),
                    ("Short Name", "Adi"),
                    ("Sensitivity", "normal"),
                ],
                json!({"notes": ["Maiden Name: Byron", "Hobby: Chess"], "nicknames": ["Adi"]}),
            ),
            (
                "birthday",
                &[("Birthday", " --12-10")],
                json!({"anniversaries": [{"kind": "birth", "date": "--12-10"}]}),
            ),
            (
                "event",
                &[("Event 1 - Type", "Anniversary"), ("Event 1 - Value", "1835-07-08")],
                json!({"anniversaries": [{"kind": "wedding", "date": "1835-07-08"}]}),
            ),
            (
                "relation",
                &[("Relation 1 - Type", "Mother"), ("Relation 1 - Value", "Anne")],
                json!({"relatedTo": [{"name": "Anne", "relation": "mother"}]}),
            ),
            (
                "phone",
                &[("Phone 1 - Type", "Pager"), ("Phone 1 - Value", "1234")],
                json!({"phones": [{"number": "1234", "label": "pager"}]}),
            ),
        ],
    );
}

#[test]
fn what_cannot_be_understood_is_said_and_kept() {
    for (name, cells, expected) in [
        (
            "no such day",
            [("Birthday", "1985-02-30")],
            "Birthday \"1985-02-30\" cannot be read as a date; it was kept as a note",
        ),
        ("no email", [("E-mail 1 - Value", "ada at example")], "E-mail 1 - Value \"ada at example\" is not"),
        ("no number", [("Phone 1 - Value", "ask Bob")], "Phone 1 - Value \"ask Bob\" is not a telephone"),
    ] {
        let file = file(PRESENT, &cells);
        let record = record(&file);
        assert!(record.warnings.len() == 1 && record.warnings[0].starts_with(expected), "{name}: {record:?}");
        assert_eq!(record.raw, file.trim_end().replacen("\r\n", "\n", 1), "{name}");
    }
}

#[test]
fn rows_shorter_and_longer_than_the_header() {
    let records =
        records(format!("{PRESENT}\nAda,,Lovelace\nBob{},over,\n", ",".repeat(PRESENT.split(',').count())));
    assert_eq!(records[0].contact.name.full.as_deref(), Some("Ada Lovelace"));
    assert!(records[0].warnings.is_empty());
    assert!(records[1].warnings[0].contains("more cells than the header, 1 with text"), "{records:?}");
}

#[test]
fn spreadsheets_change_separators_and_case() {
    for (name, separator) in [("semicolon", ";"), ("tab", "\t")] {
        let file =
            format!("{}\nAda;Lovelace\n", PRESENT.to_uppercase().replace(',', ";")).replace(';', separator);
        assert_eq!(record(file).contact.name.components.len(), 2, "{name}");
    }
}
