//! A calendar as it is served, from the file it was published to.

use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use http_body::{Frame, SizeHint};
use jiff::Timestamp;
use jiff::fmt::rfc2822::DateTimePrinter;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io;
use std::os::unix::fs::FileExt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

/// How much of a file is read at once.
const PIECE: usize = 64 << 10;

/// A feed as it is served: the file it was published to, kept open.
///
/// A later version takes the place of the file by its name, so the one that is
/// open stays as it was, with its tag, for as long as somebody is reading it.
/// The text itself is not held: with 10,000 people that is 4 MB, which are
/// asked for every few hours.
#[derive(Debug, Clone)]
pub struct Document {
    file: Arc<File>,
    length: u64,
    pub(super) etag: HeaderValue,
    pub(super) last_modified: Option<HeaderValue>,
    pub(super) changed: Timestamp,
}

impl Document {
    /// A feed's file, which holds `bytes`, and when they last changed (which is at least a second
    /// after they changed before; [`crate::core::revision::Revision`] sees to that).
    #[must_use]
    pub fn new(file: File, bytes: &[u8], changed: Timestamp) -> Self {
        let hash = Sha256::digest(bytes);
        let hex: String = hash.iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let etag = HeaderValue::try_from(format!("\"{hex}\"")).unwrap_or(HeaderValue::from_static("\"\""));
        let date = DateTimePrinter::new().timestamp_to_rfc9110_string(&changed).ok();
        let last_modified = date.and_then(|date| HeaderValue::try_from(date).ok());
        Self { file: Arc::new(file), length: bytes.len() as u64, etag, last_modified, changed }
    }

    /// Its text, read as it is sent. If the file cannot be read, or was cut
    /// short, the answer breaks off before its announced end, and the client
    /// keeps what it has.
    pub(super) fn body(&self) -> Body {
        Body::new(Reading { file: Arc::clone(&self.file), at: 0, end: self.length })
    }
}

struct Reading {
    file: Arc<File>,
    at: u64,
    end: u64,
}

impl Reading {
    fn piece(&mut self) -> io::Result<Bytes> {
        let length = usize::try_from(self.end - self.at).unwrap_or(PIECE).min(PIECE);
        let mut piece = vec![0; length];
        self.file.read_exact_at(&mut piece, self.at)?;
        self.at += length as u64;
        Ok(Bytes::from(piece))
    }
}

impl http_body::Body for Reading {
    type Data = Bytes;
    type Error = io::Error;

    /// Reads without waiting for another thread: the file was just written, or
    /// read, and is in the system's memory.
    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        Poll::Ready((!self.is_end_stream()).then(|| self.piece().map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        self.at == self.end
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.end - self.at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn document(text: &[u8]) -> (Document, File) {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(text).unwrap();
        let other = file.try_clone().unwrap();
        (Document::new(file, text, "2026-11-04T07:00:00Z".parse().unwrap()), other)
    }

    /// The pieces as they would be sent, each whole or an error.
    fn pieces(body: Body) -> Vec<Result<Bytes, axum::Error>> {
        let mut body = Box::pin(body);
        let mut context = Context::from_waker(std::task::Waker::noop());
        let mut all = Vec::new();
        while let Poll::Ready(Some(frame)) = http_body::Body::poll_frame(body.as_mut(), &mut context) {
            let end = frame.is_err();
            all.push(frame.map(|frame| frame.into_data().unwrap()));
            if end {
                break;
            }
        }
        all
    }

    #[test]
    fn a_text_of_any_length_is_sent_whole_and_its_length_is_known() {
        for length in [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE + 7] {
            let text: Vec<u8> = (0..length).map(|at| b'a' + u8::try_from(at % 23).unwrap()).collect();
            let (document, _) = document(&text);
            let body = document.body();
            assert_eq!(http_body::Body::size_hint(&body).exact(), Some(length as u64));
            let sent: Vec<u8> = pieces(body).into_iter().flat_map(Result::unwrap).collect();
            assert!(sent == text, "{length}");
        }
    }

    #[test]
    fn a_file_that_was_cut_short_breaks_off() {
        let (document, file) = document(&vec![b'x'; 2 * PIECE]);
        file.set_len(PIECE as u64 + 1).unwrap();
        let sent = pieces(document.body());
        assert!(matches!(&sent[..], [Ok(_), Err(_)]), "{sent:?}");
    }
}
