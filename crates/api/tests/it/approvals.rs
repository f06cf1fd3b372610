//! Requests for approval: who may read and decide them, and who hears of them.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::Request;
use http_body_util::BodyExt;
use model::{ApprovalAnswer, ApprovalRequest, ApprovalStatus, Bundle, CallDigest, SealedCall};
use policy::{ApprovalTerms, Approvers};
use secrets::Key;
use secrets::sealed::{Purpose, Sealer};
use serde_json::{Value, json};
use tower::ServiceExt;

use crate::world::{Person, World};

const CALL: &str =
    r#"{"arguments":{"amount":12345678901234567890.123456789,"to":"acct_canary"},"name":"pay"}"#;

/// A server under a policy, and an identity that may call it. Gives the identity's id.
pub(crate) async fn equip(world: &World, person: &Person, email: Option<&str>) -> String {
    let access = &person.access;
    let body = json!({"name": "Bank", "slug": "bank", "url": "http://127.0.0.1:1/mcp", "discover": false});
    world.post(&person.at("/servers"), access, body).await.ok();
    let document = r#"{"version": "1", "default": "deny", "tools": {"pay": {"action": "require_approval"}}}"#;
    world.put(&person.at("/servers/bank/policies/main"), access, document).await.ok();
    let body = json!({"label": "bot", "kind": "agent", "email": email});
    let identity = world.post(&person.at("/teams/default/identities"), access, body).await.ok();
    let identity = identity["id"].as_str().unwrap().to_owned();
    let body = json!({"identity": identity, "server": "bank", "policy": "main"});
    world.post(&person.at("/teams/default/grants"), access, body).await.ok();
    identity
}

/// What a gateway asks for a call of the identity on the server `bank`.
pub(crate) async fn request(
    world: &World,
    identity: &str,
    number: u8,
    terms: ApprovalTerms,
) -> ApprovalRequest {
    let path = format!("/internal/v1/bundles/by-identity/{identity}");
    let bundle: Bundle = serde_json::from_value(world.get(&path, &world.node()).await.ok()).unwrap();
    let grant = bundle.grants.iter().find(|grant| grant.server.slug.as_str() == "bank").unwrap();
    let policy = grant.policy.as_ref().unwrap();
    let id = model::Id::mint(world.now_ms(), rand::random());
    let sealer = Sealer::new(&Key::from_bytes([4; 32]), Purpose::ParkedCall);
    let context = SealedCall::context(bundle.org.id, id);
    ApprovalRequest {
        id,
        event: model::Id::mint(world.now_ms(), rand::random()),
        org: bundle.org.id,
        team: bundle.team.id,
        identity: bundle.identity.id,
        grant: grant.id,
        server: grant.server.id,
        method: "tools/call".to_owned(),
        subject: "pay".to_owned(),
        digest: CallDigest([number; 32]),
        call: SealedCall(sealer.seal(CALL.as_bytes(), context.as_bytes(), &mut rand::rng()).unwrap()),
        policy: policy.id,
        policy_version: policy.version,
        rule: "/tools/pay/approval".to_owned(),
        message: "Payments are looked at.".to_owned(),
        terms,
    }
}

pub(crate) const ONE_ADMIN: ApprovalTerms =
    ApprovalTerms { approvers: Approvers::Admin, quorum: 1, expires_in: 1800 };

/// Asks as a gateway; gives id and status.
pub(crate) async fn ask(world: &World, request: &ApprovalRequest) -> (String, ApprovalStatus) {
    let body = serde_json::to_value(request).unwrap();
    let answer = world.post("/internal/v1/approvals", &world.node(), body).await.ok();
    match serde_json::from_value(answer).unwrap() {
        ApprovalAnswer::Standing(standing) => (standing.id.to_string(), standing.status),
        other => panic!("{other:?}"),
    }
}

async fn claim(world: &World, request: &ApprovalRequest, id: &str) -> Value {
    let event: model::EventId = model::Id::mint(world.now_ms(), rand::random());
    let body = json!({"org": request.org, "id": id, "event": event});
    world.post("/internal/v1/approvals/claim", &world.node(), body).await.ok()
}

async fn decide(world: &World, person: &Person, org: &Person, id: &str, verb: &str) -> crate::world::Answer {
    world
        .post(&org.at(&format!("/approvals/{id}/{verb}")), &person.access, json!({"reason": "checked"}))
        .await
}

async fn member(world: &World, owner: &Person, role: &str) -> Person {
    let person = world.person(&format!("{role}@example.com")).await;
    world.join(&person, &owner.org, role).await;
    person
}

#[tokio::test]
async fn an_approved_call_is_used_once_and_then_asked_anew() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let identity = equip(&world, &owner, None).await;
    let asked = request(&world, &identity, 1, ONE_ADMIN).await;
    let (id, status) = ask(&world, &asked).await;
    assert_eq!(status, ApprovalStatus::Pending);
    assert_eq!(claim(&world, &asked, &id).await["granted"], false, "nobody has approved it");
    let detail = world.get(&owner.at(&format!("/approvals/{id}")), &owner.access).await;
    assert!(detail.text.contains(CALL), "digit by digit: {}", detail.text);
    let detail = detail.ok();
    assert_eq!(detail["rule"], "/tools/pay/approval");
    assert_eq!((&detail["own"], &detail["may_decide"]), (&json!(false), &json!(true)));
    let after = decide(&world, &owner, &owner, &id, "approve").await.ok();
    assert_eq!((&after["status"], &after["decisions"][0]["reason"]), (&json!("approved"), &json!("checked")));
    assert_eq!(decide(&world, &owner, &owner, &id, "approve").await.code(), "approval_closed");
    let again = ApprovalRequest { id: model::Id::mint(1, [8; 10]), ..asked.clone() };
    assert_eq!(ask(&world, &again).await, (id.clone(), ApprovalStatus::Approved));
    assert_eq!(claim(&world, &asked, &id).await["granted"], true);
    let second = claim(&world, &asked, &id).await;
    assert_eq!((&second["granted"], &second["standing"]["status"]), (&json!(false), &json!("used")));
    assert_eq!(decide(&world, &owner, &owner, &id, "deny").await.code(), "approval_closed");
    let (third, status) = ask(&world, &again).await;
    assert!(third != id && status == ApprovalStatus::Pending);
    let list = world.get(&owner.at("/approvals?status=used"), &owner.access).await.ok();
    assert_eq!(list["approvals"].as_array().unwrap().len(), 1);
    let page = world.get(&owner.at("/approvals?limit=1"), &owner.access).await.ok();
    let cursor = page["next_cursor"].as_str().unwrap();
    let rest = world.get(&owner.at(&format!("/approvals?limit=1&cursor={cursor}")), &owner.access).await.ok();
    assert_ne!(page["approvals"][0]["id"], rest["approvals"][0]["id"]);
    assert_eq!(rest["next_cursor"], Value::Null);
    let mut tx = world.store.begin(asked.org).await.unwrap();
    let kept = tx.admin_events(&store::AdminEventFilter { limit: 1, ..Default::default() }).await.unwrap();
    assert_eq!((&*kept[0].event.action, &kept[0].event.subject), ("approval.approve", &id));
    assert!(!format!("{kept:?}").contains("acct_canary"));
}

#[tokio::test]
async fn the_policy_says_whose_approval_it_takes_and_nobody_approves_their_own() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let (manager, viewer) =
        (member(&world, &owner, "policy_manager").await, member(&world, &owner, "viewer").await);
    let identity = equip(&world, &owner, Some("Owner@Example.com")).await;
    let terms = |approvers| ApprovalTerms { approvers, ..ONE_ADMIN };
    let (for_admins, _) = ask(&world, &request(&world, &identity, 1, terms(Approvers::Admin)).await).await;
    let (for_managers, _) =
        ask(&world, &request(&world, &identity, 2, terms(Approvers::PolicyManager)).await).await;
    for id in [&for_admins, &for_managers] {
        for verb in ["approve", "deny"] {
            assert_eq!(decide(&world, &owner, &owner, id, verb).await.code(), "own_call");
            assert_eq!(decide(&world, &viewer, &owner, id, verb).await.code(), "forbidden");
        }
        assert_eq!(world.get(&owner.at(&format!("/approvals/{id}")), &viewer.access).await.status, 200);
    }
    assert_eq!(decide(&world, &manager, &owner, &for_admins, "approve").await.code(), "forbidden");
    assert_eq!(decide(&world, &manager, &owner, &for_managers, "approve").await.ok()["status"], "approved");
}

#[tokio::test]
async fn a_quorum_of_two_takes_two_people_and_one_denial_is_enough() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let manager = member(&world, &owner, "policy_manager").await;
    let identity = equip(&world, &owner, None).await;
    let two = ApprovalTerms { approvers: Approvers::PolicyManager, quorum: 2, expires_in: 60 };
    let asked = request(&world, &identity, 1, two.clone()).await;
    let (id, _) = ask(&world, &asked).await;
    assert_eq!(decide(&world, &owner, &owner, &id, "approve").await.ok()["status"], "pending");
    let twice = decide(&world, &owner, &owner, &id, "approve").await;
    assert_eq!(twice.code(), "approval_closed");
    assert_eq!(claim(&world, &asked, &id).await["granted"], false);
    assert_eq!(decide(&world, &manager, &owner, &id, "approve").await.ok()["status"], "approved");
    // An approval that is not used yet can be taken back, and stays denied until its time has passed.
    assert_eq!(decide(&world, &manager, &owner, &id, "deny").await.ok()["status"], "denied");
    assert_eq!(claim(&world, &asked, &id).await["granted"], false);
    let again = ApprovalRequest { id: model::Id::mint(1, [8; 10]), ..asked };
    assert_eq!(ask(&world, &again).await, (id.clone(), ApprovalStatus::Denied));
    world.pass_seconds(60);
    let (anew, status) = ask(&world, &again).await;
    assert!(anew != id && status == ApprovalStatus::Pending);
    world.pass_seconds(60);
    assert_eq!(decide(&world, &owner, &owner, &anew, "approve").await.code(), "approval_closed");
    let list = world.get(&owner.at("/approvals?status=expired"), &owner.access).await.ok();
    assert_eq!(list["approvals"][0]["id"], anew);
}

#[tokio::test]
async fn a_policy_that_was_published_anew_makes_requests_unfit() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let identity = equip(&world, &owner, None).await;
    let asked = request(&world, &identity, 1, ONE_ADMIN).await;
    let (id, _) = ask(&world, &asked).await;
    let document = r#"{"version": "1", "default": "deny", "tools": {"pay": {"approval": {}}}}"#;
    world.put(&owner.at("/servers/bank/policies/main"), &owner.access, document).await.ok();
    let detail = world.get(&owner.at(&format!("/approvals/{id}")), &owner.access).await.ok();
    assert_eq!((&detail["status"], &detail["may_decide"]), (&json!("unfit"), &json!(false)));
    assert_eq!(decide(&world, &owner, &owner, &id, "approve").await.code(), "approval_closed");
    let body = serde_json::to_value(&asked).unwrap();
    let answer = world.post("/internal/v1/approvals", &world.node(), body).await.ok();
    assert_eq!(answer, json!("outdated"));
}

#[tokio::test]
async fn those_who_may_decide_are_mailed_a_link_and_no_argument() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let manager = member(&world, &owner, "policy_manager").await;
    member(&world, &owner, "viewer").await;
    world.database.execute("update user_account set email_verified_at = now()".to_owned()).await.unwrap();
    let identity = equip(&world, &owner, Some(&manager.email)).await;
    let terms = ApprovalTerms { approvers: Approvers::PolicyManager, ..ONE_ADMIN };
    let asked = request(&world, &identity, 1, terms).await;
    let (id, _) = ask(&world, &asked).await;
    ask(&world, &ApprovalRequest { id: model::Id::mint(1, [8; 10]), ..asked }).await;
    let now = jiff::Timestamp::from_millisecond(world.now_ms()).unwrap();
    let mails = world.store.take_mail(100, jiff::SignedDuration::from_secs(0), now).await.unwrap();
    let told: Vec<_> = mails.iter().filter(|mail| mail.subject.contains("approval")).collect();
    assert_eq!(told.len(), 1, "only the owner: the manager is the caller, the viewer may not: {told:?}");
    assert_eq!(told[0].recipient, owner.email);
    assert!(told[0].body.contains(&format!("/approvals/{id}")) && !told[0].body.contains("acct_canary"));
}

/// Opens the stream of an organisation.
async fn listen(router: &Router, person: &Person, after: &str) -> axum::body::Body {
    let request = Request::get(person.at(&format!("/approvals/stream{after}")))
        .header("authorization", format!("Bearer {}", person.access))
        .header("accept", "text/event-stream")
        .body(Body::empty())
        .unwrap();
    let response = router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), 200);
    response.into_body()
}

/// Reads until `count` requests have been told; gives their statuses and the last number.
async fn told(body: &mut axum::body::Body, count: usize) -> (Vec<String>, String) {
    let mut text = String::new();
    let parts = |text: &str, field: &str| -> Vec<String> {
        text.lines().filter_map(|line| Some(line.strip_prefix(field)?.trim().to_owned())).collect()
    };
    loop {
        let data: Vec<Value> =
            parts(&text, "data:").iter().filter_map(|data| serde_json::from_str(data).ok()).collect();
        let statuses: Vec<String> =
            data.iter().filter_map(|data| Some(data["status"].as_str()?.to_owned())).collect();
        if statuses.len() >= count && text.ends_with("\n\n") {
            return (statuses, parts(&text, "id:").pop().unwrap());
        }
        let frame = tokio::time::timeout(Duration::from_secs(10), body.frame()).await.expect("an event");
        text.push_str(str::from_utf8(&frame.unwrap().unwrap().into_data().unwrap()).unwrap());
    }
}

#[tokio::test]
async fn every_process_tells_of_new_requests_and_of_changes() {
    let world = World::new().await;
    let owner = world.person("owner@example.com").await;
    let stranger = world.person("stranger@example.org").await;
    let identity = equip(&world, &owner, None).await;
    let plain = world.get(&owner.at("/approvals/stream"), &owner.access).await;
    assert_eq!(plain.code(), "invalid_request", "a stream is asked for as one");
    let (beside, _changes) = world.beside();
    let mut streams = [listen(&world.router, &owner, "").await, listen(&beside, &owner, "").await];
    let mut theirs = listen(&beside, &stranger, "").await;
    let (id, _) = ask(&world, &request(&world, &identity, 1, ONE_ADMIN).await).await;
    for stream in &mut streams {
        assert_eq!(told(stream, 1).await.0, ["pending"]);
    }
    decide(&world, &owner, &owner, &id, "approve").await.ok();
    for stream in &mut streams {
        let (statuses, number) = told(stream, 1).await;
        assert_eq!(statuses, ["approved"]);
        let mut resumed =
            listen(&beside, &owner, &format!("?after={}", number.parse::<u64>().unwrap() - 1)).await;
        assert_eq!(told(&mut resumed, 1).await.0, ["approved"]);
    }
    let first = theirs.frame().await.unwrap().unwrap().into_data().unwrap();
    assert!(str::from_utf8(&first).unwrap().contains("ready"));
    assert!(
        tokio::time::timeout(Duration::from_millis(1200), theirs.frame()).await.is_err(),
        "not theirs to hear"
    );
    world.changes.close();
    let [mut mine, _] = streams;
    let ended = tokio::time::timeout(Duration::from_secs(5), async { while mine.frame().await.is_some() {} });
    ended.await.expect("an orderly stop ends the stream");
}
