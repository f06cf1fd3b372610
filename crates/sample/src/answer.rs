//! What each method is answered with, in either era.

use mcp::{Era, Message, reply};
use serde_json::{Map, Value, json};

use crate::shop::Shop;
use crate::tools;

/// Versions of the older era; the last is offered to clients that ask for another.
const LEGACY: [&str; 4] = ["2024-11-05", "2025-03-26", "2025-06-18", mcp::client::NEWEST_LEGACY];
/// How long a list may be kept, in the newer era. It never changes.
const TTL_MS: u32 = 3_600_000;

/// A result, or a JSON-RPC error as bytes with its HTTP status.
type Answered = Result<Map<String, Value>, (u16, Vec<u8>)>;

/// Answers a request: HTTP status and body.
pub(crate) fn to(message: &Message<'_>, id: &str, era: Era, shop: &mut Shop) -> (u16, Vec<u8>) {
    let method = message.method.as_deref().unwrap_or_default();
    let answered = match (method, era) {
        ("initialize", Era::Legacy) => Ok(initialize(message)),
        ("ping", Era::Legacy) => Ok(Map::new()),
        ("server/discover", Era::Modern) => Ok(discover()),
        ("tools/list", _) => list(message, id, era),
        ("tools/call", _) => call(message, id, shop),
        _ => {
            let refused = reply::method_not_found(id, era, method);
            Err((refused.status, refused.body()))
        }
    };
    match answered {
        Err(error) => error,
        Ok(mut result) => {
            if era == Era::Modern {
                result.insert("resultType".to_owned(), "complete".into());
                result.insert("_meta".to_owned(), json!({ "io.modelcontextprotocol/serverInfo": me() }));
            }
            let result = Value::from(result);
            (200, format!(r#"{{"jsonrpc":"2.0","id":{id},"result":{result}}}"#).into_bytes())
        }
    }
}

fn me() -> Value {
    json!({ "name": "policylayer-sample", "title": crate::NAME, "version": env!("CARGO_PKG_VERSION") })
}

fn initialize(message: &Message<'_>) -> Map<String, Value> {
    let asked = message.params.protocol_version.as_deref().unwrap_or_default();
    let version = LEGACY.into_iter().find(|known| *known == asked).unwrap_or(mcp::client::NEWEST_LEGACY);
    let mut result = Map::new();
    result.insert("protocolVersion".to_owned(), version.into());
    result.insert("capabilities".to_owned(), json!({ "tools": {} }));
    result.insert("serverInfo".to_owned(), me());
    result.insert("instructions".to_owned(), "A made-up bookshop. Nothing here is real.".into());
    result
}

fn discover() -> Map<String, Value> {
    let mut result = lasting();
    result.insert("supportedVersions".to_owned(), json!([mcp::client::NEWEST_MODERN]));
    result.insert("capabilities".to_owned(), json!({ "tools": {} }));
    result.insert("instructions".to_owned(), "A made-up bookshop. Nothing here is real.".into());
    result
}

fn list(message: &Message<'_>, id: &str, era: Era) -> Answered {
    if message.params.cursor.is_some() {
        let text = "There is one page only; leave `cursor` out.";
        return Err((200, reply::error(Some(id), mcp::code::INVALID_PARAMS, text, None)));
    }
    let mut result = if era == Era::Modern { lasting() } else { Map::new() };
    let tools = serde_json::from_str(tools::DEFINITIONS).unwrap_or_else(|_| json!([]));
    result.insert("tools".to_owned(), tools);
    Ok(result)
}

fn call(message: &Message<'_>, id: &str, shop: &mut Shop) -> Answered {
    let name = message.params.name.as_deref().unwrap_or_default();
    let arguments = message.params.arguments.unwrap_or("{}");
    let done = tools::call(shop, name, arguments).ok_or_else(|| (200, reply::unknown_tool(id, name)))?;
    let mut result = Map::new();
    let failed = done.is_err();
    let text = done.map_or_else(|refused| refused, |value| format!("{value:#}"));
    result.insert("content".to_owned(), json!([{ "type": "text", "text": text }]));
    result.insert("isError".to_owned(), failed.into());
    Ok(result)
}

/// What clients of the newer era may keep, and share.
fn lasting() -> Map<String, Value> {
    let mut result = Map::new();
    result.insert("ttlMs".to_owned(), TTL_MS.into());
    result.insert("cacheScope".to_owned(), "public".into());
    result
}
