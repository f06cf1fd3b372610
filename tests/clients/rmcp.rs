//! Client of the Rust SDK: lists, makes one allowed and one denied call, and prints one line of JSON.
//! `MCP_MODE` is legacy, modern or auto.
#![expect(clippy::print_stdout, reason = "its report is its standard output")]
#![expect(clippy::indexing_slicing, reason = "indexing a JSON value gives null for what is missing")]

use std::process::ExitCode;

use anyhow::Context as _;
use rmcp::{
    ClientLifecycleMode, ClientServiceExt as _, RoleClient, ServiceError,
    model::{CallToolRequestParams, JsonObject, ProtocolVersion},
    service::RunningService,
    transport::{StreamableHttpClientTransport, streamable_http_client::StreamableHttpClientTransportConfig},
};
use serde_json::{Value, json};

#[tokio::main]
async fn main() -> anyhow::Result<ExitCode> {
    let config =
        StreamableHttpClientTransportConfig::with_uri(setting("MCP_URL")?).auth_header(setting("MCP_TOKEN")?);
    let transport = StreamableHttpClientTransport::from_config(config);
    let client = ().serve_with_lifecycle(transport, lifecycle()?).await?;
    let (wanted, unwanted) = (setting("MCP_ALLOWED")?, setting("MCP_DENIED")?);
    let tools: Vec<String> =
        client.list_all_tools().await?.into_iter().map(|tool| tool.name.into()).collect();
    let allowed = call(&client, &wanted).await?;
    let denied = call(&client, &unwanted).await?;
    client.cancel().await?;
    let refused = denied["isError"] == json!(true) || !denied["error"].is_null();
    let ok = tools.contains(&wanted) && allowed["isError"] == json!(false) && refused;
    println!("{}", json!({"ok": ok, "tools": tools, "allowed": allowed, "denied": denied}));
    Ok(if ok { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn setting(name: &str) -> anyhow::Result<String> {
    std::env::var(name).with_context(|| format!("{name} is not set"))
}

fn lifecycle() -> anyhow::Result<ClientLifecycleMode> {
    let preferred_versions = vec![ProtocolVersion::V_2026_07_28];
    match std::env::var("MCP_MODE").as_deref() {
        Err(_) | Ok("legacy") => Ok(ClientLifecycleMode::Initialize),
        Ok("modern") => Ok(ClientLifecycleMode::Discover { preferred_versions }),
        Ok("auto") => Ok(ClientLifecycleMode::Auto { preferred_versions, legacy_version: None }),
        Ok(other) => anyhow::bail!("MCP_MODE is `{other}`, not legacy, modern or auto"),
    }
}

async fn call(client: &RunningService<RoleClient, ()>, name: &str) -> anyhow::Result<Value> {
    let arguments: JsonObject =
        serde_json::from_str(&setting("MCP_ARGUMENTS").unwrap_or_else(|_| "{}".to_owned()))?;
    let request = CallToolRequestParams::new(name.to_owned()).with_arguments(arguments);
    match client.call_tool(request).await {
        Ok(result) => {
            let result = serde_json::to_value(result)?;
            let blocks = result["content"].as_array().into_iter().flatten();
            let text: Vec<&str> = blocks.filter_map(|block| block["text"].as_str()).collect();
            let failed = result["isError"].as_bool().unwrap_or(false);
            Ok(json!({"isError": failed, "text": text.join("\n"), "meta": result["_meta"]}))
        }
        Err(ServiceError::McpError(error)) => {
            Ok(json!({"error": {"code": error.code.0, "message": error.message}}))
        }
        Err(error) => Err(error.into()),
    }
}
