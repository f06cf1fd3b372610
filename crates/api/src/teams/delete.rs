//! `DELETE /v1/orgs/{org}/teams/{team}`

use http::StatusCode;
use model::Permission;

use super::view::TeamView;
use crate::Problem;
use crate::extract::{OrgAccess, Path};
use crate::paths::{OrgParam, TeamParam};

/// Remove a team without identities and grants; roles on it and invitations to it end. While it has any, or is the only
/// team, it stays (`conflict`). Its name is free again; recorded calls stay. Needs the role admin in the organisation.
#[utoipa::path(
    delete,
    path = "/v1/orgs/{org}/teams/{team}",
    tag = "teams",
    params(OrgParam, TeamParam),
    security(("bearer" = [])),
    responses((status = NO_CONTENT, description = "Removed"))
)]
pub(crate) async fn remove_team(
    access: OrgAccess,
    Path(path): Path<TeamParam>,
) -> Result<StatusCode, Problem> {
    access.require_throughout(Permission::ManageOrg)?;
    let mut tx = access.begin().await?;
    let team = tx.team(&path.team).await?;
    let id = team.id;
    let before = TeamView::of(&access, team);
    tx.remove_team(id, access.api().now()).await?;
    access.record(&mut tx, "team.remove", id, (Some(&before), None)).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
