//! Where a message goes: to whom the card is about, or to two at once.

use super::Sketch;
use crate::core::draft::Draft;
use crate::core::introduction::Step;

/// What opens a message that is ready, where they have the means.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Links {
    /// As a mail.
    pub mail: Option<String>,
    /// As a short message.
    pub sms: Option<String>,
}

impl Sketch<'_> {
    /// The links of its message. The mail that introduces two people greets both,
    /// so it goes to both or, where one has no address, is not offered. Short
    /// messages go to one always: no two telephones agree how to name several.
    pub(super) fn links(&self, draft: &Draft) -> Links {
        let address = self.details.email.as_deref();
        let both = self.introduced().filter(|(_, step, _)| *step == Step::Make);
        let to = match &both {
            None => address.map(|address| vec![address]),
            Some((known, ..)) => {
                address.zip(known.between.to_email.as_deref()).map(|(one, two)| vec![one, two])
            }
        };
        Links {
            mail: to.map(|to| draft.mailto(&to)),
            sms: self.details.mobile.as_deref().and_then(|number| draft.sms_to(number)),
        }
    }
}
