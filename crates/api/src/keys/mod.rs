//! API keys: made, listed and revoked by people, never by keys.

mod create;
mod list;
mod revoke;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;

/// `/v1/orgs/{org}/keys` and below
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_keys, create::create_key))
        .routes(routes!(revoke::revoke_key))
}
