//! What the user is like, and after.

use serde::Deserialize;

use crate::core::word;

/// What the user is like, and after: it shapes whom the plan brings in.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What the user does: `heat pumps`; or empty.
    pub field: String,
    /// How the user likes to talk.
    pub temperament: Temperament,
    /// Whether the user practises: of those who are due the easy ones come first.
    pub practice: bool,
    /// What the user is looking for now, in one sentence; or empty.
    pub looking_for: String,
}

impl Profile {
    /// What the user is looking for, if they say it.
    #[must_use]
    pub fn looking_for(&self) -> Option<&str> {
        Some(self.looking_for.trim()).filter(|text| !text.is_empty())
    }
}

/// How the user likes to talk.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Temperament {
    /// Nothing is said of it.
    #[default]
    Any,
    /// Few deep talks: people never spoken to get shared places only.
    Deep,
    /// Many light ones: twice as many places are shared.
    Light,
}

impl Temperament {
    /// Every one, with its name in kith.toml.
    const NAMES: [(Self, &str); 3] = [(Self::Any, ""), (Self::Deep, "deep"), (Self::Light, "light")];
}

impl<'de> Deserialize<'de> for Temperament {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let found = word::named(&Self::NAMES, &text);
        found.ok_or_else(|| {
            serde::de::Error::custom(format!(
                "{text:?} is no temperament; write \"deep\" (few deep talks), \"light\" (many light ones) or \"\""
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::settings::Settings;

    #[test]
    fn a_profile_is_read_and_checked() {
        let profile = |text: &str| Settings::parse(text).map(|settings| settings.profile);
        assert_eq!(profile(""), Ok(Profile::default()));
        let said = profile("[profile]\ntemperament = 'deep'\nlooking_for = ' work '").unwrap();
        assert_eq!((said.temperament, said.looking_for()), (Temperament::Deep, Some("work")));
        assert!(profile("[profile]\npractice = true").unwrap().practice);
        let bad = profile("[profile]\npractice = 'easy'").unwrap_err().to_string();
        assert!(bad.contains("profile.practice") && bad.contains("true or false"), "{bad}");
        let bad = profile("[profile]\ntemperament = 'loud'").unwrap_err().to_string();
        assert!(bad.contains("temperament") && bad.contains("deep"), "{bad}");
    }
}
