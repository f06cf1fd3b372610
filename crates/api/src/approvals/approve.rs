//! `POST /v1/orgs/{org}/approvals/{approval}/approve`

use axum::Json;

use super::decide::{DecisionBody, decide};
use super::view::ApprovalView;
use crate::Problem;
use crate::extract::{Body, OrgAccess, Path};
use crate::paths::{ApprovalParam, OrgParam};

/// Approve a call, once: the next time it is made exactly like this, it passes. With a quorum of two the second person
/// opens it. Nobody approves a call of their own identity. Needs the role that the policy names.
#[utoipa::path(
    post,
    path = "/v1/orgs/{org}/approvals/{approval}/approve",
    tag = "approvals",
    params(OrgParam, ApprovalParam),
    security(("bearer" = [])),
    request_body = DecisionBody,
    responses((status = OK, description = "The request as it stands now", body = ApprovalView))
)]
pub(crate) async fn approve(
    access: OrgAccess,
    Path(path): Path<ApprovalParam>,
    Body(body): Body<DecisionBody>,
) -> Result<Json<ApprovalView>, Problem> {
    decide(&access, path.approval, true, body).await.map(Json)
}
