//! A server of our own, without state, in both eras: what each method is answered with, but for what its tools do. Sockets and headers' types
//! belong to whoever serves it.

use serde_json::{Map, Value, json};

use crate::client::{NEWEST_LEGACY, NEWEST_MODERN};
use crate::{Era, Kind, Message, Reject, RequestHeaders, code, era, header, reply};

/// Versions of the older era; the last is offered to clients that ask for another.
const LEGACY: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", NEWEST_LEGACY];

/// What a server says of itself.
#[derive(Debug, Clone, Copy)]
pub struct Server<'a> {
    /// Its name for programs.
    pub name: &'a str,
    /// Its name for people.
    pub title: &'a str,
    /// Its version.
    pub version: &'a str,
    /// What a model should know before it calls anything.
    pub instructions: &'a str,
    /// The array of its tools, as `tools/list` gives it.
    pub tools: &'a str,
    /// How long clients of the newer era may keep what does not hang on the caller, in milliseconds.
    pub ttl_ms: u32,
}

/// HTTP status and body of an answer; an empty body is none.
pub type Answer = (u16, Vec<u8>);

/// What a message comes to.
#[derive(Debug)]
pub enum Taken<'m> {
    /// It has its answer.
    Answered(Answer),
    /// A tool is to be called.
    Call(Call<'m>),
}

/// A call of a tool.
#[derive(Debug, Clone, Copy)]
pub struct Call<'m> {
    /// The tool's name.
    pub name: &'m str,
    /// Its arguments, a JSON object.
    pub arguments: &'m str,
    id: &'m str,
    era: Era,
}

impl Server<'_> {
    /// Answers a message, up to the call of a tool. `values` gives all values of a header, those that are no text with their odd bytes
    /// replaced.
    pub fn take<'m>(
        &self,
        values: impl Fn(&'static str) -> Vec<String>,
        message: &'m Message<'_>,
    ) -> Taken<'m> {
        let era = match era_of(values, message) {
            Ok(era) => era,
            Err(reject) => return Taken::Answered(refused(&reject)),
        };
        let (Kind::Request, Some(id)) = (message.kind, message.id) else {
            return Taken::Answered((202, Vec::new()));
        };
        let spoken = message.params.meta.protocol_version.as_deref();
        if era == Era::Modern && spoken != Some(NEWEST_MODERN) {
            return Taken::Answered(unsupported(id, spoken));
        }
        let method = message.method.as_deref().unwrap_or_default();
        let result = match (method, era) {
            ("initialize", Era::Legacy) => self.initialize(message),
            ("ping", Era::Legacy) => Map::new(),
            ("server/discover", Era::Modern) => self.discover(),
            ("tools/list", _) if message.params.cursor.is_some() => {
                let text = "There is one page only; leave `cursor` out.";
                return Taken::Answered((200, reply::error(Some(id), code::INVALID_PARAMS, text, None)));
            }
            ("tools/list", _) => self.list(era),
            ("tools/call", _) => {
                let name = message.params.name.as_deref().unwrap_or_default();
                let arguments = message.params.arguments.unwrap_or("{}");
                return Taken::Call(Call { name, arguments, id, era });
            }
            _ => return Taken::Answered(refused(&reply::method_not_found(id, era, method))),
        };
        Taken::Answered(self.result(id, era, result))
    }

    /// Answers a call with its result.
    #[must_use]
    pub fn called(&self, call: &Call<'_>, result: Map<String, Value>) -> Answer {
        self.result(call.id, call.era, result)
    }

    fn result(&self, id: &str, era: Era, mut result: Map<String, Value>) -> Answer {
        if era == Era::Modern {
            result.insert("resultType".to_owned(), "complete".into());
            result.insert("_meta".to_owned(), json!({ "io.modelcontextprotocol/serverInfo": self.me() }));
        }
        let result = Value::from(result);
        (200, format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{result}}}"#).into_bytes())
    }

    fn me(&self) -> Value {
        json!({ "name": self.name, "title": self.title, "version": self.version })
    }

    fn initialize(&self, message: &Message<'_>) -> Map<String, Value> {
        let asked = message.params.protocol_version.as_deref().unwrap_or_default();
        let version = LEGACY.into_iter().find(|known| *known == asked).unwrap_or(NEWEST_LEGACY);
        let mut result = Map::new();
        result.insert("protocolVersion".to_owned(), version.into());
        result.insert("capabilities".to_owned(), json!({ "tools": {} }));
        result.insert("serverInfo".to_owned(), self.me());
        result.insert("instructions".to_owned(), self.instructions.into());
        result
    }

    fn discover(&self) -> Map<String, Value> {
        let mut result = self.lasting();
        result.insert("supportedVersions".to_owned(), json!([NEWEST_MODERN]));
        result.insert("capabilities".to_owned(), json!({ "tools": {} }));
        result.insert("instructions".to_owned(), self.instructions.into());
        result
    }

    fn list(&self, era: Era) -> Map<String, Value> {
        let mut result = if era == Era::Modern { self.lasting() } else { Map::new() };
        let tools = serde_json::from_str(self.tools).unwrap_or_else(|_| json!([]));
        result.insert("tools".to_owned(), tools);
        result
    }

    /// What clients of the newer era may keep, and share.
    fn lasting(&self) -> Map<String, Value> {
        let mut result = Map::new();
        result.insert("ttlMs".to_owned(), self.ttl_ms.into());
        result.insert("cacheScope".to_owned(), "public".into());
        result
    }
}

impl Call<'_> {
    /// The answer when there is no such tool.
    #[must_use]
    pub fn unknown(&self) -> Answer {
        (200, reply::unknown_tool(self.id, self.name))
    }
}

/// What cannot be taken.
#[must_use]
pub fn refused(reject: &Reject) -> Answer {
    (reject.status, reject.body())
}

/// A result of text, and of the same as an object where there is one.
#[must_use]
pub fn content(text: &str, structured: Option<Value>, failed: bool) -> Map<String, Value> {
    let mut result = Map::new();
    result.insert("content".to_owned(), json!([{ "type": "text", "text": text }]));
    result.extend(structured.map(|value| ("structuredContent".to_owned(), value)));
    result.insert("isError".to_owned(), failed.into());
    result
}

fn era_of(values: impl Fn(&'static str) -> Vec<String>, message: &Message<'_>) -> Result<Era, Reject> {
    let sent = [header::PROTOCOL_VERSION, header::METHOD, header::NAME].map(values);
    let [versions, methods, names] =
        sent.each_ref().map(|values| values.iter().map(String::as_str).collect::<Vec<_>>());
    era(&RequestHeaders { protocol_version: &versions, method: &methods, name: &names }, message)
}

fn unsupported(id: &str, asked: Option<&str>) -> Answer {
    let Some(asked) = asked else {
        let text = "io.modelcontextprotocol/protocolVersion is missing in params._meta";
        return (400, reply::error(Some(id), code::INVALID_PARAMS, text, None));
    };
    let data = json!({ "supported": [NEWEST_MODERN], "requested": asked });
    let text = "Unsupported protocol version";
    (400, reply::error(Some(id), code::UNSUPPORTED_VERSION, text, Some(&data.to_string())))
}
