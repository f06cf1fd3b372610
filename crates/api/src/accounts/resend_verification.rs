//! `POST /v1/me/verification`

use axum::Json;
use axum::extract::State;
use http::StatusCode;
use model::Code;
use secrets::token::TokenKind;

use super::link::{self, AcceptedView};
use super::{guard, mail};
use crate::extract::{Peer, User};
use crate::{Api, Problem};

/// Have the link that confirms one's address mailed again. Earlier links go on working until they end.
#[utoipa::path(
    post,
    path = "/v1/me/verification",
    tag = "accounts",
    security(("bearer" = [])),
    responses((status = ACCEPTED, description = "Look into the mailbox", body = AcceptedView))
)]
pub(crate) async fn resend_verification(
    State(api): State<Api>,
    caller: User,
    peer: Peer,
) -> Result<(StatusCode, Json<AcceptedView>), Problem> {
    let account = api.store().user(caller.id()).await?.ok_or_else(Problem::not_found)?;
    guard::letter(&api, &account.email, peer)?;
    let (token, verifier) = link::token(&api, TokenKind::Verify);
    let letter = mail::verify(&api.parts().public_url, &token);
    let now = api.now();
    let sent =
        api.store().renew_verification(account.id, &verifier, link::ends(now), letter.mail(), now).await?;
    if sent {
        return Ok(AcceptedView::with("A mail with a link is on its way; open it to confirm the address."));
    }
    Err(Problem::new(Code::Conflict, "This address is confirmed already."))
}
