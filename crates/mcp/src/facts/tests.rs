//! What changes a definition's hash, and what servers say.

use super::*;

const TOOL: &str = r#"{"name":"pay","description":"Pay now","inputSchema":{"type":"object","properties":
    {"to":{"enum":["a","b"]},"amount":{"type":"number","maximum":100}}},"annotations":{"readOnlyHint":false}}"#;

fn hash(definition: &str) -> DefinitionHash {
    definition_hash(definition).unwrap()
}

#[test]
fn a_definition_said_differently_has_the_same_hash() {
    for other in [
        TOOL.replace("\n", ""),
        TOOL.replace("100", "1.0e2"),
        TOOL.replace("Pay now", "P\\u0061y\\u0020now"),
        TOOL.replace(r#""name":"pay","description":"Pay now""#, r#""description":"Pay now","name":"pay""#),
        TOOL.replace(r#""type":"number","maximum":100"#, r#""maximum":100,"type":"number""#),
    ] {
        assert_ne!(other, TOOL, "the case must differ in bytes");
        assert_eq!(hash(&other), hash(TOOL), "{other}");
    }
}

#[test]
fn a_definition_that_says_something_else_has_another_hash() {
    for other in [
        TOOL.replace("Pay now", "Pay\u{200B} now"),
        TOOL.replace("Pay now", "Pay no\u{0301}w"),
        TOOL.replace(r#"["a","b"]"#, r#"["b","a"]"#),
        TOOL.replace(r#"["a","b"]"#, r#"["a","b","c"]"#),
        TOOL.replace("100", "100.00000000000000001"),
        TOOL.replace("100", "-100"),
        TOOL.replace("100", "\"100\""),
        TOOL.replace("false", "true"),
        TOOL.replace(r#""name":"pay""#, r#""name":"pay","title":"Pay""#),
        TOOL.replace(r#""name":"pay""#, r#""name":"pay","_meta":{}"#),
    ] {
        assert_ne!(hash(&other), hash(TOOL), "{other}");
    }
}

#[test]
fn a_key_twice_anywhere_in_a_definition_is_an_error() {
    for bad in
        [TOOL.replace("\"to\"", "\"amount\""), TOOL.replace("\"type\":\"number\"", "\"maxim\\u0075m\":1")]
    {
        assert!(definition_hash(&bad).unwrap_err().to_string().contains("twice"));
    }
}

#[test]
fn half_a_surrogate_in_a_description_does_not_stop_discovery() {
    let cut = TOOL.replace("Pay now", r"Pay now \ud83d");
    assert_ne!(hash(&cut), hash(TOOL));
    let page = format!(r#"{{"id":1,"result":{{"tools":[{cut}]}}}}"#);
    assert_eq!(tools(page.as_bytes()).unwrap().tools[0].description, None);
}

#[test]
fn a_page_gives_its_tools_and_its_cursor() {
    let message = format!(
        r#"{{"jsonrpc":"2.0","id":1,"result":{{"nextCursor":"","tools":[{TOOL},{{"name":"b","title":"B"}}]}}}}"#
    );
    let page = tools(message.as_bytes()).unwrap();
    assert_eq!(page.next_cursor.as_deref(), Some(""), "an empty string is a cursor");
    assert_eq!(page.tools.len(), 2);
    let pay = &page.tools[0];
    assert_eq!((&*pay.name, pay.description.as_deref(), pay.raw), ("pay", Some("Pay now"), TOOL));
    assert_eq!((pay.annotations, pay.output_schema), (Some(r#"{"readOnlyHint":false}"#), None));
    assert!(pay.input_schema.unwrap().starts_with(r#"{"type""#));
    assert_eq!(pay.hash, hash(TOOL));
    assert_eq!(page.tools[1].title.as_deref(), Some("B"));
    assert_eq!(pay.hash.to_string().len(), 64);
    for bad in [r#"{"id":1,"result":{}}"#, r#"{"id":1,"result":{"tools":[{}]}}"#, r#"{"id":1}"#, "no"] {
        assert!(tools(bad.as_bytes()).is_err(), "{bad}");
    }
}

#[test]
fn a_servers_error_is_told_with_its_code_and_data() {
    let message =
        br#"{"id":1,"error":{"code":-32022,"message":"Unsupported","data":{"supported":["2026-07-28"]}}}"#;
    let FactsError::Refused { code, message, data } = server(message).unwrap_err() else {
        panic!("not refused")
    };
    assert_eq!(
        (code, &*message, data.as_deref()),
        (-32022, "Unsupported", Some(r#"{"supported":["2026-07-28"]}"#))
    );
}

#[test]
fn both_eras_ways_of_saying_who_one_is_are_understood() {
    let legacy = br#"{"id":1,"result":{"protocolVersion":"2025-06-18","capabilities":{"tools":{}},"serverInfo":{"name":"s","version":"1"},"instructions":"Use it"}}"#;
    let facts = server(legacy).unwrap();
    assert_eq!(facts.versions, ["2025-06-18"]);
    assert_eq!(
        (facts.capabilities, facts.instructions.as_deref()),
        (Some(r#"{"tools":{}}"#), Some("Use it"))
    );
    assert_eq!(facts.server, Some(Client::new("s", "1")));
    let modern = br#"{"id":1,"result":{"supportedVersions":["2026-07-28","2025-11-25"],"capabilities":{},"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"m"}}}}"#;
    let facts = server(modern).unwrap();
    assert_eq!(facts.versions, ["2026-07-28", "2025-11-25"]);
    assert_eq!(facts.server, Some(Client::new("m", "")));
    assert!(server(br#"{"id":1,"result":{}}"#).is_err());
}
