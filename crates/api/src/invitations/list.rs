//! `GET /v1/orgs/{org}/invitations`

use axum::Json;
use model::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::InvitationView;
use crate::Problem;
use crate::extract::OrgAccess;
use crate::paths::OrgParam;

/// Invitations that have not been answered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InvitationsView {
    /// Newest first.
    invitations: Vec<InvitationView>,
}

/// All invitations that can still be answered. Needs the role admin.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/invitations",
    tag = "members",
    params(OrgParam),
    security(("bearer" = [])),
    responses((status = OK, description = "Newest first", body = InvitationsView))
)]
pub(crate) async fn list_invitations(access: OrgAccess) -> Result<Json<InvitationsView>, Problem> {
    access.require(Permission::ManageOrg)?;
    let invitations = access.begin().await?.invitations(access.api().now()).await?;
    Ok(Json(InvitationsView { invitations: invitations.into_iter().map(InvitationView::from).collect() }))
}
