//! Tenants kept apart by the database itself, checked on every table there is: a new one without row security, or
//! without rows in this test, fails it.

use model::OrgId;
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, Postgres, Transaction};
use store::{Discovery, FoundTool, ProtocolEra, Store};

use crate::approvals::request;
use crate::events::{intent, outcome};
use crate::world::{Equipped, Tenant, World, new_grant, new_server, now};

/// Postgres's code both for a missing privilege and for a row that row security refuses.
const REFUSED: &str = "42501";

struct Pair {
    world: World,
    acme: (Tenant, Equipped),
    umbrella: (Tenant, Equipped),
}

async fn pair() -> Pair {
    let world = World::new().await;
    let mut both = Vec::new();
    for name in ["acme", "umbrella"] {
        let tenant = world.tenant(name).await;
        let equipped = world.equip(&tenant).await;
        let mut tx = world.begin(&tenant).await;
        let found = Discovery {
            era: ProtocolEra::Modern,
            protocol_version: "2026-07-28".to_owned(),
            server_info: None,
            tools: vec![FoundTool {
                name: "GetBalance".to_owned(),
                definition: "{}".to_owned(),
                hash: [1; 32],
                class: None,
                annotations: None,
            }],
        };
        tx.record_discovery(equipped.server.id, &found, now()).await.unwrap();
        let waiting = request(&tenant, &equipped, 1);
        tx.ask_approval(&waiting, 50, now()).await.unwrap();
        tx.decide_approval(waiting.id, tenant.user, (true, None), now()).await.unwrap();
        let invitation = store::NewInvitation {
            id: crate::world::fresh(),
            email: "bob@example.com",
            role: model::Role::Viewer,
            team: Some(tenant.team),
            verifier: &crate::world::rand_digest(),
            invited_by: tenant.user,
            expires_at: now() + jiff::SignedDuration::from_hours(1),
            letter: store::NewMail { subject: "Invitation", body: "Join" },
        };
        tx.invite(&invitation, now()).await.unwrap();
        let key = store::NewApiKey {
            id: crate::world::fresh(),
            name: "ci".to_owned(),
            verifier: key_verifier(&tenant),
            last4: "aB3d".to_owned(),
            scopes: vec![model::Scope::Read].try_into().unwrap(),
            created_by: tenant.user,
            expires_at: None,
        };
        tx.create_api_key(&key, now()).await.unwrap();
        tx.commit().await.unwrap();
        let intent = intent(&tenant, &equipped, 1);
        let outcome = outcome(&intent);
        let counted = crate::recovery::counted(&tenant, &equipped, 2, "1");
        world.store.insert_events(&[intent, outcome, counted], now()).await.unwrap();
        crate::recovery::Gateway::new(1).lose(&world, tenant.org, 0).await;
        both.push((tenant, equipped));
    }
    let umbrella = both.pop().unwrap();
    let acme = both.pop().unwrap();
    Pair { world, acme, umbrella }
}

fn key_verifier(tenant: &Tenant) -> [u8; 32] {
    let mut verifier = [7; 32];
    verifier[..16].copy_from_slice(tenant.org.uuid().as_bytes());
    verifier
}

/// Tables that hold tenants' rows, with the column that says whose; partitions are listed apart.
async fn tables(owner: &mut PgConnection, partitions: bool) -> Vec<(String, &'static str)> {
    let names: Vec<(String, bool)> = sqlx::query_as(
        "select pg_class.relname::text, pg_class.relname = 'org'
         from pg_class
         where relnamespace = 'public'::regnamespace
           and relkind in ('r', 'p')
           and relispartition = $1
           and (relname = 'org' or exists (
             select from pg_attribute
             where attrelid = pg_class.oid and attname = 'org_id' and not attisdropped
           ))
         order by 1",
    )
    .bind(partitions)
    .fetch_all(owner)
    .await
    .unwrap();
    names.into_iter().map(|(name, is_org)| (name, if is_org { "id" } else { "org_id" })).collect()
}

async fn owner(world: &World) -> PgConnection {
    PgConnection::connect(world.database.url()).await.unwrap()
}

/// A transaction as the application's role, for this organisation or for none.
async fn as_app<'a>(owner: &'a mut PgConnection, org: Option<OrgId>) -> Transaction<'a, Postgres> {
    let mut tx = owner.begin().await.unwrap();
    tx.execute("set local role policylayer_app").await.unwrap();
    if let Some(org) = org {
        sqlx::query("select set_config('app.org', $1, true)")
            .bind(org.uuid().to_string())
            .execute(&mut *tx)
            .await
            .unwrap();
    }
    tx
}

/// Runs a statement for an organisation: how many rows it touched, or that it was refused.
async fn rows_touched(owner: &mut PgConnection, org: Option<OrgId>, sql: String) -> Result<u64, String> {
    let mut tx = as_app(owner, org).await;
    let outcome = tx.execute(AssertSqlSafe(sql)).await;
    tx.rollback().await.unwrap();
    match outcome {
        Ok(done) => Ok(done.rows_affected()),
        Err(error) => {
            let code = error.as_database_error().and_then(|fault| fault.code()).unwrap_or_default();
            assert_eq!(code, REFUSED, "{error}");
            Err(code.into_owned())
        }
    }
}

#[tokio::test]
async fn sec_24_every_tenant_table_and_partition_forces_row_security() {
    let pair = pair().await;
    let mut owner = owner(&pair.world).await;
    let mut all = tables(&mut owner, false).await;
    assert!(all.len() >= 16, "{all:?}");
    let partitions = tables(&mut owner, true).await;
    assert!(partitions.len() >= 4, "{partitions:?}");
    all.extend(partitions);
    for (table, _) in all {
        let forced: bool = sqlx::query_scalar(
            "select relrowsecurity and relforcerowsecurity
             from pg_class
             where oid = to_regclass($1)",
        )
        .bind(&table)
        .fetch_one(&mut owner)
        .await
        .unwrap();
        assert!(forced, "{table}");
    }
}

#[tokio::test]
async fn sec_24_without_an_organisation_no_row_is_seen() {
    let pair = pair().await;
    let mut owner = owner(&pair.world).await;
    for (table, _) in tables(&mut owner, false).await {
        let seen = rows_touched(&mut owner, None, format!("select from {table}")).await;
        assert_eq!(seen, Ok(0), "{table}");
    }
    for (partition, _) in tables(&mut owner, true).await {
        let seen = rows_touched(&mut owner, Some(pair.acme.0.org), format!("select from {partition}")).await;
        assert_eq!(seen, Err(REFUSED.to_owned()), "{partition}");
    }
}

#[tokio::test]
async fn sec_24_no_statement_of_one_organisation_reaches_a_row_of_another() {
    let pair = pair().await;
    let mut owner = owner(&pair.world).await;
    let (ours, theirs) = (pair.acme.0.org, pair.umbrella.0.org);
    for (table, column) in tables(&mut owner, false).await {
        for org in [ours, theirs] {
            let own = rows_touched(
                &mut owner,
                Some(org),
                format!("select from {table} where {column} = '{}'", org.uuid()),
            )
            .await;
            assert!(own.unwrap() > 0, "{table} has no row of {org} to test with");
        }
        let (us, them) = (ours.uuid(), theirs.uuid());
        for statement in [
            format!("select from {table} where {column} = '{them}'"),
            format!("update {table} set {column} = {column} where {column} = '{them}'"),
            format!("update {table} set {column} = '{us}' where {column} = '{them}'"),
            format!("delete from {table} where {column} = '{them}'"),
        ] {
            let reached = rows_touched(&mut owner, Some(ours), statement.clone()).await;
            assert!(matches!(reached, Ok(0) | Err(_)), "{statement}: {reached:?}");
        }
        let moved = format!("update {table} set {column} = '{them}' where {column} = '{us}'");
        assert!(rows_touched(&mut owner, Some(ours), moved).await.is_err(), "{table}: a row was given away");
        let row: String = sqlx::query_scalar(AssertSqlSafe(format!(
            "select quote_literal(to_jsonb({table})::text) from {table} where {column} = '{them}' limit 1"
        )))
        .fetch_one(&mut owner)
        .await
        .unwrap();
        let planted = format!(
            "insert into {table} overriding system value \
             select (jsonb_populate_record(null::{table}, {row}::jsonb)).*"
        );
        let planted = rows_touched(&mut owner, Some(ours), planted).await;
        assert!(planted.is_err(), "{table}: a row was planted");
    }
}

#[tokio::test]
async fn sec_24_references_cannot_cross_organisations() {
    let pair = pair().await;
    let (acme, umbrella) = (&pair.acme, &pair.umbrella);
    let mut tx = pair.world.begin(&acme.0).await;
    let ours = new_server(&mut tx, "second").await;
    tx.commit().await.unwrap();
    let foreign_server = umbrella.1.server.id;
    let foreign_policy = Some(umbrella.1.policy);
    for (server, policy) in [(foreign_server, None), (ours.id, foreign_policy)] {
        let mut tx = pair.world.begin(&acme.0).await;
        let new = store::NewGrant {
            id: crate::world::fresh(),
            team: acme.0.team,
            identity: None,
            server,
            policy,
            expires_at: None,
        };
        let refused = tx.create_grant(&new, now()).await;
        assert!(matches!(refused, Err(store::Error::Missing(_))), "{refused:?}");
    }
    // Nor can a policy rule a server that it was not written for.
    let mut tx = pair.world.begin(&acme.0).await;
    let new = store::NewGrant {
        id: crate::world::fresh(),
        team: acme.0.team,
        identity: None,
        server: ours.id,
        policy: Some(acme.1.policy),
        expires_at: None,
    };
    assert!(matches!(tx.create_grant(&new, now()).await, Err(store::Error::Missing("policy"))));
    let mut tx = pair.world.begin(&acme.0).await;
    new_grant(&mut tx, acme.0.team, None, ours.id, None).await;
}

#[tokio::test]
async fn sec_24_a_connection_used_again_remembers_no_organisation() {
    let pair = pair().await;
    let mut owner = owner(&pair.world).await;
    let mut tx = as_app(&mut owner, Some(pair.acme.0.org)).await;
    assert!(tx.execute("select from server").await.unwrap().rows_affected() > 0);
    tx.commit().await.unwrap();
    assert_eq!(rows_touched(&mut owner, None, "select from server".to_owned()).await, Ok(0));
}

#[tokio::test]
async fn sec_24_narrow_look_ups_show_exactly_what_was_named_and_change_nothing() {
    let pair = pair().await;
    let mut owner = owner(&pair.world).await;
    let user = pair.acme.0.user.uuid().to_string();
    let verifier: String = pair.acme.1.verifier.iter().map(|byte| format!("{byte:02x}")).collect();
    let key: String = key_verifier(&pair.acme.0).iter().map(|byte| format!("{byte:02x}")).collect();
    for digest in [[8; 32], [9; 32]] {
        pair.world.store.begin_request(&digest, &[1; 32], jiff::Timestamp::now()).await.unwrap();
    }
    let request = "08".repeat(32);
    let identity = pair.acme.1.identity.id.uuid().to_string();
    for (setting, value, table, shown) in [
        ("app.user", user.as_str(), "membership", 1),
        ("app.user", user.as_str(), "org", 1),
        ("app.user", user.as_str(), "team", 1),
        ("app.user", user.as_str(), "server", 0),
        ("app.user", user.as_str(), "token", 0),
        ("app.token_verifier", verifier.as_str(), "token", 1),
        ("app.token_verifier", verifier.as_str(), "identity", 0),
        ("app.key_verifier", key.as_str(), "api_key", 1),
        ("app.key_verifier", key.as_str(), "token", 0),
        ("app.key_verifier", key.as_str(), "org", 0),
        ("app.identity", identity.as_str(), "identity", 1),
        ("app.identity", identity.as_str(), "access_grant", 0),
        ("app.feed", "all", "audit_event", 0),
        ("app.feed", "all", "org", 0),
        ("app.feed", "all", "counter_epoch", 2),
        ("app.feed", "all", "counter_taken", 0),
        ("app.sweep", "ended", "counter_taken", 0),
        ("app.sweep", "ended", "kept_answer", 0),
        ("app.request", request.as_str(), "kept_answer", 1),
        ("app.request", key.as_str(), "kept_answer", 0),
    ] {
        let mut tx = as_app(&mut owner, None).await;
        sqlx::query("select set_config($1, $2, true)")
            .bind(setting)
            .bind(value)
            .execute(&mut *tx)
            .await
            .unwrap();
        let seen = tx.execute(AssertSqlSafe(format!("select from {table}"))).await.unwrap().rows_affected();
        assert_eq!(seen, shown, "{setting} on {table}");
        if table != "change" && table != "audit_event" && table != "kept_answer" {
            let column = if table == "org" { "id" } else { "org_id" };
            let sql = format!("update {table} set {column} = {column}");
            let changed = tx.execute(AssertSqlSafe(sql)).await.unwrap().rows_affected();
            assert_eq!(changed, 0, "{setting} on {table}");
        }
        tx.rollback().await.unwrap();
    }
}

#[tokio::test]
async fn the_application_cannot_rewrite_what_is_append_only() {
    let pair = pair().await;
    let mut owner = owner(&pair.world).await;
    for table in ["audit_event", "audit_outcome", "admin_event", "policy_version", "change"] {
        for statement in [format!("delete from {table}"), format!("update {table} set org_id = org_id")] {
            let refused = rows_touched(&mut owner, Some(pair.acme.0.org), statement.clone()).await;
            assert!(refused.is_err(), "{statement}");
        }
    }
}

#[tokio::test]
async fn sec_24_only_reviewed_functions_run_with_their_owners_rights() {
    let pair = pair().await;
    let names: Vec<String> = sqlx::query_scalar(
        "select proname::text from pg_proc where prosecdef and pronamespace = 'public'::regnamespace",
    )
    .fetch_all(&mut owner(&pair.world).await)
    .await
    .unwrap();
    assert_eq!(names, ["ensure_audit_month", "erase_org"]);
    let views: i64 = sqlx::query_scalar(
        "select count(*) from pg_class where relkind in ('v', 'm') and relnamespace = 'public'::regnamespace",
    )
    .fetch_one(&mut owner(&pair.world).await)
    .await
    .unwrap();
    assert_eq!(views, 0, "a view would have to be one of its invoker's rights");
}

#[tokio::test]
async fn sec_24_an_erased_organisation_leaves_no_row_anywhere_and_its_neighbour_loses_none() {
    let pair = pair().await;
    let mut owner = owner(&pair.world).await;
    let (gone, stays) = (pair.acme.0.org, pair.umbrella.0.org);
    let tables = tables(&mut owner, false).await;
    let count = async |owner: &mut PgConnection, org: OrgId| {
        let mut rows = Vec::new();
        for (table, column) in &tables {
            let sql = format!("select count(*) from {table} where {column} = '{}'", org.uuid());
            let count: i64 = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut *owner).await.unwrap();
            rows.push((table.clone(), count));
        }
        rows
    };
    let mut tx = pair.world.begin(&pair.acme.0).await;
    let day = jiff::SignedDuration::from_hours(24);
    assert!(tx.end_org(now() + day).await.unwrap());
    assert!(!tx.end_org(now()).await.unwrap(), "the time stays what it was");
    tx.commit().await.unwrap();
    let before = count(&mut owner, stays).await;
    assert_eq!(pair.world.store.erase_orgs(now()).await.unwrap(), 0, "not before its time");
    assert!(count(&mut owner, gone).await.iter().all(|(_, rows)| *rows > 0));
    assert_eq!(pair.world.store.erase_orgs(now() + day).await.unwrap(), 1);
    let left: Vec<_> = count(&mut owner, gone).await.into_iter().filter(|(_, rows)| *rows > 0).collect();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(count(&mut owner, stays).await, before);
}

#[tokio::test]
async fn sec_24_a_store_refuses_a_role_that_row_security_does_not_bind() {
    let world = World::new().await;
    let mut owner = owner(&world).await;
    // Owning a table is enough; the role itself is shared by all tests and stays as it is.
    owner.execute("alter table team owner to policylayer_app").await.unwrap();
    let refused = Store::connect(world.database.url(), 1).await;
    assert!(matches!(refused, Err(store::Error::Unfit(_))), "{refused:?}");
}

#[tokio::test]
async fn a_store_refuses_a_schema_older_than_itself_and_says_what_to_run() {
    let world = World::new().await;
    let mut owner = owner(&world).await;
    owner.execute("delete from _sqlx_migrations where version > 3").await.unwrap();
    let refused = Store::connect(world.database.url(), 1).await.unwrap_err().to_string();
    assert!(refused.contains("version 3") && refused.contains("policylayer migrate"), "{refused}");
}
