//! The parameters of a message: the members a decision or a route may hang on.

use std::borrow::Cow;

use crate::fold::look_alike;
use crate::json::{Fault, Reader};

/// Members of `params` MCP gives a meaning to; a look-alike of any is refused.
const KNOWN: &[&str] = &[
    "name",
    "uri",
    "arguments",
    "cursor",
    "_meta",
    "protocolVersion",
    "clientInfo",
    "capabilities",
    "inputResponses",
    "requestState",
    "task",
    "taskId",
    "ref",
    "requestId",
    "notifications",
    "level",
    "argument",
    "context",
];

/// `_meta` key of the protocol version.
pub(crate) const META_VERSION: &str = "io.modelcontextprotocol/protocolVersion";
/// `_meta` key of the client's name and version.
pub(crate) const META_CLIENT: &str = "io.modelcontextprotocol/clientInfo";
/// `_meta` key of the client's capabilities.
pub(crate) const META_CAPABILITIES: &str = "io.modelcontextprotocol/clientCapabilities";
/// `_meta` key of a server's name and version, in results.
pub(crate) const META_SERVER: &str = "io.modelcontextprotocol/serverInfo";

/// Keys of `_meta` MCP gives a meaning to; a look-alike of any is refused.
const KNOWN_META: &[&str] = &[
    META_VERSION,
    META_CLIENT,
    META_CAPABILITIES,
    META_SERVER,
    "io.modelcontextprotocol/logLevel",
    "io.modelcontextprotocol/related-task",
    "io.modelcontextprotocol/subscriptionId",
    "progressToken",
    "traceparent",
    "tracestate",
    "baggage",
];

/// Members of a completion's `ref`.
const KNOWN_REF: &[&str] = &["type", "name", "uri"];

/// The parameters of one message.
#[derive(Clone, Debug, Default)]
pub struct Params<'a> {
    /// The whole object as sent; `None` when the message has no `params`.
    pub raw: Option<&'a str>,
    /// `name`: of a tool or a prompt.
    pub name: Option<Cow<'a, str>>,
    /// `uri`: of a resource.
    pub uri: Option<Cow<'a, str>>,
    /// `cursor`: opaque, names the page of a list.
    pub cursor: Option<Cow<'a, str>>,
    /// `arguments` as sent, where it is an object. Free of duplicate keys at every depth.
    pub arguments: Option<&'a str>,
    /// `_meta`.
    pub meta: Meta<'a>,
    /// `protocolVersion`, of a legacy `initialize`.
    pub protocol_version: Option<Cow<'a, str>>,
    /// `clientInfo`, of a legacy `initialize`.
    pub client: Option<Client<'a>>,
    /// `ref`, of a completion.
    pub reference: Option<Reference<'a>>,
    /// `taskId`, of the task methods.
    pub task_id: Option<Cow<'a, str>>,
    /// `task` is there: the call asks to be run as a task.
    pub as_task: bool,
    /// `requestId` of a cancellation, raw JSON.
    pub request_id: Option<&'a str>,
    /// `inputResponses` or `requestState` is there: the retry of a call that asked for input.
    pub retried: bool,
    /// Where `arguments` stands when it is no object.
    pub(crate) odd_arguments: Option<usize>,
}

/// What `_meta` says.
#[derive(Clone, Debug, Default)]
pub struct Meta<'a> {
    /// The protocol version: its presence makes the message a modern one.
    pub protocol_version: Option<Cow<'a, str>>,
    /// Who the client says it is.
    pub client: Option<Client<'a>>,
    /// `progressToken`, raw JSON.
    pub progress_token: Option<&'a str>,
}

/// A client's or server's name for itself. Self-reported: fit for display, not for trust.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Client<'a> {
    /// `name`.
    pub name: Cow<'a, str>,
    /// `version`; empty where not given.
    pub version: Cow<'a, str>,
}

/// What a completion completes: a prompt by name or a resource template by URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference<'a> {
    /// `ref/prompt`.
    Prompt(Cow<'a, str>),
    /// `ref/resource`.
    Resource(Cow<'a, str>),
}

/// Reads the value of `params`.
pub(crate) fn read<'a>(reader: &mut Reader<'a>) -> Result<Params<'a>, Fault> {
    if reader.peek() != Some(b'{') {
        return Err(Fault::params(reader.at(), "params must be an object"));
    }
    let mut params = Params::default();
    let raw = reader.object(|reader, key| member(reader, &key, &mut params))?;
    params.raw = Some(raw.text);
    Ok(params)
}

fn member<'a>(reader: &mut Reader<'a>, key: &str, params: &mut Params<'a>) -> Result<(), Fault> {
    let next = reader.peek();
    let at = reader.at();
    match key {
        "name" => params.name = Some(text(reader, "params.name")?),
        "uri" => params.uri = Some(text(reader, "params.uri")?),
        "protocolVersion" => params.protocol_version = Some(text(reader, "params.protocolVersion")?),
        "taskId" => params.task_id = Some(text(reader, "params.taskId")?),
        "cursor" => params.cursor = reader.string_if_any()?,
        "arguments" => {
            let raw = reader.value()?;
            if next == Some(b'{') {
                params.arguments = Some(raw.text);
            } else {
                params.odd_arguments = Some(at);
            }
        }
        "_meta" if next == Some(b'{') => params.meta = meta(reader)?,
        "_meta" => return Err(Fault::params(at, "params._meta must be an object")),
        "clientInfo" => params.client = named(reader)?,
        "ref" => params.reference = reference(reader)?,
        "requestId" => params.request_id = Some(reader.value()?.text),
        "inputResponses" | "requestState" => {
            params.retried = true;
            reader.value()?;
        }
        "task" => {
            params.as_task = true;
            reader.value()?;
        }
        other => {
            genuine(at, "params", other, KNOWN)?;
            reader.value()?;
        }
    }
    Ok(())
}

fn meta<'a>(reader: &mut Reader<'a>) -> Result<Meta<'a>, Fault> {
    let mut meta = Meta::default();
    reader.object(|reader, key| {
        match &*key {
            META_VERSION => meta.protocol_version = Some(text(reader, "params._meta protocolVersion")?),
            META_CLIENT => meta.client = named(reader)?,
            "progressToken" => meta.progress_token = Some(reader.value()?.text),
            other => {
                genuine(reader.at(), "params._meta", other, KNOWN_META)?;
                reader.value()?;
            }
        }
        Ok(())
    })?;
    Ok(meta)
}

/// An object with a `name` and perhaps a `version`, such as `clientInfo`; `None` for anything else.
pub(crate) fn named<'a>(reader: &mut Reader<'a>) -> Result<Option<Client<'a>>, Fault> {
    if reader.peek() != Some(b'{') {
        return reader.value().map(|_| None);
    }
    let (mut name, mut version) = (None, None);
    reader.object(|reader, key| {
        match &*key {
            "name" => name = reader.string_if_any()?,
            "version" => version = reader.string_if_any()?,
            _ => drop(reader.value()?),
        }
        Ok(())
    })?;
    Ok(name.map(|name| Client { name, version: version.unwrap_or_default() }))
}

fn reference<'a>(reader: &mut Reader<'a>) -> Result<Option<Reference<'a>>, Fault> {
    if reader.peek() != Some(b'{') {
        return reader.value().map(|_| None);
    }
    let (mut kind, mut name, mut uri) = (None, None, None);
    reader.object(|reader, key| {
        match &*key {
            "type" => kind = reader.string_if_any()?,
            "name" => name = reader.string_if_any()?,
            "uri" => uri = reader.string_if_any()?,
            other => {
                genuine(reader.at(), "params.ref", other, KNOWN_REF)?;
                reader.value()?;
            }
        }
        Ok(())
    })?;
    Ok(match kind.as_deref() {
        Some("ref/prompt") => name.map(Reference::Prompt),
        Some("ref/resource") => uri.map(Reference::Resource),
        _ => None,
    })
}

fn text<'a>(reader: &mut Reader<'a>, what: &'static str) -> Result<Cow<'a, str>, Fault> {
    if reader.peek() != Some(b'"') {
        return Err(Fault::params(reader.at(), format!("{what} must be a string")));
    }
    reader.string()
}

/// Refuses a key that some parser would take for one of `known`.
pub(crate) fn genuine(at: usize, place: &str, key: &str, known: &[&'static str]) -> Result<(), Fault> {
    let Some(name) = look_alike(key, known) else { return Ok(()) };
    Err(Fault::request(
        at,
        format!("{place} has {key:?}, which could be read as {name:?}; use the exact name"),
    ))
}
