//! `GET /v1/orgs/{org}/servers/{server}/policies/{policy}`

use axum::Json;
use http::HeaderName;
use http::header::ETAG;
use model::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::PolicyView;
use crate::Problem;
use crate::extract::{OrgAccess, Path};
use crate::paths::{OrgParam, PolicyParams};

/// A policy with the document in force.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PolicyDocumentView {
    /// The policy.
    #[serde(flatten)]
    policy: PolicyView,
    /// The document in force, character for character as it was sent.
    document: String,
    /// Its test cases, character for character as they were sent; `null` when it has none.
    cases: Option<String>,
}

/// A policy and the document in force. The `ETag` is for `If-Match` when the next version is published.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/servers/{server}/policies/{policy}",
    tag = "policies",
    params(OrgParam, PolicyParams),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "The policy", body = PolicyDocumentView))
)]
pub(crate) async fn get_policy(
    access: OrgAccess,
    Path(path): Path<PolicyParams>,
) -> Result<([(HeaderName, String); 1], Json<PolicyDocumentView>), Problem> {
    access.require_anywhere(Permission::Read)?;
    let mut tx = access.begin().await?;
    let server = tx.server(&path.server).await?;
    let policy = tx.policy(server.id, &path.policy).await?;
    let version = tx.policy_version(policy.id, policy.latest_version).await?;
    let etag = format!("\"{}\"", version.version);
    let view = PolicyDocumentView {
        policy: policy.into(),
        document: version.document.unwrap_or_default(),
        cases: version.cases,
    };
    Ok(([(ETAG, etag)], Json(view)))
}
