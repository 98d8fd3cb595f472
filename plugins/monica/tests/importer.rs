//! What the importer says of files, as kith hears it.

#![allow(clippy::unwrap_used)]

#[path = "../../protocol/tests/support/told.rs"]
mod told;

use kith_plugin_monica::Monica;
use proptest::prelude::*;
use serde_json::{Value, json};

/// An export of Monica 4.1 (written after its source, and what others saw of exports).
const EXPORT: &str = include_str!("../../../tests/fixtures/commands/monica.json");

/// The messages about a file that is read in pieces of `piece` bytes.
fn told_in_pieces(file: &[u8], piece: usize) -> Vec<Value> {
    told::told_in_pieces(&mut Monica, "monica.json", file, piece)
}

fn told(file: impl AsRef<[u8]>) -> Vec<Value> {
    told_in_pieces(file.as_ref(), 64 << 10)
}

/// An export with these collections.
fn export(collections: &Value) -> String {
    json!({"version": "1.0-preview.1", "app_version": "4.1.2", "account": {"data": collections}}).to_string()
}

/// The messages of one type.
fn of_type<'v>(said: &'v [Value], kind: &str) -> Vec<&'v Value> {
    said.iter().filter(|message| message["type"] == kind).collect()
}

/// Lines and reasons of what was skipped.
fn skipped(said: &[Value]) -> Vec<String> {
    let line =
        |message: &&Value| format!("{} {}", message["at"]["line"], message["reason"].as_str().unwrap());
    of_type(said, "skipped").iter().map(line).collect()
}

#[test]
fn contacts() {
    let said = told(EXPORT);
    let contacts = of_type(&said, "contact");
    assert_eq!(
        contacts[0]["contact"],
        json!({
            "uid": "00000000-0000-4000-8000-000000000002",
            "name": {
                "full": "Ada King Lovelace",
                "components": [
                    {"kind": "given", "value": "Ada"},
                    {"kind": "given2", "value": "King"},
                    {"kind": "surname", "value": "Lovelace"}
                ]
            },
            "nicknames": ["Countess"],
            "organizations": [{"name": "Engines, Ltd"}],
            "titles": ["Analyst"],
            "emails": [{"address": "ada@example.org"}],
            "phones": [{"number": "+44 20 7946 0018"}],
            "addresses": [{"full": "12 St James's Square, London, SW1Y 4JH, GB", "label": "home"}],
            "anniversaries": [{"kind": "birth", "date": "1985-12-10"}, {"kind": "first met", "date": "2010-07-01"}],
            "onlineServices": [
                {"service": "Facebook", "uri": "https://facebook.com/ada", "user": "ada"},
                {"service": "LinkedIn", "uri": "https://www.linkedin.com/in/ada"}
            ],
            "notes": [
                "Met at the exhibition",
                "Food: no nuts",
                "Stay in touch: every 60 days",
                "You owe them 20 EUR (inprogress)",
                "Gift (offered, 2024-01-15): Atlas. with the new maps",
                "2024-03-01: Likes numbers\nand poems",
                "Reminder from 2024-06-01, every 3 months: Ask about the exhibition. in the town hall",
                "To do: Return her book",
                "Pet: Puff (cat)",
                "2020-05-01, new job: at the observatory",
                "Tim (child) was born 2015",
                format!(
                    "2024-05-04: Museum: The long way through the halls, {}until they closed.",
                    "and then once more, ".repeat(12)
                )
            ],
            "keywords": ["choir", "book club"],
            "relatedTo": [
                {"name": "Bert Kern", "relation": "best friend"},
                {"name": "Tim", "relation": "child"},
                {"name": "Bert Kern", "relation": "introduced by"}
            ],
            "updated": "2024-05-02T10:00:00.000000Z"
        })
    );
    assert_eq!(
        contacts[0]["warnings"],
        json!(["1 × photo in Monica: kith keeps none, and they stay in the original only"])
    );
    let raw = contacts[0]["raw"].as_str().unwrap();
    assert!(EXPORT.contains(raw) && raw.starts_with("{\n") && raw.ends_with('}'));
    let shown = |at: usize| {
        let Value::Object(mut contact) = contacts[at]["contact"].clone() else { panic!() };
        ["uid", "updated", "name"].iter().for_each(|key| drop(contact.remove(*key)));
        (Value::Object(contact), contacts[at].get("warnings").cloned())
    };
    assert_eq!(
        [shown(1), shown(2), shown(3)],
        [
            (
                json!({
                    "emails": [{"address": "bert@example.org"}],
                    "anniversaries": [{"kind": "birth", "date": "--04-12"}],
                    "relatedTo": [{"name": "Ada King Lovelace", "relation": "best friend"}]
                }),
                None
            ),
            (
                json!({
                    "anniversaries": [{"kind": "birth", "date": "1982"}],
                    "notes": ["The year of birth is estimated from an age"],
                    "keywords": ["algebra"]
                }),
                Some(json!(["Monica has them archived: kith archive NAME takes them out of the plan"]))
            ),
            (
                json!({"anniversaries": [{"kind": "death", "date": "1992-01-01"}]}),
                Some(json!([
                    "Monica says that they have died: kith archive NAME takes them out of the plan"
                ]))
            )
        ]
    );
    let lines: Vec<_> = contacts.iter().map(|message| message["at"]["line"].as_u64().unwrap()).collect();
    let begins = |line: &u64| EXPORT.lines().nth(usize::try_from(*line).unwrap() - 1).unwrap().trim() == "{";
    assert!(lines.iter().all(begins), "{lines:?}");
}

#[test]
fn history() {
    let said = told(EXPORT);
    let ada = "Ada King Lovelace";
    let shown: Vec<String> = of_type(&said, "interaction")
        .iter()
        .map(|message| {
            let who = |party: &Value| {
                if party["me"] == true {
                    "me".to_owned()
                } else {
                    party["name"].as_str().unwrap_or("-").to_owned()
                }
            };
            let to: Vec<String> = message["to"].as_array().unwrap().iter().map(who).collect();
            let [kind, when, uid] = ["kind", "when", "uid"].map(|key| message[key].as_str().unwrap());
            let subject = message["subject"].as_str().unwrap_or_default();
            format!(
                "{kind} {when} {} -> {}: {subject} [{}]",
                who(&message["from"]),
                to.join(", "),
                &uid[32..]
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            format!("call 2024-02-09 me -> {ada}: The engine and its cards (hope, joy) [0201]"),
            format!("call 2024-03-02T18:30:00.000000Z {ada} -> me:  [0202]"),
            format!("message 2024-04-05 {ada} -> me:  [0215/2024-04-05/to me]"),
            format!("message 2024-04-05 me -> {ada}:  [0215/2024-04-05/from me]"),
            "call 2024-01-20 - -> Bert Kern:  [0003/last_talked_to/2024-01-20]".to_owned(),
            format!(
                "meeting 2024-02-18 - -> me, {ada}, Bert Kern: Dinner: at the harbour (ate restaurant) [0301]"
            ),
            format!(
                "meeting 2024-05-04 - -> {ada}: Museum: The long way through the halls, {}and then once more,… [0302]",
                "and then once more, ".repeat(7)
            ),
        ]
    );
    let bert = &of_type(&said, "interaction")[4]["to"][0];
    assert_eq!(
        *bert,
        json!({"uid": "00000000-0000-4000-8000-000000000003", "name": "Bert Kern", "emails": ["bert@example.org"]})
    );
}

#[test]
fn what_is_not_taken_is_told() {
    let said = told(EXPORT);
    assert_eq!(
        skipped(&said),
        [
            "37 Ida Ich is you, as Monica knows",
            "449 Tim has no page of their own in Monica, and is named with their relatives",
            "598 1 × photo: kith has no place for these",
            "642 1 × journal entry: kith has no place for these",
        ]
    );
    assert_eq!(said.last().unwrap()["counts"], json!({"contact": 4, "interaction": 7, "skipped": 4}));
    let said = told(export(&json!([
        {"type": "contact", "values": [{"uuid": "c", "properties": {"first_name": "Ada"}, "data": [
            {"type": "activity", "values": ["gone"]},
            {"type": "call", "values": [{"properties": {"called_at": "soon"}}]},
            {"type": "conversation", "values": [{"properties": {"messages": [{}, {}]}}]}
        ]}]},
        {"type": "relationship", "values": [{"properties": {"type": "child"}}]},
        {"type": "activity", "values": [
            {"uuid": "a", "properties": {"summary": "Alone", "happened_at": "2024-01-01"}},
            {"uuid": "b", "properties": {"summary": "Some day", "happened_at": "later"}}
        ]},
        {"type": "novelty", "values": [1, 2, 3]}
    ])));
    assert_eq!(
        skipped(&said),
        [
            "1 no contact took part in the activity “Alone” of 2024-01-01",
            "1 the activity “Some day” has no date that kith can read",
            "0 1 × activity that contacts took part in is not in the file",
            "1 1 × relationship without names: kith has no place for these",
            "1 3 × novelty: kith has no place for these",
        ]
    );
    assert_eq!(
        of_type(&said, "contact")[0]["warnings"],
        json!([
            "a call has no date that kith can read and stays in the original only",
            "2 × message has no date that kith can read and stays in the original only"
        ])
    );
}

#[test]
fn one_bad_contact_does_not_hurt_its_neighbours() {
    let contact = |name: &str| json!({"uuid": name, "properties": {"first_name": name, "last_name": null, "tags": null}, "data": null});
    let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
    let large = "x".repeat(5 << 20);
    let said = told(export(&json!([
        {"type": "contact", "values": [
            contact("First"), 7, null, [], {"uuid": "x"}, deep,
            {"uuid": "y", "properties": {"first_name": "Large", "description": large}},
            {"uuid": "z", "properties": "Ada", "data": "none"},
            contact("Last")
        ]}
    ])));
    let names: Vec<&Value> =
        of_type(&said, "contact").iter().map(|message| &message["contact"]["name"]["full"]).collect();
    assert_eq!(names, ["First", "Last"]);
    let reasons = skipped(&said);
    assert_eq!(reasons.len(), 7, "{reasons:?}");
    assert_eq!(reasons[5], "1 the contact is larger than 4 MiB");
}

#[test]
fn a_relative_is_named_so_that_no_namesake_is_meant() {
    let contact = |uuid: &str, name: &str, partial: bool| json!({"uuid": uuid, "properties": {"first_name": name, "is_partial": partial}});
    let related = |other: &str, kind: &str| json!({"properties": {"contact_is": "a", "of_contact": other, "type": kind}});
    let said = told(export(&json!([
        {"type": "contact", "values": [
            contact("a", "Ada", false), contact("b", "Tim", false), contact("c", "Tim", false),
            contact("d", "Byron", false), contact("e", "Byron", true)
        ]},
        {"type": "relationship", "values": [
            related("b", "child"), related("d", "friend"), related("e", "cousin"), related("gone", "uncle")
        ]}
    ])));
    assert_eq!(
        of_type(&said, "contact")[0]["contact"]["relatedTo"],
        json!([
            {"name": "b", "relation": "child"},
            {"name": "d", "relation": "friend"},
            {"name": "Byron", "relation": "cousin"},
            {"name": "gone", "relation": "uncle"}
        ])
    );
}

#[test]
fn what_is_no_export_of_monica_4_is_refused() {
    let broken = export(&json!([])).replace("\"account\"", "account");
    for (name, file, expected) in [
        ("nothing", "", "the file is empty"),
        ("a page", "<!DOCTYPE html>", "the file is no JSON: it looks like a web page"),
        ("a vCard", "BEGIN:VCARD\n", "the file is no JSON: it looks like a vCard"),
        ("words", "hello\n", "the file cannot be read as JSON in line 1: expected value at line 1 column 1"),
        (
            "other JSON",
            "{\"chats\": {\"list\": []}}",
            "the file is JSON, but no export of Monica 4, nor of kith",
        ),
        ("a list", "[1, 2]", "the file is JSON, but no export of Monica 4, nor of kith"),
        ("a number", "7", "the file is JSON, but no export of Monica 4, nor of kith"),
        (
            "another account",
            "{\"account\": {\"name\": \"x\"}}",
            "the file is JSON, but no export of Monica 4, nor of kith",
        ),
        (
            "another version",
            "{\"app_version\": \"5.0.0\", \"vaults\": []}",
            "the file is an export of a version of Monica that kith does not read (5.0.0)",
        ),
        (
            "broken",
            &broken,
            "the file cannot be read as JSON in line 1: key must be a string at line 1 column 2",
        ),
        (
            "two",
            "{}\n{}",
            "the file cannot be read as JSON in line 2: trailing characters at line 2 column 1",
        ),
    ] {
        let said = told(file);
        assert_eq!((said.len(), said[0]["reason"].as_str()), (1, Some(expected)), "{name}");
    }
}

#[test]
fn an_export_that_is_cut_off_is_refused_wherever_it_ends() {
    let end = EXPORT.trim_end().len();
    for length in (1..end).step_by(97).chain([end - 1]) {
        let said = told(&EXPORT[..length]);
        let reason = said[0]["reason"].as_str().unwrap();
        assert!(said.len() == 1 && reason.contains("before the export does"), "{length}: {reason}");
    }
    assert_eq!(told(&EXPORT[..end]), told(EXPORT));
    assert_eq!(told(format!("\u{feff}{EXPORT}")), told(EXPORT));
}

#[test]
fn pictures_are_not_held() {
    let picture = "A".repeat(1 << 20);
    let photo = json!({"properties": {"dataUrl": picture}}).to_string();
    let photos = vec![photo; 8].join(",");
    let file = format!(
        "{{\"account\": {{\"data\": [{{\"type\": \"photo\", \"values\": [{photos}]}},\n{{\"type\": \"contact\", \"values\": [\n{{\"uuid\": \"a\", \"properties\": {{\"first_name\": \"Ada\"}}}}]}}]}}}}"
    );
    let said = told(file);
    assert_eq!(said[0]["at"]["line"], 3);
    assert_eq!(skipped(&said), ["1 8 × photo: kith has no place for these"]);
}

fn pieces() -> impl Strategy<Value = Vec<u8>> {
    let known = prop::sample::select(vec![
        &b"{"[..],
        b"}",
        b"[",
        b"]",
        b",",
        b":",
        b"\"account\":{",
        b"\"data\":[",
        b"\"type\":\"contact\"",
        b"\"type\":\"activity\"",
        b"\"values\":[",
        b"{\"uuid\":\"a\",\"properties\":{\"first_name\":\"Ada\"}}",
        b"null",
        b"7",
        b"\"x\"",
        b"\"\\u",
        b"\n",
        b"\"birthdate\":{\"date\":",
    ])
    .prop_map(<[u8]>::to_vec);
    prop_oneof![6 => known, 1 => prop::collection::vec(any::<u8>(), 0..4)]
}

/// Values of any shape under the keys that the importer looks at.
fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i32>().prop_map(Value::from),
        "[-0-9T:Zé ]{0,12}|\\PC{0,8}".prop_map(Value::from),
    ];
    let keys = prop::sample::select(vec![
        "uuid",
        "properties",
        "data",
        "type",
        "values",
        "first_name",
        "birthdate",
        "date",
        "is_year_unknown",
        "is_age_based",
        "called_at",
        "messages",
        "written_at",
        "tags",
        "contact_is",
        "of_contact",
        "happened_at",
        "last_talked_to",
        "summary",
    ]);
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::btree_map(keys.clone().prop_map(str::to_owned), inner, 0..6)
                .prop_map(|map| Value::Object(map.into_iter().collect())),
        ]
    })
}

proptest! {
    #[test]
    fn any_bytes_end_in_done_or_failed_whatever_the_pieces(
        parts in prop::collection::vec(pieces(), 0..30), piece in 1_usize..20
    ) {
        let file = parts.concat();
        let said = told(&file);
        let last = said.last().unwrap()["type"].as_str().unwrap().to_owned();
        prop_assert!(last == "done" || last == "failed");
        prop_assert_eq!(told_in_pieces(&file, piece), said);
    }

    #[test]
    fn values_of_any_shape_are_taken_or_told(contacts in prop::collection::vec(values(), 0..4), others in values()) {
        let number = contacts.len();
        let said = told(export(&json!([
            {"type": "contact", "values": contacts},
            {"type": "activity", "values": [others]},
            {"type": "relationship", "values": [others]},
            {"type": "user", "values": [others]}
        ])));
        prop_assert_eq!(said.last().unwrap()["type"].as_str(), Some("done"));
        let lost = skipped(&said).iter().filter(|reason| !reason.contains('×') && !reason.contains("activity")).count();
        prop_assert_eq!(of_type(&said, "contact").len() + lost, number);
    }
}
