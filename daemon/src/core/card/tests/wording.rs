//! What messages sound like, whatever the user noted and however.

use super::*;
use crate::core::facts::samples::person;
use crate::core::introduction::{Between, By, Introduction};
use crate::core::occasion::{Greeted, Occasion};

const LANGUAGES: [&str; 3] = ["en", "de", "de-x-sie"];

const NOTED: [Kind; 8] = [
    Kind::Promise,
    Kind::Nudge,
    Kind::Ask,
    Kind::Congratulate,
    Kind::Send,
    Kind::Invite,
    Kind::Accompany,
    Kind::Occasion,
];

const STEPS: [&str; 9] =
    ["ask", "reminder", "forward", "hello", "thanks", "consent", "consent-to", "make", "look-back"];

const WARM: Date = date(2026, 12, 1);

fn speaking(language: &str) -> Acquaintance {
    let mut known = anna();
    known.preferences.language = language.parse().ok();
    known
}

fn of_kind(kind: Kind, language: &str, what: &str) -> Card {
    let planned = follow_up(kind, WARM, Some(what));
    of_facts(
        &Phrases::default(),
        "[me]\nname = 'Ida Holm'\n",
        speaking(language),
        &Facts::default(),
        &planned,
    )
}

/// A step of an introduction of Anna and Clara Diaz.
fn of_step(step: &str, language: &str, what: &str, to_email: Option<&str>, details: &Details) -> Card {
    let between = Between {
        to: Some(PersonId(2)),
        to_name: "Clara Diaz".to_owned(),
        to_email: to_email.map(str::to_owned),
        through: Some(ANNA),
        through_name: "Anna Müller".to_owned(),
    };
    let by = if matches!(step, "consent" | "consent-to" | "make" | "look-back") { By::Me } else { By::Them };
    let introduction =
        Introduction { id: 7, by, between, what: Some(what.to_owned()), ..Introduction::default() };
    let facts = Facts { people: vec![person(2)], introductions: vec![introduction], ..Facts::default() };
    let planned = follow_up(Kind::Introduction, WARM, None);
    let planned = FollowUp { key: Key { cycle: format!("7 {step}"), ..planned.key }, ..planned };
    let settings = Settings::parse("[me]\nname = 'Ida Holm'\n").unwrap();
    let acquaintances = HashMap::from([(ANNA, speaking(language))]);
    let cards = Cards {
        phrases: &Phrases::default(),
        settings: &settings,
        zone: &TimeZone::UTC,
        facts: &facts,
        acquaintances: &acquaintances,
    };
    cards.of(&planned, details).unwrap()
}

/// All that is said of a card to them.
fn said(card: &Card) -> String {
    let Draft { subject, body, sms } = &card.draft;
    format!("{subject}\n{body}\n{sms}\n{}", point(card, "Begin").unwrap_or_default())
}

/// Nothing twice, nothing missing, and a letter at the end.
fn assert_whole(said: &str) {
    for wrong in ["..", "?.", "!.", " .", " ,", " ?", "()", "{", "}", "  ", ": \n", ":\n"] {
        assert!(!said.contains(wrong), "{wrong:?} in {said}");
    }
}

#[test]
fn a_note_of_any_form_is_quoted() {
    for language in LANGUAGES {
        for what in [
            "the photos",
            "to send the photos",
            "send the photos",
            "could you send the photos?",
            "the photos.",
            "die Fotos",
            "die Fotos schicken",
            "die Unterlagen zu schicken",
        ] {
            for kind in NOTED {
                let card = of_kind(kind, language, what);
                let said = said(&card);
                assert_whole(&said);
                for text in [&card.draft.body, &card.draft.sms] {
                    assert!(text.contains(what.trim_end_matches('.')), "{kind} in {language}: {said}");
                }
            }
            for step in ["ask", "forward", "hello", "consent", "make"] {
                let card = of_step(step, language, what, None, &details());
                let said = said(&card);
                assert_whole(&said);
                assert!(said.contains(what.trim_end_matches('.')), "{step} in {language}: {said}");
            }
        }
    }
}

/// Nobody is spoken to as "she", nor hears of a brother of "his" who is theirs.
#[test]
fn nobody_is_spoken_to_in_the_third_person() {
    for language in LANGUAGES {
        for what in ["a word with HER brother", "to help THEM", "sing in HIS choir", "HE", "SHE and the boat"]
        {
            for kind in NOTED {
                let said = said(&of_kind(kind, language, what));
                assert_whole(&said);
                assert!(!said.contains(what), "{kind} in {language}: {said}");
            }
            for step in ["forward", "hello", "consent", "consent-to", "make"] {
                let said = said(&of_step(step, language, what, None, &details()));
                assert_whole(&said);
                assert!(!said.contains(what), "{step} in {language}: {said}");
            }
            // Whose choir it is, of the two, nobody but the user knows.
            for step in ["forward", "hello", "consent", "consent-to", "make"] {
                let said = said(&of_step(step, language, "their choir", None, &details()));
                assert!(!said.contains("choir"), "{step} in {language}: {said}");
            }
            // Who introduces hears of the other one.
            assert!(said(&of_step("ask", language, what, None, &details())).contains(what));
        }
        let [turned, yours] = match language {
            "en" => ["her new job", "your new job"],
            "de" => ["ihr neuer Beruf", "dein neuer Beruf"],
            _ => ["ihr neuer Beruf", "Ihr neuer Beruf"],
        };
        let said = said(&of_kind(Kind::Congratulate, language, turned));
        assert!(said.contains(yours) && !said.contains(turned), "{said}");
    }
}

#[test]
fn what_goes_on_from_a_verb_does() {
    for (kind, language, what, sentence) in [
        (Kind::Congratulate, "en", "on the new job", "congratulations on the new job!"),
        (Kind::Congratulate, "de", "zur neuen Stelle", "herzlichen Glückwunsch zur neuen Stelle!"),
        (
            Kind::Congratulate,
            "de",
            "die neue Stelle",
            "Ich habe gerade erst davon erfahren: die neue Stelle.",
        ),
        (Kind::Invite, "en", "the winter party", "I would love you to come along: the winter party."),
        (Kind::Invite, "en", "zum Sommerfest", "I would love you to come along: zum Sommerfest."),
        (Kind::Invite, "de", "Zum Sommerfest", "hast du Lust, zum Sommerfest mitzukommen?"),
        (Kind::Accompany, "de", "das Sommerfest", "wenn es dir noch passt: das Sommerfest."),
        (Kind::Invite, "de", "zum Sommerfest", "hast du Lust, zum Sommerfest mitzukommen?"),
        (Kind::Accompany, "de-x-sie", "zur Messe", "ich würde gern zur Messe mitkommen."),
    ] {
        let card = of_kind(kind, language, what);
        assert!(card.draft.body.contains(sentence), "{}", card.draft.body);
    }
}

#[test]
fn a_day_of_theirs_has_its_name_in_their_language() {
    for (language, label, name) in [
        ("en", "wedding", "what day it is: your wedding anniversary."),
        ("de", "Wedding", "was heute ist: euer Hochzeitstag."),
        ("de-x-sie", "name day", "was heute ist: Ihr Namenstag."),
        ("en", "her mother's death", "what day it is: your mother's death."),
        ("en", "the day that she moved", "I am thinking of you today. If you"),
        ("de", "Tag der Taufe", "was heute ist: Tag der Taufe."),
        (
            "de",
            "Mutters Todestag",
            "ich denke heute an dich. Ich habe nicht vergessen, was heute ist: Mutters Todestag.",
        ),
        ("en", "name day", "all the best today! I have not forgotten what day it is: name day."),
    ] {
        let body = of_kind(Kind::Date, language, label).draft.body;
        assert!(body.contains(name), "{body}");
    }
}

#[test]
fn all_that_is_promised_for_one_day_is_in_the_draft() {
    let planned = follow_up(Kind::Promise, WARM, Some("the photos."));
    let planned = FollowUp { with: vec!["her recipe".to_owned(), "a list".to_owned()], ..planned };
    let card = card(speaking("en"), &[], &planned);
    let body = &card.draft.body;
    assert!(body.contains("what I promised you: the photos; your recipe; a list.\n"), "{body}");
}

/// An outreach in the days of an occasion said nothing of it, unless it was planned for that alone.
#[test]
fn an_occasion_is_on_the_card_and_in_the_draft() {
    let occasion = |name: &str, day| Occasion {
        id: 5,
        name: name.to_owned(),
        day,
        yearly: true,
        days: 10,
        people: Greeted::All,
    };
    let festival = occasion("the harbour festival", WARM);
    let new_year = occasion("New Year", date(2027, 1, 1));
    let late = date(2026, 12, 28);
    for (kind, language, occasion, day, sentence) in [
        (Kind::Rekindle, "en", &festival, WARM, "a good occasion to say hello: the harbour festival."),
        (Kind::SecondTry, "en", &festival, WARM, "a good occasion to say hello: the harbour festival."),
        (Kind::Occasion, "de", &new_year, late, "ein guter Anlass, mich bei dir zu melden: das neue Jahr."),
        (Kind::SecondTry, "de-x-sie", &new_year, date(2027, 1, 2), "ein gutes neues Jahr!"),
        (Kind::Promise, "en", &festival, WARM, "what I promised you"),
    ] {
        let planned = FollowUp { occasion: Some(occasion.clone()), ..follow_up(kind, day, None) };
        let card = card(speaking(language), &[], &planned);
        assert!(card.draft.body.contains(sentence), "{kind}: {}", card.draft.body);
        let named = point(&card, "Occasion").unwrap();
        assert!(named.starts_with(&occasion.name), "{named}");
    }
}

#[test]
fn formal_german_is_formal_throughout() {
    let details = Details { name: "Frau Dr. Jutta von der Heide".to_owned(), ..details() };
    let mut cards: Vec<Card> = STEPS.map(|step| of_step(step, "de-x-sie", "der Chor", None, &details)).into();
    cards.extend(NOTED.map(|kind| of_kind(kind, "de-x-sie", "der Chor")));
    cards.extend(
        [
            Kind::KeepInTouch,
            Kind::SecondTry,
            Kind::FirstHello,
            Kind::ThankYou,
            Kind::Goal,
            Kind::Birthday,
            Kind::Date,
        ]
        .map(|kind| of_kind(kind, "de-x-sie", "")),
    );
    for card in cards {
        let mut all = said(&card);
        for about in ["If it goes quiet", "Or", "If you do not know", "To end"] {
            all.push_str(point(&card, about).unwrap_or_default());
        }
        for word in all.split(|c: char| !c.is_alphanumeric()) {
            let informal = ["du", "dich", "dir", "dein", "deine", "euch", "hallo", "magst", "hast"];
            assert!(!informal.contains(&word.to_lowercase().as_str()), "{word} in {all}");
        }
        assert!(all.contains("Guten Tag ") && all.contains("\nIda Holm\n"), "{all}");
    }
    let draft = of_step("thanks", "de-x-sie", "der Chor", None, &details).draft;
    assert!(draft.body.starts_with("Guten Tag Frau Dr. von der Heide,\n"), "{}", draft.body);
    let unknown = of_kind(Kind::KeepInTouch, "de-x-sie", "").draft;
    assert!(unknown.body.starts_with("Guten Tag Dr. Anna Müller,\n"), "{}", unknown.body);
}

#[test]
fn an_introduction_is_a_mail_to_both_or_a_word_to_one() {
    let reached = Details {
        email: Some("anna@example.org".to_owned()),
        mobile: Some("+49 170 1".to_owned()),
        ..details()
    };
    for language in ["en", "de"] {
        let card = of_step("make", language, "the choir", Some("clara@example.org"), &reached);
        let mail = card.links.mail.as_deref().unwrap();
        assert!(mail.starts_with("mailto:anna@example.org,clara@example.org?"), "{mail}");
        let [both, one] = [card.draft.body.lines().next().unwrap(), card.draft.sms.as_str()];
        assert!(both.contains("Anna") && both.contains("Clara") && !both.contains("Diaz"), "{both}");
        assert!(
            !one.to_lowercase().contains("hi clara") && !one.to_lowercase().contains("hallo clara"),
            "{one}"
        );
        assert!(card.links.sms.is_some());
        // A mail that greets both is not offered to one.
        assert_eq!(of_step("make", language, "the choir", None, &reached).links.mail, None);
        assert_eq!(of_step("make", language, "x", Some("clara@example.org"), &details()).links.mail, None);
        let ask = of_step("ask", language, "the choir", Some("clara@example.org"), &reached);
        assert!(ask.links.mail.unwrap().starts_with("mailto:anna@example.org?"));
    }
}
