//! What is known of one request while it is served.

use std::sync::Arc;

use bytes::Bytes;
use http::request::Parts;
use mcp::header::{METHOD, NAME, PROTOCOL_VERSION as VERSION, SESSION_ID};
use mcp::{Era, Message, RequestHeaders};
use model::{Code, EventId};

use crate::Gateway;
use crate::bundles::{Caller, Grant};
use crate::respond::Refusal;
use crate::session::Session;

/// A caller, and the server that the address names; the grant is known to exist.
pub(crate) struct Identified {
    pub(crate) caller: Caller,
    pub(crate) server: String,
}

/// A request of an identified caller, before its body is understood.
pub(crate) struct Exchange<'a> {
    pub(crate) id: EventId,
    pub(crate) head: &'a Parts,
    pub(crate) caller: &'a Caller,
    pub(crate) grant: &'a Grant,
    pub(crate) now_ms: i64,
    session: Named,
}

/// What the session header of a request names.
enum Named {
    /// There is none.
    Nothing,
    /// A session of this caller on this server.
    Theirs(Arc<Session>),
    /// Something else. Legacy requests with it are answered 404; modern ones have no sessions and ignore it.
    Unknown,
}

/// A request that is understood: strict JSON, one class, headers that agree with it, a session that is the caller's.
pub(crate) struct Intake<'a> {
    pub(crate) exchange: Exchange<'a>,
    pub(crate) era: Era,
    /// The message, and the exact bytes it was read from; none for GET and DELETE.
    pub(crate) message: Option<&'a Message<'a>>,
    pub(crate) bytes: Bytes,
}

impl<'a> Exchange<'a> {
    /// Opens the session, when the request names one.
    pub(crate) fn open(
        gateway: &Gateway,
        id: EventId,
        head: &'a Parts,
        identified: &'a Identified,
    ) -> Result<Self, Refusal> {
        let Identified { caller, server } = identified;
        let grant = caller.live.grant(server).ok_or_else(Refusal::no_session)?;
        let mut named = head.headers.get_all(SESSION_ID).iter();
        let session = match (named.next(), named.next()) {
            (None, _) => Named::Nothing,
            (Some(value), None) => value
                .to_str()
                .ok()
                .and_then(|text| gateway.sessions.open(text, (caller.token, grant.entry.server.id)))
                .map_or(Named::Unknown, Named::Theirs),
            (Some(_), Some(_)) => Named::Unknown,
        };
        Ok(Self { id, head, caller, grant, now_ms: gateway.now_ms(), session })
    }

    /// The session of a legacy request.
    fn legacy_session(&self) -> Result<Option<&Session>, Refusal> {
        match &self.session {
            Named::Nothing => Ok(None),
            Named::Theirs(session) => Ok(Some(session)),
            Named::Unknown => Err(Refusal::no_session()),
        }
    }

    /// Settles the protocol era and checks that headers, session and body agree.
    pub(crate) fn intake(self, message: &'a Message<'a>, bytes: &Bytes) -> Result<Intake<'a>, Refusal> {
        let (versions, methods, names) = (self.values(VERSION), self.values(METHOD), self.values(NAME));
        let headers = RequestHeaders { protocol_version: &versions, method: &methods, name: &names };
        let era = mcp::era(&headers, message).map_err(Refusal::malformed)?;
        if era == Era::Legacy
            && let Some(session) = self.legacy_session()?
        {
            mcp::era::session_version(&headers, &session.version, message.id).map_err(Refusal::malformed)?;
        }
        Ok(Intake { exchange: self, era, message: Some(message), bytes: bytes.clone() })
    }

    /// A request without a body: the legacy stream, or the end of a legacy session.
    pub(crate) fn without_message(self) -> Result<Intake<'a>, Refusal> {
        let versions = self.values(VERSION);
        let headers = RequestHeaders { protocol_version: &versions, ..RequestHeaders::default() };
        if Era::of_header(&headers) == Era::Modern {
            let message = format!("{} is not part of this protocol version; send POST", self.head.method);
            return Err(Refusal::new(Code::MethodNotAllowed, message));
        }
        if let Some(session) = self.legacy_session()? {
            mcp::era::session_version(&headers, &session.version, None).map_err(Refusal::malformed)?;
        }
        Ok(Intake { exchange: self, era: Era::Legacy, message: None, bytes: Bytes::new() })
    }

    fn values(&self, name: &str) -> Vec<&'a str> {
        // A value that is not text must not match anything that the body says.
        let text = |value: &'a http::HeaderValue| value.to_str().unwrap_or("\u{fffd}");
        self.head.headers.get_all(name).iter().map(text).collect()
    }
}

impl Intake<'_> {
    /// The session, in legacy traffic that has one. Modern traffic has none, whatever its headers say.
    pub(crate) fn session(&self) -> Option<&Session> {
        match &self.exchange.session {
            Named::Theirs(session) if self.era == Era::Legacy => Some(session),
            _ => None,
        }
    }

    /// The session id as the client holds it: stable for the session, and nobody else's.
    pub(crate) fn session_text(&self) -> Option<&str> {
        self.session()?;
        self.exchange.head.headers.get(SESSION_ID)?.to_str().ok()
    }

    /// The id of the JSON-RPC request, as sent.
    pub(crate) fn rpc_id(&self) -> Option<&str> {
        self.message.and_then(|message| message.id)
    }
}
