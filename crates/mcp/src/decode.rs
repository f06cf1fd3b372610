//! Strict decode of what a client sends: every byte judged once, nothing two parsers could read differently.
//!
//! Refused beyond JSON's own grammar, at any depth: duplicate keys (compared after unescaping), U+0000 in keys,
//! half surrogate pairs, numbers that lose digits in a double, deep nesting, too many members. Refused in the
//! envelope: arrays (batches, in every protocol version), members JSON-RPC does not know, look-alikes of known
//! members, ids that are neither string nor integer, anything that is not exactly one of request, notification
//! and response. Refused in known methods: missing or mistyped subjects, which leave nothing to decide on.

use std::borrow::Cow;

use crate::envelope::Envelope;
use crate::id;
use crate::json::{Fault, Reader, Rules, utf8};
use crate::message::{Kind, Message};
use crate::params::{self, Params, genuine};
use crate::reject::Reject;

/// Members of a JSON-RPC message.
const KNOWN: &[&str] = &["jsonrpc", "id", "method", "params", "result", "error"];

/// How much structure a message may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Objects and arrays inside one another, the message itself being the first.
    pub max_depth: usize,
    /// Members of all objects together. Array elements are bounded by the size of the body alone.
    pub max_members: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { max_depth: 64, max_members: 10_000 }
    }
}

/// Reads one message under the default [`Limits`].
///
/// # Errors
/// A [`Reject`] with HTTP status 400: -32700 for what is no JSON, -32600 for JSON that is no acceptable message,
/// -32602 for unusable `params`. It echoes the id where the body still shows one beyond doubt.
pub fn decode(body: &[u8]) -> Result<Message<'_>, Reject> {
    decode_within(body, Limits::default())
}

/// Reads one message under given [`Limits`].
///
/// # Errors
/// As [`decode`].
pub fn decode_within(body: &[u8], limits: Limits) -> Result<Message<'_>, Reject> {
    read(body, limits).map_err(|fault| Reject::of_fault(&fault, echo(body)))
}

/// The members of the envelope as they come.
#[derive(Default)]
struct Found<'a> {
    version: bool,
    id: Option<&'a str>,
    method: Option<Cow<'a, str>>,
    params: Option<Params<'a>>,
    result: bool,
    error: bool,
}

fn read(body: &[u8], limits: Limits) -> Result<Message<'_>, Fault> {
    let rules = Rules { strict: true, max_depth: limits.max_depth, max_members: limits.max_members };
    let mut reader = Reader::new(utf8(body)?, rules);
    match reader.peek() {
        Some(b'{') => {}
        Some(b'[') => return Err(Fault::request(reader.at(), "batches are not accepted; send one message")),
        Some(_) => return Err(Fault::request(reader.at(), "the message must be a JSON object")),
        None => return Err(Fault::syntax(reader.at(), "the body is empty")),
    }
    let mut found = Found::default();
    reader.object(|reader, key| member(reader, &key, &mut found))?;
    reader.finish()?;
    let message = classify(found)?;
    judge(&message)?;
    Ok(message)
}

fn member<'a>(reader: &mut Reader<'a>, key: &str, found: &mut Found<'a>) -> Result<(), Fault> {
    let next = reader.peek();
    let at = reader.at();
    match key {
        "jsonrpc" => {
            if next != Some(b'"') || reader.string()? != "2.0" {
                return Err(Fault::request(at, "jsonrpc must be \"2.0\""));
            }
            found.version = true;
        }
        "id" => found.id = Some(id::read(reader)?),
        "method" if next == Some(b'"') => found.method = Some(reader.string()?),
        "method" => return Err(Fault::request(at, "method must be a string")),
        "params" => found.params = Some(params::read(reader)?),
        "result" => {
            reader.value()?;
            found.result = true;
        }
        "error" if next == Some(b'{') => {
            reader.value()?;
            found.error = true;
        }
        "error" => return Err(Fault::request(at, "error must be an object")),
        other => {
            genuine(at, "the message", other, KNOWN)?;
            return Err(Fault::request(
                at,
                format!("the message has a member {other:?} JSON-RPC does not know"),
            ));
        }
    }
    Ok(())
}

/// Exactly one class, or a fault.
fn classify(found: Found<'_>) -> Result<Message<'_>, Fault> {
    let answers = usize::from(found.result) + usize::from(found.error);
    if !found.version {
        return Err(Fault::request(0, "jsonrpc is missing; it must be \"2.0\""));
    }
    let kind = match (&found.method, found.id, answers) {
        (Some(_), Some(_), 0) => Kind::Request,
        (Some(_), None, 0) => Kind::Notification,
        (None, Some(_), 1) if found.params.is_none() => Kind::Response,
        (Some(_), _, _) => {
            return Err(Fault::request(0, "a message with a method has neither result nor error"));
        }
        (None, Some(_), 1) => return Err(Fault::request(0, "a response has no params")),
        (None, Some(_), 2) => {
            return Err(Fault::request(0, "a response has either result or error, not both"));
        }
        (None, _, 0) => return Err(Fault::request(0, "method is missing")),
        (None, _, _) => return Err(Fault::request(0, "a response needs the id of its request")),
    };
    Ok(Message { kind, id: found.id, method: found.method, params: found.params.unwrap_or_default() })
}

/// What a known method must have for anything to be decided about it. A subscription or a task that names nothing
/// touches nothing: the server's own answer, often that it has no such method, is the better one.
fn judge(message: &Message<'_>) -> Result<(), Fault> {
    let Some(method) = message.method.as_deref() else { return Ok(()) };
    let params = &message.params;
    if message.kind == Kind::Notification && !method.starts_with("notifications/") {
        return Err(Fault::request(0, format!("{method:?} is not a notification; send it with an id")));
    }
    let missing = match method {
        "tools/call" | "prompts/get" if params.name.is_none() => "params.name",
        "resources/read" if params.uri.is_none() => "params.uri",
        "completion/complete" if params.reference.is_none() => "params.ref",
        "tools/call" | "prompts/get" => {
            return params.odd_arguments.map_or(Ok(()), |at| {
                Err(Fault::params(at, format!("params.arguments of {method} must be an object")))
            });
        }
        _ => return Ok(()),
    };
    Err(Fault::params(0, format!("{method} needs {missing}")))
}

/// The id of a refused message, where a second, lenient look still finds exactly one acceptable one.
fn echo(body: &[u8]) -> Option<String> {
    let raw = Envelope::read(body).ok()?.id?;
    let rules = Rules { strict: true, max_depth: 1, max_members: 0 };
    id::read(&mut Reader::new(raw, rules)).ok().map(str::to_owned)
}

#[cfg(test)]
mod differential;
#[cfg(test)]
mod tests;
