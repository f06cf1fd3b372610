//! `GET /v1/orgs/{org}/members`

use axum::Json;
use model::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::MemberView;
use crate::Problem;
use crate::extract::OrgAccess;
use crate::paths::OrgParam;

/// All members.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MembersView {
    /// By address.
    members: Vec<MemberView>,
}

/// All members of an organisation, those on single teams included. Needs the role admin.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/members",
    tag = "members",
    params(OrgParam),
    security(("bearer" = [])),
    responses((status = OK, description = "By address", body = MembersView))
)]
pub(crate) async fn list_members(access: OrgAccess) -> Result<Json<MembersView>, Problem> {
    access.require(Permission::ManageOrg)?;
    let members = access.begin().await?.members().await?;
    Ok(Json(MembersView { members: members.into_iter().map(MemberView::from).collect() }))
}
