//! The dialect files of the user's own.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Dialect, DialectError};

/// A file that came along with the input.
#[derive(Deserialize)]
struct File {
    name: String,
    text: String,
}

/// The user's own dialects.
#[derive(Debug, Default)]
pub(crate) struct Own {
    /// Those that can be used.
    pub(crate) dialects: Vec<Dialect>,
    /// What is wrong with the others.
    pub(crate) broken: Vec<DialectError>,
}

impl Own {
    /// The dialects in the `files` of a part's options.
    pub(crate) fn of_options(options: &Map<String, Value>) -> Self {
        let mut own = Self::default();
        for file in options.get("files").and_then(Value::as_array).into_iter().flatten() {
            // The host writes this; one that it writes otherwise is none.
            let Ok(File { name, text }) = File::deserialize(file) else { continue };
            match Dialect::parse(&name, &text) {
                Ok(dialect) => own.dialects.push(dialect),
                Err(error) => own.broken.push(error),
            }
        }
        own
    }
}
