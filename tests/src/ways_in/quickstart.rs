//! `policylayer quickstart`: nothing to an enforced policy, again and again.

use serde_json::{Value, json};
use testkit::agent::{Agent, denied};
use testkit::product::command;

use crate::world::{World, upstream};

#[tokio::test]
async fn it_does_the_whole_path_and_a_second_run_leaves_no_duplicates() {
    let upstream = upstream(&["read", "pay", "secret"]).await;
    let world = World::new().await;
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policy.json");
    std::fs::write(
        &file,
        r#"{ "version": "1", "default": "deny", "hide": ["secret"], "tools": { "read": {} } }"#,
    )
    .unwrap();
    let mut last = None;
    for _ in 0..2 {
        let output = command(&["quickstart", "--api", &world.product.url, "--email", "quick@example.com"])
            .unwrap()
            .args([
                "--password",
                testkit::account::PASSWORD,
                "--server-url",
                &upstream.url,
                "--server-name",
                "bank",
            ])
            .arg("--policy")
            .arg(&file)
            .args(["--identity", "alice-laptop", "--json"])
            .output()
            .await
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        let made: Value = serde_json::from_slice(&output.stdout).unwrap();
        let agent = Agent::new(made["gateway_url"].as_str().unwrap(), made["token"].as_str().unwrap());
        let agent = agent.initialize().await.unwrap();
        assert_eq!(agent.tools().await.unwrap(), ["read"]);
        assert!(!denied(&agent.call("read", &json!({})).await.unwrap()));
        assert!(denied(&agent.call("pay", &json!({})).await.unwrap()));
        if let Some(last) = last.replace(made.clone()) {
            let last: Value = last;
            for field in ["org", "team", "server", "gateway_url"] {
                assert_eq!(last[field], made[field], "{field}");
            }
        }
    }
    let account =
        testkit::account::Account::sign_up(&world.product.http(), "quick@example.com").await.unwrap();
    let team = format!("/teams/{}", account.team);
    for (path, noun) in [
        ("/servers".to_owned(), "servers"),
        (format!("{team}/identities"), "identities"),
        (format!("{team}/grants"), "grants"),
    ] {
        let list = account.get(&path).await.unwrap().json();
        assert_eq!(list[noun].as_array().unwrap().len(), 1, "{path}: {list}");
    }
}
