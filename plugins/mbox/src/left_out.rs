//! Mail that is not contact between the user and somebody in particular.

use std::fmt;

use mail_parser::{HeaderName, Message};

/// Why a mail is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum LeftOut {
    /// It went to a list, or in bulk.
    List,
    /// A program wrote it.
    Automatic,
    /// It was not sent.
    Draft,
    /// Its program took it for spam.
    Spam,
}

impl fmt::Display for LeftOut {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::List => "of mailing lists",
            Self::Automatic => "automatic",
            Self::Draft => "not sent",
            Self::Spam => "spam",
        })
    }
}

/// Why a mail from `sender` (its address, if it has any) is to be left out, if it is.
pub(crate) fn left_out(mail: &Message<'_>, sender: &str) -> Option<LeftOut> {
    if is_spam(mail) {
        Some(LeftOut::Spam)
    } else if is_draft(mail) {
        Some(LeftOut::Draft)
    } else if is_automatic(mail, sender) {
        Some(LeftOut::Automatic)
    } else {
        is_of_a_list(mail).then_some(LeftOut::List)
    }
}

/// A header's text, if there is one.
fn text<'m>(mail: &'m Message<'_>, name: &'static str) -> Option<&'m str> {
    mail.header(HeaderName::parse(name)?).and_then(|value| value.as_text()).map(str::trim)
}

fn says(mail: &Message<'_>, name: &'static str, words: &[&str]) -> bool {
    text(mail, name).is_some_and(|value| {
        let word = value.split([';', ',', ' ', '(']).next().unwrap_or_default();
        words.iter().any(|wanted| word.eq_ignore_ascii_case(wanted))
    })
}

/// RFC 2919, RFC 2369; `Precedence` is older than any standard.
fn is_of_a_list(mail: &Message<'_>) -> bool {
    ["List-Id", "List-Post", "List-Unsubscribe"].iter().any(|name| text(mail, name).is_some())
        || says(mail, "Precedence", &["bulk", "list", "junk"])
}

/// RFC 3834 sections 2 and 5.
fn is_automatic(mail: &Message<'_>, sender: &str) -> bool {
    let auto_submitted = text(mail, "Auto-Submitted").is_some() && !says(mail, "Auto-Submitted", &["no"]);
    let report = text(mail, "Content-Type").is_some_and(|kind| starts(kind, "multipart/report"));
    auto_submitted
        || report
        || says(mail, "Precedence", &["auto_reply"])
        || text(mail, "X-Autoreply").is_some()
        || text(mail, "Return-Path") == Some("<>")
        || is_a_program(sender)
}

fn starts(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(start))
}

/// Whether an address is one at which nobody reads.
fn is_a_program(address: &str) -> bool {
    let local = address.rsplit_once('@').map_or(address, |(local, _)| local);
    let letters: String =
        local.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    ["noreply", "donotreply", "dontreply"].iter().any(|word| letters.contains(word))
        || ["mailerdaemon", "postmaster", "bounce", "bounces"].contains(&letters.as_str())
}

/// Gmail's labels are in the language of its user; mail programs of Unix mark drafts in `X-Status`.
fn is_draft(mail: &Message<'_>) -> bool {
    const LABELS: [&str; 12] = [
        "draft",
        "drafts",
        "entwurf",
        "entwürfe",
        "brouillon",
        "brouillons",
        "borrador",
        "borradores",
        "bozze",
        "rascunhos",
        "concepten",
        "utkast",
    ];
    has_label(mail, &LABELS) || text(mail, "X-Status").is_some_and(|flags| flags.contains('T'))
}

fn is_spam(mail: &Message<'_>) -> bool {
    has_label(mail, &["spam", "junk"])
        || says(mail, "X-Spam-Flag", &["yes"])
        || says(mail, "X-Spam-Status", &["yes"])
}

fn has_label(mail: &Message<'_>, words: &[&str]) -> bool {
    text(mail, "X-Gmail-Labels").is_some_and(|labels| {
        labels.split(',').any(|label| words.contains(&label.trim().to_lowercase().as_str()))
    })
}
