//! What is put under load: the processes, and what can be done to them.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use testkit::account::Account;
use testkit::postgres::{Database, database};
use testkit::product::Product;
use testkit::redis::Redis;
use testkit::upstream::Upstream;

use super::load::Load;

const GATEWAYS: usize = 4;
/// Accounts that calls name, each with limits of its own.
pub(crate) const KEYS: usize = 40;
/// The limits of each call. None of their windows is likely to end during a run.
const LIMITS: [(&str, &str, bool); 4] =
    [("a", "month", false), ("b", "week", false), ("c", "day", false), ("d", "day", true)];

/// Every counter's key and wholes, read as the scripts of `counters` keep them.
const SUMS: &str = "eval \"local out = '' for _, key in ipairs(redis.call('KEYS', '*:c:*')) do \
    local rolling = redis.call('TYPE', key).ok == 'hash' \
    local value = rolling and redis.call('HGET', key, 't') or redis.call('GET', key) \
    local _, _, _, wholes = struct.unpack('<dddd', value) \
    out = out .. key .. ' ' .. string.format('%.0f', wholes) .. ';' end return out\" 0";

/// What happens to the processes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    KillRedis,
    KillGateway,
    Flush,
}

pub(crate) struct Rig {
    pub(crate) upstream: Upstream,
    redis: Redis,
    nodes: Vec<Product>,
    folders: Vec<tempfile::TempDir>,
    control: Product,
    _database: Database,
}

impl Rig {
    /// Limits that are used up after about half of so many calls.
    pub(crate) async fn start(calls: usize) -> anyhow::Result<(Self, Load)> {
        let max = (calls / KEYS / 2).max(1);
        let limit = |(name, window, rolling): (&str, &str, bool)| json!({ "counter": name, "window": window, "rolling": rolling, "max": max, "key": "args.account", "scope": "org" });
        let limits: Vec<_> = LIMITS.into_iter().map(limit).collect();
        let policy = json!({ "version": "1", "default": "deny", "tools": { "pay": { "limits": limits } } });
        let (redis, upstream) =
            (Redis::start_durable()?, Upstream::builder().tools_named(["pay"]).start().await?);
        let (url, database) = (redis.url(), database().await?);
        let control = Product::up(database.url(), &["--redis-url", &url]).await?;
        let account = Account::sign_up(&control.http(), "faults@example.com").await?;
        let agent = account.ready("bank", &upstream.url, &policy.to_string()).await?;
        let (mut nodes, mut folders, mut agents) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..GATEWAYS {
            let folder = tempfile::tempdir()?;
            let node = control.gateway_in(folder.path(), Some(&url)).await?;
            agents.push(agent.at(&node.url).initialize().await?);
            nodes.push(node);
            folders.push(folder);
        }
        let load = Load::new(calls, max, agents);
        Ok((Self { upstream, redis, nodes, folders, control, _database: database }, load))
    }

    /// Does it, and brings back what died.
    pub(crate) async fn suffer(&mut self, fault: Fault, turn: usize, load: &Arc<Load>) -> anyhow::Result<()> {
        match fault {
            Fault::KillRedis => {
                self.redis.kill();
                tokio::time::sleep(Duration::from_millis(100)).await;
                self.redis.restart()?;
            }
            Fault::Flush => {
                self.redis.command("flushall")?;
            }
            Fault::KillGateway => {
                let which = turn % GATEWAYS;
                let (Some(node), Some(folder)) = (self.nodes.get_mut(which), self.folders.get(which)) else {
                    anyhow::bail!("there is no gateway {which}");
                };
                node.kill().await?;
                *node = self.control.gateway_in(folder.path(), Some(&self.redis.url())).await?;
                load.moved(which, &node.url).await?;
            }
        }
        Ok(())
    }

    /// What Redis has counted for each account: one sum for each limit.
    pub(crate) fn counted(&self) -> anyhow::Result<HashMap<String, Vec<u64>>> {
        let mut counted: HashMap<String, Vec<u64>> = HashMap::new();
        for entry in self.redis.command(SUMS)?.split(';').filter(|entry| !entry.is_empty()) {
            let parts = entry.rsplit_once(' ').and_then(|(key, sum)| Some((key.rsplit_once(':')?.1, sum)));
            let (account, sum) = parts.ok_or_else(|| anyhow::anyhow!("Redis says {entry}"))?;
            counted.entry(account.to_owned()).or_default().push(sum.parse()?);
        }
        Ok(counted)
    }
}
