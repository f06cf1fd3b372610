//! `GET /v1/orgs/{org}/teams/{team}/identities/{identity}`

use axum::Json;
use model::Permission;

use super::view::IdentityView;
use crate::Problem;
use crate::extract::{OrgAccess, Path};
use crate::paths::{IdentityParams, OrgParam};

/// One identity.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/teams/{team}/identities/{identity}",
    tag = "identities",
    params(OrgParam, IdentityParams),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "The identity", body = IdentityView))
)]
pub(crate) async fn get_identity(
    access: OrgAccess,
    Path(path): Path<IdentityParams>,
) -> Result<Json<IdentityView>, Problem> {
    access.require(Permission::Read)?;
    let mut tx = access.begin().await?;
    let team = tx.team(&path.team).await?;
    let identity = tx.identity(team.id, path.identity).await?;
    Ok(Json(identity.into()))
}
