//! Organisations.

mod delete;
mod get;
mod restore;
mod update;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;

/// `/v1/orgs/{org}` and `/v1/orgs/{org}/restore`
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(get::get_org, update::update_org, delete::delete_org))
        .routes(routes!(restore::restore_org))
}
