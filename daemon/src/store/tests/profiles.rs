//! Profiles that several share, and files that have hardly anything in common.

use kith_plugin::OnlineService;

use super::undoing::hasty;
use super::*;

/// A card of one line of lines: a name, and what else is said.
fn card(name: &str, emails: &[&str], phones: &[&str], profile: &str) -> Record {
    let (given, family) = name.split_once(' ').unwrap_or((name, ""));
    let mut card = record(1, given, family, emails, phones);
    let uri = (!profile.is_empty()).then(|| profile.to_owned());
    card.contact.online_services =
        uri.map(|uri| OnlineService { uri: Some(uri), ..OnlineService::default() }).into_iter().collect();
    card.raw = format!("BEGIN:VCARD\nVERSION:3.0\nX-ALL:{:?}\nEND:VCARD", card.contact);
    card
}

fn born(mut card: Record, date: &str) -> Record {
    card.contact.anniversaries = vec![Anniversary { kind: "birth".into(), date: date.into() }];
    card.raw += date;
    card
}

fn noted(mut card: Record, note: &str) -> Record {
    card.contact.notes = vec![note.to_owned()];
    card.raw += note;
    card
}

const WHO: &str = "SELECT group_concat(name, ', ') FROM (SELECT name FROM contact WHERE archived_at IS NULL ORDER BY name, id)";

#[test]
fn a_profile_joins_nobody_by_itself_whom_something_contradicts() {
    let facebook = |id: &str| format!("https://www.facebook.com/profile.php?id={id}");
    let shared = "https://instagram.com/the_otts";
    for (case, one, other, people, reviews) in [
        (
            "two numbers at one script",
            card("Tom Ott", &["tom@ott.example"], &[], &facebook("1001")),
            card("Tom Berg", &["tom@berg.example"], &[], &facebook("2002")),
            "Tom Berg, Tom Ott",
            "0",
        ),
        (
            "a couple",
            born(card("Anna Ott", &["anna@ott.example"], &["+49 170 1111111"], shared), "1980-01-01"),
            born(card("Tom Ott", &["tom@ott.example"], &["+49 170 2222222"], shared), "1981-02-02"),
            "Anna Ott, Tom Ott",
            "1",
        ),
        (
            "a couple with one landline",
            card("Anna Ott", &[], &["+49 30 1111111"], shared),
            card("Tom Ott", &[], &["+49 30 1111111"], shared),
            "Anna Ott, Tom Ott",
            "1",
        ),
        (
            "father and son",
            born(card("Tom Ott", &[], &[], shared), "1950-01-01"),
            born(card("Tom Ott", &[], &[], shared), "1980-01-01"),
            "Tom Ott, Tom Ott",
            "1",
        ),
        (
            "one name and nothing in common",
            card("Tom Ott", &["a@x.example"], &["+49 170 1111111"], shared),
            card("Tom Ott", &["b@x.example"], &["+49 170 2222222"], shared),
            "Tom Ott, Tom Ott",
            "1",
        ),
        (
            "one name",
            card("Tom Ott", &["a@x.example"], &[], shared),
            card("Tom Ott", &[], &["+49 170 2222222"], shared),
            "Tom Ott",
            "0",
        ),
        (
            "a firm",
            card("Tom Ott", &[], &[], shared),
            card("Eva Kern", &[], &[], shared),
            "Eva Kern, Tom Ott",
            "0",
        ),
    ] {
        for files in
            [vec![vec![&one, &other]], vec![vec![&one], vec![&other]], vec![vec![&other], vec![&one]]]
        {
            let home = Home::new();
            let mut store = hasty(&home);
            for (at, file) in files.iter().enumerate() {
                let records: Vec<Record> = (1..)
                    .zip(file)
                    .map(|(line, record)| Record { at: Place { part: 0, line }, ..(*record).clone() })
                    .collect();
                import_as(&mut store, "vcard", &format!("{at}-contacts.vcf"), &records);
            }
            assert_eq!(home.ask(WHO), people, "{case}, {} files", files.len());
            assert_eq!(home.ask("SELECT count(*) FROM review"), reviews, "{case}, {} files", files.len());
            assert_eq!(home.ask("SELECT count(*) FROM card WHERE replaced_by IS NOT NULL"), "0", "{case}");
            assert_cache_is_true(&store, case);
        }
    }
}

#[test]
fn of_a_shared_profile_it_is_who_has_the_whole_name() {
    let shared = "https://instagram.com/the_otts";
    let home = Home::new();
    let mut store = hasty(&home);
    let couple = [card("Anna Ott", &[], &[], shared), card("Tom Ott", &[], &[], shared)];
    import_as(&mut store, "vcard", "couple.vcf", &couple);
    import_as(&mut store, "csv", "one.csv", &[card("Tom Ott", &["tom@ott.example"], &[], shared)]);
    assert_eq!(home.ask("SELECT name FROM email JOIN contact ON contact.id = contact_id"), "Tom Ott");
    import_as(&mut store, "ldif", "half.ldif", &[card("Ott", &["ott@ott.example"], &[], shared)]);
    assert_eq!(home.ask("SELECT count(*) FROM contact"), "3");
}

#[test]
fn files_with_little_in_common_take_nothing_from_each_other() {
    let profile = "https://www.linkedin.com/in/tomott";
    let tom =
        || noted(born(card("Tom Ott", &["tom@ott.example"], &[], profile), "1980-01-01"), "my oldest friend");
    let anna = || noted(born(card("Anna Müller", &["anna@m.example"], &[], ""), "1981-01-01"), "from school");
    let other_anna = || card("Anna Müller", &[], &["+49 170 9999999"], "");
    let bare_tom = || card("Tom Ott", &[], &["+49 170 1111111"], profile);
    let friend = |name: &str, at: u32| card(name, &[], &[&format!("+49 170 333333{at}")], "");
    let mama = |number: &str| card("Mama", &[], &[number], "");
    let couple =
        |mama: Record, own: &str| vec![friend("Eva Kern", 1), friend("Emi Ono", 2), mama, friend(own, 3)];
    for (case, first, second) in [
        ("one card each", vec![tom()], vec![bare_tom()]),
        ("one profile of two", vec![tom(), anna()], vec![bare_tom(), other_anna()]),
        ("a couple", couple(mama("0170 1111111"), "Carl Weiß"), couple(mama("0170 2222222"), "Dora Weiß")),
    ] {
        for names in [["A.vcf", "B.vcf"], ["contacts.vcf", "contacts (1).vcf"]] {
            let home = Home::new();
            let mut store = hasty(&home);
            import_as(&mut store, "vcard", names[0], &first);
            let said = "SELECT (SELECT count(*) FROM email), (SELECT count(birthday) FROM contact), (SELECT count(note) FROM contact)";
            let before = home.ask(said);
            let outcome = import_as(&mut store, "vcard", names[1], &second);
            assert_eq!(home.ask(said), before, "{case}, {names:?}");
            for detail in &outcome.details {
                if let What::Updated { differences, .. } = &detail.what {
                    assert!(differences.removed().is_empty(), "{case}, {names:?}: {detail:?}");
                }
            }
            assert_eq!(home.ask("SELECT count(*) FROM card WHERE replaced_by IS NOT NULL"), "0", "{case}");
            assert_cache_is_true(&store, case);
        }
    }
}

#[test]
fn the_keys_of_cards_are_those_of_this_version() {
    let home = Home::new();
    let mut store = hasty(&home);
    let facebook = "https://www.facebook.com/profile.php?id=17";
    import_as(&mut store, "vcard", "a.vcf", &[card("Tom Ott", &["tom@ott.example"], &[], facebook)]);
    let keys = "SELECT name_key, profile FROM card";
    let made = home.ask(keys);
    drop(store);
    // As a version had them that took every address for its page.
    home.outside(
        "UPDATE card SET name_key = 'tom', profile = 'facebook.com/profile.php'; DELETE FROM meta WHERE key = 'keys_version'",
    )
    .unwrap();
    let mut store = hasty(&home);
    assert_eq!(home.ask(keys), made);
    assert_cache_is_true(&store, "keys made anew");
    import_as(&mut store, "csv", "b.csv", &[card("Tom Ott", &[], &["+49 170 1111111"], facebook)]);
    assert_eq!(home.ask(WHO), "Tom Ott");
}

#[test]
fn half_a_name_at_a_profile_is_a_question() {
    let shared = "https://instagram.com/the_bergs";
    let all = ["Jo", "Jo Berg", "Kim", "Kim Lee"].map(|name| card(name, &[], &[], shared));
    for order in [[0, 1, 2, 3], [3, 2, 1, 0], [2, 3, 1, 0]] {
        let home = Home::new();
        let mut store = hasty(&home);
        for at in order {
            import_as(&mut store, "vcard", &format!("{at}.vcf"), std::slice::from_ref(&all[at]));
        }
        assert_eq!(home.ask(WHO), "Jo, Jo Berg, Kim, Kim Lee", "{order:?}");
        let asked = "SELECT min(a.name, b.name) || ' or ' || max(a.name, b.name) FROM review
                     JOIN contact AS a ON a.id = contact_id JOIN contact AS b ON b.id = twin_id ORDER BY 1";
        assert_eq!(home.ask(asked), "Jo or Jo Berg Kim or Kim Lee", "{order:?}");
    }
}
