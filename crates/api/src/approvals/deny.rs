//! `POST /v1/orgs/{org}/approvals/{approval}/deny`

use axum::Json;

use super::decide::{DecisionBody, decide};
use super::view::ApprovalView;
use crate::Problem;
use crate::extract::{Body, OrgAccess, Path};
use crate::paths::{ApprovalParam, OrgParam};

/// Deny a call. One person is enough; an approval that has not been used yet can be taken back like this too. The same call
/// stays denied until the request expires. Needs the role that the policy names.
#[utoipa::path(
    post,
    path = "/v1/orgs/{org}/approvals/{approval}/deny",
    tag = "approvals",
    params(OrgParam, ApprovalParam),
    security(("bearer" = [])),
    request_body = DecisionBody,
    responses((status = OK, description = "The request as it stands now", body = ApprovalView))
)]
pub(crate) async fn deny(
    access: OrgAccess,
    Path(path): Path<ApprovalParam>,
    Body(body): Body<DecisionBody>,
) -> Result<Json<ApprovalView>, Problem> {
    decide(&access, path.approval, false, body).await.map(Json)
}
