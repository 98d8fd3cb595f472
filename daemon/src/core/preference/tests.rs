//! What holds of preferences.

use super::*;

#[test]
fn a_language_has_its_name() {
    for (tag, told) in [
        ("de", "in German"),
        ("en", "in English"),
        ("de-x-sie", "in German, with Sie"),
        ("de-AT", "in the language de-AT"),
        ("de-AT-x-sie", "in the language de-AT-x-sie"),
        ("sw", "in the language sw"),
    ] {
        assert_eq!(tag.parse::<Language>().unwrap().in_words(), told);
    }
}

#[test]
fn what_somebody_types_is_checked() {
    for (column, typed, stored) in [
        (Column::Ease, "hard", "hard"),
        (Column::Channel, "meet", "meet"),
        (Column::Setting, "group", "group"),
        (Column::Hesitation, "no-time", "no-time"),
        (Column::TimeLimit, " 30", "30"),
        (Column::Language, "DE", "de"),
        (Column::Language, "pt-br", "pt-BR"),
        (Column::Language, "ZH-hant-tw", "zh-Hant-TW"),
        (Column::Language, "de-x-Sie", "de-x-sie"),
        (Column::BestTime, "Evening", "evening"),
        (Column::BestTime, "9:05", "09:05"),
        (Column::BestTime, "Saturday morning", "sat morning"),
        (Column::BestTime, "thu, tue 18:30", "tue thu 18:30"),
        (Column::BestTime, "mon tue wed thu fri 18:00-20:00", "weekdays 18:00-20:00"),
        (Column::BestTime, "weekend", "weekend"),
        (Column::HowMet, "at the choir", "at the choir"),
    ] {
        assert_eq!(canonical(column, typed).as_deref(), Ok(stored), "{typed}");
        assert_eq!(canonical(column, stored).as_deref(), Ok(stored), "{stored}");
    }
    for (column, typed) in [
        (Column::Ease, "Easy"),
        (Column::Channel, "pigeon"),
        (Column::Setting, ""),
        (Column::Hesitation, "shy"),
        (Column::TimeLimit, "0"),
        (Column::TimeLimit, "1441"),
        (Column::TimeLimit, "half an hour"),
        (Column::Language, "german"),
        (Column::Language, "d"),
        (Column::Language, "de-"),
        (Column::Language, "de-x"),
        (Column::Language, "../de"),
        (Column::BestTime, ""),
        (Column::BestTime, "soon"),
        (Column::BestTime, "24:00"),
        (Column::BestTime, "18:30-18:00"),
        (Column::BestTime, "evening sat"),
        (Column::BestTime, "+9:00"),
    ] {
        let error = canonical(column, typed).unwrap_err().to_string();
        assert!(error.starts_with(&format!("{typed:?} is not ")) && error.contains("; write "), "{error}");
    }
}

#[test]
fn a_best_time_is_on_some_days_of_the_week() {
    for (best, on) in [
        ("evening", [true, true]),
        ("fri 18:30", [true, false]),
        ("sat morning", [false, true]),
        ("weekdays 18:00-20:00", [true, false]),
        ("weekend", [false, true]),
    ] {
        let best: BestTime = best.parse().unwrap();
        assert_eq!([Weekday::Friday, Weekday::Saturday].map(|day| best.is_on(day)), on, "{best}");
    }
}

#[test]
fn a_language_falls_back_to_shorter_tags() {
    let language: Language = "zh-Hant-TW".parse().unwrap();
    assert_eq!(language.fallbacks().collect::<Vec<_>>(), ["zh-Hant-TW", "zh-Hant", "zh"]);
}
