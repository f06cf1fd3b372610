//! `GET /v1/orgs/{org}/teams/{team}/identities`

use axum::Json;
use model::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::IdentityView;
use crate::Problem;
use crate::extract::{OrgAccess, Path};
use crate::paths::{OrgParam, TeamParam};

/// All identities of a team.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IdentitiesView {
    /// By label.
    identities: Vec<IdentityView>,
}

/// All identities of a team.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/teams/{team}/identities",
    tag = "identities",
    params(OrgParam, TeamParam),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "By label", body = IdentitiesView))
)]
pub(crate) async fn list_identities(
    access: OrgAccess,
    Path(path): Path<TeamParam>,
) -> Result<Json<IdentitiesView>, Problem> {
    access.require(Permission::Read)?;
    let mut tx = access.begin().await?;
    let team = tx.team(&path.team).await?;
    let identities = tx.identities(team.id).await?;
    Ok(Json(IdentitiesView { identities: identities.into_iter().map(IdentityView::from).collect() }))
}
