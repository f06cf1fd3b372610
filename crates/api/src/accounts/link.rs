//! What mailed links have in common: a token that works once and for 30 minutes, and the answer of whoever asked for one.

use axum::Json;
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use model::Code;
use secrets::token::{TokenKind, digest, mint};
use secrets::{ExposeSecret, Secret};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{Api, Problem};

/// How long a link works.
const LIFE: SignedDuration = SignedDuration::from_mins(30);

/// The request was taken. Says the same whatever is known of the address.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct AcceptedView {
    /// Always `accepted`.
    status: &'static str,
    /// What to do next.
    message: &'static str,
}

impl AcceptedView {
    /// The answer with what to do next.
    pub(crate) const fn with(message: &'static str) -> (StatusCode, Json<Self>) {
        (StatusCode::ACCEPTED, Json(Self { status: "accepted", message }))
    }
}

/// A new token and what the database keeps of it.
pub(crate) fn token(api: &Api, kind: TokenKind) -> (Secret, [u8; 32]) {
    let token = mint(kind, &mut rand::rng());
    let verifier = api.parts().pepper.verifier(&digest(token.expose_secret()));
    (token, verifier)
}

/// When a link mailed at `now` ends.
pub(super) fn ends(now: Timestamp) -> Timestamp {
    now.saturating_add(LIFE).unwrap_or(now)
}

/// The token is not good, whyever.
pub(super) fn stale() -> Problem {
    Problem::new(Code::InvalidRequest, "This token is unknown, was used, or is older than 30 minutes.")
}
