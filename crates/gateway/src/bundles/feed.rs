//! Follows the change feed and raises floors. Reconnects for ever, with growing pauses, from where it was.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures_util::StreamExt;

use super::{Beat, Bundles};

/// Silence after which a feed counts as dead: three heartbeats, and a margin for a busy machine.
const SILENCE: Duration = Duration::from_secs(2);
/// First and longest pause before a new attempt.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(50), Duration::from_secs(2));

/// Follows the feed until the process ends.
pub async fn follow(bundles: Arc<Bundles>) {
    let mut position = None;
    let mut pause = BACKOFF.0;
    loop {
        match bundles.source.changes(position).await {
            Ok(mut beats) => {
                while let Ok(Some(Ok(beat))) = tokio::time::timeout(SILENCE, beats.next()).await {
                    pause = BACKOFF.0;
                    apply(&bundles, &mut position, &beat);
                }
                tracing::warn!(
                    "change feed lost; known identities go on within their organisation's max_staleness"
                );
            }
            Err(error) => tracing::warn!(%error, "change feed unavailable"),
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(BACKOFF.1);
    }
}

fn apply(bundles: &Bundles, position: &mut Option<u64>, beat: &Beat) {
    let floors = &bundles.floors;
    match *position {
        // The first sign ever, or a feed that went back (a database restored from a backup): what was fetched
        // before may have missed changes.
        None => {
            floors.generation.fetch_add(1, Ordering::AcqRel);
        }
        Some(known) if beat.seq < known => {
            floors.generation.fetch_add(1, Ordering::AcqRel);
        }
        Some(_) => {}
    }
    match &beat.change {
        Some(change) if change.epoch.is_some() => bundles.epochs.announced(),
        Some(change) => {
            floors.raise(change);
            bundles.unknown.invalidate_all();
        }
        None => {}
    }
    *position = Some(beat.seq);
    floors.heard_ms.store((bundles.now_ms)(), Ordering::Relaxed);
}
