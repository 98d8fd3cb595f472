//! From a mail's header to an interaction.

use kith_plugin::{Interaction, InteractionKind, Party, Place};
use mail_parser::{Addr, DateTime, HeaderName, MessageParser};

use crate::left_out::{LeftOut, left_out};
use crate::split::posted;

/// The most characters of a subject.
const LONGEST_SUBJECT: usize = 200;

/// What a header is.
#[derive(Debug)]
pub(crate) enum Read {
    /// Contact; its place is still to be said.
    Interaction(Box<Interaction>),
    /// None, and for a reason that is counted.
    LeftOut(LeftOut),
}

/// Reads headers.
pub(crate) struct Headers {
    parser: MessageParser,
}

impl Default for Headers {
    /// One that reads the fields that are used, and passes over all others.
    fn default() -> Self {
        let raw = [
            "Auto-Submitted",
            "Content-Type",
            "Date",
            "List-Id",
            "List-Post",
            "List-Unsubscribe",
            "Message-ID",
            "Precedence",
            "Return-Path",
            "X-Autoreply",
            "X-Spam-Flag",
            "X-Spam-Status",
            "X-Status",
        ];
        let parser = MessageParser::new()
            .default_header_ignore()
            .header_address(HeaderName::From)
            .header_address(HeaderName::Sender)
            .header_address(HeaderName::To)
            .header_address(HeaderName::Cc)
            .header_text(HeaderName::Subject)
            .header_text(HeaderName::Other("X-Gmail-Labels".into()));
        let parser = raw
            .into_iter()
            .filter_map(HeaderName::parse)
            .fold(parser, |parser, name| parser.header_raw(name));
        Self { parser }
    }
}

impl Headers {
    /// Reads a header, and the line before it in its mbox.
    ///
    /// # Errors
    /// Why it cannot be taken, in words.
    pub(crate) fn read(&self, header: &[u8], postmark: &[u8]) -> Result<Read, &'static str> {
        let text = kith_lines::decode(header);
        let mail = self.parser.parse_headers(text.as_bytes()).ok_or("the mail has no header")?;
        let senders = mail.from().or_else(|| mail.sender());
        let from = senders.and_then(|list| list.iter().find_map(party));
        let address = from.as_ref().and_then(|from| from.emails.first());
        if let Some(why) = left_out(&mail, address.map_or("", String::as_str)) {
            return Ok(Read::LeftOut(why));
        }
        let from = from.ok_or("the mail does not say who wrote it")?;
        let raw = |name| mail.header(name).and_then(|value| value.as_text());
        let when = raw(HeaderName::Date)
            .and_then(moment)
            .or_else(|| posted(postmark).and_then(|date| moment(&date)))
            .ok_or("the mail has no date")?;
        let to = mail.all_to().chain(mail.all_cc()).flat_map(|list| list.iter()).filter_map(party);
        Ok(Read::Interaction(Box::new(Interaction {
            at: Place::default(),
            uid: raw(HeaderName::MessageId).and_then(message_id),
            kind: InteractionKind::Message,
            when,
            from: Some(from),
            to: without_repetition(to),
            subject: mail.subject().and_then(|subject| one_line(subject, LONGEST_SUBJECT)),
        })))
    }
}

/// Somebody in a list of addresses; nothing for what is no address.
fn party(addr: &Addr<'_>) -> Option<Party> {
    let address = addr.address.as_deref()?.trim();
    let (local, domain) = address.rsplit_once('@')?;
    (!local.is_empty() && !domain.is_empty()).then(|| Party {
        // Many programs repeat the address as a name.
        name: addr.name.as_deref().filter(|name| !name.contains('@')).and_then(|name| one_line(name, 200)),
        emails: vec![address.to_owned()],
        ..Party::default()
    })
}

/// Whoever is in `To` and in `Cc` is one.
fn without_repetition(parties: impl Iterator<Item = Party>) -> Vec<Party> {
    let mut seen = std::collections::HashSet::new();
    parties.filter(|party| seen.insert(party.emails.join(" ").to_lowercase())).collect()
}

/// A date (RFC 5322 section 3.3), as interactions have it. Without a zone it is in UTC.
fn moment(date: &str) -> Option<String> {
    DateTime::parse_rfc822(date)
        .or_else(|| DateTime::parse_rfc822(&format!("{} +0000", date.trim())))
        .filter(DateTime::is_valid)
        .map(|moment| moment.to_rfc3339())
}

/// A Message-ID in its brackets (RFC 5322 section 3.6.4).
fn message_id(value: &str) -> Option<String> {
    let value = value.trim();
    let id = value.split_once('<').and_then(|(_, rest)| rest.split_once('>')).map_or(value, |(id, _)| id);
    let id: String = id.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    (!id.is_empty()).then(|| format!("<{id}>"))
}

/// A text in one line, no longer than so many characters.
fn one_line(text: &str, longest: usize) -> Option<String> {
    let words: Vec<&str> = text.split(|c: char| c.is_whitespace() || c.is_control()).collect();
    let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
    let line: String = words.join(" ").chars().take(longest).collect();
    (!line.is_empty()).then_some(line)
}
