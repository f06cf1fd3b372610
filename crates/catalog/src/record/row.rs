//! A line of a list of servers: `{"name", "slug"?, "repo"?, "category"?, …, "tools"?}`. Members beyond those below are passed over.

use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Fault, Record, fact, kept, repo, said, slug, tools};

#[derive(Deserialize)]
struct Row<'a> {
    name: String,
    #[serde(default)]
    slug: Option<String>,
    #[serde(default)]
    description: Option<String>,
    #[serde(default)]
    repo: Option<String>,
    #[serde(default)]
    homepage: Option<String>,
    #[serde(default)]
    url: Option<String>,
    #[serde(default)]
    remote_url: Option<String>,
    #[serde(default)]
    package: Option<String>,
    #[serde(default)]
    category: Option<String>,
    #[serde(default)]
    tags: Option<Vec<String>>,
    #[serde(default)]
    transport: Option<String>,
    #[serde(default)]
    image: Option<String>,
    #[serde(default)]
    version: Option<String>,
    #[serde(default)]
    sources: Option<Vec<String>>,
    #[serde(default)]
    install_hint: Option<String>,
    #[serde(borrow, default)]
    tools: Option<Vec<&'a RawValue>>,
}

/// Reads a line.
///
/// # Errors
/// When it is no JSON object of a server; the reason says what is missing or wrong.
pub fn row(line: &str) -> Result<Record, Fault> {
    let row: Row<'_> = serde_json::from_str(line).map_err(|error| said(&error))?;
    let name = kept(&row.name);
    if name.is_empty() {
        return Err(Fault("the name is empty".to_owned()));
    }
    // An empty list is what an index says of a server whose tools it does not know.
    let list = row.tools.filter(|list| !list.is_empty());
    let (tools, faults) = list.map_or((None, Vec::new()), |list| {
        let (tools, faults) = tools(&list);
        (Some(tools), faults)
    });
    let transport = fact(row.transport);
    let is_remote = transport.as_deref().is_some_and(|transport| transport != "stdio");
    let (remote, homepage) = if is_remote { (row.url, None) } else { (None, row.url) };
    Ok(Record {
        slug: slug(row.slug.as_deref().unwrap_or(&name)),
        name,
        description: fact(row.description),
        repo: row.repo.as_deref().map(repo).filter(|repo| !repo.is_empty()),
        homepage: fact(row.homepage.or(homepage)),
        package: fact(row.package),
        topic: fact(row.category),
        tags: row.tags.unwrap_or_default().iter().map(|tag| kept(tag)).collect(),
        transports: transport.into_iter().collect(),
        remote_url: fact(row.remote_url.or(remote)),
        image: fact(row.image),
        version: fact(row.version),
        listed_in: row.sources.unwrap_or_default().iter().map(|source| kept(source)).collect(),
        hint: fact(row.install_hint),
        tools,
        faults,
    })
}
