//! Reads the headers of mail for kith: mbox files (RFC 4155 and its relatives),
//! and single mails (.eml, a file of a Maildir).
//!
//! | step | module |
//! |---|---|
//! | the stream is divided into mails; of each the header is kept and the body passed over | `split` |
//! | a header becomes an interaction, by `mail_parser` | `header` |
//! | mail that nobody wrote to anybody in particular is left out | `left_out` |
//!
//! Nothing of a body is ever held, but for the line that is being looked at
//! for the beginning of the next mail.

mod header;
mod left_out;
mod split;

use kith_lines::LineReader;
use kith_plugin::{Failure, Importer, Output, Part, Place, Tally};

use crate::header::{Headers, Read};
use crate::split::{Ending, LARGEST_HEADER, Splitter};

/// The importer of mail.
#[derive(Debug, Clone, Copy, Default)]
pub struct Mbox;

impl Importer for Mbox {
    const NAME: &'static str = "mbox";

    fn import(&mut self, part: &mut Part<'_>, out: &mut Output<'_>) -> Result<(), Failure> {
        if part.header().bytes == 0 {
            return Err(Failure::empty());
        }
        let whole = part.place(0);
        let mut mails = Splitter::new(LineReader::new(part));
        let headers = Headers::default();
        let mut tally = Tally::default();
        let mut any = false;
        while let Some(mail) = mails.next()? {
            any = true;
            let at = Place { line: mail.line, ..whole };
            match mail.ending {
                Ending::Whole => match headers.read(mails.header(), mails.postmark()) {
                    Ok(Read::Interaction(interaction)) => {
                        out.interaction(kith_plugin::Interaction { at, ..*interaction })?;
                    }
                    Ok(Read::LeftOut(why)) => tally.count(why),
                    Err(reason) => out.skipped(at, reason)?,
                },
                Ending::TooLarge => {
                    out.skipped(
                        at,
                        format!("the mail's header is larger than {} KiB", LARGEST_HEADER >> 10),
                    )?;
                }
                Ending::CutOff => out.skipped(
                    at,
                    "the mail is cut off at the end of the file; \
                     export again, or wait until the copy of the file is complete",
                )?,
            }
            out.progress(mails.source().read_so_far())?;
        }
        if !any {
            return Err(Failure::input(
                "the file holds no mail: it begins neither with a line “From …” nor with a header",
            )
            .hint("export a mail folder as mbox, or a mail as .eml, and drop that file instead"));
        }
        if let Some(said) = tally.said("mails") {
            out.skipped(whole, said)?;
        }
        Ok(())
    }
}
