//! A plain MCP client for tests, which can also say what no SDK would.

use anyhow::{Context as _, ensure};
use http::Method;
use serde_json::{Value, json};

use crate::http::{Answer, Http};

/// The newest version with sessions.
pub const LEGACY: &str = "2025-11-25";
/// The first version without.
pub const MODERN: &str = "2026-07-28";

/// An agent at a gateway address.
#[derive(Clone)]
pub struct Agent {
    http: Http,
    path: String,
    bearer: String,
    /// The legacy session, once there is one.
    pub session: Option<String>,
}

impl Agent {
    /// An agent that has not said anything yet.
    #[must_use]
    pub fn new(gateway_url: &str, token: &str) -> Self {
        let split = gateway_url.find("/t/").unwrap_or(gateway_url.len());
        let (base, path) = gateway_url.split_at(split);
        Self {
            http: Http::new(base),
            path: path.to_owned(),
            bearer: format!("Bearer {token}"),
            session: None,
        }
    }

    /// The same agent at another gateway.
    #[must_use]
    pub fn at(&self, base: &str) -> Self {
        Self { http: Http::new(base), ..self.clone() }
    }

    /// The same agent at another path.
    #[must_use]
    pub fn to(&self, path: &str) -> Self {
        Self { path: path.to_owned(), ..self.clone() }
    }

    /// The same agent naming another session, or none.
    #[must_use]
    pub fn within(&self, session: Option<String>) -> Self {
        Self { session, ..self.clone() }
    }

    /// Starts a legacy session.
    ///
    /// # Errors
    /// When `initialize` is not answered with a result.
    pub async fn initialize(mut self) -> anyhow::Result<Self> {
        let params = json!({ "protocolVersion": LEGACY, "capabilities": {}, "clientInfo": { "name": "testkit", "version": "1" } });
        let answer = self.post(&request(1, "initialize", &params).to_string(), &[]).await?;
        ensure!(answer.messages().iter().any(|message| message.get("result").is_some()), "{}", answer.text());
        self.session = Some(answer.header("mcp-session-id").to_owned()).filter(|id| !id.is_empty());
        let initialized = json!({ "jsonrpc": "2.0", "method": "notifications/initialized" });
        let answer = self.post(&initialized.to_string(), &[]).await?;
        ensure!(answer.status == 202, "notifications/initialized: {} {}", answer.status, answer.text());
        Ok(self)
    }

    /// Posts any bytes, with the usual headers and those given; a header given replaces the usual one.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn post(&self, body: &str, headers: &[(&str, &str)]) -> anyhow::Result<Answer> {
        let mut all = vec![
            ("authorization", self.bearer.as_str()),
            ("content-type", "application/json"),
            ("accept", "application/json, text/event-stream"),
        ];
        if let Some(session) = &self.session {
            all.extend([("mcp-session-id", session.as_str()), ("mcp-protocol-version", LEGACY)]);
        }
        all.retain(|(name, _)| !headers.iter().any(|(given, _)| given.eq_ignore_ascii_case(name)));
        all.extend_from_slice(headers);
        self.http.send(Method::POST, &self.path, &all, body.to_owned()).await
    }

    /// Sends GET or DELETE.
    ///
    /// # Errors
    /// When there is no answer.
    pub async fn bodiless(&self, method: Method, headers: &[(&str, &str)]) -> anyhow::Result<Answer> {
        let mut all = vec![("authorization", self.bearer.as_str()), ("accept", "text/event-stream")];
        if let Some(session) = &self.session {
            all.push(("mcp-session-id", session.as_str()));
        }
        all.extend_from_slice(headers);
        self.http.send(method, &self.path, &all, "").await
    }

    /// Sends a legacy request and returns the message that answers it.
    ///
    /// # Errors
    /// When nothing answers it.
    pub async fn ask(&self, method: &str, params: &Value) -> anyhow::Result<Value> {
        let answer = self.post(&request(7, method, params).to_string(), &[]).await?;
        answering(&answer, 7)
    }

    /// Calls a tool in the legacy session.
    ///
    /// # Errors
    /// When nothing answers it.
    pub async fn call(&self, tool: &str, arguments: &Value) -> anyhow::Result<Value> {
        self.ask("tools/call", &json!({ "name": tool, "arguments": arguments })).await
    }

    /// Sends a modern request and returns the message that answers it.
    ///
    /// # Errors
    /// When nothing answers it.
    pub async fn ask_modern(&self, method: &str, mut params: Value) -> anyhow::Result<Value> {
        let name =
            params.get("name").or_else(|| params.get("uri")).and_then(Value::as_str).map(str::to_owned);
        if let Some(params) = params.as_object_mut() {
            let meta = json!({
                "io.modelcontextprotocol/protocolVersion": MODERN,
                "io.modelcontextprotocol/clientCapabilities": {},
                "io.modelcontextprotocol/clientInfo": { "name": "testkit", "version": "1" },
            });
            params.insert("_meta".to_owned(), meta);
        }
        let mut headers = vec![("mcp-protocol-version", MODERN), ("mcp-method", method)];
        if let Some(name) = &name {
            headers.push(("mcp-name", name));
        }
        let answer = self.post(&request(7, method, &params).to_string(), &headers).await?;
        answering(&answer, 7)
    }

    /// Names of all tools listed in the legacy session, over all pages.
    ///
    /// # Errors
    /// When a page is no list.
    pub async fn tools(&self) -> anyhow::Result<Vec<String>> {
        let mut names = Vec::new();
        let mut cursor: Option<Value> = None;
        loop {
            let params = cursor.map_or_else(|| json!({}), |cursor| json!({ "cursor": cursor }));
            let page = self.ask("tools/list", &params).await?;
            let result = page.get("result").with_context(|| format!("no list: {page}"))?;
            let tools = result.get("tools").and_then(Value::as_array).context("no tools")?;
            names.extend(tools.iter().filter_map(|tool| tool.get("name")?.as_str().map(str::to_owned)));
            cursor = result.get("nextCursor").cloned();
            if cursor.is_none() {
                return Ok(names);
            }
        }
    }
}

/// A JSON-RPC request.
#[must_use]
pub fn request(id: u64, method: &str, params: &Value) -> Value {
    json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": params })
}

/// The text of a tool's answer; empty when there is none.
#[must_use]
pub fn text(message: &Value) -> &str {
    message.pointer("/result/content/0/text").and_then(Value::as_str).unwrap_or_default()
}

/// Whether a tool's answer is a denial by policy.
#[must_use]
pub fn denied(message: &Value) -> bool {
    message.pointer("/result/isError") == Some(&Value::Bool(true))
        && text(message).starts_with("[POLICY DENIED]")
}

/// The decision that a denial carries.
#[must_use]
pub fn decision(message: &Value) -> Value {
    let meta = message.pointer("/result/_meta").and_then(|meta| meta.get("policylayer.com/decision"));
    meta.cloned().unwrap_or(Value::Null)
}

fn answering(answer: &Answer, id: u64) -> anyhow::Result<Value> {
    let mut messages = answer.messages().into_iter();
    let answered = messages.find(|message| message.get("id") == Some(&json!(id)));
    answered.with_context(|| format!("no answer: {} {}", answer.status, answer.text()))
}
