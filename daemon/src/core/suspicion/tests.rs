use proptest::prelude::*;

use super::*;
use crate::core::contact::Item;

fn person(name: &str, with: &[(&str, &str)]) -> Content {
    let mut content = Content::default();
    content.set(Column::Name, Some(name.to_owned()));
    for (what, value) in with {
        let list = match *what {
            "org" => {
                content.set(Column::Organization, Some((*value).to_owned()));
                continue;
            }
            "born" => {
                content.set(Column::Birthday, Some((*value).to_owned()));
                continue;
            }
            "mail" => List::Email,
            "call" => List::Phone,
            "home" => List::Address,
            "link" => List::Link,
            _ => List::Nickname,
        };
        content.list_mut(list).push(Item { value: (*value).to_owned(), ..Item::default() });
    }
    content
}

/// With what everybody may be found by.
fn known(people: &[(PersonId, Content)]) -> (Look, Vec<Known>, Vec<Trace>) {
    let mut look = Look::default();
    let known: Vec<Known> = people.iter().map(|(id, content)| Known::of(*id, content)).collect();
    let traces = known.iter().flat_map(|known| look.add(known)).collect();
    (look, known, traces)
}

/// By the places of the people.
fn pairs(mut traces: Vec<Trace>) -> Vec<(usize, usize)> {
    traces.sort_unstable();
    let mut groups = Groups::default();
    traces.into_iter().for_each(|trace| groups.add(trace));
    let pairs = groups.pairs();
    pairs.with(0..usize::MAX).flat_map(|(a, others)| others.into_iter().map(move |b| (a, b))).collect()
}

fn look(people: &[(PersonId, Content)]) -> Vec<Suspicion> {
    let (look, known, traces) = known(people);
    let pairs = pairs(traces);
    let mut found: Vec<Suspicion> =
        pairs.into_iter().filter_map(|(a, b)| look.compare(&known[a], &known[b])).collect();
    strongest_first(&mut found);
    found
}

fn numbered(people: impl IntoIterator<Item = Content>) -> Vec<(PersonId, Content)> {
    (1..).map(PersonId).zip(people).collect()
}

fn reasons(a: Content, b: Content) -> Vec<(u8, String)> {
    look(&numbered([a, b])).iter().map(|s| (s.strength, s.reason())).collect()
}

#[test]
fn the_user_is_told_why_two_may_be_one() {
    for (a, b, strength, reason) in [
        (
            person("Bob Smith", &[("org", "ACME Inc.")]),
            person("Robert Smith", &[("org", "Acme")]),
            68,
            "Bob is short for Robert; both at ACME Inc.",
        ),
        (
            person("Anna Müller", &[("born", "1985-04-12")]),
            person("Anna Mueller", &[("born", "1985-04-12")]),
            87,
            "Mueller and Müller are two spellings; the same birthday",
        ),
        (
            person("Anna Kern", &[("mail", "annakern@a.example")]),
            person("Kern Anna", &[("mail", "annakern@b.example")]),
            77,
            "the same name in another order; both have an address annakern@…",
        ),
        (
            person("Bob Smith", &[("born", "1985-04-12"), ("mail", "smith@a.example")]),
            person("Robert Smith", &[("born", "1985-04-13"), ("mail", "smith@a.example")]),
            68,
            "Bob is short for Robert; the birthdays differ; the same email address smith@a.example",
        ),
        (
            person("Юлия Чехова", &[]),
            person("Julia Tschechowa", &[]),
            49,
            "Юлия is Julia in another alphabet; Чехова is Tschechowa in another alphabet",
        ),
        (
            person("Bert Krüger", &[]),
            person("Bert Kürger", &[]),
            45,
            "Krüger and Kürger differ by one letter",
        ),
        (
            person("Bob", &[("call", "030 1234567")]),
            person("Robert Smith", &[("call", "+49 30 1234567")]),
            43,
            "Bob is short for Robert; only one of them is called Smith; the same telephone number +49 30 1234567",
        ),
        (
            person("A. Müller", &[("org", "ACME")]),
            person("Anna Müller", &[("org", "ACME GmbH")]),
            40,
            "A may stand for Anna; both at ACME",
        ),
        (
            person("Robert Smith", &[("nick", "Ziggy")]),
            person("Ziggy Smith", &[]),
            60,
            "Ziggy is a nickname of the other",
        ),
        (
            person("Bob Smith", &[("mail", "bs@a.example")]),
            person("Rob Smyth", &[("mail", "bs@a.example")]),
            57,
            "Bob and Rob are forms of one name; Smith and Smyth are two spellings; the same email address bs@a.example",
        ),
    ] {
        assert_eq!(reasons(a, b), [(strength, reason.to_owned())]);
    }
}

#[test]
fn what_speaks_for_two_people_is_heard() {
    for (case, a, b) in [
        (
            "a couple",
            person("Anna Kern", &[("call", "030 1234567")]),
            person("Bert Kern", &[("call", "030 1234567")]),
        ),
        (
            "siblings at one address",
            person("Svenja Kern", &[("home", "Hauptstr. 1, Kiel")]),
            person("Svenia Kern", &[("home", "Hauptstr. 1, Kiel")]),
        ),
        (
            "two birthdays",
            person("Bob Smith", &[("born", "1985-04-12")]),
            person("Robert Smith", &[("born", "1985-04-13")]),
        ),
        (
            "father and son",
            person("John Smith Sr", &[("org", "ACME")]),
            person("John Smith Jr", &[("org", "ACME")]),
        ),
        (
            "two members of one service",
            person("Bob Smith", &[("link", "https://www.linkedin.com/in/bob")]),
            person("Robert Smith", &[("link", "https://www.linkedin.com/in/robert")]),
        ),
        ("two middle names", person("Anna Maria Kern", &[]), person("Anna Lisa Kern", &[])),
        ("a given name alone", person("Anna", &[]), person("Anna Kern", &[])),
        (
            "a role",
            person("Bob", &[("mail", "info@a.example")]),
            person("Robert Smith", &[("mail", "info@a.example")]),
        ),
        ("colleagues", person("Anna Kern", &[("org", "ACME")]), person("Berta Kern", &[("org", "ACME")])),
        ("nobody", person("", &[]), person("", &[])),
    ] {
        // Of siblings as of everybody another spelling is worth a question, but their address adds nothing to it.
        let weak = |(strength, _): &(u8, String)| *strength <= 50;
        let found = reasons(a, b);
        assert!(
            found.is_empty() || (case.starts_with("siblings") && found.iter().all(weak)),
            "{case}: {found:?}"
        );
    }
}

#[test]
fn common_names_are_common() {
    let common = (0..30).flat_map(|_| [person("Thomas Müller", &[]), person("Tom Müller", &[])]);
    let many = numbered(common.chain((0..200).map(|n| person(&format!("Given{n} Family{n}"), &[]))));
    assert_eq!(look(&many), []);
    // Two of them who have more in common are asked about all the same.
    let mut many = many;
    many[0].1 = person("Thomas Müller", &[("org", "ACME"), ("born", "1985-04-12")]);
    many[1].1 = person("Tom Müller", &[("org", "ACME"), ("born", "1985-04-12")]);
    assert_eq!(look(&many).len(), 1);
}

#[test]
fn a_crowd_of_one_name_is_not_compared_each_with_each() {
    let crowd = numbered((0..3000).map(|_| person("Anna Kern", &[("org", "ACME")])));
    assert_eq!(pairs(known(&crowd).2), []);
}

fn names() -> impl Strategy<Value = String> {
    let given = prop_oneof![
        Just("Robert"),
        Just("Bob"),
        Just("Anna"),
        Just("Ana"),
        Just("Юлия"),
        Just("Julia"),
        Just("A."),
        Just("Svenja"),
        Just("Svenia"),
        Just("Dr. Stefan"),
        Just("Stephan")
    ];
    let family = prop_oneof![
        Just("Müller"),
        Just("Mueller"),
        Just("Krüger"),
        Just("Krugre"),
        Just("Smith Jr"),
        Just("Smith"),
        Just("Müller-Kern"),
        Just(""),
        Just("Чехова"),
        Just("Tschechowa")
    ];
    prop_oneof![
        4 => (given, family, any::<bool>()).prop_map(|(given, family, turned)| {
            if turned { format!("{family}, {given}") } else { format!("{given} {family}") }
        }),
        1 => ".{0,12}",
    ]
}

#[test]
fn an_initial_with_the_same_address_is_found() {
    let both = [("mail", "a.kern@b.example"), ("born", "1985-04-12")];
    let [anna, initial] = ["Anna Müller", "A."].map(|name| person(name, &both));
    assert_eq!(look(&numbered(vec![anna, initial])).len(), 1);
}

fn people() -> impl Strategy<Value = Vec<(PersonId, Content)>> {
    let with = proptest::collection::vec(
        prop_oneof![
            Just(("org", "ACME")),
            Just(("org", "Acme Ltd")),
            Just(("mail", "a.kern@a.example")),
            Just(("mail", "a.kern@b.example")),
            Just(("call", "030 1234567")),
            Just(("born", "1985-04-12")),
            Just(("born", "--04-12")),
            Just(("nick", "Bob")),
            Just(("home", "Kiel"))
        ],
        0..4,
    );
    let one = (names(), with).prop_map(|(name, with)| person(&name, &with));
    proptest::collection::vec(one, 0..12).prop_map(numbered)
}

proptest! {
    #[test]
    fn the_order_of_people_does_not_matter(people in people(), seed in any::<prop::sample::Index>()) {
        let mut turned = people.clone();
        turned.rotate_left(if people.is_empty() { 0 } else { seed.index(people.len()) });
        turned.reverse();
        prop_assert_eq!(look(&turned), look(&people));
    }

    #[test]
    fn whoever_may_be_one_is_found_and_compared_either_way(people in people()) {
        let (look, known, traces) = known(&people);
        let pairs = pairs(traces);
        for (at, one) in known.iter().enumerate() {
            for (later, other) in known.iter().enumerate().skip(at + 1) {
                let found = look.compare(one, other);
                prop_assert_eq!(&look.compare(other, one), &found);
                if let Some(found) = found {
                    prop_assert!(pairs.contains(&(at, later)), "{}", found.reason());
                    prop_assert!((WEAKEST..=100).contains(&found.strength));
                }
            }
        }
    }
}
