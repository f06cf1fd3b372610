//! The protocol up to 2025-11-25: initialize, sessions, GET streams, batches.

use std::{
    collections::HashSet,
    sync::{Mutex, PoisonError},
};

use http::{HeaderMap, HeaderValue, Method, StatusCode};
use uuid::Uuid;

use super::{
    Fixture,
    answer::{Answer, Failure},
    edge::{Reply, Response},
    message::{Body, Message, quote},
    stream,
};

/// The header a session id travels in.
const SESSION: &str = "mcp-session-id";

/// The revisions with `initialize`; the last is offered to clients that ask for another.
const VERSIONS: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

/// The ids of living sessions.
#[derive(Default)]
pub(super) struct Sessions(Mutex<HashSet<String>>);

impl Sessions {
    fn open(&self) -> String {
        let id = Uuid::now_v7().simple().to_string();
        self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone());
        id
    }

    fn lives(&self, id: &str) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).contains(id)
    }

    fn end(&self, id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(id);
    }

    pub(super) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clear();
    }
}

/// Serves a POST.
pub(super) fn post(fixture: &Fixture, headers: &HeaderMap, body: Body) -> Reply {
    if let Body::One(message) = &body
        && message.method.as_deref() == Some("initialize")
    {
        return initialize(fixture, message);
    }
    let session = match admit(fixture, headers) {
        Ok(session) => session,
        Err(failure) => return Reply::Failure(failure),
    };
    match body {
        Body::One(message) => match answer(fixture, &message, session.as_deref()) {
            None => Reply::Accepted,
            Some(answer) => Reply::answer(answer.envelope(&message, None), progress_of(&message)),
        },
        Body::Batch(messages) => {
            let answers: Vec<String> = messages
                .iter()
                .filter_map(|message| {
                    Some(answer(fixture, message, session.as_deref())?.envelope(message, None))
                })
                .collect();
            if answers.is_empty() {
                Reply::Accepted
            } else {
                Reply::answer(format!("[{}]", answers.join(",")), None)
            }
        }
    }
}

/// Serves a GET or a DELETE.
pub(super) fn session_request(fixture: &Fixture, method: &Method, headers: &HeaderMap) -> Response {
    if fixture.options.stateless {
        return stream::not_allowed();
    }
    match admit(fixture, headers) {
        Err(failure) => failure.response("null"),
        Ok(session) if method == Method::DELETE => {
            fixture.sessions.end(&session.unwrap_or_default());
            stream::empty(StatusCode::OK)
        }
        Ok(_) => stream::subscribe(fixture, ": open\n\n".to_owned()),
    }
}

/// The message of a request that asked to be kept informed.
fn progress_of(message: &Message) -> Option<String> {
    let token = message.meta().remove("progressToken")?;
    Some(format!(
        r#"{{"jsonrpc":"2.0","method":"notifications/progress","params":{{"progressToken":{token},"progress":1}}}}"#
    ))
}

/// `None` for notifications and responses.
fn answer(fixture: &Fixture, message: &Message, session: Option<&str>) -> Option<Answer> {
    message.id.as_ref()?;
    let method = message.method.as_deref()?;
    Some(match method {
        "ping" | "logging/setLevel" => Answer::empty(),
        _ => Answer::to(fixture, message, method, session, false),
    })
}

fn initialize(fixture: &Fixture, message: &Message) -> Reply {
    let asked = message.param("protocolVersion").unwrap_or_default();
    let version = VERSIONS.into_iter().find(|version| *version == asked).unwrap_or("2025-11-25");
    let mut answer = Answer::empty();
    answer.member("protocolVersion", quote(version));
    answer.member("capabilities", fixture.offer().capabilities.clone());
    answer.member("serverInfo", fixture.offer().server_info.clone());
    let reply = Reply::answer(answer.envelope(message, None), None);
    match HeaderValue::try_from(fixture.sessions.open()) {
        Ok(id) if !fixture.options.stateless => reply.with_header(SESSION, id),
        _ => reply,
    }
}

/// Checks version and session; gives the session, where there are any.
fn admit(fixture: &Fixture, headers: &HeaderMap) -> Result<Option<String>, Failure> {
    if let Some(version) = headers.get("mcp-protocol-version")
        && !VERSIONS.into_iter().any(|known| version == known)
    {
        return Err(Failure::new(
            StatusCode::BAD_REQUEST,
            -32000,
            "Bad Request: Unsupported protocol version",
        ));
    }
    if fixture.options.stateless {
        return Ok(None);
    }
    let id = headers.get(SESSION).and_then(|id| id.to_str().ok());
    match id {
        None => Err(Failure::new(StatusCode::BAD_REQUEST, -32600, "Bad Request: Missing session ID")),
        Some(id) if fixture.sessions.lives(id) => Ok(Some(id.to_owned())),
        Some(_) => Err(Failure::new(StatusCode::NOT_FOUND, -32001, "Session not found")),
    }
}
