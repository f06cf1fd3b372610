//! `PUT /v1/me/password`

use axum::extract::State;
use garde::Validate;
use http::StatusCode;
use model::Code;
use secrets::Secret;
use serde::Deserialize;
use store::PasswordChange;
use utoipa::ToSchema;

use super::{guard, mail, password};
use crate::extract::{Body, Peer, User};
use crate::{Api, Problem};

/// The password that is, and the one to be.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct ChangePasswordBody {
    /// The password until now.
    #[garde(skip)]
    #[schema(value_type = String, format = Password)]
    current_password: Secret,
    /// 12 to 128 characters, and more than the address.
    #[garde(skip)]
    #[schema(value_type = String, format = Password, min_length = 12, max_length = 128)]
    new_password: Secret,
}

/// Change one's password. All other sign-ins end, and the owner is told by mail.
#[utoipa::path(
    put,
    path = "/v1/me/password",
    tag = "accounts",
    security(("bearer" = [])),
    request_body = ChangePasswordBody,
    responses((status = NO_CONTENT, description = "Changed"))
)]
pub(crate) async fn change_password(
    State(api): State<Api>,
    caller: User,
    peer: Peer,
    Body(body): Body<ChangePasswordBody>,
) -> Result<StatusCode, Problem> {
    let (account, known) =
        guard::prove(&api, caller.id(), peer, "/current_password", &body.current_password).await?;
    let chosen = password::normal(&body.new_password);
    if let Some(fault) = password::fault(&chosen, &account.email) {
        return Err(Problem::field("/new_password", fault));
    }
    let hash = secrets::password::hash(&api.parts().workers, chosen).await?;
    let notice = mail::password_changed(&api.parts().public_url);
    let change = PasswordChange {
        user: account.id,
        keep: caller.session(),
        from: &known.password_hash,
        to: &hash,
        notice: notice.mail(),
    };
    if api.store().change_password(&change, api.now()).await? {
        return Ok(StatusCode::NO_CONTENT);
    }
    Err(Problem::new(Code::Conflict, "The password was changed by another request meanwhile."))
}
