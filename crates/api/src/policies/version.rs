//! `GET /v1/orgs/{org}/servers/{server}/policies/{policy}/versions/{version}`

use axum::Json;
use model::Permission;

use super::view::PolicyVersionView;
use crate::Problem;
use crate::extract::{OrgAccess, Path};
use crate::paths::{OrgParam, VersionParams};

/// One version of a policy, with its document.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/servers/{server}/policies/{policy}/versions/{version}",
    tag = "policies",
    params(OrgParam, VersionParams),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "The version", body = PolicyVersionView))
)]
pub(crate) async fn get_version(
    access: OrgAccess,
    Path(path): Path<VersionParams>,
) -> Result<Json<PolicyVersionView>, Problem> {
    access.require_anywhere(Permission::Read)?;
    let mut tx = access.begin().await?;
    let server = tx.server(&path.server).await?;
    let policy = tx.policy(server.id, &path.policy).await?;
    let version = tx.policy_version(policy.id, path.version).await?;
    Ok(Json(version.into()))
}
