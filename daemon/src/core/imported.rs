//! What contact that was imported counts as: whom the user was in touch with, and how.

use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};
use kith_plugin::{Interaction, InteractionKind, Party};

use super::facts::has_happened;
use super::how::How;
use super::identity::email_key;
use super::name::PersonName;
use super::settings::Me;

/// What goes to more people is for none of them in particular: it restarts no clock (issue 4).
const MOST_PEOPLE: usize = 5;

/// What an interaction counts as.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contacted<'a> {
    /// On which day, where the user was.
    pub day: Date,
    /// In which way.
    pub how: How,
    /// With whom; never the user.
    pub with: Vec<&'a Party>,
    /// Whether it is not known who of them is the user, and so neither what
    /// they wrote nor whether they took part.
    pub guessed: bool,
}

/// Why an interaction does not count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoContact {
    /// Its date cannot be read.
    NoDate,
    /// It is yet to come.
    Future,
    /// It was for many.
    Many,
    /// Nobody but the user took part.
    Alone,
    /// The user took no part.
    Strangers,
}

impl std::fmt::Display for NoContact {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NoDate => f.write_str("its date cannot be read"),
            Self::Future => f.write_str("it is yet to come"),
            Self::Many => write!(f, "more than {MOST_PEOPLE} people took part"),
            Self::Alone => f.write_str("nobody else took part"),
            Self::Strangers => f.write_str(
                "you took no part (if you did: an address of yours, or your name, is missing in [me] of kith.toml)",
            ),
        }
    }
}

/// What an interaction counts as for the user who is `me`, when and where they are: `here`.
///
/// # Errors
/// Why it does not count.
pub fn contacted<'a>(
    interaction: &'a Interaction,
    me: &Me,
    here: &Zoned,
) -> Result<Contacted<'a>, NoContact> {
    let day = day_of(&interaction.when, here.time_zone()).ok_or(NoContact::NoDate)?;
    // A meeting of tonight may still be called off.
    let is_planned = interaction.kind == InteractionKind::Meeting && !has_begun(&interaction.when, here);
    if is_planned || !has_happened(day, here.date()) {
        return Err(NoContact::Future);
    }
    let from = interaction.from.as_ref();
    let from_me = from.is_some_and(|party| is_me(party, me));
    let others: Vec<&Party> =
        from.into_iter().chain(&interaction.to).filter(|party| !is_me(party, me)).collect();
    let to_me = interaction.to.iter().any(|party| is_me(party, me));
    match others.len() {
        0 => return Err(NoContact::Alone),
        1..=MOST_PEOPLE => {}
        _ => return Err(NoContact::Many),
    }
    let is_others = from.is_some() && !from_me && !to_me && me.has_addresses();
    let (how, with) = match (interaction.kind, from) {
        // Somebody invited others: a calendar that is shared, or kept for somebody.
        (InteractionKind::Meeting, _) if is_others => return Err(NoContact::Strangers),
        (InteractionKind::Meeting, _) => (How::Met, others),
        (InteractionKind::Call, _) => (How::Called, others),
        (InteractionKind::Talk, _) => (How::Talked, others),
        (InteractionKind::Attempt, _) => (How::Tried, others),
        (InteractionKind::Message, _) if from_me => (How::Wrote, others),
        // What names no receiver is in the user's own box, and so is what names
        // addresses of which none is said to be the user's.
        (InteractionKind::Message, Some(from))
            if to_me || interaction.to.is_empty() || !me.has_addresses() =>
        {
            (How::Heard, vec![from])
        }
        (InteractionKind::Message, _) => return Err(NoContact::Strangers),
    };
    let is_sided = from.is_some() && !interaction.to.is_empty();
    let guessed = is_sided && !from_me && !to_me && !may_find(me, from.into_iter().chain(&interaction.to));
    Ok(Contacted { day, how, with, guessed })
}

/// Whether the user would be found among these, if they are one of them.
fn may_find<'a>(me: &Me, mut parties: impl Iterator<Item = &'a Party>) -> bool {
    let by_name = parties.all(|party| party.emails.is_empty() && party.phones.is_empty());
    me.has_addresses() || by_name && !me.name.is_empty()
}

/// Whether a party is the user. A name counts only where nothing else is said.
fn is_me(party: &Party, me: &Me) -> bool {
    let mail = |address: &String| me.emails.iter().any(|own| email_key(own) == email_key(address));
    let phone = |number: &String| me.has_phone(number);
    let own_name = PersonName::of_text(&me.name);
    let named = || {
        let name = PersonName::of_text(party.name.as_deref().unwrap_or_default());
        !own_name.is_empty() && name == own_name
    };
    party.me
        || party.emails.iter().any(mail)
        || party.phones.iter().any(phone)
        || (party.emails.is_empty() && party.phones.is_empty() && named())
}

/// The day of a moment, where the user was.
fn day_of(when: &str, zone: &TimeZone) -> Option<Date> {
    if let Ok(moment) = when.parse::<Timestamp>() {
        return Some(moment.to_zoned(zone.clone()).date());
    }
    when.parse::<DateTime>().map(DateTime::date).or_else(|_| when.parse()).ok()
}

/// Whether a moment, or a time of day where the user is, has come; of a whole day, whether the day has.
fn has_begun(when: &str, here: &Zoned) -> bool {
    if let Ok(moment) = when.parse::<Timestamp>() {
        return moment <= here.timestamp();
    }
    match when.parse::<DateTime>() {
        Ok(time) => time <= here.datetime(),
        Err(_) => when.parse::<Date>().is_ok_and(|day| day <= here.date()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn who(text: &str) -> Party {
        match text {
            "me!" => Party { me: true, ..Party::default() },
            mail if mail.contains('@') => Party { emails: vec![mail.to_owned()], ..Party::default() },
            phone if phone.starts_with('+') => Party { phones: vec![phone.to_owned()], ..Party::default() },
            name => Party { name: Some(name.to_owned()), ..Party::default() },
        }
    }

    fn judged(kind: InteractionKind, when: &str, from: &str, to: &str, me: &Me) -> String {
        let parties =
            |text: &str| text.split(", ").filter(|text| !text.is_empty()).map(who).collect::<Vec<_>>();
        let interaction = Interaction {
            at: kith_plugin::Place::default(),
            uid: None,
            kind,
            when: when.to_owned(),
            from: parties(from).pop(),
            to: parties(to),
            subject: None,
        };
        let zone = TimeZone::get("America/New_York").unwrap();
        let here = Date::constant(2026, 11, 22).at(10, 0, 0, 0).to_zoned(zone).unwrap();
        match contacted(&interaction, me, &here) {
            Err(why) => format!("{why:?}"),
            Ok(Contacted { day, how, with, guessed }) => {
                let with = with.iter().map(|party| {
                    let said = party.name.iter().chain(&party.emails).chain(&party.phones);
                    said.cloned().collect::<String>()
                });
                let guessed = if guessed { "?" } else { "" };
                format!("{day} {how} {}{guessed}", with.collect::<Vec<_>>().join(", "))
            }
        }
    }

    #[test]
    fn the_direction_comes_from_who_the_user_is() {
        use InteractionKind::{Call, Meeting, Message};
        let me = Me {
            name: "Ida Ich".to_owned(),
            emails: vec!["Ida@i.example".to_owned()],
            phones: vec!["+49 170 7654321".to_owned()],
            ..Me::default()
        };
        let nobody = Me::default();
        for (name, kind, from, to, me, expected) in [
            ("written", Message, "ida@I.example", "anna@a.example", &me, "wrote anna@a.example"),
            ("to several", Message, "ida@i.example", "a@x, b@x", &me, "wrote a@x, b@x"),
            ("heard", Message, "anna@a.example", "ida@i.example, b@x", &me, "heard anna@a.example"),
            ("heard by number", Message, "Anna", "+491707654321", &me, "heard Anna"),
            ("own name in a chat", Message, "Ida Ich", "Anna", &me, "wrote Anna"),
            ("marked as own", Message, "me!", "Anna", &nobody, "wrote Anna"),
            ("no receiver", Message, "Anna", "", &me, "heard Anna"),
            ("who the user is, is not known", Message, "a@x", "b@x", &nobody, "heard a@x?"),
            ("between others", Message, "a@x", "b@x", &me, "Strangers"),
            ("to oneself", Message, "ida@i.example", "ida@i.example", &me, "Alone"),
            ("no sender", Message, "", "a@x", &me, "Strangers"),
            ("to six", Message, "ida@i.example", "a@x, b@x, c@x, d@x, e@x, f@x", &me, "Many"),
            ("from one of six", Message, "a@x", "ida@i.example, b@x, c@x, d@x, e@x, f@x", &me, "Many"),
            ("a call", Call, "Anna", "ida@i.example", &me, "called Anna"),
            ("a meeting", Meeting, "ida@i.example", "Anna, Bert", &me, "met Anna, Bert"),
            ("whoever invited", Meeting, "", "Anna, Bert", &me, "met Anna, Bert"),
            ("invited", Meeting, "a@x", "b@x, Ida@i.example", &me, "met a@x, b@x"),
            ("invited by name", Meeting, "a@x", "Ida Ich", &me, "met a@x"),
            ("of others", Meeting, "a@x", "b@x, c@x", &me, "Strangers"),
            ("of others, by name", Meeting, "Anna", "Bert", &me, "Strangers"),
            ("of who is not known", Meeting, "a@x", "b@x", &nobody, "met a@x, b@x?"),
            ("an appointment", Meeting, "ida@i.example", "", &me, "Alone"),
            ("name is not enough beside an address", Message, "Ida Ich", "c@x", &me, "wrote c@x"),
        ] {
            let expected =
                if expected.contains(' ') { format!("2026-11-20 {expected}") } else { expected.to_owned() };
            assert_eq!(judged(kind, "2026-11-20", from, to, me), expected, "{name}");
        }
    }

    #[test]
    fn a_meeting_counts_once_it_has_begun() {
        use InteractionKind::{Meeting, Message};
        let me = Me { emails: vec!["ida@i.example".to_owned()], ..Me::default() };
        // It is ten in the morning in New York.
        for (kind, when, counts) in [
            (Meeting, "2026-11-22T14:00:00Z", true),
            (Meeting, "2026-11-22T23:00:00Z", false),
            (Meeting, "2026-11-22T09:00:00", true),
            (Meeting, "2026-11-22T19:00:00", false),
            (Meeting, "2026-11-22", true),
            (Meeting, "2026-11-23", false),
            (Message, "2026-11-23", true),
        ] {
            let said = judged(kind, when, "ida@i.example", "a@x", &me);
            assert_eq!(said == "Future", !counts, "{when}: {said}");
        }
    }

    #[test]
    fn the_day_is_that_of_the_user() {
        let nobody = Me::default();
        for (when, expected) in [
            ("2026-07-01", "2026-07-01 heard Anna"),
            ("2026-07-01T23:30:00", "2026-07-01 heard Anna"),
            ("2026-07-01T02:00:00Z", "2026-06-30 heard Anna"),
            ("2026-07-01T08:00:00+09:00", "2026-06-30 heard Anna"),
            ("2026-12-24T10:00:00", "Future"),
            ("1 July", "NoDate"),
            ("2026-02-30", "NoDate"),
            ("", "NoDate"),
        ] {
            assert_eq!(judged(InteractionKind::Message, when, "Anna", "", &nobody), expected, "{when}");
        }
    }
}
