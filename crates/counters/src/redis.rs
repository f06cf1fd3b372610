//! Counters in Redis, shared by all gateways: one script call for each reservation.

mod breaker;
mod key;
mod script;
#[cfg(test)]
mod tests;
mod wire;

use std::fmt;
use std::num::NonZeroUsize;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use ::redis::aio::{ConnectionManager, ConnectionManagerConfig};
use ::redis::{Client, Cmd, ErrorKind, FromRedisValue, IntoConnectionInfo, RedisError, ServerErrorKind};
use policy::Charge;
use tokio::time::timeout;

use crate::opening::{Seed, gather};
use crate::{OpenError, Opening, Refusal, Reservation, Standing};
use breaker::Breaker;
use script::{Clock, Scripts, Server};
use wire::Answer;

/// Time for one connection attempt. It goes on in the background while calls are refused.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// Requests that may wait to be written on one connection.
const QUEUE: usize = 1024;

/// Counters that are seeded in one step, so that no step takes long.
const SEEDS: usize = 128;

/// What the first step of opening answers.
type Begun = (i64, Option<String>);

/// How to use Redis.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// How long a reservation may take, connection included, before the store counts as unavailable.
    pub budget: Duration,
    /// Connections. Requests of many tasks share one and travel in batches, so that more of them help only where one
    /// core cannot keep up.
    pub connections: NonZeroUsize,
}

impl Default for Settings {
    fn default() -> Self {
        Self { budget: Duration::from_millis(50), connections: NonZeroUsize::MIN }
    }
}

/// A Redis that cannot be used as configured. Does not repeat the URL, which may hold a password.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// The URL is none.
    #[error(
        "the Redis URL is not usable: {0}; write redis://[user:password@]host[:port][/db], or rediss:// for TLS"
    )]
    Url(String),
    /// Connecting could not be set up.
    #[error("connections to Redis cannot be set up: {0}")]
    Setup(String),
}

/// Counters in Redis 6.2 or later, or Valkey.
pub struct Redis {
    connections: Vec<ConnectionManager>,
    next: AtomicUsize,
    budget: Duration,
    breaker: Breaker,
    scripts: Scripts,
    clock: Clock,
}

impl Redis {
    /// Counters in the Redis at `url` (`redis://`, or `rediss://` for TLS). Connects in the background, so that a
    /// gateway starts, and serves calls without limits, while Redis is away. Must be called inside a Tokio runtime.
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
        let about = |error: &RedisError| error.detail().unwrap_or("it cannot be read").to_owned();
        let address = url.into_connection_info().map_err(|error| SettingsError::Url(about(&error)))?;
        let client = Client::open(address).map_err(|error| SettingsError::Url(about(&error)))?;
        // The Redis client asks rustls for the process's cryptography and panics if none was chosen. Where one was, it stays.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let config = ConnectionManagerConfig::new()
            .set_connection_timeout(Some(CONNECT_TIMEOUT))
            .set_response_timeout(Some(settings.budget))
            .set_min_delay(Duration::from_millis(50))
            .set_max_delay(Duration::from_millis(500))
            .set_number_of_retries(3)
            .set_pipeline_buffer_size(QUEUE);
        let connect = || ConnectionManager::new_lazy_with_config(client.clone(), config.clone());
        let connections =
            std::iter::repeat_with(connect).take(settings.connections.get()).collect::<Result<_, _>>();
        let redis = Self {
            connections: connections.map_err(|error| SettingsError::Setup(error.to_string()))?,
            next: AtomicUsize::new(0),
            budget: settings.budget,
            breaker: Breaker::new(),
            scripts: Scripts::new(clock, &Server { node: "any".into(), run: "any".into(), durable: false }),
            clock,
        };
        for connection in &redis.connections {
            let mut connection = connection.clone();
            // What comes of it is seen by the first reservation.
            tokio::spawn(async move { ::redis::cmd("PING").exec_async(&mut connection).await });
        }
        Ok(redis)
    }

    /// Asks Redis for a sign of life, within five seconds: for start-up checks and readiness.
    ///
    /// # Errors
    /// What went wrong, for people.
    pub async fn ping(&self) -> Result<(), String> {
        let mut connection = self.connection().ok_or("there is no connection")?;
        let limit = Duration::from_secs(5);
        let asked = timeout(limit, async { ::redis::cmd("PING").exec_async(&mut connection).await }).await;
        match asked {
            Ok(answer) => answer.map_err(|error| error.to_string()),
            Err(_) => Err(format!("Redis did not answer within {limit:?}")),
        }
    }

    pub(crate) async fn reserve(
        &self,
        at: &Standing<'_>,
        charges: &[Charge],
        now_ms: i64,
    ) -> Result<Reservation, Refusal> {
        if !self.breaker.admits() {
            let reason = "Redis did not answer the calls before this one".to_owned();
            return Reservation::without_store(charges, reason);
        }
        let script = &self.scripts.reserve;
        let asked = self.ask(script, wire::reserve(script, at, charges, self.given(now_ms))).await;
        match asked.and_then(|numbers: Vec<i64>| Answer::read(&numbers, charges.len())) {
            Ok(answer) => {
                self.breaker.succeeded();
                match answer {
                    Answer::Taken(found) => Ok(Reservation::of(at, charges, found.into_iter())),
                    Answer::Refused(refusal) => Err(refusal),
                }
            }
            Err(reason) => {
                self.breaker.failed();
                Reservation::without_store(charges, reason)
            }
        }
    }

    pub(crate) async fn give_back(&self, reservation: &Reservation) {
        if reservation.taken.is_empty() {
            return;
        }
        let script = &self.scripts.give_back;
        let asked: Result<Vec<i64>, _> = self.ask(script, wire::give_back(script, reservation)).await;
        if let Err(reason) = asked {
            tracing::warn!(org = %reservation.org, reason, "a reservation could not be given back to Redis");
        }
    }

    pub(crate) async fn open(&self, org: &str, opening: &Opening, now_ms: i64) -> Result<(), OpenError> {
        let (script, given) = (&self.scripts.open, self.given(now_ms));
        let begin = wire::begin(script, org, opening.epoch, given);
        let begun: Begun = self.ask(script, begin).await.map_err(OpenError::Unavailable)?;
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
            self.step(wire::seed(script, org, &token, opening.epoch, seeds, given)).await?;
        }
        let latest = seeds.iter().map(Seed::time_ms).max().unwrap_or(0);
        self.step(wire::finish(script, org, &token, latest, opening.complete, given)).await
    }

    /// A step of opening after the first.
    async fn step(&self, command: Cmd) -> Result<(), OpenError> {
        let (answer,): (i64,) =
            self.ask(&self.scripts.open, command).await.map_err(OpenError::Unavailable)?;
        match answer {
            1 => Ok(()),
            _ => Err(OpenError::Unavailable("somebody else began to open them meanwhile".to_owned())),
        }
    }

    pub(crate) async fn fence(&self, org: &str, identity: Option<&str>, version: u64) -> Result<(), String> {
        let mut command = ::redis::cmd("EVAL");
        let field = identity.map_or("f".to_owned(), |identity| format!("f:{identity}"));
        command.arg(script::FENCE).arg(1).arg(key::meta(org)).arg(field).arg(version);
        let mut connection = self.connection().ok_or("there is no connection")?;
        let asked = timeout(self.budget, command.exec_async(&mut connection)).await;
        asked
            .map_err(|_| format!("Redis did not answer within {:?}", self.budget))?
            .map_err(|error| format!("Redis: {error}"))
    }

    /// The time that a script is told, where it does not use its own.
    fn given(&self, now_ms: i64) -> Option<i64> {
        (self.clock != Clock::Server).then_some(now_ms)
    }

    /// Runs a script, within the budget. Redis forgets scripts when it restarts: then, and only then, the same
    /// invocation is sent once more, after the script. Nothing was run the first time, so nothing is run twice.
    async fn ask<T: FromRedisValue>(&self, script: &script::Script, call: Cmd) -> Result<T, String> {
        let mut connection = self.connection().ok_or("there is no connection")?;
        let asked = timeout(self.budget, async {
            match call.query_async(&mut connection).await {
                Err(error) if error.kind() == ErrorKind::Server(ServerErrorKind::NoScript) => {
                    let mut load = ::redis::cmd("SCRIPT");
                    load.arg("LOAD").arg(&script.text).exec_async(&mut connection).await?;
                    call.query_async(&mut connection).await
                }
                answer => answer,
            }
        });
        match asked.await {
            Ok(answer) => answer.map_err(|error: RedisError| format!("Redis: {error}")),
            Err(_) => Err(format!("Redis did not answer within {:?}", self.budget)),
        }
    }

    /// The connections in turn.
    fn connection(&self) -> Option<ConnectionManager> {
        let turn = match self.connections.len() {
            0 | 1 => 0,
            several => self.next.fetch_add(1, Ordering::Relaxed) % several,
        };
        self.connections.get(turn).cloned()
    }
}

impl fmt::Debug for Redis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redis").field("budget", &self.budget).finish_non_exhaustive()
    }
}
