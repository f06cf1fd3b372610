//! Legacy MCP sessions without memory: the id that the client holds is the upstream's own id, sealed together with
//! what the gateway must know, and bound to the token and server it was made for. Any gateway that has the key can
//! open it; an id of another caller, server or tenant does not open and is answered as an unknown one.

use model::{ServerId, TokenId};
use rand::CryptoRng;
use secrets::sealed::Sealer;
use serde::{Deserialize, Serialize};

/// Longest id, version or client name that is taken from an upstream or client.
const MAX_TEXT: usize = 256;

/// What the gateway remembers of a session.
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

impl Session {
    /// The id for the client; `None` when a part is too long to be carried in a header.
    #[must_use]
    pub(crate) fn seal(
        &self,
        sealer: &Sealer,
        token: TokenId,
        server: ServerId,
        random: &mut impl CryptoRng,
    ) -> Option<String> {
        let parts = [&self.upstream, &self.version, &self.client_name, &self.client_version];
        if parts.iter().any(|part| part.len() > MAX_TEXT) {
            return None;
        }
        let plain = serde_json::to_vec(self).ok()?;
        sealer.seal(&plain, &bound_to(token, server), random).ok()
    }

    /// Opens an id that a client sent; `None` when it was not made for this token and server.
    #[must_use]
    pub(crate) fn open(text: &str, sealer: &Sealer, token: TokenId, server: ServerId) -> Option<Self> {
        let plain = sealer.open(text, &bound_to(token, server)).ok()?;
        serde_json::from_slice(&plain).ok()
    }
}

fn bound_to(token: TokenId, server: ServerId) -> [u8; 32] {
    let mut bound = [0; 32];
    let (left, right) = bound.split_at_mut(16);
    left.copy_from_slice(token.uuid().as_bytes());
    right.copy_from_slice(server.uuid().as_bytes());
    bound
}

/// Cuts a client's self-given name to what a session id can carry.
#[must_use]
pub(crate) fn short(text: &str) -> String {
    text.chars().take(MAX_TEXT / 4).collect()
}
