//! The person who sends a request, proven by an access token whose sign-in still stands.

use axum::extract::FromRequestParts;
use http::HeaderMap;
use http::header::{AUTHORIZATION, USER_AGENT};
use http::request::Parts;
use model::{Code, SessionId, UserId};
use secrets::token::{self, TokenDigest, TokenKind};

use crate::{Api, Problem};

/// A signed-in person.
#[derive(Debug, Clone, Copy)]
pub struct User {
    id: UserId,
    session: SessionId,
}

/// What API keys begin with; no access token does.
const KEY_PREFIX: &str = "plk_";

/// Most bytes that are kept of what a client calls itself.
const MAX_AGENT: usize = 200;

impl User {
    /// Who.
    #[must_use]
    pub const fn id(self) -> UserId {
        self.id
    }

    /// By which of their sign-ins.
    #[must_use]
    pub const fn session(self) -> SessionId {
        self.session
    }
}

impl FromRequestParts<Api> for User {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Api) -> Result<Self, Problem> {
        if key_sent(&parts.headers)?.is_some() {
            return Err(Problem::new(
                Code::PersonRequired,
                "API keys work at the addresses of their organisation; this one takes a person who is signed in.",
            ));
        }
        let token = bearer(&parts.headers)?;
        let access =
            api.parts().access_tokens.check(token, api.now_ms()).map_err(|error| unproven(&error))?;
        // Signing out, or a refresh token used twice, ends access at once and not when the token runs out.
        let user = api.store().session_user(access.session, agent(&parts.headers), api.now()).await?;
        user.filter(|user| *user == access.user)
            .map(|id| Self { id, session: access.session })
            .ok_or_else(|| unproven(&"the sign-in has ended; sign in again"))
    }
}

/// The digest of the API key in place of an access token, where one was sent.
pub(crate) fn key_sent(headers: &HeaderMap) -> Result<Option<TokenDigest>, Problem> {
    let text = bearer(headers)?;
    if !text.starts_with(KEY_PREFIX) {
        return Ok(None);
    }
    let key = token::check(text).map_err(|error| unproven(&error))?;
    Ok(Some(key.digest).filter(|_| key.kind == TokenKind::Key))
}

/// What the client calls itself, if it says so in plain ASCII.
fn agent(headers: &HeaderMap) -> &str {
    let text = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    text.get(..MAX_AGENT).unwrap_or(text)
}

/// The one bearer token of a request.
pub(crate) fn bearer(headers: &HeaderMap) -> Result<&str, Problem> {
    let mut values = headers.get_all(AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(unproven(&"send one header `Authorization: Bearer <token>`"));
    };
    value
        .to_str()
        .ok()
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim())
        .ok_or_else(|| unproven(&"the `Authorization` header is not of the form `Bearer <token>`"))
}

/// A request that proves nobody.
pub(crate) fn unproven(why: &dyn std::fmt::Display) -> Problem {
    Problem::new(Code::Unauthenticated, crate::problem::sentence(&why.to_string()))
}
