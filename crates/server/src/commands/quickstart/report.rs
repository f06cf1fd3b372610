//! What a quickstart hands over: the address, the token, and settings to paste into a client.

use std::fmt::Write as _;
use std::io::Write as _;

use serde::Serialize;
use serde_json::{Value, json};
use url::Url;

use super::account::Place;
use super::setup::{Granted, Issued};
use super::wire::{Identity, Server};

/// The outcome; its JSON form is what `--json` prints.
#[derive(Serialize)]
pub(super) struct Report {
    org: String,
    team: String,
    server: String,
    identity: Name,
    grant: String,
    policy: Policy,
    gateway_url: String,
    token: String,
    clients: Clients,
    #[serde(skip)]
    warnings: Vec<String>,
    #[serde(skip)]
    denies_all: bool,
    #[serde(skip)]
    replaced: bool,
}

#[derive(Serialize)]
struct Name {
    id: String,
    label: String,
}

#[derive(Serialize)]
struct Policy {
    name: String,
    /// Absent when no document was sent in this run.
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<u32>,
}

/// Settings by client.
#[derive(Serialize)]
struct Clients {
    /// A command.
    claude_code: String,
    /// The content of `.cursor/mcp.json`.
    cursor: Value,
    /// The content of `.vscode/mcp.json`.
    vscode: Value,
}

impl Report {
    pub(super) fn new(
        api: &Url,
        place: &Place,
        server: Server,
        identity: Identity,
        granted: Granted,
        issued: Issued,
    ) -> Self {
        let base = api.as_str().trim_end_matches('/');
        let gateway_url = format!("{base}/t/{}/{}/mcp/{}", place.org, place.team, server.slug);
        Self {
            clients: Clients::new(&server.slug, &gateway_url, &issued.token),
            org: place.org.clone(),
            team: place.team.clone(),
            server: server.slug,
            identity: Name { id: identity.id, label: identity.label },
            grant: granted.grant,
            policy: Policy { name: granted.policy, version: granted.version },
            gateway_url,
            token: issued.token,
            replaced: issued.replaced,
            warnings: granted.warnings.iter().map(ToString::to_string).collect(),
            denies_all: granted.denies_all,
        }
    }

    /// Prints it; remarks on the policy go to standard error either way.
    pub(super) fn print(&self, as_json: bool) -> anyhow::Result<()> {
        for warning in &self.warnings {
            crate::say(&format!("policy: {warning}\n"));
        }
        let text = if as_json { serde_json::to_string(self)? + "\n" } else { self.text()? };
        std::io::stdout().write_all(text.as_bytes())?;
        Ok(())
    }

    fn text(&self) -> anyhow::Result<String> {
        let mut text = String::new();
        let version = self.policy.version.map(|version| format!(", version {version}")).unwrap_or_default();
        writeln!(
            text,
            "{} may call the server \"{}\" under the policy \"{}\"{version}.",
            self.identity.label, self.server, self.policy.name
        )?;
        if self.denies_all {
            writeln!(
                text,
                "That policy denies every call. Write your own, and run this again with --policy FILE."
            )?;
        }
        writeln!(text, "\n  Organisation   {}\n  Team           {}", self.org, self.team)?;
        writeln!(text, "  Gateway URL    {}\n  Token          {}", self.gateway_url, self.token)?;
        let replaced = if self.replaced { " The one of the last run has ended." } else { "" };
        writeln!(text, "\nThe token is shown this once.{replaced}")?;
        writeln!(text, "\nClaude Code:\n\n  {}", self.clients.claude_code)?;
        writeln!(
            text,
            "\nCursor, in .cursor/mcp.json:\n\n{}",
            serde_json::to_string_pretty(&self.clients.cursor)?
        )?;
        writeln!(
            text,
            "\nVS Code, in .vscode/mcp.json:\n\n{}",
            serde_json::to_string_pretty(&self.clients.vscode)?
        )?;
        writeln!(text, "\nThese settings hold the token: keep them out of version control.")?;
        Ok(text)
    }
}

impl Clients {
    fn new(server: &str, url: &str, token: &str) -> Self {
        let headers = json!({ "Authorization": format!("Bearer {token}") });
        Self {
            claude_code: format!(
                "claude mcp add --transport http {server} {url} --header \"Authorization: Bearer {token}\""
            ),
            cursor: json!({ "mcpServers": { server: { "url": url, "headers": headers } } }),
            vscode: json!({ "servers": { server: { "type": "http", "url": url, "headers": headers } } }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(denies_all: bool) -> Report {
        let place = Place { org: "acme".to_owned(), team: "default".to_owned() };
        let server = Server { slug: "binance".to_owned(), url: "https://mcp.example.com/".to_owned() };
        let identity = Identity { id: "idn_1".to_owned(), label: "laptop".to_owned() };
        let granted = Granted {
            grant: "grant_1".to_owned(),
            policy: "refunds".to_owned(),
            version: Some(2),
            warnings: Vec::new(),
            denies_all,
        };
        Report::new(
            &"https://gw.example.com/".parse().unwrap(),
            &place,
            server,
            identity,
            granted,
            Issued { token: "plt_x".to_owned(), replaced: false },
        )
    }

    #[test]
    fn the_json_form_has_what_a_script_needs() {
        let value = serde_json::to_value(report(false)).unwrap();
        assert_eq!(value.get("gateway_url").unwrap(), "https://gw.example.com/t/acme/default/mcp/binance");
        for field in ["org", "team", "server", "token"] {
            assert!(value.get(field).is_some_and(Value::is_string), "{field}");
        }
    }

    #[test]
    fn every_client_gets_the_url_and_the_token() {
        let clients = serde_json::to_value(report(false).clients).unwrap();
        for (client, settings) in clients.as_object().unwrap() {
            let text = settings.to_string();
            assert!(
                text.contains("/t/acme/default/mcp/binance") && text.contains("Bearer plt_x"),
                "{client}"
            );
        }
    }

    #[test]
    fn a_policy_that_denies_everything_is_said_to_do_so() {
        assert!(report(true).text().unwrap().contains("denies every call"));
        assert!(!report(false).text().unwrap().contains("denies every call"));
    }
}
