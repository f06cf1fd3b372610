//! `POST /v1/password-reset`

use axum::Json;
use axum::extract::State;
use garde::Validate;
use http::StatusCode;
use secrets::token::TokenKind;
use serde::Deserialize;
use store::NewReset;
use utoipa::ToSchema;

use crate::accounts::link::{self, AcceptedView};
use crate::accounts::{email, guard, mail};
use crate::extract::{Body, Peer};
use crate::{Api, Problem};

/// Whose password was forgotten.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RequestResetBody {
    /// The address of the account.
    #[garde(custom(email::check))]
    #[schema(example = "alice@example.com", max_length = 254)]
    email: String,
}

/// Ask for a link that sets a new password. It is mailed to the address if that has an account; the answer, and the
/// time that it takes, do not tell.
#[utoipa::path(
    post,
    path = "/v1/password-reset",
    tag = "accounts",
    request_body = RequestResetBody,
    responses((status = ACCEPTED, description = "Look into the mailbox", body = AcceptedView))
)]
pub(crate) async fn request_reset(
    State(api): State<Api>,
    peer: Peer,
    Body(body): Body<RequestResetBody>,
) -> Result<(StatusCode, Json<AcceptedView>), Problem> {
    let email = email::normal(&body.email);
    guard::letter(&api, &email, peer)?;
    let (token, verifier) = link::token(&api, TokenKind::Reset);
    let letter = mail::reset(&api.parts().public_url, &token);
    let now = api.now();
    let new =
        NewReset { email: &email, verifier: &verifier, expires_at: link::ends(now), letter: letter.mail() };
    api.store().start_reset(&new, now).await?;
    Ok(AcceptedView::with("If the address has an account, a mail with a link is on its way to it."))
}
