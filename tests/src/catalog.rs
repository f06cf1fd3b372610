//! The catalogue for agents: `/catalog/mcp`, asked by a real MCP client in both eras of the protocol.

use rmcp::model::{CallToolRequestParams, JsonObject, ProtocolVersion};
use rmcp::service::RunningService;
use rmcp::transport::StreamableHttpClientTransport;
use rmcp::transport::streamable_http_client::StreamableHttpClientTransportConfig;
use rmcp::{ClientLifecycleMode, ClientServiceExt as _, RoleClient};
use serde_json::{Value, json};
use store::catalog::{Batch, ImportedServer, ImportedTool};

use crate::world::World;

type Client = RunningService<RoleClient, ()>;

fn tool(name: &str, category: policy::Category) -> ImportedTool {
    ImportedTool {
        name: name.to_owned(),
        title: None,
        summary: format!("What {name} does."),
        definition: json!({ "name": name }).to_string(),
        hash: [7; 32],
        whole: false,
        category,
        confidence: 0.9,
        reasons: "{}".to_owned(),
        tokens: 12,
        words: name.split('_').map(str::to_owned).collect(),
    }
}

async fn world() -> World {
    let world = World::new().await;
    let store = world.database.store().await.unwrap();
    let now = "2026-11-20T12:00:00Z".parse().unwrap();
    let source = store.catalog_source("sample", now).await.unwrap().id;
    let server = ImportedServer {
        key: "mail".to_owned(),
        slug: "mail".to_owned(),
        name: "Mail".to_owned(),
        package: Some("npm:@acme/mail".to_owned()),
        words: vec!["mail".to_owned()],
        tools: Some(vec![
            tool("send_mail", policy::Category::Execute),
            tool("delete_mail", policy::Category::Destructive),
        ]),
        ..ImportedServer::default()
    };
    store.import_catalog(&Batch { source, servers: &[server], position: None }, now).await.unwrap();
    world
}

async fn connect(world: &World, lifecycle: ClientLifecycleMode) -> Client {
    let url = format!("{}/catalog/mcp", world.product.url);
    let config = StreamableHttpClientTransportConfig::with_uri(url);
    ().serve_with_lifecycle(StreamableHttpClientTransport::from_config(config), lifecycle).await.unwrap()
}

async fn call(client: &Client, name: &'static str, arguments: Value) -> Value {
    let arguments: JsonObject = serde_json::from_value(arguments).unwrap();
    let answer = client.call_tool(CallToolRequestParams::new(name).with_arguments(arguments)).await.unwrap();
    serde_json::to_value(answer).unwrap()
}

#[tokio::test]
async fn an_agent_finds_servers_and_tools_and_learns_what_they_do_in_both_eras() {
    let world = world().await;
    let modern = ClientLifecycleMode::Discover { preferred_versions: vec![ProtocolVersion::V_2026_07_28] };
    for lifecycle in [ClientLifecycleMode::Initialize, modern] {
        let client = connect(&world, lifecycle).await;
        let tools = client.list_all_tools().await.unwrap();
        let names: Vec<&str> = tools.iter().map(|tool| &*tool.name).collect();
        assert_eq!(names, ["search_catalog", "check_server", "check_tool", "check_stack"]);
        for tool in &tools {
            assert_eq!(tool.annotations.as_ref().unwrap().read_only_hint, Some(true), "{}", tool.name);
            let schema = Value::Object((**tool.output_schema.as_ref().unwrap()).clone());
            let arguments = match &*tool.name {
                "search_catalog" => json!({ "q": "delete mial", "kind": "tools", "risk": "critical" }),
                "check_server" => json!({ "server": "mail" }),
                "check_tool" => json!({ "server": "mail", "tool": "send_mail" }),
                _ => json!({ "config": { "mcpServers": {
                    "post": { "command": "npx", "args": ["-y", "@acme/mail@1"], "env": { "KEY": "sesame" } },
                    "own": { "command": "x" },
                } } }),
            };
            let name: &'static str = names_of(&tool.name);
            let answer = call(&client, name, arguments).await;
            assert_eq!(answer["isError"], json!(false), "{name}: {answer}");
            let facts = &answer["structuredContent"];
            let faults: Vec<String> = jsonschema::validator_for(&schema)
                .unwrap()
                .iter_errors(facts)
                .map(|one| one.to_string())
                .collect();
            assert!(faults.is_empty(), "{name}: {faults:?}");
            assert_eq!(
                serde_json::from_str::<Value>(answer["content"][0]["text"].as_str().unwrap()).unwrap(),
                *facts
            );
            match name {
                "search_catalog" => assert_eq!(facts["tools"][0]["name"], "delete_mail", "{facts}"),
                "check_server" => assert_eq!(facts["policy"]["hide"], json!(["delete_mail"]), "{facts}"),
                "check_tool" => assert_eq!(facts["risk"], "high", "{facts}"),
                _ => {
                    assert_eq!(facts["unknown"], json!(["own"]), "{facts}");
                    assert_eq!(facts["servers"][0]["slug"], "mail", "{facts}");
                    assert!(!facts.to_string().contains("sesame"), "{facts}");
                }
            }
        }
        client.cancel().await.unwrap();
    }
}

/// A name that lives as long as the test.
fn names_of(name: &str) -> &'static str {
    let known = ["search_catalog", "check_server", "check_tool", "check_stack"];
    known.into_iter().find(|one| *one == name).unwrap()
}

#[tokio::test]
async fn what_is_not_there_and_what_does_not_fit_is_said_so_that_an_agent_can_go_on() {
    let world = world().await;
    let client = connect(&world, ClientLifecycleMode::Initialize).await;
    for (name, arguments, said) in [
        ("check_server", json!({ "server": "none" }), "search_catalog"),
        ("check_tool", json!({ "server": "mail", "tool": "none\u{0}" }), "search_catalog"),
        ("check_tool", json!({ "server": "mail" }), "tool"),
        ("check_stack", json!({ "config": "no settings" }), "mcpServers"),
        ("search_catalog", json!({ "q": 1 }), "string"),
    ] {
        let answer = call(&client, name, arguments).await;
        assert_eq!(answer["isError"], json!(true), "{name}: {answer}");
        assert!(answer["content"][0]["text"].as_str().unwrap().contains(said), "{name}: {answer}");
    }
    let unknown = client.call_tool(CallToolRequestParams::new("delete_catalog")).await;
    assert!(unknown.is_err(), "{unknown:?}");
    let headers = [("origin", "https://evil.example"), ("content-type", "application/json")];
    let ping = r#"{"jsonrpc": "2.0", "id": 1, "method": "ping"}"#;
    let answer = world.product.http().send(http::Method::POST, "/catalog/mcp", &headers, ping).await.unwrap();
    assert_eq!(answer.status, 403);
}
