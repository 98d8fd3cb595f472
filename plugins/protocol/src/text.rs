//! Texts of any origin as a contact has them.

/// Ends of lines that some reader takes for one and vCards and tables cannot say: where a text has one of
/// these, what stands there is what it means.
const UNICODE_ENDS: [char; 3] = ['\u{85}', '\u{2028}', '\u{2029}'];

/// Puts an end of a line as formats can say it, or what stands for one, in the place of Unicode's own.
pub(crate) fn end_lines(text: &mut String, end: &str) {
    // Every one of them begins with one of these bytes; hardly any text has either.
    if text.bytes().any(|byte| matches!(byte, 0xC2 | 0xE2)) && text.contains(UNICODE_ENDS) {
        *text = text.replace(UNICODE_ENDS, end);
    }
}

/// A text of one line: trimmed, line breaks as spaces, no control characters;
/// `None` if nothing is left.
#[must_use]
pub fn one_line(mut text: String) -> Option<String> {
    end_lines(&mut text, " ");
    if !text.bytes().any(|byte| byte < b' ' || byte == 0x7F || byte == 0xC2) {
        return trimmed(text);
    }
    let spaced = |c: char| if c.is_whitespace() { ' ' } else { c };
    trimmed(text.chars().map(spaced).filter(|c| !c.is_control()).collect())
}

/// A text of several lines, separated by `\n`: trimmed, no other control
/// characters but tabs; `None` if nothing is left.
#[must_use]
pub fn lines(mut text: String) -> Option<String> {
    end_lines(&mut text, "\n");
    let kept = |c: &char| !c.is_control() || matches!(c, '\n' | '\t');
    if text.chars().all(|c| kept(&c)) {
        return trimmed(text);
    }
    trimmed(text.replace("\r\n", "\n").replace('\r', "\n").chars().filter(kept).collect())
}

fn trimmed(mut text: String) -> Option<String> {
    let kept = text.trim();
    if kept.len() < text.len() {
        text = kept.to_owned();
    }
    (!text.is_empty()).then_some(text)
}

/// The email address in `Pat <pat@example.org>` (RFC 5322 section 3.4).
#[must_use]
pub fn without_name(address: &str) -> Option<&str> {
    let (_, inner) = address.strip_suffix('>')?.rsplit_once('<')?;
    Some(inner.trim()).filter(|inner| inner.contains('@'))
}

/// An address in one line, its lines separated by commas.
#[must_use]
pub fn in_one_line(address: String) -> Option<String> {
    if !address.contains(['\n', '\r']) {
        return one_line(address);
    }
    let lines: Vec<&str> = address
        .lines()
        .map(|line| line.trim().trim_end_matches(','))
        .filter(|line| !line.is_empty())
        .collect();
    one_line(lines.join(", "))
}

/// The start of a text, short enough for a message.
#[must_use]
pub fn excerpt(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut start: String = text.trim().chars().filter(|c| !c.is_control()).take(LONGEST + 1).collect();
    if let Some((at, _)) = start.char_indices().nth(LONGEST) {
        start.truncate(at);
        start.push('…');
    }
    start
}

/// Names of what was passed over and how often each was there, as far as `most` of them, in their
/// order; nothing if there are none.
#[must_use]
pub fn counted(names: &[(String, u64)], most: usize) -> Option<String> {
    let named: Vec<String> =
        names.iter().take(most).map(|(name, times)| format!("{name} ({times})")).collect();
    let others = match names.len().saturating_sub(most) {
        0 => String::new(),
        others => format!(" and {others} others"),
    };
    (!named.is_empty()).then(|| named.join(", ") + &others)
}

/// Whether an address is that of somebody's profile at LinkedIn.
#[must_use]
pub fn is_linkedin_profile(uri: &str) -> bool {
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let (host, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = host.rsplit('@').next().unwrap_or_default().split(':').next().unwrap_or_default();
    let host = host.to_ascii_lowercase();
    (host == "linkedin.com" || host.ends_with(".linkedin.com"))
        && path
            .split_once('/')
            .is_some_and(|(section, name)| section.eq_ignore_ascii_case("in") && !name.is_empty())
}

/// What somebody at a service is reached by: an address, or the name there. Of the
/// messengers that have addresses of their own, a name becomes one.
#[must_use]
pub fn at_service(service: &str, value: &str) -> (Option<String>, Option<String>) {
    let scheme = match service {
        "AIM" => "aim",
        "Gadu-Gadu" => "gg",
        "Google Talk" | "Jabber" => "xmpp",
        "ICQ" => "icq",
        "IRC" => "irc",
        "MSN" => "msnim",
        "SIP" => "sip",
        "Skype" => "skype",
        "SMS" => "sms",
        "Yahoo" => "ymsgr",
        _ => "",
    };
    let start = value.split(':').next().filter(|start| start.len() < value.len()).unwrap_or_default();
    let is_scheme = start.len() > 1
        && start.starts_with(|c: char| c.is_ascii_alphabetic())
        && start.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    if is_scheme || is_linkedin_profile(value) {
        (Some(value.to_owned()), None)
    } else if scheme.is_empty() {
        (None, Some(value.to_owned()))
    } else {
        (Some(format!("{scheme}:{value}")), None)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cleaned() {
        for (text, expected) in [
            (" Ada ", Some("Ada")),
            ("", None),
            (" \t ", None),
            ("Ada\nLovelace", Some("Ada Lovelace")),
            ("A\u{0}d\u{7f}a\u{85}", Some("Ada")),
            ("Ada\u{85}King\u{2028}of\u{2029}Lovelace", Some("Ada King of Lovelace")),
            ("“Ada”\u{2009}King", Some("“Ada”\u{2009}King")),
            ("Zoë Â", Some("Zoë Â")),
        ] {
            assert_eq!(one_line(text.to_owned()).as_deref(), expected, "{text:?}");
        }
        for (text, expected) in [
            ("a\r\nb\rc\td\u{1}\n", Some("a\nb\nc\td")),
            ("a\u{85}b\u{2028}c\u{2029}d", Some("a\nb\nc\nd")),
            ("\n \n", None),
            ("plain", Some("plain")),
        ] {
            assert_eq!(lines(text.to_owned()).as_deref(), expected, "{text:?}");
        }
    }

    #[test]
    fn profiles_at_linkedin_are_told_from_its_other_pages() {
        for (uri, expected) in [
            ("https://www.linkedin.com/in/ada", true),
            ("http://uk.LinkedIn.com:80/in/ada/", true),
            ("linkedin.com/in/ada", true),
            ("https://www.linkedin.com/company/analytical", false),
            ("https://www.linkedin.com/in/", false),
            ("https://www.linkedin.com", false),
            ("https://notlinkedin.com/in/ada", false),
            ("https://example.org/linkedin.com/in/ada", false),
            ("", false),
        ] {
            assert_eq!(is_linkedin_profile(uri), expected, "{uri}");
        }
    }

    #[test]
    fn names_at_messengers_become_addresses() {
        for (service, value, uri, user) in [
            ("Skype", "ada", Some("skype:ada"), None),
            ("Skype", "skype:ada?chat", Some("skype:ada?chat"), None),
            ("Jabber", "ada@a.example/Home", Some("xmpp:ada@a.example/Home"), None),
            ("Twitter", "@ada", None, Some("@ada")),
            ("Matrix", "@ada:a.example", None, Some("@ada:a.example")),
            ("LinkedIn", "www.linkedin.com/in/ada", Some("www.linkedin.com/in/ada"), None),
            ("Twitter", "https://twitter.com/ada", Some("https://twitter.com/ada"), None),
        ] {
            let found = at_service(service, value);
            assert_eq!((found.0.as_deref(), found.1.as_deref()), (uri, user), "{value}");
        }
    }

    #[test]
    fn what_was_passed_over_is_counted() {
        let names = ["a", "b", "c"].map(|name| (name.to_owned(), 2));
        assert_eq!(counted(&names, 3).as_deref(), Some("a (2), b (2), c (2)"));
        assert_eq!(counted(&names, 1).as_deref(), Some("a (2) and 2 others"));
        assert_eq!(counted(&[], 1), None);
    }
}
