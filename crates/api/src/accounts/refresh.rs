//! `POST /v1/refresh`

use axum::Json;
use axum::extract::State;
use garde::Validate;
use model::Code;
use secrets::Secret;
use secrets::jwt::Access;
use secrets::token::TokenKind;
use serde::Deserialize;
use store::Refresh;
use utoipa::ToSchema;

use super::guard;
use super::session::{self, SessionView};
use crate::extract::{Body, Peer};
use crate::{Api, Problem};

/// The refresh token last received.
#[derive(Debug, Deserialize, Validate, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RefreshBody {
    /// Works once.
    #[garde(skip)]
    #[schema(value_type = String, example = "plr_…")]
    pub(super) refresh_token: Secret,
}

/// Exchange a refresh token for a new pair. One that was exchanged before has been copied by somebody: then
/// the whole sign-in ends (`refresh_reused`).
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
    Body(body): Body<RefreshBody>,
) -> Result<Json<SessionView>, Problem> {
    guard::guess(&api, peer)?;
    let old = session::verifier(&api, &body.refresh_token, TokenKind::Refresh).ok_or_else(unknown)?;
    let (next, verifier) = session::refresh_token(&api);
    let now = api.now();
    let access = match api.store().rotate_refresh(&old, &verifier, session::ends(now), now).await? {
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
    SessionView::issue(&api, access, &next).map(Json)
}

fn unknown() -> Problem {
    Problem::new(
        Code::Unauthenticated,
        "This refresh token is unknown, or its sign-in has ended. Sign in again.",
    )
}
