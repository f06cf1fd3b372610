//! Headers against bodies, as tables.

use super::*;
use crate::decode::decode;

const VERSION: &str = r#""_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28"}"#;

fn body(method: &str, params: &str) -> String {
    format!(r#"{{"jsonrpc":"2.0","id":"i\u0064","method":"{method}","params":{{{params}}}}}"#)
}

fn judged(version: &[&str], method: &[&str], name: &[&str], body: &str) -> Result<Era, Reject> {
    era(&RequestHeaders { protocol_version: version, method, name }, &decode(body.as_bytes()).unwrap())
}

#[track_caller]
fn mismatch(outcome: Result<Era, Reject>, words: &str) {
    let reject = outcome.unwrap_err();
    assert_eq!((reject.status, reject.code), (400, code::HEADER_MISMATCH), "{reject:?}");
    assert_eq!(reject.id.as_deref(), Some(r#""i\u0064""#), "the id goes back in its own bytes");
    assert!(reject.message.contains(words), "{words:?} is not in {:?}", reject.message);
}

#[test]
fn the_era_is_modern_when_the_body_or_a_modern_header_says_so() {
    let modern = body("tools/list", VERSION);
    let bare = body("tools/list", "");
    let list = &["tools/list"];
    assert_eq!(judged(&["2026-07-28"], list, &[], &modern), Ok(Era::Modern));
    assert_eq!(judged(&[" 2026-07-28\t"], list, &[], &modern), Ok(Era::Modern));
    for version in
        [&[][..], &["2025-11-25"], &["2024-11-05"], &["2025-06-18, 2026-07-28"], &["nonsense"], &[""]]
    {
        assert_eq!(judged(version, &[], &[], &bare), Ok(Era::Legacy), "{version:?}");
    }
    assert_eq!(
        judged(&["2026-07-28"], list, &[], &bare),
        Ok(Era::Modern),
        "a body without version is the server's to refuse"
    );
    assert_eq!(judged(&["2027-01-01"], list, &[], &bare), Ok(Era::Modern));
    let unknown = modern.replace("2026-07-28", "v999.0.0");
    assert_eq!(
        judged(&["v999.0.0"], list, &[], &unknown),
        Ok(Era::Modern),
        "the server names the versions it has"
    );
}

#[test]
fn a_version_in_the_body_that_the_header_does_not_repeat_is_refused() {
    let modern = body("tools/list", VERSION);
    mismatch(judged(&[], &["tools/list"], &[], &modern), "MCP-Protocol-Version is missing");
    mismatch(judged(&["2025-11-25"], &["tools/list"], &[], &modern), "2025-11-25");
    mismatch(judged(&["2026-07-28", "2026-07-28"], &["tools/list"], &[], &modern), "more than once");
    mismatch(judged(&["2025-11-25", "2025-11-25"], &[], &[], &body("ping", "")), "more than once");
    mismatch(judged(&["2026-07-28é"], &["tools/list"], &[], &modern), "characters");
}

#[test]
fn a_modern_request_repeats_its_method_exactly() {
    let list = body("tools/list", VERSION);
    let version = &["2026-07-28"];
    mismatch(judged(version, &[], &[], &list), "Mcp-Method is missing");
    mismatch(judged(version, &["prompts/list"], &[], &list), "prompts/list");
    mismatch(judged(version, &["TOOLS/LIST"], &[], &list), "TOOLS/LIST");
    mismatch(judged(version, &["tools/list", "tools/list"], &[], &list), "more than once");
    let notification = r#"{"jsonrpc":"2.0","method":"notifications/x"}"#;
    assert_eq!(judged(version, &[], &[], notification), Ok(Era::Modern));
    assert!(judged(version, &["notifications/y"], &[], notification).is_err());
}

#[test]
fn a_modern_call_repeats_its_name_decoded() {
    let version = &["2026-07-28"];
    let call = body("tools/call", &format!(r#""name":"g\u0065t",{VERSION}"#));
    let check = |name: &[&str]| judged(version, &["tools/call"], name, &call);
    for name in ["get", "  get  ", "=?base64?Z2V0?="] {
        assert_eq!(check(&[name]), Ok(Era::Modern), "{name}");
    }
    mismatch(check(&[]), "Mcp-Name is missing");
    mismatch(check(&["Get"]), "\"get\"");
    mismatch(check(&["=?base64?Z2V?="]), "Base64");
    mismatch(check(&["=?BASE64?Z2V0?="]), "BASE64");
    mismatch(check(&["get", "get"]), "more than once");
    mismatch(check(&["gét"]), "characters");

    let read = body("resources/read", &format!(r#""uri":"file:///é",{VERSION}"#));
    assert_eq!(
        judged(version, &["resources/read"], &["=?base64?ZmlsZTovLy/DqQ==?="], &read),
        Ok(Era::Modern)
    );
    let task = body("tasks/get", &format!(r#""taskId":"t",{VERSION}"#));
    assert_eq!(judged(version, &["tasks/get"], &[], &task), Ok(Era::Modern));
    mismatch(judged(version, &["tasks/get"], &["u"], &task), "\"t\"");
    let list = body("tools/list", VERSION);
    assert_eq!(judged(version, &["tools/list"], &["ignored"], &list), Ok(Era::Modern));
}

#[test]
fn mirrored_headers_mean_nothing_on_legacy_requests() {
    let call = body("tools/call", r#""name":"withdraw""#);
    assert_eq!(judged(&["2025-11-25"], &["tools/list"], &["harmless"], &call), Ok(Era::Legacy));
}

#[test]
fn a_modern_client_posts_no_responses() {
    let response = r#"{"jsonrpc":"2.0","id":1,"result":{}}"#;
    assert_eq!(judged(&["2025-11-25"], &[], &[], response), Ok(Era::Legacy));
    assert_eq!(judged(&["2026-07-28"], &[], &[], response).unwrap_err().code, code::INVALID_REQUEST);
}

#[test]
fn a_session_keeps_the_shape_it_negotiated() {
    let check = |values: &[&str]| {
        session_version(
            &RequestHeaders { protocol_version: values, ..Default::default() },
            "2025-06-18",
            Some("1"),
        )
    };
    assert!(check(&[]).is_ok() && check(&["2025-06-18"]).is_ok());
    assert!(check(&["2025-03-26"]).is_ok() && check(&["2025-11-25"]).is_ok());
    for values in [&["2026-07-28"][..], &["2025-06-19"], &["2025-06-18", "2025-06-18"], &[""]] {
        assert_eq!(check(values).unwrap_err().status, 400, "{values:?}");
    }
}

#[test]
fn a_request_without_a_body_has_the_era_of_its_header() {
    let of =
        |values: &[&str]| Era::of_header(&RequestHeaders { protocol_version: values, ..Default::default() });
    assert_eq!(of(&[]), Era::Legacy);
    assert_eq!(of(&["2025-11-25"]), Era::Legacy);
    assert_eq!(of(&[" 2026-07-28"]), Era::Modern);
    assert_eq!(of(&["2025-11-25", "2026-07-28"]), Era::Modern);
}
