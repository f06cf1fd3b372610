//! Identities of a team: the people, agents and services that call tools.

mod create;
mod delete;
mod get;
mod list;
mod rules;
mod update;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;

/// `/v1/orgs/{org}/teams/{team}/identities` and below, without tokens.
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list::list_identities, create::create_identity)).routes(routes!(
        get::get_identity,
        update::update_identity,
        delete::remove_identity
    ))
}
