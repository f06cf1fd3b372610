//! The OpenAPI document in git is the one that this build serves.

use crate::world::World;

/// What needs no access token: each takes another proof, or gives nothing away.
const OPEN: &[&str] = &[
    "/v1/installation",
    "/v1/dev/mails",
    "/v1/dev/mails/{mail}",
    "/v1/signup",
    "/v1/login",
    "/v1/refresh",
    "/v1/logout",
    "/v1/verify-email",
    "/v1/password-reset",
    "/v1/password-reset/complete",
    "/v1/email-change",
    "/v1/invitations/show",
    "/v1/invitations/join",
    "/v1/invitations/decline",
    "/v1/policy-schema",
    "/v1/catalog/servers",
    "/v1/catalog/tools",
    "/v1/catalog/classes",
    "/v1/catalog/servers/{server}",
    "/v1/catalog/servers/{server}/tools",
    "/v1/catalog/servers/{server}/tools/{tool}",
];

const COMMITTED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../openapi.json");

#[test]
fn the_committed_document_is_the_served_one() {
    let document = api::openapi_json();
    if std::env::var_os("UPDATE_OPENAPI").is_some() {
        std::fs::write(COMMITTED, document).unwrap();
    }
    let committed = std::fs::read_to_string(COMMITTED).unwrap_or_default();
    assert!(
        committed == document,
        "openapi.json is out of date; run `UPDATE_OPENAPI=1 cargo test -p api --test it document` and commit it"
    );
}

#[tokio::test]
async fn the_document_is_served_and_tells_nothing_of_internal_addresses() {
    let world = World::new().await;
    let served = world.get("/v1/openapi.json", "").await;
    assert_eq!(served.text, api::openapi_json());
    assert!(!served.text.contains("/internal"));
}

#[test]
fn every_operation_has_a_problem_answer_an_id_of_its_own_and_a_tag() {
    let document: serde_json::Value = serde_json::from_str(api::openapi_json()).unwrap();
    let mut ids = std::collections::BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(operation["responses"]["default"].is_object(), "{method} {path}");
            assert!(operation["tags"][0].is_string(), "{method} {path}");
            assert!(ids.insert(operation["operationId"].to_string()), "{method} {path}");
            assert_eq!(operation["security"].is_null(), OPEN.contains(&path.as_str()), "{method} {path}");
        }
    }
}
