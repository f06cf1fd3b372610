//! MCP servers behind the gateway: registered by address, asked for their tools, switched off and removed.

mod create;
mod delete;
mod discover;
mod get;
mod headers;
mod list;
mod probe;
mod tools;
mod update;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;

/// `/v1/orgs/{org}/servers` and below, without policies.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_servers, create::register_server))
        .routes(routes!(get::get_server, update::update_server, delete::remove_server))
        .routes(routes!(discover::discover_server))
        .routes(routes!(tools::list_tools))
}
