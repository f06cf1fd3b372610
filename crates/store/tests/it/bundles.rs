//! What a bundle holds, and whose token opens one.

use jiff::SignedDuration;
use model::{Bundle, TokenEntry};
use policy::Category;
use store::{
    Conflict, Discovery, Error, FoundClass, FoundTool, IdentityChange, NewGrant, NewToken, ProtocolEra,
    ServerChange,
};

use crate::world::{World, fresh, new_grant, new_identity, new_server, new_token, now, put, rand_digest};

const HOUR: SignedDuration = SignedDuration::from_hours(1);

async fn open(world: &World, verifier: &[u8; 32]) -> Bundle {
    world.store.bundle_by_verifier(verifier, now()).await.unwrap().expect("a bundle").bundle
}

#[tokio::test]
async fn a_bundle_holds_the_identity_its_tokens_and_what_it_may_reach() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let found = world.store.bundle_by_verifier(&equipped.verifier, now()).await.unwrap().unwrap();
    assert_eq!(found.token, equipped.token);
    let bundle = found.bundle;
    assert_eq!(bundle.org.id, tenant.org);
    assert_eq!(bundle.org.slug.as_str(), "acme");
    assert_eq!(bundle.version, world.begin(&tenant).await.org().await.unwrap().version);
    assert_eq!(bundle.team.id, tenant.team);
    assert_eq!(bundle.identity.id, equipped.identity.id);
    assert_eq!(bundle.identity.labels["env"], "prod");
    assert_eq!(bundle.tokens, [TokenEntry { id: equipped.token, expires_at_ms: None }]);
    let grant = &bundle.grants[0];
    assert_eq!(grant.id, equipped.grant.id);
    assert_eq!(grant.server.url, "https://binance.example.com/mcp");
    assert_eq!(grant.server.headers.as_ref().unwrap().0, "sealed");
    let policy = grant.policy.as_ref().unwrap();
    assert_eq!((policy.id, policy.version), (equipped.policy, 1));
    assert_eq!(policy.document, r#"{"version":"1","default":"allow"}"#);
    let same = world.store.bundle_by_identity(equipped.identity.id).await.unwrap();
    assert_eq!(same, Some(bundle));
}

#[tokio::test]
async fn an_unknown_revoked_or_expired_token_opens_nothing() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let brief = rand_digest();
    let mut tx = world.begin(&tenant).await;
    new_token(&mut tx, equipped.identity.id, brief, Some(now() + HOUR)).await;
    tx.commit().await.unwrap();
    assert!(world.store.bundle_by_verifier(&brief, now()).await.unwrap().is_some());
    assert!(world.store.bundle_by_verifier(&brief, now() + HOUR).await.unwrap().is_none());
    assert!(world.store.bundle_by_verifier(&[3; 32], now()).await.unwrap().is_none());

    let mut tx = world.begin(&tenant).await;
    tx.revoke_token(equipped.identity.id, equipped.token, now()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(world.store.bundle_by_verifier(&equipped.verifier, now()).await.unwrap().is_none());
    let tokens = open(&world, &brief).await.tokens;
    assert!(tokens.iter().all(|token| token.id != equipped.token), "{tokens:?}");
}

#[tokio::test]
async fn a_removed_identity_has_no_bundle() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let mut tx = world.begin(&tenant).await;
    tx.remove_identity(tenant.team, equipped.identity.id, now()).await.unwrap();
    let late = NewToken {
        id: fresh(),
        identity: equipped.identity.id,
        name: String::new(),
        verifier: rand_digest(),
        last4: "late".to_owned(),
        expires_at: None,
    };
    assert!(matches!(tx.create_token(&late, now()).await, Err(Error::Missing("identity"))));
    tx.commit().await.unwrap();
    assert!(world.store.bundle_by_verifier(&equipped.verifier, now()).await.unwrap().is_none());
    assert!(world.store.bundle_by_identity(equipped.identity.id).await.unwrap().is_none());
}

#[tokio::test]
async fn a_personal_grant_stands_before_the_teams_and_revoked_ones_are_left_out() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let mut tx = world.begin(&tenant).await;
    let wide = new_grant(&mut tx, tenant.team, None, equipped.server.id, None).await;
    let other = new_server(&mut tx, "sperax").await;
    let only_wide = new_grant(&mut tx, tenant.team, None, other.id, None).await;
    let stranger = new_identity(&mut tx, tenant.team, "bob").await;
    let third = new_server(&mut tx, "third").await;
    new_grant(&mut tx, tenant.team, Some(stranger.id), third.id, None).await;
    tx.commit().await.unwrap();
    let ids = |bundle: &Bundle| bundle.grants.iter().map(|grant| grant.id).collect::<Vec<_>>();
    let mine = ids(&open(&world, &equipped.verifier).await);
    assert!(mine.contains(&equipped.grant.id) && mine.contains(&only_wide.id), "{mine:?}");
    assert_eq!(mine.len(), 2);

    let mut tx = world.begin(&tenant).await;
    tx.revoke_grant(tenant.team, equipped.grant.id, now()).await.unwrap();
    tx.commit().await.unwrap();
    let mine = ids(&open(&world, &equipped.verifier).await);
    assert!(mine.contains(&wide.id) && mine.len() == 2, "{mine:?}");
}

#[tokio::test]
async fn a_second_live_grant_for_the_same_server_is_a_conflict_until_the_first_is_revoked() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let new = NewGrant {
        id: fresh(),
        team: tenant.team,
        identity: Some(equipped.identity.id),
        server: equipped.server.id,
        policy: None,
        expires_at: None,
    };
    let refused = world.begin(&tenant).await.create_grant(&new, now()).await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::Grant))), "{refused:?}");
    let mut tx = world.begin(&tenant).await;
    tx.revoke_grant(tenant.team, equipped.grant.id, now()).await.unwrap();
    tx.create_grant(&new, now()).await.unwrap();
}

#[tokio::test]
async fn what_is_switched_off_or_over_stays_visible_as_such() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let mut tx = world.begin(&tenant).await;
    let off = IdentityChange { enabled: Some(false), ..IdentityChange::default() };
    tx.update_identity(tenant.team, equipped.identity.id, &off, now()).await.unwrap();
    let off = ServerChange { enabled: Some(false), ..ServerChange::default() };
    tx.update_server(equipped.server.id, &off, now()).await.unwrap();
    let over = store::GrantChange { expires_at: Some(Some(now() - HOUR)), policy: None };
    tx.update_grant(tenant.team, equipped.grant.id, &over).await.unwrap();
    tx.commit().await.unwrap();
    let bundle = open(&world, &equipped.verifier).await;
    assert!(!bundle.identity.enabled);
    assert!(!bundle.grants[0].server.enabled);
    assert_eq!(bundle.grants[0].expires_at_ms, Some((now() - HOUR).as_millisecond()));
}

#[tokio::test]
async fn the_latest_version_of_a_policy_is_in_force_at_once() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let before = open(&world, &equipped.verifier).await.version;
    let mut tx = world.begin(&tenant).await;
    put(&mut tx, equipped.server.id, "main", r#"{"version":"1","default":"deny"}"#).await;
    tx.commit().await.unwrap();
    let bundle = open(&world, &equipped.verifier).await;
    let policy = bundle.grants[0].policy.as_ref().unwrap();
    assert_eq!((policy.version, policy.document.as_str()), (2, r#"{"version":"1","default":"deny"}"#));
    assert_eq!(bundle.version, before + 1);
}

#[tokio::test]
async fn classes_of_tools_are_there_only_for_a_policy_that_asks_for_them() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let found = Discovery {
        era: ProtocolEra::Modern,
        protocol_version: "2026-07-28".to_owned(),
        server_info: None,
        tools: vec![FoundTool {
            name: "GetBalance".to_owned(),
            definition: "{}".to_owned(),
            hash: [1; 32],
            class: Some(FoundClass { category: Category::Read, confidence: 0.9, reasons: "{}".to_owned() }),
            annotations: Some(r#"{"readOnlyHint":true}"#.to_owned()),
        }],
    };
    let mut tx = world.begin(&tenant).await;
    tx.record_discovery(equipped.server.id, &found, now()).await.unwrap();
    tx.commit().await.unwrap();
    assert!(open(&world, &equipped.verifier).await.grants[0].tools.is_empty());

    let by_class = r#"{"version":"1","default":"deny","categories":{"read":{"action":"allow"}}}"#;
    let mut tx = world.begin(&tenant).await;
    put(&mut tx, equipped.server.id, "main", by_class).await;
    tx.commit().await.unwrap();
    let tools = open(&world, &equipped.verifier).await.grants.remove(0).tools;
    assert_eq!(tools.len(), 1);
    assert_eq!((tools[0].name.as_str(), tools[0].category), ("GetBalance", Category::Read));
}

#[tokio::test]
async fn a_bundle_too_large_for_gateways_is_reported_and_not_sent() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let mut tx = world.begin(&tenant).await;
    let long = format!(r#"{{"version":"1","description":"{}"}}"#, "x".repeat(model::BUNDLE_MAX_BYTES));
    put(&mut tx, equipped.server.id, "main", &long).await;
    tx.commit().await.unwrap();
    let refused = world.store.bundle_by_verifier(&equipped.verifier, now()).await;
    assert!(matches!(refused, Err(Error::Inconsistent { .. })), "{refused:?}");
}

#[tokio::test]
async fn a_caller_that_goes_away_leaves_no_connection_in_a_transaction() {
    let world = World::new().await;
    let equipped = world.equip(&world.tenant("acme").await).await;
    // One connection, so that whoever comes next gets what the one before left behind.
    let store = store::Store::connect(world.database.url(), 1).await.unwrap();
    for pause in 0..300_u64 {
        let asked = store.bundle_by_identity(equipped.identity.id);
        let _given_up = tokio::time::timeout(std::time::Duration::from_micros(pause * 5), asked).await;
        assert!(store.latest_seq().await.is_ok(), "after {pause}");
        assert!(store.bundle_by_identity(equipped.identity.id).await.unwrap().is_some(), "after {pause}");
    }
}

/// A server's only tool as it is found, with this definition and class.
fn found(definition: u8, category: Category) -> Discovery {
    Discovery {
        era: ProtocolEra::Modern,
        protocol_version: "2026-07-28".to_owned(),
        server_info: None,
        tools: vec![FoundTool {
            name: "tool".to_owned(),
            definition: "{}".to_owned(),
            hash: [definition; 32],
            class: Some(FoundClass { category, confidence: 0.9, reasons: "{}".to_owned() }),
            annotations: None,
        }],
    }
}

#[tokio::test]
async fn what_an_administrator_says_of_a_tool_holds_for_the_definition_they_saw() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let server = equipped.server.id;
    let by_class = r#"{"version":"1","default":"deny","categories":{"read":{"action":"allow"}}}"#;
    let mut tx = world.begin(&tenant).await;
    put(&mut tx, server, "main", by_class).await;
    tx.record_discovery(server, &found(1, Category::Destructive), now()).await.unwrap();
    tx.commit().await.unwrap();
    let before = open(&world, &equipped.verifier).await;
    assert_eq!(before.grants[0].tools[0].category, Category::Destructive);

    let say = |category| store::PutClass {
        server,
        tool: "tool",
        category,
        reason: "looked at it",
        author: tenant.user,
    };
    let mut tx = world.begin(&tenant).await;
    tx.override_class(&say(Category::Read), now()).await.unwrap();
    let unknown = tx.override_class(&store::PutClass { tool: "other", ..say(Category::Read) }, now()).await;
    assert!(matches!(unknown, Err(Error::Missing("tool"))), "{unknown:?}");
    tx.commit().await.unwrap();
    let after = open(&world, &equipped.verifier).await;
    assert_eq!(after.grants[0].tools[0].category, Category::Read);
    assert!(after.version > before.version, "gateways hear of it");

    // The same definition found again changes nothing; another one brings the worse class back.
    for (definition, category, in_force, outdated) in [
        (1, Category::Destructive, Category::Read, false),
        (2, Category::Write, Category::Write, true),
        (3, Category::Other, Category::Read, true),
    ] {
        let mut tx = world.begin(&tenant).await;
        tx.record_discovery(server, &found(definition, category), now()).await.unwrap();
        let tool = tx.tool(server, "tool").await.unwrap();
        assert_eq!((tool.category, tool.overridden.unwrap().outdated), (Some(in_force), outdated));
        tx.commit().await.unwrap();
        assert_eq!(open(&world, &equipped.verifier).await.grants[0].tools[0].category, in_force);
    }

    let mut tx = world.begin(&tenant).await;
    tx.restore_class(server, "tool").await.unwrap();
    let tool = tx.tool(server, "tool").await.unwrap();
    assert_eq!((tool.category, tool.overridden), (Some(Category::Other), None));
}
