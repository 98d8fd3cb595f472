//! What an import says of a file: what it was taken for, and what is wrong with it as a whole.

use crate::support::Home;

#[test]
fn what_is_empty_or_no_whole_file_is_said_to_be_so() {
    let home = Home::new();
    for (file, content, says) in [
        ("empty.txt", "", "could not import empty.txt: the file is empty"),
        ("empty.zip", "", "could not import empty.zip: the file is empty"),
        ("cut.zip", "PK\u{3}\u{4}rest", "it is no zip archive, or its end is missing"),
        ("odd.json", "hello", "or with kith export --format json"),
    ] {
        home.file(file, content);
        let said = home.kith(&["import", file]).fails(1).stderr;
        assert!(said.contains(says), "{file}: {said}");
    }
    home.file("empty.ics", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nEND:VCALENDAR\r\n");
    let said = home.kith(&["import", "empty.ics"]).succeeds().stdout;
    assert!(said.contains("the calendar holds no events"), "{said}");
}

#[test]
fn which_address_book_a_file_was_taken_for_is_said() {
    let home = Home::new();
    let row = |name: &str, label: &str, phone: &str| {
        let (given, family) = name.split_once(' ').unwrap();
        format!("{given},{family},,{label},Home,{given}@example.org,Mobile,{phone}\n")
    };
    let people = ["Anna Amsel", "Bert Brandt", "Carla Cole", "Dora Dorn"];
    let book = |label: &str, phones: &[&str; 4]| {
        let rows = people.iter().zip(phones).map(|(name, phone)| row(name, label, phone));
        let head = "First Name,Last Name,File As,Labels,E-mail 1 - Label,E-mail 1 - Value,Phone 1 - Label,Phone 1 - Value\n";
        format!("{head}{}", rows.collect::<String>())
    };
    let phones = ["+49 170 1111111", "+49 170 2222222", "+49 170 3333333", "+49 170 4444444"];
    home.file("contacts.csv", book("* myContacts", &phones));
    home.kith(&["import", "contacts.csv"]).succeeds();
    let lost = [phones[0], "", phones[2], phones[3]];
    home.file("contacts (1).csv", book("* myContacts ::: Imported on 11/22", &lost));
    let said = home.kith(&["import", "contacts (1).csv", "--dry-run"]).succeeds().stdout;
    let unwrapped = |said: &str| said.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        unwrapped(&said).contains("If it is another address book, import both files in one command"),
        "{said}"
    );
    let said = unwrapped(&home.kith(&["import", "contacts (1).csv"]).succeeds().stdout);
    assert!(said.contains("taken as a newer export of contacts.csv of "), "{said}");
    assert!(
        said.contains(
            ": 1 value that it no longer has is removed here, too. If it is another address book, take this one back \
             (kith undo import 2), then import both files in one command"
        ),
        "{said}"
    );
    assert_eq!(home.count("SELECT count(*) FROM phone"), 3);
    // As the report says.
    home.kith(&["undo", "import", "2"]).succeeds();
    home.kith(&["import", "contacts.csv", "contacts (1).csv"]).succeeds();
    assert_eq!(home.count("SELECT count(*) FROM phone"), 4);
    // What says less of much the same people is another one, until the user says otherwise.
    let home = Home::new();
    home.file("contacts.csv", book("* myContacts", &phones));
    home.kith(&["import", "contacts.csv"]).succeeds();
    home.file("contacts.csv", book("", &[""; 4]));
    let said = unwrapped(&home.kith(&["import", "contacts.csv"]).succeeds().stdout);
    assert!(said.contains("taken as another address book than contacts.csv of "), "{said}");
    assert!(
        said.contains("If this is a newer export of it, take that one back: kith undo import 1"),
        "{said}"
    );
    assert_eq!(home.count("SELECT count(*) FROM phone"), 4);
    home.kith(&["undo", "import", "1"]).succeeds();
    assert_eq!(home.count("SELECT count(*) FROM phone"), 0);
    assert_eq!(home.json(&["list"]).as_array().unwrap().len(), 4);
}
