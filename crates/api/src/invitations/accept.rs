//! `POST /v1/invitations/accept`

use axum::extract::State;
use http::StatusCode;
use model::Code;

use super::open::{InvitationTokenBody, open, record};
use crate::extract::{Body, Peer, User};
use crate::{Api, Problem};

/// Join an organisation as the account of the address that was invited.
#[utoipa::path(
    post,
    path = "/v1/invitations/accept",
    tag = "members",
    security(("bearer" = [])),
    request_body = InvitationTokenBody,
    responses((status = NO_CONTENT, description = "Joined"))
)]
pub(crate) async fn accept_invitation(
    State(api): State<Api>,
    caller: User,
    peer: Peer,
    Body(body): Body<InvitationTokenBody>,
) -> Result<StatusCode, Problem> {
    let account = api.store().user(caller.id()).await?.ok_or_else(Problem::not_found)?;
    let (mut tx, invitation) = open(&api, peer, &body.token).await?;
    if !account.email.eq_ignore_ascii_case(&invitation.email) {
        return Err(Problem::new(
            Code::Forbidden,
            "This invitation went to another address. Sign in with that one, or ask for an invitation to this.",
        ));
    }
    tx.join_invited(account.id, &invitation, api.now()).await?;
    record(&api, &mut tx, "invitation.accept", Some(account.id), &invitation).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
