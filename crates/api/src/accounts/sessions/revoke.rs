//! `DELETE /v1/me/sessions/{session}`

use axum::extract::State;
use http::StatusCode;

use crate::extract::{Path, User};
use crate::paths::SessionParam;
use crate::{Api, Problem};

/// End one of one's sign-ins, its access tokens included. Ending it again changes nothing.
#[utoipa::path(
    delete,
    path = "/v1/me/sessions/{session}",
    tag = "accounts",
    params(SessionParam),
    security(("bearer" = [])),
    responses((status = NO_CONTENT, description = "Ended"))
)]
pub(crate) async fn revoke_session(
    State(api): State<Api>,
    caller: User,
    Path(path): Path<SessionParam>,
) -> Result<StatusCode, Problem> {
    api.store().revoke_session(caller.id(), path.session, api.now()).await?;
    Ok(StatusCode::NO_CONTENT)
}
