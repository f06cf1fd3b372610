//! Definitions of tools that people have accepted, and asking servers again for those that they have now.

use jiff::{SignedDuration, Timestamp};
use model::{OrgId, ServerId, Slug, UserId};
use sqlx::FromRow;
use uuid::Uuid;

use crate::bundles::SNAPSHOT;
use crate::column::{at, digest, parsed};
use crate::connect::set;
use crate::{Conflict, Error, OrgTx, Store};

/// The definition of a tool that was accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accepted {
    /// The whole definition, as JSON.
    pub definition: String,
    /// Digest of the definition in canonical form.
    pub hash: [u8; 32],
    /// When it was accepted.
    pub at: Timestamp,
    /// By whom; `None` when it was there at registration, or the account is gone.
    pub author: Option<UserId>,
}

/// The columns of it.
#[derive(FromRow)]
pub(crate) struct AcceptedRow {
    accepted_definition: Option<String>,
    accepted_hash: Option<Vec<u8>>,
    accepted_at: Option<jiff_sqlx::Timestamp>,
    accepted_by: Option<Uuid>,
}

impl AcceptedRow {
    pub(crate) fn accepted(self) -> Result<Option<Accepted>, Error> {
        let (Some(definition), Some(hash), Some(since)) =
            (self.accepted_definition, self.accepted_hash, self.accepted_at)
        else {
            return Ok(None);
        };
        let hash = digest("server_tool", &hash)?;
        let author = self.accepted_by.map(UserId::from_uuid);
        Ok(Some(Accepted { definition, hash, at: since.to_jiff(), author }))
    }
}

impl OrgTx {
    /// Accepts the definitions that tools have now: pairs of a tool's name and the digest that was looked at, hexadecimal.
    ///
    /// # Errors
    /// [`Conflict::Definition`] when a tool has another definition by now, or is not listed any more; none is accepted then.
    pub async fn accept_definitions(
        &mut self,
        server: ServerId,
        tools: &[(&str, &str)],
        author: UserId,
        now: Timestamp,
    ) -> Result<(), Error> {
        let accepted = sqlx::query(
            "update server_tool
             set accepted_definition = server_tool.definition, accepted_hash = server_tool.hash, accepted_at = $4, accepted_by = $5
             from unnest($2::text[], $3::text[]) as seen (name, hash)
             where server_tool.server_id = $1
               and server_tool.gone_at is null
               and server_tool.name = seen.name
               and encode(server_tool.hash, 'hex') = seen.hash",
        )
        .bind(server.uuid())
        .bind(tools.iter().map(|(name, _)| *name).collect::<Vec<_>>())
        .bind(tools.iter().map(|(_, hash)| *hash).collect::<Vec<_>>())
        .bind(at(now))
        .bind(author.uuid())
        .execute(&mut *self.tx)
        .await?
        .rows_affected();
        if accepted != tools.len() as u64 {
            return Err(Error::Conflict(Conflict::Definition));
        }
        self.touch_all();
        Ok(())
    }

    /// Takes it on to ask a server for its tools again. False when somebody else has just done so, or the organisation is
    /// switched off.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn begin_relisting(
        &mut self,
        server: ServerId,
        freshness: &Freshness,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let begun: Option<bool> = sqlx::query_scalar(
            "update server
             set relisted_at = $4
             from org
             where server.id = $1
               and org.id = server.org_id
               and server.enabled
               and server.removed_at is null
               and greatest(server.discovered_at, server.relisted_at)
                   < case when server.pinned then $2 else $3 end
             returning org.enabled and org.delete_at is null",
        )
        .bind(server.uuid())
        .bind(before(now, freshness.pinned))
        .bind(before(now, freshness.others))
        .bind(at(now))
        .fetch_optional(&mut *self.tx)
        .await?;
        Ok(begun.unwrap_or(false))
    }
}

/// How long a server's tools may stand unasked.
#[derive(Debug, Clone, Copy)]
pub struct Freshness {
    /// Where its definitions are pinned.
    pub pinned: SignedDuration,
    /// Where they are not.
    pub others: SignedDuration,
}

impl Store {
    /// Up to `most` servers that are due to be asked for their tools again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn servers_to_relist(
        &self,
        freshness: &Freshness,
        most: u32,
        now: Timestamp,
    ) -> Result<Vec<(OrgId, Slug)>, Error> {
        let mut tx = self.transaction(SNAPSHOT).await?;
        set(&mut tx, "app.sweep", "servers").await?;
        let rows: Vec<(Uuid, String)> = sqlx::query_as(
            "select org_id, slug
             from server
             where greatest(discovered_at, relisted_at) < case when pinned then $1 else $2 end
             order by greatest(discovered_at, relisted_at)
             limit $3",
        )
        .bind(before(now, freshness.pinned))
        .bind(before(now, freshness.others))
        .bind(i64::from(most))
        .fetch_all(&mut *tx)
        .await?;
        tx.rollback().await?;
        rows.into_iter()
            .map(|(org, server)| Ok((OrgId::from_uuid(org), parsed("server", &server)?)))
            .collect()
    }
}

fn before(now: Timestamp, span: SignedDuration) -> jiff_sqlx::Timestamp {
    at(now.saturating_sub(span).unwrap_or(now))
}
