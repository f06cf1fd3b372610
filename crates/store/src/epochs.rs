//! Epochs of counters. When a counter store has lost an organisation's counters, a new epoch begins: every gateway
//! moves on to it and hands over what it has recorded, one of them is handed the sums and installs them, and only then
//! does the epoch count. Nothing taken in an earlier epoch can be taken any more by then, so the sums are whole.
//!
//! An epoch's sums are handed out once. If whoever got them does not say in time that they are installed, another
//! epoch begins; a late installation of the old one is refused by the counter store, which knows the newer epoch or will
//! be told of it.

use jiff::{SignedDuration, Timestamp};
use model::{Handout, LostEpoch, NodeDuties, NodeReport, OrgEpoch, OrgId};
use sqlx::{FromRow, Postgres, Transaction};
use uuid::Uuid;

use crate::column::{at, number};
use crate::connect::{READ_WRITE, set};
use crate::{Error, Store, changes, gateways, taken};

/// How long installing an epoch's sums may take.
const HANDED_OUT_FOR: SignedDuration = SignedDuration::from_secs(10);

#[derive(FromRow)]
struct Row {
    epoch: i64,
    state: String,
    begun_at: jiff_sqlx::Timestamp,
    handed_at: Option<jiff_sqlx::Timestamp>,
    passed: Vec<Uuid>,
    whole_since: Option<jiff_sqlx::Timestamp>,
}

#[derive(FromRow)]
struct Named {
    org_id: Uuid,
    epoch: i64,
}

/// What a gateway that lacks an organisation's counters is told.
enum Step {
    Wait,
    Open(u64),
    Install(Handout),
}

impl Store {
    /// Takes a gateway's report, brings the epochs that it speaks of a step further and says what it is to do. `patience`
    /// is how long gateways that are not heard of hold up an epoch; after that it is opened without knowing what they took.
    ///
    /// # Errors
    /// [`Conflict::Gateway`](crate::Conflict::Gateway) when a later start of this gateway has reported; else when the
    /// database fails. What fails for one organisation is logged and does not hold up the others.
    pub async fn take_report(
        &self,
        report: &NodeReport,
        patience: SignedDuration,
        now: Timestamp,
    ) -> Result<NodeDuties, Error> {
        self.note_gateway(report, now).await?;
        let mut duties = NodeDuties::default();
        if report.closing {
            return Ok(duties);
        }
        for passed in &report.passed {
            self.pass(report.spool, *passed).await?;
        }
        for opened in &report.opened {
            self.confirm(report.spool, *opened, now).await?;
        }
        if report.settled {
            self.complete(report.spool, now).await?;
        }
        for lost in &report.lost {
            match self.restore(report.spool, *lost, patience, now).await {
                Ok(Step::Wait) => {}
                Ok(Step::Open(epoch)) => duties.open.push(OrgEpoch { org: lost.org, epoch }),
                Ok(Step::Install(handout)) => duties.handouts.push(handout),
                Err(error) => tracing::error!(%error, org = %lost.org, "counters cannot be restored now"),
            }
        }
        duties.move_on = self.under_way(report.spool).await?;
        Ok(duties)
    }

    /// Notes that a gateway has moved on.
    async fn pass(&self, spool: Uuid, to: OrgEpoch) -> Result<(), Error> {
        let mut tx = self.begin_as("app.org", to.org.uuid()).await?;
        sqlx::query(
            "update counter_epoch
             set passed = passed || $3::uuid
             where org_id = $1
               and epoch = $2
               and state = 'opening'
               and not ($3 = any (passed))",
        )
        .bind(to.org.uuid())
        .bind(to.epoch.cast_signed())
        .bind(spool)
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// Notes that the gateway that was handed an epoch has installed it.
    async fn confirm(&self, spool: Uuid, of: OrgEpoch, now: Timestamp) -> Result<(), Error> {
        let mut tx = self.begin_as("app.org", of.org.uuid()).await?;
        sqlx::query(
            "update counter_epoch
             set state = 'open',
                 opened_at = $4
             where org_id = $1
               and epoch = $2
               and state = 'handed_out'
               and handed_to = $3",
        )
        .bind(of.org.uuid())
        .bind(of.epoch.cast_signed())
        .bind(spool)
        .bind(at(now))
        .execute(&mut *tx)
        .await?;
        Ok(tx.commit().await?)
    }

    /// A gateway that could not be waited for has come back and has handed over all it had: what was opened without it
    /// is opened once more, with it.
    async fn complete(&self, spool: Uuid, now: Timestamp) -> Result<(), Error> {
        let mut tx = self.transaction(READ_WRITE).await?;
        set(&mut tx, "app.feed", "all").await?;
        let incomplete: Vec<Named> = sqlx::query_as(
            "select org_id, epoch
             from counter_epoch
             where missing <> '{}'
               and state = 'open'
               and $1 = any (missing)",
        )
        .bind(spool)
        .fetch_all(&mut *tx)
        .await?;
        drop(tx);
        for Named { org_id, epoch } in incomplete {
            let org = OrgId::from_uuid(org_id);
            let mut tx = self.begin_as("app.org", org_id).await?;
            let row = locked(&mut tx, org).await?;
            if row.epoch == epoch && row.state == "open" {
                self.begin_epoch(tx, org, epoch + 1, now).await?;
            }
        }
        Ok(())
    }

    /// Brings an organisation's counters a step closer to being open again.
    async fn restore(
        &self,
        spool: Uuid,
        lost: LostEpoch,
        patience: SignedDuration,
        now: Timestamp,
    ) -> Result<Step, Error> {
        let mut tx = self.begin_as("app.org", lost.org.uuid()).await?;
        let first = sqlx::query(
            "insert into counter_epoch (org_id, epoch, state, begun_at)
             values ($1, 1, 'opening', $2)
             on conflict (org_id) do nothing",
        )
        .bind(lost.org.uuid())
        .bind(at(now))
        .execute(&mut *tx)
        .await?
        .rows_affected()
            == 1;
        let row = locked(&mut tx, lost.org).await?;
        let known = if first { 0 } else { row.epoch };
        let newest = lost.epoch.max(lost.held).cast_signed();
        let abandoned = row.state == "handed_out"
            && row.handed_at.is_none_or(|since| since.to_jiff() + HANDED_OUT_FOR < now);
        let gone = row.epoch <= lost.epoch.cast_signed();
        // Somebody has seen an epoch that this database has not: it was restored from a backup.
        let behind = known < newest;
        if behind {
            doubt(&mut tx, lost.org, now).await?;
        }
        if first || abandoned || gone || behind {
            self.begin_epoch(tx, lost.org, known.max(newest) + 1, now).await?;
            return Ok(Step::Wait);
        }
        match row.state.as_str() {
            "open" => Ok(Step::Open(number("counter_epoch", row.epoch)?)),
            "opening" if row.passed.contains(&spool) => {
                let handout = hand_out(&mut tx, spool, lost.org, &row, patience, now).await?;
                tx.commit().await?;
                Ok(handout.map_or(Step::Wait, Step::Install))
            }
            _ => Ok(Step::Wait),
        }
    }

    async fn begin_epoch(
        &self,
        mut tx: Transaction<'static, Postgres>,
        org: OrgId,
        epoch: i64,
        now: Timestamp,
    ) -> Result<(), Error> {
        sqlx::query(
            "update counter_epoch
             set epoch = $2, state = 'opening', begun_at = $3, passed = '{}', handed_to = null,
                 handed_at = null, missing = '{}', opened_at = null
             where org_id = $1",
        )
        .bind(org.uuid())
        .bind(epoch)
        .bind(at(now))
        .execute(&mut *tx)
        .await?;
        let seq = changes::announce_epoch(&mut tx, org, epoch).await?;
        tx.commit().await?;
        self.change_hint().send_replace(seq);
        tracing::info!(%org, epoch, "counters begin a new epoch");
        Ok(())
    }

    /// Epochs that this gateway has not moved on to.
    async fn under_way(&self, spool: Uuid) -> Result<Vec<OrgEpoch>, Error> {
        let mut tx = self.transaction(READ_WRITE).await?;
        set(&mut tx, "app.feed", "all").await?;
        let rows: Vec<Named> = sqlx::query_as(
            "select org_id, epoch
             from counter_epoch
             where state = 'opening'
               and not ($1 = any (passed))
             order by begun_at
             limit 1000",
        )
        .bind(spool)
        .fetch_all(&mut *tx)
        .await?;
        rows.into_iter()
            .map(|row| {
                let epoch = number("counter_epoch", row.epoch)?;
                Ok(OrgEpoch { org: OrgId::from_uuid(row.org_id), epoch })
            })
            .collect()
    }
}

/// Notes that the sums may lack what was taken up to now.
async fn doubt(tx: &mut Transaction<'static, Postgres>, org: OrgId, now: Timestamp) -> Result<(), Error> {
    tracing::warn!(%org, "the database is older than the counters: limits whose window had begun refuse until it ends");
    sqlx::query(
        "update counter_epoch
         set whole_since = $2
         where org_id = $1",
    )
    .bind(org.uuid())
    .bind(at(now))
    .execute(&mut **tx)
    .await?;
    Ok(())
}

/// The organisation's epoch, held until the transaction ends.
async fn locked(tx: &mut Transaction<'static, Postgres>, org: OrgId) -> Result<Row, Error> {
    let row = sqlx::query_as(
        "select epoch, state, begun_at, handed_at, passed, whole_since
         from counter_epoch
         where org_id = $1
         for update",
    )
    .bind(org.uuid())
    .fetch_one(&mut **tx)
    .await?;
    Ok(row)
}

/// Hands the sums to this gateway if all others have moved on, or have been waited for.
async fn hand_out(
    tx: &mut Transaction<'static, Postgres>,
    spool: Uuid,
    org: OrgId,
    row: &Row,
    patience: SignedDuration,
    now: Timestamp,
) -> Result<Option<Handout>, Error> {
    let (max_staleness, version): (i32, i64) =
        sqlx::query_as("select max_staleness_s, version from org where id = $1")
            .bind(org.uuid())
            .fetch_one(&mut **tx)
            .await?;
    let max_staleness = SignedDuration::from_secs(max_staleness.into());
    let missing = gateways::others(tx, &row.passed, max_staleness, now).await?;
    if !missing.is_empty() && row.begun_at.to_jiff() + patience > now {
        return Ok(None);
    }
    let whole = row.whole_since.is_none_or(|since| since.to_jiff() < gateways::longest_window_ago(now));
    let complete = missing.is_empty() && whole;
    if !missing.is_empty() {
        tracing::warn!(
            %org,
            gateways = ?missing,
            "counters are restored without gateways that did not report: limits whose window had begun refuse until it ends"
        );
    }
    let seeds = if complete { taken::seeds(tx, org, now).await? } else { Vec::new() };
    sqlx::query(
        "update counter_epoch
         set state = 'handed_out', handed_to = $2, handed_at = $3, missing = $4
         where org_id = $1",
    )
    .bind(org.uuid())
    .bind(spool)
    .bind(at(now))
    .bind(missing)
    .execute(&mut **tx)
    .await?;
    let (epoch, version) = (number("counter_epoch", row.epoch)?, number("org", version)?);
    Ok(Some(Handout { org, epoch, complete, version, seeds }))
}
