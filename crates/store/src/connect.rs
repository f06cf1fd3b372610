//! Opening the database: migrations as its owner, work as a role that row security binds.

use std::str::FromStr;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::postgres::{PgConnectOptions, PgConnection, PgPool, PgPoolOptions};
use sqlx::{Connection, Executor, Postgres, Transaction};
use tokio::sync::watch;
use uuid::Uuid;

use crate::Error;

static MIGRATIONS: Migrator = sqlx::migrate!("../../migrations");

/// Oldest server that the statements are written for, as `server_version_num` gives it.
const OLDEST_SERVER: i32 = 150_000;
/// How long a caller waits for a free connection before it is told that the database is busy.
const ACQUIRE_TIMEOUT: Duration = Duration::from_secs(5);
/// Run on every new connection. Compiling a statement takes longer than running any of ours. No statement of ours takes longer than
/// the time-outs unless something is stuck. Two letters that changed places leave a quarter of a word's trigrams. A busy
/// tool's month of calls is sorted in memory.
const SESSION_SETUP: &str = "set role policylayer_app; set timezone = 'UTC'; set statement_timeout = '30s'; \
     set lock_timeout = '10s'; set jit = off; set work_mem = '16MB'; set idle_in_transaction_session_timeout = '30s'; \
     set pg_trgm.similarity_threshold = 0.2";

/// Brings the database's schema up to this build, as the owner that `url` signs in as. Safe to run from several
/// processes at once, and again.
///
/// # Errors
/// When the database cannot be reached, a migration fails, or the schema was made by other migrations.
pub async fn migrate(url: &str) -> Result<(), Error> {
    let options = options(url)?;
    let mut connection = PgConnection::connect_with(&options).await?;
    let done = MIGRATIONS.run(&mut connection).await;
    connection.close().await?;
    done.map_err(|error| {
        let advice = match error {
            MigrateError::VersionMismatch(_) | MigrateError::VersionMissing(_) => {
                "; another build of PolicyLayer made its schema: use that build, or an empty database"
            }
            _ => "",
        };
        Error::Unfit(format!("the database could not be migrated: {error}{advice}"))
    })
}

/// Begins an ordinary transaction.
pub(crate) const READ_WRITE: &str = "begin";

/// A pool of connections. Clones share it.
#[derive(Debug, Clone)]
pub struct Store {
    pool: PgPool,
    changed: watch::Sender<u64>,
}

impl Store {
    /// Opens a pool of at most `pool_size` connections that work as `policylayer_app`, whoever `url` signs in as.
    ///
    /// # Errors
    /// [`Error::Unfit`] when the server is too old, the schema is older than this build, or row security would not
    /// bind the role; [`Error::Driver`] when the server cannot be reached.
    pub async fn connect(url: &str, pool_size: u32) -> Result<Self, Error> {
        let options = options(url)?;
        let mut probe = PgConnection::connect_with(&options).await?;
        check(&mut probe).await?;
        probe.close().await?;
        let pool = PgPoolOptions::new()
            .max_connections(pool_size)
            .acquire_timeout(ACQUIRE_TIMEOUT)
            .after_connect(|connection, _| {
                Box::pin(async move { connection.execute(SESSION_SETUP).await.map(|_| ()) })
            })
            .connect_lazy_with(options);
        Ok(Self { pool, changed: watch::Sender::new(0) })
    }

    /// Asks the database for a sign of life.
    ///
    /// # Errors
    /// When there is none.
    pub async fn ping(&self) -> Result<(), Error> {
        sqlx::query("select 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Closes the pool; waits for connections in use.
    pub async fn close(&self) {
        self.pool.close().await;
    }

    /// A hint, for gateways in the same process: the value moves whenever this store commits a change that
    /// [`Store::changes_after`] will show. Other processes' commits do not move it.
    #[must_use]
    pub fn changed(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    pub(crate) const fn pool(&self) -> &PgPool {
        &self.pool
    }

    pub(crate) fn change_hint(&self) -> watch::Sender<u64> {
        self.changed.clone()
    }

    /// A transaction begun by the given statement.
    ///
    /// It is begun in a task of its own: a caller that goes away in the middle of `begin` would give a connection back
    /// to the pool with a transaction open that nobody knows of. So the task ends what it began, and the transaction
    /// is rolled back when nobody takes it.
    pub(crate) async fn transaction(
        &self,
        begin: &'static str,
    ) -> Result<Transaction<'static, Postgres>, Error> {
        let pool = self.pool.clone();
        match tokio::spawn(async move { pool.begin_with(begin).await }).await {
            Ok(begun) => Ok(begun?),
            Err(error) => Err(Error::Unfit(format!("a transaction could not be begun: {error}"))),
        }
    }

    /// A transaction in which one setting, read by row security, names what the caller may see.
    pub(crate) async fn begin_as(
        &self,
        setting: &'static str,
        value: Uuid,
    ) -> Result<Transaction<'static, Postgres>, Error> {
        let mut tx = self.transaction(READ_WRITE).await?;
        set(&mut tx, setting, &value.to_string()).await?;
        Ok(tx)
    }
}

/// Sets a row-security setting until the transaction ends.
pub(crate) async fn set(
    tx: &mut Transaction<'static, Postgres>,
    setting: &'static str,
    value: &str,
) -> Result<(), Error> {
    sqlx::query("select set_config($1, $2, true)").bind(setting).bind(value).execute(&mut **tx).await?;
    Ok(())
}

fn options(url: &str) -> Result<PgConnectOptions, Error> {
    PgConnectOptions::from_str(url)
        .map(|options| options.application_name("policylayer"))
        .map_err(|error| Error::Unfit(format!("the database URL cannot be read: {error}")))
}

/// Refuses a database in which this build, or row security, would not work.
async fn check(connection: &mut PgConnection) -> Result<(), Error> {
    let version: i32 = sqlx::query_scalar("select current_setting('server_version_num')::int")
        .fetch_one(&mut *connection)
        .await?;
    if version < OLDEST_SERVER {
        let major = version / 10_000;
        return Err(Error::Unfit(format!("Postgres {major} is too old; version 15 or newer is needed")));
    }
    let ready: bool = sqlx::query_scalar(
        "select to_regclass('_sqlx_migrations') is not null
           and exists (select from pg_roles where rolname = 'policylayer_app')",
    )
    .fetch_one(&mut *connection)
    .await?;
    if !ready {
        return Err(Error::Unfit("the database has no schema yet; run `policylayer migrate`".to_owned()));
    }
    connection.execute("set role policylayer_app").await.map_err(|error| {
        Error::Unfit(format!(
            "the database user may not work as policylayer_app ({error}); run `grant policylayer_app to …`"
        ))
    })?;
    check_role(connection).await?;
    check_schema(connection).await
}

/// Row security does not bind superusers, roles marked so, or (unless forced) owners.
async fn check_role(connection: &mut PgConnection) -> Result<(), Error> {
    let above_row_security: bool = sqlx::query_scalar(
        "select rolsuper or rolbypassrls or exists (
             select from pg_class
             where relowner = pg_roles.oid
               and relnamespace in ('public'::regnamespace, to_regnamespace('catalog'))
         )
         from pg_roles
         where rolname = current_user",
    )
    .fetch_one(connection)
    .await?;
    if above_row_security {
        return Err(Error::Unfit(
            "the role policylayer_app is a superuser, bypasses row security or owns tables, so tenants would not be \
             kept apart; make it a plain role (alter role policylayer_app nosuperuser nobypassrls)"
                .to_owned(),
        ));
    }
    Ok(())
}

/// A newer schema is accepted, so that processes can be replaced one by one.
async fn check_schema(connection: &mut PgConnection) -> Result<(), Error> {
    let applied: Option<i64> = sqlx::query_scalar("select max(version) from _sqlx_migrations where success")
        .fetch_one(connection)
        .await?;
    let wanted = MIGRATIONS.iter().map(|migration| migration.version).max();
    if applied < wanted {
        return Err(Error::Unfit(format!(
            "the database's schema is at version {}, this build needs {}; run `policylayer migrate`",
            applied.unwrap_or(0),
            wanted.unwrap_or(0),
        )));
    }
    Ok(())
}
