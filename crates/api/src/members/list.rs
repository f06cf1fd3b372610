//! `GET /v1/orgs/{org}/members`

use axum::Json;
use model::Permission;
use serde::Serialize;
use utoipa::ToSchema;

use super::view::MemberView;
use crate::Problem;
use crate::extract::{OrgAccess, Query};
use crate::page::PageQuery;
use crate::paths::OrgParam;

/// A page of members.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct MembersView {
    /// By address.
    members: Vec<MemberView>,
    /// Continues after this page; `null` on the last one.
    next_cursor: Option<String>,
}

/// All members of an organisation, those on single teams included. Needs the role admin.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/members",
    tag = "members",
    params(OrgParam, PageQuery),
    security(("bearer" = [])),
    responses((status = OK, description = "By address", body = MembersView))
)]
pub(crate) async fn list_members(
    access: OrgAccess,
    Query(query): Query<PageQuery>,
) -> Result<Json<MembersView>, Problem> {
    access.require(Permission::ManageOrg)?;
    let members = access.begin().await?.members().await?;
    let (found, next_cursor) = query.of(members, |member| member.user.to_string())?;
    Ok(Json(MembersView { members: found.into_iter().map(MemberView::from).collect(), next_cursor }))
}
