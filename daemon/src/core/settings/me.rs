//! Who the user is.

use serde::Deserialize;

use super::BadSettings;
use crate::core::phone::{self, Region};
use crate::core::preference::Language;

/// Who the user is, so that their own card is never planned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Me {
    /// The user's name, or empty.
    pub name: String,
    /// The user's email addresses.
    pub emails: Vec<String>,
    /// The user's telephone numbers.
    pub phones: Vec<String>,
    /// The country the user's telephone is in, as two letters, or empty.
    pub region: String,
    /// The language that the user talks in (BCP 47), or empty.
    pub language: String,
}

impl Me {
    /// Whether anything but a name says who the user is.
    #[must_use]
    pub fn has_addresses(&self) -> bool {
        !self.emails.is_empty() || !self.phones.is_empty()
    }

    /// The country of numbers that do not say theirs: the one that is set, else
    /// that of the user's own number.
    #[must_use]
    pub fn home(&self) -> Option<Region> {
        Region::named(&self.region).or_else(|| self.phones.iter().find_map(|own| Region::of_number(own)))
    }

    /// The language that the user talks in.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        self.language.parse().ok()
    }

    /// Whether a telephone number is the user's.
    #[must_use]
    pub fn has_phone(&self, number: &str) -> bool {
        let home = self.home();
        self.phones.iter().any(|own| phone::is_same(own, number, home))
    }

    pub(super) fn check(&self) -> Result<(), BadSettings> {
        if !self.language.is_empty()
            && let Err(unfit) = self.language.parse::<Language>()
        {
            return Err(BadSettings(format!("me.language: {unfit}, or leave it empty")));
        }
        if self.region.is_empty() || Region::named(&self.region).is_some() {
            return Ok(());
        }
        Err(BadSettings(format!(
            "me.region = {:?}: there is no such country; write its two letters, such as \"DE\", or leave it empty",
            self.region
        )))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_users_own_number_says_where_they_are() {
        let me = |region: &str, phones: &[&str]| Me {
            region: region.to_owned(),
            phones: phones.iter().map(|&phone| phone.to_owned()).collect(),
            ..Me::default()
        };
        for (region, phones, home) in [
            ("", &[][..], ""),
            ("", &["0170 1234567"], ""),
            ("", &["0170 1234567", "+49 170 1234567"], "DE"),
            ("AT", &["+49 170 1234567"], "AT"),
        ] {
            assert_eq!(me(region, phones).home(), Region::named(home), "{region} {phones:?}");
        }
        let me = me("DE", &["0170 1234567"]);
        assert!(me.has_phone("+49 170 1234567") && !me.has_phone("+43 170 1234567"));
    }
}
