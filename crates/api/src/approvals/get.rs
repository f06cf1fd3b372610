//! `GET /v1/orgs/{org}/approvals/{approval}`

use axum::Json;
use model::{Permission, SealedCall};
use serde_json::value::RawValue;

use super::view::{ApprovalDetailView, Viewer};
use crate::Problem;
use crate::extract::{OrgAccess, Path};
use crate::paths::{ApprovalParam, OrgParam};

/// Read one request with all that there is to judge: the exact call and the tool's definition.
#[utoipa::path(
    get,
    path = "/v1/orgs/{org}/approvals/{approval}",
    tag = "approvals",
    params(OrgParam, ApprovalParam),
    security(("bearer" = []), ("key" = ["read"])),
    responses((status = OK, description = "The request", body = ApprovalDetailView))
)]
pub(crate) async fn get_approval(
    access: OrgAccess,
    Path(path): Path<ApprovalParam>,
) -> Result<Json<ApprovalDetailView>, Problem> {
    access.require(Permission::Read)?;
    let viewer = Viewer::of(&access).await?;
    let mut tx = access.begin().await?;
    let approval = tx.approval(path.approval, access.api().now()).await?;
    let context = SealedCall::context(access.org(), approval.id);
    let call = match access.api().parts().call_sealer.open(&approval.call.0, context.as_bytes()) {
        Ok(opened) => str::from_utf8(&opened).ok().and_then(raw),
        Err(error) => {
            tracing::error!(approval = %approval.id, %error, "a call that waits for approval cannot be opened");
            None
        }
    };
    let definition = approval.definition.as_deref().and_then(raw);
    let approval = viewer.show_one(&mut tx, approval).await?;
    Ok(Json(ApprovalDetailView { approval, call, definition }))
}

/// JSON as it is: numbers keep all their digits.
fn raw(text: &str) -> Option<Box<RawValue>> {
    RawValue::from_string(text.to_owned()).ok()
}
