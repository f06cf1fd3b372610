//! Invitations: asking an address to join, and answering.

mod accept;
mod create;
mod decline;
mod join;
mod list;
mod open;
mod revoke;
mod show;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;

/// `/v1/orgs/{org}/invitations` and below, `/v1/invitations/…`
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_invitations, create::create_invitation))
        .routes(routes!(revoke::revoke_invitation))
        .routes(routes!(show::show_invitation))
        .routes(routes!(accept::accept_invitation))
        .routes(routes!(join::join_by_invitation))
        .routes(routes!(decline::decline_invitation))
}
