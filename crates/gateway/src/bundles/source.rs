//! Where bundles come from: the store of this process, or the control plane over HTTP.

use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use model::{Authenticated, Bundle, Change, IdentityId};
use secrets::token::TokenDigest;

/// Why the source could not answer. "No such token" is an answer, not an error.
#[derive(Debug, Clone, thiserror::Error)]
#[error("the control plane cannot be asked: {0}")]
pub struct SourceError(pub String);

/// One sign of life from the change feed.
#[derive(Debug, Clone)]
pub struct Beat {
    /// The newest position that the feed has reached.
    pub seq: u64,
    /// What changed; `None` for a heartbeat.
    pub change: Option<Change>,
}

/// A source of bundles and of word that they have changed.
pub trait BundleSource: Send + Sync + 'static {
    /// The bundle of the identity that a token proves; `None` when the token proves nobody.
    fn by_token<'a>(
        &'a self,
        digest: &'a TokenDigest,
    ) -> BoxFuture<'a, Result<Option<Authenticated>, SourceError>>;

    /// The bundle of an identity; `None` when it is gone.
    fn by_identity(&self, identity: IdentityId) -> BoxFuture<'_, Result<Option<Bundle>, SourceError>>;

    /// The feed from just after a position, or from now on when none is given. The first beat tells the position.
    fn changes(
        &self,
        after: Option<u64>,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Beat, SourceError>>, SourceError>>;
}
