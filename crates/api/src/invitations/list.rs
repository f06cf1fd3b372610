//! `GET /v1/orgs/{org}/invitations`

use axum::Json;
use model::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::InvitationView;
use crate::Problem;
use crate::extract::{OrgAccess, Query};
use crate::page::PageQuery;
use crate::paths::OrgParam;

/// A page of invitations that have not been answered.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct InvitationsView {
    /// Newest first.
    invitations: Vec<InvitationView>,
    /// Continues after this page; `null` on the last one.
    next_cursor: Option<String>,
}

/// All invitations that can still be answered. Needs the role admin.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/invitations",
    tag = "members",
    params(OrgParam, PageQuery),
    security(("bearer" = [])),
    responses((status = OK, description = "Newest first", body = InvitationsView))
)]
pub(crate) async fn list_invitations(
    access: OrgAccess,
    Query(query): Query<PageQuery>,
) -> Result<Json<InvitationsView>, Problem> {
    access.require(Permission::ManageOrg)?;
    let invitations = access.begin().await?.invitations(access.api().now()).await?;
    let (found, next_cursor) = query.of(invitations, |invitation| invitation.id.to_string())?;
    let invitations = found.into_iter().map(InvitationView::from).collect();
    Ok(Json(InvitationsView { invitations, next_cursor }))
}
