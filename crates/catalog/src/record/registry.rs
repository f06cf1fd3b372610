//! The format of the MCP registry: `server.json`, and pages of them from `/v0.1/servers` and its older form.
//! <https://github.com/modelcontextprotocol/registry/blob/main/docs/reference/api/official-registry-api.md>

use serde::Deserialize;
use serde_json::Value;
use serde_json::value::RawValue;

use super::{Fault, Record, fact, kept, repo, said, slug};

/// A page of a registry.
#[derive(Debug)]
pub struct Page {
    /// Its servers in order, only the latest version of each; or why one cannot be read, with its number on the page.
    pub records: Vec<Result<Record, Fault>>,
    /// Leads to the next page; `None` on the last.
    pub next: Option<String>,
}

#[derive(Deserialize)]
struct Pages<'a> {
    #[serde(borrow)]
    servers: Vec<&'a RawValue>,
    #[serde(default)]
    metadata: Option<Metadata>,
}

#[derive(Deserialize)]
struct Metadata {
    #[serde(default, rename = "nextCursor", alias = "next_cursor")]
    next: Option<String>,
}

/// An entry as it is now; before, the server's members stood beside `_meta`.
#[derive(Deserialize)]
struct Entry<'a> {
    #[serde(borrow, default)]
    server: Option<&'a RawValue>,
    #[serde(default, rename = "_meta")]
    meta: Value,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Server {
    name: String,
    #[serde(default)]
    title: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    version: Option<String>,
    #[serde(default, alias = "website_url")]
    website_url: Option<String>,
    #[serde(default)]
    repository: Option<Repository>,
    #[serde(default)]
    packages: Option<Vec<Package>>,
    #[serde(default)]
    remotes: Option<Vec<Transport>>,
}

#[derive(Deserialize)]
struct Repository {
    #[serde(default)]
    url: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Package {
    #[serde(default, alias = "registry_type", alias = "registry_name")]
    registry_type: Option<String>,
    #[serde(default, alias = "name")]
    identifier: Option<String>,
    #[serde(default)]
    transport: Option<Transport>,
}

#[derive(Deserialize)]
struct Transport {
    #[serde(default, rename = "type", alias = "transport_type")]
    kind: Option<String>,
    #[serde(default)]
    url: Option<String>,
}

/// Reads a page.
///
/// # Errors
/// When it is none. Entries that cannot be read are faults on the page.
pub fn page(text: &str) -> Result<Page, Fault> {
    let pages: Pages<'_> = serde_json::from_str(text).map_err(|error| said(&error))?;
    let mut records = Vec::with_capacity(pages.servers.len());
    for (index, raw) in pages.servers.iter().enumerate() {
        match entry(raw.get()) {
            Ok(Some(record)) => records.push(Ok(record)),
            Ok(None) => {}
            Err(Fault(reason)) => records.push(Err(Fault(format!("server {}: {reason}", index + 1)))),
        }
    }
    let next = pages.metadata.and_then(|metadata| metadata.next).filter(|next| !next.is_empty());
    Ok(Page { records, next })
}

/// An entry; `None` for one that is only history: a version that has been replaced, or a server that was taken out.
fn entry(text: &str) -> Result<Option<Record>, Fault> {
    let entry: Entry<'_> = serde_json::from_str(text).map_err(|error| said(&error))?;
    let official = entry.meta.as_object().into_iter().flat_map(|meta| meta.values());
    let outdated = official.clone().any(|said| {
        let latest = said.get("isLatest").or_else(|| said.get("is_latest"));
        latest.and_then(Value::as_bool) == Some(false)
            || said.get("status").and_then(Value::as_str) == Some("deleted")
    });
    if outdated {
        return Ok(None);
    }
    server_json(entry.server.map_or(text, RawValue::get)).map(Some)
}

/// Reads a `server.json`.
///
/// # Errors
/// When it is none.
pub fn server_json(text: &str) -> Result<Record, Fault> {
    let server: Server = serde_json::from_str(text).map_err(|error| said(&error))?;
    let name = kept(&server.name);
    if name.is_empty() {
        return Err(Fault("the name is empty".to_owned()));
    }
    let packages = server.packages.unwrap_or_default();
    let remotes = server.remotes.unwrap_or_default();
    let mut transports: Vec<String> = packages
        .iter()
        .filter_map(|package| package.transport.as_ref()?.kind.clone())
        .chain(remotes.iter().filter_map(|remote| remote.kind.clone()))
        .map(|kind| kept(&kind))
        .collect();
    transports.sort_unstable();
    transports.dedup();
    let package = packages.first().and_then(|package| {
        let identifier = package.identifier.as_deref()?;
        let registry = package.registry_type.as_deref().unwrap_or("package");
        Some(format!("{registry}:{identifier}"))
    });
    Ok(Record {
        slug: slug(&name),
        // A registry's name is unique in it, a title is not.
        hint: Some(name.clone()),
        name: fact(server.title).unwrap_or(name),
        description: fact(server.description),
        repo: server
            .repository
            .and_then(|held| held.url)
            .as_deref()
            .map(repo)
            .filter(|held| !held.is_empty()),
        homepage: fact(server.website_url),
        package: fact(package),
        transports,
        remote_url: fact(remotes.into_iter().find_map(|remote| remote.url)),
        version: fact(server.version),
        ..Record::default()
    })
}
