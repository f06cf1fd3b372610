//! `GET /v1/orgs/{org}/servers/{server}/policies/{policy}/versions`

use axum::Json;
use model::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::PolicyVersionView;
use crate::Problem;
use crate::extract::{OrgAccess, Path};
use crate::paths::{OrgParam, PolicyParams};

/// All versions of a policy.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PolicyVersionsView {
    /// Newest first, without their documents.
    versions: Vec<PolicyVersionView>,
}

/// All versions of a policy.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/servers/{server}/policies/{policy}/versions",
    tag = "policies",
    params(OrgParam, PolicyParams),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "Newest first", body = PolicyVersionsView))
)]
pub(crate) async fn list_versions(
    access: OrgAccess,
    Path(path): Path<PolicyParams>,
) -> Result<Json<PolicyVersionsView>, Problem> {
    access.require_anywhere(Permission::Read)?;
    let mut tx = access.begin().await?;
    let server = tx.server(&path.server).await?;
    let policy = tx.policy(server.id, &path.policy).await?;
    let versions = tx.policy_versions(policy.id).await?;
    Ok(Json(PolicyVersionsView { versions: versions.into_iter().map(PolicyVersionView::from).collect() }))
}
