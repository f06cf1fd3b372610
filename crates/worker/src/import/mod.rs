//! Takes what others say about servers into the catalogue: lists, `tools/list` answers and registries, each tool with its
//! class. An import may be cut off anywhere: the next one goes on where it was. What has been read to its end and is
//! the same as before is not read again, and a record that says nothing new changes nothing.

mod document;
mod error;
mod intake;
mod prepare;
mod registry;
mod rows;

use std::path::PathBuf;

use jiff::Timestamp;
use store::Store;
use store::catalog::Imported;
use url::Url;

pub use error::ImportError;

use intake::Intake;

/// Goes into what is noted of a source, so that a build that classifies otherwise reads all of it again.
const EDITION: &str = concat!("policylayer ", env!("CARGO_PKG_VERSION"));

/// What is read.
#[derive(Debug, Clone)]
pub enum Source {
    /// A file.
    File {
        /// Where it is.
        path: PathBuf,
        /// What it is called in the catalogue, so that the next import knows it again.
        name: String,
    },
    /// A registry, or a document in one of the forms that files may have.
    Address(Url),
}

impl Source {
    /// What it is called in the catalogue.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Self::File { name, .. } => name.clone(),
            // Whoever is asked may be told by a query, and who asks by what stands before the host.
            Self::Address(url) => {
                let mut url = url.clone();
                url.set_query(None);
                url.set_fragment(None);
                let _ = (url.set_username(""), url.set_password(None));
                url.to_string()
            }
        }
    }
}

/// What happens meanwhile, for whoever watches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// Something that is not taken, and why; the rest goes on.
    Bad {
        /// Its line, or its number where there are no lines, counted from 1.
        line: u64,
        /// Why.
        reason: String,
    },
    /// So many records have been taken in, and so much of the source is done, in bytes of so many.
    Progress {
        /// Servers.
        servers: u64,
        /// Tools.
        tools: u64,
        /// Bytes.
        done: u64,
        /// Bytes in all; 0 where nobody knows.
        total: u64,
    },
}

/// What came of it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Servers that the source tells of.
    pub servers: u64,
    /// Tools that it tells of.
    pub tools: u64,
    /// What could not be taken.
    pub bad: u64,
    /// What changed in the catalogue.
    pub changed: Imported,
    /// Whether it was read before, to its end, and is the same.
    pub unchanged: bool,
    /// Whether an import that was cut off has been taken up again.
    pub resumed: bool,
}

/// How to import.
#[derive(Debug)]
pub struct Importer<'a> {
    /// Where to.
    pub store: &'a Store,
    /// For sources that are addresses.
    pub client: &'a egress::Client,
    /// Which addresses may be asked.
    pub rules: &'a egress::Rules,
    /// Reads what was read before and is the same, too.
    pub again: bool,
    /// The time.
    pub now: fn() -> Timestamp,
}

impl Importer<'_> {
    /// Imports one source.
    ///
    /// # Errors
    /// When it cannot be read at all, is in no form that is known, or the database fails. What was taken in before
    /// stays, and the next import goes on from there.
    pub async fn import(
        &self,
        source: &Source,
        watch: &mut (dyn FnMut(Report) + Send),
    ) -> Result<Outcome, ImportError> {
        let state = self.store.catalog_source(&source.name(), (self.now)()).await?;
        let intake = Intake::new(self, state, watch);
        match source {
            Source::File { path, name } if rows::is_list(path) => rows::import(intake, path, name).await,
            Source::File { path, .. } => document::import_file(intake, path).await,
            Source::Address(url) => registry::import(intake, url).await,
        }
    }
}
