//! `POST /v1/me/email`

use axum::Json;
use axum::extract::State;
use garde::Validate;
use http::StatusCode;
use secrets::Secret;
use secrets::token::TokenKind;
use serde::Deserialize;
use store::NewEmailChange;
use utoipa::ToSchema;

use crate::accounts::link::{self, AcceptedView};
use crate::accounts::{email, guard, mail};
use crate::extract::{Body, Peer, User};
use crate::{Api, Problem};

/// The address to change to.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangeEmailBody {
    /// The new address.
    #[garde(custom(email::check))]
    #[schema(example = "alice@example.org", max_length = 254)]
    email: String,
    /// The account's password, again.
    #[garde(skip)]
    #[schema(value_type = String, format = Password)]
    password: Secret,
}

/// Ask for another address. A link goes to the old address and one to the new; the address changes when both have been
/// opened. Whether the new one has an account already is not told.
#[utoipa::path(
    post,
    path = "/v1/me/email",
    tag = "accounts",
    security(("bearer" = [])),
    request_body = ChangeEmailBody,
    responses((status = ACCEPTED, description = "Look into both mailboxes", body = AcceptedView))
)]
pub(crate) async fn change_email(
    State(api): State<Api>,
    caller: User,
    peer: Peer,
    Body(body): Body<ChangeEmailBody>,
) -> Result<(StatusCode, Json<AcceptedView>), Problem> {
    let (account, _) = guard::prove(&api, caller.id(), peer, "/password", &body.password).await?;
    let email = email::normal(&body.email);
    if email == account.email {
        return Err(Problem::field("/email", "this is the account's address already"));
    }
    guard::letter(&api, &account.email, peer)?;
    guard::letter(&api, &email, peer)?;
    let (old_token, old_verifier) = link::token(&api, TokenKind::Verify);
    let (new_token, new_verifier) = link::token(&api, TokenKind::Verify);
    let url = &api.parts().public_url;
    let now = api.now();
    let (to_old, to_new, to_taken) = (
        mail::leave_address(url, &old_token, &email),
        mail::take_address(url, &new_token, &account.email),
        mail::known_already(url),
    );
    let new = NewEmailChange {
        id: uuid::Uuid::from_bytes(rand::random()),
        user: account.id,
        email: &email,
        old_verifier: &old_verifier,
        new_verifier: &new_verifier,
        expires_at: link::ends(now),
        to_old: to_old.mail(),
        to_new: to_new.mail(),
        to_taken: to_taken.mail(),
    };
    api.store().start_email_change(&new, now).await?;
    Ok(AcceptedView::with(
        "Open the link in the mail to the old address, and the one in the mail to the new.",
    ))
}
