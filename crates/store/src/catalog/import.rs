//! Takes records in, some hundred at a time. A batch and how far the source has been read are kept together or not at all, so an
//! import may be cut off anywhere and goes on where it was. What says nothing new changes no row.

use jiff::Timestamp;
use policy::Category;
use sqlx::{Postgres, Transaction};

use super::listings;
use super::tool_import;
use crate::column::at;
use crate::connect::READ_WRITE;
use crate::{Error, Store};

/// Taken for as long as a batch takes, so that two imports do not make one server twice.
const IMPORT_LOCK: i64 = 0x0063_6174_616c_6f67;

/// How far a source has been read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceState {
    /// Its number.
    pub id: i64,
    /// What was read the last time.
    pub digest: Option<[u8; 32]>,
    /// Where to go on, when that was cut off.
    pub position: Option<String>,
    /// Whether all of it was read.
    pub finished: bool,
}

/// A server as a record tells of it.
#[derive(Debug, Clone, Default)]
pub struct ImportedServer {
    /// What the record is recognised by, in this source and in others.
    pub key: String,
    /// The name in addresses that it should have; another if that is taken.
    pub slug: String,
    /// Whether the record knows nothing but the slug, so that it is about the server of that slug, if there is just one.
    pub slug_only: bool,
    /// Its name.
    pub name: String,
    /// What it is.
    pub description: Option<String>,
    /// Its repository.
    pub repo: Option<String>,
    /// Its page.
    pub homepage: Option<String>,
    /// Its package.
    pub package: Option<String>,
    /// Its field.
    pub topic: Option<String>,
    /// Further words.
    pub tags: Vec<String>,
    /// How it is spoken to.
    pub transports: Vec<String>,
    /// Where it runs.
    pub remote_url: Option<String>,
    /// Its container image.
    pub image: Option<String>,
    /// Its version.
    pub version: Option<String>,
    /// Who lists it.
    pub listed_in: Vec<String>,
    /// The words of its name, to be found by.
    pub words: Vec<String>,
    /// Its tools, where the record has a list: all of them, in their order, no name twice.
    pub tools: Option<Vec<ImportedTool>>,
}

/// A tool with its class.
#[derive(Debug, Clone)]
pub struct ImportedTool {
    /// Its exact name.
    pub name: String,
    /// Its title.
    pub title: Option<String>,
    /// The beginning of its description.
    pub summary: String,
    /// The whole definition, JSON.
    pub definition: String,
    /// Digest of the definition in canonical form.
    pub hash: [u8; 32],
    /// Whether the definition is the server's own, with the schema of its arguments.
    pub whole: bool,
    /// Its class.
    pub category: Category,
    /// How sure that is, from 0 to 1.
    pub confidence: f64,
    /// Why, as a JSON object of `evidence` and `signals`.
    pub reasons: String,
    /// What its definition costs a model's context, in tokens, about.
    pub tokens: u32,
    /// The words of its name.
    pub words: Vec<String>,
}

/// Records to take in together.
#[derive(Debug)]
pub struct Batch<'a> {
    /// The source that they come from.
    pub source: i64,
    /// The records.
    pub servers: &'a [ImportedServer],
    /// Where to go on after them; `None` when the source has been read to its end.
    pub position: Option<&'a str>,
}

/// What a batch changed, in rows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Imported {
    /// Servers that were not known.
    pub servers_added: u64,
    /// Servers of which something else is said now.
    pub servers_changed: u64,
    /// Tools that were not known.
    pub tools_added: u64,
    /// Tools with another definition or class than before.
    pub tools_changed: u64,
    /// Tools that are not listed any more.
    pub tools_gone: u64,
}

impl Imported {
    /// Adds another batch's changes.
    pub const fn add(&mut self, other: Self) {
        self.servers_added += other.servers_added;
        self.servers_changed += other.servers_changed;
        self.tools_added += other.tools_added;
        self.tools_changed += other.tools_changed;
        self.tools_gone += other.tools_gone;
    }

    /// Whether anything changed.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}

impl Store {
    /// Finds or makes a source and says how far it has been read.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn catalog_source(&self, name: &str, now: Timestamp) -> Result<SourceState, Error> {
        let row: (i64, Option<Vec<u8>>, Option<String>, bool) = sqlx::query_as(
            "insert into catalog.source as source (name, first_seen_at, last_seen_at)
             values ($1, $2, $2)
             on conflict (name) do update set last_seen_at = excluded.last_seen_at
             returning source.id, source.digest, source.position, source.finished_at is not null",
        )
        .bind(name)
        .bind(at(now))
        .fetch_one(self.pool())
        .await?;
        let (id, digest, position, finished) = row;
        let digest = digest.map(|bytes| crate::column::digest("source", &bytes)).transpose()?;
        Ok(SourceState { id, digest, position, finished })
    }

    /// Notes that a source is about to be read from its beginning, and what it is now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_catalog_source(&self, source: i64, digest: Option<&[u8; 32]>) -> Result<(), Error> {
        sqlx::query(
            "update catalog.source
             set digest = $2, position = null, finished_at = null
             where id = $1",
        )
        .bind(source)
        .bind(digest.map(<[u8; 32]>::as_slice))
        .execute(self.pool())
        .await?;
        Ok(())
    }

    /// Takes a batch in, whole or not at all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn import_catalog(&self, batch: &Batch<'_>, now: Timestamp) -> Result<Imported, Error> {
        let mut tx = self.transaction(READ_WRITE).await?;
        sqlx::query("select pg_advisory_xact_lock($1)").bind(IMPORT_LOCK).execute(&mut *tx).await?;
        let mut imported = Imported::default();
        let ids = listings::settle(&mut tx, batch, now, &mut imported).await?;
        tool_import::take(&mut tx, batch, &ids, now, &mut imported).await?;
        keep_words(&mut tx, batch.servers).await?;
        sqlx::query(
            "update catalog.source
             set position = $2, last_seen_at = $3::timestamptz, finished_at = case when $2 is null then $3::timestamptz end
             where id = $1",
        )
        .bind(batch.source)
        .bind(batch.position)
        .bind(at(now))
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(imported)
    }
}

/// Adds words that were not known.
async fn keep_words(
    tx: &mut Transaction<'static, Postgres>,
    servers: &[ImportedServer],
) -> Result<(), Error> {
    let tools = servers.iter().flat_map(|server| server.tools.iter().flatten());
    let named = servers.iter().flat_map(|server| &server.words);
    let mut words: Vec<&str> = named
        .chain(tools.flat_map(|tool| &tool.words))
        .map(String::as_str)
        .filter(|word| word.len() > 2)
        .collect();
    words.sort_unstable();
    words.dedup();
    // Each is looked up by itself. To leave out beforehand what is known is planned by what is known of the table, and of one that has
    // just been filled nothing is: it was read anew for every word.
    sqlx::query("insert into catalog.word (word) select unnest($1::text[]) on conflict do nothing")
        .bind(words)
        .execute(&mut **tx)
        .await?;
    Ok(())
}
