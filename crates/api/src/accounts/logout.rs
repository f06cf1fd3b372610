//! `POST /v1/logout`

use axum::extract::State;
use http::StatusCode;
use secrets::token::TokenKind;

use super::refresh::RefreshBody;
use super::session;
use crate::extract::Body;
use crate::{Api, Problem};

/// Sign out: ends the sign-in that the refresh token belongs to, its access tokens included. Always succeeds;
/// an unknown token has nothing left to end.
#[utoipa::path(
    post,
    path = "/v1/logout",
    tag = "accounts",
    request_body = RefreshBody,
    responses((status = NO_CONTENT, description = "Signed out"))
)]
pub(crate) async fn logout(
    State(api): State<Api>,
    Body(body): Body<RefreshBody>,
) -> Result<StatusCode, Problem> {
    if let Some(verifier) = session::verifier(&api, &body.refresh_token, TokenKind::Refresh) {
        api.store().end_session(&verifier, api.now()).await?;
    }
    Ok(StatusCode::NO_CONTENT)
}
