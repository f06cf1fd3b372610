//! The change feed: complete, in order, and moved by exactly what gateways must hear of.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use store::{Discovery, FoundTool, IdentityChange, ProtocolEra, ServerChange};

use crate::world::{World, new_identity, new_server, now, put};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_reader_that_follows_the_feed_misses_nothing_while_many_write() {
    const WRITERS: usize = 6;
    const WRITES: usize = 25;
    let world = Arc::new(World::new().await);
    let mut tenants = Vec::new();
    for n in 0..WRITERS {
        let tenant = world.tenant(&format!("org{n}")).await;
        let equipped = world.equip(&tenant).await;
        tenants.push((tenant, equipped));
    }
    let start = world.store.latest_seq().await.unwrap();
    let done = Arc::new(AtomicBool::new(false));
    let reader = tokio::spawn({
        let (world, done) = (world.clone(), done.clone());
        async move {
            let mut seen = Vec::new();
            let mut position = start;
            loop {
                let last_round = done.load(Ordering::SeqCst);
                let changes = world.store.changes_after(position, 1000).await.unwrap();
                position = changes.last().map_or(position, |change| change.seq);
                seen.extend(changes);
                if last_round {
                    return seen;
                }
            }
        }
    });
    let mut writers = Vec::new();
    for (tenant, equipped) in tenants {
        let world = world.clone();
        writers.push(tokio::spawn(async move {
            for _ in 0..WRITES {
                let mut tx = world.begin(&tenant).await;
                let change = IdentityChange { enabled: Some(true), ..IdentityChange::default() };
                tx.update_identity(tenant.team, equipped.identity.id, &change, now()).await.unwrap();
                tx.commit().await.unwrap();
            }
            tenant.org
        }));
    }
    let mut orgs = Vec::new();
    for writer in writers {
        orgs.push(writer.await.unwrap());
    }
    done.store(true, Ordering::SeqCst);
    let seen = reader.await.unwrap();
    assert_eq!(seen.len(), WRITERS * WRITES);
    assert!(seen.is_sorted_by(|a, b| a.seq < b.seq));
    for org in orgs {
        let versions: Vec<_> = seen.iter().filter(|change| change.org == org).map(|c| c.version).collect();
        assert!(versions.is_sorted_by(|a, b| a + 1 == *b), "{versions:?}");
    }
}

#[tokio::test]
async fn what_no_gateway_needs_to_know_raises_no_version() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let before = world.store.latest_seq().await.unwrap();
    let mut tx = world.begin(&tenant).await;
    let version = tx.org().await.unwrap().version;
    let server = new_server(&mut tx, "binance").await;
    put(&mut tx, server.id, "main", "{}").await;
    put(&mut tx, server.id, "main", "{}").await;
    new_identity(&mut tx, tenant.team, "bob").await;
    tx.commit().await.unwrap();
    assert_eq!(world.store.latest_seq().await.unwrap(), before);
    assert_eq!(world.begin(&tenant).await.org().await.unwrap().version, version);
}

#[tokio::test]
async fn each_kind_of_write_that_matters_raises_the_version_once_and_names_whom_it_touches() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let identity = Some(equipped.identity.id);
    let mut position = world.store.latest_seq().await.unwrap();
    let mut version = world.begin(&tenant).await.org().await.unwrap().version;
    macro_rules! touches {
        ($tx:ident, $whom:expr, $work:expr) => {{
            let mut $tx = world.begin(&tenant).await;
            $work;
            $tx.commit().await.unwrap();
            let changes = world.store.changes_after(position, 10).await.unwrap();
            assert_eq!(changes.len(), 1, "{}", stringify!($work));
            assert_eq!(changes[0].identity, $whom, "{}", stringify!($work));
            assert_eq!(changes[0].version, version + 1);
            (position, version) = (changes[0].seq, version + 1);
        }};
    }
    let disabled = ServerChange { enabled: Some(false), ..ServerChange::default() };
    touches!(tx, None, tx.update_server(equipped.server.id, &disabled, now()).await.unwrap());
    touches!(tx, None, put(&mut tx, equipped.server.id, "main", "{ }").await);
    touches!(tx, None, tx.record_discovery(equipped.server.id, &one_tool(1), now()).await.unwrap());
    touches!(tx, identity, { tx.revoke_token(equipped.identity.id, equipped.token, now()).await.unwrap() });
    touches!(tx, identity, tx.revoke_grant(tenant.team, equipped.grant.id, now()).await.unwrap());
    touches!(tx, identity, { tx.remove_identity(tenant.team, equipped.identity.id, now()).await.unwrap() });
    touches!(tx, None, tx.remove_server(equipped.server.id, now()).await.unwrap());
    assert_eq!(world.store.latest_seq().await.unwrap(), position);
    assert_eq!(world.begin(&tenant).await.org().await.unwrap().version, version);
}

#[tokio::test]
async fn a_discovery_that_finds_nothing_new_touches_nobody() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let mut tx = world.begin(&tenant).await;
    let first = tx.record_discovery(equipped.server.id, &one_tool(1), now()).await.unwrap();
    assert_eq!((first.added, first.changed, first.gone), (1, 0, 0));
    tx.commit().await.unwrap();
    let position = world.store.latest_seq().await.unwrap();

    let mut tx = world.begin(&tenant).await;
    let again = tx.record_discovery(equipped.server.id, &one_tool(1), now()).await.unwrap();
    assert_eq!((again.added, again.changed, again.gone), (0, 0, 0));
    tx.commit().await.unwrap();
    assert_eq!(world.store.latest_seq().await.unwrap(), position);

    let mut tx = world.begin(&tenant).await;
    let other = tx.record_discovery(equipped.server.id, &one_tool(2), now()).await.unwrap();
    assert_eq!((other.added, other.changed, other.gone), (0, 1, 0));
    let empty = Discovery { tools: Vec::new(), ..one_tool(2) };
    let gone = tx.record_discovery(equipped.server.id, &empty, now()).await.unwrap();
    assert_eq!((gone.added, gone.changed, gone.gone), (0, 0, 1));
    let back = tx.record_discovery(equipped.server.id, &one_tool(2), now()).await.unwrap();
    assert_eq!((back.added, back.changed, back.gone), (1, 0, 0));
}

#[tokio::test]
async fn the_hint_moves_when_a_change_is_committed() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let hint = world.store.changed();
    world.equip(&tenant).await;
    assert!(hint.has_changed().unwrap());
    assert_eq!(*hint.borrow(), world.store.latest_seq().await.unwrap());
}

fn one_tool(hash: u8) -> Discovery {
    Discovery {
        era: ProtocolEra::Legacy,
        protocol_version: "2025-11-25".to_owned(),
        server_info: None,
        tools: vec![FoundTool {
            name: "GetBalance".to_owned(),
            definition: "{}".to_owned(),
            hash: [hash; 32],
            class: None,
            annotations: None,
        }],
    }
}
