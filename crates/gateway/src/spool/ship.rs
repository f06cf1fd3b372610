//! Ships spooled events to the control plane: in order, in batches, at least once. Ids make it exactly once there.

use std::io::{self, Read, Seek, SeekFrom};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use futures_util::future::BoxFuture;
use model::Event;

use super::Spool;
use super::progress::Progress;
use super::record::{self, Front};
use super::segment::{self, Found};

/// Most events in one batch.
const BATCH: usize = 1000;
/// Most bytes read at once from a segment.
const CHUNK: u64 = 256 << 10;
/// How often the shipper looks for events when it had none. It is not woken by appends: that would cost each call a
/// hand-over to another thread.
const TICK: Duration = Duration::from_millis(50);
/// While calls come in, the shipper rests this many times as long as its last batch took, so that they come first:
/// handing an event over costs the control plane more than the call cost the gateway.
const REST: u32 = 4;
/// Bytes appended while a batch was shipped from which on calls are said to come in.
const BUSY_BYTES: u64 = 32 << 10;
/// Longest rest.
const MAX_REST: Duration = Duration::from_secs(1);
/// The shipper does not rest while what it has left would take it longer than this: lost counters are restored once it
/// is through with that, and calls wait for them.
const BEHIND: Duration = Duration::from_secs(1);
/// First and longest pause after the sink refused.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(100), Duration::from_secs(10));

/// Why events could not be handed over; they are tried again.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{0}")]
pub struct SinkError(pub String);

/// Where events go: the store of this process, or the control plane over HTTP.
pub trait EventSink: Send + Sync + 'static {
    /// Takes events for good; a second delivery of the same event changes nothing.
    fn accept(&self, events: Vec<Event>) -> BoxFuture<'_, Result<(), SinkError>>;
}

/// Ships until the process ends. Ends at once if another shipper has this spool.
pub async fn ship(spool: Arc<Spool>, sink: Arc<dyn EventSink>) {
    let Some(mut progress) = spool.progress.lock().take() else { return };
    spool.publish(progress.at());
    let mut pause = BACKOFF.0;
    loop {
        if let Err(error) = spool.flush() {
            tracing::error!(%error, "audit outcomes could not be written");
        }
        let (started, position) = (Instant::now(), spool.written.load(Ordering::Relaxed));
        match step(&spool, sink.as_ref(), &mut progress).await {
            Ok(Some(shipped)) => {
                pause = BACKOFF.0;
                let appended = spool.written.load(Ordering::Relaxed) - position;
                let left = spool.held.load(Ordering::Relaxed).saturating_sub(progress.at().1);
                pause_for(&spool, rest(started.elapsed(), shipped, left, appended)).await;
            }
            Ok(None) => pause_for(&spool, TICK).await,
            Err(error) => {
                tracing::warn!(%error, "audit events wait: the control plane did not take them");
                pause_for(&spool, pause).await;
                pause = (pause * 2).min(BACKOFF.1);
            }
        }
    }
}

/// Pauses, unless somebody waits.
async fn pause_for(spool: &Spool, pause: Duration) {
    let _ = tokio::time::timeout(pause, spool.hurry.notified()).await;
}

/// How long to leave the machine to the calls, after a batch of `shipped` bytes that took `busy`, when `left` bytes are
/// not shipped yet, and `appended` bytes came in meanwhile.
fn rest(busy: Duration, shipped: u64, left: u64, appended: u64) -> Duration {
    let behind = u128::from(left) * busy.as_nanos() > u128::from(shipped) * BEHIND.as_nanos();
    if behind || appended < BUSY_BYTES { Duration::ZERO } else { (busy * REST).min(MAX_REST) }
}

/// Ships one batch and gives its bytes; none when there was nothing to ship.
async fn step(
    spool: &Spool,
    sink: &dyn EventSink,
    progress: &mut Progress,
) -> Result<Option<u64>, SinkError> {
    let disk = |error: io::Error| SinkError(format!("audit segment cannot be read: {error}"));
    let current = spool.file.lock().writer.number();
    let Some(oldest) = segment::list(spool.dir()).map_err(disk)?.into_iter().next() else { return Ok(None) };
    let offset = progress.within(oldest.number);
    spool.publish((oldest.number, offset));
    let (events, bytes) = read(&oldest, offset).map_err(disk)?;
    if events.is_empty() {
        if oldest.number >= current {
            return Ok(None);
        }
        retire(spool, &oldest, offset).map_err(disk)?;
        return Ok(Some(0));
    }
    sink.accept(events).await?;
    let reached = (oldest.number, offset + bytes);
    spool.publish(reached);
    if let Err(error) = progress.move_to(reached) {
        tracing::warn!(%error, "how far audit events have been handed over could not be noted; a restart hands some over again");
    }
    Ok(Some(bytes))
}

/// Removes a segment that has been shipped whole.
fn retire(spool: &Spool, segment: &Found, shipped: u64) -> io::Result<()> {
    if shipped < segment.bytes {
        tracing::warn!(
            segment = %segment.path.display(),
            bytes = segment.bytes - shipped,
            "audit segment ends in a record that was never finished; its call was not forwarded"
        );
    }
    std::fs::remove_file(&segment.path)?;
    spool.held.fetch_sub(segment.bytes.min(spool.held.load(Ordering::Relaxed)), Ordering::Relaxed);
    Ok(())
}

/// Events from `offset` on, and how many bytes they take.
fn read(segment: &Found, offset: u64) -> io::Result<(Vec<Event>, u64)> {
    let mut file = std::fs::File::open(&segment.path)?;
    file.seek(SeekFrom::Start(offset))?;
    let mut bytes = Vec::new();
    file.take(CHUNK).read_to_end(&mut bytes)?;
    let mut events = Vec::new();
    let mut at = 0;
    while events.len() < BATCH {
        match record::decode(bytes.get(at..).unwrap_or_default()) {
            Front::Event(event, length) => {
                events.push(*event);
                at += length;
            }
            Front::Partial | Front::Damaged => break,
        }
    }
    Ok((events, at as u64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipper_rests_while_calls_come_in_unless_it_falls_behind() {
        let (busy, batch) = (Duration::from_millis(50), 200 << 10);
        assert_eq!(rest(busy, batch, 0, BUSY_BYTES), busy * REST);
        assert_eq!(rest(busy, batch, 0, BUSY_BYTES - 1), Duration::ZERO);
        // Twenty such batches a second.
        assert_eq!(rest(busy, batch, 20 * batch, BUSY_BYTES), busy * REST);
        assert_eq!(rest(busy, batch, 20 * batch + 1, BUSY_BYTES), Duration::ZERO);
        assert_eq!(rest(Duration::from_secs(3), batch, 0, BUSY_BYTES), MAX_REST);
    }
}
