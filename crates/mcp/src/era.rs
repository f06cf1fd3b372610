//! Which of the two protocol shapes a request has, and whether its headers tell the truth about its body.
//!
//! Decisions come from the body alone; headers only have to agree with it. A body that says it is modern while its
//! headers do not is refused, because servers execute such a call on their unchecked legacy path. The reverse, a
//! modern header over a body without the version, is left to the server: it cannot change what was decided here,
//! and the server answers with the exact complaint (-32602) that clients look for.

use crate::header::{self, RequestHeaders};
use crate::message::{Kind, Message};
use crate::reject::{Reject, code};

/// First version of the modern shape. Later versions compare greater as text.
pub const FIRST_MODERN: &str = "2026-07-28";

/// Every version of the legacy shape.
const LEGACY: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"];

/// A protocol shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Era {
    /// Until 2025-11-25: `initialize`, sessions, server requests on streams.
    Legacy,
    /// From 2026-07-28: every request carries its version. There are no sessions: a session id sent along must not
    /// be forwarded, or a server could run the call in a session nobody checked.
    Modern,
}

impl Era {
    /// The era of a request without a body (GET, DELETE), by its version header alone.
    #[must_use]
    pub fn of_header(headers: &RequestHeaders<'_>) -> Self {
        let newest = headers.protocol_version.iter().map(|value| value.trim_matches([' ', '\t']));
        if newest.into_iter().any(is_modern_version) { Self::Modern } else { Self::Legacy }
    }
}

/// Whether `version` is written as a date and is not before [`FIRST_MODERN`].
fn is_modern_version(version: &str) -> bool {
    let shape = version.bytes().enumerate().all(|(index, byte)| match index {
        4 | 7 => byte == b'-',
        _ => byte.is_ascii_digit(),
    });
    shape && version.len() == FIRST_MODERN.len() && version >= FIRST_MODERN
}

/// The era of a POST, after checking that headers and body agree.
///
/// Modern: the version header equals the body's; `Mcp-Method` equals the method (required on requests);
/// `Mcp-Name`, decoded, equals `params.name` or `params.uri` on the three methods that have it, and
/// `params.taskId` on task methods where sent. Legacy: the mirrored headers mean nothing and are not looked at.
///
/// # Errors
/// HTTP 400 with -32020 naming what disagrees, or with -32600 for a modern client that posts a response.
pub fn era(headers: &RequestHeaders<'_>, message: &Message<'_>) -> Result<Era, Reject> {
    let version = value(headers.protocol_version, "MCP-Protocol-Version", message)?;
    match (version, message.params.meta.protocol_version.as_deref()) {
        (Some(sent), Some(body)) if sent != body => {
            let what = format!("MCP-Protocol-Version is {} but the body says {}", shown(sent), shown(body));
            return Err(Reject::mismatch(message.id, &what));
        }
        (None, Some(_)) => {
            let what = "the body names a protocol version but MCP-Protocol-Version is missing";
            return Err(Reject::mismatch(message.id, what));
        }
        (sent, None) if !sent.is_some_and(is_modern_version) => return Ok(Era::Legacy),
        _ => {}
    }
    if message.kind == Kind::Response {
        let text = "a response is not accepted in this protocol version; put it in inputResponses";
        let id = message.id.map(str::to_owned);
        return Err(Reject { status: 400, code: code::INVALID_REQUEST, message: text.to_owned(), id });
    }
    check_method(headers, message)?;
    check_name(headers, message)?;
    Ok(Era::Modern)
}

/// Whether a legacy request may continue a session: its version header is absent, the negotiated version, or another
/// version of the same shape. Clients do send an older one than they negotiated, servers take it, and nothing that is
/// decided here depends on which it is.
///
/// # Errors
/// HTTP 400 with -32600.
pub fn session_version(
    headers: &RequestHeaders<'_>,
    negotiated: &str,
    id: Option<&str>,
) -> Result<(), Reject> {
    let message = match header::single(headers.protocol_version) {
        Ok(None) => return Ok(()),
        Ok(Some(sent)) if sent == negotiated || LEGACY.contains(&sent) => return Ok(()),
        Ok(Some(sent)) => {
            format!(
                "MCP-Protocol-Version is {} but this session negotiated {}",
                shown(sent),
                shown(negotiated)
            )
        }
        Err(unusable) => format!("MCP-Protocol-Version {}", unusable.reason()),
    };
    Err(Reject { status: 400, code: code::INVALID_REQUEST, message, id: id.map(str::to_owned) })
}

fn check_method(headers: &RequestHeaders<'_>, message: &Message<'_>) -> Result<(), Reject> {
    let sent = value(headers.method, "Mcp-Method", message)?;
    let body = message.method.as_deref().unwrap_or_default();
    match sent {
        Some(sent) if sent == body => Ok(()),
        Some(sent) => Err(disagree("Mcp-Method", sent, Some(body), message)),
        None if message.kind == Kind::Request => Err(absent("Mcp-Method", body, message)),
        None => Ok(()),
    }
}

fn check_name(headers: &RequestHeaders<'_>, message: &Message<'_>) -> Result<(), Reject> {
    let params = &message.params;
    let (body, required) = match message.method.as_deref() {
        Some("tools/call" | "prompts/get") => (params.name.as_deref(), true),
        Some("resources/read") => (params.uri.as_deref(), true),
        Some("tasks/get" | "tasks/update" | "tasks/cancel") => (params.task_id.as_deref(), false),
        _ => return Ok(()),
    };
    let Some(sent) = value(headers.name, "Mcp-Name", message)? else {
        return body.filter(|_| required).map_or(Ok(()), |body| Err(absent("Mcp-Name", body, message)));
    };
    let decoded = header::decode(sent)
        .map_err(|unusable| Reject::mismatch(message.id, &format!("Mcp-Name {}", unusable.reason())))?;
    if body == Some(&*decoded) { Ok(()) } else { Err(disagree("Mcp-Name", &decoded, body, message)) }
}

fn value<'a>(values: &[&'a str], name: &str, message: &Message<'_>) -> Result<Option<&'a str>, Reject> {
    header::single(values)
        .map_err(|unusable| Reject::mismatch(message.id, &format!("{name} {}", unusable.reason())))
}

fn disagree(name: &str, sent: &str, body: Option<&str>, message: &Message<'_>) -> Reject {
    let body = body.map_or_else(|| "nothing".to_owned(), shown);
    Reject::mismatch(message.id, &format!("{name} is {} but the body says {body}", shown(sent)))
}

fn absent(name: &str, body: &str, message: &Message<'_>) -> Reject {
    Reject::mismatch(message.id, &format!("{name} is missing; the body says {}", shown(body)))
}

/// A value as a message shows it: quoted, and cut where it is long.
fn shown(value: &str) -> String {
    const LONGEST: usize = 120;
    match value.char_indices().nth(LONGEST) {
        Some((cut, _)) => format!("{:?}...", value.get(..cut).unwrap_or_default()),
        None => format!("{value:?}"),
    }
}

#[cfg(test)]
mod tests;
