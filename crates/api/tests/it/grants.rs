//! Identities, tokens and grants, up to the bundle that a gateway gets.

use serde_json::{Value, json};

use crate::world::{Person, World};

struct Setting {
    world: World,
    alice: Person,
    identity: String,
}

async fn setting() -> Setting {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let body = json!({"name": "One", "url": "http://127.0.0.1:1/mcp", "discover": false});
    world.post(&alice.at("/servers"), &alice.access, body).await.ok();
    let policy = alice.at("/servers/one/policies/main");
    world.put(&policy, &alice.access, r#"{"version": "1", "default": "deny"}"#).await.ok();
    let body = json!({"label": "alice-laptop", "kind": "person", "labels": {"env": "dev"}});
    let identity = world.post(&alice.at("/teams/default/identities"), &alice.access, body).await.ok();
    Setting { identity: identity["id"].as_str().unwrap().to_owned(), world, alice }
}

impl Setting {
    fn identity_at(&self, rest: &str) -> String {
        self.alice.at(&format!("/teams/default/identities/{}{rest}", self.identity))
    }

    async fn token(&self) -> Value {
        self.world
            .post(&self.identity_at("/tokens"), &self.alice.access, json!({"name": "laptop"}))
            .await
            .ok()
    }

    async fn grant(&self, body: Value) -> crate::world::Answer {
        self.world.post(&self.alice.at("/teams/default/grants"), &self.alice.access, body).await
    }

    /// What a gateway learns of a token.
    async fn bundle(&self, token: &str) -> crate::world::Answer {
        let path = format!("/internal/v1/bundles/by-token/{}", secrets::token::digest(token));
        self.world.get(&path, &self.world.node()).await
    }
}

#[tokio::test]
async fn a_grant_and_a_token_are_all_that_a_gateway_needs_and_revoking_takes_them_back() {
    let setting = setting().await;
    let minted = setting.token().await;
    let token = minted["token"].as_str().unwrap();
    assert!(token.starts_with("plt_"));
    assert_eq!(minted["gateway_url"], "https://gate.example/t/alice/default/mcp");
    let body = json!({"identity": setting.identity, "server": "one", "policy": "main"});
    let grant = setting.grant(body).await.ok();
    assert_eq!((&grant["server"], &grant["policy"]), (&json!("one"), &json!("main")));
    assert_eq!((&grant["status"], &grant["identity_label"]), (&json!("active"), &json!("alice-laptop")));
    assert_eq!(grant["gateway_url"], "https://gate.example/t/alice/default/mcp/one");

    let bundle = setting.bundle(token).await.ok();
    assert_eq!(bundle["token"], minted["id"]);
    assert_eq!(bundle["bundle"]["identity"]["labels"], json!({"env": "dev"}));
    assert_eq!(bundle["bundle"]["grants"][0]["id"], grant["id"]);
    assert_eq!(bundle["bundle"]["grants"][0]["policy"]["version"], 1);
    let by_identity = format!("/internal/v1/bundles/by-identity/{}", setting.identity);
    assert_eq!(setting.world.get(&by_identity, &setting.world.node()).await.ok(), bundle["bundle"]);

    let (world, alice) = (&setting.world, &setting.alice);
    let path = alice.at(&format!("/teams/default/grants/{}", grant["id"].as_str().unwrap()));
    for _ in 0..2 {
        assert_eq!(world.delete(&path, &alice.access).await.status, 204);
    }
    assert_eq!(world.get(&path, &alice.access).await.ok()["status"], "revoked");
    assert_eq!(setting.bundle(token).await.ok()["bundle"]["grants"], json!([]));
    assert_eq!(world.patch(&path, &alice.access, json!({"policy": null})).await.code(), "not_found");

    let path = setting.identity_at(&format!("/tokens/{}", minted["id"].as_str().unwrap()));
    assert_eq!(world.delete(&path, &alice.access).await.status, 204);
    assert_eq!(setting.bundle(token).await.code(), "not_found");
    let listed = world.get(&setting.identity_at("/tokens"), &alice.access).await;
    assert!(listed.text.contains("\"laptop\"") && !listed.text.contains(token), "{listed:?}");
}

#[tokio::test]
async fn a_grant_is_changed_between_policies_and_kept_single() {
    let setting = setting().await;
    let body = json!({"identity": null, "server": "one"});
    let grant = setting.grant(body.clone()).await.ok();
    assert_eq!((&grant["identity"], &grant["policy"]), (&Value::Null, &Value::Null));
    assert_eq!(setting.grant(body).await.code(), "conflict");
    let (world, alice) = (&setting.world, &setting.alice);
    let path = alice.at(&format!("/teams/default/grants/{}", grant["id"].as_str().unwrap()));
    assert_eq!(world.patch(&path, &alice.access, json!({"policy": "main"})).await.ok()["policy"], "main");
    assert_eq!(world.patch(&path, &alice.access, json!({})).await.ok()["policy"], "main");
    assert_eq!(world.patch(&path, &alice.access, json!({"policy": null})).await.ok()["policy"], Value::Null);
    let bad = world.patch(&path, &alice.access, json!({"policy": "nope"})).await;
    assert_eq!(bad.json()["problems"][0]["pointer"], "/policy");
    let end = "2999-01-01T00:00:00Z";
    assert_eq!(world.patch(&path, &alice.access, json!({"expires_at": end})).await.ok()["expires_at"], end);
}

#[tokio::test]
async fn what_a_grant_names_must_exist_and_its_end_must_lie_ahead() {
    let setting = setting().await;
    let other = model::IdentityId::mint(1, [7; 10]).to_string();
    for (body, pointer) in [
        (json!({"server": "one"}), ""),
        (json!({"identity": setting.identity, "server": "nope"}), "/server"),
        (json!({"identity": setting.identity, "server": "one", "policy": "nope"}), "/policy"),
        (json!({"identity": other, "server": "one"}), "/identity"),
        (json!({"identity": "identity_x", "server": "one"}), "/identity"),
        (json!({"identity": null, "server": "one", "expires_at": "2020-01-01T00:00:00Z"}), "/expires_at"),
        (json!({"identity": null, "server": "one", "expires_at": "soon"}), "/expires_at"),
    ] {
        let answer = setting.grant(body).await;
        assert_eq!(answer.code(), "invalid_request");
        assert_eq!(answer.json()["problems"][0]["pointer"], pointer, "{answer:?}");
    }
}

#[tokio::test]
async fn identities_are_named_once_changed_and_removed() {
    let setting = setting().await;
    let (world, alice) = (&setting.world, &setting.alice);
    let list = alice.at("/teams/default/identities");
    let twin = world.post(&list, &alice.access, json!({"label": "alice-laptop", "kind": "agent"})).await;
    assert_eq!(twin.code(), "conflict");
    for (body, pointer) in [
        (json!({"label": "", "kind": "agent"}), "/label"),
        (json!({"label": "a\u{202e}b", "kind": "agent"}), "/label"),
        (json!({"label": "a", "kind": "robot"}), "/kind"),
        (json!({"label": "a", "kind": "agent", "email": "nobody"}), "/email"),
        (json!({"label": "a", "kind": "agent", "labels": {"": "x"}}), "/labels"),
    ] {
        let answer = world.post(&list, &alice.access, body).await;
        assert_eq!(answer.json()["problems"][0]["pointer"], pointer, "{answer:?}");
    }
    let path = setting.identity_at("");
    let body = json!({"label": "a-laptop", "email": "alice@example.com", "enabled": false});
    let changed = world.patch(&path, &alice.access, body).await.ok();
    assert_eq!((&changed["label"], &changed["kind"]), (&json!("a-laptop"), &json!("person")));
    let changed = world.patch(&path, &alice.access, json!({"email": null})).await.ok();
    assert_eq!((&changed["email"], &changed["enabled"]), (&Value::Null, &json!(false)));
    let minted = setting.token().await;
    assert_eq!(world.delete(&path, &alice.access).await.status, 204);
    assert_eq!(world.get(&path, &alice.access).await.code(), "not_found");
    assert_eq!(setting.bundle(minted["token"].as_str().unwrap()).await.code(), "not_found");
}

#[tokio::test]
async fn every_change_leaves_an_event_with_its_author() {
    let setting = setting().await;
    setting.token().await;
    setting.grant(json!({"identity": setting.identity, "server": "one", "policy": "main"})).await.ok();
    let me = setting.world.get("/v1/me", &setting.alice.access).await.ok();
    let org = me["memberships"][0]["org_id"].as_str().unwrap().parse().unwrap();
    let mut tx = setting.world.store.begin(org).await.unwrap();
    let mut events =
        tx.admin_events(&store::AdminEventFilter { limit: 100, ..Default::default() }).await.unwrap();
    events.reverse();
    let actions: Vec<_> = events.iter().map(|event| event.event.action.as_str()).collect();
    let wanted =
        ["org.create", "server.create", "policy.publish", "identity.create", "token.create", "grant.create"];
    assert_eq!(actions, wanted);
    let alice = me["user"]["id"].as_str().unwrap();
    assert!(events.iter().all(|event| {
        matches!(event.event.actor, Some(store::Actor::Person(person)) if person.to_string() == alice)
    }));
}
