//! What the gateway decided, for reading.

mod get;
mod list;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;

/// `/v1/orgs/{org}/events` and below
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list::list_events)).routes(routes!(get::get_event))
}
