//! `DELETE /v1/orgs/{org}/members/{user}`

use http::StatusCode;
use model::{Permission, Slug};
use serde::Deserialize;
use utoipa::IntoParams;

use super::view::MemberView;
use crate::Problem;
use crate::extract::{OrgAccess, Path, Query};
use crate::paths::{MemberParam, OrgParam};

/// From where.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(crate) struct RemoveMemberQuery {
    /// Off this team only; out of the organisation when left out.
    #[param(value_type = Option<String>)]
    team: Option<Slug>,
}

/// Remove a member, or leave: everybody may remove themselves, others need the role admin. The last admin cannot go
/// (`last_admin`).
#[utoipa::path(
    delete,
    path = "/v1/orgs/{org}/members/{user}",
    tag = "members",
    params(OrgParam, MemberParam, RemoveMemberQuery),
    security(("bearer" = [])),
    responses((status = NO_CONTENT, description = "Removed"))
)]
pub(crate) async fn remove_member(
    access: OrgAccess,
    Path(path): Path<MemberParam>,
    Query(query): Query<RemoveMemberQuery>,
) -> Result<StatusCode, Problem> {
    let leaves = access.is_person(path.user);
    if !leaves {
        access.require(Permission::ManageOrg)?;
    }
    let mut tx = access.begin().await?;
    tx.lock_org().await?;
    let before = MemberView::from(tx.member(path.user).await?);
    let team = match &query.team {
        Some(slug) => Some(super::team_of(&mut tx, slug).await?),
        None => None,
    };
    tx.remove_member(path.user, team).await?;
    let after = match tx.member(path.user).await {
        Ok(member) => Some(MemberView::from(member)),
        Err(store::Error::Missing(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let action = if leaves { "member.leave" } else { "member.remove" };
    access.record(&mut tx, action, before.user, (Some(&before), after.as_ref())).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
