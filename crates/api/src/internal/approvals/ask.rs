//! `POST /internal/v1/approvals`

use axum::Json;
use axum::extract::{Request, State};
use model::{ApprovalAnswer, ApprovalRequest};

use crate::extract::{parse, read, require_json};
use crate::internal::node::Node;
use crate::{Api, Problem};

/// Largest request, in bytes: a sealed call of the largest size, and room for names.
const MAX_REQUEST: usize = 256 * 1024;

/// The open request for a call, or a new one.
pub(in crate::internal) async fn ask_approval(
    State(api): State<Api>,
    _node: Node,
    request: Request,
) -> Result<Json<ApprovalAnswer>, Problem> {
    require_json(request.headers())?;
    let request: ApprovalRequest = parse(&read(request, MAX_REQUEST).await?)?;
    Ok(Json(api.ask_approval(&request).await?))
}
