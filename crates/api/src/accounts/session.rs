//! What signing in and refreshing return, and the lives of both tokens.

use axum::Json;
use axum::response::{IntoResponse, Response};
use jiff::{SignedDuration, Timestamp};
use secrets::jwt::{ACCESS_SECONDS, Access};
use secrets::token::{TokenKind, check, digest, mint};
use secrets::{ExposeSecret, Secret};
use serde::Serialize;
use utoipa::ToSchema;

use super::cookie;
use crate::edge::SignsIn;
use crate::{Api, Problem};

/// A sign-in ends when it has not been refreshed for this long.
pub(super) const IDLE: SignedDuration = SignedDuration::from_hours(30 * 24);

/// And it ends after this long in any case.
pub(super) const LONGEST: SignedDuration = SignedDuration::from_hours(90 * 24);

/// Both tokens of a sign-in.
#[derive(Serialize, ToSchema)]
pub(crate) struct SessionView {
    /// Proves who one is, as `Authorization: Bearer …`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds until the access token ends.
    #[schema(example = 600)]
    expires_in: u32,
    /// Exchanged for the next pair, once. Absent when it was asked for as a cookie.
    #[schema(example = "plr_…")]
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<String>,
}

impl SessionView {
    /// The pair for `access`.
    pub(super) fn issue(api: &Api, access: Access, refresh: &Secret) -> Result<Self, Problem> {
        let alone = Self::alone(api, access)?;
        Ok(Self { refresh_token: Some(refresh.expose_secret().to_owned()), ..alone })
    }

    /// The access token; the refresh token travels otherwise.
    pub(super) fn alone(api: &Api, access: Access) -> Result<Self, Problem> {
        let token = api
            .parts()
            .access_tokens
            .issue(access, api.now_ms(), &mut rand::rng())
            .map_err(Problem::internal)?;
        Ok(Self {
            access_token: token.expose_secret().to_owned(),
            token_type: "Bearer",
            expires_in: ACCESS_SECONDS,
            refresh_token: None,
        })
    }
}

/// A new refresh token and what the database keeps of it.
pub(super) fn refresh_token(api: &Api) -> (Secret, [u8; 32]) {
    let token = mint(TokenKind::Refresh, &mut rand::rng());
    let verifier = api.parts().pepper.verifier(&digest(token.expose_secret()));
    (token, verifier)
}

/// What the database keeps of a presented token; `None` when it cannot be one of ours of that kind.
pub(crate) fn verifier(api: &Api, token: &Secret, kind: TokenKind) -> Option<[u8; 32]> {
    let parsed = check(token.expose_secret()).ok().filter(|parsed| parsed.kind == kind)?;
    Some(api.parts().pepper.verifier(&parsed.digest))
}

/// When a sign-in started or refreshed at `now` ends.
pub(super) fn ends(now: Timestamp) -> Timestamp {
    now.saturating_add(IDLE).unwrap_or(now)
}

/// The answer that carries the pair: in the body, or the refresh token as a cookie.
pub(super) fn answer(
    api: &Api,
    access: Access,
    refresh: &Secret,
    as_cookie: bool,
) -> Result<Response, Problem> {
    let mut answer = if as_cookie {
        (cookie::keep(api, refresh)?, Json(SessionView::alone(api, access)?)).into_response()
    } else {
        Json(SessionView::issue(api, access, refresh)?).into_response()
    };
    answer.extensions_mut().insert(SignsIn::Unkept);
    Ok(answer)
}
