//! How the gateway learns what is allowed: one bundle for each identity, fetched when first needed, kept, and
//! never used again once the change feed has announced a newer version.
//!
//! Staleness is decided by *floors*, not by eviction: an announced change raises the lowest acceptable version of
//! its organisation or identity, an atomic that every bundle in use points to. A bundle below its floor is fetched
//! anew before the next call is decided, and a fetch that was under way when the change came cannot bring the old
//! one back. Versions only rise. When the feed has been silent for longer than an organisation's `max_staleness`,
//! its bundles stop being used.

mod feed;
mod live;
mod remote;
mod source;

use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use std::sync::{Arc, Weak};
use std::time::Duration;

use model::{IdentityId, OrgId, TokenId};
use moka::future::Cache;
use parking_lot::Mutex;
use secrets::token::TokenDigest;

pub use feed::follow;
pub use live::{Grant, Live};
pub use remote::{Remote, RemoteSettings};
pub use source::{Beat, BundleSource, SourceError};

use self::live::{Versions, Workshop};
use crate::epochs::Epochs;

/// Bytes of bundles kept; the least used beyond that are fetched again when needed.
const KEPT_BYTES: u64 = 256 << 20;
/// Tokens whose identity is remembered.
const KEPT_TOKENS: u64 = 1_000_000;
/// Unknown tokens remembered, apart from known ones so that noise cannot push these out.
const KEPT_UNKNOWN: u64 = 100_000;
/// How long an unknown token stays unknown without asking again.
const UNKNOWN_FOR: Duration = Duration::from_secs(2);

/// Which identity a token proves.
#[derive(Debug, Clone, Copy)]
struct Proof {
    token: TokenId,
    identity: IdentityId,
}

/// A caller who has proved who they are.
#[derive(Clone)]
pub struct Caller {
    /// The token presented.
    pub token: TokenId,
    /// What is known of the identity.
    pub live: Arc<Live>,
}

/// Why nobody could be identified.
#[derive(Debug, Clone, thiserror::Error)]
pub enum IdentifyError {
    /// The token is unknown, expired or revoked.
    #[error("the token is unknown, expired or revoked")]
    Unknown,
    /// The control plane cannot be asked, and nothing recent enough is known.
    #[error("{0}")]
    Unavailable(String),
}

/// The lowest acceptable versions and the state of the feed.
struct Floors {
    orgs: Mutex<HashMap<OrgId, Arc<AtomicU64>>>,
    identities: Mutex<HashMap<IdentityId, Weak<AtomicU64>>>,
    /// Raised when changes may have been missed: everything fetched in an earlier generation is fetched again.
    generation: AtomicU64,
    /// Counts changes to identities that had no floor to raise: a bundle fetched meanwhile by token, when its
    /// identity was not yet known, may be older than such a change.
    unplaced: AtomicU64,
    /// When the feed last gave a sign, milliseconds since 1970; 0 before the first.
    heard_ms: AtomicI64,
}

impl Floors {
    fn org(&self, org: OrgId) -> Arc<AtomicU64> {
        self.orgs.lock().entry(org).or_default().clone()
    }

    fn identity(&self, identity: IdentityId) -> Arc<AtomicU64> {
        let mut known = self.identities.lock();
        if let Some(floor) = known.get(&identity).and_then(Weak::upgrade) {
            return floor;
        }
        let floor = Arc::new(AtomicU64::new(0));
        if known.len() >= known.capacity() {
            known.retain(|_, floor| floor.strong_count() > 0);
        }
        known.insert(identity, Arc::downgrade(&floor));
        floor
    }

    fn raise(&self, change: &model::Change) {
        let floor = match change.identity {
            None => Some(self.org(change.org)),
            Some(identity) => self.identities.lock().get(&identity).and_then(Weak::upgrade),
        };
        match floor {
            Some(floor) => floor.fetch_max(change.version, Ordering::AcqRel),
            None => self.unplaced.fetch_add(1, Ordering::AcqRel),
        };
    }
}

/// All bundles in use.
pub struct Bundles {
    source: Arc<dyn BundleSource>,
    workshop: Workshop,
    floors: Floors,
    epochs: Arc<Epochs>,
    proofs: Cache<TokenDigest, Proof>,
    unknown: Cache<TokenDigest, ()>,
    lives: Cache<IdentityId, Arc<Live>>,
    now_ms: fn() -> i64,
}

impl Bundles {
    /// An empty set over `source`. `now_ms` is the clock, milliseconds since 1970.
    #[must_use]
    pub fn new(
        source: Arc<dyn BundleSource>,
        sealer: Arc<secrets::sealed::Sealer>,
        rules: egress::Rules,
        epochs: Arc<Epochs>,
        now_ms: fn() -> i64,
    ) -> Arc<Self> {
        Arc::new(Self {
            source,
            workshop: Workshop::new(sealer, rules),
            floors: Floors {
                orgs: Mutex::default(),
                identities: Mutex::default(),
                generation: AtomicU64::new(0),
                unplaced: AtomicU64::new(0),
                heard_ms: AtomicI64::new(0),
            },
            epochs,
            proofs: Cache::new(KEPT_TOKENS),
            unknown: Cache::builder().max_capacity(KEPT_UNKNOWN).time_to_live(UNKNOWN_FOR).build(),
            lives: Cache::builder()
                .max_capacity(KEPT_BYTES)
                .weigher(|_, live: &Arc<Live>| u32::try_from(live.weight()).unwrap_or(u32::MAX))
                .build(),
            now_ms,
        })
    }

    /// Who presents the token of this digest.
    ///
    /// # Errors
    /// [`IdentifyError`].
    pub async fn identify(&self, digest: &TokenDigest) -> Result<Caller, IdentifyError> {
        let proof = match self.proofs.get(digest).await {
            Some(proof) => proof,
            None if self.unknown.get(digest).await.is_some() => return Err(IdentifyError::Unknown),
            None => self.prove(digest).await?,
        };
        let live = self.live(proof.identity).await?;
        let now = (self.now_ms)();
        let valid = live.bundle.tokens.iter().any(|token| {
            token.id == proof.token && token.expires_at_ms.is_none_or(|expires_at| now < expires_at)
        });
        if !valid {
            self.proofs.invalidate(digest).await;
            return Err(IdentifyError::Unknown);
        }
        Ok(Caller { token: proof.token, live })
    }

    /// Asks the source about a token, once however many requests wait for the answer.
    async fn prove(&self, digest: &TokenDigest) -> Result<Proof, IdentifyError> {
        let looked_up = self.proofs.try_get_with(*digest, async {
            let generation = self.floors.generation.load(Ordering::Acquire);
            let unplaced = self.floors.unplaced.load(Ordering::Acquire);
            match self.source.by_token(digest).await {
                Ok(Some(found)) => {
                    let identity = found.bundle.identity.id;
                    let live = self.admit(found.bundle, generation);
                    // Floors are in place now; only a bundle that no change can have slipped past is kept.
                    if let Some(live) =
                        live.filter(|_| unplaced == self.floors.unplaced.load(Ordering::Acquire))
                    {
                        self.lives.insert(identity, live).await;
                    }
                    Ok(Proof { token: found.token, identity })
                }
                Ok(None) => Err(IdentifyError::Unknown),
                Err(error) => Err(IdentifyError::Unavailable(error.to_string())),
            }
        });
        looked_up.await.map_err(|error| {
            let error = IdentifyError::clone(&error);
            if matches!(error, IdentifyError::Unknown) {
                let (unknown, digest) = (self.unknown.clone(), *digest);
                tokio::spawn(async move { unknown.insert(digest, ()).await });
            }
            error
        })
    }

    /// The identity's bundle, fetched when it is missing or below its floor.
    async fn live(&self, identity: IdentityId) -> Result<Arc<Live>, IdentifyError> {
        if let Some(live) = self.lives.get(&identity).await {
            if self.current(&live) {
                return self.recent(live);
            }
            self.lives.invalidate(&identity).await;
        }
        let fetched = self.lives.try_get_with(identity, self.fetch(identity)).await;
        let live = fetched.map_err(|error| IdentifyError::clone(&error))?;
        if self.current(&live) {
            return Ok(live);
        }
        // A change came while the fetch was under way: ask once more, alone.
        let live = self.fetch(identity).await?;
        if !self.current(&live) {
            return Err(IdentifyError::Unavailable("the control plane is behind its own change feed".into()));
        }
        self.lives.insert(identity, live.clone()).await;
        Ok(live)
    }

    async fn fetch(&self, identity: IdentityId) -> Result<Arc<Live>, IdentifyError> {
        // Held from before the question is asked, so that a change announced meanwhile finds it.
        let _floor = self.floors.identity(identity);
        let generation = self.floors.generation.load(Ordering::Acquire);
        match self.source.by_identity(identity).await {
            Ok(Some(bundle)) => self.admit(bundle, generation).ok_or_else(|| {
                IdentifyError::Unavailable(
                    "the control plane sent a bundle that this gateway cannot read".into(),
                )
            }),
            Ok(None) => Err(IdentifyError::Unknown),
            Err(error) => Err(IdentifyError::Unavailable(error.to_string())),
        }
    }

    /// Word that a bundle below `version` is too old, whatever the feed has said: the next use fetches it anew.
    pub(crate) fn outdate(&self, live: &Live, version: u64) {
        live.versions.identity_floor.fetch_max(version, Ordering::AcqRel);
    }

    /// Makes a received bundle usable; `None` when it is not of our format.
    fn admit(&self, bundle: model::Bundle, generation: u64) -> Option<Arc<Live>> {
        if bundle.schema != model::BUNDLE_SCHEMA {
            tracing::error!(schema = bundle.schema, "bundle of an unknown format refused");
            return None;
        }
        let versions = Versions {
            org_floor: self.floors.org(bundle.org.id),
            identity_floor: self.floors.identity(bundle.identity.id),
            generation,
            fetched_ms: (self.now_ms)(),
        };
        let epoch = self.epochs.of(bundle.org.id);
        Some(Arc::new(self.workshop.build(bundle, versions, epoch)))
    }

    /// How long the feed has given no sign; `None` when it never has.
    pub(crate) fn silence(&self) -> Option<Duration> {
        let heard = Some(self.floors.heard_ms.load(Ordering::Relaxed)).filter(|heard| *heard > 0)?;
        let silent_ms = (self.now_ms)().saturating_sub(heard);
        Some(Duration::from_millis(u64::try_from(silent_ms).unwrap_or_default()))
    }

    fn current(&self, live: &Live) -> bool {
        live.versions.generation == self.floors.generation.load(Ordering::Acquire) && live.above_floor()
    }

    /// Refuses a bundle that the control plane has not confirmed for longer than the organisation allows.
    fn recent(&self, live: Arc<Live>) -> Result<Arc<Live>, IdentifyError> {
        let confirmed = self.floors.heard_ms.load(Ordering::Relaxed).max(live.versions.fetched_ms);
        let silent_ms = (self.now_ms)().saturating_sub(confirmed);
        if silent_ms > i64::from(live.bundle.org.max_staleness_s) * 1000 {
            return Err(IdentifyError::Unavailable(format!(
                "the control plane has been silent for {} s, longer than this organisation allows",
                silent_ms / 1000
            )));
        }
        Ok(live)
    }
}
