//! `GET /v1/orgs/{org}/servers/{server}/policies`

use axum::Json;
use model::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::PolicyView;
use crate::Problem;
use crate::extract::{OrgAccess, Path};
use crate::paths::{OrgParam, ServerParam};

/// All policies of a server.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct PoliciesView {
    /// By name.
    policies: Vec<PolicyView>,
}

/// All policies of a server.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/servers/{server}/policies",
    tag = "policies",
    params(OrgParam, ServerParam),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "By name", body = PoliciesView))
)]
pub(crate) async fn list_policies(
    access: OrgAccess,
    Path(path): Path<ServerParam>,
) -> Result<Json<PoliciesView>, Problem> {
    access.require_anywhere(Permission::Read)?;
    let mut tx = access.begin().await?;
    let server = tx.server(&path.server).await?;
    let policies = tx.policies(server.id).await?;
    Ok(Json(PoliciesView { policies: policies.into_iter().map(PolicyView::from).collect() }))
}
