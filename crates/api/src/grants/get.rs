//! `GET /v1/orgs/{org}/teams/{team}/grants/{grant}`

use axum::Json;
use model::Permission;

use super::view::GrantView;
use crate::Problem;
use crate::extract::{OrgAccess, Path};
use crate::paths::{GrantParams, OrgParam};

/// One grant, revoked or not.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/teams/{team}/grants/{grant}",
    tag = "grants",
    params(OrgParam, GrantParams),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "The grant", body = GrantView))
)]
pub(crate) async fn get_grant(
    access: OrgAccess,
    Path(path): Path<GrantParams>,
) -> Result<Json<GrantView>, Problem> {
    access.require(Permission::Read)?;
    let mut tx = access.begin().await?;
    let team = tx.team(&path.team).await?;
    let grant = tx.grant(team.id, path.grant).await?;
    Ok(Json(GrantView::load(&access, &mut tx, &team, grant).await?))
}
