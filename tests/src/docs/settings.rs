//! Settings of MCP clients, by the file that the client reads.

use regex::Regex;
use serde_json::Value;

/// How the client names a server's address, and how it speaks to it.
enum Shape {
    /// A member with the address, and headers.
    Address { list: &'static str, member: &'static str, kind: Option<&'static str> },
    /// A program that is given the address and a header as arguments, whose values come from the environment.
    Program,
}

/// The file, its shape, and how secrets come in: nothing may be read as a token that is there in plain text.
const CLIENTS: &[(&str, Shape)] = &[
    (".mcp.json", Shape::Address { list: "mcpServers", member: "url", kind: Some("http") }),
    (".cursor/mcp.json", Shape::Address { list: "mcpServers", member: "url", kind: None }),
    (".vscode/mcp.json", Shape::Address { list: "servers", member: "url", kind: Some("http") }),
    ("claude_desktop_config.json", Shape::Program),
];

/// Checks the settings in a file of that name.
pub(super) fn check(at: &str, file: &str, settings: &Value) {
    let shape = CLIENTS.iter().find(|(name, _)| *name == file);
    let (_, shape) =
        shape.unwrap_or_else(|| panic!("{at}: {file:?} is the file of no client that is known here"));
    match shape {
        Shape::Address { list, member, kind } => {
            let servers = settings[list].as_object().unwrap_or_else(|| panic!("{at}: no {list}"));
            for server in servers.values() {
                assert_eq!(server.get("type").and_then(Value::as_str), *kind, "{at}");
                // The catalogue asks nobody who they are.
                if server[member] == "https://policy.example.com/catalog/mcp" {
                    continue;
                }
                is_gateway(at, server[member].as_str().unwrap_or_default());
                let header = server["headers"]["Authorization"].as_str().unwrap_or_default();
                assert!(header.starts_with("Bearer ${") && header.ends_with('}'), "{at}: {header}");
            }
            if let Some(inputs) = settings["inputs"].as_array() {
                let asked = inputs[0]["id"].as_str().unwrap();
                assert!(settings.to_string().contains(&format!("${{input:{asked}}}")), "{at}");
                assert_eq!(
                    (&inputs[0]["type"], &inputs[0]["password"]),
                    (&"promptString".into(), &true.into()),
                    "{at}"
                );
            }
        }
        Shape::Program => {
            for server in settings["mcpServers"].as_object().unwrap().values() {
                assert!(server["command"].is_string(), "{at}");
                let arguments: Vec<&str> =
                    server["args"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
                is_gateway(at, arguments.iter().find(|one| one.starts_with("https://")).unwrap());
                let header = arguments.iter().find_map(|one| one.strip_prefix("Authorization:")).unwrap();
                let variable = header.trim_start_matches("${").trim_end_matches('}');
                assert!(server["env"][variable].as_str().unwrap().starts_with("Bearer plt_"), "{at}");
            }
        }
    }
}

/// Whether that is the address of a server at the gateway.
fn is_gateway(at: &str, url: &str) {
    let form = Regex::new("^https://[a-z0-9.-]+/t/[a-z0-9-]+/[a-z0-9-]+/mcp/[a-z0-9-]+$").unwrap();
    assert!(form.is_match(url), "{at}: {url}");
}
