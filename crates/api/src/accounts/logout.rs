//! `POST /v1/logout`

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, StatusCode};
use secrets::token::TokenKind;

use super::refresh::RefreshBody;
use super::{cookie, session};
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
    headers: HeaderMap,
    Body(body): Body<RefreshBody>,
) -> Result<Response, Problem> {
    let token = body.token(&api, &headers)?;
    let verifier = token.and_then(|token| session::verifier(&api, &token, TokenKind::Refresh));
    if let Some(verifier) = verifier {
        api.store().end_session(&verifier, api.now()).await?;
    }
    if body.cookie {
        return Ok((StatusCode::NO_CONTENT, cookie::forget(&api)?).into_response());
    }
    Ok(StatusCode::NO_CONTENT.into_response())
}
