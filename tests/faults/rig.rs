//! What is put under load: the processes, and what can be done to them.

use std::sync::Arc;

use serde_json::json;
use testkit::account::Account;
use testkit::clock::Clock;
use testkit::postgres::{Database, database};
use testkit::product::Product;
use testkit::redis::Environment;
use testkit::upstream::Upstream;

use super::load::{ACCOUNTS, Load};
use super::store::Store;

const GATEWAYS: usize = 4;
/// The limits of each call. None of their windows is likely to end during a run.
const LIMITS: [(&str, &str, bool); 4] = [
    ("a", r#""month""#, false),
    ("b", r#""week""#, false),
    ("c", "2592000", false),
    ("d", r#""week""#, true),
];
/// Where the clocks go, in seconds beside the right time: Redis's and one gateway's in turn.
const STEPS: [(Whose, i64); 6] = [
    (Whose::Redis, 600),
    (Whose::Gateway, -600),
    (Whose::Redis, -600),
    (Whose::Gateway, 600),
    (Whose::Redis, 0),
    (Whose::Gateway, 0),
];

/// What happens to the processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    KillRedis,
    KillGateway,
    Flush,
    FailOver,
    StepClock,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Whose {
    Redis,
    /// The first one's.
    Gateway,
}

struct Clocks {
    redis: Clock,
    gateway: Clock,
    steps: usize,
}

struct Node {
    product: Product,
    folder: tempfile::TempDir,
    environment: Environment,
}

pub(crate) struct Rig {
    pub(crate) upstream: Upstream,
    pub(crate) store: Store,
    clocks: Clocks,
    nodes: Vec<Node>,
    control: Product,
    _database: Database,
}

impl Rig {
    /// Everything in place, with limits that are used up after about a third of the calls that name an account.
    pub(crate) async fn start(clustered: bool, calls: usize) -> anyhow::Result<(Self, Load)> {
        let max = (calls / ACCOUNTS / 3).max(1);
        let limits: Vec<_> = LIMITS.into_iter().map(|limit| written(limit, max)).collect::<Result<_, _>>()?;
        let policy = json!({ "version": "1", "default": "deny", "tools": { "pay": { "limits": limits } } });
        let clocks = Clocks { redis: Clock::new()?, gateway: Clock::new()?, steps: 0 };
        let store = if clustered { Store::cluster()? } else { Store::one(clocks.redis.environment())? };
        let upstream = Upstream::builder().tools_named(["pay"]).start().await?;
        let (url, database) = (store.url(), database().await?);
        let control = Product::up(database.url(), &["--redis-url", &url]).await?;
        let account = Account::sign_up(&control.http(), "faults@example.com").await?;
        let agent = account.ready("bank", &upstream.url, &policy.to_string()).await?;
        let (mut nodes, mut agents) = (Vec::new(), Vec::new());
        for number in 0..GATEWAYS {
            let environment = if number == 0 { clocks.gateway.environment() } else { Environment::new() };
            let folder = tempfile::tempdir()?;
            let product = control.gateway_by(folder.path(), Some(&url), &environment).await?;
            agents.push(agent.at(&product.url).initialize().await?);
            nodes.push(Node { product, folder, environment });
        }
        let load = Load::new(calls, max, agents);
        Ok((Self { upstream, store, clocks, nodes, control, _database: database }, load))
    }

    /// Does it, and brings back what died.
    pub(crate) async fn suffer(&mut self, fault: Fault, turn: usize, load: &Arc<Load>) -> anyhow::Result<()> {
        match fault {
            Fault::KillRedis => self.store.kill().await,
            Fault::Flush => self.store.flush(),
            Fault::FailOver => self.store.fail_over().await,
            Fault::KillGateway => self.kill_gateway(turn % GATEWAYS, load).await,
            Fault::StepClock => self.step_clock(),
        }
    }

    async fn kill_gateway(&mut self, which: usize, load: &Arc<Load>) -> anyhow::Result<()> {
        let url = self.store.url();
        let Some(Node { product, folder, environment }) = self.nodes.get_mut(which) else {
            anyhow::bail!("there is no gateway {which}");
        };
        product.kill().await?;
        *product = self.control.gateway_by(folder.path(), Some(&url), environment).await?;
        load.moved(which, &product.url).await
    }

    /// The servers of a cluster keep the right time: they take one whose time jumps for dead.
    fn step_clock(&mut self) -> anyhow::Result<()> {
        let clustered = matches!(self.store, Store::Cluster { .. });
        let steps: Vec<_> =
            STEPS.into_iter().filter(|(whose, _)| !clustered || *whose == Whose::Gateway).collect();
        if let Some((whose, seconds)) = steps.get(self.clocks.steps % steps.len()) {
            let clock = if *whose == Whose::Redis { &self.clocks.redis } else { &self.clocks.gateway };
            clock.step(*seconds)?;
        }
        self.clocks.steps += 1;
        Ok(())
    }
}

fn written(
    (name, window, rolling): (&str, &str, bool),
    max: usize,
) -> Result<serde_json::Value, serde_json::Error> {
    let window: serde_json::Value = serde_json::from_str(window)?;
    Ok(
        json!({ "counter": name, "window": window, "rolling": rolling, "max": max, "key": "args.account", "scope": "org" }),
    )
}
