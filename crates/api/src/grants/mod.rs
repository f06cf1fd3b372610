//! Grants of a team: which identity, or the whole team, reaches which server, and under which policy.

mod create;
mod get;
mod list;
mod revoke;
mod update;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;

/// `/v1/orgs/{org}/teams/{team}/grants` and below
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(list::list_grants, create::create_grant)).routes(routes!(
        get::get_grant,
        update::update_grant,
        revoke::revoke_grant
    ))
}
