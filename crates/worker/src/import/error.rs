//! Why a source could not be imported.

use std::path::{Path, PathBuf};

/// What failed.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// A file cannot be read.
    #[error("{path} cannot be read: {error}")]
    File {
        /// Which one.
        path: PathBuf,
        /// Why.
        error: std::io::Error,
    },
    /// It holds nothing that the catalogue could take.
    #[error("{0}")]
    Unknown(String),
    /// An address may not be asked, does not answer, or not with what it should.
    #[error("{0}")]
    Address(String),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] store::Error),
}

impl ImportError {
    pub(super) fn file(path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_owned();
        move |error| Self::File { path, error }
    }
}
