//! `POST /v1/orgs/{org}/teams`

use axum::Json;
use garde::Validate;
use http::StatusCode;
use model::{Permission, Slug};
use serde::Deserialize;
use store::NewTeam;
use utoipa::ToSchema;

use super::view::TeamView;
use crate::Problem;
use crate::extract::{Body, OrgAccess};
use crate::names::{self, slug_or_nearest};
use crate::paths::OrgParam;

/// A new team.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CreateTeamBody {
    /// Its name for people.
    #[garde(custom(names::display))]
    #[schema(example = "Payments", min_length = 1, max_length = 100)]
    name: String,
    /// Its name in addresses; made from `name` when left out.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "payments")]
    slug: Option<Slug>,
}

/// Make a team. Needs the role admin.
#[utoipa::path(
    post,
    path = "/v1/orgs/{org}/teams",
    tag = "teams",
    params(OrgParam),
    security(("bearer" = []), ("key" = ["teams"])),
    request_body = CreateTeamBody,
    responses((status = CREATED, description = "The team", body = TeamView))
)]
pub(crate) async fn create_team(
    access: OrgAccess,
    Body(body): Body<CreateTeamBody>,
) -> Result<(StatusCode, Json<TeamView>), Problem> {
    access.require(Permission::ManageTeams)?;
    let slug = slug_or_nearest(body.slug, &body.name)?;
    let mut tx = access.begin().await?;
    let new = NewTeam { id: access.api().mint(), slug, name: body.name };
    let team = tx.create_team(&new, access.api().now()).await?;
    let view = TeamView::of(&access, team);
    access.record(&mut tx, "team.create", new.id, (None, Some(&view))).await?;
    tx.commit().await?;
    Ok((StatusCode::CREATED, Json(view)))
}
