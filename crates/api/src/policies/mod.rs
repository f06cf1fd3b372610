//! Policies of a server: versioned documents, kept byte for byte.

mod check;
mod compile;
mod get;
mod list;
mod put;
mod version;
mod versions;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;

/// `/v1/policies/check`, `/v1/orgs/{org}/servers/{server}/policies` and below
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(check::check_policy))
        .routes(routes!(list::list_policies))
        .routes(routes!(get::get_policy, put::put_policy))
        .routes(routes!(versions::list_versions))
        .routes(routes!(version::get_version))
}
