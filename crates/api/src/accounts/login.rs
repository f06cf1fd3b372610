//! `POST /v1/login`

use axum::extract::State;
use axum::response::Response;
use garde::Validate;
use http::HeaderMap;
use model::Code;
use secrets::Secret;
use secrets::jwt::Access;
use secrets::password::Verdict;
use serde::Deserialize;
use store::NewSession;
use utoipa::ToSchema;

use super::guard::Attempt;
use super::session::{self, SessionView};
use super::{cookie, email, password};
use crate::extract::{Body, Peer};
use crate::{Api, Problem};

/// Who signs in.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct LoginBody {
    /// The address.
    #[garde(length(max = 254))]
    #[schema(example = "alice@example.com")]
    email: String,
    /// The password.
    #[garde(skip)]
    #[schema(value_type = String, format = Password)]
    password: Secret,
    /// Keep the refresh token in a cookie that scripts cannot read. Only pages of this installation may ask for it.
    #[garde(skip)]
    #[serde(default)]
    cookie: bool,
}

/// Sign in. An unknown address and a wrong password are answered alike, after the same work. An account that was to be
/// deleted is kept.
#[utoipa::path(
    post,
    path = "/v1/login",
    tag = "accounts",
    request_body = LoginBody,
    responses((status = OK, description = "Signed in", body = SessionView))
)]
pub(crate) async fn login(
    State(api): State<Api>,
    peer: Peer,
    headers: HeaderMap,
    Body(body): Body<LoginBody>,
) -> Result<Response, Problem> {
    if body.cookie {
        cookie::require_own_page(&api, &headers)?;
    }
    let email = email::normal(&body.email);
    let attempt = Attempt::begin(&api, &email, peer).await?;
    let known = api.store().credentials(&email).await?;
    let stored = known.as_ref().map(|known| known.password_hash.as_str());
    let given = password::normal(&body.password);
    let verdict = secrets::password::verify(&api.parts().workers, stored, given.clone()).await?;
    let known = known.filter(|known| known.enabled && verdict.is_right()).ok_or_else(wrong)?;
    attempt.succeeded().await?;
    if verdict == Verdict::RightButOutdated {
        password::renew(&api, &known, given).await?;
    }
    let (user, now) = (known.user, api.now());
    if known.ending {
        api.store().keep_account(user, now).await?;
    }
    let (refresh, verifier) = session::refresh_token(&api);
    let new = NewSession { id: api.mint(), user, refresh: verifier, expires_at: session::ends(now) };
    api.store().start_session(&new, now).await?;
    session::answer(&api, Access { user, session: new.id }, &refresh, body.cookie)
}

fn wrong() -> Problem {
    Problem::new(Code::InvalidCredentials, "The email address or the password is wrong.")
}
