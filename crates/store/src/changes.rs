//! The ordered feed by which gateways learn that bundles are stale.
//!
//! Sequence numbers are handed out before rows become visible, so a reader that asks for "everything after n" could
//! step over a row that commits late. Writers therefore take one database-wide lock as their last act before the
//! commit: whoever holds it draws the next number and has committed before anybody else draws one. The lock is held
//! for one insert and the commit.

use model::{Change, IdentityId, OrgId};
use sqlx::{FromRow, Postgres, Transaction};
use uuid::Uuid;

use crate::column::number;
use crate::connect::READ_WRITE;
use crate::connect::set;
use crate::org_tx::Touched;
use crate::{Error, Store};

/// Key of the advisory lock; any number that nothing else in the database uses.
const FEED_LOCK: i64 = 0x706f_6c69_6379;

#[derive(FromRow)]
struct Row {
    seq: i64,
    org_id: Uuid,
    identity_id: Option<Uuid>,
    version: i64,
    epoch: Option<i64>,
}

/// Raises the organisation's version and adds to the feed. The caller commits at once. Gives the last number drawn.
pub(crate) async fn publish(
    tx: &mut Transaction<'static, Postgres>,
    org: OrgId,
    touched: &Touched,
) -> Result<Option<u64>, Error> {
    let identities: Vec<Option<Uuid>> = match touched {
        Touched::None => return Ok(None),
        Touched::Identities(identities) => identities.iter().map(|identity| Some(identity.uuid())).collect(),
        Touched::All => vec![None],
    };
    let version: i64 =
        sqlx::query_scalar("update org set version = version + 1 where id = $1 returning version")
            .bind(org.uuid())
            .fetch_optional(&mut **tx)
            .await?
            .ok_or(Error::Missing("organisation"))?;
    sqlx::query("select pg_advisory_xact_lock($1)").bind(FEED_LOCK).execute(&mut **tx).await?;
    let numbers: Vec<i64> = sqlx::query_scalar(
        "insert into change (org_id, identity_id, version)
         select $1, identity_id, $2
         from unnest($3::uuid[]) as touched (identity_id)
         returning seq",
    )
    .bind(org.uuid())
    .bind(version)
    .bind(identities)
    .fetch_all(&mut **tx)
    .await?;
    numbers.into_iter().max().map(|seq| number("change", seq)).transpose()
}

/// Adds to the feed that the organisation's counters begin an epoch. The caller commits at once. Gives the number drawn.
pub(crate) async fn announce_epoch(
    tx: &mut Transaction<'static, Postgres>,
    org: OrgId,
    epoch: i64,
) -> Result<u64, Error> {
    sqlx::query("select pg_advisory_xact_lock($1)").bind(FEED_LOCK).execute(&mut **tx).await?;
    let seq: i64 = sqlx::query_scalar(
        "insert into change (org_id, version, epoch)
         select id, version, $2
         from org
         where id = $1
         returning seq",
    )
    .bind(org.uuid())
    .bind(epoch)
    .fetch_optional(&mut **tx)
    .await?
    .ok_or(Error::Missing("organisation"))?;
    number("change", seq)
}

impl Store {
    /// Changes of all organisations after the position `seq`, oldest first, at most `limit`. A change that is not
    /// among them yet will get a higher number than any that is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn changes_after(&self, seq: u64, limit: u32) -> Result<Vec<Change>, Error> {
        let after = i64::try_from(seq).unwrap_or(i64::MAX);
        let mut tx = self.transaction(READ_WRITE).await?;
        set(&mut tx, "app.feed", "all").await?;
        let rows: Vec<Row> = sqlx::query_as(
            "select seq, org_id, identity_id, version, epoch
             from change
             where seq > $1
             order by seq
             limit $2",
        )
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&mut *tx)
        .await?;
        rows.into_iter().map(change).collect()
    }

    /// The position of the newest change; 0 before the first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn latest_seq(&self) -> Result<u64, Error> {
        let mut tx = self.transaction(READ_WRITE).await?;
        set(&mut tx, "app.feed", "all").await?;
        let seq: Option<i64> = sqlx::query_scalar("select max(seq) from change").fetch_one(&mut *tx).await?;
        number("change", seq.unwrap_or(0))
    }
}

fn change(row: Row) -> Result<Change, Error> {
    Ok(Change {
        seq: number("change", row.seq)?,
        org: OrgId::from_uuid(row.org_id),
        identity: row.identity_id.map(IdentityId::from_uuid),
        version: number("change", row.version)?,
        epoch: row.epoch.map(|epoch| number("change", epoch)).transpose()?,
    })
}
