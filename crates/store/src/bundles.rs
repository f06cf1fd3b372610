//! Bundles: everything about one identity, read in one snapshot so that its parts belong together.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use model::{
    AcceptedTool, Authenticated, BUNDLE_MAX_BYTES, BUNDLE_SCHEMA, Bundle, GrantEntry, GrantId, IdentityEntry,
    IdentityId, IdentityKind, OrgEntry, OrgId, PolicyEntry, PolicyId, SealedHeaders, ServerEntry, ServerId,
    TeamEntry, TeamId, TokenEntry, TokenId, ToolClass,
};
use policy::Category;
use sqlx::types::Json;
use sqlx::{FromRow, Postgres, Transaction};
use uuid::Uuid;

use crate::column::{digest, named, number, parsed};
use crate::connect::set;
use crate::{Error, Store};

/// All statements of such a transaction see the database at one moment.
pub(crate) const SNAPSHOT: &str = "begin isolation level repeatable read read only";

#[derive(FromRow)]
struct HeadRow {
    org_id: Uuid,
    org_slug: String,
    version: i64,
    org_enabled: bool,
    max_staleness_s: i32,
    capture_arguments: bool,
    explain_denials: bool,
    team_id: Uuid,
    team_slug: String,
    team_enabled: bool,
    identity_id: Uuid,
    kind: String,
    label: String,
    email: Option<String>,
    labels: Json<BTreeMap<String, String>>,
    identity_enabled: bool,
}

#[derive(FromRow)]
struct TokenRow {
    id: Uuid,
    expires_at: Option<jiff_sqlx::Timestamp>,
}

#[derive(FromRow)]
struct GrantRow {
    id: Uuid,
    expires_at: Option<jiff_sqlx::Timestamp>,
    server_id: Uuid,
    server_slug: String,
    url: String,
    sealed_headers: Option<String>,
    server_enabled: bool,
    pinned: bool,
    policy_id: Option<Uuid>,
    policy_version: Option<i32>,
    document: Option<String>,
}

#[derive(FromRow)]
struct ToolRow {
    server_id: Uuid,
    name: String,
    category: String,
    annotations: Option<String>,
}

impl Store {
    /// The bundle of whoever holds the token with this verifier; `None` when the token is unknown, revoked or expired
    /// at `now`. What is switched off or has expired beyond that is in the bundle as such, so that a gateway can say
    /// why it refuses.
    ///
    /// # Errors
    /// When the database fails, or the bundle would be larger than gateways take.
    pub async fn bundle_by_verifier(
        &self,
        verifier: &[u8; 32],
        now: Timestamp,
    ) -> Result<Option<Authenticated>, Error> {
        let mut tx = self.transaction(SNAPSHOT).await?;
        set(&mut tx, "app.token_verifier", &hexadecimal(verifier)).await?;
        let found: Option<(Uuid, Uuid, Uuid)> = sqlx::query_as(
            "select id, org_id, identity_id
             from token
             where verifier = $1
               and revoked_at is null
               and (expires_at is null or expires_at > $2)",
        )
        .bind(verifier.as_slice())
        .bind(crate::column::at(now))
        .fetch_optional(&mut *tx)
        .await?;
        let Some((token, org, identity)) = found else { return Ok(None) };
        let bundle = assemble(&mut tx, org, identity).await?;
        Ok(bundle.map(|bundle| Authenticated { token: TokenId::from_uuid(token), bundle }))
    }

    /// The bundle of an identity; `None` when there is no such identity (any more).
    ///
    /// # Errors
    /// When the database fails, or the bundle would be larger than gateways take.
    pub async fn bundle_by_identity(&self, identity: IdentityId) -> Result<Option<Bundle>, Error> {
        let mut tx = self.transaction(SNAPSHOT).await?;
        set(&mut tx, "app.identity", &identity.uuid().to_string()).await?;
        let org: Option<Uuid> = sqlx::query_scalar("select org_id from identity where id = $1")
            .bind(identity.uuid())
            .fetch_optional(&mut *tx)
            .await?;
        let Some(org) = org else { return Ok(None) };
        assemble(&mut tx, org, identity.uuid()).await
    }
}

/// Reads everything about an identity of this organisation.
async fn assemble(
    tx: &mut Transaction<'static, Postgres>,
    org: Uuid,
    identity: Uuid,
) -> Result<Option<Bundle>, Error> {
    set(tx, "app.org", &org.to_string()).await?;
    let Some(head) = head(tx, identity).await? else { return Ok(None) };
    let tokens = tokens(tx, identity).await?;
    let mut grants = grants(tx, head.team_id, identity).await?;
    add_classes(tx, &mut grants).await?;
    add_accepted(tx, &mut grants).await?;
    let bundle = Bundle {
        schema: BUNDLE_SCHEMA,
        version: number("org", head.version)?,
        org: OrgEntry {
            id: OrgId::from_uuid(head.org_id),
            slug: parsed("org", &head.org_slug)?,
            enabled: head.org_enabled,
            max_staleness_s: number("org", head.max_staleness_s)?,
            capture_arguments: head.capture_arguments,
            explain_denials: head.explain_denials,
        },
        team: TeamEntry {
            id: TeamId::from_uuid(head.team_id),
            slug: parsed("team", &head.team_slug)?,
            enabled: head.team_enabled,
        },
        identity: IdentityEntry {
            id: IdentityId::from_uuid(head.identity_id),
            kind: named("identity", &head.kind, IdentityKind::named)?,
            label: head.label,
            email: head.email,
            labels: head.labels.0,
            enabled: head.identity_enabled,
        },
        tokens,
        grants,
    };
    check_size(&bundle)?;
    Ok(Some(bundle))
}

async fn head(tx: &mut Transaction<'static, Postgres>, identity: Uuid) -> Result<Option<HeadRow>, Error> {
    let row = sqlx::query_as(
        "select org.id as org_id, org.slug as org_slug, org.version,
                org.enabled and org.delete_at is null as org_enabled,
                org.max_staleness_s, org.capture_arguments, org.explain_denials, team.id as team_id, team.slug as team_slug,
                team.enabled and team.removed_at is null as team_enabled, identity.id as identity_id, identity.kind, identity.label,
                identity.email, identity.labels, identity.enabled as identity_enabled
         from identity
         join team on team.org_id = identity.org_id and team.id = identity.team_id
         join org on org.id = identity.org_id
         where identity.id = $1
           and identity.removed_at is null",
    )
    .bind(identity)
    .fetch_optional(&mut **tx)
    .await?;
    Ok(row)
}

async fn tokens(tx: &mut Transaction<'static, Postgres>, identity: Uuid) -> Result<Vec<TokenEntry>, Error> {
    let rows: Vec<TokenRow> = sqlx::query_as(
        "select id, expires_at
         from token
         where identity_id = $1
           and revoked_at is null
         order by id",
    )
    .bind(identity)
    .fetch_all(&mut **tx)
    .await?;
    Ok(rows
        .into_iter()
        .map(|row| TokenEntry { id: TokenId::from_uuid(row.id), expires_at_ms: milliseconds(row.expires_at) })
        .collect())
}

/// One grant for each server: the identity's own where it has one, else the team's. An own grant that has expired
/// still stands before the team's, until it is revoked: what was narrowed does not widen by itself.
async fn grants(
    tx: &mut Transaction<'static, Postgres>,
    team: Uuid,
    identity: Uuid,
) -> Result<Vec<GrantEntry>, Error> {
    let rows: Vec<GrantRow> = sqlx::query_as(
        "select distinct on (access_grant.server_id)
                access_grant.id, access_grant.expires_at, server.id as server_id, server.slug as server_slug,
                server.url, server.sealed_headers, server.enabled as server_enabled, server.pinned, policy.id as policy_id,
                policy_version.version as policy_version, policy_version.document
         from access_grant
         join server on server.id = access_grant.server_id
         left join policy on policy.id = access_grant.policy_id
         left join policy_version
           on policy_version.policy_id = policy.id
          and policy_version.version = policy.latest_version
         where access_grant.team_id = $1
           and (access_grant.identity_id = $2 or access_grant.identity_id is null)
           and access_grant.revoked_at is null
           and server.removed_at is null
         order by access_grant.server_id, access_grant.identity_id nulls last",
    )
    .bind(team)
    .bind(identity)
    .fetch_all(&mut **tx)
    .await?;
    rows.into_iter().map(grant).collect()
}

fn grant(row: GrantRow) -> Result<GrantEntry, Error> {
    let policy = match (row.policy_id, row.policy_version, row.document) {
        (Some(id), Some(version), Some(document)) => Some(PolicyEntry {
            id: PolicyId::from_uuid(id),
            version: number("policy_version", version)?,
            document,
        }),
        (None, _, _) => None,
        (Some(id), _, _) => {
            let what = format!("policy {id} has no document for its latest version");
            return Err(Error::Inconsistent { table: "policy", what });
        }
    };
    Ok(GrantEntry {
        id: GrantId::from_uuid(row.id),
        expires_at_ms: milliseconds(row.expires_at),
        server: ServerEntry {
            id: ServerId::from_uuid(row.server_id),
            slug: parsed("server", &row.server_slug)?,
            url: row.url,
            headers: row.sealed_headers.map(SealedHeaders),
            enabled: row.server_enabled,
        },
        policy,
        tools: Vec::new(),
        // Which, is added for those that are pinned.
        accepted: row.pinned.then(Vec::new),
    })
}

/// Adds the classes of a server's tools to the grants whose policy asks for them.
async fn add_classes(
    tx: &mut Transaction<'static, Postgres>,
    grants: &mut [GrantEntry],
) -> Result<(), Error> {
    let servers: BTreeSet<Uuid> = grants
        .iter()
        .filter(|grant| grant.policy.as_ref().is_some_and(asks_for_classes))
        .map(|grant| grant.server.id.uuid())
        .collect();
    if servers.is_empty() {
        return Ok(());
    }
    let rows: Vec<ToolRow> = sqlx::query_as(
        "select server_id, name, annotations,
                tool_class(category, override_category, override_hash, hash) as category
         from server_tool
         where server_id = any ($1)
           and gone_at is null
           and coalesce(category, override_category) is not null
         order by server_id, name",
    )
    .bind(servers.into_iter().collect::<Vec<_>>())
    .fetch_all(&mut **tx)
    .await?;
    let mut tools: BTreeMap<Uuid, Vec<ToolClass>> = BTreeMap::new();
    for row in rows {
        tools.entry(row.server_id).or_default().push(ToolClass {
            name: row.name,
            category: named("server_tool", &row.category, Category::named)?,
            annotations: row.annotations,
        });
    }
    for grant in grants {
        grant.tools = tools.remove(&grant.server.id.uuid()).unwrap_or_default();
    }
    Ok(())
}

/// Adds the tools that may be called to the grants whose server's definitions are pinned.
async fn add_accepted(
    tx: &mut Transaction<'static, Postgres>,
    grants: &mut [GrantEntry],
) -> Result<(), Error> {
    let servers: BTreeSet<Uuid> =
        grants.iter().filter(|grant| grant.accepted.is_some()).map(|grant| grant.server.id.uuid()).collect();
    if servers.is_empty() {
        return Ok(());
    }
    let rows: Vec<(Uuid, String, Vec<u8>)> = sqlx::query_as(
        "select server_id, name, hash
         from server_tool
         where server_id = any ($1)
           and gone_at is null
           and accepted_hash = hash
         order by server_id, name",
    )
    .bind(servers.into_iter().collect::<Vec<_>>())
    .fetch_all(&mut **tx)
    .await?;
    let mut tools: BTreeMap<Uuid, Vec<AcceptedTool>> = BTreeMap::new();
    for (server, name, hash) in rows {
        let hash = hexadecimal(&digest("server_tool", &hash)?);
        tools.entry(server).or_default().push(AcceptedTool { name, hash });
    }
    for grant in grants {
        if let Some(accepted) = &mut grant.accepted {
            *accepted = tools.remove(&grant.server.id.uuid()).unwrap_or_default();
        }
    }
    Ok(())
}

/// Whether a policy tells tools apart by class. One that does not compile rules nothing, so it needs none.
fn asks_for_classes(policy: &PolicyEntry) -> bool {
    policy::Policy::compile(policy.document.as_bytes()).is_ok_and(|compiled| compiled.policy.uses_classes())
}

fn check_size(bundle: &Bundle) -> Result<(), Error> {
    let size = serde_json::to_vec(bundle).map_or(usize::MAX, |text| text.len());
    if size > BUNDLE_MAX_BYTES {
        let what = format!(
            "what {} may do takes {size} bytes, more than the {BUNDLE_MAX_BYTES} that gateways accept; \
             shorten its policies or give it fewer grants",
            bundle.identity.id
        );
        return Err(Error::Inconsistent { table: "access_grant", what });
    }
    Ok(())
}

fn milliseconds(time: Option<jiff_sqlx::Timestamp>) -> Option<i64> {
    time.map(|time| time.to_jiff().as_millisecond())
}

/// A digest as it is shown.
#[must_use]
pub fn hexadecimal(bytes: &[u8; 32]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
