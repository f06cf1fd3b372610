//! `GET /v1/orgs/{org}/teams`

use axum::Json;
use model::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::TeamView;
use crate::Problem;
use crate::extract::{OrgAccess, Query};
use crate::page::PageQuery;
use crate::paths::OrgParam;

/// A page of teams.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamsView {
    /// By name.
    teams: Vec<TeamView>,
    /// Continues after this page; `null` on the last one.
    next_cursor: Option<String>,
}

/// All teams of an organisation; for somebody who is on single teams, those.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/teams",
    tag = "teams",
    params(OrgParam, PageQuery),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "By name", body = TeamsView))
)]
pub(crate) async fn list_teams(
    access: OrgAccess,
    Query(query): Query<PageQuery>,
) -> Result<Json<TeamsView>, Problem> {
    access.require_anywhere(Permission::Read)?;
    let mut teams = access.begin().await?.teams().await?;
    if let Some(theirs) = access.confined() {
        teams.retain(|team| theirs.contains(&team.id));
    }
    let (found, next_cursor) = query.of(teams, |team| team.id.to_string())?;
    let teams = found.into_iter().map(|team| TeamView::of(&access, team)).collect();
    Ok(Json(TeamsView { teams, next_cursor }))
}
