//! `POST /internal/v1/approvals/claim`

use axum::Json;
use axum::extract::{Request, State};
use model::{ApprovalClaim, ApprovalUse};

use crate::extract::{parse, read, require_json};
use crate::internal::node::Node;
use crate::{Api, Problem};

/// Largest request, in bytes.
pub(in crate::internal) const MAX_REQUEST: usize = 4 * 1024;

/// Takes an approval for one call.
pub(in crate::internal) async fn claim_approval(
    State(api): State<Api>,
    _node: Node,
    request: Request,
) -> Result<Json<ApprovalClaim>, Problem> {
    require_json(request.headers())?;
    let claim: ApprovalUse = parse(&read(request, MAX_REQUEST).await?)?;
    Ok(Json(api.claim_approval(claim).await?))
}
