//! Answers the gateway writes itself: denials, errors, unknown names.
//!
//! Ids come in and go out in the bytes the client sent. A denial is a tool result, not an error: every client
//! tried hands it to the model with its reason, while errors and HTTP refusals end as transport failures.

use crate::era::Era;
use crate::json::quote;
use crate::reject::{Reject, code};

/// Key under which a denial carries its decision, machine-readable.
pub const DECISION_KEY: &str = "policylayer.com/decision";

/// What the text of every denial starts with.
pub const DENIED: &str = "[POLICY DENIED]";

/// A `tools/call` result that says no. Answer it with HTTP 200 and `application/json`.
///
/// `id` and `decision` (any JSON value) are raw JSON; `text` follows [`DENIED`]. There is no `structuredContent`:
/// a client checks that against the tool's output schema only when the call succeeded.
#[must_use]
pub fn denial(id: &str, era: Era, text: &str, decision: &str) -> Vec<u8> {
    let text = quote(&format!("{DENIED} {text}"));
    let complete = match era {
        Era::Modern => r#""resultType":"complete","#,
        Era::Legacy => "",
    };
    format!(
        r#"{{"jsonrpc":"2.0","id":{id},"result":{{{complete}"content":[{{"type":"text","text":{text}}}],"isError":true,"_meta":{{"{DECISION_KEY}":{decision}}}}}}}"#
    )
    .into_bytes()
}

/// A JSON-RPC error response. `id` and `data` are raw JSON; without an id it is `null`.
#[must_use]
pub fn error(id: Option<&str>, code: i64, message: &str, data: Option<&str>) -> Vec<u8> {
    let id = id.unwrap_or("null");
    let message = quote(message);
    let data = data.map(|data| format!(r#","data":{data}"#)).unwrap_or_default();
    format!(r#"{{"jsonrpc":"2.0","id":{id},"error":{{"code":{code},"message":{message}{data}}}}}"#)
        .into_bytes()
}

/// The answer to a call of a tool that does not exist, or that this caller must not learn of. HTTP 200.
#[must_use]
pub fn unknown_tool(id: &str, name: &str) -> Vec<u8> {
    error(Some(id), code::INVALID_PARAMS, &format!("Unknown tool: {name}"), None)
}

/// The same for a prompt. HTTP 200.
#[must_use]
pub fn unknown_prompt(id: &str, name: &str) -> Vec<u8> {
    error(Some(id), code::INVALID_PARAMS, &format!("Unknown prompt: {name}"), None)
}

/// The same for a resource: -32602 in the modern era, -32002 before it. HTTP 200.
#[must_use]
pub fn unknown_resource(id: &str, era: Era, uri: &str) -> Vec<u8> {
    const LEGACY_RESOURCE_NOT_FOUND: i64 = -32_002;
    let code = match era {
        Era::Modern => code::INVALID_PARAMS,
        Era::Legacy => LEGACY_RESOURCE_NOT_FOUND,
    };
    error(Some(id), code, "Resource not found", Some(&format!(r#"{{"uri":{}}}"#, quote(uri))))
}

/// The method is not served here: HTTP 404 in the modern era, 200 before it.
#[must_use]
pub fn method_not_found(id: &str, era: Era, method: &str) -> Reject {
    let status = match era {
        Era::Modern => 404,
        Era::Legacy => 200,
    };
    let message = format!("Method not found: {method}");
    Reject { status, code: code::METHOD_NOT_FOUND, message, id: Some(id.to_owned()) }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn parsed(bytes: &[u8]) -> Value {
        serde_json::from_slice(bytes).unwrap()
    }

    #[test]
    fn a_denial_is_a_failed_tool_result_with_its_reason_and_decision() {
        let decision = r#"{"rule":"/tools/x"}"#;
        let legacy = denial(r#""\u0061""#, Era::Legacy, "say \"please\"", decision);
        assert!(String::from_utf8_lossy(&legacy).contains(r#""id":"\u0061""#), "the id keeps its bytes");
        let result = json!({
            "content": [{"type": "text", "text": "[POLICY DENIED] say \"please\""}],
            "isError": true,
            "_meta": {"policylayer.com/decision": {"rule": "/tools/x"}},
        });
        assert_eq!(parsed(&legacy), json!({"jsonrpc": "2.0", "id": "a", "result": result}));
        let modern = parsed(&denial("7", Era::Modern, "no", decision));
        assert_eq!(modern["result"]["resultType"], "complete", "modern clients refuse a result without it");
    }

    #[test]
    fn errors_echo_the_id_or_null() {
        assert_eq!(
            parsed(&error(None, code::PARSE, "a\nb", None)),
            json!({"jsonrpc": "2.0", "id": null, "error": {"code": -32700, "message": "a\nb"}})
        );
        let unknown = parsed(&unknown_tool("1", "x\"y"));
        assert_eq!(unknown["error"], json!({"code": -32602, "message": "Unknown tool: x\"y"}));
        assert_eq!(parsed(&unknown_prompt("1", "x"))["error"]["message"], "Unknown prompt: x");
        let resource = |era| parsed(&unknown_resource("1", era, "u"))["error"].clone();
        assert_eq!(
            (&resource(Era::Legacy)["code"], &resource(Era::Modern)["code"]),
            (&json!(-32002), &json!(-32602))
        );
        assert_eq!(resource(Era::Modern)["data"], json!({"uri": "u"}));
    }

    #[test]
    fn a_method_not_served_is_404_in_the_modern_era_only() {
        for (era, status) in [(Era::Legacy, 200), (Era::Modern, 404)] {
            let reject = method_not_found("1", era, "x/y");
            assert_eq!((reject.status, reject.code), (status, code::METHOD_NOT_FOUND));
        }
    }
}
