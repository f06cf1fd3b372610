//! `GET /v1/orgs/{org}/teams`

use axum::Json;
use model::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::TeamView;
use crate::Problem;
use crate::extract::OrgAccess;
use crate::paths::OrgParam;

/// All teams.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct TeamsView {
    /// By name.
    teams: Vec<TeamView>,
}

/// All teams of an organisation; for somebody who is on single teams, those.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/teams",
    tag = "teams",
    params(OrgParam),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "By name", body = TeamsView))
)]
pub(crate) async fn list_teams(access: OrgAccess) -> Result<Json<TeamsView>, Problem> {
    access.require_anywhere(Permission::Read)?;
    let mut teams = access.begin().await?.teams().await?;
    if let Some(theirs) = access.confined() {
        teams.retain(|team| theirs.contains(&team.id));
    }
    Ok(Json(TeamsView { teams: teams.into_iter().map(|team| TeamView::of(&access, team)).collect() }))
}
