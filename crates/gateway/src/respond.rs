//! The gateway's own answers. The only place that knows status codes.

use http::{HeaderValue, Response, StatusCode, header};
use mcp::Era;
use model::Code;
use serde_json::json;

use crate::body::Body;

/// JSON-RPC code of a prompt or resource that a rule denies, or a method that is not let through.
pub(crate) const DENIED: i64 = -31001;
/// JSON-RPC code of the gateway's own refusals and failures; `data.code` says which.
pub(crate) const REFUSED: i64 = -31002;
/// JSON-RPC code of a session that is unknown, or not the caller's; as the official SDK servers answer.
const NO_SESSION: i64 = -32001;

/// A refusal before or beside the policy: something is wrong with the request, the caller or a part that we need.
#[derive(Debug)]
pub(crate) struct Refusal {
    status: u16,
    rpc_code: i64,
    code: Code,
    message: String,
    /// The request's id as sent; `null` while it is unknown.
    id: Option<String>,
    challenge: bool,
    /// The lowest version of a bundle by which the call may be decided, when it was decided by an older one.
    pub(crate) outdated: Option<u64>,
}

impl Refusal {
    /// A refusal with the code's own status.
    #[must_use]
    pub(crate) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            status: code.status(),
            rpc_code: REFUSED,
            code,
            message: message.into(),
            id: None,
            challenge: false,
            outdated: None,
        }
    }

    /// Nobody was identified.
    #[must_use]
    pub(crate) fn unauthenticated(message: &str) -> Self {
        Self { challenge: true, ..Self::new(Code::Unauthenticated, message) }
    }

    /// The session is unknown, or not this caller's on this server: the two are told apart by nobody.
    #[must_use]
    pub(crate) fn no_session() -> Self {
        let message = "session not found; initialize a new one";
        Self { rpc_code: NO_SESSION, ..Self::new(Code::NotFound, message) }
    }

    /// The body is not one strict JSON-RPC message, or disagrees with the headers.
    #[must_use]
    pub(crate) fn malformed(reject: mcp::Reject) -> Self {
        Self {
            status: reject.status,
            rpc_code: reject.code,
            code: Code::InvalidRequest,
            message: reject.message,
            id: reject.id,
            challenge: false,
            outdated: None,
        }
    }

    /// The call was decided by a bundle below this version, which is known to hold no more.
    #[must_use]
    pub(crate) fn outdated(version: u64) -> Self {
        let message = "what this identity may do has changed, and this gateway has not been told what to yet; \
                       the call is refused and nothing was sent. Call again in a moment";
        Self { outdated: Some(version), ..Self::new(Code::ControlPlaneUnavailable, message) }
    }

    /// The same, answering the request of this id.
    #[must_use]
    pub(crate) fn to(mut self, id: Option<&str>) -> Self {
        self.id = id.map(str::to_owned);
        self
    }

    /// What the client reads.
    #[must_use]
    pub(crate) fn message(&self) -> &str {
        &self.message
    }

    /// The answer. `request_id` finds it in the log.
    #[must_use]
    pub(crate) fn into_response(self, request_id: &str) -> Response<Body> {
        let data = json!({ "code": self.code, "request_id": request_id }).to_string();
        let body = mcp::reply::error(self.id.as_deref(), self.rpc_code, &self.message, Some(&data));
        let mut response = reply(StatusCode::from_u16(self.status).unwrap_or(StatusCode::BAD_REQUEST), body);
        let headers = response.headers_mut();
        if self.challenge {
            let challenge = "Bearer realm=\"policylayer\", error=\"invalid_token\"";
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
        }
        if self.status == 405 {
            headers.insert(header::ALLOW, HeaderValue::from_static("POST"));
        }
        response
    }
}

/// A JSON answer.
#[must_use]
pub(crate) fn reply(status: StatusCode, body: Vec<u8>) -> Response<Body> {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

/// The answer to a notification that is taken, or dropped: there is nothing to say.
#[must_use]
pub(crate) fn accepted() -> Response<Body> {
    let mut response = Response::new(Body::from(Vec::new()));
    *response.status_mut() = StatusCode::ACCEPTED;
    response
}

/// The answer to a method that is not let through: as a server that does not know it.
#[must_use]
pub(crate) fn unknown_method(id: &str, era: Era, method: &str) -> Response<Body> {
    let reject = mcp::reply::method_not_found(id, era, method);
    let status = StatusCode::from_u16(reject.status).unwrap_or(StatusCode::NOT_FOUND);
    reply(status, reject.body())
}
