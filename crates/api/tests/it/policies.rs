//! Publishing policies.

use axum::body::Body;
use http::Request;
use serde_json::json;

use crate::world::{Person, World};

const DENY: &str = "{\n  \"version\": \"1\",\n  \"default\": \"deny\",\n  \"tools\": {}\n}\n";

async fn setting() -> (World, Person) {
    let world = World::new().await;
    let alice = world.person("alice@example.com").await;
    let body = json!({"name": "One", "url": "http://127.0.0.1:1/mcp", "discover": false});
    world.post(&alice.at("/servers"), &alice.access, body).await.ok();
    (world, alice)
}

#[tokio::test]
async fn a_document_is_kept_byte_for_byte_and_versions_count_up() {
    let (world, alice) = setting().await;
    let path = alice.at("/servers/one/policies/main");
    let first = world.put(&path, &alice.access, DENY).await;
    assert_eq!(first.status, 201);
    assert_eq!(first.headers["etag"], "\"1\"");
    assert_eq!(first.json()["version"], 1);
    let same = world.put(&path, &alice.access, DENY).await;
    assert_eq!((same.status.as_u16(), &same.json()["version"]), (200, &json!(1)));
    let allow = DENY.replace("\"deny\"", "\"allow\"");
    assert_eq!(world.put(&path, &alice.access, &allow).await.json()["version"], 2);
    let policy = world.get(&path, &alice.access).await.ok();
    assert_eq!(policy["document"], allow);
    let versions = world.get(&format!("{path}/versions"), &alice.access).await.ok();
    assert_eq!(versions["versions"][0]["version"], 2);
    assert!(versions["versions"][0].get("document").is_none());
    let old = world.get(&format!("{path}/versions/1"), &alice.access).await.ok();
    assert_eq!(old["document"], DENY);
    assert_eq!(world.get(&format!("{path}/versions/3"), &alice.access).await.code(), "not_found");
    assert_eq!(world.get(&format!("{path}/versions/x"), &alice.access).await.code(), "not_found");
    let list = world.get(&alice.at("/servers/one/policies"), &alice.access).await.ok();
    assert_eq!(list["policies"][0]["slug"], "main");
}

#[tokio::test]
async fn every_problem_of_a_bad_document_is_listed_with_its_place_and_nothing_is_kept() {
    let (world, alice) = setting().await;
    let path = alice.at("/servers/one/policies/main");
    let bad = "{\n \"version\": \"1\",\n \"default\": \"maybe\",\n \"tools\": {\"a\": {\"limts\": []}}\n}";
    let answer = world.put(&path, &alice.access, bad).await;
    assert_eq!(answer.code(), "invalid_policy");
    assert_eq!(answer.status, 422);
    let problems = answer.json()["problems"].clone();
    let places: Vec<_> = problems
        .as_array()
        .unwrap()
        .iter()
        .map(|problem| (problem["pointer"].as_str().unwrap().to_owned(), problem["line"].as_u64().unwrap()))
        .collect();
    assert!(places.contains(&("/default".to_owned(), 3)), "{problems}");
    assert!(places.iter().any(|(pointer, line)| pointer.starts_with("/tools/a") && *line == 4), "{problems}");
    assert_eq!(world.get(&path, &alice.access).await.code(), "not_found");
    assert_eq!(world.put(&path, &alice.access, "").await.code(), "invalid_policy");
    let huge = format!("{}{DENY}", " ".repeat(256 * 1024));
    assert_eq!(world.put(&path, &alice.access, &huge).await.code(), "too_large");
}

#[tokio::test]
async fn checking_tells_the_same_without_keeping_anything() {
    let (world, alice) = setting().await;
    let check = |document: &'static str| world.post_text("/v1/policies/check", &alice.access, document);
    assert_eq!(check(DENY).await.ok()["valid"], true);
    let bad = check("{\"version\": \"1\", \"default\": 3}").await.ok();
    assert_eq!(bad["valid"], false);
    assert!(!bad["problems"].as_array().unwrap().is_empty());
    assert_eq!(world.post_text("/v1/policies/check", "", DENY).await.code(), "unauthenticated");
}

#[tokio::test]
async fn the_schema_of_the_language_is_open_to_editors_anywhere() {
    let world = World::new().await;
    let answer = world.get("/v1/policy-schema", "").await;
    assert_eq!(answer.headers["content-type"], "application/schema+json");
    assert_eq!(answer.headers["access-control-allow-origin"], "*");
    assert_eq!(answer.json(), policy::Policy::schema());
}

#[tokio::test]
async fn sec_28_a_change_made_in_between_is_a_conflict_for_whoever_asks_to_be_told() {
    let (world, alice) = setting().await;
    let path = alice.at("/servers/one/policies/main");
    let put = |name: &'static str, value: &'static str, document: String| {
        let request = Request::put(path.clone())
            .header("authorization", format!("Bearer {}", alice.access))
            .header("content-type", "application/json")
            .header(name, value);
        world.raw(request.body(Body::from(document)).unwrap())
    };
    let allow = DENY.replace("deny", "allow");
    assert_eq!(put("if-none-match", "*", DENY.to_owned()).await.status, 201);
    assert_eq!(put("if-none-match", "*", allow.clone()).await.code(), "conflict");
    assert_eq!(put("if-match", "\"1\"", allow.clone()).await.status, 201);
    assert_eq!(put("if-match", "\"1\"", DENY.to_owned()).await.code(), "conflict");
    assert_eq!(put("if-match", "yesterday", DENY.to_owned()).await.code(), "invalid_request");
}

/// Cases that expect `t` to be let through, or not.
fn cases(outcome: &str) -> serde_json::Value {
    json!([{"name": "t is used", "call": {"tool": "t"}, "expect": {"outcome": outcome}}])
}

#[tokio::test]
async fn a_policy_with_a_red_case_is_not_published() {
    let (world, alice) = setting().await;
    let path = alice.at("/servers/one/policies/main");
    let body = json!({"document": DENY, "cases": cases("allow")}).to_string();
    let answer = world.put(&path, &alice.access, &body).await;
    assert_eq!((answer.status.as_u16(), answer.code().as_str()), (422, "cases_failed"));
    let item = answer.json()["problems"][0].clone();
    assert_eq!((&item["pointer"], &item["code"]), (&json!("/0"), &json!("case_failed")), "{item}");
    assert_eq!(item["case"]["name"], "t is used");
    assert_eq!(item["case"]["expected"], json!({"outcome": "allow"}));
    assert_eq!(item["case"]["found"]["outcome"], "deny");
    assert_eq!(item["case"]["found"]["rule"], "(default deny)");
    assert!(item["case"]["found"]["message"].as_str().unwrap().contains("no rule"), "{item}");
    assert_eq!(world.get(&path, &alice.access).await.code(), "not_found");
    let body = json!({"document": DENY, "cases": [{"nane": 1}]}).to_string();
    assert_eq!(world.put(&path, &alice.access, &body).await.code(), "invalid_cases");
}

#[tokio::test]
async fn cases_stay_with_a_policy_until_they_are_replaced() {
    let (world, alice) = setting().await;
    let path = alice.at("/servers/one/policies/main");
    let put = |body: String| {
        let (world, path, access) = (&world, &path, &alice.access);
        async move { world.put(path, access, &body).await }
    };
    let cases_text = format!("{}\n", cases("deny"));
    let first = put(json!({"document": DENY, "cases": cases_text}).to_string()).await;
    assert_eq!(first.status, 201, "{first:?}");
    let kept = world.get(&path, &alice.access).await.ok();
    assert_eq!((&kept["document"], &kept["cases"]), (&json!(DENY), &json!(cases_text)));
    assert_eq!(put(DENY.to_owned()).await.status, 200);
    let allow = DENY.replace("deny", "allow");
    assert_eq!(put(allow.clone()).await.code(), "cases_failed");
    assert_eq!(
        put(json!({"document": allow, "cases": cases("allow")}).to_string()).await.json()["version"],
        2
    );
    assert_eq!(put(json!({"document": allow, "cases": []}).to_string()).await.json()["version"], 3);
    assert_eq!(world.get(&path, &alice.access).await.ok()["cases"], json!(null));
    assert_eq!(put(DENY.to_owned()).await.status, 201);
    let old = world.get(&format!("{path}/versions/1"), &alice.access).await.ok();
    assert_eq!(old["cases"], json!(cases_text));
}

#[tokio::test]
async fn a_check_runs_the_cases_too() {
    let (world, alice) = setting().await;
    let check = async |cases: serde_json::Value| {
        let body = json!({"document": DENY, "cases": cases});
        world.post("/v1/policies/check", &alice.access, body).await.ok()
    };
    let red = check(cases("allow")).await;
    assert_eq!((&red["valid"], &red["cases"][0]["passed"]), (&json!(false), &json!(false)));
    assert_eq!(check(cases("deny")).await["valid"], true);
    let unreadable = check(json!([{"name": "x"}])).await;
    assert_eq!((&unreadable["valid"], &unreadable["problems"]), (&json!(false), &json!([])));
    assert_eq!(unreadable["case_problems"][0]["code"], "missing_field");
}

#[tokio::test]
async fn a_call_can_be_tried_under_a_draft_and_under_a_published_version() {
    let (world, alice) = setting().await;
    let path = alice.at("/servers/one/explain");
    let limited =
        r#"{"version": "1", "default": "deny", "tools": {"t": {"rate_limit": {"max": 2, "window": "day"}}}}"#;
    world.put(&alice.at("/servers/one/policies/main"), &alice.access, DENY).await.ok();
    world.put(&alice.at("/servers/one/policies/main"), &alice.access, limited).await.ok();
    let call = json!({"tool": "t", "arguments": {}});
    let context = json!({"prior": [{"tool": "t", "repeat": 2}]});
    let tried = world
        .post(&path, &alice.access, json!({"document": limited, "call": call, "context": context}))
        .await
        .ok();
    assert_eq!(
        (&tried["outcome"], &tried["rule"]),
        (&json!("deny"), &json!("/tools/t/rate_limit")),
        "{tried}"
    );
    assert_eq!(tried["trace"]["rule"], "/tools/t/rate_limit");
    assert_eq!(tried["trace"]["steps"].as_array().unwrap().last().unwrap()["passed"], false);
    let now = world.post(&path, &alice.access, json!({"policy": "main", "call": call})).await.ok();
    assert_eq!((&now["outcome"], &now["remaining"]["t_rate"]), (&json!("allow"), &json!("1")), "{now}");
    let old =
        world.post(&path, &alice.access, json!({"policy": "main", "version": 1, "call": call})).await.ok();
    assert_eq!(old["rule"], "(default deny)");
    for (body, code) in [
        (json!({"call": call}), "invalid_request"),
        (json!({"policy": "main", "document": {}, "call": call}), "invalid_request"),
        (json!({"policy": "other", "call": call}), "not_found"),
        (json!({"policy": "main", "call": {"toool": "t"}}), "invalid_call"),
        (json!({"document": {"version": "2"}, "call": call}), "invalid_policy"),
    ] {
        assert_eq!(world.post(&path, &alice.access, body.clone()).await.code(), code, "{body}");
    }
}

#[tokio::test]
async fn a_trace_tells_groups_values_charges_and_approval_as_the_document_promises() {
    let (world, alice) = setting().await;
    let draft = json!({
        "version": "1",
        "default": "deny",
        "all_tools": { "limits": [{ "counter": "all", "max": 3, "window": "day", "scope": "org" }] },
        "tools": { "t": {
            "require": [{ "on_deny": "no", "conditions": [{ "any": [
                { "path": "args.to[*]", "op": "lte", "value": 5 },
                { "not": { "path": "args.name", "op": "starts_with", "value": "x" } },
            ] }] }],
            "approval": { "approvers": "policy_manager", "quorum": 2, "expires_in": 600 },
        } },
    });
    let try_it = async |arguments| {
        let context = json!({ "prior": [{ "tool": "u" }] });
        let body =
            json!({ "document": draft, "call": { "tool": "t", "arguments": arguments }, "context": context });
        world.post(&alice.at("/servers/one/explain"), &alice.access, body).await.ok()
    };
    let long = "long ".repeat(100);
    let parked = try_it(json!({ "to": vec![9; 30], "name": long })).await;
    assert_eq!(parked["approval"], json!({ "approvers": "policy_manager", "quorum": 2, "expires_in": 600 }));
    assert_eq!(parked["prior_denied"], json!([{ "index": 0, "rule": "(default deny)" }]));
    let step = |name: &str| {
        let steps = parked["trace"]["steps"].as_array().unwrap();
        steps
            .iter()
            .find(|step| step["step"] == name)
            .unwrap_or_else(|| panic!("no {name}: {parked:#}"))
            .clone()
    };
    let group = &step("require")["conditions"][0];
    assert_eq!((&group["kind"], &group["answer"]), (&json!("any"), &json!("holds")), "{group:#}");
    let (numbers, name) = (&group["parts"][0], &group["parts"][1]["parts"][0]);
    assert_eq!((&numbers["answer"], &numbers["more"]), (&json!("fails"), &json!(10)), "{numbers:#}");
    let found = name["found"][0].as_str().unwrap();
    assert!(found.starts_with("long long") && found.ends_with('…') && found.len() < long.len(), "{found}");
    assert_eq!(parked["trace"]["layers"][1], json!({ "pointer": "/tools/t", "matched": "name" }));
    let refused = try_it(json!({ "to": [9], "name": "xy" })).await;
    assert_eq!(refused["rule"], "/tools/t/require/0", "{refused:#}");
}
