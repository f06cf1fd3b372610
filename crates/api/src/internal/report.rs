//! `POST /internal/v1/report`

use axum::Json;
use axum::extract::{Request, State};
use model::{NodeDuties, NodeReport};

use super::node::Node;
use crate::extract::{parse, read, require_json};
use crate::{Api, Problem};

/// Largest report, in bytes: about ten thousand organisations whose counters are gone at once.
const MAX_REPORT: usize = 1024 * 1024;

/// Takes a gateway's report and says what it is to do for organisations whose counters are being restored.
pub(super) async fn take_report(
    State(api): State<Api>,
    _node: Node,
    request: Request,
) -> Result<Json<NodeDuties>, Problem> {
    require_json(request.headers())?;
    let report: NodeReport = parse(&read(request, MAX_REPORT).await?)?;
    let patience = api.parts().recovery_patience;
    Ok(Json(api.store().take_report(&report, patience, api.now()).await?))
}
