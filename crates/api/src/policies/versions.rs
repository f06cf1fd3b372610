//! `GET /v1/orgs/{org}/servers/{server}/policies/{policy}/versions`

use axum::Json;
use model::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::PolicyVersionView;
use crate::Problem;
use crate::extract::{OrgAccess, Path, Query};
use crate::page::PageQuery;
use crate::paths::{OrgParam, PolicyParams};

/// All versions of a policy.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PolicyVersionsView {
    /// Newest first, without their documents.
    versions: Vec<PolicyVersionView>,
    /// Continues after this page; `null` on the last one.
    next_cursor: Option<String>,
}

/// All versions of a policy.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/servers/{server}/policies/{policy}/versions",
    tag = "policies",
    params(OrgParam, PolicyParams, PageQuery),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "Newest first", body = PolicyVersionsView))
)]
pub(crate) async fn list_versions(
    access: OrgAccess,
    Path(path): Path<PolicyParams>,
    Query(query): Query<PageQuery>,
) -> Result<Json<PolicyVersionsView>, Problem> {
    access.require_anywhere(Permission::Read)?;
    let mut tx = access.begin().await?;
    let server = tx.server(&path.server).await?;
    let policy = tx.policy(server.id, &path.policy).await?;
    let versions = tx.policy_versions(policy.id).await?;
    let (found, next_cursor) = query.of(versions, |version| version.version.to_string())?;
    let versions = found.into_iter().map(PolicyVersionView::from).collect();
    Ok(Json(PolicyVersionsView { versions, next_cursor }))
}
