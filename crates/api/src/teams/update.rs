//! `PATCH /v1/orgs/{org}/teams/{team}`

use axum::Json;
use garde::Validate;
use model::{Permission, Slug};
use serde::Deserialize;
use store::TeamChange;
use utoipa::ToSchema;

use super::view::TeamView;
use crate::extract::{Body, OrgAccess, Path};
use crate::paths::{OrgParam, TeamParam};
use crate::{Problem, names};

/// What to change; fields left out stay as they are.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
#[garde(allow_unvalidated)]
pub(crate) struct UpdateTeamBody {
    /// Its name for people.
    #[garde(inner(custom(names::display)))]
    #[serde(default)]
    #[schema(example = "Payments", min_length = 1, max_length = 100)]
    name: Option<String>,
    /// Its name in addresses. Its gateway URL changes with it: agents have to be given the new one.
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "payments")]
    slug: Option<Slug>,
    /// Whether its identities may call.
    #[serde(default)]
    enabled: Option<bool>,
}

/// Change a team. Needs the role admin in the organisation.
#[utoipa::path(
    patch,
    path = "/v1/orgs/{org}/teams/{team}",
    tag = "teams",
    params(OrgParam, TeamParam),
    security(("bearer" = [])),
    request_body = UpdateTeamBody,
    responses((status = OK, description = "The team as it is now", body = TeamView))
)]
pub(crate) async fn update_team(
    access: OrgAccess,
    Path(path): Path<TeamParam>,
    Body(body): Body<UpdateTeamBody>,
) -> Result<Json<TeamView>, Problem> {
    access.require_throughout(Permission::ManageOrg)?;
    let mut tx = access.begin().await?;
    tx.lock_org().await?;
    let team = tx.team(&path.team).await?;
    let id = team.id;
    let before = TeamView::of(&access, team);
    let change = TeamChange { name: body.name, slug: body.slug, enabled: body.enabled };
    let after = TeamView::of(&access, tx.update_team(id, &change).await?);
    access.record(&mut tx, "team.update", id, (Some(&before), Some(&after))).await?;
    tx.commit().await?;
    Ok(Json(after))
}
