//! Tools of the catalogue, one by one and by server, name and class.

use jiff::Timestamp;
use policy::Category;
use sqlx::FromRow;

use crate::column::{digest, named, time_opt};
use crate::{Error, Store};

/// The columns of [`ToolRow`], from `catalog.tool` joined with `catalog.server`.
macro_rules! tool_columns {
    () => {
        "tool.id, server.slug as server, server.name as server_name, tool.name, tool.summary, tool.category, tool.confidence, tool.tokens"
    };
}
pub(super) use tool_columns;

/// A tool as lists show it.
#[derive(Debug, Clone, PartialEq)]
pub struct CatalogTool {
    /// Its number.
    pub id: i64,
    /// The slug of its server.
    pub server: String,
    /// The name of its server.
    pub server_name: String,
    /// Its exact name.
    pub name: String,
    /// The beginning of its description.
    pub summary: String,
    /// Its class.
    pub category: Category,
    /// How sure that is, from 0 to 1.
    pub confidence: f64,
    /// What its definition costs a model's context, in tokens, about.
    pub tokens: u32,
}

#[derive(FromRow)]
pub(super) struct ToolRow {
    pub(super) id: i64,
    server: String,
    server_name: String,
    name: String,
    summary: String,
    category: String,
    confidence: f64,
    tokens: i32,
}

impl TryFrom<ToolRow> for CatalogTool {
    type Error = Error;

    fn try_from(row: ToolRow) -> Result<Self, Error> {
        Ok(Self {
            id: row.id,
            server: row.server,
            server_name: row.server_name,
            name: row.name,
            summary: row.summary,
            category: named("catalog.tool", &row.category, Category::named)?,
            confidence: row.confidence,
            tokens: u32::try_from(row.tokens).unwrap_or_default(),
        })
    }
}

/// All that is known of a tool.
#[derive(Debug, Clone, PartialEq)]
pub struct CatalogDefinition {
    /// The tool.
    pub tool: CatalogTool,
    /// Its title.
    pub title: Option<String>,
    /// Its definition, JSON.
    pub definition: String,
    /// Digest of the definition in canonical form.
    pub hash: [u8; 32],
    /// Whether the definition is whole, with the schema of its arguments.
    pub whole: bool,
    /// Why it has its class, as a JSON object of `evidence` and `signals`.
    pub reasons: String,
    /// Where its definition was read.
    pub source: String,
    /// When it was first seen.
    pub first_seen_at: Timestamp,
    /// When its present definition was first seen.
    pub changed_at: Timestamp,
    /// Since when its source does not list it.
    pub gone_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct DefinitionRow {
    #[sqlx(flatten)]
    tool: ToolRow,
    title: Option<String>,
    definition: String,
    hash: Vec<u8>,
    whole: bool,
    reasons: String,
    source: String,
    first_seen_at: jiff_sqlx::Timestamp,
    changed_at: jiff_sqlx::Timestamp,
    gone_at: Option<jiff_sqlx::Timestamp>,
}

impl Store {
    /// The tools of a server by name, after the one named `after`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn catalog_tools(
        &self,
        server: i64,
        after: &str,
        limit: u32,
    ) -> Result<Vec<CatalogTool>, Error> {
        let rows: Vec<ToolRow> = sqlx::query_as(concat!(
            "select ",
            tool_columns!(),
            "
             from catalog.tool
             join catalog.server
               on server.id = tool.server_id
             where tool.server_id = $1
               and tool.name > $2
               and tool.gone_at is null
             order by tool.name
             limit $3",
        ))
        .bind(server)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(self.pool())
        .await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// The tool of this name, perhaps one that is not listed any more.
    ///
    /// # Errors
    /// [`Error::Missing`] when the server never had one.
    pub async fn catalog_tool(&self, server: i64, name: &str) -> Result<CatalogDefinition, Error> {
        let row: Option<DefinitionRow> = sqlx::query_as(concat!(
            "select ",
            tool_columns!(),
            ", tool.title, tool.definition, tool.hash,
                    tool.grade = 2 as whole, tool.reasons, source.name as source, tool.first_seen_at,
                    tool.changed_at, tool.gone_at
             from catalog.tool
             join catalog.server
               on server.id = tool.server_id
             join catalog.source
               on source.id = tool.source_id
             where tool.server_id = $1
               and tool.name = $2",
        ))
        .bind(server)
        .bind(name)
        .fetch_optional(self.pool())
        .await?;
        let row = row.ok_or(Error::Missing("tool"))?;
        Ok(CatalogDefinition {
            tool: row.tool.try_into()?,
            title: row.title,
            definition: row.definition,
            hash: digest("catalog.tool", &row.hash)?,
            whole: row.whole,
            reasons: row.reasons,
            source: row.source,
            first_seen_at: row.first_seen_at.to_jiff(),
            changed_at: row.changed_at.to_jiff(),
            gone_at: time_opt(row.gone_at),
        })
    }

    /// Other tools of the server in the same class.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn catalog_related(
        &self,
        server: i64,
        tool: &CatalogTool,
        limit: u32,
    ) -> Result<Vec<CatalogTool>, Error> {
        let rows: Vec<ToolRow> = sqlx::query_as(concat!(
            "select ",
            tool_columns!(),
            "
             from catalog.tool
             join catalog.server
               on server.id = tool.server_id
             where tool.server_id = $1
               and tool.category = $2
               and tool.id <> $3
               and tool.gone_at is null
             order by tool.name
             limit $4",
        ))
        .bind(server)
        .bind(tool.category.as_str())
        .bind(tool.id)
        .bind(i64::from(limit))
        .fetch_all(self.pool())
        .await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// Tools of the same name on other servers.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn catalog_namesakes(&self, tool: &CatalogTool, limit: u32) -> Result<Vec<CatalogTool>, Error> {
        let rows: Vec<ToolRow> = sqlx::query_as(concat!(
            "select ",
            tool_columns!(),
            "
             from catalog.tool
             join catalog.server
               on server.id = tool.server_id
             where tool.name = $1
               and server.slug <> $2
               and tool.gone_at is null
             limit $3",
        ))
        .bind(&tool.name)
        .bind(&tool.server)
        .bind(i64::from(limit))
        .fetch_all(self.pool())
        .await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }
}
