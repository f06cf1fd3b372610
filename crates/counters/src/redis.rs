//! Counters in Redis, shared by all gateways: one script call for each reservation.

mod address;
mod breaker;
mod key;
mod link;
mod nodes;
mod script;
mod server;
#[cfg(test)]
mod tests;
mod wire;

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::time::Duration;

use ::redis::{Cmd, ErrorKind, FromRedisValue, RedisError, ServerErrorKind, cmd, pipe};
use policy::Charge;
use tokio::time::timeout;

use crate::opening::{Seed, gather};
use crate::{OpenError, Opening, Refusal, Reservation, Standing};
use address::Address;
use link::{Link, Node};
use nodes::{Cluster, Nodes};
use script::{Clock, Scripts};
use wire::Answer;

/// Counters that are seeded in one step, so that no step takes long.
const SEEDS: usize = 128;
/// Servers that a call is sent to at most: each but the last has said that it did not run it.
const TRIES: usize = 4;

/// What the first step of opening answers.
type Begun = (i64, Option<String>);

/// How to use Redis.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// How long a reservation may take, connection included, before the store counts as unavailable.
    pub budget: Duration,
    /// Connections to a server that is not in a cluster. Requests of many tasks share one and travel in batches, so that
    /// more of them help only where one core cannot keep up.
    pub connections: NonZeroUsize,
    /// Whether counters survive a restart of the server that holds them.
    pub durability: Durability,
}

/// Whether a server that restarts in place finds everything that it had confirmed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Durability {
    /// If it says of itself that it writes and syncs an append-only file before it confirms.
    #[default]
    Detect,
    /// Yes, by the operator's word.
    Durable,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            budget: Duration::from_millis(50),
            connections: NonZeroUsize::MIN,
            durability: Durability::Detect,
        }
    }
}

/// A Redis that cannot be used as configured. Does not repeat the URL, which may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The URL is none.
    #[error(
        "the Redis URL is not usable: {0}; write redis://[user:password@]host[:port][/db], or rediss:// for TLS, \
         or redis+cluster://[user:password@]host:port,host:port,… for a Redis Cluster"
    )]
    Url(String),
}

/// Counters in Redis 7 or later, or Valkey.
pub struct Redis {
    nodes: Nodes,
    budget: Duration,
    clock: Clock,
}

impl Redis {
    /// Counters in the Redis at `url` (`redis://`, or `rediss://` for TLS), or in the Redis Cluster that the servers of
    /// `redis+cluster://` belong to. Connects in the background, so that a gateway starts, and serves calls without limits, while
    /// Redis is away. Must be called inside a Tokio runtime.
    ///
    /// # Errors
    /// See [`SettingsError`].
    pub fn new(url: &str, settings: Settings) -> Result<Self, SettingsError> {
        Self::with_clock(url, settings, Clock::Server)
    }

    /// Counts at the times that callers give, which must lie in the future for keys to live.
    #[cfg(test)]
    pub(crate) fn at_given_times(url: &str, settings: Settings) -> Result<Self, SettingsError> {
        Self::with_clock(url, settings, Clock::Given)
    }

    fn with_clock(url: &str, settings: Settings, clock: Clock) -> Result<Self, SettingsError> {
        let Settings { budget, connections, durability } = settings;
        // The Redis client asks rustls for the process's cryptography and panics if none was chosen. Where one was, it stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let nodes = match Address::read(url)? {
            Address::One(info) => Nodes::one(*info, connections.get(), durability, clock)?,
            Address::Cluster(servers) => Nodes::Cluster(Cluster::new(&servers, durability, clock)?),
        };
        let redis = Self { nodes, budget, clock };
        redis.nodes.wake();
        Ok(redis)
    }

    /// Asks every server for a sign of life, within five seconds: for start-up checks and readiness.
    ///
    /// # Errors
    /// What went wrong, for people.
    pub async fn ping(&self) -> Result<(), String> {
        let limit = Duration::from_secs(5);
        let asked = timeout(limit, async {
            for node in self.nodes.all().await? {
                let link = node.link().await?;
                if let Err(error) = cmd("PING").exec_async(&mut link.connection.clone()).await {
                    node.forget(&link);
                    return Err(format!("Redis: {error}"));
                }
            }
            Ok(())
        });
        asked.await.unwrap_or_else(|_| Err(format!("Redis did not answer within {limit:?}")))
    }

    pub(crate) async fn reserve(
        &self,
        at: &Standing<'_>,
        charges: &[Charge],
        now_ms: i64,
    ) -> Result<Reservation, Refusal> {
        let given = self.given(now_ms);
        let asked = self.ask(at.org, |scripts| wire::reserve(&scripts.reserve, at, charges, given)).await;
        match asked.and_then(|numbers: Vec<i64>| Answer::read(&numbers, charges.len())) {
            Ok(Answer::Taken(found)) => Ok(Reservation::of(at, charges, found.into_iter())),
            Ok(Answer::Refused(refusal)) => Err(refusal),
            Err(reason) => Reservation::without_store(charges, reason),
        }
    }

    pub(crate) async fn give_back(&self, reservation: &Reservation) {
        if reservation.taken.is_empty() {
            return;
        }
        let asked: Result<Vec<i64>, _> =
            self.ask(&reservation.org, |scripts| wire::give_back(&scripts.give_back, reservation)).await;
        if let Err(reason) = asked {
            tracing::warn!(org = %reservation.org, reason, "a reservation could not be given back to Redis");
        }
    }

    pub(crate) async fn open(&self, org: &str, opening: &Opening, now_ms: i64) -> Result<(), OpenError> {
        let given = self.given(now_ms);
        let begin = |scripts: &Scripts| wire::begin(&scripts.open, org, opening.epoch, given);
        let begun: Begun = self.ask(org, begin).await.map_err(OpenError::Unavailable)?;
        let token = match begun {
            (0, _) => return Ok(()),
            (1, Some(token)) => token,
            (_, epoch) => {
                let epoch = epoch.and_then(|epoch| epoch.parse().ok()).unwrap_or(0);
                return Err(OpenError::Older { epoch });
            }
        };
        let seeds = gather(&opening.seeds);
        for seeds in seeds.chunks(SEEDS) {
            let seed =
                |scripts: &Scripts| wire::seed(&scripts.open, org, &token, opening.epoch, seeds, given);
            self.step(org, seed).await?;
        }
        let latest = seeds.iter().map(Seed::time_ms).max().unwrap_or(0);
        let finish =
            |scripts: &Scripts| wire::finish(&scripts.open, org, &token, latest, opening.complete, given);
        self.step(org, finish).await
    }

    /// A step of opening after the first.
    async fn step(&self, org: &str, command: impl Fn(&Scripts) -> Cmd) -> Result<(), OpenError> {
        let (answer,): (i64,) = self.ask(org, command).await.map_err(OpenError::Unavailable)?;
        match answer {
            1 => Ok(()),
            _ => {
                Err(OpenError::Unavailable("it was begun anew, or Redis has restarted meanwhile".to_owned()))
            }
        }
    }

    pub(crate) async fn fence(&self, org: &str, identity: Option<&str>, version: u64) -> Result<(), String> {
        let command = |scripts: &Scripts| wire::fence(&scripts.fence, org, identity, version);
        self.ask(org, command).await.map(|_: Vec<i64>| ())
    }

    /// The time that a script is told, where it does not use its own.
    fn given(&self, now_ms: i64) -> Option<i64> {
        (self.clock != Clock::Server).then_some(now_ms)
    }

    /// Runs a script where the organisation's counters are, within the budget and if that server has answered lately.
    async fn ask<T: FromRedisValue>(
        &self,
        org: &str,
        command: impl Fn(&Scripts) -> Cmd,
    ) -> Result<T, String> {
        let mut used = None;
        let asked = timeout(self.budget, async {
            let node = self.nodes.of(org).await?;
            used = Some((Arc::clone(&node), None));
            if !node.breaker.admits() {
                used = None;
                return Err("Redis did not answer the calls before this one".to_owned());
            }
            self.send(node, &command, &mut used).await
        });
        let asked = asked.await;
        let Some((node, link)) = used else {
            return asked.unwrap_or_else(|_| Err(format!("Redis did not answer within {:?}", self.budget)));
        };
        match asked {
            Ok(Ok(answer)) => {
                node.breaker.succeeded();
                Ok(answer)
            }
            Ok(Err(reason)) => {
                node.breaker.failed();
                Err(reason)
            }
            Err(_) => {
                node.breaker.failed();
                if let Some(link) = link.filter(|link: &Arc<Link>| link.overdue()) {
                    node.forget(&link);
                }
                Err(format!("Redis did not answer within {:?}", self.budget))
            }
        }
    }

    /// Sends a call, and sends it once more only where the server has said that it did not run it: it does not know the
    /// script, because it is not the process that the link was made to, or the slot is somewhere else.
    async fn send<T: FromRedisValue>(
        &self,
        mut node: Arc<Node>,
        command: &impl Fn(&Scripts) -> Cmd,
        used: &mut Option<(Arc<Node>, Option<Arc<Link>>)>,
    ) -> Result<T, String> {
        let mut asking = false;
        for _ in 0..TRIES {
            let link = node.link().await.inspect_err(|_| self.nodes.outdated())?;
            *used = Some((Arc::clone(&node), Some(Arc::clone(&link))));
            let error = match query(&link, command(&link.scripts), asking).await {
                Ok(answer) => {
                    link.answered();
                    return Ok(answer);
                }
                Err(error) => error,
            };
            match error.kind() {
                ErrorKind::Server(ServerErrorKind::NoScript) => node.forget(&link),
                ErrorKind::Server(kind @ (ServerErrorKind::Moved | ServerErrorKind::Ask)) => {
                    asking = kind == ServerErrorKind::Ask;
                    if !asking {
                        self.nodes.outdated();
                    }
                    let next = error.redirect_node().and_then(|(address, _)| self.nodes.at(address));
                    node = next.ok_or_else(|| {
                        format!("Redis: {error}; for a Redis Cluster the URL begins with redis+cluster://")
                    })?;
                }
                kind => {
                    if kind == ErrorKind::Io || kind == ErrorKind::Server(ServerErrorKind::ReadOnly) {
                        node.forget(&link);
                        self.nodes.outdated();
                    }
                    return Err(format!("Redis: {error}"));
                }
            }
        }
        Err("Redis sent the call from one server to another too often".to_owned())
    }
}

/// Over a link; `asking` where the slot is on its way to that server.
async fn query<T: FromRedisValue>(link: &Link, command: Cmd, asking: bool) -> Result<T, RedisError> {
    let mut connection = link.connection.clone();
    if asking {
        let mut both = pipe();
        let (answer,) = both.cmd("ASKING").ignore().add_command(command).query_async(&mut connection).await?;
        Ok(answer)
    } else {
        command.query_async(&mut connection).await
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis").field("budget", &self.budget).finish_non_exhaustive()
    }
}
