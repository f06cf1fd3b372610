//! What was taken from counters, added up for as long as it counts: what lost counters are rebuilt from.

use jiff::{SignedDuration, Timestamp};
use model::{Intent, OrgId, Taken, Verdict};
use policy::{Amount, Counter};
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::types::Json;
use sqlx::{FromRow, Postgres, Transaction};
use uuid::Uuid;

use crate::column::at;
use crate::connect::{READ_WRITE, set};
use crate::{Error, Store};

/// How far the clock of a counter store may be behind ours: what ended longer ago counts for nobody any more.
const SKEW: SignedDuration = SignedDuration::from_hours(1);
/// What counters hold less than, in wholes.
const WHOLE_END: u64 = 1 << 53;

/// A charge of an event, as the statement below reads it.
#[derive(Serialize)]
pub(crate) struct ChargeRow {
    event_id: Uuid,
    digest: String,
    place: i64,
    counter: Counter,
    counts_until: Timestamp,
    amount: Amount,
    max: Option<Amount>,
}

/// What the permitted ones among these calls took where it still counts.
pub(crate) fn still_counting<'a>(
    intents: impl Iterator<Item = &'a Intent>,
    now: Timestamp,
) -> Vec<ChargeRow> {
    let since_ms = ended_by(now).as_millisecond();
    intents
        .filter(|intent| intent.verdict == Verdict::Allow)
        .flat_map(|intent| intent.taken.iter().map(|taken| (intent.id.uuid(), taken)))
        .filter(|(_, taken)| taken.counter.counts_until(taken.place) > since_ms)
        .map(|(event_id, taken)| row(event_id, crate::events::storable_charge(taken)))
        .collect()
}

fn row(event_id: Uuid, taken: Taken) -> ChargeRow {
    let Taken { counter, amount, place, level } = taken;
    let until = counter.counts_until(place);
    let counts_until = Timestamp::from_millisecond(until).unwrap_or(crate::events::LAST_MOMENT);
    // A counter has one text: its fields in order.
    let text = serde_json::to_vec(&counter).unwrap_or_default();
    let digest = Sha256::digest(text);
    let digest = digest.iter().fold("\\x".to_owned(), |hex, byte| format!("{hex}{byte:02x}"));
    ChargeRow {
        event_id,
        digest,
        place,
        counter,
        counts_until: counts_until.min(crate::events::LAST_MOMENT),
        amount,
        max: level.map(|level| level.max),
    }
}

/// Adds the charges in `$4` of the events in `kept`. Rows are locked in one order by all.
macro_rules! add_up {
    () => {
        "insert into counter_taken (org_id, digest, place, counter, counts_until, amount, max)
         select $1, charge.digest, charge.place, charge.counter, charge.counts_until, sum(charge.amount),
                (array_agg(charge.max order by charge.event_id desc))[1]
         from jsonb_to_recordset($4) as charge (
           event_id uuid, digest bytea, place bigint, counter jsonb, counts_until timestamptz, amount numeric,
           max numeric
         )
         join kept on kept.event_id = charge.event_id
         group by 1, 2, 3, 4, 5
         order by 2, 3
         on conflict (org_id, digest, place) do update
         set amount = counter_taken.amount + excluded.amount,
             max = coalesce(excluded.max, counter_taken.max)"
    };
}
pub(crate) use add_up;

#[derive(FromRow)]
struct Row {
    counter: Json<Counter>,
    place: i64,
    amount: String,
}

/// All that was taken by recorded calls in windows that are still open, or were an hour ago.
pub(crate) async fn seeds(
    tx: &mut Transaction<'static, Postgres>,
    org: OrgId,
    now: Timestamp,
) -> Result<Vec<Taken>, Error> {
    let rows: Vec<Row> = sqlx::query_as(
        "select counter, place, amount::text
         from counter_taken
         where org_id = $1
           and counts_until > $2
         order by digest, place",
    )
    .bind(org.uuid())
    .bind(at(ended_by(now)))
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows.into_iter().map(|row| taken(&row)).collect())
}

fn taken(row: &Row) -> Taken {
    // More than a counter can hold is as good as full.
    let full = Amount::from_parts(WHOLE_END - 1, 0).unwrap_or(Amount::ZERO);
    let amount = row.amount.parse().unwrap_or(full);
    Taken { counter: row.counter.0.clone(), amount, place: row.place, level: None }
}

fn ended_by(now: Timestamp) -> Timestamp {
    now.saturating_sub(SKEW).unwrap_or(now)
}

impl Store {
    /// Drops sums of what counts no more. Gives how many.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn forget_taken(&self) -> Result<u64, Error> {
        let mut tx = self.transaction(READ_WRITE).await?;
        set(&mut tx, "app.sweep", "ended").await?;
        let gone = sqlx::query("delete from counter_taken where counts_until < now() - interval '2 hours'")
            .execute(&mut *tx)
            .await?;
        tx.commit().await?;
        Ok(gone.rows_affected())
    }
}
