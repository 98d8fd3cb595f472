//! What stands before each message of a chat: when it was sent.
//!
//! Each phone writes it as its own language and settings have it. Android ends it with ` - `, an
//! iPhone puts it into brackets:
//!
//! ```text
//! 12/31/24, 9:41 PM - Anna: …
//! 31.12.24, 21:41 - Anna: …
//! [31.12.24, 21:41:05] Anna: …
//! ```

/// Zero in the scripts whose digits phones write dates in; nine follows it at nine places.
const ZEROS: [char; 8] = ['0', '٠', '۰', '०', '০', '๐', '၀', '０'];

/// How many characters may stand between a date and its time, and between that and the text:
/// ` klo `, ` a. m.`.
const MOST_BETWEEN: usize = 16;

/// What a line begins with that begins a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Stamp {
    /// The numbers of its date, in the order in which they stand.
    pub(crate) date: [u16; 3],
    /// Whether it stands in brackets.
    pub(crate) bracketed: bool,
    /// Whether slashes stand between them: nobody writes the month first and anything else behind it.
    pub(crate) slashes: bool,
    /// Whether its time has a bare `AM` or `PM`, as in the United States.
    pub(crate) american: bool,
}

impl Stamp {
    /// The stamp that a line begins with, and the text behind it; none if it begins with none.
    pub(crate) fn of(line: &str) -> Option<(Self, &str)> {
        let mut at = Cursor { rest: line };
        let bracketed = at.take(|c| c == '[').is_some();
        let (date, slashes) = at.date()?;
        at.words(|_| true).filter(|words| words.contains(char::is_whitespace))?;
        let hour = at.number()?;
        at.blanks();
        let colon = at.take(|c| matches!(c, ':' | '.' | 'h'))?;
        at.blanks();
        let minute = at.number()?;
        let mut second_of_time = 0;
        if at.take(|c| c == colon).is_some() {
            second_of_time = at.number()?;
        }
        if hour > 24 || minute > 59 || second_of_time > 60 {
            return None;
        }
        let half = at.words(|c| c.is_alphabetic() || c.is_whitespace() || c == '.')?;
        if bracketed {
            at.take(|c| c == ']')?;
        } else {
            at.take(|c| matches!(c, '-' | '–')).filter(|_| half.ends_with(char::is_whitespace))?;
        }
        at.take(char::is_whitespace)?;
        let american = matches!(half.trim(), "AM" | "PM");
        Some((Self { date, bracketed, slashes, american }, at.rest))
    }
}

/// A place in a line. Marks that nobody sees are stepped over.
struct Cursor<'a> {
    rest: &'a str,
}

impl Cursor<'_> {
    /// The next character if it is one of those.
    fn take(&mut self, is_meant: impl Fn(char) -> bool) -> Option<char> {
        let visible = self.rest.trim_start_matches(is_mark);
        let next = visible.chars().next().filter(|c| is_meant(*c))?;
        self.rest = &visible[next.len_utf8()..];
        Some(next)
    }

    fn blanks(&mut self) {
        while self.take(char::is_whitespace).is_some() {}
    }

    /// A number of up to four digits.
    fn number(&mut self) -> Option<u16> {
        let mut number = None;
        for _ in 0..4 {
            let Some(c) = self.take(|c| digit(c).is_some()) else { break };
            number = Some(number.unwrap_or(0) * 10 + digit(c)?);
        }
        number
    }

    /// What stands between the numbers of a date, with the blanks behind it.
    fn separator(&mut self) -> Option<char> {
        let separator = self.take(|c| matches!(c, '/' | '.' | '-'))?;
        self.blanks();
        Some(separator)
    }

    /// The numbers of a date, and whether slashes stand between them.
    fn date(&mut self) -> Option<([u16; 3], bool)> {
        let first = self.number()?;
        // In Chinese, Japanese and Korean a word stands behind each; the year is first.
        const WORDS: [[char; 3]; 2] = [['年', '月', '日'], ['년', '월', '일']];
        for [year, month, day] in WORDS {
            if self.take(|c| c == year).is_none() {
                continue;
            }
            self.blanks();
            let second = self.number()?;
            self.take(|c| c == month)?;
            self.blanks();
            let third = self.number()?;
            self.take(|c| c == day)?;
            return Some(([first, second, third], false));
        }
        let separator = self.separator()?;
        let second = self.number()?;
        self.separator().filter(|other| *other == separator)?;
        Some(([first, second, self.number()?], separator == '/'))
    }

    /// What comes before the next digit, or character that is not meant; none if that is much.
    fn words(&mut self, is_meant: impl Fn(char) -> bool) -> Option<String> {
        let mut words = String::new();
        while let Some(c) = self.take(|c| is_meant(c) && digit(c).is_none()) {
            words.push(c);
            if words.chars().count() > MOST_BETWEEN {
                return None;
            }
        }
        Some(words)
    }
}

/// The value of a digit in any of the scripts.
fn digit(c: char) -> Option<u16> {
    let value = |zero: char| u32::from(c).checked_sub(u32::from(zero)).filter(|value| *value < 10);
    ZEROS.into_iter().find_map(value).and_then(|value| u16::try_from(value).ok())
}

/// Whether a character is a mark that nobody sees: the direction of writing, a byte order mark.
pub(crate) fn is_mark(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{61c}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_locale_has_its_own_stamp() {
        for (locale, line, date) in [
            ("United States", "12/31/24, 9:41 PM - Anna: hi", [12, 31, 24]),
            ("United States, narrow space", "12/31/24, 9:41\u{202f}PM - Anna: hi", [12, 31, 24]),
            ("United Kingdom", "31/12/2024, 21:41 - Anna: hi", [31, 12, 2024]),
            ("Australia", "31/12/24, 9:41 pm - Anna: hi", [31, 12, 24]),
            ("Germany", "31.12.24, 21:41 - Anna: hi", [31, 12, 24]),
            ("Germany, old", "31.12.24 um 21:41 - Anna: hi", [31, 12, 24]),
            ("France, old", "31/12/2024 à 21:41 - Anna: hi", [31, 12, 2024]),
            ("Quebec", "2024-12-31 21 h 41 - Anna: hi", [2024, 12, 31]),
            ("Mexico", "31/12/24, 9:41\u{a0}p.\u{a0}m. - Anna: hi", [31, 12, 24]),
            ("Brazil", "31/12/2024 21:41 - Anna: hi", [31, 12, 2024]),
            ("Netherlands", "31-12-2024 21:41 - Anna: hi", [31, 12, 2024]),
            ("Sweden", "2024-12-31 21:41 - Anna: hi", [2024, 12, 31]),
            ("Finland", "31.12.2024 klo 21.41 - Anna: hi", [31, 12, 2024]),
            ("Czechia", "31. 12. 2024 21:41 - Anna: hi", [31, 12, 2024]),
            ("Hungary", "2024. 12. 31. 21:41 - Anna: hi", [2024, 12, 31]),
            ("Korea", "2024. 12. 31. 오후 9:41 - Anna: hi", [2024, 12, 31]),
            ("Korea, Android", "2024년 12월 31일 오후 9:41 - Anna: hi", [2024, 12, 31]),
            ("Japan", "2024/12/31 21:41 - Anna: hi", [2024, 12, 31]),
            ("China", "2026年1月15日 下午9:41 - Anna: hi", [2026, 1, 15]),
            ("China, 24 hours", "2026年1月15日 21:41 - Anna: hi", [2026, 1, 15]),
            ("iPhone, Japan", "[2026年1月15日 21:41:05] Anna: hi", [2026, 1, 15]),
            ("Taiwan", "2024/12/31 下午9:41 - Anna: hi", [2024, 12, 31]),
            ("Egypt", "٣١\u{200f}/١٢\u{200f}/٢٠٢٤، ٩:٤١ م - Anna: hi", [31, 12, 2024]),
            ("India", "३१/१२/२४, ९:४१ pm - Anna: hi", [31, 12, 24]),
            ("Thailand", "31/12/2567 21:41 น. - Anna: hi", [31, 12, 2567]),
            ("iPhone", "[31.12.24, 21:41:05] Anna: hi", [31, 12, 24]),
            ("iPhone, with a mark", "\u{200e}[31.12.24, 21:41:05] Anna: hi", [31, 12, 24]),
            ("iPhone, United States", "[12/31/24, 9:41:05\u{202f}PM] Anna: hi", [12, 31, 24]),
            ("iPhone, Turkey", "[31.12.2024 21:41:05] Anna: hi", [31, 12, 2024]),
            ("iPhone, Denmark", "[31.12.2024 21.41.05] Anna: hi", [31, 12, 2024]),
            ("iPhone, China", "[2024/12/31 下午9:41:05] Anna: hi", [2024, 12, 31]),
        ] {
            let (stamp, text) = Stamp::of(line).unwrap_or_else(|| panic!("{locale}: {line}"));
            assert_eq!((stamp.date, text), (date, "Anna: hi"), "{locale}");
            assert_eq!(stamp.bracketed, line.contains('['), "{locale}");
            assert_eq!(stamp.slashes, line.contains('/'), "{locale}");
            assert_eq!(stamp.american, locale.contains("United States"), "{locale}");
        }
    }

    #[test]
    fn other_lines_have_none() {
        for line in [
            "",
            "Anna: hi",
            "31.12.24",
            "31.12.24, 21:41",
            "31.12.24, 21:41 Anna: hi",
            "[31.12.24, 21:41:05 Anna: hi",
            "31.12/24, 21:41 - hi",
            "31.12.24, 25:41 - hi",
            "31.12.24, 21:61 - hi",
            "[31/12, 21:41] Anna: a message that was copied",
            "12/31/24,9:41 PM,Anna,hi",
            "2024-12-31,21:41,Anna - hi",
            "1.2.3 - version 9:41",
            "123456.1.1, 21:41 - hi",
        ] {
            assert_eq!(Stamp::of(line), None, "{line}");
        }
    }
}
