//! Calls that wait for people: parked, decided over the API, and passed once, across gateways.

use std::time::Duration;

use http::Method;
use serde_json::{Value, json};
use testkit::account::Account;
use testkit::agent::{Agent, decision, denied, text};
use testkit::product::Product;
use testkit::redis::Redis;
use testkit::upstream::Upstream;

use crate::world::{World, upstream};

/// Payments need approval, of which two go through a day.
fn policy(approval: &str) -> String {
    format!(
        r#"{{ "version": "1", "default": "deny", "tools": {{ "pay": {{ "approval": {approval},
        "limits": [{{ "counter": "pay", "window": "day", "max": 2, "scope": "grant" }}] }} }} }}"#
    )
}

/// A control plane, and two gateways that share a Redis.
struct Bank {
    world: World,
    nodes: [Product; 2],
    owner: Account,
    upstream: Upstream,
    agent: Agent,
    _redis: Redis,
}

impl Bank {
    async fn new(approval: &str) -> Self {
        let redis = Redis::start().unwrap();
        let upstream = upstream(&["pay"]).await;
        let world = World::with(&["--redis-url", &redis.url()]).await;
        let nodes = [
            world.product.gateway(Some(&redis.url())).await.unwrap(),
            world.product.gateway(Some(&redis.url())).await.unwrap(),
        ];
        let owner = world.account("owner@example.com").await;
        let agent = owner.ready("bank", &upstream.url, &policy(approval)).await.unwrap();
        Self { world, nodes, owner, upstream, agent, _redis: redis }
    }

    /// A call by way of one of the two gateways.
    async fn pay(&self, node: usize, arguments: &Value) -> Value {
        pay(&self.agent.at(&self.nodes[node].url), arguments).await
    }

    /// Makes the call, which must be denied; gives the id of the request and how it stands.
    async fn parked(&self, node: usize, arguments: &Value) -> (String, String) {
        request(&self.pay(node, arguments).await)
    }

    async fn approve(&self, id: &str) {
        decide(&self.owner, id, "approve").await.unwrap();
    }

    /// A second person in the organisation, of this role.
    async fn colleague(&self, role: &str) -> Account {
        let email = format!("{role}@example.com");
        let other = self.world.account(&email).await;
        let sql = format!(
            "insert into membership (org_id, user_id, role, created_at)
             select org.id, user_account.id, '{role}', now() from org, user_account
             where org.slug = '{}' and user_account.email = '{email}'",
            self.owner.org
        );
        self.world.database.execute(sql).await.unwrap();
        Account { org: self.owner.org.clone(), team: self.owner.team.clone(), ..other }
    }

    /// Waits until a request stands like this.
    async fn until(&self, id: &str, status: &str) {
        let reached = async {
            while self.owner.get(&format!("/approvals/{id}")).await.unwrap().json()["status"] != status {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(20), reached).await.expect(status);
    }

    /// Makes the call until it is parked under another request than this.
    async fn parked_anew(&self, node: usize, arguments: &Value, before: &str) -> String {
        let anew = async {
            loop {
                let answer = self.pay(node, arguments).await;
                assert!(denied(&answer), "{answer}");
                if let Some(id) = decision(&answer)["approval"]["id"].as_str().filter(|id| *id != before) {
                    return id.to_owned();
                }
            }
        };
        tokio::time::timeout(Duration::from_secs(20), anew).await.expect("parked anew")
    }
}

async fn pay(agent: &Agent, arguments: &Value) -> Value {
    agent.ask_modern("tools/call", json!({ "name": "pay", "arguments": arguments })).await.unwrap()
}

async fn decide(who: &Account, id: &str, verb: &str) -> anyhow::Result<Value> {
    who.send(Method::POST, &format!("/approvals/{id}/{verb}"), &json!({ "reason": "I looked." })).await
}

fn request(answer: &Value) -> (String, String) {
    assert!(denied(answer), "{answer}");
    let approval = &decision(answer)["approval"];
    let field = |name: &str| approval[name].as_str().unwrap_or_else(|| panic!("{name}: {answer}")).to_owned();
    assert!(field("url").ends_with(&field("id")) && field("expires_at").ends_with('Z'), "{answer}");
    (field("id"), field("status"))
}

#[tokio::test]
async fn a_call_is_parked_and_passes_once_after_approval_whatever_the_gateway() {
    let bank = Bank::new("{}").await;
    let (id, status) = bank.parked(0, &json!({ "to": "bob", "amount": 5 })).await;
    assert_eq!(status, "pending");
    // The same call, spelt otherwise and by way of the other gateway or in a session, waits for the same request.
    assert_eq!(bank.parked(1, &json!({ "amount": 5.0, "to": "bob" })).await.0, id);
    let session = bank.agent.at(&bank.nodes[1].url).initialize().await.unwrap();
    let answer = session.call("pay", &json!({ "to": "bob", "amount": 5 })).await.unwrap();
    assert_eq!(request(&answer).0, id);
    assert!(text(&answer).contains(&id) && text(&answer).contains("an admin"), "{answer}");
    assert_ne!(bank.parked(0, &json!({ "to": "bob", "amount": 50 })).await.0, id);
    bank.approve(&id).await;
    assert_eq!(bank.parked(0, &json!({ "to": "bob", "amount": 50 })).await.1, "pending", "another amount");
    assert!(!denied(&bank.pay(1, &json!({ "to": "bob", "amount": 5 })).await));
    let (second, status) = bank.parked(0, &json!({ "to": "bob", "amount": 5 })).await;
    assert!(second != id && status == "pending", "used up");
    assert_eq!(bank.upstream.calls_of("pay"), 1);
    // The record links the calls that waited with the one that passed.
    let events = bank.owner.events(&format!("&approval={id}"), 4).await.unwrap();
    let verdicts: Vec<_> = events.iter().map(|event| event["verdict"].as_str().unwrap()).collect();
    assert_eq!(verdicts, ["allow", "deny", "deny", "deny"]);
    let detail = bank.owner.get(&format!("/approvals/{id}")).await.unwrap().json();
    assert_eq!((&detail["status"], &detail["used_by"]), (&json!("used"), &events[0]["id"]));
    assert_eq!(detail["event"], events[3]["id"]);
    assert_eq!(detail["call"]["arguments"], json!({ "to": "bob", "amount": 5 }));
}

#[tokio::test]
async fn of_simultaneous_retries_exactly_one_passes_and_the_others_cost_nothing() {
    let bank = Bank::new("{}").await;
    let arguments = json!({ "to": "bob" });
    let (id, _) = bank.parked(0, &arguments).await;
    bank.approve(&id).await;
    let mut retries = tokio::task::JoinSet::new();
    for number in 0..2 {
        let (agent, arguments) = (bank.agent.at(&bank.nodes[number].url), arguments.clone());
        retries.spawn(async move { pay(&agent, &arguments).await });
    }
    let answers = retries.join_all().await;
    let losers: Vec<_> = answers.iter().filter(|answer| denied(answer)).collect();
    assert_eq!((losers.len(), bank.upstream.calls_of("pay")), (1, 1), "{answers:?}");
    let (told, status) = request(losers[0]);
    assert!(status == "pending" || (told == id && status == "used"), "{answers:?}");
    // Two a day: the loser's share was given back, so there is one left, and no more.
    for (amount, passes) in [(1, true), (2, false)] {
        let arguments = json!({ "amount": amount });
        let (id, _) = bank.parked(1, &arguments).await;
        bank.approve(&id).await;
        let answer = bank.pay(0, &arguments).await;
        assert_eq!(denied(&answer), !passes, "{answer}");
        if !passes {
            assert_eq!(decision(&answer)["rule"], "/tools/pay/limits/0");
            bank.until(&id, "approved").await;
        }
    }
}

#[tokio::test]
async fn what_was_not_used_in_time_is_asked_anew() {
    let bank = Bank::new(r#"{ "expires_in": 2 }"#).await;
    let arguments = json!({ "to": "bob" });
    let (id, _) = bank.parked(0, &arguments).await;
    bank.approve(&id).await;
    bank.until(&id, "expired").await;
    let (anew, status) = bank.parked(1, &arguments).await;
    assert!(anew != id && status == "pending");
    assert_eq!(bank.upstream.calls_of("pay"), 0);
}

#[tokio::test]
async fn it_takes_two_people_where_the_policy_says_so_and_never_the_caller() {
    let bank = Bank::new(r#"{ "quorum": 2, "approvers": "policy_manager" }"#).await;
    let (manager, viewer) = (bank.colleague("policy_manager").await, bank.colleague("viewer").await);
    let arguments = json!({ "to": "bob" });
    let (id, _) = bank.parked(0, &arguments).await;
    bank.approve(&id).await;
    for (who, code) in [(&bank.owner, "approval_closed"), (&viewer, "forbidden")] {
        let refused = decide(who, &id, "approve").await.unwrap_err().to_string();
        assert!(refused.contains(code), "{refused}");
    }
    assert_eq!(bank.parked(1, &arguments).await, (id.clone(), "pending".to_owned()), "one of two");
    decide(&manager, &id, "approve").await.unwrap();
    assert!(!denied(&bank.pay(1, &arguments).await));
    // From now on the caller has the owner's address.
    let team = format!("/teams/{}/identities", bank.owner.team);
    let identity = bank.owner.get(&team).await.unwrap().json()["identities"][0]["id"].clone();
    let path = format!("{team}/{}", identity.as_str().unwrap());
    bank.owner.send(Method::PATCH, &path, &json!({ "email": "OWNER@example.com" })).await.unwrap();
    let (id, _) = bank.parked(0, &arguments).await;
    let refused = decide(&bank.owner, &id, "approve").await.unwrap_err().to_string();
    assert!(refused.contains("own_call"), "{refused}");
    decide(&manager, &id, "deny").await.unwrap();
    let answer = bank.pay(1, &arguments).await;
    assert_eq!(request(&answer), (id, "denied".to_owned()));
    assert!(text(&answer).contains("I looked."), "{answer}");
}

#[tokio::test]
async fn an_approval_does_not_outlive_the_policy_or_the_definition_that_it_was_given_for() {
    let bank = Bank::new("{}").await;
    let arguments = json!({ "to": "bob" });
    let (id, _) = bank.parked(0, &arguments).await;
    bank.approve(&id).await;
    let published = bank.owner.policy("bank", &policy(r#"{ "expires_in": 900 }"#)).await.unwrap();
    assert_eq!(published.status, 201, "{}", published.text());
    let anew = bank.parked_anew(1, &arguments, &id).await;
    bank.until(&id, "unfit").await;
    bank.approve(&anew).await;
    let other = r#"[{"name": "pay", "description": "Pays, and tells somebody else.", "inputSchema": {"type": "object"}}]"#;
    let changed = Upstream::builder().tools(other).start().await.unwrap();
    bank.owner.send(Method::PATCH, "/servers/bank", &json!({ "url": changed.url })).await.unwrap();
    bank.parked_anew(0, &arguments, &anew).await;
    bank.until(&anew, "unfit").await;
    assert_eq!(bank.upstream.calls_of("pay") + changed.calls_of("pay"), 0);
}

#[tokio::test]
async fn without_the_control_plane_nothing_that_needs_approval_passes() {
    let mut bank = Bank::new("{}").await;
    let arguments = json!({ "to": "bob" });
    let (id, _) = bank.parked(0, &arguments).await;
    bank.approve(&id).await;
    bank.world.product.kill().await.unwrap();
    let answer = bank.pay(0, &arguments).await;
    assert!(denied(&answer) && decision(&answer)["approval"].is_null(), "{answer}");
    assert_eq!(decision(&answer)["rule"], "/tools/pay/approval");
    assert!(text(&answer).contains("cannot be asked for just now"), "{answer}");
    assert_eq!(bank.upstream.calls_of("pay"), 0);
}

#[tokio::test]
async fn an_approval_is_given_back_when_the_call_never_left() {
    let mut bank = Bank::new("{}").await;
    let arguments = json!({ "to": "bob" });
    let (id, _) = bank.parked(0, &arguments).await;
    bank.approve(&id).await;
    let gone = std::mem::replace(&mut bank.upstream, upstream(&[]).await);
    let address = gone.url.trim_start_matches("http://").trim_end_matches("/mcp").parse().unwrap();
    drop(gone);
    let answer = bank.pay(0, &arguments).await;
    assert!(answer["error"].is_object(), "nobody listens there: {answer}");
    bank.until(&id, "approved").await;
    let back = Upstream::builder()
        .tools(r#"[{"name": "pay", "description": "Echoes as pay.", "inputSchema": {"type": "object"}}]"#);
    let back = back.listen(address).start().await.unwrap();
    assert!(!denied(&bank.pay(1, &arguments).await));
    assert_eq!(back.calls_of("pay"), 1);
}
