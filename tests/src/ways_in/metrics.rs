//! `/metrics`: what operators measure, apart from what everybody reaches.

use http::Method;
use serde_json::json;
use testkit::account::Account;
use testkit::agent::denied;
use testkit::http::Http;
use testkit::postgres::database;
use testkit::product::{Product, command};

use crate::world::upstream;

const POLICY: &str = r#"{"version": "1", "default": "deny", "tools": {
    "read": {"limits": [{"counter": "reads", "max": 2, "window": "day", "scope": "grant"}]}}}"#;

/// The value of a series; its labels in the order they are written in.
fn value(text: &str, series: &str) -> f64 {
    let line = text.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
    line.unwrap_or_else(|| panic!("no {series} in:\n{text}")).parse().unwrap()
}

#[tokio::test]
async fn decisions_and_times_are_measured_on_a_listener_of_their_own_without_naming_anybody() {
    let upstream = upstream(&["read", "wipe"]).await;
    let database = database().await.unwrap();
    let product = Product::up(database.url(), &["--metrics-listen", "127.0.0.1:0"]).await.unwrap();
    let account = Account::sign_up(&product.http(), "watchful@example.com").await.unwrap();
    let agent = account.ready("secretive", &upstream.url, POLICY).await.unwrap();
    let agent = agent.initialize().await.unwrap();
    for allowed in [true, true, false] {
        assert_eq!(!denied(&agent.call("read", &json!({})).await.unwrap()), allowed);
    }
    assert!(denied(&agent.call("wipe", &json!({})).await.unwrap()));
    let operator = Http::new(product.metrics.clone().unwrap());
    let answer = operator.get("/metrics", "").await.unwrap();
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "text/plain; version=0.0.4; charset=utf-8");
    let text = answer.text();
    assert_eq!(value(&text, r#"policylayer_decisions_total{outcome="allowed"}"#), 2.0);
    assert_eq!(value(&text, r#"policylayer_decisions_total{outcome="denied"}"#), 2.0);
    assert_eq!(value(&text, r#"policylayer_limit_check_duration_seconds_count{result="taken"}"#), 2.0);
    assert_eq!(value(&text, r#"policylayer_limit_check_duration_seconds_count{result="used_up"}"#), 1.0);
    assert_eq!(value(&text, r#"mcp_client_operation_duration_seconds_count{end="answered"}"#), 2.0);
    assert!(
        value(&text, r#"mcp_server_operation_duration_seconds_count{http_response_status_code="200"}"#)
            >= 5.0
    );
    assert!(value(&text, "policylayer_audit_spool_bytes") > 0.0);
    assert!((0.0..60.0).contains(&value(&text, "policylayer_control_plane_silence_seconds")));
    let signed_up = r#"http_server_request_duration_seconds_count{http_route="/v1/signup",http_request_method="POST",http_response_status_code="202"}"#;
    assert_eq!(value(&text, signed_up), 1.0);
    for own in ["secretive", "watchful@example.com", "wipe", account.org.as_str()] {
        assert!(!text.contains(own), "{own} in:\n{text}");
    }
    // Everybody else's listener has none, and this one nothing else.
    assert_eq!(product.http().get("/metrics", "").await.unwrap().status, 404);
    assert_eq!(operator.get("/v1/me", "").await.unwrap().status, 404);
    assert_eq!(operator.send(Method::POST, "/metrics", &[], Vec::new()).await.unwrap().status, 405);
}

#[tokio::test]
async fn a_taken_address_is_said_plainly_and_before_anything_else_is_started() {
    let other = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = other.local_addr().unwrap().to_string();
    let folder = tempfile::tempdir().unwrap();
    let done = command(&["up", "--listen", "127.0.0.1:0", "--metrics-listen", &address])
        .unwrap()
        .arg("--data-dir")
        .arg(folder.path().join("data"))
        .output()
        .await
        .unwrap();
    let said = String::from_utf8_lossy(&done.stderr);
    assert!(!done.status.success() && said.contains(&address) && said.contains("--metrics-listen"), "{said}");
    assert!(!folder.path().join("data").exists());
}
