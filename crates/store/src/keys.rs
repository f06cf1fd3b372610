//! API keys: what programs prove themselves by to the control plane. Only a keyed digest of each is kept.

use jiff::Timestamp;
use model::{KeyId, OrgId, Scope, Scopes, UserId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::bundles::hexadecimal;
use crate::column::{at, at_opt, named, time_opt};
use crate::connect::{READ_WRITE, set};
use crate::{Error, OrgTx, Store};

/// A key, as far as it is known here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// Its id.
    pub id: KeyId,
    /// What it is for.
    pub name: String,
    /// Its last four characters, to tell it from others.
    pub last4: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Who made it, whose role bounds it.
    pub created_by: UserId,
    /// Their address, while they have an account.
    pub created_by_email: Option<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// When it was last used, to the minute or so.
    pub last_used_at: Option<Timestamp>,
}

/// A key to be kept.
#[derive(Clone)]
pub struct NewApiKey {
    /// A fresh id.
    pub id: KeyId,
    /// What it is for, 1 to 100 characters.
    pub name: String,
    /// The keyed digest that finds it.
    pub verifier: [u8; 32],
    /// Its last four characters.
    pub last4: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Who makes it.
    pub created_by: UserId,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
}

/// What a key that was sent along proves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProvenKey {
    /// Which key.
    pub id: KeyId,
    /// The one organisation that it is good for.
    pub org: OrgId,
    /// Who made it.
    pub created_by: UserId,
    /// What it may do.
    pub scopes: Scopes,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    name: String,
    last4: String,
    scopes: Vec<String>,
    created_by: Uuid,
    created_by_email: Option<String>,
    created_at: jiff_sqlx::Timestamp,
    expires_at: Option<jiff_sqlx::Timestamp>,
    revoked_at: Option<jiff_sqlx::Timestamp>,
    last_used_at: Option<jiff_sqlx::Timestamp>,
}

#[derive(FromRow)]
struct ProvenRow {
    id: Uuid,
    org_id: Uuid,
    created_by: Uuid,
    scopes: Vec<String>,
    stale: bool,
}

/// From a column that its check keeps in order.
fn scopes(names: &[String]) -> Result<Scopes, Error> {
    let all: Vec<Scope> =
        names.iter().map(|name| named("api_key", name, Scope::named)).collect::<Result<_, _>>()?;
    Scopes::try_from(all).map_err(|error| Error::Inconsistent { table: "api_key", what: error.to_string() })
}

impl TryFrom<Row> for ApiKey {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: KeyId::from_uuid(row.id),
            name: row.name,
            last4: row.last4,
            scopes: scopes(&row.scopes)?,
            created_by: UserId::from_uuid(row.created_by),
            created_by_email: row.created_by_email,
            created_at: row.created_at.to_jiff(),
            expires_at: time_opt(row.expires_at),
            revoked_at: time_opt(row.revoked_at),
            last_used_at: time_opt(row.last_used_at),
        })
    }
}

impl Store {
    /// What a key proves, and notes its use at most once a minute. `None` when it is unknown, revoked or too old.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn prove_key(&self, verifier: &[u8; 32], now: Timestamp) -> Result<Option<ProvenKey>, Error> {
        let mut tx = self.transaction(READ_WRITE).await?;
        set(&mut tx, "app.key_verifier", &hexadecimal(verifier)).await?;
        let row: Option<ProvenRow> = sqlx::query_as(
            "select id, org_id, created_by, scopes,
                    (last_used_at is null or last_used_at < $2 - interval '1 minute') as stale
             from api_key
             where verifier = $1
               and revoked_at is null
               and (expires_at is null or expires_at > $2)",
        )
        .bind(verifier.as_slice())
        .bind(at(now))
        .fetch_optional(&mut *tx)
        .await?;
        let Some(row) = row else { return Ok(None) };
        if row.stale {
            set(&mut tx, "app.org", &row.org_id.to_string()).await?;
            // A key that another request is noting already needs no second note.
            sqlx::query(
                "update api_key
                 set last_used_at = $2
                 where id in (select id from api_key where id = $1 for update skip locked)",
            )
            .bind(row.id)
            .bind(at(now))
            .execute(&mut *tx)
            .await?;
            tx.commit().await?;
        }
        Ok(Some(ProvenKey {
            id: KeyId::from_uuid(row.id),
            org: OrgId::from_uuid(row.org_id),
            created_by: UserId::from_uuid(row.created_by),
            scopes: scopes(&row.scopes)?,
        }))
    }
}

impl OrgTx {
    /// Keys, revoked and expired ones included, newest first, after the last one that was read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn api_keys(&mut self, last: Option<KeyId>, limit: u32) -> Result<Vec<ApiKey>, Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "select api_key.id, api_key.name, api_key.last4, api_key.scopes, api_key.created_by,
                    user_account.email as created_by_email, api_key.created_at, api_key.expires_at,
                    api_key.revoked_at, api_key.last_used_at
             from api_key
             left join user_account on user_account.id = api_key.created_by
             where ($1::uuid is null or api_key.id < $1)
             order by api_key.id desc
             limit $2",
        )
        .bind(last.map(KeyId::uuid))
        .bind(i64::from(limit))
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(ApiKey::try_from).collect()
    }

    /// One key.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is none of this id.
    pub async fn api_key(&mut self, id: KeyId) -> Result<ApiKey, Error> {
        let row: Row = sqlx::query_as(
            "select api_key.id, api_key.name, api_key.last4, api_key.scopes, api_key.created_by,
                    user_account.email as created_by_email, api_key.created_at, api_key.expires_at,
                    api_key.revoked_at, api_key.last_used_at
             from api_key
             left join user_account on user_account.id = api_key.created_by
             where api_key.id = $1",
        )
        .bind(id.uuid())
        .fetch_optional(&mut *self.tx)
        .await?
        .ok_or(Error::Missing("key"))?;
        row.try_into()
    }

    /// Keeps a fresh key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn create_api_key(&mut self, new: &NewApiKey, now: Timestamp) -> Result<ApiKey, Error> {
        let scopes: Vec<&str> = new.scopes.iter().map(Scope::as_str).collect();
        sqlx::query(
            "insert into api_key (id, org_id, name, verifier, last4, scopes, created_by, created_at, expires_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        )
        .bind(new.id.uuid())
        .bind(self.id.uuid())
        .bind(&new.name)
        .bind(new.verifier.as_slice())
        .bind(&new.last4)
        .bind(scopes)
        .bind(new.created_by.uuid())
        .bind(at(now))
        .bind(at_opt(new.expires_at))
        .execute(&mut *self.tx)
        .await?;
        self.api_key(new.id).await
    }

    /// Revokes a key; once revoked it stays so, and revoking it again changes nothing.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is none of this id.
    pub async fn revoke_api_key(&mut self, id: KeyId, now: Timestamp) -> Result<ApiKey, Error> {
        sqlx::query("update api_key set revoked_at = coalesce(revoked_at, $2) where id = $1")
            .bind(id.uuid())
            .bind(at(now))
            .execute(&mut *self.tx)
            .await?;
        self.api_key(id).await
    }
}
