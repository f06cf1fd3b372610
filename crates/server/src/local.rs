//! Bundles, audit events and approvals without a network: the gateway of this process over the store of this process.

use std::sync::Arc;

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::BoxStream;
use gateway::ApprovalDesk;
use gateway::bundles::{Beat, BundleSource, SourceError};
use gateway::epochs::ControlPlane;
use gateway::spool::{EventSink, SinkError};
use jiff::SignedDuration;
use model::{
    ApprovalAnswer, ApprovalClaim, ApprovalRequest, ApprovalUse, Authenticated, Bundle, Event, IdentityId,
    NodeDuties, NodeReport,
};
use secrets::{Pepper, TokenDigest};
use store::Store;

use crate::clock;

/// The control plane of this process.
pub(crate) struct Local {
    pub(crate) store: Store,
    pub(crate) pepper: Arc<Pepper>,
    pub(crate) changes: api::Changes,
    /// How long a silent gateway holds up the restoration of counters.
    pub(crate) patience: SignedDuration,
    pub(crate) api: api::Api,
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

impl ApprovalDesk for Local {
    fn ask<'a>(&'a self, request: &'a ApprovalRequest) -> BoxFuture<'a, Result<ApprovalAnswer, SourceError>> {
        Box::pin(async move { self.api.ask_approval(request).await.map_err(|error| failed(&error)) })
    }

    fn claim(&self, claim: ApprovalUse) -> BoxFuture<'_, Result<ApprovalClaim, SourceError>> {
        Box::pin(async move { self.api.claim_approval(claim).await.map_err(|error| failed(&error)) })
    }

    fn release(&self, claim: ApprovalUse) -> BoxFuture<'_, Result<(), SourceError>> {
        Box::pin(async move { self.api.release_approval(claim).await.map_err(|error| failed(&error)) })
    }
}
