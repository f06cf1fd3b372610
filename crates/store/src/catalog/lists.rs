//! Lists over the whole catalogue: tools of a class, numbers, and all addresses for crawlers.

use policy::Category;

use super::tool::{CatalogTool, ToolRow, tool_columns};
use crate::{Error, Store};

/// Numbers of the whole catalogue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CatalogTotals {
    /// Servers.
    pub servers: u64,
    /// Servers whose tools are known.
    pub with_tools: u64,
    /// Tools by class.
    pub tools: Vec<(Category, u64)>,
    /// Fields with the numbers of their servers, largest first.
    pub topics: Vec<(String, u64)>,
}

impl Store {
    /// Tools of these classes, after the one of number `after`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn catalog_tools_of(
        &self,
        categories: &[Category],
        after: i64,
        limit: u32,
    ) -> Result<Vec<CatalogTool>, Error> {
        let names: Vec<&str> = categories.iter().map(|category| category.as_str()).collect();
        let rows: Vec<ToolRow> = sqlx::query_as(concat!(
            "select ",
            tool_columns!(),
            "
             from unnest($1::text[]) as wanted (category)
             cross join lateral (
               select *
               from catalog.tool
               where tool.category = wanted.category
                 and tool.id > $2
                 and tool.gone_at is null
               order by tool.id
               limit $3
             ) as tool
             join catalog.server
               on server.id = tool.server_id
             order by tool.id
             limit $3",
        ))
        .bind(names)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(self.pool())
        .await?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// How much there is of everything. Reads all servers, so whoever asks often should keep it for a while.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn catalog_totals(&self) -> Result<CatalogTotals, Error> {
        let sums: (i64, i64, i64, i64, i64, i64, i64, i64) = sqlx::query_as(
            "select count(*), count(*) filter (where tokens > 0),
                    coalesce(sum(read_tools), 0), coalesce(sum(write_tools), 0), coalesce(sum(execute_tools), 0),
                    coalesce(sum(destructive_tools), 0), coalesce(sum(financial_tools), 0),
                    coalesce(sum(other_tools), 0)
             from catalog.server",
        )
        .fetch_one(self.pool())
        .await?;
        let topics: Vec<(String, i64)> = sqlx::query_as(
            "select topic, count(*)
             from catalog.server
             where topic is not null
             group by topic
             order by 2 desc, 1
             limit 100",
        )
        .fetch_all(self.pool())
        .await?;
        let whole = |number: i64| u64::try_from(number).unwrap_or_default();
        let tools = [
            (Category::Read, sums.2),
            (Category::Write, sums.3),
            (Category::Execute, sums.4),
            (Category::Destructive, sums.5),
            (Category::Financial, sums.6),
            (Category::Other, sums.7),
        ];
        Ok(CatalogTotals {
            servers: whole(sums.0),
            with_tools: whole(sums.1),
            tools: tools.map(|(category, count)| (category, whole(count))).to_vec(),
            topics: topics.into_iter().map(|(topic, count)| (topic, whole(count))).collect(),
        })
    }

    /// The highest numbers of a server and of a tool.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn catalog_extent(&self) -> Result<(i64, i64), Error> {
        Ok(sqlx::query_as(
            "select coalesce((select max(id) from catalog.server), 0), coalesce((select max(id) from catalog.tool), 0)",
        )
        .fetch_one(self.pool())
        .await?)
    }

    /// Slugs of the servers with tools whose numbers lie between, the first left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn catalog_slugs(&self, after: i64, to: i64) -> Result<Vec<String>, Error> {
        Ok(sqlx::query_scalar(
            "select slug
             from catalog.server
             where id > $1
               and id <= $2
               and tokens > 0
             order by id",
        )
        .bind(after)
        .bind(to)
        .fetch_all(self.pool())
        .await?)
    }

    /// Slug and name of the tools whose numbers lie between, the first left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn catalog_tool_names(&self, after: i64, to: i64) -> Result<Vec<(String, String)>, Error> {
        Ok(sqlx::query_as(
            "select server.slug, tool.name
             from catalog.tool
             join catalog.server
               on server.id = tool.server_id
             where tool.id > $1
               and tool.id <= $2
               and tool.gone_at is null
             order by tool.id",
        )
        .bind(after)
        .bind(to)
        .fetch_all(self.pool())
        .await?)
    }
}
