//! `POST /v1/verify-email`

use axum::extract::State;
use garde::Validate;
use http::StatusCode;
use secrets::Secret;
use secrets::token::TokenKind;
use serde::Deserialize;
use utoipa::ToSchema;

use super::{guard, link, session};
use crate::extract::{Body, Peer};
use crate::{Api, Problem};

/// The token from the mail.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct VerifyEmailBody {
    /// Works once, for 30 minutes.
    #[garde(skip)]
    #[schema(value_type = String, example = "plv_…")]
    token: Secret,
}

/// Confirm an address with the token that was mailed to it.
#[utoipa::path(
    post,
    path = "/v1/verify-email",
    tag = "accounts",
    request_body = VerifyEmailBody,
    responses((status = NO_CONTENT, description = "Confirmed"))
)]
pub(crate) async fn verify_email(
    State(api): State<Api>,
    peer: Peer,
    Body(body): Body<VerifyEmailBody>,
) -> Result<StatusCode, Problem> {
    guard::guess(&api, peer)?;
    let verifier = session::verifier(&api, &body.token, TokenKind::Verify).ok_or_else(link::stale)?;
    api.store().verify_email(&verifier, api.now()).await?.ok_or_else(link::stale)?;
    guard::right_guess(&api, peer);
    Ok(StatusCode::NO_CONTENT)
}
