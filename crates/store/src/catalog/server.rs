//! Servers of the catalogue, one by one, and who tells of them.

use jiff::Timestamp;
use policy::Category;
use sqlx::FromRow;

use crate::{Error, Store};

/// A server.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogServer {
    /// Its number.
    pub id: i64,
    /// What it is called in addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// `owner/name` at GitHub, or an address.
    pub repo: Option<String>,
    /// Its page.
    pub homepage: Option<String>,
    /// What it is installed from.
    pub package: Option<String>,
    /// Its field.
    pub topic: Option<String>,
    /// Further words.
    pub tags: Vec<String>,
    /// How it is spoken to.
    pub transports: Vec<String>,
    /// Where it runs for everybody.
    pub remote_url: Option<String>,
    /// Its container image.
    pub image: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Who lists it.
    pub listed_in: Vec<String>,
    /// How many of its tools are in each class, the classes with none left out.
    pub counts: Vec<(Category, u32)>,
    /// What the definitions of its tools cost a model's context, in tokens, about.
    pub tokens: u64,
    /// How often somebody went from its page to register it.
    pub uses: u64,
    /// When it was first seen.
    pub first_seen_at: Timestamp,
    /// When something was last said of it that is new.
    pub changed_at: Timestamp,
}

impl CatalogServer {
    /// How many tools it has.
    #[must_use]
    pub fn tools(&self) -> u32 {
        self.counts.iter().map(|(_, count)| count).sum()
    }
}

/// The columns of a server.
#[derive(FromRow)]
pub(super) struct ServerRow {
    pub(super) id: i64,
    slug: String,
    name: String,
    description: Option<String>,
    repo: Option<String>,
    homepage: Option<String>,
    package: Option<String>,
    topic: Option<String>,
    tags: Vec<String>,
    transports: Vec<String>,
    remote_url: Option<String>,
    image: Option<String>,
    version: Option<String>,
    listed_in: Vec<String>,
    read_tools: i32,
    write_tools: i32,
    execute_tools: i32,
    destructive_tools: i32,
    financial_tools: i32,
    other_tools: i32,
    tokens: i64,
    uses: i64,
    first_seen_at: jiff_sqlx::Timestamp,
    changed_at: jiff_sqlx::Timestamp,
}

impl From<ServerRow> for CatalogServer {
    fn from(row: ServerRow) -> Self {
        let counts = [
            (Category::Financial, row.financial_tools),
            (Category::Destructive, row.destructive_tools),
            (Category::Execute, row.execute_tools),
            (Category::Write, row.write_tools),
            (Category::Read, row.read_tools),
            (Category::Other, row.other_tools),
        ];
        let counts =
            counts.into_iter().filter_map(|(category, count)| Some((category, u32::try_from(count).ok()?)));
        Self {
            id: row.id,
            slug: row.slug,
            name: row.name,
            description: row.description,
            repo: row.repo,
            homepage: row.homepage,
            package: row.package,
            topic: row.topic,
            tags: row.tags,
            transports: row.transports,
            remote_url: row.remote_url,
            image: row.image,
            version: row.version,
            listed_in: row.listed_in,
            counts: counts.filter(|(_, count)| *count > 0).collect(),
            tokens: u64::try_from(row.tokens).unwrap_or_default(),
            uses: u64::try_from(row.uses).unwrap_or_default(),
            first_seen_at: row.first_seen_at.to_jiff(),
            changed_at: row.changed_at.to_jiff(),
        }
    }
}
/// Where a server was read about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CatalogListing {
    /// The source.
    pub source: String,
    /// When it first told of the server.
    pub first_seen_at: Timestamp,
    /// When it last did.
    pub last_seen_at: Timestamp,
}

impl Store {
    /// The server of this slug.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is none.
    pub async fn catalog_server(&self, slug: &str) -> Result<CatalogServer, Error> {
        let row: Option<ServerRow> = sqlx::query_as("select server.* from catalog.server where slug = $1")
            .bind(slug)
            .fetch_optional(self.pool())
            .await?;
        row.map(Into::into).ok_or(Error::Missing("server"))
    }

    /// The servers of these slugs.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn catalog_servers(&self, slugs: &[String]) -> Result<Vec<CatalogServer>, Error> {
        let rows: Vec<ServerRow> =
            sqlx::query_as("select server.* from catalog.server where slug = any ($1) order by slug")
                .bind(slugs)
                .fetch_all(self.pool())
                .await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// The slug of the server that is installed from one of these packages or runs at this address, or else has this slug;
    /// the one with tools, if there are several.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn catalog_match(
        &self,
        packages: &[String],
        address: Option<&str>,
        slug: &str,
    ) -> Result<Option<String>, Error> {
        Ok(sqlx::query_scalar(
            "select slug
             from (
               select slug, tokens, id, 1 as road from catalog.server where package = any ($1)
               union all
               select slug, tokens, id, 1 from catalog.server where remote_url = $2
               union all
               select slug, tokens, id, 2 from catalog.server where slug = $3
             ) as fitting
             order by road, tokens > 0 desc, id
             limit 1",
        )
        .bind(packages)
        .bind(address)
        .bind(slug)
        .fetch_optional(self.pool())
        .await?)
    }

    /// Other servers of the same field, those with tools first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn catalog_similar(
        &self,
        server: &CatalogServer,
        limit: u32,
    ) -> Result<Vec<CatalogServer>, Error> {
        let rows: Vec<ServerRow> = sqlx::query_as(
            "select server.*
             from catalog.server
             where topic = $1
               and id <> $2
             order by tokens > 0 desc, uses desc, cardinality(listed_in) desc, id
             limit $3",
        )
        .bind(&server.topic)
        .bind(server.id)
        .bind(i64::from(limit))
        .fetch_all(self.pool())
        .await?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// Where a server was read about.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn catalog_listings(&self, server: i64) -> Result<Vec<CatalogListing>, Error> {
        let rows: Vec<(String, jiff_sqlx::Timestamp, jiff_sqlx::Timestamp)> = sqlx::query_as(
            "select source.name, min(listing.first_seen_at),
                    -- A source that was the same the last time told of it then, too.
                    max(case when listing.last_seen_at >= source.finished_at then source.last_seen_at
                        else listing.last_seen_at end)
             from catalog.listing
             join catalog.source
               on source.id = listing.source_id
             where listing.server_id = $1
             group by source.name
             order by 2, 1",
        )
        .bind(server)
        .fetch_all(self.pool())
        .await?;
        let listing = |(source, first, last): (String, jiff_sqlx::Timestamp, jiff_sqlx::Timestamp)| {
            CatalogListing { source, first_seen_at: first.to_jiff(), last_seen_at: last.to_jiff() }
        };
        Ok(rows.into_iter().map(listing).collect())
    }

    /// Notes that somebody goes from a server's page to register it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn catalog_used(&self, slug: &str) -> Result<(), Error> {
        sqlx::query("update catalog.server set uses = uses + 1 where slug = $1")
            .bind(slug)
            .execute(self.pool())
            .await?;
        Ok(())
    }
}
