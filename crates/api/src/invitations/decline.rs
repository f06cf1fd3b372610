//! `POST /v1/invitations/decline`

use axum::extract::State;
use http::StatusCode;
use store::Settled;

use super::open::{InvitationTokenBody, open, record};
use crate::extract::{Body, Peer};
use crate::{Api, Problem};

/// Say no to an invitation; its token proves enough.
#[utoipa::path(
    post,
    path = "/v1/invitations/decline",
    tag = "members",
    request_body = InvitationTokenBody,
    responses((status = NO_CONTENT, description = "Declined"))
)]
pub(crate) async fn decline_invitation(
    State(api): State<Api>,
    peer: Peer,
    Body(body): Body<InvitationTokenBody>,
) -> Result<StatusCode, Problem> {
    let (mut tx, invitation) = open(&api, peer, &body.token).await?;
    tx.settle_invitation(invitation.id, Settled::Declined, api.now()).await?;
    record(&api, &mut tx, "invitation.decline", None, &invitation).await?;
    tx.commit().await?;
    Ok(StatusCode::NO_CONTENT)
}
