use super::*;

/// What is proposed for each column of a file of one row, `-` for nothing.
fn proposed(names: &[&str], cells: &[&str]) -> Vec<String> {
    let own = |cells: &[&str]| -> Vec<String> { cells.iter().map(|&cell| cell.to_owned()).collect() };
    let rows = if cells.is_empty() { Vec::new() } else { vec![own(cells)] };
    let columns = columns(&own(names), &rows);
    let say = |column: &Proposed| match (column.meaning, column.label()) {
        (None, _) => "-".to_owned(),
        (Some(meaning), None) => meaning.field().to_owned(),
        (Some(meaning), Some(label)) => format!("{} {label}", meaning.field()),
    };
    columns.iter().map(say).collect()
}

#[test]
fn columns_are_known_by_words_in_four_languages() {
    for (names, expected) in [
        (
            &["Contact person", "Email address", "Cell no", "Work phone", "Date of birth", "Employer"][..],
            &["name/full", "emails", "phones mobile", "phones work", "anniversaries birth", "organizations"]
                [..],
        ),
        (
            &[
                "Rufname",
                "Name",
                "Mailadresse",
                "Handynr",
                "Telefonnummer privat",
                "Geburtsdatum",
                "Firmenname",
            ],
            &[
                "name/given",
                "name/surname",
                "emails",
                "phones mobile",
                "phones home",
                "anniversaries birth",
                "organizations",
            ],
        ),
        (
            &["Prénom usuel", "Nom", "Courriel pro", "Tél. domicile", "Né(e) - naissance", "Ville"],
            &["name/given", "name/surname", "emails work", "phones home", "anniversaries birth", "addresses"],
        ),
        (
            &["Nombre", "Apellidos", "Correo de casa", "Teléfono oficina", "Fecha de nacimiento", "Cargo"],
            &["name/given", "name/surname", "emails home", "phones work", "anniversaries birth", "titles"],
        ),
        (&["firstName", "last_name", "emailWork"], &["name/given", "name/surname", "emails work"]),
        (
            &["Name", "Fax", "Pager", "Website", "Tags"],
            &["name/full", "phones fax", "phones pager", "links", "keywords"],
        ),
        (
            &["Name", "Company address", "Wedding day"],
            &["name/full", "addresses work", "anniversaries wedding"],
        ),
        (
            &["Prénom", "Nom de famille", "Nom à afficher", "Adresse électronique secondaire"],
            &["name/given", "name/surname", "name/full", "emails"],
        ),
        (
            &["First name", "Surname", "Display name", "Secondary email"],
            &["name/given", "name/surname", "name/full", "emails"],
        ),
        (&["Name", "Kontakt"], &["name/full", "-"]),
        (&["Colour", "Size"], &["name/full", "-"]),
    ] {
        assert_eq!(proposed(names, &[]), expected, "{names:?}");
    }
}

#[test]
fn columns_are_known_by_words_in_three_languages_without_spaces() {
    for (names, expected) in [
        (
            &["姓", "名", "手机", "公司电话", "电子邮箱", "公司", "生日", "备注"][..],
            &[
                "name/surname",
                "name/given",
                "phones mobile",
                "phones work",
                "emails",
                "organizations",
                "anniversaries birth",
                "notes",
            ][..],
        ),
        (
            &["姓名", "公司名稱", "家庭地址", "職稱"],
            &["name/full", "organizations", "addresses home", "titles"],
        ),
        (&["姓氏", "名字"], &["name/surname", "name/given"]),
        (
            &["氏名", "フリガナ", "携帯メール", "携帯電話", "電話番号 2", "会社名", "住所", "生年月日"],
            &[
                "name/full",
                "-",
                "emails",
                "phones mobile",
                "phones",
                "organizations",
                "addresses",
                "anniversaries birth",
            ],
        ),
        (
            &["성", "이름", "이메일 주소", "회사 전화", "휴대폰", "성별"],
            &["name/surname", "name/given", "emails", "phones work", "phones mobile", "-"],
        ),
        (&["이름", "전화번호"], &["name/full", "phones"]),
    ] {
        assert_eq!(proposed(names, &[]), expected, "{names:?}");
    }
}

#[test]
fn what_only_belongs_to_another_column_is_not_taken_for_it() {
    for (names, expected) in [
        (
            &[
                "Vorname",
                "Zweiter Vorname",
                "Nachname",
                "Phonetischer Vorname",
                "Namenspräfix",
                "Namenssuffix",
            ][..],
            &["name/given", "name/given2", "name/surname", "-", "name/title", "name/suffix"][..],
        ),
        (
            &["Prénom", "Deuxième prénom", "Nom de famille", "Titre du nom", "Suffixe du nom"],
            &["name/given", "name/given2", "name/surname", "name/title", "name/suffix"],
        ),
        (
            &["Nombre", "Segundo nombre", "Apellidos", "Prefijo del nombre"],
            &["name/given", "name/given2", "name/surname", "name/title"],
        ),
        (
            &["Vor- und Nachname", "E-Mail 1 – Label", "E-Mail 1 – Wert", "Telefon 1 – Label", "Labels"],
            &["name/full", "-", "emails", "-", "keywords"],
        ),
        (
            &[
                "Nom et prénom",
                "E-mail 1 – Libellé",
                "Né(e) le",
                "N° de rue",
                "Adresse professionnelle",
                "Étiquettes",
            ],
            &["name/full", "-", "anniversaries birth", "addresses", "addresses work", "keywords"],
        ),
        (
            &["Nombre y apellidos", "Tfno.", "Tipo de teléfono", "Observaciones"],
            &["name/full", "phones", "-", "notes"],
        ),
        (&["Last name, first name", "Phone type", "Type"], &["name/full", "-", "-"]),
        (&["Vorname", "Firmenadresse"], &["name/given", "addresses work"]),
    ] {
        assert_eq!(proposed(names, &[]), expected, "{names:?}");
    }
}

#[test]
fn values_tell_more_than_names() {
    for (name, cell, expected) in [
        ("Contact", "ada@example.org", "emails"),
        ("Mail", "12 Square, London", "-"),
        ("Call me", "+44 20 7946 0000", "phones"),
        ("Where", "https://example.org/ada", "links"),
        ("Last contacted", "2024-01-02", "-"),
        ("Birth place", "London", "-"),
        ("Since", "12/10/2015", "-"),
        ("Number", "7", "-"),
    ] {
        assert_eq!(proposed(&["Who", name], &["Ada", cell])[1], expected, "{name}: {cell}");
    }
    assert_eq!(
        proposed(&["Voice", "Singer", "Mail"], &["alto", "Ada Lovelace", "a@example.org"])[1],
        "name/full"
    );
}

#[test]
fn a_proposal_says_where_the_header_is_and_in_which_language() {
    let names = ["Ansprechpartner", "Geburtsdatum", "Ort", "Straße"].map(str::to_owned);
    assert_eq!(
        dialect("Meine Leute.csv", &names, 2, &[], None),
        r#"# A proposal, made by kith. Correct what is wrong; docs/csv.md explains the keys.

name = "Meine Leute"
preamble_rows = 2
# Where the numbers of all dates in a column could be read both ways:
# date_order = "day-month-year"

[[recognise]]
headers = ["Ansprechpartner", "Geburtsdatum", "Ort", "Straße"]
language = "de"

[[column]]
to = "name/full"
headers = ["Ansprechpartner"]

[[column]]
to = "anniversaries"
headers = ["Geburtsdatum"]
label = "birth"

[[column]]
to = "addresses"
part_headers = ["Ort", "Straße"]
"#
    );
}

#[test]
fn file_names() {
    for (name, expected) in [
        ("My friends (2).CSV", "my-friends-2.toml"),
        ("Größe.csv", "gr-e.toml"),
        (".csv", "my-contacts.toml"),
        ("山田.csv", "my-contacts.toml"),
        ("../../x.csv", "x.toml"),
        ("", "my-contacts.toml"),
    ] {
        assert_eq!(file_name(name), expected, "{name}");
    }
}
