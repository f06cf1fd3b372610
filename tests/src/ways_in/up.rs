//! `policylayer up`: everything from one command, whatever happened to it before.

use testkit::account::Account;
use testkit::agent::denied;
use testkit::product::{Product, command};

use crate::world::{ALLOW_ALL, upstream};

#[tokio::test]
async fn it_brings_its_own_database_and_keeps_its_data_after_kill_9_and_a_clean_stop() {
    let upstream = upstream(&["read"]).await;
    let folder = tempfile::tempdir().unwrap();
    let mut first = Product::up_in(folder.path(), &[]).await.unwrap();
    let account = Account::sign_up(&first.http(), "up@example.com").await.unwrap();
    let agent = account.ready("files", &upstream.url, ALLOW_ALL).await.unwrap();
    first.kill().await.unwrap();
    let mut second = Product::up_in(folder.path(), &[]).await.unwrap();
    let again = agent.at(&second.url).initialize().await.unwrap();
    assert!(!denied(&again.call("read", &serde_json::json!({})).await.unwrap()));
    second.stop().await.unwrap();
    let third = Product::up_in(folder.path(), &[]).await.unwrap();
    agent.at(&third.url).initialize().await.unwrap();
}

#[tokio::test]
async fn a_taken_port_and_a_folder_in_use_are_said_plainly() {
    let folder = tempfile::tempdir().unwrap();
    let running = Product::up_in(folder.path(), &[]).await.unwrap();
    let address = running.url.trim_start_matches("http://").to_owned();
    let elsewhere = tempfile::tempdir().unwrap();
    let taken = command(&["up", "--listen", &address])
        .unwrap()
        .arg("--data-dir")
        .arg(elsewhere.path())
        .output()
        .await
        .unwrap();
    assert!(!taken.status.success());
    let said = String::from_utf8_lossy(&taken.stderr);
    assert!(said.contains(&address) && said.contains("--listen"), "{said}");
    let second = command(&["up", "--listen", "127.0.0.1:0"])
        .unwrap()
        .arg("--data-dir")
        .arg(folder.path())
        .output()
        .await
        .unwrap();
    assert!(!second.status.success());
    let said = String::from_utf8_lossy(&second.stderr);
    assert!(said.contains("in use") || said.contains("running"), "{said}");
}
