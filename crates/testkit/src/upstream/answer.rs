//! The answers both eras share: lists, calls, and errors.

use http::StatusCode;
use serde_json::{Value, json};

use super::{
    Fixture,
    edge::Response,
    message::{Message, quote},
    offer::{Item, List},
    record::Call,
    sample::sample,
    stream,
};

/// A list may be kept so long, in the modern era.
const TTL_MS: u32 = 60_000;

/// A result being put together, or a JSON-RPC error.
pub(super) enum Answer {
    Result { members: Vec<(&'static str, String)>, meta: Vec<(&'static str, String)>, cacheable: bool },
    Error { code: i64, message: String },
}

/// A refusal that has an HTTP status of its own.
pub(super) struct Failure {
    status: StatusCode,
    code: i64,
    message: String,
    data: Option<Value>,
}

impl Answer {
    pub(super) fn empty() -> Self {
        Self::Result { members: Vec::new(), meta: Vec::new(), cacheable: false }
    }

    /// Answers a request of either era, and records it when it is a call.
    pub(super) fn to(
        fixture: &Fixture,
        message: &Message,
        method: &str,
        session: Option<&str>,
        modern: bool,
    ) -> Self {
        match method {
            "server/discover" if modern => Self::discover(fixture),
            "tools/list" => Self::list(&fixture.offer().tools, message),
            "prompts/list" => Self::list(&fixture.offer().prompts, message),
            "resources/list" => Self::list(&fixture.offer().resources, message),
            "resources/templates/list" => Self::list(&fixture.offer().templates, message),
            "tools/call" => Self::call(fixture, message, session, modern),
            "prompts/get" => Self::prompt(fixture, message),
            "resources/read" => Self::resource(fixture, message),
            _ => Self::Error { code: -32601, message: "Method not found".to_owned() },
        }
    }

    fn discover(fixture: &Fixture) -> Self {
        let mut answer = Self::empty();
        answer.member("supportedVersions", format!("[{}]", quote(super::modern::VERSION)));
        answer.member("capabilities", fixture.offer().capabilities.clone());
        answer.cacheable()
    }

    fn list(list: &List, message: &Message) -> Self {
        let Some((items, next)) = list.page(message.param("cursor").as_deref()) else {
            return Self::Error { code: -32602, message: "Invalid cursor".to_owned() };
        };
        let items: Vec<&str> = items.iter().map(|item| item.raw.get()).collect();
        let mut answer = Self::empty();
        answer.member(list.member, format!("[{}]", items.join(",")));
        if let Some(next) = next {
            answer.member("nextCursor", quote(&next));
        }
        answer.cacheable()
    }

    fn call(fixture: &Fixture, message: &Message, session: Option<&str>, modern: bool) -> Self {
        let name = message.param("name").unwrap_or_default();
        let offer = fixture.offer();
        let Some(tool) = offer.tools.item(&name) else {
            return Self::Error { code: -32602, message: format!("Unknown tool: {name}") };
        };
        let nonce = message.meta().remove("nonce").map(|raw| raw.get().to_owned());
        let arguments = message.params.get("arguments").map_or("", |raw| raw.get());
        fixture.record.call(Call {
            tool: name,
            arguments: arguments.to_owned(),
            id: message.id_text().to_owned(),
            nonce: nonce.clone(),
            session: session.map(str::to_owned),
            modern,
        });
        Self::echo(tool, arguments, nonce)
    }

    fn prompt(fixture: &Fixture, message: &Message) -> Self {
        let name = message.param("name").unwrap_or_default();
        if fixture.offer().prompts.item(&name).is_none() {
            return Self::Error { code: -32602, message: format!("Unknown prompt: {name}") };
        }
        let mut answer = Self::empty();
        let text = quote(&format!("prompt {name}"));
        answer
            .member("messages", format!(r#"[{{"role":"user","content":{{"type":"text","text":{text}}}}}]"#));
        answer
    }

    fn resource(fixture: &Fixture, message: &Message) -> Self {
        let uri = message.param("uri").unwrap_or_default();
        if fixture.offer().resources.item(&uri).is_none() {
            return Self::Error { code: -32602, message: format!("Resource not found: {uri}") };
        }
        let mut answer = Self::empty();
        answer.member("contents", format!(r#"[{{"uri":{},"text":"resource"}}]"#, quote(&uri)));
        answer.cacheable()
    }

    fn echo(tool: &Item, arguments: &str, nonce: Option<String>) -> Self {
        let arguments = if arguments.is_empty() { "null" } else { arguments };
        let text = format!(r#"{{"tool":{},"arguments":{arguments}}}"#, quote(&tool.key));
        let mut answer = Self::empty();
        answer.member("content", format!(r#"[{{"type":"text","text":{}}}]"#, quote(&text)));
        if let Some(schema) = &tool.output_schema {
            answer.member("structuredContent", sample(schema).to_string());
        }
        if let (Some(nonce), Self::Result { meta, .. }) = (nonce, &mut answer) {
            meta.push(("nonce", nonce));
        }
        answer
    }

    /// Adds a member, given as JSON.
    pub(super) fn member(&mut self, name: &'static str, json: String) {
        if let Self::Result { members, .. } = self {
            members.push((name, json));
        }
    }

    fn cacheable(mut self) -> Self {
        if let Self::Result { cacheable, .. } = &mut self {
            *cacheable = true;
        }
        self
    }

    /// The message, when it is an error of that code.
    pub(super) fn failed_with(&self, expected: i64) -> Option<&str> {
        match self {
            Self::Error { code, message } if *code == expected => Some(message),
            _ => None,
        }
    }

    /// The JSON-RPC response; `server_info` is given in the modern era, and brings its extra members.
    pub(super) fn envelope(self, request: &Message, server_info: Option<&str>) -> String {
        let id = request.id_text();
        match self {
            Self::Error { code, message } => {
                format!(
                    r#"{{"jsonrpc":"2.0","id":{id},"error":{{"code":{code},"message":{}}}}}"#,
                    quote(&message)
                )
            }
            Self::Result { mut members, mut meta, cacheable } => {
                if let Some(info) = server_info {
                    members.push(("resultType", quote("complete")));
                    meta.push(("io.modelcontextprotocol/serverInfo", info.to_owned()));
                    if cacheable {
                        members.push(("ttlMs", TTL_MS.to_string()));
                        members.push(("cacheScope", quote("public")));
                    }
                }
                if !meta.is_empty() {
                    members.push(("_meta", object(&meta)));
                }
                format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{}}}"#, object(&members))
            }
        }
    }
}

impl Failure {
    pub(super) fn new(status: StatusCode, code: i64, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into(), data: None }
    }

    pub(super) fn with_data(mut self, data: Value) -> Self {
        self.data = Some(data);
        self
    }

    /// As an HTTP answer to the request of that id, given as JSON.
    pub(super) fn response(self, id: &str) -> Response {
        let mut error = json!({"code": self.code, "message": self.message});
        if let (Some(data), Some(members)) = (self.data, error.as_object_mut()) {
            members.insert("data".to_owned(), data);
        }
        stream::json(self.status, format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{error}}}"#))
    }
}

/// Members, each value given as JSON, as an object.
fn object(members: &[(&'static str, String)]) -> String {
    let members: Vec<String> = members.iter().map(|(name, json)| format!("{}:{json}", quote(name))).collect();
    format!("{{{}}}", members.join(","))
}
