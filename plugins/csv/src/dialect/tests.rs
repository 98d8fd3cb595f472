use super::*;

const HEAD: &str = "name = \"N\"\n";

#[test]
fn all_shipped_dialects_load_and_know_their_own_headers_best() {
    let dialects = shipped().unwrap_or_else(|error| panic!("{error}"));
    for (index, dialect) in dialects.iter().enumerate() {
        assert!(dialects[..index].iter().all(|other| other.name != dialect.name), "{}", dialect.name);
        for Recognise { headers, .. } in &dialect.recognise {
            let header: Vec<_> = headers.iter().map(|name| header_key(name)).collect();
            let own = dialect.fit(&header).unwrap_or_else(|| panic!("{}: {headers:?}", dialect.name));
            let as_well = |other: &Dialect| other.fit(&header).is_some_and(|fit| fit.names >= own.names);
            let takers = dialects.iter().filter(|other| as_well(other)).count();
            assert_eq!(takers, 1, "{}: {headers:?}", dialect.name);
        }
    }
}

#[test]
fn a_dialect_without_headers_to_recognise_takes_those_that_consist_of_its_columns() {
    let text = "name = \"N\"
        column = [
            { to = \"name/full\", headers = { en = [\"Name\"], de = [\"Name\"] } },
            { to = \"emails\", headers = [\"Mail\"] },
            { to = \"anniversaries\", label = \"birth\", headers = { en = [\"Birthday\"], de = [\"Geburtstag\"] } },
        ]";
    let dialect = Dialect::parse("n.toml", text).unwrap();
    let fit = |header: &str| {
        dialect.fit(&header_keys(header.split(','))).map(|Fit { names, language }| (names, language))
    };
    for (header, expected) in [
        ("Name,Birthday", Some((0, Some(Language::En)))),
        ("geburtstag,NAME", Some((0, Some(Language::De)))),
        ("Name", Some((0, None))),
        ("Mail,,", Some((0, None))),
        ("Name,Colour", None),
        ("Name,Name", None),
        ("Birthday", None),
        ("", None),
    ] {
        assert_eq!(fit(header), expected, "{header}");
    }
}

#[test]
fn equal_names_are_counted() {
    assert_eq!(
        header_keys(["Tel", "tel ", "", "", "TEL"].into_iter()),
        ["tel", "tel (2)", "", "", "tel (3)"]
    );
}

#[test]
fn mistakes_are_refused_with_file_column_and_key() {
    for (name, text, expected) in [
        ("no TOML", "name =", "x.toml"),
        ("unknown key", "name = \"N\"\nnmae = 1", "nmae"),
        ("missing key", "name = \"N\"", "column"),
        ("the line", "name = \"N\"\nname = 1", "line 2: "),
        ("nothing to recognise", "name = \"N\"\nexport = \"\"\nrecognise = [[]]\ncolumn = []", "recognise"),
        ("unknown key of a column", "[[column]]\nto = \"notes\"\nheaders = [\"A\"]\nheadres = []", "headres"),
        ("unknown field", "[[column]]\nto = \"note\"\nheaders = [\"A\"]", "note"),
        ("no headers", "[[column]]\nto = \"notes\"", "`headers` is missing"),
        ("label", "[[column]]\nto = \"keywords\"\nheaders = [\"A\"]\nlabel = \"x\"", "column 1 (A): `label`"),
        ("named", "[[column]]\nto = \"keywords\"\nheaders = [\"A\"]\nnamed = true", "`named`"),
        (
            "both labels",
            "[[column]]\nto = \"emails\"\nheaders = [\"A\"]\nlabel = \"x\"\nlabel_headers = [\"B\"]",
            "exclude",
        ),
        ("unit", "[[column]]\nto = \"notes\"\nheaders = [\"A\"]\nunit_headers = [\"B\"]", "`unit_headers`"),
        ("part", "[[column]]\nto = \"notes\"\nheaders = [\"A\"]\npart_headers = [\"B\"]", "`part_headers`"),
        (
            "no kind",
            "[[column]]\nto = \"anniversaries\"\nheaders = [\"A\"]\ndate = \"year-month-day\"",
            "`label`",
        ),
        (
            "date of a note",
            "[[column]]\nto = \"notes\"\nheaders = [\"A\"]\ndate = \"year-month-day\"",
            "`date`",
        ),
        ("order", "[[column]]\nto = \"notes\"\nheaders = [\"A\"]\ndate = \"day\"", "day-month-year"),
        ("encoding", "encoding = \"latin-99\"\n[[column]]\nto = \"notes\"\nheaders = [\"A\"]", "latin-99"),
        ("no service", "[[column]]\nto = \"onlineServices\"\nheaders = [\"A\"]", "`service`"),
        ("service", "[[column]]\nto = \"notes\"\nheaders = [\"A\"]\nservice = \"x\"", "`service`"),
        ("number", "[[column]]\nto = \"emails\"\nheaders = [\"A {n}\"]\nlabel_headers = [\"B\"]", "`{n}`"),
        ("months", "months = [[\"Jan\"]]\n[[column]]\nto = \"notes\"\nheaders = [\"A\"]", "twelve"),
    ] {
        let text = if text.starts_with("name") { text.to_owned() } else { format!("{HEAD}{text}") };
        let error = Dialect::parse("x.toml", &text).unwrap_err().to_string();
        assert!(error.contains("x.toml") && error.contains(expected), "{name}: {error}");
    }
}

#[test]
fn labels_and_marks() {
    let dialects = shipped().unwrap_or_else(|error| panic!("{error}"));
    for (cell, expected) in [
        ("Work", (Some("work"), false)),
        ("* Work", (Some("work"), true)),
        ("work fax", (Some("fax"), false)),
        ("*", (None, true)),
        ("* ", (None, true)),
        ("", (None, false)),
        ("Other", (None, false)),
        ("Boat", (Some("Boat"), false)),
        ("*Boat", (Some("*Boat"), false)),
    ] {
        let (label, preferred) = dialects[0].label(cell);
        assert_eq!((label.as_deref(), preferred), expected, "{cell:?}");
    }
}
