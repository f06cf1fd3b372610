//! Databases for tests. Each process that asks gets one throwaway server; each test gets its own migrated database,
//! copied from a template in some milliseconds. The server and its files go when the process ends, however it ends.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Context;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use store::Store;
use store::cluster::{Cluster, Durability, Options, Search};
use tokio::sync::{Mutex, OnceCell};

/// Where throwaway servers are: short enough for a socket's path, and open to the user that root runs Postgres as.
const PLACE: &str = "/tmp";
/// How the directories of throwaway servers begin.
const PREFIX: &str = "policylayer-test-";
/// The database that the others are copied from.
const TEMPLATE: &str = "template_migrated";
/// Connections of a test's store; many tests share one server.
const POOL_SIZE: u32 = 8;

static SERVER: OnceCell<Server> = OnceCell::const_new();
static NEXT: AtomicU32 = AtomicU32::new(1);
/// Databases of tests that are over.
static USED: std::sync::Mutex<Vec<String>> = std::sync::Mutex::new(Vec::new());

/// The process's server. Never dropped: it ends with the process.
struct Server {
    cluster: Cluster,
    /// One connection makes all databases; each use connects anew, since tests have their own runtimes.
    making: Mutex<()>,
}

/// A migrated database of one test; dropping it gives it up.
#[derive(Debug)]
pub struct Database {
    name: String,
    url: String,
}

/// A fresh, migrated, empty database.
///
/// # Errors
/// When no Postgres can be started; the error says what to install.
pub async fn database() -> anyhow::Result<Database> {
    let server = SERVER.get_or_try_init(start).await?;
    let name = format!("test_{}", NEXT.fetch_add(1, Ordering::Relaxed));
    let used = USED.lock().map(|mut names| std::mem::take(&mut *names)).unwrap_or_default();
    let _making = server.making.lock().await;
    let mut connection = PgConnection::connect(&server.cluster.url_of("postgres")).await?;
    for name in used {
        connection.execute(AssertSqlSafe(format!("drop database if exists {name} with (force)"))).await?;
    }
    // By files: page by page through the log takes half as long again.
    let sql = format!("create database {name} template {TEMPLATE} strategy file_copy");
    connection.execute(AssertSqlSafe(sql)).await?;
    connection.close().await?;
    Ok(Database { url: server.cluster.url_of(&name), name })
}

impl Database {
    /// Where to connect as the owner, whom row security does not bind.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// A store on it, bound by row security.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub async fn store(&self) -> anyhow::Result<Store> {
        Store::connect(&self.url, POOL_SIZE).await.context("the test's database")
    }

    /// Runs SQL as the owner: for what a test needs and the product has no way to do.
    ///
    /// # Errors
    /// When the database refuses it.
    pub async fn execute(&self, sql: impl Into<String>) -> anyhow::Result<()> {
        let mut connection = PgConnection::connect(&self.url).await?;
        connection.execute(AssertSqlSafe(sql.into())).await?;
        Ok(connection.close().await?)
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Ok(mut names) = USED.lock() {
            names.push(std::mem::take(&mut self.name));
        }
    }
}

async fn start() -> anyhow::Result<Server> {
    remove_leftovers();
    let dir = tempfile::Builder::new().prefix(PREFIX).tempdir_in(PLACE)?.keep();
    let options = Options { dir, search: search(), durability: Durability::Throwaway };
    let cluster = Cluster::start(options).await?;
    let url = cluster.url_of(TEMPLATE);
    let mut connection = PgConnection::connect(&cluster.url_of("postgres")).await?;
    connection.execute(AssertSqlSafe(format!("create database {TEMPLATE}"))).await?;
    connection.close().await?;
    store::migrate(&url).await?;
    Ok(Server { cluster, making: Mutex::new(()) })
}

/// Where tests look for Postgres: where the product does, `POLICYLAYER_PG_BIN` first.
#[must_use]
pub fn search() -> Search {
    Search {
        bin: std::env::var_os("POLICYLAYER_PG_BIN").map(PathBuf::from),
        path: std::env::var_os("PATH"),
        npm: Some(Path::new(env!("CARGO_MANIFEST_DIR")).join("../../deploy/embedded-pg")),
    }
}

/// Removes directories whose servers and guardians were killed: nobody holds their lock any more.
fn remove_leftovers() {
    let Ok(entries) = std::fs::read_dir(PLACE) else { return };
    for entry in entries.filter_map(Result::ok) {
        let ours = entry.file_name().to_str().is_some_and(|name| name.starts_with(PREFIX));
        let abandoned =
            ours && File::open(entry.path().join("lock")).is_ok_and(|lock| lock.try_lock().is_ok());
        if abandoned && let Err(error) = std::fs::remove_dir_all(entry.path()) {
            tracing::warn!(%error, "a directory of an earlier test run could not be removed");
        }
    }
}
