//! What the gateways count in: one Redis, or a Redis Cluster of three with a replica each. All of them write every change to
//! disk before they answer.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::Context as _;
use testkit::redis::{Cluster, Environment, Redis};

/// Masters of a cluster; the replica of each is as many places behind it.
const MASTERS: usize = 3;
/// How long a killed server stays away: less than a cluster takes to miss it.
const AWAY: Duration = Duration::from_millis(100);
/// How long a cluster may take to put a replica in a master's place, and to take the master back as its replica.
const FAILOVER: Duration = Duration::from_secs(60);

/// Every counter's key and wholes, read as the scripts of `counters` keep them.
const SUMS: &str = "eval \"local out = '' for _, key in ipairs(redis.call('KEYS', '*:c:*')) do \
    local rolling = redis.call('TYPE', key).ok == 'hash' \
    local value = rolling and redis.call('HGET', key, 't') or redis.call('GET', key) \
    local _, _, _, wholes = struct.unpack('<dddd', value) \
    out = out .. key .. ' ' .. string.format('%.0f', wholes) .. ';' end return out\" 0";

pub(crate) enum Store {
    One(Redis),
    Cluster {
        cluster: Cluster,
        /// The two servers that have the counters in turn.
        pair: Option<[usize; 2]>,
    },
}

impl Store {
    pub(crate) fn one(environment: Environment) -> anyhow::Result<Self> {
        Ok(Self::One(Redis::start_durable_in(environment)?))
    }

    pub(crate) fn cluster() -> anyhow::Result<Self> {
        Ok(Self::Cluster { cluster: Cluster::start(true)?, pair: None })
    }

    pub(crate) fn url(&self) -> String {
        match self {
            Self::One(redis) => redis.url(),
            Self::Cluster { cluster, .. } => cluster.url(),
        }
    }

    /// Kills the server that has the counters, and starts it again at once.
    pub(crate) async fn kill(&mut self) -> anyhow::Result<()> {
        let owner = self.owner()?;
        owner.kill();
        tokio::time::sleep(AWAY).await;
        Ok(owner.restart()?)
    }

    /// Empties the server that has the counters.
    pub(crate) fn flush(&mut self) -> anyhow::Result<()> {
        self.owner()?.command("flushall")?;
        Ok(())
    }

    /// Kills the server that has the counters for so long that its replica takes its place.
    pub(crate) async fn fail_over(&mut self) -> anyhow::Result<()> {
        let before = self.owner()?.port();
        self.owner()?.kill();
        let deadline = Instant::now() + FAILOVER;
        let mut promoted = false;
        while !promoted {
            anyhow::ensure!(
                Instant::now() < deadline,
                "no replica took the place of the server that was killed"
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
            promoted = self.owner().is_ok_and(|owner| owner.port() != before);
        }
        let Self::Cluster { cluster, .. } = self else { anyhow::bail!("one Redis has no replica") };
        let killed = cluster.servers.iter_mut().find(|server| server.port() == before);
        let killed = killed.context("the server that was killed is gone")?;
        killed.restart()?;
        while !killed.command("info replication")?.contains("master_link_status:up") {
            anyhow::ensure!(Instant::now() < deadline, "the server that was killed did not become a replica");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }

    /// The server that has the counters now: of two that both believe so, the one that was promoted last.
    fn owner(&mut self) -> anyhow::Result<&mut Redis> {
        match self {
            Self::One(redis) => Ok(redis),
            Self::Cluster { cluster, pair } => {
                if pair.is_none() {
                    let used = |server: &Redis| server.command("dbsize").is_ok_and(|size| size != ":0");
                    let master = cluster.servers.iter().take(MASTERS).position(used);
                    *pair = master.map(|master| [master, master + MASTERS]);
                }
                let pair = pair.context("no server of the cluster has counters yet")?;
                let rank = |at: &usize| promoted(cluster.servers.get(*at)?);
                let owner = pair.into_iter().filter_map(|at| Some((rank(&at)?, at))).max();
                let (_, at) = owner.context("no server has the counters")?;
                cluster.servers.get_mut(at).context("no such server")
            }
        }
    }

    /// What has been counted for each account: one sum for each limit.
    pub(crate) fn counted(&mut self) -> anyhow::Result<HashMap<String, Vec<u64>>> {
        let mut counted: HashMap<String, Vec<u64>> = HashMap::new();
        for entry in self.owner()?.command(SUMS)?.split(';').filter(|entry| !entry.is_empty()) {
            let parts = entry.rsplit_once(' ').and_then(|(key, sum)| Some((key.rsplit_once(':')?.1, sum)));
            let (account, sum) = parts.with_context(|| format!("Redis says {entry}"))?;
            counted.entry(account.to_owned()).or_default().push(sum.parse()?);
        }
        Ok(counted)
    }
}

/// When a server was promoted, as a number that rises with every promotion; none for a replica, and for one that is away.
fn promoted(server: &Redis) -> Option<u64> {
    if !server.command("info replication").ok()?.contains("role:master") {
        return None;
    }
    let about = server.command("cluster info").ok()?;
    about.lines().find_map(|line| line.strip_prefix("cluster_my_epoch:")?.trim().parse().ok())
}
