//! For whoever tries things out on their own machine. Nothing here is served anywhere else.

pub(crate) mod mails;

use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::Api;

/// `/v1/dev/mails` and below
pub(crate) fn routes() -> OpenApiRouter<Api> {
    OpenApiRouter::new().routes(routes!(mails::list::list_mails)).routes(routes!(mails::get::get_mail))
}
