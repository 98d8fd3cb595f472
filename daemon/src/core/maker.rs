//! Which program wrote a record, as far as its original tells: two address books
//! of the same people are told apart by it.

use std::collections::BTreeSet;

/// Whether two originals show that two programs wrote them. Of vCards the
/// version is compared, and the program that they name, whatever its version;
/// of rows the columns that stand above them: of these a program adds some, as
/// people have more numbers.
#[must_use]
pub fn is_another(one: &str, other: &str) -> bool {
    match (Stamp::of(one), Stamp::of(other)) {
        (Some(one), Some(other)) => one != other,
        (None, None) => have_other_columns(one, other),
        _ => true,
    }
}

/// Whether two originals show that one program wrote them, which vCards do that name it, and rows under a head.
#[must_use]
pub fn is_same(one: &str, other: &str) -> bool {
    let shows = match Stamp::of(one) {
        Some(stamp) => !stamp.program.is_empty(),
        None => columns(one).is_some() && columns(other).is_some(),
    };
    shows && !is_another(one, other)
}

/// What a vCard says of how it was made.
#[derive(Debug, Default, PartialEq, Eq)]
struct Stamp {
    /// Its version.
    version: String,
    /// The program, without digits.
    program: String,
}

impl Stamp {
    /// That of an original; none if it is no vCard.
    fn of(original: &str) -> Option<Self> {
        let mut lines = original.lines().map(str::trim);
        if !lines.next()?.trim_start_matches('\u{feff}').eq_ignore_ascii_case("BEGIN:VCARD") {
            return None;
        }
        let mut stamp = Self::default();
        for line in lines {
            let Some((name, value)) = line.split_once(':') else { continue };
            if name.eq_ignore_ascii_case("VERSION") {
                value.trim().clone_into(&mut stamp.version);
            } else if name.eq_ignore_ascii_case("PRODID") {
                stamp.program = without_digits(value);
            }
        }
        Some(stamp)
    }
}

fn have_other_columns(one: &str, other: &str) -> bool {
    let (Some(ours), Some(theirs)) = (columns(one), columns(other)) else { return false };
    let few = ours.len().min(theirs.len());
    ours.intersection(&theirs).count() * 4 < few * 3
}

/// The columns of a row that is kept with its head; none where there is one line only.
fn columns(original: &str) -> Option<BTreeSet<String>> {
    let (head, _) = original.split_once('\n')?;
    Some(head.split([',', ';', '\t']).map(without_digits).filter(|name| !name.is_empty()).collect())
}

/// A text without its digits and what stands around it: `E-mail 2 - Value` is one column with `E-mail 1 - Value`.
fn without_digits(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_ascii_digit()).collect();
    text.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\u{feff}')).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_the_same_where_it_is_named() {
        let card = |rest: &str| format!("BEGIN:VCARD\r\nVERSION:{rest}\r\nFN:Anna\r\nEND:VCARD");
        for (one, other, same) in [
            (card("3.0"), card("3.0"), false),
            (card("3.0\r\nPRODID:-//A//1"), card("3.0\r\nPRODID:-//A//2"), true),
            ("Name,URL\nAnna,a".to_owned(), "Name,URL\nBert,b".to_owned(), true),
            ("Anna".to_owned(), "Anna".to_owned(), false),
        ] {
            assert_eq!((is_same(&one, &other), is_same(&other, &one)), (same, same), "{one}");
        }
    }

    #[test]
    fn programs_are_told_apart_by_what_they_write_around_people() {
        let google = "First Name,Middle Name,Last Name,Nickname,Organization Name,Birthday,Notes,Labels,E-mail 1 - Value,Phone 1 - Value\nAnna";
        let more = "First Name,Middle Name,Last Name,Nickname,Organization Name,Birthday,Notes,Labels,E-mail 1 - Value,E-mail 2 - Value,Phone 1 - Value,Website 1 - Value\nBert";
        let outlook = "First Name,Middle Name,Last Name,Title,Suffix,Nickname,Given Yomi,E-mail Address,Home Phone,Company,Birthday,Notes\nAnna";
        let card = |rest: &str| format!("BEGIN:VCARD\r\nVERSION:{rest}\r\nFN:Anna\r\nEND:VCARD");
        for (case, one, other, another) in [
            ("the same", google.to_owned(), google.to_owned(), false),
            ("more columns", google.to_owned(), more.to_owned(), false),
            ("other columns", google.to_owned(), outlook.to_owned(), true),
            ("other columns beside more", more.to_owned(), outlook.to_owned(), true),
            ("vCards", card("3.0"), card("3.0"), false),
            ("another version", card("3.0"), card("2.1"), true),
            (
                "a newer version of the program",
                card("3.0\r\nPRODID:-//Apple Inc.//iOS 17.6//EN"),
                card("3.0\r\nprodid:-//Apple Inc.//iOS 18.1//EN"),
                false,
            ),
            (
                "another program",
                card("3.0\r\nPRODID:-//Apple Inc.//iOS 18//EN"),
                card("3.0\r\nPRODID:-//Sabre//EN"),
                true,
            ),
            ("a program and none", card("3.0\r\nPRODID:-//Apple Inc.//iOS 18//EN"), card("3.0"), true),
            ("a vCard and a row", card("3.0"), google.to_owned(), true),
            ("nothing that tells", "Anna".to_owned(), "Bert".to_owned(), false),
            ("nothing at all", String::new(), String::new(), false),
        ] {
            assert_eq!((is_another(&one, &other), is_another(&other, &one)), (another, another), "{case}");
            assert!(!(another && is_same(&one, &other)), "{case}");
        }
    }
}
