//! Finding an invitation by the token that was mailed, and recording its answer.

use garde::Validate;
use model::{Code, UserId};
use secrets::Secret;
use secrets::token::TokenKind;
use serde::Deserialize;
use serde_json::json;
use store::{Actor, AdminEvent, Invitation, OrgTx};
use utoipa::ToSchema;

use crate::accounts::{guard, session};
use crate::extract::Peer;
use crate::{Api, Problem};

/// The token from the mail.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct InvitationTokenBody {
    /// Works for seven days, until it is answered.
    #[garde(skip)]
    #[schema(value_type = String, example = "pli_…")]
    pub(super) token: Secret,
}

/// The invitation of this token, held until the transaction ends.
pub(super) async fn open(api: &Api, peer: Peer, token: &Secret) -> Result<(OrgTx, Invitation), Problem> {
    guard::guess(api, peer)?;
    let verifier = session::verifier(api, token, TokenKind::Invite).ok_or_else(stale)?;
    let found = api.store().begin_invited(&verifier, api.now()).await?.ok_or_else(stale)?;
    guard::right_guess(api, peer);
    Ok(found)
}

/// Records an answer in the same transaction.
pub(super) async fn record(
    api: &Api,
    tx: &mut OrgTx,
    action: &str,
    actor: Option<UserId>,
    invitation: &Invitation,
) -> Result<(), Problem> {
    let event = AdminEvent {
        actor: actor.map(Actor::Person),
        action: action.to_owned(),
        subject: invitation.id.to_string(),
        before: None,
        after: Some(json!({
            "email": invitation.email,
            "role": invitation.role,
            "team": invitation.team_slug,
        })),
    };
    Ok(tx.record(&event, api.now()).await?)
}

fn stale() -> Problem {
    Problem::new(
        Code::InvalidRequest,
        "This invitation is unknown, was answered or taken back, or is older than seven days.",
    )
}
