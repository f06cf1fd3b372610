//! `POST /v1/invitations/join`

use axum::extract::State;
use garde::Validate;
use http::StatusCode;
use model::Code;
use secrets::Secret;
use serde::Deserialize;
use store::{Conflict, Error};
use utoipa::ToSchema;

use super::open::{open, record};
use crate::accounts::password;
use crate::extract::{Body, Peer};
use crate::{Api, Problem};

/// The token from the mail, and a password for the account to be.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct JoinBody {
    /// Works for seven days, until it is answered.
    #[garde(skip)]
    #[schema(value_type = String, example = "pli_…")]
    token: Secret,
    /// 12 to 128 characters, and more than the address.
    #[garde(skip)]
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 128)]
    password: Secret,
}

/// Join an organisation with a new account of the address that was invited. The token proves the address.
#[utoipa::path(
    post,
    path = "/v1/invitations/join",
    tag = "members",
    request_body = JoinBody,
    responses((status = CREATED, description = "Sign in with the password"))
)]
pub(crate) async fn join_by_invitation(
    State(api): State<Api>,
    peer: Peer,
    Body(body): Body<JoinBody>,
) -> Result<StatusCode, Problem> {
    let (tx, invitation) = open(&api, peer, &body.token).await?;
    // Hashing takes its time; no row is held meanwhile.
    drop(tx);
    let chosen = password::normal(&body.password);
    if let Some(fault) = password::fault(&chosen, &invitation.email) {
        return Err(Problem::field("/password", fault));
    }
    let hash = secrets::password::hash(&api.parts().workers, chosen).await?;
    let (mut tx, invitation) = open(&api, peer, &body.token).await?;
    let user = api.mint();
    let made = tx.create_invited_account(user, &invitation.email, &hash, api.now()).await;
    made.map_err(|error| match error {
        Error::Conflict(Conflict::Address) => {
            Problem::new(Code::Conflict, "This address has an account already: sign in with it and accept.")
        }
        other => other.into(),
    })?;
    tx.join_invited(user, &invitation, api.now()).await?;
    record(&api, &mut tx, "invitation.accept", Some(user), &invitation).await?;
    tx.commit().await?;
    Ok(StatusCode::CREATED)
}
