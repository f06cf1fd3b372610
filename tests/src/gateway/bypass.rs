//! Messages that two parsers could read differently, and other ways around the rules. Each must stay here.

use serde_json::json;
use testkit::agent::{Agent, LEGACY, MODERN, decision, denied};
use testkit::upstream::Upstream;

use crate::world::{World, upstream};

const ONLY_READ: &str = r#"{ "version": "1", "default": "deny", "hide": ["secret"], "tools": { "read": {}, "pay": {
    "deny_if": [{ "conditions": [{ "path": "args.amount", "op": "gt", "value": 100 }], "on_deny": "too much" }] } } }"#;

async fn agent(world: &World, upstream: &Upstream) -> Agent {
    let account = world.account("bypass@example.com").await;
    let agent = account.ready("bank", &upstream.url, ONLY_READ).await.unwrap();
    agent.initialize().await.unwrap()
}

#[tokio::test]
async fn nothing_that_parsers_read_differently_reaches_the_server() {
    let upstream = upstream(&["read", "pay", "secret", "withdraw"]).await;
    let world = World::new().await;
    let agent = agent(&world, &upstream).await;
    let before = upstream.requests().len();
    let call =
        |params: &str| format!(r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{params}}}"#);
    let withdraw = call(r#"{"name":"withdraw","arguments":{}}"#);
    let bodies = [
        // A batch, in any version.
        format!("[{withdraw}]"),
        format!(r#"[{withdraw},{{"jsonrpc":"2.0","id":2,"method":"ping"}}]"#),
        // Equal keys, at each level.
        r#"{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call","params":{"name":"withdraw","arguments":{}}}"#.into(),
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"read"},"params":{"name":"withdraw"}}"#.into(),
        call(r#"{"name":"read","name":"withdraw","arguments":{}}"#),
        call(r#"{"name":"read","na\u006de":"withdraw","arguments":{}}"#),
        call(r#"{"name":"pay","arguments":{"amount":1},"arguments":{"amount":1000}}"#),
        call(r#"{"name":"pay","arguments":{"amount":1,"amount":1000}}"#),
        call(r#"{"name":"read","arguments":{"a":{"b":1,"b":2}}}"#),
        call(r#"{"name":"read","arguments":{},"_meta":{"a":1,"a":2}}"#),
        // Keys that differ in case only, or fold to the same.
        call(r#"{"name":"read","Name":"withdraw","arguments":{}}"#),
        call(r#"{"name":"pay","arguments":{"amount":1},"Arguments":{"amount":1000}}"#),
        call(r#"{"name":"pay","arguments":{"amount":1},"argument\u017f":{"amount":1000}}"#),
        r#"{"jsonrpc":"2.0","id":1,"method":"ping","Method":"tools/call","params":{"name":"withdraw"}}"#.into(),
        // Keys with a zero, lone surrogates, more than one document, no document.
        call(r#"{"name":"read","name\u0000":"withdraw","arguments":{}}"#),
        call(r#"{"name":"read","arguments":{"a":"\ud800"}}"#),
        format!("{}{withdraw}", call(r#"{"name":"read"}"#)),
        format!("\u{feff}{withdraw}"),
        String::new(),
        "null".into(),
        // Numbers that lose digits in one parser and not in another.
        call(r#"{"name":"pay","arguments":{"amount":1e400}}"#),
        // Neither request nor notification nor response.
        r#"{"jsonrpc":"2.0","id":1,"method":"tools/call","result":{},"params":{"name":"withdraw"}}"#.into(),
        r#"{"jsonrpc":"2.0","id":null,"method":"tools/call","params":{"name":"withdraw"}}"#.into(),
        r#"{"jsonrpc":"1.0","id":1,"method":"tools/call","params":{"name":"withdraw"}}"#.into(),
    ];
    for body in bodies {
        let answer = agent.post(&body, &[]).await.unwrap();
        assert_eq!(answer.status, 400, "{body}: {}", answer.text());
        assert!(answer.json()["error"]["code"].is_i64(), "{body}: {}", answer.text());
    }
    assert_eq!(upstream.requests().len(), before, "something was forwarded");
}

#[tokio::test]
async fn a_call_hidden_in_a_notification_is_not_forwarded() {
    let upstream = upstream(&["read", "withdraw"]).await;
    let world = World::new().await;
    let agent = agent(&world, &upstream).await;
    let before = upstream.requests().len();
    let body = r#"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"withdraw","arguments":{}}}"#;
    assert_eq!(agent.post(body, &[]).await.unwrap().status, 400);
    assert_eq!(upstream.requests().len(), before);
}

#[tokio::test]
async fn headers_never_decide_and_must_agree_with_the_body() {
    let upstream = upstream(&["read", "withdraw"]).await;
    let world = World::new().await;
    let agent = agent(&world, &upstream).await;
    let before = upstream.calls().len();
    // On a legacy session the mirrored headers mean nothing: the body is judged, the headers stay here.
    let body = json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": { "name": "withdraw", "arguments": {} } });
    let lies = [("mcp-method", "tools/list"), ("mcp-name", "read")];
    let answer = agent.post(&body.to_string(), &lies).await.unwrap();
    assert!(denied(&answer.messages()[0]), "{}", answer.text());

    let modern = json!({ "jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": { "name": "read", "arguments": {}, "_meta": {
        "io.modelcontextprotocol/protocolVersion": MODERN, "io.modelcontextprotocol/clientCapabilities": {} } } })
    .to_string();
    let stateless = agent.within(None);
    let right = [("mcp-protocol-version", MODERN), ("mcp-method", "tools/call"), ("mcp-name", "read")];
    assert_eq!(stateless.post(&modern, &right).await.unwrap().status, 200);
    let calls = upstream.calls().len();
    let wrong: [&[(&str, &str)]; 7] = [
        &[("mcp-protocol-version", MODERN), ("mcp-method", "tools/list"), ("mcp-name", "read")],
        &[("mcp-protocol-version", MODERN), ("mcp-method", "tools/call"), ("mcp-name", "withdraw")],
        &[("mcp-protocol-version", MODERN), ("mcp-method", "tools/call")],
        &[("mcp-protocol-version", MODERN), ("mcp-name", "read")],
        &[("mcp-protocol-version", LEGACY), ("mcp-method", "tools/call"), ("mcp-name", "read")],
        &[("mcp-method", "tools/call"), ("mcp-name", "read")],
        &[("mcp-protocol-version", MODERN), ("mcp-method", "tools/call"), ("mcp-name", "=?base64?!!?=")],
    ];
    for headers in wrong {
        let answer = stateless.post(&modern, headers).await.unwrap();
        assert_eq!(answer.status, 400, "{headers:?}: {}", answer.text());
        assert_eq!(answer.json()["error"]["code"], -32_020, "{headers:?}");
    }
    // A modern body inside a legacy session, under the session's own version.
    let answer = agent.post(&modern, &[]).await.unwrap();
    assert_eq!(
        (answer.status, answer.json()["error"]["code"].as_i64()),
        (400, Some(-32_020)),
        "{}",
        answer.text()
    );
    assert_eq!(upstream.calls().len(), calls, "a message with lying headers was executed");
    assert!(calls > before);
}

#[tokio::test]
async fn a_hidden_tool_is_absent_and_answers_as_one_that_does_not_exist() {
    let upstream = upstream(&["read", "secret"]).await;
    let world = World::new().await;
    let agent = agent(&world, &upstream).await;
    assert_eq!(agent.tools().await.unwrap(), ["read"]);
    let hidden = agent.call("secret", &json!({})).await.unwrap();
    assert_eq!(hidden["error"]["code"], -32_602, "{hidden}");
    assert!(!hidden.to_string().contains("POLICY"), "{hidden}");
    assert_eq!(upstream.calls_of("secret"), 0);
}

#[tokio::test]
async fn arguments_are_judged_as_written_and_a_quoted_number_is_no_way_under_a_limit() {
    let upstream = upstream(&["read", "pay"]).await;
    let world = World::new().await;
    let agent = agent(&world, &upstream).await;
    let paid = agent.call("pay", &json!({ "amount": 100 })).await.unwrap();
    assert!(!denied(&paid), "{paid}");
    for (amount, message) in [(json!(101), "too much"), (json!("5"), "")] {
        let answer = agent.call("pay", &json!({ "amount": amount })).await.unwrap();
        assert!(denied(&answer), "{answer}");
        assert_eq!(decision(&answer)["rule"], "/tools/pay/deny_if/0");
        assert!(decision(&answer)["message"].as_str().unwrap().contains(message));
    }
    assert_eq!(upstream.calls_of("pay"), 1);
}

#[tokio::test]
async fn the_clients_token_never_reaches_the_server_and_stored_credentials_do() {
    let upstream = Upstream::builder()
        .tools_named(["read"])
        .require_header("x-api-key", "canary-upstream")
        .start()
        .await
        .unwrap();
    let world = World::new().await;
    let account = world.account("bearer@example.com").await;
    let body = json!({ "name": "bank", "slug": "bank", "url": upstream.url, "headers": { "X-Api-Key": "canary-upstream" } });
    let registered = account.send(http::Method::POST, "/servers", &body).await.unwrap();
    assert!(!registered.to_string().contains("canary-upstream"), "{registered}");
    account.policy("bank", ONLY_READ).await.unwrap();
    let agent = account.agent("laptop", "bank").await.unwrap().initialize().await.unwrap();
    assert!(!denied(&agent.call("read", &json!({})).await.unwrap()));
    let bearer = upstream.saw("plt_");
    assert!(bearer.is_none(), "{bearer:?}");
    assert!(upstream.saw("canary-upstream").is_some());
}

#[tokio::test]
async fn a_page_of_another_origin_and_a_foreign_host_are_refused() {
    let upstream = upstream(&["read"]).await;
    let world = World::new().await;
    let agent = agent(&world, &upstream).await;
    let ping = json!({ "jsonrpc": "2.0", "id": 1, "method": "ping" }).to_string();
    for headers in [[("origin", "https://evil.example")], [("origin", "null")], [("host", "evil.example")]] {
        assert_eq!(agent.post(&ping, &headers).await.unwrap().status, 403, "{headers:?}");
    }
    assert_eq!(agent.post(&ping, &[]).await.unwrap().status, 200);
}
