//! Legacy MCP sessions without memory: the id that the client holds is the upstream's own id, sealed together with
//! what the gateway must know, and bound to the token and server it was made for. Any gateway that has the key can
//! open it; an id of another caller, server or tenant does not open and is answered as an unknown one.

use std::sync::Arc;
use std::time::Duration;

use model::{ServerId, TokenId};
use moka::sync::Cache;
use rand::CryptoRng;
use secrets::sealed::Sealer;
use serde::{Deserialize, Serialize};

/// Longest id, version or client name that is taken from an upstream or client.
const MAX_TEXT: usize = 256;
/// Opened ids that are remembered, so that each call of a session need not open its id anew. Forgetting one costs
/// a microsecond.
const REMEMBERED: u64 = 50_000;
/// How long an unused one is remembered.
const REMEMBERED_FOR: Duration = Duration::from_secs(15 * 60);

/// What the gateway must know of a session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Session {
    /// The upstream's session id.
    #[serde(rename = "s")]
    pub(crate) upstream: String,
    /// The protocol version agreed on at `initialize`.
    #[serde(rename = "v")]
    pub(crate) version: String,
    /// The client's name, as it gave it.
    #[serde(rename = "n")]
    pub(crate) client_name: String,
    /// The client's version, as it gave it.
    #[serde(rename = "c")]
    pub(crate) client_version: String,
}

/// Whose a session is: the same token, on the same server.
type Holder = (TokenId, ServerId);

/// Seals and opens session ids.
pub(crate) struct Sessions {
    sealer: Sealer,
    opened: Cache<Box<str>, (Holder, Arc<Session>)>,
}

impl Sessions {
    pub(crate) fn new(sealer: Sealer) -> Self {
        Self {
            sealer,
            opened: Cache::builder().max_capacity(REMEMBERED).time_to_idle(REMEMBERED_FOR).build(),
        }
    }

    /// The id for the client; `None` when a part is too long to be carried in a header.
    pub(crate) fn seal(
        &self,
        session: &Session,
        holder: Holder,
        random: &mut impl CryptoRng,
    ) -> Option<String> {
        let parts = [&session.upstream, &session.version, &session.client_name, &session.client_version];
        if parts.iter().any(|part| part.len() > MAX_TEXT) {
            return None;
        }
        let plain = serde_json::to_vec(session).ok()?;
        self.sealer.seal(&plain, &bound_to(holder), random).ok()
    }

    /// Opens an id that a client sent; `None` when it was not made for this token and server.
    pub(crate) fn open(&self, text: &str, holder: Holder) -> Option<Arc<Session>> {
        if let Some((owner, session)) = self.opened.get(text) {
            return (owner == holder).then_some(session);
        }
        let plain = self.sealer.open(text, &bound_to(holder)).ok()?;
        let session = Arc::new(serde_json::from_slice::<Session>(&plain).ok()?);
        self.opened.insert(text.into(), (holder, session.clone()));
        Some(session)
    }
}

fn bound_to((token, server): Holder) -> [u8; 32] {
    let mut bound = [0; 32];
    let (left, right) = bound.split_at_mut(16);
    left.copy_from_slice(token.uuid().as_bytes());
    right.copy_from_slice(server.uuid().as_bytes());
    bound
}

/// Cuts a client's self-given name to what a session id can carry.
pub(crate) fn short(text: &str) -> String {
    text.chars().take(MAX_TEXT / 4).collect()
}
