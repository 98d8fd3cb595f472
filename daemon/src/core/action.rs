//! What can be done with a follow-up from where it is shown: in a calendar, in a mail, on a page.
//!
//! Each of these has a link of its own, which does that one thing with that one follow-up. A link
//! is signed ([RFC 2104](https://www.rfc-editor.org/rfc/rfc2104)), so that nobody can make one up,
//! and says nothing of when it was made: it is good while the follow-up is open, and the text that
//! it stands in stays the same.

use std::fmt;
use std::str::FromStr;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::follow_up::Kind;
use super::word;

/// How much of the HMAC stands in a link: half of it is the least (RFC 2104 section 5), and nobody
/// guesses 128 bits.
const SIGNED: usize = 16;

/// What a link does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// It was done as the plan asked for it.
    Done,
    /// It was done, and otherwise.
    Log,
    /// It was tried in vain.
    NoAnswer,
    /// It is put off to a later day.
    Snooze,
    /// They are left alone for some months.
    NotNow,
    /// They are left alone for good.
    Never,
}

impl Action {
    /// Every action, with its name in links.
    const NAMES: [(Self, &str); 6] = [
        (Self::Done, "done"),
        (Self::Log, "log"),
        (Self::NoAnswer, "no-answer"),
        (Self::Snooze, "snooze"),
        (Self::NotNow, "not-now"),
        (Self::Never, "never"),
    ];

    /// What can be done with a follow-up of that kind.
    ///
    /// A day of theirs does not wait; and only who is called or visited can fail to answer at once.
    #[must_use]
    pub fn of(kind: Kind) -> &'static [Self] {
        match kind {
            Kind::Birthday | Kind::Date => &[Self::Done, Self::Log, Self::NotNow, Self::Never],
            Kind::KeepInTouch | Kind::Rekindle | Kind::SecondTry | Kind::Goal | Kind::Occasion => {
                &[Self::Done, Self::Log, Self::NoAnswer, Self::Snooze, Self::NotNow, Self::Never]
            }
            _ => &[Self::Done, Self::Log, Self::Snooze, Self::NotNow, Self::Never],
        }
    }

    /// What it is called where it is offered.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Done => "Done",
            Self::Log => "It went otherwise",
            Self::NoAnswer => "No answer",
            Self::Snooze => "Later",
            Self::NotNow => "Not now",
            Self::Never => "Never",
        }
    }
}

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(word::of(&Self::NAMES, self))
    }
}

impl FromStr for Action {
    type Err = UnknownAction;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        word::named(&Self::NAMES, text).ok_or(UnknownAction)
    }
}

/// A text that names no action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownAction;

/// What links are signed with.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(Vec<u8>);

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret")
    }
}

impl Secret {
    /// The secret of these random bytes.
    #[must_use]
    pub fn new(bytes: &[u8]) -> Self {
        Self(bytes.to_vec())
    }

    /// The path of the link that does one thing with what has that name.
    #[must_use]
    pub fn path(&self, action: impl fmt::Display, of: impl fmt::Display) -> String {
        let purpose = format!("{action}/{of}");
        let signature = self.hmac(&purpose).map(|hmac| hmac.finalize().into_bytes());
        let signature = signature.as_ref().map_or(&[] as &[u8], |bytes| &bytes[..SIGNED]);
        format!("/do/{purpose}/{}", URL_SAFE_NO_PAD.encode(signature))
    }

    /// Whether a link that does one thing with what has that name was signed with this secret. How
    /// long it takes to say so does not tell how much of a guess was right.
    #[must_use]
    pub fn signed(&self, action: impl fmt::Display, of: impl fmt::Display, signature: &str) -> bool {
        let signature = URL_SAFE_NO_PAD.decode(signature).ok().filter(|bytes| bytes.len() == SIGNED);
        let hmac = self.hmac(&format!("{action}/{of}"));
        hmac.zip(signature).is_some_and(|(hmac, signature)| hmac.verify_truncated_left(&signature).is_ok())
    }

    /// None never: a key of any length will do.
    fn hmac(&self, purpose: &str) -> Option<Hmac<Sha256>> {
        Some(Hmac::<Sha256>::new_from_slice(&self.0).ok()?.chain_update(purpose))
    }
}

/// Where links lead, and what they are signed with.
#[derive(Debug, Clone, Copy)]
pub struct Links<'a> {
    /// The address of the service: `http://127.0.0.1:5484`.
    pub address: &'a str,
    /// What they are signed with.
    pub secret: &'a Secret,
}

impl Links<'_> {
    /// The link that does that with the follow-up of that UUID.
    #[must_use]
    pub fn to(&self, action: Action, uuid: &str) -> String {
        format!("{}{}", self.address, self.secret.path(action, uuid))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn actions_have_one_name_each() {
        for (action, name) in Action::NAMES {
            assert_eq!(action.to_string(), name);
            assert_eq!(name.parse(), Ok(action));
        }
        assert_eq!("undo".parse::<Action>(), Err(UnknownAction));
    }

    #[test]
    fn a_link_is_good_for_one_thing() {
        let secret = Secret::new(&[7; 32]);
        let path = secret.path(Action::Done, "1234");
        assert_eq!(path, secret.path(Action::Done, "1234"), "the same link each time");
        let signature = path.strip_prefix("/do/done/1234/").unwrap();
        assert_eq!(signature.len(), 22);
        let changed = {
            let (head, last) = signature.split_at(21);
            // The last of 22 letters holds two bits.
            format!("{head}{}", if last == "A" { "Q" } else { "A" })
        };
        for (name, action, of, signature, expected) in [
            ("as it was made", Action::Done, "1234", signature, true),
            ("another action", Action::Never, "1234", signature, false),
            ("another follow-up", Action::Done, "1235", signature, false),
            ("another signature", Action::Done, "1234", changed.as_str(), false),
            ("a part of it", Action::Done, "1234", &signature[..20], false),
            ("none", Action::Done, "1234", "", false),
            ("no base64", Action::Done, "1234", "ä", false),
        ] {
            assert_eq!(secret.signed(action, of, signature), expected, "{name}");
        }
        assert!(!Secret::new(&[8; 32]).signed(Action::Done, "1234", signature), "another secret");
        assert_eq!(format!("{secret:?}"), "Secret");
    }

    /// The first test case of RFC 4231.
    #[test]
    fn the_signature_is_an_hmac() {
        let hmac = Secret::new(&[0x0b; 20]).hmac("Hi There").unwrap().finalize().into_bytes();
        assert_eq!(hmac[..4], [0xb0, 0x34, 0x4c, 0x61]);
    }
}
