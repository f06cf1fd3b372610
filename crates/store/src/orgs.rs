//! Organisations: the tenants.

use jiff::Timestamp;
use model::{OrgId, Slug};
use sqlx::FromRow;
use uuid::Uuid;

use crate::column::{number, parsed};
use crate::{Error, OrgTx};

/// A tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Org {
    /// Its id.
    pub id: OrgId,
    /// Its name in addresses.
    pub slug: Slug,
    /// Its name for people.
    pub name: String,
    /// Rises with every change that gateways hear of.
    pub version: u64,
    /// False once it is suspended.
    pub enabled: bool,
    /// How long a gateway may go on without word from the control plane, in seconds.
    pub max_staleness_s: u32,
    /// When it was made.
    pub created_at: Timestamp,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    slug: String,
    name: String,
    version: i64,
    enabled: bool,
    max_staleness_s: i32,
    created_at: jiff_sqlx::Timestamp,
}

impl OrgTx {
    /// The organisation itself.
    ///
    /// # Errors
    /// [`Error::Missing`] when it does not exist.
    pub async fn org(&mut self) -> Result<Org, Error> {
        let row: Row = sqlx::query_as(
            "select id, slug, name, version, enabled, max_staleness_s, created_at
             from org
             where id = $1",
        )
        .bind(self.id.uuid())
        .fetch_optional(&mut *self.tx)
        .await?
        .ok_or(Error::Missing("organisation"))?;
        Ok(Org {
            id: OrgId::from_uuid(row.id),
            slug: parsed("org", &row.slug)?,
            name: row.name,
            version: number("org", row.version)?,
            enabled: row.enabled,
            max_staleness_s: number("org", row.max_staleness_s)?,
            created_at: row.created_at.to_jiff(),
        })
    }
}
