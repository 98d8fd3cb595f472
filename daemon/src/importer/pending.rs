//! Stand-ins for the built-in importers until their packages have them.

use kith_plugin::{Failure, Importer, Output, Part};

pub(super) struct VCard;
pub(super) struct Csv;

impl Importer for VCard {
    const NAME: &'static str = "vcard";

    fn import(&mut self, _: &mut Part<'_>, _: &mut Output<'_>) -> Result<(), Failure> {
        Err(Failure::input("this build does not have the importer"))
    }
}

impl Importer for Csv {
    const NAME: &'static str = "csv";

    fn import(&mut self, _: &mut Part<'_>, _: &mut Output<'_>) -> Result<(), Failure> {
        Err(Failure::input("this build does not have the importer"))
    }
}
