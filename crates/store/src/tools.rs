//! What discovery found on a server: its tools, with their definitions and hashes as they were last seen.

use jiff::Timestamp;
use model::ServerId;
use policy::Category;
use sqlx::FromRow;

use crate::column::{at, digest, named, time_opt};
use crate::definitions::AcceptedRow;
use crate::tool_classes::ClassRow;
use crate::{Accepted, ClassOverride, Error, FoundClass, OrgTx, ProtocolEra};

/// A good discovery. Replaces what was known of the server.
#[derive(Debug, Clone)]
pub struct Discovery {
    /// What was spoken.
    pub era: ProtocolEra,
    /// The protocol version agreed.
    pub protocol_version: String,
    /// What the server said of itself, as a JSON object.
    pub server_info: Option<String>,
    /// All tools it lists. When a name appears twice the first counts.
    pub tools: Vec<FoundTool>,
}

/// A tool as a server describes it.
#[derive(Debug, Clone)]
pub struct FoundTool {
    /// Its exact name.
    pub name: String,
    /// The whole definition, as JSON.
    pub definition: String,
    /// Digest of the definition in canonical form.
    pub hash: [u8; 32],
    /// Its class, where one was found.
    pub class: Option<FoundClass>,
    /// Its annotations, as a JSON object.
    pub annotations: Option<String>,
}

/// What a discovery brought, in numbers of tools.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Discovered {
    /// Seen for the first time, or again after an absence.
    pub added: u64,
    /// Seen with another definition or class than before.
    pub changed: u64,
    /// Not listed any more.
    pub gone: u64,
}

/// A tool that a server lists.
#[derive(Debug, Clone, PartialEq)]
pub struct Tool {
    /// Its exact name.
    pub name: String,
    /// The whole definition, as JSON.
    pub definition: String,
    /// Digest of the definition in canonical form.
    pub hash: [u8; 32],
    /// The definition that people have accepted, where they have.
    pub accepted: Option<Accepted>,
    /// The class in force, where one is known.
    pub category: Option<Category>,
    /// What was found in its definition.
    pub found: Option<FoundClass>,
    /// What an administrator says instead.
    pub overridden: Option<ClassOverride>,
    /// Its annotations, as a JSON object.
    pub annotations: Option<String>,
    /// When it was first seen.
    pub first_seen_at: Timestamp,
    /// When it was last seen, which is when the server was last listed.
    pub last_seen_at: Timestamp,
    /// When the present definition was first seen.
    pub changed_at: Timestamp,
    /// Since when the server does not list it.
    pub gone_at: Option<Timestamp>,
}

#[derive(FromRow)]
struct Row {
    name: String,
    definition: String,
    hash: Vec<u8>,
    category: Option<String>,
    #[sqlx(flatten)]
    class: ClassRow,
    #[sqlx(flatten)]
    accepted: AcceptedRow,
    annotations: Option<String>,
    first_seen_at: jiff_sqlx::Timestamp,
    last_seen_at: jiff_sqlx::Timestamp,
    changed_at: jiff_sqlx::Timestamp,
    gone_at: Option<jiff_sqlx::Timestamp>,
}

impl TryFrom<Row> for Tool {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        let hash = digest("server_tool", &row.hash)?;
        Ok(Self {
            name: row.name,
            definition: row.definition,
            hash,
            category: row.category.map(|name| named("server_tool", &name, Category::named)).transpose()?,
            accepted: row.accepted.accepted()?,
            found: row.class.found()?,
            overridden: row.class.overridden(&hash)?,
            annotations: row.annotations,
            first_seen_at: row.first_seen_at.to_jiff(),
            last_seen_at: row.last_seen_at.to_jiff(),
            changed_at: row.changed_at.to_jiff(),
            gone_at: time_opt(row.gone_at),
        })
    }
}

impl OrgTx {
    /// The tools that a server lists, by name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tools(&mut self, server: ServerId) -> Result<Vec<Tool>, Error> {
        self.listed_tools(server, None, ("", u32::MAX)).await
    }

    /// The tools that a server lists whose names come after this one, by name, at most `limit`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn tools_after(
        &mut self,
        server: ServerId,
        after: &str,
        limit: u32,
    ) -> Result<Vec<Tool>, Error> {
        self.listed_tools(server, None, (after, limit)).await
    }

    /// The tool of this name that a server lists.
    ///
    /// # Errors
    /// [`Error::Missing`] when it lists none.
    pub async fn tool(&mut self, server: ServerId, name: &str) -> Result<Tool, Error> {
        self.listed_tools(server, Some(name), ("", 1)).await?.pop().ok_or(Error::Missing("tool"))
    }

    async fn listed_tools(
        &mut self,
        server: ServerId,
        name: Option<&str>,
        (after, limit): (&str, u32),
    ) -> Result<Vec<Tool>, Error> {
        let rows: Vec<Row> = sqlx::query_as(
            "select name, definition, hash, annotations, first_seen_at, changed_at, gone_at,
                    (select discovered_at from server where id = $1) as last_seen_at,
                    tool_class(category, override_category, override_hash, hash) as category,
                    category as found_category, confidence, reasons,
                    override_category, override_reason, override_by, override_at, override_hash,
                    accepted_definition, accepted_hash, accepted_at, accepted_by
             from server_tool
             where server_id = $1
               and gone_at is null
               and (name = $2 or $2 is null)
               and ($3 = '' or name > $3)
             order by name
             limit $4",
        )
        .bind(server.uuid())
        .bind(name)
        .bind(after)
        .bind(i64::from(limit))
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(Tool::try_from).collect()
    }

    /// Records a good discovery. What the first one brings counts as accepted: whoever registers a server has it in front of
    /// them. Bundles become stale when a class or an annotation changed, or tools came or went.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is no such server; [`Error::Unstorable`] when a name holds U+0000.
    pub async fn record_discovery(
        &mut self,
        server: ServerId,
        found: &Discovery,
        now: Timestamp,
    ) -> Result<Discovered, Error> {
        let first: Option<bool> = sqlx::query_scalar(
            "with before as (
               select discovered_at
               from server
               where id = $1
                 and removed_at is null
               for update
             )
             update server
             set era = $2, protocol_version = $3, server_info = $4, discovered_at = $5, discovery_error = null
             from before
             where id = $1
             returning before.discovered_at is null",
        )
        .bind(server.uuid())
        .bind(found.era.as_str())
        .bind(&found.protocol_version)
        .bind(&found.server_info)
        .bind(at(now))
        .fetch_optional(&mut *self.tx)
        .await?;
        let first = first.ok_or(Error::Missing("server"))?;
        let (added, changed) = self.upsert_tools(server, &found.tools, first, now).await?;
        let names: Vec<&str> = found.tools.iter().map(|tool| tool.name.as_str()).collect();
        let gone = sqlx::query(
            "update server_tool
             set gone_at = $3
             where server_id = $1
               and gone_at is null
               and name <> all ($2)",
        )
        .bind(server.uuid())
        .bind(names)
        .bind(at(now))
        .execute(&mut *self.tx)
        .await?
        .rows_affected();
        if added + changed + gone > 0 {
            self.touch_all();
        }
        Ok(Discovered { added, changed, gone })
    }

    /// Records why a discovery failed; what was known before stays.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is no such server.
    pub async fn record_discovery_failure(&mut self, server: ServerId, error: &str) -> Result<(), Error> {
        let known = sqlx::query(
            "update server
             set discovery_error = $2
             where id = $1
               and removed_at is null",
        )
        .bind(server.uuid())
        .bind(error)
        .execute(&mut *self.tx)
        .await?;
        if known.rows_affected() == 0 { Err(Error::Missing("server")) } else { Ok(()) }
    }

    /// Inserts or refreshes tools; gives how many came and how many changed.
    async fn upsert_tools(
        &mut self,
        server: ServerId,
        tools: &[FoundTool],
        accept: bool,
        now: Timestamp,
    ) -> Result<(u64, u64), Error> {
        let classes = || tools.iter().map(|tool| tool.class.as_ref());
        let (added, changed): (i64, i64) = sqlx::query_as(UPSERT_TOOLS)
            .bind(self.id.uuid())
            .bind(server.uuid())
            .bind(at(now))
            .bind(tools.iter().map(|tool| tool.name.as_str()).collect::<Vec<_>>())
            .bind(tools.iter().map(|tool| tool.definition.as_str()).collect::<Vec<_>>())
            .bind(tools.iter().map(|tool| tool.hash.as_slice()).collect::<Vec<_>>())
            .bind(classes().map(|class| class.map(|class| class.category.as_str())).collect::<Vec<_>>())
            .bind(tools.iter().map(|tool| tool.annotations.as_deref()).collect::<Vec<_>>())
            .bind(classes().map(|class| class.map(|class| class.confidence)).collect::<Vec<_>>())
            .bind(classes().map(|class| class.map(|class| class.reasons.as_str())).collect::<Vec<_>>())
            .bind(accept)
            .fetch_one(&mut *self.tx)
            .await?;
        Ok((added.unsigned_abs(), changed.unsigned_abs()))
    }
}

/// A discovery that knows no class leaves the one that is there.
const UPSERT_TOOLS: &str = "
    with found as (
      select distinct on (name) name, definition, hash, category, annotations, confidence, reasons
      from unnest($4::text[], $5::text[], $6::bytea[], $7::text[], $8::text[], $9::float8[], $10::text[])
        with ordinality as tool (name, definition, hash, category, annotations, confidence, reasons, position)
      order by name, position
    ),
    before as (
      select server_tool.name, server_tool.hash, server_tool.category, server_tool.gone_at
      from server_tool
      where server_tool.server_id = $2
    ),
    kept as (
      insert into server_tool (org_id, server_id, name, definition, hash, category, annotations,
                               confidence, reasons, first_seen_at, changed_at,
                               accepted_definition, accepted_hash, accepted_at)
      select $1, $2, name, definition, hash, category, annotations, confidence, reasons, $3, $3,
             case when $11 then definition end, case when $11 then hash end, case when $11 then $3 end
      from found
      on conflict (org_id, server_id, name) do update
      set definition = excluded.definition,
          annotations = excluded.annotations,
          category = coalesce(excluded.category, server_tool.category),
          confidence = coalesce(excluded.confidence, server_tool.confidence),
          reasons = coalesce(excluded.reasons, server_tool.reasons),
          changed_at = case
            when server_tool.hash = excluded.hash then server_tool.changed_at
            else excluded.changed_at
          end,
          hash = excluded.hash,
          gone_at = null
      -- Servers are listed every other minute, and hardly anything ever changes.
      where (server_tool.definition, server_tool.hash, server_tool.annotations, server_tool.category,
             server_tool.confidence, server_tool.reasons, server_tool.gone_at)
        is distinct from
            (excluded.definition, excluded.hash, excluded.annotations,
             coalesce(excluded.category, server_tool.category),
             coalesce(excluded.confidence, server_tool.confidence),
             coalesce(excluded.reasons, server_tool.reasons), null)
      returning name, hash, category
    )
    select
      count(*) filter (where before.name is null or before.gone_at is not null),
      count(*) filter (
        where before.gone_at is null
          and (before.hash <> kept.hash or before.category is distinct from kept.category)
          and before.name is not null
      )
    from kept
    left join before using (name)";
