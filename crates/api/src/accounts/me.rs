//! `GET /v1/me`

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::{OrgId, Role, Slug, UserId};
use serde::Serialize;
use utoipa::ToSchema;

use crate::extract::User;
use crate::members::view::TeamRoleView;
use crate::{Api, Problem, schema};

/// The caller.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MeView {
    /// The account.
    user: UserView,
    /// The organisations it belongs to.
    memberships: Vec<MembershipView>,
}

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct UserView {
    /// Its id.
    #[schema(value_type = String)]
    id: UserId,
    /// Its address.
    email: String,
    /// When the address was confirmed.
    #[schema(value_type = Option<String>, format = DateTime)]
    email_verified_at: Option<Timestamp>,
    /// When it was made.
    #[schema(value_type = String, format = DateTime)]
    created_at: Timestamp,
}

/// A place in an organisation.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MembershipView {
    /// The organisation's id.
    #[schema(value_type = String)]
    org_id: OrgId,
    /// Its name in addresses.
    #[schema(value_type = String, example = "acme")]
    org: Slug,
    /// When it will be deleted; `null` unless somebody wants that.
    #[schema(value_type = Option<String>, format = DateTime)]
    delete_at: Option<Timestamp>,
    /// What the caller may do throughout it; `null` for somebody who is on single teams only.
    #[schema(value_type = Option<schema::Role>)]
    role: Option<Role>,
    /// What the caller may do on single teams.
    team_roles: Vec<TeamRoleView>,
    /// Its teams; for somebody who is on single teams only, those.
    #[schema(value_type = Vec<String>)]
    teams: Vec<Slug>,
}

/// Who one is, and the organisations one belongs to.
#[utoipa::path(
    get,
    path = "/v1/me",
    tag = "accounts",
    security(("bearer" = [])),
    responses((status = OK, description = "The caller", body = MeView))
)]
pub(crate) async fn me(State(api): State<Api>, caller: User) -> Result<Json<MeView>, Problem> {
    let user = api.store().user(caller.id()).await?.ok_or_else(Problem::not_found)?;
    let memberships = api.store().memberships(caller.id()).await?;
    Ok(Json(MeView {
        user: UserView {
            id: user.id,
            email: user.email,
            email_verified_at: user.email_verified_at,
            created_at: user.created_at,
        },
        memberships: memberships
            .into_iter()
            .map(|place| MembershipView {
                org_id: place.org,
                org: place.org_slug,
                delete_at: place.delete_at,
                role: place.role,
                team_roles: place.on_teams.into_iter().map(TeamRoleView::from).collect(),
                teams: place.teams,
            })
            .collect(),
    }))
}
