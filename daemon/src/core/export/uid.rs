//! The UID of somebody whose cards have none.
//!
//! It is a UUID of version 8 (RFC 9562 section 5.8) out of which the contact's
//! number can be read again, so that an export that comes back is recognised
//! though no card had that UID. Its first half is the database's own: nobody
//! of another database is taken for somebody of this one.

use crate::core::facts::PersonId;
use crate::core::follow_up::uuid;

/// How much of a UUID tells the database: what stands before the number.
const MARK: usize = 19;

/// The largest number that there is room for.
const LARGEST: u64 = (1 << 60) - 1;

/// The UID of a contact in the database with this random namespace.
#[must_use]
pub fn of(namespace: &[u8], id: PersonId) -> String {
    let mark = uuid(namespace, "contact");
    let number = format!("{:015x}", id.0.unsigned_abs() & LARGEST);
    // The variant's bits of RFC 9562 are in the first digit behind the mark.
    let (mark, (group, node)) = (&mark[..MARK], number.split_at(3));
    format!("{mark}8{group}-{node}")
}

/// Whose UID it is, if it is one that [`of`] gives for this database.
#[must_use]
pub fn person(namespace: &[u8], uid: &str) -> Option<PersonId> {
    let uid = uid.trim().to_ascii_lowercase();
    let uid = uid.strip_prefix("urn:uuid:").unwrap_or(&uid);
    let digits: String = uid.get(MARK + 1..)?.chars().filter(|c| *c != '-').collect();
    let id = PersonId(i64::from_str_radix(&digits, 16).ok()?);
    (of(namespace, id) == uid).then_some(id)
}

/// The name of the file that has the card with this UID: the UID itself where it
/// is a name that any file system takes, else one that follows from it.
#[must_use]
pub fn file_name(uid: &str) -> String {
    const LONGEST: usize = 100;
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_.@".contains(c);
    // On some file systems `A` and `a` are one name.
    let is_safe = uid.len() <= LONGEST
        && uid.starts_with(|c: char| c.is_ascii_alphanumeric())
        && uid.chars().all(plain)
        && uid == uid.to_ascii_lowercase();
    let name = if is_safe { uid.to_owned() } else { uuid(b"file", uid) };
    format!("{name}.vcf")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_uid_has_a_name_of_a_file() {
        assert_eq!(file_name("a-1@example.org"), "a-1@example.org.vcf");
        let long = "a".repeat(101);
        let odd = [
            "",
            ".",
            "..",
            ".hidden",
            "../../etc/passwd",
            "a/b",
            "a:b",
            "A",
            "a b",
            "ü",
            "-rf",
            "a\0",
            &long,
        ];
        let mut names: Vec<String> = odd.iter().map(|uid| file_name(uid)).collect();
        assert!(names.iter().all(|name| name.len() == 40 && !name.contains('/')), "{names:?}");
        names.sort();
        names.dedup();
        assert_eq!(names.len(), odd.len());
    }

    #[test]
    fn the_number_comes_out_again_in_its_own_database_alone() {
        for id in [1, 7, 4096, 20_000_000, i64::MAX >> 3].map(PersonId) {
            let uid = of(b"namespace", id);
            assert_eq!((uid.len(), &uid[14..15], &uid[19..20]), (36, "8", "8"), "{uid}");
            assert_eq!(person(b"namespace", &uid), Some(id));
            assert_eq!(person(b"namespace", &format!("urn:uuid:{}", uid.to_uppercase())), Some(id));
            assert_eq!(person(b"another", &uid), None);
        }
        for none in ["", "7", "é", "00000000-0000-8000-8000-000000000007", &"é".repeat(30)] {
            assert_eq!(person(b"namespace", none), None, "{none}");
        }
    }
}
