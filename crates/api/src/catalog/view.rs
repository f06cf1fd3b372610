//! Servers and tools of the catalogue on the wire.

use jiff::Timestamp;
use policy::Category;
use serde::Serialize;
use store::catalog::{CatalogServer, CatalogTool};
use utoipa::ToSchema;

use crate::schema;

/// A server of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CatalogServerView {
    /// What it is called in addresses.
    #[schema(example = "tickets")]
    slug: String,
    /// Its name, as its source gives it.
    name: String,
    /// What it is, as its source says.
    description: Option<String>,
    /// `owner/name` at GitHub, or an address.
    repo: Option<String>,
    /// Its page.
    homepage: Option<String>,
    /// What it is installed from.
    #[schema(example = "npm:@acme/tickets")]
    package: Option<String>,
    /// Its container image.
    image: Option<String>,
    /// Its version.
    version: Option<String>,
    /// Its field.
    topic: Option<String>,
    /// Further words.
    tags: Vec<String>,
    /// How it is spoken to.
    transports: Vec<String>,
    /// Where it runs for everybody.
    remote_url: Option<String>,
    /// Who lists it.
    listed_in: Vec<String>,
    /// How many tools it has; 0 also when they are not known.
    tools: u32,
    /// The same by class, the worst first; classes with none are left out.
    classes: Vec<CountView>,
    /// What the definitions of its tools cost a model's context, in tokens, about.
    tokens: u64,
    /// When it was first seen.
    #[schema(value_type = String, format = DateTime)]
    first_seen_at: Timestamp,
    /// When something was last said of it that is new.
    #[schema(value_type = String, format = DateTime)]
    changed_at: Timestamp,
}

/// How many tools of a class.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CountView {
    /// The class.
    #[schema(value_type = schema::Category)]
    category: Category,
    /// Its risk.
    #[schema(value_type = schema::Risk)]
    risk: &'static str,
    /// How many.
    tools: u64,
}

impl CountView {
    pub(super) fn of((category, count): (Category, u64)) -> Self {
        Self { category, risk: category.risk(), tools: count }
    }
}

impl From<CatalogServer> for CatalogServerView {
    fn from(server: CatalogServer) -> Self {
        Self {
            tools: server.tools(),
            classes: server
                .counts
                .iter()
                .map(|(category, count)| CountView::of((*category, (*count).into())))
                .collect(),
            slug: server.slug,
            name: server.name,
            description: server.description,
            repo: server.repo,
            homepage: server.homepage,
            package: server.package,
            image: server.image,
            version: server.version,
            topic: server.topic,
            tags: server.tags,
            transports: server.transports,
            remote_url: server.remote_url,
            listed_in: server.listed_in,
            tokens: server.tokens,
            first_seen_at: server.first_seen_at,
            changed_at: server.changed_at,
        }
    }
}

/// A tool of the catalogue.
#[derive(Debug, Serialize, ToSchema)]
pub(crate) struct CatalogToolView {
    /// Its exact name.
    name: String,
    /// The slug of its server.
    server: String,
    /// The name of its server.
    server_name: String,
    /// The beginning of its description.
    summary: String,
    /// What it does.
    #[schema(value_type = schema::Category)]
    category: Category,
    /// How bad a careless call would be.
    #[schema(value_type = schema::Risk)]
    risk: &'static str,
    /// How sure that is, from 0 to 1.
    confidence: f64,
    /// What its definition costs a model's context, in tokens, about.
    tokens: u32,
}

impl From<CatalogTool> for CatalogToolView {
    fn from(tool: CatalogTool) -> Self {
        Self {
            name: tool.name,
            server: tool.server,
            server_name: tool.server_name,
            summary: tool.summary,
            category: tool.category,
            risk: tool.category.risk(),
            confidence: tool.confidence,
            tokens: tool.tokens,
        }
    }
}
