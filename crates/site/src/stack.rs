//! `/stack`: all that an agent with several servers can call. A pasted configuration is read for the servers that it names and
//! then forgotten; what is shared is a link with their names.

use std::sync::Arc;

use askama::Template;
use axum::Form;
use axum::extract::rejection::FormRejection;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse, Redirect, Response};
use http::StatusCode;
use policy::Category;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::{Url, form_urlencoded};

use crate::Site;
use crate::attacks::{self, Pattern};
use crate::catalog::view::ServerCard;
use crate::page::{self, Format, Frame};

/// Servers of a stack.
const SERVERS: usize = 40;
/// Patterns that are named.
const PATTERNS: usize = 8;
/// What is said of a configuration that cannot be read.
pub(crate) const UNREADABLE: &str =
    "This is no configuration of MCP servers. Paste JSON with a member \"mcpServers\" that names them.";
/// Longest name of a server that was not found, in characters.
const UNKNOWN: usize = 60;

#[derive(Template, Serialize)]
#[template(path = "stack.html")]
pub(crate) struct Page<'a> {
    #[serde(skip)]
    frame: Frame<'a>,
    fault: Option<&'static str>,
    servers: Vec<ServerCard>,
    /// Names in the configuration that no server of the catalogue has.
    unknown: Vec<String>,
    classes: Vec<Total>,
    tokens: u64,
    patterns: Vec<&'static Pattern>,
}

#[derive(Serialize)]
struct Total {
    category: Category,
    risk: &'static str,
    count: u32,
}

impl Total {
    fn word(&self) -> &'static str {
        self.category.as_str()
    }
}

/// `GET /stack?s=…&s=…`
pub(crate) async fn show(State(site): State<Arc<Site>>, RawQuery(query): RawQuery) -> Response {
    shown(&site, query.as_deref(), Format::Html).await
}

/// `GET /stack.json?s=…`
pub(crate) async fn json(State(site): State<Arc<Site>>, RawQuery(query): RawQuery) -> Response {
    shown(&site, query.as_deref(), Format::Json).await
}

async fn shown(site: &Site, query: Option<&str>, format: Format) -> Response {
    let (mut slugs, mut unknown) = (Vec::new(), Vec::new());
    for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
        match &*name {
            "s" => slugs.push(value.into_owned()),
            "unknown" => unknown.push(value.into_owned()),
            _ => {}
        }
    }
    match facts(site, slugs, unknown).await {
        Ok(page) => page::found(format, &page),
        Err(error) => site.failed(format, &error),
    }
}

/// What these servers can do together. `unknown` are names that were not found.
pub(crate) async fn facts(
    site: &Site,
    mut slugs: Vec<String>,
    unknown: Vec<String>,
) -> Result<Page<'_>, store::Error> {
    slugs.retain(|slug| !slug.contains('\0'));
    slugs.truncate(SERVERS);
    let servers = site.store.catalog_servers(&slugs).await?;
    let mut classes: Vec<Total> = Category::ALL
        .iter()
        .map(|category| {
            let of = |counts: &[(Category, u32)]| {
                counts.iter().find(|(one, _)| one == category).map_or(0, |(_, count)| *count)
            };
            let count = servers.iter().map(|server| of(&server.counts)).sum();
            Total { category: *category, risk: category.risk(), count }
        })
        .filter(|total| total.count > 0)
        .collect();
    classes.sort_by_key(|total| {
        std::cmp::Reverse(["low", "medium", "high", "critical"].iter().position(|risk| *risk == total.risk))
    });
    let mut patterns: Vec<&Pattern> = Vec::new();
    for pattern in classes.iter().flat_map(|total| attacks::of(total.category, &[], 3)) {
        if !patterns.contains(&pattern) && patterns.len() < PATTERNS {
            patterns.push(pattern);
        }
    }
    Ok(Page {
        frame: site.frame("/stack".to_owned()),
        fault: None,
        tokens: servers.iter().map(|server| server.tokens).sum(),
        servers: servers.into_iter().map(ServerCard::from).collect(),
        unknown: unknown.iter().take(SERVERS).map(|name| catalog::summary(name, UNKNOWN)).collect(),
        classes,
        patterns,
    })
}

#[derive(Debug, Deserialize)]
pub(crate) struct Pasted {
    config: String,
}

/// `POST /stack`: reads a configuration and leads to the page of its servers.
pub(crate) async fn read(
    State(site): State<Arc<Site>>,
    pasted: Result<Form<Pasted>, FormRejection>,
) -> Response {
    let text = pasted.map(|Form(pasted)| pasted.config).unwrap_or_default();
    let matched = match matched(&site, &text).await {
        Ok(matched) => matched,
        Err(error) => return site.failed(Format::Html, &error),
    };
    let Some(Matched { known, unknown }) = matched else {
        let page = Page {
            frame: site.frame("/stack".to_owned()),
            fault: Some(UNREADABLE),
            servers: Vec::new(),
            unknown: Vec::new(),
            classes: Vec::new(),
            tokens: 0,
            patterns: Vec::new(),
        };
        return page::answer(StatusCode::UNPROCESSABLE_ENTITY, &page);
    };
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(known.iter().map(|slug| ("s", slug)));
    query.extend_pairs(unknown.iter().map(|name| ("unknown", name)));
    Redirect::to(&format!("/stack?{}", query.finish())).into_response()
}

/// The servers of a configuration, by their slugs, and the names of those that are not in the catalogue.
pub(crate) struct Matched {
    pub(crate) known: Vec<String>,
    pub(crate) unknown: Vec<String>,
}

/// Looks the servers of a configuration up; `None` when it names none.
pub(crate) async fn matched(site: &Site, config: &str) -> Result<Option<Matched>, store::Error> {
    let Some(named) = servers(config).filter(|named| !named.is_empty()) else { return Ok(None) };
    let mut matched = Matched { known: Vec::new(), unknown: Vec::new() };
    for one in named {
        let slug = catalog::record::slug(&one.name);
        match site.store.catalog_match(&one.packages, one.address.as_deref(), &slug).await? {
            Some(slug) => matched.known.push(slug),
            None => matched.unknown.push(one.name),
        }
    }
    Ok(Some(matched))
}

/// A server that a configuration names: all that is read of it. Environment, headers and other arguments, where secrets are, are not.
#[derive(Debug, PartialEq, Eq)]
struct Named {
    name: String,
    packages: Vec<String>,
    address: Option<String>,
}

fn servers(config: &str) -> Option<Vec<Named>> {
    let config: Value = serde_json::from_str(config).ok()?;
    let list = config.get("mcpServers").or_else(|| config.get("servers")).and_then(Value::as_object)?;
    let named = list.iter().take(SERVERS).map(|(name, entry)| {
        let command = entry.get("command").and_then(Value::as_str).unwrap_or_default();
        let registry = match command.rsplit('/').next().unwrap_or_default() {
            "npx" | "bunx" | "pnpx" | "pnpm" | "npm" | "yarn" => "npm",
            "uvx" | "uv" | "pipx" => "pypi",
            _ => "",
        };
        let arguments =
            entry.get("args").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str);
        let plain = |text: &&str| {
            text.len() <= 214
                && !text.starts_with('-')
                && text.chars().all(|letter| letter.is_ascii_alphanumeric() || "@/._-".contains(letter))
        };
        let packages = match registry {
            "" => Vec::new(),
            // The first argument that is no flag is what is run; what follows goes to it.
            registry => arguments
                .filter(plain)
                .take(1)
                .map(|text| format!("{registry}:{}", unversioned(text)))
                .collect(),
        };
        Named {
            name: catalog::summary(&name.replace('\0', ""), UNKNOWN),
            packages,
            address: entry.get("url").and_then(Value::as_str).and_then(address),
        }
    });
    Some(named.collect())
}

/// An address without what may be secret in it.
fn address(text: &str) -> Option<String> {
    let mut url = Url::parse(text).ok()?;
    url.set_query(None);
    url.set_fragment(None);
    url.set_username("").ok()?;
    url.set_password(None).ok()?;
    Some(url.to_string())
}

/// A package without the version after its name.
fn unversioned(text: &str) -> &str {
    match text.rfind('@') {
        Some(at) if at > 0 => text.get(..at).unwrap_or(text),
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_names_a_server_is_read_of_a_configuration() {
        let config = r#"{"mcpServers": {
            "mail": {"command": "npx", "args": ["-y", "@acme/mail@1.2.3", "sk-secret"], "env": {"KEY": "secret"}},
            "db": {"command": "/usr/bin/uvx", "args": ["db-server", "--password=secret"]},
            "far": {"url": "https://user:secret@far.example/mcp?key=secret#x", "headers": {"Authorization": "secret"}},
            "own": {"command": "./secret-tool", "args": ["secret"]}
        }}"#;
        let found = servers(config).unwrap();
        assert!(!format!("{found:?}").contains("secret"), "{found:?}");
        let mail = found.iter().find(|one| one.name == "mail").unwrap();
        assert_eq!(mail.packages, ["npm:@acme/mail"]);
        let far = found.iter().find(|one| one.name == "far").unwrap();
        assert_eq!(far.address.as_deref(), Some("https://far.example/mcp"));
        assert!(servers("[]").is_none() && servers("{").is_none());
    }
}
