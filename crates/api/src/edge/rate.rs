//! How many requests a caller may send to the API, and the fields that say how many are left
//! (draft-ietf-httpapi-ratelimit-headers). Handlers that slow down guessing have paces of their own; what refuses a
//! request says so in the same fields.

use axum::extract::{FromRequestParts, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderMap, HeaderName, HeaderValue};
use model::Code;

use crate::extract::{Peer, bearer, key_sent};
use crate::throttle::Standing;
use crate::{Api, Problem};

const POLICY: HeaderName = HeaderName::from_static("ratelimit-policy");
const LEFT: HeaderName = HeaderName::from_static("ratelimit");

/// The layer: counts a request against its caller's quota, and says on every answer what is left of it.
pub(crate) async fn limit(State(api): State<Api>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let caller = caller(&api, &mut parts).await;
    let standing = api.requests().take(&caller, api.parts().quota, api.now_ms());
    if standing.refused {
        return Problem::new(
            Code::Throttled,
            format!("Too many requests. Try again in {} seconds.", standing.reset_s),
        )
        .throttled(standing)
        .into_response();
    }
    let mut response = next.run(Request::from_parts(parts, body)).await;
    tell(response.headers_mut(), &standing);
    response
}

/// Whom a request counts against: a person or a key, and without a proof of either where it came from. What is looked at
/// is a signature or a digest, so that refusing costs nothing; whether a key exists is asked later, and guesses at keys are
/// counted by where they come from.
async fn caller(api: &Api, parts: &mut http::request::Parts) -> String {
    if let Ok(Some(digest)) = key_sent(&parts.headers) {
        return format!("key {digest}");
    }
    let token = bearer(&parts.headers).ok();
    if let Some(access) = token.and_then(|token| api.parts().access_tokens.check(token, api.now_ms()).ok()) {
        return format!("person {}", access.user);
    }
    let Ok(peer) = Peer::from_request_parts(parts, api).await;
    format!("source {}", peer.source())
}

/// Whether a field is a list, to which several may add.
pub(super) fn is_list(name: &HeaderName) -> bool {
    *name == POLICY || *name == LEFT
}

/// Adds the two fields; several limits are items of one list.
pub(crate) fn tell(headers: &mut HeaderMap, standing: &Standing) {
    let Standing { name, quota, window_s, left, reset_s, .. } = standing;
    for (field, text) in [
        (POLICY, format!("\"{name}\";q={quota};w={window_s}")),
        (LEFT, format!("\"{name}\";r={left};t={reset_s}")),
    ] {
        if let Ok(value) = HeaderValue::try_from(text) {
            headers.append(field, value);
        }
    }
}
