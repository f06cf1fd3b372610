//! Gateways as the control plane knows them: who may hold records that have not arrived yet.

use jiff::{SignedDuration, Timestamp};
use model::NodeReport;
use sqlx::{Postgres, Transaction};
use uuid::Uuid;

use crate::column::at;
use crate::{Conflict, Error, Store};

/// A gateway that has been silent for longer than this and its organisation's `max_staleness` can hold nothing that
/// still counts: it stopped serving by then, and the longest window with a name is over.
const LONGEST_WINDOW: SignedDuration = SignedDuration::from_hours(32 * 24);

impl Store {
    /// Notes that a gateway lives, or that it has ended in order.
    pub(crate) async fn note_gateway(&self, report: &NodeReport, now: Timestamp) -> Result<(), Error> {
        let noted = sqlx::query(
            "insert into gateway (spool, node, boot, first_seen, last_seen, closed_at)
             values ($1, $2, $3, $4, $4, case when $5 then $4 end)
             on conflict (spool) do update
             set node = excluded.node,
                 boot = excluded.boot,
                 last_seen = greatest(gateway.last_seen, excluded.last_seen),
                 closed_at = excluded.closed_at
             where gateway.boot <= excluded.boot",
        )
        .bind(report.spool)
        .bind(crate::events::storable(&report.node))
        .bind(report.boot.cast_signed())
        .bind(at(now))
        .bind(report.closing)
        .execute(self.pool())
        .await?;
        if noted.rows_affected() == 0 { Err(Error::Conflict(Conflict::Gateway)) } else { Ok(()) }
    }
}

/// What was taken before counts no more.
pub(crate) fn longest_window_ago(now: Timestamp) -> Timestamp {
    now.saturating_sub(LONGEST_WINDOW).unwrap_or(Timestamp::MIN)
}

/// Gateways that may hold records which count and that are not among those that have handed all of them over.
pub(crate) async fn others(
    tx: &mut Transaction<'static, Postgres>,
    passed: &[Uuid],
    max_staleness: SignedDuration,
    now: Timestamp,
) -> Result<Vec<Uuid>, Error> {
    let silent_since = longest_window_ago(now).saturating_sub(max_staleness).unwrap_or(Timestamp::MIN);
    let spools = sqlx::query_scalar(
        "select spool
         from gateway
         where closed_at is null
           and last_seen > $2
           and not (spool = any ($1))
         order by spool",
    )
    .bind(passed)
    .bind(at(silent_since))
    .fetch_all(&mut **tx)
    .await?;
    Ok(spools)
}
