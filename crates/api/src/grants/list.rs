//! `GET /v1/orgs/{org}/teams/{team}/grants`

use axum::Json;
use model::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::GrantView;
use crate::Problem;
use crate::extract::{OrgAccess, Path, Query};
use crate::page::PageQuery;
use crate::paths::{OrgParam, TeamParam};

/// A page of grants of a team.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct GrantsView {
    /// Newest first, without revoked ones.
    grants: Vec<GrantView>,
    /// Continues after this page; `null` on the last one.
    next_cursor: Option<String>,
}

/// All grants of a team that are not revoked.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/teams/{team}/grants",
    tag = "grants",
    params(OrgParam, TeamParam, PageQuery),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "Newest first", body = GrantsView))
)]
pub(crate) async fn list_grants(
    access: OrgAccess,
    Path(path): Path<TeamParam>,
    Query(query): Query<PageQuery>,
) -> Result<Json<GrantsView>, Problem> {
    access.require(Permission::Read)?;
    let mut tx = access.begin().await?;
    let team = tx.team(&path.team).await?;
    let (grants, next_cursor) = query.of(tx.grants(team.id).await?, |grant| grant.id.to_string())?;
    let labels = tx
        .labels(
            grants.iter().filter_map(|grant| grant.identity),
            grants.iter().map(|grant| grant.server),
            grants.iter().filter_map(|grant| grant.policy),
        )
        .await?;
    let grants = grants.into_iter().map(|grant| GrantView::of(&access, &team, &labels, grant)).collect();
    Ok(Json(GrantsView { grants, next_cursor }))
}
