//! Contact that the user had with others, as a message on the wire.

use serde::{Deserialize, Serialize};

use crate::Place;

/// One message, call or meeting between the user and others. Never its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interaction {
    /// Where it stands.
    pub at: Place,
    /// What it is known by, the same again in a later export: a Message-ID, a
    /// calendar event's UID. Absent: what it says tells it from others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// What it was.
    pub kind: InteractionKind,
    /// `2026-07-01T10:00:00Z`, with an offset, without one (where the user
    /// was), or the day alone.
    pub when: String,
    /// Who wrote it; of calls and meetings whoever began, if that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Party>,
    /// The others who took part.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub to: Vec<Party>,
    /// What it was about, in a few words: a subject, never the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
}

/// What an interaction was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum InteractionKind {
    /// Somebody wrote to others: a letter, a mail, a chat's line.
    Message,
    /// They talked from afar.
    Call,
    /// They met.
    Meeting,
    /// They talked, in a way that is not said.
    Talk,
    /// One tried to reach the other, and did not.
    Attempt,
}

/// Who took part in an interaction, as far as its source tells.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Party {
    /// Whether it is the user, where the source knows that.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub me: bool,
    /// The `uid` of their record, if this importer writes one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uid: Option<String>,
    /// The name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Email addresses.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<String>,
    /// Telephone numbers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<String>,
    /// Addresses of profiles at services.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub profiles: Vec<String>,
}
