//! What gateways without a database ask of the control plane. Not part of the public API or its document.

mod approvals;
mod by_identity;
mod by_token;
mod changes;
mod events;
mod node;
mod report;

use axum::Router;
use axum::routing::{get, post};

use crate::Api;

/// `/internal/v1`
pub(crate) fn routes() -> Router<Api> {
    Router::new()
        .route("/internal/v1/bundles/by-token/{digest}", get(by_token::bundle_by_token))
        .route("/internal/v1/bundles/by-identity/{identity}", get(by_identity::bundle_by_identity))
        .route("/internal/v1/changes", get(changes::follow_changes))
        .route("/internal/v1/approvals", post(approvals::ask::ask_approval))
        .route("/internal/v1/approvals/claim", post(approvals::claim::claim_approval))
        .route("/internal/v1/approvals/release", post(approvals::release::release_approval))
        .route("/internal/v1/events", post(events::accept_events))
        .route("/internal/v1/report", post(report::take_report))
}
