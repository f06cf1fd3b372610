//! MCP servers behind the gateway: registered by address, asked for their tools, switched off and removed.

mod accept;
mod class;
mod create;
mod delete;
mod discover;
mod get;
mod headers;
mod list;
mod override_class;
mod probe;
mod recommended_policy;
mod relist;
mod restore_class;
mod sample;
mod tools;
mod update;
mod view;

pub use relist::relist;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) use class::{EvidenceView, Reasons};

use crate::Api;

/// `/v1/orgs/{org}/servers` and below, without policies.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_servers, create::register_server))
        .routes(routes!(sample::add_sample_server))
        .routes(routes!(get::get_server, update::update_server, delete::remove_server))
        .routes(routes!(discover::discover_server))
        .routes(routes!(tools::list_tools))
        .routes(routes!(accept::accept_definitions))
        .routes(routes!(override_class::override_class, restore_class::restore_class))
        .routes(routes!(recommended_policy::recommended_policy))
}
