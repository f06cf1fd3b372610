//! What became of the catalogue's tools.

use jiff::Timestamp;
use policy::Category;

use crate::column::named;
use crate::{Error, Store};

/// What became of a tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogChange {
    /// The tool's name.
    pub tool: String,
    /// `changed`, `gone` or `back`.
    pub kind: String,
    /// The class that it had before.
    pub category: Category,
    /// When.
    pub at: Timestamp,
}
impl Store {
    /// What became of a server's tools, the latest first; of one tool, if it is named.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn catalog_changes(
        &self,
        server: i64,
        tool: Option<&str>,
        limit: u32,
    ) -> Result<Vec<CatalogChange>, Error> {
        let rows: Vec<(String, String, String, jiff_sqlx::Timestamp)> = sqlx::query_as(
            "select name, kind, category, at
             from catalog.tool_change
             where server_id = $1
               and (name = $2 or $2 is null)
             order by id desc
             limit $3",
        )
        .bind(server)
        .bind(tool)
        .bind(i64::from(limit))
        .fetch_all(self.pool())
        .await?;
        let change = |(tool, kind, category, at): (String, String, String, jiff_sqlx::Timestamp)| {
            let category = named("catalog.tool_change", &category, Category::named)?;
            Ok(CatalogChange { tool, kind, category, at: at.to_jiff() })
        };
        rows.into_iter().map(change).collect()
    }
}
