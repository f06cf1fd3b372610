//! What handlers work with. The server crate makes it once, from configuration and keys that it has read.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use model::{Id, IdKind, Slug};
use secrets::Pepper;
use secrets::jwt::{AccessTokens, NodeTokens};
use secrets::password::Workers;
use secrets::sealed::Sealer;
use store::Store;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use url::Url;

use crate::changes::Changes;
use crate::edge::Origins;
use crate::throttle::{Paces, Quota, Throttle};

/// Tells the time, in milliseconds since 1970.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// The parts of an [`Api`].
pub struct ApiParts {
    /// The database.
    pub store: Store,
    /// The change feed over the same database.
    pub changes: Changes,
    /// Threads that hash passwords.
    pub workers: Workers,
    /// Turns token digests into what the database holds.
    pub pepper: Arc<Pepper>,
    /// Signs and checks people's access tokens.
    pub access_tokens: AccessTokens,
    /// Checks gateways' tokens.
    pub node_tokens: NodeTokens,
    /// Seals upstream headers; made for [`secrets::sealed::Purpose::UpstreamHeaders`].
    pub sealer: Sealer,
    /// Opens calls that wait for approval; made for [`secrets::sealed::Purpose::ParkedCall`].
    pub call_sealer: Sealer,
    /// Opens captured argument values; made for [`secrets::sealed::Purpose::Arguments`].
    pub argument_sealer: Sealer,
    /// Seals answers that may be asked for again; made for [`secrets::sealed::Purpose::Answer`].
    pub answer_sealer: Sealer,
    /// Reaches upstream servers for discovery.
    pub egress: egress::Client,
    /// Which upstream addresses are accepted.
    pub egress_rules: egress::Rules,
    /// Where people and agents reach this installation, for links in mails and gateway URLs.
    pub public_url: Url,
    /// How many requests each caller may send.
    pub quota: Quota,
    /// How fast guessing may go.
    pub paces: Paces,
    /// How long a gateway that is not heard of holds up the restoration of lost counters.
    pub recovery_patience: SignedDuration,
    /// The sample server, where one is served.
    pub sample: Option<Sample>,
    /// Mails that were written as files, where people on this machine may read them.
    pub mail_files: Option<worker::MailFiles>,
    /// The time.
    pub clock: Clock,
}

/// A sample MCP server that comes with the installation.
#[derive(Debug, Clone)]
pub struct Sample {
    /// Its address.
    pub url: Url,
    /// The header that tells organisations' copies apart.
    pub header: &'static str,
}

/// The control plane's state; cheap to clone.
#[derive(Clone)]
pub struct Api(Arc<Inner>);

struct Inner {
    parts: ApiParts,
    origins: Origins,
    throttle: Throttle,
    requests: Throttle,
    replays: Arc<Semaphore>,
    exports: Arc<Semaphore>,
}

/// Replays that may run at once; each reads a month of the log.
const REPLAYS: usize = 2;
/// Exports that may run at once; each reads as much of the log as is asked for.
const EXPORTS: usize = 4;

impl Api {
    /// Puts the parts together.
    #[must_use]
    pub fn new(parts: ApiParts) -> Self {
        let origins = Origins::of(&parts.public_url);
        let (replays, exports) = (Arc::new(Semaphore::new(REPLAYS)), Arc::new(Semaphore::new(EXPORTS)));
        // Apart, so that many callers cannot make guesses forgotten.
        let (throttle, requests) = (Throttle::default(), Throttle::default());
        Self(Arc::new(Inner { parts, origins, throttle, requests, replays, exports }))
    }

    /// Milliseconds since 1970.
    #[must_use]
    pub fn now_ms(&self) -> i64 {
        (self.0.parts.clock)()
    }

    /// The same as a timestamp.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        Timestamp::from_millisecond(self.now_ms()).unwrap_or(Timestamp::UNIX_EPOCH)
    }

    /// A new id.
    pub(crate) fn mint<K: IdKind>(&self) -> Id<K> {
        Id::mint(self.now_ms(), rand::random())
    }

    /// Where a team's MCP clients connect.
    pub(crate) fn gateway_url(&self, org: &Slug, team: &Slug) -> String {
        format!("{}/t/{org}/{team}/mcp", self.0.parts.public_url.as_str().trim_end_matches('/'))
    }

    pub(crate) fn parts(&self) -> &ApiParts {
        &self.0.parts
    }

    pub(crate) fn store(&self) -> &Store {
        &self.0.parts.store
    }

    pub(crate) fn origins(&self) -> &Origins {
        &self.0.origins
    }

    pub(crate) fn throttle(&self) -> &Throttle {
        &self.0.throttle
    }

    pub(crate) fn requests(&self) -> &Throttle {
        &self.0.requests
    }

    /// Leave to run a replay, given back when it is dropped; `None` while too many run.
    pub(crate) fn replay_slot(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0.replays).try_acquire_owned().ok()
    }

    /// Leave to run an export, given back when it is dropped; `None` while too many run.
    pub(crate) fn export_slot(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.0.exports).try_acquire_owned().ok()
    }
}
