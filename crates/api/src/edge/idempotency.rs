//! `Idempotency-Key`: a `POST` that is sent again with the same key is not carried out again, but given the answer that it
//! was given. One layer for all operations; handlers know nothing of it.
//!
//! A request is known by who sends it (a member or a key in an organisation, an account, or else the very body), by its route
//! and by its key. What was carried out is kept for a day, sealed. A refusal has changed nothing, so it is not kept, and a
//! repeat is judged anew. The handler runs in a task of its own: a caller who goes away does not stop it half way, and finds
//! the answer when they come back.

use axum::body::{Body, HttpBody};
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header::{AUTHORIZATION, CONTENT_TYPE, COOKIE, ETAG, LOCATION, SET_COOKIE};
use http::request::Parts;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode};
use http_body_util::BodyExt;
use jiff::Timestamp;
use model::Code;
use secrets::sealed::Sealer;
use serde::{Deserialize, Serialize};
use store::{Actor, Begun};

use crate::extract::{MAX_ANY_BODY, OrgAccess, User, read};
use crate::{Api, Problem};

/// The request's header.
const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");
/// On answers that were given before.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
/// Longest key, in characters.
const LONGEST_KEY: usize = 255;
/// When to come back while the request is being carried out, in seconds.
const UNDER_WAY_SECONDS: u64 = 1;
/// Headers of an answer that are kept with it.
const KEPT_HEADERS: [HeaderName; 3] = [CONTENT_TYPE, ETAG, LOCATION];

/// Marks an answer that signs somebody in, and says whether it is kept all the same.
#[derive(Debug, Clone, Copy)]
pub(crate) enum SignsIn {
    /// Not even sealed.
    Unkept,
    /// Cookies and all, until this moment: its caller is lost without it.
    KeptUntil(Timestamp),
}

/// An answer as it is sealed; the status stands beside it.
#[derive(Serialize, Deserialize)]
struct Answer {
    headers: Vec<(String, String)>,
    body: String,
    /// When it is not given again, if that is before the day is over.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
}

/// A request that can be told from others.
#[derive(Debug, Clone, Copy)]
struct Known {
    request: [u8; 32],
    fingerprint: [u8; 32],
    begun: Timestamp,
}

/// The layer.
pub(crate) async fn once(State(api): State<Api>, request: Request, next: Next) -> Response {
    if *request.method() != Method::POST || !request.headers().contains_key(IDEMPOTENCY_KEY) {
        return next.run(request).await;
    }
    match known(&api, request).await {
        Ok((known, request)) => {
            answer(api, known, request, next).await.unwrap_or_else(Problem::into_response)
        }
        Err(problem) => problem.into_response(),
    }
}

async fn answer(api: Api, known: Known, request: Request, next: Next) -> Result<Response, Problem> {
    match api.store().begin_request(&known.request, &known.fingerprint, known.begun).await? {
        Begun::Anew => {
            let carried_out = tokio::spawn(carry_out(api, known, request, next));
            carried_out.await.map_err(Problem::internal)?
        }
        Begun::UnderWay => Err(Problem::new(
            Code::RequestUnderWay,
            "A request with this `Idempotency-Key` is being carried out; come back for its answer.",
        )
        .retry_after(UNDER_WAY_SECONDS)),
        Begun::Otherwise => Err(Problem::new(
            Code::KeyReused,
            "This `Idempotency-Key` was used for another request; take a new one for each request.",
        )),
        Begun::Answered { status, sealed: Some(sealed) } => {
            open(&api.parts().answer_sealer, &known, status, &sealed)
        }
        Begun::Answered { sealed: None, .. } => Err(not_kept()),
    }
}

fn not_kept() -> Problem {
    Problem::new(
        Code::AnswerNotKept,
        "This request was carried out, and its answer is not kept. Look up what it has done, or send it with a new \
         `Idempotency-Key` to have it done again.",
    )
}

/// Runs the handler and notes what came of it.
async fn carry_out(api: Api, known: Known, request: Request, next: Next) -> Result<Response, Problem> {
    let response = next.run(request).await;
    let (parts, body) = response.into_parts();
    // What streams reads, and changes nothing.
    if !parts.status.is_success() || body.size_hint().exact().is_none() {
        api.store().forget_request(&known.request, known.begun).await?;
        return Ok(Response::from_parts(parts, body));
    }
    let body = body.collect().await.map_err(Problem::internal)?.to_bytes();
    let sealed = |until| seal(&api.parts().answer_sealer, &known, (&parts.headers, &body), until);
    let sealed = match parts.extensions.get::<SignsIn>() {
        Some(SignsIn::KeptUntil(until)) => sealed(Some(*until)),
        Some(SignsIn::Unkept) => None,
        None if parts.headers.contains_key(SET_COOKIE) => None,
        None => sealed(None),
    };
    let kept = (parts.status.as_u16(), sealed.as_deref());
    if let Err(error) = api.store().keep_answer(&known.request, known.begun, kept).await {
        // It has been carried out: the answer is worth more than its being kept.
        tracing::error!(%error, "an answer could not be kept for a repeat of its request");
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

/// `None` when it is too long.
fn seal(
    sealer: &Sealer,
    known: &Known,
    (headers, body): (&HeaderMap, &Bytes),
    until: Option<Timestamp>,
) -> Option<String> {
    let cookie = until.map(|_| SET_COOKIE);
    let headers = KEPT_HEADERS
        .iter()
        .chain(&cookie)
        .filter_map(|name| Some((name.to_string(), headers.get(name)?.to_str().ok()?.to_owned())))
        .collect();
    let answer = Answer { headers, body: String::from_utf8(body.to_vec()).ok()?, until };
    let text = zeroize::Zeroizing::new(serde_json::to_vec(&answer).ok()?);
    sealer.seal(&text, &known.request, &mut rand::rng()).ok()
}

fn open(sealer: &Sealer, known: &Known, status: u16, sealed: &str) -> Result<Response, Problem> {
    let text = sealer.open(sealed, &known.request).map_err(Problem::internal)?;
    let answer: Answer = serde_json::from_slice(&text).map_err(Problem::internal)?;
    if answer.until.is_some_and(|until| until < known.begun) {
        return Err(not_kept());
    }
    let mut response = Response::new(Body::from(answer.body));
    *response.status_mut() = StatusCode::from_u16(status).map_err(Problem::internal)?;
    for (name, value) in answer.headers {
        let name = HeaderName::try_from(name).map_err(Problem::internal)?;
        response.headers_mut().insert(name, HeaderValue::try_from(value).map_err(Problem::internal)?);
    }
    response.headers_mut().insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}

/// Reads the request whole and tells it from others.
async fn known(api: &Api, request: Request) -> Result<(Known, Request), Problem> {
    let key = key(request.headers())?;
    let (mut parts, body) = request.into_parts();
    let begun = api.now();
    // Read before anybody is asked who they are, and by the handler again: whoever may not ask is told so by it.
    let body = read(Request::new(body), MAX_ANY_BODY).await?;
    let who = who(api, &mut parts, &body).await?;
    let route = parts.extensions.get::<MatchedPath>().map(MatchedPath::as_str).unwrap_or_default();
    let sealer = &api.parts().answer_sealer;
    let target = parts.uri.path_and_query().map(http::uri::PathAndQuery::as_str).unwrap_or_default();
    let known = Known {
        request: sealer.fingerprint(&joined([b"request", &who, route.as_bytes(), key.as_bytes()])),
        fingerprint: sealer.fingerprint(&joined([b"asked", target.as_bytes(), b"", &body])),
        begun,
    };
    Ok((known, Request::from_parts(parts, Body::from(body))))
}

/// Whose key it is. Without a proof of who asks it belongs to the very request, so that strangers do not meet.
async fn who(api: &Api, parts: &mut Parts, body: &[u8]) -> Result<Vec<u8>, Problem> {
    if parts.uri.path().starts_with("/v1/orgs/") {
        let access = OrgAccess::from_request_parts(parts, api).await?;
        let actor = match access.actor() {
            Actor::Person(person) => person.to_string(),
            Actor::Key(key) => key.to_string(),
        };
        return Ok(format!("{} {actor}", access.org()).into_bytes());
    }
    if let Ok(person) = User::from_request_parts(parts, api).await {
        return Ok(person.id().to_string().into_bytes());
    }
    let header = |name| parts.headers.get(name).map(HeaderValue::as_bytes).unwrap_or_default();
    Ok(joined([b"nobody", header(AUTHORIZATION), header(COOKIE), body]))
}

/// The one key of a request: quoted, as the draft has it, or bare, as many send it.
fn key(headers: &HeaderMap) -> Result<String, Problem> {
    let mut values = headers.get_all(IDEMPOTENCY_KEY).iter();
    let (Some(value), None) = (values.next(), values.next()) else {
        return Err(unfit());
    };
    let text = value.to_str().map_err(|_| unfit())?.trim();
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    let fits = (1..=LONGEST_KEY).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    if fits && !text.contains(['"', '\\']) { Ok(text.to_owned()) } else { Err(unfit()) }
}

fn unfit() -> Problem {
    Problem::field(
        "",
        format!(
            "header: send one `Idempotency-Key` of 1 to {LONGEST_KEY} visible ASCII characters, for example a UUID"
        ),
    )
}

/// Parts with their lengths, so that no two lists join to the same bytes.
fn joined<const N: usize>(parts: [&[u8]; N]) -> Vec<u8> {
    let mut all = Vec::new();
    for part in parts {
        all.extend_from_slice(&(part.len() as u64).to_be_bytes());
        all.extend_from_slice(part);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key_of(values: &[&'static str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(IDEMPOTENCY_KEY, HeaderValue::from_static(value));
        }
        key(&headers).ok()
    }

    #[test]
    fn a_key_is_taken_quoted_or_bare() {
        assert_eq!(key_of(&["\"8e03978e\""]), Some("8e03978e".to_owned()));
        assert_eq!(key_of(&["8e03978e"]), Some("8e03978e".to_owned()));
        for bad in [&[""][..], &["\"\""], &["a b"], &["a", "b"], &["\"a"], &["a\\b"]] {
            assert_eq!(key_of(bad), None, "{bad:?}");
        }
    }

    #[test]
    fn no_two_lists_join_to_the_same_bytes() {
        assert_ne!(joined([b"ab", b"c"]), joined([b"a", b"bc"]));
        assert_ne!(joined([b"", b"abc"]), joined([b"abc", b""]));
    }
}
