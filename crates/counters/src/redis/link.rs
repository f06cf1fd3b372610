//! A connection to one server process. It never connects anew, so that what was found out about the process when the
//! connection was made holds for as long as it lasts.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use ::redis::aio::MultiplexedConnection;
use ::redis::{AsyncConnectionConfig, Client, Cmd, FromRedisValue, RedisError, cmd};
use parking_lot::Mutex;
use tokio::sync::watch;

use super::Durability;
use super::breaker::Breaker;
use super::script::{Clock, Scripts};
use super::server::Server;

/// Time for one connection attempt. It goes on in the background while calls are refused.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(2);
/// Requests that may wait to be written on one connection.
const QUEUE: usize = 1024;
/// Answers overdue in a row after which a connection is given up. One slow moment must not cost it.
const OVERDUE: u32 = 8;

/// A connection, and the scripts as the process at its other end knows them.
pub(super) struct Link {
    pub(super) connection: MultiplexedConnection,
    pub(super) scripts: Scripts,
    overdue: AtomicU32,
}

impl Link {
    async fn make(client: &Client, durability: Durability, clock: Clock) -> Result<Self, String> {
        let about = |error: RedisError| format!("Redis: {error}");
        // Whoever asks keeps the time, for connecting and asking together.
        let config = settings().set_response_timeout(None).set_pipeline_buffer_size(QUEUE);
        let mut connection =
            client.get_multiplexed_async_connection_with_config(&config).await.map_err(about)?;
        let server = Server::inspect(&mut connection, durability).await?;
        let scripts = Scripts::new(clock, &server);
        for script in scripts.all() {
            let loaded = cmd("SCRIPT").arg("LOAD").arg(&script.text).exec_async(&mut connection).await;
            loaded.map_err(about)?;
        }
        Ok(Self { connection, scripts, overdue: AtomicU32::new(0) })
    }

    /// Somebody got an answer.
    pub(super) fn answered(&self) {
        if self.overdue.load(Ordering::Relaxed) > 0 {
            self.overdue.store(0, Ordering::Relaxed);
        }
    }

    /// Somebody waited for an answer in vain: whether the connection is to be given up.
    pub(super) fn overdue(&self) -> bool {
        self.overdue.fetch_add(1, Ordering::Relaxed) + 1 >= OVERDUE
    }
}

type Made = Option<Result<Arc<Link>, String>>;

/// An address, and the link to it as long as there is one.
pub(super) struct Node {
    client: Client,
    pub(super) breaker: Breaker,
    durability: Durability,
    clock: Clock,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    link: Option<Arc<Link>>,
    making: Option<watch::Receiver<Made>>,
}

impl Node {
    pub(super) fn new(client: Client, durability: Durability, clock: Clock) -> Arc<Self> {
        Arc::new(Self { client, breaker: Breaker::new(), durability, clock, state: Mutex::default() })
    }

    /// Where it is.
    #[cfg(test)]
    pub(super) fn address(&self) -> &::redis::ConnectionAddr {
        self.client.get_connection_info().addr()
    }

    /// The link; made first if there is none. Whoever loses patience does not stop it from being made.
    ///
    /// # Errors
    /// Why there is none, for people.
    pub(super) async fn link(self: &Arc<Self>) -> Result<Arc<Link>, String> {
        let mut made = {
            let mut state = self.state.lock();
            if let Some(link) = &state.link {
                return Ok(Arc::clone(link));
            }
            state.making.get_or_insert_with(|| Arc::clone(self).make()).clone()
        };
        match made.wait_for(Option::is_some).await {
            Ok(made) => made.clone().unwrap_or_else(|| Err("the connection was not made".to_owned())),
            Err(_) => Err("the connection was not made".to_owned()),
        }
    }

    /// Begins to make the link.
    pub(super) fn wake(self: &Arc<Self>) {
        self.state.lock().making.get_or_insert_with(|| Arc::clone(self).make());
    }

    fn make(self: Arc<Self>) -> watch::Receiver<Made> {
        let (tell, made) = watch::channel(None);
        tokio::spawn(async move {
            let link = Link::make(&self.client, self.durability, self.clock).await.map(Arc::new);
            {
                let mut state = self.state.lock();
                state.making = None;
                state.link = link.as_ref().ok().cloned();
            }
            // Nobody may be waiting any more.
            let _ = tell.send(Some(link));
        });
        made
    }

    /// Gives the link up, if it still is this one.
    pub(super) fn forget(&self, link: &Arc<Link>) {
        let mut state = self.state.lock();
        if state.link.as_ref().is_some_and(|known| Arc::ptr_eq(known, link)) {
            state.link = None;
        }
    }

    /// Sends one command over a connection of its own, whatever the server is.
    pub(super) async fn ask<T: FromRedisValue>(&self, command: &Cmd) -> Result<T, String> {
        let config = settings().set_response_timeout(Some(CONNECT_TIMEOUT));
        let about = |error: RedisError| format!("Redis: {error}");
        let connection = self.client.get_multiplexed_async_connection_with_config(&config).await;
        command.query_async(&mut connection.map_err(about)?).await.map_err(about)
    }
}

fn settings() -> AsyncConnectionConfig {
    AsyncConnectionConfig::new().set_connection_timeout(Some(CONNECT_TIMEOUT))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::throwaway;

    #[tokio::test]
    async fn a_link_is_given_up_after_a_run_of_overdue_answers_that_none_interrupts() {
        let client = Client::open(throwaway::Redis::shared().unwrap().url()).unwrap();
        let link = Node::new(client, Durability::Detect, Clock::Given).link().await.unwrap();
        assert!((1..OVERDUE).all(|_| !link.overdue()));
        link.answered();
        assert!((1..OVERDUE).all(|_| !link.overdue()));
        assert!(link.overdue());
    }

    #[tokio::test]
    async fn a_node_that_was_woken_connects_without_being_asked() {
        let client = Client::open(throwaway::Redis::shared().unwrap().url()).unwrap();
        let node = Node::new(client, Durability::Detect, Clock::Given);
        node.wake();
        let mut made = node.state.lock().making.clone().unwrap();
        assert!(made.wait_for(Option::is_some).await.unwrap().as_ref().is_some_and(Result::is_ok));
        assert!(node.state.lock().link.is_some());
    }
}
