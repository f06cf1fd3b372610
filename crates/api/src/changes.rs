//! The change feed, fanned out: one relay reads it from the database and any number of followers listen.
//!
//! The relay asks every 200 ms, and at once when this process has committed a change. A follower first catches
//! up from the database and then lives on what the relay sends; when it falls behind it catches up again, so it
//! sees every change after its starting point once and in order. Between changes it gets a heartbeat with the
//! position up to which it has seen everything. Heartbeats stop while the database cannot be asked: silence is
//! what tells a gateway to worry.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{Stream, stream};
use model::Change;
use store::Store;
use tokio::sync::{broadcast, watch};
use tokio::task::JoinHandle;
use tokio::time::{Instant, Interval, MissedTickBehavior};

/// How often the database is asked.
const POLL: Duration = Duration::from_millis(200);
/// How often a follower hears something.
const HEARTBEAT: Duration = Duration::from_millis(250);
/// Without a good answer for this long the relay knows nothing of the present.
const STALE: Duration = Duration::from_millis(700);
/// Changes read at once.
const BATCH: u32 = 1000;
/// Changes held for slow followers before they have to catch up from the database.
const BACKLOG: usize = 4096;

/// One sign of life.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Beat {
    /// Everything up to this position has been told.
    pub seq: u64,
    /// What changed; `None` for a heartbeat.
    pub change: Option<Change>,
}

/// The feed. Clones share one relay, which ends with the last of them.
#[derive(Clone)]
pub struct Changes(Arc<Shared>);

struct Shared {
    store: Store,
    sent: broadcast::Sender<Change>,
    position: watch::Sender<Position>,
    relay: JoinHandle<()>,
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.relay.abort();
    }
}

/// How far the relay has come.
#[derive(Debug, Clone, Copy, Default)]
struct Position {
    seq: u64,
    asked: Option<Instant>,
    closed: bool,
}

impl Changes {
    /// Starts the relay on the current runtime.
    #[must_use]
    pub fn start(store: Store) -> Self {
        let (sent, _) = broadcast::channel(BACKLOG);
        let position = watch::Sender::new(Position::default());
        let relay = tokio::spawn(relay(store.clone(), sent.clone(), position.clone()));
        Self(Arc::new(Shared { store, sent, position, relay }))
    }

    /// The newest position that the relay knows; 0 before the first.
    #[must_use]
    pub fn seq(&self) -> u64 {
        self.0.position.borrow().seq
    }

    /// Follows the feed from after a position, or from now on. A position beyond the newest one, as after a restored
    /// backup, is followed from the newest: the first beat then lies before the position asked for.
    ///
    /// # Errors
    /// When the database fails now; later failures are items of the stream, which ends with them.
    pub async fn follow(
        &self,
        after: Option<u64>,
    ) -> Result<impl Stream<Item = Result<Beat, store::Error>> + Send + use<>, store::Error> {
        // Subscribed before the newest position is read: what is committed in between is then heard of.
        let received = self.0.sent.subscribe();
        let newest = self.0.store.latest_seq().await?;
        let mut heartbeat = tokio::time::interval(HEARTBEAT);
        heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let follower = Follower {
            received,
            position: self.0.position.subscribe(),
            feed: self.clone(),
            pending: VecDeque::new(),
            seq: after.unwrap_or(newest).min(newest),
            behind: true,
            ended: false,
        };
        Ok(stream::unfold((follower, heartbeat), |(mut follower, mut heartbeat)| async move {
            let beat = follower.beat(&mut heartbeat).await?;
            Some((beat, (follower, heartbeat)))
        }))
    }

    /// Done once the feed is closed: other streams of this process end with it.
    pub(crate) async fn closed(&self) {
        // An error means that the relay is gone, which is an end too.
        let _ = self.0.position.subscribe().wait_for(|position| position.closed).await;
    }

    /// Ends every follower's stream, for an orderly stop.
    pub fn close(&self) {
        self.0.position.send_modify(|position| position.closed = true);
    }
}

/// One listener.
struct Follower {
    feed: Changes,
    received: broadcast::Receiver<Change>,
    position: watch::Receiver<Position>,
    pending: VecDeque<Change>,
    seq: u64,
    behind: bool,
    ended: bool,
}

impl Follower {
    /// The next beat; `None` once the feed is closed, and after an error.
    async fn beat(&mut self, heartbeat: &mut Interval) -> Option<Result<Beat, store::Error>> {
        while !self.ended {
            tokio::select! {
                change = self.next() => match change {
                    Ok(change) => return change.map(|change| Ok(Beat { seq: change.seq, change: Some(change) })),
                    Err(error) => {
                        self.ended = true;
                        return Some(Err(error));
                    }
                },
                _ = heartbeat.tick() => if let Some(seq) = self.settled() {
                    return Some(Ok(Beat { seq, change: None }));
                },
            }
        }
        None
    }

    /// The next change; waits for it. `None` once the feed is closed. Can be dropped and asked again without loss.
    async fn next(&mut self) -> Result<Option<Change>, store::Error> {
        loop {
            if let Some(change) = self.pending.pop_front() {
                self.seq = change.seq;
                return Ok(Some(change));
            }
            if self.behind {
                let missed = self.feed.0.store.changes_after(self.seq, BATCH).await?;
                self.behind = missed.len() >= BATCH as usize;
                self.pending.extend(missed);
                continue;
            }
            let received = tokio::select! {
                received = self.received.recv() => received,
                _closed = self.position.wait_for(|position| position.closed) => return Ok(None),
            };
            match received {
                Ok(change) if change.seq > self.seq => self.pending.push_back(change),
                Ok(_) => {}
                Err(broadcast::error::RecvError::Lagged(_)) => self.behind = true,
                Err(broadcast::error::RecvError::Closed) => return Ok(None),
            }
        }
    }

    /// The position up to which every change has been given, if that is known now.
    fn settled(&self) -> Option<u64> {
        // Read before the queue is looked at: the relay queues a change before it moves on.
        let position = *self.position.borrow();
        let fresh = position.asked.is_some_and(|asked| asked.elapsed() < STALE);
        let drained = !self.behind && self.pending.is_empty() && self.received.is_empty();
        (fresh && drained && position.seq >= self.seq).then_some(position.seq)
    }
}

async fn relay(store: Store, sent: broadcast::Sender<Change>, position: watch::Sender<Position>) {
    let mut hint = store.changed();
    let mut ticks = tokio::time::interval(POLL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let mut seq = None;
    loop {
        tokio::select! {
            _ = ticks.tick() => {}
            Ok(()) = hint.changed() => {}
        }
        let asked = Instant::now();
        let polled = match seq {
            None => store.latest_seq().await,
            Some(seq) => poll(&store, &sent, seq).await,
        };
        match polled {
            Ok(reached) => {
                seq = Some(reached);
                position.send_modify(|position| (position.seq, position.asked) = (reached, Some(asked)));
            }
            Err(error) => tracing::warn!(%error, "the change feed could not be read"),
        }
    }
}

/// Sends on everything after `seq`; gives the position reached.
async fn poll(store: &Store, sent: &broadcast::Sender<Change>, mut seq: u64) -> Result<u64, store::Error> {
    loop {
        let batch = store.changes_after(seq, BATCH).await?;
        let more = batch.len() >= BATCH as usize;
        for change in batch {
            seq = change.seq;
            // Nobody listening is no fault.
            let _listeners = sent.send(change);
        }
        if !more {
            return Ok(seq);
        }
    }
}
