//! `POST /v1/password-reset/complete`

use axum::extract::State;
use garde::Validate;
use http::StatusCode;
use secrets::Secret;
use secrets::token::TokenKind;
use serde::Deserialize;
use utoipa::ToSchema;

use crate::accounts::{guard, link, mail, password, session};
use crate::extract::{Body, Peer};
use crate::{Api, Problem};

/// The token from the mail, and the password to be.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct CompleteResetBody {
    /// Works once, for 30 minutes.
    #[garde(skip)]
    #[schema(value_type = String, example = "plp_…")]
    token: Secret,
    /// 12 to 128 characters, and more than the address.
    #[garde(skip)]
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 128)]
    password: Secret,
}

/// Set a new password with the token that was mailed. Every sign-in of the account ends, and so does every other such
/// token.
#[utoipa::path(
    post,
    path = "/v1/password-reset/complete",
    tag = "accounts",
    request_body = CompleteResetBody,
    responses((status = NO_CONTENT, description = "Sign in with the new password"))
)]
pub(crate) async fn complete_reset(
    State(api): State<Api>,
    peer: Peer,
    Body(body): Body<CompleteResetBody>,
) -> Result<StatusCode, Problem> {
    guard::guess(&api, peer)?;
    let verifier = session::verifier(&api, &body.token, TokenKind::Reset).ok_or_else(link::stale)?;
    let email = api.store().reset_address(&verifier, api.now()).await?.ok_or_else(link::stale)?;
    guard::right_guess(&api, peer);
    let chosen = password::normal(&body.password);
    if let Some(fault) = password::fault(&chosen, &email) {
        return Err(Problem::field("/password", fault));
    }
    let hash = secrets::password::hash(&api.parts().workers, chosen).await?;
    let notice = mail::password_changed(&api.parts().public_url);
    let user = api.store().reset_password(&verifier, &hash, notice.mail(), api.now()).await?;
    user.ok_or_else(link::stale)?;
    guard::forget(&api, &email).await?;
    Ok(StatusCode::NO_CONTENT)
}
