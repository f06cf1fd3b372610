//! The callers, and what they were told.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::bail;
use serde_json::{Value, json};
use testkit::agent::{Agent, denied, text};
use tokio::sync::RwLock;

/// How long a call may take before its caller gives it up.
const CALL: Duration = Duration::from_secs(10);
/// Accounts that calls name, each with limits of its own.
pub(crate) const ACCOUNTS: usize = 40;
/// So many accounts are called at a time. One after the other is used up, so that limits fill up all through the run.
const AT_A_TIME: usize = 4;

pub(crate) struct Load {
    pub(crate) calls: usize,
    /// What each limit allows for one account.
    pub(crate) max: usize,
    agents: RwLock<Vec<Agent>>,
    begun: Instant,
    pub(crate) made: AtomicUsize,
    pub(crate) admitted: AtomicUsize,
    pub(crate) used_up: AtomicUsize,
    pub(crate) unchecked: AtomicUsize,
    pub(crate) unanswered: AtomicUsize,
    /// When the latest call was begun whose limits were judged, in microseconds.
    judged_at: AtomicU64,
}

impl Load {
    pub(crate) fn new(calls: usize, max: usize, agents: Vec<Agent>) -> Self {
        Self {
            calls,
            max,
            agents: RwLock::new(agents),
            begun: Instant::now(),
            made: AtomicUsize::new(0),
            admitted: AtomicUsize::new(0),
            used_up: AtomicUsize::new(0),
            unchecked: AtomicUsize::new(0),
            unanswered: AtomicUsize::new(0),
            judged_at: AtomicU64::new(0),
        }
    }

    /// Makes calls until enough of them are made, each caller at all gateways in turn.
    pub(crate) async fn go_on(self: Arc<Self>, caller: usize) {
        let mut turn = caller;
        loop {
            let number = self.made.fetch_add(1, Ordering::Relaxed);
            if number >= self.calls {
                return;
            }
            turn += 1;
            let Some(agent) = self.agent(turn).await else { return };
            let since = self.micros(Instant::now());
            let account = (number * ACCOUNTS / self.calls + number % AT_A_TIME) % ACCOUNTS;
            let arguments = json!({ "account": format!("account-{account}") });
            let answer = tokio::time::timeout(CALL, agent.call("pay", &arguments)).await;
            let Ok(Ok(answer)) = answer else {
                self.unanswered.fetch_add(1, Ordering::Relaxed);
                tokio::time::sleep(Duration::from_millis(1)).await;
                continue;
            };
            let counted = self.sort(&answer);
            counted.fetch_add(1, Ordering::Relaxed);
            if std::ptr::eq(counted, &raw const self.admitted)
                || std::ptr::eq(counted, &raw const self.used_up)
            {
                self.judged_at.fetch_max(since, Ordering::Relaxed);
            }
        }
    }

    fn sort(&self, answer: &Value) -> &AtomicUsize {
        if answer.get("result").is_none() {
            &self.unchecked
        } else if !denied(answer) {
            &self.admitted
        } else if text(answer).contains("this call takes") {
            &self.used_up
        } else {
            &self.unchecked
        }
    }

    async fn agent(&self, turn: usize) -> Option<Agent> {
        let agents = self.agents.read().await;
        agents.get(turn % agents.len().max(1)).cloned()
    }

    fn micros(&self, at: Instant) -> u64 {
        u64::try_from(at.duration_since(self.begun).as_micros()).unwrap_or(u64::MAX)
    }

    /// Waits until limits are judged for a call that was begun after `since`, or all calls are made.
    pub(crate) async fn judged_again(&self, since: Instant, patience: Duration) -> anyhow::Result<()> {
        let since = (since, self.micros(since));
        while self.judged_at.load(Ordering::Relaxed) <= since.1
            && self.made.load(Ordering::Relaxed) < self.calls
        {
            if since.0.elapsed() > patience {
                bail!("limits were not judged for {patience:?}");
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        Ok(())
    }

    /// A gateway listens somewhere else now.
    pub(crate) async fn moved(&self, which: usize, url: &str) -> anyhow::Result<()> {
        let Some(agent) = self.agent(which).await else { bail!("there is no gateway {which}") };
        let agent = agent.within(None).at(url).initialize().await?;
        if let Some(place) = self.agents.write().await.get_mut(which) {
            *place = agent;
        }
        Ok(())
    }
}
