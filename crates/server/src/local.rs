//! Bundles and audit events without a network: the gateway of this process over the store of this process.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use gateway::bundles::{Beat, BundleSource, SourceError};
use gateway::epochs::ControlPlane;
use gateway::spool::{EventSink, SinkError};
use jiff::SignedDuration;
use model::{Authenticated, Bundle, Event, IdentityId, NodeDuties, NodeReport};
use secrets::{Pepper, TokenDigest};
use store::Store;

use crate::clock;

/// The store as a source of bundles and a sink of events.
pub(crate) struct Local {
    pub(crate) store: Store,
    pub(crate) pepper: Arc<Pepper>,
    pub(crate) changes: api::Changes,
    /// How long a silent gateway holds up the restoration of counters.
    pub(crate) patience: SignedDuration,
}

fn failed(error: &store::Error) -> SourceError {
    SourceError(error.to_string())
}

impl BundleSource for Local {
    fn by_token<'a>(
        &'a self,
        digest: &'a TokenDigest,
    ) -> BoxFuture<'a, Result<Option<Authenticated>, SourceError>> {
        Box::pin(async move {
            let verifier = self.pepper.verifier(digest);
            self.store.bundle_by_verifier(&verifier, clock::now()).await.map_err(|error| failed(&error))
        })
    }

    fn by_identity(&self, identity: IdentityId) -> BoxFuture<'_, Result<Option<Bundle>, SourceError>> {
        Box::pin(async move { self.store.bundle_by_identity(identity).await.map_err(|error| failed(&error)) })
    }

    fn changes(
        &self,
        after: Option<u64>,
    ) -> BoxFuture<'_, Result<BoxStream<'static, Result<Beat, SourceError>>, SourceError>> {
        Box::pin(async move {
            let beats = self.changes.follow(after).await.map_err(|error| failed(&error))?;
            Ok(beats
                .map(|beat| match beat {
                    Ok(beat) => Ok(Beat { seq: beat.seq, change: beat.change }),
                    Err(error) => Err(SourceError(error.to_string())),
                })
                .boxed())
        })
    }
}

impl EventSink for Local {
    fn accept(&self, events: Vec<Event>) -> BoxFuture<'_, Result<(), SinkError>> {
        Box::pin(async move {
            self.store
                .insert_events(&events, clock::now())
                .await
                .map_err(|error| SinkError(error.to_string()))
        })
    }
}

impl ControlPlane for Local {
    fn report(&self, report: NodeReport) -> BoxFuture<'_, Result<NodeDuties, SourceError>> {
        Box::pin(async move {
            let taken = self.store.take_report(&report, self.patience, clock::now()).await;
            taken.map_err(|error| failed(&error))
        })
    }
}
