//! Words of the card that depend on one choice alone.

use crate::core::how::How;
use crate::core::preference::Hesitation;

/// How they were in touch, without whom.
pub(super) fn did(how: How) -> &'static str {
    match how {
        How::Met => "you met",
        How::Talked => "you talked",
        How::Called => "you talked on the phone",
        How::Heard => "you heard from them",
        How::Wrote => "you wrote",
        How::Tried => "you tried to reach them",
    }
}

/// What to keep in mind with somebody who hesitates.
pub(super) fn advice(hesitation: Hesitation) -> &'static str {
    match hesitation {
        Hesitation::Sceptical => "sceptical; make plain what is in it for both of you, and do not press.",
        Hesitation::NoTime => "no time; be short, and keep to it.",
        Hesitation::NoInterest => "no interest; take an interest in their work before you speak of yours.",
        Hesitation::Afraid => {
            "afraid to open up; trust first: tell what others lived through, ask open questions, and keep what you hear to yourself."
        }
        Hesitation::OwnReasons => "reasons of their own; be patient, and leave the door open.",
    }
}
