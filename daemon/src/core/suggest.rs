//! Which circle somebody may belong to, from what is known of them: a
//! suggestion, which the user takes or leaves.

use super::name::fold;

/// What may tell somebody's circle.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Signs<'a> {
    /// The labels that the user gave them.
    pub labels: Vec<&'a str>,
    /// Where they work.
    pub organization: Option<&'a str>,
    /// Their email addresses.
    pub emails: Vec<&'a str>,
    /// Their family name.
    pub family_name: Option<&'a str>,
    /// How often they talked with the user within the last year.
    pub talks: usize,
    /// Whether a network has them as connected, and no address book says more.
    pub connected_only: bool,
}

/// What is known of the user that others may share.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Own {
    /// Where the user works.
    pub organizations: Vec<String>,
    /// The user's email addresses.
    pub emails: Vec<String>,
    /// The user's name.
    pub name: String,
}

/// A circle, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// The circle's name.
    pub circle: String,
    /// Why, as what is known: `the label "Work"`.
    pub why: String,
}

/// Words of labels, folded, with the circle that they speak for.
const WORDS: [(&str, &[&str]); 6] = [
    (
        "family",
        &["family", "familie", "famille", "familia", "famiglia", "relatives", "verwandte", "verwandtschaft"],
    ),
    ("mentors", &["mentor", "mentors", "mentoren", "teacher", "teachers", "lehrer", "professor", "profs"]),
    ("close", &["close", "closest", "enge", "best", "beste"]),
    (
        "colleagues",
        &[
            "work",
            "office",
            "job",
            "team",
            "colleague",
            "colleagues",
            "coworkers",
            "arbeit",
            "buro",
            "kollegen",
            "collegues",
        ],
    ),
    ("friends", &["friend", "friends", "freunde", "freund", "freundin", "amis", "amigos", "amici"]),
    (
        "weak-ties",
        &[
            "acquaintances",
            "bekannte",
            "neighbours",
            "neighbors",
            "nachbarn",
            "school",
            "schule",
            "university",
            "uni",
            "customers",
            "kunden",
            "clubs",
            "verein",
            "music",
            "sport",
        ],
    ),
];

/// Where many people have an address who share nothing else: the first part of the domain.
const PUBLIC: [&str; 16] = [
    "gmail",
    "googlemail",
    "gmx",
    "web",
    "yahoo",
    "hotmail",
    "outlook",
    "live",
    "msn",
    "icloud",
    "me",
    "aol",
    "proton",
    "posteo",
    "t-online",
    "freenet",
];

/// From how many talks a year on somebody is taken for a friend, and for a close one.
const FRIEND: usize = 4;
const CLOSE: usize = 12;

/// Suggests one of the user's `circles`; what the user said themselves counts most.
#[must_use]
pub fn suggest(signs: &Signs<'_>, own: &Own, circles: &[&str]) -> Option<Suggestion> {
    let there_is = |circle: &str| circles.contains(&circle);
    let suggestion =
        |circle: &str, why: String| there_is(circle).then(|| Suggestion { circle: circle.to_owned(), why });
    let labelled = |label: &&str| {
        let folded = fold(label);
        let named = circles.iter().find(|circle| fold(circle) == folded).copied();
        let speaks = |(_, words): &&(&str, &[&str])| {
            folded.split(|c: char| !c.is_alphanumeric()).any(|word| words.contains(&word))
        };
        let circle = named.or_else(|| WORDS.iter().find(speaks).map(|(circle, _)| *circle))?;
        suggestion(circle, format!("the label {label:?}"))
    };
    if let Some(found) = signs.labels.iter().find_map(labelled) {
        return Some(found);
    }
    let family = signs.family_name.map(fold).filter(|name| !name.is_empty());
    if family
        .is_some_and(|family| own.name.split_whitespace().last().is_some_and(|name| fold(name) == family))
    {
        return suggestion("family", "your family name".to_owned());
    }
    if signs.talks >= CLOSE {
        return suggestion("close", format!("{} talks within a year", signs.talks));
    }
    let firm = signs.organization.map(fold).filter(|name| !name.is_empty());
    if firm.is_some_and(|firm| own.organizations.iter().any(|own| fold(own) == firm)) {
        return suggestion("colleagues", "they work where you work".to_owned());
    }
    let shared =
        signs.emails.iter().filter_map(|address| domain(address)).find(|theirs| {
            own.emails.iter().filter_map(|address| domain(address)).any(|mine| mine == *theirs)
        });
    if let Some(shared) = shared {
        return suggestion("colleagues", format!("an address at {shared}, like yours"));
    }
    if signs.talks >= FRIEND {
        return suggestion("friends", format!("{} talks within a year", signs.talks));
    }
    signs.connected_only.then(|| suggestion("weak-ties", "a connection of a network".to_owned())).flatten()
}

/// The domain of an address, where it is one that people share for a reason.
fn domain(address: &str) -> Option<String> {
    let (_, domain) = address.rsplit_once('@')?;
    let domain = domain.trim().to_lowercase();
    let first = domain.split('.').next().unwrap_or_default();
    (!domain.is_empty() && !PUBLIC.contains(&first)).then_some(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_known_suggests_a_circle() {
        let own = Own {
            organizations: vec!["Harbour Works".to_owned()],
            emails: vec!["ida@harbour.example".to_owned(), "ida@gmx.de".to_owned()],
            name: "Ida Holm".to_owned(),
        };
        let all = ["family", "close", "friends", "mentors", "colleagues", "weak-ties", "Choir"];
        let none = Signs::default;
        for (signs, circles, expected) in [
            (none(), &all[..], None),
            (Signs { labels: vec!["Familie"], ..none() }, &all, Some("family")),
            (Signs { labels: vec!["2019", "Work (old)"], ..none() }, &all, Some("colleagues")),
            (Signs { labels: vec!["choir"], ..none() }, &all, Some("Choir")),
            (Signs { labels: vec!["teachers and mentors"], ..none() }, &all, Some("mentors")),
            (Signs { labels: vec!["Familie"], ..none() }, &["close"], None),
            (Signs { family_name: Some("HOLM"), ..none() }, &all, Some("family")),
            (Signs { organization: Some("harbour works"), ..none() }, &all, Some("colleagues")),
            (Signs { emails: vec!["bert@Harbour.example"], ..none() }, &all, Some("colleagues")),
            (Signs { emails: vec!["bert@gmx.de", "nonsense"], ..none() }, &all, None),
            (Signs { talks: 4, ..none() }, &all, Some("friends")),
            (Signs { talks: 12, organization: Some("Harbour Works"), ..none() }, &all, Some("close")),
            (Signs { connected_only: true, ..none() }, &all, Some("weak-ties")),
        ] {
            let found = suggest(&signs, &own, circles);
            assert_eq!(found.as_ref().map(|found| found.circle.as_str()), expected, "{signs:?}: {found:?}");
        }
    }
}
