//! `GET /v1/orgs/{org}/teams/{team}/identities`

use axum::Json;
use model::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::IdentityView;
use crate::Problem;
use crate::extract::{OrgAccess, Path, Query};
use crate::page::PageQuery;
use crate::paths::{OrgParam, TeamParam};

/// A page of identities of a team.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct IdentitiesView {
    /// By label.
    identities: Vec<IdentityView>,
    /// Continues after this page; `null` on the last one.
    next_cursor: Option<String>,
}

/// All identities of a team.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/teams/{team}/identities",
    tag = "identities",
    params(OrgParam, TeamParam, PageQuery),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "By label", body = IdentitiesView))
)]
pub(crate) async fn list_identities(
    access: OrgAccess,
    Path(path): Path<TeamParam>,
    Query(query): Query<PageQuery>,
) -> Result<Json<IdentitiesView>, Problem> {
    access.require(Permission::Read)?;
    let mut tx = access.begin().await?;
    let team = tx.team(&path.team).await?;
    let (found, next_cursor) = query.of(tx.identities(team.id).await?, |one| one.id.to_string())?;
    let identities = found.into_iter().map(IdentityView::from).collect();
    Ok(Json(IdentitiesView { identities, next_cursor }))
}
