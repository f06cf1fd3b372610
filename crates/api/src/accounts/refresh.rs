//! `POST /v1/refresh`

use axum::extract::State;
use axum::response::Response;
use garde::Validate;
use http::HeaderMap;
use jiff::SignedDuration;
use model::Code;
use secrets::Secret;
use secrets::jwt::Access;
use secrets::token::TokenKind;
use serde::Deserialize;
use store::Refresh;
use utoipa::ToSchema;

use super::session::{self, SessionView};
use super::{cookie, guard};
use crate::edge::SignsIn;
use crate::extract::{Body, Peer};
use crate::{Api, Problem};

/// How long a lost answer is given again to a repeat with the same `Idempotency-Key`: RFC 9700 leaves room for it, and a phone
/// between two networks needs it.
const GRACE: SignedDuration = SignedDuration::from_secs(10);

/// The refresh token last received: here, or in the cookie.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshBody {
    /// Works once. Left out with `cookie`.
    #[garde(skip)]
    #[serde(default)]
    #[schema(value_type = Option<String>, example = "plr_…")]
    refresh_token: Option<Secret>,
    /// The token is in the cookie that signing in with `cookie` set, and so is the next one.
    #[garde(skip)]
    #[serde(default)]
    pub(super) cookie: bool,
}

impl RefreshBody {
    /// The token, from where the body says it is; `None` when the cookie is asked for and is not there.
    pub(super) fn token(&self, api: &Api, headers: &HeaderMap) -> Result<Option<Secret>, Problem> {
        match (&self.refresh_token, self.cookie) {
            (Some(token), false) => Ok(Some(token.clone())),
            (None, true) => {
                cookie::require_own_page(api, headers)?;
                Ok(cookie::read(api, headers))
            }
            _ => Err(Problem::field("/refresh_token", "give this, or `cookie: true`, and not both")),
        }
    }
}

/// Exchange a refresh token for a new pair. One that was exchanged before has been copied by somebody: then
/// the whole sign-in ends (`refresh_reused`). Whoever sends an `Idempotency-Key` and loses the answer is given it again for ten
/// seconds.
#[utoipa::path(
    post,
    path = "/v1/refresh",
    tag = "accounts",
    request_body = RefreshBody,
    responses((status = OK, description = "The next pair", body = SessionView))
)]
pub(crate) async fn refresh(
    State(api): State<Api>,
    peer: Peer,
    headers: HeaderMap,
    Body(body): Body<RefreshBody>,
) -> Result<Response, Problem> {
    let Some(token) = body.token(&api, &headers)? else { return Err(unknown()) };
    guard::guess(&api, peer)?;
    let old = session::verifier(&api, &token, TokenKind::Refresh).ok_or_else(unknown)?;
    let (next, verifier) = session::refresh_token(&api);
    let now = api.now();
    let access = match api
        .store()
        .rotate_refresh(&old, &verifier, (session::ends(now), session::LONGEST), now)
        .await?
    {
        Refresh::Rotated { session, user } => Access { user, session },
        Refresh::Reused { session, user } => {
            tracing::warn!(%session, %user, "a refresh token was used twice; the sign-in was ended");
            return Err(Problem::new(
                Code::RefreshReused,
                "This refresh token was used before, so the sign-in has been ended for everyone. Sign in again.",
            ));
        }
        Refresh::Unknown => return Err(unknown()),
    };
    guard::right_guess(&api, peer);
    let mut answer = session::answer(&api, access, &next, body.cookie)?;
    answer.extensions_mut().insert(SignsIn::KeptUntil(now.saturating_add(GRACE).unwrap_or(now)));
    Ok(answer)
}

fn unknown() -> Problem {
    Problem::new(
        Code::Unauthenticated,
        "This refresh token is unknown, or its sign-in has ended. Sign in again.",
    )
}
