//! `GET /v1/orgs/{org}/servers/{server}/policies`

use axum::Json;
use model::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::PolicyView;
use crate::Problem;
use crate::extract::{OrgAccess, Path, Query};
use crate::page::PageQuery;
use crate::paths::{OrgParam, ServerParam};

/// A page of policies of a server.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PoliciesView {
    /// By name.
    policies: Vec<PolicyView>,
    /// Continues after this page; `null` on the last one.
    next_cursor: Option<String>,
}

/// All policies of a server.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/servers/{server}/policies",
    tag = "policies",
    params(OrgParam, ServerParam, PageQuery),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "By name", body = PoliciesView))
)]
pub(crate) async fn list_policies(
    access: OrgAccess,
    Path(path): Path<ServerParam>,
    Query(query): Query<PageQuery>,
) -> Result<Json<PoliciesView>, Problem> {
    access.require_anywhere(Permission::Read)?;
    let mut tx = access.begin().await?;
    let server = tx.server(&path.server).await?;
    let (found, next_cursor) = query.of(tx.policies(server.id).await?, |policy| policy.id.to_string())?;
    Ok(Json(PoliciesView { policies: found.into_iter().map(PolicyView::from).collect(), next_cursor }))
}
