//! Telephone numbers as the whole world writes them: ITU-T E.164.
//!
//! What is needed of a country is little: its calling code (ITU-T E.164, List of
//! assigned country codes), what is dialled before a number abroad and what
//! before one within the country (ITU-T E.164, List of dialling procedures:
//! international and national prefix). Which numbers are in use does not matter
//! for telling whether two are the same.

use std::collections::HashMap;
use std::sync::LazyLock;

/// Countries with the same prefixes: the international one, the national one,
/// and each country (ISO 3166-1) with its calling code.
const PLANS: [(&str, &str, &str); 15] = [
    (
        "00",
        "",
        "AC247 AD376 AO244 AW297 BF226 BH973 BI257 BJ229 BN673 BQ599 BT975 BW267 BZ501 CF236 CG242 CI225 \
         CK682 CL56 CM237 CR506 CV238 CW599 CY357 CZ420 DJ253 DK45 EE372 ES34 FJ679 FK500 FM691 FO298 GA241 \
         GI350 GL299 GM220 GN224 GQ240 GR30 GT502 GW245 HN504 HT509 IO246 IS354 IT39 KM269 KW965 LS266 LU352 \
         LV371 ML223 MO853 MR222 MT356 MU230 MV960 MX52 MZ258 NC687 NE227 NF672 NI505 NO47 NR674 NU683 OM968 \
         PA507 PF689 PG675 PL48 PT351 QA974 SB677 SC248 SH290 SJ47 SM378 SN221 SR597 ST239 SV503 SZ268 TA290 \
         TD235 TG228 TK690 TL670 TN216 TO676 TV688 UZ998 VA39 VU678 WF681 WS685",
    ),
    (
        "00",
        "0",
        "AE971 AF93 AL355 AM374 AR54 AT43 AX358 AZ994 BA387 BD880 BE32 BG359 BL590 BO591 BR55 CD243 CH41 CN86 \
         CO57 DE49 DZ213 EC593 EG20 EH212 ER291 ET251 FI358 FR33 GB44 GE995 GF594 GG44 GH233 GP590 HR385 \
         IE353 IL972 IM44 IN91 IQ964 IR98 JE44 JO962 KG996 KI686 KP850 LA856 LB961 LI423 LK94 LR231 LT370 \
         LY218 MA212 MC377 MD373 ME382 MF590 MG261 MK389 MM95 MQ596 MW265 MY60 NA264 NL31 NP977 NZ64 PE51 \
         PH63 PK92 PM508 PS970 PY595 RE262 RO40 RS381 RW250 SA966 SD249 SE46 SI386 SK421 SL232 SO252 SS211 \
         SY963 TR90 TZ255 UA380 UG256 UY598 VE58 VN84 XK383 YE967 YT262 ZA27 ZM260 ZW263",
    ),
    ("00", "06", "HU36"),
    ("000", "0", "KE254"),
    ("001", "", "GY592 HK852 SG65"),
    ("001", "0", "ID62 KH855 KR82 MN976 TH66"),
    ("0011", "0", "AU61 CC61 CX61"),
    ("002", "0", "TW886"),
    ("009", "0", "NG234"),
    ("010", "0", "JP81"),
    ("011", "", "PW680"),
    (
        "011",
        "1",
        "AG1 AI1 AS1 BB1 BM1 BS1 CA1 DM1 DO1 GD1 GU1 JM1 KN1 KY1 LC1 MH692 MP1 MS1 PR1 SX1 TC1 TT1 US1 VC1 \
         VG1 VI1",
    ),
    ("119", "0", "CU53"),
    ("810", "", "TJ992"),
    ("810", "8", "BY375 KZ7 RU7 TM993"),
];

/// A number has at most so many digits, with the calling code (E.164 section 6.1).
const MOST_DIGITS: usize = 15;

/// What is shorter, without the calling code, is nobody's own number.
const FEWEST_DIGITS: usize = 4;

/// The digits of a number in North America after the calling code 1.
const NORTH_AMERICAN: usize = 10;

/// How many of its last digits make a telephone number's key: the longest
/// subscriber numbers have nine without country code and trunk zero.
const KEY_DIGITS: usize = 9;

/// A telephone number with fewer digits is a service or an extension, not somebody's.
const FEWEST_OWN: usize = 7;

/// A telephone number as a key: its last nine digits, so that `+49 170
/// 1234567`, `0049 170 1234567` and `0170 1234567` are one, and its extension, behind which is somebody
/// else. None for numbers too short to be somebody's own.
#[must_use]
pub fn phone_key(number: &str) -> Option<String> {
    let (digits, extension) = parts(number);
    Some(tail(&digits)? + &extension)
}

/// The last digits of those of a number.
fn tail(digits: &str) -> Option<String> {
    (digits.len() >= FEWEST_OWN).then(|| digits[digits.len().saturating_sub(KEY_DIGITS)..].to_owned())
}

/// The digits of a telephone number, and its extension with an x before it, if it has one.
fn parts(number: &str) -> (String, String) {
    let end = number.find([';', 'x', 'X', '#', ',']).unwrap_or(number.len());
    let (main, rest) = number.split_at(end);
    let digits = |text: &str| -> String {
        text.chars().filter_map(|c| c.to_digit(10).and_then(|d| char::from_digit(d, 10))).collect()
    };
    let extension = digits(rest);
    (digits(main), if extension.is_empty() { extension } else { format!("x{extension}") })
}

/// A country, as far as telephone numbers are concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Region {
    calling_code: &'static str,
    /// What is dialled for a number abroad.
    international: &'static str,
    /// What is dialled before a number within the country; it is no part of the number.
    trunk: &'static str,
}

impl Region {
    /// The country with these two letters (ISO 3166-1), in whatever case.
    #[must_use]
    pub fn named(letters: &str) -> Option<Self> {
        let letters = letters.to_ascii_uppercase();
        all().find(|(name, _)| *name == letters).map(|(_, region)| region)
    }

    /// The country of a number that is written with its calling code.
    #[must_use]
    pub fn of_number(number: &str) -> Option<Self> {
        let whole = e164(number, None)?;
        with_code_of(whole.trim_start_matches('+')).map(|(region, _)| region)
    }
}

/// A country of each calling code; those that share one have the same prefixes.
static CODES: LazyLock<HashMap<&'static str, Region>> =
    LazyLock::new(|| all().map(|(_, region)| (region.calling_code, region)).collect());

fn all() -> impl Iterator<Item = (&'static str, Region)> {
    PLANS.into_iter().flat_map(|(international, trunk, countries)| {
        let countries = countries.split_whitespace().filter_map(|country| country.split_at_checked(2));
        countries.map(move |(name, calling_code)| (name, Region { calling_code, international, trunk }))
    })
}

/// The country in which a number with its calling code is, and the rest of the
/// number. No code begins another one.
fn with_code_of(digits: &str) -> Option<(Region, &str)> {
    (1..=3).find_map(|length| {
        let (code, rest) = digits.split_at_checked(length)?;
        CODES.get(code).map(|region| (*region, rest))
    })
}

/// A number as it is dialled from everywhere, `+491701234567`: if it is
/// written with its calling code, or it is known where the user is. None where
/// that cannot be told for certain.
#[must_use]
pub fn e164(number: &str, home: Option<Region>) -> Option<String> {
    let (digits, _) = parts(number);
    if number.trim_start_matches(|c: char| !c.is_numeric() && c != '+').starts_with('+') {
        return from_abroad(&digits);
    }
    let Some(home) = home else {
        return digits.strip_prefix("00").and_then(from_abroad);
    };
    let abroad = digits.strip_prefix(home.international).or_else(|| digits.strip_prefix("00"));
    if let Some(abroad) = abroad {
        return from_abroad(abroad);
    }
    if let Some(national) = digits.strip_prefix(home.trunk).filter(|_| !home.trunk.is_empty()) {
        return complete(home, national);
    }
    // Programs leave the plus out: 491701234567 may be either.
    if digits.starts_with(home.calling_code) && digits.len() > NORTH_AMERICAN {
        return None;
    }
    complete(home, &digits)
}

/// A number from its calling code on.
fn from_abroad(digits: &str) -> Option<String> {
    let (region, national) = with_code_of(digits)?;
    // +49 (0) 170 …: what is dialled within the country only.
    let national = match region.trunk {
        "0" => national.strip_prefix('0').unwrap_or(national),
        _ => national,
    };
    complete(region, national)
}

fn complete(region: Region, national: &str) -> Option<String> {
    // Mobile numbers of Mexico until 2020, and of Argentina from abroad, have a digit more.
    let national = match (region.calling_code, national.len()) {
        ("52", 11) => national.strip_prefix('1').unwrap_or(national),
        ("54", 11) => national.strip_prefix('9').unwrap_or(national),
        _ => national,
    };
    let fits = match region.calling_code {
        "1" => national.len() == NORTH_AMERICAN,
        code => national.len() >= FEWEST_DIGITS && code.len() + national.len() <= MOST_DIGITS,
    };
    fits.then(|| format!("+{}{national}", region.calling_code))
}

/// Whether two numbers are the same: in full where both can be told in full,
/// else by their last nine digits ([`phone_key`]).
#[must_use]
pub fn is_same(a: &str, b: &str, home: Option<Region>) -> bool {
    let Some(a) = Keys::of(a, home) else { return false };
    let Some(b) = Keys::of(b, home) else { return false };
    b.kept_under().iter().any(|key| a.found_under().contains(key))
}

/// How a number is kept in an index and found in it: two that are the same
/// have a key in common, which is no matter of equality, as a number without a
/// country is the same as one in each of two countries, and these are not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Keys {
    whole: Option<String>,
    tail: String,
}

impl Keys {
    /// The keys of a number; none if it is too short to be somebody's own.
    #[must_use]
    pub fn of(number: &str, home: Option<Region>) -> Option<Self> {
        let (digits, extension) = parts(number);
        tail(&digits)?;
        let whole = e164(number, home);
        let tail = tail(whole.as_deref().unwrap_or(&digits).trim_start_matches('+'))? + &extension;
        Some(Self { whole: whole.map(|whole| whole + &extension), tail })
    }

    /// Under which keys it is kept.
    #[must_use]
    pub fn kept_under(&self) -> [String; 2] {
        let any = format!("…{}", self.tail);
        [self.whole.clone().unwrap_or_else(|| self.tail.clone()), any]
    }

    /// Under which keys the same number may be.
    #[must_use]
    pub fn found_under(&self) -> Vec<String> {
        match &self.whole {
            Some(whole) => vec![whole.clone(), self.tail.clone()],
            None => vec![format!("…{}", self.tail)],
        }
    }
}

/// Whether two numbers of one person are one value, wherever the user is: in full where both can be told
/// in full; one without its country is the other's that has the same digits after its country's code.
#[must_use]
pub fn is_one(a: &str, b: &str) -> bool {
    let ((a_digits, a_extension), (b_digits, b_extension)) = (parts(a), parts(b));
    if a_extension != b_extension || a_digits.len() < FEWEST_OWN || b_digits.len() < FEWEST_OWN {
        return a.trim() == b.trim();
    }
    let (a_whole, b_whole) = (e164(a, None), e164(b, None));
    let within = |whole: &str, digits: &str| {
        let national = with_code_of(whole.trim_start_matches('+')).map_or("", |(_, national)| national);
        national.trim_start_matches('0') == digits.trim_start_matches('0')
    };
    match (&a_whole, &b_whole) {
        (Some(a), Some(b)) => a == b,
        (Some(whole), None) if within(whole, &b_digits) => true,
        (None, Some(whole)) if within(whole, &a_digits) => true,
        _ => {
            let end = |whole: &Option<String>, digits: &str| {
                tail(whole.as_deref().map_or(digits, |whole| whole.trim_start_matches('+')))
            };
            end(&a_whole, &a_digits) == end(&b_whole, &b_digits)
        }
    }
}

/// Of some numbers of one person those that may be either of two others, as one without its country may be that
/// of two countries.
#[must_use]
pub fn ambiguous<'a>(numbers: &[&'a str]) -> Vec<&'a str> {
    let mut whole: Vec<(String, &str)> =
        numbers.iter().filter_map(|number| Some((e164(number, None)? + &parts(number).1, *number))).collect();
    whole.sort_unstable();
    whole.dedup_by(|a, b| a.0 == b.0);
    if whole.len() < 2 {
        return Vec::new();
    }
    let either = |number: &str| whole.iter().filter(|(_, other)| is_one(number, other)).nth(1).is_some();
    numbers.iter().copied().filter(|number| e164(number, None).is_none() && either(number)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn one_number_has_one_key_however_it_is_written() {
        for number in [
            "+49 170 1234567",
            "0049-170-1234567",
            "(0170) 123 45 67",
            "+49 (0) 170 1234567",
            "0170/1234567 x",
        ] {
            assert_eq!(phone_key(number).as_deref(), Some("701234567"), "{number}");
        }
        assert_eq!(phone_key("+1 415 555 0101"), phone_key("(415) 555-0101"));
        for service in ["112", "22 1010", "", "*100#", "call me"] {
            assert_eq!(phone_key(service), None, "{service}");
        }
        for extension in
            ["0170/1234567 x12", "0170 1234567 ext. 12", "tel:+49-170-1234567;ext=12", "0170 1234567,,12#"]
        {
            assert_eq!(phone_key(extension).as_deref(), Some("701234567x12"), "{extension}");
        }
    }

    #[test]
    fn numbers_of_one_person_are_one_unless_they_may_be_two() {
        for (a, b, one) in [
            ("+49 170 1234567", "0170 1234567", true),
            ("+49 170 1234567", "491701234567", true),
            ("+49 170 1234567", "+43 170 1234567", false),
            ("040 555111", "+49 40 555111", true),
            ("06 1234567", "+39 06 1234567", true),
            ("(415) 555-0101", "+1 415 555 0101", true),
            ("8 (916) 123-45-67", "+7 916 1234567", true),
            ("+49 40 7000 ext. 12", "+49 40 7000 ext. 13", false),
            ("+1 415 555 0100", "+1 415 555 0100 x77", false),
            ("+1 415 555 0100 x77", "(415) 555-0100 ext 77", true),
            ("112", "112", true),
            ("112", "110", false),
            ("+1 800 FLOWERS", "+1 800 FLOWERS", true),
        ] {
            assert_eq!((is_one(a, b), is_one(b, a)), (one, one), "{a} and {b}");
        }
        let two = ["+49 170 1234567", "0170 1234567", "+43 170 1234567", "030 7654321"];
        assert_eq!(ambiguous(&two), ["0170 1234567"]);
        assert_eq!(ambiguous(&two[..2]), [""; 0]);
    }

    #[test]
    fn numbers_are_written_in_full() {
        for (home, number, whole) in [
            ("", "+49 170 1234567", Some("+491701234567")),
            ("", "0049 (0)170/1234567", Some("+491701234567")),
            ("", "tel:+49-170-1234567", Some("+491701234567")),
            ("", "0170 1234567", None),
            ("", "+39 06 1234567", Some("+39061234567")),
            ("", "+1 (415) 555-0101", Some("+14155550101")),
            ("", "+1 555-0101", None),
            ("", "+999 1234567", None),
            ("DE", "0170 1234567", Some("+491701234567")),
            ("de", "030 12345", Some("+493012345")),
            ("DE", "491701234567", None),
            ("DE", "0043 1 5880", Some("+4315880")),
            ("IT", "06 1234567", Some("+39061234567")),
            ("ES", "612 345 678", Some("+34612345678")),
            ("US", "(415) 555-0101", Some("+14155550101")),
            ("US", "1-415-555-0101", Some("+14155550101")),
            ("US", "011 49 170 1234567", Some("+491701234567")),
            ("US", "555-0101", None),
            ("RU", "8 (916) 123-45-67", Some("+79161234567")),
            ("RU", "8 10 49 170 1234567", Some("+491701234567")),
            ("HU", "06 30 123 4567", Some("+36301234567")),
            ("JP", "090-1234-5678", Some("+819012345678")),
            ("AU", "0011 49 170 1234567", Some("+491701234567")),
            ("MX", "+52 1 55 1234 5678", Some("+525512345678")),
            ("MX", "55 1234 5678", Some("+525512345678")),
        ] {
            assert_eq!(e164(number, Region::named(home)).as_deref(), whole, "{number} in {home:?}");
        }
    }

    #[test]
    fn numbers_are_the_same_as_far_as_can_be_told() {
        for (home, a, b, same) in [
            ("", "+49 170 1234567", "0170 1234567", true),
            ("", "+43 170 1234567", "0170 1234567", true),
            ("", "+43 170 1234567", "+49 170 1234567", false),
            ("DE", "+43 170 1234567", "0170 1234567", false),
            ("DE", "+49 170 1234567", "0170 1234567", true),
            ("DE", "+49 30 12345", "030 12345", true),
            ("", "491701234567", "+49 170 1234567", true),
            ("DE", "491701234567", "0170 1234567", true),
            ("DE", "112", "112", false),
        ] {
            let home = Region::named(home);
            assert_eq!((is_same(a, b, home), is_same(b, a, home)), (same, same), "{a} and {b}");
        }
    }

    #[test]
    fn every_country_is_there_once() {
        let mut names: Vec<&str> = all().map(|(name, _)| name).collect();
        assert_eq!(names.len(), 245);
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 245);
        for (name, region) in all() {
            assert!(name.chars().all(|c| c.is_ascii_uppercase()), "{name}");
            let (found, rest) = with_code_of(region.calling_code).unwrap();
            assert_eq!((found.calling_code, rest), (region.calling_code, ""), "{name}");
        }
        assert_eq!(Region::named("XX"), None);
        assert_eq!(Region::of_number("+49 170 1234567"), Region::named("DE"));
        assert_eq!(Region::of_number("0170 1234567"), None);
    }

    proptest! {
        #[test]
        fn whatever_is_written_is_taken(number in "[-+0-9() x/]{0,24}|.{0,12}", home in "[A-Z]{2}") {
            let home = Region::named(&home);
            if let Some(whole) = e164(&number, home) {
                prop_assert!(whole.len() <= MOST_DIGITS + 1);
                prop_assert_eq!(e164(&whole, home), Some(whole));
            }
        }

        // What was the same by its last nine digits is, unless two countries are named.
        #[test]
        fn without_a_country_nothing_changes(number in "0[1-9][0-9]{8,10}") {
            let whole = format!("+49 {}", &number[1..]);
            prop_assert!(is_same(&number, &whole, None), "{} is {}", number, whole);
        }
    }
}
