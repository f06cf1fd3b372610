//! Calls that wait for approval: for reading, for deciding, and as a stream of changes. What gateways ask is in
//! [`desk`].

mod approve;
mod decide;
mod deny;
mod desk;
mod get;
mod list;
mod mail;
mod stream;
mod view;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;

/// `/v1/orgs/{org}/approvals`, `…/stream`, `…/{approval}`, `…/{approval}/approve` and `…/{approval}/deny`
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new()
        .routes(routes!(list::list_approvals))
        .routes(routes!(stream::stream_approvals))
        .routes(routes!(get::get_approval))
        .routes(routes!(approve::approve))
        .routes(routes!(deny::deny))
}
