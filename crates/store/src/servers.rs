//! Registered MCP servers.

use jiff::Timestamp;
use model::{SealedHeaders, ServerId, Slug};
use sqlx::FromRow;
use uuid::Uuid;

use crate::column::{at, named, parsed, time_opt};
use crate::{Error, OrgTx};

/// A server of an organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Server {
    /// Its id.
    pub id: ServerId,
    /// Its name in addresses.
    pub slug: Slug,
    /// Its name for people.
    pub name: String,
    /// The MCP endpoint.
    pub url: String,
    /// Headers sent upstream, sealed.
    pub headers: Option<SealedHeaders>,
    /// The names of these headers, which are no secret.
    pub header_names: Vec<String>,
    /// False once it is switched off.
    pub enabled: bool,
    /// Whether its tools may only be called while they have the definition that was accepted.
    pub pinned: bool,
    /// How many tools it lists whose definition nobody accepted.
    pub unaccepted: u64,
    /// What was spoken at the last good discovery.
    pub era: Option<ProtocolEra>,
    /// The protocol version agreed then.
    pub protocol_version: Option<String>,
    /// What the server said of itself then, as a JSON object.
    pub server_info: Option<String>,
    /// When that was.
    pub discovered_at: Option<Timestamp>,
    /// Why the last discovery failed; `None` when it did not.
    pub discovery_error: Option<String>,
    /// When it was registered.
    pub created_at: Timestamp,
    /// When it was last changed by a person.
    pub updated_at: Timestamp,
}

/// Which of the two incompatible ways a server speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ProtocolEra {
    /// With `initialize` and sessions.
    Legacy,
    /// Without either.
    Modern,
}

impl ProtocolEra {
    /// The name in the database and on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Legacy => "legacy",
            Self::Modern => "modern",
        }
    }

    /// The era of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Legacy, Self::Modern].into_iter().find(|era| era.as_str() == name)
    }
}

/// A server to be registered.
#[derive(Debug, Clone)]
pub struct NewServer {
    /// A fresh id; sealed headers are bound to it.
    pub id: ServerId,
    /// Its name in addresses.
    pub slug: Slug,
    /// Its name for people.
    pub name: String,
    /// The MCP endpoint.
    pub url: String,
    /// Headers sent upstream, sealed.
    pub headers: Option<SealedHeaders>,
    /// The names of these headers.
    pub header_names: Vec<String>,
    /// Whether calls may reach it.
    pub enabled: bool,
}

/// What to change; `None` leaves a thing as it is.
#[derive(Debug, Clone, Default)]
pub struct ServerChange {
    /// Its name for people.
    pub name: Option<String>,
    /// The MCP endpoint.
    pub url: Option<String>,
    /// The headers, all of them.
    pub headers: Option<HeaderChange>,
    /// Whether calls may reach it.
    pub enabled: Option<bool>,
    /// Whether its tools may only be called while they have the definition that was accepted.
    pub pinned: Option<bool>,
}

/// Headers that take the place of those before; without `sealed` and names there are none any more.
#[derive(Debug, Clone, Default)]
pub struct HeaderChange {
    /// Names and values, sealed.
    pub sealed: Option<SealedHeaders>,
    /// The names.
    pub names: Vec<String>,
}

/// What a [`Row`] takes of the table `server`.
macro_rules! columns {
    () => {
        "id, slug, name, url, sealed_headers, header_names, enabled, pinned, era, protocol_version,
         server_info, discovered_at, discovery_error, created_at, updated_at,
         (select count(*)
          from server_tool
          where server_tool.org_id = server.org_id
            and server_tool.server_id = server.id
            and server_tool.gone_at is null
            and server_tool.accepted_hash is distinct from server_tool.hash) as unaccepted"
    };
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    slug: String,
    name: String,
    url: String,
    sealed_headers: Option<String>,
    header_names: Vec<String>,
    enabled: bool,
    pinned: bool,
    unaccepted: i64,
    era: Option<String>,
    protocol_version: Option<String>,
    server_info: Option<String>,
    discovered_at: Option<jiff_sqlx::Timestamp>,
    discovery_error: Option<String>,
    created_at: jiff_sqlx::Timestamp,
    updated_at: jiff_sqlx::Timestamp,
}

impl TryFrom<Row> for Server {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self, Error> {
        Ok(Self {
            id: ServerId::from_uuid(row.id),
            slug: parsed("server", &row.slug)?,
            name: row.name,
            url: row.url,
            headers: row.sealed_headers.map(SealedHeaders),
            header_names: row.header_names,
            enabled: row.enabled,
            pinned: row.pinned,
            unaccepted: row.unaccepted.unsigned_abs(),
            era: row.era.map(|era| named("server", &era, ProtocolEra::named)).transpose()?,
            protocol_version: row.protocol_version,
            server_info: row.server_info,
            discovered_at: time_opt(row.discovered_at),
            discovery_error: row.discovery_error,
            created_at: row.created_at.to_jiff(),
            updated_at: row.updated_at.to_jiff(),
        })
    }
}

impl OrgTx {
    /// All servers, by slug.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn servers(&mut self) -> Result<Vec<Server>, Error> {
        let rows: Vec<Row> = sqlx::query_as(concat!(
            "select ",
            columns!(),
            " from server
              where removed_at is null
              order by slug",
        ))
        .fetch_all(&mut *self.tx)
        .await?;
        rows.into_iter().map(Server::try_from).collect()
    }

    /// The server of this slug.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is none.
    pub async fn server(&mut self, slug: &Slug) -> Result<Server, Error> {
        sqlx::query_as::<_, Row>(concat!(
            "select ",
            columns!(),
            " from server
              where slug = $1
                and removed_at is null",
        ))
        .bind(slug.as_str())
        .fetch_optional(&mut *self.tx)
        .await?
        .ok_or(Error::Missing("server"))?
        .try_into()
    }

    /// Registers a server.
    ///
    /// # Errors
    /// [`Conflict::ServerSlug`](crate::Conflict::ServerSlug) when the slug is taken.
    pub async fn create_server(&mut self, new: &NewServer, now: Timestamp) -> Result<Server, Error> {
        sqlx::query_as::<_, Row>(concat!(
            "insert into server (id, org_id, slug, name, url, sealed_headers, header_names, enabled,
                                 created_at, updated_at)
             values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
             returning ",
            columns!(),
        ))
        .bind(new.id.uuid())
        .bind(self.id.uuid())
        .bind(new.slug.as_str())
        .bind(&new.name)
        .bind(&new.url)
        .bind(new.headers.as_ref().map(|sealed| &sealed.0))
        .bind(&new.header_names)
        .bind(new.enabled)
        .bind(at(now))
        .fetch_one(&mut *self.tx)
        .await?
        .try_into()
    }

    /// Changes a server; every bundle that reaches it is stale afterwards.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is none.
    pub async fn update_server(
        &mut self,
        id: ServerId,
        change: &ServerChange,
        now: Timestamp,
    ) -> Result<Server, Error> {
        let headers = change.headers.as_ref();
        let row: Row = sqlx::query_as(concat!(
            "update server
             set name = coalesce($2, name),
                 url = coalesce($3, url),
                 enabled = coalesce($4, enabled),
                 sealed_headers = case when $5 then $6 else sealed_headers end,
                 header_names = case when $5 then $7 else header_names end,
                 updated_at = $8,
                 pinned = coalesce($9, pinned)
             where id = $1
               and removed_at is null
             returning ",
            columns!(),
        ))
        .bind(id.uuid())
        .bind(&change.name)
        .bind(&change.url)
        .bind(change.enabled)
        .bind(headers.is_some())
        .bind(headers.and_then(|headers| headers.sealed.as_ref()).map(|sealed| &sealed.0))
        .bind(headers.map(|headers| headers.names.clone()).unwrap_or_default())
        .bind(at(now))
        .bind(change.pinned)
        .fetch_optional(&mut *self.tx)
        .await?
        .ok_or(Error::Missing("server"))?;
        self.touch_all();
        row.try_into()
    }

    /// Removes a server: its grants are revoked, its credentials forgotten, its slug free again. Policies and the
    /// record of calls stay.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is none.
    pub async fn remove_server(&mut self, id: ServerId, now: Timestamp) -> Result<(), Error> {
        let removed = sqlx::query(
            "update server
             set removed_at = $2, sealed_headers = null, header_names = '{}', enabled = false
             where id = $1
               and removed_at is null",
        )
        .bind(id.uuid())
        .bind(at(now))
        .execute(&mut *self.tx)
        .await?;
        if removed.rows_affected() == 0 {
            return Err(Error::Missing("server"));
        }
        sqlx::query(
            "update access_grant
             set revoked_at = $2
             where server_id = $1
               and revoked_at is null",
        )
        .bind(id.uuid())
        .bind(at(now))
        .execute(&mut *self.tx)
        .await?;
        self.touch_all();
        Ok(())
    }
}
