//! Addresses of profiles and pages, as they are compared.

use std::borrow::Cow;

/// What programs and services add to an address, which says nothing of whose page it is.
const TRACKING: [&str; 24] = [
    "_ga",
    "_gl",
    "dclid",
    "fbclid",
    "feature",
    "fref",
    "gclid",
    "hl",
    "igsh",
    "igshid",
    "lang",
    "li_fat_id",
    "lipi",
    "locale",
    "mc_cid",
    "mc_eid",
    "mibextid",
    "msclkid",
    "originalsubdomain",
    "ref",
    "ref_src",
    "si",
    "trk",
    "twclid",
];

const LINKEDIN: &str = "linkedin.com";

/// Pages that without a query are the same for everybody.
const SCRIPTS: [&str; 5] = [".asp", ".aspx", ".cgi", ".jsp", ".php"];

/// A profile's address as a key: host and path without scheme, `www.`, percent-encoding and case, and what
/// of its query says whose it is (`profile.php?id=17`).
#[must_use]
pub fn profile_key(uri: &str) -> Option<String> {
    let (host, rest) = parts(uri)?;
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
    let path = without_percents(path.trim_matches('/')).to_lowercase();
    // Country mirrors (de.linkedin.com) show the same profile, and no query changes whose it is.
    if host == LINKEDIN {
        // The page of a firm or a group is on the cards of many.
        let is_somebodys = path.starts_with("in/") || path.starts_with("pub/");
        return is_somebodys.then(|| format!("{host}/{path}"));
    }
    let mut said: Vec<&str> = query.split('&').filter(|said| !is_tracking(said)).collect();
    said.sort_unstable();
    let query = if said.is_empty() { String::new() } else { format!("?{}", said.join("&")) };
    // A page within a page, which a script finds: `#/user/17`, `#!user`.
    let is_route = fragment.contains('/') || fragment.starts_with('!');
    let fragment = if is_route { format!("#{fragment}") } else { String::new() };
    let is_everybodys = query.is_empty() && !is_route && SCRIPTS.iter().any(|end| path.ends_with(end));
    let says_who = !path.is_empty() || !query.is_empty() || is_route;
    (says_who && !is_everybodys).then(|| format!("{host}/{path}{query}{fragment}"))
}

/// An address as a key among those of one person, where each that may be another one is to stay: but for the
/// scheme, `www.` and a slash at its end they are to be the same. Profiles are compared as profiles where
/// every spelling of them is known.
#[must_use]
pub fn link_key(uri: &str) -> String {
    let plain = |(host, rest): (String, &str)| match host.as_str() {
        LINKEDIN => profile_key(uri),
        _ => Some(format!("{host}/{}", rest.trim_end_matches('/'))),
    };
    parts(uri).and_then(plain).unwrap_or_else(|| uri.trim().to_lowercase())
}

/// The host of an address, without `www.` and in small letters, and what comes after it.
fn parts(uri: &str) -> Option<(String, &str)> {
    let uri = uri.trim();
    let (is_web, rest) = uri.split_once("://").map_or((false, uri), |(_, rest)| (true, rest));
    let at = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, rest) = rest.split_at(at);
    // What has a colon and no slashes is an address of another kind: skype:anna.
    let is_host = !host.is_empty() && (is_web || host.contains('.') && !host.contains(':'));
    let host = host.to_lowercase();
    let host = host.trim_start_matches("www.");
    let host = if host.ends_with(".linkedin.com") { LINKEDIN } else { host };
    is_host.then(|| (host.to_owned(), rest.strip_prefix('/').unwrap_or(rest)))
}

/// Whether a part of a query is there to follow people about, or says nothing.
fn is_tracking(said: &str) -> bool {
    let (name, value) = said.split_once('=').unwrap_or((said, "-"));
    value.is_empty() || name.is_empty() || name.starts_with("utm_") || TRACKING.contains(&name)
}

/// A text with what is percent-encoded in it decoded (RFC 3986 section 2.1), if that is UTF-8:
/// LinkedIn exports `in/j%C3%BCrgen`, and browsers show and copy `in/jürgen`.
fn without_percents(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return Cow::Borrowed(text);
    }
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, more @ ..] = rest {
        let digit = |at: usize| char::from(*more.get(at)?).to_digit(16).and_then(|d| u8::try_from(d).ok());
        match (first, digit(0), digit(1)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push(high << 4 | low);
                rest = &more[2..];
            }
            _ => {
                bytes.push(*first);
                rest = more;
            }
        }
    }
    String::from_utf8(bytes).map_or(Cow::Borrowed(text), Cow::Owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn profiles_are_the_same_in_every_spelling() {
        let key = Some("linkedin.com/in/ada".to_owned());
        for uri in [
            "https://www.linkedin.com/in/ada",
            "http://linkedin.com/in/Ada/",
            "https://de.linkedin.com/in/ada?trk=x",
            "www.linkedin.com/in/ada",
        ] {
            assert_eq!(profile_key(uri), key, "{uri}");
            assert_eq!(Some(link_key(uri)), key, "{uri}");
        }
        let key = Some("linkedin.com/in/jürgen-müller-1a".to_owned());
        for uri in [
            "https://www.linkedin.com/in/j%C3%BCrgen-m%c3%bcller-1a",
            "https://www.linkedin.com/in/Jürgen-Müller-1a/",
            "linkedin.com/in/J%C3%9Crgen-müller-1a",
        ] {
            assert_eq!(profile_key(uri), key, "{uri}");
        }
        for (uri, key) in
            [("a.org/50%/%zz", "a.org/50%/%zz"), ("a.org/%FF", "a.org/%ff"), ("a.org/%", "a.org/%")]
        {
            assert_eq!(profile_key(uri).as_deref(), Some(key), "{uri}");
        }
        for nobodys in [
            "https://example.org/",
            "https://www.linkedin.com/company/acme",
            "linkedin.com",
            "https://www.facebook.com/profile.php",
            "skype:anna.b",
            "",
        ] {
            assert_eq!(profile_key(nobodys), None, "{nobodys}");
        }
    }

    #[test]
    fn what_of_a_query_says_who_it_is_is_of_the_key() {
        for (uri, key) in [
            ("https://www.facebook.com/profile.php?id=1001", "facebook.com/profile.php?id=1001"),
            (
                "http://facebook.com/profile.php?utm_source=x&id=2002&fbclid=A",
                "facebook.com/profile.php?id=2002",
            ),
            ("https://scholar.google.com/citations?hl=de&user=AbC", "scholar.google.com/citations?user=AbC"),
            ("https://app.example/#/user/17", "app.example/#/user/17"),
            ("https://github.com/Ada?tab=repositories#top", "github.com/ada?tab=repositories"),
            ("https://instagram.com/ada?igsh=", "instagram.com/ada"),
            ("https://x.example?user=7", "x.example/?user=7"),
        ] {
            assert_eq!(profile_key(uri).as_deref(), Some(key), "{uri}");
        }
    }

    #[test]
    fn of_one_person_every_address_that_may_be_another_is_one() {
        for (one, other, same) in [
            ("https://x.example/p?id=1", "http://www.X.example/p?id=1", true),
            ("https://x.example/p/", "x.example/p", true),
            ("https://x.example/p?id=1", "https://x.example/p?id=2", false),
            ("https://x.example/p?id=1", "https://x.example/P?id=1", false),
            ("https://x.example/#a", "https://x.example/", false),
            ("https://youtube.com/watch?v=a", "https://youtube.com/watch?v=b", false),
            ("skype:Anna", "skype:anna", true),
            ("anna.b", "anna.c", false),
        ] {
            assert_eq!(link_key(one) == link_key(other), same, "{one} and {other}");
        }
    }
}
