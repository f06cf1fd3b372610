//! The public catalogue of servers and tools. Open to anyone, and counted against a caller's quota like everything else.

mod classes;
mod server;
mod server_tools;
mod servers;
mod tool;
mod tools;
mod view;
mod wanted;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;

/// `/v1/catalog`
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(servers::search_catalog_servers))
        .routes(routes!(tools::search_catalog_tools))
        .routes(routes!(classes::list_catalog_classes))
        .routes(routes!(server::get_catalog_server))
        .routes(routes!(server_tools::list_catalog_tools))
        .routes(routes!(tool::get_catalog_tool))
}
