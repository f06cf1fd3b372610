//! `POST /internal/v1/approvals/release`

use axum::Json;
use axum::extract::{Request, State};
use model::ApprovalUse;

use super::claim::MAX_REQUEST;
use crate::extract::{parse, read, require_json};
use crate::internal::node::Node;
use crate::{Api, Problem};

/// Gives back an approval that its call has provably not used.
pub(in crate::internal) async fn release_approval(
    State(api): State<Api>,
    _node: Node,
    request: Request,
) -> Result<Json<()>, Problem> {
    require_json(request.headers())?;
    let claim: ApprovalUse = parse(&read(request, MAX_REQUEST).await?)?;
    Ok(Json(api.release_approval(claim).await?))
}
