//! `kith export`: what it writes and says, and that what it wrote reads back.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use insta::assert_snapshot;

use super::{import, say, with_phone};
use crate::support::Home;

/// What an export prints, with lines as people see them.
fn exports(home: &Home, line: &str) -> String {
    say(home, line).replace("\r\n", "\n")
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o7777
}

#[test]
fn a_card_has_what_is_known_and_what_came_with_it() {
    let home = with_phone();
    home.kith(&["edit", "anna", "--circle", "close", "--add-email", "annie@example.org"]).succeeds();
    assert_snapshot!(exports(&home, "export anna"), @"
    BEGIN:VCARD
    VERSION:4.0
    PRODID:-//kith//kith//EN
    UID:phone-1
    FN:Anna Müller
    N:Müller;Anna;;;
    NICKNAME:Annie
    BDAY:--0412
    EMAIL;TYPE=work;PREF=1:anna.mueller@foundry.example
    EMAIL;TYPE=home:anna@example.org
    EMAIL:annie@example.org
    TEL;TYPE=cell:+49 170 1111111
    ORG:Foundry GmbH;Casting
    END:VCARD
    ");
    assert_snapshot!(exports(&home, "export anna foundry --format vcard3"), @"
    BEGIN:VCARD
    VERSION:3.0
    PRODID:-//kith//kith//EN
    UID:phone-1
    FN:Anna Müller
    N:Müller;Anna;;;
    NICKNAME:Annie
    BDAY;X-APPLE-OMIT-YEAR=1604:1604-04-12
    EMAIL;TYPE=work,pref:anna.mueller@foundry.example
    EMAIL;TYPE=home:anna@example.org
    EMAIL:annie@example.org
    TEL;TYPE=cell:+49 170 1111111
    ORG:Foundry GmbH;Casting
    END:VCARD
    BEGIN:VCARD
    VERSION:3.0
    PRODID:-//kith//kith//EN
    UID:phone-5
    FN:Emi Ono
    N:Ono;Emi;;;
    EMAIL:info@foundry.example
    EMAIL:emi@example.org
    END:VCARD
    BEGIN:VCARD
    VERSION:3.0
    PRODID:-//kith//kith//EN
    UID:phone-6
    X-ABSHOWAS:COMPANY
    FN:Foundry GmbH
    N:;;;;
    TEL;TYPE=work:+49 30 9999999
    ORG:Foundry GmbH
    END:VCARD
    ");
    // The UIDs are the database's own, as no sheet had them.
    let sheet = exports(&home, "export anna bert --format csv");
    let rows: Vec<&str> = sheet.lines().filter_map(|row| Some(row.split_once(',')?.1)).collect();
    assert_snapshot!(rows.join("\n"), @"
    Name,Name prefix,Given name,Family name,Nickname 1,Organization 1,Department 1,Preferred email 1,Preferred email 1 label,Email 1,Email 1 label,Email 2,Phone 1,Phone 1 label,Date 1,Date 1 label
    Anna Müller,,Anna,Müller,Annie,Foundry GmbH,Casting,anna.mueller@foundry.example,work,anna@example.org,home,annie@example.org,+49 170 1111111,mobile,--04-12,birth
    Dr. Bert Kern,Dr.,Bert,Kern,,,,,,,,,+49 170 2222222,mobile,1985-11-30,birth
    ");
    // The UID is of this database alone: 36 characters.
    let mut json = exports(&home, "export bert --format json");
    let at = json.find("\"uid\":\"").unwrap() + 7;
    json.replace_range(at..at + 36, "own-2");
    assert_snapshot!(json, @r#"
    [
    {"uid":"own-2","name":{"full":"Dr. Bert Kern","components":[{"kind":"title","value":"Dr."},{"kind":"given","value":"Bert"},{"kind":"surname","value":"Kern"}]},"phones":[{"number":"+49 170 2222222","label":"mobile"}],"anniversaries":[{"kind":"birth","date":"1985-11-30"}],"id":"2","circle":null,"comfort":"yes","comfortUntil":null,"ideal":null,"latest":null,"archivedAt":null,"interactions":[]}
    ]
    "#);
}

#[test]
fn a_file_is_the_owners_and_is_not_written_over() {
    let home = with_phone();
    let folder = home.path().display().to_string();
    let path = home.path().join("out.vcf");
    assert_snapshot!(say(&home, &format!("export --output {folder}/out.vcf")), @"6 contacts written to ~/out.vcf (vcard4).");
    assert_eq!(mode(&path), 0o600);
    let before = fs::read(&path).unwrap();
    assert_snapshot!(say(&home, &format!("export anna --output {folder}/out.vcf")), @"
    Error: could not write ~/out.vcf: it is there already
    Hint: --force writes over it; another name keeps both
    [exit 1]
    ");
    assert_eq!(fs::read(&path).unwrap(), before);
    assert_snapshot!(say(&home, &format!("export anna --output {folder}/out.vcf --force --json")), @r#"
    {
      "format": "vcard4",
      "output": "~/out.vcf",
      "people": 1
    }
    "#);
    assert_ne!(fs::read(&path).unwrap(), before);
    assert_snapshot!(say(&home, &format!("export --output {folder}")), @"
    Error: could not write ~: it is a folder
    Hint: name a file in it; --format vdir writes a folder
    [exit 1]
    ");
    assert_snapshot!(say(&home, &format!("export --output {folder}/none/out.vcf")), @"
    Error: could not write ~/none/out.vcf: there is no folder ~/none
    Hint: make it first: mkdir -p ~/none
    [exit 1]
    ");
    assert_snapshot!(say(&home, "export --output /dev/null --force"), @"
    Error: could not write /dev/null: it is no file
    Hint: print it there: kith export > /dev/null
    [exit 1]
    ");
    let left: Vec<_> = fs::read_dir(home.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert!(left.iter().all(|name| !name.to_string_lossy().starts_with(".kith-")), "{left:?}");
}

#[test]
fn a_folder_has_a_card_a_person() {
    let home = with_phone();
    let folder = home.path().display().to_string();
    assert_snapshot!(say(&home, &format!("export --format vdir --output {folder}/cards")), @"6 contacts written to ~/cards (vdir).");
    let cards = home.path().join("cards");
    assert_eq!((mode(&cards), mode(&cards.join("phone-1.vcf"))), (0o700, 0o600));
    assert_eq!(fs::read_dir(&cards).unwrap().count(), 6);
    assert_snapshot!(say(&home, &format!("export --format vdir --output {folder}/cards")), @"
    Error: could not write the folder ~/cards: it is not empty
    Hint: name a folder that is not there yet; what is in this one is left as it is
    [exit 1]
    ");
    assert_snapshot!(say(&home, "export --format vdir"), @"
    Error: vdir is a folder: say where with --output FOLDER
    Hint: kith export --format vdir --output cards
    [exit 2]
    ");
    // One card after the other is what the file is.
    let mut all: Vec<_> = fs::read_dir(&cards)
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    let whole = home.kith(&["export", "--format", "vcard3"]).succeeds().stdout;
    all.retain(|card| whole.contains(card.as_str()));
    assert_eq!(all.len(), 6);
}

#[test]
fn what_cannot_be_exported_is_told() {
    let home = Home::new();
    assert_snapshot!(say(&home, "export"), @"
    Error: there is nobody to export yet
    Hint: import an address book first, or add somebody: kith import FILE, kith add NAME
    [exit 1]
    ");
    import(&home, &["phone.vcf"]);
    assert_snapshot!(say(&home, "export xaver"), @r#"
    Error: nobody matches "xaver"
    Hint: kith list shows everybody; --archived looks among the archived, too
    [exit 1]
    "#);
    assert_snapshot!(say(&home, "export --raw"), @"
    Error: --raw is for --format json: it adds the original text of each card
    [exit 2]
    ");
    assert_snapshot!(say(&home, "export --json"), @"
    Error: --json says what was written, with --output FILE; to print people as JSON use --format json
    [exit 2]
    ");
    assert_snapshot!(say(&home, "export --force"), @"
    Error: --force is for --output FILE
    [exit 2]
    ");
    home.kith(&["archive", "emi"]).succeeds();
    assert_snapshot!(say(&home, "export emi"), @r#"
    Error: nobody matches "emi"
    Hint: kith list shows everybody; --archived looks among the archived, too
    [exit 1]
    "#);
    assert!(exports(&home, "export emi --archived").contains("FN:Emi Ono"));
    assert!(exports(&home, "export 5").contains("FN:Emi Ono"), "by their id");
    home.kith(&["edit", "bert", "--comfort", "never"]).succeeds();
    assert!(exports(&home, "export").contains("FN:Dr. Bert Kern"), "they are kept, and only not planned");
}

#[test]
fn an_export_of_counted_uids_changes_nothing_where_it_comes_from() {
    let home = Home::new();
    let card = |uid: &str, name: &str| {
        format!("BEGIN:VCARD\nVERSION:3.0\nUID:{uid}\nFN:{name}\nNOTE:met in Rome\nEND:VCARD\n")
    };
    home.file("count.vcf", card("contact-17", "Lost Case") + &card("18", "Second Case"));
    home.kith(&["import", "count.vcf"]).succeeds();
    say(&home, "export -o own.vcf");
    assert_snapshot!(say(&home, "import own.vcf"), @"own.vcf: 0 new, 0 updated, 2 unchanged, 0 in review, 0 skipped");
}
