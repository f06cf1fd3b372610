//! `POST /internal/v1/events`

use axum::extract::{Request, State};
use http::StatusCode;
use model::Event;

use super::node::Node;
use crate::extract::{parse, read, require_json};
use crate::{Api, Problem};

/// Largest batch, in bytes. Gateways send at most 1 MiB of their spool at once, which grows a little as JSON.
const MAX_BATCH: usize = 8 * 1024 * 1024;

/// Takes audit events for good. Events that are kept already change nothing, so a batch may be sent again.
pub(super) async fn accept_events(
    State(api): State<Api>,
    _node: Node,
    request: Request,
) -> Result<StatusCode, Problem> {
    require_json(request.headers())?;
    let events: Vec<Event> = parse(&read(request, MAX_BATCH).await?)?;
    api.store().insert_events(&events, api.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
