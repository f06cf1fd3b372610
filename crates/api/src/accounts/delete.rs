//! `POST /v1/me/deletion`

use axum::Json;
use axum::extract::State;
use garde::Validate;
use http::StatusCode;
use jiff::Timestamp;
use model::{Code, Slug};
use secrets::Secret;
use serde::{Deserialize, Serialize};
use store::{AccountEnded, AccountEnding};
use utoipa::ToSchema;

use super::{guard, mail};
use crate::extract::{Body, Peer, User};
use crate::{Api, Problem, defaults};

/// The owner's word for it.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DeleteAccountBody {
    /// The account's password.
    #[garde(skip)]
    #[schema(value_type = String, format = Password)]
    password: Secret,
}

/// What is going to be deleted, and when.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AccountEndingView {
    /// When.
    #[schema(value_type = String, format = DateTime)]
    delete_at: Timestamp,
    /// The organisations that go with it, because nobody else is in them.
    #[schema(value_type = Vec<String>)]
    orgs: Vec<Slug>,
}

/// Delete one's account, in 14 days, and with it the organisations that nobody else is in; these refuse every call from
/// now on. All sign-ins end. Signing in before that time takes it all back. The last admin of an organisation with
/// other people has to make somebody else one first (`last_admin`). Afterwards memberships, sign-ins and mail are
/// erased; records of what the person did keep their id without a name.
#[utoipa::path(
    post,
    path = "/v1/me/deletion",
    tag = "accounts",
    security(("bearer" = [])),
    request_body = DeleteAccountBody,
    responses((status = ACCEPTED, description = "What goes, and when", body = AccountEndingView))
)]
pub(crate) async fn delete_account(
    State(api): State<Api>,
    caller: User,
    peer: Peer,
    Body(body): Body<DeleteAccountBody>,
) -> Result<(StatusCode, Json<AccountEndingView>), Problem> {
    guard::prove(&api, caller.id(), peer, "/password", &body.password).await?;
    let now = api.now();
    let delete_at = defaults::after_grace(now);
    let letter = mail::account_ending(&api.parts().public_url, delete_at);
    let ending = AccountEnding { user: caller.id(), delete_at, notice: letter.mail() };
    match api.store().end_account(&ending, now).await? {
        AccountEnded::Ending(orgs) => Ok((StatusCode::ACCEPTED, Json(AccountEndingView { delete_at, orgs }))),
        AccountEnded::LastAdminOf(orgs) => {
            let names: Vec<&str> = orgs.iter().map(Slug::as_str).collect();
            Err(Problem::new(
                Code::LastAdmin,
                format!(
                    "You are the only admin of {}. Make somebody else one first, or delete it.",
                    names.join(", ")
                ),
            ))
        }
    }
}
