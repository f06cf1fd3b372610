//! The conversation with the control plane about lost counters: one task, for all organisations.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use counters::{Counters, OpenError, Opening};
use model::{Handout, NodeDuties, NodeReport, OrgEpoch};
use tokio::time::timeout;

use super::{ControlPlane, Epochs, Era};
use crate::spool::{Mark, Spool};

/// How often a gateway that has nothing to say shows that it lives.
const PULSE: Duration = Duration::from_secs(5);
/// First and longest pause between questions while counters are being restored, or the control plane is silent.
const PAUSE: (Duration, Duration) = (Duration::from_millis(20), Duration::from_millis(500));
/// How long one attempt at handing everything over may take before the gateway shows that it lives.
const HAND_OVER: Duration = Duration::from_secs(3);

/// What the conversation needs.
pub struct Attendant {
    /// The epochs of the gateway's organisations.
    pub epochs: Arc<Epochs>,
    /// What has been spent.
    pub counters: Arc<Counters>,
    /// What has been decided.
    pub spool: Arc<Spool>,
    /// Whom to report to.
    pub control: Arc<dyn ControlPlane>,
    /// The gateway's name.
    pub node: String,
    /// The clock, milliseconds since 1970.
    pub now_ms: fn() -> i64,
}

/// What the next report has to say beside that the gateway lives.
#[derive(Default)]
struct News {
    passed: Vec<OrgEpoch>,
    opened: Vec<OrgEpoch>,
}

/// How far the spool had come when the last call of the epoch before was through: the epoch has passed once that much is
/// handed over. What comes in afterwards is of the new epoch, or was refused, and is not waited for.
type Passing = HashMap<OrgEpoch, Mark>;

/// Reports until the process ends.
pub async fn attend(attendant: Arc<Attendant>) {
    let mut news = News::default();
    let mut mark = attendant.spool.mark();
    let mut passing = Passing::new();
    let (mut pause, mut heard) = (PAUSE.0, true);
    loop {
        let settled = attendant.spool.has_shipped(mark);
        mark = attendant.spool.mark();
        let report = attendant.report(&news, settled);
        let asked = !report.lost.is_empty();
        let wait = match attendant.control.report(report).await {
            Ok(duties) => {
                heard = true;
                news = attendant.fulfil(duties, &mut passing).await;
                let more = !news.passed.is_empty() || !news.opened.is_empty();
                pause = if more || !asked { PAUSE.0 } else { (pause * 2).min(PAUSE.1) };
                match (more, asked) {
                    (true, _) => continue,
                    (false, true) => pause,
                    (false, false) => PULSE,
                }
            }
            Err(error) => {
                if heard {
                    tracing::warn!(%error, "the control plane takes no reports; lost counters stay lost until it does");
                }
                heard = false;
                pause = (pause * 2).min(PAUSE.1);
                if asked { pause } else { PULSE }
            }
        };
        // A call that misses its counters is a reason to ask, but none to ask again faster.
        let woken = timeout(wait, attendant.epochs.wake.notified()).await.is_ok();
        if woken && wait < PULSE {
            tokio::time::sleep(PAUSE.0).await;
        }
    }
}

impl Attendant {
    /// Says that this gateway has ended and holds nothing back, if that is so within `limit`.
    pub async fn close(&self, limit: Duration) {
        let mark = self.spool.mark();
        let closed = async {
            self.spool.shipped(mark).await;
            let report = NodeReport { closing: true, ..self.report(&News::default(), true) };
            self.control.report(report).await
        };
        match timeout(limit, closed).await {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => {
                tracing::warn!(%error, "the control plane does not know that this gateway has ended")
            }
            Err(_) => tracing::warn!("audit events could not be handed over in time; start again to do so"),
        }
    }

    fn report(&self, news: &News, settled: bool) -> NodeReport {
        NodeReport {
            spool: self.spool.id(),
            node: self.node.clone(),
            boot: self.spool.boot(),
            closing: false,
            settled,
            lost: self.epochs.missed(),
            passed: news.passed.clone(),
            opened: news.opened.clone(),
        }
    }

    async fn fulfil(&self, duties: NodeDuties, passing: &mut Passing) -> News {
        for open in duties.open {
            self.epochs.open(open).await;
        }
        let mut opened = Vec::new();
        for handout in duties.handouts {
            opened.extend(self.install(handout).await);
        }
        News { passed: self.move_on(duties.move_on, passing).await, opened }
    }

    /// Opens an epoch that was handed to this gateway. When that fails it is not tried again: the control plane will
    /// begin another.
    async fn install(&self, handout: Handout) -> Option<OrgEpoch> {
        let Handout { org, epoch, complete, version, seeds } = handout;
        let (name, opening) = (org.to_string(), Opening { epoch, complete, seeds });
        if let Err(error) = self.counters.fence(&name, None, version).await {
            tracing::warn!(error, %org, epoch, "counters could not be restored; another attempt follows");
            return None;
        }
        if let Err(error) = self.counters.open(&name, &opening, (self.now_ms)()).await {
            tracing::warn!(%error, %org, epoch, "counters could not be restored; another attempt follows");
            if let OpenError::Older { epoch: held } = error {
                self.epochs.miss(org, 0, held);
            }
            return None;
        }
        tracing::info!(%org, epoch, complete, counters = opening.seeds.len(), "counters are restored");
        let open = OrgEpoch { org, epoch };
        self.epochs.open(open).await;
        Some(open)
    }

    /// Moves on to these epochs; gives those that may be reported as passed. The others are asked for again, and have only
    /// the rest to hand over then.
    async fn move_on(&self, to: Vec<OrgEpoch>, passing: &mut Passing) -> Vec<OrgEpoch> {
        passing.retain(|epoch, _| to.contains(epoch));
        for epoch in &to {
            if !passing.contains_key(epoch) {
                self.epochs.of(epoch.org).turn_to(Era { epoch: epoch.epoch, open: false }).await;
                passing.insert(*epoch, self.spool.mark());
            }
        }
        if let Some(last) = passing.values().max() {
            // In time or not: some may have passed.
            let _ = timeout(HAND_OVER, self.spool.shipped(*last)).await;
        }
        to.into_iter()
            .filter(|epoch| passing.get(epoch).is_some_and(|mark| self.spool.has_shipped(*mark)))
            .collect()
    }
}
