//! Servers, policies, identities and the rest: what is special about each.

use store::{Conflict, Error, HeaderChange, NewIdentity, NewServer, NewTeam, PutPolicy, ServerChange};

use crate::world::{World, fresh, new_identity, new_server, now, put, slug};

#[tokio::test]
async fn a_policy_gets_a_version_only_from_other_bytes_and_keeps_each_to_the_byte() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let mut tx = world.begin(&tenant).await;
    let server = new_server(&mut tx, "binance").await;
    let documents = ["{\"version\": \"1\"}\r\n\t", "{\"version\":\"1\"}", "{\"version\": \"1\"}\r\n\t"];
    for (document, version, new_version) in
        [(documents[0], 1, true), (documents[0], 1, false), (documents[1], 2, true), (documents[2], 3, true)]
    {
        let slug = slug("main");
        let put = PutPolicy {
            id: fresh(),
            server: server.id,
            slug: &slug,
            document,
            cases: None,
            author: Some(tenant.user),
            expected: None,
        };
        let outcome = tx.put_policy(&put, now()).await.unwrap();
        assert_eq!((outcome.policy.latest_version, outcome.new_version), (version, new_version));
    }
    let policy = tx.policy(server.id, &slug("main")).await.unwrap();
    assert_eq!(tx.policy_versions(policy.id).await.unwrap().len(), 3);
    for (n, document) in documents.iter().enumerate() {
        let version = u32::try_from(n).unwrap() + 1;
        let kept = tx.policy_version(policy.id, version).await.unwrap();
        assert_eq!(kept.document.as_deref(), Some(*document));
    }
    assert!(matches!(tx.policy_version(policy.id, 4).await, Err(Error::Missing(_))));
}

#[tokio::test]
async fn a_policy_that_changed_meanwhile_is_not_written_over() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let mut tx = world.begin(&tenant).await;
    let server = new_server(&mut tx, "binance").await;
    put(&mut tx, server.id, "main", "{}").await;
    tx.commit().await.unwrap();
    for (expected, fine) in [(0, false), (2, false), (1, true)] {
        let mut tx = world.begin(&tenant).await;
        let slug = slug("main");
        let put = PutPolicy {
            id: fresh(),
            server: server.id,
            slug: &slug,
            document: "{ }",
            cases: None,
            author: None,
            expected: Some(expected),
        };
        let outcome = tx.put_policy(&put, now()).await;
        let conflict = matches!(outcome, Err(Error::Conflict(Conflict::PolicyVersion)));
        assert_eq!((outcome.is_ok(), conflict), (fine, !fine), "{outcome:?}");
    }
}

#[tokio::test]
async fn parallel_publications_get_versions_of_their_own() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let mut tx = world.begin(&tenant).await;
    let server = new_server(&mut tx, "binance").await;
    tx.commit().await.unwrap();
    let publish = async |document: &str| {
        let mut tx = world.begin(&tenant).await;
        put(&mut tx, server.id, "main", document).await;
        tx.commit().await.unwrap();
    };
    tokio::join!(publish("{\"a\":1}"), publish("{\"a\":2}"), publish("{\"a\":3}"));
    let mut tx = world.begin(&tenant).await;
    let policy = tx.policy(server.id, &slug("main")).await.unwrap();
    assert_eq!(policy.latest_version, 3);
    assert_eq!(tx.policy_versions(policy.id).await.unwrap().len(), 3);
}

#[tokio::test]
async fn names_are_unique_where_addresses_need_it() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let mut tx = world.begin(&tenant).await;
    new_server(&mut tx, "binance").await;
    new_identity(&mut tx, tenant.team, "alice").await;
    tx.commit().await.unwrap();
    let again = NewServer {
        id: fresh(),
        slug: slug("binance"),
        name: String::new(),
        url: String::new(),
        headers: None,
        header_names: Vec::new(),
        enabled: true,
    };
    let refused = world.begin(&tenant).await.create_server(&again, now()).await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::ServerSlug))), "{refused:?}");
    let again = NewIdentity {
        id: fresh(),
        team: tenant.team,
        label: "alice".to_owned(),
        kind: model::IdentityKind::Agent,
        email: None,
        labels: std::collections::BTreeMap::new(),
    };
    let refused = world.begin(&tenant).await.create_identity(&again, now()).await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::IdentityLabel))), "{refused:?}");
    let again = NewTeam { id: fresh(), slug: slug("main"), name: String::new() };
    let refused = world.begin(&tenant).await.create_team(&again, now()).await;
    assert!(matches!(refused, Err(Error::Conflict(Conflict::TeamSlug))), "{refused:?}");
}

#[tokio::test]
async fn a_removed_server_frees_its_slug_and_forgets_its_credentials() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let equipped = world.equip(&tenant).await;
    let mut tx = world.begin(&tenant).await;
    tx.remove_server(equipped.server.id, now()).await.unwrap();
    assert!(matches!(tx.server(&slug("binance")).await, Err(Error::Missing("server"))));
    assert!(tx.grants(tenant.team).await.unwrap().is_empty());
    let next = new_server(&mut tx, "binance").await;
    assert_eq!(tx.servers().await.unwrap(), [next]);
    tx.commit().await.unwrap();
    let bundle = world.store.bundle_by_verifier(&equipped.verifier, now()).await.unwrap().unwrap().bundle;
    assert!(bundle.grants.is_empty());
}

#[tokio::test]
async fn a_change_to_a_server_leaves_alone_what_it_does_not_name() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let mut tx = world.begin(&tenant).await;
    let server = new_server(&mut tx, "binance").await;
    let renamed = ServerChange { name: Some("Binance".to_owned()), ..ServerChange::default() };
    let after = tx.update_server(server.id, &renamed, now()).await.unwrap();
    assert_eq!(after, store::Server { name: "Binance".to_owned(), ..server.clone() });
    let bare = ServerChange { headers: Some(HeaderChange::default()), ..ServerChange::default() };
    let after = tx.update_server(server.id, &bare, now()).await.unwrap();
    assert_eq!((after.headers, after.header_names), (None, Vec::<String>::new()));
}

#[tokio::test]
async fn text_that_cannot_be_stored_is_refused_as_such() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let new = NewTeam { id: fresh(), slug: slug("ops"), name: "o\0ps".to_owned() };
    let refused = world.begin(&tenant).await.create_team(&new, now()).await;
    assert!(matches!(refused, Err(Error::Unstorable)), "{refused:?}");
}

#[tokio::test]
async fn a_dropped_transaction_leaves_nothing_behind() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let mut tx = world.begin(&tenant).await;
    new_server(&mut tx, "binance").await;
    drop(tx);
    assert!(world.begin(&tenant).await.servers().await.unwrap().is_empty());
}

#[tokio::test]
async fn cases_are_kept_with_the_version_and_a_change_of_them_alone_is_a_version() {
    let world = World::new().await;
    let tenant = world.tenant("acme").await;
    let mut tx = world.begin(&tenant).await;
    let server = new_server(&mut tx, "binance").await;
    let slug = slug("main");
    for (cases, version, new_version) in
        [(None, 1, true), (Some("[ ]"), 2, true), (Some("[ ]"), 2, false), (None, 3, true)]
    {
        let put = PutPolicy {
            id: fresh(),
            server: server.id,
            slug: &slug,
            document: "{}",
            cases,
            author: None,
            expected: None,
        };
        let outcome = tx.put_policy(&put, now()).await.unwrap();
        assert_eq!((outcome.policy.latest_version, outcome.new_version), (version, new_version));
        let kept = tx.policy_version(outcome.policy.id, version).await.unwrap();
        assert_eq!(kept.cases.as_deref(), cases);
    }
}
