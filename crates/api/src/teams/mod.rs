//! Teams: where identities live and gateway addresses point.

mod create;
mod delete;
mod list;
mod update;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;

/// `/v1/orgs/{org}/teams` and `/v1/orgs/{org}/teams/{team}`
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_teams, create::create_team))
        .routes(routes!(update::update_team, delete::remove_team))
}
