//! Links that do something with a follow-up: in the calendar, on the pages that they show.

use std::net::SocketAddr;

use crate::support::calendar::{Event, events, planned};
use crate::support::cards::card;
use crate::support::{Answer, Home, Service, eventually, request, with_anna};

fn ask(address: SocketAddr, method: &str, path: &str, form: &str) -> Answer {
    let length = form.len();
    request(
        address,
        &format!(
            "{method} {path} HTTP/1.1\r\nHost: {address}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {length}\r\nConnection: close\r\n\r\n{form}"
        ),
    )
    .unwrap()
}

/// The paths of the links in somebody's event, by what they are called.
fn links(service: &Service<'_>, name: &str) -> Option<Vec<(String, String)>> {
    let Event { description, .. } = planned(&events(&service.feed()), name)?.clone();
    let here = format!("http://{}", service.address().unwrap());
    let link = |line: &str| {
        let (label, link) = line.split_once(": ")?;
        Some((label.to_owned(), link.strip_prefix(&here)?.to_owned()))
    };
    Some(description.lines().filter_map(link).collect())
}

fn link(service: &Service<'_>, name: &str, label: &str) -> String {
    let links = links(service, name).unwrap();
    links.iter().find(|(known, _)| known == label).unwrap_or_else(|| panic!("{label}: {links:?}")).1.clone()
}

/// What the page's only form with an address of its own leads to.
fn undo(page: &Answer) -> String {
    let (_, rest) = page.body.split_once("action=\"").unwrap_or_else(|| panic!("{}", page.body));
    rest.split_once('"').unwrap().0.to_owned()
}

fn last(home: &Home) -> String {
    home.kith(&["undo", "--list"]).succeeds().stdout
}

#[test]
fn a_link_shows_a_page_and_its_button_acts_once() {
    let home = Home::new();
    let service = with_anna(&home);
    let address = service.address().unwrap();
    let labels: Vec<String> = links(&service, "Anna Amsel").unwrap().into_iter().map(|(l, _)| l).collect();
    assert_eq!(labels, ["Done", "It went otherwise", "No answer", "Later", "Not now", "Never"]);
    let done = link(&service, "Anna Amsel", "Done");

    let before = home.json(&["show", "anna"]);
    for method in ["GET", "HEAD", "GET"] {
        let page = ask(address, method, &done, "");
        assert_eq!(page.status, 200);
        assert_eq!(page.header("Cache-Control"), Some("no-store"));
        assert!(method == "HEAD" || page.body.contains("Anna Amsel"), "{}", page.body);
    }
    assert_eq!(home.json(&["show", "anna"]), before, "looking changes nothing");
    assert_eq!(ask(address, "PUT", &done, "").header("Allow"), Some("GET, HEAD, POST"));

    let page = ask(address, "POST", &done, "what=her+%3Cnew%3E+job");
    assert_eq!(page.status, 200, "{}", page.body);
    let (did, undo) = (home.json(&["show", "anna"])["history"].clone(), undo(&page));
    assert_eq!(did[0]["what"], "her <new> job", "{did}");
    assert!(last(&home).contains("by a link in a calendar or a mail"), "{}", last(&home));

    for (method, form) in [("GET", ""), ("POST", "what=again")] {
        assert_eq!(ask(address, method, &done, form).status, 410);
    }
    assert_eq!(home.json(&["show", "anna"])["history"], did, "once is enough");

    assert_eq!(ask(address, "GET", &undo, "").status, 200);
    assert_eq!(home.json(&["show", "anna"])["history"], did);
    assert_eq!(ask(address, "POST", &undo, "").status, 200);
    assert_eq!(home.json(&["show", "anna"]), before);
    // It is open again, under the same link.
    eventually("the follow-up is open again", || {
        (ask(address, "GET", &done, "").status == 200).then_some(())
    });
}

#[test]
fn each_link_does_what_it_says() {
    for (label, form, expected) in [
        ("It went otherwise", "how=met&what=lunch", "met"),
        ("No answer", "", "tried"),
        ("Later", "back=1w", "snooze"),
        ("Later", "day=2999-01-01", "refused"),
        ("Later", "day=soon", "refused"),
        ("Later", "", "refused"),
        ("It went otherwise", "how=sang", "refused"),
        ("It went otherwise", "how=met&day=2999-01-01", "refused"),
        ("Not now", "", "not-now"),
        ("Never", "", "never"),
    ] {
        let home = Home::new();
        let service = with_anna(&home);
        let address = service.address().unwrap();
        let path = link(&service, "Anna Amsel", label);
        let before = home.json(&["show", "anna"]);
        let page = ask(address, "POST", &path, form);
        let after = home.json(&["show", "anna"]);
        let case = format!("{label} {form}: {} {}", page.status, page.body);
        if expected == "refused" {
            assert!(matches!(page.status, 400 | 409), "{case}");
            assert_eq!(before, after, "{case}");
            assert!(page.body.contains("Nothing was changed"), "{case}");
            continue;
        }
        assert_eq!(page.status, 200, "{case}");
        let found = match expected {
            "met" | "tried" => after["history"][0]["how"].clone(),
            "snooze" => home.json(&["why", "anna"]),
            _ => after["comfort"].clone(),
        };
        assert!(found == expected || found.to_string().contains("snoozed"), "{case}: {found}");
        assert!(page.body.contains("Take it back"), "{case}");
        eventually("Anna's follow-up is another or gone", || {
            (ask(address, "GET", &path, "").status == 410 || expected == "snooze").then_some(())
        });
        let path = undo(&page);
        assert_eq!(ask(address, "POST", &path, "").status, 200, "{case}");
        assert_eq!(home.json(&["show", "anna"]), before, "{case}");
    }
}

#[test]
fn only_a_link_of_kith_is_answered() {
    let home = Home::new();
    let service = with_anna(&home);
    let address = service.address().unwrap();
    let done = link(&service, "Anna Amsel", "Done");
    let of_berta = link(&service, "Berta Brandt", "Done");
    let signature = done.rsplit('/').next().unwrap();
    let (head, _) = done.rsplit_once('/').unwrap();
    for path in [
        done.replace("/done/", "/never/"),
        format!("{}/{signature}", of_berta.rsplit_once('/').unwrap().0),
        format!("{head}/{}", "A".repeat(22)),
        head.to_owned(),
        format!("{head}/"),
        format!("/do/undo/1/{signature}"),
        format!("{done}/more"),
        format!("{done}%00"),
    ] {
        for method in ["GET", "POST"] {
            let answer = ask(address, method, &path, "");
            assert_eq!(answer.status, 404, "{method} {path}");
            assert!(!answer.body.contains("Anna") && !answer.body.contains("Berta"), "{}", answer.body);
        }
    }
    let text = format!(
        "POST {done} HTTP/1.1\r\nHost: evil.example\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
    );
    assert_eq!(request(address, &text).unwrap().status, 421);
    // A new address of the feed makes every link a new one.
    home.kith(&["feed", "--rotate"]).succeeds();
    assert_eq!(ask(address, "POST", &done, "").status, 404);
    eventually("new links are in the calendar", || {
        let new = links(&service, "Anna Amsel")?.into_iter().find(|(label, _)| label == "Done")?.1;
        (new != done && ask(address, "GET", &new, "").status == 200).then_some(())
    });
}

#[test]
fn what_is_sent_twice_is_done_once_and_taken_back_whole() {
    for (label, form) in [("Later", "back=3d"), ("It went otherwise", "how=met&what=lunch&day=2026-01-05")] {
        let home = Home::new();
        home.kith(&["add", "Anna Amsel"]).succeeds();
        home.kith(&["log", "anna", "before"]).succeeds();
        home.kith(&["promise", "anna", "the book", "--by", "in 3 weeks"]).succeeds();
        home.kith(&["add", "Berta Brandt"]).succeeds();
        let service = home.serve();
        let address = service.address().unwrap();
        let event = |name: &str| service.events().into_iter().find(|event| event.summary.contains(name));
        let of = |name: &str, label: &str| {
            let text = event(name).unwrap().description;
            let line =
                text.lines().find_map(|line| line.strip_prefix(&format!("{label}: "))).unwrap().to_owned();
            line.strip_prefix(&format!("http://{address}")).unwrap().to_owned()
        };
        let (anna, berta) = (of("Keep your promise to Anna", label), of("Berta", "It went otherwise"));
        let before = home.json(&["show", "anna"]);
        let first = ask(address, "POST", &anna, form);
        assert_eq!(first.status, 200, "{}", first.body);
        assert_eq!(ask(address, "POST", &berta, "how=met&what=of+hers").status, 200);
        let again = ask(address, "POST", &anna, form);
        assert_eq!(again.status, 409, "{label}: {}", again.body);
        assert!(!again.body.contains("/do/undo/"), "nothing was done that could be taken back");
        assert_eq!(ask(address, "POST", &undo(&first), "").status, 200);
        assert_eq!(home.json(&["show", "anna"]), before, "{label}");
        assert_eq!(home.json(&["show", "berta"])["history"][0]["what"], "of hers");
    }
}

#[test]
fn a_form_without_end_is_refused() {
    let home = Home::new();
    let service = with_anna(&home);
    let done = link(&service, "Anna Amsel", "Done");
    let page = ask(service.address().unwrap(), "POST", &done, &format!("what={}", "x".repeat(20_000)));
    assert_eq!(page.status, 400, "{}", page.body);
    assert_eq!(home.json(&["show", "anna"])["history"].as_array().unwrap().len(), 0);
}

#[test]
fn a_hostile_name_does_no_harm_on_a_page() {
    let home = Home::new();
    home.file("a.vcf", card("Mallory <script>alert(1)</script> \"x' &amp;"));
    home.kith(&["import", "a.vcf"]).succeeds();
    let service = home.serve();
    let address = service.address().unwrap();
    let page = ask(address, "GET", &link(&service, "Mallory", "Done"), "");
    assert!(page.body.contains("Mallory &lt;script&gt;") && !page.body.contains("<script"), "{}", page.body);
    let policy = page.header("Content-Security-Policy").unwrap();
    assert!(policy.starts_with("default-src 'none'"), "{policy}");
}
