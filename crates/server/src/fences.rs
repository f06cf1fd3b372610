//! Writes what the change feed tells into the counters as well, so that a gateway which is cut off from the control
//! plane refuses calls with limits that it would decide by what holds no more.

use std::time::Duration;

use anyhow::Context;
use api::{Beat, Changes};
use counters::Counters;
use futures_util::StreamExt;
use model::Change;

/// How long Redis may take for a fence.
const BUDGET: Duration = Duration::from_secs(1);
/// So many changes before the newest are written again at the start: an earlier process may have died between a
/// change and its fence. Writing one twice does no harm.
const AGAIN: u64 = 1000;
/// Pause after a failure.
const PAUSE: Duration = Duration::from_millis(250);

/// The counters that gateways share.
pub(crate) fn counters(redis_url: &str) -> anyhow::Result<Counters> {
    let settings = counters::Settings { budget: BUDGET, ..counters::Settings::default() };
    let redis = counters::Redis::new(redis_url, settings).context("REDIS_URL")?;
    Ok(Counters::Redis(Box::new(redis)))
}

/// Follows the feed and raises fences, in order and without leaving one out, until it is dropped.
pub(crate) async fn write(changes: Changes, counters: Counters) {
    let mut position = None;
    loop {
        let after = match position {
            Some(position) => Some(position),
            // The relay tells the newest position with its first beat.
            None => newest(&changes).await.map(|seq| seq.saturating_sub(AGAIN)),
        };
        if let Ok(beats) = changes.follow(after).await {
            let mut beats = std::pin::pin!(beats);
            while let Some(Ok(Beat { seq, change })) = beats.next().await {
                if let Some(change) = change.filter(|change| change.epoch.is_none()) {
                    raise(&counters, &change).await;
                }
                position = Some(seq);
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

async fn newest(changes: &Changes) -> Option<u64> {
    let mut beats = std::pin::pin!(changes.follow(None).await.ok()?);
    beats.next().await?.ok().map(|beat| beat.seq)
}

/// Tries until it is done: a fence that is left out would let a revoked caller through.
async fn raise(counters: &Counters, change: &Change) {
    let identity = change.identity.map(|identity| identity.to_string());
    let mut failed = false;
    while let Err(reason) = counters.fence(&change.org.to_string(), identity.as_deref(), change.version).await
    {
        if !failed {
            tracing::warn!(reason, "a revocation could not be written to Redis; trying until it is");
        }
        failed = true;
        tokio::time::sleep(PAUSE).await;
    }
}
