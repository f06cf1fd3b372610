//! A private Postgres for people who have none: found on the machine, kept in one directory, reachable through a
//! socket in it and not by network, gone when this process is gone.
//!
//! The directory holds `lock` (held by whoever runs the cluster), `data`, `run` (the socket) and `server.log`.
//! Postgres runs under a guardian, a few lines of shell that wait on a pipe from this process: however this process
//! ends, the pipe closes and the guardian stops the server. Postgres refuses to run as root, so root runs it as the
//! user `postgres` or `nobody`.

mod account;
mod binaries;
mod error;
mod guardian;
mod place;
mod predecessor;
mod running;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use sqlx::migrate::MigrateDatabase;

pub use self::binaries::Search;
pub use self::error::ClusterError;

use self::account::Account;
use self::binaries::Binaries;
use self::guardian::Guardian;
use self::place::Place;

/// The superuser of a private cluster, and its database.
const NAME: &str = "policylayer";

/// Which cluster to run.
#[derive(Debug, Clone)]
pub struct Options {
    /// The directory that everything lives in; made when missing.
    pub dir: PathBuf,
    /// Where to look for Postgres.
    pub search: Search,
    /// Whether the data has to survive.
    pub durability: Durability,
}

/// Whether the data has to survive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Durability {
    /// Commits survive a power cut.
    Kept,
    /// Nothing survives: fast, and the directory is removed when the cluster stops. For tests.
    Throwaway,
}

/// A running private cluster. Dropping it stops the server, without waiting for the end.
#[derive(Debug)]
pub struct Cluster {
    url: String,
    guardian: Guardian,
    place: Place,
}

impl Cluster {
    /// Starts the cluster, makes it first when there is none, and waits until it takes connections.
    ///
    /// # Errors
    /// Each says what is wrong and what to do: no usable binaries, a directory in use by another process, data of
    /// another Postgres version, a server that does not come up.
    pub async fn start(options: Options) -> Result<Self, ClusterError> {
        let cluster = tokio::task::spawn_blocking(move || start_server(&options))
            .await
            .map_err(|error| ClusterError::Failed { log: error.to_string() })??;
        let there = sqlx::Postgres::database_exists(&cluster.url).await.map_err(ClusterError::Database)?;
        if !there {
            sqlx::Postgres::create_database(&cluster.url).await.map_err(ClusterError::Database)?;
        }
        Ok(cluster)
    }

    /// Where to connect to the cluster of this directory while another process runs it; `None` when none does.
    #[must_use]
    pub fn running_at(dir: &Path) -> Option<String> {
        running::find(dir)
    }

    /// Where to connect, as the cluster's superuser and owner of everything in it.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Where to connect for another database of the cluster.
    #[must_use]
    pub fn url_of(&self, database: &str) -> String {
        url(&self.place.socket_dir, database)
    }

    /// The server's log.
    #[must_use]
    pub fn log(&self) -> &Path {
        &self.place.log
    }

    /// Why the server is not running any more; `None` while it is.
    pub fn failure(&mut self) -> Option<String> {
        self.guardian.has_ended().then(|| self.place.log_tail())
    }

    /// Stops the server and waits until it has written everything and is gone.
    pub async fn stop(self) {
        let Self { guardian, place, .. } = self;
        let stopping = tokio::task::spawn_blocking(move || {
            guardian.stop();
            drop(place);
        });
        if let Err(error) = stopping.await {
            tracing::warn!(%error, "waiting for the private database's end failed");
        }
    }
}

fn start_server(options: &Options) -> Result<Cluster, ClusterError> {
    let account = Account::for_server(&options.dir)?;
    let place = Place::prepare(options, &account)?;
    let binaries = Binaries::find(&options.search, &account, place.data_version()?)?;
    predecessor::wait_until_gone(&place.data)?;
    if place.data_version()?.is_none() {
        make_data(options.durability, &binaries, &account, &place)?;
    }
    let arguments = server_arguments(options.durability, &binaries, &place);
    let mut guardian = Guardian::start(&arguments, options.durability, &account, &place)?;
    guardian.wait_until_ready(&place)?;
    Ok(Cluster { url: url(&place.socket_dir, NAME), guardian, place })
}

/// Makes the data directory aside and moves it into place whole, so that one cut short never looks finished.
fn make_data(
    durability: Durability,
    binaries: &Binaries,
    account: &Account,
    place: &Place,
) -> Result<(), ClusterError> {
    let unfinished = place.base.join("data.new");
    if unfinished.exists() {
        std::fs::remove_dir_all(&unfinished).map_err(ClusterError::io("remove", &unfinished))?;
    }
    let mut command = account.command(binaries.initdb());
    command.arg("-D").arg(&unfinished).args(["-U", NAME]).args([
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C",
        "--no-instructions",
    ]);
    if durability == Durability::Throwaway {
        command.arg("--no-sync");
    }
    let output = command.output().map_err(ClusterError::io("run", &binaries.initdb()))?;
    if !output.status.success() {
        return Err(ClusterError::Initdb { output: String::from_utf8_lossy(&output.stderr).into_owned() });
    }
    std::fs::rename(&unfinished, &place.data).map_err(ClusterError::io("rename", &unfinished))
}

fn server_arguments(durability: Durability, binaries: &Binaries, place: &Place) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = vec![
        binaries.postgres().into(),
        "-D".into(),
        place.data.clone().into(),
        "-k".into(),
        place.socket_dir.clone().into(),
    ];
    let settings: &[&str] = match durability {
        Durability::Kept => &["max_connections=60"],
        Durability::Throwaway => &[
            "max_connections=300",
            "fsync=off",
            "full_page_writes=off",
            "autovacuum=off",
            "wal_level=minimal",
            "max_wal_senders=0",
        ],
    };
    let always = ["listen_addresses=", "unix_socket_permissions=0700", "shared_buffers=64MB"];
    for setting in always.iter().chain(settings) {
        arguments.extend(["-c".into(), (*setting).into()]);
    }
    arguments
}

fn url(socket_dir: &Path, database: &str) -> String {
    let host: String =
        url::form_urlencoded::byte_serialize(socket_dir.as_os_str().as_encoded_bytes()).collect();
    format!("postgres://{NAME}@localhost/{database}?host={host}")
}
