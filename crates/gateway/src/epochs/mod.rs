//! Which epoch of its organisation's counters a call takes from, and how a gateway moves from one to the next.
//!
//! A store that has lost counters refuses calls of the epoch it has lost. The control plane then begins a new epoch,
//! for which every gateway does three things in this order: from now on its calls take from the new epoch; it waits for
//! calls that entered an earlier one to have written down what they took; it hands over all that it has written down.
//! Once all gateways have said so, what was taken is known exactly, and one of them installs it.
//!
//! A call learns its epoch from a pointer that hangs on the bundle, and holds it from before it reserves until after its
//! intent is recorded: that is how the gateway knows when the last call of an epoch is through.

mod attend;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use arc_swap::ArcSwap;
use futures_util::future::BoxFuture;
use model::{LostEpoch, NodeDuties, NodeReport, OrgEpoch, OrgId};
use parking_lot::Mutex;
use tokio::sync::{Notify, watch};

pub use attend::{Attendant, attend};

use crate::bundles::SourceError;

/// For so long after counters were lost, calls wait for them instead of being refused at once.
const WORTH_WAITING: Duration = Duration::from_secs(2);
/// For so long the gateway asks for counters that no further call has missed.
const WORTH_ASKING: Duration = Duration::from_secs(60);
/// How often the gateway looks whether the last call of an epoch is through.
const LOOK: Duration = Duration::from_millis(1);

/// The control plane, as somebody to report to: the store of this process, or the internal API.
pub trait ControlPlane: Send + Sync + 'static {
    /// Hands in a report; the answer says what to do.
    fn report(&self, report: NodeReport) -> BoxFuture<'_, Result<NodeDuties, SourceError>>;
}

/// An epoch, as far as this gateway knows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Era {
    epoch: u64,
    /// Whether the control plane has said that it is open.
    open: bool,
}

impl Era {
    /// The newest epoch that is known to be gone when a call of this one finds its counters gone.
    const fn gone(self) -> u64 {
        if self.open { self.epoch } else { self.epoch.saturating_sub(1) }
    }
}

/// A call's place in an epoch; dropped once what it took is written down.
#[derive(Debug)]
pub(crate) struct Turn(Arc<Era>);

impl Turn {
    /// The epoch to take from.
    pub(crate) fn epoch(&self) -> u64 {
        self.0.epoch
    }

    /// The same, as something that does not hold anybody up.
    fn era(&self) -> Era {
        *self.0
    }
}

/// The epoch of one organisation's counters.
#[derive(Debug)]
pub(crate) struct Epoch(ArcSwap<Era>);

impl Default for Epoch {
    fn default() -> Self {
        Self(ArcSwap::from_pointee(Era { epoch: 0, open: false }))
    }
}

impl Epoch {
    /// Takes a place in the current epoch.
    pub(crate) fn enter(&self) -> Turn {
        Turn(self.0.load_full())
    }

    /// Lets no more calls into earlier epochs, and waits until those that are in them are through. Called by one task
    /// only, so that nobody is in an epoch before the last when this returns.
    async fn turn_to(&self, next: Era) {
        let now = **self.0.load();
        if next.epoch < now.epoch || next == now || (next.epoch == now.epoch && now.open) {
            return;
        }
        let before = self.0.swap(Arc::new(next));
        while Arc::strong_count(&before) > 1 {
            tokio::time::sleep(LOOK).await;
        }
    }
}

/// Counters that calls have missed.
struct Missed {
    /// The epoch that is known to be gone.
    gone: u64,
    /// The newest epoch that was found in the store.
    held: u64,
    /// When the first of them missed it, and the last.
    since: Instant,
    until: Instant,
}

/// The epochs of all organisations.
pub struct Epochs {
    orgs: Mutex<HashMap<OrgId, Arc<Epoch>>>,
    /// Organisations that calls have missed the counters of.
    missed: Mutex<HashMap<OrgId, Missed>>,
    /// There is something to report, or to ask for.
    wake: Notify,
    /// Moves when an epoch is open.
    opened: watch::Sender<()>,
}

impl Default for Epochs {
    fn default() -> Self {
        Self {
            orgs: Mutex::default(),
            missed: Mutex::default(),
            wake: Notify::new(),
            opened: watch::Sender::new(()),
        }
    }
}

impl Epochs {
    /// The organisation's.
    pub(crate) fn of(&self, org: OrgId) -> Arc<Epoch> {
        self.orgs.lock().entry(org).or_default().clone()
    }

    /// Word that some organisation's counters begin an epoch.
    pub(crate) fn announced(&self) {
        self.wake.notify_one();
    }

    /// A call found its counters gone, and another epoch or none (0) in their place; its turn ends here. Waits until they
    /// are back, within reason: false when it should be refused.
    pub(crate) async fn restored(&self, org: OrgId, epoch: &Epoch, turn: Turn, held: u64) -> bool {
        let lost = turn.era();
        // Nobody moves on while a turn is held.
        drop(turn);
        let mut opened = self.opened.subscribe();
        let is_back = || {
            let now = **epoch.0.load();
            now.open && now != lost
        };
        if is_back() {
            return true;
        }
        let since = self.miss(org, lost.gone(), held);
        let left = WORTH_WAITING.saturating_sub(since.elapsed());
        let back = async {
            while !is_back() {
                if opened.changed().await.is_err() {
                    return;
                }
            }
        };
        tokio::time::timeout(left, back).await.is_ok() && is_back()
    }

    /// Puts the organisation on the list of those to be restored; gives since when it is there.
    fn miss(&self, org: OrgId, gone: u64, held: u64) -> Instant {
        let mut missed = self.missed.lock();
        let now = Instant::now();
        let entry = missed.entry(org).or_insert(Missed { gone, held, since: now, until: now });
        entry.until = now;
        entry.gone = entry.gone.max(gone);
        entry.held = entry.held.max(held);
        self.wake.notify_one();
        entry.since
    }

    /// What calls miss. Counters that no call has asked for in a while are left to the next one that does.
    fn missed(&self) -> Vec<LostEpoch> {
        let mut all = self.missed.lock();
        all.retain(|_, missed| missed.until.elapsed() < WORTH_ASKING);
        let lost =
            |(org, missed): (&OrgId, &Missed)| LostEpoch { org: *org, epoch: missed.gone, held: missed.held };
        all.iter().map(lost).collect()
    }

    /// The control plane says that an epoch is open.
    async fn open(&self, OrgEpoch { org, epoch }: OrgEpoch) {
        self.of(org).turn_to(Era { epoch, open: true }).await;
        let mut missed = self.missed.lock();
        // Unless it has been lost again since.
        if missed.get(&org).is_some_and(|missed| missed.gone < epoch) {
            missed.remove(&org);
        }
        drop(missed);
        self.opened.send_replace(());
    }
}

#[cfg(test)]
mod tests;
