//! `DELETE /v1/me/sessions`

use axum::extract::State;
use http::StatusCode;

use crate::extract::User;
use crate::{Api, Problem};

/// End all of one's sign-ins but the one that asks.
#[utoipa::path(
    delete,
    path = "/v1/me/sessions",
    tag = "accounts",
    security(("bearer" = [])),
    responses((status = NO_CONTENT, description = "Ended"))
)]
pub(crate) async fn revoke_other_sessions(
    State(api): State<Api>,
    caller: User,
) -> Result<StatusCode, Problem> {
    api.store().revoke_other_sessions(caller.id(), caller.session(), api.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
