//! Generated vCards that look like an address book somebody kept for years:
//! the same ones each time.

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::Result;

const GIVEN: [&str; 60] = [
    "Anna",
    "Bert",
    "Carla",
    "David",
    "Elif",
    "Farid",
    "Grace",
    "Hugo",
    "Ines",
    "Jonas",
    "Katarzyna",
    "Liam",
    "Mei",
    "Nadia",
    "Olga",
    "Paulo",
    "Quentin",
    "Rosa",
    "Samuel",
    "Tereza",
    "Ulrike",
    "Viktor",
    "Wanda",
    "Xenia",
    "Yusuf",
    "Zoë",
    "Amélie",
    "Björn",
    "Chiara",
    "Dagmar",
    "Emil",
    "Fatima",
    "Giulia",
    "Hannah",
    "Ivan",
    "Jürgen",
    "Kofi",
    "Lucía",
    "Mateusz",
    "Nora",
    "Oskar",
    "Priya",
    "Rafael",
    "Sinead",
    "Thomas",
    "Uma",
    "Vera",
    "William",
    "Ximena",
    "Yara",
    "Zoltan",
    "Agnes",
    "Boris",
    "Camille",
    "Daniel",
    "Erika",
    "Felix",
    "Gita",
    "Henrik",
    "Irina",
];

const FAMILY: [&str; 80] = [
    "Adler",
    "Baker",
    "Castillo",
    "Dubois",
    "Eriksen",
    "Fischer",
    "García",
    "Hoffmann",
    "Ivanova",
    "Jansen",
    "Kowalski",
    "Lindqvist",
    "Müller",
    "Nakamura",
    "O'Brien",
    "Petrov",
    "Quinn",
    "Rossi",
    "Schneider",
    "Tanaka",
    "Ueda",
    "Varga",
    "Weber",
    "Xu",
    "Yilmaz",
    "Zimmermann",
    "Almeida",
    "Bauer",
    "Cohen",
    "Dvořák",
    "Engel",
    "Fontaine",
    "Gruber",
    "Haddad",
    "Iqbal",
    "Johansson",
    "Keller",
    "Lefèvre",
    "Moretti",
    "Novák",
    "Okafor",
    "Popescu",
    "Rahman",
    "Silva",
    "Thomsen",
    "Urban",
    "Vogel",
    "Wagner",
    "Yamamoto",
    "Zhang",
    "Andersen",
    "Brandt",
    "Costa",
    "Diallo",
    "Evans",
    "Ferrari",
    "Green",
    "Hansen",
    "Ito",
    "Jones",
    "Kaya",
    "Lopez",
    "Mbeki",
    "Nilsson",
    "Olsen",
    "Papadopoulos",
    "Richter",
    "Santos",
    "Takahashi",
    "Ulrich",
    "Vasquez",
    "Walker",
    "Young",
    "Zeman",
    "Ahmed",
    "Becker",
    "Clarke",
    "Doyle",
    "Fuchs",
    "Graf",
];

const COMPANIES: [&str; 16] = [
    "Nordlicht",
    "Blue Harbour",
    "Atelier Morgen",
    "Velo & Co",
    "Green Valley",
    "Quantum",
    "Silberfluss",
    "Open Fields",
    "Red Kite",
    "Café Central",
    "Northern Rail",
    "Sunrise",
    "Old Mill",
    "Kompass",
    "Fjord",
    "Lumen",
];

const TRADES: [&str; 8] = [
    "Energy",
    "Software GmbH",
    "Architects",
    "Logistics",
    "Labs",
    "Publishing House",
    "Consulting",
    "School",
];

const TITLES: [&str; 10] = [
    "Software Engineer",
    "Head of Sales",
    "Project Manager",
    "Teacher",
    "Researcher",
    "Designer",
    "Journalist",
    "Managing Director",
    "Nurse",
    "Data Analyst",
];

const NOTES: [&str; 6] = [
    "Met at the conference in Lisbon\\, talked about heat pumps",
    "Friend of the family; moved to the coast two years ago",
    "Worked together on the library project. Likes long walks",
    "Neighbour from the third floor\\, plays the cello",
    "Introduced by Clara. Wants to hear about the allotment",
    "School choir. Two children\\, the younger one is called Toni",
];

/// Writes so many cards, with a picture of so many bytes in each if there are any; gives the file's bytes.
pub(crate) fn write(path: &Path, count: u64, picture: u64) -> Result<u64> {
    let mut out = BufWriter::new(File::create(path)?);
    for at in 0..count {
        card(&mut out, at, picture)?;
    }
    let file = out.into_inner()?;
    Ok(file.metadata()?.len())
}

/// Writes an archive with so many files of one card each.
pub(crate) fn archive(path: &Path, count: u64) -> Result<u64> {
    let mut out = ZipWriter::new(File::create(path)?);
    for at in 0..count {
        out.start_file(format!("{at}.vcf"), SimpleFileOptions::default())?;
        card(&mut out, at, 0)?;
    }
    Ok(out.finish()?.metadata()?.len())
}

/// One card, of about half a kilobyte beside the picture.
///
/// Addresses, mobile numbers and UIDs are everybody's own. A switchboard's
/// number is shared by about four people of a company, and about one person in
/// thirty has a namesake among 100,000.
fn card(out: &mut impl Write, at: u64, picture: u64) -> Result<()> {
    let mut dice = Dice(at);
    let (given, middle) = (dice.pick(&GIVEN), dice.pick(&GIVEN));
    let mut family = dice.pick(&FAMILY).to_owned();
    if dice.one_in(2) {
        family = format!("{family}-{}", dice.pick(&FAMILY));
    }
    let office = at / 8;
    let company = format!("{} {}", Dice(office).pick(&COMPANIES), Dice(office + 1).pick(&TRADES));
    let mailbox: String =
        format!("{given}.{family}{at}").to_lowercase().chars().filter(char::is_ascii).collect();
    let host: String = company.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
    let uid = (dice.roll(), dice.roll());
    // Multiples of a number that has no factor in common with the modulus: each number comes once.
    let mobile = at * 7_654_321 % 100_000_000;
    let switchboard = office * 1_234_567 % 10_000_000;
    write!(
        out,
        "BEGIN:VCARD\r\nVERSION:3.0\r\nPRODID:-//Address Book//Phone 14//EN\r\nUID:{:016x}-{:016x}\r\n\
         N:{family};{given};{middle};;\r\nFN:{given} {middle} {family}\r\n\
         EMAIL;TYPE=INTERNET,HOME:{mailbox}@example.org\r\nEMAIL;TYPE=INTERNET,WORK,pref:{mailbox}@{host}.example\r\n\
         TEL;TYPE=CELL:+49 17{} {:07}\r\n",
        uid.0,
        uid.1,
        mobile / 10_000_000,
        mobile % 10_000_000
    )?;
    if dice.one_in(2) {
        write!(out, "TEL;TYPE=WORK,VOICE:+44 20 {switchboard:07}\r\n")?;
    } else {
        write!(out, "TEL;TYPE=HOME:+33 1 {:08}\r\n", at * 3_456_789 % 100_000_000)?;
    }
    write!(out, "ORG:{company};Team {}\r\nTITLE:{}\r\n", at % 7, dice.pick(&TITLES))?;
    if dice.one_in(2) {
        let (year, month, day) = (1950 + dice.roll() % 55, 1 + dice.roll() % 12, 1 + dice.roll() % 28);
        write!(out, "BDAY:{year}-{month:02}-{day:02}\r\n")?;
    }
    write!(out, "NOTE:{}\r\nREV:2026-0{}-1{}T08:30:00Z\r\n", dice.pick(&NOTES), 1 + at % 9, at % 10)?;
    if picture > 0 {
        photo(out, &mut dice, picture)?;
    }
    out.write_all(b"END:VCARD\r\n")?;
    Ok(())
}

/// A picture that is none, in folded lines of base64.
fn photo(out: &mut impl Write, dice: &mut Dice, bytes: u64) -> Result<()> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const FOLD: &[u8; 3] = b"\r\n ";
    out.write_all(b"PHOTO;ENCODING=b;TYPE=JPEG:")?;
    let mut line = [0; 72];
    for _ in 0..bytes / (FOLD.len() + line.len()) as u64 {
        for eight in line.chunks_exact_mut(8) {
            let roll = dice.roll().to_le_bytes();
            eight.iter_mut().zip(roll).for_each(|(to, byte)| *to = DIGITS[usize::from(byte) % 64]);
        }
        out.write_all(FOLD)?;
        out.write_all(&line)?;
    }
    Ok(out.write_all(b"\r\n")?)
}

/// Numbers that look random and are the same each time (Steele, Lea and Flood's SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn one_in(&mut self, sides: u64) -> bool {
        self.roll().is_multiple_of(sides)
    }

    fn pick<T: Copy>(&mut self, of: &[T]) -> T {
        let at = usize::try_from(self.roll() % of.len() as u64).unwrap_or(0);
        of[at]
    }
}
