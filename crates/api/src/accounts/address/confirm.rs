//! `POST /v1/email-change`

use axum::Json;
use axum::extract::State;
use garde::Validate;
use secrets::Secret;
use secrets::token::TokenKind;
use serde::{Deserialize, Serialize};
use store::EmailChanged;
use utoipa::ToSchema;

use crate::accounts::{guard, link, session};
use crate::extract::{Body, Peer};
use crate::{Api, Problem};

/// The token from one of the two mails.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConfirmEmailBody {
    /// Works once, for 30 minutes.
    #[garde(skip)]
    #[schema(value_type = String, example = "plv_…")]
    token: Secret,
}

/// How far the change has come.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct EmailChangeView {
    /// Whether the address has changed.
    status: EmailChangeStatus,
}

/// Whether the address has changed.
#[derive(Debug, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EmailChangeStatus {
    /// The other mailbox has yet to confirm.
    Waiting,
    /// It has.
    Changed,
}

/// Confirm a change of address from one of the two mailboxes.
#[utoipa::path(
    post,
    path = "/v1/email-change",
    tag = "accounts",
    request_body = ConfirmEmailBody,
    responses((status = OK, description = "Confirmed", body = EmailChangeView))
)]
pub(crate) async fn confirm_email(
    State(api): State<Api>,
    peer: Peer,
    Body(body): Body<ConfirmEmailBody>,
) -> Result<Json<EmailChangeView>, Problem> {
    guard::guess(&api, peer)?;
    let verifier = session::verifier(&api, &body.token, TokenKind::Verify).ok_or_else(link::stale)?;
    let done = api.store().confirm_email_change(&verifier, api.now()).await?.ok_or_else(link::stale)?;
    guard::right_guess(&api, peer);
    let status = match done {
        EmailChanged::Waiting => EmailChangeStatus::Waiting,
        EmailChanged::Changed => EmailChangeStatus::Changed,
    };
    Ok(Json(EmailChangeView { status }))
}
