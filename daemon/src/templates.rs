//! The templates of drafts and lines, those of the user's own among them.

use crate::core::phrases::Phrases;
use crate::importer::own_files;
use crate::paths::Paths;

/// What there is to say, and what of the user's own cannot be used.
#[derive(Debug, Default)]
pub(crate) struct Loaded {
    /// What there is to say; without the files that cannot be used.
    pub(crate) phrases: Phrases,
    /// Why files cannot be used, each with its path and line.
    pub(crate) problems: Vec<String>,
}

/// Reads the user's own templates over those that are built in.
#[must_use]
pub(crate) fn load(paths: &Paths) -> Loaded {
    let mut loaded = Loaded::default();
    let folder = paths.templates();
    match own_files(&folder) {
        Ok(files) => {
            for file in files {
                if let Err(fault) = loaded.phrases.lay_over(&file.name, &file.text) {
                    loaded.problems.push(format!("{}: {fault}", folder.join(&file.name).display()));
                }
            }
        }
        Err(error) => loaded.problems.push(error.to_string()),
    }
    loaded
}
