//! `PATCH /v1/orgs/{org}/members/{user}`

use axum::Json;
use garde::Validate;
use model::{Permission, Role, Slug};
use serde::Deserialize;
use utoipa::ToSchema;

use super::view::MemberView;
use crate::extract::{Body, OrgAccess, Path};
use crate::paths::{MemberParam, OrgParam};
use crate::{Problem, schema};

/// Another role.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct UpdateMemberBody {
    /// What the member may do from now on.
    #[garde(skip)]
    #[schema(value_type = schema::Role)]
    role: Role,
    /// On this team only; throughout the organisation when left out.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "payments")]
    team: Option<Slug>,
}

/// Give a member another role, in the organisation or on one team. The last admin cannot become less (`last_admin`).
/// Needs the role admin.
#[utoipa::path(
    patch,
    path = "/v1/orgs/{org}/members/{user}",
    tag = "members",
    params(OrgParam, MemberParam),
    security(("bearer" = [])),
    request_body = UpdateMemberBody,
    responses((status = OK, description = "The member as it is now", body = MemberView))
)]
pub(crate) async fn update_member(
    access: OrgAccess,
    Path(path): Path<MemberParam>,
    Body(body): Body<UpdateMemberBody>,
) -> Result<Json<MemberView>, Problem> {
    access.require(Permission::ManageOrg)?;
    let mut tx = access.begin().await?;
    tx.lock_org().await?;
    let before = MemberView::from(tx.member(path.user).await?);
    let team = match &body.team {
        Some(slug) => Some(super::team_of(&mut tx, slug).await?),
        None => None,
    };
    tx.set_role(path.user, team, body.role, access.api().now()).await?;
    let after = MemberView::from(tx.member(path.user).await?);
    access.record(&mut tx, "member.update", after.user, (Some(&before), Some(&after))).await?;
    tx.commit().await?;
    Ok(Json(after))
}
