//! What the gateway decided, for reading: in pages, one by one, counted over time, and as a file.

mod csv;
mod export;
pub(crate) mod filter;
mod get;
mod histogram;
mod list;
mod top_tools;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;

/// `/v1/orgs/{org}/events` and below
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_events))
        .routes(routes!(histogram::event_histogram))
        .routes(routes!(top_tools::top_tools))
        .routes(routes!(export::export_events))
        .routes(routes!(get::get_event))
}
