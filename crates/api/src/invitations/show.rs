//! `POST /v1/invitations/show`

use axum::Json;
use axum::extract::State;
use jiff::Timestamp;
use model::{Role, Slug};
use serde::Serialize;
use utoipa::ToSchema;

use super::open::{InvitationTokenBody, open};
use crate::extract::{Body, Peer};
use crate::{Api, Problem, schema};

/// An invitation as whoever was invited sees it.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct ReceivedInvitationView {
    /// The organisation's name in addresses.
    #[schema(value_type = String, example = "acme")]
    org: Slug,
    /// Its name for people.
    org_name: String,
    /// The address that was invited.
    email: String,
    /// Whether that address has an account: then sign in and accept, else join with a new password.
    has_account: bool,
    /// The role to be.
    #[schema(value_type = schema::Role)]
    role: Role,
    /// On this team only.
    #[schema(value_type = Option<String>)]
    team: Option<Slug>,
    /// When it ends.
    #[schema(value_type = String, format = DateTime)]
    expires_at: Timestamp,
}

/// What an invitation is about, for whoever holds its token.
#[utoipa::path(
    post,
    path = "/v1/invitations/show",
    tag = "members",
    request_body = InvitationTokenBody,
    responses((status = OK, description = "The invitation", body = ReceivedInvitationView))
)]
pub(crate) async fn show_invitation(
    State(api): State<Api>,
    peer: Peer,
    Body(body): Body<InvitationTokenBody>,
) -> Result<Json<ReceivedInvitationView>, Problem> {
    let (mut tx, invitation) = open(&api, peer, &body.token).await?;
    let org = tx.org().await?;
    drop(tx);
    // The token proves the mailbox, so its holder may know.
    let has_account = api.store().credentials(&invitation.email).await?.is_some();
    Ok(Json(ReceivedInvitationView {
        org: org.slug,
        org_name: org.name,
        email: invitation.email,
        has_account,
        role: invitation.role,
        team: invitation.team_slug,
        expires_at: invitation.expires_at,
    }))
}
